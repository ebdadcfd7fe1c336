// A zipped OME-Zarr (.zip, .ozx): on this computer, or on a server, where only the parts that are
// needed are asked for. The directory at its end is read once; a file is one request, a part of a
// stored file (a shard's chunk) is one more for the first part only.

import { badPart, tooMuch } from './blob.ts';
import { datasetRoot } from './dataset_root.ts';
import { cancelled, unlessAborted } from './late.ts';
import {
  badKey,
  keySegments,
  pastEnd,
  refuse,
  resolveRange,
  validRange,
  type GetOptions,
  type Store,
  type StoreEntry,
  type StoreError,
  type StoreListing,
  type StoreReply,
} from './store.ts';
import { kLocalHeaderBytes, kZipLimits, readZipDirectory, type Member, type ZipDirectory, type ZipLimits } from './zip_directory.ts';
import { checksumError, damaged, headerLength, inflate, isStored, refused } from './zip_member.ts';

export { kZipLimits, type ZipLimits } from './zip_directory.ts';

/** Room for a local header's extra field, which the directory does not tell: more is rare. */
const kExtraSlack = 128;
/** A part that begins nearer than this to its file's header is asked for together with it. */
const kNearHeader = 16 * 1024;

export interface ZipStoreOptions {
  /** The folder inside the zip where the dataset is. Default: the shallowest with Zarr metadata. */
  readonly root?: string | undefined;
  readonly limits?: Partial<ZipLimits> | undefined;
}

interface Opened {
  readonly directory: ZipDirectory;
  /** With a slash at its end, or "". */
  readonly root: string;
  readonly end: number;
}

type Bytes = Uint8Array<ArrayBuffer>;

export class ZipStore implements Store {
  readonly description: string;
  readonly #container: Store;
  readonly #key: string;
  readonly #root: string | undefined;
  readonly #limits: ZipLimits;
  #opened: Promise<Opened | StoreError> | null = null;
  /** Where a file's data begin, once its local header has been seen. */
  readonly #dataBegin = new Map<string, number>();
  readonly #locating = new Map<string, Promise<number | StoreError>>();
  readonly #inflated = new Map<string, { readonly bytes: Promise<Bytes | StoreError>; readonly size: number }>();

  /** The zip at `key` of another store: "" for a BlobStore, or an HttpStore of the zip's own URL. */
  constructor(container: Store, key = '', options: ZipStoreOptions = {}) {
    this.#container = container;
    this.#key = key;
    this.#root = options.root;
    this.#limits = { ...kZipLimits, ...options.limits };
    this.description = key === '' ? container.description : `${container.description}/${key}`;
  }

  /** What is odd about the zip though it can be read, for the reader; after the first key was read. */
  async issues(): Promise<readonly string[]> {
    const opened = await this.#open();
    if (!('directory' in opened)) return [];  // Every get() says why.
    const { ignored, ignoredCount, duplicates } = opened.directory;
    const notes: string[] = [];
    if (ignoredCount > 0) {
      notes.push(`${ignoredCount} ${ignoredCount === 1 ? 'name' : 'names'} in the zip ${this.description} ${ignoredCount === 1 ? 'is' : 'are'} ignored: ${ignored.join(', ')}.`);
    }
    if (duplicates > 0) {
      notes.push(`${duplicates} ${duplicates === 1 ? 'file is' : 'files are'} in the zip ${this.description} more than once; the last of each is taken.`);
    }
    return notes;
  }

  async get(key: string, options: GetOptions = {}): Promise<StoreReply> {
    const { range, signal } = options;
    const segments = keySegments(key);
    if (!segments) return badKey(key, this.description);
    if (signal?.aborted) return cancelled(this.#url(key));
    const opened = await unlessAborted(this.#open(), signal);
    if (opened === 'aborted') return cancelled(this.#url(key));
    if (!('directory' in opened)) return refuse(opened);
    const name = opened.root + segments.join('/');
    const url = this.#url(name);
    if (range && !validRange(range)) return badPart(range, url);
    const member = opened.directory.member(name);
    if (!member) return refuse(this.#missing(opened, name, url));
    const error = refused(member, url, opened.end, this.#limits.maxMemberBytes);
    if (error) return refuse(error);

    const place = range ? resolveRange(range, member.size) : { begin: 0, end: member.size };
    if (!place) return range ? pastEnd(range, member.size, 0, url) : cancelled(url);
    if (member.size === 0) return { found: true, bytes: new Uint8Array(0), total: 0 };
    const whole = place.begin === 0 && place.end === member.size;
    const length = place.end - place.begin;
    if (length > this.#limits.maxMemberBytes) return tooMuch(url, length, { maxObjectBytes: this.#limits.maxMemberBytes });
    const bytes = await (isStored(member)
      ? whole
        ? this.#whole(member, url, signal)
        : this.#part(member, place.begin, length, url, signal)
      : whole && !this.#inflated.has(name)
        ? this.#unpacked(member, url, signal)
        : this.#cut(member, place, url, signal));
    if (signal?.aborted) return cancelled(url);
    return bytes instanceof Uint8Array ? { found: true, bytes, total: member.size } : refuse(bytes);
  }

  async list(prefix: string, options: GetOptions = {}): Promise<StoreListing> {
    const segments = keySegments(prefix);
    if (!segments) return badKey(prefix, this.description);
    const opened = await unlessAborted(this.#open(), options.signal);
    if (opened === 'aborted') return cancelled(this.#url(prefix));
    if (!('directory' in opened)) return refuse(opened);
    const name = (opened.root + segments.join('/')).replace(/\/$/, '');
    const children = opened.directory.children(name);
    if (!children) return refuse(this.#missing(opened, name, this.#url(name)));
    const entries = [...children].map(([child, size]): StoreEntry =>
      size < 0 ? { name: child, kind: 'directory' } : { name: child, kind: 'file', size });
    return { found: true, entries };
  }

  #url(name: string): string {
    return `${this.description}|zip:${name}`;
  }

  #missing({ directory }: Opened, name: string, url: string): StoreError {
    const seen = directory.size === 0 ? 'the zip is empty' : `it is not among the ${directory.size} files of the zip`;
    const ignored = directory.ignoredCount === 0
      ? ''
      : ` ${directory.ignoredCount} names were ignored: ${directory.ignored.join(', ')}; zip the image again with a program that writes plain paths.`;
    return { code: 'missing', status: 0, url, message: `Expected the file ${url}; ${seen}.${ignored}${name === '' ? ' Name a file inside it.' : ''}` };
  }

  #open(): Promise<Opened | StoreError> {
    if (this.#opened) return this.#opened;
    const opening = this.#readDirectory();
    this.#opened = opening;
    void opening.then((result) => {
      // What may work later is tried again.
      if (!('directory' in result) && result.code === 'retry' && this.#opened === opening) this.#opened = null;
    });
    return opening;
  }

  async #readDirectory(): Promise<Opened | StoreError> {
    const read = await readZipDirectory(this.#container, this.#key, this.#limits);
    if ('code' in read) return read;
    const root = this.#root ?? datasetRoot(read.directory.names());
    return { ...read, root: root === '' ? '' : `${root.replace(/^\/+|\/+$/g, '')}/` };
  }

  async #bytesAt(offset: number, length: number, signal: AbortSignal | undefined): Promise<Bytes | StoreError> {
    const reply = await this.#container.get(this.#key, { range: { offset, length }, signal });
    return reply.found ? reply.bytes : reply.error;
  }

  /** All of a member's stored bytes: one request, but for headers with an uncommonly long extra field. */
  async #packed(member: Member, url: string, signal: AbortSignal | undefined): Promise<Bytes | StoreError> {
    const likely = kLocalHeaderBytes + member.nameBytes + member.stored;
    const span = Math.min(member.limit - member.offset, likely + kExtraSlack);
    const block = await this.#bytesAt(member.offset, Math.max(span, kLocalHeaderBytes), signal);
    if (!(block instanceof Uint8Array)) return block;
    const begin = headerLength(member, block, url);
    if (typeof begin !== 'number') return begin;
    if (begin + member.stored <= block.length) return block.slice(begin, begin + member.stored);
    return this.#exactly(member, member.offset + begin, member.stored, url, signal);
  }

  async #whole(member: Member, url: string, signal: AbortSignal | undefined): Promise<Bytes | StoreError> {
    const bytes = await this.#packed(member, url, signal);
    return bytes instanceof Uint8Array ? this.#checked(member, bytes, url) : bytes;
  }

  async #unpacked(member: Member, url: string, signal: AbortSignal | undefined): Promise<Bytes | StoreError> {
    const packed = await this.#packed(member, url, signal);
    if (!(packed instanceof Uint8Array)) return packed;
    const bytes = await inflate(packed, member.size, url);
    return bytes instanceof Uint8Array ? this.#checked(member, bytes, url) : bytes;
  }

  #checked(member: Member, bytes: Bytes, url: string): Bytes | StoreError {
    return bytes.length <= this.#limits.maxCheckedBytes ? (checksumError(member, bytes, url) ?? bytes) : bytes;
  }

  /** A part of a stored file: without a checksum, like a part of any file. */
  async #part(
    member: Member,
    begin: number,
    length: number,
    url: string,
    signal: AbortSignal | undefined,
  ): Promise<Bytes | StoreError> {
    const exact = this.#dataBegin.get(member.name);
    if (exact !== undefined) return this.#exactly(member, exact + begin, length, url, signal);
    // The data begin after an extra field of unknown length: read a little more, and cut.
    const guess = member.offset + kLocalHeaderBytes + member.nameBytes + begin;
    const end = Math.min(guess + length + kExtraSlack, Math.max(member.limit, guess + length));
    const withHeader = begin <= kNearHeader && !this.#locating.has(member.name);
    const offset = withHeader ? member.offset : guess;
    // Others wait for the header, so it does not end with this caller.
    const reading = this.#bytesAt(offset, end - offset, withHeader ? undefined : signal);
    const located = await unlessAborted(this.#locate(member, url, withHeader ? reading : null), signal);
    if (located === 'aborted') return cancelled(url).error;
    if (typeof located !== 'number') return located;
    const block = await reading;
    if (!(block instanceof Uint8Array)) return block;
    const at = located + begin - offset;
    if (at >= 0 && at + length <= block.length) return block.slice(at, at + length);
    return this.#exactly(member, located + begin, length, url, signal);
  }

  async #exactly(
    member: Member,
    offset: number,
    length: number,
    url: string,
    signal: AbortSignal | undefined,
  ): Promise<Bytes | StoreError> {
    const data = await this.#bytesAt(offset, length, signal);
    if (!(data instanceof Uint8Array) || data.length === length) return data;
    return cutOff(member, data.length, url);
  }

  /** Where the member's data begin in the zip, from its local header: `block`, if that holds it. */
  #locate(member: Member, url: string, block: Promise<Bytes | StoreError> | null): Promise<number | StoreError> {
    const known = this.#locating.get(member.name);
    if (known) return known;
    const finding = (block ?? this.#bytesAt(member.offset, kLocalHeaderBytes + member.nameBytes, undefined)).then((bytes) => {
      this.#locating.delete(member.name);
      if (!(bytes instanceof Uint8Array)) return bytes;
      const header = headerLength(member, bytes, url);
      if (typeof header !== 'number') return header;
      this.#dataBegin.set(member.name, member.offset + header);
      return member.offset + header;
    });
    this.#locating.set(member.name, finding);
    return finding;
  }

  /** A part of a deflated file, which has to be unpacked as a whole: kept for the next part. */
  async #cut(
    member: Member,
    { begin, end }: { readonly begin: number; readonly end: number },
    url: string,
    signal: AbortSignal | undefined,
  ): Promise<Bytes | StoreError> {
    let kept = this.#inflated.get(member.name);
    if (!kept) {
      kept = { bytes: this.#unpacked(member, url, undefined), size: member.size };
      this.#inflated.set(member.name, kept);
      this.#trim(member.name);
      void kept.bytes.then((result) => {
        if (!(result instanceof Uint8Array)) this.#inflated.delete(member.name);
      });
    }
    const bytes = await unlessAborted(kept.bytes, signal);
    if (bytes === 'aborted') return cancelled(url).error;
    return bytes instanceof Uint8Array ? bytes.slice(begin, end) : bytes;
  }

  #trim(newest: string): void {
    let total = 0;
    for (const { size } of this.#inflated.values()) total += size;
    for (const [name, { size }] of this.#inflated) {
      if (total <= this.#limits.keptInflatedBytes) return;
      if (name === newest) continue;
      total -= size;
      this.#inflated.delete(name);
    }
  }
}

function cutOff(member: Member, received: number, url: string): StoreError {
  return damaged(url, `Expected ${member.stored} bytes of ${url}, received ${received}. The zip is cut off: upload it again.`);
}
