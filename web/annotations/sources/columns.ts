// Columns that were read here (Parquet, GEFF, SpatialData, AnnData), packed for the worker that holds
// annotation layers. src/annotation/columnar.h has the form; it is opened as any annotation file is.

import type { StoreError } from '../../stores/store.ts';

export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** Values of all rows. Texts and geometries: null where there is none; numbers: see Column.valid. */
export type ColumnValues = NumberArray | readonly (string | null)[];

export interface Column {
  readonly name: string;
  readonly values: ColumnValues;
  readonly unit?: string;
  /** A part of kTableParts, "geometry" or "radius". */
  readonly part?: string;
  /** One byte a row, 0 where there is no value. */
  readonly valid?: Uint8Array | null;
  /** Numbers: they are true (1) or false (0). */
  readonly boolean?: boolean;
}

export interface SourceIssue {
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly file: string;
  readonly pointer?: string;
  readonly expected: string;
  readonly received: string;
  readonly fix: string;
}

export interface PackedSpace {
  readonly unit: 'pixel' | 'physical' | 'normalized';
  readonly unitName?: string;
  readonly corner?: boolean;
  readonly affine?: readonly number[];
  readonly depthIsPhysical?: boolean;
}

/** One layer's columns, to be opened like a file of this name with the format "columns". */
export interface PackedLayer {
  /** Relative to the source's place: "shapes/cells". */
  readonly name: string;
  /** "GEFF", "GeoParquet", … */
  readonly title: string;
  readonly rows: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Why a source cannot be read at all; codes as in src/core/result.h. */
export class SourceError extends Error {
  constructor(
    readonly code: StoreError['code'] | 'unsupported' | 'limit',
    message: string,
  ) {
    super(message);
    this.name = 'SourceError';
  }
}

/** Texts with at most so many different ones are kept once each. */
const kDictionary = 65_536;
const kMostRows = 500_000_000;

interface Section {
  readonly at: number;
  readonly bytes: number;
}

export class ColumnPack {
  readonly issues: SourceIssue[] = [];
  readonly #parts: Uint8Array[] = [];
  readonly #columns: object[] = [];
  #length = 0;
  #edges: object | null = null;

  constructor(readonly rows: number) {
    if (!Number.isSafeInteger(rows) || rows < 0 || rows > kMostRows) {
      throw new SourceError('limit', `Expected at most ${kMostRows} rows, received ${rows}.`);
    }
  }

  /** Throws a SourceError when the values are not as many as the rows. */
  add({ name, values, unit = '', part = '', valid, boolean = false }: Column): void {
    if (values.length !== this.rows) {
      throw new SourceError('fix-data', `Expected ${this.rows} values in the column “${name}”, received ${values.length}.`);
    }
    const more = { name, unit, part, ...(valid ? { valid: this.#section(valid) } : {}) };
    if (ArrayBuffer.isView(values)) {
      this.#columns.push({ ...more, type: boolean ? 'bool' : typeOf(values as NumberArray), data: this.#section(values as NumberArray) });
      return;
    }
    const { codes, texts } = dictionary(values as readonly (string | null)[]);
    if (texts) this.#columns.push({ ...more, type: 'category', data: this.#section(codes), texts });
    else this.#addBytes(more, 'text', (values as readonly (string | null)[]).map((text) => (text === null ? null : new TextEncoder().encode(text))));
  }

  /** Geometries as WKB; null where there is none. */
  addGeometry(name: string, values: readonly (Uint8Array | null)[]): void {
    if (values.length !== this.rows) {
      throw new SourceError('fix-data', `Expected ${this.rows} geometries in the column “${name}”, received ${values.length}.`);
    }
    this.#addBytes({ name, part: 'geometry' }, 'wkb', values);
  }

  /** Pairs of ids of the column with the part "id". */
  setEdges(pairs: BigInt64Array, noun = 'node'): void {
    this.#edges = { data: this.#section(pairs), noun };
  }

  pack(options: { space?: PackedSpace; recognise?: boolean; place?: readonly [string, string]; kind?: string } = {}): Uint8Array<ArrayBuffer> {
    const header = new TextEncoder().encode(
      JSON.stringify({
        rows: this.rows,
        columns: this.#columns,
        ...(this.#edges ? { edges: this.#edges } : {}),
        ...options,
        issues: this.issues,
      }),
    );
    const begin = aligned(16 + header.length);
    const file = new Uint8Array(begin + this.#length);
    file.set(new TextEncoder().encode('MIFACOL1'));
    new DataView(file.buffer).setUint32(8, header.length, true);
    file.set(header, 16);
    let at = begin;
    for (const part of this.#parts) {
      file.set(part, at);
      at += aligned(part.length);
    }
    return file;
  }

  #addBytes(more: object, type: string, values: readonly (Uint8Array | null)[]): void {
    const offsets = new Uint32Array(values.length + 1);
    let total = 0;
    values.forEach((value, i) => {
      total += value?.length ?? 0;
      if (total > 0xffffffff) throw new SourceError('limit', 'Expected at most 4 GiB in a column of texts or geometries, received more.');
      offsets[i + 1] = total;
    });
    const data = new Uint8Array(total);
    values.forEach((value, i) => value && data.set(value, offsets[i]));
    this.#columns.push({ ...more, type, data: this.#section(data), offsets: this.#section(offsets) });
  }

  #section(values: NumberArray): Section {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const at = this.#length;
    this.#parts.push(bytes);
    this.#length += aligned(bytes.length);
    return { at, bytes: bytes.length };
  }
}

function aligned(length: number): number {
  return Math.ceil(length / 8) * 8;
}

function typeOf(values: NumberArray): string {
  if (values instanceof Float32Array) return 'f4';
  if (values instanceof Float64Array) return 'f8';
  const signed = values instanceof Int8Array || values instanceof Int16Array || values instanceof Int32Array || values instanceof BigInt64Array;
  return `${signed ? 'i' : 'u'}${values.BYTES_PER_ELEMENT}`;
}

function dictionary(values: readonly (string | null)[]): { codes: Int32Array; texts: string[] | null } {
  const known = new Map<string, number>();
  const codes = new Int32Array(values.length);
  for (let i = 0; i < values.length; ++i) {
    const text = values[i];
    if (text === null || text === undefined) {
      codes[i] = -1;
      continue;
    }
    let code = known.get(text);
    if (code === undefined) {
      code = known.size;
      if (code >= kDictionary) return { codes, texts: null };
      known.set(text, code);
    }
    codes[i] = code;
  }
  return { codes, texts: [...known.keys()] };
}
