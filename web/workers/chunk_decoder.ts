// The program in its role as loader, behind a typed face: one instance, any number of arrays.

import createProgram, { type LoaderProgram } from 'wasm:mifascope';
import {
  DecodeError,
  type ArraySpec,
  type ChunkStatistics,
  type DecodedChunk,
  type DecodeErrorCode,
} from './messages.ts';
import { startProgram } from '../wasm/start.ts';

/** Throws a DecodeError where the data cannot be read; any other exception is the program's end. */
export class ChunkDecoder {
  readonly #program: LoaderProgram;
  /** The caller's number of an array → the program's. */
  readonly #arrays = new Map<number, number>();

  static async start(module: WebAssembly.Module): Promise<ChunkDecoder> {
    const program = await startProgram(createProgram, module);
    return new ChunkDecoder(program);
  }

  private constructor(program: LoaderProgram) {
    this.#program = program;
  }

  prepare(array: number, { name, metadata, order }: ArraySpec): void {
    const nameBytes = new TextEncoder().encode(name);
    this.#write([nameBytes, metadata, Uint8Array.from(order)]);
    const id = this.#program._prepare(nameBytes.length, metadata.length, order.length);
    if (id === 0) this.#fail(true);
    this.release(array);
    this.#arrays.set(array, id);
  }

  release(array: number): void {
    const id = this.#arrays.get(array);
    if (id === undefined) return;
    this.#arrays.delete(array);
    this.#program._release(id);
  }

  decode(
    array: number,
    bytes: Uint8Array,
    index: readonly number[] | null,
    into: ArrayBuffer | null,
  ): DecodedChunk {
    const place = new Uint8Array(Int32Array.from(index ?? []).buffer);
    this.#write([bytes, place]);
    const rank = index?.length ?? 0;
    if (this.#program._decode(this.#idOf(array), bytes.length, rank) !== 0) this.#fail();
    const stats = index ? this.#statistics() : undefined;
    const pixels = this.#result(into);
    return stats ? { pixels, stats } : { pixels };
  }

  decodeShardIndex(array: number, bytes: Uint8Array): DecodedChunk {
    this.#write([bytes]);
    if (this.#program._decodeShardIndex(this.#idOf(array), bytes.length) !== 0) this.#fail();
    return { pixels: this.#result(null) };
  }

  #idOf(array: number): number {
    return this.#arrays.get(array) ?? 0;
  }

  /** Puts the parts one after the other into the program's input. */
  #write(parts: readonly Uint8Array[]): void {
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    let at = this.#program._reserve(size);
    if (at === 0) {
      this.#program._finish();
      throw new DecodeError(
        'limit',
        `Expected room for a chunk of ${size} bytes, received none: this browser tab has no more memory for decoding. The data needs smaller chunks.`,
      );
    }
    for (const part of parts) {
      this.#program.HEAPU8.set(part, at);
      at += part.length;
    }
  }

  #result(into: ArrayBuffer | null): ArrayBuffer {
    const begin = this.#program._resultPointer();
    const length = this.#program._resultLength();
    const heap = this.#program.HEAPU8;
    // Memory that was used before is written twice as fast as new memory: no page has to be found.
    const reused = into?.byteLength === length ? into : null;
    if (reused) new Uint8Array(reused).set(heap.subarray(begin, begin + length));
    const pixels = reused ?? heap.slice(begin, begin + length).buffer;
    this.#program._finish();
    return pixels;
  }

  #statistics(): ChunkStatistics {
    const begin = this.#program._statisticsPointer();
    const length = this.#program._statisticsLength();
    const values = new Float64Array(this.#program.HEAPU8.slice(begin, begin + length * 8).buffer);
    return {
      min: values[0] ?? 0,
      max: values[1] ?? 0,
      hasFinite: values[2] === 1,
      hasNaN: values[3] === 1,
      samples: values.slice(4),
    };
  }

  #fail(wholeArray = false): never {
    const error = JSON.parse(this.#program._errorJson()) as {
      readonly code: DecodeErrorCode;
      readonly message: string;
    };
    this.#program._finish();
    throw new DecodeError(error.code, error.message, wholeArray);
  }
}
