// A dataset with others laid over it, and which files of a folder are one series.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readBlob } from '../../web/stores/blob.ts';
import { MountStore } from '../../web/stores/mounts.ts';
import { numberedFiles } from '../../web/stores/raster_stack.ts';
import { badKey, keySegments, refuse, type Store } from '../../web/stores/store.ts';
import { contractFiles, storeContract } from './store_contract.ts';

/** Files in memory, as the contract wants them. */
function memoryStore(name: string, files: ReadonlyMap<string, Uint8Array>): Store {
  return {
    description: name,
    get: async (key, { range, signal } = {}) => {
      const segments = keySegments(key);
      if (!segments) return badKey(key, name);
      const bytes = files.get(segments.join('/'));
      const url = `${name}/${key}`;
      if (!bytes) return refuse({ code: 'missing', status: 0, url, message: `Expected the file ${url}; there is none.` });
      return readBlob(new Blob([bytes as Uint8Array<ArrayBuffer>]), url, range, signal);
    },
  };
}

describe('a store with nothing mounted keeps the contract', () => {
  for (const { name, run } of storeContract(async () => new MountStore(memoryStore('base', contractFiles)))) test(name, run);
});

describe('mounted stores', () => {
  const text = async (store: Store, key: string): Promise<string> => {
    const reply = await store.get(key);
    return reply.found ? new TextDecoder().decode(reply.bytes) : reply.error.code;
  };
  const of = (name: string): Store => memoryStore(name, new Map([['zarr.json', new TextEncoder().encode(name)]]));

  test('their files are below the folder that mount() names', async () => {
    const store = new MountStore(of('image'));
    const first = store.mount(of('mask'));
    const second = store.mount(of('other'));
    assert.equal(await text(store, 'zarr.json'), 'image');
    assert.equal(await text(store, `${first}/zarr.json`), 'mask');
    assert.equal(await text(store, `${second}/zarr.json`), 'other');
    assert.equal(await text(store, `${second}/0/zarr.json`), 'missing');
    assert.equal(await text(store, '.mounted/7/zarr.json'), 'missing');
  });
});

describe('numbered files', () => {
  test('the largest set that differs in one number is the series', () => {
    const [series] = numberedFiles(['t010.tif', 't002.tif', 't001.tif', 'overview.tif', 'mask1.png', 'readme1.txt', '.t003.tif']);
    assert.equal(series?.pattern, 't#.tif');
    assert.deepEqual(series?.files, [[1, 't001.tif'], [2, 't002.tif'], [10, 't010.tif']]);
  });

  test('of several numbers in a name the last one counts', () => {
    const [series] = numberedFiles(['exp7_t0.tif', 'exp7_t1.tif', 'exp8_t0.tif']);
    assert.equal(series?.pattern, 'exp7_t#.tif');
  });
});
