// Fills GL buffers and textures that the core has named with what comes from an annotation's worker,
// straight from the page's memory.

import type { Viewer } from '../viewer.ts';

/** Texels a row of the textures that hold a value an object: shaders/vector.vert has it too. */
export const kRowTexels = 4096;
/** Copied at a time; what is larger is copied over several tasks, so that none blocks the page. */
const kPieceBytes = 4 << 20;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A buffer with these bytes; 0 for none. */
export function filledBuffer(viewer: Viewer, bytes: ArrayBuffer): number {
  if (bytes.byteLength === 0) return 0;
  const { gl, made } = viewer.graphics;
  const name = viewer.call((raw) => raw._makeBuffer());
  gl.bindBuffer(gl.ARRAY_BUFFER, made.buffers[name] ?? null);
  gl.bufferData(gl.ARRAY_BUFFER, bytes, gl.STATIC_DRAW);
  return name;
}

/** The same, for large ones. `wanted` is asked after each pause: null if it says no. */
export async function filledLargeBuffer(viewer: Viewer, bytes: ArrayBuffer, wanted: () => boolean): Promise<number | null> {
  if (bytes.byteLength <= kPieceBytes) return filledBuffer(viewer, bytes);
  const { gl, made } = viewer.graphics;
  const name = viewer.call((raw) => raw._makeBuffer());
  const buffer = made.buffers[name] ?? null;
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, bytes.byteLength, gl.STATIC_DRAW);
  for (let at = 0; at < bytes.byteLength; at += kPieceBytes) {
    if (at > 0) await pause();
    if (!wanted()) {
      gl.deleteBuffer(buffer);
      return null;
    }
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferSubData(gl.ARRAY_BUFFER, at, new Uint8Array(bytes, at, Math.min(kPieceBytes, bytes.byteLength - at)));
  }
  return name;
}

/** A texture with a texel an object: four bytes, or four floats. null if nobody wants it any more. */
export async function filledTexture(viewer: Viewer, values: Uint8Array | Float32Array, wanted: () => boolean): Promise<number | null> {
  const { gl, made } = viewer.graphics;
  const objects = Math.floor(values.length / 4);
  const rows = Math.max(1, Math.ceil(objects / kRowTexels));
  const floats = values instanceof Float32Array;
  const most = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number;
  if (rows > most) throw new RangeError(`expected at most ${most * kRowTexels} objects in a layer on this graphics card, received ${objects}; split the file`);
  const name = viewer.call((raw) => raw._makeTexture());
  const texture = made.textures[name] ?? null;
  const bind = (): void => {
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
    gl.pixelStorei(gl.UNPACK_ROW_LENGTH, 0);
  };
  bind();
  gl.texStorage2D(gl.TEXTURE_2D, 1, floats ? gl.RGBA32F : gl.RGBA8, kRowTexels, rows);
  for (const [parameter, value] of [
    [gl.TEXTURE_MIN_FILTER, gl.NEAREST], [gl.TEXTURE_MAG_FILTER, gl.NEAREST],
    [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
  ] as const) gl.texParameteri(gl.TEXTURE_2D, parameter, value);
  const put = (row: number, width: number, height: number): void => {
    if (width === 0 || height === 0) return;
    const type = floats ? gl.FLOAT : gl.UNSIGNED_BYTE;
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, row, width, height, gl.RGBA, type, values, row * kRowTexels * 4);
  };
  const full = Math.floor(objects / kRowTexels);
  const step = Math.max(1, Math.floor(kPieceBytes / (kRowTexels * 4 * values.BYTES_PER_ELEMENT)));
  for (let row = 0; row < full; row += step) {
    if (row > 0) {
      await pause();
      if (!wanted()) {
        gl.deleteTexture(texture);
        return null;
      }
      bind();
    }
    put(row, kRowTexels, Math.min(step, full - row));
  }
  put(full, objects - full * kRowTexels, 1);
  return name;
}
