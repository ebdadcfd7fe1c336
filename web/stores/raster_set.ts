// One image in several OME-TIFF files: each has the metadata of all of it and some of its planes.

import type { DatasetIssue } from '../state.ts';
import { RasterStore, type RasterStoreOptions } from './raster_file_store.ts';
import { keySegments, type GetOptions, type Store, type StoreReply } from './store.ts';

const kOtherFiles = 'ome-tiff/other-files';

/** Whether a file says that planes of its image are in others. */
export async function hasOtherFiles(store: RasterStore): Promise<boolean> {
  const issues = await store.issues();
  return issues.some(({ rule }) => rule === kOtherFiles);
}

export class RasterSetStore implements Store {
  readonly description: string;
  readonly oneImage = true;
  readonly #files: readonly RasterStore[];
  /** Which file had a plane, by the chunk's place without rows and columns. */
  readonly #holders = new Map<string, RasterStore>();

  /** Precondition: at least one file. Names are keys of the container. */
  constructor(container: Store, names: readonly string[], options: RasterStoreOptions = {}) {
    this.#files = names.map((name) => new RasterStore(container, name, options));
    this.description = `${container.description}/${names[0] ?? ''} and ${names.length - 1} more`;
  }

  async get(key: string, options: GetOptions = {}): Promise<StoreReply> {
    const path = keySegments(key)?.join('/') ?? '';
    const [first] = this.#files;
    const plane = /^(.*\/c\/.*)\/\d+\/\d+$/.exec(path)?.[1];
    if (plane === undefined) return (first as RasterStore).get(path, options);
    // Levels of one plane are in one file.
    const place = plane.replace(/^(.*\/)?\d+\/c\//, '$1');
    const known = this.#holders.get(place);
    if (known) return known.get(path, options);
    // A file that does not have the plane gives zeros. So does one whose plane is black, which costs a look at the rest.
    let black: StoreReply | null = null;
    for (const file of this.#files) {
      const reply = await file.get(path, options);
      if (!reply.found) return reply;
      if (reply.bytes.some((byte) => byte !== 0)) {
        this.#holders.set(place, file);
        return reply;
      }
      black ??= reply;
    }
    return black as StoreReply;
  }

  async issues(): Promise<readonly DatasetIssue[]> {
    const [first] = this.#files;
    return ((await first?.issues()) ?? []).filter(({ rule }) => rule !== kOtherFiles);
  }

  async format(): Promise<string | undefined> {
    const format = await this.#files[0]?.format();
    return format && `${this.#files.length} files, ${format}`;
  }
}
