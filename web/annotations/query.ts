// queryAnnotations(): objects of the layers by place, class and properties, as plain data. A bundle of its own.

import { MifascopeError } from '../errors.ts';
import type { ImageState } from '../state.ts';
import type { AnnotationLayersApi, LayerHandle } from './handle.ts';
import type { ObjectDetails, ShapeBuffers } from './layer.ts';
import { applied, boxAround, placeLayer, type Placement } from './placement.ts';

/** Objects of one answer. */
export const kMostObjects = 10_000;
const kUsualObjects = 1000;
/** Objects that are looked at one by one for what their layer cannot be asked: texts, and exact bounds. */
const kMostExamined = 20_000;

export interface PropertyFilter {
  /** A column's name, as in the layer's info. */
  readonly property: string;
  /** Numbers: from min to max, both included. */
  readonly min?: number;
  readonly max?: number;
  /** Texts: exactly this. */
  readonly equals?: string | number;
}

export interface AnnotationQuery {
  /** A layer's number or name. Default: all. */
  readonly layer?: number | string;
  /** [x0, y0, x1, y1] in pixels of the finest level: objects whose bounds touch it. */
  readonly bbox?: readonly [number, number, number, number];
  /** Names of classes. */
  readonly category?: string | readonly string[];
  /** All of them have to hold. */
  readonly where?: readonly PropertyFilter[];
  readonly frame?: number;
  readonly slice?: number;
  /** Default 1000, at most 10 000. */
  readonly limit?: number;
  /** GeoJSON's geometry of each. Default true. */
  readonly geometry?: boolean;
}

/** Positions in pixels of the finest level, from its upper left corner. */
export type Geometry =
  | { readonly type: 'Point'; readonly coordinates: readonly number[] }
  | { readonly type: 'LineString' | 'MultiPoint'; readonly coordinates: readonly (readonly number[])[] }
  | { readonly type: 'Polygon' | 'MultiLineString'; readonly coordinates: readonly (readonly (readonly number[])[])[] };

export interface AnnotationObject {
  readonly layer: number;
  readonly layerName: string;
  /** Its number in the layer. */
  readonly object: number;
  readonly shape: string;
  readonly category: string;
  /** In pixels; null without geometry. */
  readonly bounds: readonly [number, number, number, number] | null;
  readonly frames: readonly [number, number] | null;
  readonly slices: readonly [number, number] | null;
  /** Exact texts, as in the file. */
  readonly properties: Readonly<Record<string, string>>;
  /** Where it stands: a JSON pointer, or a line or row. */
  readonly place: ObjectDetails['place'];
  readonly geometry?: Geometry | null;
}

export interface AnnotationResult {
  readonly objects: readonly AnnotationObject[];
  /** Whether there are more than `limit`, or more than could be looked at. */
  readonly more: boolean;
}

function wrong(expected: string, received: unknown): MifascopeError {
  return new MifascopeError('bad-argument', `Expected ${expected}, received ${JSON.stringify(received) ?? 'nothing'}.`, 'See queryAnnotations in docs/embed.md.');
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

function check({ bbox, where, limit }: AnnotationQuery): void {
  if (bbox !== undefined && !(Array.isArray(bbox) && bbox.length === 4 && bbox.every(isNumber) && bbox[0] <= bbox[2] && bbox[1] <= bbox[3])) throw wrong('bbox as [x0, y0, x1, y1] in pixels', bbox);
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0 && limit <= kMostObjects)) throw wrong(`limit as a number from 1 to ${kMostObjects}`, limit);
  if (where !== undefined && !(Array.isArray(where) && where.every((each: unknown) => typeof (each as PropertyFilter | null)?.property === 'string'))) throw wrong('where as a list of {property, min, max, equals}', where);
}

function chosenLayers({ layers }: AnnotationLayersApi, wanted: number | string | undefined): readonly LayerHandle[] {
  if (wanted === undefined) return layers;
  const found = layers.filter(({ id, info }) => id === wanted || info.name === wanted);
  if (found.length === 0) throw wrong(`one of the layers ${layers.map(({ id, info }) => `${id} (${info.name})`).join(', ') || '(there is none)'}`, wanted);
  return found;
}

/** Objects that class and numbers leave, asked of the layer at once: alpha 0 is filtered out. */
async function left(handle: LayerHandle, { category, where = [] }: AnnotationQuery): Promise<(object: number) => boolean> {
  const { info, layer } = handle;
  const names = category === undefined ? null : typeof category === 'string' ? [category] : category;
  for (const { property } of where) {
    if (!info.columns.some(({ name }) => name === property)) throw wrong(`a property of ${info.name} (${info.columns.map(({ name }) => name).join(', ') || 'it has none'})`, property);
  }
  const ranges = where.flatMap(({ property, min, max, equals }) => {
    const text = info.columns.find(({ name }) => name === property)?.type === 'text';
    if (text) return [];
    const [low, high] = equals === undefined ? [min ?? -Infinity, max ?? Infinity] : [Number(equals), Number(equals)];
    return [{ column: property, min: Math.max(low, -Number.MAX_VALUE), max: Math.min(high, Number.MAX_VALUE) }];
  });
  if (!names && ranges.length === 0) return () => true;
  const hidden = names ? [-1, ...info.categories.flatMap(({ name }, index) => (names.includes(name) ? [] : [index]))] : [];
  const { colors } = await layer.style({ kind: 'category' }, { hidden, ranges });
  return (object) => colors[4 * object + 3] !== 0;
}

/** Objects in the layer whose square around their bounds touches the box, in spatial order. */
async function near({ layer, info }: LayerHandle, { toPixels }: Placement, bbox: readonly number[]): Promise<number[]> {
  const { buffer, count } = await layer.points();
  const [floats, words] = [new Float32Array(buffer), new Uint32Array(buffer)];
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = bbox;
  const reach = Math.hypot(toPixels[0], toPixels[3]) + Math.hypot(toPixels[1], toPixels[4]);
  const found: number[] = [];
  for (let i = 0; i < count; ++i) {
    const [x, y] = applied(toPixels, (floats[4 * i] ?? 0) + info.origin[0], (floats[4 * i + 1] ?? 0) + info.origin[1]);
    const half = (floats[4 * i + 2] ?? 0) * reach;
    if (x + half >= x0 && x - half <= x1 && y + half >= y0 && y - half <= y1) found.push(words[4 * i + 3] ?? 0);
  }
  return found.sort((a, b) => a - b);
}

function outside(range: readonly [number, number] | null, at: number | undefined): boolean {
  return at !== undefined && range !== null && (at < range[0] || at > range[1]);
}

/** Segments that follow each other, joined. Closed paths end where they began. */
function pathsOf(buffer: ArrayBuffer, count: number, place: (x: number, y: number) => number[]): number[][][] {
  const floats = new Float32Array(buffer);
  const paths: number[][][] = [];
  let end: readonly [number, number] | null = null;
  for (let i = 0; i < count; ++i) {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = floats.subarray(5 * i, 5 * i + 4);
    if (!end || end[0] !== x0 || end[1] !== y0) paths.push([place(x0, y0)]);
    paths.at(-1)?.push(place(x1, y1));
    end = [x1, y1];
  }
  return paths;
}

function geometryOf(shape: string, shapes: ShapeBuffers, centre: readonly number[] | null, place: (x: number, y: number) => number[]): Geometry | null {
  const markers = new Float32Array(shapes.markers);
  const points = Array.from({ length: shapes.markerCount }, (_, i) => place(markers[3 * i] ?? 0, markers[3 * i + 1] ?? 0));
  const paths = pathsOf(shapes.lines, shapes.lineCount, place);
  const [first] = paths;
  if (first) {
    if (shapes.fillCount > 0) return { type: 'Polygon', coordinates: paths };
    return paths.length === 1 ? { type: 'LineString', coordinates: first } : { type: 'MultiLineString', coordinates: paths };
  }
  const [only] = points;
  if (only) return points.length === 1 ? { type: 'Point', coordinates: only } : { type: 'MultiPoint', coordinates: points };
  return centre && shape === 'point' ? { type: 'Point', coordinates: centre } : null;
}

function holds(details: ObjectDetails, { property, equals }: PropertyFilter): boolean {
  return equals === undefined || details.properties.some(({ name, value }) => name === property && (value === String(equals) || (value !== '' && Number(value) === Number(equals))));
}

/** Looks into the layers, the lowest first. Throws a MifascopeError for what cannot be asked. */
export async function queryAnnotations(api: AnnotationLayersApi, image: ImageState | undefined, query: AnnotationQuery): Promise<AnnotationResult> {
  check(query);
  if (!image) return { objects: [], more: false };
  const { bbox, where = [], frame, slice, limit = kUsualObjects, geometry = true } = query;
  const objects: AnnotationObject[] = [];
  let examined = 0;
  for (const handle of chosenLayers(api, query.layer)) {
    const { layer, info } = handle;
    const placement = placeLayer(handle.space, handle.transform, image, info.bounds);
    const { toPixels, sliceScale, sliceOffset } = placement;
    const wanted = await left(handle, query);
    const candidates = bbox ? await near(handle, placement, bbox) : Array.from({ length: info.count }, (_, object) => object);
    for (const object of candidates) {
      if (!wanted(object)) continue;
      if (objects.length >= limit || examined >= kMostExamined) return { objects, more: true };
      examined += 1;
      const details = await layer.details(object);
      const bounds = details.bounds && boxAround(toPixels, details.bounds);
      if (bbox && (!bounds || bounds[2] < bbox[0] || bounds[0] > bbox[2] || bounds[3] < bbox[1] || bounds[1] > bbox[3])) continue;
      if (outside(details.frames, frame) || outside(details.slices, slice === undefined ? undefined : sliceScale * slice + sliceOffset)) continue;
      if (!where.every((filter) => holds(details, filter))) continue;
      const place = (x: number, y: number): number[] => applied(toPixels, x + info.origin[0], y + info.origin[1]);
      const centre = bounds && [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2];
      objects.push({
        layer: handle.id,
        layerName: info.name,
        object,
        shape: details.shape,
        category: details.category,
        bounds,
        frames: details.frames,
        slices: details.slices,
        properties: Object.fromEntries(details.properties.map(({ name, value }) => [name, value])),
        place: details.place,
        ...(geometry && { geometry: bounds ? geometryOf(details.shape, await layer.outline(object), centre, place) : null }),
      });
    }
  }
  return { objects, more: false };
}
