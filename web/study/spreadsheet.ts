// The XML files in an XLSX, for the reader of file lists.

import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';

/** Of all of them unpacked; src/mifa takes no more. */
const kMostBytes = 64 * 1024 * 1024;

/** Rejects with what is wrong with the zip. */
export async function unzipped(bytes: Uint8Array<ArrayBuffer>): Promise<{ readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }[]> {
  const zip = new ZipReader(new Uint8ArrayReader(bytes), { useWebWorkers: false });
  const members = [];
  let total = 0;
  for (const entry of await zip.getEntries()) {
    if (entry.directory || !/\.(xml|rels)$/.test(entry.filename)) continue;
    total += entry.uncompressedSize;
    if (total > kMostBytes) throw new Error(`Expected a spreadsheet of at most ${kMostBytes >> 20} MiB unpacked, received more. Save the list as TSV.`);
    members.push({ name: entry.filename, bytes: (await entry.getData(new Uint8ArrayWriter())) as Uint8Array<ArrayBuffer> });
  }
  return members;
}
