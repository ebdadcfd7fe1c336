#!/usr/bin/env node
// Makes the README's pictures from the sample study: node scripts/screenshots.mjs
// (needs scripts/build and build/sample; the PNGs are reduced to 256 colours by Pillow)

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { startServer } from '../tests/web/server.mjs';

const folder = 'docs/images';
const shots = [
  { name: 'mitosis', path: 'images/mitosis.ome.zarr', labels: 1 },
  { name: 'ihc', path: 'images/ihc.ome.zarr', labels: 1 },
  { name: 'plate', path: 'images/plate.ome.zarr', labels: 0 },
  { name: 'stitched', path: 'images/stitched.ome.zarr', labels: 0 },
];

mkdirSync(folder, { recursive: true });
// A port that reads well in the picture's address bar.
const server = await startServer(
  [
    { prefix: '/', root: process.env['MIFASCOPE_DIST'] ?? 'dist' },
    { prefix: '/sample/', root: 'build/sample' },
  ],
  { port: 8080 },
);
const site = 'http://localhost:8080';
const browser = await chromium.launch({
  executablePath: process.env['MIFASCOPE_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist', '--disable-background-networking'],
});
for (const { name, path, labels } of shots) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' });
  page.setDefaultTimeout(180_000);
  await page.goto(`${site}/?source=${encodeURIComponent(`${site}/sample/${path}`)}`);
  await page.waitForFunction((labels) => {
    const state = document.querySelector('mifa-scope')?.viewer?.state;
    return state?.missingTiles === 0 && state.outstanding === 0 && (state.labels?.length ?? 0) >= labels;
  }, labels);
  // Until the picture is calm: the last samples move the contrast.
  await page.waitForFunction(() => {
    const seen = /** @type {any} */ (globalThis);
    const frames = document.querySelector('mifa-scope')?.viewer?.framesDrawn ?? 0;
    if (seen.frames !== frames) Object.assign(seen, { frames, since: performance.now() });
    return performance.now() - (seen.since ?? 0) > 1000;
  });
  const file = `${folder}/${name}.png`;
  await page.screenshot({ path: file });
  execFileSync('/usr/bin/python3', ['-c', 'import sys; from PIL import Image; f = sys.argv[1]; Image.open(f).convert("RGB").quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(f, optimize=True)', file]);
  await page.close();
}
await browser.close();
await server.close();
