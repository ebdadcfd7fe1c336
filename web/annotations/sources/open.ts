// Annotations that are not one text: Parquet files and Zarr folders of graphs, tables and shapes. A
// bundle of its own (sources.js), fetched when one is met.

import { BlobStore } from '../../stores/blob.ts';
import type { HttpStoreOptions } from '../../stores/http.ts';
import { openSource } from '../../stores/open.ts';
import type { Store } from '../../stores/store.ts';
import { DecoderPool } from '../../workers/pool.ts';
import { isAnnData, readAnnData } from './anndata.ts';
import { SourceError, type PackedLayer } from './columns.ts';
import { findGeff, readGeff } from './geff.ts';
import { parquetFile, readParquet } from './parquet.ts';
import { isElement, isSpatialData, readElement, readSpatialData } from './spatialdata.ts';
import { ZarrTree, type ArrayDecoder, type JsonObject } from './zarr_array.ts';

export { classFoldersTable } from './class_folders.ts';
export { SourceError, type PackedLayer } from './columns.ts';

export type SourceKind = 'parquet' | 'geff' | 'spatialdata' | 'anndata';

export interface ReadSource {
  readonly kind: SourceKind;
  /** Each is opened like a file: openAnnotation(blobSource(new Blob([layer.bytes])), {format: 'columns'}). */
  readonly layers: readonly PackedLayer[];
  /** Elements of the source that could not be read. */
  readonly failures: readonly SourceError[];
}

export interface ReadSourceOptions {
  readonly signal?: AbortSignal | undefined;
  /** The open image's attributes: how it lies in SpatialData's coordinate systems. */
  readonly image?: JsonObject | null;
}

/**
 * Reads what is at a store's place: by the Parquet magic, or by the attributes "geff",
 * "spatialdata_attrs" and "encoding-type". Null when it is none of these; rejects with a SourceError.
 */
export async function readSource(store: Store, decoder: ArrayDecoder, { signal, image = null }: ReadSourceOptions = {}): Promise<ReadSource | null> {
  const name = store.description.replace(/[?#].*$/, '').replace(/\/+$/, '').split('/').at(-1) ?? '';
  if (!/\.zarr$/i.test(name)) {
    const file = await parquetFile(store, '', signal);
    if (file) return { kind: 'parquet', layers: [await readParquet([file], name)], failures: [] };
  }
  const tree = new ZarrTree(store, decoder, signal);
  const graphs = await findGeff(tree);
  if (graphs.length > 0) {
    const layers: PackedLayer[] = [];
    for (const path of graphs) layers.push(await readGeff(tree, path));
    return { kind: 'geff', layers, failures: [] };
  }
  if (await isElement(tree)) return { kind: 'spatialdata', layers: [await readElement(tree, name, image)], failures: [] };
  if (await isAnnData(tree)) return { kind: 'anndata', layers: [await readAnnData(tree, '', { name })], failures: [] };
  if (await isSpatialData(tree)) return { kind: 'spatialdata', ...(await readSpatialData(tree, image)) };
  return null;
}

export interface ReadSourceHost {
  /** The folder of our files: the decoders are there. */
  readonly assets: string;
  readonly fetch: HttpStoreOptions['fetch'];
  readonly signal?: AbortSignal;
  /** Attributes of the open image's group; null: it has none. */
  readonly imageAttributes?: () => Promise<JsonObject | null>;
}

/** Workers that decode a table's few chunks. */
const kWorkers = 2;

/** readSource() of an address or of a Parquet file of this computer. */
export async function readSourceAt(place: URL | File, { assets, fetch, signal, imageAttributes }: ReadSourceHost): Promise<ReadSource | null> {
  const store = place instanceof URL ? openSource(place.href.replace(/#.*$/, ''), { fetch }) : new BlobStore(place, place.name);
  const pool = new DecoderPool({ size: kWorkers, workerUrl: new URL('loader_worker.js', assets), wasmUrl: new URL('mifascope.wasm', assets) });
  try {
    const image = (await imageAttributes?.().catch(() => null)) ?? null;
    return await readSource(store, pool, { signal, image });
  } finally {
    pool.end();
  }
}
