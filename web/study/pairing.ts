// Which image an annotation is of, where no document says so: by their names. A guess, and called one.

import { pairKey } from './kinds.ts';

/** Segments that two paths have in common. */
function sharedSegments(a: string, b: string): number {
  const other = new Set(b.split('/').slice(0, -1));
  return a.split('/').slice(0, -1).filter((segment) => other.has(segment)).length;
}

/**
 * Of each annotation the index of its image, or -1. An annotation fits an image of the same name (without
 * endings and words such as “mask”) or one that a folder of its path is named after; of several that fit,
 * the one whose path has most in common with its own, and none where two have the same.
 */
export function pairByName(images: readonly string[], annotations: readonly string[]): number[] {
  const byKey = new Map<string, number[]>();
  images.forEach((path, index) => {
    const key = pairKey(path);
    const there = byKey.get(key);
    if (there) there.push(index);
    else byKey.set(key, [index]);
  });
  return annotations.map((path) => {
    const inside = images.findIndex((image) => path.startsWith(`${image.replace(/\/+$/, '')}/`));
    if (inside >= 0) return inside;
    const segments = path.split('/').slice(0, -1).reverse();
    const candidates = byKey.get(pairKey(path)) ?? segments.map((segment) => byKey.get(pairKey(segment))).find(Boolean) ?? [];
    let best = -1;
    let most = -1;
    let tied = false;
    for (const index of candidates) {
      const shared = sharedSegments(images[index] ?? '', path);
      if (shared > most) [best, most, tied] = [index, shared, false];
      else if (shared === most) tied = true;
    }
    return tied ? -1 : best;
  });
}
