// What people drop on a page, or choose in a dialog, as a store.

import { BlobStore } from './blob.ts';
import { DirectoryStore, openFolder } from './directory.ts';
import { EntryFolder, fileOfEntry, folderOfFiles, HandleFolder, KnownFolder } from './folders.ts';
import { kRasterName, openRaster, openZip, refusedStore } from './late.ts';
import type { Store } from './store.ts';

const kZip = /\.(zip|ozx)$/i;

/** What a drop held, taken from it while the event lasts: afterwards browsers take it back. */
export interface Dropped {
  readonly folders: readonly FileSystemDirectoryEntry[];
  readonly files: readonly (FileSystemFileEntry | File)[];
  /** An address that was dragged from another window. */
  readonly address: string;
}

function refused(name: string, message: string): Store {
  return refusedStore(name, { code: 'fix-data', status: 0, url: name, message });
}

/** One folder, one zip, or the parts of one folder. What is none of them gives a store that says so. */
export async function openDropped(dropped: Dropped): Promise<Store> {
  const { folders, files } = dropped;
  const [folder] = folders;
  const [file] = files;
  if (folder && folders.length === 1 && files.length === 0) return openFolder(new EntryFolder(folder));
  if (file && files.length === 1 && folders.length === 0) return openFile(await asFile(file));
  const all = await Promise.all(files.map(asFile));
  const zips = all.filter(({ name }) => kZip.test(name));
  if (zips.length > 1) {
    return refused('the drop', `Expected one folder or one zip file, received ${zips.length} zip files: ${zips.map(({ name }) => name).slice(0, 5).join(', ')}. Drop one of them.`);
  }
  if (folders.length === 0 && all.length === 0) {
    return refused('the drop', 'Expected a folder or a zip file, received nothing that can be read. Drop the image\'s folder from the file manager.');
  }
  const together = new KnownFolder(`${folders.length + all.length} dropped files and folders`);
  for (const entry of folders) together.add(entry.name, new EntryFolder(entry));
  for (const each of all) together.add(each.name, each);
  return openFolder(together);
}

function asFile(file: FileSystemFileEntry | File): Promise<File> {
  return file instanceof File ? Promise.resolve(file) : fileOfEntry(file);
}

/** A single file: a zip, whatever it is called, or nothing that can be shown. */
export async function openFile(file: File): Promise<Store> {
  const start = await firstBytes(file);
  const blob = new BlobStore(file, file.name);
  if (startsLikeZip(start)) return openZip(blob);
  if (startsLikeRaster(start)) return openRaster(blob);
  if (kZip.test(file.name)) return openZip(blob);
  if (kRasterName.test(file.name)) return openRaster(blob);
  const advice = /^(zarr\.json|\.z\w+)$/.test(file.name)
    ? `It is a part of an image: open the folder that holds ${file.name}.`
    : 'Other image formats can be made into OME-Zarr with bioformats2raw or ome-zarr-py.';
  return refused(file.name, `Expected an OME-Zarr folder, a zip file (.zip, .ozx) or an image file (TIFF, PNG, JPEG), received the file ${file.name}. ${advice}`);
}

/** Numbered files from so many on are time points of one mask. */
const kFewestTimes = 3;

/** Image files that are laid over another as labels; where that is a film, numbered ones as one over time, else each as its own. */
export async function openLabels(files: readonly File[], film: boolean): Promise<readonly { readonly name: string; readonly store: Store }[]> {
  const alone = (file: File): { readonly name: string; readonly store: Store } => ({ name: file.name, store: openRaster(new BlobStore(file, file.name), '', { labels: true }) });
  if (!film || files.length < kFewestTimes) return files.map(alone);
  const { numberedFiles, RasterStackStore } = await import('./raster.ts');
  const series = numberedFiles(files.map(({ name }) => name)).filter((set) => set.files.length >= kFewestTimes);
  const inSeries = new Set(series.flatMap((set) => set.files.map(([, name]) => name)));
  return [
    ...series.map((set) => {
      const folder = new KnownFolder('the drop');
      for (const file of files) if (set.files.some(([, name]) => name === file.name)) folder.add(file.name, file);
      return { name: set.pattern.replace('#', '*'), store: new RasterStackStore(new DirectoryStore(folder), set, { labels: true }) };
    }),
    ...files.filter(({ name }) => !inSeries.has(name)).map(alone),
  ];
}

/** Of a file that cannot be read, none: its store says why. */
async function firstBytes(file: File): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.slice(0, 8).arrayBuffer());
  } catch {
    return new Uint8Array(0);
  }
}

function startsLikeZip([p, k, a, b]: Uint8Array): boolean {
  return p === 0x50 && k === 0x4b && ((a === 3 && b === 4) || (a === 5 && b === 6));
}

/** TIFF and BigTIFF of either byte order, PNG, JPEG. */
function startsLikeRaster(bytes: Uint8Array): boolean {
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  return /^(II[*+]\0|MM\0[*+]|\x89PNG|\xff\xd8\xff)/.test(start);
}

/** What showDirectoryPicker() gave. */
export function openHandle(handle: FileSystemDirectoryHandle): Promise<Store> {
  return openFolder(new HandleFolder(handle));
}

/** All that was dropped, to be checked: not only the dataset in it. */
export async function openDroppedWhole(dropped: Dropped): Promise<Store> {
  const [folder] = dropped.folders;
  const [file] = dropped.files;
  if (folder && dropped.folders.length === 1 && dropped.files.length === 0) return new DirectoryStore(new EntryFolder(folder));
  if (file && dropped.files.length === 1 && dropped.folders.length === 0) {
    const only = await asFile(file);
    if (kZip.test(only.name) || startsLikeZip(await firstBytes(only))) return openFileWhole(only);
  }
  const together = new KnownFolder(`${dropped.folders.length + dropped.files.length} dropped files and folders`);
  for (const entry of dropped.folders) together.add(entry.name, new EntryFolder(entry));
  for (const each of await Promise.all(dropped.files.map(asFile))) together.add(each.name, each);
  return new DirectoryStore(together);
}

/** All that is in a zip, or the file alone. */
export async function openFileWhole(file: File): Promise<Store> {
  if (kZip.test(file.name) || startsLikeZip(await firstBytes(file))) return openZip(new BlobStore(file, file.name), '');
  const alone = new KnownFolder(file.name);
  alone.add(file.name, file);
  return new DirectoryStore(alone);
}

/** The whole folder that showDirectoryPicker() gave. */
export function openHandleWhole(handle: FileSystemDirectoryHandle): Promise<Store> {
  return Promise.resolve(new DirectoryStore(new HandleFolder(handle)));
}

/** The whole folder that <input type="file" webkitdirectory> was given. */
export async function openFileListWhole(files: Iterable<File>): Promise<Store> {
  return new DirectoryStore(await folderOfFiles(files));
}

/** What <input type="file" webkitdirectory> was given. */
export async function openFileList(files: Iterable<File>): Promise<Store> {
  return openFolder(await folderOfFiles(files));
}
