// One image in two OME-TIFF files, dropped on the page together.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { kDist, openViewerPage, serveViewer, settled, until } from './browser.ts';
import { drop } from './browser_files.ts';
import { openBrowser } from './harness.ts';
import type { TestServer } from './server.mjs';

const skip = existsSync(join(kDist, 'formats.wasm')) ? false : `${kDist}/formats.wasm is not there: run scripts/build`;
const [kWidth, kHeight] = [8, 6];

const xml = (uuid: string): string => `<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="urn:uuid:${uuid}"><Image ID="Image:0" Name="film"><Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint8" SizeX="${kWidth}" SizeY="${kHeight}" SizeZ="1" SizeC="1" SizeT="2"><Channel ID="Channel:0:0" SamplesPerPixel="1"/>${['a', 'b'].map((name, t) => `<TiffData FirstT="${t}" IFD="0" PlaneCount="1"><UUID FileName="${name}.ome.tif">urn:uuid:${name}</UUID></TiffData>`).join('')}</Pixels></Image></OME>`;

/** One uncompressed plane of one value. */
function tiff(description: string, value: number): Uint8Array {
  const text = new TextEncoder().encode(`${description}\0`);
  const pixels = kWidth * kHeight;
  const entries: readonly (readonly [number, number, number, number])[] = [
    [256, 3, 1, kWidth], [257, 3, 1, kHeight], [258, 3, 1, 8], [259, 3, 1, 1], [262, 3, 1, 1],
    [270, 2, text.length, 8 + pixels], [273, 4, 1, 8], [277, 3, 1, 1], [278, 3, 1, kHeight], [279, 4, 1, pixels],
  ];
  const directory = 8 + pixels + text.length + (text.length % 2);
  const bytes = new Uint8Array(directory + 2 + 12 * entries.length + 4);
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, directory, true);
  bytes.fill(value, 8, 8 + pixels);
  bytes.set(text, 8 + pixels);
  view.setUint16(directory, entries.length, true);
  entries.forEach(([tag, type, count, content], i) => {
    const at = directory + 2 + 12 * i;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    if (type === 3) view.setUint16(at + 8, content, true);
    else view.setUint32(at + 8, content, true);
  });
  return bytes;
}

let server: TestServer;
let browser: Browser;
let disk: string;

before(async () => {
  disk = await mkdtemp(join(tmpdir(), 'mifascope-set-'));
  await writeFile(join(disk, 'a.ome.tif'), tiff(xml('a'), 200));
  await writeFile(join(disk, 'b.ome.tif'), tiff(xml('b'), 60));
  server = await serveViewer([]);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.close();
  if (disk) await rm(disk, { recursive: true });
});

test('is one film', { skip }, async () => {
  const { page } = await openViewerPage(browser, `${server.url}/`);
  await page.locator('h1').waitFor();
  await drop(page, [join(disk, 'a.ome.tif'), join(disk, 'b.ome.tif')]);
  await page.locator('mifa-scope').waitFor();
  await settled(page);
  const seen = (t: number): Promise<readonly number[]> => page.evaluate((t) => {
    const viewer = document.querySelector('mifa-scope')?.viewer;
    viewer?.update((raw) => {
      raw._setPosition(0, t);
      raw._setChannel(0, true, 0xffffff, 0, 255, 1);
    });
    const { width = 0, height = 0 } = viewer?.graphics.canvas ?? {};
    return viewer?.readPixel(width / 2, height / 2) ?? [];
  }, t);
  const state = await page.evaluate(() => {
    const { image, issues } = document.querySelector('mifa-scope')?.viewer?.state ?? { issues: [] };
    return { frames: image?.frames, issues: issues.map(({ rule }) => rule) };
  });
  assert.deepEqual(state, { frames: 2, issues: [] });
  await until('the first file’s plane', async () => (await seen(0))[0] === 200);
  await until('the second file’s', async () => (await seen(1))[0] === 60);
  await page.context().close();
});
