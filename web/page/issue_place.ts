// From the file that an issue names to a place in an image: which image, and, for a chunk, what of it.

import type { ViewSettings } from '../element.ts';
import type { Store } from '../stores/store.ts';
import type { ReportIssue } from '../validation/validate.ts';

/** What the viewer opens for an issue. */
export interface Spot {
  /** The image's folder or file in the store; "" is the store itself. */
  readonly image: string;
  /** The chunk that the issue is about. */
  readonly region?: Region;
  /** The annotation file that it is about. */
  readonly annotation?: string;
}

/** World units of the image. */
export interface Region {
  readonly settings: ViewSettings;
  readonly width: number;
  readonly height: number;
}

type Json = { readonly [key: string]: unknown };

const kMetadata = /^(zarr\.json|\.z(attrs|group|array|metadata))$/;
const kPicture = /\.(tiff?|btf|tf8|png|jpe?g)$/i;
const kAnnotationFile = /\.(geo)?json(l|seq|s)?(\.gz)?$|\.(ndjson|csv|tsv|txt|xml|roi|star|swc|zip)(\.gz)?$/i;
/** Folders that are listed in the search for an annotation's image, and how far below the root. */
const kMostFolders = 200;

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether the issue is about a part of an image or an annotation file. */
export function isOfImage({ file = '', rule }: ReportIssue): boolean {
  return kMetadata.test(nameOf(file)) || /\.zarr(\/|$)/i.test(file) || kPicture.test(file) || (rule.startsWith('annotation/') && kAnnotationFile.test(file));
}

async function readJson(store: Store, key: string): Promise<Json | null> {
  const reply = await store.get(key);
  if (!reply.found) return null;
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(reply.bytes));
    return isRecord(json) ? json : null;
  } catch {
    return null;
  }
}

/** OME-Zarr's part of a group's metadata, in any version; null where there is none. */
async function omeOf(store: Store, folder: string): Promise<Json | null> {
  const v3 = await readJson(store, join(folder, 'zarr.json'));
  const attributes = v3 ? v3['attributes'] : await readJson(store, join(folder, '.zattrs'));
  if (!isRecord(attributes)) return null;
  return isRecord(attributes['ome']) ? attributes['ome'] : attributes;
}

/** The nearest folder around a file that holds an image or a collection of them. */
async function imageAround(store: Store, file: string): Promise<{ readonly folder: string; readonly ome: Json | null }> {
  let outermost: string | null = null;
  for (let folder = folderOf(file); ; folder = folderOf(folder)) {
    const ome = await omeOf(store, folder);
    if (ome && ['multiscales', 'plate', 'well', 'bioformats2raw.layout', 'scene'].some((name) => name in ome)) {
      // A mask is shown with its image.
      const labels = /^(?:(.*)\/)?labels\/[^/]+$/.exec(folder);
      return labels ? { folder: labels[1] ?? '', ome: null } : { folder, ome };
    }
    if (/\.zarr$/i.test(folder)) outermost = folder;
    if (folder === '') return { folder: outermost ?? folderOf(file), ome: null };
  }
}

interface LevelArray {
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly index: readonly number[];
}

function numbers(value: unknown): number[] | null {
  return Array.isArray(value) && value.every((one) => typeof one === 'number') ? (value as number[]) : null;
}

/** The chunk `key` (below the array's folder) of an array, if it names one. */
async function chunkAt(store: Store, folder: string, key: string): Promise<LevelArray | null> {
  const v3 = await readJson(store, join(folder, 'zarr.json'));
  const v2 = v3 ? null : await readJson(store, join(folder, '.zarray'));
  const shape = numbers((v3 ?? v2)?.['shape']);
  const grid = v3?.['chunk_grid'];
  const configuration = isRecord(grid) ? grid['configuration'] : null;
  const chunks = numbers(isRecord(configuration) ? configuration['chunk_shape'] : v2?.['chunks']);
  const index = key.replace(/^c[/.]/, '').split(/[/.]/).map(Number);
  if (!shape || !chunks || index.length !== shape.length || chunks.length !== shape.length || !index.every((one) => Number.isInteger(one) && one >= 0)) return null;
  return { shape, chunks, index };
}

/** Scale and translation of a list of transformations that holds nothing else; null otherwise. */
function scaleOf(transformations: unknown, axes: number): { readonly scale: number[]; readonly translation: number[] } | null {
  const result = { scale: Array<number>(axes).fill(1), translation: Array<number>(axes).fill(0) };
  if (transformations === undefined) return result;
  if (!Array.isArray(transformations)) return null;
  for (const one of transformations as unknown[]) {
    if (!isRecord(one)) return null;
    const scale = numbers(one['scale']);
    const translation = numbers(one['translation']);
    if (one['type'] === 'scale' && scale?.length === axes) {
      result.scale = result.scale.map((value, i) => value * (scale[i] ?? 1));
      result.translation = result.translation.map((value, i) => value * (scale[i] ?? 1));
    } else if (one['type'] === 'translation' && translation?.length === axes) {
      result.translation = result.translation.map((value, i) => value + (translation[i] ?? 0));
    } else if (one['type'] !== 'identity') {
      return null;
    }
  }
  return result;
}

/** Where a chunk is in its image. Null where the image is laid out in another way than by scales. */
function regionOf(ome: Json, level: string, { shape, chunks, index }: LevelArray): Region | null {
  const multiscales = ome['multiscales'];
  for (const image of Array.isArray(multiscales) ? (multiscales as unknown[]) : []) {
    if (!isRecord(image)) continue;
    const datasets = (Array.isArray(image['datasets']) ? (image['datasets'] as unknown[]) : []).filter(isRecord);
    const dataset = datasets.find(({ path }) => path === level);
    const finest = datasets[0];
    if (!dataset || !finest) continue;
    const rank = shape.length;
    const named = Array.isArray(image['axes']) ? (image['axes'] as unknown[]).map((axis) => (isRecord(axis) ? String(axis['name']) : String(axis))) : ['t', 'c', 'z', 'y', 'x'];
    if (named.length !== rank) return null;
    const own = scaleOf(dataset['coordinateTransformations'], rank);
    const first = scaleOf(finest['coordinateTransformations'], rank);
    const common = scaleOf(image['coordinateTransformations'], rank);
    if (!own || !first || !common) return null;
    const middle = index.map((chunk, axis) => {
      const begin = chunk * (chunks[axis] ?? 1);
      return (begin + Math.min(shape[axis] ?? 1, begin + (chunks[axis] ?? 1)) - 1) / 2;
    });
    const world = (axis: number): number => ((middle[axis] ?? 0) * (own.scale[axis] ?? 1) + (own.translation[axis] ?? 0)) * (common.scale[axis] ?? 1) + (common.translation[axis] ?? 0);
    const extent = (axis: number): number => (chunks[axis] ?? 1) * (own.scale[axis] ?? 1) * (common.scale[axis] ?? 1);
    const [x, y] = [named.indexOf('x'), named.indexOf('y')];
    if (x < 0 || y < 0) return null;
    const position: Record<string, number> = {};
    named.forEach((name, axis) => {
      if (axis === x || axis === y || name === 'c') return;
      // Positions count the finest level's elements.
      position[name] = Math.max(0, Math.round(((middle[axis] ?? 0) * (own.scale[axis] ?? 1) + (own.translation[axis] ?? 0) - (first.translation[axis] ?? 0)) / (first.scale[axis] || 1)));
    });
    return { settings: { position, view: { center: [world(x), world(y)], worldPerPixel: 1 } }, width: Math.abs(extent(x)), height: Math.abs(extent(y)) };
  }
  return null;
}

/** The image that an annotation file is about: of its name, or the only one there is. */
async function imageOfAnnotation(store: Store, file: string): Promise<string | null> {
  const stem = nameOf(file).replace(/\..*$/, '').toLowerCase();
  const images: string[] = [];
  let looked = 0;
  const waiting = [''];
  for (const folder of waiting) {
    if (++looked > kMostFolders) break;
    const listing = await store.list?.(folder);
    if (!listing?.found) continue;
    const names = listing.entries.map(({ name }) => name);
    if (names.some((name) => kMetadata.test(name))) {
      images.push(folder);
      continue;
    }
    for (const { name, kind } of listing.entries) {
      const path = join(folder, name);
      if (kind === 'directory') waiting.push(path);
      else if (kPicture.test(name)) images.push(path);
    }
  }
  const similar = images.filter((path) => {
    const own = nameOf(path).replace(/\..*$/, '').toLowerCase();
    return own !== '' && stem.startsWith(own);
  });
  return similar.sort((a, b) => b.length - a.length)[0] ?? (images.length === 1 ? (images[0] ?? null) : null);
}

/** Where an issue can be seen; null where there is nothing to see. */
export async function findSpot(store: Store, issue: ReportIssue): Promise<Spot | null> {
  const { file = '', related = [] } = issue;
  if (kPicture.test(file)) return { image: file };
  if (!kMetadata.test(nameOf(file)) && !/\.zarr(\/|$)/i.test(file)) {
    const named = related.map((place) => place.file ?? '').find((path) => kPicture.test(path) || /\.zarr(\/|$)/i.test(path));
    const image = named === undefined ? await imageOfAnnotation(store, file) : kPicture.test(named) ? named : (await imageAround(store, join(named, 'zarr.json'))).folder;
    return image === null ? null : { image, annotation: file };
  }
  const { folder, ome } = await imageAround(store, file);
  if (!ome || kMetadata.test(nameOf(file))) return { image: folder };
  // Of "image.zarr/0/c/0/1" the array is at one of the folders between.
  const below = folder === '' ? file : file.slice(folder.length + 1);
  const parts = below.split('/');
  for (let depth = 1; depth < parts.length; ++depth) {
    const level = parts.slice(0, depth).join('/');
    const chunk = await chunkAt(store, join(folder, level), parts.slice(depth).join('/'));
    if (!chunk) continue;
    const region = regionOf(ome, level, chunk);
    return region ? { image: folder, region } : { image: folder };
  }
  return { image: folder };
}
