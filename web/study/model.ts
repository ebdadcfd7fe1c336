// A study as its page shows it: images, annotations, which belong together, and what is wrong with what
// its documents say.

import { kAnnotationTypeNames } from '../card/annotation_types.ts';
import type { CardBadge, StudyCard } from '../card/card.ts';
import type { DatasetIssue } from '../state.ts';
import { annotationKind, classesOf, isNoImage, isOpenable, kindOf, splitOf, stemOf } from './kinds.ts';
import { pairByName } from './pairing.ts';

/** gallery_json() of src/mifa/gallery.h. */
export interface Gallery {
  readonly root: string;
  /** What a crate says of one image: no study. */
  readonly single: boolean;
  readonly card: StudyCard;
  readonly badge: CardBadge;
  readonly containers: readonly { readonly id: string; readonly name: string; readonly file: string }[];
  readonly images: readonly {
    readonly path: string;
    readonly label: string;
    readonly size: string;
    readonly uris: readonly string[];
    readonly fields: Readonly<Record<string, string>>;
    readonly place: string;
  }[];
  readonly annotations: readonly {
    readonly path: string;
    readonly label: string;
    readonly set: number;
    readonly types: readonly string[];
    readonly images: readonly number[];
    readonly unknown: readonly string[];
    readonly spatial: string;
    readonly uris: readonly string[];
    readonly fields: Readonly<Record<string, string>>;
    readonly place: string;
  }[];
  readonly sets: readonly { readonly name: string; readonly overview: string; readonly types: readonly string[] }[];
  readonly offered: readonly { readonly path: string; readonly label: string; readonly size: string }[];
  readonly wanted: readonly string[];
  readonly issues: readonly DatasetIssue[];
}

/** How it is known which image an annotation is of. */
export type Pairing =
  /** MIFA's source image association. */
  | 'stated'
  /** It lies inside of the image. */
  | 'inside'
  /** By name patterns. */
  | 'name'
  | 'none';

export interface StudyAnnotation {
  readonly index: number;
  readonly path: string;
  readonly name: string;
  /** Where it is read from: its path, or an address that a document states for it. */
  readonly source: string;
  readonly kind: 'mask' | 'shapes' | 'other';
  /** Inside of its image, which shows it by itself. */
  readonly own: boolean;
  /** MIFA's words; may be empty. */
  readonly types: readonly string[];
  readonly classes: readonly string[];
  readonly images: readonly number[];
  readonly pairing: Pairing;
  /** Source images that it names and the study does not have. */
  readonly unknown: readonly string[];
  readonly spatial: string;
  readonly place: string;
}

export interface StudyImage {
  readonly index: number;
  readonly path: string;
  readonly name: string;
  /** Where it is opened from: a path from the study's root, or an address. */
  readonly source: string;
  /** Whether that is something that can be opened here. */
  readonly openable: boolean;
  readonly fields: Readonly<Record<string, string>>;
  readonly split: string;
  readonly classes: readonly string[];
  readonly place: string;
  /** Indices of annotations. */
  readonly annotations: readonly number[];
}

export interface Study {
  /** What it was opened from, fit to be shown. */
  readonly name: string;
  readonly title: string;
  readonly card: StudyCard | null;
  readonly badge: CardBadge | null;
  readonly containers: Gallery['containers'];
  readonly images: readonly StudyImage[];
  readonly annotations: readonly StudyAnnotation[];
  /** Annotations of no image. */
  readonly unpaired: readonly number[];
  readonly issues: readonly DatasetIssue[];
  /** Sentences about how the study was read: what was not found, what was guessed. */
  readonly notes: readonly string[];
}

/** What is in a folder, relative to the study's root: files, and OME-Zarr as one path each. */
export interface Listing {
  readonly paths: readonly string[];
  /** It has more than was looked at. */
  readonly cut: boolean;
}

export function typeName(type: string): string {
  return kAnnotationTypeNames[type] ?? type.replaceAll('_', ' ');
}

const kMetadataName = /(^|\/)(ro-crate-metadata\.jsonld?|[^/]*(mifa|rembi|croissant|pagetab|file_?list|metadata)[^/]*\.(ya?ml|json|jsonld|tsv|xlsx)|zarr\.json|\.z\w+)$/i;

interface Draft {
  readonly path: string;
  readonly source: string;
  readonly name: string;
  readonly types: readonly string[];
  readonly classes: readonly string[];
  readonly stated: readonly number[];
  readonly unknown: readonly string[];
  readonly spatial: string;
  readonly place: string;
  readonly guessed: boolean;
}

function chosenUri(uris: readonly string[]): string | undefined {
  return uris.find((uri) => /\.zarr\b/i.test(uri)) ?? uris.find((uri) => isOpenable(uri));
}

function drafts(gallery: Gallery | null): Draft[] {
  return (gallery?.annotations ?? []).map(({ path, label, set, types, images, unknown, spatial, uris, fields, place }) => ({
    path,
    source: chosenUri(uris) ?? path,
    name: label || gallery?.sets[set]?.name || stemOf(path),
    types,
    classes: classesOf(fields),
    stated: images,
    unknown,
    spatial,
    place,
    guessed: false,
  }));
}

function guessedDraft(path: string, place: string): Draft {
  return { path, source: path, name: stemOf(path), types: [], classes: [], stated: [], unknown: [], spatial: '', place, guessed: true };
}

type ImageDraft = Omit<StudyImage, 'annotations' | 'index'>;

function imageDraft(path: string, label: string, uris: readonly string[], fields: Readonly<Record<string, string>>, place: string): ImageDraft {
  const source = isOpenable(path) && uris.length === 0 ? path : (chosenUri(uris) ?? path);
  return {
    path,
    name: label || stemOf(path),
    source,
    openable: isOpenable(source) || uris.length > 0,
    fields,
    split: splitOf(path, fields),
    classes: classesOf(fields),
    place,
  };
}

/** Puts together what the documents say (`gallery`; null: none was read) and what is there (`listing`). */
export function assemble(name: string, gallery: Gallery | null, listing: Listing | null, notes: readonly string[] = []): Study {
  const said = [...notes];
  // Lists of files have the study's other files, too: those are no images. Annotations count images as listed.
  const kept = (gallery?.images ?? []).map(({ path, uris }) => uris.length > 0 || !isNoImage(path));
  let before = 0;
  const number = kept.map((keep) => (keep ? before++ : -1));
  const images = (gallery?.images ?? []).filter((_, at) => kept[at]).map(({ path, label, uris, fields, place }) => imageDraft(path, label, uris, fields, place));
  const annotations: Draft[] = drafts(gallery).map((draft) => ({ ...draft, stated: draft.stated.map((at) => number[at] ?? -1).filter((at) => at >= 0) }));
  const mentioned = new Set([...images, ...annotations].map(({ path }) => path));
  const documented = images.length + annotations.length > 0;
  const add = (path: string, place: string): void => {
    if (mentioned.has(path) || kMetadataName.test(path) || gallery?.containers.some(({ file }) => file === path)) return;
    mentioned.add(path);
    const kind = kindOf(path);
    if (kind === 'image' || kind === 'unread') images.push(imageDraft(path, '', [], {}, place));
    else if (kind !== 'other') annotations.push(guessedDraft(path, place));
  };
  for (const { path } of gallery?.offered ?? []) add(path, gallery?.containers[0]?.file ?? '');
  // Files beside a study that describes its own are not made part of it.
  if (!documented) for (const path of listing?.paths ?? []) add(path, 'the folder');
  if (listing?.cut && !documented) said.push(`The folder has more files than are listed here: ${listing.paths.length} were looked at.`);
  return finish(name, gallery, images, annotations, said);
}

function finish(name: string, gallery: Gallery | null, images: readonly ImageDraft[], annotations: readonly Draft[], notes: string[]): Study {
  const byName = pairByName(images.map(({ path }) => path), annotations.map(({ path }) => path));
  const of: number[][] = images.map(() => []);
  const unpaired: number[] = [];
  let guesses = 0;
  const all = annotations.map((draft, index): StudyAnnotation => {
    const { path, types, stated, unknown } = draft;
    // What names a source image that is not there is not guessed at: it is an error to be mended.
    const guess = stated.length === 0 && unknown.length === 0 ? (byName[index] ?? -1) : -1;
    const paired = stated.length > 0 ? stated : guess >= 0 ? [guess] : [];
    const inside = paired.some((image) => path.startsWith(`${images[image]?.path ?? '\0'}/`));
    const pairing: Pairing = stated.length > 0 ? 'stated' : guess < 0 ? 'none' : inside ? 'inside' : 'name';
    if (pairing === 'name') ++guesses;
    if (paired.length === 0) unpaired.push(index);
    for (const image of paired) of[image]?.push(index);
    const { name: title, source, classes, spatial, place } = draft;
    return { index, path, name: title, source, kind: annotationKind(source, types), own: inside, types, classes, images: paired, pairing, unknown, spatial, place };
  });
  if (guesses > 0) {
    notes.push(`${guesses === 1 ? 'One annotation is' : `${guesses} annotations are`} put with ${guesses === 1 ? 'its image' : 'their images'} by the names of the files: no document says which image ${guesses === 1 ? 'it is' : 'they are'} of.`);
  }
  return {
    name,
    title: gallery?.card.title ?? name,
    card: gallery?.card ?? null,
    badge: gallery?.badge ?? null,
    containers: gallery?.containers ?? [],
    images: images.map((image, index) => ({ ...image, index, annotations: of[index] ?? [] })),
    annotations: all,
    unpaired,
    issues: gallery?.issues ?? [],
    notes,
  };
}
