precision mediump float;
uniform sampler2D u_font;  // how much of a texel a glyph covers
in vec2 v_texel;
in vec4 v_color;
out vec4 o_color;

void main() { o_color = vec4(v_color.rgb, v_color.a * texture(u_font, v_texel).r); }
