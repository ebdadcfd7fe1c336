// The chunks of the open dataset that a viewer holds decoded: reading them, and what is looked up in them. Which are
// read and which are dropped the core decides.

import { elementsOf, samplesOf, valueText, type Elements } from './elements.ts';
import { ShardReader } from './stores/shards.ts';
import type { Store } from './stores/store.ts';
import type { Command } from './wasm/commands.ts';
import { DecodeError, type ArrayHandle, type DecoderPool } from './workers/pool.ts';

type Of<Op extends Command['op']> = Extract<Command, { op: Op }>;

interface ShownArray {
  readonly handle: ArrayHandle;
  readonly dataType: string;
  /** null: not sharded. */
  readonly shards: ShardReader | null;
}

/** What the core hears of a chunk, by its ticket. */
export interface ChunkEvents {
  fetched(ticket: number): void;
  decoded(ticket: number): void;
  /** It is not there: all of it has the fill value. */
  empty(ticket: number): void;
  failed(ticket: number, error: { readonly code: string; readonly message: string; readonly retryAfterMs?: number | undefined }): void;
}

export class DecodedChunks {
  readonly #pool: DecoderPool;
  readonly #events: ChunkEvents;
  #store: Store | null = null;
  readonly #arrays = new Map<number, ShownArray>();
  readonly #reads = new Map<number, AbortController>();
  readonly #chunks = new Map<number, { readonly elements: Elements; readonly dataType: string }>();

  constructor(pool: DecoderPool, events: ChunkEvents) {
    this.#pool = pool;
    this.#events = events;
  }

  /** Those of another dataset from now on. */
  open(store: Store): void {
    this.clear();
    this.#store = store;
  }

  get size(): number {
    return this.#chunks.size;
  }

  elements(ticket: number): Elements | undefined {
    return this.#chunks.get(ticket)?.elements;
  }

  register(command: Of<'register-array'>): void {
    if (!this.#store) return;
    const handle = this.#pool.registerArray(command.metadata, command.order, command.name);
    const shards = command.shards && new ShardReader(this.#store, this.#pool, handle, command.shards);
    this.#arrays.set(command.array, { handle, dataType: command.dataType, shards });
  }

  async read(command: Of<'read-chunk'>): Promise<void> {
    const { ticket, key, place } = command;
    const array = this.#arrays.get(command.array);
    if (!array || !this.#store) return;
    const controller = new AbortController();
    const { signal } = controller;
    this.#reads.set(ticket, controller);
    const reply = await (array.shards
      ? array.shards.read(key, place, signal)
      : this.#store.get(key, { signal }));
    if (signal.aborted) return;
    if (!reply.found) {
      this.#reads.delete(ticket);
      if (reply.error.code === 'missing') this.#events.empty(ticket);
      else this.#events.failed(ticket, reply.error);
      return;
    }
    this.#events.fetched(ticket);
    try {
      const { pixels } = await this.#pool.decode(array.handle, reply.bytes, { signal });
      if (signal.aborted) return;
      this.#chunks.set(ticket, { elements: elementsOf(pixels, array.dataType), dataType: array.dataType });
    } catch (error) {
      if (signal.aborted) return;
      const { code, message } =
        error instanceof DecodeError ? error : new DecodeError('fix-data', String(error));
      this.#events.failed(ticket, { code, message: `${key}: ${message}` });
      return;
    } finally {
      this.#reads.delete(ticket);
    }
    this.#events.decoded(ticket);
  }

  /** A chunk of a registered array for others than the core; null: it is not there. Rejects with a DecodeError. */
  async readElements(array: number, { key, place }: { readonly key: string; readonly place: number }, signal: AbortSignal): Promise<ArrayBuffer | null> {
    const found = this.#arrays.get(array);
    if (!found || !this.#store) throw new DecodeError('missing', `Expected a chunk of the open image, received ${key}.`);
    const reply = await (found.shards ? found.shards.read(key, place, signal) : this.#store.get(key, { signal }));
    if (reply.found) return (await this.#pool.decode(found.handle, reply.bytes, { signal })).pixels;
    if (reply.error.code === 'missing') return null;
    throw new DecodeError(reply.error.code, reply.error.message);
  }

  /** No more than `most` values of a plane, for histograms; none of a chunk that is gone. */
  samples({ ticket, plane, most }: Of<'take-samples'>): Float64Array<ArrayBufferLike> {
    const chunk = this.#chunks.get(ticket);
    return chunk ? samplesOf(chunk.elements, plane, most, chunk.dataType) : new Float64Array(0);
  }

  /** '' of a chunk that is gone. */
  valueText(ticket: number, offset: number): string {
    const chunk = this.#chunks.get(ticket);
    return chunk ? valueText(chunk.elements, offset, chunk.dataType) : '';
  }

  cancel(ticket: number): void {
    this.#reads.get(ticket)?.abort();
    this.#reads.delete(ticket);
  }

  drop(ticket: number): void {
    const chunk = this.#chunks.get(ticket);
    this.#chunks.delete(ticket);
    if (chunk) this.#pool.recycle(chunk.elements.buffer as ArrayBuffer);
  }

  /** All of them, and what is on its way; their arrays, too. */
  clear(): void {
    for (const controller of this.#reads.values()) controller.abort();
    this.#reads.clear();
    for (const ticket of this.#chunks.keys()) this.drop(ticket);
    for (const { handle } of this.#arrays.values()) handle.release();
    this.#arrays.clear();
  }
}
