// Opens annotation files as layers: bytes go to a worker as they come, questions about objects are
// answered by it.

import type {
  AnnotationLayer,
  AnnotationOptions,
  BlockTable,
  ColorBy,
  ImageContext,
  LabelQuery,
  LayerExtents,
  LayerFilter,
  LayerInfo,
  LayerStyle,
  Legend,
  LinkBuffer,
  MaskColors,
  MaskDifference,
  ObjectDetails,
  ObjectLabel,
  PickQuery,
  PointBuffer,
  QualityReport,
  ShapeBuffers,
  TableQuery,
  TableResult,
} from './layer.ts';
import { AnnotationError, type Answer } from './messages.ts';
import type { AnnotationSource } from './source.ts';
import { windowsOf } from './windows.ts';
import { joinWorker, type AnnotationWorker } from './worker_host.ts';

export { AnnotationError } from './messages.ts';
export { blobSource, storeSource, urlSource, type AnnotationSource } from './source.ts';

export interface OpenAnnotationOptions extends AnnotationOptions {
  /** The folder of our files. Default: beside this script. */
  readonly assets?: string | URL | undefined;
  /** Texts of small files beside it that its format needs, by name ("classes.txt"). */
  readonly companions?: Readonly<Record<string, string>>;
}

/** Windows that are on their way to the worker at a time: it is never idle, and nothing piles up. */
const kWindowsAhead = 2;
/** Between two reports of progress, in ms. */
const kProgressMs = 100;

/** Values that a worker sorts before it hears of other calls: some milliseconds. */
const kSortSteps = 100_000;

let nextLayer = 1;

/** Rejects with an AnnotationError: code 'aborted' for the caller's own signal. */
export async function openAnnotation(source: AnnotationSource, options: OpenAnnotationOptions): Promise<AnnotationLayer> {
  const { signal } = options;
  const stop = new AbortController();
  const cancelled = (): AnnotationError => new AnnotationError('aborted', `Opening ${source.name} was cancelled.`);
  if (signal?.aborted) throw cancelled();
  const id = nextLayer++;
  let worker: AnnotationWorker | null = null;
  const giveUp = (): void => {
    stop.abort();
    worker?.leave(id);
    worker = null;
  };
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    const { body, size } = await source.stream(stop.signal);
    if (stop.signal.aborted) throw cancelled();
    worker = joinWorker(new URL(options.assets ?? '.', import.meta.url), source.size ?? size);
    const joined = worker;
    const info = await readInto(joined, id, body, source, size, options, stop.signal);
    if (stop.signal.aborted) throw cancelled();
    return new WorkerLayer(joined, id, JSON.parse(info) as LayerInfo);
  } catch (error) {
    giveUp();
    if (signal?.aborted) throw cancelled();
    if (error instanceof AnnotationError) throw error;
    throw new AnnotationError('unsupported', `Expected to read ${source.name}, received an error: ${error instanceof Error ? error.message : String(error)}.`);
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

/** Gives the bytes to the worker as fast as it takes them; the JSON of the layer's info. */
async function readInto(
  worker: AnnotationWorker,
  id: number,
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  source: AnnotationSource,
  size: number | null,
  options: OpenAnnotationOptions,
  stopped: AbortSignal,
): Promise<string> {
  await worker.ready;
  if (stopped.aborted) throw new AnnotationError('aborted', `Opening ${source.name} was cancelled.`);
  const progress = { bytes: 0, objects: 0, told: 0 };
  const tell = (always: boolean): void => {
    const now = performance.now();
    if (!always && now - progress.told < kProgressMs) return;
    progress.told = now;
    options.onProgress?.({ bytes: progress.bytes, total: source.size ?? size, objects: progress.objects });
  };
  let ahead = 0;
  // Filled again: a large file would leave a thousand megabytes for the collector.
  const spare: Uint8Array<ArrayBuffer>[] = [];
  let wake: (() => void) | null = null;
  let fail: ((error: AnnotationError) => void) | null = null;
  const opened = new Promise<string>((resolve, reject) => {
    fail = reject;
    worker.open(id, optionsJson(source, options), {
      fed: (objects, window) => {
        spare.push(window);
        ahead -= 1;
        progress.objects = objects;
        tell(false);
        wake?.();
      },
      opened: resolve,
      refused: (error) => {
        reject(error);
        wake?.();
      },
    });
  });
  opened.catch(() => undefined);
  let over = false;
  opened.catch(() => (over = true));
  stopped.addEventListener('abort', () => {
    over = true;
    fail?.(new AnnotationError('aborted', `Opening ${source.name} was cancelled.`));
    wake?.();
  });
  for await (const window of windowsOf(body, (bytes) => (progress.bytes += bytes), spare)) {
    if (over) break;
    ahead += 1;
    worker.feed(id, window);
    while (ahead >= kWindowsAhead && !over) await new Promise<void>((resolve) => (wake = resolve));
    if (over) break;
  }
  if (!over) worker.endFile(id);
  const info = await opened;
  tell(true);
  return info;
}

function optionsJson(source: AnnotationSource, { image, format, mapping, companions }: OpenAnnotationOptions): string {
  // Names of unpacked files are what formats know.
  const file = source.name.replace(/\.gz$/i, '');
  return JSON.stringify({ file, image, ...(format ? { format } : {}), mapping: mapping ?? {}, companions: companions ?? {} });
}

class WorkerLayer implements AnnotationLayer {
  #closed = false;

  constructor(
    readonly worker: AnnotationWorker,
    private readonly id: number,
    readonly info: LayerInfo,
  ) {}

  async blocks(): Promise<BlockTable> {
    const { json, parts } = await this.#call('blocks');
    return { table: new Float32Array(part(parts, 0)), count: counted(json) };
  }

  async points(): Promise<PointBuffer> {
    const { json, parts } = await this.#call('points');
    return { buffer: part(parts, 0), count: counted(json) };
  }

  async shapes(block: number): Promise<ShapeBuffers> {
    return shapesOf(await this.#call('shapes', { block }));
  }

  async links(): Promise<LinkBuffer> {
    const { json, parts } = await this.#call('links');
    return { buffer: part(parts, 0), count: counted(json) };
  }

  async extents(): Promise<LayerExtents> {
    const { json, parts } = await this.#call('extents');
    return counted(json) > 0 ? new Float32Array(part(parts, 0)) : null;
  }

  async style(colorBy: ColorBy, filter: LayerFilter): Promise<LayerStyle> {
    const { json, parts } = await this.#call('style', { colorBy, filter });
    const { visible, legend } = JSON.parse(json) as { readonly visible: number; readonly legend: Legend };
    return { colors: new Uint8Array(part(parts, 0)), legend, visible };
  }

  async pick(query: PickQuery): Promise<readonly number[]> {
    const { objects } = await this.#json<{ readonly objects: readonly number[] }>('pick', { query });
    return objects;
  }

  async outline(object: number): Promise<ShapeBuffers> {
    return shapesOf(await this.#call('outline', { object }));
  }

  details(object: number): Promise<ObjectDetails> {
    return this.#json('details', { object });
  }

  table(query: TableQuery, from: number, count: number, find?: number, signal?: AbortSignal): Promise<TableResult> {
    return this.#json('table', { query, from, count, steps: kSortSteps, ...(find === undefined ? {} : { find }) }, signal);
  }

  async labels(query: LabelQuery): Promise<readonly ObjectLabel[]> {
    const { labels } = await this.#json<{ readonly labels: readonly ObjectLabel[] }>('labels', { query });
    return labels;
  }

  async maskColors(colorBy: ColorBy, frame: number | undefined): Promise<MaskColors> {
    const { json, parts } = await this.#call('maskColors', { colorBy, frame });
    const { legend, repeated } = JSON.parse(json) as { readonly legend: Legend; readonly repeated: number };
    return { words: new Uint32Array(part(parts, 0)), legend, repeated };
  }

  async maskObject(id: string, frame: number | undefined): Promise<number> {
    const { object } = await this.#json<{ readonly object: number }>('maskObject', { id, frame });
    return object;
  }

  maskDifference(ids: readonly string[], frame: number | undefined): Promise<MaskDifference> {
    return this.#json('maskDifference', { ids, frame });
  }

  quality(image: ImageContext): Promise<QualityReport> {
    return this.#json('quality', { image });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.worker.leave(this.id);
  }

  async #call(call: string, request: object = {}, signal?: AbortSignal): Promise<Answer> {
    const closed = (): AnnotationError => new AnnotationError('aborted', `The layer ${this.info.name} is closed.`);
    if (this.#closed) throw closed();
    const answer = await this.worker.call(this.id, JSON.stringify({ call, ...request }), signal);
    if (this.#closed) throw closed();
    return answer;
  }

  async #json<T>(call: string, request: object, signal?: AbortSignal): Promise<T> {
    return JSON.parse((await this.#call(call, request, signal)).json) as T;
  }
}

function part(parts: readonly ArrayBuffer[], index: number): ArrayBuffer {
  return parts[index] ?? new ArrayBuffer(0);
}

function counted(json: string): number {
  return (JSON.parse(json) as { readonly count: number }).count;
}

function shapesOf({ json, parts }: Answer): ShapeBuffers {
  const counts = JSON.parse(json) as { readonly lineCount: number; readonly fillCount: number; readonly markerCount: number };
  return { lines: part(parts, 0), fill: part(parts, 1), markers: part(parts, 2), ...counts };
}

/** Bytes of the heap that holds a layer of openAnnotation(), for figures and tests. */
export function heapBytesOf(layer: AnnotationLayer): Promise<number> {
  return layer instanceof WorkerLayer ? layer.worker.heapBytes() : Promise.resolve(0);
}
