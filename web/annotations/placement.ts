// Where a layer lies on the image: from its coordinates to pixels of the finest level, whose first pixel
// is the square from 0 to 1.

import type { ImageState } from '../state.ts';
import type { Affine } from './handle.ts';
import type { ImageContext, LayerSpace } from './layer.ts';

export const kIdentity: Affine = [1, 0, 0, 0, 1, 0];

/** `outer` after `inner`. */
export function composed(outer: Affine, inner: Affine): Affine {
  const [a, b, c, d, e, f] = outer;
  const [g, h, i, j, k, l] = inner;
  return [a * g + b * j, a * h + b * k, a * i + b * l + c, d * g + e * j, d * h + e * k, d * i + e * l + f];
}

/** null: it folds the plane. */
export function inverted([a, b, c, d, e, f]: Affine): Affine | null {
  const determinant = a * e - b * d;
  const inverse: Affine = [
    e / determinant, -b / determinant, (b * f - e * c) / determinant,
    -d / determinant, a / determinant, (d * c - a * f) / determinant,
  ];
  return inverse.every(Number.isFinite) ? inverse : null;
}

export function applied([a, b, c, d, e, f]: Affine, x: number, y: number): [number, number] {
  return [a * x + b * y + c, d * x + e * y + f];
}

/** How many times a length becomes larger, on average. */
export function scaleOf([a, b, , d, e]: Affine): number {
  return Math.sqrt(Math.abs(a * e - b * d));
}

/** The smallest upright box around what `box` becomes. */
export function boxAround(map: Affine, [x0, y0, x1, y1]: readonly [number, number, number, number]): [number, number, number, number] {
  const corners = [applied(map, x0, y0), applied(map, x1, y0), applied(map, x0, y1), applied(map, x1, y1)];
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

const kMetres: readonly (readonly [RegExp, number])[] = [
  [/^(ångström|angstrom|å|a)s?$/i, 1e-10],
  [/^(pm|picomet(er|re)s?)$/i, 1e-12],
  [/^(nm|nanomet(er|re)s?)$/i, 1e-9],
  [/^(µm|μm|um|microns?|micromet(er|re)s?)$/i, 1e-6],
  [/^(mm|millimet(er|re)s?)$/i, 1e-3],
  [/^(cm|centimet(er|re)s?)$/i, 1e-2],
  [/^(m|met(er|re)s?)$/i, 1],
  [/^(in|inch(es)?)$/i, 0.0254],
];

/** Metres in one of it; null for what is no length that we know. */
export function metresIn(unit: string): number | null {
  return kMetres.find(([pattern]) => pattern.test(unit.trim()))?.[1] ?? null;
}

export interface Placement {
  /** Layer coordinates (with their origin) to pixels. */
  readonly toPixels: Affine;
  /** The layer's z of a slice number: scale × slice + offset. */
  readonly sliceScale: number;
  readonly sliceOffset: number;
  /** What is odd about it, a sentence; or empty. */
  readonly note: string;
}

interface Steps {
  readonly map: Affine;
  readonly note: string;
}

function fromPhysical(space: LayerSpace, image: ImageState, bounds: readonly [number, number, number, number] | null): Steps {
  const half = space.corner ? 0 : 0.5;
  const layerUnit = space.unitName || 'units';
  if (!(image.pixelWidth > 0) || !(image.pixelHeight > 0)) {
    return {
      map: [1, 0, half, 0, 1, half],
      note: `The image does not say how large its pixels are: a pixel is taken as 1 ${layerUnit}.`,
    };
  }
  const [layer, own] = [metresIn(space.unitName), metresIn(image.unit)];
  const factor = layer !== null && own !== null ? layer / own : 1;
  const note = layer !== null && own !== null
    ? ''
    : `Coordinates in ${space.unitName ? JSON.stringify(space.unitName) : 'an unknown unit'} over an image in ${image.unit ? JSON.stringify(image.unit) : 'an unknown unit'}: they are taken for the same.`;
  const placed = (startX: number, startY: number): Affine => [
    factor / image.pixelWidth, 0, half - startX / image.pixelWidth,
    0, factor / image.pixelHeight, half - startY / image.pixelHeight,
  ];
  const [startX, startY] = image.start;
  const map = placed(startX, startY);
  if (!bounds || (startX === 0 && startY === 0)) return { map, note };
  // Many programs count from the image's corner wherever it lies.
  const overlaps = (candidate: Affine): boolean => {
    const [x0, y0, x1, y1] = boxAround(composed(candidate, space.affine), bounds);
    return x1 > 0 && y1 > 0 && x0 < image.width && y0 < image.height;
  };
  const plain = placed(0, 0);
  if (overlaps(map) || !overlaps(plain)) return { map, note };
  return { map: plain, note: `${note} The image's translation is left out: with it, nothing of the layer lies on the image.`.trim() };
}

function fromUnit(space: LayerSpace, image: ImageState, bounds: readonly [number, number, number, number] | null): Steps {
  const half = space.corner ? 0 : 0.5;
  switch (space.unit) {
    case 'normalized':
      return { map: [image.width, 0, half, 0, image.height, half], note: '' };
    case 'physical':
      return fromPhysical(space, image, bounds);
    case 'pixel':
      return { map: [1, 0, half, 0, 1, half], note: '' };
  }
}

/** `bounds`: of the layer, in its coordinates. `transform`: a person's, in pixels. */
export function placeLayer(space: LayerSpace, transform: Affine, image: ImageState, bounds: readonly [number, number, number, number] | null): Placement {
  const { map, note } = fromUnit(space, image, bounds);
  let slice = { sliceScale: 1, sliceOffset: 0 };
  if (space.depthIsPhysical && image.sliceDistance > 0) {
    const [layer, own] = [metresIn(space.unitName), metresIn(image.unit)];
    const factor = layer !== null && own !== null ? own / layer : 1;
    slice = { sliceScale: image.sliceDistance * factor, sliceOffset: image.start[2] * factor };
  }
  return { toPixels: composed(transform, composed(map, space.affine)), ...slice, note };
}

/** What readers and reports are told of the image. `address`: where it was opened. */
export function imageContext(image: ImageState, address: string): ImageContext {
  const names = new Set<string>();
  const add = (name: string): void => {
    if (name) names.add(name);
  };
  const [name, path] = image.names;
  add(name);
  const segments = decoded(address.replace(/[?#].*$/, '')).split(/[/|]/).concat(path.split('/')).filter((part) => part && !/^[a-z0-9+]*:$/i.test(part));
  for (const segment of segments.reverse()) {
    add(segment);
    add(segment.replace(/(\.ome)?\.(zarr|ozx|zip|tiff?|png)$/i, ''));
  }
  const { width, height, depth, frames, pixelWidth, pixelHeight, sliceDistance, unit } = image;
  return { names: [...names], width, height, depth, frames, pixelWidth, pixelHeight, sliceDistance, unit };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
