// A dataset with others laid over it: their files have keys below ".mounted/<number>/".

import { refuse, type GetOptions, type Store, type StoreListing, type StoreReply } from './store.ts';

const kMounted = /^\.mounted\/(\d+)(?:\/|$)/;

export class MountStore implements Store {
  readonly description: string;
  readonly #base: Store;
  readonly #mounted: Store[] = [];

  constructor(base: Store) {
    this.description = base.description;
    this.#base = base;
  }

  /** The folder in which the store's files are from now on. */
  mount(store: Store): string {
    return `.mounted/${this.#mounted.push(store) - 1}`;
  }

  get(key: string, options: GetOptions = {}): Promise<StoreReply> {
    const place = this.#find(key);
    return place.store.get(place.key, options);
  }

  list(prefix: string, options: GetOptions = {}): Promise<StoreListing> {
    const { store, key } = this.#find(prefix);
    if (store.list) return store.list(key, options);
    return Promise.resolve(refuse({ code: 'forbidden', status: 0, url: store.description, message: `Expected a list of the files in ${store.description}; it gives none.` }));
  }

  #find(key: string): { store: Store; key: string } {
    const [start, number] = kMounted.exec(key) ?? [];
    const store = this.#mounted[Number(number)];
    return start !== undefined && store ? { store, key: key.slice(start.length) } : { store: this.#base, key };
  }
}
