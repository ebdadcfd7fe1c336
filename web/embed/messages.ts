// What a page and the viewer in its frame say to each other (docs/embed.md). Everything is plain data
// that postMessage can copy. `mifascope` is the version of this protocol.

import type { AnnotationQuery, AnnotationResult } from '../annotations/query.ts';
import type { HostError } from '../errors.ts';
import type { Region, RegionOptions } from '../region.ts';
import type { ViewerState } from '../state.ts';
import type { Report } from '../validation/report.ts';
import type { ViewSettings } from '../view_settings.ts';

export const kProtocol = 1;

export interface LoadOptions {
  readonly source: string;
  readonly annotations?: readonly string[];
  readonly labels?: readonly string[];
  /** Settings, or a text of share links. */
  readonly view?: ViewSettings | string;
}

export interface ChannelChange {
  readonly index: number;
  readonly visible?: boolean;
  /** "#rrggbb" */
  readonly color?: string;
  readonly window?: readonly [number, number];
  readonly opacity?: number;
}

/** Verb → its argument and its answer. */
export interface Verbs {
  load: [LoadOptions, void];
  getState: [undefined, ViewerState | null];
  getView: [undefined, ViewSettings | null];
  setView: [ViewSettings, void];
  setChannel: [ChannelChange, void];
  setPosition: [{ readonly axis: string; readonly index: number }, void];
  /** A PNG. */
  screenshot: [undefined, Blob | null];
  /** The elements are transferred, not copied. `progress` is told of it, as of the next two. */
  readRegion: [RegionOptions | undefined, Region];
  /** An OME-TIFF; by default of what is in view. */
  saveRegion: [RegionOptions | undefined, Blob];
  validate: [{ readonly allChunks?: boolean; readonly configuration?: string } | undefined, Report];
  queryAnnotations: [AnnotationQuery | undefined, AnnotationResult];
  /** Ends another request, which is then answered with the code 'aborted'. */
  cancel: [{ readonly id: number | string }, void];
}

export type Verb = keyof Verbs;

export interface Request<V extends Verb = Verb> {
  readonly mifascope: typeof kProtocol;
  /** Comes back with the answer. */
  readonly id: number | string;
  readonly verb: V;
  readonly argument?: Verbs[V][0];
}

export type Answer =
  | { readonly mifascope: typeof kProtocol; readonly id: number | string; readonly result: unknown }
  | { readonly mifascope: typeof kProtocol; readonly id: number | string; readonly error: HostError };

export interface Notice {
  readonly mifascope: typeof kProtocol;
  /**
   * 'listening': from now on verbs are answered. 'ready': an image is shown. 'select', 'hover': {layer, name, file,
   * object}, the object's number in an annotation layer, or null. 'progress' with a `request`: of the request with that id; without,
   * {done, total} parts of the view. 'viewchange': the settings; 'issue': what is wrong with the dataset.
   */
  readonly event: 'listening' | 'ready' | 'statechange' | 'progress' | 'viewchange' | 'issue' | 'error' | 'select' | 'hover';
  readonly detail: unknown;
  readonly request?: number | string;
}
