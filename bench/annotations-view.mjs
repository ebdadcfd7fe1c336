#!/usr/bin/env node
// What a frame costs the page's main thread while a million polygons are panned and zoomed with 50,000 of
// them in view, drawn by their shapes, and how long a click takes to find its object:
// npm run bench:annotations-view
//
// They are a GeoJSON file (bench/annotations-data.mjs), opened as a page opens it. Drawing in software takes its
// time in another process; what counts is the time that the page's thread computes (thread time) and how long
// its animation frames last (wall time, which other work on this machine makes longer).
//
//   MIFASCOPE_DIST=<folder>      another build than dist/
//   MIFASCOPE_CHROMIUM=<path>    the browser, if not /usr/bin/chromium
//   MIFASCOPE_BENCH_FRAMES=30    frames of each movement

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';
import { startServer } from '../tests/web/server.mjs';
import { kFolder, kPitch, makePolygons } from './annotations-data.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = process.env['MIFASCOPE_DIST'] ?? join(root, 'dist');
const kPatience = 300_000;
const kInView = 50_000;
const kFrames = Number(process.env['MIFASCOPE_BENCH_FRAMES'] ?? 30);
const kWidth = 1280;
const kHeight = 800;

if (!existsSync(join(dist, 'annotations.js'))) {
  console.error(`bench:annotations-view: ${dist}/annotations.js is not there; run scripts/build first`);
  process.exit(1);
}

/** An image of nothing: all chunks are absent, so that the annotations are what is drawn. */
function emptyImage(size) {
  const files = new Map();
  const levels = [];
  for (let level = 0; level === 0 || size / 2 ** (level - 1) > 512; ++level) {
    const extent = Math.ceil(size / 2 ** level);
    files.set(`s${level}/zarr.json`, JSON.stringify({
      zarr_format: 3, node_type: 'array', shape: [extent, extent], data_type: 'uint8', fill_value: 30, attributes: {},
      chunk_grid: { name: 'regular', configuration: { chunk_shape: [1024, 1024] } },
      chunk_key_encoding: { name: 'default', configuration: { separator: '/' } }, codecs: [{ name: 'bytes' }],
    }));
    levels.push({ path: `s${level}`, coordinateTransformations: [{ type: 'scale', scale: [2 ** level, 2 ** level] }] });
  }
  const axes = ['y', 'x'].map((name) => ({ name, type: 'space' }));
  const channels = [{ color: 'FFFFFF', active: true, window: { min: 0, max: 255, start: 0, end: 255 } }];
  files.set('zarr.json', JSON.stringify({
    zarr_format: 3, node_type: 'group', attributes: { ome: { version: '0.5', multiscales: [{ axes, datasets: levels }], omero: { channels } } },
  }));
  return files;
}

makePolygons('1m');
const size = 1000 * kPitch;
const page_html = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/mifascope.js"></script>
<style>body{margin:0} mifa-scope{width:${kWidth}px;height:${kHeight}px}</style><mifa-scope src="/image" annotation-panel="none"></mifa-scope>`;
const server = await startServer([
  { prefix: '/', root: dist },
  { prefix: '/data/', root: kFolder },
  { prefix: '/image/', files: emptyImage(size) },
  { prefix: '/page/', files: new Map([['index.html', page_html]]) },
]);
const browser = await chromium.launch({
  executablePath: process.env['MIFASCOPE_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist', '--disable-background-networking', '--disable-dev-shm-usage'],
});
const page = await (await browser.newContext({ viewport: { width: kWidth, height: kHeight } })).newPage();
page.setDefaultTimeout(kPatience);
page.on('pageerror', (error) => console.error(`page error: ${error.message}`));

// Times the callbacks of animation frames, the viewer's among them.
await page.addInitScript(() => {
  const frames = /** @type {number[]} */ ([]);
  const ask = globalThis.requestAnimationFrame.bind(globalThis);
  globalThis.requestAnimationFrame = (callback) => ask((now) => {
    const start = performance.now();
    callback(now);
    frames.push(performance.now() - start);
  });
  Object.assign(globalThis, { frames });
});
await page.goto(`${server.url}/page/`);

/** Runs in the page: the layer, and the camera. */
const count = await page.evaluate(async () => {
  await customElements.whenDefined('mifa-scope');
  const scope = document.querySelector('mifa-scope');
  const handle = await scope.addAnnotation(new URL('/data/polygons-1m.geojson', location.href));
  await handle.ready;
  const { viewer } = scope;
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  Object.assign(globalThis, {
    bench: {
      /** Moves the camera once a frame. */
      async move(frames, where) {
        for (let i = 0; i < frames; ++i) {
          const [u, v, scale] = where(i / frames);
          viewer.update((raw) => raw._lookAt(u, v, scale));
          await frame();
        }
      },
      async rest() {
        for (let calm = 0; calm < 5;) {
          await frame();
          calm = viewer.state.vectors.waiting === 0 && viewer.state.outstanding === 0 ? calm + 1 : 0;
        }
      },
    },
  });
  return handle.layer.info.count;
});

const session = await page.context().newCDPSession(page);
await session.send('Performance.enable', { timeDomain: 'threadTicks' });
/** Seconds that the page's main thread has computed. */
const computed = async () => {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
};

// So many pixels of the image a device pixel that kInView polygons are in view.
const scale = Math.sqrt((kInView * kPitch * kPitch) / (kWidth * kHeight));
const middle = size / 2;
console.log(`${count} polygons of 20 vertices, ${kInView} in view, each ${(16 / scale).toFixed(1)} device pixels across`);

/** @param {number[]} values @param {number} share */
const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** @param {string} name @param {string} where text of a function of 0 to 1 that gives u, v, scale */
async function measure(name, where) {
  await page.evaluate(({ where }) => {
    globalThis.where = new Function('at', `return ${where}`);
    return globalThis.bench.move(1, () => globalThis.where(0));
  }, { where });
  await page.evaluate(() => globalThis.bench.rest());
  const bytes = await page.evaluate(() => document.querySelector('mifa-scope').viewer.state.vectors.bytes);
  await page.evaluate(() => void globalThis.frames.splice(0));
  const drawnBefore = await page.evaluate(() => document.querySelector('mifa-scope').viewer.framesDrawn);
  const before = await computed();
  await page.evaluate((frames) => globalThis.bench.move(frames, globalThis.where), kFrames);
  const cost = (1000 * (await computed() - before)) / kFrames;
  const drawn = (await page.evaluate(() => document.querySelector('mifa-scope').viewer.framesDrawn)) - drawnBefore;
  const frames = (await page.evaluate(() => globalThis.frames.splice(0))).filter((ms) => ms > 0.05);
  console.log(`${name.padEnd(34)} ${cost.toFixed(2)} ms of thread time a frame (all tasks); animation frame: median ${quantile(frames, 0.5).toFixed(2)} ms, 95 % ${quantile(frames, 0.95).toFixed(2)} ms; ${drawn} drawn; ${(bytes / 1e6).toFixed(0)} MB of shapes`);
  return cost;
}

const pan = await measure('pan', `[${middle} + ${30 * scale} * 8 * at, ${middle} + ${10 * scale} * 8 * at, ${scale}]`);
const zoom = await measure('zoom in, and out again', `[${middle}, ${middle}, ${scale} * Math.pow(2, -2 * Math.sin(Math.PI * at))]`);
const far = await measure('pan with the whole million in view', `[${middle} + ${size} * 0.1 * at, ${middle}, ${size / kHeight}]`);

await page.evaluate((scale) => globalThis.bench.move(1, () => [scale, scale, 0.5]), middle);
await page.evaluate(() => globalThis.bench.rest());
const clicks = await page.evaluate(async () => {
  const scope = document.querySelector('mifa-scope');
  const canvas = scope.shadowRoot.querySelector('canvas');
  const times = [];
  for (let i = 0; i < 60; ++i) {
    const at = { clientX: 200 + i * 13.7, clientY: 150 + (i % 9) * 41, pointerId: 1, bubbles: true };
    canvas.dispatchEvent(new PointerEvent('pointerdown', at));
    const start = performance.now();
    const answered = new Promise((resolve) => {
      scope.addEventListener('select', () => resolve(true), { once: true });
      setTimeout(() => resolve(false), 1000);
    });
    canvas.dispatchEvent(new PointerEvent('pointerup', at));
    if (await answered) times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return times;
});
console.log(`a click finds its object in ${quantile(clicks, 0.5).toFixed(2)} ms (median of ${clicks.length}), 95 % within ${quantile(clicks, 0.95).toFixed(2)} ms`);
console.log(`\nthread time a frame against 6 ms: pan ${(pan / 6).toFixed(2)}, zoom ${(zoom / 6).toFixed(2)}, all in view ${(far / 6).toFixed(2)}`);
await browser.close();
await server.close();
