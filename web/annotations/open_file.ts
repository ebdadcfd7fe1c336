// An annotation file, at an address or of this computer, as a layer.

import type { HttpStoreOptions } from '../stores/http.ts';
import type { AnnotationLayer, AnnotationOptions } from './layer.ts';

export interface OpenFileHost {
  /** The folder of our files. */
  readonly assets: string;
  readonly fetch: HttpStoreOptions['fetch'];
}

export async function openAnnotationFile(source: URL | File, _host: OpenFileHost, _options: AnnotationOptions): Promise<AnnotationLayer> {
  const name = source instanceof URL ? source.href : source.name;
  throw new Error(`expected a layer of the page's own, received ${name}: annotation files are not read yet`);
}
