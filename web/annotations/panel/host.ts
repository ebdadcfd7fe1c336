// What is around the panel: the layers on the image, its masks, and what else the viewer can do for it.

import type { AnnotationLayersApi, LayerHandle } from '../handle.ts';
import type { ColorBy } from '../layer.ts';
import type { MaskColoring, MaskComparison } from '../mask_tables.ts';

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

/** Tables whose rows carry the ids of masks: MaskTables. */
export interface MaskTablesApi {
  tables(): readonly LayerHandle[];
  masks(): readonly { readonly index: number; readonly name: string }[];
  coloringOf(mask: number): MaskColoring | null;
  color(mask: number, layer: LayerHandle | null, colorBy?: ColorBy): void;
  compare(mask: number, table: LayerHandle, signal?: AbortSignal): Promise<MaskComparison>;
}

export interface PanelHost {
  readonly layers: AnnotationLayersApi;
  masks?(): readonly MaskLayer[];
  setMask?(index: number, change: Partial<Pick<MaskLayer, 'visible' | 'outline' | 'opacity' | 'threshold'>>): void;
  /** Returns what ends it. */
  onMasks?(listener: () => void): () => void;
  readonly maskTables?: MaskTablesApi;
  /** Reads a table again, with its columns in other parts; another layer takes the place of this one. */
  readonly reopen?: (layer: LayerHandle, mapping: Readonly<Record<string, string>>) => Promise<unknown>;
  /** Reads tracks again with the positions of their labels in a mask; another layer takes the place of this one. */
  readonly locate?: (layer: LayerHandle, mask: number) => Promise<unknown>;
  /** Files that the user chose, to be laid over the image. */
  addFiles?(files: readonly File[]): void;
  /** The frame that is shown, from 0; undefined: the image has no time. */
  frame?(): number | undefined;
  onFrame?(listener: () => void): () => void;
}
