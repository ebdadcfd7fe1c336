// “Check this dataset” on the page: a dropped folder, an address, cancelling; and that nothing leaves.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openViewerPage, serveViewer, until } from './browser.ts';
import { drop } from './browser_files.ts';
import { writeImage, type Files } from './datasets.ts';
import { openBrowser } from './harness.ts';
import type { TestServer } from './server.mjs';

const kVectors = 'tests/vectors/rules';

let browser: Browser;
let server: TestServer;
let disk: string;
let axe: string;

type Tree = ReadonlyMap<string, string | Uint8Array>;

async function tree(vector: string): Promise<Map<string, string | Uint8Array>> {
  const { files } = JSON.parse(await readFile(join(kVectors, vector), 'utf8')) as { files: Record<string, unknown> };
  return new Map(
    Object.entries(files).map(([key, value]) => [
      key,
      typeof value !== 'string' ? JSON.stringify(value) : value.startsWith('hex:') ? Buffer.from(value.slice(4), 'hex') : value,
    ]),
  );
}

async function onDisk(name: string, files: Tree): Promise<string> {
  for (const [key, content] of files) {
    await mkdir(dirname(join(disk, name, key)), { recursive: true });
    await writeFile(join(disk, name, key), content);
  }
  return join(disk, name);
}

before(async () => {
  disk = await mkdtemp(join(tmpdir(), 'mifascope-'));
  browser = await openBrowser();
  axe = await readFile('node_modules/axe-core/axe.min.js', 'utf8');
  const bad = await tree('ome-zarr__levels-scale/invalid-same-scale.json');
  server = await serveViewer([{ prefix: '/data/bad.zarr/', files: bad }]);
});
after(async () => {
  await browser?.close();
  await server?.close();
  if (disk) await rm(disk, { recursive: true });
});

async function dropped(folder: string): Promise<{ page: Page; complaints: string[] }> {
  const { page, complaints } = await openViewerPage(browser, `${server.url}/`);
  await page.locator('h1').waitFor();
  await drop(page, [folder]);
  return { page, complaints };
}

async function check(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Check this dataset' }).click();
  await page.locator('.report .verdict').waitFor();
}

test('a dropped folder is checked, and no request leaves for its files', async () => {
  const files = new Map<string, string | Uint8Array>();
  for (const [key, content] of await tree('ome-zarr__array-missing/invalid-not-there.json')) files.set(`image.zarr/${key}`, content);
  files.set('raw.czi', 'ZISRAWFILE');
  const folder = await onDisk('study', files);
  const { page, complaints } = await openViewerPage(browser, `${server.url}/`);
  await page.locator('h1').waitFor();
  await drop(page, [folder]);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await check(page);
  assert.match(await page.locator('.verdict').innerText(), /^There are errors: 1 error, 1 remark\.$/);
  await page.locator('.report section').nth(1).waitFor();
  const text = await page.locator('.report').innerText();
  assert.match(text, /image\.zarr\/zarr\.json, line 1, \/attributes\/ome\/multiscales\/0\/datasets\/1\s+The array "image\.zarr\/1" is not there\./);
  assert.match(text, /Convert it to OME-Zarr/);
  // Our own program and scripts, from our own server; nothing else, and nothing with the files' names.
  for (const url of requests) {
    if (url.startsWith('blob:')) continue;
    assert.ok(url.startsWith(`${server.url}/`), url);
    assert.match(new URL(url).pathname, /^\/[\w-]+\.(js|wasm)$/);
  }
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the report is filtered, searched and downloaded, and axe finds nothing to mend', async () => {
  const files = new Map<string, string | Uint8Array>();
  for (const [key, content] of await tree('ome-zarr__levels-scale/invalid-same-scale.json')) files.set(`bad.zarr/${key}`, content);
  files.set('raw.czi', 'ZISRAWFILE');
  files.set('study.yaml', 'study:\n  title: Short\n  license: CC0\n');
  const { page } = await dropped(await onDisk('mixed', files));
  await check(page);
  const sections = page.locator('.report section');
  await sections.first().waitFor();
  const all = await sections.count();
  assert.ok(all >= 2);
  const search = page.getByLabel('Find in the report');
  await search.fill('nothing of the kind');
  await page.getByText('0 issues shown, of 0 rules').waitFor();
  assert.equal(await sections.count(), 0);
  await search.fill('SCALE');
  await sections.first().waitFor();
  assert.ok((await sections.count()) < all);
  await search.fill('');
  await until('all are shown again', async () => (await sections.count()) === all);
  await page.getByLabel('Remarks').uncheck();
  await until('remarks are gone', async () => (await page.locator('.report section.info').count()) === 0);
  assert.ok((await sections.count()) >= 1);
  await page.getByLabel('Remarks').check();
  await until('all are shown again', async () => (await sections.count()) === all);
  await page.getByLabel('Part of the rules').selectOption('MIFA');
  await until('only MIFA’s are shown', async () => (await page.locator('.report section .quiet').allTextContents()).every((text) => text.startsWith('mifa/') || text.startsWith('and ')));
  await page.getByLabel('Part of the rules').selectOption('All rules');
  await until('all are shown again', async () => (await sections.count()) === all);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download JSON' }).click()]);
  assert.equal(download.suggestedFilename(), 'report.json');
  const report = JSON.parse(await readFile((await download.path()) ?? '', 'utf8')) as { rules: { id: string }[] };
  assert.ok(report.rules.some(({ id }) => id === 'ome-zarr/levels-scale'));
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
    return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
  assert.deepEqual(violations, []);
  await page.getByRole('button', { name: 'Back' }).click();
  await page.locator('mifa-scope').waitFor();
  await page.context().close();
});

test('what had not come when the check began comes when it is closed', async () => {
  const files = new Map<string, string | Uint8Array>();
  for (const [key, content] of await tree('ome-zarr__levels-scale/invalid-same-scale.json')) files.set(`image.zarr/${key}`, content);
  const folder = await onDisk('slow', files);
  const { page } = await openViewerPage(browser, `${server.url}/`);
  await page.locator('h1').waitFor();
  // What tells whether a folder is a study's comes late.
  let open = (): void => undefined;
  server.rule({ path: '/study.js', until: new Promise<void>((resolve) => (open = resolve)) });
  await drop(page, [folder]);
  await page.getByText('Looking into slow').waitFor();
  await check(page);
  open();
  await page.getByRole('button', { name: 'Back' }).click();
  await page.locator('mifa-scope').waitFor();
  server.clear();
  await page.context().close();
});

test('a check is cancelled, and says what it did not look at', async () => {
  const { page } = await openViewerPage(browser, `${server.url}/?source=${encodeURIComponent(`${server.url}/data/bad.zarr`)}`);
  server.rule({ path: /bad\.zarr\/0\//, delayMs: 20_000 });
  await page.getByRole('button', { name: 'Check this dataset' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('.report .verdict').waitFor();
  assert.match(await page.locator('.verdict').innerText(), /The check was cancelled/);
  server.clear();
  await page.context().close();
});

test('nothing there: the page says so', async () => {
  const { page } = await openViewerPage(browser, `${server.url}/?source=${encodeURIComponent(`${server.url}/data/nowhere`)}`);
  await page.getByRole('button', { name: 'Check this dataset' }).click();
  await page.getByRole('alert').filter({ hasText: 'received none of them' }).waitFor();
  await page.context().close();
});

test('an issue leads to its place in the image, and back to the report as it was', async () => {
  const files: Files = new Map();
  const name = 'deep/cells.ome.zarr';
  writeImage(files, name, {
    axes: 'tyx',
    levels: [{ zarr: 3, dataType: 'uint8', shape: [3, 120, 160], chunks: [1, 60, 80], scale: [1, 0.5, 0.5], value: ([, y = 0, x = 0]) => x + y }],
  });
  // Two of the four chunks of frame 2 are cut short.
  const chunks = [...files.keys()].filter((key) => /\/s0\/c\/2\/1\/1$/.test(key));
  assert.equal(chunks.length, 1);
  for (const key of chunks) files.set(key, new Uint8Array(7));
  files.set('raw.czi', 'ZISRAWFILE');
  const { page, complaints } = await dropped(await onDisk('spots', files));
  await check(page);
  const section = page.locator('.report section', { hasText: 's0/c/2/1/1' });
  await section.getByRole('button', { name: /^Show in the viewer: .*s0\/c\/2\/1\/1/ }).click();
  await page.locator('.spot mifa-scope').waitFor();
  const state = await until('the chunk is looked at', () =>
    page.evaluate(() => {
      const state = document.querySelector('mifa-scope')?.state;
      return state?.stage === 'showing' && state.fitted === false ? { view: state.view, axes: state.axes } : null;
    }),
  );
  assert.equal(state.axes?.find(({ name }) => name === 't')?.position, 2);
  // Elements 80 to 159 along x, 60 to 119 along y, 0.5 apart; positions are those of centres.
  assert.deepEqual(state.view?.center.map((value) => Number(value.toFixed(3))), [59.75, 44.75]);
  assert.match(await page.locator('.spot-bar').innerText(), /s0\/c\/2\/1\/1/);
  await page.getByRole('button', { name: 'Back to the report' }).click();
  await section.waitFor();
  assert.match((await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))) ?? '', /^Show in the viewer/);
  assert.deepEqual(complaints.filter((text) => !text.includes('s0/c/2/1/1')), []);
  await page.context().close();
});

test('an annotation’s issue leads to its object on the image', async () => {
  const files: Files = new Map();
  writeImage(files, 'images/first.ome.zarr', { axes: 'yx', levels: [{ zarr: 3, dataType: 'uint8', shape: [60, 80], chunks: [60, 80], value: ([y = 0, x = 0]) => x + y }] });
  writeImage(files, 'images/second.ome.zarr', { axes: 'yx', levels: [{ zarr: 3, dataType: 'uint8', shape: [120, 160], chunks: [120, 160], value: ([y = 0, x = 0]) => x + y }] });
  const square = (x: number, y: number): object => ({
    type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [[[x, y], [x + 9, y], [x + 9, y + 9], [x, y + 9], [x, y]]] },
  });
  files.set('annotations/second.geojson', JSON.stringify({ type: 'FeatureCollection', features: [square(10, 10), square(300, 20)] }));
  const { page } = await dropped(await onDisk('annotated', files));
  await check(page);
  const section = page.locator('.report section', { hasText: 'annotation/outside-image' });
  assert.match(await section.innerText(), /See also\s+images\/second\.ome\.zarr/);
  await section.getByRole('button', { name: /^Show in the viewer/ }).click();
  const shown = await until('the object is selected', () =>
    page.evaluate(async () => {
      const scope = document.querySelector('mifa-scope');
      const selection = scope?.viewer ? (await scope.annotationLayers).selection : null;
      return selection && scope ? { object: selection.object, sizes: scope.state?.axes?.map(({ size }) => size) } : null;
    }),
  );
  assert.deepEqual(shown, { object: 1, sizes: [120, 160] });
  await page.context().close();
});
