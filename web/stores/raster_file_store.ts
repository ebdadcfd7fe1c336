// An image file that is no OME-Zarr (TIFF, OME-TIFF, PNG, JPEG) as a store of one: its metadata is made up
// from what the file says, its chunks are decoded from the file's strips and tiles as they are asked for.
// The program that reads such files is fetched when the first one is met.

import type { DatasetIssue } from '../state.ts';
import { DecodeError } from '../workers/messages.ts';
import { RasterFile, type RasterDescription, type ReadRange } from '../workers/raster_files.ts';
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
  type StoreError,
  type StoreReply,
} from './store.ts';
import { badPart } from './blob.ts';

export interface RasterStoreOptions {
  /** What it is called; by default the last part of the key or of the place. */
  readonly name?: string | undefined;
  /** Its values are labels: a palette's indices are kept. */
  readonly labels?: boolean | undefined;
  /** What pages are where the file does not say: time points, or else slices. */
  readonly pagesAreTimes?: boolean | undefined;
}

/** The store's own error, thrown through the worker's caller. */
class ReadFailure extends Error {
  constructor(readonly error: StoreError) {
    super(error.message);
  }
}

/** The first bytes: all that small files have, and the directories of most others. */
const kFirstBytes = 64 * 1024;

function lastPart(path: string): string {
  const plain = path.replace(/[?#].*$/, '').replace(/\/+$/, '');
  const name = plain.slice(plain.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

export class RasterStore implements Store {
  readonly description: string;
  readonly #container: Store;
  readonly #key: string;
  readonly #options: RasterStoreOptions;
  #opening: Promise<{ file: RasterFile; description: RasterDescription }> | null = null;

  /** The file is what `container` holds at `key` ("": the place itself). */
  constructor(container: Store, key = '', options: RasterStoreOptions = {}) {
    this.#container = container;
    this.#key = key;
    this.#options = options;
    this.description = key === '' ? container.description : `${container.description}/${key}`;
  }

  async get(key: string, { range, signal }: GetOptions = {}): Promise<StoreReply> {
    const segments = keySegments(key);
    if (!segments) return badKey(key, this.description);
    const path = segments.join('/');
    const url = `${this.description}/${path}`;
    if (signal?.aborted) return cancelled(url);
    if (range && !validRange(range)) return badPart(range, url);
    try {
      const opened = await unlessAborted(this.#open(), signal);
      if (opened === 'aborted') return cancelled(url);
      const text = opened.description.files[path];
      const bytes = text !== undefined
        ? new TextEncoder().encode(text)
        : /(^|\/)c\/[0-9/]+$/.test(path) ? await opened.file.decode(path, this.#read(signal), signal) : null;
      if (!bytes) return refuse({ code: 'missing', status: 0, url, message: `Expected ${url}; there is no such part of the image.` });
      if (!range) return { found: true, bytes, total: bytes.length };
      const place = resolveRange(range, bytes.length);
      return place
        ? { found: true, bytes: bytes.slice(place.begin, place.end), total: bytes.length }
        : pastEnd(range, bytes.length, 0, url);
    } catch (error) {
      return this.#refusal(error, url);
    }
  }

  /** What is odd about the file, once it could be read. */
  async issues(): Promise<readonly DatasetIssue[]> {
    try {
      return (await this.#open()).description.issues;
    } catch {
      return [];  // Said by get().
    }
  }

  async format(): Promise<string | undefined> {
    return (await this.#open().catch(() => null))?.description.format;
  }

  /** What the file holds. Rejects where it cannot be read. */
  async describe(): Promise<RasterDescription> {
    return (await this.#open()).description;
  }

  close(): void {
    void this.#opening?.then(({ file }) => file.close(), () => undefined);
    this.#opening = null;
  }

  #refusal(error: unknown, url: string): StoreReply {
    if (error instanceof ReadFailure) {
      if (error.error.code !== 'missing') return refuse(error.error);
      // No file at all is not an image without this part: that would look like an empty one.
      return refuse({ ...error.error, code: 'fix-data', message: `Expected the image file ${this.description}, received ${error.error.status || 'none'}: ${error.error.message}` });
    }
    if (error instanceof DecodeError) {
      if (error.code === 'aborted') return cancelled(url);
      // Stores have no word for what cannot be read here; it is the file that has to change.
      const code = error.code === 'unsupported' ? 'fix-data' : error.code;
      const message = `${this.description}: ${error.message}`;
      return refuse({ code, status: 0, url: this.description, message: /[.!?]$/.test(message) ? message : `${message}.` });
    }
    return refuse({ code: 'fix-data', status: 0, url, message: `Expected the image ${this.description}; reading it failed: ${String(error)}.` });
  }

  #open(): Promise<{ file: RasterFile; description: RasterDescription }> {
    this.#opening ??= this.#start();
    const opening = this.#opening;
    opening.catch((error: unknown) => {
      // What may pass is tried again with the next key.
      const passing = (error instanceof ReadFailure && error.error.code === 'retry') || (error instanceof DecodeError && error.code === 'retry');
      if (passing && this.#opening === opening) this.#opening = null;
    });
    return opening;
  }

  async #start(): Promise<{ file: RasterFile; description: RasterDescription }> {
    const first = await this.#container.get(this.#key, { range: { offset: 0, length: kFirstBytes } });
    // An empty file has no first byte: the reader says what it is.
    const empty = !first.found && first.error.code === 'fix-data' && (await this.#isEmpty());
    if (!first.found && !empty) throw new ReadFailure(first.error);
    const bytes = first.found ? first.bytes : new Uint8Array(0);
    const total = first.found ? first.total : 0;
    const short = bytes.length < kFirstBytes;
    const file = new RasterFile(
      {
        name: this.#options.name ?? lastPart(this.description),
        labels: this.#options.labels ?? false,
        pagesAreTimes: this.#options.pagesAreTimes ?? false,
      },
      short ? bytes.length : (total ?? -1),
    );
    const read = this.#read(undefined);
    const description = await file.describe(async (offset, length) =>
      offset === 0 && length === kFirstBytes ? { offset, asked: length, bytes: bytes.slice() } : read(offset, length));
    return { file, description };
  }

  async #isEmpty(): Promise<boolean> {
    const whole = await this.#container.get(this.#key);
    return whole.found && whole.bytes.length === 0;
  }

  #read(signal: AbortSignal | undefined): ReadRange {
    return async (offset, length) => {
      const reply = await this.#container.get(this.#key, { range: { offset, length }, signal });
      if (reply.found) return { offset, asked: length, bytes: reply.bytes };
      throw new ReadFailure(reply.error);
    };
  }
}
