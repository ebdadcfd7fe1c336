// The annotation layers of a viewer: what is drawn, pointed at and selected. Loaded with the first
// annotation. It asks the layers' workers for buffers and hands them to the core, which decides what of
// them is drawn (src/view/vector_layers.h).

import type { AnnotationState, ImageState, ViewerState } from '../state.ts';
import type { Viewer, ViewerAnnotations } from '../viewer.ts';
import { DrawnLayer, filledParts, giveNumbers } from './drawn_layer.ts';
import type { AnnotationEventMap, AnnotationLayersApi, LayerHandle, LayerSettings, PickedObject } from './handle.ts';
import type { AnnotationLayer, ImageContext, ObjectDetails } from './layer.ts';
import { filledBuffer } from './layer_buffers.ts';
import { LabelOverlay, type ShownView } from './label_overlay.ts';
import { listenForPicks } from './layer_input.ts';
import { MaskTables } from './mask_tables.ts';
import { applied, boxAround, composed, imageContext, inverted, kIdentity, scaleOf } from './placement.ts';

const kHovered = 0;
const kSelected = 1;
type Which = typeof kHovered | typeof kSelected;

/** How far from the pointer an object may be, in CSS pixels. */
const kReach = 4;
/** An object that is flown to is shown between these shares of the canvas; below the first, closer. */
const kSmallestShare = 0.04;
const kLargestShare = 0.6;
const kWantedShare = 0.25;

export class AnnotationLayers implements AnnotationLayersApi, ViewerAnnotations {
  readonly #viewer: Viewer;
  readonly #events = new EventTarget();
  readonly #stopListening: () => void;
  #layers: DrawnLayer[] = [];
  #nextId = 1;
  #image: ImageState | null = null;
  #imageKey = '';
  #address = '';
  #selection: PickedObject | null = null;
  #hovered: PickedObject | null = null;
  /** Counts highlights: an outline that comes late is not shown. */
  readonly #highlights: [number, number] = [0, 0];
  #ended = false;
  /** Made with the first layer that has texts. */
  #labels: LabelOverlay | null = null;
  /** Which masks are coloured by which tables. */
  readonly masks: MaskTables;

  /** The one of this viewer, made when it is first asked for. */
  static of(viewer: Viewer): AnnotationLayers {
    if (viewer.annotations instanceof AnnotationLayers) return viewer.annotations;
    return new AnnotationLayers(viewer);
  }

  private constructor(viewer: Viewer) {
    this.#viewer = viewer;
    this.masks = new MaskTables({ viewer, layers: () => this.#layers, changed: () => this.#changed() });
    viewer.annotations = this;
    this.#stopListening = listenForPicks(viewer, this);
    this.#takeImage(viewer.state);
  }

  get layers(): readonly DrawnLayer[] {
    return this.#layers;
  }

  get image(): ImageContext | null {
    return this.#image && imageContext(this.#image, this.#address);
  }

  get selection(): PickedObject | null {
    return this.#selection;
  }

  get hovered(): PickedObject | null {
    return this.#hovered;
  }

  add(layer: AnnotationLayer, settings: Partial<LayerSettings> = {}): LayerHandle {
    const host = {
      viewer: this.#viewer,
      image: () => this.#image,
      changed: () => {
        this.masks.refresh();
        this.#changed();
      },
      moved: (moved: DrawnLayer, by: number) => this.#moved(moved, by),
      removed: (removed: DrawnLayer) => this.#removed(removed),
    };
    const drawn = new DrawnLayer(host, this.#nextId++, layer, settings);
    this.#layers = [...this.#layers, drawn];
    this.#changed();
    return drawn;
  }

  addEventListener<K extends keyof AnnotationEventMap>(type: K, listener: (event: AnnotationEventMap[K]) => void, options?: AddEventListenerOptions): void {
    this.#events.addEventListener(type, listener as EventListener, options);
  }

  removeEventListener<K extends keyof AnnotationEventMap>(type: K, listener: (event: AnnotationEventMap[K]) => void): void {
    this.#events.removeEventListener(type, listener as EventListener);
  }

  // --- pointing and selecting

  async pick(x: number, y: number): Promise<PickedObject | null> {
    const view = this.#view();
    if (!view) return null;
    for (const layer of [...this.#layers].reverse()) {
      const { placement } = layer;
      const back = placement && inverted(composed(view.toDevice, placement.toPixels));
      if (!layer.visible || layer.opacity <= 0 || !back || !placement) continue;
      const [layerX, layerY] = applied(back, x, y);
      const hasPoints = (layer.info.shapes['point'] ?? 0) + (layer.info.shapes['mixed'] ?? 0) > 0;
      const reach = Math.max(kReach, hasPoints ? layer.pointSize / 2 : layer.lineWidth / 2);
      const found = await layer.layer.pick({
        x: layerX,
        y: layerY,
        radius: reach * (globalThis.devicePixelRatio || 1) * scaleOf(back),
        ...(Number.isFinite(view.frame) ? { frame: view.frame } : {}),
        ...(Number.isFinite(view.slice) ? { slice: view.slice * placement.sliceScale + placement.sliceOffset } : {}),
      });
      // What was removed meanwhile is not there to be picked.
      if (found[0] !== undefined && this.#layers.includes(layer)) return { layer, object: found[0] };
    }
    return this.masks.rowUnderPointer();
  }

  select(picked: PickedObject | null): void {
    if (same(picked, this.#selection)) return;
    this.#selection = picked;
    void this.#highlight(kSelected, picked);
    this.#tell('select', picked);
  }

  hover(picked: PickedObject | null): void {
    if (same(picked, this.#hovered)) return;
    this.#hovered = picked;
    void this.#highlight(kHovered, picked);
    this.#tell('hover', picked);
  }

  /** The next object of the selected layer (or of the topmost one) that its filter leaves; selects it and goes there. */
  async step(by: 1 | -1): Promise<void> {
    const layer = (this.#selection?.layer ?? this.#layers.findLast(({ visible }) => visible)) as DrawnLayer | undefined;
    if (!layer || layer.info.count === 0) return;
    const { count } = layer.info;
    let object = this.#selection ? this.#selection.object : by > 0 ? -1 : count;
    for (let tried = 0; tried < count; ++tried) {
      object = (object + by + count) % count;
      if (!layer.shows(object)) continue;
      this.select({ layer, object });
      return this.flyTo({ layer, object });
    }
  }

  async flyTo({ layer, object }: PickedObject): Promise<void> {
    const drawn = this.#layers.find(({ id }) => id === layer.id);
    const details = await drawn?.layer.details(object);
    if (!drawn || !details || this.#ended) return;
    const inMask = details.bounds ? null : this.masks.placeOf(drawn, details);
    this.#goTo(inMask ? { ...details, slices: inMask.slice === null ? null : [inMask.slice, inMask.slice] } : details, drawn);
    const view = this.#view();
    const bounds = details.bounds ?? inMask?.bounds;
    const toPixels = inMask ? kIdentity : drawn.placement?.toPixels;
    if (!bounds || !toPixels || !view) return;
    const state = this.#viewer.state.view;
    if (!state) return;
    const { canvas } = this.#viewer.graphics;
    const box = boxAround(composed(view.toDevice, toPixels), bounds);
    const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    const share = Math.max((box[2] - box[0]) / canvas.width, (box[3] - box[1]) / canvas.height);
    // Points have no size of their own: pixels of the image are shown at least as large as the screen's.
    const factor = share > kLargestShare || (share > 0 && share < kSmallestShare)
      ? share / kWantedShare
      : share > 0 ? 1 : Math.min(1, scaleOf(view.toDevice));
    const u = state.center[0] + (x - canvas.width / 2) * state.worldPerPixel;
    const v = state.center[1] + (y - canvas.height / 2) * state.worldPerPixel;
    this.#viewer.update((raw) => raw._lookAt(u, v, state.worldPerPixel * factor));
  }

  // To a frame and slice that it is on, if it is not on these.
  #goTo(details: ObjectDetails, drawn: DrawnLayer): void {
    const axes = this.#viewer.state.axes ?? [];
    const placement = drawn.placement;
    const go = (role: 't' | 'z', range: readonly [number, number] | null, toIndex: (value: number) => number): void => {
      const axis = axes.findIndex((each) => each.role === role);
      const found = axes[axis];
      if (!range || !found || found.size <= 1) return;
      const [first, last] = [toIndex(range[0]), toIndex(range[1])].map(Math.round).sort((a, b) => a - b) as [number, number];
      // NaN where it is on all of them.
      if (!(first > found.position) && !(last < found.position)) return;
      const index = first > found.position ? first : last;
      this.#viewer.update((raw) => raw._setPosition(axis, index));
    };
    go('t', details.frames, (frame) => frame);
    go('z', details.slices, (slice) => (placement ? (slice - placement.sliceOffset) / placement.sliceScale : slice));
  }

  /** All off, or, if none is on, all on. */
  toggle(): void {
    const on = !this.#layers.some(({ visible }) => visible);
    for (const layer of this.#layers) layer.set({ visible: on });
  }

  async #highlight(which: Which, picked: PickedObject | null): Promise<void> {
    const asked = ++this.#highlights[which];
    const layer = this.#layers.find(({ id }) => id === picked?.layer.id);
    const shapes = layer && picked ? await layer.layer.outline(picked.object).catch(() => null) : null;
    if (this.#ended || asked !== this.#highlights[which]) return;
    const { raw: id = 0 } = layer ?? {};
    if (!shapes || !id || !picked) {
      this.#viewer.give(new Uint8Array(0));
      this.#viewer.update((raw) => raw._setHighlight(which, 0, 0, 0));
      return;
    }
    const point = pointAround(shapes, picked.object);
    const place = point ? filledBuffer(this.#viewer, point.bytes) : 0;
    giveNumbers(this.#viewer, filledParts(this.#viewer, shapes));
    this.#viewer.update((raw) => raw._setHighlight(which, id, point?.half ?? 0, place));
  }

  // --- the viewer's side (ViewerAnnotations)

  requestShapes(id: number, block: number): void {
    const layer = this.#layers.find(({ raw }) => raw === id);
    if (layer) void layer.requestShapes(block);
    else this.#viewer.update((raw) => raw._shapesFailed(id, block));
  }

  contextReady(): void {
    for (const layer of this.#layers) layer.contextReady();
    void this.#highlight(kSelected, this.#selection);
    void this.#highlight(kHovered, this.#hovered);
  }

  stateChanged(state: ViewerState): void {
    this.#takeImage(state);
    this.masks.take(state);
  }

  drawn(): void {
    const labelled = this.#layers.filter(({ labelText }) => labelText);
    if (labelled.length > 0) this.#labels ??= new LabelOverlay(this.#viewer, () => this.#view());
    this.#labels?.refresh(labelled);
  }

  states(): readonly AnnotationState[] {
    return this.#layers.map(({ id, info, visible, visibleCount }) => ({
      id, name: info.name, kind: info.kind, visible, count: info.count, visibleCount,
    }));
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stopListening();
    this.#labels?.end();
    for (const { layer } of this.#layers) layer.close();
    this.#layers = [];
  }

  // --- ours

  #takeImage({ image, name }: ViewerState): void {
    this.#address = name;
    if (!image) return;
    const key = JSON.stringify(image);
    if (key === this.#imageKey) return;
    this.#imageKey = key;
    this.#image = image;
    for (const layer of this.#layers) layer.place();
  }

  #view(): ShownView | null {
    const pointer = this.#ended ? 0 : this.#viewer.call((raw) => raw._imageMap());
    if (!pointer) return null;
    const [xx = 1, xy = 0, x0 = 0, yx = 0, yy = 1, y0 = 0, frame = NaN, slice = NaN] = this.#viewer.numbersAt(pointer, 8);
    return { toDevice: [xx, xy, x0, yx, yy, y0], frame, slice };
  }

  #moved(layer: DrawnLayer, by: number): void {
    const from = this.#layers.indexOf(layer);
    const to = Math.min(Math.max(from + by, 0), this.#layers.length - 1);
    if (from < 0) return;
    const layers = this.#layers.filter((each) => each !== layer);
    layers.splice(to, 0, layer);
    this.#layers = layers;
    giveNumbers(this.#viewer, layers.map(({ raw }) => raw).filter((raw) => raw > 0));
    this.#viewer.update((raw) => raw._setVectorOrder());
    if (from !== to) this.#changed();
  }

  #removed(layer: DrawnLayer): void {
    this.#layers = this.#layers.filter((each) => each !== layer);
    if (this.#selection?.layer === layer) this.select(null);
    if (this.#hovered?.layer === layer) this.hover(null);
    this.masks.refresh();
    this.#changed();
  }

  #changed(): void {
    if (this.#ended) return;
    this.#tell('change', null);
    this.#viewer.announce();
  }

  #tell<K extends keyof AnnotationEventMap>(type: K, detail: AnnotationEventMap[K]['detail']): void {
    this.#events.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function same(a: PickedObject | null, b: PickedObject | null): boolean {
  return a?.layer === b?.layer && a?.object === b?.object;
}

/** The middle of an object's bounds as a PointBuffer's record, and half its longer edge. */
function pointAround({ lines, lineCount, markers, markerCount }: { readonly lines: ArrayBuffer; readonly lineCount: number; readonly markers: ArrayBuffer; readonly markerCount: number }, object: number): { readonly bytes: ArrayBuffer; readonly half: number } | null {
  const xs: number[] = [];
  const ys: number[] = [];
  const read = (buffer: ArrayBuffer, count: number, words: number, pairs: number): void => {
    const floats = new Float32Array(buffer);
    for (let i = 0; i < count; ++i) {
      for (let pair = 0; pair < pairs; ++pair) {
        xs.push(floats[i * words + 2 * pair] ?? 0);
        ys.push(floats[i * words + 2 * pair + 1] ?? 0);
      }
    }
  };
  read(lines, lineCount, 5, 2);
  read(markers, markerCount, 3, 1);
  if (xs.length === 0) return null;
  const range = (values: readonly number[]): [number, number] => values.reduce<[number, number]>(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  const [x0, x1] = range(xs);
  const [y0, y1] = range(ys);
  const half = Math.max(x1 - x0, y1 - y0) / 2;
  const bytes = new ArrayBuffer(16);
  new Float32Array(bytes).set([(x0 + x1) / 2, (y0 + y1) / 2, half]);
  new Uint32Array(bytes)[3] = object;
  return { bytes, half };
}
