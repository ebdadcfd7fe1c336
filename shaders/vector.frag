// Annotations. The program's text starts with one of LINE, LINK, FILL, POINT.
precision highp float;

uniform vec2 u_size;
uniform float u_opacity;

in vec4 v_color;
out vec4 o_color;

#if defined(LINE) || defined(LINK)
in vec3 v_local;

float coverage() {
  float away = length(vec2(v_local.x - clamp(v_local.x, 0.0, v_local.z), v_local.y));
  // Lines thinner than a pixel are fainter instead.
  float width = max(u_size.x, 1.0);
  return clamp(0.5 * width + 0.5 - away, 0.0, 1.0) * min(u_size.x, 1.0);
}

void main() { o_color = vec4(v_color.rgb, v_color.a * u_opacity * coverage()); }
#elif defined(FILL)
void main() { o_color = vec4(v_color.rgb, v_color.a * u_opacity); }
#else
flat in float v_size;

const float kRimmed = 5.0;  // device pixels: smaller ones would be rim only

void main() {
  float away = length(gl_PointCoord - 0.5) * (v_size + 2.0);
  float alpha = clamp(0.5 * v_size + 0.5 - away, 0.0, 1.0);
  vec3 color = v_color.rgb;
  if (u_size.y > 0.0) {
    alpha *= clamp(away - 0.5 * v_size + 0.5 * u_size.y - 0.5, 0.0, 1.0);
  } else if (v_size >= kRimmed) {
    float bright = dot(color, vec3(0.299, 0.587, 0.114));
    color = mix(color, vec3(bright > 0.4 ? 0.0 : 1.0), 0.75 * clamp(away - 0.5 * v_size + 1.5, 0.0, 1.0));
  }
  o_color = vec4(color, v_color.a * u_opacity * alpha);
}
#endif
