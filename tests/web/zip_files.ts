// Zips written byte by byte, so that each can be wrong in the one way a test needs.

import { deflateRawSync } from 'node:zlib';
import { crc32 } from '../../web/stores/zip_member.ts';
import type { Files } from './datasets.ts';

export interface ZipFile {
  readonly name: string;
  readonly data: Uint8Array | string;
  readonly deflate?: boolean;
  /** What the directory says in place of the truth. */
  readonly said?: Partial<Record<'offset' | 'stored' | 'size' | 'crc' | 'method' | 'flags', number>>;
  /** What the local header says in place of the truth. */
  readonly local?: Partial<Record<'signature' | 'stored' | 'method' | 'flags', number>> & { readonly name?: string };
  /** Bytes of the local header's extra field. */
  readonly extra?: number;
}

export interface ZipShape {
  readonly zip64?: boolean;
  readonly comment?: string;
  /** What the end record says in place of the truth. */
  readonly end?: Partial<Record<'entries' | 'directoryBytes' | 'directoryOffset' | 'disk', number>>;
  /** Before the first file: a self-extracting zip's program. */
  readonly before?: number;
}

class Bytes {
  readonly #parts: Uint8Array[] = [];
  size = 0;

  put(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.size += bytes.length;
    return this;
  }

  /** Little endian: pairs of width in bytes and value. */
  numbers(...pairs: readonly (readonly [number, number])[]): this {
    const bytes = new Uint8Array(pairs.reduce((sum, [width]) => sum + width, 0));
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (const [width, value] of pairs) {
      if (width === 2) view.setUint16(at, value & 0xffff, true);
      else if (width === 4) view.setUint32(at, value >>> 0, true);
      else view.setBigUint64(at, BigInt(value), true);
      at += width;
    }
    return this.put(bytes);
  }

  whole(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.size);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const kUtf8Names = 0x800;

export function zipOf(files: readonly ZipFile[], shape: ZipShape = {}): Uint8Array<ArrayBuffer> {
  const out = new Bytes().put(new Uint8Array(shape.before ?? 0));
  const directory = new Bytes();
  for (const file of files) {
    const data = typeof file.data === 'string' ? utf8(file.data) : file.data;
    const packed = file.deflate ? deflateRawSync(data) : data;
    const name = utf8(file.name);
    const truth = {
      offset: out.size,
      stored: packed.length,
      size: data.length,
      crc: crc32(data),
      method: file.deflate ? 8 : 0,
      flags: kUtf8Names,
      ...file.said,
    };
    const localName = utf8(file.local?.name ?? file.name);
    const extra = file.extra ?? (shape.zip64 ? 20 : 0);
    const local = { signature: 0x04034b50, stored: packed.length, method: file.deflate ? 8 : 0, flags: kUtf8Names, ...file.local };
    out
      .numbers([4, local.signature], [2, 45], [2, local.flags], [2, local.method], [4, 0], [4, truth.crc],
        [4, shape.zip64 ? 0xffffffff : local.stored], [4, shape.zip64 ? 0xffffffff : data.length], [2, localName.length], [2, extra])
      .put(localName);
    if (shape.zip64) out.numbers([2, 1], [2, 16], [8, data.length], [8, local.stored]).put(new Uint8Array(extra - 20));
    else out.put(new Uint8Array(extra));
    out.put(packed);
    directory
      .numbers([4, 0x02014b50], [2, 45], [2, 45], [2, truth.flags], [2, truth.method], [4, 0], [4, truth.crc],
        [4, shape.zip64 ? 0xffffffff : truth.stored], [4, shape.zip64 ? 0xffffffff : truth.size], [2, name.length], [2, shape.zip64 ? 28 : 0],
        [2, 0], [2, 0], [2, 0], [4, 0], [4, shape.zip64 ? 0xffffffff : truth.offset])
      .put(name);
    if (shape.zip64) directory.numbers([2, 1], [2, 24], [8, truth.size], [8, truth.stored], [8, truth.offset]);
  }
  const end = { entries: files.length, directoryBytes: directory.size, directoryOffset: out.size, disk: 0, ...shape.end };
  out.put(directory.whole());
  if (shape.zip64) {
    const at = out.size;
    out.numbers([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, end.disk], [4, end.disk], [8, end.entries], [8, end.entries],
      [8, end.directoryBytes], [8, end.directoryOffset]);
    out.numbers([4, 0x07064b50], [4, 0], [8, at], [4, 1]);
  }
  const [most16, most32] = shape.zip64 ? [0xffff, 0xffffffff] : [undefined, undefined];
  const comment = utf8(shape.comment ?? '');
  out
    .numbers([4, 0x06054b50], [2, end.disk], [2, end.disk], [2, most16 ?? end.entries], [2, most16 ?? end.entries],
      [4, most32 ?? end.directoryBytes], [4, most32 ?? end.directoryOffset], [2, comment.length])
    .put(comment);
  return out.whole();
}

export function zipOfFiles(files: Files | ReadonlyMap<string, Uint8Array | string>, options: Pick<ZipFile, 'deflate'> & ZipShape = {}): Uint8Array<ArrayBuffer> {
  const { deflate = false, ...shape } = options;
  return zipOf([...files].map(([name, data]) => ({ name, data, deflate })), shape);
}
