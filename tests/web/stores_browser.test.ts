// The web store in Chromium: same origin, another origin, and what browsers hide from pages.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { StoreError } from '../../web/stores/store.ts';
import { openBrowser, openPage, servePage } from './harness.ts';
import { startServer, type Mount, type TestServer } from './server.mjs';
import { contractFiles } from './store_contract.ts';
import type { StoresPage } from './stores_page.ts';

declare const globalThis: { readonly page: StoresPage };

let browser: Browser;
let page: Page;
let own: TestServer;
let other: TestServer;

before(async () => {
  const files = new Map<string, Uint8Array | string>(contractFiles);
  files.set('large', new Uint8Array(1 << 20));
  const mounts: Mount[] = [
    { prefix: '/data/', files },
    { prefix: '/no-ranges/', files, ranges: false },
    { prefix: '/no-cors/', files, cors: false },
    { prefix: '/shy/', files, exposeHeaders: false },
    { prefix: '/shy-no-head/', files, exposeHeaders: false, head: false },
    { prefix: '/gzip/', files, gzip: true },
  ];
  own = await servePage('stores_page', mounts);
  other = await startServer(mounts);
  browser = await openBrowser();
  page = await openPage(browser, own);
});
after(async () => {
  await browser?.close();
  await own?.close();
  await other?.close();
});
beforeEach(() => {
  own.clear();
  other.clear();
});

function get(url: string, key: string, options?: Parameters<StoresPage['get']>[2], store?: Parameters<StoresPage['get']>[3]): Promise<number | StoreError> {
  return page.evaluate(([url, key, options, store]) => globalThis.page.get(url, key, options, store), [url, key, options, store] as const);
}

function failure(reply: number | StoreError): StoreError {
  assert.ok(typeof reply === 'object', 'expected an error');
  return reply;
}

describe('contract', () => {
  for (const [where, path] of [
    ['own', 'data'],
    ['other', 'data'],
    ['other', 'data?signature=1'],
    ['other', 'no-ranges'],
    ['other', 'shy'],
    ['own', 'gzip'],
    ['other', 'gzip'],
  ] as const) {
    test(`${where} origin, ${path}`, async (context) => {
      const { url } = where === 'own' ? own : other;
      const results = await page.evaluate((url) => globalThis.page.contract(url), `${url}/${path}`);
      for (const { name, error } of results) {
        await context.test(name, () => assert.equal(error, null));
      }
    });
  }
  test('no request of it needs a preflight', async () => {
    await page.evaluate((url) => globalThis.page.contract(url), `${other.url}/data`);
    assert.ok(other.log.length > 30);
    assert.deepEqual(other.log.filter(({ method }) => method === 'OPTIONS'), []);
  });
});

describe('another origin', () => {
  test('no permission to read: says so, and what to do', async () => {
    const error = failure(await get(`${other.url}/no-cors`, 'zarr.json'));
    assert.equal(error.code, 'retry');
    assert.equal(error.status, 0);
    assert.match(error.message, /does not allow this page to read/);
    assert.match(error.message, /Access-Control-Allow-Origin: \*/);
    assert.ok(error.message.includes(own.url), error.message);
  });
  test('our own server out of reach: no talk of permissions', async () => {
    own.rule({ path: '/data/zarr.json', drop: true });
    const error = failure(await get(`${own.url}/data`, 'zarr.json'));
    assert.equal(error.status, 0);
    assert.doesNotMatch(error.message, /Access-Control/);
  });
  test('403 and 404 are told apart', async () => {
    other.rule({ path: '/data/private', status: 403 });
    assert.equal(failure(await get(`${other.url}/data`, 'private')).code, 'forbidden');
    assert.equal(failure(await get(`${other.url}/data`, 'absent')).code, 'missing');
  });
  test('an error answer without CORS headers, as many servers give, is a status 0', async () => {
    other.rule({ path: '/data/zarr.json', status: 403, cors: false });
    assert.equal(failure(await get(`${other.url}/data`, 'zarr.json')).status, 0);
  });
  test('the end of a file where HEAD is refused and Content-Range hidden', async () => {
    const error = failure(await get(`${other.url}/shy-no-head`, '0/c/0/0', { range: { suffix: 8 } }));
    assert.equal(error.code, 'fix-data');
    assert.match(error.message, /Content-Range to the header Access-Control-Expose-Headers/);
  });
  test('Retry-After is read', async () => {
    other.rule({ path: '/data/zarr.json', status: 429, headers: { 'Retry-After': '3' } });
    assert.equal(failure(await get(`${other.url}/data`, 'zarr.json')).retryAfterMs, 3000);
  });
  test('a header of the author\'s own makes one preflight', async () => {
    const headers = { Authorization: 'Bearer x' };
    assert.equal(await get(`${other.url}/data`, 'labels/cell nuclei/.zattrs', {}, { headers }), 20);
    assert.deepEqual(other.log.map(({ method }) => method), ['OPTIONS', 'GET']);
  });
});

describe('broken transfers', () => {
  for (const range of [undefined, { offset: 0, length: 1000 }]) {
    test(`cut off half-way, ${range ? 'a part' : 'whole'}`, async () => {
      other.rule({ path: '/data/0/c/0/0', truncateAt: 100 });
      const error = failure(await get(`${other.url}/data`, '0/c/0/0', { range }));
      assert.equal(error.code, 'retry');
      assert.equal(error.status, range ? 206 : 200);
    });
  }
  test('connection cut without an answer', async () => {
    other.rule({ path: '/data/0/c/0/0', drop: true });
    assert.equal(failure(await get(`${other.url}/data`, '0/c/0/0')).code, 'retry');
  });
});

test('parts of one file travel side by side', async () => {
  other.rule({ path: '/data/large', delayMs: 100 });
  const took = await page.evaluate((url) => globalThis.page.parts(url, 'large', 6, 1000), `${other.url}/data`);
  assert.ok(other.maxInFlight >= 4, `at most ${other.maxInFlight} were under way (${took} ms)`);
});
