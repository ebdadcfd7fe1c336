// The package that `npm pack` makes: what is in it; used by a Vite project and by a plain page, each under a strict
// Content-Security-Policy, with the data (and, for the plain page, our files) on another origin.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { kDist, openViewerPage, settled } from './browser.ts';
import { writeImage, type Files } from './datasets.ts';
import { openBrowser } from './harness.ts';
import { startServer, type TestServer } from './server.mjs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const skip =
  kDist !== 'dist' ? 'the package is made of dist/, and MIFASCOPE_DIST names another folder'
  : major < 20 || (major === 20 && minor < 19) ? `Vite needs Node 20.19, and this is ${process.versions.node}`
  : false;
const root = resolve('.');
let place: string;
let names: string[];
let browser: Browser;
let data: TestServer;
const files: Files = new Map();

const run = (command: string, args: readonly string[]): string => execFileSync(command, args, { cwd: place, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

function write(path: string, text: string): void {
  mkdirSync(dirname(join(place, path)), { recursive: true });
  writeFileSync(join(place, path), text);
}

before(async () => {
  if (skip) return;
  place = mkdtempSync(join(tmpdir(), 'mifascope-package-'));
  const [packed] = JSON.parse(execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', place], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as [{ filename: string; files: { path: string }[] }];
  names = packed.files.map(({ path }) => path);
  write('package.json', JSON.stringify({ name: 'site', private: true, type: 'module' }));
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${packed.filename}`]);
  writeImage(files, 'image', { axes: 'cyx', levels: [{ zarr: 3, dataType: 'uint8', shape: [1, 60, 80], chunks: [1, 60, 80], gzip: true, value: () => 200 }], channels: [{ color: '00FF00', window: [0, 200] }] });
  data = await startServer([{ prefix: '/data/', files }, { prefix: '/dist/', root: join(place, 'node_modules/mifascope/dist') }]);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await data?.close();
  if (place) rmSync(place, { recursive: true });
});

async function shows(files: { readonly root: string } | { readonly files: Files }, policy: string): Promise<void> {
  const site = await startServer([{ prefix: '/', ...files, headers: { 'Content-Security-Policy': policy } }]);
  const { page, complaints } = await openViewerPage(browser, `${site.url}/index.html`);
  const state = await settled(page);
  assert.equal(state.stage, 'showing', JSON.stringify(state.failure));
  const region = await page.evaluate(async () => Array.from((await document.querySelector('mifa-scope')?.readRegion({ width: 2, height: 1 }))?.data as Uint8Array, Number));
  assert.deepEqual(region, [200, 200]);
  await page.context().close();
  await site.close();
  assert.deepEqual(complaints, []);
}

describe('the npm package', { skip }, () => {
  test('holds what a site needs, its licences, and no more', () => {
    for (const name of ['LICENSE', 'README.md', 'dist/THIRD-PARTY-NOTICES.txt', 'dist/LICENSE', 'dist/mifascope.js', 'dist/mifascope.wasm', 'dist/loader_worker.js', 'dist/embed.html', 'types/mifascope.d.ts', 'packaging/vite.js']) assert.ok(names.includes(name), name);
    assert.deepEqual(names.filter((name) => !/^(dist|types|packaging)\/[^/]+$|^(LICENSE|README\.md|CHANGELOG\.md|package\.json)$/.test(name) || name.endsWith('.map')), []);
    const { scripts = {}, dependencies = {} } = JSON.parse(readFileSync(join(place, 'node_modules/mifascope/package.json'), 'utf8')) as { scripts?: Record<string, string>; dependencies?: object };
    assert.deepEqual(Object.keys(scripts).filter((name) => /^(pre|post)?(install|prepare|pack)$/.test(name)), []);
    assert.deepEqual(dependencies, {});
    assert.deepEqual(readdirSync(join(place, 'node_modules')).filter((name) => !name.startsWith('.')), ['mifascope']);
  });

  test('has its command', () => {
    assert.match(run(join('node_modules', '.bin', 'mifascope'), ['--help']), /mifascope/);
  });

  test('a page with one script tag, our files on another origin', async () => {
    const away = data.url.replace('127.0.0.1', 'localhost');
    const html = `<!doctype html><html lang="en"><head><title>A repository</title><link rel="icon" href="data:,"><script type="module" src="${away}/dist/mifascope.js"></script></head><body><mifa-scope src="${away}/data/image"></mifa-scope></body></html>`;
    await shows({ files: new Map([['index.html', html]]) }, `default-src 'none'; img-src data:; script-src ${away} 'wasm-unsafe-eval'; worker-src ${away} blob:; connect-src ${away}`);
  });

  test('a Vite project with types', async () => {
    symlinkSync(join(root, 'node_modules/vite'), join(place, 'node_modules/vite'));
    write('vite.config.js', `import mifascope from 'mifascope/vite';\nexport default { plugins: [mifascope()], logLevel: 'warn' };\n`);
    write('index.html', '<!doctype html><html lang="en"><head><title>A site</title><link rel="icon" href="data:,"></head><body><script type="module" src="/src/main.ts"></script></body></html>');
    write('src/main.ts', `import 'mifascope';\nimport type { Region } from 'mifascope';\nconst scope = document.createElement('mifa-scope');\nscope.src = '${data.url}/data/image';\nscope.theme = 'light';\nscope.addEventListener('ready', async ({ detail }) => {\n  const region: Region = await scope.readRegion({ level: (detail.levels ?? 1) - 1 });\n  document.title = String(region.data.length);\n});\ndocument.body.append(scope);\n`);
    write('tsconfig.json', JSON.stringify({ compilerOptions: { target: 'es2022', module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom', 'dom.iterable'], strict: true, noEmit: true, types: [] }, include: ['src'] }));
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.']);
    run(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build']);
    assert.ok(existsSync(join(place, 'dist/mifascope/mifascope.wasm')));
    await shows({ root: join(place, 'dist') }, `default-src 'none'; img-src data:; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self' ${data.url}`);
  });
});
