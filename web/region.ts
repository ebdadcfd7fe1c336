// readRegion(): elements of the image as they are stored, any level, any part. A bundle of its own, fetched
// with the first call.

import { halfToNumber, elementsOf, type Elements } from './elements.ts';
import { MifascopeError } from './errors.ts';
import type { LevelInfo } from './levels.ts';
import type { AxisState } from './state.ts';
import type { Viewer } from './viewer.ts';

/** Bytes of one region: it is in memory once, and a page has other uses for memory. */
export const kMostRegionBytes = 512 * 1024 * 1024;
/** Bytes of decoded chunks under way for one region, if that is more than one chunk. */
const kUnderWayBytes = 128 * 1024 * 1024;
const kUnderWay = 8;

/** One element, or the half-open range [from, to). */
export type Slice = number | readonly [number, number];

/** All counted in elements of `level`. */
export interface RegionOptions {
  /** 0, the default, is the finest. */
  readonly level?: number;
  /** Default: all. */
  readonly channels?: readonly number[];
  /** Default: what is shown. */
  readonly z?: Slice;
  readonly t?: Slice;
  /** Of axes with other names. Default: what is shown. */
  readonly at?: Readonly<Record<string, Slice>>;
  /** Default: the whole plane. */
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
}

export interface RegionSize {
  /** Along the image's axes, in their order. */
  readonly shape: readonly number[];
  readonly bytes: number;
  /** How many chunks are read for it. */
  readonly chunks: number;
}

/** The first is told before anything is read. */
export interface RegionProgress extends RegionSize {
  readonly done: number;
}

export interface RegionAxis {
  readonly name: string;
  readonly role: AxisState['role'];
  /** Of scale and translation, as a symbol; may be empty. */
  readonly unit: string;
  /** Of element 0 of the region, in elements of the level. Of channels that do not follow each other: the first. */
  readonly start: number;
  /** World position of the centre of the region's element i: scale × i + translation. */
  readonly scale: number;
  readonly translation: number;
}

export type RegionData = Elements;

export interface Region {
  /** C-contiguous in the order of `axes`. bool comes as 0 and 1 in a Uint8Array, float16 as a Float32Array. */
  readonly data: RegionData;
  readonly shape: readonly number[];
  readonly axes: readonly RegionAxis[];
  /** As stored: "uint16". */
  readonly dtype: string;
  readonly level: number;
  readonly levels: number;
  readonly channels: readonly number[];
  /** Of this level, 0 where the file does not say, in `unit`. */
  readonly pixelSize: { readonly x: number; readonly y: number; readonly z: number };
  readonly unit: string;
  /** Homogeneous, row by row: from (column, row, 1) of a plane to the world position (x, y, 1) of the element's centre. */
  readonly transform: readonly (readonly number[])[];
}

export interface RegionCall {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RegionProgress) => void) | undefined;
}

/** What is read along one axis. */
interface Selection {
  /** Elements of the level, in the order of the region. */
  readonly elements: readonly number[];
}

interface Plan extends RegionSize {
  readonly level: number;
  readonly info: LevelInfo;
  readonly axes: readonly AxisState[];
  readonly selections: readonly Selection[];
  /** Indices of chunks along each axis. */
  readonly grid: readonly (readonly number[])[];
}

function wrong(expected: string, received: unknown): MifascopeError {
  return new MifascopeError('bad-argument', `Expected ${expected}, received ${JSON.stringify(received) ?? 'nothing'}.`, 'See readRegion in docs/embed.md.');
}

function bytesOf(dataType: string): number {
  return dataType === 'float16' ? 4 : elementsOf(new ArrayBuffer(8), dataType).BYTES_PER_ELEMENT;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function rangeOf(name: string, slice: Slice, size: number): readonly [number, number] {
  const [from, to]: readonly [unknown, unknown] = typeof slice === 'number' ? [slice, slice + 1] : Array.isArray(slice) ? [slice[0], slice[1]] : [NaN, NaN];
  if (!isCount(from) || !isCount(to) || from >= to || to > size) throw wrong(`${name} as a number from 0 to ${size - 1}, or as [from, to] with to up to ${size}`, slice);
  return [from, to];
}

/** The element of a level that lies where `position` of the finest does. */
function onLevel(finest: LevelInfo, info: LevelInfo, axis: number, position: number): number {
  const world = position * (finest.scale[axis] ?? 1) + (finest.translation[axis] ?? 0);
  const element = Math.round((world - (info.translation[axis] ?? 0)) / (info.scale[axis] ?? 1));
  return Math.min(Math.max(element, 0), (info.shape[axis] ?? 1) - 1);
}

function span(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function select(axis: AxisState, at: number, finest: LevelInfo, info: LevelInfo, options: RegionOptions): Selection {
  const size = info.shape[at] ?? 1;
  const { role, name } = axis;
  if (role === 'x' || role === 'y') {
    const from = (role === 'x' ? options.x : options.y) ?? 0;
    const length = (role === 'x' ? options.width : options.height) ?? size - from;
    if (!isCount(from) || !isCount(length) || length < 1 || from + length > size) {
      throw wrong(`${role === 'x' ? 'x and width' : 'y and height'} as whole numbers inside the ${size} elements of this level`, [from, length]);
    }
    return { elements: span(from, from + length) };
  }
  if (role === 'c') {
    const channels = options.channels ?? span(0, size);
    if (!Array.isArray(channels) || channels.length === 0 || !channels.every((channel) => isCount(channel) && channel < size)) throw wrong(`channels as a list of numbers from 0 to ${size - 1}`, channels);
    return { elements: channels };
  }
  const slice = (role === 'z' ? options.z : role === 't' ? options.t : undefined) ?? options.at?.[name] ?? onLevel(finest, info, at, axis.position);
  return { elements: span(...rangeOf(name, slice, size)) };
}


function planRegion(viewer: Viewer, options: RegionOptions): Plan {
  const { axes = [] } = viewer.state;
  const { levels } = viewer;
  const level = options.level ?? 0;
  if (levels.length === 0) throw new MifascopeError('aborted', 'Another image was opened meanwhile.');
  const [info, finest] = [levels[level], levels[0]];
  if (!info || !finest || !isCount(level)) throw wrong(`level as a number from 0 to ${levels.length - 1}`, level);
  for (const role of ['z', 't'] as const) if (options[role] !== undefined && !axes.some((axis) => axis.role === role)) throw wrong(`no ${role}: this image has the axes ${axes.map(({ name }) => name).join(', ')}`, options[role]);
  for (const name of Object.keys(options.at ?? {})) if (!axes.some((axis) => axis.name === name)) throw wrong(`an axis of this image (${axes.map((axis) => axis.name).join(', ')}) in “at”`, name);
  const selections = axes.map((axis, at) => select(axis, at, finest, info, options));
  const shape = selections.map(({ elements }) => elements.length);
  const bytes = shape.reduce((product, extent) => product * extent, bytesOf(info.dataType));
  const grid = selections.map(({ elements }, at) => [...new Set(elements.map((element) => Math.floor(element / (info.chunk[at] ?? 1))))]);
  const chunks = grid.reduce((product, { length }) => product * length, 1);
  return { level, info, axes, selections, grid, shape, bytes, chunks };
}

/** How large a region would be. Throws a MifascopeError for one that is not in the image. */
export function measureRegion(viewer: Viewer, options: RegionOptions): RegionSize {
  const { shape, bytes, chunks } = planRegion(viewer, options);
  return { shape, bytes, chunks };
}

function filled(info: LevelInfo, count: number): Elements {
  const elements = info.dataType === 'float16' ? new Float32Array(count) : elementsOf(new ArrayBuffer(count * bytesOf(info.dataType)), info.dataType);
  const { fill } = info;
  if (elements instanceof BigInt64Array || elements instanceof BigUint64Array) {
    if (/^-?\d+$/.test(fill)) elements.fill(BigInt(fill) as never);
  } else {
    const value = /^[+-]?inf/i.test(fill) ? (fill.startsWith('-') ? -Infinity : Infinity) : fill === 'true' ? 1 : Number(fill);
    elements.fill((info.dataType.startsWith('float') || Number.isFinite(value) ? value : 0) as never);
  }
  return elements;
}

/** Where one chunk's elements along an axis go: pairs of places in the chunk and in the region. */
function pairsOf({ selections, info }: Plan, axis: number, chunk: number): [number, number][] {
  const extent = info.chunk[axis] ?? 1;
  const pairs: [number, number][] = [];
  selections[axis]?.elements.forEach((element, place) => {
    if (Math.floor(element / extent) === chunk) pairs.push([element - chunk * extent, place]);
  });
  return pairs;
}

function stridesOf(shape: readonly number[], order: readonly number[]): number[] {
  const strides: number[] = Array.from({ length: shape.length }, () => 1);
  let stride = 1;
  for (const axis of [...order].reverse()) {
    strides[axis] = stride;
    stride *= shape[axis] ?? 1;
  }
  return strides;
}

function copyChunk(plan: Plan, index: readonly number[], chunk: Elements, region: Elements): void {
  const { info, shape } = plan;
  const rank = shape.length;
  const from = stridesOf(info.chunk, info.order);
  const to = stridesOf(shape, span(0, rank));
  const pairs = index.map((chunkIndex, axis) => pairsOf(plan, axis, chunkIndex));
  const half = info.dataType === 'float16';
  const last = rank - 1;
  const row = pairs[last] ?? [];
  const [first] = row;
  // Elements that follow each other here and there are copied at once.
  const together = !half && first !== undefined && from[last] === 1 && row.every(([a, b], i) => a === first[0] + i && b === first[1] + i);
  const copy = (axis: number, source: number, target: number): void => {
    if (axis < last) {
      for (const [a, b] of pairs[axis] ?? []) copy(axis + 1, source + a * (from[axis] ?? 0), target + b * (to[axis] ?? 0));
    } else if (together) {
      region.set(chunk.subarray(source + first[0], source + first[0] + row.length) as never, target + first[1]);
    } else {
      for (const [a, b] of row) {
        const value = chunk[source + a * (from[last] ?? 1)] ?? 0;
        region[target + b] = (half ? halfToNumber(Number(value)) : value) as never;
      }
    }
  };
  copy(0, 0, 0);
}

/** All combinations of chunk indices, the last axis fastest. */
function* chunksOf(grid: readonly (readonly number[])[]): Generator<number[]> {
  const [head, ...rest] = grid;
  if (!head) {
    yield [];
    return;
  }
  for (const index of head) for (const others of chunksOf(rest)) yield [index, ...others];
}

function described(viewer: Viewer, { level, info, axes, selections, shape }: Plan, data: RegionData): Region {
  const { image, levels = 1 } = viewer.state;
  const known = axes.map(({ name, role, unit }, at): RegionAxis => {
    const elements = selections[at]?.elements ?? [0];
    const start = elements[0] ?? 0;
    const scale = info.scale[at] ?? 1;
    return { name, role, unit, start, scale, translation: scale * start + (info.translation[at] ?? 0) };
  });
  const along = (role: string): RegionAxis | undefined => known.find((axis) => axis.role === role);
  const [x, y, z] = [along('x'), along('y'), along('z')];
  return {
    data,
    shape,
    axes: known,
    dtype: info.dataType,
    level,
    levels,
    channels: selections[axes.findIndex(({ role }) => role === 'c')]?.elements ?? [0],
    pixelSize: { x: image?.pixelWidth ? (x?.scale ?? 0) : 0, y: image?.pixelHeight ? (y?.scale ?? 0) : 0, z: image?.sliceDistance ? (z?.scale ?? 0) : 0 },
    unit: x?.unit ?? '',
    transform: [
      [x?.scale ?? 1, 0, x?.translation ?? 0],
      [0, y?.scale ?? 1, y?.translation ?? 0],
      [0, 0, 1],
    ],
  };
}

/** Reads a region; at most kMostRegionBytes. Rejects with a MifascopeError, code 'aborted' for the signal. */
export async function readRegion(viewer: Viewer, options: RegionOptions = {}, { signal, onProgress }: RegionCall = {}): Promise<Region> {
  const plan = planRegion(viewer, options);
  const { info, level, shape, bytes, chunks, grid } = plan;
  const megabytes = (count: number): string => `${Math.round(count / 1024 / 1024)} MB`;
  if (bytes > kMostRegionBytes) {
    throw new MifascopeError('limit', `Expected a region of at most ${megabytes(kMostRegionBytes)}, received one of ${megabytes(bytes)} (${shape.join(' × ')} of ${info.dataType}).`, 'Read a smaller part, fewer channels or planes, or a coarser level.');
  }
  let done = 0;
  onProgress?.({ shape, bytes, chunks, done });
  const { opening } = viewer;
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  const gone = (): void => {
    if (signal?.aborted) throw new MifascopeError('aborted', 'The read was cancelled.');
    if (viewer.opening !== opening) throw new MifascopeError('aborted', 'Another image was opened meanwhile.');
  };
  try {
    gone();
    const region = filled(info, bytes / bytesOf(info.dataType));
    const chunkBytes = info.chunk.reduce((product, extent) => product * extent, bytesOf(info.dataType));
    const wanted = chunksOf(grid);
    const work = async (): Promise<void> => {
      for (const index of wanted) {
        const buffer = await viewer.readElements(level, index, controller.signal);
        gone();
        if (buffer) copyChunk(plan, index, elementsOf(buffer, info.dataType), region);
        done += 1;
        onProgress?.({ shape, bytes, chunks, done });
      }
    };
    const workers = Math.max(1, Math.min(kUnderWay, chunks, Math.floor(kUnderWayBytes / chunkBytes)));
    await Promise.all(Array.from({ length: workers }, work));
    return described(viewer, plan, region);
  } catch (error) {
    // The first failure ends the others.
    abort();
    gone();
    if (error instanceof MifascopeError) throw error;
    const { code, message } = error as { code?: string; message?: string };
    throw new MifascopeError(code ?? 'failed', message ?? String(error));
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
