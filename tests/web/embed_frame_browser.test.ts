// embed.html in a page of another origin: what is asked by message and answered, by whom and to whom;
// and views that are carried by links.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { open, openEmbedPage, openViewerPage, serveViewer, settled, until, type PageGlobals } from './browser.ts';
import { pyramid, writeImage, type Files } from './datasets.ts';
import { openBrowser } from './harness.ts';
import type { TestServer } from './server.mjs';

const { viewerPage } = globalThis as unknown as PageGlobals;

const files: Files = new Map();
let server: TestServer;
let browser: Browser;

before(async () => {
  const levels = pyramid({ zarr: 3, dataType: 'uint8', shape: [3, 2, 300, 400], chunks: [1, 1, 128, 128], count: 2, factor: 2, value: ([z = 0, c = 0, y = 0, x = 0]) => (c ? x : y + 30 * z) % 200 });
  writeImage(files, 'image', { axes: 'zcyx', levels, channels: [{ color: 'FF00FF', window: [0, 200] }, { color: '00FF00', window: [0, 200] }] });
  files.set('cells.geojson', JSON.stringify({ type: 'Feature', properties: { classification: { name: 'tumour' } }, geometry: { type: 'Point', coordinates: [20, 30] } }));
  const host = '<!doctype html><title>A repository</title><body></body>';
  files.set('host.html', new TextEncoder().encode(host));
  server = await serveViewer([{ prefix: '/data/', files }], {});
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

type Message = { id?: number; request?: number; event?: string; result?: unknown; error?: { code: string; message: string; advice: string }; detail?: { stage?: string } };

/** A page of another origin ("localhost" for "127.0.0.1") with the frame in it, and how to ask it. */
async function frameIn(page: Page, query: string): Promise<void> {
  await page.goto(`${server.url.replace('127.0.0.1', 'localhost')}/data/host.html`);
  await page.evaluate((src) => {
    const heard: unknown[] = [];
    Object.assign(globalThis, { heard });
    addEventListener('message', ({ data }) => heard.push(data));
    const frame = document.createElement('iframe');
    frame.src = src;
    frame.width = '600';
    frame.height = '400';
    document.body.append(frame);
  }, `${server.url}/embed.html${query}`);
}

function heard(page: Page): Promise<Message[]> {
  return page.evaluate(() => (globalThis as unknown as { heard: Message[] }).heard.slice());
}

async function ask(page: Page, id: number, message: Record<string, unknown>): Promise<Message> {
  await page.evaluate((message) => {
    const frame = document.querySelector('iframe');
    frame?.contentWindow?.postMessage(message, new URL(frame.src).origin);
  }, { mifascope: 1, id, ...message });
  let answer: Message | undefined;
  await until(`message ${id} is answered`, async () => Boolean((answer = (await heard(page)).find((each) => each.id === id))));
  return answer as Message;
}

describe('the frame', () => {
  test('a vizarr link shows its image, tells of it, and does what it is asked', async () => {
    const page = await browser.newPage();
    await frameIn(page, `?source=${server.url}/data/image`);
    await until('it is ready', async () => (await heard(page)).some(({ event }) => event === 'ready'));
    await until('the view is complete', async () => {
      const { result } = await ask(page, Math.random(), { verb: 'getState' });
      return (result as { missingTiles: number }).missingTiles === 0;
    });
    assert.deepEqual((await ask(page, 1, { verb: 'setPosition', argument: { axis: 'z', index: 2 } })).error, undefined);
    await ask(page, 2, { verb: 'setChannel', argument: { index: 0, visible: false, window: [10, 90] } });
    const view = (await ask(page, 3, { verb: 'getView' })).result as { position: unknown; channels: { visible: boolean; window: number[] }[] };
    assert.deepEqual(view.position, { z: 2 });
    assert.deepEqual(view.channels[0], { visible: false, color: 0xff00ff, window: [10, 90], opacity: 1 });
    assert.ok(((await page.evaluate(() => (globalThis as unknown as { heard: Message[] }).heard.length)) as number) > 3);
    await page.context().close();
  });

  test('pixels, objects, a file and a check are given by message, and cancelled', async () => {
    const page = await browser.newPage();
    await frameIn(page, `?source=${server.url}/data/image&annotation=${server.url}/data/cells.geojson`);
    await until('it is ready', async () => (await heard(page)).some(({ event }) => event === 'ready'));
    const region = (await ask(page, 1, { verb: 'readRegion', argument: { level: 1, x: 2, y: 3, width: 2, height: 1, channels: [1] } })).result as { data: Record<string, number>; shape: number[]; dtype: string };
    assert.deepEqual([Object.values(region.data), region.shape, region.dtype], [[4, 6], [1, 1, 1, 2], 'uint8']);
    assert.ok((await heard(page)).some(({ event, request }) => event === 'progress' && request === 1));
    assert.deepEqual((await ask(page, 2, { verb: 'readRegion', argument: { level: 9 } })).error, { code: 'bad-argument', message: 'Expected level as a number from 0 to 1, received 9.', advice: 'See readRegion in docs/embed.md.' });
    const { objects } = (await ask(page, 3, { verb: 'queryAnnotations', argument: { bbox: [0, 0, 50, 50] } })).result as { objects: { category: string }[] };
    assert.deepEqual(objects.map(({ category }) => category), ['tumour']);
    await ask(page, 4, { verb: 'saveRegion' });
    const sizes = await page.evaluate(() => (globalThis as unknown as { heard: { id?: number; result?: Blob }[] }).heard.filter(({ id, result }) => id === 4 && result).map(({ result }) => result?.size ?? 0));
    assert.ok((sizes[0] ?? 0) > 2 * 300 * 400, String(sizes));
    assert.equal(((await ask(page, 5, { verb: 'validate' })).result as { verdict: string }).verdict, 'invalid', 'z before c');
    await page.evaluate(() => {
      const frame = document.querySelector('iframe');
      for (const message of [{ id: 6, verb: 'readRegion', argument: { z: [0, 3] } }, { id: 7, verb: 'cancel', argument: { id: 6 } }]) frame?.contentWindow?.postMessage({ mifascope: 1, ...message }, new URL(frame.src).origin);
    });
    await until('it is cancelled', async () => (await heard(page)).find(({ id, error }) => id === 6 && error)?.error?.code === 'aborted');
    await page.context().close();
  });

  test('what it cannot do it answers with code, message and advice', async () => {
    const page = await browser.newPage();
    await frameIn(page, '');
    await until('the frame listens', async () => (await heard(page)).some(({ event }) => event === 'listening'));
    assert.equal((await ask(page, 0, { verb: 'setPosition', argument: { axis: 'z', index: 1 } })).error?.code, 'not-ready');
    const unknown = await ask(page, 1, { verb: 'dance' });
    assert.equal(unknown.error?.code, 'unknown-verb');
    assert.match(unknown.error?.message ?? '', /Expected one of load, getState, .*cancel, received "dance"/);
    assert.match((await ask(page, 2, { verb: 'load', argument: { url: 'x' } })).error?.message ?? '', /Expected \{source: the address of an image\}/);
    assert.match((await ask(page, 3, { mifascope: 9, verb: 'getState' })).error?.message ?? '', /version 1, received 9/);
    await ask(page, 4, { verb: 'load', argument: { source: `${server.url}/data/image` } });
    await until('it is ready', async () => (await heard(page)).some(({ event }) => event === 'ready'));
    assert.match((await ask(page, 5, { verb: 'setPosition', argument: { axis: 't', index: 1 } })).error?.message ?? '', /an axis with a slider \(z\), received "t"/);
    await page.context().close();
  });

  test('a page of an origin that is not the named one is neither heard nor told', async () => {
    const page = await browser.newPage();
    await frameIn(page, `?origin=https://archive.example&source=${server.url}/data/image`);
    const frame = (): ReturnType<Page['frames']>[number] | undefined => page.frames()[1];
    await until('the image is there', async () => Boolean(await frame()?.evaluate(() => document.querySelector('mifa-scope')?.state?.missingTiles === 0)));
    await page.evaluate(() => {
      const frame = document.querySelector('iframe');
      frame?.contentWindow?.postMessage({ mifascope: 1, id: 1, verb: 'getState' }, '*');
    });
    await frame()?.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
    assert.deepEqual(await heard(page), []);
    await page.context().close();
  });
});

describe('a view', () => {
  const shot = { position: { z: 1 }, view: { center: [150, 100], worldPerPixel: 0.5 }, channels: [{ visible: true, color: 0xff0000, window: [0, 100], opacity: 1 }, { visible: false, color: 0x00ff00, window: [0, 200], opacity: 1 }], smooth: false } as const;

  test('set on an element before its image is there, and read back', async () => {
    const { page } = await openEmbedPage(browser, server);
    await page.evaluate((view) => viewerPage.scope().setView(view), shot);
    await open(page, `${server.url}/data/image`);
    assert.deepEqual(await page.evaluate(() => viewerPage.scope().getView()), shot);
    await page.context().close();
  });

  test('copied as a link, it is shown by whoever follows it', async () => {
    const { page } = await openViewerPage(browser, `${server.url}/?source=${server.url}/data/image`);
    await settled(page);
    await page.evaluate((view) => viewerPage.scope().setView(view), shot);
    await settled(page);
    await page.click('#share');
    await until('the link is in the address', () => page.evaluate(() => location.search.includes('view=1.')));
    const link = page.url();
    await page.context().close();
    const other = await openViewerPage(browser, link);
    await settled(other.page);
    await until('the view is the same', async () => JSON.stringify(await other.page.evaluate(() => viewerPage.scope().getView())) === JSON.stringify(shot));
    await other.page.context().close();
  });

  test('a cut link shows the image as it is, and says so', async () => {
    const { page } = await openEmbedPage(browser, server);
    const told = page.evaluate(() => new Promise((resolve) => viewerPage.scope().addEventListener('error', (event) => resolve((event as unknown as CustomEvent<{ message: string }>).detail.message), { once: true })));
    await page.evaluate(() => viewerPage.scope().setAttribute('view', '1.q1YqVLJSMlSq'));
    assert.match(String(await told), /The link was cut or changed/);
    assert.equal((await open(page, `${server.url}/data/image`)).stage, 'showing');
    await page.context().close();
  });
});
