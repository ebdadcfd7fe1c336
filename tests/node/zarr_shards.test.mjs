// Zarr v3 arrays from a writer of our own: chunk key encodings, transposes, shards, shards in shards,
// index at start and end, chunks that are missing. Read by mifascope.wasm and, as far as it goes, by
// zarrita, which so checks the writer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as zarr from 'zarrita';
import { indices, product, readArray, skip, startLoader } from './zarr_reader.mjs';
import { MemoryStore } from './zarr_store.mjs';

const kFill = 4242;
const little = { name: 'bytes', configuration: { endian: 'little' } };
const big = { name: 'bytes', configuration: { endian: 'big' } };
const gzip = { name: 'gzip', configuration: { level: 1 } };
const crc32c = { name: 'crc32c' };
const transpose = (...order) => ({ name: 'transpose', configuration: { order } });
const sharding = (chunk_shape, codecs, more = {}) => ({
  name: 'sharding_indexed',
  configuration: { chunk_shape, codecs, index_codecs: [little, crc32c], ...more },
});
const atStart = { index_location: 'start' };

function checksum(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

const concat = (...parts) => new Uint8Array(Buffer.concat(parts));

/** uint16 or uint64 elements in C order of `shape`. */
class Block {
  constructor(shape, elements) {
    this.shape = shape;
    this.elements = elements;
  }

  static of(shape, value, Elements = Uint16Array) {
    return new Block(shape, Elements.from([...indices(shape)], value));
  }

  at(index) {
    return this.elements[index.reduce((sum, place, axis) => sum * this.shape[axis] + place, 0)];
  }

  part(origin, shape) {
    return Block.of(shape, (index) => this.at(index.map((place, axis) => origin[axis] + place)), this.elements.constructor);
  }

  transposed(order) {
    const shape = order.map((axis) => this.shape[axis]);
    return Block.of(shape, (index) => this.at(this.shape.map((_, axis) => index[order.indexOf(axis)])), this.elements.constructor);
  }
}

function encodeShard(block, { chunk_shape: inner, codecs, index_codecs: indexCodecs, index_location: location }) {
  const counts = inner.map((extent, axis) => block.shape[axis] / extent);
  const entries = new BigUint64Array(2 * product(counts)).fill(2n ** 64n - 1n);
  const index = () => encode(new Block([...counts, 2], entries), indexCodecs);
  const parts = [];
  let at = location === 'start' ? index().length : 0;
  [...indices(counts)].forEach((place, i) => {
    const part = block.part(place.map((each, axis) => each * inner[axis]), inner);
    if (part.elements.every((value) => value === kFill)) return;
    const stored = encode(part, codecs);
    parts.push(Uint8Array.of(1, 2, 3), stored);  // gaps are allowed
    at += 3;
    entries[2 * i] = BigInt(at);
    entries[2 * i + 1] = BigInt(stored.length);
    at += stored.length;
  });
  return location === 'start' ? concat(index(), ...parts) : concat(...parts, index());
}

function encode(block, codecs) {
  let value = block;
  for (const { name, configuration } of codecs) {
    if (name === 'transpose') value = value.transposed(configuration.order);
    else if (name === 'sharding_indexed') value = encodeShard(value, configuration);
    else if (name === 'gzip') value = new Uint8Array(gzipSync(value));
    else if (name === 'crc32c') value = concat(value, new Uint8Array(Uint32Array.of(checksum(value)).buffer));
    else {
      const bytes = new Uint8Array(value.elements.buffer);
      const buffer = Buffer.from(bytes);
      value = configuration.endian === 'little' ? bytes : new Uint8Array(bytes.length === 2 * value.elements.length ? buffer.swap16() : buffer.swap64());
    }
  }
  return value;
}

/** Files of an array in which a corner, and each element whose first index is 3, is the fill value. */
function write({ shape, chunks, codecs, encoding = { name: 'default' } }) {
  const value = (index) => {
    if (index[0] === 3 || index.every((place) => place < 4)) return kFill;
    return (index.reduce((sum, place) => sum * 31 + place, 7) * 2654435761) % 65521;
  };
  const separator = encoding.configuration?.separator ?? (encoding.name === 'v2' ? '.' : '/');
  const files = new Map();
  for (const place of indices(shape.map((extent, axis) => Math.ceil(extent / chunks[axis])))) {
    const block = Block.of(chunks, (index) => {
      const position = index.map((each, axis) => place[axis] * chunks[axis] + each);
      return position.some((each, axis) => each >= shape[axis]) ? kFill : value(position);
    });
    const key = encoding.name === 'v2' ? place.join(separator) || '0' : ['c', ...place].join(separator);
    if (block.elements.some((each) => each !== kFill)) files.set(key, encode(block, codecs));
  }
  const metadata = {
    zarr_format: 3,
    node_type: 'array',
    shape,
    data_type: 'uint16',
    chunk_grid: { name: 'regular', configuration: { chunk_shape: chunks } },
    chunk_key_encoding: encoding,
    fill_value: kFill,
    codecs,
    attributes: {},
  };
  const text = JSON.stringify(metadata);
  files.set('zarr.json', new TextEncoder().encode(text));
  return { files, text, expected: Block.of(shape, value).elements };
}

const cube = { shape: [9, 10, 11], chunks: [8, 8, 8] };
const kKeyEncodings = [
  { name: 'default' },
  { name: 'default', configuration: {} },
  { name: 'default', configuration: { separator: '/' } },
  { name: 'default', configuration: { separator: '.' } },
  { name: 'v2' },
  { name: 'v2', configuration: { separator: '.' } },
  { name: 'v2', configuration: { separator: '/' } },
];
const inner = [big, gzip];
const kCases = {
  ...Object.fromEntries(kKeyEncodings.map((encoding) => [`keys ${JSON.stringify(encoding)}`, { ...cube, codecs: [little], encoding, zarrita: true }])),
  'no dimensions': { shape: [], chunks: [], codecs: [little] },
  'no dimensions, sharded': { shape: [], chunks: [], codecs: [sharding([], [little])] },
  'order F': { ...cube, codecs: [transpose(2, 1, 0), big, gzip, crc32c], zarrita: true },
  // zarrita takes the second for all of them.
  'two transposes': { ...cube, codecs: [transpose(1, 2, 0), transpose(0, 2, 1), little] },
  shards: { ...cube, codecs: [sharding([4, 2, 8], inner)], zarrita: true },
  'shards with the index at the start': { ...cube, codecs: [sharding([4, 2, 8], inner, atStart)] },
  'shards of one chunk': { ...cube, codecs: [sharding([8, 8, 8], inner)], zarrita: true },
  'transposed inner chunks': { ...cube, codecs: [sharding([4, 2, 8], [transpose(2, 0, 1), ...inner])], zarrita: true },
  'transposed shards': { ...cube, chunks: [8, 4, 12], codecs: [transpose(2, 0, 1), sharding([3, 4, 2], inner)] },
  'transposed shards with transposed inner chunks': {
    ...cube, chunks: [8, 4, 12], codecs: [transpose(2, 0, 1), transpose(1, 0, 2), sharding([4, 3, 2], [transpose(1, 2, 0), ...inner], atStart)],
  },
  'a big-endian transposed index': {
    ...cube, codecs: [sharding([4, 2, 8], inner, { index_codecs: [transpose(3, 1, 0, 2), big, crc32c] })],
  },
  'an index without a checksum': { ...cube, codecs: [sharding([4, 2, 8], inner, { index_codecs: [little] })], zarrita: true },
  'shards in shards': { ...cube, codecs: [sharding([4, 8, 4], [sharding([2, 4, 4], inner)])] },
  'transposed shards in transposed shards': {
    ...cube, chunks: [8, 4, 12],
    codecs: [transpose(2, 0, 1), sharding([6, 8, 4], [transpose(0, 2, 1), sharding([3, 2, 4], [transpose(2, 0, 1), ...inner]), gzip], atStart)],
  },
  'shards three deep': {
    ...cube, codecs: [sharding([8, 8, 4], [sharding([4, 4, 4], [sharding([2, 2, 2], [little], atStart)], atStart)])],
  },
  'compressed shards': { ...cube, codecs: [sharding([4, 2, 8], [little]), gzip] },
  'compressed shards in shards, with checksums': {
    ...cube, codecs: [transpose(0, 2, 1), sharding([4, 4, 8], [sharding([4, 2, 2], [little, crc32c]), gzip, crc32c]), gzip, crc32c],
  },
};

test('arrays of our own writer', { skip }, async (t) => {
  const loader = await startLoader();
  for (const [name, spec] of Object.entries(kCases)) {
    await t.test(name, async () => {
      const { files, text, expected } = write(spec);
      const { bytes } = readArray(loader, 'zarr.json', text, (key) => files.get(key));
      assert.deepEqual(new Uint16Array(bytes.buffer), expected);
      if (!spec.zarrita) return;
      const array = await zarr.open.v3(zarr.root(new MemoryStore(files)), { kind: 'array' });
      const { data, stride } = await zarr.get(array);
      const elements = [...indices(spec.shape)].map((index) => data[index.reduce((sum, place, axis) => sum + place * stride[axis], 0)]);
      assert.deepEqual(Uint16Array.from(elements), expected, 'the writer is wrong, says zarrita');
    });
  }
});
