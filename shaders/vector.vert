// Annotations. The program's text starts with one of LINE, LINK, FILL, POINT.
precision highp float;
precision highp int;
precision highp sampler2D;

uniform vec2 u_canvas;  // device pixels
uniform vec2 u_center;  // view::VectorDraw: from layer coordinates to device pixels
uniform vec4 u_turn;
uniform vec2 u_shift;
uniform float u_scale;
uniform vec4 u_moment;        // frame, slice, its tolerance, tail
uniform sampler2D u_style;    // RGBA of each object; alpha 0: hidden
uniform sampler2D u_extents;  // first and last frame, first and last slice of each object; NaN: all
uniform bool u_timed;         // the layer has extents
uniform vec2 u_size;          // device pixels: of lines the width, of points the diameter; of rings the room around
uniform vec4 u_ink;           // alpha > 0: this colour rather than the object's; 1 more: of hidden ones too

out vec4 v_color;

vec2 to_device(vec2 p) {
  p -= u_center;
  return vec2(dot(u_turn.xy, p), dot(u_turn.zw, p)) + u_shift;
}

void place(vec2 pixel) { gl_Position = vec4(pixel / u_canvas * vec2(2, -2) + vec2(-1, 1), 0, 1); }

// isnan() may be compiled away where compilers take all floats for numbers (Metal).
bool no_number(float x) { return (floatBitsToUint(x) & 0x7FFFFFFFu) > 0x7F800000u; }

bool beyond(float at, vec2 range, float tolerance) {
  if (no_number(at)) return false;
  return (!no_number(range.x) && at < range.x - tolerance) || (!no_number(range.y) && at > range.y + tolerance);
}

ivec2 texel(uint object) { return ivec2(object & 4095u, object >> 12); }

// Alpha 0: not to be seen.
vec4 color_of(uint object, bool here_only) {
  vec4 color = texelFetch(u_style, texel(object), 0);
  if (u_ink.a > 1.0) color = vec4(u_ink.rgb, u_ink.a - 1.0);
  else if (u_ink.a > 0.0) color = vec4(u_ink.rgb, u_ink.a * color.a);
  if (u_timed && here_only) {
    vec4 extent = texelFetch(u_extents, texel(object), 0);
    if (beyond(u_moment.x, extent.xy, 0.001) || beyond(u_moment.y, extent.zw, u_moment.z)) color.a = 0.0;
  }
  return color;
}

#if defined(LINE) || defined(LINK)
layout(location = 0) in vec4 a_line;
layout(location = 1) in uint a_object;
out vec3 v_local;  // along and across the line from its start, and its length, in device pixels
#ifdef LINK
layout(location = 2) in vec2 a_frames;
#endif

void main() {
  vec2 a = to_device(a_line.xy);
  vec2 along = to_device(a_line.zw) - a;
  float size = length(along);
  vec2 direction = size > 0.0 ? along / size : vec2(1, 0);
  float reach = 0.5 * u_size.x + 1.0;
  bool end = (gl_VertexID & 1) == 1;
  vec2 local = vec2(end ? size + reach : -reach, (gl_VertexID >> 1) == 1 ? reach : -reach);
  place(a + direction * local.x + vec2(-direction.y, direction.x) * local.y);
  v_local = vec3(local, size);
#ifdef LINK
  v_color = color_of(a_object, false);
  float now = u_moment.x;
  vec2 age = now - a_frames;
  if (!no_number(now) && !no_number(age.x) && !no_number(age.y)) {
    // Seen from its later end's frame on, and until the tail has passed.
    if (min(age.x, age.y) < -0.001) v_color.a = 0.0;
    v_color.a *= clamp(1.0 - (end ? age.y : age.x) / (u_moment.w + 1.0), 0.0, 1.0);
    if (min(age.x, age.y) > u_moment.w) v_color.a = 0.0;
  }
#else
  v_color = color_of(a_object, true);
  if (v_color.a == 0.0) gl_Position = vec4(2, 2, 2, 1);
#endif
}
#elif defined(FILL)
layout(location = 0) in vec2 a_place;
layout(location = 1) in uint a_object;

void main() {
  place(to_device(a_place));
  v_color = color_of(a_object, true);
  if (v_color.a == 0.0) gl_Position = vec4(2, 2, 2, 1);
}
#else
layout(location = 0) in vec2 a_place;
layout(location = 1) in uint a_object;
layout(location = 2) in float a_half;  // of the object; 0: a point
flat out float v_size;

const float kSmallest = 2.0;  // of objects drawn as points, device pixels
const float kLargest = 12.0;

void main() {
  place(to_device(a_place));
  float across = 2.0 * a_half * u_scale;
  v_size = a_half > 0.0 ? clamp(across, kSmallest, kLargest) : u_size.x;
  if (u_size.y > 0.0) v_size = max(across, u_size.x) + u_size.y;
  gl_PointSize = v_size + 2.0;
  v_color = color_of(a_object, true);
  if (v_color.a == 0.0) gl_Position = vec4(2, 2, 2, 1);
}
#endif
