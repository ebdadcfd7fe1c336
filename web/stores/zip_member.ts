// One file of a zip: where its bytes are, and how they become what was zipped.

import { hashOf, kLocalHeaderBytes, type Member } from './zip_directory.ts';
import type { StoreError } from './store.ts';

const kLocalHeaderSignature = 0x04034b50;
const kStored = 0;
const kDeflated = 8;
const kUnknown32 = 0xffffffff;

const kMethods: Readonly<Record<number, string>> = {
  1: 'shrink', 6: 'implode', 9: 'deflate64', 12: 'bzip2', 14: 'LZMA', 93: 'zstd', 95: 'xz', 98: 'PPMd',
};

export function damaged(url: string, message: string): StoreError {
  return { code: 'fix-data', status: 0, url, message };
}

/** What is wrong with a file as the directory has it; null if it can be read. `end`: the zip's size. */
export function refused(member: Member, url: string, end: number, maxBytes: number): StoreError | null {
  const { stored, size, method } = member;
  if (member.encrypted) {
    return damaged(url, `Expected ${url} without a password, received an encrypted file. Zip the image again without encryption.`);
  }
  if (method !== kStored && method !== kDeflated) {
    const name = kMethods[method];
    return damaged(url, `Expected ${url} stored or deflated, received compression method ${method}${name ? ` (${name})` : ''}. Zip the image again without compression: “zip -0 -r image.ozx .”.`);
  }
  if (member.offset + kLocalHeaderBytes + stored > end) {
    return damaged(url, `Expected ${url} inside the zip of ${end} bytes, received offset ${member.offset} and ${stored} bytes in its directory. The zip is cut off or its directory damaged: upload it again.`);
  }
  if (member.overlaps) {
    return damaged(url, `Expected ${url} in bytes of its own, received a place in the zip that it shares with another file. The directory of the zip is damaged or made to mislead: write the zip again.`);
  }
  if (method === kStored && stored !== size) {
    return damaged(url, `Expected ${url}, which is stored without compression, to have one size, received ${stored} bytes stored and ${size} bytes unpacked. The directory of the zip is damaged: write it again.`);
  }
  if (size > maxBytes) {
    return { code: 'limit', status: 0, url, message: `Expected at most ${maxBytes} bytes (limit maxMemberBytes) in ${url}, received ${size}. The data needs smaller chunks to be shown in a browser.` };
  }
  return null;
}

export function isStored(member: Member): boolean {
  return member.method === kStored;
}

/**
 * How many bytes lie between the start of the local header and the data, or why the header cannot be
 * that of this file. `bytes` begin with the header and hold at least kLocalHeaderBytes.
 */
export function headerLength(member: Member, bytes: Uint8Array, url: string): number | StoreError {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const differs = (what: string, expected: unknown, received: unknown): StoreError =>
    damaged(url, `Expected ${what} ${String(expected)} at byte ${member.offset} of the zip, where its directory has ${url}; received ${String(received)}. The zip is damaged or made to mislead: write it again.`);
  if (bytes.length < kLocalHeaderBytes) return differs('a header of', kLocalHeaderBytes, `${bytes.length} bytes`);
  const signature = view.getUint32(0, true);
  if (signature !== kLocalHeaderSignature) {
    return differs('the signature', hex(kLocalHeaderSignature), hex(signature));
  }
  const method = view.getUint16(8, true);
  if (method !== member.method) return differs('compression method', member.method, method);
  const flags = view.getUint16(6, true);
  if ((flags & 1) !== 0) return differs('no encryption', '(bit 0)', 'an encrypted file');
  // Writers that stream leave the sizes to a record after the data (bit 3), zip64 to an extra field.
  const stored = view.getUint32(18, true);
  if ((flags & 8) === 0 && stored !== kUnknown32 && stored !== member.stored) {
    return differs('a size of', member.stored, stored);
  }
  const nameBytes = view.getUint16(26, true);
  const name = bytes.subarray(kLocalHeaderBytes, kLocalHeaderBytes + nameBytes);
  const sameName = name.length < nameBytes || hashOf(name) === member.nameHash;
  if (nameBytes !== member.nameBytes || !sameName) {
    return differs('the name', JSON.stringify(member.name), JSON.stringify(new TextDecoder().decode(name.subarray(0, 80))));
  }
  const length = kLocalHeaderBytes + nameBytes + view.getUint16(28, true);
  if (member.offset + length + member.stored > member.limit) {
    return damaged(url, `Expected ${url} to end before the next file of the zip (byte ${member.limit}), received a header of ${length} bytes and ${member.stored} bytes of data at byte ${member.offset}. The zip is damaged: write it again.`);
  }
  return length;
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}

/** Unpacks a deflated file of exactly `size` bytes: never a byte more, whatever the data want. */
export async function inflate(
  packed: Uint8Array<ArrayBuffer>,
  size: number,
  url: string,
): Promise<Uint8Array<ArrayBuffer> | StoreError> {
  let inflater: DecompressionStream;
  try {
    inflater = new DecompressionStream('deflate-raw');
  } catch {
    return damaged(url, `Expected a browser that inflates ${url} (deflate-raw), received an older one. Use a current one, or zip the image without compression: “zip -0 -r image.ozx .”.`);
  }
  const reader = new Blob([packed]).stream().pipeThrough(inflater).getReader();
  // Made as the data come: a directory may promise gigabytes that are not there.
  let bytes = new Uint8Array(Math.min(size, 4 * packed.length + 1024));
  let at = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (at + value.length > size) {
        void reader.cancel().catch(() => undefined);
        return damaged(url, `Expected ${size} bytes in ${url}, as the zip's directory says, received more. The zip is damaged, or made to fill the memory: write it again.`);
      }
      if (at + value.length > bytes.length) {
        const larger = new Uint8Array(Math.min(size, Math.max(2 * bytes.length, at + value.length)));
        larger.set(bytes.subarray(0, at));
        bytes = larger;
      }
      bytes.set(value, at);
      at += value.length;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return damaged(url, `Expected deflated data in ${url}, received something else (${reason}). The zip is damaged: write or upload it again.`);
  }
  if (at !== size) {
    return damaged(url, `Expected ${size} bytes in ${url}, as the zip's directory says, received ${at}. The zip is damaged: write or upload it again.`);
  }
  return bytes.length === size ? bytes : bytes.slice(0, size);
}

/** CRC-32 of a whole file against the directory's; null if it fits. */
export function checksumError(member: Member, bytes: Uint8Array, url: string): StoreError | null {
  const received = crc32(bytes);
  if (received === member.crc >>> 0) return null;
  return damaged(url, `Expected the checksum ${hex(member.crc >>> 0)} of ${url}, received ${hex(received)}. The file is damaged inside the zip: download or write it again.`);
}

let tables: Uint32Array | null = null;

/** Four tables: four bytes at a time. */
function crcTables(): Uint32Array {
  const made = new Uint32Array(1024);
  for (let i = 0; i < 256; ++i) {
    let crc = i;
    for (let bit = 0; bit < 8; ++bit) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    made[i] = crc;
  }
  for (let i = 256; i < 1024; ++i) {
    const before = made[i - 256] ?? 0;
    made[i] = (before >>> 8) ^ (made[before & 255] ?? 0);
  }
  return made;
}

/** The CRC-32 that zip files use (ISO 3309, polynomial 0xedb88320). */
export function crc32(bytes: Uint8Array): number {
  const table = (tables ??= crcTables());
  const at = (place: number): number => table[place] as number;
  let crc = -1;
  let i = 0;
  for (const end = bytes.length - 3; i < end; i += 4) {
    crc ^= (bytes[i] as number) | ((bytes[i + 1] as number) << 8) | ((bytes[i + 2] as number) << 16) | ((bytes[i + 3] as number) << 24);
    crc = at(768 + (crc & 255)) ^ at(512 + ((crc >>> 8) & 255)) ^ at(256 + ((crc >>> 16) & 255)) ^ at(crc >>> 24);
  }
  for (; i < bytes.length; ++i) crc = at((crc ^ (bytes[i] as number)) & 255) ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}
