// Images that are no OME-Zarr, and masks over images, as a page shows them.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { ViewerState } from '../../web/state.ts';
import { look, open, openEmbedPage, readout, serveViewer, settled, until } from './browser.ts';
import { drop } from './browser_files.ts';
import { writeImage, type Files } from './datasets.ts';
import { openBrowser } from './harness.ts';
import type { TestServer } from './server.mjs';
import { zipOf } from './zip_files.ts';

const kVectors = join('tests', 'vectors', 'formats');
const kFixtures = join('..', 'shared', 'fixtures');
const noFixtures = existsSync(kFixtures) ? false : `${kFixtures} is not there`;
const noProgram = existsSync(join('dist', 'formats.wasm')) ? false : 'dist/formats.wasm is not built';

const files: Files = new Map();
let server: TestServer;
let browser: Browser;
let page: Page;
let complaints: string[];

before(async () => {
  const tiff = await readFile(join(kVectors, 'uint16_tiles_deflate.tif'));
  files.set('cut.tif', tiff.subarray(0, 3000));
  files.set('empty.tif', new Uint8Array(0));
  files.set('text.png', new TextEncoder().encode('no picture'));
  files.set('images.zip', zipOf([{ name: 'inside/plain.tif', data: await readFile(join(kVectors, 'uint16_strips.tif')) }]));
  writeImage(files, 'ramp.ome.zarr', {
    axes: 'yx',
    levels: [{ zarr: 3, dataType: 'uint8', shape: [20, 17], chunks: [20, 17], value: ([y = 0, x = 0]) => y + x }],
  });
  server = await serveViewer([
    { prefix: '/vectors/', root: kVectors },
    { prefix: '/fixtures/', root: kFixtures },
    { prefix: '/data/', files },
  ]);
  browser = await openBrowser();
  ({ page, complaints } = await openEmbedPage(browser, server));
});
after(async () => {
  await browser?.close();
  await server?.close();
});

async function withLabels(src: string, labels: string): Promise<ViewerState> {
  await page.evaluate(([src, labels]) => {
    const element = document.querySelector('mifa-scope');
    element?.setAttribute('labels', labels);
    element?.setAttribute('src', src);
  }, [src, labels] as const);
  await until('the mask is there', () => page.evaluate(() => (document.querySelector('mifa-scope')?.viewer?.state.labels?.length ?? 0) > 0));
  return settled(page);
}

const clearLabels = (): Promise<void> => page.evaluate(() => document.querySelector('mifa-scope')?.removeAttribute('labels'));

describe('image files', { skip: noProgram }, () => {
  test('an OME-TIFF opens with its axes, units and names', async () => {
    const state = await open(page, `${server.url}/vectors/order_TCZYX.ome.tif`);
    assert.equal(state.stage, 'showing', JSON.stringify(state.failure));
    assert.deepEqual(state.axes?.map(({ name, size }) => `${name} ${size}`), ['t 2', 'c 3', 'z 4', 'y 12', 'x 9']);
    assert.deepEqual(state.axes?.slice(-2).map(({ step, unit }) => `${step} ${unit}`), ['0.25 µm', '0.25 µm']);
    assert.deepEqual(state.channels?.map(({ label }) => label), ['DAPI', 'GFP', 'RFP']);
    assert.equal(state.format, 'OME-TIFF');
    assert.deepEqual(state.issues, []);
  });

  test('a PNG opens in its colours, its program fetched then', async () => {
    const state = await open(page, `${server.url}/vectors/rgb.png`);
    assert.equal(state.rgb, true);
    assert.equal(state.format, 'PNG');
    assert.deepEqual(complaints, []);
  });

  test('the values of a TIFF are those in the file', async () => {
    await open(page, `${server.url}/vectors/uint64_strips.tif`);
    await look(page, 14, 18, 0.2);
    const { values } = await readout(page, 3, 5);
    assert.match(values[0]?.value ?? '', /^\d{15,20}$/);
  });

  test('a pyramid keeps its levels', async () => {
    const state = await open(page, `${server.url}/vectors/sub_ifds.ome.tif`);
    assert.equal(state.levels, 3);
  });

  test('several images in one file are a collection', async () => {
    const state = await open(page, `${server.url}/vectors/two_images.ome.tif`);
    assert.equal(state.entryCount, 2);
  });

  test('a file in a zip on a server', async () => {
    const state = await open(page, `${server.url}/data/images.zip|zip:inside/plain.tif`);
    assert.equal(state.stage, 'showing', JSON.stringify(state.failure));
    assert.equal(state.dataType, 'uint16');
  });

  for (const [file, message] of [
    ['empty.tif', /received a file of 0 bytes; it was not written or copied completely/],
    ['text.png', /expected a TIFF \(II\*, MM\*\), PNG or JPEG, received a file that begins with the bytes 6e 6f/],
    ['missing.tif', /404/],
  ] as const) {
    test(`${file} is refused with its own message`, async () => {
      const state = await open(page, `${server.url}/data/${file}`);
      assert.equal(state.stage, 'failed');
      assert.match(state.failure?.message ?? '', message);
    });
  }

  test('of a TIFF that is cut off, what is missing is said', async () => {
    const state = await open(page, `${server.url}/data/cut.tif`);
    const said = state.failure?.message ?? state.chunkFailures[0]?.message ?? '';
    assert.match(said, /received a file of 3000 bytes; it is cut off/);
  });

  test('dropped on the stand-alone page', async () => {
    const own = await browser.newPage();
    await own.goto(`${server.url}/`);
    await drop(own, [resolve(kVectors, 'imagej_hyperstack.tif')]);
    await until('it is shown', () => own.evaluate(() => document.querySelector('mifa-scope')?.state?.stage === 'showing'));
    const axes = await own.evaluate(() => document.querySelector('mifa-scope')?.state?.axes?.map(({ name, size }) => `${name} ${size}`));
    assert.deepEqual(axes, ['t 2', 'c 4', 'z 3', 'y 12', 'x 9']);
    await own.close();
  });
});

test('a picture dropped over an image becomes its mask, if that is what is meant', { skip: noProgram }, async () => {
  const own = await browser.newPage();
  await own.goto(`${server.url}/?source=${server.url}/vectors/palette.tif`);
  await until('the image is there', () => own.evaluate(() => document.querySelector('mifa-scope')?.state?.stage === 'showing'));
  await drop(own, [resolve(kVectors, 'palette.png')]);
  await own.getByRole('button', { name: 'As a mask over this image' }).click();
  const labels = await until('the mask is there', () => own.evaluate(() => document.querySelector('mifa-scope')?.state?.labels?.map(({ name, kind }) => `${name} ${kind}`).join() || null));
  assert.equal(labels, 'palette.png semantic');
  await own.close();
});

describe('masks over an image', { skip: noProgram }, () => {
  test('a PNG with a palette over an OME-Zarr: exact ids, its own colours', async () => {
    const state = await withLabels(`${server.url}/data/ramp.ome.zarr`, `${server.url}/vectors/palette.png`);
    assert.equal(state.labels?.[0]?.name, 'palette.png');
    assert.equal(state.labels?.[0]?.kind, 'semantic');
    assert.equal(state.labels?.[0]?.visible, true);
    await look(page, 8, 10, 0.1);
    const { values } = await readout(page, 3, 4);
    assert.match(values.at(-1)?.value ?? '', /^(none|id [1-4])$/);
    await clearLabels();
  });

  test('floats are probabilities with a threshold', async () => {
    const state = await withLabels(`${server.url}/vectors/uint16_strips.tif`, `${server.url}/vectors/float32_strips.tif`);
    assert.equal(state.labels?.[0]?.kind, 'probability');
    await page.evaluate(() => document.querySelector('mifa-scope')?.viewer?.setLabelThreshold(0, 0.25));
    const after = await settled(page);
    assert.equal(after.labels?.[0]?.threshold, 0.25);
    await clearLabels();
  });

  test('a mask that is not there leaves the image, and is said', async () => {
    await page.evaluate(([src, labels]) => {
      const element = document.querySelector('mifa-scope');
      element?.setAttribute('labels', labels);
      element?.setAttribute('src', src);
    }, [`${server.url}/vectors/uint8_strips.tif`, `${server.url}/data/none.tif`] as const);
    const message = await until('it is said', () => page.evaluate(() =>
      document.querySelector('mifa-scope')?.viewer?.state.issues.find(({ message }) => message.startsWith('The labels "none.tif" are not shown'))?.message));
    assert.match(message, /404/);
    assert.equal((await settled(page)).stage, 'showing');
    await clearLabels();
  });

  test('real pairs of image and mask', { skip: noFixtures }, async () => {
    const state = await withLabels(`${server.url}/fixtures/masks/stardist/img2d.tif`, `${server.url}/fixtures/masks/stardist/mask2d.tif`);
    assert.deepEqual(state.issues.filter(({ severity }) => severity !== 'info'), []);
    await look(page, 256, 256, 1);
    const { values } = await readout(page, 295, 238);
    assert.equal(values.length, 2);
    await clearLabels();
  });
});

test('nothing was complained of', { skip: noProgram }, () => assert.deepEqual(complaints, []));
