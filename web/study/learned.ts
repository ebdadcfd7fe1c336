// What reading images for their pictures has told of a study, image by image: classes, how many objects,
// masks inside. Documents say none of it.

import type { Choice, Facet, FacetValue } from './facets.ts';
import { counted } from './words.ts';
import { typeName, type Study, type StudyAnnotation, type StudyImage } from './model.ts';

export interface LearnedClass {
  readonly name: string;
  /** Objects, or values of a mask. */
  readonly count: number;
  readonly color?: FacetValue['color'];
}

export interface Learned {
  readonly classes: readonly LearnedClass[];
  readonly objects: number;
  readonly masks: number;
  /** Those of them whose classes no table names. */
  readonly unnamedMasks: number;
  readonly size: string;
}

export type LearnedImages = ReadonlyMap<number, Learned>;

/** Images without any annotation, among the types. */
export const kUnannotated = 'none';

export function annotationsOf(study: Study, image: StudyImage): StudyAnnotation[] {
  return image.annotations.map((index) => study.annotations[index]).filter((one) => one !== undefined);
}

function typesOf(study: Study, image: StudyImage, learned: LearnedImages): string[] {
  const annotations = annotationsOf(study, image);
  const types = new Set(annotations.flatMap(({ types: stated, kind }) => (stated.length > 0 ? stated : kind === 'mask' ? ['segmentation_mask'] : ['other'])));
  if ((learned.get(image.index)?.masks ?? 0) > 0) types.add('segmentation_mask');
  return types.size > 0 ? [...types] : [kUnannotated];
}

function classesOfImage(study: Study, image: StudyImage, learned: LearnedImages): string[] {
  return [
    ...new Set([
      ...image.classes,
      ...annotationsOf(study, image).flatMap(({ classes }) => classes),
      ...(learned.get(image.index)?.classes ?? []).map(({ name }) => name),
    ]),
  ];
}

/** The images that a choice and a search leave. */
export function chosenImages(study: Study, learned: LearnedImages, choice: Choice, search: string): number[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (facet: string, has: readonly string[]): boolean => {
    const wanted = choice[facet] ?? [];
    return wanted.length === 0 || has.some((value) => wanted.includes(value));
  };
  return study.images
    .filter((image) => {
      if (!fits('type', typesOf(study, image, learned)) || !fits('split', [image.split])) return false;
      if (!fits('class', classesOfImage(study, image, learned))) return false;
      const text = `${image.name} ${image.path} ${Object.values(image.fields).join(' ')}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .map(({ index }) => index);
}

class Counts {
  readonly #counts = new Map<string, { count: number; color?: FacetValue['color'] }>();

  add(value: string, by = 1, color?: FacetValue['color']): void {
    const there = this.#counts.get(value);
    if (there) there.count += by;
    else this.#counts.set(value, { count: by, color });
  }

  values(name: (value: string) => string): FacetValue[] {
    return [...this.#counts]
      .map(([id, { count, color }]) => ({ id, name: name(id), count, color }))
      .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  }
}

/** The charts that filter: images by type and split, objects by class. */
export function facetsOf(study: Study, learned: LearnedImages): Facet[] {
  const types = new Counts();
  const splits = new Counts();
  const classes = new Counts();
  let objectClasses = false;
  for (const image of study.images) {
    for (const type of typesOf(study, image, learned)) types.add(type);
    splits.add(image.split);
    const found = learned.get(image.index)?.classes ?? [];
    for (const { name, count, color } of found) {
      classes.add(name, count, color);
      objectClasses = true;
    }
    const read = new Set(found.map(({ name }) => name));
    for (const name of classesOfImage(study, image, learned)) if (!read.has(name)) classes.add(name);
  }
  const splitValues = splits.values((value) => value || 'Not stated');
  return [
    { id: 'type', title: 'Annotations', unit: 'images', values: types.values((type) => (type === kUnannotated ? 'Not annotated' : typeName(type))) },
    {
      id: 'class',
      title: 'Classes',
      unit: objectClasses ? 'objects' : 'images',
      values: classes.values((name) => name),
      note: classNote(study, learned),
    },
    { id: 'split', title: 'Split', unit: 'images', values: splitValues.length > 1 || splitValues[0]?.id ? splitValues : [] },
  ];
}

/** Whether reading the image may tell classes. */
export function hasClasses(study: Study, image: StudyImage): boolean {
  return annotationsOf(study, image).some(({ kind }) => kind !== 'other');
}

/** What the numbers leave out. */
function classNote(study: Study, learned: LearnedImages): string | undefined {
  const annotated = study.images.filter((image) => image.openable && hasClasses(study, image));
  const read = annotated.filter(({ index }) => learned.has(index)).length;
  const unnamed = [...learned.values()].filter(({ unnamedMasks }) => unnamedMasks > 0).length;
  const sentences = [
    read > 0 && read < annotated.length ? `Of ${read} of ${annotated.length} annotated images, which have been read so far.` : '',
    unnamed > 0 ? `Masks of ${counted(unnamed, 'image')}: classes not counted, as nothing there names what the values mean.` : '',
  ];
  return sentences.filter(Boolean).join(' ') || undefined;
}

export interface Histogram {
  /** Images with so many objects, by equal steps from 0 or 1 up. */
  readonly bins: readonly { readonly from: number; readonly to: number; readonly images: number }[];
  readonly images: number;
  readonly total: number;
}

const kMostBins = 16;

/** How many objects the images have that were read; null while there are fewer than two. */
export function objectHistogram(learned: LearnedImages): Histogram | null {
  const counts = [...learned.values()].map(({ objects }) => objects).filter((objects) => objects > 0);
  if (counts.length < 2) return null;
  const most = Math.max(...counts);
  const raw = most / kMostBins;
  const power = 10 ** Math.floor(Math.log10(Math.max(raw, 1)));
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((nice) => nice >= raw) ?? Math.ceil(raw));
  const bins = Array.from({ length: Math.ceil(most / step) }, (_, i) => ({ from: i * step + 1, to: (i + 1) * step, images: 0 }));
  for (const count of counts) {
    const bin = bins[Math.ceil(count / step) - 1];
    if (bin) bin.images += 1;
  }
  return { bins, images: counts.length, total: counts.reduce((sum, count) => sum + count, 0) };
}
