// One rectangle in device pixels.
uniform vec2 u_canvas;
uniform vec4 u_rect;

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 pixel = mix(u_rect.xy, u_rect.zw, corner);
  gl_Position = vec4(pixel / u_canvas * vec2(2, -2) + vec2(-1, 1), 0, 1);
}
