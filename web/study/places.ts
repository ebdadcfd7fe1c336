// Where a study's files are: beside its document on a server, or in a store (a folder of this computer, a
// zip). Paths in documents are relative to the study's root.

import { storeSource, urlSource, type AnnotationSource } from '../annotations/source.ts';
import type { HttpStoreOptions } from '../stores/http.ts';
import { kRasterName, openRaster, openZip } from '../stores/late.ts';
import { openSource } from '../stores/open.ts';
import type { GetOptions, Store, StoreListing, StoreReply } from '../stores/store.ts';

/** Addresses that documents give instead of paths. */
const kAddress = /^(https?|s3|gs|gcs|zarr[23]?|s3\+https?):\/\//i;

export function isAddress(path: string): boolean {
  return kAddress.test(path);
}

export interface Places {
  /** Why others cannot open what is here, as a sentence; '' where its addresses lead to it. */
  readonly unreachable: string;
  /** The store to show the image from. `labels`: it is laid over another. */
  store(path: string, labels?: boolean): Store;
  /** The file itself: a document, or an annotation. */
  file(path: string): { readonly store: Store; readonly key: string };
  /** Its address, where it has one that others can open; null on this computer. */
  address(path: string): string | null;
  /** An annotation's bytes. */
  annotation(path: string): AnnotationSource;
  /** The same places, with paths from a folder in them. */
  below(root: string): Places;
}

/** A part of a store as a store of its own. */
export class FolderStore implements Store {
  readonly description: string;
  readonly list?: NonNullable<Store['list']>;
  readonly #store: Store;
  readonly #folder: string;

  constructor(store: Store, folder: string) {
    this.#store = store;
    this.#folder = folder;
    this.description = `${store.description}/${folder}`;
    if (store.list) {
      const list = store.list.bind(store);
      this.list = (prefix, options): Promise<StoreListing> => list(this.#key(prefix), options);
    }
  }

  get(key: string, options?: GetOptions): Promise<StoreReply> {
    return this.#store.get(this.#key(key), options);
  }

  #key(key: string): string {
    return key === '' ? this.#folder : `${this.#folder}/${key}`;
  }
}

/** `path` below the folder `base`, which ends with a slash; its query goes along. */
function addressOf(base: URL, path: string): URL {
  const url = new URL(base);
  const [folders, fragment] = path.split(/#(?=[^#]*$)/);
  url.pathname = base.pathname + (folders ?? '').replace(/^\.?\/+/, '').split('/').map(encodeURIComponent).join('/');
  if (fragment) url.hash = fragment;
  return url;
}

export class WebPlaces implements Places {
  readonly unreachable = '';
  readonly #base: URL;
  readonly #options: HttpStoreOptions;

  /** `base`: the folder that paths start from. */
  constructor(base: URL, options: HttpStoreOptions = {}) {
    this.#base = new URL(base);
    if (!this.#base.pathname.endsWith('/')) this.#base.pathname += '/';
    this.#options = options;
  }

  store(path: string, labels = false): Store {
    return openSource(this.address(path), { ...this.#options, base: this.#base, labels });
  }

  file(path: string): { readonly store: Store; readonly key: string } {
    return { store: openPlainFile(this.address(path), this.#options), key: '' };
  }

  address(path: string): string {
    return isAddress(path) ? path : addressOf(this.#base, path).href;
  }

  annotation(path: string): AnnotationSource {
    return urlSource(new URL(this.address(path)), this.#options.fetch);
  }

  below(root: string): Places {
    return root === '' ? this : new WebPlaces(addressOf(this.#base, root), this.#options);
  }
}

/** A file as it is, whatever its ending says: openSource() makes images of images. */
function openPlainFile(address: string, options: HttpStoreOptions): Store {
  const url = new URL(address);
  const slash = url.pathname.lastIndexOf('/');
  const name = decodeURIComponent(url.pathname.slice(slash + 1));
  url.pathname = url.pathname.slice(0, slash) || '/';
  return new FolderStore(openSource(url.href, options), name);
}

export class StorePlaces implements Places {
  readonly unreachable: string;
  readonly #store: Store;

  constructor(store: Store, unreachable = 'This image is on this computer: other programs open it by its path.') {
    this.#store = store;
    this.unreachable = unreachable;
  }

  store(path: string, labels = false): Store {
    if (isAddress(path)) return openSource(path, { labels });
    const clean = path.replace(/\/+$/, '');
    if (kRasterName.test(clean)) return openRaster(this.#store, clean, { labels });
    const folder = new FolderStore(this.#store, clean);
    return /\.(ozx|zip)$/i.test(clean) ? openZip(folder) : folder;
  }

  file(path: string): { readonly store: Store; readonly key: string } {
    return { store: this.#store, key: path };
  }

  address(path: string): string | null {
    return isAddress(path) ? path : null;
  }

  annotation(path: string): AnnotationSource {
    return isAddress(path) ? urlSource(new URL(path)) : storeSource(this.#store, path);
  }

  below(root: string): Places {
    return root === '' ? this : new StorePlaces(new FolderStore(this.#store, root), this.unreachable);
  }
}
