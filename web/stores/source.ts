// What people paste as "the image": plain URLs, s3:// and gs:// addresses, the source strings of
// vizarr and neuroglancer (https://neuroglancer-docs.web.app/datasource/), addresses of a file inside
// the dataset. One text becomes one description, and that a store.

import { BucketStore, bucketPlaces, regionalFetch } from './bucket.ts';
import { kMetadataFiles } from './dataset_root.ts';
import { HttpStore, type HttpStoreOptions } from './http.ts';
import { hiddenInText } from './http_answers.ts';
import { kRasterName, openRaster, openZip, refusedStore } from './late.ts';
import type { OpenOptions } from './open.ts';
import type { GetOptions, Store, StoreError, StoreListing } from './store.ts';

/** The schemes a source can begin with. */
export const kSchemes: readonly string[] = [
  'https://', 'http://', 's3://', 'gs://', 's3+https://', 's3+http://', 'zarr://', 'zarr2://', 'zarr3://',
];
/** What may follow after a "|". */
export const kAdapters: readonly string[] = ['zip:', 'zarr:', 'zarr2:', 'zarr3:'];

export interface Source {
  /** What the text points at. */
  readonly kind: 'http' | 'bucket' | 'zip';
  /** Where its files are, or its zip is: http: or https:, with the query that was given. */
  readonly url: string;
  /** Inside a zip: the dataset's folder if the text names one. */
  readonly inner: string | undefined;
  /** What the text says of the Zarr version; a hint, no more. */
  readonly format: 'zarr2' | 'zarr3' | undefined;
  /** s3+https://: the host is an object store, whatever it is called. */
  readonly declaredBucket: boolean;
  /** s3://: the region is not known. */
  readonly anyRegion: boolean;
}

export type SourceReply =
  | { readonly found: true; readonly source: Source }
  | { readonly found: false; readonly error: StoreError };

function refused(text: string, message: string): SourceReply {  // `text` is shown: without secrets
  return { found: false, error: { code: 'fix-data', status: 0, url: text, message } };
}

/** What the text asks for. Relative addresses are relative to `base`. Never throws. */
export function parseSource(text: string, base?: string | URL): SourceReply {
  const pasted = text.trim().replace(/^(["'<])(.*)(["'>])$/, '$2').trim();
  const [first = '', ...adapters] = pasted.split('|');
  const { address, format } = withoutFormat(first);
  const shown = hiddenInText(pasted);
  const root = rootUrl(address, base, shown);
  if (typeof root === 'string') return refused(shown, root);
  let { url } = root;
  const state = { inner: undefined as string | undefined, format, zip: false };
  for (const adapter of adapters) {
    const error = applyAdapter(adapter, url, state);
    if (error !== null) return refused(shown, error);
  }
  if (!state.zip && /\.(zip|ozx)(\/content)?\/?$/i.test(url.pathname)) state.zip = true;
  if (state.zip) url.pathname = url.pathname.replace(/(.)\/+$/, '$1');
  else url = folderOf(url);
  const declared = /^s3\+https?:/i.test(address);
  const kind = state.zip ? 'zip' : declared || bucketPlaces(url.href).length > 0 ? 'bucket' : 'http';
  return {
    found: true,
    source: {
      kind,
      url: url.href,
      inner: state.inner === undefined || state.inner === '' ? undefined : withoutFile(state.inner),
      format: state.format,
      declaredBucket: declared,
      anyRegion: /^s3:/i.test(address),
    },
  };
}

/** Without neuroglancer's older prefix: "zarr2://https://…". */
function withoutFormat(text: string): { address: string; format: Source['format'] } {
  const prefix = /^(zarr[23]?):\/\//i.exec(text);
  if (!prefix) return { address: text, format: undefined };
  const name = prefix[1]?.toLowerCase();
  // There, the separator of old arrays could be told behind the address; here, the metadata tell it.
  const address = text.slice(prefix[0].length).replace(/([?&])dimension_separator=[^&#]*&?/, '$1').replace(/[?&]$/, '');
  return { address, format: name === 'zarr2' || name === 'zarr3' ? name : undefined };
}

/** The http(s) address of what comes before the first "|", or what is wrong with it. */
function rootUrl(address: string, base: string | URL | undefined, shown: string): { url: URL } | string {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase() ?? '';
  const rest = address.slice(scheme.length + 1);
  if (address === '') return 'Expected the address of an image, received nothing.';
  if (scheme === 'file' || /^[a-z]:[\\/]/i.test(address) || address.startsWith('\\\\')) {
    return `Expected an address on the web, received ${JSON.stringify(shown)}, a place on a computer. Web pages cannot read it by its name: choose it with “Open a folder” or “Open a file”, or drop it on the page.`;
  }
  const bucket = /^\/\/([^/?#]+)\/?(.*)$/.exec(rest);
  switch (scheme) {
    case 's3':
    case 'gs':
    case 'gcs': {
      const [, name = '', key = ''] = bucket ?? [];
      if (name === '') return `Expected ${scheme}://bucket/folder, received ${JSON.stringify(shown)}. Name the bucket.`;
      return { url: bucketUrl(scheme === 's3' ? 's3' : 'gs', name, key) };
    }
    case 's3+https':
    case 's3+http':
      return parsed(`${scheme.slice(3)}:${rest}`, undefined, shown);
    case 'http':
    case 'https':
    case '':
      return parsed(address, base, shown);
    default:
      if (/^(localhost|[a-z0-9-]+(\.[a-z0-9-]+)+)$/i.test(scheme) && /^\d+(\/|$)/.test(rest)) {
        return parsed(`http://${address}`, undefined, shown);
      }
      return `Expected an address that begins with one of ${kSchemes.join(', ')}, received ${JSON.stringify(shown)}. ${/^(az|abfs|abfss|wasb|wasbs)$/.test(scheme) ? 'Azure shows the https:// address of each container in its portal.' : 'Check it for typing errors, or use its https:// address.'}`;
  }
}

function parsed(address: string, base: string | URL | undefined, shown: string): { url: URL } | string {
  try {
    // A stray '%' ("50% cells.zarr") stands for itself; anything else is as the address bar has it.
    const url = new URL(address.trim().replace(/%(?![0-9a-f]{2})/gi, '%25'), base);
    url.hash = '';
    if (/^https?:$/.test(url.protocol)) return { url };
  } catch {
    // Said below.
  }
  return `Expected the address of an image (${kSchemes.slice(0, 4).join(', ')}…), received ${JSON.stringify(shown)}. Check it for typing errors.`;
}

/** Names with dots do not fit the certificate of bucket.s3.amazonaws.com: they go into the path. */
function bucketUrl(service: 's3' | 'gs', bucket: string, key: string): URL {
  const host = service === 'gs' ? 'storage.googleapis.com' : 's3.amazonaws.com';
  // A key may hold what would end a URL's path; what is percent-encoded already stays.
  const path = key.replace(/\?(?![\w.~-]+=)/g, '%3F').replace(/#/g, '%23').replace(/%(?![0-9a-f]{2})/gi, '%25');
  const inHost = service === 's3' && /^[a-z0-9][a-z0-9-]*$/.test(bucket);
  return new URL(inHost ? `https://${bucket}.${host}/${path}` : `https://${host}/${encodeURIComponent(bucket)}/${path}`);
}

function applyAdapter(
  adapter: string,
  url: URL,
  state: { inner: string | undefined; format: Source['format']; zip: boolean },
): string | null {
  const parts = /^([a-z][a-z0-9+.-]*):([^#]*)/i.exec(adapter.trim());
  const name = parts?.[1]?.toLowerCase() ?? '';
  let path: string;
  try {
    path = decodeURIComponent((parts?.[2] ?? '').replace(/^\/+|\/+$/g, ''));
  } catch {
    return `Expected a percent-encoded path after “|${name}:”, received ${JSON.stringify(adapter)}. Write a “%” as “%25”.`;
  }
  if (path.split('/').includes('..')) return `Expected a path inside the dataset after “|${name}:”, received ${JSON.stringify(path)}, which leads out of it.`;
  switch (name) {
    case 'zip':
      if (state.zip) return 'Expected one “|zip:”, received several: a zip inside a zip cannot be read by parts (RFC-9 of OME-Zarr forbids it). Unpack the outer one.';
      state.zip = true;
      state.inner = path;
      return null;
    case 'zarr':
    case 'zarr2':
    case 'zarr3':
      if (name !== 'zarr') state.format = name;
      if (path === '') return null;
      // A zip without "|zip:" is one by its name; then the path is inside it.
      if (state.zip || /\.(zip|ozx)$/i.test(url.pathname)) state.inner = [state.inner ?? '', path].filter(Boolean).join('/');
      else url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path.split('/').map(encodeURIComponent).join('/')}`;
      return null;
    default:
      return `Expected one of ${kAdapters.map((known) => `“|${known}”`).join(', ')} after the address, received “|${adapter}”. This viewer reads Zarr, in folders and zip files; image files (TIFF, PNG, JPEG) by their own address.`;
  }
}

/** The dataset's folder for the address of its metadata file. */
function folderOf(url: URL): URL {
  const slash = url.pathname.lastIndexOf('/');
  if (!kMetadataFiles.has(url.pathname.slice(slash + 1))) return url;
  const folder = new URL(url);
  folder.pathname = url.pathname.slice(0, slash) || '/';
  return folder;
}

function withoutFile(path: string): string {
  const slash = path.lastIndexOf('/');
  return kMetadataFiles.has(path.slice(slash + 1)) ? path.slice(0, Math.max(slash, 0)) : path;
}

/** The store for what the text points at. One that cannot be read gives a store that says why. */
export function openAnySource(text: string, options: OpenOptions = {}): Store {
  const reply = parseSource(text, options.base);
  return reply.found ? openStore(reply.source, options) : refusedStore(hiddenInText(text), reply.error);
}

export function openStore(source: Source, options: OpenOptions = {}): Store {
  const { fetch, headers, credentials, limits, labels } = options;
  const http: HttpStoreOptions = { headers, credentials, limits, fetch: source.anyRegion ? regionalFetch(fetch) : fetch };
  const raster = source.kind !== 'zip' && kRasterName.test(new URL(source.url).pathname);
  if (source.kind === 'http' || raster) {
    const store = new HttpStore(source.url, http);
    return raster ? openRaster(store, '', { labels }) : store;
  }
  if (source.kind === 'bucket') {
    return new BucketStore(source.url, bucketPlaces(source.url, source.declaredBucket), http);
  }
  const zip = new HttpStore(source.url, http);
  const inner = source.inner ?? '';
  // An image file inside a zip: its folder is what is opened of the zip.
  const slash = inner.lastIndexOf('/');
  return kRasterName.test(inner) ? openRaster(openZip(zip, inner.slice(0, Math.max(slash, 0))), inner.slice(slash + 1), { labels }) : openZip(zip, source.inner);
}

/** A folder's names, where the address is one of a bucket. */
export function listBucket(url: string, options: HttpStoreOptions, prefix: string, how?: Pick<GetOptions, 'signal'>): Promise<StoreListing> {
  return new BucketStore(url, bucketPlaces(url), options).list(prefix, how);
}
