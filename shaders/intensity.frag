uniform bool u_linear;
uniform sampler2D u_tables;  // a lookup table a row

const int kMaximumSamples = 4;  // along each axis

float shade(float value) {
  // NaN marks "no data" in float images and adds no light.
  if (isnan(value)) return 0.0;
  float shown = clamp((value - v_window.x) * v_window.y, 0.0, 1.0);
  return (v_layer.y & 1) != 0 ? 1.0 - shown : shown;
}

void main() {
  ivec2 nearest = clamp(ivec2(floor(v_texel)), ivec2(0), v_extent.xy - 1);
  vec2 step_x = dFdx(v_texel);
  vec2 step_y = dFdy(v_texel);
  float shown = 0.0;
  int samples = min(int(max(length(step_x), length(step_y)) + 0.5), kMaximumSamples);
  if (u_linear && v_layer.x >= 0 && samples > 1) {
    // Texels smaller than pixels, as of a plate's wells from afar: their average.
    for (int i = 0; i < samples * samples; ++i) {
      vec2 place = (vec2(i % samples, i / samples) + 0.5) / float(samples) - 0.5;
      ivec2 p = ivec2(floor(v_texel + place.x * step_x + place.y * step_y));
      shown += shade(value_at(clamp(p, ivec2(0), v_extent.xy - 1)));
    }
    shown /= float(samples * samples);
  } else if (u_linear && v_layer.x >= 0) {
    vec2 at = v_texel - 0.5;
    ivec2 p = ivec2(floor(at));
    vec2 f = at - vec2(p);
    // Values are mixed after the window, so that NaN and saturated texels stay where they are.
    float above = mix(shade(value_at(p)), shade(value_at(p + ivec2(1, 0))), f.x);
    float below = mix(shade(value_at(p + ivec2(0, 1))), shade(value_at(p + ivec2(1, 1))), f.x);
    shown = mix(above, below, f.y);
  } else {
    shown = shade(value_at(nearest));
  }
  vec3 light = v_color.rgb * shown;
  int row = (v_layer.y >> 2) - 1;
  if (row >= 0) {
    light = texelFetch(u_tables, ivec2(int(shown * 255.0 + 0.5), row), 0).rgb;
    // The first colour of a table may be a bright one: where there is no data, it is dark.
    if (isnan(value_at(nearest))) light = vec3(0);
  }
  o_color = vec4(light * v_color.a, 1);
}
