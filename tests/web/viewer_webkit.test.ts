// What a visitor with WebKit sees (WebKitGTK stands for Safari): the page with annotations, the element in a page of
// another origin under a strict policy, and what readRegion gives.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serveViewer, until } from './browser.ts';
import { pyramid, writeImage, type Files } from './datasets.ts';
import type { TestServer } from './server.mjs';
import { noWebKit, WebKit } from './webkit.ts';

const files: Files = new Map();
let server: TestServer;
let webkit: WebKit;

const kPolicy = (origin: string): string => `default-src 'none'; img-src data:; script-src ${origin} 'wasm-unsafe-eval'; worker-src ${origin} blob:; connect-src ${origin}`;

before(async () => {
  if (noWebKit) return;
  const levels = pyramid({ zarr: 3, dataType: 'uint16', shape: [3, 2, 300, 400], chunks: [1, 1, 128, 128], count: 2, factor: 2, value: ([z = 0, c = 0, , x = 0]) => (c ? (x < 200 ? 100 : 0) : 50 * z) });
  writeImage(files, 'image', { axes: 'zcyx', levels, channels: [{ color: 'FF0000', window: [0, 100], label: 'a' }, { color: '00FF00', window: [0, 100], label: 'b' }] });
  files.set('box.geojson', JSON.stringify({ type: 'Feature', properties: { classification: { name: 'cell' } }, geometry: { type: 'Polygon', coordinates: [[[10, 10], [60, 10], [60, 60], [10, 60], [10, 10]]] } }));
  server = await serveViewer([{ prefix: '/data/', files }]);
  files.set('csp/index.html', `<!doctype html><html lang="en"><head><meta http-equiv="Content-Security-Policy" content="${kPolicy(server.url)}"><title>A repository</title><link rel="icon" href="data:,"><script type="module" src="${server.url}/mifascope.js"></script></head><body><mifa-scope src="${server.url}/data/image"></mifa-scope></body></html>`);
  webkit = await WebKit.open();
});
after(async () => {
  await webkit?.close();
  await server?.close();
});

function near(found: readonly number[] | undefined, wanted: readonly number[]): void {
  assert.ok(found?.every((value, i) => Math.abs(value - (wanted[i] ?? 0)) <= 3), `${String(found)} is not ${String(wanted)}`);
}

const colors = (places: readonly (readonly [number, number])[]): Promise<number[][]> => webkit.run(`await viewerPage.settled(); return viewerPage.colors(${JSON.stringify(places)})`);

describe('in WebKit', { skip: noWebKit }, () => {
  test('the page shows an image in its colours, with annotations', async () => {
    await webkit.goto(`${server.url}/?source=${server.url}/data/image&annotation=${server.url}/data/box.geojson`);
    const [left, right] = await colors([[100, 200], [300, 200]]);
    near(left, [127, 255, 0]);
    near(right, [127, 0, 0]);
    await until('the layer is there', () => webkit.run<boolean>('return viewerPage.scope().state?.annotations.length === 1'));
  });

  test('the element works in a page of another origin under a strict policy', async () => {
    await webkit.goto(`${server.url.replace('127.0.0.1', 'localhost')}/data/csp/`);
    near((await colors([[100, 200]]))[0], [127, 255, 0]);
    assert.deepEqual(await webkit.run('return [...(await viewerPage.scope().readRegion({ x: 199, y: 0, width: 2, height: 1, z: 2 })).data].map(Number)'), [100, 100, 100, 0]);
  });
});
