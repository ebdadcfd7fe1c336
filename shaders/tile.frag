// Common to both kinds of tile. The program's text starts with one of FORMAT_U, FORMAT_I, FORMAT_F,
// FORMAT_U64, FORMAT_I64, and SAMPLER, the sampler type that goes with it.
precision highp float;
precision highp int;
precision highp SAMPLER;

in vec2 v_texel;
flat in vec2 v_window;
flat in uvec2 v_constant;
flat in ivec4 v_extent;
flat in ivec2 v_layer;
flat in ivec4 v_neighbours_0;
flat in ivec4 v_neighbours_1;
flat in vec4 v_color;

uniform SAMPLER u_tiles;

out vec4 o_color;

int neighbour(int place) {
  return place < 4 ? v_neighbours_0[place] : v_neighbours_1[place - 4];
}

// Where texel p of this tile is: outside, in the tile beside it if that is on the GPU too, or else
// the nearest texel of this one.
ivec3 locate(ivec2 p) {
  ivec2 extent = v_extent.xy;
  ivec2 side = ivec2(p.x < 0 ? -1 : p.x >= extent.x ? 1 : 0, p.y < 0 ? -1 : p.y >= extent.y ? 1 : 0);
  if (side != ivec2(0)) {
    int place = (side.y + 1) * 3 + side.x + 1;
    int layer = neighbour(place > 4 ? place - 1 : place);
    if (layer >= 0) {
      ivec2 shift = ivec2(side.x < 0 ? v_extent.z : side.x > 0 ? -extent.x : 0,
                          side.y < 0 ? v_extent.w : side.y > 0 ? -extent.y : 0);
      return ivec3(p + shift, layer);
    }
  }
  return ivec3(clamp(p, ivec2(0), extent - 1), v_layer.x);
}

#if defined(FORMAT_F)
float value_at(ivec2 p) {
  return v_layer.x < 0 ? uintBitsToFloat(v_constant.x) : texelFetch(u_tiles, locate(p), 0).r;
}
#elif defined(FORMAT_I)
int raw_at(ivec2 p) {
  return v_layer.x < 0 ? int(v_constant.x) : texelFetch(u_tiles, locate(p), 0).r;
}
float value_at(ivec2 p) { return float(raw_at(p)); }
uvec2 id_at(ivec2 p) {
  int id = raw_at(p);
  return uvec2(uint(id), id < 0 ? 0xFFFFFFFFu : 0u);
}
#elif defined(FORMAT_U)
uvec2 id_at(ivec2 p) {
  return v_layer.x < 0 ? v_constant : uvec2(texelFetch(u_tiles, locate(p), 0).r, 0u);
}
float value_at(ivec2 p) { return float(id_at(p).x); }
#else
uvec2 id_at(ivec2 p) {
  return v_layer.x < 0 ? v_constant : texelFetch(u_tiles, locate(p), 0).rg;
}
#if defined(FORMAT_I64)
float value_at(ivec2 p) {
  uvec2 id = id_at(p);
  bool negative = (id.y & 0x80000000u) != 0u;
  // By its magnitude: of a small negative number the two words as floats add up to 0.
  if (negative) {
    id = ~id;
    id += uvec2(1u, id.x == 0xFFFFFFFFu ? 1u : 0u);
  }
  float size = float(id.y) * 4294967296.0 + float(id.x);
  return negative ? -size : size;
}
#else
float value_at(ivec2 p) {
  uvec2 id = id_at(p);
  return float(id.y) * 4294967296.0 + float(id.x);
}
#endif
#endif
