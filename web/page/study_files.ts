// Where the metadata of the open image's study may be: at addresses that are named, beside the image on a
// server, or anywhere in a folder or zip that can list its files.

import { openSource } from '../stores/open.ts';
import type { Store } from '../stores/store.ts';
import type { MetadataFile } from '../validation/study_program.ts';

/** What an archive or a crate writer puts beside data; servers that list nothing are asked for it only. */
const kCrate = 'ro-crate-metadata.json';
const kMetadataName = /\.(ya?ml|json|jsonld|tsv|xlsx)$/i;
/** Folders of pixels: nothing of the study but a crate is in them. */
const kZarrFolder = /\.zarr$/i;
const kZarrFile = /^(zarr\.json|\.z(attrs|group|array|metadata))$/;
/** Documents of metadata are small, annotations may be large, and JSON too: in bytes. */
const kMostBytes = 16 << 20;
const kMostFiles = 200;
const kMostFolders = 400;
const kDeepest = 4;

export interface FoundFiles {
  readonly files: readonly MetadataFile[];
  /** Of addresses that were named: what could not be read. */
  readonly problems: readonly string[];
}

function lastPart(address: string): string {
  return address.replace(/[?#].*$/, '').replace(/\/+$/, '').split('/').pop() || address;
}

/** Two files of one name, from two folders, are two files. */
function named(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let i = 2; taken.has(free); ++i) free = name.replace(/(\.[^.]*)?$/, ` (${i})$1`);
  return free;
}

/** The files at addresses that somebody named. */
export async function namedFiles(addresses: readonly string[], base: string): Promise<FoundFiles> {
  const replies = await Promise.all(addresses.map((address) => openSource(address, { base }).get('')));
  const files: MetadataFile[] = [];
  const problems: string[] = [];
  const names = new Set<string>();
  replies.forEach((reply, i) => {
    if (!reply.found) return problems.push(reply.error.message);
    const name = named(lastPart(addresses[i] ?? ''), names);
    names.add(name);
    return files.push({ name, bytes: reply.bytes });
  });
  return { files, problems };
}

/** Crates in the dataset's folder and in the one around it: names that can be asked for unseen. */
export async function filesBeside(source: string, base: string): Promise<MetadataFile[]> {
  const store = openSource(source, { base });
  if (store.list) {
    const listed = await filesIn(store);
    if (listed.length > 0) return listed;
  }
  let around: URL | null = null;
  try {
    around = new URL(source, base);
    around.pathname = `${around.pathname.replace(/\/+$/, '').replace(/\/[^/]*$/, '')}/${kCrate}`;
  } catch {
    around = null;
  }
  const within = await store.get(kCrate);
  if (within.found) return [{ name: kCrate, bytes: within.bytes }];
  if (!around || !/^https?:$/.test(around.protocol) || source.includes('|')) return [];
  const beside = await openSource(around.href).get('');
  return beside.found ? [{ name: kCrate, bytes: beside.bytes }] : [];
}

/** What may be metadata in a store that lists its files: nearest to the root first. */
export async function filesIn(store: Store): Promise<MetadataFile[]> {
  const found: string[] = [];
  let folders = [''];
  let looked = 0;
  for (let depth = 0; depth <= kDeepest && folders.length > 0 && found.length < kMostFiles; ++depth) {
    const below: string[] = [];
    for (const folder of folders) {
      if (++looked > kMostFolders || found.length >= kMostFiles) break;
      const listing = await store.list?.(folder);
      if (!listing?.found) continue;
      const names = listing.entries.map(({ name }) => name);
      const pixels = kZarrFolder.test(folder) || names.some((name) => kZarrFile.test(name));
      for (const { name, kind, size = 0 } of listing.entries) {
        const path = folder === '' ? name : `${folder}/${name}`;
        if (kind === 'directory') {
          if (!pixels) below.push(path);
        } else if (size <= kMostBytes && (name === kCrate || (!pixels && kMetadataName.test(name)))) {
          found.push(path);
        }
      }
    }
    folders = below;
  }
  const files: MetadataFile[] = [];
  for (const name of found.slice(0, kMostFiles)) {
    const reply = await store.get(name, { range: { offset: 0, length: kMostBytes } });
    if (reply.found && (reply.total ?? 0) <= kMostBytes) files.push({ name, bytes: reply.bytes });
  }
  return files;
}

/** Of a file that was dropped by itself: whether it is metadata rather than annotations. */
export async function looksLikeMetadata(file: File): Promise<boolean> {
  // No annotations are kept in spreadsheets.
  if (file.name === kCrate || /\.(jsonld|xlsx)$/i.test(file.name)) return true;
  if (!/\.(ya?ml|json|tsv)$/i.test(file.name) || file.size > kMostBytes) return false;
  const head = await file.slice(0, 65_536).text();
  if (/\.ya?ml$/i.test(file.name)) return /^(study|annotations|version|biosamples|specimens|study_component|annotation_overview|title|license)\s*:/m.test(head);
  if (/\.tsv$/i.test(file.name)) return /^\uFEFF?(Submission\t|Files\t)/.test(head);
  return /"(accno|biosamples|study_component|annotation_overview|annotation_method)"\s*:|"@context"\s*:/.test(head);
}
