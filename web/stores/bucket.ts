// Buckets of object stores (Amazon S3, Google Cloud Storage, MinIO, Ceph): their files are read like
// those of any web server, and they can be asked what is in a folder (ListObjectsV2), which is done
// only when somebody asks for it.

import { HttpStore, type HttpStoreOptions } from './http.ts';
import { hiddenSecrets } from './http_answers.ts';
import {
  badKey,
  keySegments,
  refuse,
  type GetOptions,
  type Store,
  type StoreEntry,
  type StoreError,
  type StoreListing,
  type StoreReply,
} from './store.ts';

/** Most names a folder may have to be listed: 1000 come with one request. */
export const kListedNames = 20_000;

/** A bucket's own URL, with a slash at its end, and the folder in it. */
export interface BucketPlace {
  readonly bucket: string;
  readonly prefix: string;
}

/**
 * Which bucket an address points into: several where path-style (host/bucket/key) and virtual-hosted
 * (bucket.host/key) look alike, none where nothing speaks for a bucket. `declared`: s3+https://.
 */
export function bucketPlaces(address: string, declared = false): readonly BucketPlace[] {
  const { origin, hostname, pathname } = new URL(address);
  let path: string;
  try {
    path = decodeURIComponent(pathname).replace(/^\/+|\/+$/g, '');
  } catch {
    return [];
  }
  const virtual = { bucket: `${origin}/`, prefix: path };
  const slash = path.indexOf('/');
  const bucket = slash === -1 ? path : path.slice(0, slash);
  const byPath = { bucket: `${origin}/${encodeURIComponent(bucket)}/`, prefix: slash === -1 ? '' : path.slice(slash + 1) };
  if (/(^|\.)s3([.-][a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/.test(hostname)) {
    return /^s3[.-]/.test(hostname) ? (bucket ? [byPath] : []) : [virtual];
  }
  if (hostname === 'storage.googleapis.com') return bucket ? [byPath] : [];
  if (hostname.endsWith('.storage.googleapis.com')) return [virtual];
  // Other makers' hosts: "uk1s3.embassy.ebi.ac.uk", "s3.embl.de", "minio-dev.openmicroscopy.org".
  if (declared || /(^|[.-])([a-z0-9]*s3|minio)([.-]|$)/.test(hostname)) return bucket ? [byPath, virtual] : [virtual];
  return [];
}

/** Files of a bucket: an HttpStore that can list. */
export class BucketStore implements Store {
  readonly description: string;
  readonly #files: HttpStore;
  readonly #query: string;
  readonly #options: HttpStoreOptions;
  /** The first that gives a list is the right one. */
  #places: readonly BucketPlace[];

  constructor(url: string, places: readonly BucketPlace[], options: HttpStoreOptions = {}) {
    this.#files = new HttpStore(url, options);
    this.description = this.#files.description;
    this.#query = new URL(url).search.replace(/^\?/, '');
    this.#options = options;
    this.#places = places;
  }

  get(key: string, options: GetOptions = {}): Promise<StoreReply> {
    return this.#files.get(key, options);
  }

  async list(prefix: string, options: Pick<GetOptions, 'signal'> = {}): Promise<StoreListing> {
    const segments = keySegments(prefix);
    if (!segments) return badKey(prefix, this.description);
    let refusal: StoreListing | null = null;
    for (const place of this.#places) {
      const path = [place.prefix, ...segments].filter((part) => part !== '').join('/');
      const listing = await this.#listing(place, path === '' ? '' : `${path}/`, options.signal);
      if (listing.found || listing.error.code === 'missing') {
        this.#places = [place];
        return listing;
      }
      refusal ??= listing;
    }
    return refusal ?? refuse(notListed(this.description, 'forbidden', 'it is not known as a bucket'));
  }

  async #listing(place: BucketPlace, prefix: string, signal: AbortSignal | undefined): Promise<StoreListing> {
    const entries: StoreEntry[] = [];
    let token: string | undefined;
    do {
      const url = new URL(place.bucket);
      url.search = this.#query;
      for (const [name, value] of [['list-type', '2'], ['prefix', prefix], ['delimiter', '/'], ['continuation-token', token]] as const) {
        if (value) url.searchParams.set(name, value);
      }
      const reply = await new HttpStore(url, this.#options).get('', { signal });
      const where = hiddenSecrets(place.bucket) + prefix;
      if (!reply.found) {
        const { code, status, message } = reply.error;
        if (code === 'aborted' || code === 'retry') return reply;
        return refuse(notListed(where, 'forbidden', status === 403 ? '403 (Forbidden)' : message));
      }
      const page = parseListing(new TextDecoder().decode(reply.bytes), prefix);
      if (!page) return refuse(notListed(where, 'fix-data', 'something that is not a ListBucketResult'));
      entries.push(...page.entries);
      if (entries.length > kListedNames) {
        return refuse({ code: 'limit', status: 0, url: where, message: `Expected at most ${kListedNames} names (limit kListedNames) in the folder ${where}, received more. Name the image itself in the address.` });
      }
      // The same token again would be an endless list.
      token = page.next === token ? undefined : page.next;
    } while (token !== undefined);
    if (entries.length > 0) return { found: true, entries };
    const where = hiddenSecrets(place.bucket) + prefix;
    return refuse({ code: 'missing', status: 0, url: where, message: `Expected the folder ${where}; the bucket has nothing under that name. Check the address.` });
  }
}

function notListed(url: string, code: StoreError['code'], received: string): StoreError {
  return { code, status: 0, url, message: `Expected a list of the files in ${url}, received ${received}. Who keeps the bucket can allow listing (s3:ListBucket), or name the image itself in the address.` };
}

const kEntities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    const code = hex !== undefined ? parseInt(hex, 16) : decimal !== undefined ? Number(decimal) : -1;
    if (name !== undefined) return kEntities[name.toLowerCase()] ?? whole;
    return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/**
 * One page of a ListObjectsV2 answer: names below `prefix`, and the token of the next page. Regular
 * expressions, because there is no DOM in Node; null if it is no such answer.
 */
export function parseListing(xml: string, prefix: string): { entries: StoreEntry[]; next: string | undefined } | null {
  if (!/<ListBucketResult[\s>]/.test(xml)) return null;
  const entries: StoreEntry[] = [];
  const below = (key: string): string | null => {
    const name = unescaped(key);
    return name.startsWith(prefix) && name.length > prefix.length ? name.slice(prefix.length) : null;
  };
  for (const [, key = ''] of xml.matchAll(/<CommonPrefixes>\s*<Prefix>([^<]*)<\/Prefix>/g)) {
    const name = below(key)?.replace(/\/$/, '');
    if (name && !name.includes('/')) entries.push({ name, kind: 'directory' });
  }
  for (const [, contents = ''] of xml.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)) {
    const name = below(/<Key>([^<]*)<\/Key>/.exec(contents)?.[1] ?? '');
    const size = /<Size>(\d+)<\/Size>/.exec(contents)?.[1];
    if (name && !name.includes('/')) entries.push({ name, kind: 'file', ...(size === undefined ? {} : { size: Number(size) }) });
  }
  const more = /<IsTruncated>\s*true\s*<\/IsTruncated>/.test(xml);
  const next = more ? /<NextContinuationToken>([^<]*)<\/NextContinuationToken>/.exec(xml)?.[1] : undefined;
  return { entries, next: next === undefined ? undefined : unescaped(next) };
}

type Fetch = NonNullable<HttpStoreOptions['fetch']>;

/**
 * A fetch for s3:// addresses, which do not name the bucket's region: Amazon answers requests at the
 * wrong one with 301 and the right one in the body, which browsers do not follow.
 */
export function regionalFetch(inner: Fetch | undefined): Fetch {
  const send: Fetch = inner ?? ((url, init) => fetch(url, init));
  let region = '';
  const placed = (url: string): string =>
    region === '' ? url : url.replace(/^(https:\/\/(?:[^/]+\.)?)s3\.amazonaws\.com\//, `$1s3.${region}.amazonaws.com/`);
  return async (url, init) => {
    const response = await send(placed(url), init);
    if (region !== '' || response.status !== 301) return response;
    const body = init.method === 'HEAD' ? '' : await response.clone().text();
    const named = response.headers.get('x-amz-bucket-region') ?? /s3[.-]([a-z0-9-]+)\.amazonaws\.com<\/Endpoint>/.exec(body)?.[1] ?? '';
    if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(named)) return response;
    region = named;
    return send(placed(url), init);
  };
}
