// Shards, stacks and damaged files in a browser: how often the server is asked, how often something is
// decoded, and what the page says when what comes is not what the metadata promised.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import * as zarr from 'zarrita';
import type { ViewerState } from '../../web/state.ts';
import { colors, look, open, openEmbedPage, readout, serveViewer, settled, until, type PageGlobals } from './browser.ts';
import { pyramid, writeArray, writeImage, type ArraySpec, type Files, type ImageSpec, type Level } from './datasets.ts';
import { openBrowser } from './harness.ts';
import { sealShard, shardFile, writeShardedArray } from './plate_datasets.ts';
import type { LogEntry, TestServer } from './server.mjs';

const { viewerPage } = globalThis as unknown as PageGlobals;

const kChannels = [{ color: 'FFFFFF', window: [0, 250] as const, label: 'signal' }];
const kGrey = 102;  // what a value of 100 is under that window

const files: Files = new Map();
let server: TestServer;
let browser: Browser;
let page: Page;
let complaints: string[];

before(async () => {
  server = await serveViewer([{ prefix: '/data/', files }]);
  browser = await openBrowser();
  ({ page, complaints } = await openEmbedPage(browser, server));
});
after(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(() => server.clear());

const url = (path: string): string => `${server.url}/data/${path}`;
const isChunk = ({ path }: LogEntry): boolean => /\/s\d\/c\//.test(path);

/** An image whose levels are in shards. */
function writeSharded(path: string, axes: string, levels: readonly Level[], shards: readonly number[]): void {
  writeImage(files, path, { axes, levels, channels: kChannels });
  levels.forEach((level, i) => {
    for (const key of [...files.keys()]) if (key.startsWith(`${path}/s${i}/`)) files.delete(key);
    writeShardedArray(files, `${path}/s${i}`, level, shards);
  });
}

test('shards as they are written here are read by zarrita', async () => {
  const spec: ArraySpec = { zarr: 3, dataType: 'uint16', shape: [50, 70], chunks: [8, 16], gzip: true, value: ([y = 0, x = 0]) => y * 100 + x, skip: ([row]) => row === 1 };
  const made: Files = new Map();
  writeShardedArray(made, 'a', spec, [32, 32]);
  const store = {
    get: async (key: string) => {
      const file = made.get(key.slice(1));
      return typeof file === 'string' ? new TextEncoder().encode(file) : file;
    },
    getRange: async (key: string, range: zarr.RangeQuery) => {
      const file = made.get(key.slice(1)) as Uint8Array | undefined;
      return file && ('suffixLength' in range ? file.slice(-range.suffixLength) : file.slice(range.offset, range.offset + range.length));
    },
  };
  const array = await zarr.open.v3(zarr.root(store).resolve('a'), { kind: 'array' });
  const { data } = await zarr.get(array);
  const read = Array.from(data as Uint16Array);
  const expected = Array.from({ length: 50 * 70 }, (_, i) => (Math.floor(i / 70 / 8) === 1 ? 0 : Math.floor(i / 70) * 100 + (i % 70)));
  assert.deepEqual(read, expected);
});

describe('shards', () => {
  const value = ([y = 0, x = 0]: readonly number[]): number => (y * 3 + x) % 250;
  const kShape = [1024, 1024] as const;

  before(() => {
    const levels = pyramid({ zarr: 3, dataType: 'uint8', shape: kShape, chunks: [64, 64], count: 3, factor: 2, value });
    writeSharded('sharded', 'yx', levels, [256, 256]);
  });

  interface Counts {
    /** How large the file is: a range from the end would cost a preflight instead. */
    size: number;
    /** The index at the end. */
    index: number;
    /** Chunks. */
    data: number;
    whole: number;
  }

  /** Whether a request is for what lies at the end of its file. */
  function isIndex({ path, range = '' }: LogEntry): boolean {
    const bytes = files.get(path.slice('/data/'.length))?.length ?? -1;
    return range.endsWith(`-${bytes - 1}`) || /^bytes=-/.test(range);
  }

  function byShard(log: readonly LogEntry[]): Map<string, Counts> {
    const shards = new Map<string, Counts>();
    for (const entry of log.filter(isChunk)) {
      const shard = shards.get(entry.path) ?? { size: 0, index: 0, data: 0, whole: 0 };
      shards.set(entry.path, shard);
      if (entry.method === 'HEAD') ++shard.size;
      else if (entry.range === undefined) ++shard.whole;
      else if (isIndex(entry)) ++shard.index;
      else ++shard.data;
    }
    return shards;
  }

  /** One index a shard, never the whole file, and at most so many requests for its chunks. */
  function assertFrugal(log: readonly LogEntry[], perShard: number): void {
    const shards = byShard(log);
    assert.ok(shards.size > 0, 'shards were asked for');
    const all = [...shards.values()];
    assert.deepEqual([...shards].filter(([, { size, index, whole }]) => size > 1 || index > 1 || whole > 0), [], 'one index each, never the whole file');
    const data = all.reduce((sum, shard) => sum + shard.data, 0);
    const text = [...shards].map(([path, counts]) => `${path} ${JSON.stringify(counts)}`).join(', ');
    assert.ok(data <= perShard * shards.size, `${data} requests for chunks of ${shards.size} shards: ${text}`);
  }

  /** What opening asks for, at best and on a slow line. */
  async function settle(delayMs: number): Promise<void> {
    if (delayMs > 0) server.rule({ path: /\/sharded\/s\d\/c\//, delayMs });
    const opened = await openEmbedPage(browser, server, { src: url('sharded'), width: 640, height: 480 });
    const state = await settled(opened.page);
    assert.deepEqual(state.chunkFailures, []);
    assert.equal(state.missingTiles, 0);
    await opened.page.context().close();
  }

  for (const delayMs of [0, 120]) {
    test(`a view that settles reads each index once, and costs 1.3 requests a shard (${delayMs} ms)`, async () => {
      await settle(delayMs);
      assertFrugal(server.log, 1.3);
    });
  }

  test('what they hold is shown', async () => {
    await open(page, url('sharded'));
    for (const [x, y] of [[10, 20], [500, 300], [1023, 1023], [255, 256]] as const) {
      await look(page, x, y, 1 / 4);
      assert.equal((await readout(page, x, y)).values[0]?.value, String(value([y, x])));
    }
  });

  test('moving on within shards asks for chunks, not for indexes again', async () => {
    const opened = await openEmbedPage(browser, server, { src: url('sharded'), width: 320, height: 240 });
    await settled(opened.page);
    await look(opened.page, 100, 100, 1 / 2);
    server.clear();
    await look(opened.page, 200, 200, 1 / 2);
    const again = [...byShard(server.log)].filter(([path, { index }]) => path.endsWith('/s0/c/0/0') && index > 0);
    assert.deepEqual(again, []);
    await opened.page.context().close();
  });

  test('panning away aborts what is on its way', async () => {
    const opened = await openEmbedPage(browser, server, { width: 180, height: 140 });
    await open(opened.page, url('sharded'));
    server.clear();
    let release: (value?: unknown) => void = () => undefined;
    // Indexes come, chunks do not.
    await look(opened.page, 100, 100, 1 / 2);
    server.clear();
    server.rule({ path: /\/sharded\/s0\/c\//, until: new Promise((resolve) => (release = resolve)) });
    const pan = (u: number, v: number): Promise<void> => opened.page.evaluate(([u, v]) => viewerPage.viewer().update((raw) => raw._lookAt(u, v, 1 / 2)), [u, v] as const);
    const under = (): LogEntry[] => server.log.filter((entry) => isChunk(entry) && entry.path.includes('/s0/') && entry.finished === undefined && entry.method === 'GET' && !isIndex(entry));
    await pan(200, 200);
    await until('requests for chunks are on their way', () => under().length > 0);
    const first = under();
    await pan(900, 900);
    await until('they are aborted', () => first.every(({ finished, aborted }) => finished !== undefined && aborted));
    release();
    const state = await settled(opened.page);
    assert.deepEqual(state.chunkFailures, []);
    assert.equal(state.missingTiles, 0);
    await opened.page.context().close();
  });
});

describe('a stack', () => {
  const kDepth = 12;

  test('moving through z within chunks that are there neither asks nor decodes', async () => {
    const levels: Level[] = [{ zarr: 3, dataType: 'uint8', shape: [kDepth, 96, 96], chunks: [kDepth, 48, 48], value: ([z = 0]) => 20 * z + 10 }];
    writeImage(files, 'stack', { axes: 'zyx', levels, channels: kChannels });
    const opened = await openEmbedPage(browser, server);
    // Every message to a worker with something to decode.
    await opened.page.evaluate(() => {
      const counts = { decode: 0 };
      Object.assign(globalThis, { counts });
      const post = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (this: Worker, message: unknown, ...rest: unknown[]): void {
        if ((message as { kind?: string }).kind === 'decode') ++counts.decode;
        Reflect.apply(post, this, [message, ...rest]);
      };
    });
    const decoded = (): Promise<number> => opened.page.evaluate(() => (globalThis as unknown as { counts: { decode: number } }).counts.decode);
    const state = await open(opened.page, url('stack'));
    const axis = state.axes?.findIndex(({ name }) => name === 'z') ?? -1;
    assert.ok(axis >= 0);
    assert.ok((await decoded()) >= 4, 'decodes are counted');
    const before = await decoded();
    server.clear();
    for (let z = 0; z < kDepth; ++z) {
      await opened.page.evaluate(([axis, z]) => viewerPage.viewer().update((raw) => raw._setPosition(axis, z)), [axis, z] as const);
      await settled(opened.page);
      const [[red] = [-1]] = await colors(opened.page, [[60, 60]]);
      assert.ok(Math.abs(red - Math.round(((20 * z + 10) * 255) / 250)) <= 1, `plane ${z} is ${red}`);
    }
    assert.equal(await decoded(), before);
    assert.deepEqual(server.log.map(({ path }) => path), []);
    await opened.page.context().close();
  });
});

describe('bad data: each kind in its own words', () => {
  function flat(more: Partial<Level> = {}): ImageSpec {
    return { axes: 'yx', levels: [{ zarr: 3, dataType: 'uint8', shape: [128, 128], chunks: [64, 64], fill: 250, value: () => 100, ...more }], channels: kChannels };
  }

  function two(): ImageSpec {
    return { axes: 'yx', levels: pyramid({ zarr: 3, dataType: 'uint8', shape: [128, 128], chunks: [64, 64], count: 2, factor: 2, value: () => 100 }), channels: kChannels };
  }

  /** Changes a JSON file by text, and makes sure that there was something to change. */
  function edit(key: string, from: string | RegExp, to: string): void {
    const text = String(files.get(key));
    const changed = text.replace(from, to);
    assert.notEqual(changed, text, `${key} has no ${from}: ${text}`);
    files.set(key, changed);
  }

  async function failureText(state: ViewerState): Promise<string> {
    assert.equal(state.stage, 'failed', JSON.stringify(state));
    return page.locator('mifa-scope .failure').innerText();
  }

  async function noteText(): Promise<string> {
    const part = page.locator('mifa-scope .note');
    return (await part.isVisible()) ? part.innerText() : '';
  }

  /** The places in three of four chunks, or levels: all that is not damaged. */
  async function assertRest(): Promise<void> {
    const seen = await colors(page, [[96, 32], [32, 96], [96, 96]]);
    assert.ok(seen.every(([red, green, blue]) => [red, green, blue].every((part) => Math.abs(part - kGrey) <= 2)), JSON.stringify(seen));
  }

  const issueTexts = (state: ViewerState): string =>
    state.issues.map(({ message, file, expected, received, fix }) => `${file}: ${message} Expected ${expected}, received ${received}. ${fix}`).join('\n');

  /** Messages of the failures, so that two kinds cannot share one. */
  const said = new Map<string, string>();
  function own(kind: string, text: string): void {
    for (const [other, words] of said) assert.notEqual(words, text.replaceAll(kind, ''), `${kind} is told as ${other} is`);
    said.set(kind, text.replaceAll(kind, ''));
  }

  test('metadata that is no JSON', async () => {
    writeImage(files, 'no-json', flat());
    files.set('no-json/zarr.json', '{"zarr_format": 3, "node_type": "group", "attributes": {"ome": {]}}');
    const text = await failureText(await open(page, url('no-json')));
    assert.match(text, /zarr\.json/);
    assert.match(text, /line 1|column|JSON/);
    own('no-json', text);
  });

  test('metadata in another encoding', async () => {
    writeImage(files, 'utf-16', flat());
    files.set('utf-16/zarr.json', new Uint8Array(Buffer.from(String(files.get('utf-16/zarr.json')), 'utf16le')));
    const text = await failureText(await open(page, url('utf-16')));
    assert.match(text, /zarr\.json/);
    own('utf-16', text);
  });

  test('a version that nobody knows: said, and shown as far as it goes', async () => {
    writeImage(files, 'version', flat());
    edit('version/zarr.json', '"version":"0.5"', '"version":"7.3"');
    const state = await open(page, url('version'));
    const text = state.stage === 'failed' ? await failureText(state) : issueTexts(state);
    assert.match(text, /7\.3/);
    assert.match(text, /0\.[456]/);
    if (state.stage === 'showing') await assertRest();
    own('version', text);
  });

  test('axes that do not match the array', async () => {
    writeImage(files, 'axes', flat());
    edit('axes/zarr.json', '"axes":[', '"axes":[{"name":"z","type":"space"},');
    const state = await open(page, url('axes'));
    const text = state.stage === 'failed' ? await failureText(state) : issueTexts(state);
    assert.match(text, /\b3\b/);
    assert.match(text, /\b2\b/);
    assert.match(text, /axes|dimensions/);
    own('axes', text);
  });

  test('a dataset that is not there: the others are shown', async () => {
    writeImage(files, 'lacking', two());
    for (const key of [...files.keys()]) if (key.startsWith('lacking/s0/')) files.delete(key);
    const state = await open(page, url('lacking'));
    assert.equal(state.stage, 'showing', JSON.stringify(state.failure));
    assert.match(issueTexts(state), /s0/);
    await assertRest();
    own('lacking', issueTexts(state));
  });

  test('no dataset is there', async () => {
    writeImage(files, 'empty', two());
    for (const key of [...files.keys()]) if (/^empty\/s\d\//.test(key)) files.delete(key);
    const text = await failureText(await open(page, url('empty')));
    assert.match(text, /s0|array|level|dataset/);
    own('empty', text);
  });

  test('a level of another data type', async () => {
    const spec = two();
    writeImage(files, 'types', { ...spec, levels: spec.levels.map((level, i) => (i === 0 ? level : { ...level, dataType: 'uint16' as const })) });
    const state = await open(page, url('types'));
    assert.equal(state.stage, 'showing');
    assert.match(issueTexts(state), /uint16/);
    assert.match(issueTexts(state), /uint8/);
    await assertRest();
    own('types', issueTexts(state));
  });

  async function damagedChunk(path: string, pattern: RegExp): Promise<string> {
    const state = await open(page, url(path));
    assert.equal(state.stage, 'showing');
    assert.equal(state.chunkFailures.length, 1, JSON.stringify(state.chunkFailures));
    assert.equal(state.chunkFailures[0]?.count, 1);
    assert.equal(state.chunkFailures[0]?.code, 'fix-data');
    const text = await noteText();
    assert.match(text, pattern);
    assert.match(text, /s0\/c\/0\/0/);
    assert.deepEqual(await colors(page, [[32, 32]]), [[0, 0, 0]], 'nothing is made up');
    await assertRest();
    own(path, text);
    return text;
  }

  test('a chunk that is too small', async () => {
    writeImage(files, 'small', flat());
    files.set('small/s0/c/0/0', new Uint8Array(64 * 63).fill(100));
    await damagedChunk('small', /4096.*4032|4032.*4096/s);
  });

  test('a chunk that is too large', async () => {
    writeImage(files, 'wide', flat());
    files.set('wide/s0/c/0/0', new Uint8Array(64 * 65).fill(100));
    await damagedChunk('wide', /4096.*4160|4160.*4096/s);
  });

  test('a chunk of another size, compressed', async () => {
    writeImage(files, 'unpacked', flat({ gzip: true }));
    files.set('unpacked/s0/c/0/0', new Uint8Array(gzipSync(new Uint8Array(5000).fill(100))));
    await damagedChunk('unpacked', /at most 4096 bytes, received one that holds more/);
    said.delete('unpacked');  // A bomb is the same, only more so.
  });

  test('a decompression bomb: its size is never reached', async () => {
    writeImage(files, 'bomb', flat({ gzip: true }));
    // 256 MiB of nothing in 256 KB.
    files.set('bomb/s0/c/0/0', new Uint8Array(gzipSync(new Uint8Array(1 << 28), { level: 9 })));
    const start = performance.now();
    await damagedChunk('bomb', /at most 4096 bytes, received one that holds more/);
    assert.ok(performance.now() - start < 20_000);
    const { decodedBytes = 0 } = (await settled(page)).memory ?? {};
    assert.ok(decodedBytes < 1 << 20, `${decodedBytes} bytes`);
  });

  /** 128 × 128 in one shard of four chunks. */
  function writeShard(path: string): Uint8Array {
    writeSharded(path, 'yx', flat().levels, [128, 128]);
    const chunk = new Uint8Array(64 * 64).fill(100);
    const file = shardFile([chunk, chunk, chunk, chunk]);
    assert.deepEqual(files.get(`${path}/s0/c/0/0`), file);
    files.set(`${path}/s0/c/0/0`, file);
    return file;
  }

  test('a shard index without its checksum: no chunk of it, and only once', async () => {
    const file = writeShard('sum');
    file[file.length - 1] = (file[file.length - 1] ?? 0) ^ 255;
    const state = await open(page, url('sum'));
    assert.equal(state.stage, 'showing');
    const text = await noteText();
    assert.match(text, /CRC-32C|checksum/);
    assert.match(text, /s0\/c\/0\/0/);
    assert.match(text, /index/i);
    own('sum', text);
  });

  test('a shard index that points past the file', async () => {
    const file = writeShard('past');
    new DataView(file.buffer).setBigUint64(file.length - 4 - 64, 1_000_000n, true);
    sealShard(file, 4);
    await damagedChunk('past', /1000000/);
  });

  test('a shard index that points into itself', async () => {
    const file = writeShard('itself');
    new DataView(file.buffer).setBigUint64(file.length - 4 - 64, BigInt(file.length - 100), true);
    new DataView(file.buffer).setBigUint64(file.length - 4 - 56, 50n, true);
    sealShard(file, 4);
    await damagedChunk('itself', /index itself/);
  });

  test('a shard index that claims a chunk of 2^60 bytes', async () => {
    const file = writeShard('huge');
    new DataView(file.buffer).setBigUint64(file.length - 4 - 56, 2n ** 60n, true);
    sealShard(file, 4);
    await damagedChunk('huge', /1152921504606846976|2\^60/);
  });

  test('a shard that is shorter than its index', async () => {
    const file = writeShard('stub');
    files.set('stub/s0/c/0/0', file.slice(0, 30));
    const state = await open(page, url('stub'));
    assert.equal(state.stage, 'showing');
    const text = await noteText();
    assert.match(text, /68/);
    assert.match(text, /30/);
    own('stub', text);
  });

  test('an array that claims to be endless', async () => {
    writeImage(files, 'endless', flat());
    edit('endless/s0/zarr.json', '"shape":[128,128]', '"shape":[9007199254740991,9007199254740991]');
    await page.evaluate((src) => viewerPage.scope().setAttribute('src', src), url('endless'));
    const state = await until('it is shown, or said why not', async () => {
      const now = await page.evaluate(() => viewerPage.viewer().state);
      return (now.stage === 'showing' || now.stage === 'failed') && now.name.endsWith('/endless') && now;
    });
    if (state.stage === 'showing') assert.equal(await page.locator('mifa-scope .cut').isVisible(), true);
    const chunks = server.log.filter((entry) => isChunk(entry));
    assert.ok(chunks.length < 20_000, `${chunks.length} requests`);
    assert.ok(server.maxInFlight <= 12, `${server.maxInFlight} at once`);
  });

  test('a chunk shape that no memory holds', async () => {
    writeImage(files, 'giant', flat());
    edit('giant/s0/zarr.json', '"chunk_shape":[64,64]', '"chunk_shape":[1073741824,1073741824]');
    const state = await open(page, url('giant'));
    const text = state.stage === 'failed' ? await failureText(state) : await noteText();
    assert.match(text, /1073741824|chunk/);
    own('giant', text);
  });

  test('and after all that, an image opens as ever', async () => {
    writeImage(files, 'fine', flat());
    writeArray(files, 'bare', flat().levels[0] as ArraySpec);
    const state = await open(page, url('fine'));
    assert.equal(state.stage, 'showing');
    assert.equal(await noteText(), '');
    assert.equal(await page.locator('mifa-scope .failure').isVisible(), false);
    assert.deepEqual(await colors(page, [[32, 32]]), [[kGrey, kGrey, kGrey]]);
    await assertRest();
  });
});

test('nobody forgot to catch an error', () => assert.deepEqual(complaints, []));
