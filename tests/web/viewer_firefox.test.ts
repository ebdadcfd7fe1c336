// What a visitor with Firefox sees: the page, the element in a page of another origin, the frame, a copied link,
// dropped files; and the still picture where WebGL is switched off.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'puppeteer-core';
import { serveViewer, until, type PageGlobals } from './browser.ts';
import { pyramid, writeImage, type Files } from './datasets.ts';
import { noFirefox, openFirefox, openFirefoxPage, type Firefox } from './firefox.ts';
import type { TestServer } from './server.mjs';

const { viewerPage } = globalThis as unknown as PageGlobals;

const files: Files = new Map();
let server: TestServer;
let firefox: Firefox;

const kPolicy = (origin: string): string => `default-src 'none'; img-src data:; script-src ${origin} 'wasm-unsafe-eval'; worker-src ${origin} blob:; connect-src ${origin}`;

before(async () => {
  if (noFirefox) return;
  const levels = pyramid({ zarr: 3, dataType: 'uint16', shape: [3, 2, 300, 400], chunks: [1, 1, 128, 128], count: 2, factor: 2, value: ([z = 0, c = 0, , x = 0]) => (c ? (x < 200 ? 100 : 0) : 50 * z) });
  writeImage(files, 'image', { axes: 'zcyx', levels, channels: [{ color: 'FF0000', window: [0, 100], label: 'a' }, { color: '00FF00', window: [0, 100], label: 'b' }] });
  files.set('box.geojson', JSON.stringify({ type: 'Feature', properties: { classification: { name: 'cell' } }, geometry: { type: 'Polygon', coordinates: [[[10, 10], [60, 10], [60, 60], [10, 60], [10, 10]]] } }));
  server = await serveViewer([{ prefix: '/data/', files }]);
  // Pages of another origin than our files: one under a strict policy, and one with the frame.
  files.set('csp/index.html', `<!doctype html><html lang="en"><head><meta http-equiv="Content-Security-Policy" content="${kPolicy(server.url)}"><title>A repository</title><link rel="icon" href="data:,"><script type="module" src="${server.url}/mifascope.js"></script></head><body><mifa-scope src="${server.url}/data/image"></mifa-scope></body></html>`);
  files.set('frame/index.html', `<!doctype html><html lang="en"><head><title>A repository</title></head><body><iframe width="600" height="400" src="${server.url}/embed.html?source=${server.url}/data/image"></iframe></body></html>`);
  firefox = await openFirefox();
});
after(async () => {
  await firefox?.close();
  await server?.close();
});

const away = (path: string): string => `${server.url.replace('127.0.0.1', 'localhost')}/data/${path}`;
const settled = (page: Page): Promise<unknown> => page.evaluate(() => viewerPage.settled());
const colors = (page: Page, places: [number, number][]): Promise<readonly (readonly number[])[]> => page.evaluate((places) => viewerPage.colors(places), places);

function near(found: readonly number[] | undefined, wanted: readonly number[]): void {
  assert.ok(found?.every((value, i) => Math.abs(value - (wanted[i] ?? 0)) <= 3), `${String(found)} is not ${String(wanted)}`);
}

describe('in Firefox', { skip: noFirefox }, () => {
  test('the page shows an image in its colours, with annotations', async () => {
    const { page, complaints } = await openFirefoxPage(firefox, `${server.url}/?source=${server.url}/data/image&annotation=${server.url}/data/box.geojson`);
    await settled(page);
    const [left, right] = await colors(page, [[100, 200], [300, 200]]);
    near(left, [127, 255, 0]);
    near(right, [127, 0, 0]);
    await until('the layer is there', () => page.evaluate(() => viewerPage.scope().state?.annotations.length === 1));
    assert.deepEqual(complaints, []);
    await page.close();
  });

  test('the element works in a page of another origin under a strict policy', async () => {
    const { page, complaints } = await openFirefoxPage(firefox, away('csp/'));
    await settled(page);
    near((await colors(page, [[100, 200]]))[0], [127, 255, 0]);
    assert.deepEqual(await page.evaluate(async () => [...(await viewerPage.scope().readRegion({ x: 199, y: 0, width: 2, height: 1, z: 2 })).data].map(Number)), [100, 100, 100, 0]);
    assert.deepEqual(complaints, []);
    await page.close();
  });

  test('the frame answers its page', async () => {
    const { page } = await openFirefoxPage(firefox, away('frame/'));
    await page.evaluate(() => {
      const heard: unknown[] = [];
      Object.assign(globalThis, { heard });
      addEventListener('message', ({ data }) => heard.push(data));
    });
    const ask = (message: object): Promise<void> => page.evaluate((message) => {
      const frame = document.querySelector('iframe');
      frame?.contentWindow?.postMessage({ mifascope: 1, ...message }, new URL(frame.src).origin);
    }, message);
    // Typed arrays as lists: WebDriver BiDi does not carry them.
    const answer = (id: number): Promise<{ stage?: string; data?: number[] } | undefined> => page.evaluate((id) => {
      const { result } = (globalThis as unknown as { heard: { id?: number; result?: { stage?: string; data?: Uint16Array } }[] }).heard.find((each) => each.id === id) ?? {};
      return result && { ...(result.stage && { stage: result.stage }), ...(result.data && { data: [...result.data] }) };
    }, id);
    await until('it shows the image', async () => {
      const id = Math.floor(Math.random() * 1e9);
      await ask({ id, verb: 'getState' });
      await new Promise((resolve) => setTimeout(resolve, 300));
      return (await answer(id))?.stage === 'showing';
    });
    await ask({ id: -1, verb: 'readRegion', argument: { x: 0, y: 0, width: 1, height: 1, z: 1 } });
    await until('pixels have come', async () => (await answer(-1)) !== undefined);
    assert.deepEqual((await answer(-1))?.data, [50, 100]);
    await page.close();
  });

  test('a copied link shows the same view', async () => {
    const { page } = await openFirefoxPage(firefox, `${server.url}/?source=${server.url}/data/image`);
    await settled(page);
    await page.evaluate(() => viewerPage.scope().setView({ position: { z: 2 }, view: { center: [150, 100], worldPerPixel: 0.5 } }));
    await settled(page);
    const view = await page.evaluate(() => JSON.stringify(viewerPage.scope().getView()));
    await page.click('#share');
    await until('the link is in the address', () => page.evaluate(() => location.search.includes('view=1.')));
    const link = page.url();
    await page.close();
    const other = await openFirefoxPage(firefox, link);
    await settled(other.page);
    await until('the view is the same', async () => (await other.page.evaluate(() => JSON.stringify(viewerPage.scope().getView()))) === view);
    await other.page.close();
  });

  test('files that are dropped are opened', async () => {
    const { page, complaints } = await openFirefoxPage(firefox, `${server.url}/?source=${server.url}/data/image`);
    await settled(page);
    await page.evaluate((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], 'dropped.geojson'));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }, String(files.get('box.geojson')));
    await until('the layer is there', () => page.evaluate(() => viewerPage.scope().state?.annotations[0]?.name === 'dropped.geojson'));
    assert.deepEqual(complaints, []);
    await page.close();
  });

  test('without WebGL a still picture is shown, and why', async () => {
    const flat = await openFirefox({ webgl: false });
    try {
      const { page } = await openFirefoxPage(flat, away('csp/'));
      await until('it is said', () => page.evaluate(() => viewerPage.scope().shadowRoot?.querySelector('.remark')?.textContent?.startsWith('A still picture at the coarsest resolution') ?? false));
      const middle = (): Promise<number[]> => page.evaluate(() => {
        const canvas = viewerPage.canvas();
        return [...(canvas.getContext('2d')?.getImageData(Math.floor(canvas.width / 2) - 60, Math.floor(canvas.height / 2), 1, 1).data ?? [])].slice(0, 3);
      });
      await until('the picture is there', async () => (await middle())[1] === 255);
      near(await middle(), [128, 255, 0]);
    } finally {
      await flat.close();
    }
  });
});
