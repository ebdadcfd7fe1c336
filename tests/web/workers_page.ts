// Runs inside the browser of workers_browser.test.ts.

import {
  acquirePool,
  DecodeError,
  DecoderPool,
  releasePool,
  type ArrayHandle,
  type PoolOptions,
} from '../../web/workers/pool.ts';

export interface DecodeRequest {
  readonly array: number;
  readonly bytes: readonly number[];
  readonly index?: readonly number[];
  readonly shardIndex?: boolean;
  /** Cancel it so many milliseconds after it was asked for. */
  readonly abortAfterMs?: number;
  /** Cancel it as soon as the request of this index, an earlier one, has its outcome. */
  readonly abortBehind?: number;
}

export interface DecodeOutcome {
  readonly pixels?: readonly number[];
  readonly stats?: {
    readonly min: number;
    readonly max: number;
    readonly hasNaN: boolean;
    readonly samples: readonly number[];
  };
  readonly error?: { readonly code: string; readonly message: string };
  readonly tookMs: number;
}

export interface ArrayText {
  readonly metadata: string;
  readonly order?: readonly number[];
  readonly name?: string;
}

export interface WorkersPage {
  /** A pool of its own for these arrays and requests, all asked for at once; then it is ended. */
  decode(
    options: PoolOptions,
    arrays: readonly ArrayText[],
    requests: readonly DecodeRequest[],
  ): Promise<readonly DecodeOutcome[]>;
  /** Two users of the shared pool, one after the other leaving. */
  share(options: PoolOptions, array: ArrayText, bytes: readonly number[]): Promise<string[]>;
  /** Whether decode() has taken the bytes' buffer; and of one cancelled in the queue. */
  transfer(options: PoolOptions, array: ArrayText, bytes: readonly number[]): Promise<number[]>;
}

function errorOf(thrown: unknown): { code: string; message: string } {
  if (thrown instanceof DecodeError) return { code: thrown.code, message: thrown.message };
  return { code: 'not a DecodeError', message: String(thrown) };
}

async function one(pool: DecoderPool, handle: ArrayHandle, request: DecodeRequest, cancel?: Promise<unknown>): Promise<DecodeOutcome> {
  const started = performance.now();
  const tookMs = (): number => performance.now() - started;
  const controller = new AbortController();
  if (request.abortAfterMs !== undefined) setTimeout(() => controller.abort(), request.abortAfterMs);
  // In a task of its own: then the worker has what came next in the line.
  void cancel?.then(() => setTimeout(() => controller.abort()));
  const bytes = Uint8Array.from(request.bytes);
  const { signal } = controller;
  try {
    if (request.shardIndex) {
      const index = await pool.decodeShardIndex(handle, bytes, { signal });
      return { pixels: Array.from(index, Number), tookMs: tookMs() };
    }
    const { pixels, stats } = await pool.decode(handle, bytes, { signal, index: request.index });
    const plain = stats && { ...stats, samples: Array.from(stats.samples) };
    const shown = Array.from(new Uint8Array(pixels));
    return plain ? { pixels: shown, stats: plain, tookMs: tookMs() } : { pixels: shown, tookMs: tookMs() };
  } catch (thrown) {
    return { error: errorOf(thrown), tookMs: tookMs() };
  }
}

function register(pool: DecoderPool, { metadata, order, name }: ArrayText): ArrayHandle {
  return pool.registerArray(new TextEncoder().encode(metadata), order ?? [], name);
}

const page: WorkersPage = {
  async decode(options, arrays, requests) {
    const pool = new DecoderPool(options);
    const handles = arrays.map((array) => register(pool, array));
    const pending: Promise<DecodeOutcome>[] = [];
    for (const request of requests) {
      const handle = handles[request.array];
      if (!handle) throw new Error('no such array');
      pending.push(one(pool, handle, request, request.abortBehind === undefined ? undefined : pending[request.abortBehind]));
    }
    const outcomes = await Promise.all(pending);
    handles.forEach((handle) => handle.release());
    pool.end();
    return outcomes;
  },
  async share(options, array, bytes) {
    const first = acquirePool(options);
    const second = acquirePool();
    const said = [`same ${String(first === second)}`];
    const request = { array: 0, bytes };
    const say = async (who: string): Promise<void> => {
      const { error } = await one(second, register(second, array), request);
      said.push(`${who}: ${error?.code ?? 'decoded'}`);
    };
    await say('both');
    releasePool(first);
    await say('one');
    releasePool(second);
    await say('none');
    const third = acquirePool(options);
    said.push(`new ${String(third !== first)}`);
    releasePool(third);
    return said;
  },
  async transfer(options, array, bytes) {
    const pool = new DecoderPool({ ...options, size: 1 });
    const handle = register(pool, array);
    const whole = Uint8Array.from(bytes);
    const part = Uint8Array.from([0, ...bytes, 0]).subarray(1, bytes.length + 1);
    const cancelled = Uint8Array.from(bytes);
    const controller = new AbortController();
    const jobs = [
      pool.decode(handle, whole),
      pool.decode(handle, part),
      pool.decode(handle, cancelled, { signal: controller.signal }).catch(() => undefined),
    ];
    controller.abort();
    await Promise.all(jobs);
    pool.end();
    return [whole, part, cancelled].map(({ length }) => length);
  },
};

Object.assign(globalThis, { page, ready: true });
