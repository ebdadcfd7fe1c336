#!/usr/bin/env node
// How fast annotation files are read, in Chromium: npm run bench:annotations
//
// 100,000 polygons (65 MB) by our reader and by JSON.parse, in the same worker; 1,000,000 (650 MB) through
// the client, as a page opens them: time, heap of the worker, longest task of the page, time of a pick.
//
//   --small                      only the first
//   MIFASCOPE_CHROMIUM=<path>    the browser, if not /usr/bin/chromium

import { createReadStream, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import { chromium } from 'playwright-core';

import { kFolder, makePolygons } from './annotations-data.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const programs = join(root, 'build', 'wasm', 'programs');
const work = join(kFolder, 'page');
const small = process.argv.includes('--small');

if (!existsSync(join(programs, 'annotation.wasm'))) {
  console.error(`bench:annotations: expected ${programs}/annotation.wasm; run scripts/build wasm first`);
  process.exit(1);
}
mkdirSync(work, { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: { page: 'bench/annotations-page.ts', bench_worker: 'bench/annotations-worker.ts', annotation_worker: 'web/annotations/annotation_worker.ts' },
  outdir: work,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  logLevel: 'warning',
  external: ['module', 'fs', 'path', 'url', 'ws'],
  alias: { 'wasm:annotation': join(programs, 'annotation.mjs') },
});

const types = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html', '.geojson': 'application/geo+json' };
const server = createServer((request, response) => {
  const file = (request.url ?? '').slice(1);
  if (file === '') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><script type="module" src="page.js"></script>');
    return;
  }
  const path = [work, programs, kFolder].map((folder) => join(folder, file)).find(existsSync);
  if (!path || !/^[\w.-]+$/.test(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream', 'content-length': statSync(path).size });
  createReadStream(path, { highWaterMark: 1 << 20 }).pipe(response);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = `http://127.0.0.1:${server.address().port}`;

const browser = await chromium.launch({ executablePath: process.env.MIFASCOPE_CHROMIUM ?? '/usr/bin/chromium' });
const page = await browser.newPage();
page.on('pageerror', (error) => console.error(String(error)));
await page.goto(`${address}/`);
await page.waitForFunction(() => 'bench' in globalThis);
const results = {};
let missed = 0;
const say = (text, good = true) => {
  console.log(`${good ? ' ' : '!'} ${text}`);
  missed += good ? 0 : 1;
};
const ms = (value) => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
const mb = (value) => `${(value / 1e6).toFixed(0)} MB`;

makePolygons('100k');
const compared = await page.evaluate(
  (wish) => new Promise((resolve) => {
    const worker = new Worker('bench_worker.js', { type: 'module' });
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage(wish);
  }),
  { program: `${address}/annotation.wasm`, file: `${address}/polygons-100k.geojson`, repeat: 6 },
);
if (compared.error) throw new Error(compared.error);
results.compared = compared;
const [ours, theirs] = [Math.min(...compared.ours), Math.min(...compared.theirs)];
console.log(`100,000 polygons, ${mb(compared.bytes)}, best of ${compared.ours.length}`);
say(`our reader ${ms(ours)} (first ${ms(compared.ours[0])}, while the browser still optimises the program; ${(compared.bytes / ours / 1e3).toFixed(0)} MB/s), ${compared.objects} objects with blocks and columns`, compared.objects === 100_000);
say(`JSON.parse ${ms(theirs)} (${(compared.bytes / theirs / 1e3).toFixed(0)} MB/s): ${(theirs / ours).toFixed(1)} times as long (target 3)`, theirs >= 3 * ours);

if (!small) {
  makePolygons('1m');
  const large = await page.evaluate(([url, assets]) => globalThis.bench.openLarge(url, assets), [`${address}/polygons-1m.geojson`, `${address}/`]);
  results.large = large;
  const bytes = statSync(join(kFolder, 'polygons-1m.geojson')).size;
  console.log(`\n1,000,000 polygons, ${mb(bytes)}`);
  say(`open in ${(large.ms / 1000).toFixed(1)} s (${(bytes / large.ms / 1e3).toFixed(0)} MB/s), ${large.count} objects, ${large.issues} issues, ${large.reports} reports of progress`, large.count === 1_000_000 && large.reports > 3);
  say(`worker's heap ${mb(large.heap)} when open (target 400), ${mb(large.heapAfter)} after every question below`, large.heap <= 400e6);
  say(`longest task of the page ${ms(large.longestTask)} (target 50; 0: none over 50)${large.longestTask > 0 ? `: ${Object.entries(large.tasks).map(([name, value]) => `${name} ${ms(value)}`).join(', ')}` : ''}`, large.longestTask <= 50);
  say(`pick: median ${ms(large.pickMedian)}, worst of 500 ${ms(large.pickWorst)}, there and back (target 5)`, large.pickMedian <= 5);
  for (const [name, value] of Object.entries(large.figures)) say(`${name}: ${ms(value)}`);
  const cancelled = await page.evaluate(([url, assets]) => globalThis.bench.cancel(url, assets), [`${address}/polygons-1m.geojson`, `${address}/`]);
  results.cancelled = cancelled;
  say(`cancelled: '${cancelled.code}' ${ms(cancelled.ms)} after the signal`, cancelled.code === 'aborted');
}
await browser.close();
server.close();
writeFileSync(join(kFolder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
if (missed > 0) console.log(`\n${missed} of the figures miss their target`);
