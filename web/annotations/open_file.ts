// An annotation file, at an address or of this computer, as a layer.

import type { DatasetIssue } from '../state.ts';
import type { HttpStoreOptions } from '../stores/http.ts';
import { AnnotationError, blobSource, openAnnotation, urlSource, type OpenAnnotationOptions } from './client.ts';
import { companionsOf, needsCompanions } from './companions.ts';
import type { AnnotationLayer, LayerInfo } from './layer.ts';
import type { ReadSource } from './sources/open.ts';
import type { JsonObject } from './sources/zarr_array.ts';

export interface OpenFileHost {
  /** The folder of our files. */
  readonly assets: string;
  readonly fetch: HttpStoreOptions['fetch'];
  readonly imageAttributes?: () => Promise<JsonObject | null>;
}

/** What is not one text: Parquet, and Zarr groups of graphs, shapes and tables. Read by a bundle of its own. */
const kSource = /\.(parquet|geoparquet|zarr|geff)(\/|$)/i;

export async function openAnnotationFile(source: URL | File, host: OpenFileHost, options: OpenAnnotationOptions): Promise<AnnotationLayer> {
  const name = source instanceof URL ? source.pathname : source.name;
  if (kSource.test(name) && options.format === undefined) return openSource(source, host, options);
  if (!(source instanceof URL)) return openAnnotation(blobSource(source), { ...options, assets: host.assets });
  const needed = !options.companions && needsCompanions(name.slice(name.lastIndexOf('/') + 1));
  const companions = needed ? await companionsOf(source, host.fetch ?? ((url, init) => fetch(url, init)), options.signal) : options.companions;
  return openAnnotation(urlSource(source, host.fetch), { ...options, ...(companions ? { companions } : {}), assets: host.assets });
}

/** One layer of a source: the one that the address's fragment names ("cells.zarr#shapes/nuclei"), else the first. */
async function openSource(place: URL | File, host: OpenFileHost, options: OpenAnnotationOptions): Promise<AnnotationLayer> {
  const { readSourceAt } = await import('./sources/open.ts');
  const name = place instanceof URL ? place.href.replace(/[?#].*$/, '') : place.name;
  let read: ReadSource | null;
  try {
    read = await readSourceAt(place, { ...host, ...(options.signal ? { signal: options.signal } : {}) });
  } catch (error) {
    const { code, message } = error as { readonly code?: AnnotationError['code']; readonly message: string };
    throw new AnnotationError(code ?? 'unsupported', message);
  }
  if (!read) throw new AnnotationError('unsupported', `Expected Parquet, GEFF, SpatialData or AnnData at ${name}, received something else. An image is opened as the image itself.`);
  const element = place instanceof URL ? decodeURIComponent(place.hash.slice(1)) : '';
  const chosen = element === '' ? read.layers[0] : read.layers.find((layer) => layer.name === element);
  const [failure] = read.failures;
  if (!chosen) {
    const known = read.layers.map((layer) => layer.name).join(', ');
    throw new AnnotationError(failure?.code ?? 'missing', `Expected ${element === '' ? 'a layer' : `the element “${element}”`} in ${name}, received ${known === '' ? 'none' : `only ${known}`}.${failure ? ` ${failure.message}` : ''}`);
  }
  const file = blobSource(new Blob([chosen.bytes]), chosen.name);
  const layer = await openAnnotation(file, { ...options, format: 'columns', assets: host.assets });
  const others = read.layers.filter((other) => other !== chosen).map((other) => other.name);
  tell(layer, chosen.title, name, others, read.failures.map(({ message }) => message));
  return layer;
}

/** The layer's own account of itself is not shared with anyone yet: what the source says is added to it. */
function tell(layer: AnnotationLayer, title: string, file: string, others: readonly string[], failures: readonly string[]): void {
  const info = layer.info as { -readonly [Key in keyof LayerInfo]: LayerInfo[Key] };
  const issue = (rule: string, severity: DatasetIssue['severity'], message: string, fix: string): void => {
    info.issues = [...info.issues, { rule, severity, message, file, pointer: '', line: 0, expected: '', received: '', fix }];
  };
  info.formatTitle = title;
  if (others.length > 0) {
    issue('source/other-elements', 'info', `The source has ${others.length} more: ${others.slice(0, 20).join(', ')}.`, 'Add one by its name behind the address: “#” and the name.');
  }
  for (const message of failures) issue('source/element', 'error', message, 'Write the element again.');
}
