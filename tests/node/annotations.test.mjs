// The vectors of tests/vectors/annotation/geojson through annotation.wasm, the program that runs in the
// worker of annotations. The native half of the same test is tests/annotation/geojson_vectors_test.cpp.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const programs = process.env.MIFASCOPE_PROGRAMS ?? join(root, 'build', 'wasm', 'programs');
const skip = existsSync(join(programs, 'annotation.wasm')) ? false : `needs ${programs}/annotation.wasm`;
const vectors = join(root, 'tests', 'vectors', 'annotation', 'geojson');

async function start() {
  const { default: create } = await import(pathToFileURL(join(programs, 'annotation.mjs')).href);
  const module = await WebAssembly.compile(readFileSync(join(programs, 'annotation.wasm')));
  return create({
    instantiateWasm(imports, done) {
      WebAssembly.instantiate(module, imports).then((instance) => done(instance, module));
      return {};
    },
    locateFile: (name) => name,
  });
}

function write(program, bytes) {
  const at = program._reserve(bytes.length);
  program.HEAPU8.set(bytes, at);
  return bytes.length;
}

function failure(program) {
  return JSON.parse(program._errorJson());
}

function open(program, options) {
  return program._open(write(program, new TextEncoder().encode(JSON.stringify(options))));
}

function call(program, layer, request) {
  const status = program._call(layer, write(program, new TextEncoder().encode(JSON.stringify(request))));
  if (status !== 0) return failure(program);
  const at = program._jsonPointer();
  const answer = JSON.parse(new TextDecoder().decode(program.HEAPU8.slice(at, at + program._jsonLength())));
  const parts = Array.from({ length: program._partCount() }, (_, part) => {
    const begin = program._partPointer(part);
    return program.HEAPU8.slice(begin, begin + program._partLength(part));
  });
  program._clear();
  return { ...answer, parts };
}

/** The layer's number; 0 where it is refused. */
function read(program, file, bytes, window, format = 'geojson') {
  const layer = open(program, { file, format });
  for (let at = 0; at < bytes.length; at += window) {
    if (program._feed(layer, write(program, bytes.subarray(at, at + window))) !== 0) return 0;
  }
  return program._endFile(layer) === 0 ? layer : 0;
}

test('annotation.wasm reads every vector as the native program does', { skip }, async (t) => {
  const program = await start();
  const expected = JSON.parse(readFileSync(join(vectors, 'expected.json'), 'utf8'));
  for (const name of readdirSync(vectors).filter((file) => file !== 'expected.json')) {
    await t.test(name, () => {
      const bytes = readFileSync(join(vectors, name));
      for (const window of [7, 1 << 20]) {
        const layer = read(program, name, bytes, window);
        const info = call(program, layer, { call: 'info' });
        const told = info.issues.map(({ severity, rule, line, pointer }) => `${severity} ${rule} ${line} ${pointer}`);
        assert.deepEqual({ objects: info.count, issues: told }, expected[name]);
        program._close(layer);
      }
    });
  }
});

test('annotation.wasm answers what is asked of a layer', { skip }, async () => {
  const program = await start();
  const layer = read(program, 'two.geojson', readFileSync(join(vectors, 'two-features.geojson')), 100, '');
  assert.equal(call(program, layer, { call: 'points' }).count, 2);
  const shapes = call(program, layer, { call: 'shapes', block: 0 });
  assert.deepEqual(shapes.parts.map(({ length }) => length), [8 * 20, 12 * 12, 0]);
  assert.deepEqual([...new Float32Array(shapes.parts[0].buffer, 0, 4)], [0, 0, 4, 0]);
  assert.deepEqual(call(program, layer, { call: 'pick', query: { x: 11, y: 1, radius: 0 } }).objects, [1]);
  assert.equal(call(program, layer, { call: 'quality', image: { width: 8, height: 8 } }).entries[0].rule, 'annotation/outside-image');
});

test('annotation.wasm says what it cannot do', { skip }, async () => {
  const program = await start();
  assert.equal(open(program, { format: 'dxf' }), 0);
  assert.match(failure(program).message, /Expected one of the formats .*geojson.*, received "dxf"/);
  assert.equal(program._feed(99, write(program, new Uint8Array(3))), -1);
  assert.match(failure(program).message, /received 99/);
  assert.equal(read(program, 'a.pdf', new TextEncoder().encode('%PDF-1.4'), 100, ''), 0);
  assert.match(failure(program).message, /received a file that begins with "%PDF-1.4"\. Known formats: /);
  const layer = read(program, 'two.geojson', readFileSync(join(vectors, 'two-features.geojson')), 100);
  assert.match(call(program, layer, { call: 'details', object: 2 }).message, /\/object/);
});
