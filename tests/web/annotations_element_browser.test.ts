// Annotation files on an element and on the page: opened after the first picture, opened anew for another
// image, and what cannot be read is said in words.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { colors, look, open, openEmbedPage, openViewerPage, serveViewer, settled, until, type PageGlobals } from './browser.ts';
import { pyramid, writeImage, type Files } from './datasets.ts';
import { openBrowser } from './harness.ts';
import { writePlate } from './plate_datasets.ts';
import type { TestServer } from './server.mjs';
import type { Rgb } from './viewer_page.ts';

const { viewerPage } = globalThis as unknown as PageGlobals;

const files: Files = new Map();
let server: TestServer;
let browser: Browser;
let page: Page;
let complaints: string[];

function geojson(...boxes: readonly (readonly [number, number, number, number])[]): string {
  const features = boxes.map(([x0, y0, x1, y1]) => ({
    type: 'Feature',
    properties: { classification: { name: 'tumour', color: [255, 0, 0] } },
    geometry: { type: 'Polygon', coordinates: [[[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]] },
  }));
  return JSON.stringify({ type: 'FeatureCollection', features });
}

before(async () => {
  const dark = (shape: readonly number[]): Parameters<typeof writeImage>[2] => ({
    axes: 'yx',
    levels: pyramid({ zarr: 3, dataType: 'uint8', shape, chunks: [128, 128], count: 2, factor: 2, value: () => 0 }),
    channels: [{ color: 'FFFFFF', window: [0, 255] }],
  });
  writeImage(files, 'dark', dark([160, 200]));
  writeImage(files, 'other', dark([150, 210]));
  writePlate(files, 'plate', { zarr: 3, rows: 1, columns: 2, image: () => dark([64, 64]) });
  files.set('cells.geojson', geojson([40, 40, 80, 80], [100, 40, 140, 80]));
  files.set('two words.geojson', geojson([10, 100, 30, 120]));
  files.set('broken.geojson', '{"type": "FeatureCollection", "features": [');
  files.set('labels/0001.txt', '1 0.5 0.5 0.2 0.25\n');
  files.set('classes.txt', 'cell\nmitosis\n');
  server = await serveViewer([{ prefix: '/data/', files }]);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(async () => {
  server.clear();
  ({ page, complaints } = await openEmbedPage(browser, server));
  await page.evaluate(() => viewerPage.scope().setAttribute('annotation-panel', 'none'));
});
afterEach(async () => {
  const found = complaints;
  await page?.context().close();
  assert.deepEqual(found, []);
});

const data = (name: string): string => `${server.url}/data/${encodeURI(name)}`;
const attribute = (value: string): Promise<void> => page.evaluate((value) => viewerPage.scope().setAttribute('annotations', value), value);
const names = (): Promise<string[]> => page.evaluate(() => viewerPage.scope().state?.annotations.map(({ name }) => name) ?? []);
const note = (): Promise<string> => page.evaluate(() => {
  const box = viewerPage.scope().shadowRoot?.querySelector<HTMLElement>('.note[aria-label="Annotations"]');
  return box && !box.hidden ? box.innerText : '';
});
const red = ([r, g, b]: Rgb = [0, 0, 0]): boolean => r > 25 && g < 15 && b < 15;

async function drawn(count: number): Promise<void> {
  await until(`${count} layers are there`, async () => (await names()).length === count);
  await page.evaluate(async () => {
    await Promise.all((await viewerPage.scope().annotationLayers).layers.map(({ ready }) => ready));
    await viewerPage.drawn();
  });
}

describe('the annotations attribute', () => {
  test('lays files over the image after its first picture', async () => {
    await attribute(`${data('cells.geojson')} ${data('two words.geojson')}`);
    await open(page, data('dark'));
    await drawn(2);
    assert.deepEqual((await names()).sort(), ['cells.geojson', 'two words.geojson']);
    await look(page, 100, 80, 0.5);
    await page.evaluate(() => viewerPage.drawn());
    assert.deepEqual((await colors(page, [[60, 60], [120, 60], [20, 110], [90, 60]])).map(red), [true, true, true, false]);
    const first = server.log.findIndex(({ path }) => path.includes('annotation'));
    const pictures = server.log.findIndex(({ path }) => path.includes('/dark/s'));
    assert.ok(pictures >= 0 && first > pictures, 'nothing of annotations is asked for before the image');
  });

  test('follows its changes', async () => {
    await open(page, data('dark'));
    await attribute(data('cells.geojson'));
    await drawn(1);
    await attribute(`${data('two words.geojson')} ${data('cells.geojson')}`);
    await drawn(2);
    assert.equal(server.log.filter(({ path }) => path.endsWith('cells.geojson')).length, 1, 'what is there is not read again');
    await attribute(data('two words.geojson'));
    await drawn(1);
    assert.deepEqual(await names(), ['two words.geojson']);
    await attribute('');
    await drawn(0);
  });

  test('is read again for another image, and looks as it did', async () => {
    await open(page, data('dark'));
    await attribute(data('cells.geojson'));
    await drawn(1);
    await page.evaluate(async () => (await viewerPage.scope().annotationLayers).layers[0]?.set({ fillOpacity: 0.77 }));
    await open(page, data('other'));
    await until('it is read again', () => server.log.filter(({ path }) => path.endsWith('cells.geojson')).length === 2);
    await drawn(1);
    assert.equal(await page.evaluate(async () => (await viewerPage.scope().annotationLayers).layers[0]?.fillOpacity), 0.77);
  });

  test('over a plate waits for a well', async () => {
    await attribute(data('cells.geojson'));
    await open(page, data('plate'));
    await page.evaluate(() => viewerPage.frames(20));
    assert.ok(!server.log.some(({ path }) => path.endsWith('cells.geojson')));
    await page.evaluate(() => {
      viewerPage.viewer().openEntry(0);
      return viewerPage.settled();
    });
    await drawn(1);
  });
});

describe('what cannot be read', () => {
  test('is said, and the image stays', async () => {
    await open(page, data('dark'));
    await attribute(`${data('missing.geojson')} ${data('cells.geojson')}`);
    await drawn(1);
    await until('it is said', async () => (await note()).includes('missing.geojson'));
    assert.match(await note(), /^An annotation cannot be shown\..*404/);
    assert.equal((await settled(page)).stage, 'showing');
    // Once it is there, a further try finds it.
    files.set('missing.geojson', geojson([1, 1, 20, 20]));
    await page.locator('mifa-scope').getByRole('button', { name: 'Try again' }).click();
    await drawn(2);
    assert.equal(await note(), '');
    files.delete('missing.geojson');
  });

  test('rejects what a page adds itself', async () => {
    await open(page, data('dark'));
    const message = await page.evaluate((url) => viewerPage.scope().addAnnotation(url).then(() => '', (error: Error) => error.message), data('nowhere.geojson'));
    assert.match(message, /404/);
    await page.locator('mifa-scope').getByRole('button', { name: 'Close' }).click();
    assert.equal(await note(), '');
  });

  test('files of this computer', async () => {
    await open(page, data('dark'));
    await page.evaluate(async (text) => {
      const handle = await viewerPage.scope().addAnnotation(new File([text], 'mine.geojson'), { fillOpacity: 1 });
      await handle.ready;
      await viewerPage.drawn();
    }, String(files.get('cells.geojson')));
    await look(page, 100, 80, 0.5);
    await page.evaluate(() => viewerPage.drawn());
    assert.deepEqual((await colors(page, [[60, 60], [90, 60]])).map(red), [true, false]);
  });
});

test('the page lays ?annotation= over its image, each', async () => {
  const { page: whole, complaints: said } = await openViewerPage(browser, `${server.url}/?source=${encodeURIComponent(data('dark'))}&annotation=${encodeURIComponent(data('cells.geojson'))}&annotation=${encodeURIComponent(`${server.url}/data/two words.geojson`)}`);
  await until('both are there', () => whole.evaluate(() => viewerPage.scope().state?.annotations.length === 2));
  assert.deepEqual(said, []);
  await whole.context().close();
});
