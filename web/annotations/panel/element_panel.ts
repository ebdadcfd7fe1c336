// The annotation panel of one <mifa-scope>: made with the first layer, docked beside or below its image,
// or in a place that the page has for it.

import type { ViewerState } from '../../state.ts';
import type { Viewer } from '../../viewer.ts';
import type { LayerHandle } from '../handle.ts';
import type { AnnotationLayers } from '../layers.ts';
import { DockButtons, PanelDock } from './dock.ts';
import type { MaskLayer, PanelHost } from './host.ts';
import { AnnotationPanel } from './panel.ts';

export interface ElementPanelParts {
  readonly element: HTMLElement;
  readonly shadow: ShadowRoot;
  readonly viewer: Viewer;
  readonly layers: AnnotationLayers;
  /** A place of the page's own; null: within the element. */
  readonly place: HTMLElement | null;
  /** Lays files over the image; what goes wrong is said by the element. */
  readonly addFiles: (files: readonly File[]) => void;
  readonly locate: (layer: LayerHandle, mask: number) => Promise<unknown>;
  readonly reopen: (layer: LayerHandle, mapping: Readonly<Record<string, string>>) => Promise<unknown>;
}

function masksOf({ labels = [] }: ViewerState): readonly MaskLayer[] {
  return labels.map(({ name, visible, outline, opacity, kind, threshold, range }) => ({ name, visible, outline, opacity, ...(kind === 'probability' ? { threshold, range } : {}) }));
}

export class ElementPanel {
  readonly #parts: ElementPanelParts;
  readonly #dock: PanelDock;
  #masks: readonly MaskLayer[];
  #frame: number | undefined;
  readonly #maskListeners = new Set<() => void>();
  readonly #frameListeners = new Set<() => void>();

  constructor(parts: ElementPanelParts) {
    this.#parts = parts;
    const { element, shadow, viewer, place } = parts;
    this.#masks = masksOf(viewer.state);
    this.#frame = frameOf(viewer.state);
    element.addEventListener('statechange', this.#onState);
    const buttons = new DockButtons();
    const panel = new AnnotationPanel(this.#host(), ...buttons.elements);
    this.#dock = new PanelDock({ shadow, host: element, place }, panel, buttons);
  }

  end(): void {
    this.#parts.element.removeEventListener('statechange', this.#onState);
    this.#dock.end();
  }

  #host(): PanelHost {
    const { layers, viewer, addFiles, reopen, locate } = this.#parts;
    const listen = (listeners: Set<() => void>, listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    };
    return {
      layers,
      addFiles,
      reopen,
      locate,
      maskTables: layers.masks,
      masks: () => this.#masks,
      setMask: (index, change) => {
        const mask = this.#masks[index];
        if (!mask) return;
        const { visible, outline, opacity } = { ...mask, ...change };
        if (change.threshold !== undefined) viewer.setLabelThreshold(index, change.threshold);
        else viewer.update((raw) => raw._setLabel(index, visible, outline, opacity));
      },
      onMasks: (listener) => listen(this.#maskListeners, listener),
      frame: () => this.#frame,
      onFrame: (listener) => listen(this.#frameListeners, listener),
    };
  }

  readonly #onState = (event: Event): void => {
    const state = (event as CustomEvent<ViewerState>).detail;
    const masks = masksOf(state);
    if (JSON.stringify(masks) !== JSON.stringify(this.#masks)) {
      this.#masks = masks;
      for (const listener of this.#maskListeners) listener();
    }
    const frame = frameOf(state);
    if (frame === this.#frame) return;
    this.#frame = frame;
    for (const listener of this.#frameListeners) listener();
  };
}

function frameOf({ axes = [] }: ViewerState): number | undefined {
  return axes.find(({ role, slider }) => slider && role === 't')?.position;
}
