// A person's affine map of a layer, taken apart and put together.

import type { Affine } from '../handle.ts';
import type { ImageContext } from '../layer.ts';
import { composed } from '../placement.ts';

/** First scaled, then turned (degrees, from x towards y), then shifted. */
export interface Placement {
  readonly scale: readonly [number, number];
  readonly turn: number;
  readonly shift: readonly [number, number];
}

/** Null where the map shears or flattens: then only its six numbers say it. */
export function placementOf([xx, xy, x0, yx, yy, y0]: Affine): Placement | null {
  const width = Math.hypot(xx, yx);
  const determinant = xx * yy - xy * yx;
  if (width === 0 || determinant === 0) return null;
  if (Math.abs(xx * xy + yx * yy) > 1e-9 * width * Math.hypot(xy, yy)) return null;
  return { scale: [width, determinant / width], turn: (Math.atan2(yx, xx) * 180) / Math.PI, shift: [x0, y0] };
}

export function affineOf({ scale: [width, height], turn, shift: [x0, y0] }: Placement): Affine {
  const angle = (turn * Math.PI) / 180;
  // Exact for quarter turns: 6e-17 in a number field is no zero.
  const [cos, sin] = turn % 90 === 0 ? [Math.round(Math.cos(angle)), Math.round(Math.sin(angle))] : [Math.cos(angle), Math.sin(angle)];
  return [width * cos, -height * sin, x0, width * sin, height * cos, y0].map((value) => value + 0) as unknown as Affine;
}

/** x and y of the image's pixels are exchanged. */
export function swapped(affine: Affine): Affine {
  return composed([0, 1, 0, 1, 0, 0], affine);
}

/** Upside down over an image of `height` pixels. */
export function flipped(affine: Affine, height: number): Affine {
  return composed([1, 0, 0, 0, -1, height], affine);
}

export function isInvertible([xx, xy, , yx, yy]: Affine): boolean {
  return Math.abs(xx * yy - xy * yx) > 1e-12 * Math.hypot(xx, yx) * Math.hypot(xy, yy);
}

/** Share of the box that is over the image, 0 to 1; what has no width or height counts by the rest. */
export function shareInside([x0, y0, x1, y1]: readonly [number, number, number, number], { width, height }: ImageContext): number {
  const along = (low: number, high: number, size: number): number =>
    high > low ? Math.max(0, Math.min(high, size) - Math.max(low, 0)) / (high - low) : low >= 0 && low <= size ? 1 : 0;
  return along(x0, x1, width) * along(y0, y1, height);
}
