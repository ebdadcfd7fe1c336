// The public interface of <mifa-study>, kept by hand. What it means is told in docs/study.md.

import type { Store } from './mifascope.d.ts';

/** Where a person is in a study: what a page keeps in its address. */
export interface StudyState {
  /** Of several studies in a folder the one that is shown, by its own folder ("" is the folder itself); null or absent: the largest. */
  readonly folder?: string | null;
  /** The path of the image that is open; null: the gallery. */
  readonly image: string | null;
  /** What is beside it: "", "plain" (the image without annotations) or the path of a mask. */
  readonly beside: string;
  /** Chosen values of the filters "type", "class" and "split"; none chosen: all. */
  readonly choice: Readonly<Record<string, readonly string[]>>;
  readonly search: string;
}

export interface StudyImage {
  readonly path: string;
  readonly name: string;
  readonly split: string;
  readonly classes: readonly string[];
  /** Further columns of the study's file list. */
  readonly fields: Readonly<Record<string, string>>;
  /** Indices into Study.annotations. */
  readonly annotations: readonly number[];
}

export interface StudyAnnotation {
  readonly path: string;
  readonly name: string;
  readonly kind: 'mask' | 'shapes' | 'other';
  /** MIFA's words. */
  readonly types: readonly string[];
  /** Indices into Study.images. */
  readonly images: readonly number[];
  /** By MIFA's source image association, by lying inside of the image, by names, or not at all. */
  readonly pairing: 'stated' | 'inside' | 'name' | 'none';
}

export interface Study {
  readonly title: string;
  readonly images: readonly StudyImage[];
  readonly annotations: readonly StudyAnnotation[];
  /** What was guessed or could not be read, a sentence each. */
  readonly notes: readonly string[];
}

/** Attributes: `source`, `assets`. Events: `studyopened` (Study), `navigate` ({state, replace}), `error` ({code, message}). */
export declare class MifaStudyElement extends HTMLElement {
  readonly study: Study | null;
  /** A folder of the page's own in place of `source`. */
  store: Store | null;
  /** Going somewhere by setting it fires no `navigate`. */
  state: StudyState;
  /** Set it before `source`. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'mifa-study': MifaStudyElement;
  }
}
