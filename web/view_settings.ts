// What a person has set in a viewer, apart from the dataset itself: which image, where, how bright.
// Kept while an element gives its WebGL context to another, and carried by share links (share.ts).

import type { ViewerState } from './state.ts';
import type { Viewer } from './viewer.ts';

export interface ChannelSettings {
  readonly visible: boolean;
  /** 0xRRGGBB. */
  readonly color: number;
  readonly window: readonly [number, number];
  readonly opacity: number;
}

export interface LabelSettings {
  readonly visible: boolean;
  readonly outline: boolean;
  readonly opacity: number;
}

/** Everything is optional: what is left out stays as the dataset has it. */
export interface ViewSettings {
  readonly entry?: number;
  readonly field?: number;
  readonly multiscale?: number;
  readonly system?: number;
  /** Positions along axes that have a slider, by the axis' name. */
  readonly position?: Readonly<Record<string, number>>;
  /** World units; left out while the whole image is fitted into the view. */
  readonly view?: { readonly center: readonly [number, number]; readonly worldPerPixel: number };
  readonly channels?: readonly ChannelSettings[];
  readonly labels?: readonly LabelSettings[];
  readonly smooth?: boolean;
}

/** The settings of what is shown; null while nothing is. */
export function captureSettings(state: ViewerState): ViewSettings | null {
  if (state.stage !== 'showing' || !state.axes || !state.view) return null;
  const chosen = (index: number | undefined, names: number): number | undefined =>
    index !== undefined && index >= 0 && names > 1 ? index : undefined;
  const entry = state.overview ? undefined : chosen(state.entry, state.entryCount ?? 0);
  const settings = {
    entry,
    field: state.overview ? undefined : chosen(state.field, state.fields?.length ?? 0),
    multiscale: chosen(state.multiscale, state.multiscales?.length ?? 0),
    system: chosen(state.system, state.systems?.length ?? 0),
    position: Object.fromEntries(state.axes.filter(({ slider }) => slider).map(({ name, position }) => [name, position])),
    view: state.fitted ? undefined : state.view,
    channels: state.channels?.map(({ visible, color, window, opacity }) => ({
      visible,
      color: Number.parseInt(color.replace('#', ''), 16),
      window,
      opacity,
    })),
    labels: (state.labels?.length ?? 0) === 0 ? undefined : state.labels?.map(({ visible, outline, opacity }) => ({ visible, outline, opacity })),
    smooth: state.smooth,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as ViewSettings;
}

/**
 * Brings a viewer to settings step by step, as its states come: another image has to be there before
 * its channels can be set. Settings that do not fit what is found (a channel that is not there) are left out.
 */
export class SettingsRestorer {
  readonly settings: ViewSettings;
  readonly #viewer: Viewer;
  #imageAsked = false;
  #systemAsked = false;
  #imageDone = false;
  #labelsDone = 0;

  constructor(viewer: Viewer, settings: ViewSettings) {
    this.#viewer = viewer;
    this.settings = settings;
  }

  /** Whether something of the image has been set. */
  get begun(): boolean {
    return this.#imageDone;
  }

  /** Hears of every state until it answers true: nothing is left to do. */
  step(state: ViewerState): boolean {
    if (state.stage === 'failed') return true;
    if (!this.#imageDone) {
      if (!this.#askForImage(state) || state.stage !== 'showing') return false;
      this.#imageDone = true;
      this.#setImage(state);
    }
    return this.#setLabels(state);
  }

  /** Whether the wanted image is the one that is open. */
  #askForImage(state: ViewerState): boolean {
    const { entry, field, multiscale, system } = this.settings;
    const differs = (wanted: number | undefined, now: number | undefined, count: number): wanted is number =>
      wanted !== undefined && wanted !== now && wanted < count;
    if (!this.#imageAsked) {
      if (entry !== undefined && (state.entryCount ?? 0) <= entry) return state.stage === 'showing';
      if (entry !== undefined && (entry !== state.entry || state.overview)) {
        this.#viewer.update((raw) => raw._openEntry(entry));
        this.#imageAsked = true;
        return false;
      }
      this.#imageAsked = true;
    }
    if (state.stage !== 'showing') return false;
    if (differs(field, state.field, state.fields?.length ?? 0)) {
      this.#viewer.update((raw) => raw._openField(field));
      return false;
    }
    if (differs(multiscale, state.multiscale, state.multiscales?.length ?? 0)) {
      this.#viewer.update((raw) => raw._openMultiscale(multiscale));
      return false;
    }
    if (!this.#systemAsked && differs(system, state.system, state.systems?.length ?? 0)) {
      // Once: where an image cannot be shown in a system, the viewer answers with another.
      this.#systemAsked = true;
      this.#viewer.update((raw) => raw._setSystem(system));
      return false;
    }
    return true;
  }

  #setImage(state: ViewerState): void {
    const { position = {}, view, channels = [], smooth } = this.settings;
    this.#viewer.update((raw) => {
      state.axes?.forEach(({ name, slider }, axis) => {
        const wanted = position[name];
        if (slider && wanted !== undefined) raw._setPosition(axis, wanted);
      });
      channels.slice(0, state.channels?.length ?? 0).forEach(({ visible, color, window, opacity }, index) => {
        raw._setChannel(index, visible, color, window[0], window[1], opacity);
      });
      if (smooth !== undefined) raw._setSmooth(smooth);
      if (view) raw._lookAt(view.center[0], view.center[1], view.worldPerPixel);
    });
  }

  #setLabels(state: ViewerState): boolean {
    const { labels = [] } = this.settings;
    const there = Math.min(labels.length, state.labels?.length ?? 0);
    if (there > this.#labelsDone) {
      this.#viewer.update((raw) => {
        for (; this.#labelsDone < there; ++this.#labelsDone) {
          const label = labels[this.#labelsDone];
          if (label) raw._setLabel(this.#labelsDone, label.visible, label.outline, label.opacity);
        }
      });
    }
    return this.#labelsDone >= labels.length;
  }
}
