// One quad a tile, four vertices made from gl_VertexID. See view::TileInstance for the layout.
layout(location = 0) in vec4 a_rect;    // in the group's frame
layout(location = 1) in vec4 a_texel;   // texels of the tile
layout(location = 2) in vec2 a_window;
layout(location = 3) in uvec2 a_constant;
layout(location = 4) in ivec4 a_extent;  // extent, extent of the tiles before
layout(location = 5) in ivec2 a_layer;   // layer, flags
layout(location = 6) in ivec4 a_neighbours_0;
layout(location = 7) in ivec4 a_neighbours_1;
layout(location = 8) in vec4 a_color;

uniform vec2 u_canvas;  // device pixels
uniform vec4 u_turn;    // from the frame to device pixels: view::DrawFrame
uniform vec2 u_shift;

invariant gl_Position;  // backdrops and tiles end at the same pixels
out vec2 v_texel;
flat out vec2 v_window;
flat out uvec2 v_constant;
flat out ivec4 v_extent;
flat out ivec2 v_layer;
flat out ivec4 v_neighbours_0;
flat out ivec4 v_neighbours_1;
flat out vec4 v_color;

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 at = mix(a_rect.xy, a_rect.zw, corner);
  vec2 pixel = vec2(dot(u_turn.xy, at), dot(u_turn.zw, at)) + u_shift;
  v_texel = mix(a_texel.xy, a_texel.zw, corner);
  v_window = a_window;
  v_constant = a_constant;
  v_extent = a_extent;
  v_layer = a_layer;
  v_neighbours_0 = a_neighbours_0;
  v_neighbours_1 = a_neighbours_1;
  v_color = a_color;
  gl_Position = vec4(pixel / u_canvas * vec2(2, -2) + vec2(-1, 1), 0, 1);
}
