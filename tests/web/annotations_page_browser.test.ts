// Annotations in the stand-alone page, read by the real worker: named in the address, dropped, chosen,
// wrong; their panel beside the image.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { kDist, openViewerPage, serveViewer, settled, until } from './browser.ts';
import { drop } from './browser_files.ts';
import { writeImage, type Files } from './datasets.ts';
import { openBrowser } from './harness.ts';
import type { TestServer } from './server.mjs';

const kSample = join('build', 'sample');
const noSample = existsSync(join(kSample, 'index.json')) ? false : `${kSample} is not there: run scripts/make-sample`;
const noWorker = existsSync(join(kDist, 'annotation.wasm')) ? false : `${kDist}/annotation.wasm is not there: run scripts/build`;

const files: Files = new Map();
let server: TestServer;
let browser: Browser;
let axe: string;
let disk: string;

/** Squares of 10 pixels, one a class, in a row. */
const squares = JSON.stringify({
  type: 'FeatureCollection',
  features: ['red cell', 'white cell', 'red cell'].map((name, i) => ({
    type: 'Feature',
    geometry: { type: 'Polygon', coordinates: [[[10 + 30 * i, 20], [20 + 30 * i, 20], [20 + 30 * i, 30], [10 + 30 * i, 30], [10 + 30 * i, 20]]] },
    properties: { classification: { name }, measurements: { roundness: 0.5 + 0.1 * i } },
  })),
});

before(async () => {
  writeImage(files, 'cells.ome.zarr', {
    axes: 'tyx',
    levels: [{ zarr: 2, dataType: 'uint8', shape: [3, 80, 120], chunks: [1, 80, 120], scale: [1, 0.5, 0.5], value: ([, y = 0, x = 0]) => (x + y) % 200 }],
    channels: [{ color: 'FFFFFF', window: [0, 250], label: 'cells' }],
    labels: [{ name: 'nuclei', levels: [{ zarr: 2, dataType: 'uint8', shape: [3, 80, 120], chunks: [1, 80, 120], scale: [1, 0.5, 0.5], value: ([, , x = 0]) => Math.floor(x / 40) }] }],
  });
  files.set('squares.geojson', squares);
  files.set('points.csv', 'x,y,label\n5,5,a\n15,25,b\n');
  files.set('counts.csv', 'frame,cell_count\n0,12\n1,15\n2,9\n');
  files.set('broken.geojson', '{"type": "FeatureCollection", "features": [{');
  disk = await mkdtemp(join(tmpdir(), 'mifascope-annotations-'));
  for (const name of ['squares.geojson', 'points.csv', 'broken.geojson']) await writeFile(join(disk, name), files.get(name) ?? '');
  await writeFile(join(disk, 'mask.png'), Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==', 'base64'));
  server = await serveViewer([
    { prefix: '/data/', files },
    { prefix: '/sample/', root: kSample },
  ]);
  browser = await openBrowser();
  axe = await readFile('node_modules/axe-core/axe.min.js', 'utf8');
});
after(async () => {
  await browser?.close();
  await server?.close();
  if (disk) await rm(disk, { recursive: true });
});
beforeEach(() => server.clear());

async function open(annotations: readonly string[], options: BrowserContextOptions = {}): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const query = new URLSearchParams({ source: `${server.url}/data/cells.ome.zarr` });
  for (const name of annotations) query.append('annotation', `${server.url}/data/${name}`);
  const opened = await openViewerPage(browser, `${server.url}/?${query}`, { viewport: { width: 1200, height: 760 }, ...options });
  await settled(opened.page);
  if (annotations.length > 0) await until('they are laid over it', async () => (await names(opened.page)).length === annotations.filter((name) => !name.startsWith('broken')).length);
  return opened;
}

function names(page: Page): Promise<string[]> {
  return page.evaluate(() => document.querySelector('mifa-scope')?.viewer?.state.annotations.map(({ name }) => name) ?? []);
}

describe('annotations in the page', { skip: noWorker }, () => {
  test('named in the address: beside the image, in MIFA’s words; the facts are put away', async () => {
    const { page, complaints } = await open(['squares.geojson', 'counts.csv']);
    const details = page.locator('#details');
    await until('the panel is there', async () => (await details.getByRole('tab', { name: 'Layers' }).count()) === 1);
    const text = (await details.locator('.sheet').innerText()).replace(/\s+/g, ' ');
    assert.match(text, /counts\.csv Counts 3 rows/);
    assert.match(text, /squares\.geojson Geometrical annotations 3 polygons · GeoJSON/);
    assert.equal(await page.getByText('OME-Zarr 0.4').isVisible(), false);
    await page.getByText('About this image').click();
    assert.equal(await page.getByText('OME-Zarr 0.4').isVisible(), true);
    // The image's own masks are in the same list.
    assert.match(text, /nuclei Segmentation mask/);
    await page.getByRole('region', { name: 'Classes and counts' }).getByText('12').waitFor();
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test('an object: from the table to the image, and from the image to the table', async () => {
    const { page } = await open(['squares.geojson']);
    await page.getByRole('tab', { name: 'Objects' }).click();
    const row = page.locator('[role="row"][aria-rowindex="3"]');
    await until('the rows are there', async () => /white cell/.test(await row.innerText().catch(() => '')));
    await row.click();
    await page.getByRole('heading', { name: 'No. 2 · white cell' }).waitFor();
    assert.match((await page.getByRole('region', { name: 'Object 2' }).innerText()).replace(/\s+/g, ' '), /Area 100 px².*roundness 0\.6.*In its file .*squares\.geojson.*\/features\/1/);
    // It was flown to: it is in the middle of the image. Deselected, a click there finds it again.
    await settled(page);
    await page.getByRole('button', { name: 'Close the details' }).click();
    const box = await page.locator('mifa-scope canvas.view').boundingBox();
    assert.ok(box);
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.getByRole('heading', { name: 'No. 2 · white cell' }).waitFor();
    await until('its row is selected', async () => (await row.getAttribute('aria-selected')) === 'true');
    await page.context().close();
  });

  test('classes are hidden, and the table follows', async () => {
    const { page } = await open(['squares.geojson']);
    await page.getByRole('group', { name: 'Classes' }).getByLabel('red cell').uncheck();
    await page.getByText('1 of 3 shown').waitFor();
    await page.getByRole('tab', { name: 'Objects' }).click();
    await page.getByText('1 of 3 polygons').waitFor();
    await page.context().close();
  });

  test('quality: what is outside the image leads to its objects', async () => {
    const { page } = await open(['squares.geojson']);
    await page.locator('summary', { hasText: 'Position on the image' }).click();
    await page.getByText('It reaches from x 10 to 80 and y 20 to 30, on an image of 120 × 80 pixels.').waitFor();
    await page.getByRole('tab', { name: 'Quality' }).click();
    await page.getByRole('heading', { name: 'Classes' }).waitFor();
    assert.match((await page.getByRole('tabpanel', { name: 'Quality' }).innerText()).replace(/\s+/g, ' '), /red cell 2 66\.7 % white cell 1 33\.3 %/);
    await page.context().close();
  });

  test('a table is read anew with x and y exchanged', async () => {
    const { page } = await open(['points.csv']);
    await page.locator('summary', { hasText: 'Columns' }).click();
    const [x, y] = [page.getByRole('combobox', { name: 'x', exact: true }), page.getByRole('combobox', { name: 'y', exact: true })];
    assert.deepEqual([await x.inputValue(), await y.inputValue()], ['x', 'y']);
    await x.selectOption('y');
    await y.selectOption('x');
    await page.getByRole('button', { name: 'Read the table anew' }).click();
    await until('it is read', async () => {
      const bounds = await page.evaluate(async () => (await document.querySelector('mifa-scope')?.annotationLayers)?.layers.map(({ info }) => info.bounds));
      return JSON.stringify(bounds) === '[[5,5,25,15]]';
    });
    assert.deepEqual(await names(page), ['points.csv']);
    await page.context().close();
  });

  test('a broken file: what is wrong with it is said with its layer', async () => {
    const { page } = await open(['broken.geojson']);
    await page.getByText('Problems in the file: 1 error').waitFor();
    assert.equal(await page.getByRole('checkbox', { name: 'broken.geojson' }).or(page.getByText('broken.geojson')).first().isVisible(), true);
    await page.context().close();
  });

  test('dropped files are laid over the image; nothing is sent', async () => {
    const { page, complaints } = await open([]);
    server.clear();
    await drop(page, [join(disk, 'squares.geojson'), join(disk, 'points.csv')]);
    await until('both are there', async () => (await names(page)).length === 2);
    assert.deepEqual((await names(page)).sort(), ['points.csv', 'squares.geojson']);
    assert.deepEqual(server.log.filter(({ method, path }) => method !== 'GET' || /squares|points/.test(path)), []);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test('files are chosen in the panel', async () => {
    const { page } = await open(['squares.geojson']);
    await page.getByLabel('Annotation files').setInputFiles(join(disk, 'points.csv'));
    await until('it is there', async () => (await names(page)).includes('points.csv'));
    await page.context().close();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1200, 360]) {
      test(`axe finds nothing to mend: ${colorScheme}, ${width} pixels wide`, async () => {
        const { page } = await open(['squares.geojson', 'counts.csv'], { colorScheme, viewport: { width, height: 760 } });
        await page.getByRole('tab', { name: 'Layers' }).waitFor();
        await page.evaluate(axe);
        const found = await page.evaluate(async () => {
          const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[] }> } };
          return (await axe.run()).violations.flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 200)}: ${failureSummary}`));
        });
        assert.deepEqual(found, []);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
        await page.context().close();
      });
    }
  }
});

describe('what is dropped', () => {
  test('a picture over an image: it is asked what it is', async () => {
    const { page } = await open([]);
    await drop(page, [join(disk, 'mask.png')]);
    const dialog = page.getByRole('dialog', { name: 'How should “mask.png” be opened?' });
    await dialog.waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'As a mask over this image');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.match(page.url(), /\?source=/);
    await drop(page, [join(disk, 'mask.png')]);
    await page.getByRole('button', { name: 'As the image itself' }).click();
    await page.waitForURL(/\?local=mask\.png/);
    await page.context().close();
  });

  test('annotations without an image: the image first', async () => {
    const { page } = await openViewerPage(browser, `${server.url}/`);
    await page.locator('h1').waitFor();
    await drop(page, [join(disk, 'squares.geojson')]);
    await page.getByRole('alert').getByText('“squares.geojson” is laid over an image: open the image first, or drop both together.').waitFor();
    await page.context().close();
  });
});

describe('the sample study', { skip: noSample || noWorker }, () => {
  test('its annotations are a click away', async () => {
    const { page } = await openViewerPage(browser, `${server.url}/`);
    const list = page.getByRole('list', { name: 'Simulated mitosis (3D + time), with annotations' });
    await list.getByRole('link', { name: 'Outlines GeoJSON' }).click();
    await page.waitForURL(/annotation=/);
    await page.locator('mifa-scope').waitFor();
    await settled(page);
    await until('they are laid over it', async () => (await names(page)).includes('outlines.geojson'));
    await page.context().close();
  });

  for (const [image, annotation, kind] of [
    ['images/mitosis.ome.zarr', 'annotations/mitosis/outlines.geojson', 'geometrical_annotations'],
    ['images/mitosis.ome.zarr', 'annotations/mitosis/boxes.coco.json', ''],
    ['images/mitosis.ome.zarr', 'annotations/mitosis/masks.coco.json', 'segmentation_mask'],
    ['images/mitosis.ome.zarr', 'annotations/mitosis/boxes.csv', 'bounding_boxes'],
    ['images/mitosis.ome.zarr', 'annotations/mitosis/centroids.csv', 'point_annotations'],
    ['images/mitosis.ome.zarr', 'annotations/mitosis/tracks.csv', 'tracks'],
    ['images/mitosis.ome.zarr', 'annotations/mitosis/tracks.trackmate.xml', 'tracks'],
    ['images/mitosis.ome.zarr', 'annotations/mitosis/counts.csv', 'counts'],
    ['images/mitosis.ome.zarr', 'annotations/mitosis/nucleus_classes.csv', 'class_labels'],
    ['images/mitosis.ome.zarr', 'annotations/mitosis/image_classes.csv', 'class_labels'],
    ['images/mitosis.ome.zarr', 'annotations/mitosis/strokes.geojson', 'geometrical_annotations'],
    ['images/mitosis-stage.ome.zarr', 'annotations/mitosis-stage/mitosis-stage.txt', 'bounding_boxes'],
    ['images/ihc.ome.zarr', 'annotations/ihc/scribbles.geojson', 'geometrical_annotations'],
    ['images/retina.ome.zarr', 'annotations/retina/landmarks.csv', 'point_annotations'],
  ] as const) {
    test(`${annotation} is ${kind || 'read'}, without errors`, async () => {
      const query = new URLSearchParams({ source: `${server.url}/sample/${image}`, annotation: `${server.url}/sample/${annotation}` });
      const { page } = await openViewerPage(browser, `${server.url}/?${query}`);
      await settled(page);
      const found = await until('it is laid over it', () =>
        page.evaluate(async () => {
          const scope = document.querySelector('mifa-scope');
          const failure = scope?.shadowRoot?.querySelector('.note:not([hidden])')?.textContent;
          if (failure?.startsWith('An annotation')) throw new Error(failure);
          if (!scope || (scope.viewer?.state.annotations.length ?? 0) === 0) return null;
          const [layer] = (await scope.annotationLayers).layers;
          return layer ? { kind: layer.info.kind, errors: layer.info.issues.filter(({ severity }) => severity === 'error').map(({ message }) => message), count: layer.info.count, note: layer.placementNote } : null;
        }),
      );
      assert.deepEqual(found.errors, []);
      assert.ok(found.count > 0);
      if (kind) assert.equal(found.kind, kind);
      await page.context().close();
    });
  }
});
