// The study page as its visitors have it: gallery, filters, image and back, side by side, 1,000 images, all
// containers, broken documents, keys and axe.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openViewerPage, serveViewer, until, type OpenedPage } from './browser.ts';
import { drop } from './browser_files.ts';
import { writeImage, type Files, type ImageSpec, type Level } from './datasets.ts';
import { openBrowser } from './harness.ts';
import { writePlate } from './plate_datasets.ts';
import { zipOfFiles } from './zip_files.ts';
import type { TestServer } from './server.mjs';
import type { MifaStudyElement } from '../../web/study/study.ts';

const kMany = 1000;
const kBoxes = JSON.stringify({
  type: 'FeatureCollection',
  features: [['round', 10], ['long', 30], ['round', 50]].map(([name, x]) => ({
    type: 'Feature',
    properties: { classification: { name } },
    geometry: { type: 'Polygon', coordinates: [[[x, 10], [Number(x) + 12, 10], [Number(x) + 12, 30], [x, 30], [x, 10]]] },
  })),
});
const kMifa = `study:
  title: Cells that a test has made
  description: Three images of a gradient, one of them annotated.
  license: CC0
annotations:
  Outlines:
    annotation_overview: Outlines of cells
    annotation_type: [geometrical_annotations]
    annotation_method: by a test
    file_metadata:
    - annotation_id: annotations/a.geojson
      source_image_id: images/a.ome.zarr
  Lost:
    annotation_overview: Of an image that is not there
    annotation_type: [segmentation_mask]
    file_metadata:
    - annotation_id: annotations/lost.tif
      source_image_id: images/lost.ome.zarr
`;
const kList = ['Files\tSplit', 'images/a.ome.zarr\ttrain', 'images/b.ome.zarr\ttest', 'images/c.ome.zarr\ttest', 'raw/d.nd2\ttest', 'images/gone.ome.zarr\ttest'].join('\n');

let server: TestServer;
let browser: Browser;
let disk: string;
let axe: string;
const kSample = existsSync('build/sample/ro-crate-metadata.json');

function image(files: Files, path: string, shape: readonly [number, number] = [48, 64]): void {
  writeImage(files, path, { axes: 'yx', levels: [{ zarr: 2, dataType: 'uint8', shape: [...shape], chunks: [...shape], scale: [1, 1], value: ([y = 0, x = 0]) => (x * 3 + y) % 256 }] });
}

before(async () => {
  const files: Files = new Map();
  for (const name of ['a', 'b', 'c']) image(files, `images/${name}.ome.zarr`);
  files.set('annotations/a.geojson', kBoxes);
  files.set('mifa.yaml', kMifa);
  files.set('file_list.tsv', kList);
  files.set('broken.json', '{"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [{"@id": ');
  files.set('other.json', '{"hello": 1}');
  files.set('croissant.json', JSON.stringify({
    '@context': { '@vocab': 'https://schema.org/', cr: 'http://mlcommons.org/croissant/', sc: 'https://schema.org/' },
    '@type': 'sc:Dataset', name: 'Cells in Croissant',
    distribution: ['images/a.ome.zarr', 'images/b.ome.zarr', 'annotations/a.geojson'].map((path) => ({ '@type': 'cr:FileObject', '@id': path, name: path, contentUrl: path })),
  }));
  const api = [
    { uuid: 's', model: { type_name: 'Study' }, title: 'Cells in the API', accession_id: 'S-BIAD0' },
    { uuid: 'f', model: { type_name: 'FileReference' }, file_path: 'raw/x.lif' },
    { uuid: 'i', model: { type_name: 'Image' }, original_file_reference_uuid: ['f'], creation_process_uuid: 'p' },
    { uuid: 'r', model: { type_name: 'ImageRepresentation' }, representation_of_uuid: 'i', file_uri: ['images/b.ome.zarr'] },
  ];
  files.set('api.json', JSON.stringify(api));
  const two: Files = new Map([...files].filter(([path]) => path.startsWith('images/a.ome.zarr/')));
  for (const [path, bytes] of files) if (/^images\/[bc]\.ome\.zarr\//.test(path)) two.set(`more/study/${path}`, bytes);
  two.set('annotations/a.geojson', kBoxes);
  two.set('mifa.yaml', kMifa.slice(0, kMifa.indexOf('  Lost:')));
  two.set('more/study/mifa.yaml', 'study:\n  title: More cells that a test has made\n  description: Two images, none of them annotated.\n');
  files.set('two.zip', zipOfFiles(two));
  const many: Files = new Map();
  image(many, 'one.ome.zarr', [32, 32]);
  const one = [...many].filter(([path]) => path.startsWith('one.ome.zarr/'));
  for (let i = 0; i < kMany; ++i) for (const [path, bytes] of one) many.set(path.replace('one', `images/${String(i).padStart(4, '0')}`), bytes);
  many.set('file_list.tsv', ['Files', ...Array.from({ length: kMany }, (_, i) => `images/${String(i).padStart(4, '0')}.ome.zarr`)].join('\n'));
  const pixels: Level = { zarr: 2, dataType: 'uint8', shape: [48, 64], chunks: [48, 64], scale: [1, 1], value: ([, x = 0]) => x };
  const mask = (properties: readonly object[]): ImageSpec => ({ axes: 'yx', levels: [pixels], labels: [{ name: 'cells', levels: [{ ...pixels, value: ([, x = 0]) => Math.floor(x / 16) }], properties }] });
  writeImage(files, 'masks/named.ome.zarr', mask(['cell', 'cell', 'debris'].map((name, i) => ({ 'label-value': i + 1, class: name }))));
  writeImage(files, 'masks/unnamed.ome.zarr', mask([{ 'label-value': 1, area: 3 }]));
  files.set('masks/file_list.tsv', ['Files\tAnnotation\tSource image\tAnnotation type', ...['named', 'unnamed'].flatMap((name) => [`${name}.ome.zarr\t\t\t`, `${name}.ome.zarr/labels/cells\tCells\t${name}.ome.zarr\tsegmentation mask`])].join('\n'));
  writePlate(files, 'wells/plate.ome.zarr', { zarr: 3, rows: 4, columns: 6, image: () => ({ axes: 'yx', levels: [{ zarr: 3, dataType: 'uint8', shape: [32, 32], chunks: [32, 32], scale: [1, 1], value: () => 200 }], channels: [{ color: 'FFFFFF', window: [0, 255] }] }) });
  for (const name of ['a', 'b']) image(files, `wells/${name}.ome.zarr`);
  files.set('sheet/images.xlsx', zipOfFiles(new Map([
    ['xl/sharedStrings.xml', '<sst><si><t>Files</t></si><si><t>a.ome.zarr</t></si><si><r><t>b.ome</t></r><r><t>.zarr</t></r></si></sst>'],
    ['xl/worksheets/sheet1.xml', `<worksheet><sheetData>${[0, 1, 2].map((text) => `<row r="${text + 1}"><c r="A${text + 1}" t="s"><v>${text}</v></c></row>`).join('')}</sheetData></worksheet>`],
  ]), { deflate: true }));
  for (const name of ['a', 'b']) image(files, `sheet/${name}.ome.zarr`);
  files.set('sheet/no_zip.xlsx', 'PK, but no zip');
  files.set('wells/file_list.tsv', 'Files\nplate.ome.zarr\na.ome.zarr\nb.ome.zarr');
  disk = await mkdtemp(join(tmpdir(), 'mifascope-study-'));
  for (const [path, content] of files) {
    if (!/^(images|annotations)\//.test(path)) continue;
    await mkdir(dirname(join(disk, 'folder', path)), { recursive: true });
    await writeFile(join(disk, 'folder', path), content);
  }
  server = await serveViewer([{ prefix: '/data/', files }, { prefix: '/many/', files: many }, ...(kSample ? [{ prefix: '/sample/', root: 'build/sample' }] : [])]);
  browser = await openBrowser();
  axe = await readFile('node_modules/axe-core/axe.min.js', 'utf8');
});
after(async () => {
  await browser?.close();
  await server?.close();
  if (disk) await rm(disk, { recursive: true });
});

async function open(source: string, query = '', options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const opened = await openViewerPage(browser, `${server.url}/study.html?source=${encodeURIComponent(source)}${query}`, { viewport: { width: 1100, height: 1000 }, ...options });
  await opened.page.locator('mifa-study .head:visible, mifa-study .one, mifa-study .message[role=alert]').first().waitFor();
  return opened;
}

/** Names of tiles on the screen that have their picture, or say why not. */
function drawn(page: Page): Promise<string[]> {
  return page.locator('.tile:not(:has(.waiting)) .title').allInnerTexts();
}

async function allDrawn(page: Page, count: number): Promise<void> {
  await until(`${count} pictures are there`, async () => (await drawn(page)).length >= count);
}

/** All text of the page's study. */
function textOf(page: Page): Promise<string> {
  return page.locator('mifa-study').evaluate((study) => study.shadowRoot?.textContent ?? '');
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
    return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}

test('a MIFA document: pictures with annotations, what is not annotated, and what is wrong', async () => {
  const { page, complaints } = await open('data/mifa.yaml');
  await allDrawn(page, 1);
  const text = await textOf(page);
  assert.match(text, /Cells that a test has made/);
  assert.match(text, /MIFA: /);
  await page.locator('.about summary').click();
  await page.locator('.about h2').first().waitFor();
  // The card's own offers: the badge leads here, and the metadata can be saved in other formats.
  await page.locator('.about').getByText('Use this badge').click();
  assert.match(await page.getByLabel('HTML of the badge').inputValue(), /^<a href="http:\/\/127\.0\.0\.1:\d+\/study\.html\?source=data%2Fmifa\.yaml">/);
  await page.locator('.about').getByText('Save the metadata in another format').click();
  await page.getByRole('button', { name: 'RO-Crate', exact: true }).click();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save ro-crate-metadata.json' }).click();
  assert.match(await readFile(await (await saved).path(), 'utf8'), /Cells that a test has made/);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a file list in a spreadsheet', async () => {
  const { page, complaints } = await open('data/sheet/images.xlsx');
  await allDrawn(page, 2);
  assert.deepEqual(await page.locator('.tile .title').allInnerTexts(), ['a', 'b']);
  assert.deepEqual(complaints, []);
  await page.context().close();
  const { page: damaged } = await open('data/sheet/no_zip.xlsx');
  assert.match(await textOf(damaged), /Error: The spreadsheet has no worksheet\..*no_zip\.xlsx/);
  await damaged.context().close();
});

test('a folder: document and list together; types, classes and splits filter; back, next and previous', async () => {
  const { page, complaints } = await open('data/');
  await allDrawn(page, 5);
  const tiles = page.locator('.tile');
  assert.equal(await tiles.count(), 5);
  assert.match(await tiles.nth(0).innerText(), /a\n+Geometrical annotations\n+train · 64 × 48 · 3 objects/);
  assert.match(await tiles.nth(1).innerText(), /Not annotated/);
  assert.match(await tiles.nth(3).innerText(), /ND2 is not shown here/);
  assert.match(await tiles.nth(4).innerText(), /Cannot be shown/);
  assert.match((await page.locator('.tile a').nth(4).getAttribute('title')) ?? '', /gone\.ome\.zarr/);
  assert.match(await page.locator('.said', { hasText: 'of no image' }).textContent() ?? '', /names the image “images\/lost\.ome\.zarr”, which the study does not have/);
  // The polygons are drawn over the picture.
  const yellow = await page.locator('.tile canvas').first().evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: new Uint8ClampedArray() };
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if (Math.abs((data[i] ?? 0) - (data[i + 2] ?? 0)) > 60) count += 1;
    return count;
  });
  assert.ok(yellow > 100, `${yellow} coloured pixels`);
  await until('classes are counted', async () => /round\s+2/.test(await page.locator('.facet', { hasText: 'Classes' }).innerText()));
  await page.getByLabel(/^test/).check();
  assert.match(await page.locator('.bar-line').innerText(), /4 of 5 images/);
  await page.getByLabel(/^Not annotated/).check();
  assert.match(new URL(page.url()).search, /type=none&split=test|split=test&type=none/);
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  assert.match(await page.locator('.bar-line').innerText(), /All 5 images/);
  await page.getByLabel('Find images by name').fill('b.ome');
  assert.match(await page.locator('.bar-line').innerText(), /1 of 5/);
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  // To the image and on by keys.
  await page.locator('.tile a').first().click();
  await page.locator('mifa-scope').waitFor();
  assert.equal(new URL(page.url()).searchParams.get('image'), 'images/a.ome.zarr');
  await until('the title is the image’s', async () => (await page.title()).startsWith('a · Cells'));
  await page.keyboard.press('j');
  await until('the next one is open', () => new URL(page.url()).searchParams.get('image') === 'images/b.ome.zarr');
  await page.keyboard.press('k');
  await until('the first one is open again', () => new URL(page.url()).searchParams.get('image') === 'images/a.ome.zarr');
  assert.ok(await page.getByRole('button', { name: 'Previous' }).isDisabled());
  await page.goBack();
  await until('back goes one image back', () => new URL(page.url()).searchParams.get('image') === 'images/b.ome.zarr');
  await page.locator('.tools h1', { hasText: 'b' }).waitFor();
  await page.keyboard.press('g');
  await page.locator('.grid').waitFor();
  assert.equal(new URL(page.url()).searchParams.get('image'), null);
  // The image that was left has the focus.
  assert.equal(await page.evaluate(() => document.querySelector('mifa-study')?.shadowRoot?.activeElement?.getAttribute('data-index')), '1');
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('several studies in a folder: one is chosen by title and folder, and the link remembers it', async () => {
  const { page, complaints } = await open('data/two.zip');
  await allDrawn(page, 2);
  const choice = page.getByLabel('2 studies are here');
  assert.deepEqual(await choice.locator('option').allInnerTexts(), ['Cells that a test has made · this folder · 1 image', 'More cells that a test has made · more/study · 2 images']);
  // The larger one, unless somebody chooses.
  assert.equal(await page.locator('h1').innerText(), 'More cells that a test has made');
  assert.deepEqual((await drawn(page)).sort(), ['b', 'c']);
  assert.equal(new URL(page.url()).searchParams.get('folder'), null);
  await page.getByLabel('Find images by name').fill('c');
  await choice.selectOption({ label: 'Cells that a test has made · this folder · 1 image' });
  await page.locator('h1', { hasText: /^Cells that a test has made/ }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get('folder'), '');
  assert.equal(new URL(page.url()).searchParams.get('find'), null);
  assert.match(await page.title(), /^Cells that a test has made/);
  assert.equal(await page.evaluate(() => document.querySelector('mifa-study')?.shadowRoot?.activeElement?.localName), 'select');
  await allDrawn(page, 1);
  assert.match(await page.locator('.tile').first().innerText(), /3 objects/);
  const link = (await page.locator('.tile a').first().getAttribute('href')) ?? '';
  await page.reload();
  await page.locator('h1', { hasText: /^Cells that a test has made/ }).waitFor();
  await page.goBack();
  await page.locator('h1', { hasText: 'More cells' }).waitFor();
  await page.goto(link);
  await page.locator('.one').waitFor();
  assert.deepEqual([...new URL(page.url()).searchParams].slice(1), [['folder', ''], ['image', 'images/a.ome.zarr']]);
  await page.locator('.side').getByText('This image is inside of a zip or a bucket').waitFor();
  await page.goto(`${server.url}/study.html?source=data%2Ftwo.zip&folder=gone`);
  await page.locator('.notes', { hasText: 'The link is to a study in “gone”, which is not here: this is another.' }).waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('side by side, both views move together', async () => {
  const { page, complaints } = await open('data/', '&image=images%2Fa.ome.zarr&beside=plain');
  const scopes = page.locator('mifa-scope');
  await until('both show', async () => (await scopes.count()) === 2 && (await scopes.evaluateAll((all) => all.every((scope) => (scope as HTMLElementTagNameMap['mifa-scope']).state?.stage === 'showing'))));
  const lookAt = async (u: number, v: number): Promise<boolean> => {
    const centers = await scopes.evaluateAll((all) => all.map((scope) => (scope as HTMLElementTagNameMap['mifa-scope']).viewer?.state.view?.center ?? [NaN, NaN]));
    return centers.length === 2 && centers.every(([x = NaN, y = NaN]) => Math.abs(x - u) < 1e-3 && Math.abs(y - v) < 1e-3);
  };
  await scopes.nth(0).evaluate((scope: HTMLElementTagNameMap['mifa-scope']) => scope.viewer?.update((raw) => raw._lookAt(20, 15, 0.05)));
  await until('the second follows', () => lookAt(20, 15));
  await scopes.nth(1).evaluate((scope: HTMLElementTagNameMap['mifa-scope']) => scope.viewer?.update((raw) => raw._lookAt(40, 25, 0.1)));
  await until('the first follows', () => lookAt(40, 25));
  await page.getByLabel('Beside it').selectOption('');
  await until('one is left', async () => (await scopes.count()) === 1);
  await page.locator('.side pre').waitFor({ state: 'attached' });
  assert.match((await page.locator('.side pre').textContent()) ?? '', /level = image\["s0"\]/);
  const link = await page.getByRole('link', { name: 'Open in neuroglancer' }).getAttribute('href');
  assert.match(decodeURIComponent(link ?? ''), /zarr:\/\/http:\/\/127\.0\.0\.1:\d+\/data\/images\/a\.ome\.zarr/);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('classes of masks are counted by their tables, and where there is none, that is said', async () => {
  const { page, complaints } = await open('data/masks/file_list.tsv');
  await allDrawn(page, 2);
  const classes = page.locator('.facet', { hasText: 'Classes' });
  await until('both are read', async () => /Masks of 1 image: classes not counted/.test(await classes.innerText()));
  assert.match(await classes.innerText(), /Classes objects\s+cell\s+2\s+debris\s+1/);
  assert.match(await page.locator('.tile', { hasText: 'named' }).first().innerText(), /3 objects/);
  await page.getByLabel(/^debris/).check();
  await until('one is left', async () => /1 of 2 images/.test(await page.locator('.bar-line').innerText()));
  assert.deepEqual(await drawn(page), ['named']);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a plate is drawn until all its wells are there, and lets the other images come first', async () => {
  let release = (): void => undefined;
  server.rule({ path: /plate\.ome\.zarr\/[CD]\//, until: new Promise<void>((resolve) => (release = resolve)) });
  const { page, complaints } = await openViewerPage(browser, 'about:blank', { viewport: { width: 1100, height: 1000 } });
  await page.clock.install();
  await page.goto(`${server.url}/study.html?source=data%2Fwells%2Ffile_list.tsv`);
  await allDrawn(page, 3);
  const plate = page.locator('.tile', { hasText: 'plate' });
  const bright = (): Promise<number> => plate.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: new Uint8ClampedArray() };
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if ((data[i] ?? 0) > 150) count += 1;
    return count;
  });
  const said = async (): Promise<string> => (await plate.locator('a').getAttribute('title')) ?? '';
  assert.match(await said(), /More of its wells are on their way/);
  const half = await until('the first wells are shown', async () => {
    const count = await bright();
    return count > 1000 && count;
  });
  // However long it takes.
  await page.clock.fastForward(15_000);
  release();
  await until('nothing is on its way', async () => !/on their way/.test(await said()));
  assert.doesNotMatch(await said(), /Not all/);
  const all = await bright();
  assert.ok(all > 1.8 * half, `${half} bright pixels with half of the wells, ${all} with all`);
  assert.match(await plate.innerText(), /24 wells/);
  assert.deepEqual(complaints, []);
  server.clear();
  await page.context().close();
});

test('1,000 images: what is scrolled past is not asked for, and few tiles are in the document', async () => {
  const { page, complaints } = await openViewerPage(browser, 'about:blank', { viewport: { width: 1100, height: 1000 } });
  await page.clock.install();
  server.clear();
  await page.goto(`${server.url}/study.html?source=many%2Ffile_list.tsv`);
  const grid = page.locator('.grid');
  /** Names of the images that were on the screen when scrolling last came to rest. */
  const seen = async (): Promise<string[]> => {
    const [first = 0, last = -1] = ((await grid.getAttribute('data-seen')) || '0--1').split(/(?<=\d)-/).map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => String(first + i).padStart(4, '0'));
  };
  const asked = (): string[] => [...new Set(server.log.map(({ path }) => /many\/images\/(\d+)/.exec(path)?.[1]).filter((name) => name !== undefined))].sort();
  const allSeenDrawn = (): Promise<unknown> => until('all on the screen is drawn', async () => {
    const [there, wanted] = [new Set(await drawn(page)), await seen()];
    return wanted.length > 0 && wanted.every((name) => there.has(name));
  });
  await allSeenDrawn();
  const first = await seen();
  assert.equal(first[0], '0000');
  assert.deepEqual(asked(), first);
  // From here on no time passes but what the test lets pass: nothing depends on how fast this machine is.
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1000));
  const columns = Number(await grid.getAttribute('aria-colcount'));
  const steps = 60;
  for (let step = 1; step <= steps; ++step) {
    const tiles = await page.evaluate(async (share) => {
      const scroller = document.querySelector('mifa-study')?.shadowRoot?.querySelector('.scroll');
      if (!scroller) throw new Error('there is no gallery');
      const scrolled = new Promise((resolve) => scroller.addEventListener('scroll', resolve, { once: true }));
      scroller.scrollTop = (scroller.scrollHeight - scroller.clientHeight) * share;
      await scrolled;
      return scroller.querySelectorAll('.tile').length;
    }, step / steps);
    await page.clock.runFor(20);
    // The screen, cut rows at its edges, and one row beyond each.
    assert.ok(tiles <= first.length + 4 * columns, `${tiles} tiles in the document`);
  }
  assert.deepEqual(await seen(), first, 'scrolling did not rest on the way');
  await page.clock.runFor(1000);
  await page.clock.resume();
  await allSeenDrawn();
  const last = await seen();
  assert.equal(last.at(-1), '0999');
  assert.deepEqual(asked(), [...first, ...last]);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('by keys: one tile is in the tab order, arrows go on, Enter opens', async () => {
  const { page } = await open('many/file_list.tsv');
  await page.locator('.tile').first().waitFor();
  assert.equal(await page.locator('.tile a[tabindex="0"]').count(), 1);
  await page.locator('.tile a').first().focus();
  const focused = (): Promise<string | null | undefined> => page.evaluate(() => document.querySelector('mifa-study')?.shadowRoot?.activeElement?.getAttribute('data-index'));
  await page.keyboard.press('ArrowRight');
  assert.equal(await focused(), '1');
  const columns = Number(await page.locator('.grid').getAttribute('aria-colcount'));
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(), String(1 + columns));
  await page.keyboard.press('End');
  assert.equal(await focused(), String(kMany - 1));
  assert.equal(await page.locator('.tile a[tabindex="0"]').count(), 1);
  await page.keyboard.press('Home');
  assert.equal(await focused(), '0');
  await page.keyboard.press('Enter');
  await page.locator('.tools').waitFor();
  await page.context().close();
});

test('Croissant, and the BIA’s API', async () => {
  const croissant = await open('data/croissant.json');
  await allDrawn(croissant.page, 2);
  assert.match(await textOf(croissant.page), /Cells in Croissant[\s\S]*One annotation is put with its image by the names/);
  await croissant.page.context().close();
  const api = await open('data/api.json');
  await allDrawn(api.page, 1);
  assert.match(await api.page.locator('.tile').innerText(), /64 × 48/);
  assert.match(await textOf(api.page), /Cells in the API/);
  await api.page.context().close();
});

test('broken and other documents say what is wrong and where', async () => {
  const broken = await open('data/broken.json');
  assert.match(await textOf(broken.page), /The metadata has 1 error/);
  await broken.page.locator('.said summary').click();
  assert.match(await broken.page.locator('.said').innerText(), /broken\.json, line 1|broken\.json/);
  await broken.page.context().close();
  const other = await open('data/other.json');
  assert.match(await other.page.locator('.message').innerText(), /Expected a document of a study in other\.json/);
  await other.page.context().close();
  const nothing = await open('data/nothing.yaml');
  assert.match(await nothing.page.locator('.message').innerText(), /nothing\.yaml/);
  await nothing.page.context().close();
});

test('a dropped folder without metadata is a study; nothing leaves the page', async () => {
  const { page, complaints } = await openViewerPage(browser, `${server.url}/`, { viewport: { width: 1100, height: 1000 } });
  await page.locator('h1').waitFor();
  await drop(page, [join(disk, 'folder')]);
  await page.locator('mifa-study .tile').first().waitFor();
  await allDrawn(page, 3);
  assert.match(await textOf(page), /There is no metadata of a study here/);
  assert.match(await page.locator('.tile').first().innerText(), /3 objects/);
  await page.locator('.tile a').first().click();
  await page.locator('mifa-scope').waitFor();
  await page.locator('.side').getByText('This image is on this computer').waitFor();
  await page.goBack();
  await page.locator('.grid').waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('?study= on the page; a source that is a document; axe, light and dark, at 320 pixels', async () => {
  const { page, complaints } = await openViewerPage(browser, `${server.url}/?study=${encodeURIComponent('data/')}`, { viewport: { width: 1100, height: 1000 } });
  await page.locator('mifa-study .tile').first().waitFor();
  await allDrawn(page, 4);
  assert.deepEqual(await violations(page), []);
  await page.context().close();
  const dark = await open('data/', '', { viewport: { width: 320, height: 900 }, colorScheme: 'dark' });
  await allDrawn(dark.page, 2);
  assert.deepEqual(await violations(dark.page), []);
  assert.equal(await dark.page.evaluate(() => document.documentElement.scrollWidth <= 320), true);
  await dark.page.locator('.tile a').first().click();
  await dark.page.locator('.side pre').waitFor({ state: 'attached' });
  assert.deepEqual(await violations(dark.page), []);
  await dark.page.context().close();
  const source = await openViewerPage(browser, `${server.url}/?source=${encodeURIComponent(`${server.url}/data/mifa.yaml`)}`, { viewport: { width: 1100, height: 1000 } });
  await source.page.locator('mifa-study .tile').first().waitFor();
  await source.page.context().close();
  assert.deepEqual(complaints, []);
});

test('the sample study, from its RO-Crate', { skip: !kSample && 'build/sample has no RO-Crate: run scripts/make-sample' }, async () => {
  const { page, complaints } = await open('sample/ro-crate-metadata.json');
  await allDrawn(page, 8);
  const study = await page.evaluate(() => {
    const { study } = document.querySelector('mifa-study') as MifaStudyElement;
    return { images: study?.images.length, unpaired: study?.unpaired.length, notes: study?.notes, types: [...new Set(study?.annotations.flatMap(({ types }) => types))].sort() };
  });
  assert.equal(study.images, 12);
  assert.equal(study.unpaired, 0);
  assert.deepEqual(study.notes, []);
  // Every kind of MIFA's but "other".
  assert.deepEqual(study.types, ['bounding_boxes', 'class_labels', 'counts', 'derived_annotations', 'geometrical_annotations', 'graphs', 'point_annotations', 'segmentation_mask', 'tracks', 'weak_annotations']);
  assert.deepEqual(complaints, []);
  await page.context().close();
});
