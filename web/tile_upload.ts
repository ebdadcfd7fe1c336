// Copies a plane of decoded elements into a slot of a texture array, straight from the page's memory.

import type { Elements } from './elements.ts';
import type { Plane, TileUpload } from './wasm/commands.ts';

type Gl = WebGL2RenderingContext;

/** format and type of each view::TexelFormat, in its order. */
function pixelFormats(gl: Gl): readonly (readonly [number, number])[] {
  return [
    [gl.RED_INTEGER, gl.UNSIGNED_BYTE],
    [gl.RED_INTEGER, gl.BYTE],
    [gl.RED_INTEGER, gl.UNSIGNED_SHORT],
    [gl.RED_INTEGER, gl.SHORT],
    [gl.RED_INTEGER, gl.UNSIGNED_INT],
    [gl.RED_INTEGER, gl.INT],
    [gl.RED, gl.HALF_FLOAT],
    [gl.RED, gl.FLOAT],
    [gl.RG_INTEGER, gl.UNSIGNED_INT],
    [gl.RG_INTEGER, gl.UNSIGNED_INT],
  ];
}

// The plane alone, as float32: GPUs of WebGL have no doubles.
function narrowed(elements: Float64Array, plane: Plane): Float32Array {
  const result = new Float32Array(plane.width * plane.height);
  for (let row = 0; row < plane.height; ++row) {
    const start = plane.offset + row * plane.rowLength;
    result.set(elements.subarray(start, start + plane.width), row * plane.width);
  }
  return result;
}

/** Returns the bytes copied. Leaves the texture bound and the unpack state at its defaults. */
export function uploadTile(gl: Gl, texture: WebGLTexture, upload: TileUpload, elements: Elements): number {
  const { plane, layer } = upload;
  const [format, type] = pixelFormats(gl)[upload.format] ?? [gl.RED_INTEGER, gl.UNSIGNED_BYTE];
  gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  let source: Exclude<Elements, BigUint64Array | BigInt64Array>;
  let offset = plane.offset;
  let rowLength = plane.rowLength;
  if (elements instanceof Float64Array) {
    source = narrowed(elements, plane);
    offset = 0;
    rowLength = plane.width;
  } else if (elements instanceof BigUint64Array || elements instanceof BigInt64Array) {
    source = new Uint32Array(elements.buffer);
    offset *= 2;
  } else {
    source = elements;
  }
  gl.pixelStorei(gl.UNPACK_ROW_LENGTH, rowLength);
  gl.texSubImage3D(
    gl.TEXTURE_2D_ARRAY,
    0,
    0,
    0,
    layer,
    plane.width,
    plane.height,
    1,
    format,
    type,
    source,
    offset,
  );
  gl.pixelStorei(gl.UNPACK_ROW_LENGTH, 0);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
  return plane.width * plane.height * source.BYTES_PER_ELEMENT;
}
