// An image's own ground: channels are light on black.
precision mediump float;
out vec4 o_color;

void main() { o_color = vec4(0, 0, 0, 1); }
