// What is around the panel: the layers on the image, its masks, and what else the viewer can do for it.

import type { AnnotationLayersApi, LayerHandle } from '../handle.ts';

/** A mask image (OME-Zarr label, TIFF …) over the image; drawn by the viewer itself. */
export interface MaskLayer {
  readonly name: string;
  readonly visible: boolean;
  readonly outline: boolean;
  readonly opacity: number;
  /** Probability maps: what counts as inside, 0 to 1 of `range`. */
  readonly threshold?: number;
  readonly range?: readonly [number, number];
}

export interface PanelHost {
  readonly layers: AnnotationLayersApi;
  masks?(): readonly MaskLayer[];
  setMask?(index: number, change: Partial<Pick<MaskLayer, 'visible' | 'outline' | 'opacity' | 'threshold'>>): void;
  /** Returns what ends it. */
  onMasks?(listener: () => void): () => void;
  /** Reads a table again, with its columns in other parts; another layer takes the place of this one. */
  readonly reopen?: (layer: LayerHandle, mapping: Readonly<Record<string, string>>) => Promise<unknown>;
  /** Files that the user chose, to be laid over the image. */
  addFiles?(files: readonly File[]): void;
  /** The frame that is shown, from 0; undefined: the image has no time. */
  frame?(): number | undefined;
  onFrame?(listener: () => void): () => void;
}
