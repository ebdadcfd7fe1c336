// The Embind surface of src/bind/loader.cpp, as scripts/build-web.mjs resolves it. Only
// web/workers/chunk_decoder.ts calls it.

declare module 'wasm:loader' {
  export interface LoaderProgram {
    /** Taken anew after every call: the heap may have moved. */
    readonly HEAPU8: Uint8Array<ArrayBuffer>;
    _reserve(bytes: number): number;
    _prepare(nameBytes: number, metadataBytes: number, axes: number): number;
    _release(id: number): void;
    _decode(id: number, bytes: number, rank: number): number;
    _decodeShardIndex(id: number, bytes: number): number;
    _resultPointer(): number;
    _resultLength(): number;
    _statisticsPointer(): number;
    _statisticsLength(): number;
    _errorJson(): string;
    _finish(): void;
  }

  export interface ProgramOptions {
    instantiateWasm(
      imports: WebAssembly.Imports,
      done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ): object;
    /** Keeps Emscripten from guessing addresses. */
    locateFile(name: string): string;
  }

  export default function createLoader(options: ProgramOptions): Promise<LoaderProgram>;
}
