// Whether a folder of this computer is a study, and not one image: told by what is in it, without reading.

import type { Store } from '../stores/store.ts';
import { baseName, isRaster, isZarr, kindOf } from './kinds.ts';
import { listStore } from './listing.ts';

/** "t000.tif", "t001.tif": one image over time. */
function isSeries(paths: readonly string[]): boolean {
  const patterns = new Set(paths.map((path) => baseName(path).replace(/\d+/g, '#')));
  return patterns.size === 1;
}

/** Several images side by side. A Zarr group is one, whatever it holds; numbered files without annotations are, too. */
export async function isStudyFolder(store: Store, signal?: AbortSignal): Promise<boolean> {
  const listing = await listStore(store, { signal, deepest: 4 });
  if (!listing) return false;
  const { paths } = listing;
  if (paths.some((path) => /^(zarr\.json|\.zattrs|\.zgroup|\.zarray)$/.test(path))) return false;
  const images = paths.filter((path) => kindOf(path) === 'image');
  if (images.length < 2) return false;
  const rasters = images.filter((path) => isRaster(path));
  if (images.length - rasters.length >= 2 || images.some((path) => isZarr(path))) return true;
  const annotated = paths.some((path) => kindOf(path) === 'mask');
  return annotated || !isSeries(rasters);
}
