// Requests that leave before anybody has asked: the page knows the names of a dataset's root
// metadata, so it asks for them while the WebAssembly is still being compiled.

import {
  refuse,
  type GetOptions,
  type Store,
  type StoreListing,
  type StoreReply,
} from './store.ts';

/** What a reader of OME-Zarr 0.1–0.6 looks at first. */
export const kRootMetadata: readonly string[] = ['zarr.json', '.zattrs', '.zmetadata'];

interface Early {
  readonly reply: Promise<StoreReply>;
  readonly controller: AbortController;
}

export class PrefetchStore implements Store {
  readonly description: string;
  readonly list?: NonNullable<Store['list']>;
  readonly #store: Store;
  readonly #early = new Map<string, Early>();

  /** Sends the requests for `keys` at once. Each reply is served once; then the store is asked anew. */
  constructor(store: Store, keys: readonly string[] = kRootMetadata) {
    this.description = store.description;
    this.#store = store;
    for (const key of keys) {
      const controller = new AbortController();
      this.#early.set(key, { reply: store.get(key, { signal: controller.signal }), controller });
    }
    if (store.list) {
      const list = store.list.bind(store);
      this.list = (prefix, options): Promise<StoreListing> => list(prefix, options);
    }
  }

  get(key: string, options: GetOptions = {}): Promise<StoreReply> {
    const early = options.range ? undefined : this.#early.get(key);
    if (!early) return this.#store.get(key, options);
    this.#early.delete(key);
    const { signal } = options;
    if (!signal) return early.reply;
    return new Promise((resolve) => {
      const giveUp = (): void => {
        early.controller.abort();
        resolve(
          refuse({
            code: 'aborted',
            status: 0,
            url: this.description,
            message: `The request for ${key} of ${this.description} was cancelled.`,
          }),
        );
      };
      if (signal.aborted) return giveUp();
      signal.addEventListener('abort', giveUp, { once: true });
      void early.reply.then((reply) => {
        signal.removeEventListener('abort', giveUp);
        resolve(reply);
      });
    });
  }

  async issues(): ReturnType<NonNullable<Store['issues']>> {
    return (await this.#store.issues?.()) ?? [];
  }

  async format(): Promise<string | undefined> {
    return this.#store.format?.();
  }

  /** Ends the early requests that nobody has come for. */
  cancel(): void {
    for (const { controller } of this.#early.values()) controller.abort();
    this.#early.clear();
  }
}
