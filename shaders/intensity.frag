uniform bool u_linear;

float shade(float value) {
  // NaN marks "no data" in float images and adds no light.
  if (isnan(value)) return 0.0;
  float shown = clamp((value - v_window.x) * v_window.y, 0.0, 1.0);
  return (v_layer.y & 1) != 0 ? 1.0 - shown : shown;
}

void main() {
  float shown;
  if (u_linear && v_layer.x >= 0) {
    vec2 at = v_texel - 0.5;
    ivec2 p = ivec2(floor(at));
    vec2 f = at - vec2(p);
    // Values are mixed after the window, so that NaN and saturated texels stay where they are.
    float above = mix(shade(value_at(p)), shade(value_at(p + ivec2(1, 0))), f.x);
    float below = mix(shade(value_at(p + ivec2(0, 1))), shade(value_at(p + ivec2(1, 1))), f.x);
    shown = mix(above, below, f.y);
  } else {
    shown = shade(value_at(clamp(ivec2(floor(v_texel)), ivec2(0), v_extent.xy - 1)));
  }
  o_color = vec4(v_color.rgb * v_color.a * shown, 1);
}
