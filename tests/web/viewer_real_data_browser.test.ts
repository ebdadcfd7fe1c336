// Real datasets: what the viewer says is under the pointer against what an independent reader finds
// there, and the sample study as its visitors see it.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import * as zarr from 'zarrita';
import type { ViewerState } from '../../web/state.ts';
import { look, open, openEmbedPage, readout, serveViewer, settled, until, type PageGlobals } from './browser.ts';
import { openBrowser } from './harness.ts';
import type { TestServer } from './server.mjs';

const { viewerPage } = globalThis as unknown as PageGlobals;

const kFixtures = join('..', 'shared', 'fixtures', 'omezarr');
const kSample = join('build', 'sample');
const noFixtures = existsSync(kFixtures) ? false : `${kFixtures} is not there`;
const noSample = existsSync(join(kSample, 'index.json')) ? false : `${kSample} is not there: run scripts/make-sample`;

let server: TestServer;
let browser: Browser;
let page: Page;
let complaints: string[];

before(async () => {
  server = await serveViewer([
    { prefix: '/fixtures/', root: kFixtures },
    { prefix: '/sample/', root: kSample },
  ]);
  browser = await openBrowser();
  ({ page, complaints } = await openEmbedPage(browser, server));
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** A folder for zarrita. */
function folder(root: string): zarr.Readable {
  return {
    get: async (key) => {
      try {
        return new Uint8Array(await readFile(join(root, key)));
      } catch {
        return undefined;
      }
    },
    getRange: async (key, range) => {
      const file = new Uint8Array(await readFile(join(root, key)));
      return 'suffixLength' in range ? file.slice(-range.suffixLength) : file.slice(range.offset, range.offset + range.length);
    },
  };
}

interface Axes {
  readonly names: readonly string[];
  readonly steps: readonly number[];
  readonly origins: readonly number[];
  readonly sizes: readonly number[];
}

function axesOf(state: ViewerState): Axes {
  const axes = state.axes ?? [];
  return {
    names: axes.map(({ name }) => name),
    steps: axes.map(({ step }) => step),
    origins: axes.map(({ world, position, step }) => world - position * step),
    sizes: axes.map(({ size }) => size),
  };
}

/** `count` places spread over the image, corners among them, the same every time. */
function places(width: number, height: number, count: number): [number, number][] {
  const found: [number, number][] = [[0, 0], [width - 1, height - 1], [width - 1, 0], [0, height - 1]];
  for (let i = 1; found.length < count; ++i) {
    found.push([Math.floor(((i * 0.7548776662466927) % 1) * width), Math.floor(((i * 0.5698402909980532) % 1) * height)]);
  }
  return found;
}

async function valueAt(array: zarr.Array<zarr.DataType>, index: readonly number[]): Promise<unknown> {
  return zarr.get(array, index as number[]);
}

function openArray(root: string, path: string): Promise<zarr.Array<zarr.DataType>> {
  return zarr.open(zarr.root(folder(root)).resolve(path), { kind: 'array' }) as Promise<zarr.Array<zarr.DataType>>;
}

function sameNumber(text: string | undefined, expected: unknown, what: string): void {
  if (typeof expected === 'number' && !Number.isInteger(expected)) {
    assert.ok(Math.abs(Number(text) - expected) <= Math.abs(expected) * 1e-6, `${what}: expected ${expected}, received ${text}`);
  } else {
    assert.equal(text, String(expected), what);
  }
}

interface Fixture {
  readonly path: string;
  /** The array of the finest level, from the fixtures' folder. */
  readonly array: string;
  readonly label?: { readonly name: string; readonly array: string };
  readonly kind?: string;
}

const kFixtureList: readonly Fixture[] = [
  { path: 'v0.3_spacem.zarr/w1/ion_images', array: 's0' },
  { path: 'v0.3_spacem.zarr/w1/pre_maldi', array: 's0', label: { name: 'cells', array: 'labels/cells/s0' } },
  { path: 'v0.4_2dt_image+labels/image.ome.zarr', array: 's0' },
  { path: 'v0.4_2dt_image+labels/segmentation.ome.zarr', array: 's0' },
  { path: 'v0.4_hcs.zarr', array: 'E/07/0/0', kind: 'plate' },
  { path: 'v0.4_nuclei_control.ome.zarr', array: '0' },
  { path: 'v0.5_coins_labels.ome.zarr', array: 's0', label: { name: 'coins', array: 'labels/coins/s0' } },
  { path: 'v0.5_nuclei.ome.zarr', array: 'scale0' },
  { path: 'v0.5_nuclei_shard_zstd.ome.zarr', array: 'scale0' },
];

describe('fixtures, against zarrita', { skip: noFixtures }, () => {
  for (const fixture of kFixtureList) {
    test(fixture.path, async () => {
      let state = await open(page, `${server.url}/fixtures/${fixture.path}`, fixture.label ? 1 : 0);
      assert.equal(state.failure, null);
      if (fixture.kind) assert.equal(state.kind, fixture.kind);
      if (state.overview) {
        await page.evaluate(() => viewerPage.viewer().openEntry(0));
        state = await settled(page);
      }
      const root = join(kFixtures, fixture.path);
      const array = await openArray(root, fixture.array);
      const label = fixture.label ? await openArray(root, fixture.label.array) : null;
      if (fixture.label) {
        const index = (state.labels ?? []).findIndex(({ name }) => name === fixture.label?.name);
        assert.ok(index >= 0, `no labels ${fixture.label.name} among ${state.labels?.map(({ name }) => name)}`);
        await page.evaluate((index) => viewerPage.viewer().update((raw) => raw._setLabel(index, true, false, 0.5)), index);
      }
      const { names, steps, origins, sizes } = axesOf(state);
      assert.deepEqual(array.shape, sizes);
      const x = names.indexOf('x');
      const y = names.indexOf('y');
      const c = names.indexOf('c');
      const visible = (state.channels ?? []).map(({ visible }, i) => (visible ? i : -1)).filter((i) => i >= 0);
      let checked = 0;
      for (const [column, row] of places(sizes[x] ?? 0, sizes[y] ?? 0, 20)) {
        const u = column * (steps[x] ?? 1) + (origins[x] ?? 0);
        const v = row * (steps[y] ?? 1) + (origins[y] ?? 0);
        await look(page, u, v, (steps[x] ?? 1) / 3);
        const found = await readout(page, u, v);
        assert.equal(found.pixel, `x ${column}   y ${row}`);
        const index = (state.axes ?? []).map(({ position }) => position);
        index[x] = column;
        index[y] = row;
        for (const [i, channel] of visible.entries()) {
          if (c >= 0) index[c] = channel;
          sameNumber(found.values[i]?.value, await valueAt(array, index), `channel ${channel} at x ${column}, y ${row}`);
          ++checked;
        }
        if (label) {
          const at = index.slice(-label.shape.length);
          if (label.shape.length === index.length && c >= 0) at[c] = 0;
          // Some masks cover a part of their image.
          const inside = at.every((place, axis) => place < (label.shape[axis] ?? 0));
          const id = inside ? await valueAt(label, at) : 0;
          const value = found.values.find(({ name }) => name === fixture.label?.name)?.value;
          assert.equal(value, id === 0 || id === 0n ? 'none' : `id ${String(id)}`, `label at x ${column}, y ${row}`);
          ++checked;
        }
      }
      assert.ok(checked >= 20, `${checked} values were compared`);
    });
  }

  test('a plate has its wells to choose from, and the next one opens', async () => {
    await open(page, `${server.url}/fixtures/v0.4_hcs.zarr`);
    const wells = page.locator('mifa-scope [data-choice="entry"] select');
    assert.deepEqual(await wells.locator('option:not([hidden])').allTextContents(), ['E/07', 'E/08']);
    await wells.selectOption('E/08');
    const state = await settled(page);
    assert.equal(state.entry, 1);
    assert.equal(state.failure, null);
    const { names, steps, origins } = axesOf(state);
    const x = names.indexOf('x');
    const y = names.indexOf('y');
    const [u, v] = [100 * (steps[x] ?? 1) + (origins[x] ?? 0), 90 * (steps[y] ?? 1) + (origins[y] ?? 0)];
    await look(page, u, v, (steps[x] ?? 1) / 3);
    const array = await openArray(join(kFixtures, 'v0.4_hcs.zarr'), 'E/08/0/0');
    const { values } = await readout(page, u, v);
    sameNumber(values[0]?.value, await valueAt(array, [0, 90, 100].slice(-array.shape.length)), 'E/08');
  });

  test('metadata of 0.4 on Zarr v3 is shown, and said to be wrong', async () => {
    const state = await open(page, `${server.url}/fixtures/BAD_v0.4_metadata_on_zarr3.ome.zarr`);
    assert.equal(state.failure, null);
    assert.ok(state.issues.some(({ severity }) => severity === 'error'), JSON.stringify(state.issues));
  });
});

interface SampleIndex {
  readonly images: readonly { readonly path: string; readonly annotations?: readonly { readonly path: string }[] }[];
}

describe('the sample study', { skip: noSample }, () => {
  const index = noSample ? { images: [] } : (JSON.parse(readFileSync(join(kSample, 'index.json'), 'utf8')) as SampleIndex);
  const masks = index.images.flatMap(({ annotations }) => annotations ?? []).filter(({ path }) => /\.zarr(\/labels\/[^/]+)?$/.test(path));
  for (const { path } of [...index.images, ...masks]) {
    test(path, async () => {
      // One of them has consolidated metadata older than its labels.
      const labels = masks.filter((mask) => mask.path.startsWith(`${path}/labels/`)).length;
      const state = await open(page, `${server.url}/sample/${path}`, labels);
      assert.equal(state.failure, null);
      // The plate lists two wells that are not there on purpose.
      const errors = state.issues.filter(({ severity, rule }) => severity === 'error' && rule !== 'ome-zarr/well-missing');
      assert.deepEqual(errors, []);
      assert.deepEqual(state.chunkFailures, []);
      const { colors } = await page.evaluate(() =>
        viewerPage.until('there is a picture', () => {
          const found = viewerPage.fingerprint();
          return found.colors > 20 && found;
        }),
      );
      assert.ok(colors > 20, `${colors} colours`);
    });
  }

  test('mitosis: z and time by keys', async () => {
    const before = await open(page, `${server.url}/sample/images/mitosis.ome.zarr`, 1);
    const position = (state: ViewerState, name: string): number => state.axes?.find((axis) => axis.name === name)?.position ?? -1;
    await page.locator('mifa-scope canvas').focus();
    const first = await page.evaluate(() => viewerPage.fingerprint().hash);
    for (const [key, name, step] of [['.', 'z', 1], [',', 'z', 0], ['PageDown', 'z', -1], ['PageUp', 'z', 0], [']', 't', 1], ['[', 't', 0]] as const) {
      await page.keyboard.press(key);
      const state = await settled(page);
      assert.equal(position(state, name), position(before, name) + step, `after ${key}`);
      const { hash, colors } = await page.evaluate(() => viewerPage.fingerprint());
      assert.ok(colors > 100, `${colors} colours after ${key}`);
      if (step !== 0) assert.notEqual(hash, first, `the same picture after ${key}`);
    }
    // Past the ends nothing moves.
    const size = before.axes?.find(({ name }) => name === 't')?.size ?? 0;
    for (let i = 0; i < size + 2; ++i) await page.keyboard.press(']');
    await until('the last time is shown', async () => position(await settled(page), 't') === size - 1);
  });
});

test('nothing was complained of in the console', () => {
  assert.deepEqual(complaints, []);
});
