// Between the page and the worker that reads documents.

import type { ExportFormat } from '../card/card.ts';

export interface DocumentFile {
  /** Its path from the folder that was opened. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export type ToReader = { readonly id: number } & (
  | { readonly kind: 'start'; readonly module: WebAssembly.Module }
  /** Whether each looks like metadata by its first bytes. */
  | { readonly kind: 'sniff'; readonly heads: readonly DocumentFile[] }
  | { readonly kind: 'read'; readonly files: readonly DocumentFile[]; readonly paths: readonly string[]; readonly now: number }
  /** One of the studies that were read last, by its number. */
  | { readonly kind: 'export'; readonly study: number; readonly format: ExportFormat }
);

export type FromReader =
  | { readonly id: number; readonly kind: 'answer'; readonly json: string }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string };
