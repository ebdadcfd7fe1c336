// Browsers that lack something: without WebGL 2 a still picture and why; without WebAssembly's SIMD the poster
// and a sentence. The page around it works all the same.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { openViewerPage, serveViewer, until, type PageGlobals } from './browser.ts';
import { pyramid, writeImage, type Files } from './datasets.ts';
import type { TestServer } from './server.mjs';

const { viewerPage } = globalThis as unknown as PageGlobals;

const files: Files = new Map();
let server: TestServer;
let browser: Browser;

before(async () => {
  const levels = pyramid({ zarr: 3, dataType: 'uint16', shape: [3, 2, 300, 400], chunks: [1, 1, 128, 128], count: 2, factor: 2, value: ([z = 0, c = 0, , x = 0]) => (c ? (x < 200 ? 100 : 0) : 50 * z) });
  writeImage(files, 'image', { axes: 'zcyx', levels, channels: [{ color: 'FF0000', window: [0, 100] }, { color: '00FF00', window: [0, 100] }] });
  // A grey pixel.
  files.set('poster.png', Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==', 'base64'));
  server = await serveViewer([{ prefix: '/data/', files }]);
  browser = await chromium.launch({ executablePath: process.env['MIFASCOPE_CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-3d-apis', '--disable-dev-shm-usage'] });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

async function element(page: Page, attributes: Record<string, string>): Promise<void> {
  await page.evaluate((attributes) => {
    const scope = document.createElement('mifa-scope');
    for (const [name, value] of Object.entries(attributes)) scope.setAttribute(name, value);
    document.querySelector('main')?.append(scope);
  }, attributes);
}

const pixel = (page: Page, x: number, y: number): Promise<number[]> => page.evaluate(([x, y]) => {
  const canvas = viewerPage.canvas();
  return [...(canvas.getContext('2d')?.getImageData(Math.floor(canvas.width * x), Math.floor(canvas.height * y), 1, 1).data ?? [])].slice(0, 3);
}, [x, y] as const);

test('without WebGL 2 the coarsest level is a still picture, and it is said why', async () => {
  const { page, complaints } = await openViewerPage(browser, `${server.url}/embed/`);
  await element(page, { src: `${server.url}/data/image` });
  await until('it is said', async () => (await page.locator('mifa-scope .remark').innerText()).startsWith('A still picture at the coarsest resolution: this browser has no WebGL 2.'));
  await until('the picture is there', async () => (await pixel(page, 0.3, 0.5))[1] === 255);
  assert.deepEqual(await pixel(page, 0.3, 0.5), [128, 255, 0]);
  assert.deepEqual(await pixel(page, 0.7, 0.5), [128, 0, 0]);
  // It follows the position and the channels.
  await page.evaluate(() => viewerPage.scope().setView({ position: { z: 0 } }));
  await until('the slice is another', async () => (await pixel(page, 0.3, 0.5))[0] === 0);
  // And everything else works.
  const state = await page.evaluate(() => viewerPage.scope().state);
  assert.deepEqual([state?.stage, state?.dataType, state?.failure], ['showing', 'uint16', null]);
  assert.deepEqual(await page.evaluate(async () => Array.from((await viewerPage.scope().readRegion({ x: 199, y: 0, width: 2, height: 1, channels: [1] })).data as Uint16Array)), [100, 0]);
  assert.ok((await page.evaluate(async () => (await viewerPage.scope().screenshot())?.size ?? 0)) > 500);
  await page.evaluate(() => viewerPage.scope().remove());
  await page.context().close();
  // Reading the picture back so often is this test's doing.
  assert.deepEqual(complaints.filter((text) => !text.includes('willReadFrequently')), []);
});

test('the stand-alone page shows its facts beside the still picture', async () => {
  const { page } = await openViewerPage(browser, `${server.url}/?source=${server.url}/data/image`);
  await page.locator('#details').getByText('uint16').first().waitFor();
  await until('the picture is there', async () => (await pixel(page, 0.3, 0.5))[1] === 255);
  await page.context().close();
});

test('without SIMD the poster stays, and it is said why', async () => {
  const { page } = await openViewerPage(browser, 'about:blank');
  // What such a browser answers to the program.
  await page.addInitScript(() => {
    const refuse = (): Promise<never> => Promise.reject(new WebAssembly.CompileError('Wasm SIMD unsupported'));
    Object.assign(WebAssembly, { compile: refuse, compileStreaming: refuse });
  });
  await page.goto(`${server.url}/embed/`);
  await element(page, { src: `${server.url}/data/image`, poster: `${server.url}/data/poster.png` });
  const failure = page.locator('mifa-scope .failure');
  await failure.getByText('This cannot be shown here').waitFor();
  assert.match(await failure.innerText(), /received something that this browser does not compile \(CompileError: Wasm SIMD unsupported\).*the browser is older than 2023/);
  assert.equal(await page.locator('mifa-scope .poster').isVisible(), true);
  assert.equal(await failure.evaluate((part) => getComputedStyle(part).backgroundColor), 'rgba(0, 0, 0, 0)');
  await page.context().close();
});
