// Annotations lie where they belong and look as they should: pixels of the canvas against coordinates,
// with layers that need no worker (fake_annotation.ts).

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { LayerSettings } from '../../web/annotations/handle.ts';
import { addElement, colors, look, open, openEmbedPage, serveViewer, until, type PageGlobals } from './browser.ts';
import { pyramid, writeImage, type Files } from './datasets.ts';
import type { FakeLayerSpec, FakeObject } from './fake_annotation.ts';
import { openBrowser } from './harness.ts';
import { writePlacedImage, writePlate } from './plate_datasets.ts';
import type { TestServer } from './server.mjs';
import type { Rgb } from './viewer_page.ts';

const { viewerPage } = globalThis as unknown as PageGlobals;

const kRed: Rgb = [255, 0, 0];
const kGreen: Rgb = [0, 255, 0];
const kFill = { fillOpacity: 1, lineWidth: 0 } as const;

const files: Files = new Map();
let server: TestServer;
let browser: Browser;
let page: Page;
let complaints: string[];

function plain(name: string, value: number, extra: { readonly scale?: readonly number[]; readonly translation?: readonly number[]; readonly axes?: string; readonly shape?: readonly number[] } = {}): void {
  const { axes = 'yx', shape = [160, 200], ...placed } = extra;
  const chunks = shape.map((size, i) => (i < shape.length - 2 ? 1 : size));
  const level = { zarr: 3, dataType: 'uint8', shape, chunks, value: () => value, ...placed } as const;
  writeImage(files, name, { axes, levels: [level], channels: [{ color: 'FFFFFF', window: [0, 255] }] });
}

before(async () => {
  plain('dark', 0);
  plain('light', 255);
  plain('micrometers', 0, { scale: [0.25, 0.5], translation: [3, 10] });
  plain('stack', 0, { axes: 'tzyx', shape: [4, 5, 80, 100] });
  writePlacedImage(files, 'turned', {
    axes: 'yx',
    levels: [{ zarr: 3, dataType: 'uint8', shape: [100, 120], chunks: [100, 120], scale: [0.5, 0.5], value: ([y = 0, x = 0]) => (y >= 20 && y < 40 && x >= 70 && x < 110 ? 255 : 0) }],
    window: [0, 255],
    systems: [{ name: 'stage', way: { type: 'sequence', transformations: [{ type: 'rotation', rotation: [[Math.cos(0.5), -Math.sin(0.5)], [Math.sin(0.5), Math.cos(0.5)]] }, { type: 'translation', translation: [100, 50] }] } }],
  });
  const well = (): Parameters<typeof writeImage>[2] => ({
    axes: 'yx',
    levels: pyramid({ zarr: 3, dataType: 'uint8', shape: [64, 64], chunks: [64, 64], count: 2, factor: 2, value: () => 0 }),
    channels: [{ color: 'FFFFFF', window: [0, 255] }],
  });
  writePlate(files, 'plate', { zarr: 3, rows: 1, columns: 2, image: well });
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
});
afterEach(async () => {
  const found = complaints;
  await page?.context().close();
  assert.deepEqual(found, []);
});

const show = (name: string): ReturnType<typeof open> => open(page, `${server.url}/data/${name}`);
const annotate = (spec: FakeLayerSpec, settings: Partial<LayerSettings> = {}): Promise<number> =>
  page.evaluate(([spec, settings]) => viewerPage.annotate(spec, settings), [spec, settings] as const);
const set = (layer: number, changes: Partial<LayerSettings>): Promise<void> =>
  page.evaluate(async ([layer, changes]) => {
    viewerPage.layers[layer]?.handle.set(changes);
    await viewerPage.drawn();
  }, [layer, changes] as const);
const lookDrawn = async (u: number, v: number, worldPerPixel: number): Promise<void> => {
  await look(page, u, v, worldPerPixel);
  await page.evaluate(() => viewerPage.drawn());
};

function box(x0: number, y0: number, x1: number, y1: number, more: Partial<FakeObject> = {}): FakeObject {
  return { shape: { kind: 'polygon', ring: [[x0, y0], [x1, y0], [x1, y1], [x0, y1]] }, category: 0, ...more };
}

const boxes = (objects: readonly FakeObject[], more: Partial<FakeLayerSpec> = {}): FakeLayerSpec => ({ objects, colors: [kRed, kGreen], ...more });

const isRed = ([r, g, b]: Rgb = [0, 0, 0]): boolean => r > 200 && g < 60 && b < 60;

/** Where along a row of device pixels red begins and ends, against world positions of the edges. */
async function expectEdges(v: number, left: number, right: number, what: string): Promise<void> {
  const { row, x0, x1 } = await page.evaluate(([v, left, right]) => {
    const [x0, y] = viewerPage.toCanvas(left, v);
    return { row: viewerPage.line({ y: Math.floor(y) }), x0, x1: viewerPage.toCanvas(right, v)[0] };
  }, [v, left, right] as const);
  const first = row.findIndex(isRed);
  const last = row.findLastIndex(isRed);
  if (x0 > 0) assert.ok(Math.abs(first - x0) <= 1, `${what}: the left edge is expected at device pixel ${x0}, received ${first}`);
  if (x1 < row.length) assert.ok(Math.abs(last + 1 - x1) <= 1, `${what}: the right edge is expected at device pixel ${x1}, received ${last + 1}`);
}

const at = async (places: readonly (readonly [number, number])[]): Promise<Rgb[]> => colors(page, places);

describe('where annotations lie', () => {
  test('a polygon ends at its pixels, at every zoom', async () => {
    await show('dark');
    await annotate(boxes([box(20, 30, 61, 70)]), kFill);
    for (const zoom of [2, 1, 0.31, 1 / 16, 1 / 100]) {
      for (const edge of [20, 61]) {
        await lookDrawn(edge - 0.5, 50, zoom);
        await expectEdges(50, 19.5, 60.5, `zoom ${1 / zoom}`);
      }
    }
  });

  test('coordinates of pixel centres are half a pixel further right and down', async () => {
    await show('dark');
    await annotate(boxes([box(20, 30, 60, 70)], { space: { corner: false } }), kFill);
    await lookDrawn(40, 50, 1 / 8);
    await expectEdges(50, 20, 60, 'centres');
    const [above, below] = await at([[40, 29.9], [40, 30.1]]);
    assert.ok(!isRed(above) && isRed(below));
  });

  test('an origin far away is added', async () => {
    await show('dark');
    await annotate(boxes([box(20, 30, 60, 70)], { origin: [10, 20] }), kFill);
    await lookDrawn(40, 50, 1 / 8);
    await expectEdges(50, 19.5, 59.5, 'origin');
  });

  test('lengths go through the image\'s pixel size, unit and translation', async () => {
    await show('micrometers');
    // The world of this image is micrometers: 0.5 a pixel along x from 10 on, 0.25 along y from 3 on.
    await annotate(boxes([box(20, 10, 40, 15)], { space: { unit: 'physical', unitName: 'micrometer', corner: false } }), kFill);
    await lookDrawn(30, 12, 0.1);
    await expectEdges(12, 20, 40, 'micrometers');
    await page.evaluate(() => viewerPage.layers[0]?.handle.remove());
    await annotate(boxes([box(20000, 10000, 40000, 15000)], { space: { unit: 'physical', unitName: 'nm', corner: false } }), kFill);
    await expectEdges(12, 20, 40, 'nanometers');
    await page.evaluate(() => viewerPage.layers[1]?.handle.remove());
    // A share of width and height: 200 pixels of 0.5 from the first pixel's edge at 9.75 on.
    await annotate(boxes([box(0.1, 0.1, 0.5, 0.9)], { space: { unit: 'normalized' } }), kFill);
    await expectEdges(12, 9.75 + 10, 9.75 + 50, 'shares');
  });

  test('over a turned image they turn with it', async () => {
    const state = await show('turned');
    await page.evaluate((stage) => {
      viewerPage.viewer().update((raw) => raw._setSystem(stage));
      return viewerPage.settled();
    }, state.systems?.indexOf('stage') ?? 0);
    // Exactly the bright block of the image.
    await annotate(boxes([box(70, 20, 110, 40)]), kFill);
    const place = (x: number, y: number): [number, number] => {
      const [px, py] = [(x - 0.5) * 0.5, (y - 0.5) * 0.5];
      return [Math.sin(0.5) * py + Math.cos(0.5) * px + 50, Math.cos(0.5) * py - Math.sin(0.5) * px + 100];
    };
    await lookDrawn(...place(90, 30), 0.05);
    const inside = [[70.3, 20.3], [109.7, 20.3], [70.3, 39.7], [109.7, 39.7]] as const;
    const outside = [[69.7, 30], [110.3, 30], [90, 19.7], [90, 40.3]] as const;
    const found = await at([...inside, ...outside].map(([x, y]) => place(x, y)));
    assert.deepEqual(found.slice(0, 4).map(isRed), [true, true, true, true]);
    assert.deepEqual(found.slice(4).map(isRed), [false, false, false, false]);
    // Nothing of the bright block is left to be seen beside it.
    assert.ok(found.slice(4).every(([r, g, b]) => r + g + b < 60), JSON.stringify(found));
  });

  test('a transform of the file and one of a person\'s are applied, and can be taken back', async () => {
    await show('dark');
    const layer = await annotate(boxes([box(10, 10, 30, 20)], { space: { affine: [2, 0, 0, 0, 2, 0] } }), { ...kFill, transform: [1, 0, 5, 0, 1, 7] });
    await lookDrawn(60, 50, 0.25);
    await expectEdges(40, 24.5, 64.5, 'both');
    await set(layer, { transform: [0, -1, 100, 1, 0, 0] });  // a quarter turn
    await expectEdges(40, 59.5, 79.5, 'turned');
    await set(layer, { transform: [1, 0, 0, 0, 1, 0], space: { unit: 'pixel', unitName: '', corner: true, affine: [1, 0, 0, 0, 1, 0], depthIsPhysical: false } });
    await expectEdges(14, 9.5, 29.5, 'as it is');
  });

  test('an image of unknown pixel size takes lengths as pixels and says so', async () => {
    writePlacedImage(files, 'unknown', { axes: 'yx', levels: [{ zarr: 3, dataType: 'uint8', shape: [50, 50], chunks: [50, 50], value: () => 0 }], window: [0, 1] });
    const metadata = JSON.parse(String(files.get('unknown/zarr.json'))) as object;
    files.set('unknown/zarr.json', JSON.stringify(metadata).replaceAll(',"unit":"micrometer"', ''));
    await show('unknown');
    const layer = await annotate(boxes([box(10, 10, 20, 20)], { space: { unit: 'physical', unitName: 'micrometer' } }), kFill);
    assert.match((await page.evaluate((layer) => viewerPage.layers[layer]?.handle.placementNote, layer)) ?? '', /does not say how large its pixels are: a pixel is taken as 1 micrometer/);
  });
});

describe('what is drawn', () => {
  test('only what is on this frame and slice', async () => {
    await show('stack');
    await annotate(boxes([
      box(10, 10, 20, 20, { frame: 1 }), box(30, 10, 40, 20, { slice: 2 }), box(50, 10, 60, 20, { frame: 1, slice: 2 }), box(70, 10, 80, 20),
    ]), kFill);
    const seen = async (t: number, z: number): Promise<string> => {
      await page.evaluate(async ([t, z]) => {
        viewerPage.viewer().update((raw) => raw._setPosition(0, t));
        viewerPage.viewer().update((raw) => raw._setPosition(1, z));
        await viewerPage.drawn();
      }, [t, z] as const);
      return (await at([[15, 15], [35, 15], [55, 15], [75, 15]])).map((color) => (isRed(color) ? 'x' : '.')).join('');
    };
    await lookDrawn(45, 40, 0.5);
    assert.equal(await seen(0, 0), '...x');
    assert.equal(await seen(1, 0), 'x..x');
    assert.equal(await seen(1, 2), 'xxxx');
    assert.equal(await seen(3, 2), '.x.x');
  });

  test('hidden categories are not, nor can they be clicked', async () => {
    await show('dark');
    const layer = await annotate(boxes([box(10, 10, 20, 20), box(30, 10, 40, 20, { category: 1 })]), kFill);
    await lookDrawn(25, 15, 0.1);
    assert.deepEqual(await at([[15, 15], [35, 15]]), [kRed, kGreen]);
    await set(layer, { filter: { hidden: [1] } });
    assert.deepEqual(await at([[15, 15], [35, 15]]), [kRed, [0, 0, 0]]);
    const state = await page.evaluate(() => viewerPage.viewer().state.annotations);
    assert.deepEqual(state.map(({ count, visibleCount }) => [count, visibleCount]), [[2, 1]]);
    await page.evaluate(() => viewerPage.click(35, 15));
    assert.equal(await page.evaluate(async () => (await viewerPage.scope().annotationLayers).selection), null);
    await set(layer, { filter: {}, visible: false });
    assert.deepEqual(await at([[15, 15], [35, 15]]), [[0, 0, 0], [0, 0, 0]]);
  });

  test('layers in their order, with their opacity', async () => {
    await show('dark');
    const low = await annotate(boxes([box(10, 10, 40, 40)]), kFill);
    const high = await annotate(boxes([box(20, 20, 50, 50, { category: 1 })]), { ...kFill, opacity: 0.5 });
    await lookDrawn(30, 30, 0.1);
    const mixed = await at([[30, 30], [45, 45]]);
    assert.ok(Math.abs((mixed[0]?.[0] ?? 0) - 128) <= 2 && Math.abs((mixed[0]?.[1] ?? 0) - 128) <= 2, String(mixed[0]));
    assert.ok(Math.abs((mixed[1]?.[1] ?? 0) - 128) <= 2, String(mixed[1]));
    await page.evaluate((low) => viewerPage.layers[low]?.handle.move(1), low);
    await page.evaluate(() => viewerPage.drawn());
    assert.deepEqual((await at([[30, 30]]))[0], kRed);
    const names = await page.evaluate(async () => (await viewerPage.scope().annotationLayers).layers.map(({ id }) => id));
    assert.deepEqual(names, [high + 1, low + 1]);
  });

  test('lines of the width asked for, with a dark rim that shows on bright ground', async () => {
    await show('light');
    const layer = await annotate({ objects: [{ shape: { kind: 'line', line: [[10, 50], [150, 50]] } }] }, { lineWidth: 3, colorBy: { kind: 'single', color: [255, 255, 255] } });
    await lookDrawn(80, 49.5, 0.2);
    const profile = async (): Promise<number[]> => page.evaluate(() => {
      const [x, y] = viewerPage.toCanvas(80, 49.5);
      return viewerPage.line({ x: Math.floor(x) }).slice(Math.floor(y) - 8, Math.floor(y) + 8).map(([r]) => r);
    });
    const lightness = await profile();
    assert.ok(Math.min(...lightness) < 200, `a rim is expected, received ${lightness}`);
    const dark = lightness.map((value, i) => (value < 200 ? i : -1)).filter((i) => i >= 0);
    const [first = 0, last = 0] = [dark[0], dark.at(-1)];
    assert.ok(last - first >= 3 && last - first <= 5, `three bright pixels between the rims are expected, received ${lightness}`);
    await set(layer, { lineWidth: 0 });
    assert.deepEqual(new Set(await profile()), new Set([255]));
  });

  test('points as discs with a rim, smaller where they are crowded', async () => {
    await show('dark');
    const objects = Array.from({ length: 100 }, (_, i): FakeObject => ({ shape: { kind: 'point', at: [50 + (i % 10) * 4, 50 + Math.floor(i / 10) * 4] }, category: 0 }));
    await annotate(boxes(objects, { kind: 'point_annotations' }), { pointSize: 11 });
    await lookDrawn(49.5, 49.5, 0.1);
    // At ten device pixels a pixel there is room for the whole disc; its middle is where the point is.
    const width = await page.evaluate(() => {
      const [x, y] = viewerPage.toCanvas(49.5, 49.5);
      const row = viewerPage.line({ y: Math.floor(y) }).slice(Math.floor(x) - 12, Math.floor(x) + 12);
      return row.filter(([r]) => r > 40).length;
    });
    assert.ok(width >= 10 && width <= 13, `a disc of 11 pixels is expected, received ${width}`);
    await lookDrawn(70, 70, 1);
    const lit = await page.evaluate(() => {
      const [x, y] = viewerPage.toCanvas(51.5, 49.5);
      return viewerPage.picture().at(Math.floor(x), Math.floor(y));
    });
    assert.ok(lit[0] < 60, `black is expected between points, received ${lit}`);
  });

  test('points while shapes are on their way, and shapes when they are there', async () => {
    await show('dark');
    await lookDrawn(100, 80, 0.5);
    await page.evaluate(async (spec) => {
      const layer = new viewerPage.FakeLayer(spec);
      viewerPage.scope().setAttribute('annotation-panel', 'none');
      const shapes = layer.shapes.bind(layer);
      const gate = new Promise<void>((open) => Object.assign(globalThis, { open }));
      layer.shapes = (block) => gate.then(() => shapes(block));
      const handle = await viewerPage.scope().addAnnotation(layer, { fillOpacity: 1, lineWidth: 0 });
      await handle.ready;
      await viewerPage.frames(10);
    }, boxes([box(40, 40, 120, 120)]));
    assert.deepEqual((await at([[45, 45], [79.5, 79.5]])).map(isRed), [false, true]);
    assert.equal(await page.evaluate(() => viewerPage.viewer().state.vectors?.waiting), 1);
    await page.evaluate(() => {
      (globalThis as unknown as { open: () => void }).open();
      return viewerPage.drawn();
    });
    assert.deepEqual((await at([[45, 45], [115, 115]])).map(isRed), [true, true]);
  });

  test('a small object is one dot, and asks for no shapes', async () => {
    await show('dark');
    await lookDrawn(100, 80, 1);
    await annotate(boxes([box(100, 80, 101.5, 81.5)]), kFill);
    assert.ok(isRed((await at([[100.2, 80.2]]))[0]));
    assert.ok(!(await page.evaluate(() => viewerPage.layers[0]?.fake.asked))?.some((question) => question.startsWith('shapes')));
    await lookDrawn(100, 80, 0.1);
    assert.ok((await page.evaluate(() => viewerPage.layers[0]?.fake.asked))?.includes('shapes 0'));
  });

  test('small objects are drawn by their inside, larger ones are transparent', async () => {
    await show('dark');
    await lookDrawn(100, 80, 1);
    await annotate(boxes([box(98, 78, 102, 82)]), { fillOpacity: 0.15 });
    const solid = (await at([[99.5, 79.5]]))[0]?.[0] ?? 0;
    assert.ok(solid > 180, `a nearly solid inside is expected, received ${solid}`);
    await lookDrawn(100, 80, 0.1);
    const thin = (await at([[99.5, 79.5]]))[0]?.[0] ?? 0;
    assert.ok(Math.abs(thin - 38) < 3, `15 % of red is expected, received ${thin}`);
  });

  test('shapes that cannot be made stay dots', async () => {
    await show('dark');
    await page.evaluate(async (spec) => {
      const { FakeLayer } = viewerPage;
      const layer = new FakeLayer(spec);
      viewerPage.scope().setAttribute('annotation-panel', 'none');
      layer.shapes = () => Promise.reject(new Error('the worker has ended'));
      const handle = await viewerPage.scope().addAnnotation(layer, { fillOpacity: 1, lineWidth: 0 });
      await handle.ready;
      await viewerPage.frames(10);
    }, boxes([box(80, 60, 120, 100)]));
    await look(page, 99.5, 79.5, 0.5);
    await page.evaluate(() => viewerPage.frames(10));
    assert.ok(isRed((await at([[99.5, 79.5]]))[0]));
    assert.ok(!isRed((await at([[85, 65]]))[0]));
  });

  test('links trail behind, fade, and end with the tail', async () => {
    await show('stack');
    const objects = [0, 1, 2, 3].map((frame): FakeObject => ({ shape: { kind: 'point', at: [20 + frame * 20, 40] }, frame, category: 0 }));
    const layer = await annotate(boxes(objects, { kind: 'tracks', links: [[0, 1], [1, 2], [2, 3]] }), { lineWidth: 3, tail: 10, colorBy: { kind: 'category' } });
    await lookDrawn(50, 40, 0.2);
    const seen = async (t: number): Promise<number[]> => {
      await page.evaluate(async (t) => {
        viewerPage.viewer().update((raw) => raw._setPosition(0, t));
        await viewerPage.drawn();
      }, t);
      return (await at([[29.5, 39.5], [49.5, 39.5], [69.5, 39.5]])).map(([r]) => r);
    };
    assert.deepEqual(await seen(0), [0, 0, 0]);
    const [a = 0, b = 0, c = 0] = await seen(3);
    assert.ok(c > b && b > a && a > 50, `colours that fade with age are expected, received ${[a, b, c]}`);
    await set(layer, { tail: 1 });
    const [old = 0, , late = 0] = await seen(3);
    assert.ok(old === 0 && late > 100, `a short tail is expected, received ${[old, late]}`);
  });

  test('over a plate nothing, over its wells all', async () => {
    await open(page, `${server.url}/data/plate`);
    await annotate(boxes([box(4, 4, 60, 60)]), kFill);
    const reds = (): Promise<number> => page.evaluate(() => {
      const { width, height, at } = viewerPage.picture();
      let count = 0;
      for (let y = 0; y < height; y += 3) for (let x = 0; x < width; x += 3) count += Number(at(x, y)[0] > 200 && at(x, y)[1] < 60);
      return count;
    });
    assert.equal(await reds(), 0);
    await page.evaluate(async () => {
      viewerPage.viewer().openEntry(0);
      await viewerPage.settled();
      await viewerPage.drawn();
    });
    assert.ok((await reds()) > 100);
  });
});

describe('pointing and selecting', () => {
  type Events = { type: string; object: number | null }[];
  const listen = (): Promise<void> => page.evaluate(() => {
    const events: { type: string; object: number | null }[] = [];
    for (const type of ['select', 'hover'] as const) {
      viewerPage.scope().addEventListener(type, (event) => events.push({ type, object: (event as CustomEvent<{ object: number } | null>).detail?.object ?? null }));
    }
    Object.assign(globalThis, { events });
  });
  const events = (): Promise<Events> => page.evaluate(() => (globalThis as unknown as { events: Events }).events.splice(0));

  test('hovering outlines, a click selects, Escape and a click beside deselect', async () => {
    await show('dark');
    await annotate(boxes([box(40, 40, 80, 80), box(50, 50, 60, 60, { category: 1 }), box(100, 40, 140, 80)]), { fillOpacity: 0.2 });
    await lookDrawn(90, 60, 0.25);
    await listen();
    const cursor = (): Promise<string> => page.evaluate(() => viewerPage.canvas().style.cursor);
    const before = await page.evaluate(() => viewerPage.fingerprint());
    await page.evaluate(() => viewerPage.pointer('pointermove', ...viewerPage.toCanvas(70, 70)));
    await until('the object is hovered', async () => (await cursor()) === 'pointer');
    await page.evaluate(() => viewerPage.frames(10));
    assert.notEqual((await page.evaluate(() => viewerPage.fingerprint())).hash, before.hash);
    assert.deepEqual(await events(), [{ type: 'hover', object: 0 }]);
    // White on the polygon's edge.
    assert.ok((await at([[39.5, 60]]))[0]?.every((part) => part > 180));

    await page.evaluate(() => viewerPage.click(55, 55));
    await until('the smallest is selected', async () => (await events()).some(({ type, object }) => type === 'select' && object === 1));
    await page.evaluate(() => viewerPage.frames(10));
    await page.evaluate(() => viewerPage.pointer('pointerleave', 0, 0));
    await until('nothing is hovered', async () => (await cursor()) === '');
    const yellow = (await at([[49.5, 55]]))[0] ?? [0, 0, 0];
    assert.ok(yellow[0] > 200 && yellow[1] > 180 && yellow[2] < 150, `the selected outline's yellow is expected, received ${yellow}`);
    const spoken = await page.evaluate(() => [...(viewerPage.scope().shadowRoot?.querySelectorAll('[aria-live]') ?? [])].map(({ textContent }) => textContent));
    assert.ok(spoken.includes('Selected fake, object 2 of 3: class 1, polygon.'), JSON.stringify(spoken));

    await events();
    await page.locator('mifa-scope canvas').press('Escape');
    assert.deepEqual(await events(), [{ type: 'select', object: null }]);
    await page.evaluate(() => viewerPage.click(120, 60));
    await until('another is selected', async () => (await events()).some(({ type, object }) => type === 'select' && object === 2));
    await page.evaluate(() => viewerPage.click(90, 20));
    await until('nothing is', async () => (await events()).some(({ type, object }) => type === 'select' && object === null));
  });

  test('a drag selects nothing', async () => {
    await show('dark');
    await annotate(boxes([box(10, 10, 150, 150)]));
    await listen();
    await page.evaluate(async () => {
      for (const [type, x] of [['pointerdown', 200], ['pointermove', 230], ['pointermove', 260], ['pointerup', 260]] as const) viewerPage.pointer(type, x, 150);
      await viewerPage.frames(10);
    });
    assert.deepEqual((await events()).filter(({ type }) => type === 'select'), []);
  });

  test('keys step through objects, to their frame and slice, and show and hide', async () => {
    await show('stack');
    const layer = await annotate(boxes([box(10, 10, 12, 12, { frame: 2, slice: 1 }), box(80, 70, 82, 72, { frame: 3, category: 1 }), box(50, 50, 52, 52)]));
    const canvas = page.locator('mifa-scope canvas');
    const where = (): Promise<{ t: number; z: number; object: number | undefined; center: readonly number[] }> => page.evaluate(async () => {
      const layers = await viewerPage.scope().annotationLayers;
      const { axes = [], view } = viewerPage.viewer().state;
      return { t: axes[0]?.position ?? -1, z: axes[1]?.position ?? -1, object: layers.selection?.object, center: (view?.center ?? []).map(Math.round) };
    });
    await canvas.press('n');
    await until('the first is in the middle', async () => (await where()).center.join() === '11,11');
    assert.deepEqual(await where(), { t: 2, z: 1, object: 0, center: [11, 11] });
    await canvas.press('n');
    await until('the second is in the middle', async () => (await where()).center.join() === '81,71');
    assert.deepEqual(await where(), { t: 3, z: 1, object: 1, center: [81, 71] });
    await set(layer, { filter: { hidden: [1] } });
    await canvas.press('n');
    await canvas.press('Shift+N');
    await until('the hidden one is passed over', async () => (await where()).object === 0);
    await canvas.press('a');
    assert.equal(await page.evaluate(() => viewerPage.viewer().state.annotations[0]?.visible), false);
    await canvas.press('a');
    assert.equal(await page.evaluate(() => viewerPage.viewer().state.annotations[0]?.visible), true);
  });

  test('a small object far away is flown to and is large enough to be seen', async () => {
    await show('dark');
    await annotate(boxes([box(190, 150, 191, 151)]));
    await lookDrawn(20, 20, 1);
    const size = await page.evaluate(async () => {
      const [layer] = viewerPage.layers;
      const layers = await viewerPage.scope().annotationLayers;
      if (layer) await layers.flyTo({ layer: layer.handle, object: 0 });
      await viewerPage.drawn();
      return 1 / (viewerPage.viewer().state.view?.worldPerPixel ?? 1);
    });
    assert.ok(size > 40 && size < 200, `a pixel of 40 to 200 device pixels is expected, received ${size}`);
    assert.deepEqual(await page.evaluate(() => viewerPage.viewer().state.view?.center.map((part) => Math.round(part * 10) / 10)), [190, 150]);
  });
});

describe('resources', () => {
  const buffers = (): Promise<number> => page.evaluate(() => {
    const { made } = viewerPage.viewer().graphics;
    return [...made.buffers, ...made.textures, ...made.vaos].filter(Boolean).length;
  });

  test('an idle page draws nothing', async () => {
    await show('dark');
    await annotate(boxes([box(40, 40, 80, 80)]));
    await page.evaluate(() => viewerPage.frames(30));
    const before = await page.evaluate(() => viewerPage.viewer().framesDrawn);
    await page.evaluate(() => viewerPage.frames(60));
    assert.equal(await page.evaluate(() => viewerPage.viewer().framesDrawn), before);
  });

  test('what is removed is freed and closed', async () => {
    await show('dark');
    await annotate(boxes([box(1, 1, 2, 2)]));
    await page.evaluate(() => viewerPage.layers[0]?.handle.remove());
    await page.evaluate(() => viewerPage.frames(10));
    const before = await buffers();
    const layer = await annotate(boxes(Array.from({ length: 500 }, (_, i) => box(i % 20 * 9, Math.floor(i / 20) * 6, i % 20 * 9 + 8, Math.floor(i / 20) * 6 + 5, { frame: 0 }))));
    await page.evaluate(async () => {
      const layers = await viewerPage.scope().annotationLayers;
      const [, layer] = viewerPage.layers;
      if (layer) layers.select({ layer: layer.handle, object: 3 });
      await viewerPage.frames(10);
    });
    assert.ok((await buffers()) > before + 10);
    assert.ok((await page.evaluate(() => viewerPage.viewer().state.vectors?.bytes ?? 0)) > 1000);
    await page.evaluate(async (layer) => {
      viewerPage.scope().removeAnnotation(viewerPage.layers[layer]!.handle);
      await viewerPage.frames(10);
    }, layer);
    assert.equal(await buffers(), before);
    assert.equal(await page.evaluate(() => viewerPage.viewer().state.vectors?.bytes), 0);
    assert.equal(await page.evaluate((layer) => viewerPage.layers[layer]?.fake.closed, layer), true);
    assert.deepEqual(await page.evaluate(() => viewerPage.viewer().state.annotations), []);
    assert.equal(await page.evaluate(async () => (await viewerPage.scope().annotationLayers).selection), null);
  });

  test('a lost context is survived', async () => {
    await show('dark');
    await annotate(boxes([box(40, 40, 80, 80, { frame: 0 }), box(90, 40, 91, 41)]), kFill);
    await annotate({ objects: [{ shape: { kind: 'point', at: [120, 60] } }] });
    await page.evaluate(async () => {
      const [layer] = viewerPage.layers;
      if (layer) (await viewerPage.scope().annotationLayers).select({ layer: layer.handle, object: 0 });
      await viewerPage.frames(10);
    });
    const before = await page.evaluate(() => viewerPage.fingerprint());
    await page.evaluate(async () => {
      const lose = viewerPage.viewer().graphics.gl.getExtension('WEBGL_lose_context');
      const canvas = viewerPage.canvas();
      const lost = new Promise((resolve) => canvas.addEventListener('webglcontextlost', resolve, { once: true }));
      lose?.loseContext();
      await lost;
      const restored = new Promise((resolve) => canvas.addEventListener('webglcontextrestored', resolve, { once: true }));
      await new Promise((resolve) => setTimeout(resolve));
      lose?.restoreContext();
      await restored;
      await viewerPage.settled();
      await viewerPage.drawn();
    });
    await until('the picture is the same again', async () => (await page.evaluate(() => viewerPage.fingerprint())).hash === before.hash);
  });

  test('elements on one page have their own', async () => {
    await show('dark');
    await addElement(page);
    await page.evaluate((url) => viewerPage.open(url, { index: 1 }), `${server.url}/data/light`);
    await annotate(boxes([box(40, 40, 80, 80)]), kFill);
    await page.evaluate(([spec, settings]) => viewerPage.annotate(spec, settings, 1), [boxes([box(10, 10, 30, 30, { category: 1 })]), kFill] as const);
    const seen = (index: number): Promise<Rgb[]> => page.evaluate((index) => viewerPage.colors([[60, 60], [20, 20]], index), index);
    assert.deepEqual(await seen(0), [kRed, [0, 0, 0]]);
    assert.deepEqual(await seen(1), [[255, 255, 255], kGreen]);
    await page.evaluate(() => viewerPage.scope(1).remove());
    assert.equal(await page.evaluate(() => viewerPage.layers[1]?.fake.closed), true);
    assert.deepEqual(await seen(0), [kRed, [0, 0, 0]]);
  });

  test('annotations wait for the image', async () => {
    await page.evaluate((spec) => {
      Object.assign(globalThis, { early: viewerPage.annotate(spec, { fillOpacity: 1, lineWidth: 0 }) });
    }, boxes([box(40, 40, 80, 80)]));
    assert.ok(!server.log.some(({ path }) => path.endsWith('annotations.js')), 'its code is not asked for before the image');
    await show('dark');
    await page.evaluate(() => (globalThis as unknown as { early: Promise<number> }).early);
    assert.deepEqual(await at([[60, 60]]), [kRed]);
  });
});
