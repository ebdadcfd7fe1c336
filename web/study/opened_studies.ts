// The studies that are in a place: often one, in a folder several. Each is put together with what is there,
// and stays open for what is asked of its documents later.

import type { ExportFormat, StudyExport } from '../card/card.ts';
import { assemble, type Gallery, type Listing, type Study } from './model.ts';
import type { Places } from './places.ts';
import type { DocumentReader } from './reader.ts';

export interface OpenedStudy {
  /** The folder that its paths start from, and what links know it by; '' for all. */
  readonly folder: string;
  readonly study: Study;
  readonly places: Places;
  /** As another container; null: there are no documents. */
  readonly exportTo: ((format: ExportFormat) => Promise<StudyExport>) | null;
}

export interface StudyParts {
  /** Where it was opened from, for people. */
  readonly name: string;
  /** As the reader gave them last. */
  readonly galleries: readonly Gallery[];
  readonly listing: Listing | null;
  readonly notes: readonly string[];
  readonly places: Places;
  readonly reader: DocumentReader;
}

/** The paths of a folder, from there. */
function below({ paths, cut }: Listing, folder: string): Listing {
  if (folder === '') return { paths, cut };
  const start = `${folder}/`;
  return { paths: paths.filter((path) => path.startsWith(start)).map((path) => path.slice(start.length)), cut };
}

function showsMore({ images, annotations }: Study, than: Study): boolean {
  return images.length > than.images.length || (images.length === than.images.length && annotations.length > than.annotations.length);
}

/** Documents in different folders may name files from the same one: then they are known by their own. */
function folderOf({ root, containers }: Gallery, galleries: readonly Gallery[]): string {
  const shared = galleries.filter((other) => other.root === root).length > 1;
  return shared ? [root, containers[0]?.file ?? ''].filter(Boolean).join('/') : root;
}

export class OpenedStudies {
  /** By their folders, those with images or annotations; one at least. */
  readonly studies: readonly OpenedStudy[];
  readonly #reader: DocumentReader;

  constructor({ name, galleries, listing, notes, places, reader }: StudyParts) {
    this.#reader = reader;
    // Crates of images are theirs, unless nothing else was asked for.
    const several = galleries.filter(({ single }) => !single || !listing);
    const all = several.map((gallery): OpenedStudy => {
      const place = several.length > 1 && gallery.root !== '' ? `${name.replace(/\/+$/, '')}/${gallery.root}` : name;
      const study = assemble(place, gallery, listing && below(listing, gallery.root), notes);
      const index = galleries.indexOf(gallery);
      return { folder: folderOf(gallery, several), study, places: places.below(gallery.root), exportTo: (format) => reader.exportTo(index, format) };
    });
    const shown = all.filter(({ study }) => study.images.length + study.annotations.length > 0);
    if (shown.length > 0) this.studies = shown;
    else if (all[0]) this.studies = [all[0]];
    else this.studies = [{ folder: '', study: assemble(name, null, listing, notes), places, exportTo: null }];
  }

  /** The one that a link names; null where there is none of that name. */
  named(folder: string | null): OpenedStudy | null {
    return this.studies.find((one) => one.folder === folder) ?? null;
  }

  /** The one that shows most. */
  get main(): OpenedStudy {
    return this.studies.reduce((best, one) => (showsMore(one.study, best.study) ? one : best));
  }

  /** No export afterwards. */
  close(): void {
    this.#reader.close();
  }
}
