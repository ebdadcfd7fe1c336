// Stores that stand in for one that is on its way, or that will never be there.

import type { RasterStoreOptions } from './raster.ts';
import {
  refuse,
  type GetOptions,
  type Store,
  type StoreError,
  type StoreListing,
  type StoreReply,
} from './store.ts';

/** The answer to a caller whose own signal has ended. */
export function cancelled(url: string): StoreReply & { readonly found: false } {
  return refuse({ code: 'aborted', status: 0, url, message: `The request for ${url} was cancelled.` });
}

/** `work`, or 'aborted' as soon as the signal says so; the work itself goes on for its other callers. */
export function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T | 'aborted'> {
  if (!signal) return work;
  if (signal.aborted) return Promise.resolve('aborted');
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve('aborted');
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Every file of it is refused for one reason: an address that cannot be read, for instance. */
export function refusedStore(description: string, error: StoreError): Store {
  return {
    description,
    get: async (_key, { signal } = {}) => (signal?.aborted ? cancelled(description) : refuse(error)),
  };
}

/** A store whose code is being fetched. One that fails to load is asked for again with the next key. */
export class LateStore implements Store {
  readonly description: string;
  readonly #make: () => Promise<Store>;
  #store: Promise<Store> | null = null;

  constructor(description: string, make: () => Promise<Store>) {
    this.description = description;
    this.#make = make;
    void this.#load();
  }

  async get(key: string, options: GetOptions = {}): Promise<StoreReply> {
    const store = await this.#ready(options.signal);
    return 'get' in store ? store.get(key, options) : refuse(store);
  }

  async list(prefix: string, options: GetOptions = {}): Promise<StoreListing> {
    const store = await this.#ready(options.signal);
    if (!('get' in store)) return refuse(store);
    if (store.list) return store.list(prefix, options);
    return refuse(unlistable(this.description));
  }

  async issues(): ReturnType<NonNullable<Store['issues']>> {
    const store = await this.#ready(undefined);
    return ('get' in store && (await store.issues?.())) || [];
  }

  async format(): Promise<string | undefined> {
    const store = await this.#ready(undefined);
    return 'get' in store ? store.format?.() : undefined;
  }

  #load(): Promise<Store> {
    this.#store ??= this.#make();
    const loading = this.#store;
    loading.catch(() => {
      if (this.#store === loading) this.#store = null;
    });
    return loading;
  }

  async #ready(signal: AbortSignal | undefined): Promise<Store | StoreError> {
    try {
      const store = await unlessAborted(this.#load(), signal);
      return store === 'aborted' ? cancelled(this.description).error : store;
    } catch (error) {
      return {
        code: 'retry',
        status: 0,
        url: this.description,
        message: `Expected the part of the viewer that reads ${this.description}, received none (${error instanceof Error ? error.message : String(error)}). It is asked for again; if it lasts, load this page anew. Who runs this page has to serve all files of the viewer.`,
      };
    }
  }
}

/** The dataset in a zip, which is what `container` holds at "". What reads zips is fetched now. */
export function openZip(container: Store, root?: string): Store {
  return new LateStore(container.description, async () => {
    const { ZipStore } = await import('./zip.ts');
    return new ZipStore(container, '', { root });
  });
}

/** What a file's name says of it: read as pixels, as far as its bytes do not say otherwise. */
export const kRasterName = /\.(tiff?|btf|tf8|png|jpe?g|jpe)$/i;

/** The image file that `container` holds at `key`. What reads TIFF, PNG and JPEG is fetched now. */
export function openRaster(container: Store, key = '', options: RasterStoreOptions = {}): Store {
  const description = key === '' ? container.description : `${container.description}/${key}`;
  return new LateStore(description, async () => new (await import('./raster.ts')).RasterStore(container, key, options));
}

export function unlistable(place: string): StoreError {
  return {
    code: 'forbidden',
    status: 0,
    url: place,
    message: `Expected a list of the files in ${place}; a web server gives none that a program can read. Name the image itself in the address.`,
  };
}
