// The study's metadata beside the image on the page: named, found beside it, dropped with it or over it.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openViewerPage, serveViewer } from './browser.ts';
import { drop } from './browser_files.ts';
import { writeImage, type Files } from './datasets.ts';
import { openBrowser } from './harness.ts';
import type { TestServer } from './server.mjs';

const kStudy = `study:
  title: Cells in a gradient, with nothing annotated
  description: An image that a test has made, of a gradient.
  license: CC0
`;
const kCrate = JSON.stringify({
  '@context': 'https://w3id.org/ro/crate/1.1/context',
  '@graph': [
    { '@id': 'ro-crate-metadata.json', '@type': 'CreativeWork', conformsTo: { '@id': 'https://w3id.org/ro/crate/1.1' }, about: { '@id': './' } },
    { '@id': './', '@type': 'Dataset', name: 'A crate around the image', description: 'Found without being named.', license: 'https://creativecommons.org/publicdomain/zero/1.0/' },
  ],
});

let server: TestServer;
let browser: Browser;
let disk: string;
let axe: string;
const files: Files = new Map();

before(async () => {
  for (const path of ['cells.ome.zarr', 'study/images/cells.ome.zarr', 'crated/cells.ome.zarr']) {
    writeImage(files, path, { axes: 'yx', levels: [{ zarr: 2, dataType: 'uint8', shape: [60, 80], chunks: [60, 80], scale: [1, 1], value: ([, x = 0]) => x * 3 }] });
  }
  files.set('study.yaml', kStudy);
  files.set('study/metadata/study.yaml', kStudy);
  files.set('crated/ro-crate-metadata.json', kCrate);
  files.set('other.json', '{"points": [1, 2, 3]}');
  disk = await mkdtemp(join(tmpdir(), 'mifascope-study-'));
  for (const [path, content] of files) {
    await mkdir(dirname(join(disk, path)), { recursive: true });
    await writeFile(join(disk, path), content);
  }
  server = await serveViewer([{ prefix: '/data/', files }]);
  browser = await openBrowser();
  axe = await readFile('node_modules/axe-core/axe.min.js', 'utf8');
});
after(async () => {
  await browser?.close();
  await server?.close();
  if (disk) await rm(disk, { recursive: true });
});

async function open(path: string, ...metadata: readonly string[]): Promise<{ page: Page; complaints: string[]; requests: string[] }> {
  const address = new URL(server.url);
  address.searchParams.set('source', `${server.url}/data/${path}`);
  for (const one of metadata) address.searchParams.append('metadata', `${server.url}/data/${one}`);
  const requests: string[] = [];
  const { page, complaints } = await openViewerPage(browser, 'about:blank');
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(address.href);
  return { page, complaints, requests };
}

const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true });

test('metadata that is named is shown beside the image, by mouse and by keys, and axe finds nothing to mend', async () => {
  const { page, complaints } = await open('cells.ome.zarr', 'study.yaml');
  await page.getByRole('heading', { name: 'Cells in a gradient, with nothing annotated' }).waitFor();
  assert.equal(await tab(page, 'Study').getAttribute('aria-selected'), 'true');
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
    return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
  assert.deepEqual(violations, []);
  await tab(page, 'Study').press('ArrowLeft');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Image');
  assert.ok(await page.locator('#image-panel h1').last().isVisible());
  assert.equal(await page.getByRole('heading', { name: 'Cells in a gradient, with nothing annotated' }).count(), 0);
  await tab(page, 'Study').click();
  await page.getByRole('heading', { name: 'Cells in a gradient, with nothing annotated' }).waitFor();
  // The badge leads back here.
  await page.getByText('Use this badge').click();
  assert.match(await page.getByLabel('Markdown of the badge').inputValue(), /study\.yaml\)$/);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('without metadata there is no tab, and what reads it is not fetched', async () => {
  const { page, requests } = await open('cells.ome.zarr');
  await page.waitForRequest((request) => request.url().endsWith('/data/ro-crate-metadata.json'));
  await page.waitForTimeout(300);
  assert.equal(await tab(page, 'Study').count(), 0);
  assert.deepEqual(requests.filter((url) => url.includes('valid')), []);
  await page.context().close();
});

test('a crate beside the image is found; the image stays in front', async () => {
  const { page } = await open('crated/cells.ome.zarr');
  await tab(page, 'Study').waitFor();
  assert.equal(await tab(page, 'Image').getAttribute('aria-selected'), 'true');
  await tab(page, 'Study').click();
  await page.getByRole('heading', { name: 'A crate around the image' }).waitFor();
  await page.context().close();
});

test('what cannot be read is said where the study would be', async () => {
  const missing = await open('cells.ome.zarr', 'nowhere.yaml');
  await missing.page.getByRole('alert').filter({ hasText: 'nowhere.yaml' }).waitFor();
  await missing.page.context().close();
  const other = await open('cells.ome.zarr', 'other.json');
  await other.page.getByRole('alert').filter({ hasText: /^Expected metadata that is known .* received other\.json\.$/ }).waitFor();
  await other.page.context().close();
});

test('a dropped folder brings its metadata along; a metadata file is dropped over an image; nothing leaves', async () => {
  const { page, complaints } = await openViewerPage(browser, `${server.url}/`);
  await page.locator('h1').waitFor();
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await drop(page, [join(disk, 'study')]);
  await tab(page, 'Study').waitFor();
  await tab(page, 'Study').click();
  await page.getByRole('heading', { name: 'Cells in a gradient, with nothing annotated' }).waitFor();
  await page.getByRole('button', { name: 'Show where each value is written' }).click();
  assert.match(await page.locator('aside article .title').innerText(), /metadata\/study\.yaml, line 2/);
  await drop(page, [join(disk, 'crated', 'ro-crate-metadata.json')]);
  await page.getByRole('heading', { name: 'A crate around the image' }).waitFor();
  for (const url of requests) {
    if (url.startsWith('blob:')) continue;
    assert.match(url, new RegExp(`^${server.url}/[\\w-]+\\.(js|wasm)$`));
  }
  assert.deepEqual(complaints, []);
  await page.context().close();
});
