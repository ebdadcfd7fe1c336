// The store for the address of an image. Plain web addresses are opened here and now; everything
// rarer (s3://…, …|zip:…, gs://…) is read by source.ts, which is fetched when
// such a text is met, as zip.ts is when a zip is: neither weighs on the first image.

import { HttpStore, type HttpStoreOptions } from './http.ts';
import { hiddenInText } from './http_answers.ts';
import { kRasterName, LateStore, openRaster, openZip } from './late.ts';
import type { Store } from './store.ts';

export interface OpenOptions extends HttpStoreOptions {
  /** What relative addresses are relative to. */
  readonly base?: string | URL | undefined;
  /** What it holds is laid over an image as labels: a palette's indices are kept. */
  readonly labels?: boolean | undefined;
}

/** Hosts of object stores, which can list a folder; source.ts knows them better. */
const kBucketHost = /\bs3\b|s3\.|\.googleapis\.com$|minio/i;

/** Opens what people give as "the image": see docs/add-a-store.md. What is wrong is said by its get(). */
export function openSource(text: string, options: OpenOptions = {}): Store {
  return openPlain(text, options) ?? new LateStore(hiddenInText(text.trim()), async () => (await import('./source.ts')).openAnySource(text, options));
}

function openPlain(text: string, { base, labels, ...options }: OpenOptions): Store | null {
  // The scheme is http(s) or absent ("data/image.zarr"); a colon later on is a port or part of a name.
  if (!/^(https?:\/\/|(?![a-z0-9.+-]+:))[^|\\"'<>]+$/i.test(text.trim())) return null;
  let url: URL;
  try {
    url = new URL(text.trim().replace(/%(?![0-9a-f]{2})/gi, '%25'), base);
  } catch {
    return null;
  }
  // A file inside the dataset stands for the folder it is in.
  url.pathname = url.pathname.replace(/\/(zarr\.json|\.z(attrs|group|array|metadata))$/, '') || '/';
  const store = new HttpStore(url, options);
  if (/\.(zip|ozx)(\/content)?$/i.test(url.pathname)) return openZip(store);
  if (kRasterName.test(url.pathname)) return openRaster(store, '', { labels });
  if (!kBucketHost.test(url.hostname)) return store;
  return {
    description: store.description,
    get: (key, how) => store.get(key, how),
    list: async (prefix, how) => (await import('./source.ts')).listBucket(url.href, options, prefix, how),
  };
}
