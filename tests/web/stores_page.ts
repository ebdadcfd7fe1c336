// Runs inside the browser of stores_browser.test.ts.

import { HttpStore, type HttpStoreOptions } from '../../web/stores/http.ts';
import type { GetOptions, StoreError } from '../../web/stores/store.ts';
import { storeContract } from './store_contract.ts';

export interface StoresPage {
  /** What each case of the contract says against a store at `url`: null if it passes. */
  contract(url: string): Promise<{ name: string; error: string | null }[]>;
  /** The length of what get() brings, or its error. */
  get(
    url: string,
    key: string,
    options?: Pick<GetOptions, 'range'>,
    store?: Pick<HttpStoreOptions, 'headers'>,
  ): Promise<number | StoreError>;
  /** Asks for `count` parts of one file at once; milliseconds until the last is there. */
  parts(url: string, key: string, count: number, length: number): Promise<number>;
}

const page: StoresPage = {
  async contract(url) {
    const results = [];
    for (const { name, run } of storeContract(async () => new HttpStore(url))) {
      const error = await run().then(() => null, (thrown: unknown) => String(thrown));
      results.push({ name, error });
    }
    return results;
  },
  async get(url, key, options = {}, storeOptions = {}) {
    const reply = await new HttpStore(url, storeOptions).get(key, options);
    return reply.found ? reply.bytes.length : reply.error;
  },
  async parts(url, key, count, length) {
    const store = new HttpStore(url);
    const started = performance.now();
    const ranges = Array.from({ length: count }, (_, i) => ({ offset: i * length, length }));
    await Promise.all(ranges.map((range) => store.get(key, { range })));
    return performance.now() - started;
  },
};

Object.assign(globalThis, { page, ready: true });
