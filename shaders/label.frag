uint mixed(uint x) {
  x ^= x >> 16;
  x *= 0x7FEB352Du;
  x ^= x >> 15;
  x *= 0x846CA68Bu;
  x ^= x >> 16;
  return x;
}

uint hash(uvec2 id) { return mixed(id.x ^ mixed(id.y ^ 0x9E3779B9u)); }

vec3 hue(float h) { return clamp(abs(fract(h + vec3(0, 2, 1) / 3.0) * 6.0 - 3.0) - 1.0, 0.0, 1.0); }

// A stable colour an id: hue, saturation and lightness all from the hash, never dark.
vec3 color_of(uint h) {
  float lightness = 0.62 + 0.2 * float(h >> 8 & 0xFFu) / 255.0;
  float saturation = 0.65 + 0.35 * float(h >> 16 & 0xFFu) / 255.0;
  vec3 pure = hue(float(h & 0xFFFu) / 4096.0);
  return mix(vec3(lightness), mix(pure, vec3(1), 2.0 * lightness - 1.0), saturation);
}

#if defined(FORMAT_F)
// Probabilities, not ids: the colours of "viridis" (its best polynomial of degree 6), which tell low from
// high whatever colours an eye can see.
uniform float u_threshold;

vec3 viridis(float t) {
  const vec3 c0 = vec3(0.2777, 0.0054, 0.3341), c1 = vec3(0.1051, 1.4046, 1.3846),
             c2 = vec3(-0.3309, 0.2148, 0.0951), c3 = vec3(-4.6342, -5.7991, -19.3324),
             c4 = vec3(6.2283, 14.1799, 56.6906), c5 = vec3(4.7764, -13.7451, -65.3530),
             c6 = vec3(-5.4355, 4.6459, 26.3124);
  return c0 + t * (c1 + t * (c2 + t * (c3 + t * (c4 + t * (c5 + t * c6)))));
}

void main() {
  float value = value_at(clamp(ivec2(floor(v_texel)), ivec2(0), v_extent.xy - 1));
  if ((v_layer.y & 4) != 0) {
    // Ids after all, which somebody stored as floats.
    if (!(value >= 0.5)) discard;
    o_color = vec4(color_of(hash(uvec2(uint(value + 0.5), 0u))), v_color.a);
    return;
  }
  if (isnan(value) || value < u_threshold) discard;
  o_color = vec4(viridis(clamp((value - v_window.x) * v_window.y, 0.0, 1.0)), v_color.a);
}
#else
uniform highp usampler2D u_table;  // open addressing: (id low, id high, RGBA8, 1)
uniform int u_table_size;          // a power of two; 0: no colours given
uniform uvec2 u_hovered;           // 0: none
uniform vec4 u_others;             // of ids that are not in the table; alpha 0: each its own

const int kMaximumProbes = 16;  // as in render::build_color_table

vec4 styled(uvec2 id) {
  uint h = hash(id);
  if (u_table_size > 0) {
    int width = textureSize(u_table, 0).x;
    for (int i = 0; i < kMaximumProbes; ++i) {
      int at = (int(h & 0x7FFFFFFFu) + i) & (u_table_size - 1);
      uvec4 row = texelFetch(u_table, ivec2(at % width, at / width), 0);
      if (row.w == 0u) break;
      if (row.xy == id) return vec4(row.z & 0xFFu, row.z >> 8 & 0xFFu, row.z >> 16 & 0xFFu, row.z >> 24) / 255.0;
    }
  }
  return u_others.a > 0.0 ? u_others : vec4(color_of(h), 1);
}

void main() {
  vec2 step_x = dFdx(v_texel);
  vec2 step_y = dFdy(v_texel);
  ivec2 p = clamp(ivec2(floor(v_texel)), ivec2(0), v_extent.xy - 1);
  uvec2 id = id_at(p);
  if (id == uvec2(0)) discard;
  vec4 color = styled(id);
  color.a *= v_color.a;
  bool hovered = id == u_hovered;
  if ((v_layer.y & 2) != 0 || hovered) {
    // Border: another id one and a half device pixels away.
    bool border = false;
    for (int i = 0; i < 4; ++i) {
      vec2 away = (i < 2 ? step_x : step_y) * ((i & 1) == 0 ? 1.5 : -1.5);
      border = border || id_at(ivec2(floor(v_texel + away))) != id;
    }
    if (border) {
      color.a = max(color.a, 0.9);
      if (hovered) color.rgb = vec3(1);
    } else if ((v_layer.y & 2) != 0) {
      color.a = hovered ? 0.25 * color.a : 0.0;
    }
  }
  o_color = color;
}
#endif
