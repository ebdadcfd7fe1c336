// What a page and its raster worker say to one another.

import type { DatasetIssue } from '../state.ts';
import type { StoreErrorCode } from '../stores/store.ts';

/** How a file is to be read. */
export interface RasterOptions {
  /** Its name without folders. */
  readonly name: string;
  /** Its values are labels: a palette's indices are kept. */
  readonly labels: boolean;
  /** What pages are where the file does not say: time points, or else slices. */
  readonly pagesAreTimes: boolean;
}

/** What a file holds, as an OME-Zarr 0.5 hierarchy that nobody wrote. */
export interface RasterDescription {
  readonly format: string;
  /** The text of each metadata file by its key. */
  readonly files: Readonly<Record<string, string>>;
  readonly issues: readonly DatasetIssue[];
}

/** Bytes that were read where `asked` bytes at `offset` were wanted. */
export interface SuppliedRange {
  readonly offset: number;
  readonly asked: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export type ToRasterWorker =
  | { readonly kind: 'start'; readonly module: WebAssembly.Module }
  /** `size` in bytes; -1: not known. */
  | { readonly kind: 'open'; readonly file: number; readonly options: RasterOptions; readonly size: number }
  | { readonly kind: 'close'; readonly file: number }
  | { readonly kind: 'describe'; readonly file: number; readonly ticket: number }
  | { readonly kind: 'decode'; readonly file: number; readonly ticket: number; readonly key: string }
  /** The answer to 'needs'. */
  | { readonly kind: 'supply'; readonly ticket: number; readonly parts: readonly SuppliedRange[] }
  /** Nothing more is wanted of this ticket. */
  | { readonly kind: 'forget'; readonly ticket: number };

export type FromRasterWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unready'; readonly message: string }
  | { readonly kind: 'needs'; readonly ticket: number; readonly ranges: readonly (readonly [number, number])[] }
  | { readonly kind: 'described'; readonly ticket: number; readonly description: RasterDescription }
  /** null: the key names no chunk. */
  | { readonly kind: 'decoded'; readonly ticket: number; readonly bytes: Uint8Array<ArrayBuffer> | null }
  | {
      readonly kind: 'failed';
      readonly ticket: number;
      readonly code: StoreErrorCode;
      readonly message: string;
      /** The program is in an unknown state: the worker must be replaced. */
      readonly fatal: boolean;
    };
