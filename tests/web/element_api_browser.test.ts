// What a page can ask of <mifa-scope>: elements of the image, objects of its annotations, a check, a file; how
// it looks by its attributes, and what it tells.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { open, openEmbedPage, serveViewer, settled, until, type PageGlobals } from './browser.ts';
import { pyramid, writeImage, type DataType, type Files, type Value } from './datasets.ts';
import { openBrowser } from './harness.ts';
import type { TestServer } from './server.mjs';

const { viewerPage } = globalThis as unknown as PageGlobals;

const files: Files = new Map();
let server: TestServer;
let browser: Browser;
let page: Page;
let complaints: string[];

const kStack = { zarr: 3, dataType: 'uint16', shape: [2, 3, 4, 90, 120], chunks: [1, 1, 2, 32, 50], count: 2, factor: 2, value: ([t = 0, c = 0, z = 0, y = 0, x = 0]: readonly number[]) => 10000 * t + 3000 * c + 500 * z + 2 * Math.floor(y) + Math.floor(x) } as const;
const kTypes: readonly DataType[] = ['bool', 'int8', 'uint32', 'int64', 'uint64', 'float16', 'float32', 'float64'];

function typeValue(type: DataType, x: number, y: number): Value {
  const number = x + 20 * y;
  if (type === 'bool') return number % 3 === 0;
  if (type === 'int64') return -9007199254740993n - BigInt(number);
  if (type === 'uint64') return 18446744073709551615n - BigInt(number);
  if (type === 'int8') return (number % 250) - 125;
  return type.startsWith('float') ? (number - 100) / 8 : number;
}

function geojson(): string {
  const square = (x: number, y: number, size: number): number[][][] => [[[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]];
  const feature = (name: string, score: number, geometry: object): object => ({ type: 'Feature', properties: { classification: { name }, score, note: `${name} ${score}` }, geometry });
  return JSON.stringify({
    type: 'FeatureCollection',
    features: [
      feature('cell', 0.2, { type: 'Polygon', coordinates: square(10, 10, 20) }),
      feature('cell', 0.9, { type: 'Polygon', coordinates: square(60, 40, 10) }),
      feature('debris', 0.5, { type: 'Point', coordinates: [100, 70] }),
      feature('debris', 0.7, { type: 'LineString', coordinates: [[0, 80], [30, 85], [40, 80]] }),
    ],
  });
}

before(async () => {
  const levels = pyramid({ ...kStack, skip: ([t, c, z, y, x]) => t === 1 && c === 2 && z === 1 && y === 0 && x === 0, fill: 7 });
  writeImage(files, 'stack', { axes: 'tczyx', levels: levels.map((level) => ({ ...level, scale: [2, 1, 0.5, ...(level.scale ?? []).slice(3).map((step) => step * 0.25)] })), channels: [1, 2, 3].map((i) => ({ color: ['FF0000', '00FF00', '0000FF'][i - 1] ?? '', window: [0, 20000] as const, label: `channel ${i}`, active: i !== 2 })) });
  for (const type of kTypes) {
    writeImage(files, type, { axes: 'yx', levels: [{ zarr: 2, dataType: type, bigEndian: type === 'uint32', shape: [10, 20], chunks: [4, 7], value: ([y = 0, x = 0]) => typeValue(type, x, y) }], channels: [{ color: 'FFFFFF', window: [0, 100] }] });
  }
  writeImage(files, 'narrow', { axes: 'yx', levels: [{ zarr: 3, dataType: 'int64', shape: [10, 20], chunks: [4, 7], value: ([y = 0, x = 0]) => x + 20 * y - 5 }], channels: [{ color: 'FFFFFF', window: [0, 100] }] });
  writeImage(files, 'large', { axes: 'yx', levels: [{ zarr: 3, dataType: 'float64', shape: [20000, 20000], chunks: [1000, 1000], value: () => 0, skip: () => true }], channels: [{ color: 'FFFFFF', window: [0, 1] }] });
  files.set('objects.geojson', geojson());
  server = await serveViewer([{ prefix: '/data/', files }]);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(async () => {
  server.clear();
  ({ page, complaints } = await openEmbedPage(browser, server, { width: 700, height: 480 }));
});
afterEach(async () => {
  const found = complaints;
  await page?.context().close();
  assert.deepEqual(found, []);
});

const data = (name: string): string => `${server.url}/data/${name}`;

interface Read {
  readonly values: readonly string[];
  readonly kind: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly level: number;
  readonly pixelSize: object;
  readonly unit: string;
  readonly axes: readonly { name: string; start: number; scale: number; translation: number }[];
  readonly transform: readonly (readonly number[])[];
  readonly channels: readonly number[];
  readonly told: readonly { done: number; chunks: number; bytes: number }[];
}

function read(options: object): Promise<Read> {
  return page.evaluate(async (options) => {
    const told: { done: number; chunks: number; bytes: number }[] = [];
    const { data, ...rest } = await viewerPage.scope().readRegion(options, { onProgress: (progress) => told.push(progress) });
    return { ...rest, values: Array.from(data as Uint8Array, String), kind: data.constructor.name, told };
  }, options);
}

function refused(options: object): Promise<{ code: string; message: string; advice: string }> {
  return page.evaluate((options) => viewerPage.scope().readRegion(options).then(() => Promise.reject(new Error('was read')), ({ code, message, advice }: Record<string, string>) => ({ code: code ?? '', message: message ?? '', advice: advice ?? '' })), options);
}

describe('readRegion', () => {
  test('gives a part of the plane that is shown, of all channels, with what it is', async () => {
    await open(page, data('stack'));
    await page.evaluate(() => viewerPage.viewer().update((raw) => raw._setPosition(2, 3)));
    await settled(page);
    const region = await read({ x: 45, y: 30, width: 10, height: 5 });
    assert.deepEqual(region.shape, [1, 3, 1, 5, 10]);
    assert.equal(region.kind, 'Uint16Array');
    assert.deepEqual([region.dtype, region.level, region.unit, region.pixelSize], ['uint16', 0, 'µm', { x: 0.25, y: 0.25, z: 0.5 }]);
    assert.deepEqual(region.axes.map(({ name, start, scale }) => [name, start, scale]), [['t', 0, 2], ['c', 0, 1], ['z', 3, 0.5], ['y', 30, 0.25], ['x', 45, 0.25]]);
    const expected = [0, 1, 2].flatMap((c) => [...Array(5).keys()].flatMap((y) => [...Array(10).keys()].map((x) => String(kStack.value([0, c, 3, y + 30, x + 45])))));
    assert.deepEqual(region.values, expected);
    assert.deepEqual(region.transform, [[0.25, 0, 45 * 0.25], [0, 0.25, 30 * 0.25], [0, 0, 1]]);
    // 3 channels, and 45 to 55 and 30 to 35 lie in two chunks each.
    assert.deepEqual(region.told.map(({ done }) => done).sort((a, b) => a - b), [...Array(13).keys()]);
    assert.deepEqual([region.told[0]?.bytes, region.told[0]?.chunks], [300, 12]);
  });

  test('gives stacks, chosen channels in their order, coarser levels, and the fill value of what is not there', async () => {
    await open(page, data('stack'));
    const region = await read({ level: 1, channels: [2, 0], z: [1, 4], t: 1, x: 0, y: 0, width: 2, height: 2 });
    assert.deepEqual(region.shape, [1, 2, 3, 2, 2]);
    assert.deepEqual(region.channels, [2, 0]);
    const value = (c: number, z: number, y: number, x: number): string => (c === 2 && z >= 2 ? '7' : String(kStack.value([1, c, z, 2 * y + 0.5, 2 * x + 0.5])));
    assert.deepEqual(region.values, [2, 0].flatMap((c) => [1, 2, 3].flatMap((z) => [0, 1].flatMap((y) => [0, 1].map((x) => value(c, z, y, x))))));
    assert.deepEqual(region.pixelSize, { x: 0.5, y: 0.5, z: 0.5 });
  });

  for (const type of kTypes) {
    test(`${type} is exact`, async () => {
      await open(page, data(type));
      const region = await read({ x: 3, y: 2, width: 9, height: 7 });
      const kinds: Record<string, string> = { bool: 'Uint8Array', int8: 'Int8Array', uint32: 'Uint32Array', int64: 'BigInt64Array', uint64: 'BigUint64Array', float16: 'Float32Array', float32: 'Float32Array', float64: 'Float64Array' };
      assert.equal(region.kind, kinds[type]);
      assert.deepEqual(region.values, [...Array(7).keys()].flatMap((y) => [...Array(9).keys()].map((x) => String(type === 'bool' ? Number(typeValue(type, x + 3, y + 2)) : typeValue(type, x + 3, y + 2)))));
    });
  }

  test('says what it cannot give, before it reads anything', async () => {
    assert.deepEqual(await refused({}), { code: 'not-ready', message: 'Expected an image to be shown, and none is yet.', advice: 'Wait for the event “ready”.' });
    await open(page, data('stack'));
    assert.equal((await refused({ level: 2 })).message, 'Expected level as a number from 0 to 1, received 2.');
    assert.equal((await refused({ x: 100, width: 30 })).message, 'Expected x and width as whole numbers inside the 120 elements of this level, received [100,30].');
    assert.equal((await refused({ x: 0, width: 1e15 })).code, 'bad-argument');
    assert.equal((await refused({ z: [2, 9] })).message, 'Expected z as a number from 0 to 3, or as [from, to] with to up to 4, received [2,9].');
    assert.equal((await refused({ channels: [3] })).message, 'Expected channels as a list of numbers from 0 to 2, received [3].');
    assert.equal((await refused({ at: { q: 1 } })).message, 'Expected an axis of this image (t, c, z, y, x) in “at”, received "q".');
    await open(page, data('large'));
    server.clear();
    const { code, message, advice } = await refused({});
    assert.equal(code, 'limit');
    assert.equal(message, 'Expected a region of at most 512 MB, received one of 3052 MB (20000 × 20000 of float64).');
    assert.match(advice, /coarser level/);
    assert.deepEqual(server.log.filter(({ path }) => path.includes('/c/')), []);
  });

  test('ends when it is cancelled, and when another image is opened', async () => {
    await open(page, data('stack'));
    const ended = await page.evaluate(async () => {
      const controller = new AbortController();
      const reading = viewerPage.scope().readRegion({ z: [0, 4], t: [0, 2] }, { signal: controller.signal, onProgress: ({ done }) => done === 2 && controller.abort() });
      const first = await reading.catch(({ code }: { code: string }) => code);
      const second = viewerPage.scope().readRegion({ z: [0, 4], t: [0, 2] }).catch(({ code, message }: Record<string, string>) => `${code}: ${message}`);
      viewerPage.scope().setAttribute('src', `${viewerPage.scope().getAttribute('src')?.replace('stack', 'int8')}`);
      return [first, await second];
    });
    assert.deepEqual(ended, ['aborted', 'aborted: Another image was opened meanwhile.']);
    await settled(page);
  });
});

describe('saveRegion', () => {
  async function saved(region: object | null): Promise<Buffer> {
    const bytes = await page.evaluate(async (region) => {
      const file = await viewerPage.scope().saveRegion(region ?? undefined);
      return [...new Uint8Array(await file.arrayBuffer())];
    }, region);
    return Buffer.from(bytes);
  }
  const kLook = 'import sys, json, tifffile\nwith tifffile.TiffFile(sys.argv[1]) as f:\n  s = f.series[0]\n  a = s.asarray()\n  print(json.dumps([s.axes, list(a.shape), str(a.dtype), f.is_ome, f.ome_metadata, [int(v) for v in a.ravel()[:50]], int(a.astype("int64").sum())]))';
  function tifffile(bytes: Buffer): [string, number[], string, boolean, string, number[], number] | null {
    const file = join(mkdtempSync(join(tmpdir(), 'mifascope-')), 'region.ome.tif');
    writeFileSync(file, bytes);
    try {
      return JSON.parse(execFileSync('/usr/bin/python3', ['-c', kLook, file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as ReturnType<typeof tifffile>;
    } catch {
      return null;
    }
  }

  test('tifffile reads the same pixels, sizes and channels', async (context) => {
    await open(page, data('stack'));
    const bytes = await saved({ level: 1, channels: [2, 0], z: [1, 4], t: [0, 2], x: 3, y: 1, width: 11, height: 7 });
    const found = tifffile(bytes);
    if (!found) return context.skip('Python has no tifffile here');
    const [axes, shape, dtype, isOme, xml, first] = found;
    assert.deepEqual([axes, shape, dtype, isOme], ['TCZYX', [2, 2, 3, 7, 11], 'uint16', true]);
    assert.deepEqual(first.slice(0, 12), [...[...Array(11).keys()].map((x) => kStack.value([0, 2, 1, 2.5, 2 * (x + 3) + 0.5])), kStack.value([0, 2, 1, 4.5, 6.5])]);
    assert.match(xml, /PhysicalSizeX="0.5" PhysicalSizeXUnit="µm" PhysicalSizeY="0.5" PhysicalSizeYUnit="µm" PhysicalSizeZ="0.5"/);
    assert.match(xml, /<Channel ID="Channel:0:0" Name="channel 3" SamplesPerPixel="1" Color="65535"\/>/);
  });

  test('what was saved is opened again by the viewer', async () => {
    await open(page, data('stack'));
    const bytes = await saved(null);
    files.set('again.ome.tif', new Uint8Array(bytes));
    const state = await open(page, data('again.ome.tif'));
    assert.equal(state.format, 'OME-TIFF');
    assert.deepEqual(state.issues, []);
    // All of the image is in view, at full resolution; the second channel is not shown.
    assert.deepEqual(state.channels?.map(({ label, color }) => [label, color]), [['channel 1', '#ff0000'], ['channel 3', '#0000ff']]);
    const region = await read({ x: 5, y: 6, width: 2, height: 1 });
    assert.deepEqual(region.values, [0, 2].flatMap((c) => [5, 6].map((x) => String(kStack.value([0, c, 2, 6, x])))));
  });

  test('64-bit integers whose values fit become 32-bit ones, and the menu, the name and the file say so', async (context) => {
    await open(page, data('narrow'));
    await page.click('mifa-scope .save');
    const offer = page.locator('mifa-scope .menu button', { hasText: 'Pixels in view, as OME-TIFF' });
    assert.equal((await offer.innerText()).replace(/\s+/g, ' '), 'Pixels in view, as OME-TIFF 20 × 10, 1 KB, 64-bit values as 32-bit ones');
    const [download] = await Promise.all([page.waitForEvent('download'), offer.click()]);
    assert.equal(download.suggestedFilename(), 'test_32bit.ome.tif');
    const found = tifffile(await readFile(await download.path()));
    if (!found) return context.skip('Python has no tifffile here');
    const [, shape, dtype, , xml, first] = found;
    assert.deepEqual([shape, dtype, first.slice(0, 7)], [[10, 20], 'int32', [-5, -4, -3, -2, -1, 0, 1]]);
    assert.match(xml, /Stored as int32, the values unchanged: the image has int64, for which OME-TIFF has no type/);
  });

  test('what OME-TIFF has no name for is refused', async () => {
    await open(page, data('uint64'));
    const error = await page.evaluate(() => viewerPage.scope().saveRegion().catch(({ code, message }: Record<string, string>) => ({ code, message })));
    assert.deepEqual(error, { code: 'unsupported', message: 'Expected values that fit in 32 bits, as OME-TIFF has no 64-bit integers, received the value 18446744073709551615 in uint64.' });
  });

  test('the menu offers it with its size, and a person gets the file', async () => {
    await open(page, data('stack'));
    await page.click('mifa-scope .save');
    const menu = page.locator('mifa-scope .menu');
    await menu.waitFor();
    assert.deepEqual(await menu.locator('button').allInnerTexts().then((texts) => texts.map((text) => text.replace(/\s+/g, ' '))), ['Picture, as PNG as it is on the screen', 'Pixels in view, as OME-TIFF 120 × 90, 2 planes, 43 KB', 'All 4 slices in view 120 × 90, 8 planes, 173 KB', 'Copy link to this view']);
    const [download] = await Promise.all([page.waitForEvent('download'), menu.getByText('All 4 slices in view').click()]);
    assert.equal(download.suggestedFilename(), 'test.ome.tif');
    await until('the menu is gone', async () => (await menu.count()) === 0);
    await page.click('mifa-scope .save');
    const [picture] = await Promise.all([page.waitForEvent('download'), menu.getByText('Picture, as PNG').click()]);
    assert.equal(picture.suggestedFilename(), 'test.png');
    await until('the menu is gone', async () => (await menu.count()) === 0);
    await page.click('mifa-scope .save');
    await menu.waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await menu.count(), 0);
  });
});

describe('queryAnnotations', () => {
  const query = (query: object): Promise<{ objects: { object: number; category: string; shape: string; bounds: number[]; properties: Record<string, string>; geometry: unknown; place: { pointer: string } }[]; more: boolean }> =>
    page.evaluate(async (query) => JSON.parse(JSON.stringify(await viewerPage.scope().queryAnnotations(query))), query) as never;
  const found = async (asked: object): Promise<number[]> => (await query(asked)).objects.map(({ object }) => object);

  beforeEach(async () => {
    await open(page, data('stack'));
    await page.evaluate((address) => viewerPage.scope().addAnnotation(address).then(({ ready }) => ready), data('objects.geojson'));
  });

  test('objects come with class, properties, place and geometry in pixels', async () => {
    const { objects, more } = await query({});
    assert.equal(more, false);
    assert.deepEqual(objects.map(({ shape, category }) => [shape, category]), [['polygon', 'cell'], ['polygon', 'cell'], ['point', 'debris'], ['line', 'debris']]);
    assert.deepEqual(objects[0]?.bounds, [10, 10, 30, 30]);
    assert.equal(objects[0]?.properties['note'], 'cell 0.2');
    assert.equal(objects[1]?.place.pointer, '/features/1');
    assert.deepEqual(objects.map(({ geometry }) => geometry), [
      { type: 'Polygon', coordinates: [[[10, 10], [30, 10], [30, 30], [10, 30], [10, 10]]] },
      { type: 'Polygon', coordinates: [[[60, 40], [70, 40], [70, 50], [60, 50], [60, 40]]] },
      { type: 'Point', coordinates: [100, 70] },
      { type: 'LineString', coordinates: [[0, 80], [30, 85], [40, 80]] },
    ]);
  });

  test('by place, class and properties', async () => {
    assert.deepEqual(await found({ bbox: [0, 0, 40, 82] }), [0, 3]);
    assert.deepEqual(await found({ bbox: [31, 31, 59, 39] }), []);
    assert.deepEqual(await found({ category: 'debris' }), [2, 3]);
    assert.deepEqual(await found({ category: ['cell', 'debris'], where: [{ property: 'score', min: 0.5, max: 0.7 }] }), [2, 3]);
    assert.deepEqual(await found({ where: [{ property: 'note', equals: 'cell 0.9' }] }), [1]);
    assert.deepEqual(await found({ layer: 'objects.geojson', where: [{ property: 'score', equals: 0.2 }] }), [0]);
    assert.deepEqual(await query({ limit: 3, geometry: false }).then(({ objects, more }) => [objects.length, more, 'geometry' in (objects[0] ?? {})]), [3, true, false]);
  });

  test('a wrong question is answered with what is right', async () => {
    const wrong = (asked: object): Promise<string> => page.evaluate((asked) => viewerPage.scope().queryAnnotations(asked).then(() => '', ({ message }: Error) => message), asked);
    assert.equal(await wrong({ bbox: [1, 2, 3] }), 'Expected bbox as [x0, y0, x1, y1] in pixels, received [1,2,3].');
    assert.match(await wrong({ layer: 'nuclei' }), /Expected one of the layers \d+ \(objects.geojson\), received "nuclei"/);
    assert.match(await wrong({ where: [{ property: 'area' }] }), /Expected a property of objects.geojson \(.*score.*\), received "area"/);
  });
});

test('validate() reports on what is shown', async () => {
  await open(page, data('int8'));
  const report = await page.evaluate(() => viewerPage.scope().validate());
  assert.deepEqual([report.name, report.verdict, report.complete], [data('int8'), 'valid', true], JSON.stringify(report.issues));
});

describe('attributes', () => {
  const corner = (): Promise<readonly number[]> => page.evaluate(() => viewerPage.viewer().readPixel(1, 1));
  const covered = (): Promise<boolean> => page.evaluate(() => viewerPage.viewer().call((raw) => raw._covered(650, 28)));

  test('theme: dark, light, or as the system has it', async () => {
    await open(page, data('int8'));
    assert.deepEqual(await corner(), [24, 25, 28]);
    await page.evaluate(() => viewerPage.scope().setAttribute('theme', 'light'));
    assert.deepEqual(await corner(), [236, 237, 240]);
    assert.equal(await page.evaluate(() => getComputedStyle(viewerPage.scope()).backgroundColor), 'rgb(236, 237, 240)');
    await page.evaluate(() => viewerPage.scope().setAttribute('theme', 'auto'));
    await page.emulateMedia({ colorScheme: 'dark' });
    await until('it is dark', async () => (await corner())[0] === 24);
    await page.emulateMedia({ colorScheme: 'light' });
    await until('it is light', async () => (await corner())[0] === 236);
  });

  test('controls: all, few, none', async () => {
    await open(page, data('stack'));
    await page.locator('mifa-scope .save').waitFor();
    await until('the toolbar is there', covered);
    await page.evaluate(() => viewerPage.scope().setAttribute('controls', 'minimal'));
    await until('it is gone', async () => !(await covered()));
    assert.deepEqual([await page.locator('mifa-scope .save').isVisible(), await page.locator('mifa-scope .full').isVisible()], [false, true]);
    await page.evaluate(() => viewerPage.scope().setAttribute('controls', 'none'));
    assert.equal(await page.locator('mifa-scope .full').isVisible(), false);
    await page.evaluate(() => viewerPage.scope().removeAttribute('controls'));
    await until('the toolbar is back', covered);
  });

  test('full screen by button, and back', async () => {
    await open(page, data('stack'));
    const full = (): Promise<boolean> => page.evaluate(() => document.fullscreenElement === viewerPage.scope());
    await page.click('mifa-scope .full');
    await until('it fills the screen', full);
    const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
    await until('the canvas does too', () => page.evaluate(([width, height]) => viewerPage.canvas().clientWidth >= width && viewerPage.canvas().clientHeight >= height, [width, height] as const));
    await until('the button says so', async () => (await page.locator('mifa-scope .full').getAttribute('aria-label')) === 'Leave full screen');
    await page.evaluate(() => viewerPage.scope().toggleFullscreen());
    await until('it does not any more', async () => !(await full()));
  });
});

test('what it tells: ready, progress, viewchange, issue, and to screen readers once it rests', async () => {
  const told = await page.evaluate(() => {
    const told: Record<string, unknown[]> = { ready: [], progress: [], viewchange: [], issue: [], spoken: [] };
    for (const type of ['ready', 'progress', 'viewchange', 'issue']) viewerPage.scope().addEventListener(type, (event) => told[type]?.push((event as CustomEvent).detail));
    Object.assign(globalThis, { told });
    return told;
  });
  assert.deepEqual(told['ready'], []);
  await open(page, data('stack'));
  const heard = (type: string): Promise<unknown[]> => page.evaluate((type) => JSON.parse(JSON.stringify((globalThis as unknown as { told: Record<string, unknown[]> }).told[type])) as unknown[], type);
  await until('it is ready', async () => (await heard('ready')).length === 1);
  await until('it is said', () => page.evaluate(() => Boolean(viewerPage.scope().shadowRoot?.querySelector('[aria-live]')?.textContent)));
  const before = (await heard('viewchange')).length;
  await page.evaluate(async () => {
    const live = viewerPage.scope().shadowRoot?.querySelector('[aria-live]');
    const { told } = globalThis as unknown as { told: Record<string, unknown[]> };
    if (live) new MutationObserver(() => told['spoken']?.push(live.textContent)).observe(live, { childList: true });
    for (let i = 0; i < 12; ++i) {
      viewerPage.viewer().update((raw) => raw._setPosition(2, i % 4));
      await viewerPage.frames();
    }
  });
  await until('the last is said', async () => (await heard('spoken')).length > 0);
  assert.deepEqual(await heard('spoken'), ['test, 120 by 90 pixels, channels channel 1, channel 3, t 1 of 2, z 4 of 4.']);
  const views = (await heard('viewchange')) as { position: { z: number } }[];
  assert.ok(views.length > before);
  assert.equal(views.at(-1)?.position.z, 3);
});
