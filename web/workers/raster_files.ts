// The page's side of the raster worker: files that it reads, of which the caller supplies the bytes.

import { compileProgram } from './program.ts';
import { DecodeError } from './messages.ts';
import type {
  FromRasterWorker,
  RasterDescription,
  RasterOptions,
  SuppliedRange,
  ToRasterWorker,
} from './raster_messages.ts';

export type { RasterDescription, RasterOptions, SuppliedRange } from './raster_messages.ts';

/** Reads a part of the file; may reject, which ends the call. */
export type ReadRange = (offset: number, length: number) => Promise<SuppliedRange>;

/** How long one step of the worker may take, in ms; then it is given up. */
export const kRasterTimeLimitMs = 60_000;

interface Call {
  readonly file: number;
  readonly read: ReadRange;
  readonly resolve: (answer: RasterDescription | Uint8Array<ArrayBuffer> | null) => void;
  readonly reject: (error: unknown) => void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** One worker, from its start to its end. */
class Seat {
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #calls = new Map<number, Call>();
  readonly #onEnd: () => void;
  #nextTicket = 1;
  ended = false;

  constructor(url: URL, module: WebAssembly.Module, onEnd: () => void) {
    this.#onEnd = onEnd;
    const own = url.origin === globalThis.location?.origin;
    // A browser starts a worker from the page's own origin only, but its script may import others.
    const address = own
      ? url.href
      : URL.createObjectURL(new Blob([`import ${JSON.stringify(url.href)};`], { type: 'text/javascript' }));
    this.#worker = new Worker(address, { type: 'module', name: 'mifascope images' });
    this.ready = new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<FromRasterWorker>) => {
        if (!own) URL.revokeObjectURL(address);
        if (data.kind === 'ready') resolve();
        else if (data.kind === 'unready') reject(this.#end(new DecodeError('unsupported', `Expected a browser that runs the reader of images; it said: ${data.message}`)));
        else this.#receive(data);
      };
      this.#worker.onerror = (event) => {
        event.preventDefault();
        reject(this.#end(new DecodeError('retry', `Expected the reader of images, ${url.href}; it could not be started (${event.message ?? ''}). Who runs the web page should put all files of Mifascope side by side.`)));
      };
    });
    this.ready.catch(() => undefined);  // Each caller is told.
    this.post({ kind: 'start', module });
  }

  post(message: ToRasterWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  call(file: number, key: string | undefined, read: ReadRange, signal: AbortSignal | undefined): Promise<RasterDescription | Uint8Array<ArrayBuffer> | null> {
    const ticket = this.#nextTicket++;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.post({ kind: 'forget', ticket });
        this.#settle(ticket)?.reject(new DecodeError('aborted', 'The request was cancelled.'));
      };
      signal?.addEventListener('abort', stop, { once: true });
      const done = (): void => signal?.removeEventListener('abort', stop);
      this.#calls.set(ticket, {
        file,
        read,
        resolve: (answer) => { done(); resolve(answer); },
        reject: (error) => { done(); reject(error); },
        timer: undefined,
      });
      this.#watch(ticket);
      this.post(key === undefined ? { kind: 'describe', file, ticket } : { kind: 'decode', file, ticket, key });
    });
  }

  #watch(ticket: number): void {
    const call = this.#calls.get(ticket);
    if (!call) return;
    clearTimeout(call.timer);
    call.timer = setTimeout(() => this.#end(new DecodeError('limit', `Expected the file to be read within ${kRasterTimeLimitMs / 1000} s (limit kRasterTimeLimitMs), received no answer. It may be made to keep readers busy.`)), kRasterTimeLimitMs);
  }

  #settle(ticket: number): Call | undefined {
    const call = this.#calls.get(ticket);
    clearTimeout(call?.timer);
    this.#calls.delete(ticket);
    return call;
  }

  #receive(message: FromRasterWorker): void {
    switch (message.kind) {
      case 'needs':
        void this.#read(message.ticket, message.ranges);
        break;
      case 'described':
        this.#settle(message.ticket)?.resolve(message.description);
        break;
      case 'decoded':
        this.#settle(message.ticket)?.resolve(message.bytes);
        break;
      case 'failed': {
        const error = new DecodeError(message.code, message.message);
        this.#settle(message.ticket)?.reject(error);
        if (message.fatal) this.#end(error);
        break;
      }
      default:
        break;
    }
  }

  async #read(ticket: number, ranges: readonly (readonly [number, number])[]): Promise<void> {
    const call = this.#calls.get(ticket);
    if (!call) return;
    // The network takes its own time.
    clearTimeout(call.timer);
    try {
      const parts = await Promise.all(ranges.map(([offset, length]) => call.read(offset, length)));
      if (this.ended || !this.#calls.has(ticket)) return;
      this.#watch(ticket);
      this.post({ kind: 'supply', ticket, parts }, parts.map(({ bytes }) => bytes.buffer));
    } catch (error) {
      if (this.ended) return;
      this.post({ kind: 'forget', ticket });
      this.#settle(ticket)?.reject(error);
    }
  }

  #end(error: DecodeError): DecodeError {
    if (this.ended) return error;
    this.ended = true;
    this.#worker.onmessage = this.#worker.onerror = null;
    this.#worker.terminate();
    for (const ticket of [...this.#calls.keys()]) this.#settle(ticket)?.reject(error);
    this.#onEnd();
    return error;
  }
}

/** More would wait for the network: the pool of decoders has workers of its own. */
const kSeats = 2;

let module: Promise<WebAssembly.Module> | null = null;
const seats: (Seat | null)[] = [];
let nextFile = 1;

async function seatAt(index: number): Promise<Seat> {
  module ??= compileProgram(new URL('formats.wasm', import.meta.url));
  const compiling = module;
  compiling.catch(() => {
    if (module === compiling) module = null;
  });
  const program = await compiling;
  const made = (seats[index] ??= new Seat(new URL('raster_worker.js', import.meta.url), program, () => (seats[index] = null)));
  await made.ready;
  return made;
}

/** A file of pixels. Its worker keeps what was read of its directories; close() forgets it. */
export class RasterFile {
  readonly #options: RasterOptions;
  readonly #size: number;
  readonly #number = nextFile++;
  #seat: Seat | null = null;
  #opening: Promise<Seat> | null = null;
  #closed = false;

  /** `size` in bytes; -1 where it is not known. */
  constructor(options: RasterOptions, size: number) {
    this.#options = options;
    this.#size = size;
  }

  /** Rejects with a DecodeError, or with what `read` rejects with. */
  describe(read: ReadRange, signal?: AbortSignal): Promise<RasterDescription> {
    return this.#call(undefined, read, signal) as Promise<RasterDescription>;
  }

  /** The chunk's plain bytes; null where the key names none. */
  async decode(key: string, read: ReadRange, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null> {
    // A worker that was replaced does not know the file yet.
    if (!this.#seat || this.#seat.ended) await this.describe(read, signal);
    return this.#call(key, read, signal) as Promise<Uint8Array<ArrayBuffer> | null>;
  }

  close(): void {
    this.#closed = true;
    if (this.#seat && !this.#seat.ended) this.#seat.post({ kind: 'close', file: this.#number });
  }

  async #call(key: string | undefined, read: ReadRange, signal: AbortSignal | undefined): Promise<unknown> {
    const seat = await this.#open();
    if (signal?.aborted) throw new DecodeError('aborted', 'The request was cancelled.');
    return seat.call(this.#number, key, read, signal);
  }

  async #open(): Promise<Seat> {
    if (this.#seat && !this.#seat.ended) return this.#seat;
    this.#opening ??= seatAt(this.#number % kSeats).then((seat) => {
      if (this.#closed) throw new DecodeError('aborted', 'The file was closed.');
      seat.post({ kind: 'open', file: this.#number, options: this.#options, size: this.#size });
      this.#seat = seat;
      return seat;
    });
    try {
      return await this.#opening;
    } finally {
      this.#opening = null;
    }
  }
}
