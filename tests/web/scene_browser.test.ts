// Images in coordinate systems (OME-Zarr 0.6): tiles that overlap show the same, whichever is on top;
// turned and mirrored images lie where the transformation puts them, to half a pixel.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { colors, look, open, openEmbedPage, readout, serveViewer, settled, until, type PageGlobals } from './browser.ts';
import type { Files, Level } from './datasets.ts';
import { openBrowser } from './harness.ts';
import { writePlacedImage, writeScene, type PlacedImageSpec, type SceneSpec, type Transformation } from './plate_datasets.ts';
import type { TestServer } from './server.mjs';

const { viewerPage } = globalThis as unknown as PageGlobals;

type Point = readonly [number, number];  // y, x
/** Of (y, x): rows of two numbers and an offset. */
type Affine = readonly [readonly [number, number, number], readonly [number, number, number]];

const kStep = 0.5;  // micrometers a pixel
const kTurn = 7;  // degrees
const kSample = join('build', 'sample', 'images');

function apply([[a, b, c], [d, e, f]]: Affine, [y, x]: Point): Point {
  return [a * y + b * x + c, d * y + e * x + f];
}

function turned(degrees: number, [y, x]: Point, mirror = 1): Affine {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return [[cos, -sin * mirror, y], [sin, cos * mirror, x]];
}

/** The picture that all tiles are cut from, by place on the stage in micrometers: half a pixel shows. */
function picture([y, x]: Point): number {
  return Math.round(128 + 55 * Math.sin(y / 1.9) + 55 * Math.sin(x / 1.6 + y / 7));
}

/** A tile of the picture: pixel (i, j) shows what lies where `way` puts it. */
function tile(shape: readonly [number, number], way: Affine, count = 1): PlacedImageSpec {
  const levels = Array.from({ length: count }, (_, level): Level => {
    const factor = 2 ** level;
    const step = kStep * factor;
    const origin = (step - kStep) / 2;
    return {
      zarr: 3,
      dataType: 'uint8',
      shape: shape.map((size) => Math.ceil(size / factor)),
      chunks: [32, 32],
      scale: [step, step],
      ...(level > 0 ? { translation: [origin, origin] } : {}),
      value: ([i = 0, j = 0]) => picture(apply(way, [i * step + origin, j * step + origin])),
    };
  });
  return { axes: 'yx', levels, window: [0, 255] };
}

const kPlaceB: Point = [-11, 41];
const kPlaceC: Point = [33.25, 8.75];
const kWayA = turned(0, [0, 0]);
const kWayB = turned(0, kPlaceB);
const kWayC = turned(kTurn, kPlaceC);
const translation = (place: Point): Transformation => ({ type: 'translation', translation: [...place] });
const rotation = (degrees: number): Transformation => ({ type: 'rotation', rotation: turned(degrees, [0, 0]).map((row) => row.slice(0, 2)) });
const sequence = (...transformations: Transformation[]): Transformation => ({ type: 'sequence', transformations });

const tileA = { name: 'a', ...tile([100, 120], kWayA), ways: { stage: translation([0, 0]), shifted: translation([1000, 500]) } };
const tileB = { name: 'b', ...tile([90, 110], kWayB), ways: { stage: translation(kPlaceB), shifted: translation([kPlaceB[0] + 1000, kPlaceB[1] + 500]) } };
const tileC = { name: 'c', ...tile([96, 96], kWayC), ways: { stage: sequence(rotation(kTurn), translation(kPlaceC)) } };

const files: Files = new Map();
let server: TestServer;
let browser: Browser;
let page: Page;
let complaints: string[];

function scene(...images: SceneSpec['images'][0][]): SceneSpec {
  return { systems: ['stage', 'shifted'], images };
}

before(async () => {
  writeScene(files, 'ab', scene(tileA, tileB));
  writeScene(files, 'ba', scene(tileB, tileA));
  writeScene(files, 'ac', scene(tileA, tileC));
  writeScene(files, 'ca', scene(tileC, tileA));
  writeScene(files, 'abc', scene(tileA, tileB, tileC));
  server = await serveViewer([
    { prefix: '/data/', files },
    { prefix: '/sample/', root: kSample },
  ]);
  browser = await openBrowser();
  ({ page, complaints } = await openEmbedPage(browser, server));
});
after(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(() => server.clear());

const url = (path: string): string => `${server.url}/data/${path}`;
const systems = (): Locator => page.locator('mifa-scope [data-choice="system"]');

/** What the canvas shows at places on the stage, in pixels as they are. Large enough to aim at. */
async function shown(path: string, places: readonly Point[], system = 0): Promise<number[]> {
  const state = await open(page, url(path));
  assert.equal(state.stage, 'showing', JSON.stringify(state.failure));
  if (system > 0) await page.evaluate((system) => viewerPage.viewer().update((raw) => raw._setSystem(system)), system);
  return shownNow(places);
}

async function shownNow(places: readonly Point[], worldPerPixel = kStep / 8): Promise<number[]> {
  await page.evaluate(() => viewerPage.viewer().update((raw) => raw._setSmooth(false)));
  const seen: number[] = [];
  for (const [y, x] of places) {
    await look(page, x, y, worldPerPixel);
    const [[red, green, blue] = [-1, -2, -3]] = await colors(page, [[x, y]]);
    seen.push(red === green && green === blue ? red : -1);
  }
  return seen;
}

/** Stage places of the centres of pixels, spread over a tile's shape and within `inside`. */
function centres([height, width]: readonly [number, number], way: Affine, inside: (place: Point) => boolean, count = 24): { pixel: Point; place: Point }[] {
  const found: { pixel: Point; place: Point }[] = [];
  for (let i = 0; found.length < count && i < 5000; ++i) {
    const pixel: Point = [Math.floor(((i * 0.7548776662466927) % 1) * height), Math.floor(((i * 0.5698402909980532) % 1) * width)];
    const place = apply(way, [pixel[0] * kStep, pixel[1] * kStep]);
    if (inside(place)) found.push({ pixel, place });
  }
  return found;
}

const within = (low: Point, high: Point) => ([y, x]: Point): boolean => y > low[0] && y < high[0] && x > low[1] && x < high[1];
const inA = within([0.5, 0.5], [48, 58]);
const inB = within([-10, 42], [32, 94]);

function differences(seen: readonly number[], expected: readonly number[]): number[] {
  return seen.map((value, i) => Math.abs(value - (expected[i] ?? -99)));
}

describe('a scene', () => {
  test('shows all its images, and says so', async () => {
    const state = await open(page, url('abc'));
    assert.equal(state.kind, 'scene');
    assert.equal(state.overview, true);
    assert.equal(state.images, 3);
    assert.deepEqual(state.issues, []);
    await until('it is said', async () => /3 images/.test(await page.locator('mifa-scope [aria-live]').innerText()));
    const names = await page.evaluate(() => viewerPage.viewer().entries);
    assert.deepEqual(names.length, 3);
  });

  for (const path of ['ab', 'ba']) {
    test(`where tiles overlap they show the same, whichever is on top (${path})`, async () => {
      const places = centres([90, 110], kWayB, (place) => inA(place) && inB(place));
      assert.equal(places.length, 24);
      const seen = await shown(path, places.map(({ place }) => place));
      const off = differences(seen, places.map(({ place }) => picture(place)));
      assert.ok(Math.max(...off) <= 1, String(off));
    });
  }

  test('a turned tile shows each of its pixels where the rotation puts it', async () => {
    const places = centres([96, 96], kWayC, () => true, 32);
    const seen = await shown('ac', places.map(({ place }) => place));
    const off = differences(seen, places.map(({ place }) => picture(place)));
    assert.ok(Math.max(...off) <= 1, String(off));
  });

  test('and its pixels are squares that are turned too: their corners are theirs', async () => {
    const places = centres([96, 96], kWayC, () => true, 6);
    const corners = places.flatMap(({ pixel, place }) =>
      ([[-0.4, -0.4], [-0.4, 0.4], [0.4, -0.4], [0.4, 0.4]] as const).map(([i, j]) => ({
        place: apply(kWayC, [(pixel[0] + i) * kStep, (pixel[1] + j) * kStep]),
        expected: picture(place),
      })),
    );
    const seen = await shown('ac', corners.map(({ place }) => place));
    const off = differences(seen, corners.map(({ expected }) => expected));
    assert.ok(Math.max(...off) <= 1, String(off));
  });

  test('below the turned tile the straight one agrees with it within a pixel', async () => {
    // Pixels of both cover each place; the picture changes by at most 22 from one to the next.
    const places = centres([96, 96], kWayC, inA, 24).map(({ place }) => place);
    assert.equal(places.length, 24);
    const above = await shown('ac', places);
    const below = await shown('ca', places);
    const off = differences(above, below);
    assert.ok(Math.max(...off) <= 22, String(off));
    assert.ok(off.reduce((sum, each) => sum + each, 0) / off.length < 8, String(off));
    assert.ok(Math.max(...off) > 0, 'they are two tiles');
  });

  test('the coarse level of a tile lies where the fine one does', async () => {
    // So large that the fine level is not read for the whole of it.
    const large = [800, 960] as const;
    writeScene(files, 'levels', scene({ ...tileA, ...tile(large, kWayA, 3) }, { ...tileC, ...tile(large, kWayC, 3) }));
    await open(page, url('levels'));
    // From afar pixels are mixed linearly. A device pixel's middle is half of one off the canvas's.
    const far = 1.44 * kStep;
    const step = 2 * kStep;
    const coarse = (i: number, j: number): number => picture(apply(kWayC, [i * step + kStep / 2, j * step + kStep / 2]));
    const mixed = ([y, x]: Point): number => {
      const [v, u] = [y + far / 2 - kPlaceC[0], x + far / 2 - kPlaceC[1]];
      const [cos, sin] = [Math.cos((kTurn * Math.PI) / 180), Math.sin((kTurn * Math.PI) / 180)];
      const [i, j] = [(cos * v + sin * u - kStep / 2) / step, (cos * u - sin * v - kStep / 2) / step];
      const [row, column] = [Math.floor(i), Math.floor(j)];
      const along = (row: number): number => coarse(row, column) * (1 - j + column) + coarse(row, column + 1) * (j - column);
      return along(row) * (1 - i + row) + along(row + 1) * (i - row);
    };
    const places = ([[30, 40], [101.3, 70.2], [240, 107], [330.4, 340]] as const).map((place) => apply(kWayC, place));
    const seen = await shownNow(places, far);
    assert.equal((await settled(page)).level, 1);
    const off = differences(seen, places.map(mixed));
    assert.ok(Math.max(...off) <= 2, String(off));
  });

  test('what is under the pointer is the upper tile\'s pixel', async () => {
    await open(page, url('ac'));
    for (const { pixel, place } of centres([96, 96], kWayC, () => true, 4)) {
      await look(page, place[1], place[0], kStep / 8);
      const { pixel: text, values } = await readout(page, place[1], place[0]);
      assert.match(text, new RegExp(`x ${pixel[1]}\\s+y ${pixel[0]}$`));
      assert.equal(values[0]?.value, String(picture(place)));
    }
  });

  test('outside all tiles there is nothing', async () => {
    const [only] = await shown('ac', [[-3, 30]]);
    const inside = await shownNow([[3, 30]]);
    assert.deepEqual([only, inside[0]], [-1, picture([3, 30])]);
  });

  test('one of its images by itself, and back', async () => {
    await open(page, url('abc'));
    await page.locator('mifa-scope [data-choice="entry"] select').selectOption({ index: 2 });
    const state = await settled(page);
    assert.equal(state.overview, false);
    assert.equal(state.images, 1);
    await page.locator('mifa-scope [data-choice="overview"]').click();
    assert.equal((await settled(page)).images, 3);
  });

  test('an image that is not there leaves the others', async () => {
    writeScene(files, 'torn', scene(tileA, tileB));
    for (const key of [...files.keys()]) if (key.startsWith('torn/b/')) files.delete(key);
    const state = await open(page, url('torn'));
    assert.equal(state.stage, 'showing');
    assert.equal(state.images, 1);
    assert.ok(state.issues.some(({ message }) => /torn|\bb\b/.test(message)), JSON.stringify(state.issues));
    assert.equal((await shownNow([[5, 5]]))[0], picture([5, 5]));
  });
});

describe('coordinate systems', () => {
  test('those of a scene are in a list, and another one is shown', async () => {
    await open(page, url('ab'));
    const list = page.locator('mifa-scope').getByLabel('Coordinates');
    assert.equal(await list.isVisible(), true);
    assert.deepEqual(await list.locator('option').allTextContents(), ['choose…', 'stage', 'shifted']);
    await list.selectOption('shifted');
    const state = await settled(page);
    assert.equal(state.system, 1);
    assert.equal(state.images, 2);
    assert.ok(Math.abs((state.view?.center[0] ?? 0) - 547) < 30, JSON.stringify(state.view));
    const [seen] = await shownNow([[1010, 510]]);
    assert.equal(seen, picture([10, 10]));
  });

  test('one system only: nothing to choose', async () => {
    writeScene(files, 'single', { systems: ['stage'], images: [{ ...tileA, ways: { stage: translation([0, 0]) } }, { ...tileB, ways: { stage: translation(kPlaceB) } }] });
    await open(page, url('single'));
    assert.equal(await systems().isVisible(), false);
  });

  for (const { name, mirror } of [{ name: 'turned', mirror: 1 }, { name: 'mirrored and turned', mirror: -1 }]) {
    test(`an image that is ${name} by an affine transformation: its corners`, async () => {
      const place: Point = [40, 25];
      const way = turned(30, place, mirror);
      const shape = [20, 30] as const;
      // Each corner's pixel has a value of its own.
      const value = ([i = 0, j = 0]: readonly number[]): number => 100 + (i === 0 ? 0 : i === 19 ? 40 : 10) + (j === 0 ? 0 : j === 29 ? 80 : 5);
      const levels: Level[] = [{ zarr: 3, dataType: 'uint8', shape: [...shape], chunks: [16, 16], scale: [kStep, kStep], value }];
      writePlacedImage(files, `affine${mirror}`, { axes: 'yx', levels, window: [0, 255], systems: [{ name: 'slide', way: { type: 'affine', affine: way } }] });
      await open(page, url(`affine${mirror}`));
      assert.deepEqual(await systems().locator('option').allTextContents(), ['choose…', 'physical', 'slide']);
      await systems().locator('select').selectOption('slide');
      const state = await settled(page);
      assert.equal(state.system, 1);
      assert.deepEqual(state.issues, []);
      const corners = [[0, 0], [0, 29], [19, 0], [19, 29]] as const;
      const at = (i: number, j: number): Point => apply(way, [i * kStep, j * kStep]);
      const outwards = (index: number): number => (index === 0 ? -1 : 1);
      const inside = await shownNow(corners.map(([i, j]) => at(i + 0.4 * outwards(i), j + 0.4 * outwards(j))));
      assert.deepEqual(inside, corners.map(([i, j]) => value([i, j])));
      const outside = await shownNow(corners.flatMap(([i, j]) => [at(i + 0.6 * outwards(i), j), at(i, j + 0.6 * outwards(j))]));
      assert.ok(outside.every((seen) => seen < 60), String(outside));
      // Its own system again: upright.
      await systems().locator('select').selectOption('physical');
      await settled(page);
      assert.deepEqual(await shownNow(corners.map(([i, j]) => [i * kStep, j * kStep])), corners.map(([i, j]) => value([i, j])));
    });
  }
});

describe('the samples', { skip: existsSync(join(kSample, 'stitched.ome.zarr')) ? false : `${kSample}/stitched.ome.zarr is not there: run scripts/make-sample` }, () => {
  test('stitched: four tiles, and no seam to speak of', async () => {
    const state = await open(page, `${server.url}/sample/stitched.ome.zarr`);
    assert.equal(state.stage, 'showing', JSON.stringify(state.failure));
    assert.equal(state.images, 4);
    assert.deepEqual(state.issues, []);
    // Across the edge of the turned tile, which lies on top: as smooth as elsewhere.
    const edge = (j: number, i: number): Point => {
      const [cos, sin] = [Math.cos((7 * Math.PI) / 180), Math.sin((7 * Math.PI) / 180)];
      return [12500 + 10 * (735.75 + cos * i - sin * j), -3105 + 10 * (653.5 + sin * i + cos * j)];
    };
    const columns = Array.from({ length: 20 }, (_, k) => 10 + 3 * k);
    // Row 0 is the tile's first; row -1 is the tile below it, as is -2.
    const rows: number[][] = [];
    for (const row of [-3, -2, -1, 0, 1, 2]) rows.push(await shownNow(columns.map((column) => edge(column, row)), 1));
    const jump = (a: number): number => {
      const steps = columns.map((_, k) => Math.abs((rows[a]?.[k] ?? 0) - (rows[a + 1]?.[k] ?? 0)));
      return steps.reduce((sum, step) => sum + step, 0) / steps.length;
    };
    const elsewhere = Math.max(jump(0), jump(1), jump(3), jump(4));
    assert.ok(jump(2) <= 1.5 * elsewhere + 1, `a step of ${jump(2)} at the seam, of ${elsewhere} beside it`);
  });

  test('rotated: two systems', async () => {
    const state = await open(page, `${server.url}/sample/rotated.ome.zarr`);
    assert.equal(state.stage, 'showing', JSON.stringify(state.failure));
    assert.deepEqual(state.systems, ['physical', 'slide']);
    assert.deepEqual(state.issues, []);
  });
});

test('nobody forgot to catch an error', () => assert.deepEqual(complaints, []));
