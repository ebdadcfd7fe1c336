// The web store in Node, against a real server.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { pause } from '../../web/stores/http_answers.ts';
import { HttpStore } from '../../web/stores/http.ts';
import { PrefetchStore } from '../../web/stores/prefetch.ts';
import type { StoreError, StoreReply } from '../../web/stores/store.ts';
import { contractFiles, expectBytes, expectError, storeContract } from './store_contract.ts';
import { startServer, type Mount, type TestServer } from './server.mjs';

let server: TestServer;
// Another one for the contract, whose last requests may come late and have no place in our log.
let quiet: TestServer;

before(async () => {
  const files = new Map(contractFiles);
  const mounts: Mount[] = [
    { prefix: '/plain/', files },
    { prefix: '/image #1 +50%.zarr/', files },
    { prefix: '/no-ranges/', files, ranges: false },
    { prefix: '/no-head/', files, head: false },
    { prefix: '/spa/', files: new Map<string, Uint8Array | string>([...files, ['index.html', '<p>App</p>']]), fallback: 'index.html' },
  ];
  server = await startServer(mounts);
  quiet = await startServer(mounts);
});
after(async () => {
  await server.close();
  await quiet.close();
});
beforeEach(() => server.clear());

const chunk = contractFiles.get('0/c/0/0') ?? new Uint8Array(0);
const plain = (): HttpStore => new HttpStore(`${server.url}/plain`);

function failure(reply: StoreReply): StoreError {
  assert.ok(!reply.found, 'expected an error');
  return reply.error;
}

describe('contract', () => {
  const places = [
    'plain',
    'plain/',
    'plain?X-Signature=a%2Fb+c&Expires=1',
    'image%20%231%20+50%.zarr',
    'no-ranges',
    'no-head?signature=1',
  ];
  for (const place of places) {
    describe(place, () => {
      for (const { name, run } of storeContract(async () => new HttpStore(`${quiet.url}/${place}`))) {
        test(name, run);
      }
    });
  }
  describe('prefetched', () => {
    const make = async (): Promise<PrefetchStore> => new PrefetchStore(new HttpStore(`${quiet.url}/plain`), ['zarr.json', '0/c/0/0', 'zarr']);
    for (const { name, run } of storeContract(make)) test(name, run);
  });
});

describe('addresses', () => {
  test('the query of a signed URL goes with every key, and is not shown', async () => {
    const store = new HttpStore(`${server.url}/plain?sig=s%2Bs&e=1#view`);
    expectBytes(await store.get('0/c/0/0', { range: { suffix: 4 } }), chunk.subarray(-4));
    assert.deepEqual(server.log.map(({ method, query }) => `${method} ${query}`), ['HEAD ?sig=s%2Bs&e=1', 'GET ?sig=s%2Bs&e=1']);
    const error = failure(await store.get('absent'));
    assert.equal(error.url, `${server.url}/plain/absent?…`);
    assert.ok(!error.message.includes('sig='), error.message);
    assert.ok(!store.description.includes('sig='), store.description);
  });
  test('the empty key is the address itself', async () => {
    expectBytes(await new HttpStore(`${server.url}/plain/0/c/0/0`).get(''), chunk);
  });
  for (const address of ['s3://bucket/image.zarr', 'gs://bucket/image.zarr', 'C:\\data', 'not an address', '']) {
    test(`${JSON.stringify(address)} is answered, not thrown`, async () => {
      expectError(await new HttpStore(address).get('zarr.json'), 'fix-data', 'https://');
    });
  }
  test('no headers but Range are sent, and Range never as a suffix', async () => {
    await plain().get('0/c/0/0', { range: { suffix: 4 } });
    await plain().get('zarr.json');
    assert.deepEqual(server.log.map((entry) => entry.range), [undefined, 'bytes=996-999', undefined]);
  });
  test('the author\'s own headers are', async () => {
    await new HttpStore(`${server.url}/plain`, { headers: { Authorization: 'Bearer x' } }).get('zarr.json');
    assert.equal(server.log[0]?.headers.authorization, 'Bearer x');
  });
});

describe('error answers', () => {
  const answers = [
    { status: 400, code: 'fix-data', text: 'does not take this request' },
    { status: 401, code: 'forbidden', text: 'private' },
    { status: 403, code: 'forbidden', text: 'listing is off' },
    { status: 404, code: 'missing', text: 'Expected the file http' },
    { status: 408, code: 'retry', text: 'ask again' },
    { status: 410, code: 'missing', text: 'received 410 (Gone)' },
    { status: 429, code: 'retry', text: 'fewer requests' },
    { status: 500, code: 'retry', text: 'Internal Server Error' },
    { status: 501, code: 'fix-data', text: 'Not Implemented' },
    { status: 503, code: 'retry', text: 'tell who runs it' },
  ] as const;
  for (const { status, code, text } of answers) {
    test(`${status} is ${code}`, async () => {
      server.rule({ path: '/plain/0/c/0/0', status, headers: { 'Retry-After': '7' } });
      for (const range of [undefined, { offset: 0, length: 9 }, { suffix: 9 }]) {
        const reply = await plain().get('0/c/0/0', { range });
        expectError(reply, code, text);
        assert.equal(failure(reply).status, status);
        assert.equal(failure(reply).retryAfterMs, code === 'retry' ? 7000 : undefined);
      }
    });
  }
  test('a bucket\'s own words are passed on', async () => {
    const body = '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>';
    server.rule({ path: /./, status: 403, body, headers: { 'Content-Type': 'application/xml' } });
    const signed = new HttpStore(`${server.url}/plain?sig=1`);
    const error = expectError(await signed.get('zarr.json'), 'forbidden', 'AccessDenied: Request has expired');
    assert.match(error.message, /signed and has expired/);
  });
  test('an expired signature answered with 400 is forbidden too', async () => {
    const body = '<Error><Code>ExpiredToken</Code></Error>';
    server.rule({ path: /./, status: 400, body, headers: { 'Content-Type': 'application/xml' } });
    expectError(await plain().get('zarr.json'), 'forbidden', 'ExpiredToken');
  });
  test('a failure is not tried again here, and does not stick', async () => {
    server.rule({ path: '/plain/zarr.json', status: 503, times: 1 });
    const store = plain();
    expectError(await store.get('zarr.json'), 'retry');
    assert.equal(server.log.length, 1);
    assert.ok((await store.get('zarr.json')).found);
  });
  test('Retry-After as a date', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    assert.equal(pause('Thu, 01 Jan 2026 00:00:05 GMT', now), 5000);
    assert.equal(pause('Wed, 31 Dec 2025 00:00:05 GMT', now), 0);
    assert.equal(pause('soon', now), undefined);
    assert.equal(pause(null), undefined);
  });
});

describe('broken transfers', () => {
  test('no answer at all', async () => {
    server.rule({ path: /./, drop: true });
    const error = expectError(await plain().get('zarr.json'), 'retry', 'received no answer');
    assert.equal(error.status, 0);
  });
  test('nobody listens', async () => {
    expectError(await new HttpStore('http://127.0.0.1:9/x.zarr').get('zarr.json'), 'retry', '127.0.0.1:9');
  });
  for (const range of [undefined, { offset: 100, length: 500 }]) {
    test(`cut off half-way, ${range ? 'a part' : 'whole'}`, async () => {
      server.rule({ path: '/plain/0/c/0/0', truncateAt: 100 });
      const error = expectError(await plain().get('0/c/0/0', { range }), 'retry', 'Expected');
      assert.equal(error.status, range ? 206 : 200);
    });
  }
  test('shorter than Content-Length without the connection breaking', async () => {
    const fetch = async (): Promise<Response> =>
      new Response(new Uint8Array(500), { headers: { 'Content-Length': '1000' } });
    const store = new HttpStore('https://example.org/a.zarr', { fetch });
    expectError(await store.get('0/0'), 'retry', 'Expected 1000 bytes of https://example.org/a.zarr/0/0, received 500');
  });
  test('a server that never answers is given up on', async () => {
    const never = new Promise(() => undefined);
    server.rule({ path: '/plain/zarr.json', until: never });
    const store = new HttpStore(`${server.url}/plain`, { limits: { answerTimeoutMs: 30 } });
    expectError(await store.get('zarr.json'), 'retry', 'received none in 0.03 s');
  });
  test('cancelling ends the transfer at the server', async () => {
    const controller = new AbortController();
    server.rule({ path: '/plain/0/c/0/0', delayMs: 10_000 });
    const reply = plain().get('0/c/0/0', { signal: controller.signal });
    await until(() => server.log.length === 1);
    controller.abort();
    expectError(await reply, 'aborted');
    await until(() => server.log[0]?.finished !== undefined);
    assert.equal(server.log[0]?.aborted, true);
  });
});

describe('servers that give no parts of files', () => {
  const key = '0/c/0/0';
  test('a file is downloaded once for all its parts', async () => {
    const store = new HttpStore(`${server.url}/no-ranges`);
    for (const offset of [0, 100, 200]) {
      const reply = await store.get(key, { range: { offset, length: 100 } });
      expectBytes(reply, chunk.subarray(offset, offset + 100));
    }
    expectBytes(await store.get(key, { range: { suffix: 16 } }), chunk.subarray(-16));
    assert.equal(server.log.length, 1);
    assert.equal(store.ignoresRanges, true);
  });
  test('one reader giving up does not take it from the others', async () => {
    server.rule({ path: `/no-ranges/${key}`, delayMs: 20 });
    const store = new HttpStore(`${server.url}/no-ranges`);
    const controller = new AbortController();
    const first = store.get(key, { range: { offset: 0, length: 9 }, signal: controller.signal });
    const second = store.get(key, { range: { offset: 5, length: 5 } });
    controller.abort();
    expectError(await first, 'aborted');
    expectBytes(await second, chunk.subarray(5, 10));
  });
  test('what is kept stays within its budget', async () => {
    const store = new HttpStore(`${server.url}/no-ranges`, { limits: { keptUnrangedBytes: 1010 } });
    const other = 'labels/cell nuclei/.zattrs';
    const range = { offset: 0, length: 5 };
    await store.get(key, { range });
    await store.get(other, { range });
    await store.get(other, { range });
    assert.equal(server.log.length, 2);
    await store.get(key, { range });
    assert.equal(server.log.length, 3);
  });
  test('a large one is refused before it is downloaded', async () => {
    const store = new HttpStore(`${server.url}/no-ranges`, { limits: { maxUnrangedBytes: 999 } });
    const reply = await store.get(key, { range: { offset: 0, length: 5 } });
    expectError(reply, 'limit', 'Expected at most 999 bytes (limit maxUnrangedBytes)');
    expectError(reply, 'limit', 'support for HTTP Range requests');
  });
});

describe('strange answers', () => {
  test('the start page of a single-page server means missing', async () => {
    const store = new HttpStore(`${server.url}/spa`);
    for (const range of [undefined, { offset: 0, length: 4 }, { suffix: 4 }]) {
      expectError(await store.get('.zattrs', { range }), 'missing', 'received a web page (text/html)');
    }
    assert.ok((await store.get('zarr.json')).found);
  });
  test('a login page after a redirect means forbidden', async () => {
    server.rule({ path: '/plain/zarr.json', redirect: '/spa/login' });
    expectError(await plain().get('zarr.json'), 'forbidden', 'login page');
  });
  test('another part than the one asked for', async () => {
    const fetch = async (): Promise<Response> =>
      new Response(new Uint8Array(10), { status: 206, headers: { 'Content-Range': 'bytes 0-9/100' } });
    const store = new HttpStore('https://example.org/a.zarr', { fetch });
    expectError(await store.get('0/0', { range: { offset: 50, length: 10 } }), 'fix-data', 'another part of the file (bytes 0-9/100)');
  });
  test('more than was asked for', async () => {
    const fetch = async (): Promise<Response> => new Response(new Uint8Array(20), { status: 206 });
    const store = new HttpStore('https://example.org/a.zarr', { fetch });
    expectError(await store.get('0/0', { range: { offset: 0, length: 10 } }), 'fix-data', '20 bytes');
  });
  test('larger than our limit, told beforehand or not', async () => {
    const limits = { maxObjectBytes: 999 };
    expectError(await new HttpStore(`${server.url}/plain`, { limits }).get('0/c/0/0'), 'limit', 'maxObjectBytes');
    const fetch = async (): Promise<Response> => new Response(new Blob([new Uint8Array(1000)]).stream());
    const unsaid = new HttpStore('https://example.org/a.zarr', { fetch, limits });
    expectError(await unsaid.get('0/0'), 'limit', 'smaller chunks');
    expectError(await unsaid.get('0/0', { range: { offset: 0, length: 1000 } }), 'limit', 'maxObjectBytes');
  });
  test('a compressed transfer is not taken for a short one', async () => {
    const headers = { 'Content-Length': '5000', 'Content-Encoding': 'gzip' };
    const fetch = async (): Promise<Response> => new Response(new Uint8Array(4000), { headers });
    assert.ok((await new HttpStore('https://example.org/a.zarr', { fetch }).get('0/0')).found);
  });
});

describe('prefetch', () => {
  test('asks at once, and once', async () => {
    const store = new PrefetchStore(plain());
    await until(() => server.log.length === 3);
    assert.deepEqual(server.log.map(({ path }) => path).sort(), ['/plain/.zattrs', '/plain/.zmetadata', '/plain/zarr.json']);
    assert.ok((await store.get('zarr.json')).found);
    expectError(await store.get('.zattrs'), 'missing');
    assert.equal(server.log.length, 3);
    assert.ok((await store.get('zarr.json')).found);
    assert.equal(server.log.length, 4);
  });
  test('cancel() ends what nobody came for', async () => {
    server.rule({ path: /./, delayMs: 10_000 });
    const store = new PrefetchStore(plain());
    await until(() => server.log.length === 3);
    store.cancel();
    await until(() => server.log.every(({ aborted }) => aborted));
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 5) {
    if (waited > 5000) throw new Error(`waited in vain for ${condition.toString()}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}
