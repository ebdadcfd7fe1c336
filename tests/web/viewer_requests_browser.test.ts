// What is asked of servers, when and how often; and that nothing is done when nothing happens.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { look, open, openEmbedPage, openViewerPage, serveViewer, settled, until, type PageGlobals } from './browser.ts';
import { pyramid, writeImage, type Files } from './datasets.ts';
import { openBrowser } from './harness.ts';
import type { LogEntry, TestServer } from './server.mjs';

const { viewerPage } = globalThis as unknown as PageGlobals;

const kMebibyte = 1 << 20;
const kProgram = /\.wasm$/;
const files: Files = new Map();
let server: TestServer;
let browser: Browser;

before(async () => {
  for (const zarr of [2, 3] as const) {
    const levels = pyramid({ zarr, dataType: 'uint8', shape: [2, 400, 500], chunks: [1, 64, 64], count: 3, factor: 2, value: ([, y = 0, x = 0]) => (x + y) % 250 });
    const mask = pyramid({ zarr, dataType: 'uint8', shape: [400, 500], chunks: [128, 128], count: 3, factor: 2, value: () => 1 });
    writeImage(files, `v${zarr}`, { axes: 'cyx', levels, labels: [{ name: 'cells', levels: mask }] });
  }
  server = await serveViewer([{ prefix: '/data/', files }]);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(() => server.clear());

const isData = ({ path }: LogEntry): boolean => path.startsWith('/data/');
const isChunk = ({ path }: LogEntry): boolean => /\/s\d\/(c\/)?\d/.test(path);

/** How many answers had to be waited for, one after the other, before this request left. */
function roundTripsBefore(request: LogEntry, log: readonly LogEntry[]): number {
  const earlier = log.filter(({ finished }) => finished !== undefined && finished <= request.started);
  return Math.max(0, ...earlier.map((entry) => roundTripsBefore(entry, log) + 1));
}

describe('opening', () => {
  test('the metadata is asked for while the program is still on its way', async () => {
    let release: (value?: unknown) => void = () => undefined;
    server.rule({ path: kProgram, until: new Promise((resolve) => (release = resolve)) });
    const { page } = await openViewerPage(browser, `${server.url}/?source=${encodeURIComponent(`${server.url}/data/v3`)}`);
    await until('the metadata is answered', () => server.log.some(({ path, finished }) => path === '/data/v3/zarr.json' && finished !== undefined));
    assert.equal(server.log.find(({ path }) => kProgram.test(path))?.status, 0);
    release();
    assert.equal((await settled(page)).stage, 'showing');
    assert.equal(server.log.filter(({ path }) => path === '/data/v3/zarr.json').length, 1, 'and not again');
    await page.context().close();
  });

  for (const name of ['v2', 'v3']) {
    test(`${name}: three round trips or fewer before the first chunk, and nothing asked for twice`, async () => {
      server.rule({ path: /^\/data\//, delayMs: 150 });
      const { page } = await openEmbedPage(browser, server, { src: `${server.url}/data/${name}` });
      await settled(page);
      const data = server.log.filter(isData);
      const first = data.find(isChunk);
      assert.ok(first);
      const trips = roundTripsBefore(first, data);
      assert.ok(trips <= 3, `${trips}: ${data.filter(({ started }) => started <= first.started).map(({ path, started, finished }) => `${path} ${started | 0}–${(finished ?? 0) | 0}`).join(', ')}`);
      const paths = data.map(({ method, path }) => `${method} ${path}`);
      assert.deepEqual(paths.filter((path, i) => paths.indexOf(path) !== i), []);
      await page.context().close();
    });
  }

  test('the coarse level is asked for first, then the middle of the fine one', async () => {
    const { page } = await openEmbedPage(browser, server, { src: `${server.url}/data/v3` });
    await settled(page);
    const chunks = server.log.filter(isData).filter(({ path }) => path.startsWith('/data/v3/s') && isChunk({ path } as LogEntry)).map(({ path }) => path.slice('/data/v3/'.length));
    const fine = chunks.findIndex((path) => path.startsWith('s0/'));
    assert.ok(fine > 0, String(chunks));
    const distance = (path = ''): number => {
      const [, , , y = 0, x = 0] = path.split('/').map(Number);
      return Math.hypot((y + 0.5) * 64 - 200, (x + 0.5) * 64 - 250);
    };
    const finest = chunks.filter((path) => path.startsWith('s0/'));
    const half = finest.length / 2;
    const mean = (paths: readonly string[]): number => paths.reduce((sum, path) => sum + distance(path), 0) / paths.length;
    assert.ok(mean(finest.slice(0, half)) < mean(finest.slice(half)), 'the middle comes first');
    await page.context().close();
  });

  test('only the data and our own files are asked for', async () => {
    const { page } = await openViewerPage(browser, 'about:blank');
    const asked: string[] = [];
    page.context().on('request', (request) => asked.push(request.url()));
    await page.goto(`${server.url}/?source=${encodeURIComponent(`${server.url}/data/v3`)}`);
    await settled(page);
    // The study's metadata is looked for in the image's folder and beside it.
    const data = (path: string): boolean => path.startsWith('/data/v3/') || path === '/data/ro-crate-metadata.json';
    const own = /^\/(page\.css|page\.js|live\.js|face\.js|study_tab\.js|shared-\w+\.js|mifascope\.wasm|loader_worker\.js)?$/;
    const strange = asked.filter((url) => {
      const { origin, pathname, protocol } = new URL(url);
      return protocol !== 'data:' && (origin !== server.url || !(own.test(pathname) || data(pathname)));
    });
    assert.deepEqual(strange, []);
    // And by the server's book, which also sees what workers ask for.
    assert.deepEqual(server.log.filter(({ path }) => !own.test(path) && !data(path)).map(({ path }) => path), []);
    assert.deepEqual(await page.context().cookies(), []);
    assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
    await page.context().close();
  });
});

describe('moving', () => {
  test('panning away aborts what is on its way', async () => {
    // So small that the coarse level is enough at first.
    const { page } = await openEmbedPage(browser, server, { width: 180, height: 140 });
    await open(page, `${server.url}/data/v3`);
    server.clear();
    let release: (value?: unknown) => void = () => undefined;
    server.rule({ path: /\/v3\/s0\/c\//, until: new Promise((resolve) => (release = resolve)) });
    const pan = (u: number, v: number): Promise<void> => page.evaluate(([u, v]) => viewerPage.viewer().update((raw) => raw._lookAt(u, v, 1 / 8)), [u, v] as const);
    const under = (): LogEntry[] => server.log.filter((entry) => isChunk(entry) && entry.path.includes('/s0/') && entry.finished === undefined);
    await pan(30, 30);
    await until('requests are on their way', () => under().length > 0);
    const first = under();
    await pan(480, 380);
    await until('they are aborted', () => first.every(({ finished, aborted }) => finished !== undefined && aborted));
    await until('others are on their way', () => under().length > 0);
    assert.ok(server.maxInFlight <= 12, `${server.maxInFlight} at once`);
    release();
    const state = await settled(page);
    assert.deepEqual(state.chunkFailures, []);
    await page.context().close();
  });

  test('going back costs no request', async () => {
    const { page } = await openEmbedPage(browser, server);
    const { view } = await open(page, `${server.url}/data/v3`);
    assert.ok(view);
    await look(page, 100, 100, 0.5);
    await look(page, 300, 200, 1);
    server.clear();
    await look(page, 100, 100, 0.5);
    await look(page, ...view.center, view.worldPerPixel);
    assert.deepEqual(server.log.filter(isData).map(({ path }) => path), []);
    await page.context().close();
  });

  test('another dataset: what the last one waits for is aborted, and its answers are dropped', async () => {
    const { page } = await openEmbedPage(browser, server);
    let release: (value?: unknown) => void = () => undefined;
    server.rule({ path: /\/v2\/s\d\/\d/, until: new Promise((resolve) => (release = resolve)) });
    await page.evaluate((src) => viewerPage.scope().setAttribute('src', src), `${server.url}/data/v2`);
    await until('chunks are on their way', () => server.log.some(({ path }) => /\/v2\/s\d\/\d/.test(path)));
    const state = await open(page, `${server.url}/data/v3`);
    assert.equal(state.zarrFormat, 3);
    await until('they are aborted', () => server.log.filter((entry) => /\/v2\/s\d\/\d/.test(entry.path)).every(({ aborted }) => aborted));
    release();
    await page.context().close();
  });
});

test('an idle page draws nothing and asks for nothing', async () => {
  const { page } = await openEmbedPage(browser, server);
  await open(page, `${server.url}/data/v3`, 1);
  const frames = (): Promise<number> => page.evaluate(() => viewerPage.viewer().framesDrawn);
  // Samples for the contrast may still be on their way: idle is when two looks see the same.
  let last = -1;
  await until('it has come to rest', async () => {
    await page.evaluate(() => viewerPage.frames(20));
    const now = await frames();
    const same = now === last;
    last = now;
    return same;
  });
  server.clear();
  await page.waitForTimeout(1500);  // The one fixed time here: it is what is tested.
  assert.equal(await frames(), last);
  assert.deepEqual(server.log.map(({ path }) => path), []);
  await page.context().close();
});

test('memory stays within its budgets over 150 moves through 340 MiB of image', async () => {
  const shape = [2, 8192, 8192] as const;
  const levels = pyramid({ zarr: 3, dataType: 'uint16', shape, chunks: [1, 1024, 1024], count: 4, factor: 2, value: () => 0, skip: () => true });
  writeImage(files, 'large', { axes: 'cyx', levels, channels: [{ color: 'FF0000', window: [0, 65535] }, { color: '00FF00', window: [0, 65535] }] });
  const noise = new Uint8Array(2 * kMebibyte);
  for (let i = 0; i < noise.length; ++i) noise[i] = Math.imul(i, 2654435761) >>> 24;
  levels.forEach((level, i) => {
    const across = (level.shape[2] ?? 0) / 1024;
    for (const c of [0, 1]) for (let y = 0; y < across; ++y) for (let x = 0; x < across; ++x) files.set(`large/s${i}/c/${c}/${y}/${x}`, noise);
  });
  const { page } = await openEmbedPage(browser, server);
  await open(page, `${server.url}/data/large`);
  const peaks = await page.evaluate(async () => {
    let decodedBytes = 0;
    let gpuBytes = 0;
    for (let step = 0; step < 150; ++step) {
      const zoom = [1, 1, 2, 1, 4, 1, 0.5, 12][step % 8] ?? 1;
      viewerPage.viewer().update((raw) => raw._lookAt((step * 1613) % 8192, (step * 2749) % 8192, zoom));
      // Some moves are cut short by the next one.
      if (step % 3 === 0) await viewerPage.frames(2);
      else await viewerPage.settled();
      const { memory } = viewerPage.viewer().state;
      decodedBytes = Math.max(decodedBytes, memory?.decodedBytes ?? 0);
      gpuBytes = Math.max(gpuBytes, memory?.gpuBytes ?? 0);
    }
    return { decodedBytes, gpuBytes };
  });
  assert.ok(peaks.decodedBytes <= 256 * kMebibyte && peaks.gpuBytes <= 256 * kMebibyte, JSON.stringify(peaks));
  assert.ok(peaks.decodedBytes > 200 * kMebibyte, `the budget was not put to the test: ${JSON.stringify(peaks)}`);
  for (const key of [...files.keys()]) if (key.startsWith('large/')) files.delete(key);
  await page.context().close();
});
