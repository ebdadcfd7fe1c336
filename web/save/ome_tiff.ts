// A region of the image as an OME-TIFF: read and written plane by plane, so that no more than the file and
// one plane are in memory. Written by libtiff in a worker of its own.

import { MifascopeError } from '../errors.ts';
import { measureRegion, readRegion, type RegionOptions, type Slice } from '../region.ts';
import type { Viewer } from '../viewer.ts';
import { compileProgram, spawnModuleWorker } from '../workers/program.ts';
import type { FromTiffWorker, ToTiffWorker } from './messages.ts';
import { isWide, narrowed, WideRange, type WideType } from './narrow.ts';
import { omeType, omeXml, type SavedImage } from './ome_xml.ts';

/** Bytes of a file: in the worker's memory as a whole, and handed over as a Blob. */
export const kMostFileBytes = 512 * 1024 * 1024;

export interface SaveProgress {
  /** Pixels of the whole file. The first is told before anything is read. */
  readonly bytes: number;
  /** Planes to read. Those of 64-bit integers are read twice: which type the file has is told by their values. */
  readonly planes: number;
  readonly done: number;
}

export interface SaveOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SaveProgress) => void) | undefined;
  /** The folder of our files, with a slash. */
  readonly assets: string;
}

/** The part of the image in view, at the level that is shown or another, all that is visible; null: no single image is shown. */
export function visibleRegion(viewer: Viewer, wanted?: number): RegionOptions | null {
  const { levels, state, graphics: { canvas } } = viewer;
  const level = wanted ?? state.level ?? 0;
  const [finest, info] = [levels[0], levels[level]];
  const pointer = viewer.call((raw) => raw._imageMap());
  if (!pointer || !finest || !info || !state.axes) return null;
  const [a = 1, b = 0, c = 0, d = 0, e = 1, f = 0] = viewer.numbersAt(pointer, 6);
  const determinant = a * e - b * d;
  const corners = [[0, 0], [canvas.width, 0], [0, canvas.height], [canvas.width, canvas.height]].map(([x = 0, y = 0]) => [
    (e * (x - c) - b * (y - f)) / determinant,
    (a * (y - f) - d * (x - c)) / determinant,
  ]);
  const along = (which: 0 | 1, role: 'x' | 'y'): { from: number; length: number } => {
    const axis = state.axes?.findIndex((each) => each.role === role) ?? -1;
    const size = info.shape[axis] ?? 1;
    const factor = size / (finest.shape[axis] ?? 1);
    const places = corners.map((corner) => (corner[which] ?? 0) * factor);
    const from = Math.min(Math.max(Math.floor(Math.min(...places)), 0), size - 1);
    const to = Math.min(Math.max(Math.ceil(Math.max(...places)), from + 1), size);
    return { from, length: to - from };
  };
  const [x, y] = [along(0, 'x'), along(1, 'y')];
  const visible = (state.channels ?? []).flatMap(({ visible }, index) => (visible ? [index] : []));
  const stored = state.axes.some(({ role }) => role === 'c');
  return { level, x: x.from, y: y.from, width: x.length, height: y.length, ...(stored && !state.rgb && visible.length > 0 ? { channels: visible } : {}) };
}

interface Stack {
  readonly image: SavedImage;
  /** Pixels of the file. */
  readonly bytes: number;
  /** What is read for each page, in the order XYZCT. */
  readonly planes: readonly RegionOptions[];
}

function all(viewer: Viewer, level: number, role: 'z' | 't', slice: Slice | undefined, size: number): readonly (number | undefined)[] {
  if (!viewer.state.axes?.some((axis) => axis.role === role)) return [undefined];
  if (typeof slice === 'number') return [slice];
  if (!slice && size > 1) throw new Error(`expected a range along ${role} of level ${level}`);
  // One, where it is shown: readRegion finds it.
  return slice ? Array.from({ length: size }, (_, i) => slice[0] + i) : [undefined];
}

/** Pixels of the file that a region becomes. */
export function fileBytes(viewer: Viewer, region: RegionOptions): number {
  const { bytes } = measureRegion(viewer, region);
  return isWide(viewer.levels[region.level ?? 0]?.dataType ?? '') ? bytes / 2 : bytes;
}

/** Whether the file has 32-bit integers in the place of 64-bit ones. */
export function isNarrowed(viewer: Viewer, { level = 0 }: RegionOptions): boolean {
  return isWide(viewer.levels[level]?.dataType ?? '');
}

function stackOf(viewer: Viewer, region: RegionOptions): Stack {
  const { state, levels } = viewer;
  const { shape } = measureRegion(viewer, region);
  const bytes = fileBytes(viewer, region);
  const level = region.level ?? 0;
  const info = levels[level];
  const size = (role: string): number => shape[state.axes?.findIndex((axis) => axis.role === role) ?? -1] ?? 1;
  const dtype = info?.dataType ?? '';
  if (!omeType(dtype) && !isWide(dtype)) throw new MifascopeError('unsupported', `Expected integers or floats, as OME-TIFF has them, received ${dtype}.`, 'Read them with readRegion.');
  if (bytes > kMostFileBytes) throw new MifascopeError('limit', `Expected at most ${kMostFileBytes / 1024 / 1024} MB of pixels in a file, received ${Math.round(bytes / 1024 / 1024)} MB.`, 'Save a smaller part, fewer channels or planes, or a coarser level.');
  const hasChannels = state.axes?.some(({ role }) => role === 'c') ?? false;
  const channels: readonly (number | undefined)[] = hasChannels ? (region.channels ?? Array.from({ length: size('c') }, (_, i) => i)) : [undefined];
  const [zs, ts] = [all(viewer, level, 'z', region.z, size('z')), all(viewer, level, 't', region.t, size('t'))];
  const planes = ts.flatMap((t) =>
    channels.flatMap((c) =>
      zs.map((z) => ({ ...region, ...(c !== undefined && { channels: [c] }), ...(z !== undefined && { z }), ...(t !== undefined && { t }) })),
    ),
  );
  const scale = (role: string): number => info?.scale[state.axes?.findIndex((axis) => axis.role === role) ?? -1] ?? 0;
  const { image, title } = state;
  return {
    bytes,
    planes,
    image: {
      name: title || state.name,
      sizes: { x: size('x'), y: size('y'), z: zs.length, c: channels.length, t: ts.length },
      dtype,
      pixelSize: { x: image?.pixelWidth ? scale('x') : 0, y: image?.pixelHeight ? scale('y') : 0, z: image?.sliceDistance ? scale('z') : 0 },
      unit: state.axes?.find(({ role }) => role === 'x')?.unit ?? '',
      channels: channels.map((c) => state.channels?.[c ?? 0] ?? { label: '', color: '#ffffff' }),
      description: `Columns from ${region.x ?? 0}, rows from ${region.y ?? 0} of level ${level} of ${state.name.replace(/[?#].*$/, '')}`,
    },
  };
}

/** Posts to the worker one message at a time. */
class Writer {
  readonly #worker: { post(message: ToTiffWorker, transfer?: Transferable[]): void; end(): void };
  #settle: { resolve: (answer: FromTiffWorker) => void; reject: (error: Error) => void } | null = null;

  constructor(url: URL) {
    this.#worker = spawnModuleWorker<ToTiffWorker, FromTiffWorker>(url, 'mifascope writer', {
      onMessage: (message) => {
        if (message.kind === 'failed') this.#settle?.reject(new MifascopeError(message.code, message.message));
        else this.#settle?.resolve(message);
      },
      onError: (message) => this.#settle?.reject(new MifascopeError('retry', `Expected the writer of files, ${url.href}; it could not be started (${message}).`, 'Who runs the web page should put all files of Mifascope side by side.')),
    });
  }

  ask(message: ToTiffWorker, transfer: Transferable[] = []): Promise<FromTiffWorker> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#worker.post(message, transfer);
    });
  }

  end(): void {
    this.#worker.end();
  }
}

/** Reads all values to see which type holds them. */
async function narrowImage(viewer: Viewer, { image, planes }: Stack, dtype: WideType, signal: AbortSignal | undefined, onPlane: () => void): Promise<SavedImage> {
  const range = new WideRange(dtype);
  for (const plane of planes) {
    const { data } = await readRegion(viewer, plane, { signal });
    range.take(data as BigInt64Array);
    if (range.type === null) {
      throw new MifascopeError('unsupported', `Expected values that fit in 32 bits, as OME-TIFF has no 64-bit integers, received ${range.reason} in ${dtype}.`, 'Save a part whose values fit, or read them with readRegion.');
    }
    onPlane();
  }
  const { type } = range;
  if (!type) throw new Error('expected a type');
  return { ...image, dtype: type, description: `${image.description}. Stored as ${type}, the values unchanged: the image has ${dtype}, for which OME-TIFF has no type` };
}

/** Rejects with a MifascopeError: 'limit' before anything is read, 'aborted' for the signal. */
export async function saveRegion(viewer: Viewer, region: RegionOptions, { signal, onProgress, assets }: SaveOptions): Promise<Blob> {
  const stack = stackOf(viewer, region);
  const { bytes, planes } = stack;
  const { dtype } = stack.image;
  const wide = isWide(dtype) ? dtype : null;
  const all = planes.length * (wide ? 2 : 1);
  let done = 0;
  const onPlane = (): void => onProgress?.({ bytes, planes: all, done: ++done });
  onProgress?.({ bytes, planes: all, done });
  const module = await compileProgram(new URL('formats.wasm', assets));
  const image = wide ? await narrowImage(viewer, stack, wide, signal, onPlane) : stack.image;
  const writer = new Writer(new URL('tiff_worker.js', assets));
  try {
    const { sizes } = image;
    const type = dtype === 'bool' ? 'uint8' : dtype === 'float16' ? 'float32' : image.dtype;
    await writer.ask({ kind: 'start', module, xml: omeXml(image), width: sizes.x, height: sizes.y, planes: planes.length, type });
    for (const plane of planes) {
      const { data } = await readRegion(viewer, plane, { signal });
      const samples = (wide ? narrowed(data as BigInt64Array).buffer : data.buffer) as ArrayBuffer;
      await writer.ask({ kind: 'plane', samples }, [samples]);
      onPlane();
    }
    const answer = await writer.ask({ kind: 'end' });
    if (answer.kind !== 'file') throw new Error('expected the file from the writer');
    return answer.file;
  } finally {
    writer.end();
  }
}
