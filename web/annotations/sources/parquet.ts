// Parquet and GeoParquet (1.0, 1.1), column by column through hyparquet: of a remote file only the
// ranges that are needed are read.

import { parquetMetadataAsync, parquetRead, type AsyncBuffer, type DecodedArray, type FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { Store } from '../../stores/store.ts';
import { ColumnPack, SourceError, type Column, type NumberArray, type PackedLayer, type PackedSpace } from './columns.ts';
import { isObject, type JsonObject } from './zarr_array.ts';
import { nativeGeometry } from './wkb.ts';

/** Rows of one file; each needs a few hundred bytes on its way. */
const kMostRows = 20_000_000;
/** Bytes that are read beside what was asked for, so that neighbours need no request of their own. */
const kReadAhead = 65_536;

export interface ParquetOptions {
  readonly name?: string;
  readonly space?: PackedSpace;
  /** Column → part (kTableParts, "radius", "geometry"); others are recognised by name. */
  readonly parts?: Readonly<Record<string, string>>;
}

/** Whether the file at a key is Parquet; null when it cannot be read (a folder, for instance). */
export async function parquetFile(store: Store, key: string, signal?: AbortSignal): Promise<AsyncBuffer | null> {
  const options = signal ? { signal } : {};
  const tail = await store.get(key, { range: { suffix: 8 }, ...options });
  if (!tail.found) return null;
  const magic = new TextDecoder().decode(tail.bytes.subarray(-4));
  if (magic === 'PARE') throw new SourceError('unsupported', `Expected a Parquet file in ${key}, received an encrypted one. Write it without encryption.`);
  if (magic !== 'PAR1' || tail.total === undefined) return null;
  const total = tail.total;
  let kept: { begin: number; bytes: Uint8Array } = { begin: 0, bytes: new Uint8Array(0) };
  return {
    byteLength: total,
    async slice(start: number, end = total): Promise<ArrayBuffer> {
      const from = start < 0 ? Math.max(0, total + start) : start;
      const to = Math.min(total, end < 0 ? total + end : end);
      if (to <= from) return new ArrayBuffer(0);
      if (from < kept.begin || to > kept.begin + kept.bytes.length) {
        const length = Math.min(total - from, Math.max(to - from, kReadAhead));
        const reply = await store.get(key, { range: { offset: from, length }, ...options });
        if (!reply.found) throw new SourceError(reply.error.code, reply.error.message);
        kept = { begin: from, bytes: reply.bytes };
      }
      return kept.bytes.slice(from - kept.begin, to - kept.begin).buffer;
    },
  };
}

/** One layer of one or more files with the same columns; rejects with a SourceError. */
export async function readParquet(files: readonly AsyncBuffer[], name: string, options: ParquetOptions = {}): Promise<PackedLayer> {
  const metadata: FileMetaData[] = [];
  for (const file of files) metadata.push(await readable(name, parquetMetadataAsync(file, { geoparquet: false })));
  const first = metadata[0];
  if (!first) throw new SourceError('missing', `Expected a Parquet file at ${name}, received none.`);
  const rows = metadata.reduce((all, one) => all + Number(one.num_rows), 0);
  if (rows > kMostRows) throw new SourceError('limit', `Expected at most ${kMostRows} rows in ${name}, received ${rows} (limit kMostRows).`);
  const pack = new ColumnPack(rows);
  const geo = geoOf(first);
  const geometry = geometryColumn(first, geo);
  for (const column of topColumns(first)) {
    const values: unknown[] = [];
    for (const [i, file] of files.entries()) values.push(...(await readable(name, chunksOf(file, metadata[i] as FileMetaData, column))));
    addColumn(pack, column, values as DecodedArray[], geo, geometry, options, name);
  }
  tellCrs(pack, geo, geometry, name);
  return {
    name: options.name ?? name,
    title: geo ? 'GeoParquet' : 'Parquet',
    rows,
    bytes: pack.pack({ recognise: true, place: ['/rows/', ''], ...(options.space ? { space: options.space } : {}) }),
  };
}

async function readable<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError('fix-data', `Expected a Parquet file that can be read at ${name}, received one that cannot: ${error instanceof Error ? error.message : String(error)}. Write it again.`);
  }
}

/** The columns of the table; nested ones (lists, structures) as one. */
function topColumns(metadata: FileMetaData): readonly string[] {
  const names: string[] = [];
  const skip = (at: number): number => {
    let next = at + 1;
    for (let i = 0; i < (metadata.schema[at]?.num_children ?? 0); ++i) next = skip(next);
    return next;
  };
  for (let at = 1; at < metadata.schema.length; at = skip(at)) names.push(metadata.schema[at]?.name ?? '');
  return names;
}

async function chunksOf(file: AsyncBuffer, metadata: FileMetaData, column: string): Promise<readonly DecodedArray[]> {
  const chunks: { readonly rowStart: number; readonly data: DecodedArray }[] = [];
  await parquetRead({
    file,
    metadata,
    columns: [column],
    compressors,
    utf8: false,
    geoparquet: false,
    parsers: { geometryFromBytes: (bytes) => bytes, geographyFromBytes: (bytes) => bytes },
    onChunk: ({ rowStart, columnData }) => chunks.push({ rowStart, data: columnData }),
  });
  return chunks.sort((a, b) => a.rowStart - b.rowStart).map(({ data }) => data);
}

/** GeoParquet's metadata; null when the file has none. */
function geoOf(metadata: FileMetaData): JsonObject | null {
  const text = metadata.key_value_metadata?.find(({ key }) => key === 'geo')?.value;
  if (!text) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function geometryColumn(metadata: FileMetaData, geo: JsonObject | null): string | null {
  const primary = geo?.['primary_column'];
  const names = topColumns(metadata);
  if (typeof primary === 'string' && names.includes(primary)) return primary;
  // Parquet's own types of 2025, and what older writers leave unsaid.
  const typed = metadata.schema.find(({ logical_type }) => logical_type?.type === 'GEOMETRY' || logical_type?.type === 'GEOGRAPHY');
  const binary = metadata.schema.find(({ name, type, logical_type }) => name === 'geometry' && type === 'BYTE_ARRAY' && logical_type?.type !== 'STRING');
  return (typed ?? binary)?.name ?? null;
}

function addColumn(
  pack: ColumnPack,
  name: string,
  chunks: readonly DecodedArray[],
  geo: JsonObject | null,
  geometry: string | null,
  options: ParquetOptions,
  file: string,
): void {
  const columns = geo && isObject(geo['columns']) ? geo['columns'] : {};
  const about = isObject(columns[name]) ? columns[name] : null;
  if (name === geometry) {
    const encoding = typeof about?.['encoding'] === 'string' ? about['encoding'] : 'WKB';
    const values = chunks.flatMap((chunk) => Array.from(chunk as ArrayLike<unknown>, (value) => (encoding === 'WKB' ? bytesOf(value) : nativeGeometry(encoding, value))));
    return pack.addGeometry(name, values);
  }
  if (about) {
    return tell(pack, file, 'info', `The geometry column “${name}” is not drawn: “${geometry ?? ''}” is the primary one.`, 'one geometry column', 'several');
  }
  if (isCovering(geo, geometry, name)) return;
  const column = columnOf(name, chunks);
  if (!column) return tell(pack, file, 'info', `The column “${name}” holds bytes and is left out.`, 'numbers, texts or dates', 'bytes');
  const part = options.parts?.[name];
  pack.add(part ? { ...column, part } : column);
}

/** A column of boxes that repeats the geometries' extents (GeoParquet 1.1, "covering"). */
function isCovering(geo: JsonObject | null, geometry: string | null, name: string): boolean {
  const columns = geo && isObject(geo['columns']) ? geo['columns'] : {};
  const about = geometry === null ? null : columns[geometry];
  const covering = isObject(about) && isObject(about['covering']) ? about['covering']['bbox'] : null;
  return isObject(covering) && Object.values(covering).some((path) => Array.isArray(path) && path[0] === name);
}

function bytesOf(value: unknown): Uint8Array | null {
  return value instanceof Uint8Array ? value : null;
}

function columnOf(name: string, chunks: readonly DecodedArray[]): Column | null {
  const total = chunks.reduce((all, chunk) => all + chunk.length, 0);
  const first = chunks[0];
  if (first && chunks.every((chunk) => ArrayBuffer.isView(chunk) && chunk.constructor === first.constructor)) {
    const joined = new (first.constructor as new (length: number) => NumberArray)(total);
    let at = 0;
    for (const chunk of chunks) {
      joined.set(chunk as never, at);
      at += chunk.length;
    }
    return { name, values: joined };
  }
  const values: unknown[] = [];
  for (const chunk of chunks) for (const value of Array.from(chunk as ArrayLike<unknown>)) values.push(value);
  const kind = kindOf(values);
  if (kind === 'bytes') return null;
  if (kind === 'text') return { name, values: values.map(textOf) };
  const valid = values.some((value) => value === null || value === undefined) ? Uint8Array.from(values, (value) => (value === null || value === undefined ? 0 : 1)) : null;
  if (kind === 'boolean') return { name, boolean: true, valid, values: Uint8Array.from(values, (value) => (value ? 1 : 0)) };
  if (kind === 'bigint') return { name, valid, values: BigInt64Array.from(values, (value) => BigInt((value as bigint | number | null) ?? 0)) };
  return { name, valid, values: Float64Array.from(values, (value) => (value === null || value === undefined ? NaN : Number(value))) };
}

function kindOf(values: readonly unknown[]): 'number' | 'bigint' | 'boolean' | 'text' | 'bytes' {
  let kind: 'number' | 'bigint' | 'boolean' | null = null;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    const type = typeof value;
    if (value instanceof Uint8Array) return 'bytes';
    if (type !== 'number' && type !== 'bigint' && type !== 'boolean') return 'text';
    // Beyond 64 signed bits only a text is exact.
    if (type === 'bigint' && BigInt.asIntN(64, value as bigint) !== value) return 'text';
    if (type === 'number' && kind === 'bigint' && !Number.isSafeInteger(value)) kind = 'number';
    else if (kind === null || kind !== type) kind = kind === null || kind === type ? type : 'number';
  }
  return kind ?? 'number';
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (typeof value === 'object') return JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? one.toString() : one));
  return String(value);
}

/** Degrees on the Earth are no places on an image. */
function tellCrs(pack: ColumnPack, geo: JsonObject | null, geometry: string | null, file: string): void {
  const columns = geo && isObject(geo['columns']) ? geo['columns'] : {};
  const about = geometry === null ? null : columns[geometry];
  if (!isObject(about) || about['crs'] === null) return;
  const crs = about['crs'];
  const name = isObject(crs) && typeof crs['name'] === 'string' ? crs['name'] : crs === undefined ? 'longitude and latitude (no “crs” says so)' : 'another';
  tell(pack, file, 'info', `The file's coordinates are said to lie on the Earth; they are taken as pixels.`, '“crs”: null', name);
}

function tell(pack: ColumnPack, file: string, severity: 'info' | 'warning', message: string, expected: string, received: string): void {
  pack.issues.push({ rule: 'parquet/column', severity, message, file, expected, received, fix: 'Nothing needs to be done, if this is what was meant.' });
}
