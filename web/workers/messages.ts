// What the pool and its workers say to one another.

/** As in src/core/result.h, and the caller's own signal. */
export type DecodeErrorCode =
  | 'retry'
  | 'fix-data'
  | 'unsupported'
  | 'missing'
  | 'forbidden'
  | 'limit'
  | 'aborted';

export class DecodeError extends Error {
  constructor(
    readonly code: DecodeErrorCode,
    message: string,
    /** The array itself cannot be read: no chunk of it ever will. */
    readonly wholeArray = false,
  ) {
    super(message);
    this.name = 'DecodeError';
  }
}

export interface ChunkStatistics {
  /** Of the finite values inside the array; both 0 if there are none. */
  readonly min: number;
  readonly max: number;
  readonly hasFinite: boolean;
  readonly hasNaN: boolean;
  /** Up to 4096 values spread evenly, in memory order. */
  readonly samples: Float64Array<ArrayBuffer>;
}

export interface DecodedChunk {
  /** C-contiguous in the order asked for, little-endian, a whole chunk even at the array's edge. */
  readonly pixels: ArrayBuffer;
  readonly stats?: ChunkStatistics;
}

/** How a worker learns of an array: with the first job that needs it. */
export interface ArraySpec {
  /** The metadata's file, for messages. */
  readonly name: string;
  readonly metadata: Uint8Array;
  readonly order: readonly number[];
}

export type ToWorker =
  | { readonly kind: 'start'; readonly module: WebAssembly.Module }
  | {
      readonly kind: 'decode';
      readonly ticket: number;
      readonly array: number;
      readonly spec: ArraySpec | null;
      readonly bytes: Uint8Array<ArrayBuffer>;
      /** A buffer nobody needs any more, of the size the pixels will have; null for a new one. */
      readonly into: ArrayBuffer | null;
      readonly part: 'chunk' | 'shard-index';
      /** The chunk's index in the grid, if statistics are wanted. */
      readonly index: readonly number[] | null;
    }
  | { readonly kind: 'release'; readonly array: number };

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unready'; readonly message: string }
  | { readonly kind: 'decoded'; readonly ticket: number; readonly chunk: DecodedChunk }
  | {
      readonly kind: 'failed';
      readonly ticket: number;
      readonly code: DecodeErrorCode;
      readonly message: string;
      readonly wholeArray: boolean;
      /** The program is in an unknown state: the worker must be replaced. */
      readonly fatal: boolean;
    };
