// Whole arrays through mifascope.wasm, the program that runs in each worker: our own metadata parser,
// codecs and shard indexes, with the grid walked here.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const programs = process.env.MIFASCOPE_PROGRAMS ?? join(root, 'build', 'wasm', 'programs');
const built = existsSync(join(programs, 'mifascope.wasm'));

/** Why tests of the program cannot run, or false. */
export const skip = built ? false : `${programs}/mifascope.wasm is not there: build the WebAssembly programs first`;

export async function startLoader() {
  const { default: create } = await import(pathToFileURL(join(programs, 'mifascope.mjs')).href);
  return create({ wasmBinary: readFileSync(join(programs, 'mifascope.wasm')) });
}

/** Puts the parts into the program's input, one after the other. */
export function put(loader, ...parts) {
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  let pointer = loader._reserve(total);
  assert.notEqual(pointer, 0);
  for (const part of parts) {
    loader.HEAPU8.set(part, pointer);
    pointer += part.length;
  }
}

/** The id of an array by the text of its metadata; 0 if it is refused. */
export function prepareText(loader, name, text, order = []) {
  const encoder = new TextEncoder();
  const nameBytes = encoder.encode(name);
  const metadataBytes = encoder.encode(text);
  put(loader, nameBytes, metadataBytes, Uint8Array.from(order));
  return loader._prepare(nameBytes.length, metadataBytes.length, order.length);
}

export function result(loader) {
  const pointer = loader._resultPointer();
  return loader.HEAPU8.slice(pointer, pointer + loader._resultLength());
}

/** What the program says is wrong. */
export class Refused extends Error {
  constructor({ code, message }) {
    super(message);
    this.code = code;
  }
}

function must(loader, status) {
  if (status !== 0) throw new Refused(JSON.parse(loader._errorJson()));
}

/** Zarr's metadata as Python writes it, with bare NaN and Infinity. */
export function parseMetadata(text) {
  return JSON.parse(text.replace(/([:[,]\s*)(NaN|-?Infinity)(?=\s*[,\]}])/g, '$1"$2"'));
}

const kV2Names = {
  b1: 'bool', i1: 'int8', i2: 'int16', i4: 'int32', i8: 'int64', u1: 'uint8', u2: 'uint16', u4: 'uint32',
  u8: 'uint64', f2: 'float16', f4: 'float32', f8: 'float64',
};
const kBytes = { bool: 1, int8: 1, uint8: 1, int16: 2, uint16: 2, float16: 2, int32: 4, uint32: 4, float32: 4, int64: 8, uint64: 8, float64: 8 };

export const product = (extents) => extents.reduce((all, extent) => all * extent, 1);

/** All indices below `shape`, the last fastest. */
export function* indices(shape) {
  if (shape.some((extent) => extent === 0)) return;
  const index = shape.map(() => 0);
  for (;;) {
    yield [...index];
    let axis = shape.length - 1;
    for (; axis >= 0; --axis) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

/** binary16, of a number that it holds exactly. */
function halfBits(number) {
  const sign = number < 0 || Object.is(number, -0) ? 0x8000 : 0;
  if (Number.isNaN(number)) return 0x7e00;
  if (number === 0) return sign;
  if (!Number.isFinite(number)) return sign | 0x7c00;
  const exponent = Math.floor(Math.log2(Math.abs(number)));
  return sign | ((exponent + 15) << 10) | ((Math.abs(number) / 2 ** exponent - 1) * 1024);
}

function fillBytes(type, value) {
  const bytes = new Uint8Array(kBytes[type]);
  const view = new DataView(bytes.buffer);
  if (value === null || value === undefined) return bytes;
  if (typeof value === 'string' && value.startsWith('0x')) {
    const digits = value.slice(2).match(/../g).reverse();
    return Uint8Array.from(digits, (pair) => Number.parseInt(pair, 16));
  }
  const number = Number(value);
  const kind = type.replace(/\d+$/, '');
  if (type === 'float16') view.setUint16(0, halfBits(number), true);
  else if (type === 'float32') view.setFloat32(0, number, true);
  else if (type === 'float64') view.setFloat64(0, number, true);
  else if (bytes.length === 8) view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
  else if (bytes.length === 4) view.setUint32(0, number >>> 0, true);
  else if (bytes.length === 2) view.setUint16(0, number & 0xffff, true);
  else view.setUint8(0, kind === 'bool' ? Number(Boolean(value)) : number & 0xff);
  return bytes;
}

/** How the array is cut and named, read from its metadata. */
function describe(metadata) {
  const { shape } = metadata;
  if (metadata.zarr_format === 2) {
    const type = kV2Names[metadata.dtype.slice(1)];
    const separator = metadata.dimension_separator ?? '.';
    return { shape, chunks: metadata.chunks, type, key: (index) => index.join(separator) || '0', fill: metadata.fill_value };
  }
  const type = metadata.data_type.name ?? metadata.data_type;
  const encoding = metadata.chunk_key_encoding;
  const name = encoding.name ?? encoding;
  const separator = encoding.configuration?.separator ?? (name === 'v2' ? '.' : '/');
  const key = (index) => (name === 'v2' ? index.join(separator) || '0' : ['c', ...index].join(separator));
  return { shape, chunks: metadata.chunk_grid.configuration.chunk_shape, type, key, fill: metadata.fill_value };
}

/** The grid inside each shard that is read in parts: stored axis i is the array's axis axes[i]. */
function shardGrid(metadata, chunks) {
  let axes = chunks.map((_, axis) => axis);
  for (const codec of metadata.codecs) {
    const { order, chunk_shape: inner } = codec.configuration ?? {};
    if (inner) return { axes, inner, counts: inner.map((extent, i) => chunks[axes[i]] / extent) };
    if (order) axes = order.map((axis) => axes[axis]);
  }
  return assert.fail('no sharding codec');
}

/** Copies the part of a decoded block at `origin` that lies inside the array. */
function place(pixels, block, origin, out, shape, size) {
  const last = shape.length - 1;
  const valid = block.map((extent, axis) => Math.min(extent, shape[axis] - origin[axis]));
  if (valid.some((extent) => extent <= 0)) return;
  const row = shape.length === 0 ? size : valid[last] * size;
  for (const index of indices(valid.slice(0, Math.max(last, 0)))) {
    let from = 0;
    let to = 0;
    for (let axis = 0; axis <= last; ++axis) {
      const at = axis < last ? index[axis] : 0;
      from = from * block[axis] + at;
      to = to * shape[axis] + origin[axis] + at;
    }
    out.set(pixels.subarray(from * size, from * size + row), to * size);
  }
}

function decodeChunk(loader, id, stored) {
  put(loader, stored);
  must(loader, loader._decode(id, stored.length, 0));
  const pixels = result(loader);
  loader._finish();
  return pixels;
}

function readShard(loader, id, stored, grid, indexBytes, put_) {
  const atStart = grid.indexAtStart;
  const raw = atStart ? stored.subarray(0, indexBytes) : stored.subarray(stored.length - indexBytes);
  put(loader, raw);
  must(loader, loader._decodeShardIndex(id, raw.length));
  const index = new BigUint64Array(result(loader).buffer);
  let entry = 0;
  for (const inner of indices(grid.counts)) {
    const [offset, length] = index.subarray(2 * entry, 2 * ++entry);
    if (offset === 2n ** 64n - 1n && length === offset) continue;
    put_(inner, decodeChunk(loader, id, stored.subarray(Number(offset), Number(offset + length))));
  }
}

/**
 * All elements of an array, little-endian, in C order. `get` gives the bytes of a chunk by its key, or
 * undefined. Throws Refused where the program refuses the metadata or a chunk.
 */
export function readArray(loader, name, text, get) {
  const id = prepareText(loader, name, text);
  if (id === 0) throw new Refused(JSON.parse(loader._errorJson()));
  try {
    const metadata = parseMetadata(text);
    const { shape, chunks, type, key, fill } = describe(metadata);
    const size = kBytes[type];
    const out = new Uint8Array(product(shape) * size);
    const element = fillBytes(type, fill);
    if (element.some((byte) => byte !== 0)) {
      for (let at = 0; at < out.length; at += size) out.set(element, at);
    }
    const indexBytes = loader._shardIndexBytes(id);
    const grid = indexBytes >= 0 ? shardGrid(metadata, chunks) : null;
    if (grid) {
      const sharding = metadata.codecs.find(({ configuration }) => configuration?.chunk_shape);
      grid.indexAtStart = sharding.configuration.index_location === 'start';
    }
    for (const index of indices(shape.map((extent, axis) => Math.ceil(extent / chunks[axis])))) {
      const stored = get(key(index));
      if (!stored) continue;
      const origin = index.map((at, axis) => at * chunks[axis]);
      if (!grid) {
        place(decodeChunk(loader, id, stored), chunks, origin, out, shape, size);
        continue;
      }
      readShard(loader, id, stored, grid, indexBytes, (inner, pixels) => {
        const block = chunks.map(() => 1);
        const at = [...origin];
        grid.axes.forEach((axis, i) => {
          block[axis] = grid.inner[i];
          at[axis] += inner[i] * grid.inner[i];
        });
        place(pixels, block, at, out, shape, size);
      });
    }
    return { shape, type, bytes: out };
  } finally {
    loader._release(id);
  }
}
