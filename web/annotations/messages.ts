// What the page and the worker of annotations say to one another.

import type { DecodeErrorCode } from '../workers/messages.ts';

/** As in src/core/result.h, and the caller's own signal. */
export type AnnotationErrorCode = DecodeErrorCode;

export class AnnotationError extends Error {
  constructor(
    readonly code: AnnotationErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'AnnotationError';
  }
}

/** The answer to one call: JSON, and binary parts that the receiver owns. */
export interface Answer {
  readonly json: string;
  readonly parts: readonly ArrayBuffer[];
}

export type ToAnnotationWorker =
  | { readonly kind: 'start'; readonly module: WebAssembly.Module }
  /** `layer`: the page's number of it, never used again. `options`: JSON, see src/annotation/engine.h. */
  | { readonly kind: 'open'; readonly layer: number; readonly options: string }
  | { readonly kind: 'feed'; readonly layer: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'end-file'; readonly layer: number }
  | { readonly kind: 'call'; readonly layer: number; readonly ticket: number; readonly request: string }
  /** A call of `ticket` that is worked on bit by bit is not wanted any more: no answer comes. */
  | { readonly kind: 'cancel'; readonly ticket: number }
  | { readonly kind: 'heap'; readonly ticket: number }
  | { readonly kind: 'close'; readonly layer: number };

export type FromAnnotationWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unready'; readonly message: string }
  /** A window has been read. `objects`: so far. */
  /** `bytes`: the window back, to be filled again. */
  | { readonly kind: 'fed'; readonly layer: number; readonly objects: number; readonly bytes: Uint8Array<ArrayBuffer> }
  /** The file has been read; `info` is the JSON of LayerInfo. */
  | { readonly kind: 'opened'; readonly layer: number; readonly info: string }
  /** The layer is gone. */
  | { readonly kind: 'refused'; readonly layer: number; readonly code: AnnotationErrorCode; readonly message: string }
  | ({ readonly kind: 'answer'; readonly ticket: number } & Answer)
  | { readonly kind: 'failed'; readonly ticket: number; readonly code: AnnotationErrorCode; readonly message: string }
  | { readonly kind: 'heap'; readonly ticket: number; readonly bytes: number }
  /** The program is in an unknown state (out of memory, most likely): all its layers are gone. */
  | { readonly kind: 'crashed'; readonly message: string };
