// The command in Node against the native one: the same bytes of JSON for the same folder.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';

const kNative = process.env.MIFASCOPE_NATIVE ?? 'build/native/src/cli/mifascope';
const kCommand = join(process.env.MIFASCOPE_DIST ?? 'dist', 'mifascope-command.mjs');
const kVectors = 'tests/vectors/rules';
const missing = [kNative, kCommand].filter((path) => !existsSync(path));
const skip = missing.length > 0 ? `${missing.join(' and ')} not there: run scripts/build` : false;
const fixtures = process.env.MIFASCOPE_FIXTURES ?? '../shared/fixtures';

/** @param {string} file @param {string[]} args @returns {Promise<{code: number, out: string, err: string}>} */
function run(file, args) {
  return new Promise((resolve) => {
    execFile(file, args, { maxBuffer: 1 << 28, encoding: 'utf8' }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}
const native = (/** @type {string[]} */ ...args) => run(kNative, args);
const node = (/** @type {string[]} */ ...args) => run(process.execPath, [kCommand, ...args]);

/** @type {string} */
let disk;
before(async () => (disk = await mkdtemp(join(tmpdir(), 'mifascope-'))));
after(() => rm(disk, { recursive: true }));

/** The tree of a vector, on disk. @param {string} vector */
async function unpack(vector) {
  const root = join(disk, vector.replaceAll('/', '_'));
  const { files } = JSON.parse(await readFile(join(kVectors, vector), 'utf8'));
  for (const [key, value] of Object.entries(files)) {
    await mkdir(dirname(join(root, key)), { recursive: true });
    const content = typeof value !== 'string' ? JSON.stringify(value) : value.startsWith('hex:') ? Buffer.from(value.slice(4), 'hex') : value;
    await writeFile(join(root, key), content);
  }
  return root;
}

test('the same report, byte for byte, for what breaks each rule', { skip }, async () => {
  const rules = readdirSync(kVectors, { withFileTypes: true }).filter((entry) => entry.isDirectory() && /^(ome-zarr|zarr|files|geff|anndata|spatialdata|parquet|geoparquet)__/.test(entry.name));
  // Every fifth: each costs two programs.
  for (const { name } of rules.filter((_, i) => i % 5 === 0)) {
    for (const file of readdirSync(join(kVectors, name))) {
      if (!file.startsWith('invalid-')) continue;
      const root = await unpack(`${name}/${file}`);
      const [a, b] = await Promise.all([native('validate', root, '--format', 'json', '--all-chunks'), node('validate', root, '--format', 'json', '--all-chunks')]);
      assert.equal(b.out, a.out, `${name}/${file}`);
      assert.equal(b.code, a.code, `${name}/${file}: ${b.err}`);
    }
  }
});

test('the same reports of real data, in every format', { skip: skip || !existsSync(fixtures) }, async () => {
  for (const folder of ['v0.4_hcs.zarr', 'v0.5_coins_labels.ome.zarr', 'v0.5_nuclei_shard_zstd.ome.zarr']) {
    const root = join(fixtures, 'omezarr', folder);
    for (const format of ['json', 'html', 'csv', 'junit', 'text']) {
      const [a, b] = await Promise.all([native('validate', root, '--format', format), node('validate', root, '--format', format)]);
      assert.equal(b.out, a.out, `${folder} as ${format}`);
    }
    const [a, b] = await Promise.all([native('info', root, '--json'), node('info', root, '--json')]);
    assert.equal(b.out, a.out, folder);
    assert.equal(b.code, 0, b.err);
  }
});

test('exit codes: clean, errors, could not run', { skip }, async () => {
  const good = await unpack('ome-zarr__axes-count/valid-five.json');
  const bad = await unpack('ome-zarr__axes-count/invalid-six.json');
  for (const command of [native, node]) {
    assert.equal((await command('validate', good)).code, 0);
    assert.equal((await command('validate', bad)).code, 1);
    const nowhere = await command('validate', join(disk, 'nowhere'));
    assert.equal(nowhere.code, 2);
    assert.match(nowhere.err, /^mifascope: expected a folder, a zip or a URL, received .*nowhere, which is not there\n$/);
    assert.equal(nowhere.out, '');
    assert.equal((await command('validate', good, '--format', 'xml')).code, 2);
    assert.equal((await command('frobnicate')).code, 2);
    assert.equal((await command('info', join(disk, 'nowhere'))).code, 2);
  }
});

test('a configuration is applied, and a wrong one is no clean run', { skip }, async () => {
  const bad = await unpack('ome-zarr__axes-count/invalid-six.json');
  const off = join(disk, 'off.json');
  await writeFile(off, JSON.stringify({ rules: { 'ome-zarr/axes-count': { severity: 'off', reason: 'hyperspectral' } } }));
  const wrong = join(disk, 'wrong.json');
  await writeFile(wrong, '{"rules": {"ome-zarr/axes-count": {"severity": "off"}}}');
  for (const command of [native, node]) {
    assert.equal((await command('validate', bad, '--config', off)).code, 0);
    const failed = await command('validate', bad, '--config', wrong);
    assert.equal(failed.code, 2);
    assert.match(failed.err, /expected "reason"/);
  }
});

test('metadata is converted to the same bytes, with the same words', { skip }, async () => {
  const study = join(kVectors, 'mifa__version-lineage/valid-second-with-changes.json');
  for (const target of ['bia-agent', 'pagetab', 'ro-crate', 'croissant']) {
    const [a, b] = await Promise.all([native('convert-metadata', study, '--to', target), node('convert-metadata', study, '--to', target)]);
    assert.ok(a.out.length > 100, `${target}: ${a.err}`);
    assert.deepEqual(b, a, target);
    const folders = [join(disk, `native-${target}`), join(disk, `node-${target}`)];
    await Promise.all(folders.map((folder) => mkdir(folder)));
    assert.equal((await native('convert-metadata', study, '--to', target, '--output', folders[0] ?? '')).code, a.code);
    assert.equal((await node('convert-metadata', study, '--to', target, '--output', folders[1] ?? '')).code, a.code);
    const names = readdirSync(folders[0] ?? '');
    assert.deepEqual(readdirSync(folders[1] ?? ''), names);
    for (const name of names) assert.deepEqual(await readFile(join(folders[1] ?? '', name)), await readFile(join(folders[0] ?? '', name)), `${target}: ${name}`);
  }
  for (const command of [native, node]) {
    const unknown = await command('convert-metadata', study, '--to', 'marc');
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /bia-agent/);
    assert.equal((await command('convert-metadata', join(disk, 'nowhere'), '--to', 'ro-crate')).code, 2);
  }
});
