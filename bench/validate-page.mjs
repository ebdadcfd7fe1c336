#!/usr/bin/env node
// Checking a dataset in the browser: how long a study of 10,000 images and as many annotation files takes
// apart from reading the disk, and for how long the page does not answer, there and with 100,000 faulty files.
//
//   npm run bench:validate-page [-- --images 10000 --files 100000]
//
// The folders are made up in the page's memory (validate-page-stores.js). Targets: 10 s, 50 ms.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { startServer } from '../tests/web/server.mjs';

const { values } = parseArgs({ options: { images: { type: 'string', default: '10000' }, files: { type: 'string', default: '100000' } } });
const kPage = '<!doctype html><html lang="en"><head><title>Bench</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"></head><body><main></main></body></html>';

const server = await startServer([
  { prefix: '/', root: 'dist' },
  {
    prefix: '/bench/',
    files: new Map([
      ['index.html', kPage],
      ['validate-page-stores.js', readFileSync(new URL('validate-page-stores.js', import.meta.url))],
    ]),
  },
]);
const browser = await chromium.launch({ executablePath: process.env['MIFASCOPE_CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });

async function opened() {
  const page = await browser.newPage();
  page.setDefaultTimeout(600_000);
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(`${server.url}/bench/`);
  return page;
}

const study = await opened();
const first = await study.evaluate(async (images) => {
  const { madeStudy } = await import('/bench/validate-page-stores.js');
  const { startValidation } = await import('/validation.js');
  const store = madeStudy(images);
  const texts = store.texts;
  const parsing = performance.now();
  for (const text of texts) JSON.parse(text);
  const parsed = performance.now() - parsing;
  // The program is fetched and compiled before: a page does that once.
  (await startValidation(madeStudy(1), {})).close();
  await new Promise((resolve) => setTimeout(resolve, 500));
  let longest = 0;
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => (longest = Math.max(longest, duration)))).observe({ type: 'longtask' });
  const begin = performance.now();
  const validation = await startValidation(store, {});
  const took = performance.now() - begin;
  await new Promise((resolve) => setTimeout(resolve, 200));
  const { counts, inventory, rules } = validation.summary;
  validation.close();
  return { took, parsed, longest, files: store.size, counts, inventory, rules: rules.map(({ id, count }) => `${id} ×${count}`) };
}, Number(values.images));
console.log(`${first.files} files, ${first.inventory.images} images, ${first.inventory.chunksDecoded} chunks decoded, ${JSON.stringify(first.counts)}`);
console.log(`  ${first.rules.join(', ')}`);
console.log(`  checked in ${(first.took / 1000).toFixed(2)} s (target 10); JSON.parse of the same documents: ${(first.parsed / 1000).toFixed(3)} s, ratio ${(first.took / first.parsed).toFixed(1)}`);
console.log(`  longest task of the page: ${Math.round(first.longest)} ms (0: none over 50; target 50)`);
await study.close();

const faults = await opened();
const second = await faults.evaluate(async (count) => {
  const { madeFaults } = await import('/bench/validate-page-stores.js');
  const { showReport } = await import('/report.js');
  const store = madeFaults(count);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration, startTime }) => [Math.round(startTime), Math.round(duration)]))).observe({ type: 'longtask' });
  const begin = performance.now();
  const main = document.querySelector('main');
  showReport(main, 'faulty', () => Promise.resolve(store), () => {});
  const until = async (ready) => {
    while (!ready()) await new Promise((resolve) => setTimeout(resolve, 5));
    return performance.now() - begin;
  };
  const shown = await until(() => main.querySelector('.report section'));
  const status = main.querySelector('.report .verdict').textContent;
  const told = () => [...main.querySelectorAll('.report [role="status"]')].at(-1)?.textContent ?? '';
  await until(() => told() !== '');
  const all = told();
  const search = main.querySelector('input[type="search"]');
  const typed = performance.now();
  search.value = `table ${count - 1}.csv`;
  search.dispatchEvent(new Event('input'));
  await until(() => told() !== all);
  const found = performance.now() - typed;
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { shown, found, status, begin, tasks, left: told() };
}, Number(values.files));
console.log(`${values.files} faulty files: ${second.status}`);
console.log(`  report shown after ${(second.shown / 1000).toFixed(2)} s; a search takes ${Math.round(second.found)} ms (${second.left})`);
console.log(`  tasks of the page over 50 ms, [from the start, length]: ${JSON.stringify(second.tasks.map(([start, length]) => [Math.round(start - second.begin), length]))}`);
await browser.close();
await server.close();
