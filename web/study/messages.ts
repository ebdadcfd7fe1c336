// Between the page and the worker that reads documents.

export interface DocumentFile {
  /** Its path from the folder that was opened. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of a spreadsheet: what is in it, unpacked; `bytes` is empty then. */
  readonly members?: readonly { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }[];
}

export type ToReader = { readonly id: number } & (
  | { readonly kind: 'start'; readonly module: WebAssembly.Module }
  /** Whether each looks like metadata by its first bytes. */
  | { readonly kind: 'sniff'; readonly heads: readonly DocumentFile[] }
  | { readonly kind: 'read'; readonly files: readonly DocumentFile[]; readonly paths: readonly string[]; readonly now: number }
);

export type FromReader =
  | { readonly id: number; readonly kind: 'answer'; readonly json: string }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string };
