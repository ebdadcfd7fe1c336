// All ids of a mask, and where their pixels are: the mask is read once, as a whole, at the finest level that is not
// too large for that.

import type { Store } from '../stores/store.ts';
import type { DecoderPool } from '../workers/pool.ts';
import { SourceError } from './sources/columns.ts';
import { isObject, join, ZarrTree, type JsonObject } from './sources/zarr_array.ts';

/** Elements that are read: 128 MB of 32-bit ids. */
export const kMostScanned = 32_000_000;
/** The page is let go on after so long, in ms. */
const kSliceMs = 12;

export interface MaskPlace {
  /** The middle of its pixels, in pixels of the finest level, the corner of the first at 0; the slice counted from 0. */
  readonly center: readonly [number, number, number];
  /** Around its pixels, in pixels of the finest level: x0, y0, x1, y1. */
  readonly bounds: readonly [number, number, number, number];
  /** In the middle; null: the mask has one slice. */
  readonly slice: number | null;
}

export interface MaskScan {
  /** Of each frame its ids, without 0. */
  readonly frames: readonly ReadonlyMap<string, MaskPlace>[];
  /** Not the finest level: objects smaller than `factor` pixels may be missing. */
  readonly factor: number;
}

interface Level {
  readonly path: string;
  readonly shape: readonly number[];
}

function multiscaleOf(attributes: JsonObject): JsonObject | null {
  const ome = isObject(attributes['ome']) ? attributes['ome'] : attributes;
  const list = ome['multiscales'];
  const first: unknown = Array.isArray(list) ? list[0] : null;
  return isObject(first) ? first : null;
}

function axisNames(multiscale: JsonObject, rank: number): readonly string[] {
  const { axes } = multiscale;
  const names = Array.isArray(axes) ? axes.map((axis: unknown) => (isObject(axis) ? String(axis['name']) : String(axis))) : [];
  // Before 0.3 all had five axes, in this order.
  return names.length === rank ? names : ['t', 'c', 'z', 'y', 'x'].slice(5 - rank);
}

/** `path`: of the label image. Rejects with a SourceError. */
export async function scanMask(store: Store, pool: DecoderPool, path: string, signal?: AbortSignal): Promise<MaskScan> {
  const tree = new ZarrTree(store, pool, signal);
  const multiscale = multiscaleOf(await tree.attributes(path));
  const datasets = multiscale && Array.isArray(multiscale['datasets']) ? multiscale['datasets'] : null;
  if (!multiscale || !datasets) throw new SourceError('fix-data', `Expected a label image with "multiscales" at ${path || 'the root'}, received none.`);
  const levels: Level[] = [];
  for (const dataset of datasets as readonly unknown[]) {
    if (!isObject(dataset) || typeof dataset['path'] !== 'string') continue;
    const place = join(path, dataset['path']);
    const shape = (await tree.node(place))?.metadata['shape'];
    if (Array.isArray(shape)) levels.push({ path: place, shape: shape as readonly number[] });
  }
  const size = ({ shape }: Level): number => shape.reduce((all, extent) => all * extent, 1);
  const level = levels.find((each) => size(each) <= kMostScanned);
  const [finest] = levels;
  if (!level || !finest) {
    const least = levels.at(-1);
    throw new SourceError('limit', `Expected a level of at most ${kMostScanned} pixels, received ${least ? `${size(least)} in the coarsest` : 'none'} (limit kMostScanned). Write coarser levels of the mask.`);
  }
  const { values } = await tree.array(level.path);
  const axes = axisNames(multiscale, level.shape.length);
  return { frames: await count(values as ArrayLike<number | bigint>, level.shape, finest.shape, axes, signal), factor: Math.max(...level.shape.map((extent, i) => (finest.shape[i] ?? extent) / extent)) };
}

interface Reach {
  pixels: number;
  sumX: number;
  sumY: number;
  sumZ: number;
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

async function count(values: ArrayLike<number | bigint>, shape: readonly number[], finest: readonly number[], axes: readonly string[], signal?: AbortSignal): Promise<Map<string, MaskPlace>[]> {
  const width = shape.at(-1) ?? 1;
  const height = shape.at(-2) ?? 1;
  const factor = (name: string): number => {
    const at = axes.indexOf(name);
    return at < 0 ? 1 : (finest[at] ?? 1) / (shape[at] ?? 1);
  };
  const frames = axes.includes('t') ? (shape[axes.indexOf('t')] ?? 1) : 1;
  const depth = axes.includes('z') ? (shape[axes.indexOf('z')] ?? 1) : 1;
  const found = Array.from({ length: frames }, () => new Map<number | bigint, Reach>());
  const rows = values.length / Math.max(1, width);
  let since = performance.now();
  for (let row = 0; row < rows; ++row) {
    const y = row % height;
    const plane = Math.floor(row / height);
    const place = indexOf(plane, shape.slice(0, -2));
    const t = axes.includes('t') ? (place[axes.indexOf('t')] ?? 0) : 0;
    const z = axes.includes('z') ? (place[axes.indexOf('z')] ?? 0) : 0;
    const ids = found[t] as Map<number | bigint, Reach>;
    const end = (row + 1) * width;
    for (let i = row * width; i < end; ) {
      const id = values[i] as number | bigint;
      const first = i;
      while (i < end && values[i] === id) ++i;
      if (Number(id) === 0) continue;
      const [x0, x1] = [first - row * width, i - row * width];
      const known = ids.get(id);
      const pixels = x1 - x0;
      const [sumX, sumY, sumZ] = [(pixels * (x0 + x1)) / 2, pixels * (y + 0.5), pixels * z];
      if (!known) ids.set(id, { x0, y0: y, x1, y1: y + 1, pixels, sumX, sumY, sumZ });
      else {
        known.x0 = Math.min(known.x0, x0);
        known.x1 = Math.max(known.x1, x1);
        known.y0 = Math.min(known.y0, y);
        known.y1 = Math.max(known.y1, y + 1);
        known.pixels += pixels;
        known.sumX += sumX;
        known.sumY += sumY;
        known.sumZ += sumZ;
      }
    }
    if ((row & 63) === 0 && performance.now() - since > kSliceMs) {
      await new Promise((resolve) => setTimeout(resolve));
      if (signal?.aborted) throw new SourceError('aborted', 'Reading the mask was cancelled.');
      since = performance.now();
    }
  }
  const [fx, fy, fz] = [factor('x'), factor('y'), factor('z')];
  return found.map((ids) => new Map([...ids].map(([id, { x0, y0, x1, y1, pixels, sumX, sumY, sumZ }]) => {
    const center = [(sumX / pixels) * fx, (sumY / pixels) * fy, (sumZ / pixels) * fz] as const;
    return [String(id), { center, bounds: [x0 * fx, y0 * fy, x1 * fx, y1 * fy], slice: depth > 1 ? Math.round(center[2]) : null }];
  })));
}

/** Of an element's number in C order its index along each axis. */
function indexOf(number: number, shape: readonly number[]): number[] {
  const index = shape.map(() => 0);
  let rest = number;
  for (let axis = shape.length - 1; axis >= 0; --axis) {
    const extent = shape[axis] ?? 1;
    index[axis] = rest % extent;
    rest = Math.floor(rest / extent);
  }
  return index;
}

/** Lines "label frame x y z": the companion of tracks whose positions are in masks (src/annotation/ctc.cpp). */
export function positionLines({ frames }: MaskScan): string {
  return frames.flatMap((ids, t) => [...ids].map(([id, { center: [x, y, z] }]) => `${id} ${t} ${x.toFixed(3)} ${y.toFixed(3)} ${z.toFixed(3)}\n`)).join('');
}
