// A store gives the bytes of the files of one dataset by key ("0/.zarray", "zarr.json", "labels/…").
// Where they come from (a web server, a folder, a zip) is its own business. A new store is one file
// here and one call of the shared contract in tests/web/store_contract.ts.

import type { DatasetIssue } from '../state.ts';

/** A part of a file: from an offset, or the last `suffix` bytes (a shard's index). */
export type ByteRange = { readonly offset: number; readonly length: number } | { readonly suffix: number };

export interface GetOptions {
  readonly range?: ByteRange | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the caller can do about an error, rather than what happened inside. */
export type StoreErrorCode =
  /** No such file. In Zarr an absent chunk means the fill value. */
  | 'missing'
  /** The server, the browser or the user does not allow it: asking again cannot help. */
  | 'forbidden'
  /** A passing trouble: asking again, after `retryAfterMs` if given, may help. */
  | 'retry'
  /** The file or the server's answer is wrong: somebody has to mend it. */
  | 'fix-data'
  /** Larger than a named limit of ours. */
  | 'limit'
  /** The caller's own signal. */
  | 'aborted';

export interface StoreError {
  readonly code: StoreErrorCode;
  /** The HTTP status, or 0 where there was no answer at all (or no HTTP). */
  readonly status: number;
  /** Where the file was looked for, fit to be shown: the secrets of a signed URL are left out. */
  readonly url: string;
  /** What was expected, what was received, and the remedy, for the reader and the server's keeper. */
  readonly message: string;
  readonly retryAfterMs?: number;
}

export type StoreReply =
  | {
      readonly found: true;
      /** Exactly the range asked for, cut where the file ends. The caller owns the buffer. */
      readonly bytes: Uint8Array<ArrayBuffer>;
      /** The size of the whole file, where it is known. */
      readonly total?: number;
    }
  | { readonly found: false; readonly error: StoreError };

export interface StoreEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory';
  readonly size?: number;
}

export type StoreListing =
  | { readonly found: true; readonly entries: readonly StoreEntry[] }
  | { readonly found: false; readonly error: StoreError };

export interface Store {
  /** What the user sees as the place: a URL or a folder's name. */
  readonly description: string;
  /** The files it was made of are parts of one image, whatever they are called. */
  readonly oneImage?: boolean;
  /** Never rejects: every outcome is a reply. The key "" is the place itself, if that is a file. */
  get(key: string, options?: GetOptions): Promise<StoreReply>;
  /** What is odd about the place though it can be read (names in a zip that lead out of it). */
  issues?(): Promise<readonly (string | DatasetIssue)[]>;
  /** The format of the file behind it, where that is no Zarr: "OME-TIFF". */
  format?(): Promise<string | undefined>;
  /** The children of a folder (not recursive), for stores that can tell. */
  list?(prefix: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<StoreListing>;
}

/**
 * The key's segments, empty ones dropped ("/a//b/" is "a/b"); null if one of them would leave the
 * dataset ("..") or cannot be in a file's name.
 */
export function keySegments(key: string): readonly string[] | null {
  const segments = key.split('/').filter((segment) => segment !== '' && segment !== '.');
  return segments.some((segment) => segment === '..' || segment.includes('\0')) ? null : segments;
}

export function refuse(error: StoreError): StoreReply & { readonly found: false } {
  return { found: false, error };
}

/** The refusal of a key for which keySegments() is null. */
export function badKey(key: string, place: string): StoreReply & { readonly found: false } {
  return refuse({
    code: 'fix-data',
    status: 0,
    url: place,
    message: `Expected a file inside ${place}, received the path ${JSON.stringify(key)}, which leads out of it. Correct the path in the metadata that names it.`,
  });
}

/** The refusal of a range that starts past the end of a file of `total` bytes. */
export function pastEnd(
  range: ByteRange,
  total: number | undefined,
  status: number,
  url: string,
): StoreReply & { readonly found: false } {
  const asked = 'suffix' in range ? `the last ${range.suffix} bytes` : `bytes from ${range.offset} on`;
  const size = total === undefined ? 'a shorter file' : `a file of ${total} bytes`;
  return refuse({
    code: 'fix-data',
    status,
    url,
    message: `Expected ${asked} of ${url}, received ${size}. The file is incomplete, or the index that points into it is wrong: upload it again.`,
  });
}

/** Whether the range is one that get() takes: whole numbers, at least one byte. */
export function validRange(range: ByteRange): boolean {
  return 'suffix' in range
    ? Number.isSafeInteger(range.suffix) && range.suffix > 0
    : Number.isSafeInteger(range.offset) &&
        range.offset >= 0 &&
        Number.isSafeInteger(range.length) &&
        range.length > 0 &&
        Number.isSafeInteger(range.offset + range.length);
}

/** Where the range begins and ends in a file of `total` bytes; null if it starts past the end. */
export function resolveRange(range: ByteRange, total: number): { begin: number; end: number } | null {
  if ('suffix' in range) {
    return total === 0 ? null : { begin: Math.max(0, total - range.suffix), end: total };
  }
  return range.offset >= total
    ? null
    : { begin: range.offset, end: Math.min(total, range.offset + range.length) };
}
