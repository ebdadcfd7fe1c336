// The reader of shards against a store in memory: what it asks for, and what it makes of bad answers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShardReader, coalesced } from '../../web/stores/shards.ts';
import { refuse, type GetOptions, type Store, type StoreReply } from '../../web/stores/store.ts';
import type { ArrayHandle, DecoderPool } from '../../web/workers/pool.ts';

const kAbsent = 0xffffffffffffffffn;
const kLayout = { count: 4, indexBytes: 64, indexAtStart: false };
const never = new AbortController().signal;

/** A shard of the given chunks (null: absent), its index uncompressed at the end. */
function shard(chunks: readonly (Uint8Array | null)[]): Uint8Array<ArrayBuffer> {
  const index = new BigUint64Array(chunks.length * 2).fill(kAbsent);
  let at = 0;
  chunks.forEach((chunk, i) => {
    if (!chunk) return;
    index[2 * i] = BigInt(at);
    index[2 * i + 1] = BigInt(chunk.length);
    at += chunk.length;
  });
  const file = new Uint8Array(at + index.byteLength);
  at = 0;
  for (const chunk of chunks) {
    if (!chunk) continue;
    file.set(chunk, at);
    at += chunk.length;
  }
  file.set(new Uint8Array(index.buffer), at);
  return file;
}

class MemoryStore implements Store {
  readonly description = 'memory';
  readonly asked: string[] = [];
  constructor(readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>) {}

  async get(key: string, { range, signal }: GetOptions = {}): Promise<StoreReply> {
    await Promise.resolve();
    this.asked.push(`${key} ${range ? JSON.stringify(range) : 'whole'}`);
    if (signal?.aborted) return refuse({ code: 'aborted', status: 0, url: key, message: 'aborted' });
    const file = this.files.get(key);
    if (!file) return refuse({ code: 'missing', status: 404, url: key, message: 'not there' });
    if (!range) return { found: true, bytes: file.slice() };
    const [begin, end] =
      'suffix' in range
        ? [file.length - range.suffix, file.length]
        : [range.offset, Math.min(range.offset + range.length, file.length)];
    return { found: true, bytes: file.slice(begin, end), total: file.length };
  }
}

const pool = {
  decodeShardIndex: (_: ArrayHandle, bytes: Uint8Array) =>
    Promise.resolve(new BigUint64Array(bytes.slice().buffer)),
} as unknown as DecoderPool;

function reader(files: Record<string, Uint8Array<ArrayBuffer>>): { store: MemoryStore; shards: ShardReader } {
  const store = new MemoryStore(new Map(Object.entries(files)));
  const array = { id: 1, release: () => undefined };
  return { store, shards: new ShardReader(store, pool, array, kLayout) };
}

const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

test('chunks of one shard cost one index and, side by side, one request', async () => {
  const { store, shards } = reader({ s: shard([filled(10, 1), filled(20, 2), null, filled(30, 3)]) });
  const replies = await Promise.all([3, 0, 1].map((place) => shards.read('s', place, never)));
  assert.deepEqual(
    replies.map((reply) => (reply.found ? [reply.bytes.length, reply.bytes[0]] : null)),
    [
      [30, 3],
      [10, 1],
      [20, 2],
    ],
  );
  assert.deepEqual(store.asked, ['s {"suffix":64}', 's {"offset":0,"length":60}']);
});

test('an absent entry and an absent shard are missing, which Zarr reads as the fill value', async () => {
  const { shards } = reader({ s: shard([filled(10, 1), null, null, null]) });
  for (const [key, place] of [
    ['s', 2],
    ['t', 0],
  ] as const) {
    const reply = await shards.read(key, place, never);
    assert.equal(reply.found ? 'found' : reply.error.code, 'missing');
  }
});

test('an index that points past the end says so, and the other chunks are read', async () => {
  const file = shard([filled(10, 1), filled(20, 2), null, null]);
  new DataView(file.buffer).setBigUint64(file.length - 64 + 16, 1_000_000n, true);
  const { shards } = reader({ s: file });
  const bad = await shards.read('s', 1, never);
  assert.ok(!bad.found);
  assert.equal(bad.error.code, 'fix-data');
  assert.equal(
    bad.error.message,
    'Expected chunk 1 of the shard s inside the file (94 bytes), received offset 1000000 and length 20 in its index. The shard is damaged: write the array again.',
  );
  assert.ok((await shards.read('s', 0, never)).found);
});

test('an index that points into itself says so', async () => {
  const file = shard([filled(10, 1), filled(20, 2), null, null]);
  new DataView(file.buffer).setBigUint64(file.length - 64 + 16, 11n, true);
  const { shards } = reader({ s: file });
  const bad = await shards.read('s', 1, never);
  assert.match(
    bad.found ? '' : bad.error.message,
    /^Expected chunk 1 of the shard s outside the index itself \(64 bytes\), received offset 11 and length 20/,
  );
  assert.ok((await shards.read('s', 0, never)).found);
});

test('where the size is not known, the read itself finds the end', async () => {
  const file = shard([filled(10, 1), filled(20, 2), null, null]);
  new DataView(file.buffer).setBigUint64(file.length - 64 + 16, 80n, true);
  const { store, shards } = reader({ s: file });
  const get = store.get.bind(store);
  store.get = async (key, options) => {
    const reply = await get(key, options);
    return reply.found ? { found: true, bytes: reply.bytes } : reply;
  };
  const bad = await shards.read('s', 1, never);
  assert.match(bad.found ? '' : bad.error.message, /20 bytes at offset 80 of the shard s.*cut off/);
});

test('an offset no file can have is refused before it is asked for', async () => {
  const file = shard([filled(10, 1), null, null, null]);
  new DataView(file.buffer).setBigUint64(file.length - 64, 2n ** 63n, true);
  const { store, shards } = reader({ s: file });
  const reply = await shards.read('s', 0, never);
  assert.match(reply.found ? '' : reply.error.message, /The shard is damaged/);
  assert.equal(store.asked.length, 1);
});

test('one reader that gives up does not take the others along', async () => {
  const { shards } = reader({ s: shard([filled(10, 1), filled(20, 2), null, null]) });
  const controller = new AbortController();
  const first = shards.read('s', 0, controller.signal);
  const second = shards.read('s', 1, never);
  controller.abort();
  const [gone, kept] = await Promise.all([first, second]);
  assert.equal(gone.found ? 'found' : gone.error.code, 'aborted');
  assert.ok(kept.found);
});

test('chunks far apart, or too many bytes, are asked for separately', () => {
  const wanted = (offset: number, length: number): Parameters<typeof coalesced>[0][number] => ({
    offset,
    length,
    signal: never,
    resolve: () => undefined,
  });
  assert.equal(coalesced([wanted(0, 10), wanted(1_000_000, 10)]).length, 2);
  assert.equal(coalesced([wanted(0, 6_000_000), wanted(6_000_000, 6_000_000)]).length, 2);
  assert.equal(coalesced([wanted(20, 10), wanted(0, 10)]).length, 1);
});
