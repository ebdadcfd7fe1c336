// Answers what a validation asks for from a store, some requests at a time.

import type { Store } from '../stores/store.ts';
import type { ValidationAnswer, ValidationRequest } from './report.ts';

/** Reads under way at a time: enough for a server far away, few enough for a disk. */
export const kConcurrentReads = 24;

export async function answerFrom(store: Store, request: ValidationRequest, signal?: AbortSignal): Promise<ValidationAnswer> {
  const { id, key, kind, range } = request;
  if (kind === 'list') {
    const listing = await store.list?.(key, { signal });
    if (!listing) return { id, key, kind: 'listed', entries: null };
    if (!listing.found) {
      // A server that cannot list says so at its root.
      if (key === '') return { id, key, kind: 'listed', entries: null };
      return { id, key, kind: 'failed', code: listing.error.code, message: listing.error.message };
    }
    const entries = listing.entries.map(({ name, kind, size }) => [name, kind === 'directory', size ?? -1] as const);
    return { id, key, kind: 'listed', entries };
  }
  const reply = await store.get(key, { signal, range });
  if (reply.found) return { id, key, kind: 'found', bytes: reply.bytes };
  if (range && reply.error.code === 'fix-data') {
    // Stores refuse parts that begin where the file ends; here that is how the end is found.
    if (range.offset > 0) return { id, key, kind: 'found', bytes: new Uint8Array() };
    return answerFrom(store, { id, key, kind }, signal);
  }
  const { code, message } = reply.error;
  return code === 'missing' ? { id, key, kind: 'missing' } : { id, key, kind: 'failed', code, message };
}

/** Works off requests as they come, at most `limit` at a time. */
export class RequestLine {
  readonly #waiting: ValidationRequest[] = [];
  #running = 0;

  constructor(
    readonly answer: (request: ValidationRequest) => Promise<ValidationAnswer>,
    readonly answered: (answer: ValidationAnswer) => void,
    readonly limit = kConcurrentReads,
  ) {}

  add(requests: readonly ValidationRequest[]): void {
    this.#waiting.push(...requests);
    this.#go();
  }

  /** Nothing is under way, and nothing waits. */
  get idle(): boolean {
    return this.#running === 0 && this.#waiting.length === 0;
  }

  clear(): void {
    this.#waiting.length = 0;
  }

  #go(): void {
    while (this.#running < this.limit) {
      const request = this.#waiting.shift();
      if (!request) return;
      ++this.#running;
      void this.answer(request).then((answer) => {
        --this.#running;
        this.answered(answer);
        this.#go();
      });
    }
  }
}
