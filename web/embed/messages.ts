// What a page and the viewer in its frame say to each other (docs/embed.md). Everything is plain data
// that postMessage can copy. `mifascope` is the version of this protocol.

import type { ViewerError, ViewerState } from '../state.ts';
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
  | { readonly mifascope: typeof kProtocol; readonly id: number | string; readonly error: ViewerError & { readonly advice: string } };

export interface Notice {
  readonly mifascope: typeof kProtocol;
  /**
   * 'listening': from now on verbs are answered. 'ready': an image is shown. 'select', 'hover': {layer, name, file,
   * object}, the object's number in an annotation layer, or null.
   */
  readonly event: 'listening' | 'ready' | 'statechange' | 'error' | 'select' | 'hover';
  readonly detail: unknown;
}
