// The paths of an image's levels, as its metadata has them: for code that reads them elsewhere.

import type { Store } from '../stores/store.ts';
import { objectOf, omeAttributes } from './zarr_attributes.ts';

/** The finest first; none where the metadata has none. */
export async function levelPaths(store: Store, group = '', signal?: AbortSignal): Promise<string[]> {
  const own = await omeAttributes(store, group, signal);
  const [multiscale] = Array.isArray(own?.['multiscales']) ? (own['multiscales'] as unknown[]) : [];
  const datasets = objectOf(multiscale)?.['datasets'];
  if (!Array.isArray(datasets)) return [];
  return datasets.map((dataset) => objectOf(dataset)?.['path']).filter((path) => typeof path === 'string');
}
