// What a visitor downloads before the first image, after gzip -9: npm run bench:size
//
// The limit is told as a ratio: the lightest viewer that we know of sends 399 KB (docs: peers).

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const kLimit = 400 * 1000;
const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
if (!existsSync(dist)) {
  console.error('bench:size: dist/ is not there; run scripts/build first');
  process.exit(1);
}

/** @param {string} name */
function sizes(name) {
  const bytes = readFileSync(join(dist, name));
  return { name, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}

const files = readdirSync(dist)
  .filter((name) => !/\.map$|^LICENSE|^THIRD-PARTY|^examples$|\.d\.ts$/.test(name))
  .map(sizes);
/** @param {number} bytes */
const kb = (bytes) => `${(bytes / 1000).toFixed(1).padStart(8)} KB`;
console.log(`${'file'.padEnd(22)}        raw        gzip`);
for (const { name, raw, gzip } of files) console.log(`${name.padEnd(20)} ${kb(raw)} ${kb(gzip)}`);

/** @type {import('esbuild').Metafile} */
const meta = JSON.parse(readFileSync(join(dist, '..', 'build', 'dist.meta.json'), 'utf8'));
/**
 * A script and what it imports; with `live`, also what shows images, which an element fetches once it is near the viewport.
 * @param {string} script
 * @param {boolean} live
 */
function closure(script, live) {
  const found = new Set([script]);
  for (const name of found) {
    for (const { path, kind } of meta.outputs[`dist/${name}`]?.imports ?? []) {
      if (kind === 'import-statement' || (live && meta.outputs[path]?.entryPoint === 'web/live.ts')) found.add(path.replace(/^dist\//, ''));
    }
  }
  return [...found];
}
const kPrograms = ['mifascope.wasm', ...closure('loader_worker.js', false)];
const kWays = {
  'the page': [...new Set(['index.html', 'page.css', ...closure('page.js', true), ...kPrograms])],
  'the element': [...new Set([...closure('mifascope.js', true), ...kPrograms])],
};
const kOwnLimit = 15 * 1000;
const own = files.reduce((sum, { name, gzip }) => sum + (closure('mifascope.js', false).includes(name) ? gzip : 0), 0);
console.log(`\nThe element's own module, before an element is near the viewport: ${kb(own)}, ${(own / kOwnLimit).toFixed(2)} of the limit`);
console.log('\nBefore the first image:');
let over = false;
for (const [way, names] of Object.entries(kWays)) {
  const total = files.reduce((sum, { name, gzip }) => sum + (names.includes(name) ? gzip : 0), 0);
  const absent = names.filter((name) => !files.some((file) => file.name === name));
  const note = absent.length > 0 ? `  (without ${absent.join(', ')}: not built)` : '';
  console.log(`${way.padEnd(20)} ${kb(total)}, ${(total / kLimit).toFixed(2)} of the limit${note}`);
  over ||= total > kLimit;
}
process.exitCode = over ? 1 : 0;
