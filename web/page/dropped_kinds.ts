// What files from this computer are, over an image that is open: the next image, annotations to be laid
// over it, or pictures that can be either.

import type { Dropped } from '../stores/dropped.ts';
import { fileOfEntry } from '../stores/folders.ts';
import type { Answer } from './mask_question.ts';

export { askAboutPictures } from './mask_question.ts';

export type DroppedKind = 'image' | 'annotation' | 'either';

const kImageZip = /\.ozx$/i;
const kZip = /\.zip$/i;
/** As images they are a picture; over an image, a mask. */
const kPicture = /\.(ome\.)?(tiff?|png)(\.gz)?$/i;
const kAnnotation = /\.(geo)?json(l|seq)?(\.gz)?$|\.(ndjson|csv|tsv|txt|xml|ome|roi|star|ya?ml|(geo)?parquet)(\.gz)?$/i;
/** Files of an image's metadata: whoever drops one of these means the image. */
const kPartOfZarr = /^(zarr\.json|\.z\w+)$/i;
/** The end of a zip lists its members. */
const kListing = 65_536;

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
  if (images.length > 0 || dropped.folders.length > 0) return { image: image(images), overlays: [...annotations, ...either] };
  if (either.length === 0) return { image: null, overlays: annotations };
  if (!isOpen) return { image: image(either), overlays: annotations };
  const answer = await ask(either.map(({ name }) => name));
  if (answer === 'instead') return { image: image(either), overlays: annotations };
  return { image: null, overlays: answer === 'over' ? [...annotations, ...either] : annotations };
}
