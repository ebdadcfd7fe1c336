// SpatialData (.zarr): points, shapes and tables beside its images, moved to the coordinate system
// "global" by their transformations, and from there to the pixels of the open image by its own.

import type { AsyncBuffer } from 'hyparquet';
import { inverted } from '../placement.ts';
import { readAnnData } from './anndata.ts';
import { ColumnPack, SourceError, type NumberArray, type PackedLayer, type PackedSpace } from './columns.ts';
import { parquetFile, readParquet } from './parquet.ts';
import { isObject, join, type JsonObject, type ZarrTree } from './zarr_array.ts';

/** Parts of one element's Parquet folder. */
const kMostParts = 10_000;

export async function isSpatialData(tree: ZarrTree): Promise<boolean> {
  if ('spatialdata_attrs' in (await tree.attributes(''))) return true;
  const children = await tree.children('');
  return children !== null && (children.includes('shapes') || children.includes('points')) && (children.includes('tables') || children.includes('images'));
}

/** Whether the place itself is one element of points or shapes. */
export async function isElement(tree: ZarrTree): Promise<boolean> {
  return ['ngff:shapes', 'ngff:points'].includes(String((await tree.attributes(''))['encoding-type']));
}

/** `image`: attributes of the open image; null: "global" is taken for its pixels. */
export async function readElement(tree: ZarrTree, name: string, image: JsonObject | null): Promise<PackedLayer> {
  const points = (await tree.attributes(''))['encoding-type'] === 'ngff:points';
  return { ...(await (points ? readPoints : readShapes)(tree, '', image)), name };
}

/** A layer for each of its elements; one that cannot be read is told in `failures`. */
export async function readSpatialData(tree: ZarrTree, image: JsonObject | null): Promise<{ layers: readonly PackedLayer[]; failures: readonly SourceError[] }> {
  const layers: PackedLayer[] = [];
  const failures: SourceError[] = [];
  for (const [kind, read] of [['shapes', readShapes], ['points', readPoints], ['tables', readTable]] as const) {
    for (const name of (await tree.children(kind)) ?? []) {
      try {
        layers.push(await read(tree, join(kind, name), image));
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        failures.push(new SourceError(error.code, `${kind}/${name}: ${error.message}`));
      }
    }
  }
  return { layers, failures };
}

function readTable(tree: ZarrTree, path: string): Promise<PackedLayer> {
  return readAnnData(tree, path, { name: path });
}

async function readPoints(tree: ZarrTree, path: string, image: JsonObject | null): Promise<PackedLayer> {
  const attributes = await tree.attributes(path);
  const about = isObject(attributes['spatialdata_attrs']) ? attributes['spatialdata_attrs'] : {};
  const files = await parquetParts(tree, join(path, 'points.parquet'));
  const parts: Record<string, string> = { x: 'x', y: 'y', z: 'z' };
  if (typeof about['feature_key'] === 'string') parts[about['feature_key']] = 'label';
  if (typeof about['instance_key'] === 'string') parts[about['instance_key']] = 'instance';
  return { ...(await readParquet(files, path, { parts, space: spaceOf(attributes, image) })), title: 'SpatialData points' };
}

async function readShapes(tree: ZarrTree, path: string, image: JsonObject | null): Promise<PackedLayer> {
  const attributes = await tree.attributes(path);
  const file = await parquetFile(tree.store, join(path, 'shapes.parquet'), tree.signal);
  const title = 'SpatialData shapes';
  if (!file) return { ...(await readArrays(tree, path, attributes, image)), title };
  return { ...(await readParquet([file], path, { parts: { radius: 'radius' }, space: spaceOf(attributes, image) })), title };
}

/** A file, or a folder of part.0.parquet, part.1.parquet, … */
async function parquetParts(tree: ZarrTree, path: string): Promise<readonly AsyncBuffer[]> {
  const single = await parquetFile(tree.store, path, tree.signal);
  if (single) return [single];
  const files: AsyncBuffer[] = [];
  for (let i = 0; i < kMostParts; ++i) {
    const file = await parquetFile(tree.store, join(path, `part.${i}.parquet`), tree.signal);
    if (!file) break;
    files.push(file);
  }
  if (files.length === 0) throw new SourceError('missing', `Expected Parquet at ${path}, received none. The element is incomplete: write it again.`);
  return files;
}

/** Version 0.1: coordinates and offsets as arrays, the type as a number (GEOS). */
async function readArrays(tree: ZarrTree, path: string, attributes: JsonObject, image: JsonObject | null): Promise<PackedLayer> {
  const about = isObject(attributes['spatialdata_attrs']) ? attributes['spatialdata_attrs'] : {};
  const geos = isObject(about['geos']) ? about['geos'] : {};
  const type = geos['type'];
  if (type !== 0 && type !== 3 && type !== 6) {
    throw new SourceError('unsupported', `Expected shapes.parquet, or arrays of points, polygons or multipolygons at ${path}, received ${JSON.stringify(geos)}.`);
  }
  const numbers = async (name: string): Promise<readonly number[]> => Array.from((await tree.array(join(path, name))).values as Float64Array, Number);
  const coordinates = await tree.array(join(path, 'coords'));
  const width = coordinates.shape[1] ?? 2;
  const xy = coordinates.values as NumberArray;
  const vertex = (at: number): readonly [number, number] => [Number(xy[at * width]), Number(xy[at * width + 1])];
  const ids = (await tree.node(join(path, 'Index'))) ? await tree.array(join(path, 'Index')) : null;
  const shapes: Uint8Array[] = [];
  if (type === 0) {
    for (let i = 0; i < (coordinates.shape[0] ?? 0); ++i) shapes.push(wkb(1, [[vertex(i)]]));
  } else {
    const levels = [await numbers('offset0'), await numbers('offset1'), ...(type === 6 ? [await numbers('offset2')] : [])];
    const range = (level: number, at: number): readonly number[] => {
      const offsets = levels[level] ?? [];
      const begin = offsets[at] ?? 0, end = offsets[at + 1] ?? begin;
      return Array.from({ length: Math.max(0, Math.min(end, begin + xy.length) - begin) }, (_, i) => begin + i);
    };
    const polygon = (at: number): readonly (readonly (readonly [number, number])[])[] => range(1, at).map((ring) => range(0, ring).map(vertex));
    const top = levels[levels.length - 1] ?? [];
    for (let i = 0; i + 1 < top.length; ++i) {
      shapes.push(type === 3 ? wkb(3, polygon(i)) : collection(range(2, i).map((one) => wkb(3, polygon(one)))));
    }
  }
  const pack = new ColumnPack(shapes.length);
  pack.addGeometry('geometry', shapes);
  if (type === 0 && (await tree.node(join(path, 'radius')))) pack.add({ name: 'radius', values: (await tree.array(join(path, 'radius'))).values, part: 'radius' });
  if (ids && ids.values.length === shapes.length) pack.add({ name: 'index', values: ids.values, part: 'id' });
  return { name: path, title: '', rows: shapes.length, bytes: pack.pack({ space: spaceOf(attributes, image), place: ['/rows/', ''] }) };
}

function wkb(type: 1 | 3, rings: readonly (readonly (readonly [number, number])[])[]): Uint8Array {
  const vertices = rings.reduce((all, ring) => all + ring.length, 0);
  const bytes = new Uint8Array(5 + (type === 3 ? 4 + 4 * rings.length : 0) + 16 * vertices);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint32(1, type, true);
  let at = 5;
  const count = (number: number): void => {
    if (type === 1) return;
    view.setUint32(at, number, true);
    at += 4;
  };
  count(rings.length);
  for (const ring of rings) {
    count(ring.length);
    for (const [x, y] of ring) {
      view.setFloat64(at, x, true);
      view.setFloat64(at + 8, y, true);
      at += 16;
    }
  }
  return bytes;
}

function collection(polygons: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(9 + polygons.reduce((all, one) => all + one.length, 0));
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint32(1, 6, true);
  view.setUint32(5, polygons.length, true);
  let at = 9;
  for (const polygon of polygons) {
    bytes.set(polygon, at);
    at += polygon.length;
  }
  return bytes;
}

/** Rows [x: ax, bx, c; y: …] as Space.affine has them. */
type Affine = readonly [number, number, number, number, number, number];
const kIdentity: Affine = [1, 0, 0, 0, 1, 0];

const kSystem = 'global';

function listOf(attributes: JsonObject, key: string): readonly JsonObject[] {
  const list = attributes[key];
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function axesOf(attributes: JsonObject): readonly string[] {
  const { axes } = attributes;
  return Array.isArray(axes) ? axes.map((axis: unknown) => (isObject(axis) ? String(axis['name']) : String(axis))) : ['x', 'y'];
}

/** The transformation to a system; without a name, to "global" or, where there is none, the first. */
function transformationTo(attributes: JsonObject, system: string | null): { readonly system: string; readonly affine: Affine } | null {
  const all = listOf(attributes, 'coordinateTransformations');
  const named = (one: JsonObject): string => String((isObject(one['output']) ? one['output']['name'] : one['output']) ?? '');
  const chosen = all.find((one) => named(one) === (system ?? kSystem)) ?? (system === null ? all[0] : undefined);
  return chosen ? { system: named(chosen), affine: affineOf(chosen, axesOf(attributes)) } : null;
}

/** Pixels of an image's finest level to a system; null: the image does not say how it lies in it. */
export function imageTo(system: string, attributes: JsonObject): Affine | null {
  const [multiscale] = listOf(isObject(attributes['ome']) ? attributes['ome'] : attributes, 'multiscales');
  const found = multiscale && transformationTo(multiscale, system);
  if (!multiscale || !found) return null;
  const [finest] = listOf(multiscale, 'datasets');
  const axes = axesOf(multiscale);
  const own = finest ? listOf(finest, 'coordinateTransformations').reduce<Affine>((all, step) => compose(affineOf(step, axes), all), kIdentity) : kIdentity;
  return compose(found.affine, own);
}

/**
 * The element's own coordinates to pixels of the open image, by way of "global", or of the first system that the
 * element names. `image`: its attributes; where it is null or is not in that system, the system is taken for pixels.
 */
export function spaceOf(attributes: JsonObject, image: JsonObject | null): PackedSpace {
  const element = transformationTo(attributes, null);
  const there = image ? imageTo(element?.system || kSystem, image) : null;
  const back = there && inverted(there);
  const affine = element?.affine ?? kIdentity;
  return { unit: 'pixel', corner: true, affine: back ? compose(back, affine) : affine };
}

function affineOf(transformation: JsonObject, inherited: readonly string[]): Affine {
  const input = isObject(transformation['input']) && Array.isArray(transformation['input']['axes']) ? transformation['input']['axes'] : null;
  const axes = input?.filter(isObject).map((axis) => String(axis['name'])) ?? inherited;
  const x = axes.indexOf('x'), y = axes.indexOf('y');
  if (x < 0 || y < 0) return kIdentity;
  const list = (key: string): readonly number[] | null => (Array.isArray(transformation[key]) ? transformation[key].map(Number) : null);
  switch (transformation['type']) {
    case 'scale': {
      const scale = list('scale');
      return scale ? [scale[x] ?? 1, 0, 0, 0, scale[y] ?? 1, 0] : kIdentity;
    }
    case 'translation': {
      const shift = list('translation');
      return shift ? [1, 0, shift[x] ?? 0, 0, 1, shift[y] ?? 0] : kIdentity;
    }
    case 'affine': {
      const rows = Array.isArray(transformation['affine']) ? (transformation['affine'] as unknown[]) : [];
      const output = isObject(transformation['output']) && Array.isArray(transformation['output']['axes']) ? transformation['output']['axes'] : null;
      const out = output?.filter(isObject).map((axis) => String(axis['name'])) ?? axes;
      const row = (axis: string): readonly number[] => (Array.isArray(rows[out.indexOf(axis)]) ? (rows[out.indexOf(axis)] as unknown[]).map(Number) : []);
      const rx = row('x'), ry = row('y');
      if (rx.length < axes.length + 1 || ry.length < axes.length + 1) return kIdentity;
      return [rx[x] ?? 1, rx[y] ?? 0, rx[axes.length] ?? 0, ry[x] ?? 0, ry[y] ?? 1, ry[axes.length] ?? 0];
    }
    case 'sequence': {
      const steps = Array.isArray(transformation['transformations']) ? transformation['transformations'].filter(isObject) : [];
      return steps.reduce<Affine>((all, step) => compose(affineOf(step, axes), all), kIdentity);
    }
    default:
      return kIdentity;
  }
}

/** First b, then a. */
function compose(a: Affine, b: Affine): Affine {
  return [
    a[0] * b[0] + a[1] * b[3], a[0] * b[1] + a[1] * b[4], a[0] * b[2] + a[1] * b[5] + a[2],
    a[3] * b[0] + a[4] * b[3], a[3] * b[1] + a[4] * b[4], a[3] * b[2] + a[4] * b[5] + a[5],
  ];
}
