// The picture is right: colours of the canvas and values under the pointer against what was written,
// for every data type and every way of laying an image out in chunks.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { colors, look, open, openEmbedPage, readout, serveViewer, settled, type PageGlobals } from './browser.ts';
import { pyramid, writeImage, type DataType, type Files, type ImageSpec, type Level, type Value } from './datasets.ts';
import { openBrowser } from './harness.ts';
import type { TestServer } from './server.mjs';
import type { Rgb } from './viewer_page.ts';

const { viewerPage } = globalThis as unknown as PageGlobals;

const files: Files = new Map();
let server: TestServer;
let browser: Browser;
let page: Page;
let complaints: string[];

before(async () => {
  server = await serveViewer([{ prefix: '/data/', files }]);
  browser = await openBrowser();
  ({ page, complaints } = await openEmbedPage(browser, server));
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** Writes the image under its own name, and shows it. */
async function show(name: string, spec: ImageSpec, errors: readonly string[] = []): ReturnType<typeof open> {
  writeImage(files, name, spec);
  const state = await open(page, `${server.url}/data/${name}`, spec.labels?.length ?? 0);
  assert.equal(state.failure, null);
  assert.equal(state.stage, 'showing');
  const found = state.issues.filter(({ severity }) => severity === 'error').map(({ rule }) => rule);
  assert.deepEqual(found, errors);
  return state;
}

function near(received: Rgb | undefined, expected: readonly number[], what: string, tolerance = 2): void {
  const off = received?.map((part, i) => Math.abs(part - (expected[i] ?? 0))) ?? [Infinity];
  assert.ok(Math.max(...off) <= tolerance, `${what}: expected the colour ${expected}, received ${received}`);
}

async function expectColors(expected: readonly (readonly [x: number, y: number, color: readonly number[]])[], tolerance?: number): Promise<void> {
  const received = await colors(page, expected.map(([x, y]) => [x, y]));
  expected.forEach(([x, y, color], i) => near(received[i], color, `x ${x}, y ${y}`, tolerance));
}

const scaled = (color: readonly number[], share: number): number[] => color.map((part) => Math.round(part * Math.min(1, Math.max(0, share))));

// --- data types

interface TypeCase {
  readonly name?: string;
  readonly dataType: DataType;
  readonly window: readonly [number, number];
  /** Upper left, upper right, lower left, lower right. */
  readonly quarters: readonly [Value, Value, Value, Value];
  /** Of the chunk that is missing, in the middle. */
  readonly fill: Value | string;
}

const kTypes: readonly TypeCase[] = [
  { dataType: 'bool', window: [0, 1], quarters: [false, true, true, false], fill: true },
  { dataType: 'uint8', window: [0, 250], quarters: [0, 50, 250, 150], fill: 200 },
  { dataType: 'int8', window: [-100, 100], quarters: [-100, -50, 100, 20], fill: 60 },
  { dataType: 'uint16', window: [1000, 61000], quarters: [1000, 16000, 61000, 40000], fill: 49000 },
  { dataType: 'int16', window: [-30000, 30000], quarters: [-30000, -15000, 30000, 6000], fill: -300 },
  { dataType: 'uint32', window: [0, 4e9], quarters: [1, 1000000001, 4000000001, 2400000000], fill: 3200000000 },
  { dataType: 'int32', window: [-2e9, 2e9], quarters: [-2000000001, -1000000000, 2000000000, 400000000], fill: -1200000000 },
  {
    dataType: 'uint64',
    window: [0, 2 ** 64],
    quarters: [2n ** 53n + 1n, 2n ** 62n, 2n ** 64n - 1n, 2n ** 63n + 1n],
    fill: 2n ** 63n + 2n ** 62n + 1n,
  },
  { name: 'uint64, small', dataType: 'uint64', window: [0, 1000], quarters: [0, 250, 1000, 600], fill: 800 },
  { dataType: 'int64', window: [-(2 ** 62), 2 ** 62], quarters: [-(2n ** 62n), -(2n ** 61n) - 1n, 2n ** 63n - 1n, 2n ** 60n], fill: -(2n ** 60n) - 1n },
  { name: 'int64, small', dataType: 'int64', window: [-100, 100], quarters: [-100, -50, 100, 20], fill: -20 },
  { dataType: 'float16', window: [-2, 2], quarters: [-2, -0.5, 2, 0.25], fill: 1.5 },
  { dataType: 'float32', window: [-0.001, 0.001], quarters: [-0.001, -0.0005, 0.001, 0.0002], fill: 0.0004 },
  { dataType: 'float64', window: [0, 1e10], quarters: [0, 2.5e9, 1e10, 6e9], fill: 8.125e9 },
  { name: 'float32, missing is NaN', dataType: 'float32', window: [0, 1], quarters: [NaN, 0.25, Infinity, -Infinity], fill: 'NaN' },
];

const kLayouts = [
  { zarr: 2, bigEndian: false, separator: '.', gzip: true },
  { zarr: 2, bigEndian: true, separator: '/', gzip: false },
  { zarr: 3, bigEndian: false, separator: '/', gzip: false },
  { zarr: 3, bigEndian: true, separator: '.', gzip: true },
] as const;

const kColor = [255, 128, 64];

function sameValue(received: string | undefined, expected: Value | string, dataType: DataType): void {
  if (dataType === 'bool') assert.match(received ?? '', expected ? /^(1|true)$/ : /^(0|false)$/);
  else if (typeof expected === 'bigint') assert.equal(received, String(expected));
  else if (Number.isInteger(expected)) assert.equal(received, String(expected));
  else assert.ok(Object.is(Number(received), Number(expected)), `expected the value ${String(expected)}, received ${received}`);
}

describe('data types', () => {
  kTypes.forEach(({ name, dataType, window, quarters, fill }, i) => {
    // Two of the layouts each: both versions and both byte orders of every type.
    for (const layout of i % 2 === 0 ? [kLayouts[0], kLayouts[3]] : [kLayouts[1], kLayouts[2]]) {
      const { zarr, bigEndian, separator, gzip } = layout;
      const title = `${name ?? dataType}, v${zarr}, ${bigEndian ? 'big' : 'little'}-endian, "${separator}"${gzip ? ', gzip' : ''}`;
      test(title, async () => {
        const value = ([y = 0, x = 0]: readonly number[]): Value => quarters[(y < 24 ? 0 : 2) + (x < 32 ? 0 : 1)] ?? 0;
        const level: Level = { ...layout, dataType, shape: [48, 64], chunks: [20, 20], fill, value, skip: ([row, column]) => row === 1 && column === 1 };
        await show(title.replace(/\W+/g, '-'), { axes: 'yx', levels: [level], channels: [{ color: 'FF8040', window, label: 'signal' }] });
        const places = [
          [5, 5, quarters[0]],
          [60, 5, quarters[1]],
          [5, 44, quarters[2]],
          [63, 47, quarters[3]],
          [20, 20, fill],
          [39, 39, fill],
          [40, 39, quarters[3]],
        ] as const;
        const share = (shown: Value | string): number => (Number.isNaN(Number(shown)) ? 0 : (Number(shown) - window[0]) / (window[1] - window[0]));
        await expectColors(places.map(([x, y, shown]) => [x, y, scaled(kColor, share(shown))]));
        for (const [x, y, shown] of places.slice(0, 5)) {
          const { pixel, values } = await readout(page, x, y);
          assert.equal(pixel, `x ${x}   y ${y}`);
          assert.equal(values[0]?.name, 'signal');
          sameValue(values[0]?.value, shown, dataType);
        }
      });
    }
  });
});

// --- layouts

/** 1 in a pattern in which no two neighbours of the 9 by 7 fields of an image are the same. */
function field(x: number, y: number, width: number, height: number): number {
  return (Math.floor((x * 9) / width) * 3 + Math.floor((y * 7) / height) * 5) % 11;
}

async function expectFields(width: number, height: number): Promise<void> {
  // Clear of the controls at the edges.
  const zoom = Math.max(width / 300, height / 140);
  await look(page, width / 2, height / 2 + 30 * zoom, zoom);
  const expected: [number, number, number[]][] = [];
  for (let row = 0; row < 7; ++row) {
    for (let column = 0; column < 9; ++column) {
      const x = Math.floor(((column + 0.5) * width) / 9);
      const y = Math.floor(((row + 0.5) * height) / 7);
      expected.push([x, y, scaled([255, 255, 255], field(x, y, width, height) / 10)]);
    }
  }
  await expectColors(expected);
}

const kGrey = [{ color: 'FFFFFF', window: [0, 10] as const }];

describe('layouts', () => {
  const image = (width: number, height: number, chunks: readonly number[], more: Partial<Level> = {}): ImageSpec => ({
    axes: 'yx',
    levels: [{ zarr: 3, dataType: 'uint8', shape: [height, width], chunks, value: ([y = 0, x = 0]) => field(x, y, width, height), ...more }],
    channels: kGrey,
  });
  test('a chunk larger than the image', async () => {
    await show('large-chunk', image(64, 48, [100, 300]));
    await expectFields(64, 48);
  });
  test('a chunk of 1500 by 1200, cut into tiles', async () => {
    await show('huge-chunk', image(1500, 1200, [1200, 1500]));
    await expectFields(1500, 1200);
  });
  test('chunks of 1500 by 1200 with an edge, uint16, big-endian', async () => {
    await show('huge-chunks', image(1900, 1300, [1200, 1500], { dataType: 'uint16', bigEndian: true }));
    await expectFields(1900, 1300);
    await look(page, 1500, 1200, 1);
    const places = [[1498, 1198], [1501, 1198], [1498, 1201], [1501, 1201]] as const;
    await expectColors(places.map(([x, y]) => [x, y, scaled([255, 255, 255], field(x, y, 1900, 1300) / 10)]));
  });
  test('rows of one pixel', async () => {
    await show('rows', image(90, 70, [1, 90]));
    await expectFields(90, 70);
  });
  test('an image of one pixel', async () => {
    await show('one', image(1, 1, [1, 1], { value: () => 5 }));
    await expectColors([[0, 0, [128, 128, 128]]]);
  });

  for (const axes of ['xy', 'cxy', 'yxz', 'tyxz', 'xyc', 'zxcyt']) {
    test(`axes ${axes}`, async () => {
      const sizes: Record<string, number> = { x: 90, y: 70, z: 3, c: 2, t: 2 };
      const at = (index: readonly number[], name: string): number => index[axes.indexOf(name)] ?? 0;
      const value = (index: readonly number[]): number => {
        // Only in the plane that is shown first; the second channel is empty.
        if (axes.includes('z') && at(index, 'z') !== 1) return 0;
        if (at(index, 'c') !== 0 || at(index, 't') !== 0) return 0;
        return field(at(index, 'x'), at(index, 'y'), 90, 70);
      };
      const chunks: Record<string, number> = { x: 40, y: 32, z: 2, c: 2, t: 1 };
      await show(`axes-${axes}`, {
        axes,
        levels: [{ zarr: 3, dataType: 'uint16', shape: [...axes].map((name) => sizes[name] ?? 1), chunks: [...axes].map((name) => chunks[name] ?? 1), value }],
        channels: axes.includes('c') ? [...kGrey, { color: 'FF0000', window: [0, 10] }] : kGrey,
      }, axes === 'xyc' || axes === 'zxcyt' ? ['ome-zarr/axes-order'] : []);
      await expectFields(90, 70);
      const { values } = await readout(page, 5, 25);
      assert.equal(values[0]?.value, String(field(5, 25, 90, 70)));
    });
  }

  test('pixels that are not square, and a place in the world', async () => {
    const spec = image(60, 70, [32, 32], { scale: [0.5, 2], translation: [-40, 1000] });
    await show('oblong', spec);
    const places = [[3, 4], [30, 60], [59, 69], [0, 0]] as const;
    await expectColors(places.map(([x, y]) => [1000 + 2 * x, -40 + 0.5 * y, scaled([255, 255, 255], field(x, y, 60, 70) / 10)]));
    assert.equal((await readout(page, 1000 + 2 * 30, -40 + 0.5 * 60)).pixel, 'x 30   y 60');
  });
});

// --- pyramids

describe('pyramids', () => {
  for (const { factor, width, height, count, zarr } of [
    { factor: 2, width: 1001, height: 777, count: 4, zarr: 2 },
    { factor: 3, width: 1000, height: 701, count: 3, zarr: 3 },
  ] as const) {
    test(`by ${factor}, of ${width} by ${height}: every level lies where the others do`, async () => {
      // A ramp, steep enough to show a shift by half an element of any level.
      const levels = pyramid({
        zarr,
        count,
        factor,
        dataType: 'float32',
        shape: [height, width],
        chunks: [100, 128],
        fill: 0,
        value: ([y = 0, x = 0]) => x + y,
      });
      await show(`pyramid-${factor}`, { axes: 'yx', levels, channels: [{ color: 'FFFFFF', window: [700, 900] }] });
      const seen = new Set<number>();
      for (const zoom of [0.5, 1, 2, 3, 4, 6, 9, 16]) {
        const state = await look(page, 420, 380, zoom);
        seen.add(state.level ?? -1);
        const { view } = state;
        assert.ok(view);
        // The middles of device pixels, near the line x + y = 800.
        const [middle, across] = await page.evaluate(() => {
          const { width, height } = viewerPage.canvas();
          return [[width / 2 + 0.5, height / 2 + 0.5], width] as const;
        });
        assert.ok(across > 100);
        const places = [-4, -1, 0, 2, 5].map((step) => {
          const u = view.center[0] + view.worldPerPixel * (step + (middle[0] % 1));
          return [u, view.center[1] + view.worldPerPixel * (middle[1] % 1)] as const;
        });
        await expectColors(
          places.map(([u, v]) => {
            // Not interpolated past 1:1: the colour of the element that the place is in.
            const sum = zoom < 1 ? Math.round(u) + Math.round(v) : u + v;
            return [u, v, scaled([255, 255, 255], (sum - 700) / 200)];
          }),
        );
      }
      assert.equal(seen.size, count, `levels shown: ${[...seen]}`);
    });
  }
});

// --- colours

describe('colours', () => {
  const spec: ImageSpec = {
    axes: 'cyx',
    levels: [
      {
        zarr: 3,
        dataType: 'uint8',
        shape: [3, 40, 60],
        chunks: [1, 40, 60],
        // The first channel is in the left two thirds, the second in the right two.
        value: ([c = 0, , x = 0]) => (c === 0 ? (x < 40 ? 100 : 0) : c === 1 ? (x >= 20 ? 100 : 0) : 200),
      },
    ],
    channels: [
      { color: '800000', window: [0, 200], label: 'red' },
      { color: '40FF00', window: [50, 150], label: 'green' },
      { color: '0000FF', window: [0, 200], label: 'blue', active: false },
    ],
  };
  test('channels add up, in their windows; one that is off is neither drawn nor read', async () => {
    server.clear();
    const state = await show('channels', spec);
    assert.deepEqual(state.channels?.map(({ label, visible, color }) => [label, visible, color]), [
      ['red', true, '#800000'],
      ['green', true, '#40ff00'],
      ['blue', false, '#0000ff'],
    ]);
    await expectColors([
      [10, 20, [64, 0, 0]],
      [30, 20, [64 + 32, 128, 0]],
      [50, 20, [32, 128, 0]],
    ]);
    assert.deepEqual(server.log.filter(({ path }) => path.endsWith('/c/2/0/0')), []);
    const { values } = await readout(page, 30, 20);
    assert.deepEqual(values, [{ name: 'red', value: '100' }, { name: 'green', value: '100' }]);
  });
  test('opacity, colour and window of a channel', async () => {
    await show('channels', spec);
    await page.evaluate(() => {
      viewerPage.viewer().update((raw) => {
        raw._setChannel(0, true, 0xff0000, 0, 100, 0.5);
        raw._setChannel(1, false, 0x40ff00, 0, 0, 1);
        raw._setChannel(2, true, 0x0000ff, 0, 400, 1);
      });
    });
    await settled(page);
    await expectColors([
      [10, 20, [128, 0, 128]],
      [50, 20, [0, 0, 128]],
    ]);
  });
  test('more light than a screen has stays at its brightest', async () => {
    await show('channels', spec);
    await page.evaluate(() => {
      viewerPage.viewer().update((raw) => {
        raw._setChannel(0, true, 0xffffff, 0, 100, 1);
        raw._setChannel(1, true, 0xffffff, 0, 100, 1);
      });
    });
    await settled(page);
    await expectColors([[30, 20, [255, 255, 255]]]);
  });
  test('a colour picture', async () => {
    const state = await show('rgb', {
      axes: 'cyx',
      levels: [{ zarr: 2, dataType: 'uint8', shape: [3, 40, 60], chunks: [3, 40, 60], value: ([c = 0, y = 0, x = 0]) => [x * 4, y * 6, 200][c] ?? 0 }],
      channels: [
        { color: 'FF0000', window: [0, 255] },
        { color: '00FF00', window: [0, 255] },
        { color: '0000FF', window: [0, 255] },
      ],
    });
    assert.equal(state.channels?.length, 3);
    await expectColors([
      [0, 0, [0, 0, 200]],
      [59, 0, [236, 0, 200]],
      [20, 39, [80, 234, 200]],
    ]);
  });
  test('contrast from the data where the file does not say: a blank first slice does not decide', async () => {
    const state = await show('contrast', {
      axes: 'zyx',
      levels: [{ zarr: 3, dataType: 'uint16', shape: [9, 40, 60], chunks: [1, 40, 60], value: ([z = 0, y = 0, x = 0]) => (z < 2 ? 0 : 2000 + 10 * x + y) }],
    });
    assert.equal(state.axes?.[0]?.position, 4);
    const window = await page.evaluate(() =>
      viewerPage.until('the window is from more than zeros', () => {
        const [low, high] = viewerPage.viewer().state.channels?.[0]?.window ?? [0, 0];
        return high > 1500 && ([low, high] as const);
      }),
    );
    assert.ok(window[0] < 2010 && window[1] > 2400 && window[1] < 2700, `window ${window}`);
    await settled(page);  // The window is known before the picture is drawn with it.
    const [dark = [255], bright = [0]] = await colors(page, [[0, 0], [59, 39]]);
    assert.ok((bright[0] ?? 0) - (dark[0] ?? 0) > 100, `from ${dark} to ${bright}`);
  });
});

// --- label masks

describe('labels', () => {
  const huge = [2 ** 24, 2 ** 24 + 1, 2 ** 31 + 1, 2 ** 32 - 1];
  const columns = (ids: readonly Value[], dataType: DataType): Level => ({
    zarr: 3,
    dataType,
    shape: [40, 60],
    chunks: [16, 16],
    value: ([y = 0, x = 0]) => (y < 20 ? (dataType.endsWith('64') ? 0n : 0) : (ids[Math.floor(x / 15)] ?? 0)),
  });
  const spec = (level: Level, colors?: { readonly value: number | bigint; readonly rgba: number[] }[]): ImageSpec => ({
    axes: 'yx',
    levels: [{ zarr: 3, dataType: 'uint8', shape: [40, 60], chunks: [40, 60], value: () => 100 }],
    channels: [{ color: 'FFFFFF', window: [0, 200] }],
    labels: [{ name: 'cells', levels: [level], ...(colors ? { colors } : {}) }],
  });
  const opaque = async (): Promise<void> => {
    await page.evaluate(() => viewerPage.viewer().update((raw) => raw._setLabel(0, true, false, 1)));
    await settled(page);
  };
  const names = async (places: readonly (readonly [number, number])[]): Promise<(string | undefined)[]> => {
    const found: (string | undefined)[] = [];
    for (const [x, y] of places) found.push((await readout(page, x, y)).values.find(({ name }) => name === 'cells')?.value);
    return found;
  };

  test('ids above 2^24 are told apart, by value and by colour', async () => {
    await show('labels-32', spec(columns(huge, 'uint32')));
    await opaque();
    const received = await colors(page, [[7, 30], [22, 30], [37, 30], [52, 30]]);
    assert.equal(new Set(received.map(String)).size, 4, String(received));
    await expectColors([[7, 5, [128, 128, 128]]]);
    assert.deepEqual(await names([[7, 30], [22, 30], [37, 30], [52, 30], [7, 5]]), [...huge.map((id) => `id ${id}`), 'none']);
  });
  test('64-bit ids are exact', async () => {
    const ids = [2n ** 53n + 1n, 2n ** 53n + 2n, 2n ** 64n - 1n, 2n ** 32n];
    await show('labels-64', spec(columns(ids, 'uint64')));
    await opaque();
    const received = await colors(page, [[7, 30], [22, 30], [37, 30], [52, 30]]);
    assert.equal(new Set(received.map(String)).size, 4, String(received));
    assert.deepEqual(await names([[7, 30], [22, 30], [37, 30], [52, 30]]), ids.map((id) => `id ${id}`));
  });
  test('colours of image-label are used, opacity too', async () => {
    await show(
      'labels-colors',
      spec(columns([1, 2, 70000, 4], 'uint32'), [
        { value: 1, rgba: [255, 0, 0, 255] },
        { value: 2, rgba: [0, 128, 255, 255] },
        { value: 70000, rgba: [10, 20, 30, 128] },
      ]),
    );
    await expectColors([
      [7, 30, [192, 64, 64]],
      [22, 30, [64, 128, 192]],
      [7, 5, [128, 128, 128]],
    ]);
    await opaque();
    await expectColors([
      [7, 30, [255, 0, 0]],
      [22, 30, [0, 128, 255]],
      [37, 30, [69, 74, 79]],
    ]);
  });
  test('negative ids of signed masks', async () => {
    await show('labels-signed', spec(columns([-1, -2, 1, 2], 'int32')));
    await opaque();
    const received = await colors(page, [[7, 30], [22, 30], [37, 30], [52, 30]]);
    assert.equal(new Set(received.map(String)).size, 4, String(received));
    assert.deepEqual(await names([[7, 30], [22, 30]]), ['id -1', 'id -2']);
  });
  test('a mask coarser than its image lies where it should', async () => {
    const coarse: Level = {
      zarr: 3,
      dataType: 'uint8',
      shape: [10, 15],
      chunks: [10, 15],
      scale: [4, 4],
      translation: [1.5, 1.5],
      value: ([, x = 0]) => (x < 5 ? 1 : 2),
    };
    await show('labels-coarse', spec(coarse, [{ value: 1, rgba: [255, 0, 0, 255] }, { value: 2, rgba: [0, 0, 255, 255] }]));
    await opaque();
    await expectColors([[0, 0, [255, 0, 0]], [19, 20, [255, 0, 0]], [20, 20, [0, 0, 255]], [59, 39, [0, 0, 255]]]);
    assert.deepEqual(await names([[19, 20], [20, 20]]), ['id 1', 'id 2']);
  });
});

// --- pixels

describe('close up', () => {
  test('pixels are sharp past 1:1', async () => {
    await show('sharp', {
      axes: 'yx',
      levels: [{ zarr: 3, dataType: 'uint8', shape: [64, 64], chunks: [16, 16], value: ([y = 0, x = 0]) => (x + y) % 2 * 10 }],
      channels: kGrey,
    });
    await look(page, 32, 32, 1 / 20);
    const row = await page.evaluate(() => viewerPage.line({ y: Math.floor(viewerPage.canvas().height / 2) + 3 }).map(([red]) => red));
    assert.deepEqual([...new Set(row)].sort((a, b) => a - b), [0, 255]);
    const runs = row.join(',').replace(/(\d+)(,\1)*/g, (run) => `${run.split(',').length}`).split(',').slice(1, -1).map(Number);
    assert.ok(runs.length > 15 && runs.every((run) => run === 20), `runs of ${runs}`);
  });

  for (const { name, chunks, width, height, at } of [
    { name: 'chunks', chunks: [32, 32], width: 64, height: 64, at: [31.5, 31.5] },
    { name: 'the tiles of one chunk', chunks: [1100, 1100], width: 1100, height: 1100, at: [0, 0] },
  ] as const) {
    test(`no seam between ${name}, interpolated`, async () => {
      // Not from tile to tile, but along and across every edge between them that is in view.
      await show(`seam-${width}`, {
        axes: 'yx',
        levels: [{ zarr: 3, dataType: 'float32', shape: [height, width], chunks: [...chunks], value: ([y = 0, x = 0]) => x + y }],
        channels: [{ color: 'FFFFFF', window: [2 * at[0] - 30, 2 * at[0] + 30] }],
      });
      await page.evaluate(() => viewerPage.viewer().update((raw) => raw._setSmooth(true)));
      const middles = at[0] === 0 ? [549.5, 1023.5, 511.5] : [at[0]];
      for (const middle of middles) {
        await page.evaluate(([low, high]) => viewerPage.viewer().update((raw) => raw._setChannel(0, true, 0xffffff, low, high, 1)), [2 * middle - 30, 2 * middle + 30] as const);
        await look(page, middle, middle, 1 / 12);
        const [row, column] = await page.evaluate(() => {
          const { width, height } = viewerPage.canvas();
          return [viewerPage.line({ y: height / 2 }), viewerPage.line({ x: width / 2 })].map((line) => line.map(([red]) => red));
        });
        for (const line of [row ?? [], column ?? []]) {
          const inside = line.map((value, i) => [value - (line[i - 1] ?? value), value] as const).filter(([, value]) => value > 0 && value < 255);
          const steps = inside.map(([step]) => step);
          assert.ok(steps.length > 200, `${steps.length} steps`);
          // 255 / 60 / 12 = 0.35 a pixel: each step is 0 or 1.
          assert.ok(Math.max(...steps) <= 1 && Math.min(...steps) >= 0, `steps from ${Math.min(...steps)} to ${Math.max(...steps)} at ${middle}`);
        }
      }
    });
  }
});

test('nothing was complained of in the console', () => {
  assert.deepEqual(complaints, []);
});
