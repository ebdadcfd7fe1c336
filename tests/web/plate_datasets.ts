// Datasets of many images, written here byte by byte: plates, scenes (0.6), and arrays in shards.
// Beside tests/web/datasets.ts, which writes single images.

import { writeArray, writeImage, type ArraySpec, type Files, type ImageSpec, type Level } from './datasets.ts';

/** Castagnoli's CRC, bit by bit. */
export function crc32c(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

function at(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}

/** "C/7" of row 2 and column 6. */
export function wellName(row: number, column: number): string {
  return `${String.fromCharCode(65 + row)}/${column + 1}`;
}

export interface PlateSpec {
  readonly zarr: 2 | 3;
  readonly rows: number;
  readonly columns: number;
  /** Of a well's field; null: listed in the well, and not there. */
  image(row: number, column: number, field: number): ImageSpec | null;
  /** Fields that the well lists (default 1). 0: the plate does not list the well, there is none. */
  fields?(row: number, column: number): number;
  /** Listed wells of which there is nothing at all. */
  lost?(row: number, column: number): boolean;
}

/** Writes a plate: 0.5 on Zarr v3, 0.4 on v2. */
export function writePlate(files: Files, path: string, spec: PlateSpec): void {
  const { zarr } = spec;
  const version = zarr === 3 ? '0.5' : '0.4';
  const group = (where: string, ome: object): void => {
    if (zarr === 3) {
      const attributes = { ome: { version, ...ome } };
      files.set(at(where, 'zarr.json'), JSON.stringify({ zarr_format: 3, node_type: 'group', attributes }));
      return;
    }
    files.set(at(where, '.zgroup'), '{"zarr_format": 2}');
    const versioned = Object.entries(ome).map(([key, value]) => [key, { version, ...(value as object) }]);
    files.set(at(where, '.zattrs'), JSON.stringify(Object.fromEntries(versioned)));
  };
  const wells: object[] = [];
  for (let row = 0; row < spec.rows; ++row) {
    for (let column = 0; column < spec.columns; ++column) {
      const count = spec.fields?.(row, column) ?? 1;
      if (count === 0) continue;
      const name = wellName(row, column);
      wells.push({ path: name, rowIndex: row, columnIndex: column });
      if (spec.lost?.(row, column)) continue;
      const images = Array.from({ length: count }, (_, field) => ({ path: String(field), acquisition: 0 }));
      group(at(path, name), { well: { images } });
      for (let field = 0; field < count; ++field) {
        const image = spec.image(row, column, field);
        if (image) writeImage(files, at(path, `${name}/${field}`), image);
      }
    }
  }
  group(path, {
    plate: {
      name: 'test plate',
      rows: Array.from({ length: spec.rows }, (_, row) => ({ name: wellName(row, 0).split('/')[0] })),
      columns: Array.from({ length: spec.columns }, (_, column) => ({ name: String(column + 1) })),
      wells,
      acquisitions: [{ id: 0, name: 'only' }],
      field_count: 2,
    },
  });
}

const kKinds: Readonly<Record<string, string>> = { t: 'time', c: 'channel' };

function system(name: string, axes: string): object {
  const described = [...axes].map((axis) =>
    kKinds[axis] ? { name: axis, type: kKinds[axis] } : { name: axis, type: 'space', unit: 'micrometer' },
  );
  return { name, axes: described };
}

/** A transformation of 0.6 without its ends. */
export type Transformation = Readonly<Record<string, unknown>> & { readonly type: string };

export interface PlacedImageSpec {
  readonly axes: string;
  readonly levels: readonly Level[];
  /** Values shown from black to white. */
  readonly window: readonly [number, number];
  /** Coordinate systems besides its own ("physical"), and the way from there to each. */
  readonly systems?: readonly { readonly name: string; readonly way: Transformation }[];
}

function group06(ome: object): string {
  const attributes = { ome: { version: '0.6', ...ome } };
  return JSON.stringify({ zarr_format: 3, node_type: 'group', attributes });
}

/** Writes an image of 0.6. */
export function writePlacedImage(files: Files, path: string, spec: PlacedImageSpec): void {
  const [start, end] = spec.window;
  const channel = { color: 'FFFFFF', label: 'signal', active: true, window: { min: start, max: end, start, end } };
  const datasets = spec.levels.map((level, i) => {
    writeArray(files, at(path, `s${i}`), level);
    const scale = { type: 'scale', scale: level.scale ?? level.shape.map(() => 1) };
    const whole = level.translation
      ? { type: 'sequence', transformations: [scale, { type: 'translation', translation: level.translation }] }
      : scale;
    return {
      path: `s${i}`,
      coordinateTransformations: [{ ...whole, input: { path: `s${i}` }, output: { name: 'physical' } }],
    };
  });
  const systems = spec.systems ?? [];
  const ways = systems.map(({ name, way }) => ({ ...way, input: { name: 'physical' }, output: { name } }));
  const multiscale = {
    name: path,
    coordinateSystems: [system('physical', spec.axes), ...systems.map(({ name }) => system(name, spec.axes))],
    datasets,
    ...(ways.length > 0 ? { coordinateTransformations: ways } : {}),
  };
  files.set(at(path, 'zarr.json'), group06({ multiscales: [multiscale], omero: { channels: [channel] } }));
}

export interface SceneSpec {
  /** Names of the scene's coordinate systems. */
  readonly systems: readonly string[];
  /** Later images lie over earlier ones. */
  readonly images: readonly (PlacedImageSpec & {
    readonly name: string;
    /** From "physical" to systems of the scene. */
    readonly ways: Readonly<Record<string, Transformation>>;
  })[];
}

/** Writes a scene of 0.6. */
export function writeScene(files: Files, path: string, spec: SceneSpec): void {
  const ways: object[] = [];
  for (const image of spec.images) {
    writePlacedImage(files, at(path, image.name), image);
    for (const [name, way] of Object.entries(image.ways)) {
      ways.push({ ...way, input: { path: image.name, name: 'physical' }, output: { name } });
    }
  }
  const axes = spec.images[0]?.axes ?? 'yx';
  const coordinateSystems = spec.systems.map((name) => system(name, axes));
  files.set(at(path, 'zarr.json'), group06({ scene: { coordinateSystems, coordinateTransformations: ways } }));
}

/** Writes an array of 0.5 in shards: `spec.chunks` are the inner chunks, `shards` what a file holds. */
export function writeShardedArray(files: Files, path: string, spec: ArraySpec, shards: readonly number[]): void {
  const whole: Files = new Map();
  writeArray(whole, '', spec);
  const metadata = JSON.parse(String(whole.get('zarr.json'))) as { codecs: object[]; chunk_grid: object };
  const crc = [{ name: 'bytes', configuration: { endian: 'little' } }, { name: 'crc32c' }];
  const configuration = { chunk_shape: spec.chunks, codecs: metadata.codecs, index_codecs: crc, index_location: 'end' };
  metadata.codecs = [{ name: 'sharding_indexed', configuration }];
  metadata.chunk_grid = { name: 'regular', configuration: { chunk_shape: shards } };
  files.set(at(path, 'zarr.json'), JSON.stringify(metadata));
  const inside = shards.map((size, axis) => size / (spec.chunks[axis] ?? 1));
  const count = inside.reduce((product, n) => product * n, 1);
  const parts = new Map<string, (Uint8Array | undefined)[]>();
  for (const [key, bytes] of whole) {
    if (key === 'zarr.json') continue;
    const index = key.split(/[/.]/).slice(1).map(Number);
    const shard = ['c', ...index.map((place, axis) => Math.floor(place / (inside[axis] ?? 1)))].join('/');
    const place = index.reduce((sum, n, axis) => sum * (inside[axis] ?? 1) + (n % (inside[axis] ?? 1)), 0);
    const chunks = parts.get(shard) ?? new Array<Uint8Array | undefined>(count).fill(undefined);
    chunks[place] = bytes as Uint8Array;
    parts.set(shard, chunks);
  }
  for (const [shard, chunks] of parts) files.set(at(path, shard), shardFile(chunks));
}

/** The chunks one after the other, then the index with its checksum. */
export function shardFile(chunks: readonly (Uint8Array | undefined)[]): Uint8Array {
  const body = chunks.reduce((sum, chunk) => sum + (chunk?.length ?? 0), 0);
  const file = new Uint8Array(body + 16 * chunks.length + 4);
  const view = new DataView(file.buffer);
  let end = 0;
  chunks.forEach((chunk, i) => {
    const entry = body + 16 * i;
    view.setBigUint64(entry, chunk ? BigInt(end) : 2n ** 64n - 1n, true);
    view.setBigUint64(entry + 8, chunk ? BigInt(chunk.length) : 2n ** 64n - 1n, true);
    if (!chunk) return;
    file.set(chunk, end);
    end += chunk.length;
  });
  sealShard(file, chunks.length);
  return file;
}

/** Writes the index's checksum anew, after a change of its entries. */
export function sealShard(file: Uint8Array, count: number): void {
  const begin = file.length - 4 - 16 * count;
  const sum = crc32c(file.subarray(begin, file.length - 4));
  new DataView(file.buffer, file.byteOffset).setUint32(file.length - 4, sum, true);
}
