// One annotation layer on a viewer: its settings, and what of it is on the GPU.

import type { ImageState } from '../state.ts';
import type { Viewer } from '../viewer.ts';
import type { Affine, LayerHandle, LayerSettings } from './handle.ts';
import {
  kBlockFloats, type AnnotationLayer, type ColorBy, type LabelBy, type LayerFilter, type LayerInfo, type LayerSpace, type Legend, type Rgb, type ShapeBuffers,
} from './layer.ts';
import { filledBuffer, filledLargeBuffer, filledTexture } from './layer_buffers.ts';
import { composed, kIdentity, placeLayer, type Placement } from './placement.ts';

const kPoints = 0;
const kLinks = 1;
const kStyle = 2;
const kExtents = 3;
type Piece = typeof kPoints | typeof kLinks | typeof kStyle | typeof kExtents;

/** Of layers without categories, by turns: Okabe and Ito's colours, for all eyes, the bright ones first. */
const kLayerColors: readonly Rgb[] = [[240, 228, 66], [86, 180, 233], [230, 159, 0], [0, 200, 150], [204, 121, 167], [213, 94, 0]];

export interface DrawnLayerHost {
  readonly viewer: Viewer;
  image(): ImageState | null;
  /** It looks different. */
  changed(): void;
  moved(layer: DrawnLayer, by: number): void;
  removed(layer: DrawnLayer): void;
}

/** Doubles as the core takes them. */
export function giveNumbers(viewer: Viewer, numbers: readonly number[]): void {
  viewer.give(new Uint8Array(Float64Array.from(numbers).buffer));
}

function defaultColors(info: LayerInfo, number: number): ColorBy {
  if (info.kind === 'tracks') return { kind: 'track' };
  if (info.categories.length > 0) return { kind: 'category' };
  if (info.kind === 'segmentation_mask') return { kind: 'instance' };
  return { kind: 'single', color: kLayerColors[(number - 1) % kLayerColors.length] ?? [240, 228, 66] };
}

export class DrawnLayer implements LayerHandle {
  readonly id: number;
  readonly layer: AnnotationLayer;
  readonly ready: Promise<void>;
  readonly #host: DrawnLayerHost;
  #settings: LayerSettings;
  /** The core's id of it; 0 before its blocks have come. */
  #raw = 0;
  #removed = false;
  #legend: Legend | null = null;
  #visibleCount: number;
  /** Kept for a context that gets lost, and to know what is hidden. */
  #colors: Uint8Array<ArrayBuffer> | null = null;
  #placement: Placement | null = null;
  /** Counts contexts: what was made for an earlier one is not handed over. */
  #context = 0;
  /** Counts requests for colours: only the last one's are shown. */
  #styling = 0;

  constructor(host: DrawnLayerHost, id: number, layer: AnnotationLayer, settings: Partial<LayerSettings>) {
    this.#host = host;
    this.id = id;
    this.layer = layer;
    const { info } = layer;
    this.#visibleCount = info.count;
    this.#settings = {
      visible: true,
      opacity: 1,
      lineWidth: 1.5,
      fillOpacity: info.kind === 'segmentation_mask' ? 0.35 : 0.15,
      pointSize: 8,
      tail: 10,
      colorBy: defaultColors(info, id),
      filter: {},
      labelText: null,
      space: info.space,
      transform: kIdentity,
      ...settings,
    };
    this.ready = this.#load();
    // Whoever cares awaits it; nobody has to.
    this.ready.catch(() => undefined);
  }

  get info(): LayerInfo {
    return this.layer.info;
  }
  get visible(): boolean {
    return this.#settings.visible;
  }
  get opacity(): number {
    return this.#settings.opacity;
  }
  get lineWidth(): number {
    return this.#settings.lineWidth;
  }
  get fillOpacity(): number {
    return this.#settings.fillOpacity;
  }
  get pointSize(): number {
    return this.#settings.pointSize;
  }
  get tail(): number {
    return this.#settings.tail;
  }
  get colorBy(): ColorBy {
    return this.#settings.colorBy;
  }
  get filter(): LayerFilter {
    return this.#settings.filter;
  }
  get labelText(): LabelBy | null {
    return this.#settings.labelText;
  }
  get space(): LayerSpace {
    return this.#settings.space;
  }
  get transform(): Affine {
    return this.#settings.transform;
  }
  get legend(): Legend | null {
    return this.#legend;
  }
  get visibleCount(): number {
    return this.#visibleCount;
  }
  get placementNote(): string {
    return this.#placement?.note ?? '';
  }

  get toPixels(): Affine | null {
    return this.#placement?.toPixels ?? null;
  }

  /** The core's id; 0 before it can be drawn. */
  get raw(): number {
    return this.#raw;
  }
  get placement(): Placement | null {
    return this.#placement;
  }
  /** Whether the filter leaves it. */
  shows(object: number): boolean {
    return this.#colors === null || this.#colors[object * 4 + 3] !== 0;
  }

  set(changes: Partial<LayerSettings>): void {
    if (this.#removed) return;
    this.#settings = { ...this.#settings, ...changes };
    this.#giveSettings();
    if (changes.space || changes.transform) this.place();
    // A worker that ended: the layer stays as it looks.
    if (changes.colorBy || changes.filter) this.#restyle().catch(() => undefined);
    this.#host.changed();
  }

  move(by: number): void {
    if (!this.#removed) this.#host.moved(this, by);
  }

  remove(): void {
    if (this.#removed) return;
    this.#removed = true;
    if (this.#raw) this.#host.viewer.update((raw) => raw._removeVectors(this.#raw));
    this.#raw = 0;
    this.layer.close();
    this.#host.removed(this);
  }

  /** The image is another, or the layer lies elsewhere on it. */
  place(): void {
    const image = this.#host.image();
    if (!image) return;
    this.#placement = placeLayer(this.space, this.transform, image, this.info.bounds);
    if (!this.#raw) return;
    const [x, y] = this.info.origin;
    const { toPixels, sliceScale, sliceOffset } = this.#placement;
    giveNumbers(this.#host.viewer, [...composed(toPixels, [1, 0, x, 0, 1, y]), sliceScale, sliceOffset]);
    this.#host.viewer.update((raw) => raw._setVectorPlacement(this.#raw));
  }

  /** What was in the last context is gone. */
  contextReady(): void {
    this.#context += 1;
    if (this.#raw) void this.#fill().catch(() => undefined);
  }

  async requestShapes(block: number): Promise<void> {
    const raw = this.#raw;
    const context = this.#context;
    const { viewer } = this.#host;
    const gone = (): boolean => this.#removed || context !== this.#context;
    try {
      const shapes = await this.layer.shapes(block);
      if (gone()) return;
      const bytes = shapes.lines.byteLength + shapes.fill.byteLength + shapes.markers.byteLength;
      if (!viewer.call((core) => core._shapesReady(raw, block, bytes))) return;
      giveNumbers(viewer, filledParts(viewer, shapes));
      viewer.update((core) => core._shapesFilled(raw, block));
    } catch {
      if (!gone()) viewer.update((core) => core._shapesFailed(raw, block));
    }
  }

  async #load(): Promise<void> {
    const blocks = await this.layer.blocks();
    if (this.#removed) return;
    const { viewer } = this.#host;
    const { frames } = this.info;
    const bytes = new Uint8Array(blocks.table.buffer, blocks.table.byteOffset, blocks.count * kBlockFloats * 4);
    viewer.give(bytes);
    this.#raw = viewer.call((raw) => raw._addVectors(frames ? frames[1] - frames[0] + 1 : 1));
    this.place();
    this.#giveSettings();
    this.#host.moved(this, 0);
    await this.#fill();
  }

  // All that is drawn with besides the shapes of blocks, which the core asks for by itself.
  async #fill(): Promise<void> {
    const context = this.#context;
    const wanted = (): boolean => !this.#removed && context === this.#context;
    const { viewer } = this.#host;
    const { info } = this;
    const hand = (piece: Piece, name: number | null, count: number): void => {
      if (name !== null && wanted()) viewer.update((raw) => raw._setVectorPiece(this.#raw, piece, name, count));
    };
    const extents = async (): Promise<void> => {
      const values = info.frames || info.slices ? await this.layer.extents() : null;
      if (values && wanted()) hand(kExtents, await filledTexture(viewer, values, wanted), 0);
    };
    const points = async (): Promise<void> => {
      const { buffer, count } = await this.layer.points();
      if (wanted()) hand(kPoints, await filledLargeBuffer(viewer, buffer, wanted), count);
    };
    const links = async (): Promise<void> => {
      if (info.links === 0) return;
      const { buffer, count } = await this.layer.links();
      if (wanted()) hand(kLinks, await filledLargeBuffer(viewer, buffer, wanted), count);
    };
    // With its colours a layer is drawn: not before it is known what is on this frame.
    await Promise.all([extents(), points()]);
    await Promise.all([this.#colors ? this.#giveColors(this.#colors) : this.#restyle(), links()]);
  }

  #giveSettings(): void {
    if (!this.#raw) return;
    const { visible, opacity, lineWidth, fillOpacity, pointSize, tail } = this.#settings;
    giveNumbers(this.#host.viewer, [opacity, lineWidth, fillOpacity, pointSize, Math.min(tail, 1e9)]);
    this.#host.viewer.update((raw) => raw._setVectorSettings(this.#raw, visible));
  }

  async #restyle(): Promise<void> {
    const styling = ++this.#styling;
    const style = await this.layer.style(this.colorBy, this.filter).catch((error: unknown) => {
      // A column that this file does not have, though the one for the image before had it.
      if (this.#removed || this.colorBy.kind !== 'column') throw error;
      this.#settings = { ...this.#settings, colorBy: defaultColors(this.info, this.id) };
      return this.layer.style(this.colorBy, this.filter);
    });
    if (this.#removed || styling !== this.#styling) return;
    this.#colors = style.colors;
    this.#legend = style.legend;
    this.#visibleCount = style.visible;
    await this.#giveColors(style.colors);
    this.#host.changed();
  }

  async #giveColors(colors: Uint8Array<ArrayBuffer>): Promise<void> {
    if (!this.#raw) return;
    const context = this.#context;
    const wanted = (): boolean => !this.#removed && context === this.#context && colors === this.#colors;
    const { viewer } = this.#host;
    const name = await filledTexture(viewer, colors, wanted);
    if (name !== null && wanted()) viewer.update((raw) => raw._setVectorPiece(this.#raw, kStyle, name, 0));
  }
}

/** Buffers and counts of lines, fill and markers. */
export function filledParts(viewer: Viewer, shapes: ShapeBuffers): number[] {
  return [
    filledBuffer(viewer, shapes.lines), shapes.lineCount,
    filledBuffer(viewer, shapes.fill), shapes.fillCount,
    filledBuffer(viewer, shapes.markers), shapes.markerCount,
  ];
}
