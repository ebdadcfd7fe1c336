// annotation.wasm behind a typed face: one instance, any number of layers.

import createProgram, { type AnnotationProgram } from 'wasm:annotation';
import { startProgram } from '../wasm/start.ts';
import { AnnotationError, type AnnotationErrorCode, type Answer } from './messages.ts';

/** Throws an AnnotationError where the data cannot be read; any other exception is the program's end. */
export class AnnotationReader {
  readonly #program: AnnotationProgram;
  readonly #encoder = new TextEncoder();

  static async start(module: WebAssembly.Module): Promise<AnnotationReader> {
    const program = await startProgram(createProgram, module);
    return new AnnotationReader(program);
  }

  private constructor(program: AnnotationProgram) {
    this.#program = program;
  }

  /** Bytes of the heap, which never shrinks. */
  get heapBytes(): number {
    return this.#program.HEAPU8.length;
  }

  /** Ids, titles and file name endings of the formats that are known, as JSON. */
  get formats(): string {
    return this.#program._formatsJson();
  }

  /** `options`: JSON of parse_read_options() in src/annotation/engine.h, with "format". */
  open(options: string): number {
    const layer = this.#program._open(this.#writeText(options));
    return layer === 0 ? this.#fail() : layer;
  }

  feed(layer: number, bytes: Uint8Array): void {
    if (this.#program._feed(layer, this.#write(bytes)) !== 0) this.#fail();
  }

  endFile(layer: number): void {
    if (this.#program._endFile(layer) !== 0) this.#fail();
  }

  objects(layer: number): number {
    return this.#program._objects(layer);
  }

  call(layer: number, request: string): Answer {
    const program = this.#program;
    if (program._call(layer, this.#writeText(request)) !== 0) this.#fail();
    const at = program._jsonPointer();
    // Texts of a file need not be UTF-8: what is not is replaced.
    const json = new TextDecoder().decode(program.HEAPU8.slice(at, at + program._jsonLength()));
    const parts: ArrayBuffer[] = [];
    for (let part = 0; part < program._partCount(); ++part) {
      const begin = program._partPointer(part);
      parts.push(program.HEAPU8.slice(begin, begin + program._partLength(part)).buffer);
    }
    program._clear();
    return { json, parts };
  }

  close(layer: number): void {
    this.#program._close(layer);
  }

  #writeText(text: string): number {
    return this.#write(this.#encoder.encode(text));
  }

  #write(bytes: Uint8Array): number {
    const at = this.#program._reserve(bytes.length);
    this.#program.HEAPU8.set(bytes, at);
    return bytes.length;
  }

  #fail(): never {
    const error = JSON.parse(this.#program._errorJson()) as { readonly code: AnnotationErrorCode; readonly message: string };
    throw new AnnotationError(error.code, error.message);
  }
}
