// The workers that decode, shared by all viewers of a page.
//
// Jobs wait in one line and go to the first idle worker. A worker whose program has crashed, or that
// takes longer than the limit, is replaced, and only its job fails. Nothing runs between jobs.

import { compileProgram, spawnWorker, type SpawnedWorker } from './program.ts';
import {
  DecodeError,
  type ArraySpec,
  type DecodedChunk,
  type FromWorker,
  type ToWorker,
} from './messages.ts';

export { DecodeError } from './messages.ts';
export type { ChunkStatistics, DecodedChunk, DecodeErrorCode } from './messages.ts';

export interface PoolOptions {
  /** Workers. Default: one less than the processor's cores, at least 1, at most 4. */
  readonly size?: number | undefined;
  /** How long a chunk may take, in ms; then it is given up. Default 30 000. */
  readonly timeLimitMs?: number | undefined;
  /** The program, if it is being compiled already; else it is fetched from `wasmUrl`. */
  readonly program?: Promise<WebAssembly.Module> | undefined;
  /** Where loader_worker.js and mifascope.wasm are. Default: beside the script this is part of. */
  readonly workerUrl?: string | URL | undefined;
  readonly wasmUrl?: string | URL | undefined;
}

export const kDecodeTimeLimitMs = 30_000;
/** Bytes of used buffers kept for the next chunks. */
export const kRecycledBytes = 32 * 1024 * 1024;
/** More workers than this wait for the network, or for the upload to the graphics card. */
export const kMaximumWorkers = 4;
/** Workers that fail to start, one after the other, before the jobs are told. */
const kStartAttempts = 3;

/** An array that chunks can be decoded for. */
export interface ArrayHandle {
  readonly id: number;
  /** Its chunks are not wanted any more: the workers forget it. */
  release(): void;
}

export interface DecodeOptions {
  /** The chunk's index in the grid (of inner chunks): statistics of its part inside the array. */
  readonly index?: readonly number[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

class PoolArray implements ArrayHandle {
  /** Why no chunk of it can be decoded. */
  failure: DecodeError | null = null;
  released = false;
  /** Of a decoded chunk; 0 until one has been decoded. All chunks of an array are of one size. */
  chunkBytes = 0;

  constructor(
    readonly id: number,
    readonly spec: ArraySpec,
    private readonly onRelease: (array: PoolArray) => void,
  ) {}

  release(): void {
    if (!this.released) this.onRelease(this);
    this.released = true;
  }
}

interface Job {
  readonly ticket: number;
  readonly array: PoolArray;
  readonly bytes: Uint8Array;
  readonly part: 'chunk' | 'shard-index';
  readonly index: readonly number[] | null;
  readonly resolve: (chunk: DecodedChunk) => void;
  readonly reject: (error: DecodeError) => void;
}

/** One worker of the pool, from its start to its end. */
interface Seat {
  readonly worker: SpawnedWorker;
  /** The arrays its program knows. */
  readonly arrays: Set<number>;
  ready: boolean;
  job: Job | null;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export class DecoderPool {
  readonly size: number;
  readonly #timeLimitMs: number;
  readonly #workerUrl: URL;
  readonly #wasmUrl: URL;
  #module: Promise<WebAssembly.Module> | null = null;
  /** Why there will never be a program: asking the server again for each chunk would not help. */
  #failure: DecodeError | null = null;
  readonly #seats = new Set<Seat>();
  readonly #waiting: Job[] = [];
  readonly #arrays = new Map<number, PoolArray>();
  /** The last to come is the first to go: its memory is likeliest to be in the processor's cache. */
  readonly #recycled: ArrayBuffer[] = [];
  #recycledBytes = 0;
  #nextTicket = 1;
  #nextArray = 1;
  #startFailures = 0;
  #ended = false;

  constructor(options: PoolOptions = {}) {
    this.size = options.size ?? defaultSize();
    this.#timeLimitMs = options.timeLimitMs ?? kDecodeTimeLimitMs;
    this.#workerUrl = new URL(options.workerUrl ?? 'loader_worker.js', import.meta.url);
    this.#wasmUrl = new URL(options.wasmUrl ?? 'mifascope.wasm', import.meta.url);
    this.#module = options.program ?? null;
    // The workers start while the page still reads metadata.
    this.#fillSeats();
  }

  /** Jobs that wait for a worker. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Jobs being decoded. */
  get running(): number {
    return [...this.#seats].filter(({ job }) => job !== null).length;
  }

  /**
   * Tells of an array by its .zarray or zarr.json. `order` lists the array's axes in the order the
   * pixels are wanted in ([] keeps the array's). What is wrong with it, its first decode() says.
   */
  registerArray(metadata: Uint8Array, order: readonly number[], name = 'metadata'): ArrayHandle {
    const spec = { name, metadata: metadata.slice(), order: [...order] };
    const array = new PoolArray(this.#nextArray++, spec, (gone) => this.#releaseArray(gone));
    this.#arrays.set(array.id, array);
    return array;
  }

  /**
   * Decodes a chunk (an inner one if the array is sharded). Rejects with a DecodeError. The bytes'
   * buffer is transferred, and empty afterwards, unless the job is cancelled while it waits.
   */
  decode(array: ArrayHandle, bytes: Uint8Array, options: DecodeOptions = {}): Promise<DecodedChunk> {
    return this.#enqueue(array, bytes, 'chunk', options);
  }

  /** Takes back a decoded chunk that nobody reads any more; the next one of its size is put there. */
  recycle(pixels: ArrayBuffer): void {
    if (pixels.byteLength === 0 || pixels.byteLength > kRecycledBytes) return;
    this.#recycled.push(pixels);
    this.#recycledBytes += pixels.byteLength;
    while (this.#recycledBytes > kRecycledBytes) {
      this.#recycledBytes -= this.#recycled.shift()?.byteLength ?? 0;
    }
  }

  /** Decodes a shard's index: uint64 pairs of offset and length (all bits set: no such chunk). */
  async decodeShardIndex(
    array: ArrayHandle,
    bytes: Uint8Array,
    options: Pick<DecodeOptions, 'signal'> = {},
  ): Promise<BigUint64Array<ArrayBuffer>> {
    const { pixels } = await this.#enqueue(array, bytes, 'shard-index', options);
    return new BigUint64Array(pixels);
  }

  /** Ends the workers; jobs that are left reject with 'aborted'. */
  end(): void {
    this.#ended = true;
    for (const seat of this.#seats) {
      seat.job?.reject(new DecodeError('aborted', 'The viewer was closed.'));
      this.#leave(seat);
    }
    this.#rejectWaiting(new DecodeError('aborted', 'The viewer was closed.'));
    this.#arrays.clear();
    this.#recycled.length = this.#recycledBytes = 0;
  }

  // --- jobs

  #enqueue(
    handle: ArrayHandle,
    bytes: Uint8Array,
    part: Job['part'],
    { index, signal }: DecodeOptions,
  ): Promise<DecodedChunk> {
    const array = this.#arrays.get(handle.id);
    if (signal?.aborted || this.#ended || !array) {
      return Promise.reject(new DecodeError('aborted', 'Decoding was cancelled.'));
    }
    const failure = array.failure ?? this.#failure;
    if (failure) return Promise.reject(failure);
    const ticket = this.#nextTicket++;
    const result = new Promise<DecodedChunk>((resolve, reject) => {
      const cancel = (): void => {
        const at = this.#waiting.findIndex((job) => job.ticket === ticket);
        if (at !== -1) this.#waiting.splice(at, 1);
        // One that is being decoded runs to its end unheard: that is cheaper than a new worker.
        reject(new DecodeError('aborted', 'Decoding was cancelled.'));
      };
      signal?.addEventListener('abort', cancel, { once: true });
      const settled = (): void => signal?.removeEventListener('abort', cancel);
      this.#waiting.push({
        ticket,
        array,
        bytes,
        part,
        index: index ?? null,
        resolve: (chunk) => (settled(), resolve(chunk)),
        reject: (error) => (settled(), reject(error)),
      });
    });
    this.#dispatch();
    return result;
  }

  #dispatch(): void {
    if (this.#waiting.length > 0) this.#fillSeats();
    for (const seat of this.#seats) {
      if (!seat.ready || seat.job) continue;
      const job = this.#nextJob();
      if (!job) return;
      this.#give(seat, job);
    }
  }

  /** The first that waits, leaving out those whose array has turned out to be unreadable. */
  #nextJob(): Job | undefined {
    for (;;) {
      const job = this.#waiting.shift();
      if (!job?.array.failure) return job;
      job.reject(job.array.failure);
    }
  }

  #give(seat: Seat, job: Job): void {
    const { array } = job;
    const known = seat.arrays.has(array.id);
    seat.job = job;
    seat.arrays.add(array.id);
    seat.timer = setTimeout(() => this.#overdue(seat, job), this.#timeLimitMs);
    const bytes = ownBuffer(job.bytes);
    const into = job.part === 'chunk' ? this.#takeRecycled(array.chunkBytes) : null;
    const message: ToWorker = {
      kind: 'decode',
      ticket: job.ticket,
      array: array.id,
      spec: known ? null : array.spec,
      bytes,
      into,
      part: job.part,
      index: job.index,
    };
    seat.worker.post(message, into ? [bytes.buffer, into] : [bytes.buffer]);
  }

  #takeRecycled(bytes: number): ArrayBuffer | null {
    if (bytes === 0) return null;
    const at = this.#recycled.findLastIndex(({ byteLength }) => byteLength === bytes);
    const [buffer = null] = at === -1 ? [] : this.#recycled.splice(at, 1);
    this.#recycledBytes -= buffer?.byteLength ?? 0;
    return buffer;
  }

  #overdue(seat: Seat, job: Job): void {
    this.#leave(seat);
    job.reject(
      new DecodeError(
        'limit',
        `Expected a chunk of ${job.array.spec.name} to be decoded in ${this.#timeLimitMs / 1000} s (limit timeLimitMs), and it was not. It is given up: its data may be damaged, or too large for this computer.`,
      ),
    );
    this.#dispatch();
  }

  #rejectWaiting(error: DecodeError): void {
    for (const job of this.#waiting.splice(0)) job.reject(error);
  }

  #releaseArray(array: PoolArray): void {
    this.#arrays.delete(array.id);
    for (const seat of this.#seats) {
      seat.arrays.delete(array.id);
      if (seat.ready) seat.worker.post({ kind: 'release', array: array.id });
    }
  }

  // --- workers

  #fillSeats(): void {
    while (!this.#ended && !this.#failure && this.#seats.size < this.size) this.#seat();
  }

  #seat(): void {
    const compiled = (this.#module ??= compileProgram(this.#wasmUrl));
    const seat: Seat = {
      worker: spawnWorker(this.#workerUrl, {
        onMessage: (message) => this.#hear(seat, message),
        onError: (message) => this.#crashed(seat, message),
      }),
      arrays: new Set(),
      ready: false,
      job: null,
      timer: undefined,
    };
    this.#seats.add(seat);
    compiled.then(
      (module) => seat.worker.post({ kind: 'start', module }),
      (error: DecodeError) => {
        this.#leave(seat);
        // After a network failure the next job tries again.
        if (this.#module === compiled) this.#module = null;
        if (error.code !== 'retry') this.#failure = error;
        this.#rejectWaiting(error);
      },
    );
  }

  #hear(seat: Seat, message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        seat.ready = true;
        this.#startFailures = 0;
        break;
      case 'unready':
        return this.#crashed(seat, message.message);
      case 'decoded':
        this.#decoded(this.#finished(seat), message.chunk);
        break;
      case 'failed': {
        const job = this.#finished(seat);
        const error = new DecodeError(message.code, message.message);
        if (job && message.wholeArray) job.array.failure = error;
        // Whether it got as far as preparing the array is not known: the next job tells of it anew.
        if (job) seat.arrays.delete(job.array.id);
        if (message.fatal) this.#leave(seat);
        job?.reject(error);
        break;
      }
    }
    this.#dispatch();
  }

  #decoded(job: Job | null, chunk: DecodedChunk): void {
    if (!job) return;
    if (job.part === 'chunk') job.array.chunkBytes = chunk.pixels.byteLength;
    job.resolve(chunk);
  }

  /** Takes the job off the seat. */
  #finished(seat: Seat): Job | null {
    const { job } = seat;
    clearTimeout(seat.timer);
    seat.job = null;
    return job;
  }

  /** The worker itself has failed: before it was ready (it could not be loaded), or in a job. */
  #crashed(seat: Seat, message: string): void {
    const job = this.#finished(seat);
    this.#leave(seat);
    job?.reject(new DecodeError('unsupported', `The decoder crashed (${message}).`));
    if (!seat.ready) {
      this.#startFailures += 1;
      if (this.#startFailures >= kStartAttempts) {
        this.#startFailures = 0;
        this.#rejectWaiting(new DecodeError('retry', this.#cannotStart(message)));
        return;
      }
    }
    this.#dispatch();
  }

  #cannotStart(message: string): string {
    const elsewhere = this.#workerUrl.origin !== globalThis.location?.origin;
    return `Expected the script ${this.#workerUrl.href} to start as a worker, received an error (${message || 'no details given'}). Who runs the web page should check that the file is there${
      elsewhere
        ? `, that its server sends the header “Access-Control-Allow-Origin: *”, and that the page's Content-Security-Policy, if it has one, allows “worker-src blob:” and “script-src ${this.#workerUrl.origin}”.`
        : ` and that the page's Content-Security-Policy, if it has one, allows “worker-src 'self'” and “script-src 'self' 'wasm-unsafe-eval'”.`
    }`;
  }

  /** Ends the worker; its place is filled when there is work. */
  #leave(seat: Seat): void {
    clearTimeout(seat.timer);
    seat.job = null;
    seat.worker.end();
    this.#seats.delete(seat);
  }
}

function defaultSize(): number {
  const cores = globalThis.navigator?.hardwareConcurrency ?? 2;
  return Math.min(kMaximumWorkers, Math.max(1, cores - 1));
}

/** The same bytes as all of a buffer, which can then be transferred. */
function ownBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const whole = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length;
  return whole ? new Uint8Array(buffer) : bytes.slice();
}

let shared: { readonly pool: DecoderPool; users: number } | null = null;

/** The page's one pool, made by its first user (whose options count). Each user releases it once. */
export function acquirePool(options?: PoolOptions): DecoderPool {
  shared ??= { pool: new DecoderPool(options), users: 0 };
  shared.users += 1;
  return shared.pool;
}

/** The last user's release ends the workers. */
export function releasePool(pool: DecoderPool): void {
  if (shared?.pool !== pool) return;
  shared.users -= 1;
  if (shared.users > 0) return;
  shared = null;
  pool.end();
}
