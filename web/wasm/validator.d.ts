// The Embind surface of build/wasm/programs/validator.{mjs,wasm}: see src/bind/validator.cpp.

declare module 'wasm:validator' {
  export interface ValidatorProgram {
    /** Taken anew after every call: the heap may have moved. */
    readonly HEAPU8: Uint8Array<ArrayBuffer>;
    _start(name: string, options: string): number;
    _stop(run: number): void;
    _requests(run: number): string;
    _reserve(bytes: number): number;
    _found(run: number, request: number, bytes: number): void;
    _missing(run: number, request: number): void;
    _failed(run: number, request: number, code: string, message: string): void;
    _listed(run: number, request: number, entries: string): void;
    _unlisted(run: number, request: number): void;
    _done(run: number): boolean;
    _progress(run: number): string;
    _failure(run: number): string;
    _report(run: number, format: string): string;
    _look(name: string): number;
    _lookRequests(look: number): string;
    _lookFound(look: number, key: string, bytes: number): void;
    _lookFailed(look: number, key: string, code: string, message: string): void;
    _lookListed(look: number, folder: string, entries: string): void;
    _looked(look: number, json: boolean): string;
    _errorJson(): string;
    // src/bind/studies.cpp
    _reserveDocument(name: string, bytes: number): number;
    _readStudies(): string;
    /** A part of the document that was reserved last, which is a spreadsheet. */
    _convertStudies(target: string, intoFolder: boolean): string;
    _reserveMember(name: string, bytes: number): number;
    /** Whether the document that was reserved last looks like metadata; it is given back. */
    _sniffDocument(): boolean;
    /** `paths`: the files that are there, one a line; `now`: seconds since 1970. */
    _readGalleries(paths: string, now: number): string;
    _exportStudy(study: number, format: string): string;
  }

  export default function createValidator(options: {
    instantiateWasm?(
      imports: WebAssembly.Imports,
      done: (instance: WebAssembly.Instance) => void,
    ): object;
    wasmBinary?: Uint8Array;
  }): Promise<ValidatorProgram>;
}
