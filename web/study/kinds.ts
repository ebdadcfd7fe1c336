// What a file of a study is, as far as its path says.

export type PathKind =
  /** Opened as an image of its own. */
  | 'image'
  /** Pixels that are laid over an image. */
  | 'mask'
  /** Read by the annotation readers. */
  | 'shapes'
  /** An image format that is not read here. */
  | 'unread'
  | 'other';

const kRaster = /\.(ome\.)?(tiff?|btf|tf8|png|jpe?g|jpe)$/i;
const kZarr = /\.zarr\/?$/i;
const kZip = /\.(ozx|zarr\.zip)$/i;
const kShapes = /\.(geo)?json(l|seq|s)?(\.gz)?$|\.(ndjson|csv|tsv|txt|xml|ome|roi|star|swc|(geo)?parquet|geff)(\.gz)?\/?$|\.zip$/i;
const kUnread = /\.(czi|lif|nd2?|lsm|oi[bfr]|vsi|svs|ndpi|mrxs|scn|ims|dv|mrc|map|rec|st|h5|hdf5|n5|nii(\.gz)?|dcm|sld|flex|stk|bmp|gif|webp|npy|avi|mp4)$/i;
/** Zarr groups that hold shapes, points or graphs rather than pixels. */
const kShapeTypes: ReadonlySet<string> = new Set(['tracks', 'point_annotations', 'bounding_boxes', 'geometrical_annotations', 'counts', 'class_labels']);

/** The parts of names and folders that say “this is an annotation of what is called the same without it”. */
const kWord = '(?:instance|semantic|cell|nuclei|nucleus)?_?(?:cp_)?(?:masks?|labels?|segmentations?|seg|segm|gt|ground_?truth|annotations?|annots?|rois?|outlines|boxes|bboxes|points|tracks|probability|probabilities|predictions?|manual)';
const kFolderWord = new RegExp(`^${kWord}$`, 'i');
const kEndWord = new RegExp(`[ ._-]${kWord}$`, 'i');
const kStartWord = new RegExp(`^${kWord}[ ._-]`, 'i');
const kImageWord = /[ ._-](image|img|raw|orig|original|im)$/i;
const kImageStart = /^(image|img|raw|im)[ ._-](?=.*[a-z0-9])/i;

export function baseName(path: string): string {
  const clean = path.replace(/[?#].*$/, '').replace(/\/+$/, '');
  return clean.slice(clean.lastIndexOf('/') + 1);
}

/** The name without its endings: "a.ome.zarr" is "a". */
export function stemOf(path: string): string {
  let name = baseName(path);
  for (let i = 0; i < 3; ++i) {
    const shorter = name.replace(/\.(ome|zarr|ozx|zip|gz|tiff?|btf|tf8|png|jpe?g|(geo)?json(l|seq|s)?|ndjson|csv|tsv|txt|xml|roi|star|swc|(geo)?parquet|geff|coco|trackmate|h5|nii|czi|nd2|lif|mrc|rec)$/i, '');
    if (shorter === name || shorter === '') break;
    name = shorter;
  }
  return name;
}

/** Whether an image of this name can be shown. */
export function isOpenable(path: string): boolean {
  const clean = path.replace(/[?#].*$/, '');
  // A Zarr group that is not called so is listed with a slash.
  if (clean.endsWith('/') && !/\.geff\/$/i.test(clean)) return true;
  return kZarr.test(clean) || kZip.test(clean) || kRaster.test(clean);
}

export function isZarr(path: string): boolean {
  return kZarr.test(path.replace(/[?#].*$/, ''));
}

export function isRaster(path: string): boolean {
  return kRaster.test(path.replace(/[?#].*$/, ''));
}

/** Files that are part of a study and no images, whatever list they are in. */
const kNoImage = /\.(md|txt|rst|pdf|docx?|xlsx?|ods|csv|tsv|json|jsonld|ya?ml|xml|html?|py|ipynb|r|m|ijm|groovy|java|cpp|sh|toml|cfg|ini|log|pth?|onnx|keras|md5|sha\d*|zip|tar|gz)$/i;

export function isNoImage(path: string): boolean {
  const clean = path.replace(/[?#].*$/, '');
  return !isOpenable(clean) && !kUnread.test(clean) && (kNoImage.test(clean) || /^(readme|licen[cs]e|changelog)$/i.test(baseName(clean)));
}

/** What an annotation file is, `types` being MIFA's words for it. Masks inside an OME-Zarr have no ending. */
export function annotationKind(path: string, types: readonly string[]): 'mask' | 'shapes' | 'other' {
  const clean = path.replace(/[?#].*$/, '');
  if (/\.zarr\/labels\/[^/]+\/?$/i.test(clean)) return 'mask';
  if (/\.ome\.zarr\/?$/i.test(clean) || kRaster.test(clean) || /\.ozx$/i.test(clean)) return 'mask';
  if (kZarr.test(clean)) return types.some((type) => kShapeTypes.has(type)) ? 'shapes' : 'mask';
  return kShapes.test(clean) ? 'shapes' : 'other';
}

/** Of a file that no document describes. Documents themselves are left out before. */
export function kindOf(path: string): PathKind {
  const clean = path.replace(/\/+$/, '');
  if (isOpenable(path)) return looksAnnotated(clean) ? 'mask' : 'image';
  if (kUnread.test(clean)) return looksAnnotated(clean) ? 'other' : 'unread';
  return kShapes.test(clean) ? 'shapes' : 'other';
}

/** Whether the name or a folder of the path says that it is an annotation. */
function looksAnnotated(path: string): boolean {
  const folders = path.split('/').slice(0, -1);
  const stem = stemOf(path);
  return folders.some((folder) => kFolderWord.test(folder)) || kEndWord.test(stem) || kStartWord.test(stem) || kFolderWord.test(stem);
}

/** What an image and its annotations have in common. */
export function pairKey(path: string): string {
  let stem = stemOf(path);
  for (let i = 0; i < 3; ++i) {
    const shorter = stem.replace(kEndWord, '').replace(kStartWord, '');
    if (shorter === stem || shorter === '') break;
    stem = shorter;
  }
  stem = stem.replace(kImageWord, '');
  if (!/^(image|img|raw|im)$/i.test(stem)) stem = stem.replace(kImageStart, '');
  return stem.toLowerCase();
}

const kSplitFolder = /^(train(ing)?|val(id(ation)?)?|test(ing)?|hold_?out|dev)(_?(set|images?|masks?|data|\d+))?$/i;
const kSplitHeading = /^(split|subset|fold|partition|set|data ?split)$/i;
const kClassHeading = /^(class(es)?|label|category|phenotype|diagnosis|cell ?type|image ?class)$/i;

function splitName(text: string): string {
  const small = text.trim().toLowerCase();
  if (/^train/.test(small)) return 'train';
  if (/^(val|dev)/.test(small)) return 'validation';
  if (/^test/.test(small)) return 'test';
  return small;
}

/** Of which part of a data set an image is: by a column of the list, else by a folder's name; '' for neither. */
export function splitOf(path: string, fields: Readonly<Record<string, string>>): string {
  const stated = Object.entries(fields).find(([heading]) => kSplitHeading.test(heading.replaceAll('_', ' ').trim()));
  if (stated) return splitName(stated[1]);
  const folder = path.split('/').slice(0, -1).find((name) => kSplitFolder.test(name));
  return folder ? splitName(folder) : '';
}

/** Classes that a column of the list gives an image or annotation. */
export function classesOf(fields: Readonly<Record<string, string>>): string[] {
  const stated = Object.entries(fields).find(([heading]) => kClassHeading.test(heading.replaceAll('_', ' ').trim()));
  return stated ? stated[1].split(/[;,|]/).map((text) => text.trim()).filter(Boolean) : [];
}
