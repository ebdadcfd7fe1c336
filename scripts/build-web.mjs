#!/usr/bin/env node
// Bundles the TypeScript.
//
//   node scripts/build-web.mjs           web/ → dist/, with the WebAssembly of build/wasm/
//   node scripts/build-web.mjs --tests   tests/web/ → build/tests/
//
// The JavaScript that Emscripten writes is imported as "wasm:mifascope" (typed in
// web/wasm/mifascope.d.ts) and becomes part of our bundles; the .wasm file stays a file.

import { build } from 'esbuild';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const programs = join(root, 'build', 'wasm', 'programs');
const dist = join(root, 'dist');
const tests = process.argv.includes('--tests');

/** @type {import('esbuild').Plugin} */
const wasmPrograms = {
  name: 'wasm programs',
  setup(build) {
    build.onResolve({ filter: /^wasm:/ }, ({ path }) => {
      const file = join(programs, `${path.slice('wasm:'.length)}.mjs`);
      if (existsSync(file)) return { path: file };
      return { errors: [{ text: `${relative(root, file)} is not built yet: run scripts/build wasm` }] };
    });
  },
};

/**
 * What is fetched only when it is met: bundles of their own, so that nothing of the first image's code
 * is moved into a further file for their sake (a few KB of it are in them again).
 * @type {Readonly<Record<string, string>>}
 */
const late = {
  source: 'web/stores/source.ts',
  dropped: 'web/stores/dropped.ts',
  zip: 'web/stores/zip.ts',
  annotations: 'web/annotations/element_annotations.ts',
  face: 'web/face.ts',
  share: 'web/share.ts',
  sheet: 'web/sheet.ts',
  without_webgl: 'web/without_webgl.ts',
  region: 'web/region.ts',
  query: 'web/annotations/query.ts',
  save: 'web/save/menu.ts',
  sources: 'web/annotations/sources/open.ts',
  drops: 'web/page/dropped_kinds.ts',
  raster: 'web/stores/raster.ts',
  report: 'web/page/report.ts',
  validation: 'web/validation/validate.ts',
  card: 'web/card/studies.ts',
  study_tab: 'web/page/study_tab.ts',
  study: 'web/study/study.ts',
};

/**
 * Bundles of their own that others take as they are: what is in `live` (the viewer, its workers) is there once.
 * @param {Readonly<Record<string, string>>} bundles
 * @returns {import('esbuild').Plugin}
 */
const apart = (bundles) => ({
  name: 'late bundles',
  setup(build) {
    build.onResolve({ filter: /\.ts$/ }, ({ path, kind, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const file = relative(root, join(resolveDir, path));
      const name = Object.keys(bundles).find((key) => bundles[key] === file);
      return name ? { path: `./${name}.js`, external: true } : undefined;
    });
  },
});

/** @param {string[]} paths */
function present(paths) {
  return paths.filter((path) => {
    const found = existsSync(join(root, path));
    if (!found) console.log(`build-web: ${path} is not there yet, skipped`);
    return found;
  });
}

/** @param {string} name */
function hasProgram(name) {
  return existsSync(join(programs, `${name}.wasm`));
}

/** @type {import('esbuild').BuildOptions} */
const browser = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  platform: 'browser',
  minify: true,
  sourcemap: 'linked',
  logLevel: 'warning',
  plugins: [wasmPrograms],
  // Emscripten's glue asks for these only in Node.
  external: ['module', 'fs', 'path', 'url', 'ws'],
};

async function buildDist() {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  /** @type {Record<string, string>} */
  const entries = {
    page: 'web/page/main.ts',
    embed: 'web/embed/embed.ts',
    mifascope: 'web/element.ts',
    loader_worker: 'web/workers/loader_worker.ts',
    // By its own name, so that the study page's pictures are drawn by the same module.
    live: 'web/live.ts',
    study_page: 'web/study/page.ts',
    mifascope_study: 'web/study/mifascope_study.ts',
  };
  const found = present(Object.values(entries)).filter(
    (path) => hasProgram('mifascope') || path !== entries['loader_worker'],
  );
  const { metafile } = await build({
    ...browser,
    metafile: true,
    entryPoints: Object.fromEntries(Object.entries(entries).filter(([, path]) => found.includes(path))),
    outdir: dist,
    // The page and the worker share the program's JavaScript: one file, fetched once.
    splitting: true,
    chunkNames: 'shared-[hash]',
    plugins: [...(browser.plugins ?? []), apart(late)],
  });
  await build({ ...browser, plugins: [apart({ ...late, live: 'web/live.ts' })], entryPoints: late, outdir: dist });
  if (hasProgram('annotation')) {
    await build({ ...browser, entryPoints: { annotation_worker: 'web/annotations/annotation_worker.ts' }, outdir: dist });
  }
  if (hasProgram('formats')) {
    await build({ ...browser, entryPoints: { raster_worker: 'web/workers/raster_worker.ts', tiff_worker: 'web/save/tiff_worker.ts' }, outdir: dist });
  }
  if (hasProgram('validator')) await buildValidator();
  for (const path of present(['web/page/index.html', 'web/page/page.css', 'web/embed/embed.html', 'web/embed/embed.css', 'web/study/study.html', 'web/study/study.css', 'LICENSE'])) {
    copyFileSync(join(root, path), join(dist, path.slice(path.lastIndexOf('/') + 1)));
  }
  cpSync(join(root, 'docs', 'examples'), join(dist, 'examples'), { recursive: true });
  copyFileSync(join(root, 'types', 'mifascope.d.ts'), join(dist, 'mifascope.d.ts'));
  preloadImports(metafile, 'index.html', 'page.js');
  preloadImports(metafile, 'embed.html', 'embed.js');
  preloadImports(metafile, 'study.html', 'study_page.js');
  // Who imports what: for bench:size.
  mkdirSync(join(root, 'build'), { recursive: true });
  writeFileSync(join(root, 'build', 'dist.meta.json'), JSON.stringify(metafile));
  for (const name of ['mifascope', 'annotation', 'formats', 'validator']) {
    if (hasProgram(name)) copyFileSync(join(programs, `${name}.wasm`), join(dist, `${name}.wasm`));
    else console.log(`build-web: build/wasm/programs/${name}.wasm is not there yet, skipped`);
  }
  writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), notices());
}

/** The worker that validates, and the command `npx mifascope`. */
async function buildValidator() {
  await build({
    ...browser,
    entryPoints: { validation_worker: 'web/validation/validation_worker.ts', study_reader: 'web/study/reader_worker.ts' },
    outdir: dist,
  });
  await build({
    ...browser,
    platform: 'node',
    target: 'node18',
    minify: false,
    sourcemap: false,
    banner: { js: '#!/usr/bin/env node' },
    entryPoints: { 'mifascope-command': 'web/node/command.ts' },
    outExtension: { '.js': '.mjs' },
    outdir: dist,
  });
}

/**
 * What a page's script imports is named in the page, so that the browser asks for all of it at once.
 * @param {import('esbuild').Metafile} metafile
 * @param {string} html
 * @param {string} script
 */
function preloadImports(metafile, html, script) {
  const page = join(dist, html);
  if (!existsSync(page)) return;
  const mark = `<link rel="modulepreload" href="${script}" />`;
  const links = importedBy(metafile, `dist/${script}`).map((path) => `<link rel="modulepreload" href="${relative('dist', path)}" />`);
  writeFileSync(page, readFileSync(page, 'utf8').replace(mark, [mark, ...links].join('\n    ')));
}

/**
 * All that a script needs before the first image: its imports, theirs, and what shows images.
 * @param {import('esbuild').Metafile} metafile
 * @param {string} script
 */
function importedBy(metafile, script) {
  /** @type {Set<string>} */
  const found = new Set();
  /** @param {string} file */
  const follow = (file) => {
    for (const { path, kind } of metafile.outputs[file]?.imports ?? []) {
      const wanted = kind === 'import-statement' || metafile.outputs[path]?.entryPoint === 'web/live.ts';
      if (!wanted || found.has(path)) continue;
      found.add(path);
      follow(path);
    }
  };
  follow(script);
  return [...found];
}

/** The licences of all that is inside what we ship. */
function notices() {
  const { libraries } = JSON.parse(readFileSync(join(root, 'third_party', 'libraries.json'), 'utf8'));
  const parts = [
    'Mifascope contains the following software, under the licences given with each.\n' +
      'Mifascope itself is under the BSD 3-Clause licence: see LICENSE.\n',
  ];
  for (const { name, version, licence, licence_files: files } of libraries) {
    if (name === 'googletest' || name === 'cli11') continue; // in tests and in the native command only
    const texts = files.map((/** @type {string} */ file) =>
      readFileSync(join(root, 'third_party', 'src', name, file), 'utf8').trim(),
    );
    parts.push(`${name} ${version} (${licence})\n\n${texts.join('\n\n')}\n`);
  }
  // Bundled npm packages: in dist/zip.js, and the others in dist/sources.js.
  for (const name of ['@zip.js/zip.js', 'hyparquet', 'hyparquet-compressors', 'fzstd', 'hysnappy']) {
    const { version, license } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
    const text = readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8').trim();
    parts.push(`${name} ${version} (${license})\n\n${text}\n`);
  }
  const emscripten = '/usr/share/doc/emscripten/copyright';
  if (existsSync(emscripten)) {
    parts.push(
      'Emscripten\'s runtime, with the C and C++ standard libraries (musl, libc++, libc++abi,\n' +
        'compiler-rt, dlmalloc)\n\n' + readFileSync(emscripten, 'utf8').trim() + '\n',
    );
  }
  return parts.join(`\n${'='.repeat(80)}\n\n`);
}

async function buildTests() {
  const out = join(root, 'build', 'tests');
  rmSync(out, { recursive: true, force: true });
  const files = readdirSync(join(root, 'tests', 'web'));
  await build({
    absWorkingDir: root,
    entryPoints: files.filter((file) => file.endsWith('.test.ts')).map((file) => `tests/web/${file}`),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node18',
    packages: 'external',
    sourcemap: 'inline',
    outExtension: { '.js': '.mjs' },
    outdir: out,
    logLevel: 'warning',
    plugins: [wasmPrograms],
  });
  // What the tests run inside a browser.
  const pages = files.filter((file) => file.endsWith('_page.ts')).map((file) => `tests/web/${file}`);
  await build({ ...browser, minify: false, sourcemap: 'inline', entryPoints: pages, outdir: out });
}

await (tests ? buildTests() : buildDist());
