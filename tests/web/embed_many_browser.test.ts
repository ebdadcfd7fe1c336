// Twenty <mifa-scope> on one page: fewer WebGL contexts than elements, nothing asked for before it is near
// the viewport, and every one of them with its picture.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { openEmbedPage, serveViewer, until, type PageGlobals } from './browser.ts';
import { pyramid, writeImage, type Files } from './datasets.ts';
import { openBrowser } from './harness.ts';
import type { TestServer } from './server.mjs';

const { viewerPage } = globalThis as unknown as PageGlobals;
const kCount = 20;

const files: Files = new Map();
let server: TestServer;
let browser: Browser;

before(async () => {
  for (let i = 0; i < kCount; ++i) {
    const levels = pyramid({ zarr: 3, dataType: 'uint8', shape: [200, 300], chunks: [128, 128], count: 1, factor: 2, value: ([y = 0, x = 0]) => (x * (i + 1) + y) % 251 });
    writeImage(files, `image${i}`, { axes: 'yx', levels, channels: [{ color: 'FFFFFF', window: [0, 250] }] });
  }
  server = await serveViewer([{ prefix: '/data/', files }], {});
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

test('twenty elements: each is asked for when it comes near, has its picture, and at most eight have a context', async () => {
  const { page, complaints } = await openEmbedPage(browser, server);
  await page.evaluate(
    ([url, count]) => {
      document.querySelectorAll('mifa-scope').forEach((element) => element.remove());
      for (let i = 0; i < count; ++i) {
        const scope = document.createElement('mifa-scope');
        scope.style.height = '300px';
        scope.style.marginBottom = '20px';
        scope.setAttribute('src', `${url}/data/image${i}`);
        document.body.append(scope);
      }
    },
    [server.url, kCount] as const,
  );
  const opened = (): number => new Set(server.log.map(({ path }) => /\/data\/image(\d+)\//.exec(path)?.[1]).filter(Boolean)).size;
  await until('the first is there', () => page.evaluate(() => viewerPage.scope(0).state?.missingTiles === 0));
  assert.ok(opened() < 8, `asked for ${opened()} of ${kCount} at the top of the page`);
  const live = (): Promise<number> =>
    page.evaluate(() => [...document.querySelectorAll('mifa-scope')].filter(({ viewer }) => viewer && !viewer.suspended).length);
  for (let i = 0; i < kCount; ++i) {
    await page.evaluate((i) => viewerPage.scope(i).scrollIntoView({ block: 'center' }), i);
    await until(`number ${i} is drawn`, () => page.evaluate((i) => viewerPage.scope(i).state?.missingTiles === 0 && viewerPage.scope(i).state?.outstanding === 0, i));
    assert.ok((await live()) <= 8);
  }
  assert.equal(opened(), kCount);

  // Back at the top: what was lent shows its picture at once, and is drawn again.
  const still = await page.evaluate(() => {
    const canvas = viewerPage.scope(0).shadowRoot?.querySelector<HTMLCanvasElement>('.still');
    const bytes = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    return new Set(bytes).size;
  });
  assert.ok(still > 100, `the kept picture has ${still} values`);
  await page.evaluate(() => viewerPage.scope(0).scrollIntoView({ block: 'center' }));
  await until('the first is live again', () =>
    page.evaluate(() => viewerPage.viewer(0).suspended === false && viewerPage.scope(0).shadowRoot?.querySelector('.still') === null));
  assert.ok((await page.evaluate(() => viewerPage.fingerprint(0).colors)) > 100);
  assert.ok((await live()) <= 8);

  // Nobody does anything: nothing is drawn.
  const frames = (): Promise<number> =>
    page.evaluate(() => [...document.querySelectorAll('mifa-scope')].reduce((sum, { viewer }) => sum + (viewer?.framesDrawn ?? 0), 0));
  let last = -1;
  await until('all are at rest', async () => {
    await page.evaluate(() => viewerPage.frames(20));
    const now = await frames();
    const same = now === last;
    last = now;
    return same;
  });
  server.clear();
  await page.waitForTimeout(1000);
  assert.equal(await frames(), last);
  assert.deepEqual(server.log, []);
  assert.deepEqual(complaints.filter((text) => !/CONTEXT_LOST_WEBGL|context lost/i.test(text)), []);
  await page.context().close();
});

test('a poster is shown until the first picture', async () => {
  const { page } = await openEmbedPage(browser, server);
  let release: (value?: unknown) => void = () => undefined;
  server.rule({ path: /\/image3\/s0\/c/, until: new Promise((resolve) => (release = resolve)) });
  const poster = (): Promise<boolean> => page.locator('mifa-scope .poster').isVisible();
  await page.evaluate((url) => {
    const scope = viewerPage.scope(0);
    scope.setAttribute('poster', `${url}/data/poster.png`);
    scope.setAttribute('src', `${url}/data/image3`);
  }, server.url);
  await until('its metadata is read', () => page.evaluate(() => viewerPage.scope(0).state?.stage === 'showing'));
  assert.equal(await poster(), true);
  release();
  await until('it is gone', async () => !(await poster()));
  await page.context().close();
});
