// The vectors of tests/vectors/codec through mifascope.wasm, the program that runs in each worker.
// The native half of the same test is tests/codec/vectors_test.cpp.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { prepareText, put, result, root, skip, startLoader as start } from './zarr_reader.mjs';

const vectors = join(root, 'tests', 'vectors', 'codec');

function prepare(loader, name, metadata, order = []) {
  return prepareText(loader, name, JSON.stringify(metadata), order);
}

function index(...axes) {
  return new Uint8Array(Int32Array.from(axes).buffer);
}

const names = readdirSync(vectors, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap((folder) =>
    readdirSync(join(vectors, folder.name))
      .filter((file) => file.endsWith('.json'))
      .map((file) => `${folder.name}/${file.slice(0, -5)}`),
  );

test('mifascope.wasm decodes every vector or says what is wrong', { skip }, async (t) => {
  const loader = await start();
  for (const name of names) {
    await t.test(name, () => {
      const spec = JSON.parse(readFileSync(join(vectors, `${name}.json`), 'utf8'));
      const stored = readFileSync(join(vectors, `${name}.bin`));
      const id = prepare(loader, `${name}.json`, spec.metadata, spec.order);
      let status = -1;
      if (id !== 0) {
        put(loader, stored);
        status = spec.shard_index
          ? loader._decodeShardIndex(id, stored.length)
          : loader._decode(id, stored.length, 0);
      }
      if (spec.error === undefined) {
        assert.equal(status, 0, status === 0 ? '' : loader._errorJson());
        const expected = readFileSync(join(vectors, `${name}.raw`));
        assert.ok(expected.equals(result(loader)), 'the elements differ');
      } else {
        assert.equal(status, -1, 'decoded, but should fail');
        const error = JSON.parse(loader._errorJson());
        assert.ok(error.message.includes(spec.error), error.message);
        assert.equal(error.code, spec.code);
      }
      loader._finish();
      if (id !== 0) loader._release(id);
    });
  }
});

const edge = {
  zarr_format: 2,
  shape: [5, 7],
  chunks: [4, 4],
  dtype: '<u2',
  compressor: null,
  filters: null,
  order: 'C',
  fill_value: 0,
};

test('statistics count only what lies inside the array', { skip }, async () => {
  const loader = await start();
  const chunk = Uint16Array.from({ length: 16 }, (_, i) => i + 1);
  const id = prepare(loader, '.zarray', edge);
  put(loader, new Uint8Array(chunk.buffer), index(1, 1));
  assert.equal(loader._decode(id, 32, 2), 0);
  assert.deepEqual(new Uint16Array(result(loader).buffer), chunk);
  const start64 = loader._statisticsPointer() / 8;
  const statistics = loader.HEAPF64.slice(start64, start64 + loader._statisticsLength());
  assert.deepEqual([...statistics], [1, 3, 1, 0, 1, 2, 3]);
});

test('a misuse is an error, not a crash', { skip }, async () => {
  const loader = await start();
  put(loader, new Uint8Array(8));
  assert.equal(loader._decode(77, 8, 0), -1);
  assert.match(loader._errorJson(), /expected the id of a prepared array, received 77/);
  const id = prepare(loader, '.zarray', edge);
  assert.equal(loader._decode(id, 1e9, 0), -1);
  assert.equal(loader._decodeShardIndex(id, 4), -1);
  assert.equal(loader._prepare(1 << 30, 1 << 30, 0), 0);
  assert.equal(prepare(loader, '.zarray', { ...edge, compressor: { id: 'jpeg' } }), 0);
  assert.match(JSON.parse(loader._errorJson()).message, /unknown codec "jpeg".*blosc, zstd/);
  assert.equal(prepare(loader, '.zarray', edge, [1, 1]), 0);
  assert.equal(loader._reserve(2 ** 32), 0);
});

// A 160 MiB chunk, twice: the second fits into what the first gave back.
test('a large chunk does not keep its memory', { skip }, async () => {
  const loader = await start();
  const side = 12960;
  const id = prepare(loader, '.zarray', { ...edge, shape: [side, side], chunks: [side, side], dtype: '|u1' });
  const sizes = [];
  for (let round = 0; round < 3; ++round) {
    assert.notEqual(loader._reserve(side * side), 0);
    assert.equal(loader._decode(id, side * side, 0), 0);
    loader._finish();
    sizes.push(loader.HEAPU8.length);
  }
  assert.equal(sizes[2], sizes[0]);
});
