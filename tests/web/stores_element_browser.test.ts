// What a page that embeds the element can give it: a store of its own, a fetch that has access.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openEmbedPage, openViewerPage, serveViewer, settled } from './browser.ts';
import { writeImage, type Files } from './datasets.ts';
import { openBrowser } from './harness.ts';
import type { TestServer } from './server.mjs';
import { zipOfFiles } from './zip_files.ts';

interface GivenStore {
  description: string;
  get(key: string): Promise<unknown>;
}
type Scope = HTMLElement & { store: GivenStore | null; fetch?: (url: string, init: RequestInit) => Promise<Response> };

const image: Files = new Map();
let server: TestServer;
let browser: Browser;

before(async () => {
  writeImage(image, '', {
    axes: 'yx',
    levels: [{ zarr: 3, dataType: 'uint8', shape: [60, 80], chunks: [60, 80], value: ([y = 0, x = 0]) => x + y }],
    channels: [{ color: 'FFFFFF', window: [0, 140] }],
  });
  const files: Files = new Map<string, Uint8Array | string>([['image.zip', zipOfFiles(image)]]);
  for (const [key, content] of image) files.set(`image.zarr/${key}`, content);
  server = await serveViewer([{ prefix: '/private/', files }, { prefix: '/data/', files }]);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(() => server.clear());

const kPlain = '/plain/';
/** In the page: a store that reads from `folder` of the server. */
function give([folder, when]: readonly [string, 'before' | 'after']): void {
  const store: GivenStore = {
    description: 'a store of the page',
    async get(key) {
      const response = await fetch(folder + key);
      return response.ok
        ? { found: true, bytes: new Uint8Array(await response.arrayBuffer()) }
        : { found: false, error: { code: 'missing', status: response.status, url: key, message: `Expected ${key}.` } };
    },
  };
  const scope = document.createElement('mifa-scope') as unknown as Scope;
  if (when === 'before') scope.store = store;
  document.querySelector('main')?.append(scope);
  if (when === 'after') scope.store = store;
}

async function shows(page: Page, name: string): Promise<void> {
  const state = await settled(page);
  assert.equal(state.stage, 'showing', JSON.stringify(state.failure));
  assert.equal(state.name, name);
}

for (const when of ['before', 'after'] as const) {
  test(`a store of the page's own, given ${when} the element is in it`, async () => {
    const { page, complaints } = await openViewerPage(browser, `${server.url}/embed/`);
    await page.waitForFunction(() => customElements.get('mifa-scope') !== undefined);
    await page.evaluate(give, ['/data/image.zarr/', when] as const);
    await shows(page, 'a store of the page');
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
}

test('a store given before the element\'s script has come', async () => {
  server.mount({ prefix: kPlain, files: new Map([['index.html', '<!doctype html><html lang="en"><title>Plain</title><link rel="icon" href="data:,"><main></main>']]) });
  const { page } = await openViewerPage(browser, `${server.url}${kPlain}`);
  await page.evaluate(give, ['/data/image.zarr/', 'before'] as const);
  await page.addScriptTag({ url: '/mifascope.js', type: 'module' });
  await shows(page, 'a store of the page');
  await page.context().close();
});

test('src set later replaces the store', async () => {
  const { page } = await openViewerPage(browser, `${server.url}/embed/`);
  await page.waitForFunction(() => customElements.get('mifa-scope') !== undefined);
  await page.evaluate(give, ['/data/image.zarr/', 'after'] as const);
  await shows(page, 'a store of the page');
  await page.evaluate(() => document.querySelector('mifa-scope')?.setAttribute('src', '/data/image.zarr'));
  await page.waitForFunction(() => (document.querySelector('mifa-scope') as unknown as { state: { name: string } }).state.name.startsWith('http'));
  await shows(page, `${server.url}/data/image.zarr`);
  assert.equal(await page.evaluate(() => (document.querySelector('mifa-scope') as unknown as Scope).store), null);
  await page.context().close();
});

for (const path of ['image.zarr', 'image.zip', 'image.zarr/zarr.json']) {
  test(`a fetch of the page's own gives access to ${path}`, async () => {
    server.rule({ path: /^\/private\//, method: 'OPTIONS', status: 204 });
    const { page } = await openEmbedPage(browser, server);
    await page.evaluate(([src]) => {
      const scope = document.querySelector('mifa-scope') as unknown as Scope;
      scope.fetch = (url, init) => fetch(url, { ...init, headers: { ...init.headers, Authorization: 'Bearer 42' } });
      scope.setAttribute('src', src);
    }, [`/private/${path}`] as const);
    await shows(page, `${server.url}/private/${path.replace('/zarr.json', '')}`);
    const asked = server.log.filter(({ path }) => path.startsWith('/private/'));
    assert.ok(asked.length > 0 && asked.every(({ headers }) => headers.authorization === 'Bearer 42'));
    await page.context().close();
  });
}

test('zips and rarer addresses under a strict Content-Security-Policy', async () => {
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src *; worker-src 'self'; img-src 'self' data:";
  const strict = await serveViewer([{ prefix: '/data/', files: new Map([['image.zip', zipOfFiles(image, { deflate: true })]]) }], { 'Content-Security-Policy': policy });
  for (const source of [`${strict.url}/data/image.zip`, `${strict.url}/data/image.zip|zip:|zarr3:`]) {
    const { page, complaints } = await openViewerPage(browser, `${strict.url}/?source=${encodeURIComponent(source)}`);
    await shows(page, source);
    assert.deepEqual(complaints, []);
    await page.context().close();
  }
  await strict.close();
});

test('a part of the viewer that the server does not have: the page says which image, and who can help', async () => {
  server.rule({ path: '/zip.js', status: 404 });
  const { page } = await openEmbedPage(browser, server, { src: '/data/image.zip' });
  const state = await page.waitForFunction(() => {
    const { state } = document.querySelector('mifa-scope') as unknown as { state: { stage: string; failure: { message: string } | null } | null };
    return state?.stage === 'failed' ? state.failure?.message : null;
  }, undefined, { timeout: 60_000 });
  assert.match(String(await state.jsonValue()), /the part of the viewer that reads .*image\.zip.*Who runs this page/);
  await page.context().close();
});
