// Annotation files through the client in Chromium: from servers that behave and that do not.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, beforeEach, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import type { AnnotationsPage, Opened, Opening } from './annotation_client_page.ts';
import { openBrowser, openPage, servePage } from './harness.ts';
import { startServer, type Mount, type TestServer } from './server.mjs';

declare const globalThis: { readonly page: AnnotationsPage };

function features(count: number): string {
  const square = (i: number): string => {
    const [x, y] = [(i % 500) * 10, Math.floor(i / 500) * 10];
    const corners = [[x, y], [x + 8, y], [x + 8, y + 8], [x, y + 8], [x, y]];
    return JSON.stringify({ type: 'Feature', id: i, properties: i % 2 ? {} : { classification: { name: 'Tumor' } }, geometry: { type: 'Polygon', coordinates: [corners] } });
  };
  return `{"type":"FeatureCollection","features":[\n${Array.from({ length: count }, (_, i) => square(i)).join(',\n')}\n]}\n`;
}

const kSmall = features(100);
const kLarge = features(60_000);  // about 10 MB
let browser: Browser;
let page: Page;
let own: TestServer;
let other: TestServer;

before(async () => {
  const program = new Map<string, Uint8Array | string>([
    ['annotation_worker.js', await readFile('dist/annotation_worker.js')],
    ['annotation.wasm', await readFile('dist/annotation.wasm')],
  ]);
  const data = new Map<string, Uint8Array | string>([
    ['cells.geojson', kSmall],
    ['cells.geojson.gz', gzipSync(kSmall)],
    ['cut.geojson.gz', gzipSync(kLarge).subarray(0, 40_000)],
    ['large.geojson', kLarge],
    ['broken.geojson', kSmall.slice(0, 3000)],
    ['empty.geojson', ''],
    ['unknown.bin', '%PDF-1.7 and so on'],
    ['page.html', '<!doctype html><title>Log in</title>'],
  ]);
  const mounts: Mount[] = [
    { prefix: '/app/', files: program },
    { prefix: '/no-wasm/', files: new Map([['annotation_worker.js', program.get('annotation_worker.js') ?? '']]) },
    { prefix: '/no-worker/', files: new Map([['annotation.wasm', program.get('annotation.wasm') ?? '']]) },
    { prefix: '/data/', files: data },
    { prefix: '/no-cors/', files: data, cors: false },
    { prefix: '/no-ranges/', files: data, ranges: false },
    { prefix: '/spa/', files: new Map([['index.html', '<!doctype html>']]), fallback: 'index.html' },
  ];
  own = await servePage('annotation_client_page', mounts);
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

function open(path: string, options: Partial<Opening> = {}, server = own): Promise<Opened> {
  const opening = { assets: `${own.url}/app/`, ...options, url: `${server.url}${path}` };
  return page.evaluate((wish) => globalThis.page.open(wish), opening);
}

describe('annotation files', () => {
  for (const as of ['url', 'file', 'store'] as const) {
    test(`are read as ${as}, packed or not`, async () => {
      for (const name of ['cells.geojson', 'cells.geojson.gz']) {
        const { count, format, name: shown, issues, error } = await open(`/data/${name}`, { as });
        assert.deepEqual({ count, format, shown, issues, error }, { count: 100, format: 'geojson', shown: 'cells.geojson', issues: [], error: undefined });
      }
    });
  }

  test('are read from another origin, program and all', async () => {
    const { count, error } = await open('/data/cells.geojson', { assets: `${other.url}/app/` }, other);
    assert.deepEqual([count, error], [100, undefined]);
  });

  test('are read in ranges, and where a server gives none', async () => {
    for (const folder of ['data', 'no-ranges']) {
      const { count, error } = await open(`/${folder}/large.geojson`, { as: 'store' });
      assert.deepEqual([count, error], [60_000, undefined]);
    }
  });

  test('tell how far they are', async () => {
    const { progress, count, heap = 0 } = await open('/data/large.geojson');
    assert.equal(count, 60_000);
    const last = progress.at(-1);
    assert.deepEqual([last?.bytes, last?.total], [kLarge.length, kLarge.length]);
    assert.ok(last && last.objects >= 50_000, `objects are counted on the way: ${JSON.stringify(last)}`);
    assert.ok(heap < 60e6, `10 MB of text should not need a heap of ${heap} bytes`);
  });

  test('show what they have when they are broken', async () => {
    const { count = 0, issues } = await open('/data/broken.geojson');
    assert.ok(count > 10 && count < 100);
    assert.match(issues?.[0] ?? '', /^annotation\/geojson-syntax \d+$/);
    assert.deepEqual((await open('/data/empty.geojson', { format: 'geojson' })).issues, ['annotation/empty-file 0']);
    assert.match((await open('/data/empty.geojson')).error?.message ?? '', /received an empty file\. Known formats: /);
  });

  test('answer every question', async () => {
    const opening: Opening = { assets: `${own.url}/app/`, url: `${own.url}/data/cells.geojson` };
    const answers = await page.evaluate((wish) => globalThis.page.ask(wish), opening);
    const { details, rows, ...rest } = answers as { details: { place: object }; rows: { total: number; found: number } };
    assert.deepEqual(rest, {
      blocks: 1, table: [0, 0, 998, 8, 4, 4, 0, 100, -Infinity, Infinity], points: 100, pointBytes: 1600, lines: 400, lineBytes: 8000, fill: 600, fillBytes: 7200,
      links: 0, extents: null, outline: 4, visible: 50, legend: [{ label: 'cells.geojson', color: [1, 2, 3], count: 100 }],
      color: [1, 2, 3, 255], hidden: [], picked: [1], quality: 3,
    });
    assert.deepEqual(details.place, { file: 'cells.geojson', line: 3, pointer: '/features/1' });
    assert.deepEqual([rows.total, rows.found], [100, 99]);
  });
});

describe('what goes wrong', () => {
  const refused = async (path: string, options: Partial<Opening> = {}, server = own): Promise<string> => {
    const { error } = await open(path, options, server);
    assert.ok(error, 'expected it to be refused');
    return `${error.code}: ${error.message}`;
  };

  test('is said by the server\'s answer', async () => {
    assert.match(await refused('/data/nothing.geojson'), /^missing: Expected the file .*nothing\.geojson, received 404/);
    assert.match(await refused('/no-cors/cells.geojson', {}, other), /^(forbidden|retry): .*Access-Control-Allow-Origin/);
    assert.match(await refused('/spa/cells.geojson'), /^missing: .*a web page/);
    own.rule({ path: '/data/cells.geojson', status: 503 });
    assert.match(await refused('/data/cells.geojson'), /^retry: .*503/);
  });

  test('is said of a connection that breaks', async () => {
    own.rule({ path: '/data/large.geojson', truncateAt: 3_000_000 });
    assert.match(await refused('/data/large.geojson'), /^retry: Expected the whole of .*large\.geojson, received a part/);
    own.rule({ path: '/data/cells.geojson', drop: true });
    assert.match(await refused('/data/cells.geojson'), /^(retry|forbidden): /);
  });

  test('is said of a damaged gzip and of an unknown file', async () => {
    assert.match(await refused('/data/cut.geojson.gz'), /^fix-data: Expected gzip to its end/);
    assert.match(await refused('/data/unknown.bin'), /^unsupported: Expected annotations in unknown\.bin, received a file that begins with "%PDF-1\.7 and so on"\. Known formats: .*GeoJSON/);
    assert.match(await refused('/data/cells.geojson', { format: 'dxf' }), /^unsupported: Expected one of the formats /);
  });

  test('is said of a program that is not there', async () => {
    assert.match(await refused('/data/cells.geojson', { assets: `${own.url}/no-wasm/` }), /annotation\.wasm, received 404/);
    assert.match(await refused('/data/cells.geojson', { assets: `${own.url}/no-worker/` }), /annotation_worker\.js/);
    assert.equal((await open('/data/cells.geojson')).count, 100, 'the next one is not spoilt');
  });

  test('does not happen to the others when one is cancelled', async () => {
    own.rule({ path: '/data/large.geojson', delayMs: 3000 });
    const [cancelled, slow] = await Promise.all([
      open('/data/large.geojson', { abortAfterMs: 50 }),
      open('/data/cells.geojson'),
    ]);
    assert.equal(cancelled.error?.code, 'aborted');
    assert.ok(cancelled.tookMs < 2000, `aborted after ${cancelled.tookMs} ms`);
    assert.equal(slow.count, 100);
    assert.equal((await open('/data/cells.geojson', { abortAfterMs: 0 })).error?.code, 'aborted');
  });

  test('calls of a closed layer are refused', async () => {
    const opening: Opening = { assets: `${own.url}/app/`, url: `${own.url}/data/cells.geojson` };
    assert.deepEqual(await page.evaluate((wish) => globalThis.page.askClosed(wish), opening), ['aborted', 'aborted']);
  });
});
