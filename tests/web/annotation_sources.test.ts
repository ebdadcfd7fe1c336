// What others wrote (GEFF, GeoParquet, SpatialData, AnnData), read as the page reads it. Counts and sums
// are those of independent readers: Python's csv and json, and zarr-python where it made the files.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { classFoldersTable } from '../../web/annotations/sources/class_folders.ts';
import { ColumnPack, SourceError, type PackedLayer } from '../../web/annotations/sources/columns.ts';
import { readSource } from '../../web/annotations/sources/open.ts';
import { spaceOf } from '../../web/annotations/sources/spatialdata.ts';
import { ZarrTree, type ArrayDecoder } from '../../web/annotations/sources/zarr_array.ts';
import { nativeGeometry } from '../../web/annotations/sources/wkb.ts';
import { refuse, resolveRange, type GetOptions, type Store, type StoreListing, type StoreReply } from '../../web/stores/store.ts';
import { ChunkDecoder } from '../../web/workers/chunk_decoder.ts';
import { DecodeError } from '../../web/workers/messages.ts';

const fixtures = ['../shared/fixtures', '../../shared/fixtures'].find(existsSync) ?? '';
const program = 'build/wasm/programs/mifascope.wasm';
const skip = fixtures === '' ? 'no ../shared/fixtures' : existsSync(program) ? false : `${program} is not built yet`;

/** A folder of this computer, and files that stand for others in it. */
class DiskStore implements Store {
  readonly asked: string[] = [];
  constructor(
    readonly description: string,
    readonly replaced: Readonly<Record<string, Uint8Array<ArrayBuffer> | null>> = {},
  ) {}

  async get(key: string, { range }: GetOptions = {}): Promise<StoreReply> {
    await Promise.resolve();
    this.asked.push(key);
    const path = join(this.description, key);
    const other = this.replaced[key];
    const missing = other === undefined ? !existsSync(path) || statSync(path).isDirectory() : other === null;
    if (missing) return refuse({ code: 'missing', status: 404, url: key, message: `${key} is not there` });
    const bytes = other ?? new Uint8Array(readFileSync(path));
    if (!range) return { found: true, bytes, total: bytes.length };
    const part = resolveRange(range, bytes.length);
    if (!part) return refuse({ code: 'fix-data', status: 416, url: key, message: 'past the end' });
    return { found: true, bytes: bytes.slice(part.begin, part.end), total: bytes.length };
  }

  async list(prefix: string): Promise<StoreListing> {
    await Promise.resolve();
    const path = join(this.description, prefix);
    if (!existsSync(path) || !statSync(path).isDirectory()) return { found: true, entries: [] };
    return { found: true, entries: readdirSync(path, { withFileTypes: true }).map((entry) => ({ name: entry.name, kind: entry.isDirectory() ? ('directory' as const) : ('file' as const) })) };
  }
}

let started: Promise<ArrayDecoder> | null = null;
/** The program of the page's workers, here. */
function decoder(): Promise<ArrayDecoder> {
  started ??= (async () => {
    const chunks = await ChunkDecoder.start(await WebAssembly.compile(readFileSync(program)));
    let next = 1;
    return {
      registerArray(metadata, order, name = 'metadata') {
        const id = next++;
        chunks.prepare(id, { name, metadata, order });
        return { id, release: () => chunks.release(id) };
      },
      decode: async (array, bytes) => chunks.decode(array.id, bytes, null, null),
      decodeShardIndex: async (array, bytes) => new BigUint64Array(chunks.decodeShardIndex(array.id, bytes).pixels),
    } as ArrayDecoder;
  })();
  return started;
}

interface Unpacked {
  readonly rows: number;
  readonly columns: Readonly<Record<string, { part: string; unit: string; type: string; values: readonly unknown[] }>>;
  readonly edges: readonly (readonly [number, number])[];
  readonly space: { unit: string; affine?: readonly number[] } | undefined;
  readonly issues: readonly { rule: string; message: string }[];
}

/** What src/annotation/columnar.cpp makes of it, for looking. */
function unpack({ bytes }: PackedLayer): Unpacked {
  const view = new DataView(bytes.buffer);
  const length = view.getUint32(8, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + length)));
  const begin = Math.ceil((16 + length) / 8) * 8;
  const part = ({ at, bytes: size }: { at: number; bytes: number }): ArrayBuffer => bytes.slice(begin + at, begin + at + size).buffer;
  const arrays: Record<string, (buffer: ArrayBuffer) => ArrayLike<number | bigint>> = {
    i1: (b) => new Int8Array(b), u1: (b) => new Uint8Array(b), bool: (b) => new Uint8Array(b), i2: (b) => new Int16Array(b), u2: (b) => new Uint16Array(b),
    i4: (b) => new Int32Array(b), u4: (b) => new Uint32Array(b), i8: (b) => new BigInt64Array(b), u8: (b) => new BigUint64Array(b), f4: (b) => new Float32Array(b), f8: (b) => new Float64Array(b),
    category: (b) => new Int32Array(b),
  };
  const columns: Record<string, { part: string; unit: string; type: string; values: unknown[] }> = {};
  for (const column of header.columns) {
    let values: unknown[];
    if (column.offsets) {
      const offsets = new Uint32Array(part(column.offsets));
      const data = new Uint8Array(part(column.data));
      values = Array.from({ length: header.rows }, (_, i) => data.subarray(offsets[i], offsets[i + 1]));
      if (column.type === 'text') values = values.map((value) => new TextDecoder().decode(value as Uint8Array));
    } else {
      values = Array.from((arrays[column.type] as (buffer: ArrayBuffer) => ArrayLike<number | bigint>)(part(column.data)), (value) => (column.type === 'category' ? (column.texts[Number(value)] ?? null) : Number(value)));
    }
    const valid = column.valid ? new Uint8Array(part(column.valid)) : null;
    columns[column.name] = { part: column.part, unit: column.unit, type: column.type, values: values.map((value, i) => (valid?.[i] === 0 ? null : value)) };
  }
  const flat = header.edges ? Array.from(new BigInt64Array(part(header.edges.data)), Number) : [];
  const edges = Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i] ?? 0, flat[2 * i + 1] ?? 0] as const);
  return { rows: header.rows, columns, edges, space: header.space, issues: header.issues };
}

async function read(path: string, replaced: Readonly<Record<string, Uint8Array<ArrayBuffer> | null>> = {}) {
  const store = new DiskStore(join(fixtures, path), replaced);
  return { store, source: await readSource(store, await decoder()) };
}

const sum = (values: readonly unknown[] | undefined): number => (values ?? []).reduce<number>((all, value) => all + Number(value ?? 0), 0);
const json = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));

test('a graph of 37,009 nodes in GEFF', { skip }, async () => {
  const { source } = await read('geff/mouse.geff.zarr');
  assert.equal(source?.kind, 'geff');
  const layer = source.layers[0] as PackedLayer;
  assert.equal(layer.name, 'tracks');
  const graph = unpack(layer);
  assert.equal(graph.rows, 37_009);
  assert.equal(graph.edges.length, 36_916);
  assert.deepEqual(graph.issues, []);
  // The metadata's own extremes of each axis.
  for (const [axis, least, greatest, part] of [['t', 0, 531, 'frame'], ['z', 1523.368197, 4398.1, 'z'], ['y', 81.667, 1877.7, 'y'], ['x', 764.42, 2152.3, 'x']] as const) {
    const column = graph.columns[axis];
    assert.equal(column?.part, part);
    assert.equal(Math.min(...(column?.values as number[])), least);
    assert.equal(Math.max(...(column?.values as number[])), greatest);
  }
  const ids = new Set(graph.columns['id']?.values as number[]);
  assert.equal(ids.size, 37_009);
  assert.ok(graph.edges.every(([from, to]) => ids.has(from) && ids.has(to)));
  assert.equal(graph.columns['track_id']?.part, 'track');
});

test('broken graphs', { skip }, async () => {
  const axes = { geff: { axes: [{ name: 'x', type: 'space', unit: 'micrometer', scale: 0.5, offset: 3 }, { name: 'y', type: 'space' }, { name: 'q', type: 'space' }, { name: 't', type: 'time' }] } };
  const { source } = await read('geff/mouse.geff.zarr', { 'tracks/.zattrs': json(axes), 'tracks/nodes/props/t/values/.zarray': null });
  const graph = unpack(source?.layers[0] as PackedLayer);
  assert.deepEqual(graph.space, { unit: 'physical', unitName: 'micrometer', corner: false, affine: [0.5, 0, 3, 0, 1, 0], depthIsPhysical: false });
  assert.deepEqual(graph.issues.map(({ message }) => message), [
    'The axis “q” has no property of that name; nodes are placed without it.',
    'The axis “t” has no property of that name; nodes are placed without it.',
  ]);
  await assert.rejects(read('geff/mouse.geff.zarr', { 'tracks/nodes/ids/.zarray': null }), (error: SourceError) => {
    assert.equal(error.message, 'Expected a Zarr array at tracks/nodes/ids, received nothing. The source is incomplete: write it again.');
    return error.code === 'missing';
  });
  await assert.rejects(read('geff/mouse.geff.zarr', { 'tracks/nodes/ids/0': new Uint8Array(20) }), DecodeError);
});

test('every geometry of GeoParquet, against the same as text', { skip }, async () => {
  for (const type of ['point', 'linestring', 'polygon', 'multipoint', 'multilinestring', 'multipolygon']) {
    const { source } = await read(`geoparquet/test_data/data-${type}-encoding_wkb.parquet`);
    assert.equal(source?.kind, 'parquet');
    const layer = source.layers[0] as PackedLayer;
    assert.equal(layer.title, 'GeoParquet');
    const geometries = unpack(layer).columns['geometry']?.values as Uint8Array[];
    const texts = readFileSync(join(fixtures, `geoparquet/test_data/data-${type}-wkt.csv`), 'utf8').trim().split('\n').slice(1);
    assert.equal(geometries.length, texts.length);
    texts.forEach((line, i) => {
      const numbers = (/\(.*\)/.exec(line)?.[0].match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
      const bytes = geometries[i] as Uint8Array;
      assert.deepEqual(coordinates(bytes), numbers, line);
    });
  }
});

/** All coordinates of a WKB geometry, by a reader of its own. */
function coordinates(bytes: Uint8Array): number[] {
  if (bytes.length === 0) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: number[] = [];
  let at = 0;
  const u4 = (): number => view.getUint32((at += 4) - 4, true);
  const pairs = (count: number): void => {
    for (let i = 0; i < 2 * count; ++i, at += 8) found.push(view.getFloat64(at, true));
  };
  const geometry = (): void => {
    at += 1;
    const type = u4();
    if (type === 1) pairs(1);
    else if (type === 2) pairs(u4());
    else for (let n = u4(); n > 0; --n) if (type === 3) pairs(u4()); else geometry();
  };
  geometry();
  assert.equal(at, bytes.length);
  return found.every(Number.isNaN) ? [] : found;
}

test('a real GeoParquet file: properties and geometries', { skip }, async () => {
  const { source, store } = await read('geoparquet/examples/example.parquet');
  const table = unpack(source?.layers[0] as PackedLayer);
  const lines = readFileSync(join(fixtures, 'geoparquet/examples/example.csv'), 'utf8').trim().split('\n');
  assert.equal(table.rows, lines.length - 1);
  assert.deepEqual(table.columns['name']?.values, ['Fiji', 'Tanzania', 'W. Sahara', 'Canada', 'United States of America']);
  assert.equal(table.columns['bbox'], undefined);
  assert.equal(sum(table.columns['pop_est']?.values), sum(lines.slice(1).map((line) => line.split(',')[0])));
  assert.equal((table.columns['geometry']?.values as Uint8Array[]).reduce((all, one) => all + coordinates(one).length / 2, 0), (lines.slice(1).join('\n').match(/-?\d+(\.\d+)? -?\d+(\.\d+)?/g) ?? []).length);
  assert.deepEqual(table.issues.map(({ message }) => message), ["The file's coordinates are said to lie on the Earth; they are taken as pixels."]);
  assert.ok(store.asked.length < 12, String(store.asked.length));
});

test('SpatialData of both Zarr formats', { skip }, async () => {
  for (const folder of ['blobs.zarr', 'blobs_v3.zarr']) {
    const { source } = await read(`spatialdata/${folder}`);
    assert.equal(source?.kind, 'spatialdata', folder);
    assert.deepEqual(source.failures, []);
    assert.deepEqual(source.layers.map(({ name }) => name), ['shapes/blobs_circles', 'shapes/blobs_multipolygons', 'shapes/blobs_polygons', 'points/blobs_points', 'tables/table']);
    const [circles, multi, polygons, points, table] = source.layers.map(unpack);
    assert.deepEqual([circles?.rows, multi?.rows, polygons?.rows, points?.rows, table?.rows], [5, 2, 5, 200, 10]);
    assert.equal(circles?.columns['radius']?.part, 'radius');
    assert.equal(points?.columns['genes']?.part, 'label');
    assert.equal(points?.columns['instance_id']?.part, 'instance');
    assert.deepEqual(points?.space?.affine, [1, 0, 0, 0, 1, 0]);
    assert.equal(table?.columns['instance_id']?.part, 'instance');
    assert.deepEqual([...new Set(table?.columns['region']?.values)], ['blobs_labels']);
  }
});

test('one element of SpatialData by its own address', { skip }, async () => {
  const { source } = await read('spatialdata/blobs.zarr/shapes/blobs_circles');
  assert.deepEqual(source?.layers.map(({ name, rows }) => [name, rows]), [['blobs_circles', 5]]);
  assert.equal((await read('spatialdata/blobs_v3.zarr/points/blobs_points')).source?.layers[0]?.rows, 200);
});

test('transformations of SpatialData', () => {
  const axes = ['x', 'y'];
  const scale = { type: 'scale', scale: [2, 3] }, translation = { type: 'translation', translation: [10, 20] };
  const global = { output: { name: 'global' } };
  const space = (transformation: object): unknown => spaceOf({ axes, coordinateTransformations: [{ ...scale, output: { name: 'other' } }, { ...transformation, ...global }] }, null).affine;
  assert.deepEqual(space({ type: 'identity' }), [1, 0, 0, 0, 1, 0]);
  assert.deepEqual(space({ type: 'sequence', transformations: [scale, translation] }), [2, 0, 10, 0, 3, 20]);
  assert.deepEqual(space({ type: 'sequence', transformations: [translation, scale] }), [2, 0, 20, 0, 3, 60]);
  assert.deepEqual(space({ type: 'affine', affine: [[1, 2, 3], [4, 5, 6], [0, 0, 1]] }), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(spaceOf({ axes: ['c', 'y', 'x'], coordinateTransformations: [{ type: 'scale', scale: [1, 3, 2] }] }, null).affine, [2, 0, 0, 0, 3, 0]);
});

test('elements of SpatialData over an image that lies elsewhere in their system', () => {
  const to = (name: string): object => ({ output: { name, axes: [{ name: 'y' }, { name: 'x' }] } });
  const element = { axes: ['x', 'y'], coordinateTransformations: [{ type: 'scale', scale: [2, 2], ...to('global') }] };
  // A pixel of the image is 4 wide and 5 high there, and it begins at (100, 50).
  const image = {
    multiscales: [{
      axes: [{ name: 'c' }, { name: 'y' }, { name: 'x' }],
      coordinateTransformations: [{ type: 'sequence', transformations: [{ type: 'scale', scale: [1, 5, 4] }, { type: 'translation', translation: [0, 50, 100] }], ...to('global') }],
      datasets: [{ path: '0', coordinateTransformations: [{ type: 'scale', scale: [1, 1, 1] }] }],
    }],
  };
  const { affine = [] } = spaceOf(element, image);
  const [xx = 0, , x0 = 0, , yy = 0, y0 = 0] = affine;
  assert.deepEqual([xx, x0, yy, y0].map((value) => Math.round(value * 1e6) / 1e6), [0.5, -25, 0.4, -10]);
  // In another system than the element's: "global" is taken for pixels.
  const other = { multiscales: [{ ...image.multiscales[0], coordinateTransformations: [{ type: 'identity', ...to('other') }] }] };
  assert.deepEqual(spaceOf(element, other).affine, [2, 0, 0, 0, 2, 0]);
});

test('AnnData of every version', { skip }, async () => {
  for (const path of ['0.7/anndata-csc.zarr', '0.7/anndata-dense.zarr', '0.9/anndata-csr.zarr', '0.9/anndata-dense.zarr', '0.12/anndata-csc.zarr', '0.12/anndata-dense.zarr']) {
    const { source } = await read(`anndata/anndata-${path}`);
    assert.equal(source?.kind, 'anndata', path);
    const table = unpack(source.layers[0] as PackedLayer);
    assert.equal(table.rows, 3, path);
    assert.deepEqual(table.columns['observation']?.values, ['CTG', 'GCA', 'ACG'], path);
    assert.deepEqual(table.columns['leiden']?.values, ['1', '1', '2'], path);
    assert.deepEqual(table.issues, [], path);
  }
});

test('what is none of these', { skip }, async () => {
  assert.equal((await read('omezarr/v0.4_hcs.zarr')).source, null);
  assert.equal((await read('classlabels/bccd_boxes.csv')).source, null);
});

test('broken Parquet', async () => {
  const bytes = new TextEncoder().encode('PAR1 nothing PAR1');
  const store = new DiskStore('/nowhere/a.parquet', { '': bytes });
  await assert.rejects(readSource(store, null as unknown as ArrayDecoder), (error: SourceError) => {
    assert.match(error.message, /^Expected a Parquet file that can be read at a\.parquet, received one that cannot: /);
    return error.code === 'fix-data';
  });
  const secret = new DiskStore('/nowhere/b.parquet', { '': new TextEncoder().encode('PARE.........PARE') });
  await assert.rejects(readSource(secret, null as unknown as ArrayDecoder), /received an encrypted one/);
});

test('arrays: types, shards, missing chunks, texts of fixed length', { skip }, async () => {
  const raw = (values: ArrayLike<number>): Uint8Array<ArrayBuffer> => new Uint8Array(Float32Array.from(values).buffer);
  const v3 = (more: object): object => ({
    zarr_format: 3, node_type: 'array', shape: [3, 3], data_type: 'float32', fill_value: -1, attributes: {},
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [2, 2] } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    codecs: [{ name: 'bytes', configuration: { endian: 'little' } }], ...more,
  });
  const shard = new Uint8Array(16 + 16 * 4);
  shard.set(raw([1, 2, 3, 4]));
  new BigUint64Array(shard.buffer).set([0n, 16n, 0xffffffffffffffffn, 0xffffffffffffffffn, 0xffffffffffffffffn, 0xffffffffffffffffn, 0xffffffffffffffffn, 0xffffffffffffffffn], 2);
  const utf32 = new Uint8Array(Uint32Array.from([0x61, 0x62, 0, 0xb5, 0, 0]).buffer);
  const store = new DiskStore('/nowhere', {
    'a/zarr.json': json(v3({})), 'a/c/0/0': raw([1, 2, 4, 5]), 'a/c/1/1': raw([9, 0, 0, 0]),
    'b/zarr.json': json(v3({
      shape: [4, 4], chunk_grid: { name: 'regular', configuration: { chunk_shape: [4, 4] } },
      codecs: [{ name: 'sharding_indexed', configuration: { chunk_shape: [2, 2], codecs: [{ name: 'bytes', configuration: { endian: 'little' } }], index_codecs: [{ name: 'bytes', configuration: { endian: 'little' } }], index_location: 'end' } }],
    })), 'b/c/0/0': shard,
    'u/.zarray': json({ zarr_format: 2, shape: [2], chunks: [2], dtype: '<U3', compressor: null, filters: null, fill_value: '', order: 'C' }), 'u/0': utf32,
    'o/.zarray': json({ zarr_format: 2, shape: [2], chunks: [2], dtype: '|O', compressor: null, filters: [{ id: 'pickle' }], fill_value: null, order: 'C' }),
    'huge/.zarray': json({ zarr_format: 2, shape: [1e9], chunks: [2], dtype: '<f8', compressor: null, filters: null, fill_value: 0, order: 'C' }),
    'cut/.zarray': json({ zarr_format: 2, shape: [2], chunks: [2], dtype: '|O', compressor: null, filters: [{ id: 'vlen-utf8' }], fill_value: '', order: 'C' }), 'cut/0': Uint8Array.from([2, 0, 0, 0, 1, 0, 0, 0, 97, 9]),
  });
  const tree = new ZarrTree(store, await decoder());
  assert.deepEqual([...(await tree.array('a')).values], [1, 2, -1, 4, 5, -1, -1, -1, 9]);
  assert.deepEqual([...(await tree.array('b')).values], [1, 2, -1, -1, 3, 4, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1]);
  assert.deepEqual((await tree.array('u')).values, ['ab', 'µ']);
  await assert.rejects(tree.array('o'), { message: 'Expected numbers or texts (vlen-utf8, fixed UTF-32) in the array o, received the type "|O".' });
  await assert.rejects(tree.array('huge'), { code: 'limit' });
  await assert.rejects(tree.array('cut'), { message: 'Expected 2 texts in a chunk of cut, received 1: the chunk is cut off or damaged.' });
});

test('native geometries become WKB', () => {
  assert.deepEqual(coordinates(nativeGeometry('polygon', [[{ x: 1, y: 2 }, { x: 3, y: 4 }]]) as Uint8Array), [1, 2, 3, 4]);
  assert.deepEqual(coordinates(nativeGeometry('multipoint', [{ x: 1, y: 2 }, { x: 3, y: 4 }]) as Uint8Array), [1, 2, 3, 4]);
  assert.equal(nativeGeometry('point', null), null);
  assert.equal(nativeGeometry('polygon', 5), null);
});

test('columns of another length are refused', () => {
  assert.throws(() => new ColumnPack(2).add({ name: 'x', values: Float64Array.of(1) }), { message: 'Expected 2 values in the column “x”, received 1.' });
  assert.throws(() => new ColumnPack(-1), { code: 'limit' });
});

test('a folder per class is a table', () => {
  assert.equal(
    classFoldersTable(['train/mitotic/a.png', 'train/inter, phase/b.png', 'test/mitotic/c.tif', 'readme.txt', 'x/y.ome.zarr/0/1.png']),
    'file,class,split\ntrain/mitotic/a.png,mitotic,train\ntrain/inter, phase/b.png,"inter, phase",train\ntest/mitotic/c.tif,mitotic,test\n'.replace('train/inter, phase/b.png', '"train/inter, phase/b.png"'),
  );
  assert.equal(classFoldersTable(['images/a.png', 'images/b.png']), null);
  assert.equal(classFoldersTable(['train/a.png', 'test/b.png']), null);
});

test('shapes of SpatialData 0.1: arrays of coordinates and offsets', async () => {
  const little = (values: ArrayLike<number>): Uint8Array<ArrayBuffer> => new Uint8Array(Float64Array.from(values).buffer);
  const array = (shape: readonly number[]): Uint8Array<ArrayBuffer> => json({ zarr_format: 2, shape, chunks: shape, dtype: '<f8', compressor: null, filters: null, fill_value: 0, order: 'C' });
  const store = new DiskStore('/nowhere', {
    '.zattrs': json({ spatialdata_attrs: {} }), '.zmetadata': json({ metadata: { 'shapes/a/.zgroup': { zarr_format: 2 }, 'shapes/b/.zgroup': { zarr_format: 2 } } }),
    'shapes/a/.zattrs': json({ axes: ['x', 'y'], spatialdata_attrs: { geos: { name: 'POLYGON', type: 3 } }, coordinateTransformations: [{ type: 'scale', scale: [2, 2], output: { name: 'global' } }] }),
    'shapes/a/coords/.zarray': array([7, 2]), 'shapes/a/coords/0.0': little([0, 0, 4, 0, 4, 4, 10, 10, 12, 10, 12, 12, 10, 10]),
    'shapes/a/offset0/.zarray': array([3]), 'shapes/a/offset0/0': little([0, 3, 7]), 'shapes/a/offset1/.zarray': array([3]), 'shapes/a/offset1/0': little([0, 1, 2]),
    'shapes/b/.zattrs': json({ spatialdata_attrs: { geos: { name: 'CURVE', type: 9 } } }),
  });
  const plain = { registerArray: () => ({ id: 1, release() {} }), decode: async (_: unknown, bytes: Uint8Array) => ({ pixels: bytes.slice().buffer }) } as unknown as ArrayDecoder;
  const source = await readSource(store, plain);
  assert.equal(source?.kind, 'spatialdata');
  const shapes = unpack(source.layers[0] as PackedLayer);
  assert.deepEqual((shapes.columns['geometry']?.values as Uint8Array[]).map(coordinates), [[0, 0, 4, 0, 4, 4], [10, 10, 12, 10, 12, 12, 10, 10]]);
  assert.deepEqual(shapes.space?.affine, [2, 0, 0, 0, 2, 0]);
  assert.deepEqual(source.failures.map(({ message }) => message), [
    'shapes/b: Expected shapes.parquet, or arrays of points, polygons or multipolygons at shapes/b, received {"name":"CURVE","type":9}.',
  ]);
});
