// The command `mifascope`: the native one and the one of Node give the same bytes; exit codes; what a
// web server may do to it; metadata from any container into any other; its installation.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { startServer, type TestServer } from './server.mjs';

const kNative = process.env['MIFASCOPE_COMMAND'] ?? 'build/native/src/cli/mifascope';
const kNode = 'dist/mifascope-command.mjs';
const kVectors = 'tests/vectors/rules';

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(program: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 256 << 20, env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } };
    execFile(program, [...args], options, (error, out, err) => resolve({ code: error ? Number(error.code ?? -1) : 0, out, err }));
  });
}
const native = (...args: string[]): Promise<Outcome> => run(kNative, args);
const node = (...args: string[]): Promise<Outcome> => run(process.execPath, [kNode, ...args]);

let disk: string;
let server: TestServer;

async function onDisk(name: string, vector: string): Promise<string> {
  const { files } = JSON.parse(await readFile(join(kVectors, vector), 'utf8')) as { files: Record<string, unknown> };
  for (const [key, value] of Object.entries(files)) {
    const content = typeof value !== 'string' ? JSON.stringify(value) : value.startsWith('hex:') ? Buffer.from(value.slice(4), 'hex') : value;
    await mkdir(dirname(join(disk, name, key)), { recursive: true });
    await writeFile(join(disk, name, key), content);
  }
  return join(disk, name);
}

before(async () => {
  disk = await mkdtemp(join(tmpdir(), 'mifascope-'));
  await onDisk('good.zarr', 'ome-zarr__transform-length/valid-two.json');
  await onDisk('bad.zarr', 'ome-zarr__transform-length/invalid-three-for-two-axes.json');
  server = await startServer([{ prefix: '/data/', root: disk }]);
});
after(async () => {
  await server?.close();
  if (disk) await rm(disk, { recursive: true });
});
beforeEach(() => server.clear());

const exists = (path: string): Promise<boolean> => stat(path).then(() => true, () => false);

test('native and Node give the same JSON', { timeout: 600_000 }, async (t) => {
  const places = ['build/sample'];
  for (const rule of (await readdir(kVectors)).sort()) {
    if (!rule.startsWith('annotation__') && !rule.startsWith('files__') && rule !== 'ome-zarr__label-ids-absent') continue;
    for (const file of await readdir(join(kVectors, rule))) places.push(await onDisk(`same/${rule}/${file}`, join(rule, file)));
  }
  const fixtures = process.env['MIFASCOPE_FIXTURES'] ?? '../shared/fixtures';
  for (const below of ['mifa/bia-agent', 'mifa/rocrate', 'coco', 'yolo', 'masks', 'omezarr/v0.4_hcs.zarr']) {
    if (await exists(join(fixtures, below))) places.push(join(fixtures, below));
    else t.diagnostic(`without ${below}: the fixtures are not here`);
  }
  for (const place of places) {
    if (!(await exists(place))) continue;
    const [one, other] = [await native('validate', place, '--format', 'json'), await node('validate', place, '--format', 'json')];
    assert.equal(other.out, one.out, place);
    assert.equal(other.code, one.code, `${place}: ${one.err} ${other.err}`);
    assert.ok(one.out.startsWith('{'), `${place}: ${one.err}`);
  }
});

test('exit codes tell what was found', async () => {
  for (const command of [native, node]) {
    assert.equal((await command('validate', join(disk, 'good.zarr'))).code, 0);
    assert.equal((await command('validate', join(disk, 'bad.zarr'))).code, 1);
    for (const args of [['validate', join(disk, 'nothing')], ['validate'], ['frobnicate'], ['validate', join(disk, 'good.zarr'), '--format', 'pdf']]) {
      const outcome = await command(...args);
      assert.equal(outcome.code, 2, args.join(' '));
      assert.match(outcome.err, /expected|required|not in \{text,json/i);
      assert.equal(outcome.out, '');
    }
  }
});

test('a configuration in YAML is taken, a wrong one refused', async () => {
  const config = join(disk, 'rules.yaml');
  await writeFile(config, 'rules:\n  ome-zarr/transform-length:\n    severity: off\n    reason: known\n');
  const quiet = await native('validate', join(disk, 'bad.zarr'), '--config', config, '--format', 'json');
  assert.equal(quiet.code, 0, quiet.out);
  assert.match(quiet.out, /"reason": "known"/);
  await writeFile(config, 'rules:\n  ome-zarr/no-such-rule:\n    severity: off\n    reason: known\n');
  const refused = await native('validate', join(disk, 'bad.zarr'), '--config', config);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /expected the id of a rule, received "ome-zarr\/no-such-rule"/);
});

test('reads from a web server', async () => {
  for (const command of [native, node]) {
    assert.equal((await command('validate', `${server.url}/data/good.zarr`)).code, 0);
    const bad = await command('validate', `${server.url}/data/bad.zarr`, '--format', 'json');
    assert.equal(bad.code, 1);
    assert.match(bad.out, /ome-zarr\/transform-length/);
    const none = await command('validate', `${server.url}/data/none.zarr`);
    assert.equal(none.code, 2);
    assert.match(none.err, /expected zarr\.json/);
  }
});

test('follows redirects, and names what a server refuses', async () => {
  server.rule({ path: '/data/moved.zarr/zarr.json', redirect: '/data/good.zarr/zarr.json' });
  const moved = await native('info', `${server.url}/data/moved.zarr`);
  assert.match(moved.out + moved.err, /moved\.zarr/);
  server.clear();
  server.rule({ path: /good/, status: 403 });
  const refused = await native('validate', `${server.url}/data/good.zarr`);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /received HTTP 403/);
});

test('tries again what may pass, and tells what does not', async () => {
  server.rule({ path: /zarr\.json$/, status: 503, times: 1 });
  assert.equal((await native('validate', `${server.url}/data/good.zarr`)).code, 0);
  server.clear();
  // A chunk that is cut off on the way is no damage of the data.
  server.rule({ path: /\/c\//, truncateAt: 1 });
  const cut = await native('validate', `${server.url}/data/good.zarr`, '--format', 'json');
  assert.equal(cut.code, 0, cut.out);
  assert.match(cut.out, /files\/unreadable/);
  assert.doesNotMatch(cut.out, /chunk-decode/);
  server.clear();
  server.rule({ path: /zarr\.json$/, delayMs: 300 });
  assert.equal((await native('validate', `${server.url}/data/good.zarr`)).code, 0);
});

test('info says what a dataset is', async () => {
  for (const command of [native, node]) {
    const text = await command('info', join(disk, 'good.zarr'));
    assert.equal(text.code, 0, text.err);
    assert.match(text.out, /^version +0\.\d$/m);
    const json = JSON.parse((await command('info', join(disk, 'good.zarr'), '--json')).out) as object;
    assert.ok('kind' in json && 'image' in json, Object.keys(json).join());
    assert.equal((await command('info', join(disk, 'nothing'))).code, 2);
  }
  assert.equal((await node('info', join(disk, 'good.zarr'), '--json')).out, (await native('info', join(disk, 'good.zarr'), '--json')).out);
});

const kStudy = `study:
  title: Nuclei of HeLa cells in interphase and mitosis
  description: Confocal images of fixed HeLa cells, nuclei outlined by two experts.
  license: CC BY 4.0
  funding_statement: Funded by nobody in particular.
  keywords: [nuclei, mitosis]
  authors:
    - author_first_name: Ada
      author_last_name: Lovelace
      email: ada@example.org
      orcid_id: https://orcid.org/0000-0002-1825-0097
annotations:
  Outlines:
    annotation_overview: Outlines of nuclei drawn by hand.
    annotation_type: [segmentation_mask]
    annotation_method: Two experts drew outlines with QuPath; a third decided where they differed.
    annotation_criteria: All nuclei that do not touch the edge.
    annotation_coverage: 100 % of images
    annotation_confidence_level: expert
version:
  Outlines:
    version: "1.0"
    timestamp: 2024-01-31T12:00:00Z
`;

test('metadata goes from each container into each other, with a list of what is lost', async () => {
  const start = join(disk, 'study.yaml');
  await writeFile(start, kStudy);
  const names = { 'bia-agent': 'yaml', pagetab: 'tsv', 'ro-crate': 'json', croissant: 'json' } as const;
  const first = await native('convert-metadata', start, '--to', 'bia-agent');
  assert.equal(first.code, 0, first.err);
  for (const target of Object.keys(names) as (keyof typeof names)[]) {
    const folder = join(disk, 'converted', target);
    await mkdir(folder, { recursive: true });
    const there = await native('convert-metadata', start, '--to', target, '--output', folder);
    assert.equal(there.code, 0, there.err);
    const files = (await readdir(folder)).sort().map((name) => join(folder, name));
    assert.ok(files.length > 0, target);
    const losses = there.err.match(/left out: /g)?.length ?? 0;
    for (const back of Object.keys(names)) {
      const again = await native('convert-metadata', ...files, '--to', back);
      assert.notEqual(again.code, 2, `${target} to ${back}: ${again.err}`);
      // What a container can hold comes back as it was.
      if (back === 'bia-agent' && losses === 0) assert.equal(again.out, first.out, target);
      if (back === 'bia-agent') assert.match(again.out, /Nuclei of HeLa cells in interphase and mitosis/, target);
    }
  }
  const croissant = await native('convert-metadata', start, '--to', 'croissant');
  assert.match(croissant.err, /left out: /);
  const wrong = await native('convert-metadata', start, '--to', 'word');
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /bia-agent, pagetab, ro-crate, croissant/);
  assert.equal((await native('convert-metadata', join(disk, 'none.yaml'), '--to', 'pagetab')).code, 2);
});

test('a zip is checked like the folder in it', async (t) => {
  const zip = join(disk, 'bad.zip');
  const packed = await run('python3', ['-c', 'import shutil,sys; shutil.make_archive(sys.argv[1], "zip", sys.argv[2])', zip.replace(/\.zip$/, ''), join(disk, 'bad.zarr')]);
  if (packed.code !== 0) return t.skip('there is no Python to make a zip with');
  const rules = (text: string): unknown => (JSON.parse(text) as { rules: unknown }).rules;
  const folder = await native('validate', join(disk, 'bad.zarr'), '--format', 'json');
  for (const command of [native, node]) {
    const zipped = await command('validate', zip, '--format', 'json');
    assert.equal(zipped.code, 1, zipped.err);
    assert.deepEqual(rules(zipped.out), rules(folder.out));
  }
  await cp(join(disk, 'rules.yaml'), join(disk, 'no.zip'));
  assert.match((await native('validate', join(disk, 'no.zip'))).err, /expected a folder, a zip/);
});

test('is installed by cmake', async (t) => {
  if (!(await exists('build/native/CMakeCache.txt'))) return t.skip('there is no native build');
  const prefix = join(disk, 'prefix');
  const installed = await run('cmake', ['--install', 'build/native', '--prefix', prefix]);
  assert.equal(installed.code, 0, installed.err);
  const version = await run(join(prefix, 'bin', 'mifascope'), ['--version']);
  assert.equal(version.code, 0, version.err);
  assert.match(version.out, /^\d+\.\d+\.\d+\n$/);
});
