// Where in a folder or a zip the dataset begins: people open what holds the image, not always the image.

/** The files that make a folder a Zarr array or group. */
export const kMetadataFiles: ReadonlySet<string> = new Set([
  'zarr.json',
  '.zattrs',
  '.zgroup',
  '.zarray',
  '.zmetadata',
]);

/**
 * The folder of the shallowest metadata files among `paths` ("a/b/.zattrs"); where several folders
 * are equally shallow, the one that holds them all. "" if there are none.
 */
export function datasetRoot(paths: Iterable<string>): string {
  let depth = Infinity;
  let root: string[] | null = null;
  for (const path of paths) {
    const slash = path.lastIndexOf('/');
    if (!kMetadataFiles.has(path.slice(slash + 1))) continue;
    const folder = slash === -1 ? [] : path.slice(0, slash).split('/');
    if (folder.length > depth) continue;
    if (folder.length < depth) {
      depth = folder.length;
      root = folder;
      continue;
    }
    const shared: string[] = root ?? folder;
    const differs = shared.findIndex((name, i) => name !== folder[i]);
    if (differs !== -1) root = shared.slice(0, differs);
  }
  return (root ?? []).join('/');
}
