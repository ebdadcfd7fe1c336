// What files from this computer are, over an image that is open: the next image, annotations to be laid
// over it, or pictures that can be either.

import { classFoldersTable } from '../annotations/sources/class_folders.ts';
import type { Dropped } from '../stores/dropped.ts';
import { EntryFolder, fileOfEntry, type Folder } from '../stores/folders.ts';
import type { Answer } from './mask_question.ts';

export { askAboutPictures } from './mask_question.ts';

export type DroppedKind = 'image' | 'annotation' | 'either';

const kImageZip = /\.ozx$/i;
const kZip = /\.zip$/i;
/** As images they are a picture; over an image, a mask. */
const kPicture = /\.(ome\.)?(tiff?|png)(\.gz)?$/i;
const kAnnotation = /\.(geo)?json(l|seq)?(\.gz)?$|\.(ndjson|csv|tsv|txt|xml|ome|roi|star|ya?ml|(geo)?parquet)(\.gz)?$/i;
const kTrackFile = /^(man|res)_track\.txt$/i;
/** Files of an image's metadata: whoever drops one of these means the image. */
const kPartOfZarr = /^(zarr\.json|\.z\w+)$/i;
/** The end of a zip lists its members. */
const kListing = 65_536;

/** Files of a folder that are looked at for what their folders say, and how deep. */
const kMostFiles = 50_000;
const kDeepest = 5;

/** Paths of a folder's files; those within an image's own folder are left out. null: too many, or it is an image. */
async function filesWithin(root: Folder): Promise<string[] | null> {
  const paths: string[] = [];
  const walk = async (folder: Folder, path: string, depth: number): Promise<boolean> => {
    for await (const { name, kind } of folder.entries()) {
      if (kind === 'file') {
        if (kPartOfZarr.test(name)) return false;
        if (paths.push(path + name) > kMostFiles) return false;
      } else if (!/\.zarr$/i.test(name) && depth < kDeepest) {
        const inner = await folder.folder(name);
        if (inner && !(await walk(inner, `${path}${name}/`, depth + 1))) return false;
      }
    }
    return true;
  };
  return (await walk(root, '', 1).catch(() => false)) ? paths : null;
}

interface ClassFolders {
  /** A table of the images and their folders' names. */
  readonly table: File;
  /** The first image, to be looked at where none is open. */
  readonly first: File | null;
}

/** A folder of one folder per class; null: it is none. */
export async function classFolders(folder: Folder): Promise<ClassFolders | null> {
  const paths = await filesWithin(folder);
  const table = paths && classFoldersTable(paths);
  if (!paths || !table) return null;
  const first = table.split('\n')[1] ?? '';
  const path = paths.find((each) => first.startsWith(each) || first.startsWith(`"${each}`));
  const names = path?.split('/') ?? [];
  const name = names.pop();
  let inner: Folder | null = folder;
  for (const each of names) inner = (await inner?.folder(each)) ?? null;
  const file = name === undefined ? null : ((await inner?.file(name)) ?? null);
  return { table: new File([table], `${folder.name} classes.csv`, { type: 'text/csv' }), first: file };
}

/** The files of a folder as the Cell Tracking Challenge has it: tracks, and the masks that they stand in; null: it is none. */
async function trackFolder(folder: Folder): Promise<File[] | null> {
  const names: string[] = [];
  try {
    for await (const { name, kind } of folder.entries()) {
      if (kind === 'file' && (kTrackFile.test(name) || /\d+\.tiff?$/i.test(name)) && names.push(name) > kMostFiles) return null;
    }
    if (!names.some((name) => kTrackFile.test(name))) return null;
    return (await Promise.all(names.map((name) => folder.file(name)))).filter((file) => file !== null);
  } catch {
    return null;
  }
}

/** Whether a zip's members are ImageJ's ROIs rather than an image's chunks. */
async function holdsRois(file: Blob): Promise<boolean> {
  try {
    const end = new Uint8Array(await file.slice(Math.max(0, file.size - kListing)).arrayBuffer());
    const text = new TextDecoder('latin1').decode(end);
    return text.includes('.roi') && !/zarr\.json|\.zarray|\.zattrs/.test(text);
  } catch {
    return false;
  }
}

export async function kindOfFile(file: File): Promise<DroppedKind> {
  const { name } = file;
  if (kImageZip.test(name) || kPartOfZarr.test(name)) return 'image';
  if (kZip.test(name)) return (await holdsRois(file)) ? 'annotation' : 'image';
  if (kPicture.test(name)) return 'either';
  if (kAnnotation.test(name)) return 'annotation';
  return 'image';
}

/** What a drop becomes: an image to open, and what is to be laid over it, or over the one that is open. */
export interface SortedDrop {
  readonly image: Dropped | null;
  readonly overlays: readonly File[];
}

/** `isOpen`: an image is open. `ask` is asked about pictures that can be a mask or the next image. */
export async function sortDrop(dropped: Dropped, isOpen: boolean, ask: (names: readonly string[]) => Promise<Answer>): Promise<SortedDrop> {
  const files = await Promise.all(dropped.files.map((file) => (file instanceof File ? file : fileOfEntry(file))));
  const kinds = await Promise.all(files.map(kindOfFile));
  const of = (kind: DroppedKind): File[] => files.filter((_, i) => kinds[i] === kind);
  const [images, annotations, either] = [of('image'), of('annotation'), of('either')];
  const image = (own: readonly File[]): Dropped => ({ folders: dropped.folders, files: own, address: '' });
  const [folder] = dropped.folders;
  if (folder && dropped.folders.length === 1 && images.length === 0) {
    const tracks = isOpen ? await trackFolder(new EntryFolder(folder)) : null;
    if (tracks) return { image: null, overlays: [...annotations, ...tracks] };
    const classes = await classFolders(new EntryFolder(folder));
    if (classes) {
      const overlays = [...annotations, classes.table];
      return isOpen || !classes.first ? { image: null, overlays } : { image: { folders: [], files: [classes.first], address: '' }, overlays };
    }
  }
  if (images.length > 0 || dropped.folders.length > 0) return { image: image(images), overlays: [...annotations, ...either] };
  if (either.length === 0) return { image: null, overlays: annotations };
  if (!isOpen) return { image: image(either), overlays: annotations };
  // The Cell Tracking Challenge's tracks stand in the masks beside them: nobody needs to be asked.
  if (annotations.some(({ name }) => kTrackFile.test(name))) return { image: null, overlays: [...annotations, ...either] };
  const answer = await ask(either.map(({ name }) => name));
  if (answer === 'instead') return { image: image(either), overlays: annotations };
  return { image: null, overlays: answer === 'over' ? [...annotations, ...either] : annotations };
}
