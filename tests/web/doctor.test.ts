// The doctor in Node, against a real server that has one fault at a time.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { diagnose, diagnosisText, type Check, type Diagnosis } from '../../web/doctor/doctor.ts';
import { startServer, type Mount, type TestServer } from './server.mjs';

const kFiles = new Map<string, string>([
  ['image.zarr/zarr.json', '{"zarr_format": 3, "node_type": "group"}'],
  ['old.zarr/.zattrs', '{"multiscales": []}'],
  ['points.geojson', '{"type": "FeatureCollection", "features": []}'],
]);
let server: TestServer;

before(async () => {
  const mounts: Mount[] = [
    { prefix: '/good/', files: kFiles, headers: { 'Access-Control-Allow-Headers': 'Range' } },
    { prefix: '/closed/', files: kFiles, cors: false },
    { prefix: '/whole/', files: kFiles, ranges: false },
    { prefix: '/mute/', files: kFiles, exposeHeaders: false },
    { prefix: '/page/', files: new Map([...kFiles, ['index.html', '<!doctype html><p>App</p>']]), fallback: 'index.html' },
  ];
  server = await startServer(mounts);
});
after(() => server.close());
beforeEach(() => server.clear());

const kOrigin = 'https://archive.example';
const look = (path: string): Promise<Diagnosis> => diagnose(server.url + path, { origin: kOrigin });
function check({ checks }: Diagnosis, id: string): Check {
  const found = checks.find((each) => each.id === id);
  assert.ok(found, `there is no check ${id} among ${checks.map((each) => each.id).join(', ')}`);
  return found;
}

test('a good server has nothing to mend', async () => {
  for (const path of ['/good/image.zarr', '/good/old.zarr/', '/good/points.geojson']) {
    const found = await look(path);
    assert.deepEqual(found.checks.filter(({ status }) => status === 'error'), [], path);
    for (const id of ['reachable', 'cors', 'missing', 'ranges', 'content-type', 'secure', 'latency']) assert.equal(check(found, id).status, 'ok', `${path} ${id}`);
  }
  assert.ok(server.log.length < 50);
});

test('a server without CORS', async () => {
  const found = await look('/closed/image.zarr');
  assert.equal(found.verdict, 'error');
  assert.equal(check(found, 'cors').found, `Expected “Access-Control-Allow-Origin: *” (or ${kOrigin}), received no such header.`);
  assert.match(check(found, 'cors').fix, /nginx: add_header Access-Control-Allow-Origin \* always/);
  assert.equal(check(found, 'cors-missing').status, 'error');
});

test('a server without ranges, and one that hides their place', async () => {
  assert.match(check(await look('/whole/image.zarr'), 'ranges').found, /Expected 206 for the first 16 bytes, received 200 with the whole file/);
  assert.match(check(await look('/mute/image.zarr'), 'range-headers').fix, /Access-Control-Expose-Headers: Content-Range/);
});

test('missing files that are a 403, or a page of the server’s own', async () => {
  server.rule({ path: /asks-for-what/, status: 403, times: 1 });
  assert.match(check(await look('/good/image.zarr'), 'missing').fix, /s3:ListBucket/);
  assert.match(check(await look('/page/image.zarr'), 'missing').found, /received 200 with text\/html/);
  assert.match(check(await look('/page/nothing.json'), 'content-type').found, /received a web page/);
});

test('a server that is not there, forbids, or is slow', async () => {
  assert.match(check(await diagnose('http://127.0.0.1:9/a.zarr', { origin: kOrigin }), 'reachable').found, /Expected an answer, received none/);
  server.rule({ path: /image\.zarr/, status: 403, times: 6 });
  assert.match(check(await look('/good/image.zarr'), 'reachable').fix, /Allow everybody to read/);
  assert.match(check(await look('/good/nothing.zarr'), 'reachable').found, /received 404/);
  server.clear();
  let clock = 0;
  const slow = await diagnose(`${server.url}/good/image.zarr`, { origin: kOrigin, now: () => (clock += 500) });
  assert.match(check(slow, 'latency').found, /^500 ms, the median of 5 small requests; expected at most 400/);
});

test('what is no address is said to be none; signatures are not shown', async () => {
  assert.match(check(await diagnose('s3://bucket/x'), 'reachable').found, /begins with https:\/\/ or http:\/\//);
  const found = await look('/good/image.zarr?X-Signature=secret');
  assert.ok(!JSON.stringify(found).includes('secret'));
  assert.match(diagnosisText(found), /  ok       The server answers: 200 in/);
});
