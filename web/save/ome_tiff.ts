// A region of the image as an OME-TIFF: read and written plane by plane, so that no more than the file and
// one plane are in memory. Written by libtiff in a worker of its own.

import { MifascopeError } from '../errors.ts';
import { measureRegion, readRegion, type RegionOptions, type Slice } from '../region.ts';
import type { Viewer } from '../viewer.ts';
import { compileProgram, spawnModuleWorker } from '../workers/program.ts';
import type { FromTiffWorker, ToTiffWorker } from './messages.ts';
import { omeType, omeXml, type SavedImage } from './ome_xml.ts';

/** Bytes of a file: in the worker's memory as a whole, and handed over as a Blob. */
export const kMostFileBytes = 512 * 1024 * 1024;

export interface SaveProgress {
  /** Pixels of the whole file. The first is told before anything is read. */
  readonly bytes: number;
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

function stackOf(viewer: Viewer, region: RegionOptions): Stack {
  const { state, levels } = viewer;
  const { shape, bytes } = measureRegion(viewer, region);
  const level = region.level ?? 0;
  const info = levels[level];
  const size = (role: string): number => shape[state.axes?.findIndex((axis) => axis.role === role) ?? -1] ?? 1;
  const dtype = info?.dataType ?? '';
  if (!omeType(dtype)) throw new MifascopeError('unsupported', `Expected samples of up to 32 bits or floats, as OME-TIFF has them, received ${dtype}.`, 'Read them with readRegion.');
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

/** Rejects with a MifascopeError: 'limit' before anything is read, 'aborted' for the signal. */
export async function saveRegion(viewer: Viewer, region: RegionOptions, { signal, onProgress, assets }: SaveOptions): Promise<Blob> {
  const { image, bytes, planes } = stackOf(viewer, region);
  onProgress?.({ bytes, planes: planes.length, done: 0 });
  const module = await compileProgram(new URL('formats.wasm', assets));
  const writer = new Writer(new URL('tiff_worker.js', assets));
  try {
    const { sizes, dtype } = image;
    const type = dtype === 'bool' ? 'uint8' : dtype === 'float16' ? 'float32' : dtype;
    await writer.ask({ kind: 'start', module, xml: omeXml(image), width: sizes.x, height: sizes.y, planes: planes.length, type });
    for (const [index, plane] of planes.entries()) {
      const { data } = await readRegion(viewer, plane, { signal });
      const samples = data.buffer as ArrayBuffer;
      await writer.ask({ kind: 'plane', samples }, [samples]);
      onProgress?.({ bytes, planes: planes.length, done: index + 1 });
    }
    const answer = await writer.ask({ kind: 'end' });
    if (answer.kind !== 'file') throw new Error('expected the file from the writer');
    return answer.file;
  } finally {
    writer.end();
  }
}
