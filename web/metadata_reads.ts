// What the core asks of a store besides chunks: metadata files, and the names in a folder.

import type { Store, StoreReply } from './stores/store.ts';

/** src/ome/opener.h, kOmeXmlKey: the core gets its digest, as it has no XML parser of its own. */
const kOmeXmlKey = /(^|\/)OME\/METADATA\.ome\.xml$/;
/** Above this, parsing would keep the page from answering. The series are named by number then. */
const kMaxXmlBytes = 32 * 1024 * 1024;

/** The ids and names of the images in OME-XML, in document order; null if it is no XML. */
export function omeXmlDigest(text: string): string | null {
  const document = new DOMParser().parseFromString(text, 'application/xml');
  if (document.getElementsByTagName('parsererror').length > 0) return null;
  const images = [...document.getElementsByTagNameNS('*', 'Image')].map((image) => ({
    id: image.getAttribute('ID') ?? '',
    name: image.getAttribute('Name') ?? '',
  }));
  return JSON.stringify({ images });
}

export async function readMetadata(store: Store, key: string, signal: AbortSignal): Promise<StoreReply> {
  const reply = await store.get(key, { signal });
  if (!reply.found || !kOmeXmlKey.test(key)) return reply;
  const digest = reply.bytes.length <= kMaxXmlBytes ? omeXmlDigest(new TextDecoder().decode(reply.bytes)) : null;
  if (digest !== null) return { found: true, bytes: new TextEncoder().encode(digest) };
  return {
    found: false,
    error: {
      code: 'missing',
      status: 0,
      url: key,
      message: `Expected OME-XML of at most ${kMaxXmlBytes / 1024 / 1024} MiB in ${key}, received something else.`,
    },
  };
}

/** The children of a folder, folders with a slash at the end; null where the store cannot tell. */
export async function listFolder(store: Store, folder: string): Promise<readonly string[] | null> {
  const listing = await store.list?.(folder);
  if (!listing?.found) return null;
  return listing.entries.map(({ name, kind }) => (kind === 'directory' ? `${name}/` : name));
}
