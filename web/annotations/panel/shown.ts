// What the annotation panel asks of the layers that lie on the image. web/annotations/layers.ts is what
// it is in the viewer; the panel's tests have one of their own.

import type { AnnotationLayer, ColorBy, ImageContext, LayerFilter, LayerSpace, LayerStyle } from '../layer.ts';

/** One layer on the image. Setting a property redraws; 'change' of ShownLayers follows. */
export interface ShownLayer {
  readonly layer: AnnotationLayer;
  visible: boolean;
  /** 0 to 1, over line, fill and points together. */
  opacity: number;
  /** CSS pixels. */
  lineWidth: number;
  /** 0 to 1. */
  fillOpacity: number;
  /** CSS pixels across. */
  pointSize: number;
  /** Frames of a track that are drawn before the present one. */
  tail: number;
  colorBy: ColorBy;
  filter: LayerFilter;
  /** How the layer lies on the image; begins as layer.info.space. */
  transform: LayerSpace;
  /** Colours and legend as drawn; null until the worker has answered. */
  readonly style: LayerStyle | null;
}

export interface ObjectEvent {
  readonly layer: ShownLayer;
  /** Null: nothing is hovered over, or selected, any more. */
  readonly object: number | null;
}

/** The layers on one image, the topmost last. */
export interface ShownLayers {
  readonly layers: readonly ShownLayer[];
  /** Closes the layer too. */
  remove(layer: ShownLayer): void;
  /** To another place in `layers`. */
  move(layer: ShownLayer, index: number): void;
  /** Outlines the object; null: none. 'select' follows. */
  select(layer: ShownLayer, object: number | null): void;
  hover(layer: ShownLayer, object: number | null): void;
  /** Brings the object into view, with its frame and slice. */
  flyTo(layer: ShownLayer, object: number): Promise<void>;
  /** The open image, for the quality report and for what is placed by its size. */
  readonly image: ImageContext;
  /** Returns what ends it. */
  on(event: 'change', listener: () => void): () => void;
  on(event: 'hover' | 'select', listener: (event: ObjectEvent) => void): () => void;
}
