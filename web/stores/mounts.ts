// A dataset with others laid over it: their files have keys below ".mounted/<number>/".

import { unlistable } from './late.ts';
import { refuse, type GetOptions, type Store, type StoreListing, type StoreReply } from './store.ts';

const kMounted = /^\.mounted\/(\d+)(?:\/|$)/;

export class MountStore implements Store {
  readonly description: string;
  readonly list?: NonNullable<Store['list']>;
  readonly #base: Store;
  readonly #mounted: Store[] = [];

  constructor(base: Store) {
    this.description = base.description;
    this.#base = base;
    if (base.list) this.list = (prefix, options): Promise<StoreListing> => this.#list(prefix, options);
  }

  /** The folder in which the store's files are from now on. */
  mount(store: Store): string {
    return `.mounted/${this.#mounted.push(store) - 1}`;
  }

  get(key: string, options: GetOptions = {}): Promise<StoreReply> {
    const place = this.#find(key);
    return place.store.get(place.key, options);
  }

  #list(prefix: string, options: Pick<GetOptions, 'signal'> | undefined): Promise<StoreListing> {
    const { store, key } = this.#find(prefix);
    return store.list?.(key, options) ?? Promise.resolve(refuse(unlistable(store.description)));
  }

  #find(key: string): { store: Store; key: string } {
    const [start, number] = kMounted.exec(key) ?? [];
    const store = this.#mounted[Number(number)];
    return start !== undefined && store ? { store, key: key.slice(start.length) } : { store: this.#base, key };
  }
}
