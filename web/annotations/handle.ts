// What a page can do with the annotation layers of one viewer: layers.ts is behind it, the panel and the
// element are in front of it.

import type { AnnotationLayer, ColorBy, ImageContext, LabelBy, LayerFilter, LayerInfo, LayerSpace, Legend } from './layer.ts';

/** Row by row [xx, xy, x0, yx, yy, y0]: x' = xx x + xy y + x0, y' = yx x + yy y + y0. */
export type Affine = readonly [number, number, number, number, number, number];

export interface LayerSettings {
  readonly visible: boolean;
  /** 0 to 1, of the whole layer. */
  readonly opacity: number;
  /** Of lines and outlines, in CSS pixels. 0: no lines. */
  readonly lineWidth: number;
  /** Of the inside of polygons and boxes, 0 to 1. */
  readonly fillOpacity: number;
  /** Diameter of points, in CSS pixels. Where they are crowded they are drawn smaller. */
  readonly pointSize: number;
  /** Frames that links to earlier frames stay visible for; Infinity: all that were. */
  readonly tail: number;
  readonly colorBy: ColorBy;
  readonly filter: LayerFilter;
  /** What is written beside objects; null: nothing. Where they are crowded, only as much as there is room for. */
  readonly labelText: LabelBy | null;
  /** How layer coordinates lie on the image: what its file says, or what a person corrected. */
  readonly space: LayerSpace;
  /** Applied after that, in pixels of the image's finest level from its upper left corner. */
  readonly transform: Affine;
}

export interface LayerHandle extends LayerSettings {
  /** Unique in its viewer, never used again. */
  readonly id: number;
  readonly layer: AnnotationLayer;
  readonly info: LayerInfo;
  /** Of the colours as they are now; null until they have come. */
  readonly legend: Legend | null;
  /** Objects that the filter leaves; those of the layer until it is known. */
  readonly visibleCount: number;
  /** What is odd about where it is drawn ("The image does not say how large a pixel is …"); empty: nothing. */
  readonly placementNote: string;
  /** From its coordinates to pixels of the image's finest level, (0, 0) the corner of the first; null: no image yet. */
  readonly toPixels: Affine | null;
  /** All that it is drawn with has come; rejects where the layer could not be asked. */
  readonly ready: Promise<void>;
  /** Changes any of the settings; `change` follows, and again when new colours have come. */
  set(changes: Partial<LayerSettings>): void;
  /** Draws it above (positive) or below the layers that are there. */
  move(by: number): void;
  /** Takes it off the viewer and closes it. */
  remove(): void;
}

export interface PickedObject {
  readonly layer: LayerHandle;
  readonly object: number;
}

/** `change`: layers came, went or look different. `select`, `hover`: what is selected or pointed at is another. */
export interface AnnotationEventMap {
  change: CustomEvent<null>;
  select: CustomEvent<PickedObject | null>;
  hover: CustomEvent<PickedObject | null>;
}

export interface AnnotationLayersApi {
  /** From the lowest to the topmost. */
  readonly layers: readonly LayerHandle[];
  /** The open image; null before one is shown. */
  readonly image: ImageContext | null;
  readonly selection: PickedObject | null;
  readonly hovered: PickedObject | null;
  add(layer: AnnotationLayer, settings?: Partial<LayerSettings>): LayerHandle;
  /** The topmost, smallest object at a place on the canvas, in its device pixels. */
  pick(x: number, y: number): Promise<PickedObject | null>;
  select(picked: PickedObject | null): void;
  hover(picked: PickedObject | null): void;
  /** Moves the view to an object, to its frame and slice too, and zooms if it would be too small or too large. */
  flyTo(picked: PickedObject): Promise<void>;
  addEventListener<K extends keyof AnnotationEventMap>(type: K, listener: (event: AnnotationEventMap[K]) => void, options?: AddEventListenerOptions): void;
  removeEventListener<K extends keyof AnnotationEventMap>(type: K, listener: (event: AnnotationEventMap[K]) => void): void;
}
