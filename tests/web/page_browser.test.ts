// The stand-alone page: welcome, an open image, a failure; for eyes, keyboards and screen readers.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openViewerPage, serveViewer, settled, until } from './browser.ts';
import { writeImage, type Files } from './datasets.ts';
import { openBrowser } from './harness.ts';
import type { TestServer } from './server.mjs';

const kSample = join('build', 'sample');
const noSample = existsSync(join(kSample, 'index.json')) ? false : `${kSample} is not there: run scripts/make-sample`;

const files: Files = new Map();
let server: TestServer;
let bare: TestServer;
let browser: Browser;
let axe: string;

before(async () => {
  writeImage(files, 'cells.ome.zarr', {
    axes: 'tczyx',
    levels: [{ zarr: 2, dataType: 'uint16', shape: [3, 2, 4, 90, 120], chunks: [1, 1, 1, 90, 120], scale: [1, 1, 2, 0.5, 0.5], value: ([t = 0, c = 0, z = 0, y = 0, x = 0]) => (c ? x : y) + 10 * (t + z) }],
    channels: [{ color: 'FF00FF', window: [0, 150], label: 'membrane' }, { color: '00FF00', window: [0, 150], label: 'nuclei' }],
    labels: [{ name: 'cells', levels: [{ zarr: 2, dataType: 'uint8', shape: [3, 4, 90, 120], chunks: [1, 1, 90, 120], scale: [1, 2, 0.5, 0.5], value: ([, , , x = 0]) => Math.floor(x / 40) }] }],
  });
  files.set('odd/zarr.json', JSON.stringify({ zarr_format: 3, node_type: 'group', attributes: {} }));
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
    ] as const) {
      test(`${name}, ${colorScheme}`, async () => {
        const { page } = await openViewerPage(browser, address(), { colorScheme });
        if (name === 'welcome') await page.locator('h1').waitFor();
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
  const links = page.locator('main a');
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
  assert.equal(await page.locator('main ul').count(), 0);
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
