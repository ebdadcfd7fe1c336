// An annotation file, at an address or of this computer, as a layer.

import type { HttpStoreOptions } from '../stores/http.ts';
import { blobSource, openAnnotation, urlSource } from './client.ts';
import type { AnnotationLayer, AnnotationOptions } from './layer.ts';

export interface OpenFileHost {
  /** The folder of our files. */
  readonly assets: string;
  readonly fetch: HttpStoreOptions['fetch'];
}

export function openAnnotationFile(source: URL | File, host: OpenFileHost, options: AnnotationOptions): Promise<AnnotationLayer> {
  const from = source instanceof URL ? urlSource(source, host.fetch) : blobSource(source);
  return openAnnotation(from, { ...options, assets: host.assets });
}
