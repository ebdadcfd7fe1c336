// A dataset in a folder on this computer. Nothing of it leaves the page.

import { readBlob, unreadable } from './blob.ts';
import { kMetadataFiles } from './dataset_root.ts';
import type { Folder } from './folders.ts';
import { cancelled, kRasterName, unlessAborted } from './late.ts';
import {
  badKey,
  keySegments,
  refuse,
  type GetOptions,
  type Store,
  type StoreEntry,
  type StoreListing,
  type StoreReply,
} from './store.ts';

/** Most names of a folder that are listed. A folder of an image's chunks has more; nobody lists those. */
export const kListedFiles = 100_000;
/** Folders kept open: opening one costs a trip to the browser's own process. */
const kKeptFolders = 4096;
/** For so long, in ms, a folder that was there is taken to be there still. */
const kPresenceMs = 1000;

export class DirectoryStore implements Store {
  readonly description: string;
  readonly #root: Folder;
  readonly #folders = new Map<string, Promise<Folder | null>>();
  #presentUntil = 0;

  constructor(root: Folder, description = root.name) {
    this.#root = root;
    this.description = description;
  }

  async get(key: string, options: GetOptions = {}): Promise<StoreReply> {
    const segments = keySegments(key);
    if (!segments) return badKey(key, this.description);
    const path = segments.join('/');
    const url = `${this.description}/${path}`;
    const { range, signal } = options;
    if (signal?.aborted) return cancelled(url);
    try {
      const file = await unlessAborted(this.#file(segments), signal);
      if (file === 'aborted') return cancelled(url);
      if (!file) {
        await this.#present();
        return refuse(absent(url));
      }
      const reply = await readBlob(file, url, range, signal);
      if (reply.found || reply.error.code !== 'fix-data') return reply;
      // One that has been written anew is another file now, for those folders that are looked into anew.
      const again = await this.#file(segments);
      return again && again !== file ? readBlob(again, url, range, signal) : reply;
    } catch (error) {
      return refuse(unreadable(error, url));
    }
  }

  async list(prefix: string, options: Pick<GetOptions, 'signal'> = {}): Promise<StoreListing> {
    const segments = keySegments(prefix);
    if (!segments) return badKey(prefix, this.description);
    const url = [this.description, ...segments].join('/');
    try {
      const folder = await this.#folder(segments);
      if (!folder) return refuse(absent(url));
      const entries: StoreEntry[] = [];
      for await (const entry of folder.entries()) {
        if (options.signal?.aborted) return cancelled(url);
        entries.push(entry);
        if (entries.length > kListedFiles) {
          return refuse({ code: 'limit', status: 0, url, message: `Expected at most ${kListedFiles} names (limit kListedFiles) in the folder ${url}, received more. Open the image's own folder.` });
        }
      }
      return { found: true, entries };
    } catch (error) {
      return refuse(unreadable(error, url));
    }
  }

  async #file(segments: readonly string[]): Promise<File | null> {
    const name = segments.at(-1);
    if (name === undefined) return null;
    const folder = await this.#folder(segments.slice(0, -1));
    return folder && folder.file(name);
  }

  #folder(segments: readonly string[]): Promise<Folder | null> {
    const name = segments.at(-1);
    if (name === undefined) return Promise.resolve(this.#root);
    const path = segments.join('/');
    const known = this.#folders.get(path);
    if (known) return known;
    const opening = this.#folder(segments.slice(0, -1)).then((parent) => parent && parent.folder(name));
    this.#folders.set(path, opening);
    const [oldest] = this.#folders.keys();
    if (this.#folders.size > kKeptFolders && oldest !== undefined) this.#folders.delete(oldest);
    // One that is not there may come; one that failed may work again.
    opening.then((folder) => folder ?? this.#folders.delete(path), () => this.#folders.delete(path));
    return opening;
  }

  /** Rejects if the folder itself has gone: a disk that was unplugged must not look like an empty image. */
  async #present(): Promise<void> {
    if (performance.now() < this.#presentUntil) return;
    for await (const _ of this.#root.entries()) break;
    this.#presentUntil = performance.now() + kPresenceMs;
  }
}

function absent(url: string): { code: 'missing'; status: 0; url: string; message: string } {
  return { code: 'missing', status: 0, url, message: `Expected the file ${url}; the folder has none of that name.` };
}

/** How deep and how wide an image is looked for. */
const kSearchedLevels = 4;
const kSearchedFolders = 500;

/**
 * The store of the dataset in a folder: the folder itself, or the shallowest one below it that has
 * Zarr metadata. Where several are equally shallow, it is the folder that was given; where none is found,
 * the image files in that folder are opened, if there are any.
 */
export async function openFolder(root: Folder): Promise<Store> {
  let level: { readonly folder: Folder; readonly path: string }[] = [{ folder: root, path: root.name }];
  let left = kSearchedFolders;
  for (let depth = 0; depth <= kSearchedLevels && level.length > 0; ++depth) {
    const found: typeof level = [];
    const next: typeof level = [];
    for (const place of level) {
      if (--left < 0) return new DirectoryStore(root);
      const names = await lookInto(place.folder);
      if (names.isDataset) found.push(place);
      for (const name of names.folders) {
        const folder = await place.folder.folder(name).catch(() => null);
        if (folder) next.push({ folder, path: `${place.path}/${name}` });
      }
    }
    const [only] = found;
    if (only && found.length === 1) return new DirectoryStore(only.folder, only.path);
    if (found.length > 1) return new DirectoryStore(root);
    level = next;
  }
  return (await openFolderOfImages(root)) ?? new DirectoryStore(root);
}

/** A folder without Zarr but with image files: a series over time, or the one image. */
async function openFolderOfImages(folder: Folder): Promise<Store | null> {
  const names: string[] = [];
  try {
    for await (const { name, kind } of folder.entries()) {
      if (kind === 'file' && kRasterName.test(name) && names.push(name) >= kListedFiles) break;
    }
  } catch {
    return null;  // Said when the folder's store is asked.
  }
  if (names.length === 0) return null;
  return (await import('./raster.ts')).openImages(new DirectoryStore(folder), names);
}

async function lookInto(folder: Folder): Promise<{ isDataset: boolean; folders: string[] }> {
  const folders: string[] = [];
  try {
    // By name first: a folder of chunks is not worth listing.
    for (const name of kMetadataFiles) {
      if (await folder.file(name)) return { isDataset: true, folders };
    }
    for await (const { name, kind } of folder.entries()) {
      if (kind === 'directory' && folders.push(name) >= kSearchedFolders) break;
    }
  } catch {
    // What cannot be read is said when it is asked for.
  }
  return { isDataset: false, folders };
}
