// Chunks out of shards (Zarr v3, codec sharding_indexed): the index of each shard is read once, and
// chunks that lie side by side come in one request.

import type { ShardLayout } from '../wasm/commands.ts';
import { DecodeError, type ArrayHandle, type DecoderPool } from '../workers/pool.ts';
import { refuse, type Store, type StoreError, type StoreReply } from './store.ts';

/** Unwanted bytes between two chunks that cost less than another request. */
export const kCoalescedGap = 256 * 1024;
/** A request for several chunks grows no further: a chunk must not wait for a whole shard. */
export const kCoalescedBytes = 8 * 1024 * 1024;
/** Indexes kept; the oldest is read again if it is needed. */
const kKeptIndexes = 4096;

const kAbsent = 0xffffffffffffffffn;

interface Wanted {
  readonly offset: number;
  readonly length: number;
  readonly signal: AbortSignal;
  readonly resolve: (reply: StoreReply) => void;
}

interface Span {
  readonly offset: number;
  readonly end: number;
  readonly members: readonly Wanted[];
}

/** What a shard says about itself. */
interface ShardIndex {
  /** Offset and length of each inner chunk. */
  readonly entries: BigUint64Array;
  /** Of the file; null where the server did not tell. */
  readonly fileBytes: number | null;
}

function aborted(url: string): StoreReply {
  return refuse({ code: 'aborted', status: 0, url, message: 'The read was cancelled.' });
}

/** Spans that cover all of `wanted`, each one request. */
export function coalesced(wanted: readonly Wanted[]): Span[] {
  const spans: { offset: number; end: number; members: Wanted[] }[] = [];
  for (const each of [...wanted].sort((a, b) => a.offset - b.offset)) {
    const last = spans.at(-1);
    const end = each.offset + each.length;
    const joins =
      last !== undefined &&
      each.offset - last.end <= kCoalescedGap &&
      Math.max(end, last.end) - last.offset <= kCoalescedBytes;
    if (joins) {
      last.end = Math.max(last.end, end);
      last.members.push(each);
    } else {
      spans.push({ offset: each.offset, end, members: [each] });
    }
  }
  return spans;
}

/** Reads inner chunks of one array. */
export class ShardReader {
  readonly #store: Store;
  readonly #pool: DecoderPool;
  readonly #array: ArrayHandle;
  readonly #layout: ShardLayout;
  /** Per shard: its index, or why there is none. */
  readonly #indexes = new Map<string, Promise<ShardIndex | StoreError>>();
  readonly #waiting = new Map<string, Wanted[]>();

  constructor(store: Store, pool: DecoderPool, array: ArrayHandle, layout: ShardLayout) {
    this.#store = store;
    this.#pool = pool;
    this.#array = array;
    this.#layout = layout;
  }

  /** The stored bytes of an inner chunk. An empty entry of the index is 'missing', as in Zarr. */
  async read(key: string, place: number, signal: AbortSignal): Promise<StoreReply> {
    const index = await this.#index(key);
    if (signal.aborted) return aborted(key);
    if (!('entries' in index)) return refuse(index);
    const offset = index.entries[2 * place] ?? kAbsent;
    const length = index.entries[2 * place + 1] ?? kAbsent;
    if (offset === kAbsent && length === kAbsent) {
      return refuse({ code: 'missing', status: 0, url: key, message: 'The shard has no such chunk.' });
    }
    const wrong = this.#misplaced(index, offset, length);
    if (wrong) {
      return refuse({
        code: 'fix-data',
        status: 0,
        url: key,
        message: `Expected chunk ${place} of the shard ${key} ${wrong}, received offset ${offset} and length ${length} in its index. The shard is damaged: write the array again.`,
      });
    }
    return this.#range(key, Number(offset), Number(length), signal);
  }

  /** Where an inner chunk should be instead; null if it may be there. */
  #misplaced({ fileBytes }: ShardIndex, offset: bigint, length: bigint): string | null {
    const end = offset + length;
    if (end > BigInt(fileBytes ?? Number.MAX_SAFE_INTEGER)) {
      return `inside the file${fileBytes === null ? '' : ` (${fileBytes} bytes)`}`;
    }
    const { indexAtStart, indexBytes } = this.#layout;
    const outside = indexAtStart
      ? offset >= BigInt(indexBytes)
      : fileBytes === null || end <= BigInt(fileBytes - indexBytes);
    return outside || length === 0n ? null : `outside the index itself (${indexBytes} bytes)`;
  }

  #index(key: string): Promise<ShardIndex | StoreError> {
    let index = this.#indexes.get(key);
    if (index) return index;
    index = this.#readIndex(key).then((result) => {
      // What may work later is asked for again.
      if ('code' in result && result.code !== 'missing') this.#indexes.delete(key);
      return result;
    });
    this.#indexes.set(key, index);
    const [oldest] = this.#indexes.keys();
    if (this.#indexes.size > kKeptIndexes && oldest !== undefined) this.#indexes.delete(oldest);
    return index;
  }

  async #readIndex(key: string): Promise<ShardIndex | StoreError> {
    const { indexBytes, indexAtStart, count } = this.#layout;
    const range = indexAtStart ? { offset: 0, length: indexBytes } : { suffix: indexBytes };
    const reply = await this.#store.get(key, { range });
    if (!reply.found) return reply.error;
    if (reply.bytes.length < indexBytes) {
      return {
        code: 'fix-data',
        status: 0,
        url: key,
        message: `Expected an index of ${indexBytes} bytes in the shard ${key}, received a file of ${reply.bytes.length}. The shard is cut off: upload it again.`,
      };
    }
    try {
      const entries = await this.#pool.decodeShardIndex(this.#array, reply.bytes);
      if (entries.length === 2 * count) return { entries, fileBytes: reply.total ?? null };
      throw new DecodeError('fix-data', `expected ${count} entries, received ${entries.length / 2}`);
    } catch (error) {
      const { code, message } = error instanceof DecodeError ? error : { code: 'fix-data' as const, message: String(error) };
      return {
        code: code === 'unsupported' ? 'fix-data' : code,
        status: 0,
        url: key,
        message: `Index of the shard ${key}: ${message}`,
      };
    }
  }

  // Reads asked for in the same turn leave together.
  #range(key: string, offset: number, length: number, signal: AbortSignal): Promise<StoreReply> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(key);
      const wanted = { offset, length, signal, resolve };
      if (waiting) {
        waiting.push(wanted);
        return;
      }
      this.#waiting.set(key, [wanted]);
      setTimeout(() => {
        const all = this.#waiting.get(key) ?? [];
        this.#waiting.delete(key);
        for (const span of coalesced(all)) void this.#readSpan(key, span);
      });
    });
  }

  async #readSpan(key: string, { offset, end, members }: Span): Promise<void> {
    const controller = new AbortController();
    const left = new Set(members);
    for (const member of members) {
      const leave = (): void => {
        left.delete(member);
        member.resolve(aborted(key));
        if (left.size === 0) controller.abort();
      };
      if (member.signal.aborted) leave();
      else member.signal.addEventListener('abort', leave, { once: true });
    }
    if (left.size === 0) return;
    const reply = await this.#store.get(key, {
      range: { offset, length: end - offset },
      signal: controller.signal,
    });
    for (const member of members) {
      if (!reply.found) {
        member.resolve(reply);
        continue;
      }
      const start = member.offset - offset;
      // A copy: its buffer is transferred to a worker.
      const bytes = reply.bytes.slice(start, start + member.length);
      member.resolve(bytes.length === member.length ? { found: true, bytes } : pastTheEnd(key, member));
    }
  }
}

function pastTheEnd(key: string, { offset, length }: Wanted): StoreReply {
  return refuse({
    code: 'fix-data',
    status: 0,
    url: key,
    message: `Expected ${length} bytes at offset ${offset} of the shard ${key}, as its index says, received the file's end. The shard is cut off: upload it again.`,
  });
}
