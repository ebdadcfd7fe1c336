// One file on this computer, as a store of which "" is the only key: what a zip is read from.

import { cancelled } from './late.ts';
import {
  pastEnd,
  refuse,
  resolveRange,
  validRange,
  type ByteRange,
  type GetOptions,
  type Store,
  type StoreError,
  type StoreReply,
} from './store.ts';

export interface FileLimits {
  /** Largest file, or part of one, taken into memory. Above this a browser tab is likely to die. */
  readonly maxObjectBytes: number;
}

export const kFileLimits: FileLimits = { maxObjectBytes: 1024 * 1024 * 1024 };

/** Why a file that is there cannot be read: DOMException names of the File API and File System Access. */
export function unreadable(error: unknown, url: string): StoreError {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  const reason = error instanceof Error || error instanceof DOMException ? error.message : String(error);
  const say = (code: StoreError['code'], message: string): StoreError => ({ code, status: 0, url, message });
  if (name === 'NotAllowedError' || name === 'SecurityError') {
    return say('forbidden', `Expected the file ${url}, but the browser does not let this page read it (${reason}). Open it again and allow it to be read.`);
  }
  if (name === 'NotFoundError' || name === 'NotReadableError') {
    return say('fix-data', `Expected the file ${url} as it was when it was opened; it has been changed, moved or removed since, or this computer does not let browsers read it. Open it again.`);
  }
  return say('fix-data', `Expected the file ${url}; reading it failed: ${reason}. Check the disk, then open it again.`);
}

/** A file, or a part of it, in a buffer of its own. Never rejects. */
export async function readBlob(
  blob: Blob,
  url: string,
  range: ByteRange | undefined,
  signal: AbortSignal | undefined,
  limits: FileLimits = kFileLimits,
): Promise<StoreReply> {
  if (signal?.aborted) return cancelled(url);
  if (range && !validRange(range)) return badPart(range, url);
  const place = range ? resolveRange(range, blob.size) : { begin: 0, end: blob.size };
  if (!place) return range ? pastEnd(range, blob.size, 0, url) : cancelled(url);
  const length = place.end - place.begin;
  if (length > limits.maxObjectBytes) return tooMuch(url, length, limits);
  try {
    // A file that has gone has the size 0 in Chromium, and a slice of it is no error but empty.
    const part = length === 0 || length === blob.size ? blob : blob.slice(place.begin, place.end);
    const bytes = new Uint8Array(await part.arrayBuffer());
    if (signal?.aborted) return cancelled(url);
    return { found: true, bytes, total: blob.size };
  } catch (error) {
    return refuse(unreadable(error, url));
  }
}

export function badPart(range: ByteRange, url: string): StoreReply & { readonly found: false } {
  return refuse({
    code: 'fix-data',
    status: 0,
    url,
    message: `Expected a part of ${url} of at least one byte, received ${JSON.stringify(range)}. The index that points into the file is wrong.`,
  });
}

export function tooMuch(
  url: string,
  length: number,
  limits: FileLimits,
): StoreReply & { readonly found: false } {
  const inMiB = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  return refuse({
    code: 'limit',
    status: 0,
    url,
    message: `Expected at most ${inMiB(limits.maxObjectBytes)} (limit maxObjectBytes) from ${url}, received ${inMiB(length)}. The data needs smaller chunks to be shown in a browser.`,
  });
}

export class BlobStore implements Store {
  readonly description: string;
  readonly #blob: Blob;

  constructor(blob: Blob, name: string) {
    this.#blob = blob;
    this.description = name;
  }

  async get(key: string, { range, signal }: GetOptions = {}): Promise<StoreReply> {
    if (key === '') return readBlob(this.#blob, this.description, range, signal);
    const url = `${this.description}/${key}`;
    return refuse({
      code: 'missing',
      status: 0,
      url,
      message: `Expected the file ${url}; ${this.description} is a single file.`,
    });
  }
}
