// The stand-alone page: welcome, an open image, a failure; for eyes, keyboards and screen readers.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openViewerPage, serveViewer, settled, until } from './browser.ts';
import { writeImage, type Files } from './datasets.ts';
import { drop } from './browser_files.ts';
import { openBrowser } from './harness.ts';
import type { TestServer } from './server.mjs';
import { zipOf, zipOfFiles } from './zip_files.ts';

const kSample = join('build', 'sample');
const noSample = existsSync(join(kSample, 'index.json')) ? false : `${kSample} is not there: run scripts/make-sample`;

const files: Files = new Map();
let server: TestServer;
let bare: TestServer;
let browser: Browser;
let axe: string;
/** cells.ome.zarr as a folder, as cells.ozx, and things that are neither. */
let disk: string;

before(async () => {
  writeImage(files, 'cells.ome.zarr', {
    axes: 'tczyx',
    levels: [{ zarr: 2, dataType: 'uint16', shape: [3, 2, 4, 90, 120], chunks: [1, 1, 1, 90, 120], scale: [1, 1, 2, 0.5, 0.5], value: ([t = 0, c = 0, z = 0, y = 0, x = 0]) => (c ? x : y) + 10 * (t + z) }],
    channels: [{ color: 'FF00FF', window: [0, 150], label: 'membrane' }, { color: '00FF00', window: [0, 150], label: 'nuclei' }],
    labels: [{ name: 'cells', levels: [{ zarr: 2, dataType: 'uint8', shape: [3, 4, 90, 120], chunks: [1, 1, 90, 120], scale: [1, 2, 0.5, 0.5], value: ([, , , x = 0]) => Math.floor(x / 40) }] }],
  });
  files.set('odd/zarr.json', JSON.stringify({ zarr_format: 3, node_type: 'group', attributes: {} }));
  disk = await mkdtemp(join(tmpdir(), 'mifascope-page-'));
  const zip = zipOfFiles(new Map([...files].filter(([path]) => path.startsWith('cells'))));
  files.set('cells.ozx', zip);
  // What nobody looks at must not be read.
  files.set('large.zip', zipOf([{ name: 'unused', data: new Uint8Array(20_000_000) }, ...[...files].filter(([path]) => path.startsWith('cells.ome')).map(([name, data]) => ({ name, data }))]));
  for (const [path, content] of [...files, ['cells.czi', 'ZISRAWFILE'] as const]) {
    await mkdir(dirname(join(disk, path)), { recursive: true });
    await writeFile(join(disk, path), content);
  }
  bare = await serveViewer([{ prefix: '/data/', files }]);
  server = await serveViewer([
    { prefix: '/data/', files },
    { prefix: '/sample/', root: kSample },
  ]);
  browser = await openBrowser();
  axe = await readFile('node_modules/axe-core/axe.min.js', 'utf8');
});
after(async () => {
  await browser?.close();
  await server?.close();
  await bare?.close();
  if (disk) await rm(disk, { recursive: true });
});

const showing = (source: string): string => `${server.url}/?source=${encodeURIComponent(source)}`;
const image = (): string => showing(`${server.url}/data/cells.ome.zarr`);

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[] }> } };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 200)}: ${failureSummary}`));
  });
}

describe('axe finds nothing to mend', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [name, address] of [
      ['welcome', () => `${server.url}/`],
      ['an open image', image],
      ['a failure', () => showing(`${server.url}/data/odd`)],
      ['a folder that was open', () => `${server.url}/?local=cells.ome.zarr`],
    ] as const) {
      test(`${name}, ${colorScheme}`, async () => {
        const { page } = await openViewerPage(browser, address(), { colorScheme });
        if (name === 'welcome' || name.startsWith('a folder')) await page.locator('h1').waitFor();
        else await settled(page);
        assert.deepEqual(await violations(page), []);
        await page.context().close();
      });
    }
  }
  test('missing chunks and several images, narrow', async () => {
    server.rule({ path: /\/0\/0\/2\/0\/0$/, status: 403 });
    const { page } = await openViewerPage(browser, image(), { viewport: { width: 390, height: 800 } });
    await settled(page);
    await page.locator('mifa-scope .note').waitFor();
    assert.deepEqual(await violations(page), []);
    server.clear();
    await page.context().close();
  });
});

test('an address is typed, and the image opens', async () => {
  const { page, complaints } = await openViewerPage(browser, `${bare.url}/`);
  await page.locator('h1').waitFor();
  await page.getByLabel('URL of an OME-Zarr image').fill(`${bare.url}/data/cells.ome.zarr`);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\?source=/);
  await settled(page);
  assert.equal(await page.title(), 'test · Mifascope');
  const details = page.locator('#details');
  assert.match(await details.innerText(), /OME-Zarr 0\.4 \(Zarr v2\)/);
  assert.match(await details.innerText(), /membrane\s+nuclei/);
  assert.match(await details.innerText(), /x\s+120\s+60 µm/);
  await page.locator('#details-toggle').click();
  assert.equal(await details.isVisible(), false);
  assert.equal(await page.locator('#details-toggle').getAttribute('aria-expanded'), 'false');
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the welcome page leads to the sample study', { skip: noSample }, async () => {
  const { page } = await openViewerPage(browser, `${server.url}/`);
  assert.match((await page.getByRole('link', { name: 'All of it as a study' }).getAttribute('href')) ?? '', /[?]study=.*ro-crate-metadata\.json$/);
  const links = page.locator('main .samples a');
  await until('the samples are listed', async () => (await links.count()) >= 5);
  await links.first().click();
  await page.locator('mifa-scope').waitFor();
  const state = await settled(page);
  assert.equal(state.stage, 'showing');
  await page.context().close();
});

test('a server without the sample study: no empty list, no error', async () => {
  const { page, complaints } = await openViewerPage(browser, `${bare.url}/`);
  await page.locator('h1').waitFor();
  assert.equal(await page.locator('main li').count(), 0);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('narrow screens: the image first, the details below, nothing wider than the screen', async () => {
  const { page } = await openViewerPage(browser, image(), { viewport: { width: 360, height: 700 } });
  await settled(page);
  const [scope, details] = [await page.locator('mifa-scope').boundingBox(), await page.locator('#details').boundingBox()];
  assert.ok(scope && details && scope.width === 360 && details.y >= scope.y + scope.height);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  await page.context().close();
});

describe('images on this computer', () => {
  const opened = async (address = `${bare.url}/`): Promise<Awaited<ReturnType<typeof openViewerPage>>> => {
    const found = await openViewerPage(browser, address);
    await found.page.locator(address.includes('source=') ? 'mifa-scope' : 'h1').waitFor();
    return found;
  };
  const shows = async (page: Page, name: string): Promise<void> => {
    await page.locator('mifa-scope').waitFor();
    const state = await settled(page);
    assert.equal(state.stage, 'showing', JSON.stringify(state.failure));
    assert.equal(state.name, name);
    assert.match(await page.locator('#details').innerText(), /membrane\s+nuclei/);
  };

  for (const [what, selector, path, name] of [
    ['a folder', 'input[aria-label^="A folder"]', 'cells.ome.zarr', 'cells.ome.zarr'],
    ['a zip', 'input[aria-label^="An image file"]', 'cells.ozx', 'cells.ozx'],
  ] as const) {
    test(`${what} is chosen`, async () => {
      const { page, complaints } = await opened();
      bare.clear();
      await page.locator(selector).setInputFiles(join(disk, path));
      await shows(page, name);
      assert.equal(await page.title(), 'test · Mifascope');
      // Nothing but the viewer's own files was asked for, and nothing was sent.
      assert.deepEqual(bare.log.filter(({ path, method }) => method !== 'GET' || path.startsWith('/data')), []);
      assert.deepEqual(complaints, []);
      await page.context().close();
    });
  }
  for (const [what, path, name] of [
    ['a folder', 'cells.ome.zarr', 'cells.ome.zarr'],
    ['a zip', 'cells.ozx', 'cells.ozx'],
    ['a folder that holds images, as a study', '.', ''],
  ] as const) {
    test(`${what} is dropped`, async () => {
      const { page, complaints } = await opened();
      await drop(page, [join(disk, path)]);
      if (name) await shows(page, name);
      else await page.locator('mifa-study .tile').first().waitFor();
      assert.match(page.url(), /\?local=/);
      assert.deepEqual(complaints, []);
      await page.context().close();
    });
  }
  test('while something is dragged over the page, it says what may be dropped', async () => {
    const { page } = await opened();
    assert.equal(await page.locator('#veil').isVisible(), false);
    await drop(page, [join(disk, 'cells.ozx')], { hold: true });
    await page.locator('#veil').waitFor();
    await drop(page, [join(disk, 'cells.ozx')]);
    await page.locator('#veil').waitFor({ state: 'hidden' });
    await page.context().close();
  });
  test('a drop on an open image replaces it; “back” leads back to it', async () => {
    const { page } = await opened(`${bare.url}/?source=${encodeURIComponent(`${bare.url}/data/cells.ozx`)}`);
    await shows(page, `${bare.url}/data/cells.ozx`);
    await drop(page, [join(disk, 'cells.ome.zarr')]);
    await page.waitForURL(/\?local=cells/);
    await shows(page, 'cells.ome.zarr');
    await page.goBack();
    await page.waitForURL(/\?source=/);
    await until('the first image is back', async () => (await page.locator('#source').inputValue()).endsWith('cells.ozx'));
    await shows(page, `${bare.url}/data/cells.ozx`);
    await page.context().close();
  });
  test('loaded anew, the page says why it cannot open the folder by itself', async () => {
    const { page } = await opened();
    await drop(page, [join(disk, 'cells.ome.zarr')]);
    await shows(page, 'cells.ome.zarr');
    await page.reload();
    await page.getByText('“cells.ome.zarr” was open here').waitFor();
    assert.ok(await page.getByRole('button', { name: 'Open a folder' }).isVisible());
    await page.context().close();
  });
  test('a file of another kind: what it is not, and what to do', async () => {
    const { page } = await opened();
    await drop(page, [join(disk, 'cells.czi')]);
    const failure = page.locator('mifa-scope .failure');
    await failure.waitFor();
    assert.match(await failure.innerText(), /received the file cells\.czi.*bioformats2raw/);
    await page.context().close();
  });
  test('the buttons are reached and pressed by keys', async () => {
    const { page } = await opened();
    // From now on the browser's own dialog stays closed.
    const choosing = page.waitForEvent('filechooser');
    await page.locator('#source').focus();
    const seen: string[] = [];
    for (let i = 0; i < 3; ++i) {
      await page.keyboard.press('Tab');
      seen.push(await page.evaluate(() => document.activeElement?.textContent ?? ''));
    }
    assert.deepEqual(seen, ['Open', 'Open a folder', 'Open a file']);
    await page.keyboard.press('Enter');
    await (await choosing).setFiles(join(disk, 'cells.ozx'));
    await shows(page, 'cells.ozx');
    await page.context().close();
  });
});

describe('sources of other kinds', () => {
  test('a zip on a server: only what is looked at is read', async () => {
    const address = `${bare.url}/data/large.zip|zip:cells.ome.zarr/|zarr2:`;
    bare.clear();
    const { page, complaints } = await openViewerPage(browser, `${bare.url}/?source=${encodeURIComponent(address)}`);
    const state = await settled(page);
    assert.equal(state.stage, 'showing', JSON.stringify(state.failure));
    const read = bare.log.filter(({ path, method }) => path === '/data/large.zip' && method === 'GET').reduce((sum, { bytes }) => sum + bytes, 0);
    // The tail of the zip, and chunks of 21,600 bytes: a few for each of two channels and the labels.
    assert.ok(read > 60_000 && read < 65_557 + 40 * 22_000, `${read} bytes`);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
  for (const [source, words] of [
    ['n5://example.org/a', /begins with one of https:\/\/, http:\/\/, s3:\/\//],
    ['https://example.org/a|ocdbt:', /received “\|ocdbt:”/],
    ['C:\\data\\a.zarr', /Open a folder/],
  ] as const) {
    test(`${source} is refused in words`, async () => {
      const { page } = await openViewerPage(browser, `${bare.url}/?source=${encodeURIComponent(source)}`);
      const failure = page.locator('mifa-scope .failure');
      await failure.waitFor();
      assert.match(await failure.innerText(), words);
      assert.doesNotMatch(await page.locator('#details').innerText(), /\.zattrs/);
      assert.equal(await page.locator('#source').inputValue(), source);
      await page.context().close();
    });
  }
});
