// Plates in a browser: the grid, what is asked for to show it, ways into a well and back.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import type { ViewerState } from '../../web/state.ts';
import { colors, look, open, openEmbedPage, serveViewer, settled, until, type PageGlobals } from './browser.ts';
import { pyramid, writeImage, type Files, type ImageSpec } from './datasets.ts';
import { openBrowser } from './harness.ts';
import { wellName, writePlate } from './plate_datasets.ts';
import type { LogEntry, TestServer } from './server.mjs';

const { viewerPage } = globalThis as unknown as PageGlobals;

const kRows = 16;
const kColumns = 24;
const kWidth = 64;
const kHeight = 48;
// Distance between wells, as the viewer draws them: 6 % of the longer edge lies between them.
const kGap = 0.06 * kWidth;
const kSample = join('build', 'sample', 'images', 'plate.ome.zarr');

const notImaged = (row: number, column: number): boolean => row === 7 && column < 8;
const lost = (row: number, column: number): boolean => row === 2 && column === 6;
const fieldless = (row: number, column: number): boolean => row === 10 && column === 17;
const kImaged = kRows * kColumns - 8;
const kSmall = 6 * 9;

/** The value of every pixel of a field: no two wells that lie near one another have the same. */
function valueOf(row: number, column: number, field = 0): number {
  return 60 + ((row * kColumns + column) * 7 + field * 50) % 190;
}

function wellImage(value: number): ImageSpec {
  const levels = pyramid({
    zarr: 2, dataType: 'uint8', shape: [kHeight, kWidth], chunks: [kHeight, kWidth], count: 2, factor: 2, separator: '.', value: () => value,
  });
  return { axes: 'yx', levels, channels: [{ color: 'FFFFFF', window: [0, 255], label: 'signal' }] };
}

/** The middle of a well, in world units. */
function middle(row: number, column: number): [number, number] {
  return [column * (kWidth + kGap) + kWidth / 2, row * (kHeight + kGap) + kHeight / 2];
}

const files: Files = new Map();
let server: TestServer;
let browser: Browser;
let page: Page;
let complaints: string[];

before(async () => {
  writePlate(files, 'plate', {
    zarr: 2,
    rows: kRows,
    columns: kColumns,
    fields: (row, column) => (notImaged(row, column) ? 0 : column % 2 === 0 ? 2 : 1),
    lost,
    image: (row, column, field) => (fieldless(row, column) ? null : wellImage(valueOf(row, column, field))),
  });
  // For what does not depend on the number of wells.
  writePlate(files, 'small', {
    zarr: 2,
    rows: 6,
    columns: 9,
    fields: (_, column) => (column % 2 === 0 ? 2 : 1),
    lost,
    image: (row, column, field) => wellImage(valueOf(row, column, field)),
  });
  writeImage(files, 'image', wellImage(100));
  server = await serveViewer([
    { prefix: '/data/', files },
    { prefix: '/sample/', root: join('build', 'sample') },
  ]);
  browser = await openBrowser();
  ({ page, complaints } = await openEmbedPage(browser, server));
});
after(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(() => server.clear());

const isData = ({ path }: LogEntry): boolean => path.startsWith('/data/');
const isChunk = ({ path }: LogEntry): boolean => /\/s\d\/\d/.test(path);
/** "C/7" of a request under the plate. */
const wellOf = ({ path }: LogEntry): string => /^\/data\/plate\/([A-P]\/\d+)\//.exec(path)?.[1] ?? '';
const url = (path: string): string => `${server.url}/data/${path}`;
const openPlate = (): Promise<ViewerState> => open(page, url('plate'));
const openSmall = (): Promise<ViewerState> => open(page, url('small'));
const part = (choice: string, on = page): Locator => on.locator(`mifa-scope [data-choice="${choice}"]`);
const chosen = (list: Locator): Promise<string> => list.locator('select').evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.textContent ?? '');
const gray = ([red = -1, green = -1, blue = -1]: readonly number[]): number => (red === green && green === blue ? red : -1);

/** Moves the mouse over a well, and onto it. */
async function point(row: number, column: number): Promise<void> {
  const [u, v] = middle(row, column);
  const [x, y] = await page.evaluate(([u, v]) => {
    const [x, y] = viewerPage.toCanvas(u, v);
    const box = viewerPage.canvas().getBoundingClientRect();
    const ratio = viewerPage.canvas().width / box.width;
    return [box.left + x / ratio, box.top + y / ratio] as const;
  }, [u, v] as const);
  await page.mouse.move(x, y);
  await page.evaluate(() => viewerPage.frames(3));
}

async function wellText(row: number, column: number): Promise<string> {
  await point(row, column);
  return page.evaluate(() => viewerPage.viewer().state.readout?.well ?? '');
}

/** Values of the pixels in the middle of wells. */
async function values(places: readonly (readonly [number, number])[]): Promise<number[]> {
  return (await colors(page, places.map(([row, column]) => middle(row, column)))).map(gray);
}

describe('the grid', () => {
  test('every well is where its row and column are', async () => {
    const state = await openPlate();
    assert.equal(state.kind, 'plate');
    assert.equal(state.overview, true);
    assert.deepEqual([state.plate?.rows, state.plate?.columns, state.plate?.wells], [kRows, kColumns, kImaged]);
    assert.equal(state.images, kImaged - 2);
    assert.deepEqual(state.chunkFailures, []);
    const places: [number, number][] = [];
    // The names of rows and columns lie over the first ones.
    for (let row = 1; row < kRows; ++row) for (let column = 1; column < kColumns; ++column) places.push([row, column]);
    const there = places.filter(([row, column]) => !notImaged(row, column) && !lost(row, column) && !fieldless(row, column));
    const seen = await values(there);
    const wrong = there.flatMap(([row, column], i) => (Math.abs((seen[i] ?? -1) - valueOf(row, column)) <= 1 ? [] : [`${wellName(row, column)}: expected ${valueOf(row, column)}, received ${seen[i]}`]));
    assert.deepEqual(wrong, []);
  });

  test('wells that were not imaged are told from those whose image is not there', async () => {
    const state = await openPlate();
    assert.equal(state.plate?.missing, 2);
    assert.match(await part('summary').innerText(), /376 of 384 wells imaged, 2 without/);
    const errors = state.issues.filter(({ severity }) => severity === 'error');
    assert.deepEqual(errors.map(({ rule }) => rule), ['ome-zarr/well-missing']);
    assert.match(errors[0]?.message ?? '', /C\/7/);
    assert.match(errors[0]?.message ?? '', /K\/18/);
    assert.equal(await wellText(2, 6), 'C/7: listed, but its image is not there');
    assert.equal(await wellText(10, 17), 'K/18: listed, but its image is not there');
    assert.equal(await wellText(7, 3), '', 'nobody said that there is anything');
    assert.equal(await wellText(3, 6), 'D/7');
    // And on the picture: a mark, no mark.
    const [u, v] = middle(2, 6);
    await look(page, u, v, 0.3);
    const marks = await page.evaluate(() => viewerPage.fingerprint().colors);
    assert.ok(marks > 4, `${marks} colours about a missing well`);
  });

  test('a plate of 0.5 on Zarr v3', async () => {
    const image = (value: number): ImageSpec => ({ ...wellImage(value), levels: wellImage(value).levels.map((level) => ({ ...level, zarr: 3 as const })) });
    writePlate(files, 'v3', { zarr: 3, rows: 3, columns: 4, image: (row, column) => image(valueOf(row, column)) });
    const state = await open(page, url('v3'));
    assert.equal(state.version, '0.5');
    assert.equal(state.images, 12);
    const places = [[1, 1], [1, 2], [2, 3], [2, 1]] as const;
    assert.deepEqual(await values(places), places.map(([row, column]) => valueOf(row, column)));
  });
});

/** How many answers had to be waited for, one after the other, before a request left. */
function roundTripsBefore(request: LogEntry, log: readonly LogEntry[]): number {
  const trips = new Map<LogEntry, number>();
  for (const entry of log) {
    const answered = log.filter(({ finished }) => finished !== undefined && finished <= entry.started);
    trips.set(entry, Math.max(0, ...answered.map((earlier) => (trips.get(earlier) ?? 0) + 1)));
    if (entry === request) break;
  }
  return trips.get(request) ?? 0;
}

describe('what is asked for', () => {
  /** How many requests and round trips came before the first chunk's request. */
  async function firstChunk(path: string): Promise<{ before: number; trips: number }> {
    server.clear();
    server.rule({ path: /^\/data\//, delayMs: 100 });
    const opened = await openEmbedPage(browser, server, { src: url(path) });
    await until('a chunk is asked for', () => server.log.some((entry) => isData(entry) && isChunk(entry)));
    const log = server.log.filter(isData);
    const first = log.find(isChunk);
    assert.ok(first);
    const before = log.filter(({ started }) => started < first.started);
    await opened.page.context().close();
    return { before: before.length, trips: roundTripsBefore(first, log) };
  }

  test('the first thumbnail costs little more than one image does', async () => {
    const image = await firstChunk('image');
    const plate = await firstChunk('plate');
    // The plate's and the well's own metadata come first: two round trips.
    assert.ok(plate.trips <= image.trips + 3, `${plate.trips} round trips, an image takes ${image.trips}`);
    assert.ok(plate.before <= image.before + 12, `${plate.before} requests, an image takes ${image.before}`);
  });

  test('a well that is small on the screen costs five requests, and nothing is asked for twice', async () => {
    const opened = await openEmbedPage(browser, server, { src: url('plate') });
    await settled(opened.page);
    const data = server.log.filter(isData);
    const counts = new Map<string, number>();
    for (const entry of data) if (wellOf(entry)) counts.set(wellOf(entry), (counts.get(wellOf(entry)) ?? 0) + 1);
    const most = [...counts].filter(([well]) => well !== 'A/1').sort((a, b) => b[1] - a[1])[0];
    // The well, its image, one level's array, one chunk; and one key that may not be there.
    assert.ok((most?.[1] ?? 99) <= 5, `${most}: ${data.filter((entry) => wellOf(entry) === most?.[0]).map(({ path }) => path).join(', ')}`);
    const paths = data.map(({ path }) => path);
    assert.deepEqual(paths.filter((path, i) => paths.indexOf(path) !== i), []);
    assert.deepEqual(data.filter((entry) => wellOf(entry) === 'H/1').map(({ path }) => path), [], 'what is not listed is not asked for');
    await opened.page.context().close();
  });

  test('zoomed in, only wells on the screen are asked for', async () => {
    // Nothing but the first well is answered until we have zoomed in.
    let release: (value?: unknown) => void = () => undefined;
    server.rule({ path: /^\/data\/plate\/(?!A\/1\/)[A-P]\/\d+\//, until: new Promise((resolve) => (release = resolve)) });
    const opened = await openEmbedPage(browser, server, { src: url('plate') });
    await until('the plate is there', () => opened.page.evaluate(() => viewerPage.scope().viewer?.state.stage === 'showing'));
    await until('wells are asked for', () => server.log.some((entry) => !['', 'A/1'].includes(wellOf(entry))));
    const [u, v] = middle(11, 11);
    await opened.page.evaluate(([u, v]) => viewerPage.viewer().update((raw) => raw._lookAt(u, v, 0.6)), [u, v] as const);
    await opened.page.evaluate(() => viewerPage.frames(3));
    const early = new Set(server.log.map(wellOf));
    release();
    await settled(opened.page);
    const size = await opened.page.evaluate(() => [viewerPage.canvas().width, viewerPage.canvas().height] as const);
    const across = Math.ceil((size[0] * 0.6) / (kWidth + kGap)) + 1;
    const down = Math.ceil((size[1] * 0.6) / (kHeight + kGap)) + 1;
    const late = [...new Set(server.log.map(wellOf))].filter((well) => well !== '' && !early.has(well));
    const far = late.filter((well) => {
      const [row = '', column = ''] = well.split('/');
      return Math.abs(row.charCodeAt(0) - 65 - 11) > down / 2 + 0.5 || Math.abs(Number(column) - 12) > across / 2 + 0.5;
    });
    assert.deepEqual(far, []);
    assert.ok(late.length >= 9 && late.length <= across * down, `${late.length} wells of ${across} × ${down}`);
    assert.ok(early.size <= 12, `${early.size} wells before that`);
    const chunks = server.log.filter((entry) => isChunk(entry) && wellOf(entry) !== '');
    const once = new Set(chunks.map(({ path }) => path));
    assert.equal(chunks.length, once.size, 'each chunk once');
    await opened.page.context().close();
  });

  test('a well is read at the level that the screen shows', async () => {
    const opened = await openEmbedPage(browser, server, { src: url('plate') });
    await settled(opened.page);
    assert.deepEqual(server.log.filter(({ path }) => /plate\/[B-P]\/\d+\/0\/s0\//.test(path)).map(({ path }) => path), [], 'the coarse one is enough');
    server.clear();
    const [u, v] = middle(5, 5);
    await look(opened.page, u, v, 0.5);
    assert.ok(server.log.some(({ path }) => path === '/data/plate/F/6/0/s0/0.0'), server.log.map(({ path }) => path).join(', '));
    assert.deepEqual(server.log.filter(({ path }) => /plate\/P\/24\//.test(path)).map(({ path }) => path), []);
    await opened.page.context().close();
  });
});

describe('into a well and back', () => {
  test('a click enters a well, Escape leaves it', async () => {
    await openSmall();
    await point(4, 5);
    await page.mouse.down();
    await page.mouse.up();
    const state = await settled(page);
    assert.equal(state.overview, false);
    assert.equal(state.images, 1);
    assert.equal(await chosen(part('entry')), 'E/6');
    assert.equal(gray((await colors(page, [[30, 20]]))[0] ?? []), valueOf(4, 5));
    await page.keyboard.press('Escape');
    const back = await settled(page);
    assert.equal(back.overview, true);
    assert.equal(back.images, kSmall - 1);
  });

  test('coming back asks for no chunk again that is still at hand in the browser', async () => {
    await openSmall();
    await part('entry').locator('select').selectOption('B/3');
    await settled(page);
    server.clear();
    await part('overview').click();
    assert.equal((await settled(page)).overview, true);
    const refetched = server.log.filter(({ path }) => path.endsWith('.zattrs') || path.endsWith('.zarray'));
    assert.deepEqual(refetched.map(({ path }) => path), [], 'metadata is known');
  });

  test('the fields of a well are listed, and another one opens', async () => {
    await openSmall();
    await part('entry').locator('select').selectOption('E/9');
    const state = await settled(page);
    assert.equal(state.fields?.length, 2);
    assert.equal(gray((await colors(page, [[30, 20]]))[0] ?? []), valueOf(4, 8));
    const fields = part('field');
    assert.equal(await fields.isVisible(), true);
    assert.equal(await fields.locator('option').evaluateAll((options) => options.filter((option) => !(option as HTMLElement).hidden).length), 2);
    await fields.locator('select').selectOption({ index: 2 });
    const second = await settled(page);
    assert.equal(second.field, 1);
    assert.equal(gray((await colors(page, [[30, 20]]))[0] ?? []), valueOf(4, 8, 1));
  });

  test('one field only: no list of fields', async () => {
    await openSmall();
    await part('entry').locator('select').selectOption('E/8');
    await settled(page);
    assert.equal(await part('field').isVisible(), false);
  });

  test('the button leads back', async () => {
    await openSmall();
    assert.equal(await part('overview').isVisible(), false);
    await part('entry').locator('select').selectOption('D/4');
    await settled(page);
    await part('overview').click();
    assert.equal((await settled(page)).overview, true);
    assert.equal(await part('overview').isVisible(), false);
  });

  test('a well without an image: a message, and a way back', async () => {
    await openSmall();
    await part('entry').locator('select').selectOption('C/7');
    const state = await settled(page);
    assert.equal(state.stage, 'failed');
    const failure = page.locator('mifa-scope .failure');
    assert.match(await failure.innerText(), /C\/7/);
    await part('overview').click();
    const back = await until('the plate is back', async () => {
      const now = await settled(page);
      return now.stage === 'showing' && now;
    });
    assert.equal(back.overview, true);
    assert.equal(await failure.isVisible(), false);
    // And by the keyboard, after a click on it.
    await point(2, 6);
    await page.mouse.down();
    await page.mouse.up();
    assert.equal((await settled(page)).stage, 'failed');
    await page.keyboard.press('Escape');
    await until('the plate is back', async () => (await settled(page)).stage === 'showing');
    assert.equal(await failure.isVisible(), false);
  });
});

describe('for everybody', () => {
  test('every listed well is in a list with a name', async () => {
    await openPlate();
    const list = page.locator('mifa-scope').getByRole('combobox', { name: /^Well/ });
    assert.equal(await list.isVisible(), true);
    const names = await list.locator('option').evaluateAll((options) => options.filter((option) => !(option as HTMLElement).hidden).map((option) => option.textContent));
    assert.equal(names.length, kImaged);
    assert.deepEqual([names[0], names[24], names.at(-1)], ['A/1', 'B/1', 'P/24']);
    assert.equal(names.includes('H/1'), false);
  });

  test('by the keyboard alone: to the list, a well, its field, and back', async () => {
    await openSmall();
    await part('entry').locator('select').focus();
    await page.keyboard.press('ArrowDown');
    let state = await until('a well is open', async () => {
      const now = await settled(page);
      return now.overview === false && now;
    });
    assert.equal(state.entry, 0);
    // Backwards from the list of wells lies the way back.
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    state = await settled(page);
    assert.equal(state.overview, true);
  });

  test('arrow keys and + move over the plate as over an image', async () => {
    const { view } = await openSmall();
    await page.locator('mifa-scope canvas').focus();
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await page.keyboard.press('ArrowRight');
    const moved = (await settled(page)).view;
    assert.ok((moved?.worldPerPixel ?? 9) < (view?.worldPerPixel ?? 0));
    assert.ok((moved?.center[0] ?? 0) > (view?.center[0] ?? 0));
  });

  test('a screen reader hears what the plate is', async () => {
    await openPlate();
    const spoken = (): Promise<string> => page.locator('mifa-scope [aria-live]').innerText();
    await until('it is said', async () => /Plate test plate, 376 of 384 wells imaged, 2 without a readable image/.test(await spoken()));
  });

  test('axe finds nothing', async () => {
    await openSmall();
    await page.evaluate(await readFile('node_modules/axe-core/axe.min.js', 'utf8'));
    const found = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(target: unknown): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
      return (await axe.run('mifa-scope')).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });
    assert.deepEqual(found, []);
  });
});

describe('the sample plate', { skip: existsSync(kSample) ? false : `${kSample} is not there: run scripts/make-sample` }, () => {
  test('opens, counts its wells, and shows more dose to the right', async () => {
    const state = await open(page, `${server.url}/sample/images/plate.ome.zarr`);
    assert.equal(state.stage, 'showing', JSON.stringify(state.failure));
    assert.deepEqual([state.plate?.wells, state.plate?.missing, state.images], [376, 2, 374]);
    assert.deepEqual(state.chunkFailures, []);
    assert.match(await part('summary').innerText(), /376 of 384 wells imaged, 2 without/);
    const names = await page.evaluate(() => viewerPage.viewer().entries);
    assert.equal(names.includes('G/9'), false);
    await part('entry').locator('select').selectOption('B/4');
    const well = await settled(page);
    assert.equal(well.fields?.length, 2);
    assert.match(well.fields?.[1] ?? '', /Day 2/);
  });
});

test('nobody forgot to catch an error', () => assert.deepEqual(complaints, []));
