// Damaged zips by the thousand: every one gets a reply for every file, in time and within memory.
// A failure names its seed; MIFASCOPE_ZIP_SEED repeats one.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BlobStore } from '../../web/stores/blob.ts';
import { ZipStore } from '../../web/stores/zip.ts';
import { zipOf } from './zip_files.ts';

const kRuns = 4000;
/** No zip here is larger than 300 KB: what one costs must not depend on what it claims. */
const kMostMs = 3000;
const kMostBytes = 64 * 1024 * 1024;

/** Small numbers from a seed (mulberry32). */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function seeds(): Uint8Array<ArrayBuffer>[] {
  const data = Uint8Array.from({ length: 400 }, (_, i) => i * 7);
  const files = ['zarr.json', 'image/0', 'image/.zattrs', '0'].map((name) => ({ name, data }));
  const made = [
    zipOf(files),
    zipOf(files.map((file) => ({ ...file, deflate: true }))),
    zipOf(files, { zip64: true, comment: '{"ome": {}}' }),
    zipOf(files, { before: 100 }),
  ];
  const fixtures = '../shared/fixtures/neuroglancer-zip';
  for (const folder of [fixtures, join(fixtures, 'from-yauzl', 'success'), join(fixtures, 'from-yauzl', 'failure')]) {
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder)) {
      if (name.endsWith('.zip')) made.push(new Uint8Array(readFileSync(join(folder, name))));
    }
  }
  return made;
}

const kExtremes = [0, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, 0x04034b50, 0x02014b50, 0x06054b50, 0x06064b50];

function damaged(bytes: Uint8Array<ArrayBuffer>, random: (below: number) => number): Uint8Array<ArrayBuffer> {
  let out = bytes.slice();
  // Half of the damage goes to the end, where the directory is.
  const place = (): number => (random(2) ? random(out.length + 1) : Math.max(0, out.length - 1 - random(120)));
  for (let n = random(5) + 1; n > 0 && out.length > 0; --n) {
    const at = Math.min(place(), out.length - 1);
    const view = new DataView(out.buffer);
    switch (random(6)) {
      case 0:
        out[at] = random(256);
        break;
      case 1:
        out[at] = (out[at] ?? 0) ^ (1 << random(8));
        break;
      case 2:
        if (at + 4 <= out.length) view.setUint32(at, kExtremes[random(kExtremes.length)] ?? 0, true);
        break;
      case 3:
        if (at + 2 <= out.length) view.setUint16(at, [0, 1, 8, 0xffff, random(65536)][random(5)] ?? 0, true);
        break;
      case 4:
        out = random(4) ? out : out.slice(0, at);
        break;
      case 5: {
        const from = random(out.length);
        out.copyWithin(at, from, Math.min(out.length, from + random(64)));
        break;
      }
    }
  }
  return out;
}

const kFiles = ['zarr.json', 'image/0', '0', '.zattrs', 'a.txt', 'b.txt', 'index.js', 'README.txt', 'test1.txt', '../x'];

async function readAll(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const store = new ZipStore(new BlobStore(new Blob([bytes]), 'x.zip'));
  let found = 0;
  for (const key of kFiles) {
    for (const range of [undefined, { offset: 1, length: 9 }, { suffix: 3 }]) {
      const reply = await store.get(key, { range });
      if (!reply.found) assert.ok(reply.error.message.length > 20, JSON.stringify(reply.error));
      found += reply.found ? 1 : 0;
    }
  }
  await store.list('');
  await store.issues();
  return found;
}

test(`${kRuns} damaged zips`, async () => {
  const only = process.env['MIFASCOPE_ZIP_SEED'];
  const originals = seeds();
  let readable = 0;
  for (let run = 0; run < kRuns; ++run) {
    if (only !== undefined && run !== Number(only)) continue;
    const random = randomOf(run + 1);
    const original = originals[random(originals.length)] ?? new Uint8Array(0);
    const started = performance.now();
    const before = process.memoryUsage().arrayBuffers;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${kMostMs} ms`)), kMostMs);
    });
    try {
      readable += (await Promise.race([readAll(damaged(original, random)), late])) > 0 ? 1 : 0;
    } catch (error) {
      throw new Error(`MIFASCOPE_ZIP_SEED=${run}: ${String(error)}`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
    assert.ok(performance.now() - started < kMostMs, `MIFASCOPE_ZIP_SEED=${run} took too long`);
    const grown = process.memoryUsage().arrayBuffers - before;
    assert.ok(grown < kMostBytes, `MIFASCOPE_ZIP_SEED=${run} took ${grown} bytes`);
  }
  // Neither all nor none: the damage is of the kind that needs care.
  if (only === undefined) assert.ok(readable > kRuns / 20 && readable < kRuns, `${readable} of ${kRuns} were readable`);
});
