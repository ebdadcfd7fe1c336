// The Embind surface of build/wasm/programs/formats.{mjs,wasm}: see src/bind/formats.cpp.

declare module 'wasm:formats' {
  import type { ProgramOptions } from 'wasm:mifascope';

  /** Only web/workers/raster_worker.ts and web/save/tiff_worker.ts call it. 0: done, 1: bytes are missing, 2: no such chunk, -1: failed. */
  export interface FormatsProgram {
    /** Taken anew after every call: the heap may have moved. */
    readonly HEAPU8: Uint8Array<ArrayBuffer>;
    _open(name: string, labels: boolean, pagesAreTimes: boolean, size: number): number;
    _close(id: number): void;
    _reserve(bytes: number): number;
    _supply(id: number, offset: number, bytes: number, asked: number): void;
    _describe(id: number): number;
    _decode(id: number, key: string): number;
    /** The OME-XML of so many bytes is in the reserved block; `type` is a Zarr name. */
    _writeBegin(bytes: number, width: number, height: number, planes: number, type: string): number;
    /** The next plane's samples are in the reserved block. */
    _writePlane(bytes: number): number;
    /** The file is the result then. */
    _writeEnd(): number;
    _missing(): string;
    _text(): string;
    _resultPointer(): number;
    _resultLength(): number;
    _errorJson(): string;
  }

  export default function createProgram(options: ProgramOptions): Promise<FormatsProgram>;
}
