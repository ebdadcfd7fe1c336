// <mifa-scope> as a guest: several on a page, added, removed, moved, hidden, its context lost, under
// a strict Content-Security-Policy.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { addElement, open, openEmbedPage, openViewerPage, serveViewer, settled, until, type PageGlobals } from './browser.ts';
import { pyramid, writeImage, type Files } from './datasets.ts';
import { openBrowser } from './harness.ts';
import type { TestServer } from './server.mjs';

const { viewerPage } = globalThis as unknown as PageGlobals;

const kPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src *; worker-src 'self'; img-src 'self' data:";

const files: Files = new Map();
let server: TestServer;
let browser: Browser;
let src: string;

before(async () => {
  const levels = pyramid({ zarr: 3, dataType: 'uint8', shape: [2, 300, 400], chunks: [1, 128, 128], count: 2, factor: 2, value: ([c = 0, y = 0, x = 0]) => (c ? x : y) % 200 });
  const mask = pyramid({ zarr: 3, dataType: 'uint16', shape: [300, 400], chunks: [128, 128], count: 2, factor: 2, value: ([y = 0, x = 0]) => Math.floor(x / 40) * (y < 150 ? 1 : 0) });
  writeImage(files, 'image', { axes: 'cyx', levels, labels: [{ name: 'cells', levels: mask }], channels: [{ color: 'FF00FF', window: [0, 200] }, { color: '00FF00', window: [0, 200] }] });
  server = await serveViewer([{ prefix: '/data/', files }], { 'Content-Security-Policy': kPolicy });
  src = `${server.url}/data/image`;
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(() => server.clear());

const fingerprint = (page: Page, index = 0): Promise<{ hash: number; colors: number }> => page.evaluate((index) => viewerPage.fingerprint(index), index);

/** Frames until two looks at the picture see the same: the controls have settled too. */
async function calm(page: Page, index = 0): Promise<{ hash: number; colors: number }> {
  let last = await fingerprint(page, index);
  await until('the picture is calm', async () => {
    await page.evaluate(() => viewerPage.frames(10));
    const now = await fingerprint(page, index);
    const same = now.hash === last.hash;
    last = now;
    return same;
  });
  return last;
}

describe('under a strict Content-Security-Policy', () => {
  for (const [name, path] of [['the stand-alone page', '/?source='], ['the element in a page', '/embed/']] as const) {
    test(name, async () => {
      const { page, complaints } = await openViewerPage(browser, `${server.url}${path}${path.endsWith('=') ? encodeURIComponent(src) : ''}`);
      if (path === '/embed/') await addElement(page, { src });
      const state = await settled(page);
      assert.equal(state.stage, 'showing');
      assert.ok((await calm(page)).colors > 100);
      // Its failures, too, and what they are drawn with.
      server.rule({ path: /\/s0\/c\/0\/0\/0/, status: 403 });
      await open(page, `${src}?again`);
      await until('the note is there', () => page.locator('mifa-scope .note').isVisible());
      await open(page, `${server.url}/data/nowhere`);
      assert.equal(await page.locator('mifa-scope .failure').isVisible(), true);
      assert.deepEqual(complaints, []);
      await page.context().close();
    });
  }
});

test('the context is lost and given back: the same picture', async () => {
  const { page, complaints } = await openEmbedPage(browser, server);
  await open(page, src, 1);
  const before = await calm(page);
  server.clear();
  for (let round = 0; round < 2; ++round) {
    await page.evaluate(async () => {
      const canvas = viewerPage.canvas();
      const extension = canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context');
      const event = (name: string): Promise<unknown> => new Promise((resolve) => canvas.addEventListener(name, resolve, { once: true }));
      const lost = event('webglcontextlost');
      extension?.loseContext();
      await lost;
      // A move meanwhile must not break anything.
      canvas.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' }));
      canvas.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft' }));
      await viewerPage.frames(2);
      const restored = event('webglcontextrestored');
      extension?.restoreContext();
      await restored;
    });
    await page.evaluate(() => viewerPage.viewer().update((raw) => raw._fit()));
    await settled(page);
    assert.deepEqual(await calm(page), before);
  }
  // The elements were at hand: only the GPU had forgotten them.
  assert.deepEqual(server.log.map(({ path }) => path), []);
  assert.deepEqual(complaints.filter((text) => !/CONTEXT_LOST_WEBGL|context lost/i.test(text)), []);
  await page.context().close();
});

describe('life', () => {
  test('two elements on one page, each with its own', async () => {
    const { page, complaints } = await openEmbedPage(browser, server);
    await addElement(page, { width: 320, height: 240 });
    await page.evaluate(([src]) => Promise.all([viewerPage.open(src, { index: 0 }), viewerPage.open(src, { index: 1 })]), [src] as const);
    const [first, second] = [await calm(page, 0), await calm(page, 1)];
    assert.ok(first.colors > 100 && second.colors > 100);
    await page.evaluate(() => viewerPage.viewer(1).update((raw) => raw._setChannel(0, false, 0, 0, 0, 1)));
    await settled(page);
    assert.notDeepEqual(await calm(page, 1), second);
    assert.deepEqual(await calm(page, 0), first);
    // One of them gone, the other one lives.
    await page.evaluate(() => viewerPage.scope(1).remove());
    await page.evaluate(() => viewerPage.viewer(0).update((raw) => raw._lookAt(100, 100, 0.3)));
    await settled(page);
    assert.notDeepEqual(await calm(page, 0), first);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test('removed and added again, moved to another place, many times: no worker is left over', async () => {
    const { page, complaints } = await openEmbedPage(browser, server, { src });
    await settled(page);
    const workers = page.workers().length;
    assert.ok(workers >= 1);
    for (let round = 0; round < 12; ++round) {
      await page.evaluate(async (round) => {
        const element = viewerPage.scope();
        element.remove();
        // At once, or later.
        if (round % 2 === 0) await viewerPage.frames(3);
        document.querySelector('main')?.append(element);
      }, round);
      if (round % 4 === 0) assert.equal((await settled(page)).stage, 'showing');
    }
    assert.equal((await settled(page)).stage, 'showing');
    assert.ok((await calm(page)).colors > 100);
    assert.equal(page.workers().length, workers);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test('removed while the program loads, while metadata and while chunks are read', async () => {
    for (const path of [/\.wasm$/, '/data/image/zarr.json', /\/image\/s\d\/c\//]) {
      server.clear();
      let release: (value?: unknown) => void = () => undefined;
      server.rule({ path, until: new Promise((resolve) => (release = resolve)) });
      const { page, complaints } = await openEmbedPage(browser, server, { src });
      const matching = (): typeof server.log => server.log.filter((entry) => (typeof path === 'string' ? entry.path === path : path.test(entry.path)));
      await until(`${path} is asked for`, () => matching().length > 0);
      await page.evaluate(() => viewerPage.scope().remove());
      if (!String(path).includes('wasm')) await until(`requests for ${path} are aborted`, () => matching().every(({ aborted }) => aborted), 20_000);
      release();
      await page.evaluate(() => viewerPage.frames(10));
      // The page is as good as new.
      server.clear();
      await addElement(page, { src });
      assert.equal((await settled(page)).stage, 'showing');
      assert.deepEqual(complaints, []);
      await page.context().close();
    }
  });

  test('hidden at first and shown later, and resized', async () => {
    const { page, complaints } = await openEmbedPage(browser, server);
    await page.evaluate(() => (viewerPage.scope().style.display = 'none'));
    await page.evaluate((src) => viewerPage.scope().setAttribute('src', src), src);
    await until('it has opened', () => page.evaluate(() => viewerPage.scope().viewer?.state.stage === 'showing'));
    await page.evaluate(() => (viewerPage.scope().style.display = ''));
    await until('it has its size', () => page.evaluate(() => viewerPage.canvas().width === 480));
    await settled(page);
    const { colors } = await calm(page);
    assert.ok(colors > 100, `${colors} colours`);
    await page.evaluate(() => (viewerPage.scope().style.width = '700px'));
    await until('it has its new size', () => page.evaluate(() => viewerPage.canvas().width === 700));
    const state = await settled(page);
    assert.equal(state.stage, 'showing');
    assert.ok((await calm(page)).colors > 100);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test('nothing global is left behind but the element\'s name', async () => {
    const { page } = await openViewerPage(browser, `${server.url}/embed/`);
    await page.evaluate(() => customElements.whenDefined('mifa-scope'));
    const before = new Set(await page.evaluate(() => Object.getOwnPropertyNames(globalThis)));
    await addElement(page, { src });
    await settled(page);
    const now = await page.evaluate(() => Object.getOwnPropertyNames(globalThis));
    assert.deepEqual(now.filter((name) => !before.has(name)), []);
    await page.context().close();
  });
});
