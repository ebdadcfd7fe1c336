// What a page and the worker that writes an OME-TIFF say to one another.

export type ToTiffWorker =
  | { readonly kind: 'start'; readonly module: WebAssembly.Module; readonly xml: string; readonly width: number; readonly height: number; readonly planes: number; readonly type: string }
  | { readonly kind: 'plane'; readonly samples: ArrayBuffer }
  | { readonly kind: 'end' };

export type FromTiffWorker =
  /** It takes the next plane, or the end. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'file'; readonly file: Blob }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };
