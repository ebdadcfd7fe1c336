// Every type × order × compressor, and every type × order × filters, as zarr-python 2 writes them: each
// array is written to a folder, read by zarr-python and by mifascope.wasm, and compared byte by byte.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readArray, skip, startLoader } from './zarr_reader.mjs';

const oracle = join(dirname(fileURLToPath(import.meta.url)), 'zarr_oracle.py');
const python = existsSync('/usr/bin/python3') ? false : 'no /usr/bin/python3';

test('what zarr-python 2 writes is read as zarr-python reads it', { skip: skip || python }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mifascope-zarr-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const run = spawnSync('/usr/bin/python3', ['-B', oracle, '--matrix', folder], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (run.status === 3) return t.skip(`needs python3-zarr: ${run.stderr.trim()}`);
  assert.equal(run.status, 0, run.stderr);
  const loader = await startLoader();
  const wrong = [];
  const arrays = run.stdout.trim().split('\n').map((line) => JSON.parse(line));
  for (const { path, sha256, error } of arrays) {
    assert.equal(error, undefined, path);
    const get = (key) => (existsSync(join(path, key)) ? readFileSync(join(path, key)) : undefined);
    try {
      const { bytes } = readArray(loader, basename(path), readFileSync(join(path, '.zarray'), 'utf8'), get);
      if (createHash('sha256').update(bytes).digest('hex') !== sha256) wrong.push(`${basename(path)}: other elements`);
    } catch (problem) {
      wrong.push(`${basename(path)}: ${problem.message}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(arrays.length > 1300, `${arrays.length} arrays`);
});
