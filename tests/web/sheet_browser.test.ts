// What is laid over an element: the study's card by the attribute `metadata`, the test of a server where an image
// cannot be read, the menu; light and dark, large and small, for axe too.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { open, openEmbedPage, serveViewer, until, type PageGlobals } from './browser.ts';
import { writeImage, type Files } from './datasets.ts';
import { openBrowser } from './harness.ts';
import type { TestServer } from './server.mjs';

const { viewerPage } = globalThis as unknown as PageGlobals;

const files: Files = new Map();
let server: TestServer;
let browser: Browser;
let axe: string;

const kStudy = `study:\n  title: Mitosis in a dish\n  description: Ten frames of dividing cells\n`;

before(async () => {
  writeImage(files, 'image', { axes: 'zyx', levels: [{ zarr: 3, dataType: 'uint8', shape: [4, 60, 80], chunks: [1, 60, 80], value: ([z = 0]) => 50 * z }], channels: [{ color: 'FFFFFF', window: [0, 200] }] });
  files.set('mifa.yaml', await readFile('build/sample/mifa.yaml').catch(() => kStudy));
  server = await serveViewer([{ prefix: '/data/', files }, { prefix: '/closed/', files, cors: false }]);
  browser = await openBrowser();
  axe = await readFile('node_modules/axe-core/axe.min.js', 'utf8');
});
after(async () => {
  await browser?.close();
  await server?.close();
});

interface AxeResult { readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[] }[] }

async function axeFinds(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: { run(part: string): Promise<AxeResult> } }).axe.run('mifa-scope'));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 120)} ${failureSummary}`).join(' | ')}`);
}

const set = (page: Page, attributes: Record<string, string>): Promise<void> => page.evaluate((attributes) => {
  for (const [name, value] of Object.entries(attributes)) viewerPage.scope().setAttribute(name, value);
}, attributes);

for (const theme of ['light', 'dark']) {
  describe(theme, () => {
    test('the menu and the study’s card: nothing for axe, at any size', async () => {
      for (const [width, height] of [[320, 240], [900, 600]] as const) {
        const { page } = await openEmbedPage(browser, server, { width, height });
        await set(page, { theme, metadata: `${server.url}/data/mifa.yaml` });
        await open(page, `${server.url}/data/image`);
        await page.locator('mifa-scope .save').click();
        await page.locator('mifa-scope .menu').waitFor();
        assert.deepEqual(await axeFinds(page), []);
        await page.keyboard.press('Escape');
        await page.locator('mifa-scope .study').click();
        await page.locator('mifa-scope .sheet .mifa-study-card').waitFor();
        assert.deepEqual(await axeFinds(page), []);
        await page.keyboard.press('Escape');
        assert.equal(await page.locator('mifa-scope .sheet').count(), 0);
        assert.equal(await page.evaluate(() => viewerPage.scope().shadowRoot?.activeElement?.className), 'tool study');
        await page.context().close();
      }
    });

    test('a server that does not let pages read is tested where that is said', async () => {
      const { page } = await openEmbedPage(browser, server, { width: 700, height: 500 });
      await set(page, { theme });
      const away = server.url.replace('127.0.0.1', 'localhost');
      await page.evaluate((src) => viewerPage.scope().setAttribute('src', src), `${away}/closed/image`);
      await page.locator('mifa-scope .failure').getByText('Test this server').click();
      const sheet = page.locator('mifa-scope .sheet');
      await sheet.getByText('Viewers on other sites cannot read all of this; the errors say why.').waitFor();
      assert.match(await sheet.innerText(), /To be mended: Pages of other sites may read it \(CORS\)\s+Expected the header Access-Control-Allow-Origin[^]*nginx: add_header Access-Control-Allow-Origin \* always/);
      assert.deepEqual(await axeFinds(page), []);
      await sheet.getByRole('button', { name: 'Close' }).click();
      await until('it is closed', async () => (await sheet.count()) === 0);
      await page.context().close();
    });
  });
}

test('without the attribute there is no button, and files that cannot be read are named', async () => {
  const { page } = await openEmbedPage(browser, server, { width: 700, height: 500 });
  await open(page, `${server.url}/data/image`);
  await page.locator('mifa-scope .save').waitFor();
  assert.equal(await page.locator('mifa-scope .study').isVisible(), false);
  await set(page, { metadata: `${server.url}/data/none.yaml` });
  await page.locator('mifa-scope .study').click();
  await page.locator('mifa-scope .sheet').getByText('none.yaml').waitFor();
  await page.locator('mifa-scope .study').click();
  await until('it is closed', async () => (await page.locator('mifa-scope .sheet').count()) === 0);
  await page.context().close();
});
