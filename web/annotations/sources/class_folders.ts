// "A folder per class": train/mitotic/a.png, train/interphase/b.png. Nothing but the folders' names says
// the classes: a listing of paths becomes the table that says the same.

const kImages = /\.(ome\.)?(tiff?|png|jpe?g|bmp|gif|webp|zarr|czi|nd2|lif|svs|ndpi|dcm|nrrd|npy)$/i;
const kSplits: ReadonlySet<string> = new Set(['train', 'training', 'val', 'valid', 'validation', 'test', 'testing']);
/** Folders of one image, whose files are not images of a class. */
const kInside = /\.zarr\//i;

/**
 * The CSV "file,class,split" of a listing (paths relative to what was opened, "/" between folders), to be
 * opened as a file of the format "table"; null when its images are not in at least two folders.
 */
export function classFoldersTable(paths: Iterable<string>): string | null {
  const rows: { readonly path: string; readonly folder: string; readonly split: string }[] = [];
  for (const path of paths) {
    const folders = path.split('/').filter((part) => part !== '');
    folders.pop();
    if (folders.length === 0 || !kImages.test(path) || kInside.test(path)) continue;
    const split = folders.find((name) => kSplits.has(name.toLowerCase())) ?? '';
    rows.push({ path, folder: folders[folders.length - 1] ?? '', split });
  }
  const classes = new Set(rows.map(({ folder }) => folder));
  // One folder is where images are, not what they are; splits are no classes.
  if (classes.size < 2 || [...classes].every((name) => kSplits.has(name.toLowerCase()))) return null;
  const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map(({ path, folder, split }) => [path, folder, split].map(cell).join(','));
  return ['file,class,split', ...lines, ''].join('\n');
}
