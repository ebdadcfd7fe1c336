#!/usr/bin/env node
// How fast chunks decode, against numcodecs.js, zarrita and the browser's DecompressionStream, on the
// same buffers in the same run of one worker in Chromium: npm run bench:decode
//
//   MIFASCOPE_PROGRAMS=<folder>  mifascope.mjs and mifascope.wasm elsewhere than build/wasm/programs
//   MIFASCOPE_CHROMIUM=<path>    the browser, if not /usr/bin/chromium

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..');
const programs = process.env.MIFASCOPE_PROGRAMS ?? join(root, 'build', 'wasm', 'programs');
const work = join(root, 'build', 'bench', 'decode');
const names = ['blosc-lz4', 'blosc-zstd', 'blosc-zstd-bitshuffle', 'lz4', 'zstd', 'gzip'];
// What we promise ourselves: our speed over the other's in the same run.
const targets = {
  'blosc-lz4': ['numcodecs', 6],
  'blosc-zstd': ['numcodecs', 2.5],
  'blosc-zstd-bitshuffle': ['numcodecs', 3],
  lz4: ['numcodecs', 3.5],
  zstd: ['numcodecs', 1.6],
  gzip: ['DecompressionStream', 1.5],
};

if (!existsSync(join(programs, 'mifascope.wasm'))) {
  console.error(`bench:decode: expected ${programs}/mifascope.wasm; run scripts/build wasm first`);
  process.exit(1);
}
mkdirSync(work, { recursive: true });
if (!names.every((name) => existsSync(join(work, `${name}.json`)))) {
  execFileSync('/usr/bin/python3', [join(here, 'decode-data.py'), work], { stdio: 'inherit' });
}
await build({
  entryPoints: [join(here, 'decode-worker.js')],
  outfile: join(work, 'worker.js'),
  bundle: true,
  format: 'esm',
  external: ['/programs/*'],
  logLevel: 'warning',
});

const types = { '.mjs': 'text/javascript', '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html' };
const server = createServer((request, response) => {
  const [, folder, file] = request.url.match(/^\/(?:(programs|data)\/)?([\w.-]*)$/) ?? [];
  const path = join(folder === 'programs' ? programs : work, file || 'index.html');
  if (file === undefined || (file && !existsSync(path))) {
    response.writeHead(404).end();
    return;
  }
  const body = file ? readFileSync(path) : '<!doctype html><title>decode</title>';
  response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(body);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const browser = await chromium.launch({
  executablePath: process.env.MIFASCOPE_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const rows = await page.evaluate(
    (list) =>
      new Promise((resolve, reject) => {
        const worker = new Worker('/worker.js', { type: 'module' });
        const results = [];
        worker.onerror = (event) => reject(new Error(event.message));
        worker.onmessage = ({ data }) => {
          if (data.error) reject(new Error(data.error));
          else if (data.done) resolve(results);
          else results.push(data);
        };
        worker.postMessage(list);
      }),
    names,
  );
  report(rows);
  writeFileSync(join(work, 'result.json'), JSON.stringify(rows, null, 1));
} finally {
  await browser.close();
  server.close();
}

function report(rows) {
  console.log(`1024² uint16, MB/s of decoded bytes (median), Chromium ${browser.version()}`);
  console.log('ours: into a new buffer; recycled: into one given back; ratios of both to the named program\n');
  const columns = ['ours', 'recycled', '+ statistics', 'numcodecs', 'zarrita', 'DecompressionStream'];
  const table = [['codec', 'stored', ...columns, 'ratio', 'recycled', 'target']];
  for (const { name, stored, decoded, times } of rows) {
    const speeds = columns.map((column) => (times[column] ? (decoded / 1e3 / times[column]).toFixed(0) : '–'));
    const [against, wanted] = targets[name];
    const ratio = times[against] / times.ours;
    const recycled = times[against] / times.recycled;
    const met = ratio >= wanted ? 'met' : recycled >= wanted ? 'met recycled' : 'MISSED';
    const share = `${((100 * stored) / decoded).toFixed(0)} %`;
    table.push([name, share, ...speeds, ratio.toFixed(1), recycled.toFixed(1), `${wanted} × ${against}: ${met}`]);
  }
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  for (const row of table) console.log(row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
}
