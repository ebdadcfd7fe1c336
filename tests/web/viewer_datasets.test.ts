// The datasets of the other tests, read by an independent reader: what they hold is what we think.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as zarr from 'zarrita';
import { halfBits, indices, writeArray, type ArraySpec, type DataType, type Files } from './datasets.ts';
import { halfToNumber } from '../../web/elements.ts';

function storeOf(files: Files): zarr.Readable {
  return {
    get: async (key) => {
      const file = files.get(key.slice(1));
      return typeof file === 'string' ? new TextEncoder().encode(file) : file;
    },
  };
}

// zarrita needs a Float16Array for float16, which Node 20 has not.
const kTypes: readonly DataType[] = [
  'bool', 'uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'uint64', 'int64', 'float32', 'float64',
];

for (const version of [2, 3] as const) {
  for (const dataType of kTypes) {
    for (const bigEndian of [false, true]) {
      test(`zarrita reads v${version} ${dataType} ${bigEndian ? 'big' : 'little'}-endian as written`, async () => {
        const wide = dataType.endsWith('64') && dataType.includes('int');
        const signed = dataType.startsWith('int') || dataType.startsWith('float');
        const spec: ArraySpec = {
          zarr: version,
          dataType,
          bigEndian,
          shape: [5, 7],
          chunks: [2, 3],
          separator: bigEndian ? '.' : '/',
          gzip: !bigEndian,
          fill: dataType === 'bool' ? true : 1,
          value: ([y = 0, x = 0]) =>
            dataType === 'bool' ? (x + y) % 2 === 0 : wide ? BigInt(x + 10 * y) * (signed ? -1n : 1n) : (x + 10 * y) * (signed ? -1 : 1),
          skip: ([row, column]) => row === 1 && column === 1,
        };
        const files: Files = new Map();
        writeArray(files, 'a', spec);
        const place = zarr.root(storeOf(files)).resolve('a');
        const opened = version === 2 ? await zarr.open.v2(place, { kind: 'array' }) : await zarr.open.v3(place, { kind: 'array' });
        const { data } = await zarr.get(opened);
        const read = Array.from(data as ArrayLike<unknown> & Iterable<unknown>);
        const expected = [...indices(spec.shape)].map((index) => {
          const [y = 0, x = 0] = index;
          const missing = Math.floor(y / 2) === 1 && Math.floor(x / 3) === 1;
          if (missing) return dataType === 'bool' ? true : wide ? 1n : 1;
          return spec.value(index);
        });
        assert.deepEqual(read.map((value) => (value === 0 ? 0 : value)), expected.map((value) => (value === 0 ? 0 : value)));
      });
    }
  }
}

test('binary16 there and back', () => {
  for (const value of [0, 1, -1, 0.5, -2.25, 65504, 2 ** -14, 2 ** -24, 1024.0, 0.333251953125, Infinity, -Infinity]) {
    assert.equal(halfToNumber(halfBits(value)), value);
  }
  assert.ok(Number.isNaN(halfToNumber(halfBits(NaN))));
});
