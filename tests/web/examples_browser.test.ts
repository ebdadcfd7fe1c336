// The example pages of docs/examples, as a build puts them into dist/examples: each does what it shows, with
// nothing in the console.

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { kDist, openViewerPage, until } from './browser.ts';
import { openBrowser } from './harness.ts';
import { startServer, type TestServer } from './server.mjs';

const kSample = join('build', 'sample');
const skip = existsSync(join(kSample, 'index.json')) ? false : `${kSample} is not there: run scripts/make-sample`;

let server: TestServer;
let browser: Browser;

before(async () => {
  server = await startServer([{ prefix: '/', root: kDist }, { prefix: '/sample/', root: kSample }]);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

const said = (page: Page): Promise<string> => page.locator('#said').innerText();
const ready = (page: Page): Promise<boolean> => page.evaluate(() => document.querySelector('mifa-scope')?.state?.missingTiles === 0);

/** What is done on each page, and what it has to say then. */
const kSteps: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'element.html': (page) => until('it is ready', async () => (await said(page)).startsWith('ready: ')).then(() => undefined),
  'view.html': async (page) => {
    await until('the image is there', () => ready(page));
    await page.click('#one');
    await until('the slice is told', async () => (await said(page)).includes('"z": 15'));
    await page.click('#copy');
    await until('the other shows the same', () => page.evaluate(() => document.querySelectorAll('mifa-scope')[1]?.getView()?.position?.['z'] === 15));
  },
  'events.html': async (page) => {
    await until('it is ready', async () => /ready: .*levels[^]*/.test(await said(page)));
    await page.click('#wrong');
    await until('the error is told', async () => /error missing: .*Check the address/.test(await said(page)));
  },
  'read-region.html': async (page) => {
    await until('the image is there', () => ready(page));
    await page.click('#read');
    await until('means are told', async () => /uint16, tczyx 1 × 2 × 1 × 50 × 50, pixels of [\d.]+ µm\s+channel 0: mean [\d.]+\s+channel 1: mean/.test(await said(page)));
  },
  'query-annotations.html': async (page) => {
    await until('the image is there', () => ready(page));
    await page.click('#ask');
    await until('objects are told', async () => /^[1-9]\d*\n[^]*"category": "prophase"/.test(await said(page)));
  },
  'validate.html': async (page) => {
    await until('the image is there', () => ready(page));
    await page.click('#check');
    await until('the verdict is told', async () => /^valid: 0 errors/.test(await said(page)));
  },
  'validate-folder.html': async (page) => {
    await page.locator('#folder').setInputFiles(join(kSample, 'images', 'mitosis.ome.zarr'));
    await until('the verdict is told', async () => /^valid: 0 errors/.test(await said(page)));
  },
  'save.html': async (page) => {
    await until('the image is there', () => ready(page));
    await page.click('#save');
    await until('two files are offered', async () => (await page.locator('#links a').count()) === 2);
  },
  'frame.html': async (page) => {
    await until('it is ready', async () => (await said(page)).startsWith('ready: '));
    await page.click('#read');
    await until('pixels are told', async () => /uint16 1 × 2 × 1 × 2 × 4: (\d+ ?){16}/.test(await said(page)));
    await page.click('#next');
    await until('the slice is told', async () => /^z \d+$/.test(await said(page)));
  },
  'many.html': (page) => until('the first ones are there', () => page.evaluate(() => document.querySelectorAll('mifa-scope').length === 20 && document.querySelector('mifa-scope')?.state?.missingTiles === 0)).then(() => undefined),
};

test('every example is driven here', () => {
  assert.deepEqual(readdirSync('docs/examples').filter((name) => name.endsWith('.html')).sort(), Object.keys(kSteps).sort());
});

for (const [name, step] of Object.entries(kSteps)) {
  test(name, { skip }, async () => {
    const { page, complaints } = await openViewerPage(browser, `${server.url}/examples/${name}`);
    await step(page);
    await page.context().close();
    assert.deepEqual(complaints, []);
  });
}
