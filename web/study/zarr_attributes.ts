// The attributes of a Zarr group, for what the viewer does not tell. What is wrong with them is its to say.

import type { Store } from '../stores/store.ts';

export type Json = { readonly [key: string]: unknown };

/** Longer ones (tables of very many objects in them) are not read. */
const kMostBytes = 8 * 1024 * 1024;

export function objectOf(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

/** OME's part of them; null where there is none that can be read. */
export async function omeAttributes(store: Store, group: string, signal?: AbortSignal): Promise<Json | null> {
  const prefix = group === '' ? '' : `${group}/`;
  for (const name of ['zarr.json', '.zattrs']) {
    const reply = await store.get(`${prefix}${name}`, { signal });
    if (!reply.found) continue;
    if (reply.bytes.length > kMostBytes) return null;
    try {
      const json = objectOf(JSON.parse(new TextDecoder().decode(reply.bytes)));
      const attributes = name === 'zarr.json' ? objectOf(json?.['attributes']) : json;
      return objectOf(attributes?.['ome']) ?? attributes;
    } catch {
      return null;
    }
  }
  return null;
}
