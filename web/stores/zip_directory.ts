// The directory at the end of a zip, read by zip.js (which knows the format's many variants: zip64,
// encodings, archives with something before them) into a compact table: a hundred thousand of its own
// entries would fill hundreds of megabytes.

import {
  ERR_AMBIGUOUS_ARCHIVE,
  ERR_BAD_FORMAT,
  ERR_CENTRAL_DIRECTORY_NOT_FOUND,
  ERR_ENCRYPTED_CENTRAL_DIRECTORY,
  ERR_EOCDR_LOCATOR_ZIP64_NOT_FOUND,
  ERR_EOCDR_NOT_FOUND,
  ERR_SPLIT_ZIP_FILE,
  ZipReader,
  type Entry,
} from '@zip.js/zip.js/lib/zip-core-reader.js';
import type { Store, StoreError } from './store.ts';

export interface ZipLimits {
  /** Most files in a zip. A name and its place take about 200 bytes of memory. */
  readonly maxEntries: number;
  /** Largest directory, in bytes, taken into memory while it is read. */
  readonly maxDirectoryBytes: number;
  /** Largest file of a zip, or part of one, taken into memory: above this a tab is likely to die. */
  readonly maxMemberBytes: number;
  /** Largest file whose checksum is verified: that takes the page some 3 ms a MiB. */
  readonly maxCheckedBytes: number;
  /** How much of deflated files is kept for the next ranges, so that each is inflated once. */
  readonly keptInflatedBytes: number;
}

export const kZipLimits: ZipLimits = {
  maxEntries: 1_000_000,
  maxDirectoryBytes: 256 * 1024 * 1024,
  maxMemberBytes: 1024 * 1024 * 1024,
  maxCheckedBytes: 32 * 1024 * 1024,
  keptInflatedBytes: 128 * 1024 * 1024,
};

/** The end record and the longest comment: where zip.js looks first. */
const kTailBytes = 65_557;
/** Entries between two pauses: the page stays alive while a large directory is read. */
const kEntriesAtOnce = 2000;
/** Names of ignored entries kept to be shown. */
const kShownNames = 5;
export const kLocalHeaderBytes = 30;

/** What the directory says of one file. */
export interface Member {
  readonly name: string;
  /** Where its local header begins. */
  readonly offset: number;
  /** Where the next file, or the directory, begins: its data end before that. */
  readonly limit: number;
  readonly stored: number;
  readonly size: number;
  readonly method: number;
  readonly crc: number;
  readonly encrypted: boolean;
  readonly overlaps: boolean;
  /** The bytes of its name, as length and hash: the local header repeats them. */
  readonly nameBytes: number;
  readonly nameHash: number;
}

/** FNV-1a, 32 bits. */
export function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/**
 * Why a name cannot be that of a file in the dataset; null if it can. Zip writers that are broken or
 * mean harm put names there that lead out of the folder they are unpacked to.
 */
export function unsafeName(name: string): string | null {
  if (name.includes('\\')) return 'has a backslash';
  if (name.startsWith('/') || /^[a-z]:\//i.test(name)) return 'is absolute';
  const segments = name.split('/');
  if (segments.includes('..')) return 'leads out of the zip';
  if (segments.includes('.') || segments.includes('') || name.includes('\0')) return 'is malformed';
  return null;
}

const kColumns = 9;

/** The files of a zip by name: nine numbers each. */
export class ZipDirectory {
  /** Entries left out, with the reason, the first few of them; and how many there were in all. */
  readonly ignored: string[] = [];
  ignoredCount = 0;
  duplicates = 0;
  readonly #places = new Map<string, number>();
  #rows = new Float64Array(64 * kColumns);
  #count = 0;
  #folders: Map<string, Map<string, number>> | null = null;

  get size(): number {
    return this.#places.size;
  }

  names(): IterableIterator<string> {
    return this.#places.keys();
  }

  add(entry: Entry): void {
    const { filename: name, rawFilename } = entry;
    if (name.endsWith('/') && entry.uncompressedSize === 0) return;  // a folder of its own
    const wrong = unsafeName(name);
    if (wrong !== null) {
      this.ignoredCount += 1;
      if (this.ignored.length < kShownNames) this.ignored.push(`${JSON.stringify(name.slice(0, 80))} ${wrong}`);
      return;
    }
    if (this.#rows.length < (this.#count + 1) * kColumns) {
      const larger = new Float64Array(2 * this.#rows.length);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    const strong = ((entry.rawBitFlag ?? 0) & 0x40) !== 0;
    this.#rows.set(
      [
        entry.offset,
        0,
        entry.compressedSize,
        entry.uncompressedSize,
        entry.compressionMethod ?? -1,
        entry.signature ?? 0,
        entry.encrypted || strong ? 1 : 0,
        rawFilename.length,
        hashOf(rawFilename),
      ],
      this.#count * kColumns,
    );
    // zarr-python's ZipStore writes a chunk anew under the same name: the last one counts.
    if (this.#places.has(name)) this.duplicates += 1;
    this.#places.set(name, this.#count);
    this.#count += 1;
  }

  /** To be called once all are there. `end`: where the directory begins. */
  finish(end: number): void {
    const order = Uint32Array.from({ length: this.#count }, (_, row) => row);
    const offsetOf = (row: number): number => this.#rows[row * kColumns] ?? 0;
    order.sort((a, b) => offsetOf(a) - offsetOf(b));
    let reach = 0;  // the furthest end so far, and whose it is
    let holder = -1;
    order.forEach((row, i) => {
      const next = order[i + 1];
      this.#rows[row * kColumns + 1] = next === undefined ? end : Math.min(end, offsetOf(next));
      // Both are suspect: which of the two the bytes belong to cannot be told.
      if (offsetOf(row) < reach) for (const one of [row, holder]) this.#suspect(one);
      const own = offsetOf(row) + kLocalHeaderBytes + (this.#rows[row * kColumns + 2] ?? 0);
      if (own > reach) [reach, holder] = [own, row];
    });
  }

  #suspect(row: number): void {
    const at = row * kColumns + 6;
    this.#rows[at] = (this.#rows[at] ?? 0) | 2;
  }

  member(name: string): Member | null {
    const row = this.#places.get(name);
    if (row === undefined) return null;
    const at = (column: number): number => this.#rows[row * kColumns + column] ?? 0;
    return {
      name,
      offset: at(0),
      limit: at(1),
      stored: at(2),
      size: at(3),
      method: at(4),
      crc: at(5),
      encrypted: (at(6) & 1) !== 0,
      overlaps: (at(6) & 2) !== 0,
      nameBytes: at(7),
      nameHash: at(8),
    };
  }

  /** The children of a folder: sizes of files, -1 for folders; undefined if there is no such folder. */
  children(folder: string): ReadonlyMap<string, number> | undefined {
    this.#folders ??= this.#tree();
    return this.#folders.get(folder);
  }

  #tree(): Map<string, Map<string, number>> {
    const folders = new Map<string, Map<string, number>>([['', new Map()]]);
    const folder = (path: string): Map<string, number> => {
      const known = folders.get(path);
      if (known) return known;
      const made = new Map<string, number>();
      folders.set(path, made);
      const slash = path.lastIndexOf('/');
      folder(slash === -1 ? '' : path.slice(0, slash)).set(path.slice(slash + 1), -1);
      return made;
    };
    for (const [name, row] of this.#places) {
      const slash = name.lastIndexOf('/');
      const children = folder(slash === -1 ? '' : name.slice(0, slash));
      children.set(name.slice(slash + 1), this.#rows[row * kColumns + 3] ?? 0);
    }
    return folders;
  }
}

/** A failure of the file that the zip is read from, on its way through zip.js. */
class ReadFailure extends Error {
  readonly error: StoreError;

  constructor(error: StoreError) {
    super(error.message);
    this.error = error;
  }
}

/** The zip's bytes for zip.js: the end of the file is read once, nothing past its limits. */
class DirectoryReader {
  size = 0;
  initialized = false;
  readonly #container: Store;
  readonly #key: string;
  readonly #limits: ZipLimits;
  #tail = new Uint8Array(0);
  /** The directory itself, which zip.js may read again. */
  #last: { readonly offset: number; readonly bytes: Uint8Array } = { offset: 0, bytes: new Uint8Array(0) };

  constructor(container: Store, key: string, limits: ZipLimits) {
    this.#container = container;
    this.#key = key;
    this.#limits = limits;
  }

  async init(): Promise<void> {
    const reply = await this.#container.get(this.#key, { range: { suffix: kTailBytes } });
    if (!reply.found) throw new ReadFailure(reply.error);
    this.#tail = reply.bytes;
    this.size = reply.total ?? reply.bytes.length;
    this.initialized = true;
  }

  async readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, this.size);
    if (!(offset >= 0) || offset >= end) return new Uint8Array(0);
    const { maxDirectoryBytes } = this.#limits;
    if (end - offset > maxDirectoryBytes) throw new ReadFailure(tooLarge(this.#container.description, end - offset, maxDirectoryBytes));
    const tailBegin = this.size - this.#tail.length;
    if (offset >= tailBegin) return this.#tail.slice(offset - tailBegin, end - tailBegin);
    const last = this.#last;
    if (offset >= last.offset && end <= last.offset + last.bytes.length) {
      return last.bytes.slice(offset - last.offset, end - last.offset);
    }
    const missing = Math.min(end, tailBegin) - offset;
    const reply = await this.#container.get(this.#key, { range: { offset, length: missing } });
    if (!reply.found) throw new ReadFailure(reply.error);
    const bytes = new Uint8Array(end - offset);
    bytes.set(reply.bytes.subarray(0, missing));
    if (end > tailBegin) bytes.set(this.#tail.subarray(0, end - tailBegin), missing);
    this.#last = { offset, bytes };
    return bytes.slice();
  }
}

function tooLarge(url: string, received: number, limit: number): StoreError {
  return {
    code: 'limit',
    status: 0,
    url,
    message: `Expected the directory of the zip ${url} in at most ${limit} bytes (limit maxDirectoryBytes), received ${received}. Write the image with the sharding codec, so that it has fewer files, or unpack the zip.`,
  };
}

function tooMany(url: string, limit: number): StoreError {
  return {
    code: 'limit',
    status: 0,
    url,
    message: `Expected at most ${limit} files in the zip ${url} (limit maxEntries), received more. Write the image with the sharding codec, so that it has fewer files, or unpack the zip.`,
  };
}

/** The directory of the zip at `key` of a store and the zip's size, or why it cannot be read. Never rejects. */
export async function readZipDirectory(
  container: Store,
  key: string,
  limits: ZipLimits,
): Promise<{ readonly directory: ZipDirectory; readonly end: number } | StoreError> {
  const reader = new DirectoryReader(container, key, limits);
  const url = key === '' ? container.description : `${container.description}/${key}`;
  const directory = new ZipDirectory();
  try {
    const zip = new ZipReader<unknown>(reader as unknown as ConstructorParameters<typeof ZipReader>[0], { filenameValidation: 'tolerant' });
    let count = 0;
    let end = 0;
    for await (const entry of zip.getEntriesGenerator()) {
      if (++count > limits.maxEntries) return tooMany(url, limits.maxEntries);
      end = zip.directoryOffset ?? 0;
      if (entry.diskNumberStart !== 0) return broken(url, ERR_SPLIT_ZIP_FILE);
      directory.add(entry);
      if (count % kEntriesAtOnce === 0) await new Promise((resolve) => setTimeout(resolve));
    }
    directory.finish(end || reader.size);
    return { directory, end: reader.size };
  } catch (error) {
    if (error instanceof ReadFailure) return error.error;
    return broken(url, error instanceof Error ? error.message : String(error));
  }
}

function broken(url: string, reason: string): StoreError {
  const say = (message: string): StoreError => ({ code: 'fix-data', status: 0, url, message });
  switch (reason) {
    case ERR_BAD_FORMAT:
    case ERR_EOCDR_NOT_FOUND:
      return say(`Expected a zip file at ${url}, received something else, or a zip that is cut off: the directory at its end is missing. Download or upload it again.`);
    case ERR_SPLIT_ZIP_FILE:
      return say(`Expected the zip ${url} in one file, received a part of a zip that was split over several (which RFC-9 of OME-Zarr forbids). Join the parts: “zip -s 0 parts.zip --out whole.zip”.`);
    case ERR_EOCDR_LOCATOR_ZIP64_NOT_FOUND:
      return say(`Expected the zip64 end record of ${url} where its locator says, received something else. The zip is damaged: write or upload it again.`);
    case ERR_CENTRAL_DIRECTORY_NOT_FOUND:
      return say(`Expected an entry of the directory of the zip ${url}, received something else. The directory is damaged, or shorter than its end record says: write or upload the zip again.`);
    case ERR_ENCRYPTED_CENTRAL_DIRECTORY:
      return say(`Expected a readable directory in the zip ${url}, received an encrypted one. Zip the image without a password.`);
    default:
      if (reason.startsWith(ERR_AMBIGUOUS_ARCHIVE)) {
        return say(`Expected one directory at the end of the zip ${url}, received several, or something after it: programs would disagree on what is inside. Write the zip again.`);
      }
      return say(`Expected a zip file at ${url}; its directory cannot be read (${reason}). Write or upload the zip again.`);
  }
}
