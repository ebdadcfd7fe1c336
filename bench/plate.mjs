#!/usr/bin/env node
// How long a plate of 384 wells takes to show its first thumbnails, against one image of the same
// plate opened by itself, in the same run: npm run bench:plate
//
// The sample study's plate (scripts/make-sample) and dist/ from one local server, each answer late by
// 0 or 50 ms; a fresh browser profile each run.
//
//   MIFASCOPE_DIST=<folder>      another build than dist/
//   MIFASCOPE_CHROMIUM=<path>    the browser, if not /usr/bin/chromium
//   MIFASCOPE_BENCH_RUNS=3       runs for each delay

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';
import { startServer } from '../tests/web/server.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = process.env['MIFASCOPE_DIST'] ?? join(root, 'dist');
const sample = join(root, 'build', 'sample');
const runs = Number(process.env['MIFASCOPE_BENCH_RUNS'] ?? 3);
const kPatience = 300_000;

for (const needed of [join(dist, 'page.js'), join(sample, 'images', 'plate.ome.zarr')]) {
  if (existsSync(needed)) continue;
  console.error(`bench:plate: ${needed} is not there; run scripts/build and scripts/make-sample first`);
  process.exit(1);
}

/** Runs in the page: when the first tile could be drawn, and when all was there. */
function watch() {
  /** @type {{first?: number, settled?: number}} */
  const seen = {};
  Object.assign(globalThis, { seen });
  const look = () => {
    const state = /** @type {import('../web/element.ts').MifaScopeElement | null} */ (document.querySelector('mifa-scope'))?.viewer?.state;
    if (state?.stage === 'showing') {
      if ((state.memory?.tiles ?? 0) > 0) seen.first ??= performance.now();
      if (seen.first !== undefined && state.missingTiles === 0 && state.outstanding === 0) {
        seen.settled = performance.now();
        return;
      }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

const server = await startServer([
  { prefix: '/', root: dist, gzip: true },
  { prefix: '/sample/', root: sample },
]);
const browser = await chromium.launch({
  executablePath: process.env['MIFASCOPE_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist', '--disable-background-networking', '--disable-dev-shm-usage'],
});

/**
 * @param {string} path
 * @param {number} delayMs
 */
async function run(path, delayMs) {
  server.clear();
  if (delayMs > 0) server.rule({ path: /^\/sample\//, delayMs });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(`${server.url}/?source=${encodeURIComponent(`${server.url}/sample/images/${path}`)}`, { timeout: kPatience });
  await page.waitForFunction(() => /** @type {any} */ (globalThis).seen.settled !== undefined, undefined, { timeout: kPatience });
  const { first, settled } = await page.evaluate(() => /** @type {any} */ (globalThis).seen);
  const wells = await page.evaluate(() => /** @type {any} */ (document.querySelector('mifa-scope')).viewer.state.images);
  await context.close();
  const requests = server.log.filter((entry) => entry.path.startsWith('/sample/')).length;
  return { first, settled, requests, wells };
}

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

for (const delayMs of [0, 50]) {
  const image = [];
  const plate = [];
  for (let i = 0; i < runs; ++i) {
    image.push(await run('plate.ome.zarr/A/1/0', delayMs));
    plate.push(await run('plate.ome.zarr', delayMs));
  }
  const one = median(image.map(({ first }) => first));
  const all = median(plate.map(({ first }) => first));
  const { requests, wells } = plate[0] ?? { requests: 0, wells: 1 };
  console.log(`answers late by ${delayMs} ms, median of ${runs}:`);
  console.log(`  first picture: one image ${one.toFixed(0)} ms, plate ${all.toFixed(0)} ms, ratio ${(all / one).toFixed(2)}`);
  console.log(`  all of it:     one image ${median(image.map(({ settled }) => settled)).toFixed(0)} ms, plate ${median(plate.map(({ settled }) => settled)).toFixed(0)} ms (${wells} wells, ${(requests / wells).toFixed(1)} requests a well)`);
}
await browser.close();
await server.close();
