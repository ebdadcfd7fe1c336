// Texts beside objects, masks coloured by tables, tracks whose positions are in masks, and annotations that are
// no text files, in the stand-alone page with the real worker.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { kDist, openViewerPage, serveViewer, settled, until } from './browser.ts';
import { drop } from './browser_files.ts';
import { writeImage, type Files } from './datasets.ts';
import { openBrowser } from './harness.ts';
import type { TestServer } from './server.mjs';

const kSample = join('build', 'sample');
const noSample = existsSync(join(kSample, 'index.json')) ? false : `${kSample} is not there: run scripts/make-sample`;
const noWorker = existsSync(join(kDist, 'annotation.wasm')) ? false : `${kDist}/annotation.wasm is not there: run scripts/build`;
const fixtures = ['../shared/fixtures', '../../shared/fixtures'].find(existsSync) ?? '';

const files: Files = new Map();
let server: TestServer;
let browser: Browser;
let disk: string;

/** Two squares of 10 pixels in a row, and one on the second frame. */
const squares = JSON.stringify({
  type: 'FeatureCollection',
  features: [['red cell', 0], ['white cell', 0], ['late cell', 1]].map(([name, t], i) => ({
    type: 'Feature',
    geometry: { type: 'Polygon', coordinates: [[[10 + 30 * i, 20], [20 + 30 * i, 20], [20 + 30 * i, 30], [10 + 30 * i, 30], [10 + 30 * i, 20]]], plane: { c: -1, z: 0, t } },
    properties: { classification: { name } },
  })),
});

before(async () => {
  // Ids 0, 1 and 2 in thirds of the width; on the last frame nothing.
  writeImage(files, 'cells.ome.zarr', {
    axes: 'tyx',
    levels: [{ zarr: 2, dataType: 'uint8', shape: [3, 80, 120], chunks: [1, 80, 120], scale: [1, 0.5, 0.5], value: () => 0 }],
    channels: [{ color: 'FFFFFF', window: [0, 250], label: 'cells' }],
    labels: [{ name: 'nuclei', levels: [{ zarr: 2, dataType: 'uint8', shape: [3, 80, 120], chunks: [1, 80, 120], scale: [1, 0.5, 0.5], value: ([t = 0, , x = 0]) => (t < 2 ? Math.floor(x / 40) : 0) }] }],
  });
  files.set('squares.geojson', squares);
  files.set('phases.csv', 'frame,label_id,phase,area\n0,1,mitosis,10.5\n0,7,mitosis,20.5\n1,1,rest,30.5\n1,2,rest,40.5\n');
  files.set('man_track.txt', '1 0 1 0\n2 0 2 0\n');
  disk = await mkdtemp(join(tmpdir(), 'mifascope-masks-'));
  for (const name of ['mitotic', 'resting']) await mkdir(join(disk, 'train', name), { recursive: true });
  const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==', 'base64');
  await writeFile(join(disk, 'train', 'mitotic', 'cells.ome.png'), picture);
  await writeFile(join(disk, 'train', 'resting', 'b.png'), picture);
  server = await serveViewer([
    { prefix: '/data/', files },
    { prefix: '/sample/', root: kSample },
    ...(fixtures ? [{ prefix: '/fixtures/', root: fixtures }] : []),
  ]);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.close();
  if (disk) await rm(disk, { recursive: true });
});
beforeEach(() => server.clear());

async function open(source: string, annotations: readonly string[]): Promise<Page> {
  const query = new URLSearchParams({ source: `${server.url}/${source}` });
  for (const name of annotations) query.append('annotation', `${server.url}/${name}`);
  const { page } = await openViewerPage(browser, `${server.url}/?${query}`, { viewport: { width: 1200, height: 760 } });
  await settled(page);
  await until('they are laid over it', async () => (await layers(page)).length === annotations.length);
  return page;
}

function layers(page: Page): Promise<{ name: string; kind: string; count: number; bounds: readonly number[] | null; errors: string[] }[]> {
  return page.evaluate(async () => {
    const scope = document.querySelector('mifa-scope');
    const failure = scope?.shadowRoot?.querySelector('.note[aria-label="Annotations"]:not([hidden])')?.textContent;
    if (failure?.startsWith('An annotation')) throw new Error(failure);
    if (!scope || (scope.viewer?.state.annotations.length ?? 0) === 0) return [];
    return (await scope.annotationLayers).layers.map(({ info }) => ({
      name: info.name, kind: info.kind, count: info.count, bounds: info.bounds, errors: info.issues.filter(({ severity }) => severity === 'error').map(({ message }) => message),
    }));
  });
}

/** Texts beside objects, with the middle of each in CSS pixels of the canvas. */
function texts(page: Page): Promise<{ text: string; x: number; y: number }[]> {
  return page.evaluate(() => {
    const root = document.querySelector('mifa-scope')?.shadowRoot;
    const canvas = root?.querySelector('canvas.view')?.getBoundingClientRect();
    return [...(root?.querySelectorAll<HTMLElement>('.annotation-labels span:not([hidden])') ?? [])].map((span) => {
      const box = span.getBoundingClientRect();
      return { text: span.textContent ?? '', x: (box.left + box.right) / 2 - (canvas?.left ?? 0), y: (box.top + box.bottom) / 2 - (canvas?.top ?? 0) };
    });
  });
}

/** Where a pixel of the image is, in CSS pixels of the canvas. */
function placeOf(page: Page, x: number, y: number): Promise<[number, number]> {
  return page.evaluate(([x, y]) => {
    const viewer = document.querySelector('mifa-scope')?.viewer;
    const pointer = viewer?.call((raw) => raw._imageMap()) ?? 0;
    const [xx = 0, xy = 0, x0 = 0, yx = 0, yy = 0, y0 = 0] = viewer?.numbersAt(pointer, 6) ?? [];
    return [(xx * x + xy * y + x0) / devicePixelRatio, (yx * x + yy * y + y0) / devicePixelRatio] as [number, number];
  }, [x, y] as const);
}

describe('texts beside objects', { skip: noWorker }, () => {
  test('are off; chosen, they lie on what is shown, and follow the view and the frame', async () => {
    const page = await open('data/cells.ome.zarr', ['data/squares.geojson']);
    assert.deepEqual(await texts(page), []);
    await page.getByRole('combobox', { name: 'Label text' }).selectOption('category');
    const found = await until('they are there', async () => {
      const now = await texts(page);
      return now.length === 2 ? now : null;
    });
    assert.deepEqual(found.map(({ text }) => text).sort(), ['red cell', 'white cell']);
    const red = found.find(({ text }) => text === 'red cell');
    const [x, y] = await placeOf(page, 15, 25);
    assert.ok(red && Math.hypot(red.x - x, red.y - y) < 2, `expected the text at ${x}, ${y}, received ${red?.x}, ${red?.y}`);
    // Panned: at once, without a question to the worker.
    await page.evaluate(() => document.querySelector('mifa-scope')?.viewer?.update((raw) => raw._lookAt(20, 20, 0.1)));
    await settled(page);
    const [panned] = (await texts(page)).filter(({ text }) => text === 'red cell');
    const [nowX, nowY] = await placeOf(page, 15, 25);
    assert.ok(panned ? Math.hypot(panned.x - nowX, panned.y - nowY) < 2 : nowX < 0 || nowY < 0);
    await page.evaluate(() => document.querySelector('mifa-scope')?.viewer?.update((raw) => {
      raw._fit();
      raw._setPosition(0, 1);
    }));
    await until('those of the next frame', async () => (await texts(page)).map(({ text }) => text).join() === 'late cell');
    await page.getByRole('combobox', { name: 'Label text' }).selectOption('id');
    await until('numbers', async () => (await texts(page)).map(({ text }) => text).join() === '3');
    await page.getByRole('checkbox', { name: 'Show squares.geojson' }).uncheck();
    await until('none of what is hidden', async () => (await texts(page)).length === 0);
    await page.context().close();
  });
});

describe('a mask and a table', { skip: noWorker }, () => {
  test('it is coloured by a column, a pixel leads to its row, and what does not match is told', async () => {
    const page = await open('data/cells.ome.zarr', ['data/phases.csv']);
    const card = page.getByRole('list', { name: 'Masks' });
    await card.getByRole('button', { name: 'nuclei' }).click();
    await card.getByRole('combobox', { name: 'Colour by' }).selectOption({ label: 'Area (phases.csv)' });
    const pixel = async (x: number): Promise<readonly number[]> => {
      const [left, top] = await placeOf(page, x, 40);
      return page.evaluate(([left, top]) => document.querySelector('mifa-scope')?.viewer?.readPixel(Math.round(left * devicePixelRatio), Math.round(top * devicePixelRatio)) ?? [], [left, top] as const);
    };
    // Id 1 by its row on this frame, the least area: viridis begins with violet. Id 2 has none here: grey.
    await until('it is coloured', async () => {
      const [r = 0, g = 0, b = 0] = await pixel(60);
      const [r2 = 0, g2 = 0, b2 = 0] = await pixel(100);
      return b > g + 10 && r > g && Math.max(r2, g2, b2) - Math.min(r2, g2, b2) < 4 && r2 > 10;
    });
    assert.match((await card.innerText()).replace(/\s+/g, ' '), /10\.5 25\.5 40\.5/);
    // On the next frame the same id has another row.
    await page.evaluate(() => document.querySelector('mifa-scope')?.viewer?.update((raw) => raw._setPosition(0, 1)));
    await until('the next frame’s', async () => {
      const [r = 0, g = 0, b = 0] = await pixel(100);
      return r > b + 10 && g > b + 10;
    });
    const box = await page.locator('mifa-scope canvas.view').boundingBox();
    const [x, y] = await placeOf(page, 100, 40);
    assert.ok(box);
    await page.mouse.move(box.x + x - 3, box.y + y);
    await page.mouse.move(box.x + x, box.y + y);
    await until('the pixel is read', () => page.evaluate(() => document.querySelector('mifa-scope')?.viewer?.call((raw) => raw._hoveredLabel()) === '0 2'));
    await page.mouse.click(box.x + x, box.y + y);
    await page.getByRole('heading', { name: 'No. 4' }).waitFor();
    await page.getByRole('tab', { name: 'Quality' }).click();
    await page.getByRole('button', { name: 'Compare with nuclei' }).click();
    await page.getByText('Ids without properties').waitFor();
    const report = (await page.getByRole('tabpanel', { name: 'Quality' }).innerText()).replace(/\s+/g, ' ');
    assert.match(report, /Ids without properties 1 Objects of nuclei that no row is about: 2 \(frame 1\)/);
    assert.match(report, /Properties without ids 1 Rows whose label.id no pixel of nuclei has\./i);
    // From now on a row leads to its pixels.
    await page.getByRole('tab', { name: 'Objects' }).click();
    await page.locator('[role="row"][aria-rowindex="2"]').click();
    await until('it is flown to', async () => {
      const [middle] = await placeOf(page, 60, 40);
      return Math.abs(middle - box.width / 2) < 3;
    });
    await page.getByRole('tab', { name: 'Layers' }).click();
    await card.getByRole('combobox', { name: 'Colour by' }).selectOption({ label: 'Its own colours' });
    await page.getByRole('button', { name: 'Remove phases.csv' }).click();
    await until('it is gone', async () => (await layers(page)).length === 0);
    await page.context().close();
  });

  test('tracks take their positions from it', async () => {
    const page = await open('data/cells.ome.zarr', ['data/man_track.txt']);
    assert.deepEqual((await layers(page)).map(({ count, bounds }) => [count, bounds]), [[2, null]]);
    await page.getByRole('button', { name: 'Positions from nuclei' }).click();
    const [tracks] = await until('they are read', async () => {
      const now = await layers(page);
      return now.length === 1 && now[0]?.bounds ? now : null;
    });
    assert.deepEqual(tracks?.bounds, [60, 40, 100, 40]);
    assert.equal(tracks?.count, 4);
    assert.deepEqual(tracks?.errors, ['Label 2 is not in the masks of all its frames.']);
    await page.context().close();
  });
});

describe('dropped', { skip: noWorker }, () => {
  test('a folder of one folder per class: the classes of images', async () => {
    const { page } = await openViewerPage(browser, `${server.url}/?source=${server.url}/data/cells.ome.zarr`);
    await settled(page);
    await drop(page, [join(disk, 'train')]);
    const [table] = await until('it is laid over it', async () => {
      const now = await layers(page);
      return now.length > 0 ? now : null;
    });
    assert.equal(table?.name, 'train classes.csv');
    assert.equal(table?.kind, 'class_labels');
    assert.equal(table?.count, 1);
    await page.getByRole('region', { name: 'Classes and counts' }).getByText('mitotic').waitFor();
    await page.context().close();
  });
});

describe('what is no text', { skip: noWorker }, () => {
  test('GEFF', { skip: noSample }, async () => {
    const page = await open('sample/images/mitosis.ome.zarr', ['sample/annotations/mitosis/tracks.geff']);
    const [layer] = await layers(page);
    assert.equal(layer?.kind, 'tracks');
    assert.deepEqual(layer?.errors, []);
    assert.ok((layer?.count ?? 0) > 400);
    await page.context().close();
  });

  test('GeoParquet', { skip: fixtures === '' ? 'no ../shared/fixtures' : false }, async () => {
    const page = await open('data/cells.ome.zarr', ['fixtures/geoparquet/examples/example.parquet']);
    const [layer] = await layers(page);
    assert.equal(layer?.count, 5);
    assert.deepEqual(layer?.errors, []);
    await page.context().close();
  });

  test('an element of SpatialData, and a table of AnnData', { skip: fixtures === '' ? 'no ../shared/fixtures' : false }, async () => {
    const page = await open('data/cells.ome.zarr', ['fixtures/spatialdata/blobs_v3.zarr/points/blobs_points', 'fixtures/spatialdata/blobs_v3.zarr/tables/table']);
    const found = await layers(page);
    assert.deepEqual(found.map(({ count }) => count).sort((a, b) => a - b), [10, 200]);
    assert.deepEqual(found.flatMap(({ errors }) => errors), []);
    // The table's rows are about a mask's ids.
    const ids = await page.evaluate(async () => (await document.querySelector('mifa-scope')?.annotationLayers)?.layers.map(({ info }) => info.maskIds));
    assert.ok(ids?.includes('instance_id'), String(ids));
    await page.context().close();
  });
});
