// Arrays that others wrote (../shared/fixtures): each is read by our own parser and decoders, in
// WebAssembly, and compared byte by byte with zarrita, and in v2 with zarr-python; or it is refused, for
// the reason that is listed here.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as zarr from 'zarrita';
import { FileSystemStore } from './zarr_store.mjs';
import { Refused, indices, parseMetadata, product, readArray, root, skip, startLoader } from './zarr_reader.mjs';

const oracle = join(dirname(fileURLToPath(import.meta.url)), 'zarr_oracle.py');
const fixtures = process.env.MIFASCOPE_FIXTURES ?? join(root, '..', 'shared', 'fixtures');
const kMostElements = 16 << 20;

/** Part of the path → part of the message. Everything else has to be read. */
const kRefused = {
  'dtype |O': /^expected a data type among .*received the string "\|O"/,
  'dtype |S': /^expected a data type among .*received the string "\|S\d+"/,
  'dtype <U': /^expected a data type among .*received the string "<U\d+"/,
  'dtype >U': /^expected a data type among .*received the string ">U\d+"/,
  'data_type string': /^expected a data type among .*received the string "string"/,
  'data_type {"name":"optional"': /^expected a data type among .*received the string "optional"/,
  'codec bz2': /^unknown codec "(numcodecs\.)?bz2"/,
  'codec pcodec': /^unknown codec "(numcodecs\.)?pcodec"/,
  'codec zfpy': /^unknown codec "(numcodecs\.)?zfpy"/,
};

/** What about an array makes it unreadable, as a key of kRefused. */
function reason(metadata) {
  const type = metadata.dtype ?? metadata.data_type;
  const codecs = [...(metadata.codecs ?? []), ...(metadata.filters ?? []), metadata.compressor ?? {}];
  const names = codecs.map((codec) => (codec.name ?? codec.id ?? '').replace('numcodecs.', ''));
  if (typeof type === 'object') return `data_type {"name":"${type.name}"`;
  if (type === 'string') return 'data_type string';
  const kind = /^[|<>][OSU]/.exec(type);
  if (kind) return `dtype ${kind[0]}`;
  const heavy = names.find((name) => ['bz2', 'pcodec', 'zfpy'].includes(name));
  return heavy && `codec ${heavy}`;
}

/** What zarrita 0.7 cannot read: a filter that it does not know (zarr-python reads that array). */
const kNotZarrita = /fixedscaleoffset/;
/** Node 20 has no array for float16: -1000.5, 0, 1000.5, 0, says who wrote it. */
const kHalf = '1d.contiguous.f2.le';

function* arrays(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) yield* arrays(join(folder, entry.name));
    else if (entry.name === '.zarray') yield { path: folder, file: '.zarray' };
    else if (entry.name === 'zarr.json') yield { path: folder, file: 'zarr.json' };
  }
}

/** An array's elements as zarrita gives them, little-endian, in C order. */
async function zarritaBytes(path, file) {
  const location = zarr.root(new FileSystemStore(path));
  const open = file === '.zarray' ? zarr.open.v2 : zarr.open.v3;
  const array = await open(location, { kind: 'array' });
  const read = await zarr.get(array);
  if (typeof read !== 'object') {
    assert.equal(typeof read, 'boolean', 'a scalar that tests meet');
    return Uint8Array.of(Number(read));
  }
  const { data, shape, stride } = read;
  const elements = data.slice ? data : Uint8Array.from(data, Number);  // booleans
  const ordered = elements.slice();
  let at = 0;
  for (const index of indices(shape)) {
    ordered[at++] = elements[index.reduce((sum, place, axis) => sum + place * stride[axis], 0)];
  }
  return new Uint8Array(ordered.buffer);
}

const there = existsSync(fixtures) ? false : `needs ${fixtures}`;

test('arrays of other writers are read as other readers read them, or refused for a stated reason', { skip: skip || there }, async (t) => {
  const loader = await startLoader();
  const met = new Set();
  const v2 = [];
  const counts = { zarrita: 0, refused: 0, large: 0, broken: 0 };
  for (const { path, file } of arrays(fixtures)) {
    const name = relative(fixtures, path);
    const text = readFileSync(join(path, file), 'utf8');
    let metadata;
    try {
      metadata = parseMetadata(text);
    } catch {
      counts.broken += 1;  // invalid on purpose; the parser's own tests see to it
      continue;
    }
    if (file === 'zarr.json' && metadata.node_type !== 'array') continue;
    if (/broken|invalid/.test(name)) {
      counts.broken += 1;
      continue;
    }
    const get = (key) => (existsSync(join(path, key)) ? readFileSync(join(path, key)) : undefined);
    const expected = reason(metadata);
    if (expected) {
      assert.ok(kRefused[expected], `${name}: ${expected}`);
      assert.throws(
        () => readArray(loader, join(name, file), text, get),
        (error) => error instanceof Refused && kRefused[expected].test(error.message) && error.code === 'unsupported',
        name,
      );
      met.add(expected);
      counts.refused += 1;
      continue;
    }
    if (product(metadata.shape) > kMostElements) {
      counts.large += 1;
      continue;
    }
    await t.test(name, async () => {
      const { bytes, type } = readArray(loader, join(name, file), text, get);
      if (file === '.zarray') v2.push({ path, sha256: createHash('sha256').update(bytes).digest('hex') });
      if (name.endsWith(kHalf)) {
        assert.deepEqual([...new Uint16Array(bytes.buffer)], [0xe3d1, 0, 0x63d1, 0]);
        return;
      }
      if (kNotZarrita.test(name)) return;
      const other = await zarritaBytes(path, file);
      assert.ok(Buffer.compare(bytes, other) === 0, `${type}: other elements than zarrita's`);
      counts.zarrita += 1;
    });
  }
  t.diagnostic(`${JSON.stringify(counts)}, v2: ${v2.length}`);
  assert.deepEqual([...met].sort(), Object.keys(kRefused).sort());
  assert.ok(counts.zarrita > 150, `${counts.zarrita} compared`);

  await t.test('zarr-python reads the v2 ones alike', (inner) => {
    const run = spawnSync('/usr/bin/python3', ['-B', oracle], {
      input: v2.map(({ path }) => path).join('\n'),
      encoding: 'utf8',
    });
    if (run.error || run.status === 3) return inner.skip(`needs python3-zarr: ${run.stderr ?? run.error.message}`);
    assert.equal(run.status, 0, run.stderr);
    const answers = run.stdout.trim().split('\n').map((line) => JSON.parse(line));
    const unread = answers.filter(({ error }) => error).map(({ path, error }) => `${relative(fixtures, path)}: ${error}`);
    const differing = answers.flatMap(({ path, sha256 }, i) => (sha256 && sha256 !== v2[i].sha256 ? [relative(fixtures, path)] : []));
    assert.deepEqual(differing, []);
    const old = unread.filter((reason) => !/unexpected keyword argument 'checksum'/.test(reason));  // of zstd, since 0.12
    assert.deepEqual(old, []);
  });
});
