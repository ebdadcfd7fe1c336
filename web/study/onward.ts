// Where one goes from an image: other programs, and the Python that loads exactly what is on the screen.

import { baseName, isRaster } from './kinds.ts';

/** What is shown of an image. */
export interface ShownImage {
  /** Its address; of an image on this computer its path there. */
  readonly address: string;
  readonly local: boolean;
  readonly name: string;
  /** Axes of the array in their order, and where the sliders are (of the finest level). */
  readonly axes: readonly { readonly name: string; readonly slider: boolean; readonly position: number }[];
  /** The group in it that is shown (a well's field, one of a collection); '' for the whole. */
  readonly group: string;
  /** Paths of its levels' arrays, the finest first; empty where that is not known. */
  readonly levels: readonly string[];
  readonly level: number;
}

export interface ShownAnnotation {
  readonly address: string;
  readonly kind: 'mask' | 'shapes' | 'other';
  /** Of a mask inside of the image: its group there. */
  readonly inside: string;
  /** Paths of the mask's levels. */
  readonly levels: readonly string[];
}

/** A text as Python has it: JSON's strings are Python's, too. Line separators are escaped, for editors. */
export function pythonText(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u00a0\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** For a comment: one line. */
function comment(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim();
}

/** A text as a POSIX shell takes it. */
export function shellText(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

export function napariCommand(address: string): string {
  return isRaster(address) ? `napari ${shellText(address)}` : `napari --plugin napari-ome-zarr ${shellText(address)}`;
}

/** What QuPath's “Open URI” takes: of an OME-Zarr its folder, without a slash (0.6 and later, qupath/qupath#1638, #1662). */
export function quPathAddress(address: string): string {
  return isRaster(address) ? address : address.replace(/\/+$/, '');
}

/** The image, and its masks as segmentations, in neuroglancer. */
export function neuroglancerLink(image: { readonly address: string; readonly name: string }, masks: readonly { readonly address: string; readonly name: string }[]): string {
  const source = (address: string): string => `zarr://${address.replace(/\/+$/, '')}`;
  const state = {
    layers: [
      { type: 'image', name: image.name, source: source(image.address) },
      ...masks.map(({ address, name }) => ({ type: 'segmentation', name, source: source(address) })),
    ],
    layout: '4panel',
  };
  return `https://neuroglancer-demo.appspot.com/#!${encodeURIComponent(JSON.stringify(state))}`;
}

function join(...parts: readonly string[]): string {
  return parts.filter(Boolean).join('/');
}

interface Code {
  readonly packages: Set<string>;
  readonly imports: Set<string>;
  readonly lines: string[];
}

/** `level[4, :, 8]`: with the sliders where they are, in the level's own elements. */
function shownIndex({ axes, level }: ShownImage): string {
  const parts = axes.map(({ slider, position }, axis) =>
    !slider ? ':' : level === 0 ? String(position) : `${position} * level.shape[${axis}] // full.shape[${axis}]`,
  );
  while (parts.at(-1) === ':') parts.pop();
  return parts.length === 0 ? '...' : parts.join(', ');
}

function zarrGroup(code: Code, address: string, local: boolean): string {
  code.imports.add('import zarr');
  code.packages.add('"zarr>=3"');
  if (/\.(ozx|zip)$/i.test(address)) {
    const file = local ? address : baseName(address);
    if (!local) code.lines.push(`# A zip is read from the disk: download ${comment(address)} first.`);
    return `zarr.open_group(zarr.storage.ZipStore(${pythonText(file)}, mode="r"), mode="r")`;
  }
  if (!local) code.packages.add('fsspec').add('aiohttp');
  return `zarr.open_group(${pythonText(address)}, mode="r")`;
}

function rasterLines(code: Code, variable: string, address: string, local: boolean, level = 0): void {
  if (/\.(tiff?|btf|tf8)$/i.test(address)) {
    code.imports.add('import tifffile');
    code.packages.add('tifffile').add('imagecodecs');
    const read = level > 0 ? `tifffile.TiffFile(file).series[0].levels[${level}].asarray()` : 'tifffile.imread(file)';
    if (local) {
      code.lines.push(`with open(${pythonText(address)}, "rb") as file:`);
    } else {
      code.imports.add('import fsspec');
      code.packages.add('fsspec').add('aiohttp');
      code.lines.push(`with fsspec.open(${pythonText(address)}) as file:`);
    }
    code.lines.push(`    ${variable} = ${read}`);
    return;
  }
  code.imports.add('import imageio.v3 as iio');
  code.packages.add('imageio');
  code.lines.push(`${variable} = iio.imread(${pythonText(address)})`);
}

function imageLines(code: Code, image: ShownImage): void {
  const { address, local, levels, level, group, axes } = image;
  if (isRaster(address)) return rasterLines(code, 'pixels', address, local, level);
  code.lines.push(`image = ${zarrGroup(code, address, local)}`);
  if (levels.length === 0) {
    code.lines.push('print(image.tree())  # which arrays there are', 'pixels = None');
    return;
  }
  const path = (at: number): string => pythonText(join(group, levels[at] ?? ''));
  const names = axes.map(({ name }) => name).join(', ');
  if (level > 0) code.lines.push(`full = image[${path(0)}]`);
  code.lines.push(`level = image[${path(level)}]  # ${level + 1} of ${levels.length} levels; axes ${comment(names)}`);
  code.lines.push(`pixels = level[${shownIndex(image)}]  # what is on the screen`);
}

function maskLines(code: Code, { address, inside, levels }: ShownAnnotation, image: ShownImage): void {
  if (isRaster(address)) return rasterLines(code, 'mask', address, image.local);
  const level = levels[Math.min(image.level, levels.length - 1)] ?? '0';
  if (inside !== '' && !isRaster(image.address)) code.lines.push(`mask = image[${pythonText(join(image.group, inside, level))}][...]`);
  else code.lines.push(`mask = ${zarrGroup(code, address, image.local)}[${pythonText(level)}][...]`);
}

function shapeLines(code: Code, { address }: ShownAnnotation, local: boolean): void {
  const place = pythonText(address);
  const use = (name: string, short: string, call: string): void => {
    code.imports.add(`import ${name}${short === name ? '' : ` as ${short}`}`);
    code.packages.add(name);
    code.lines.push(`annotations = ${short}.${call}`);
  };
  if (/\.geojson(\.gz)?$/i.test(address)) return use('geopandas', 'geopandas', `read_file(${place})`);
  if (/\.(geo)?parquet$/i.test(address)) return use('geopandas', 'geopandas', `read_parquet(${place})`);
  if (/\.csv(\.gz)?$/i.test(address)) return use('pandas', 'pd', `read_csv(${place})`);
  if (/\.tsv(\.gz)?$/i.test(address)) return use('pandas', 'pd', `read_csv(${place}, sep="\\t")`);
  if (/\.(zarr|geff)\/?$/i.test(address)) {
    code.lines.push(`annotations = ${zarrGroup(code, address, local)}`);
    return;
  }
  if (!local) code.imports.add('import urllib.request');
  const opened = local ? `open(${place}, "rb")` : `urllib.request.urlopen(${place})`;
  if (/\.json$/i.test(address)) code.imports.add('import json');
  code.lines.push(`with ${opened} as file:`, `    annotations = ${/\.json$/i.test(address) ? 'json.load(file)' : 'file.read()'}`);
}

/** A script that loads what is shown, and lays the annotation over it in napari. */
export function pythonSnippet(image: ShownImage, annotation: ShownAnnotation | null): string {
  const code: Code = { packages: new Set(), imports: new Set(), lines: [] };
  imageLines(code, image);
  if (annotation?.kind === 'mask') maskLines(code, annotation, image);
  else if (annotation) shapeLines(code, annotation, image.local);
  code.imports.add('import napari');
  code.packages.add('"napari[all]"');
  const shownAxes = image.axes.filter(({ slider }) => !slider).map(({ name }) => name);
  const channel = isRaster(image.address) ? -1 : shownAxes.indexOf('c');
  const view = [
    '',
    'viewer = napari.Viewer()',
    `viewer.add_image(pixels, name=${pythonText(image.name)}${channel >= 0 ? `, channel_axis=${channel}` : ''})`,
    ...(annotation?.kind === 'mask' ? [`viewer.add_labels(mask.astype("int64"), name=${pythonText(baseName(annotation.address))})`] : []),
    'napari.run()',
  ];
  return [`# pip install ${[...code.packages].join(' ')}`, ...[...code.imports].sort(), '', ...code.lines, ...view, ''].join('\n');
}
