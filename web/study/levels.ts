// The paths of an image's levels, as its metadata has them: for code that reads them elsewhere.

import type { Store } from '../stores/store.ts';

type Json = { readonly [key: string]: unknown };

function objectOf(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

async function attributesOf(store: Store, group: string, signal?: AbortSignal): Promise<Json | null> {
  const prefix = group === '' ? '' : `${group}/`;
  for (const name of ['zarr.json', '.zattrs']) {
    const reply = await store.get(`${prefix}${name}`, { signal });
    if (!reply.found) continue;
    try {
      const json = objectOf(JSON.parse(new TextDecoder().decode(reply.bytes)));
      return name === 'zarr.json' ? objectOf(json?.['attributes']) : json;
    } catch {
      return null;  // The viewer says what is wrong with it.
    }
  }
  return null;
}

/** The finest first; none where the metadata has none. */
export async function levelPaths(store: Store, group = '', signal?: AbortSignal): Promise<string[]> {
  const attributes = await attributesOf(store, group, signal);
  const own = objectOf(attributes?.['ome']) ?? attributes;
  const [multiscale] = Array.isArray(own?.['multiscales']) ? (own['multiscales'] as unknown[]) : [];
  const datasets = objectOf(multiscale)?.['datasets'];
  if (!Array.isArray(datasets)) return [];
  return datasets.map((dataset) => objectOf(dataset)?.['path']).filter((path) => typeof path === 'string');
}
