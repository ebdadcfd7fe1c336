// Whole small Zarr arrays (v2, v3, sharded), decoded by the pool that decodes pixels. For tables and
// graphs, which are read as a whole; images are not.

import type { Store } from '../../stores/store.ts';
import type { DecoderPool } from '../../workers/pool.ts';
import { SourceError, type NumberArray } from './columns.ts';

export type ArrayDecoder = Pick<DecoderPool, 'registerArray' | 'decode' | 'decodeShardIndex'>;
export type JsonObject = { readonly [key: string]: unknown };

/** Elements of one array. */
export const kMostElements = 200_000_000;
/** Chunks of one array that are read at a time. */
const kAtOnce = 8;

export interface ZarrNode {
  readonly path: string;
  readonly kind: 'array' | 'group';
  readonly format: 2 | 3;
  readonly attributes: JsonObject;
  /** An array's .zarray or zarr.json. */
  readonly metadata: JsonObject;
}

export interface ZarrValues {
  readonly shape: readonly number[];
  /** In C order. float16 becomes float32, bool uint8. */
  readonly values: NumberArray | readonly string[];
  readonly boolean: boolean;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('/');
}

/** JSON as Python writes it, with bare NaN and Infinity outside of texts. */
function parseJson(bytes: Uint8Array, key: string): JsonObject {
  const text = new TextDecoder().decode(bytes);
  try {
    const value: unknown = JSON.parse(text.replace(/([:[,]\s*)(NaN|-?Infinity)(?=\s*[,\]}])/g, '$1"$2"'));
    if (isObject(value)) return value;
  } catch {
    // Told below.
  }
  throw new SourceError('fix-data', `Expected a JSON object in ${key}, received “${text.slice(0, 40)}”. Write the file again.`);
}

/** The groups and arrays of a store, their metadata read once. */
export class ZarrTree {
  readonly #nodes = new Map<string, Promise<ZarrNode | null>>();
  #consolidated: Promise<Map<string, JsonObject>> | null = null;

  constructor(
    readonly store: Store,
    readonly decoder: ArrayDecoder,
    readonly signal?: AbortSignal,
  ) {}

  /** The node at a path; null when none is there. Rejects with a SourceError when it cannot be told. */
  node(path: string): Promise<ZarrNode | null> {
    let node = this.#nodes.get(path);
    if (!node) this.#nodes.set(path, (node = this.#read(path)));
    return node;
  }

  async attributes(path: string): Promise<JsonObject> {
    return (await this.node(path))?.attributes ?? {};
  }

  /** Names of the nodes in a group, sorted; null where the store cannot list and nothing is consolidated. */
  async children(path: string): Promise<readonly string[] | null> {
    const found = new Set<string>();
    for (const key of (await this.#known()).keys()) {
      const rest = path === '' ? key : key.startsWith(`${path}/`) ? key.slice(path.length + 1) : '';
      const name = rest.split('/')[0];
      if (name && !name.startsWith('.z') && name !== 'zarr.json') found.add(name);
    }
    if (found.size > 0) return [...found].sort();
    const listing = await this.store.list?.(path, this.signal ? { signal: this.signal } : {});
    if (!listing?.found) return null;
    return listing.entries.filter(({ kind }) => kind === 'directory').map(({ name }) => name).sort();
  }

  /** A whole array; rejects with a SourceError. */
  async array(path: string): Promise<ZarrValues> {
    const node = await this.node(path);
    if (node?.kind !== 'array') {
      throw new SourceError('missing', `Expected a Zarr array at ${path}, received ${node ? 'a group' : 'nothing'}. The source is incomplete: write it again.`);
    }
    return new ArrayReader(this, node).read();
  }

  /** The bytes of a file; null when it is not there. */
  async file(key: string): Promise<Uint8Array | null> {
    const reply = await this.store.get(key, this.signal ? { signal: this.signal } : {});
    if (reply.found) return reply.bytes;
    if (reply.error.code === 'missing') return null;
    throw new SourceError(reply.error.code, reply.error.message);
  }

  async #read(path: string): Promise<ZarrNode | null> {
    const known = await this.#known();
    const get = async (name: string): Promise<JsonObject | null> => {
      const key = join(path, name);
      const there = known.get(key);
      if (there) return there;
      const bytes = await this.file(key);
      return bytes ? parseJson(bytes, key) : null;
    };
    const v3 = known.has(join(path, '.zgroup')) || known.has(join(path, '.zarray')) ? null : await get('zarr.json');
    if (v3) {
      const attributes = isObject(v3['attributes']) ? v3['attributes'] : {};
      return { path, kind: v3['node_type'] === 'array' ? 'array' : 'group', format: 3, attributes, metadata: v3 };
    }
    const [array, attributes] = await Promise.all([get('.zarray'), get('.zattrs')]);
    if (array) return { path, kind: 'array', format: 2, attributes: attributes ?? {}, metadata: array };
    const group = attributes ?? (await get('.zgroup'));
    return group ? { path, kind: 'group', format: 2, attributes: attributes ?? {}, metadata: {} } : null;
  }

  /** Consolidated metadata of the root: file → JSON; empty when there is none. */
  #known(): Promise<Map<string, JsonObject>> {
    this.#consolidated ??= (async () => {
      const known = new Map<string, JsonObject>();
      const add = (entries: unknown, suffix: string): void => {
        if (!isObject(entries)) return;
        for (const [key, value] of Object.entries(entries)) if (isObject(value)) known.set(join(key, suffix), value);
      };
      const v3 = await this.file('zarr.json');
      if (v3) {
        const root = parseJson(v3, 'zarr.json');
        known.set('zarr.json', root);
        if (isObject(root['consolidated_metadata'])) add(root['consolidated_metadata']['metadata'], 'zarr.json');
        return known;
      }
      const v2 = await this.file('.zmetadata');
      if (v2) add(parseJson(v2, '.zmetadata')['metadata'], '');
      return known;
    })();
    return this.#consolidated;
  }
}

interface Layout {
  readonly shape: readonly number[];
  /** Of a stored object. */
  readonly grid: readonly number[];
  /** Of what is decoded at once. */
  readonly chunk: readonly number[];
  readonly key: (index: readonly number[]) => string;
  readonly shard: { readonly indexBytes: number; readonly atStart: boolean } | null;
}

const kNames: Readonly<Record<string, string>> = {
  b1: 'bool', i1: 'int8', i2: 'int16', i4: 'int32', i8: 'int64', u1: 'uint8', u2: 'uint16', u4: 'uint32', u8: 'uint64', f2: 'float16', f4: 'float32', f8: 'float64',
};
const kArrays: Readonly<Record<string, (buffer: ArrayBuffer | number) => NumberArray>> = {
  bool: (b) => new Uint8Array(b as ArrayBuffer), int8: (b) => new Int8Array(b as ArrayBuffer), uint8: (b) => new Uint8Array(b as ArrayBuffer),
  int16: (b) => new Int16Array(b as ArrayBuffer), uint16: (b) => new Uint16Array(b as ArrayBuffer), int32: (b) => new Int32Array(b as ArrayBuffer),
  uint32: (b) => new Uint32Array(b as ArrayBuffer), int64: (b) => new BigInt64Array(b as ArrayBuffer), uint64: (b) => new BigUint64Array(b as ArrayBuffer),
  float16: (b) => new Uint16Array(b as ArrayBuffer), float32: (b) => new Float32Array(b as ArrayBuffer), float64: (b) => new Float64Array(b as ArrayBuffer),
};

class ArrayReader {
  readonly #metadata: JsonObject;

  constructor(
    private readonly tree: ZarrTree,
    private readonly node: ZarrNode,
  ) {
    this.#metadata = node.metadata;
  }

  async read(): Promise<ZarrValues> {
    const type = this.#type();
    if (type === 'text') return this.#readTexts();
    const units = /^utf32:(\d+)$/.exec(type);
    if (units) return this.#readFixed(Number(units[1]));
    const { shape, values } = await this.#readNumbers(type, this.#metadata, this.#layout());
    return { shape, values: type === 'float16' ? halves(values as Uint16Array) : values, boolean: type === 'bool' };
  }

  #fail(expected: string, received: string): SourceError {
    return new SourceError('unsupported', `Expected ${expected} in the array ${this.node.path}, received ${received}.`);
  }

  /** A name of kArrays, 'text', or 'utf32:<characters>'. */
  #type(): string {
    const given = this.node.format === 2 ? this.#metadata['dtype'] : this.#metadata['data_type'];
    const name = isObject(given) ? given['name'] : given;
    if (this.node.format === 2 && typeof name === 'string') {
      const fixed = /^[<>]U(\d+)$/.exec(name);
      if (fixed) return `utf32:${fixed[1]}`;
      const filters = this.#metadata['filters'];
      if (name === '|O' && Array.isArray(filters) && filters.some((one) => isObject(one) && one['id'] === 'vlen-utf8')) return 'text';
      const known = kNames[name.slice(1)];
      if (known) return known;
    } else if (typeof name === 'string') {
      if (name === 'string') return 'text';
      const bytes = isObject(given) && isObject(given['configuration']) ? given['configuration']['length_bytes'] : undefined;
      if (name === 'fixed_length_utf32' && typeof bytes === 'number') return `utf32:${bytes / 4}`;
      if (name in kArrays) return name;
    }
    throw this.#fail('numbers or texts (vlen-utf8, fixed UTF-32)', `the type ${JSON.stringify(given)}`);
  }

  #layout(): Layout {
    const metadata = this.#metadata;
    const numbers = (value: unknown): readonly number[] => {
      if (Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0)) return value as number[];
      throw this.#fail('a list of whole numbers', JSON.stringify(value)?.slice(0, 60) ?? 'nothing');
    };
    const shape = numbers(metadata['shape']);
    const total = shape.reduce((all, extent) => all * extent, 1);
    if (total > kMostElements) {
      throw new SourceError('limit', `Expected at most ${kMostElements} elements in the array ${this.node.path}, received ${total} (limit kMostElements).`);
    }
    if (this.node.format === 2) {
      const grid = numbers(metadata['chunks']);
      const separator = typeof metadata['dimension_separator'] === 'string' ? metadata['dimension_separator'] : '.';
      return this.#checked({ shape, grid, chunk: grid, key: (index) => index.join(separator) || '0', shard: null });
    }
    const gridSpec = metadata['chunk_grid'];
    const grid = numbers(isObject(gridSpec) && isObject(gridSpec['configuration']) ? gridSpec['configuration']['chunk_shape'] : null);
    const encoding = isObject(metadata['chunk_key_encoding']) ? metadata['chunk_key_encoding'] : {};
    const configuration = isObject(encoding['configuration']) ? encoding['configuration'] : {};
    const v2 = encoding['name'] === 'v2';
    const separator = typeof configuration['separator'] === 'string' ? configuration['separator'] : v2 ? '.' : '/';
    const key = (index: readonly number[]): string => (v2 ? index.join(separator) || '0' : ['c', ...index].join(separator));
    const codecs = Array.isArray(metadata['codecs']) ? (metadata['codecs'] as unknown[]) : [];
    const only = codecs.length === 1 && isObject(codecs[0]) && codecs[0]['name'] === 'sharding_indexed' ? codecs[0] : null;
    const sharding = only && isObject(only['configuration']) ? only['configuration'] : null;
    if (!sharding) return this.#checked({ shape, grid, chunk: grid, key, shard: null });
    const chunk = numbers(sharding['chunk_shape']);
    const count = chunk.reduce((all, extent, i) => all * Math.ceil((grid[i] ?? 0) / Math.max(1, extent)), 1);
    const crc = Array.isArray(sharding['index_codecs']) && sharding['index_codecs'].some((one: unknown) => isObject(one) && one['name'] === 'crc32c');
    return this.#checked({ shape, grid, chunk, key, shard: { indexBytes: count * 16 + (crc ? 4 : 0), atStart: sharding['index_location'] === 'start' } });
  }

  #checked(layout: Layout): Layout {
    const { shape, grid, chunk } = layout;
    if (grid.length === shape.length && chunk.length === shape.length && grid.every((extent) => extent > 0) && chunk.every((extent) => extent > 0)) return layout;
    throw this.#fail('chunks with an extent for every dimension', JSON.stringify(grid));
  }

  async #readNumbers(type: string, metadata: JsonObject, layout: Layout): Promise<{ shape: readonly number[]; values: NumberArray }> {
    const make = kArrays[type] as (buffer: ArrayBuffer | number) => NumberArray;
    const size = make(0).BYTES_PER_ELEMENT;
    const total = layout.shape.reduce((all, extent) => all * extent, 1);
    const values = make(new ArrayBuffer(total * size));
    fill(values, metadata['fill_value']);
    const handle = this.tree.decoder.registerArray(new TextEncoder().encode(JSON.stringify(metadata)), [], this.node.path);
    const signal = this.tree.signal;
    const bytes = new Uint8Array(values.buffer);
    const put = async (encoded: Uint8Array, begin: readonly number[]): Promise<void> => {
      const { pixels } = await this.tree.decoder.decode(handle, encoded, { signal });
      copyChunk(new Uint8Array(pixels), layout.chunk, bytes, layout.shape, begin, size);
    };
    try {
      await eachIndex(layout.shape, layout.grid, async (index) => {
        const object = await this.tree.file(join(this.node.path, layout.key(index)));
        if (!object) return;
        const begin = index.map((at, i) => at * (layout.grid[i] ?? 1));
        if (!layout.shard) return put(object, begin);
        const { indexBytes, atStart } = layout.shard;
        if (object.length < indexBytes) throw new SourceError('fix-data', `Expected a shard with an index of ${indexBytes} bytes in ${this.node.path}, received ${object.length} bytes.`);
        const table = await this.tree.decoder.decodeShardIndex(handle, atStart ? object.slice(0, indexBytes) : object.slice(object.length - indexBytes), { signal });
        let number = 0;
        for (const inner of indices(layout.grid, layout.chunk)) {
          const offset = Number(table[2 * number]), length = Number(table[2 * number + 1]);
          number += 1;
          if (table[2 * number - 2] === 0xffffffffffffffffn) continue;
          if (offset + length > object.length) throw new SourceError('fix-data', `Expected chunks inside a shard of ${object.length} bytes in ${this.node.path}, received one up to byte ${offset + length}.`);
          await put(object.slice(offset, offset + length), begin.map((at, i) => at + (inner[i] ?? 0) * (layout.chunk[i] ?? 1)));
        }
      });
    } finally {
      handle.release();
    }
    return { shape: layout.shape, values };
  }

  /** numpy's "U": so many UTF-32 characters each, as one more dimension. */
  async #readFixed(characters: number): Promise<ZarrValues> {
    const layout = this.#layout();
    const shape = [...layout.shape, characters], chunk = [...layout.chunk, characters];
    const metadata =
      this.node.format === 2
        ? { ...this.#metadata, shape, chunks: chunk, dtype: `${String(this.#metadata['dtype']).slice(0, 1)}u4`, fill_value: 0, dimension_separator: '.' }
        : { ...this.#metadata, shape, chunk_grid: { name: 'regular', configuration: { chunk_shape: chunk } }, data_type: 'uint32', fill_value: 0 };
    if (layout.shard) throw this.#fail('texts outside of shards', 'fixed-length texts in shards');
    const wide = { ...layout, shape, grid: [...layout.grid, characters], chunk, key: (index: readonly number[]) => layout.key(index.slice(0, -1)) };
    const { values } = await this.#readNumbers('uint32', metadata, wide);
    const texts: string[] = [];
    for (let at = 0; at < values.length; at += characters) {
      let text = '';
      for (let i = 0; i < characters; ++i) {
        const point = Number(values[at + i]);
        if (point > 0 && point <= 0x10ffff) text += String.fromCodePoint(point);
      }
      texts.push(text);
    }
    return { shape: layout.shape, values: texts, boolean: false };
  }

  async #readTexts(): Promise<ZarrValues> {
    const layout = this.#layout();
    if (layout.shape.length > 1) throw this.#fail('a list of texts', `${layout.shape.length} dimensions`);
    if (layout.shard) throw this.#fail('texts outside of shards', 'texts in shards');
    const length = layout.shape[0] ?? 1;
    const texts = new Array<string>(length).fill('');
    await eachIndex(layout.shape, layout.grid, async (index) => {
      const object = await this.tree.file(join(this.node.path, layout.key(index)));
      if (!object) return;
      const bytes = await this.#unpack(object);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const begin = (index[0] ?? 0) * (layout.grid[0] ?? 1);
      const count = bytes.length >= 4 ? view.getUint32(0, true) : 0;
      for (let i = 0, at = 4; i < count && begin + i < length; ++i) {
        const size = at + 4 <= bytes.length ? view.getUint32(at, true) : -1;
        if (size < 0 || at + 4 + size > bytes.length) {
          throw new SourceError('fix-data', `Expected ${count} texts in a chunk of ${this.node.path}, received ${i}: the chunk is cut off or damaged.`);
        }
        texts[begin + i] = new TextDecoder().decode(bytes.subarray(at + 4, at + 4 + size));
        at += 4 + size;
      }
    });
    return { shape: layout.shape, values: texts, boolean: false };
  }

  /**
   * Takes the compressor off a chunk of texts, whose size no metadata tells: compressors write it in
   * their headers, so that the chunk is decoded as that many bytes.
   */
  async #unpack(object: Uint8Array): Promise<Uint8Array> {
    const v2 = this.node.format === 2;
    const codecs = v2 ? [this.#metadata['compressor']] : ((this.#metadata['codecs'] as unknown[]) ?? []).slice(1);
    const known = codecs.filter((codec): codec is JsonObject => isObject(codec));
    const codec = known[0];
    if (!codec) return object;
    const name = String(codec[v2 ? 'id' : 'name']).replace(/^numcodecs\./, '');
    const size = unpackedSize(name, object);
    if (size === null || known.length > 1) throw this.#fail('texts packed by blosc, zstd, gzip or lz4', known.map((one) => String(one[v2 ? 'id' : 'name'])).join(' and '));
    const metadata = v2
      ? { zarr_format: 2, shape: [size], chunks: [size], dtype: '|u1', compressor: codec, filters: null, fill_value: 0, order: 'C' }
      : {
          zarr_format: 3, node_type: 'array', shape: [size], data_type: 'uint8', fill_value: 0,
          chunk_grid: { name: 'regular', configuration: { chunk_shape: [size] } },
          chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
          codecs: [{ name: 'bytes' }, codec],
        };
    const handle = this.tree.decoder.registerArray(new TextEncoder().encode(JSON.stringify(metadata)), [], this.node.path);
    try {
      const { pixels } = await this.tree.decoder.decode(handle, object, { signal: this.tree.signal });
      return new Uint8Array(pixels);
    } finally {
      handle.release();
    }
  }
}

/** How long the bytes become, as their compressor noted; null when it did not. */
function unpackedSize(codec: string, bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = ((): number | null => {
    if (codec === 'blosc') return bytes.length >= 16 ? view.getUint32(4, true) : null;
    if (codec === 'lz4') return bytes.length >= 4 ? view.getUint32(0, true) : null;
    if (codec === 'gzip') return bytes.length >= 18 ? view.getUint32(bytes.length - 4, true) : null;
    if (codec !== 'zstd' || bytes.length < 6 || view.getUint32(0, true) !== 0xfd2fb528) return null;
    // RFC 8878, 3.1.1.1: frame header.
    const descriptor = view.getUint8(4);
    const single = (descriptor >> 5) & 1;
    const at = 5 + (single ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0);
    const width = [single, 2, 4, 8][descriptor >> 6] ?? 0;
    if (at + width > bytes.length) return null;
    if (width === 1) return view.getUint8(at);
    if (width === 2) return view.getUint16(at, true) + 256;
    if (width === 4) return view.getUint32(at, true);
    return width === 8 ? Number(view.getBigUint64(at, true)) : null;
  })();
  return size !== null && size > 0 && size <= 1 << 30 ? size : null;
}

function fill(values: NumberArray, value: unknown): void {
  if (value === null || value === undefined || value === 0 || value === false) return;
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    if (typeof value === 'number' && Number.isInteger(value)) values.fill(BigInt(value));
  } else {
    values.fill(typeof value === 'boolean' ? 1 : Number(value));
  }
}

function halves(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, (half) => {
    const exponent = (half >> 10) & 31, fraction = half & 1023;
    const size = exponent === 31 ? (fraction ? NaN : Infinity) : exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
    return half & 0x8000 ? -size : size;
  });
}

/** All chunk indices, the last dimension fastest. */
function* indices(shape: readonly number[], chunk: readonly number[]): Generator<number[]> {
  const counts = shape.map((extent, i) => Math.ceil(extent / (chunk[i] ?? 1)));
  if (counts.some((count) => count === 0)) return;
  const index = counts.map(() => 0);
  for (;;) {
    yield [...index];
    let axis = counts.length - 1;
    for (; axis >= 0; --axis) {
      index[axis] = (index[axis] ?? 0) + 1;
      if ((index[axis] ?? 0) < (counts[axis] ?? 0)) break;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

async function eachIndex(shape: readonly number[], chunk: readonly number[], work: (index: readonly number[]) => Promise<void>): Promise<void> {
  const all = indices(shape, chunk);
  const lane = async (): Promise<void> => {
    for (let next = all.next(); !next.done; next = all.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: kAtOnce }, lane));
}

/** Copies the part of a chunk that lies inside the array. */
function copyChunk(from: Uint8Array, chunk: readonly number[], to: Uint8Array, shape: readonly number[], begin: readonly number[], size: number): void {
  const rank = shape.length;
  if (rank === 0) return to.set(from.subarray(0, size));
  const extents = chunk.map((extent, i) => Math.min(extent, (shape[i] ?? 0) - (begin[i] ?? 0)));
  if (extents.some((extent) => extent <= 0)) return;
  const run = (extents[rank - 1] ?? 0) * size;
  for (const index of indices(extents.slice(0, -1), extents.slice(0, -1).map(() => 1))) {
    let source = 0, target = 0;
    for (let axis = 0; axis < rank; ++axis) {
      const at = index[axis] ?? 0;
      source = source * (chunk[axis] ?? 1) + at;
      target = target * (shape[axis] ?? 1) + at + (begin[axis] ?? 0);
    }
    to.set(from.subarray(source * size, source * size + run), target * size);
  }
}
