// Small OME-Zarr datasets, written here byte by byte so that every choice of the format can be made:
// data type, byte order, separator, axis order, missing chunks, pyramids. viewer_datasets.test.ts
// reads them back with zarrita, so that a mistake here does not hide one in the viewer.

import { gzipSync } from 'node:zlib';

/** Files by path, as a server's mount takes them. */
export type Files = Map<string, Uint8Array | string>;

export type DataType =
  | 'bool'
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'uint32'
  | 'int32'
  | 'uint64'
  | 'int64'
  | 'float16'
  | 'float32'
  | 'float64';

export type Value = number | bigint | boolean;

export interface ArraySpec {
  readonly zarr: 2 | 3;
  readonly dataType: DataType;
  readonly bigEndian?: boolean;
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly separator?: '.' | '/';
  readonly gzip?: boolean;
  readonly fill?: number | bigint | boolean | string;
  value(index: readonly number[]): Value;
  /** Chunks that are not there. */
  skip?(chunk: readonly number[]): boolean;
}

const kV2Types: Readonly<Record<DataType, string>> = {
  bool: 'b1',
  uint8: 'u1',
  int8: 'i1',
  uint16: 'u2',
  int16: 'i2',
  uint32: 'u4',
  int32: 'i4',
  uint64: 'u8',
  int64: 'i8',
  float16: 'f2',
  float32: 'f4',
  float64: 'f8',
};

export function bytesOf(type: DataType): number {
  return Number(kV2Types[type].slice(1));
}

/** The bits of the binary16 nearest to a number that it holds exactly or nearly. */
export function halfBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size === Infinity || size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | Math.round(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  return sign | (((exponent + 15) << 10) + Math.round((size / 2 ** exponent - 1) * 1024));
}

function putter(type: DataType, view: DataView, little: boolean): (at: number, value: Value) => void {
  switch (type) {
    case 'bool':
    case 'uint8':
      return (at, value) => view.setUint8(at, Number(value));
    case 'int8':
      return (at, value) => view.setInt8(at, Number(value));
    case 'uint16':
      return (at, value) => view.setUint16(at, Number(value), little);
    case 'int16':
      return (at, value) => view.setInt16(at, Number(value), little);
    case 'uint32':
      return (at, value) => view.setUint32(at, Number(value), little);
    case 'int32':
      return (at, value) => view.setInt32(at, Number(value), little);
    case 'uint64':
      return (at, value) => view.setBigUint64(at, BigInt(value), little);
    case 'int64':
      return (at, value) => view.setBigInt64(at, BigInt(value), little);
    case 'float16':
      return (at, value) => view.setUint16(at, halfBits(Number(value)), little);
    case 'float32':
      return (at, value) => view.setFloat32(at, Number(value), little);
    case 'float64':
      return (at, value) => view.setFloat64(at, Number(value), little);
  }
}

/** All indices below `shape`, the last one fastest. */
export function* indices(shape: readonly number[]): Generator<number[]> {
  const index = shape.map(() => 0);
  if (shape.some((size) => size === 0)) return;
  for (;;) {
    yield [...index];
    let axis = shape.length - 1;
    for (; axis >= 0; --axis) {
      index[axis] = (index[axis] ?? 0) + 1;
      if ((index[axis] ?? 0) < (shape[axis] ?? 0)) break;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

function encodeChunk(spec: ArraySpec, chunk: readonly number[]): Uint8Array {
  const size = bytesOf(spec.dataType);
  const elements = spec.chunks.reduce((product, extent) => product * extent, 1);
  const bytes = new Uint8Array(elements * size);
  const put = putter(spec.dataType, new DataView(bytes.buffer), !spec.bigEndian);
  const origin = chunk.map((place, axis) => place * (spec.chunks[axis] ?? 1));
  let at = 0;
  const index = [...origin];
  const last = index.length - 1;
  const visit = (axis: number): void => {
    const begin = origin[axis] ?? 0;
    const extent = spec.chunks[axis] ?? 1;
    for (let i = 0; i < extent; ++i) {
      index[axis] = begin + i;
      if (axis < last) {
        visit(axis + 1);
        continue;
      }
      // What a chunk holds past the array's end is nobody's: give it a value that would be seen.
      const outside = index.some((place, a) => place >= (spec.shape[a] ?? 0));
      put(at, outside ? 1 : spec.value(index));
      at += size;
    }
  };
  visit(0);
  return spec.gzip ? gzipSync(bytes, { level: 1 }) : bytes;
}

function v2Metadata(spec: ArraySpec): object {
  const size = bytesOf(spec.dataType);
  return {
    zarr_format: 2,
    shape: spec.shape,
    chunks: spec.chunks,
    dtype: `${size === 1 ? '|' : spec.bigEndian ? '>' : '<'}${kV2Types[spec.dataType]}`,
    compressor: spec.gzip ? { id: 'gzip', level: 1 } : null,
    fill_value: spec.fill ?? 0,
    filters: null,
    order: 'C',
    dimension_separator: spec.separator ?? '/',
  };
}

function v3Metadata(spec: ArraySpec): object {
  const single = bytesOf(spec.dataType) === 1;
  const bytes = single
    ? { name: 'bytes' }
    : { name: 'bytes', configuration: { endian: spec.bigEndian ? 'big' : 'little' } };
  return {
    zarr_format: 3,
    node_type: 'array',
    shape: spec.shape,
    data_type: spec.dataType,
    chunk_grid: { name: 'regular', configuration: { chunk_shape: spec.chunks } },
    chunk_key_encoding: { name: 'default', configuration: { separator: spec.separator ?? '/' } },
    fill_value: spec.fill ?? (spec.dataType === 'bool' ? false : 0),
    codecs: spec.gzip ? [bytes, { name: 'gzip', configuration: { level: 1 } }] : [bytes],
    attributes: {},
  };
}

function json(value: unknown): string {
  // JSON.stringify knows no bigint; 64-bit fill values are written as the integers they are.
  const exact = JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint' ? `bigint:${part}` : part,
  );
  return exact.replace(/"bigint:(-?\d+)"/g, '$1');
}

export function chunkKey(spec: ArraySpec, chunk: readonly number[]): string {
  const separator = spec.separator ?? '/';
  return spec.zarr === 3 ? ['c', ...chunk].join(separator) : chunk.join(separator);
}

/** Writes an array under `path` ("" or "a/b"). */
export function writeArray(files: Files, path: string, spec: ArraySpec): void {
  const prefix = path === '' ? '' : `${path}/`;
  if (spec.zarr === 3) files.set(`${prefix}zarr.json`, json(v3Metadata(spec)));
  else files.set(`${prefix}.zarray`, json(v2Metadata(spec)));
  const counts = spec.shape.map((size, axis) => Math.ceil(size / (spec.chunks[axis] ?? 1)));
  for (const chunk of indices(counts)) {
    if (spec.skip?.(chunk)) continue;
    files.set(prefix + chunkKey(spec, chunk), encodeChunk(spec, chunk));
  }
}

export interface Level extends ArraySpec {
  /** World units an element, and of the first element's centre; default 1 and 0. */
  readonly scale?: readonly number[];
  readonly translation?: readonly number[];
}

export interface ChannelSpec {
  readonly color: string;
  readonly window: readonly [number, number];
  readonly label?: string;
  readonly active?: boolean;
}

export interface LabelSpec {
  readonly name: string;
  readonly levels: readonly Level[];
  readonly colors?: readonly { readonly value: number | bigint; readonly rgba: readonly number[] }[];
  /** Rows of "properties", as they are written. */
  readonly properties?: readonly object[];
}

export interface ImageSpec {
  readonly axes: string;
  readonly levels: readonly Level[];
  readonly channels?: readonly ChannelSpec[];
  readonly labels?: readonly LabelSpec[];
}

function axis(name: string): object {
  const type = { t: 'time', c: 'channel' }[name] ?? 'space';
  return type === 'space' ? { name, type, unit: 'micrometer' } : { name, type };
}

function omeMetadata(spec: ImageSpec): Record<string, unknown> {
  const multiscale = {
    name: 'test',
    axes: [...spec.axes].map(axis),
    datasets: spec.levels.map((level, i) => ({
      path: `s${i}`,
      coordinateTransformations: [
        { type: 'scale', scale: level.scale ?? level.shape.map(() => 1) },
        ...(level.translation ? [{ type: 'translation', translation: level.translation }] : []),
      ],
    })),
  };
  if (!spec.channels) return { multiscales: [multiscale] };
  const channels = spec.channels.map(({ color, window, label, active }, i) => ({
    color,
    label: label ?? `channel ${i}`,
    active: active ?? true,
    window: { min: window[0], max: window[1], start: window[0], end: window[1] },
  }));
  return { multiscales: [multiscale], omero: { channels } };
}

function writeGroup(files: Files, path: string, zarr: 2 | 3, ome: Record<string, unknown>): void {
  const prefix = path === '' ? '' : `${path}/`;
  if (zarr === 3) {
    const attributes = { ome: { version: '0.5', ...ome } };
    files.set(`${prefix}zarr.json`, json({ zarr_format: 3, node_type: 'group', attributes }));
    return;
  }
  const { multiscales, ...rest } = ome;
  const versioned = Array.isArray(multiscales)
    ? { multiscales: multiscales.map((image: object) => ({ version: '0.4', ...image })) }
    : {};
  files.set(`${prefix}.zgroup`, json({ zarr_format: 2 }));
  files.set(`${prefix}.zattrs`, json({ ...versioned, ...rest }));
}

/** Writes an OME-Zarr image: 0.5 on Zarr v3, 0.4 on v2, as its first level says. */
export function writeImage(files: Files, path: string, spec: ImageSpec): void {
  const at = (name: string): string => (path === '' ? name : `${path}/${name}`);
  const zarr = spec.levels[0]?.zarr ?? 3;
  writeGroup(files, path, zarr, omeMetadata(spec));
  spec.levels.forEach((level, i) => writeArray(files, at(`s${i}`), level));
  if (!spec.labels || spec.labels.length === 0) return;
  writeGroup(files, at('labels'), zarr, { labels: spec.labels.map(({ name }) => name) });
  for (const { name, levels, colors, properties } of spec.labels) {
    const ome = omeMetadata({ axes: spec.axes.replace('c', ''), levels });
    const rows = (colors ?? []).map(({ value, rgba }) => ({ 'label-value': value, rgba }));
    ome['image-label'] = { ...(zarr === 2 ? { version: '0.4' } : {}), ...(rows.length ? { colors: rows } : {}), ...(properties ? { properties } : {}) };
    writeGroup(files, at(`labels/${name}`), zarr, ome);
    levels.forEach((level, i) => writeArray(files, at(`labels/${name}/s${i}`), level));
  }
}

/**
 * The levels of a pyramid: each a `factor` smaller in y and x, sizes rounded up, elements that show
 * `value` at the world coordinates of their centres. `shape` ends in y, x; so do `chunks`.
 */
export function pyramid(
  spec: Omit<Level, 'value' | 'scale' | 'translation'> & {
    readonly count: number;
    readonly factor: number;
    value(world: readonly number[]): Value;
  },
): Level[] {
  const rank = spec.shape.length;
  const spatial = (a: number): boolean => a >= rank - 2;
  return Array.from({ length: spec.count }, (_, level): Level => {
    const step = spec.factor ** level;
    const scale = spec.shape.map((_, a) => (spatial(a) ? step : 1));
    const translation = scale.map((size) => (size - 1) / 2);
    return {
      ...spec,
      shape: spec.shape.map((size, a) => Math.ceil(size / (scale[a] ?? 1))),
      scale,
      translation,
      value: (index) =>
        spec.value(index.map((place, a) => place * (scale[a] ?? 1) + (translation[a] ?? 0))),
    };
  });
}
