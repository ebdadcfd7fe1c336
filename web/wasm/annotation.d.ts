// The Embind surface of build/wasm/programs/annotation.{mjs,wasm}; see src/bind/annotation.cpp.

declare module 'wasm:annotation' {
  import type { ProgramOptions } from 'wasm:mifascope';

  /** Only web/annotations/annotation_program.ts calls it. */
  export interface AnnotationProgram {
    /** Taken anew after every call: the heap may have moved. */
    readonly HEAPU8: Uint8Array<ArrayBuffer>;
    _reserve(bytes: number): number;
    _open(bytes: number): number;
    _feed(layer: number, bytes: number): number;
    _endFile(layer: number): number;
    _objects(layer: number): number;
    _call(layer: number, bytes: number): number;
    _jsonPointer(): number;
    _jsonLength(): number;
    _partCount(): number;
    _partPointer(part: number): number;
    _partLength(part: number): number;
    _clear(): void;
    _close(layer: number): void;
    _errorJson(): string;
    _formatsJson(): string;
  }

  export default function createProgram(options: ProgramOptions): Promise<AnnotationProgram>;
}
