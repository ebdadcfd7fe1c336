// What files from this computer are, over an image that is open: the next image, annotations to be laid
// over it, or pictures that can be either.

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

export interface SortedFiles {
  readonly images: readonly File[];
  readonly annotations: readonly File[];
  readonly either: readonly File[];
}

export async function sortFiles(files: readonly File[]): Promise<SortedFiles> {
  const kinds = await Promise.all(files.map(kindOfFile));
  const of = (kind: DroppedKind): File[] => files.filter((_, i) => kinds[i] === kind);
  return { images: of('image'), annotations: of('annotation'), either: of('either') };
}
