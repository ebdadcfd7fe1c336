// What the page knows of an annotation layer, and what it can ask of the worker that holds it. The
// worker (annotation_worker.ts, over annotation.wasm) keeps all objects; the page gets what it draws and shows.

import type { DatasetIssue } from '../state.ts';

export type LayerKind =
  | 'point_annotations'
  | 'bounding_boxes'
  | 'geometrical_annotations'
  | 'segmentation_mask'
  | 'tracks'
  | 'graphs'
  | 'class_labels'
  | 'counts';

export type Rgb = readonly [number, number, number];

export interface CategoryInfo {
  readonly name: string;
  readonly id: string;
  readonly count: number;
  /** Given by the file, or a stable colour-blind-safe one. */
  readonly color: Rgb;
}

export interface ColumnInfo {
  readonly name: string;
  readonly type: 'number' | 'integer' | 'text';
  readonly role: '' | 'id' | 'label' | 'score' | 'track' | 'parent' | 'instance' | 'image' | 'split' | 'count';
  readonly unit: string;
  /** Objects that have a value. */
  readonly present: number;
  /** Numbers: the range. */
  readonly min?: number;
  readonly max?: number;
  /** Texts: how many different ones (counted up to 1000), and the most frequent (at most 50). */
  readonly distinct?: number;
  readonly values?: readonly { readonly text: string; readonly count: number }[];
}

/** How layer coordinates lie on the image; see Space in src/annotation/layer.h. */
export interface LayerSpace {
  readonly unit: 'pixel' | 'physical' | 'normalized';
  readonly unitName: string;
  /** (0, 0) is the corner of the first pixel (true) or its centre. */
  readonly corner: boolean;
  /** [xx, xy, x0, yx, yy, y0] applied to the coordinates first. */
  readonly affine: readonly [number, number, number, number, number, number];
  readonly depthIsPhysical: boolean;
}

export interface LayerInfo {
  readonly name: string;
  readonly file: string;
  readonly format: string;
  readonly formatTitle: string;
  readonly kind: LayerKind;
  /** Objects, and how many of each shape ("point", "box", "line", "polygon", "mixed", "none"). */
  readonly count: number;
  readonly shapes: Readonly<Record<string, number>>;
  /** [x0, y0, x1, y1] in layer coordinates; null without geometry. */
  readonly bounds: readonly [number, number, number, number] | null;
  readonly space: LayerSpace;
  readonly categories: readonly CategoryInfo[];
  readonly columns: readonly ColumnInfo[];
  /** First and last frame / slice of any object; null: objects are on all. */
  readonly frames: readonly [number, number] | null;
  readonly slices: readonly [number, number] | null;
  /** The column of whole numbers that says which of a mask's ids a row is about; empty: none. */
  readonly maskIds: string;
  readonly links: number;
  /** Objects with two or more links to later ones. */
  readonly divisions: number;
  /** Tables: the column that plays each part that was recognised; AnnotationOptions.mapping corrects it. */
  readonly mapping: Readonly<Record<string, string>>;
  /** Tables: all columns, for a choice of them. */
  readonly tableColumns: readonly string[];
  /** Objects of other images in the file; names of the images it speaks of. */
  readonly elsewhere: number;
  readonly images: readonly string[];
  readonly issues: readonly DatasetIssue[];
  readonly issuesUntold: number;
  /** Added to every coordinate of the buffers below. */
  readonly origin: readonly [number, number];
}

/**
 * All objects as points, in spatial order (a block's objects lie together): 16 bytes each, little-endian:
 * float32 x, y (centre of its bounds), float32 half (half the longer edge of its bounds), uint32 object.
 * Objects without geometry are left out. The caller owns the buffer.
 */
export interface PointBuffer {
  readonly buffer: ArrayBuffer;
  readonly count: number;
}

/** Of each block 10 float32: x0, y0, x1, y1 (of all its objects' bounds), median and largest `half`, first point, points, first and last frame (infinite: on all). */
export interface BlockTable {
  readonly table: Float32Array<ArrayBuffer>;
  readonly count: number;
}
export const kBlockFloats = 10;

/** The exact shapes of one block's objects. */
export interface ShapeBuffers {
  /** Segments: float32 x0, y0, x1, y1, uint32 object: 20 bytes each. */
  readonly lines: ArrayBuffer;
  readonly lineCount: number;
  /** Triangles' corners: float32 x, y, uint32 object: 12 bytes each. */
  readonly fill: ArrayBuffer;
  readonly fillCount: number;
  /** Corners of kPoints parts, drawn as markers of a fixed size: float32 x, y, uint32 object: 12 bytes each. */
  readonly markers: ArrayBuffer;
  readonly markerCount: number;
}

/** Links of tracks and graphs: float32 x0, y0, x1, y1, frame of the one end, of the other (NaN: none), uint32 object (the later one): 28 bytes each. */
export interface LinkBuffer {
  readonly buffer: ArrayBuffer;
  readonly count: number;
}

/** What an object is coloured by. */
export type ColorBy =
  | { readonly kind: 'category' }
  | { readonly kind: 'instance' }
  | { readonly kind: 'track' }
  | { readonly kind: 'single'; readonly color: Rgb }
  | { readonly kind: 'column'; readonly column: string };

/** What is written beside an object on the image. */
export type LabelBy =
  | { readonly kind: 'category' }
  /** The file's id, else the object's number from 1. */
  | { readonly kind: 'id' }
  | { readonly kind: 'track' }
  | { readonly kind: 'column'; readonly column: string };

export interface LabelQuery {
  readonly by: LabelBy;
  /** In view: [x0, y0, x1, y1] in layer coordinates. */
  readonly box: readonly [number, number, number, number];
  /** Room for one label, in layer coordinates: of each cell of this size its largest object is told. */
  readonly cell: readonly [number, number];
  readonly frame?: number | undefined;
  readonly slice?: number | undefined;
}

export interface ObjectLabel {
  readonly object: number;
  /** The middle of its bounds, and half their longer edge, in layer coordinates. */
  readonly x: number;
  readonly y: number;
  readonly half: number;
  readonly text: string;
}

/** Colours of a mask's ids by a table's rows. */
export interface MaskColors {
  /** Of each id three words: low, high, 0xAABBGGRR; alpha 0: its row is filtered out. */
  readonly words: Uint32Array<ArrayBuffer>;
  readonly legend: Legend;
  /** Rows whose id an earlier row of the frame has. */
  readonly repeated: number;
}

/** What a mask and a table do not agree on. Lists have at most 1000 entries. */
export interface MaskDifference {
  readonly idCount: number;
  /** In the mask, without a row. */
  readonly ids: readonly string[];
  readonly objectCount: number;
  /** Rows whose ids the mask does not have. */
  readonly objects: readonly number[];
}

export interface LayerFilter {
  /** Indices of categories that are hidden; -1: objects without one. */
  readonly hidden?: readonly number[];
  /** Numbers within [min, max], both included. Objects without a value are hidden. */
  readonly ranges?: readonly { readonly column: string; readonly min: number; readonly max: number }[];
  /** Texts (of a text column) that are hidden. */
  readonly hiddenTexts?: readonly { readonly column: string; readonly texts: readonly string[] }[];
}

export interface LegendEntry {
  readonly label: string;
  readonly color: Rgb;
  readonly count: number;
}

export interface Legend {
  readonly title: string;
  /** Discrete colours; or a ramp from min to max in `ramp`'s colours. */
  readonly entries: readonly LegendEntry[];
  readonly ramp?: { readonly min: number; readonly max: number; readonly colors: readonly Rgb[] };
}

/** RGBA of every object (4 bytes, by object number); alpha 0: filtered out. */
export interface LayerStyle {
  readonly colors: Uint8Array<ArrayBuffer>;
  readonly legend: Legend;
  /** Objects that are not filtered out. */
  readonly visible: number;
}

/** First and last frame, first and last slice of every object (4 float32, by object number); null: all on all. */
export type LayerExtents = Float32Array<ArrayBuffer> | null;

export interface PickQuery {
  /** Layer coordinates, and how far around them, in the same. */
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly frame?: number | undefined;
  readonly slice?: number | undefined;
}

export interface ObjectDetails {
  readonly object: number;
  readonly shape: string;
  readonly category: string;
  readonly bounds: readonly [number, number, number, number] | null;
  readonly frames: readonly [number, number] | null;
  readonly slices: readonly [number, number] | null;
  /** Area of polygons and boxes, length of lines, in layer coordinates; 0 for points. */
  readonly area: number;
  readonly length: number;
  readonly properties: readonly { readonly name: string; readonly value: string; readonly unit: string }[];
  readonly place: { readonly file: string; readonly line: number; readonly pointer: string };
  /** Objects it comes from, and that come from it. */
  readonly parents: readonly number[];
  readonly children: readonly number[];
}

export interface TableQuery {
  /** A column's name, or '#' (object number), 'category', 'shape', 'area', 'frame'. */
  readonly sort?: string;
  readonly descending?: boolean;
  /** Texts that a row must contain, without case, in any column. */
  readonly search?: string;
  /** Only what the layer's filter leaves. Default true. */
  readonly filtered?: boolean;
  /** Only these objects (an entry of the quality report). */
  readonly only?: readonly number[];
}

export interface TableRow {
  readonly object: number;
  /** In the order of TableResult.columns. */
  readonly cells: readonly string[];
}

export interface TableResult {
  readonly total: number;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
  /** Of the object `find` in the sorted rows, -1 if it is not among them. */
  readonly found: number;
}

export interface QualityEntry {
  /** Stable id, e.g. "annotation/outside-image". */
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly title: string;
  readonly message: string;
  readonly count: number;
  /** At most 1000 of the objects. */
  readonly objects: readonly number[];
}

export interface QualityReport {
  readonly classes: readonly { readonly name: string; readonly count: number; readonly color: Rgb }[];
  /** Histogram of sizes (area of shapes, else none): edges has one more than counts. Units: pixels², unless physical. */
  readonly sizes: { readonly unit: string; readonly edges: readonly number[]; readonly counts: readonly number[]; readonly median: number } | null;
  /** Share of the image (0 to 1) that shapes cover; null where it cannot be told. */
  readonly coverage: number | null;
  readonly entries: readonly QualityEntry[];
}

/** The open image, in what annotations need of it; see ImageContext in src/annotation/format.h. */
export interface ImageContext {
  readonly names: readonly string[];
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly frames: number;
  readonly pixelWidth: number;
  readonly pixelHeight: number;
  readonly sliceDistance: number;
  readonly unit: string;
}

/** The parts that a table's columns can play, in the order to offer them: keys of a mapping. */
export const kTableParts = [
  'x', 'y', 'z', 'frame', 'xmin', 'ymin', 'xmax', 'ymax', 'xcenter', 'ycenter', 'width', 'height', 'group', 'label',
  'score', 'id', 'track', 'parent', 'instance', 'image', 'split', 'count',
] as const;

export interface AnnotationOptions {
  readonly image: ImageContext;
  /** Id of a format, to skip recognising it. */
  readonly format?: string;
  /** Tables: which column plays which part, as a user corrected it (kTableParts → a column's name, '' for none). */
  readonly mapping?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly bytes: number; readonly total: number | null; readonly objects: number }) => void;
}

/** An open layer. Every call is answered by the worker; after close() calls reject with code 'aborted'. */
export interface AnnotationLayer {
  readonly info: LayerInfo;
  blocks(): Promise<BlockTable>;
  points(): Promise<PointBuffer>;
  shapes(block: number): Promise<ShapeBuffers>;
  links(): Promise<LinkBuffer>;
  extents(): Promise<LayerExtents>;
  style(colorBy: ColorBy, filter: LayerFilter): Promise<LayerStyle>;
  /** Objects at a place, the smallest first (at most 16). Filtered ones are left out. */
  pick(query: PickQuery): Promise<readonly number[]>;
  /** One object's shape, whatever block it is in. */
  outline(object: number): Promise<ShapeBuffers>;
  details(object: number): Promise<ObjectDetails>;
  /** Rows `from` to `from + count` of the sorted table. `find`: an object whose row is looked for. */
  /** `signal` ends the sorting of many rows, which is done bit by bit: other calls are answered in between. */
  table(query: TableQuery, from: number, count: number, find?: number, signal?: AbortSignal): Promise<TableResult>;
  /** Texts of objects in view, the largest objects first (at most 400). Filtered ones are left out. */
  labels(query: LabelQuery): Promise<readonly ObjectLabel[]>;
  /** For a layer whose info has maskIds. `frame`: the one that is shown, where the image has any. */
  maskColors(colorBy: ColorBy, frame: number | undefined): Promise<MaskColors>;
  /** The row of a mask's id; -1: none. */
  maskObject(id: string, frame: number | undefined): Promise<number>;
  maskDifference(ids: readonly string[], frame: number | undefined): Promise<MaskDifference>;
  quality(image: ImageContext): Promise<QualityReport>;
  close(): void;
}
