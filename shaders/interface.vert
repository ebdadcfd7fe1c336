// The controls: triangles of Dear ImGui.
layout(location = 0) in vec2 a_place;  // device pixels from the upper left
layout(location = 1) in vec2 a_texel;
layout(location = 2) in vec4 a_color;

uniform vec2 u_canvas;  // device pixels

out vec2 v_texel;
out vec4 v_color;

void main() {
  v_texel = a_texel;
  v_color = a_color;
  gl_Position = vec4(a_place / u_canvas * vec2(2, -2) + vec2(-1, 1), 0, 1);
}
