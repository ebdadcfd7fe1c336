// The page's end of the workers of annotations. A large file has a worker of its own, which ends with its
// layer: a WebAssembly heap never gives back what it took. Small ones share one.

import { compileProgram, spawnModuleWorker } from '../workers/program.ts';
import { AnnotationError, type Answer, type FromAnnotationWorker, type ToAnnotationWorker } from './messages.ts';

/** Files below this share a worker, in bytes as stored. */
export const kSharedBytes = 8 * 1024 * 1024;

interface Pending<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: AnnotationError) => void;
}

/** What is open in a worker, as the worker tells of it. */
interface Listener {
  /** `window`: the bytes that were fed, to be filled again. */
  fed(objects: number, window: Uint8Array<ArrayBuffer>): void;
  opened(info: string): void;
  refused(error: AnnotationError): void;
}

export class AnnotationWorker {
  readonly ready: Promise<void>;
  readonly #post: (message: ToAnnotationWorker, transfer?: Transferable[]) => void;
  readonly #terminate: () => void;
  readonly #listeners = new Map<number, Listener>();
  readonly #answers = new Map<number, Pending<Answer>>();
  readonly #heaps = new Map<number, Pending<number>>();
  readonly #onIdle: (worker: AnnotationWorker) => void;
  #settle: Pending<void> | null = null;
  #ticket = 0;
  #users = 0;
  #end: AnnotationError | null = null;

  constructor(assets: URL, onIdle: (worker: AnnotationWorker) => void) {
    this.#onIdle = onIdle;
    const url = new URL('annotation_worker.js', assets);
    const worker = spawnModuleWorker<ToAnnotationWorker, FromAnnotationWorker>(url, 'mifascope annotations', {
      onMessage: (message) => this.#receive(message),
      onError: (message) => this.#crash(`Expected the script ${url.href} to run as a worker, received an error (${message || 'no details given'}). Who runs the web page should check that all files of Mifascope are there, and that its Content-Security-Policy allows workers.`),
    });
    this.#post = (message, transfer) => worker.post(message, transfer);
    this.#terminate = () => worker.end();
    this.ready = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.ready.catch(() => undefined);  // Who opens something is told.
    program(assets).then((module) => this.#post({ kind: 'start', module }), (error: unknown) => this.#crash(error instanceof Error ? error.message : String(error)));
  }

  get ended(): boolean {
    return this.#end !== null;
  }

  open(layer: number, options: string, listener: Listener): void {
    this.#listeners.set(layer, listener);
    this.#post({ kind: 'open', layer, options });
  }

  feed(layer: number, bytes: Uint8Array<ArrayBuffer>): void {
    this.#post({ kind: 'feed', layer, bytes }, [bytes.buffer]);
  }

  endFile(layer: number): void {
    this.#post({ kind: 'end-file', layer });
  }

  /** `signal`: a long one that is answered bit by bit ends with it; rejects with code 'aborted'. */
  call(layer: number, request: string, signal?: AbortSignal): Promise<Answer> {
    let asked = 0;
    const answer = this.#ask(this.#answers, (ticket) => ({ kind: 'call', layer, ticket: (asked = ticket), request }));
    signal?.addEventListener('abort', () => {
      const waiting = take(this.#answers, asked);
      if (!waiting || this.#end) return;
      this.#post({ kind: 'cancel', ticket: asked });
      waiting.reject(new AnnotationError('aborted', 'The question was withdrawn.'));
    }, { once: true });
    return answer;
  }

  /** Bytes of its heap. */
  heapBytes(): Promise<number> {
    return this.#ask(this.#heaps, (ticket) => ({ kind: 'heap', ticket }));
  }

  /** Somebody is about to open a layer here: the worker stays until leave(). */
  join(): void {
    this.#users += 1;
  }

  /** Frees the layer of one who has joined, if it was opened. A worker without users ends. */
  leave(layer: number): void {
    this.#users -= 1;
    const known = this.#listeners.delete(layer);
    if (this.#end) return;
    if (this.#users > 0) {
      if (known) this.#post({ kind: 'close', layer });
      return;
    }
    this.end(new AnnotationError('aborted', 'The annotation layer was closed.'));
    this.#onIdle(this);
  }

  /** Ends the worker at once, whatever it is doing. */
  end(error: AnnotationError): void {
    if (this.#end) return;
    this.#end = error;
    this.#terminate();
    this.#settle?.reject(error);
    const pending = [...this.#answers.values(), ...this.#heaps.values()];
    const listeners = [...this.#listeners.values()];
    this.#answers.clear();
    this.#heaps.clear();
    this.#listeners.clear();
    for (const { reject } of pending) reject(error);
    for (const listener of listeners) listener.refused(error);
  }

  #ask<T>(map: Map<number, Pending<T>>, message: (ticket: number) => ToAnnotationWorker): Promise<T> {
    if (this.#end) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => {
      const ticket = ++this.#ticket;
      map.set(ticket, { resolve, reject });
      this.#post(message(ticket));
    });
  }

  #receive(message: FromAnnotationWorker): void {
    switch (message.kind) {
      case 'ready':
        this.#settle?.resolve();
        break;
      case 'unready':
        this.#crash(`Expected the program of annotations to start, received an error (${message.message}).`);
        break;
      case 'fed':
        this.#listeners.get(message.layer)?.fed(message.objects, message.bytes);
        break;
      case 'opened':
        this.#listeners.get(message.layer)?.opened(message.info);
        break;
      case 'refused':
        this.#listeners.get(message.layer)?.refused(new AnnotationError(message.code, message.message));
        break;
      case 'answer':
        take(this.#answers, message.ticket)?.resolve(message);
        break;
      case 'failed':
        take(this.#answers, message.ticket)?.reject(new AnnotationError(message.code, message.message));
        break;
      case 'heap':
        take(this.#heaps, message.ticket)?.resolve(message.bytes);
        break;
      case 'crashed':
        this.#crash(`The program of annotations has ended (${message.message}): most likely this browser tab has no more memory for the file. Split the file, one a region or a kind of object.`);
        break;
    }
  }

  #crash(message: string): void {
    this.end(new AnnotationError('limit', message));
    this.#onIdle(this);
  }
}

function take<T>(map: Map<number, T>, key: number): T | undefined {
  const value = map.get(key);
  map.delete(key);
  return value;
}

const programs = new Map<string, Promise<WebAssembly.Module>>();

/** Compiled once a place; one that failed is asked for again by the next layer. */
function program(assets: URL): Promise<WebAssembly.Module> {
  let module = programs.get(assets.href);
  if (!module) {
    module = compileProgram(new URL('annotation.wasm', assets));
    module.catch(() => programs.delete(assets.href));
    programs.set(assets.href, module);
  }
  return module;
}

const shared = new Map<string, AnnotationWorker>();

/** A worker for a file of so many bytes (`null`: not known), joined. */
export function joinWorker(assets: URL, bytes: number | null): AnnotationWorker {
  const worker = bytes === null || bytes >= kSharedBytes ? new AnnotationWorker(assets, () => undefined) : sharedWorker(assets);
  worker.join();
  return worker;
}

function sharedWorker(assets: URL): AnnotationWorker {
  const known = shared.get(assets.href);
  if (known && !known.ended) return known;
  const worker = new AnnotationWorker(assets, (idle) => {
    if (shared.get(assets.href) === idle) shared.delete(assets.href);
  });
  shared.set(assets.href, worker);
  return worker;
}
