// The pool in Chromium: with the real loader program, and with a worker that misbehaves on demand.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Blosc } from 'numcodecs';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openPage, servePage } from './harness.ts';
import { startServer, type Mount, type TestServer } from './server.mjs';
import type { ArrayText, DecodeOutcome, DecodeRequest, WorkersPage } from './workers_page.ts';

declare const globalThis: { readonly page: WorkersPage };

// Speaks the pool's language. A chunk's first byte says what becomes of it.
const kFakeWorker = `
  const name = Math.random();
  let jobs = 0;
  onmessage = ({ data: { kind, ticket, bytes, spec } }) => {
    if (kind === 'start') postMessage({ kind: 'ready' });
    if (kind !== 'decode') return;
    jobs += 1;
    const fail = (fatal) => postMessage({ kind: 'failed', ticket, code: 'unsupported', message: 'told to', wholeArray: false, fatal });
    if (bytes[0] === 1) for (;;);
    if (bytes[0] === 2) throw new Error('told to crash');
    if (bytes[0] === 3) return fail(true);
    if (bytes[0] === 4) return fail(false);
    const done = () => postMessage({ kind: 'decoded', ticket, chunk: { pixels: new Uint8Array([jobs, spec ? 1 : 0]).buffer } });
    if (bytes[0] === 5) setTimeout(done, 150); else done();
  };`;

let browser: Browser;
let page: Page;
let own: TestServer;
let other: TestServer;

before(async () => {
  const worker = await readFile('dist/loader_worker.js');
  const files = new Map<string, Uint8Array | string>([
    ['loader_worker.js', worker],
    ['mifascope.wasm', await readFile('dist/mifascope.wasm')],
    ['fake_worker.js', kFakeWorker],
    ['broken_worker.js', 'this is no script'],
    ['broken.wasm', 'this is no program'],
  ]);
  // What the worker's script imports.
  for (const name of (await readdir('dist')).filter((file) => /^shared-.*\.js$/.test(file))) {
    files.set(name, await readFile(`dist/${name}`));
  }
  const mounts: Mount[] = [
    { prefix: '/app/', files },
    { prefix: '/no-cors/', files, cors: false },
    { prefix: '/wrong-type/', files, headers: { 'Content-Type': 'application/octet-stream' } },
  ];
  own = await servePage('workers_page', mounts);
  other = await startServer(mounts);
  browser = await openBrowser();
  page = await openPage(browser, own);
});
after(async () => {
  await browser?.close();
  await own?.close();
  await other?.close();
});
beforeEach(() => {
  own.clear();
  other.clear();
});

interface Options {
  readonly size?: number;
  readonly timeLimitMs?: number;
  readonly workerUrl?: string;
  readonly wasmUrl?: string;
}
const real = (base = `${own.url}/app`): Options => ({
  workerUrl: `${base}/loader_worker.js`,
  wasmUrl: `${base}/mifascope.wasm`,
});
const fake = (options: Options = {}): Options => ({
  ...real(),
  workerUrl: `${own.url}/app/fake_worker.js`,
  size: 1,
  ...options,
});

function decode(
  options: Options,
  arrays: readonly ArrayText[],
  requests: readonly DecodeRequest[],
  where = page,
): Promise<readonly DecodeOutcome[]> {
  return where.evaluate(
    ([options, arrays, requests]) => globalThis.page.decode(options, arrays, requests),
    [options, arrays, requests] as const,
  );
}

function zarray(shape: readonly number[], chunks: readonly number[], dtype: string, compressor: unknown = null): ArrayText {
  const metadata = { zarr_format: 2, shape, chunks, dtype, compressor, fill_value: 0, order: 'C', filters: null };
  return { metadata: JSON.stringify(metadata), name: '0/.zarray' };
}

const plain = zarray([3, 5], [2, 4], '<u2');
const bytesOf = (values: readonly number[]): number[] => Array.from(new Uint8Array(Uint16Array.from(values).buffer));
const chunk = bytesOf([1, 2, 3, 4, 5, 6, 700, 8]);

describe('the loader program', () => {
  test('decodes, and measures what lies inside the array', async () => {
    const [whole, edge, unmeasured] = await decode(real(), [plain], [
      { array: 0, bytes: chunk, index: [0, 0] },
      { array: 0, bytes: chunk, index: [1, 1] },
      { array: 0, bytes: chunk },
    ]);
    assert.deepEqual(whole?.pixels, chunk);
    assert.equal(whole?.stats?.max, 700);
    assert.deepEqual(whole?.stats?.samples, [1, 2, 3, 4, 5, 6, 700, 8]);
    assert.deepEqual(edge?.stats?.samples, [1]);
    assert.deepEqual(unmeasured?.pixels, chunk);
    assert.equal(unmeasured?.stats, undefined);
  });
  test('turns the axes, and undoes blosc', async () => {
    const { buffer } = Uint16Array.from([1, 2, 3, 4, 5, 6, 700, 8]);
    const packed = await Blosc.fromConfig({ id: 'blosc', cname: 'lz4', clevel: 5, shuffle: 1 }).encode(new Uint8Array(buffer));
    const array = zarray([2, 4], [2, 4], '<u2', { id: 'blosc', cname: 'lz4', clevel: 5, shuffle: 1, blocksize: 0 });
    const [turned] = await decode(real(), [{ ...array, order: [1, 0] }], [{ array: 0, bytes: Array.from(packed) }]);
    assert.deepEqual(turned?.pixels, bytesOf([1, 5, 2, 6, 3, 700, 4, 8]));
  });
  test('reads a shard\'s index', async () => {
    const metadata = JSON.stringify({
      zarr_format: 3,
      node_type: 'array',
      shape: [4],
      data_type: 'uint8',
      chunk_grid: { name: 'regular', configuration: { chunk_shape: [4] } },
      chunk_key_encoding: { name: 'default' },
      fill_value: 0,
      codecs: [{
        name: 'sharding_indexed',
        configuration: {
          chunk_shape: [2],
          codecs: [{ name: 'bytes' }],
          index_codecs: [{ name: 'bytes', configuration: { endian: 'little' } }],
          index_location: 'end',
        },
      }],
    });
    const stored = Array.from(new Uint8Array(BigUint64Array.from([0n, 2n, 2n, 2n]).buffer));
    const [index, inner, not] = await decode(real(), [{ metadata }, plain], [
      { array: 0, bytes: stored, shardIndex: true },
      { array: 0, bytes: [7, 8], index: [1] },
      { array: 1, bytes: stored, shardIndex: true },
    ]);
    assert.deepEqual(index?.pixels, [0, 2, 2, 2], index?.error?.message);
    assert.deepEqual(inner?.pixels, [7, 8]);
    assert.match(not?.error?.message ?? '', /without shards/);
  });
  test('a damaged chunk fails alone', async () => {
    const [short, good] = await decode({ ...real(), size: 1 }, [plain], [
      { array: 0, bytes: chunk.slice(3) },
      { array: 0, bytes: chunk },
    ]);
    assert.equal(short?.error?.code, 'fix-data');
    assert.match(short?.error?.message ?? '', /expected/i);
    assert.deepEqual(good?.pixels, chunk);
  });
  test('an array that cannot be read fails for all its chunks, with its file named', async () => {
    const strange = zarray([4], [4], '<u2', { id: 'nonesuch' });
    const outcomes = await decode({ ...real(), size: 1 }, [strange, plain], [
      { array: 0, bytes: chunk },
      { array: 0, bytes: chunk },
      { array: 1, bytes: chunk },
    ]);
    for (const { error } of outcomes.slice(0, 2)) {
      assert.equal(error?.code, 'unsupported');
      assert.match(error?.message ?? '', /nonesuch/);
      assert.match(error?.message ?? '', /0\/\.zarray/);
    }
    assert.deepEqual(outcomes[2]?.pixels, chunk);
  });
  test('many jobs on several workers', async () => {
    const requests = Array.from({ length: 200 }, (_, i) => ({ array: 0, bytes: bytesOf([i, 2, 3, 4, 5, 6, 7, 8]) }));
    const outcomes = await decode({ ...real(), size: 4 }, [plain], requests);
    outcomes.forEach(({ pixels }, i) => assert.deepEqual(pixels, requests[i]?.bytes));
    assert.equal(own.log.filter(({ path }) => path.endsWith('.wasm')).length, 1);
  });
});

describe('where the files come from', () => {
  test('a server that calls WebAssembly something else', async () => {
    const options = { ...real(), wasmUrl: `${own.url}/wrong-type/mifascope.wasm` };
    const [done] = await decode(options, [plain], [{ array: 0, bytes: chunk }]);
    assert.deepEqual(done?.pixels, chunk);
  });
  test('another origin', async () => {
    const [done] = await decode(real(`${other.url}/app`), [plain], [{ array: 0, bytes: chunk }]);
    assert.deepEqual(done?.pixels, chunk, done?.error?.message);
  });
  const failures: readonly (readonly [string, () => Options, string, RegExp])[] = [
    ['a program that is not there', () => ({ ...real(), wasmUrl: `${own.url}/app/absent.wasm` }), 'missing', /received 404\..*side by side/],
    ['a program that is none', () => ({ ...real(), wasmUrl: `${own.url}/app/broken.wasm` }), 'unsupported', /wasm-unsafe-eval/],
    ['a program without CORS', () => ({ ...real(), wasmUrl: `${other.url}/no-cors/mifascope.wasm` }), 'retry', /Access-Control-Allow-Origin/],
    ['a worker that is not there', () => ({ ...real(), workerUrl: `${own.url}/app/absent.js` }), 'retry', /absent\.js to start as a worker/],
    ['a worker that is none', () => ({ ...real(), workerUrl: `${own.url}/app/broken_worker.js` }), 'retry', /broken_worker\.js to start as a worker/],
    ['a worker without CORS', () => ({ ...real(), workerUrl: `${other.url}/no-cors/loader_worker.js` }), 'retry', /worker-src blob:/],
  ];
  for (const [what, options, code, message] of failures) {
    test(what, async () => {
      const outcomes = await decode({ ...options(), size: 2 }, [plain], [
        { array: 0, bytes: chunk },
        { array: 0, bytes: chunk },
      ]);
      for (const { error } of outcomes) {
        assert.equal(error?.code, code, error?.message);
        assert.match(error?.message ?? '', message);
      }
      assert.ok(own.log.length + other.log.length < 12, 'asks a server over and over');
    });
  }
  test('under a strict Content-Security-Policy', async () => {
    const csp = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";
    const strict = await servePage(
      'workers_page',
      [{ prefix: '/app/', root: 'dist', headers: { 'Content-Security-Policy': csp } }],
      { 'Content-Security-Policy': csp },
    );
    try {
      const strictPage = await openPage(browser, strict);
      const [done] = await decode(real(`${strict.url}/app`), [plain], [{ array: 0, bytes: chunk }], strictPage);
      assert.deepEqual(done?.pixels, chunk, done?.error?.message);
      await strictPage.close();
    } finally {
      await strict.close();
    }
  });
  test('under a Content-Security-Policy that forbids WebAssembly', async () => {
    const csp = "script-src 'self'";
    const strict = await servePage('workers_page', [{ prefix: '/app/', root: 'dist' }], { 'Content-Security-Policy': csp });
    try {
      const strictPage = await openPage(browser, strict);
      const [done] = await decode(real(`${strict.url}/app`), [plain], [{ array: 0, bytes: chunk }], strictPage);
      assert.equal(done?.error?.code, 'unsupported');
      assert.match(done?.error?.message ?? '', /wasm-unsafe-eval/);
      await strictPage.close();
    } finally {
      await strict.close();
    }
  });
});

describe('workers that fail', () => {
  test('one that takes too long is replaced, and the next job done', async () => {
    const [stuck, next] = await decode(fake({ timeLimitMs: 200 }), [plain], [
      { array: 0, bytes: [1] },
      { array: 0, bytes: [0] },
    ]);
    assert.equal(stuck?.error?.code, 'limit');
    assert.match(stuck?.error?.message ?? '', /0\/\.zarray to be decoded in 0\.2 s \(limit timeLimitMs\)/);
    assert.deepEqual(next?.pixels, [1, 1]);
  });
  for (const [what, byte] of [['throws', 2], ['says it is broken', 3]] as const) {
    test(`one that ${what} is replaced, and only its job fails`, async () => {
      const [first, bad, next] = await decode(fake(), [plain], [
        { array: 0, bytes: [0] },
        { array: 0, bytes: [byte] },
        { array: 0, bytes: [0] },
      ]);
      assert.deepEqual(first?.pixels, [1, 1]);
      assert.equal(bad?.error?.code, 'unsupported');
      assert.deepEqual(next?.pixels, [1, 1], 'a new worker, told of the array');
    });
  }
  test('after a plain failure the worker stays', async () => {
    const [bad, next] = await decode(fake(), [plain], [
      { array: 0, bytes: [4] },
      { array: 0, bytes: [0] },
    ]);
    assert.equal(bad?.error?.message, 'told to');
    assert.deepEqual(next?.pixels, [2, 1]);
  });
});

describe('jobs', () => {
  test('an array is told of once to each worker', async () => {
    const requests = Array.from({ length: 3 }, () => ({ array: 0, bytes: [0] }));
    const outcomes = await decode(fake(), [plain], requests);
    assert.deepEqual(outcomes.map(({ pixels }) => pixels), [[1, 1], [2, 0], [3, 0]]);
  });
  test('cancelled while they wait, they are never begun', async () => {
    const outcomes = await decode(fake(), [plain], [
      { array: 0, bytes: [5] },
      { array: 0, bytes: [0], abortAfterMs: 0 },
      { array: 0, bytes: [0] },
    ]);
    assert.equal(outcomes[1]?.error?.code, 'aborted');
    assert.deepEqual(outcomes[2]?.pixels, [2, 0]);
  });
  test('cancelled while they run, they end for the caller at once', async () => {
    const [, cancelled, next] = await decode(fake(), [plain], [
      { array: 0, bytes: [0] },
      { array: 0, bytes: [5], abortBehind: 0 },
      { array: 0, bytes: [0] },
    ]);
    assert.equal(cancelled?.error?.code, 'aborted');
    assert.deepEqual(next?.pixels, [3, 0]);
  });
  test('two workers share the line', async () => {
    const requests = Array.from({ length: 4 }, () => ({ array: 0, bytes: [5] }));
    const outcomes = await decode(fake({ size: 2 }), [plain], requests);
    assert.deepEqual(outcomes.map(({ pixels }) => pixels?.[0]), [1, 1, 2, 2]);
  });
  test('the input is transferred, not copied, unless it is part of something else or cancelled', async () => {
    const lengths = await page.evaluate(
      ([options, array, bytes]) => globalThis.page.transfer(options, array, bytes),
      [real(), plain, chunk] as const,
    );
    assert.deepEqual(lengths, [0, chunk.length, chunk.length]);
  });
  test('viewers share one pool; the last one out ends it', async () => {
    const said = await page.evaluate(
      ([options, array, bytes]) => globalThis.page.share(options, array, bytes),
      [real(), plain, chunk] as const,
    );
    assert.deepEqual(said, ['same true', 'both: decoded', 'one: decoded', 'none: aborted', 'new true']);
    await page.waitForFunction(() => true);
    for (let waited = 0; page.workers().length > 0 && waited < 3000; waited += 20) {
      await new Promise((done) => setTimeout(done, 20));
    }
    assert.equal(page.workers().length, 0);
  });
});
