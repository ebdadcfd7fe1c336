// Annotation layers without a worker and without a viewer, for the panel: objects that follow from
// their numbers, and a record of what was asked.

import type { AnnotationEventMap, AnnotationLayersApi, LayerHandle, LayerSettings, PickedObject } from '../../web/annotations/handle.ts';
import type { AnnotationLayer, ColorBy, ImageContext, LayerFilter, LayerInfo, LayerStyle, Legend, MaskColors, MaskDifference, ObjectDetails, ObjectLabel, PickQuery, QualityReport, Rgb, ShapeBuffers, TableQuery, TableResult } from '../../web/annotations/layer.ts';
import { placeLayer } from '../../web/annotations/placement.ts';
import type { ImageState } from '../../web/state.ts';

export const kImage: ImageContext = { names: ['cells.ome.zarr'], width: 1000, height: 800, depth: 1, frames: 10, pixelWidth: 0.5, pixelHeight: 0.5, sliceDistance: 1, unit: 'micrometer' };

const kNoShapes: ShapeBuffers = { lines: new ArrayBuffer(0), lineCount: 0, fill: new ArrayBuffer(0), fillCount: 0, markers: new ArrayBuffer(0), markerCount: 0 };

/** One object's values: the category's index, and a text for every column. */
export interface FakeObject {
  readonly category: number;
  readonly area?: number;
  readonly frame?: number;
  readonly values: readonly string[];
}

export interface FakeData {
  readonly info: LayerInfo;
  object(index: number): FakeObject;
  readonly quality?: QualityReport;
}

export class FakeLayer implements AnnotationLayer {
  readonly info: LayerInfo;
  readonly asked: string[] = [];
  closed = false;
  readonly #data: FakeData;
  #filter: LayerFilter = {};
  #sorted: { readonly key: string; readonly order: Uint32Array } | null = null;

  constructor(data: FakeData) {
    this.#data = data;
    this.info = data.info;
  }

  blocks = async (): Promise<{ table: Float32Array<ArrayBuffer>; count: number }> => ({ table: new Float32Array(0), count: 0 });
  points = async (): Promise<{ buffer: ArrayBuffer; count: number }> => ({ buffer: new ArrayBuffer(0), count: 0 });
  shapes = async (): Promise<ShapeBuffers> => kNoShapes;
  links = async (): Promise<{ buffer: ArrayBuffer; count: number }> => ({ buffer: new ArrayBuffer(0), count: 0 });
  extents = async (): Promise<null> => null;
  pick = async (_query: PickQuery): Promise<readonly number[]> => [];
  outline = async (): Promise<ShapeBuffers> => kNoShapes;
  labels = async (): Promise<readonly ObjectLabel[]> => [];
  maskColors = async (): Promise<MaskColors> => ({ words: new Uint32Array(0), legend: { title: '', entries: [] }, repeated: 0 });
  maskObject = async (): Promise<number> => -1;
  maskDifference = async (): Promise<MaskDifference> => ({ idCount: 0, ids: [], objectCount: 0, objects: [] });

  async style(colorBy: ColorBy, filter: LayerFilter): Promise<LayerStyle> {
    this.#filter = filter;
    let visible = 0;
    for (let i = 0; i < this.info.count; ++i) if (this.#passes(i)) visible += 1;
    return { colors: new Uint8Array(0), legend: this.#legend(colorBy), visible };
  }

  async details(object: number): Promise<ObjectDetails> {
    const { category, area = 0, frame, values } = this.#data.object(object);
    return {
      object,
      shape: 'polygon',
      category: this.info.categories[category]?.name ?? '',
      bounds: this.info.bounds,
      frames: frame === undefined ? null : [frame, frame],
      slices: null,
      area,
      length: 0,
      properties: this.info.columns.map(({ name, unit }, i) => ({ name, unit, value: values[i] ?? '' })),
      place: { file: this.info.file, line: object + 3, pointer: `/features/${object}` },
      parents: object === 7 ? [3] : [],
      children: object === 3 ? [7, 8] : [],
    };
  }

  async table(query: TableQuery, from: number, count: number, find = -1): Promise<TableResult> {
    this.asked.push(JSON.stringify({ ...query, from, count }));
    if (this.closed) throw new Error('the layer is closed');
    const columns = ['#', ...(this.info.categories.length > 0 ? ['category'] : []), ...(this.info.frames ? ['frame'] : []), ...(this.info.bounds ? ['area'] : []), ...this.info.columns.map(({ name }) => name)];
    const order = this.#order(query, columns);
    const rows = [...order.subarray(from, from + count)].map((object) => ({ object, cells: columns.map((name) => this.#cell(object, name)) }));
    return { total: order.length, columns, rows, found: find < 0 ? -1 : order.indexOf(find) };
  }

  async quality(): Promise<QualityReport> {
    return this.#data.quality ?? { classes: this.info.categories.map(({ name, count, color }) => ({ name, count, color })), sizes: null, coverage: null, entries: [] };
  }

  close(): void {
    this.closed = true;
  }

  #cell(object: number, name: string): string {
    const { category, area = 0, frame = 0, values } = this.#data.object(object);
    if (name === '#') return String(object);
    if (name === 'category') return this.info.categories[category]?.name ?? '';
    if (name === 'area') return String(area);
    if (name === 'frame') return String(frame);
    return values[this.info.columns.findIndex((column) => column.name === name)] ?? '';
  }

  #passes(object: number): boolean {
    const { hidden = [], ranges = [], hiddenTexts = [] } = this.#filter;
    if (hidden.length === 0 && ranges.length === 0 && hiddenTexts.length === 0) return true;
    const { category } = this.#data.object(object);
    return (
      !hidden.includes(category) &&
      ranges.every(({ column, min, max }) => {
        const text = this.#cell(object, column);
        return text !== '' && Number(text) >= min && Number(text) <= max;
      }) &&
      hiddenTexts.every(({ column, texts }) => !texts.includes(this.#cell(object, column)))
    );
  }

  #order({ sort = '', descending = false, search = '', filtered = true, only }: TableQuery, columns: readonly string[]): Uint32Array {
    const key = JSON.stringify([sort, descending, search, filtered, only, this.#filter]);
    if (this.#sorted?.key === key) return this.#sorted.order;
    const needle = search.toLowerCase();
    const all = only ?? Array.from({ length: this.info.count }, (_, i) => i);
    const kept = all.filter(
      (object) => (!filtered || this.#passes(object)) && (needle === '' || columns.some((name) => this.#cell(object, name).toLowerCase().includes(needle))),
    );
    const order = Uint32Array.from(kept);
    if (sort) {
      const value = (object: number): number | string => {
        const text = this.#cell(object, sort);
        return text !== '' && !Number.isNaN(Number(text)) ? Number(text) : text;
      };
      order.sort((a, b) => {
        const [va, vb] = [value(a), value(b)];
        return (va < vb ? -1 : va > vb ? 1 : a - b) * (descending ? -1 : 1);
      });
    }
    this.#sorted = { key, order };
    return order;
  }

  #legend(colorBy: ColorBy): Legend {
    if (colorBy.kind === 'category') return { title: 'Class', entries: this.info.categories.map(({ name, color, count }) => ({ label: name, color, count })) };
    if (colorBy.kind !== 'column') return { title: '', entries: [] };
    const column = this.info.columns.find(({ name }) => name === colorBy.column);
    if (column?.type === 'text') return { title: colorBy.column, entries: (column.values ?? []).map(({ text, count }, i) => ({ label: text, count, color: [40 * i, 120, 200] as const })) };
    return { title: colorBy.column, entries: [], ramp: { min: column?.min ?? 0, max: column?.max ?? 1, colors: [[68, 1, 84], [33, 145, 140], [253, 231, 37]] } };
  }
}

let handles = 0;

class FakeHandle implements LayerHandle {
  readonly id = ++handles;
  readonly layer: AnnotationLayer;
  readonly info: LayerInfo;
  readonly ready: Promise<void>;
  readonly placementNote: string;
  labelText: LayerHandle['labelText'] = null;
  visible = true;
  opacity = 1;
  lineWidth = 1.5;
  fillOpacity = 0.25;
  pointSize = 8;
  tail = 5;
  colorBy: ColorBy;
  filter: LayerFilter = {};
  space;
  transform = [1, 0, 0, 0, 1, 0] as const;
  legend: Legend | null = null;
  visibleCount: number;
  readonly #layers: FakeLayers;

  constructor(layers: FakeLayers, layer: AnnotationLayer, note: string) {
    this.#layers = layers;
    this.layer = layer;
    this.info = layer.info;
    this.space = layer.info.space;
    this.visibleCount = layer.info.count;
    this.placementNote = note;
    this.colorBy = layer.info.categories.length > 0 ? { kind: 'category' } : { kind: 'instance' };
    this.ready = this.#restyle();
  }

  get toPixels(): LayerHandle['toPixels'] {
    const image: ImageState = { ...kImage, names: ['cells', ''], start: [0, 0, 0] };
    return placeLayer(this.space, this.transform, image, this.info.bounds).toPixels;
  }

  set(changes: Partial<LayerSettings>): void {
    Object.assign(this, changes);
    this.#layers.changed();
    if (changes.colorBy || changes.filter) void this.#restyle();
  }

  move(by: number): void {
    this.#layers.moveHandle(this, by);
  }

  remove(): void {
    this.#layers.removeHandle(this);
  }

  async #restyle(): Promise<void> {
    const { legend, visible } = await this.layer.style(this.colorBy, this.filter);
    this.legend = legend;
    this.visibleCount = visible;
    this.#layers.changed();
  }
}

export class FakeLayers implements AnnotationLayersApi {
  layers: LayerHandle[] = [];
  image: ImageContext | null = kImage;
  selection: PickedObject | null = null;
  hovered: PickedObject | null = null;
  readonly flights: string[] = [];

  readonly #events = new EventTarget();

  addEventListener<K extends keyof AnnotationEventMap>(type: K, listener: (event: AnnotationEventMap[K]) => void): void {
    this.#events.addEventListener(type, listener as (event: Event) => void);
  }

  removeEventListener<K extends keyof AnnotationEventMap>(type: K, listener: (event: AnnotationEventMap[K]) => void): void {
    this.#events.removeEventListener(type, listener as (event: Event) => void);
  }

  add(layer: AnnotationLayer, settings: Partial<LayerSettings> & { note?: string } = {}): LayerHandle {
    const { note = '', ...rest } = settings;
    const handle = new FakeHandle(this, layer, note);
    Object.assign(handle, rest);
    this.layers = [...this.layers, handle];
    this.changed();
    return handle;
  }

  pick = async (): Promise<null> => null;

  select(picked: PickedObject | null): void {
    this.selection = picked;
    this.#events.dispatchEvent(new CustomEvent('select', { detail: picked }));
  }

  hover(picked: PickedObject | null): void {
    this.hovered = picked;
    this.#events.dispatchEvent(new CustomEvent('hover', { detail: picked }));
  }

  async flyTo({ layer, object }: PickedObject): Promise<void> {
    this.flights.push(`${layer.info.name} ${object}`);
  }

  changed(): void {
    this.#events.dispatchEvent(new CustomEvent('change', { detail: null }));
  }

  moveHandle(handle: LayerHandle, by: number): void {
    const rest = this.layers.filter((other) => other !== handle);
    const to = Math.min(rest.length, Math.max(0, this.layers.indexOf(handle) + by));
    this.layers = [...rest.slice(0, to), handle, ...rest.slice(to)];
    this.changed();
  }

  removeHandle(handle: LayerHandle): void {
    this.layers = this.layers.filter((other) => other !== handle);
    handle.layer.close();
    this.changed();
  }
}

// --- sets to look at

const kClasses: readonly (readonly [string, Rgb])[] = [
  ['interphase', [0, 114, 178]],
  ['prophase', [240, 228, 66]],
  ['metaphase', [230, 159, 0]],
  ['anaphase', [213, 94, 0]],
  ['خلية منقسمة', [204, 121, 167]],
];

const kPlain = { categories: [], columns: [], frames: null, slices: null, maskIds: '', links: 0, divisions: 0, mapping: {}, tableColumns: [], elsewhere: 0, images: [], issues: [], issuesUntold: 0, origin: [0, 0] } as const;
const kPixels = { unit: 'pixel', unitName: '', corner: true, affine: [1, 0, 0, 0, 1, 0], depthIsPhysical: false } as const;

function classOf(i: number): number {
  return i % 9 === 0 ? (i % 5 === 0 ? 4 : 1 + (i % 4)) : 0;
}

/** Polygons with classes, measures, issues of the file and a report. */
export function outlines(count = 1204): FakeLayer {
  const counts = kClasses.map((_, k) => Array.from({ length: Math.min(count, 5000) }, (_, i) => classOf(i)).filter((own) => own === k).length);
  const score = (i: number): number => ((i * 37) % 100) / 100;
  return new FakeLayer({
    info: {
      ...kPlain,
      name: 'outlines.geojson',
      file: 'outlines.geojson',
      format: 'geojson',
      formatTitle: 'GeoJSON',
      kind: 'geometrical_annotations',
      count,
      shapes: { polygon: count },
      bounds: [12, 8, 994, 805],
      space: kPixels,
      frames: [0, 9],
      categories: kClasses.map(([name, color], k) => ({ name, id: '', count: counts[k] ?? 0, color })),
      columns: [
        { name: 'name', type: 'text', role: 'label', unit: '', present: count, distinct: 1000, values: [{ text: 'nucleus 1', count: 4 }, { text: 'nucleus 2', count: 3 }] },
        { name: 'score', type: 'number', role: 'score', unit: '', present: count, min: 0, max: 0.99 },
        { name: 'Perimeter', type: 'number', role: '', unit: 'micrometer', present: count, min: 12.4, max: 88.1 },
        { name: 'annotator', type: 'text', role: '', unit: '', present: count, distinct: 3, values: [{ text: 'Ada', count: 800 }, { text: 'Grace', count: 400 }, { text: '', count: 4 }] },
      ],
      issues: [
        { rule: 'geojson/ring-closed', severity: 'warning', message: 'A ring does not end where it begins', file: 'outlines.geojson', line: 212, pointer: '/features/208/geometry/coordinates/0', expected: 'the first position again at the end', received: '[12.5, 80] after [12, 80]', fix: 'Repeat the first position; it was closed here.' },
        { rule: 'geojson/geometry', severity: 'error', message: 'An object has no geometry that can be read', file: 'outlines.geojson', line: 318, pointer: '/features/314/geometry', expected: 'an object with type and coordinates', received: '"none"', fix: '' },
      ],
      issuesUntold: 12,
      elsewhere: 3400,
      images: ['cells.ome.zarr', 'cells_02.ome.zarr', 'cells_03.ome.zarr'],
    },
    object: (i) => ({ category: classOf(i), area: 40 + ((i * 7919) % 900), frame: i % 10, values: [`nucleus ${i + 1}`, score(i).toFixed(2), (12.4 + ((i * 31) % 700) / 10).toFixed(1), i % 3 ? 'Ada' : 'Grace'] }),
    quality: {
      classes: kClasses.map(([name, color], k) => ({ name, color, count: counts[k] ?? 0 })),
      sizes: { unit: 'pixel²', edges: [0, 50, 100, 200, 300, 400, 500, 600, 700, 800, 950], counts: [2, 22, 81, 190, 260, 240, 170, 130, 80, 29], median: 388 },
      coverage: 0.342,
      entries: [
        { rule: 'annotation/outside-image', severity: 'error', title: 'Objects outside the image', message: 'They lie wholly beyond its edge. Is the unit, or the order of x and y, another one?', count: 3, objects: [10, 20, 30] },
        { rule: 'annotation/overlaps', severity: 'warning', title: 'Objects that overlap', message: 'More than half of the smaller one lies within another.', count: 1802, objects: Array.from({ length: 1000 }, (_, i) => i) },
        { rule: 'annotation/duplicate-ids', severity: 'info', title: 'Objects without a class', message: 'They are drawn in grey.', count: 1, objects: [5] },
      ],
    },
  });
}

export function centroids(): FakeLayer {
  return new FakeLayer({
    info: { ...kPlain, name: 'centroids.csv', file: 'centroids.csv', format: 'table', formatTitle: 'Table (CSV)', kind: 'point_annotations', count: 380, shapes: { point: 380 }, bounds: [5, 5, 80, 70], space: { ...kPixels, unit: 'physical', unitName: 'micrometer', corner: false }, mapping: { x: 'x_um', y: 'y_um', id: 'nucleus_id' }, tableColumns: ['frame', 'nucleus_id', 'x_um', 'y_um'], columns: [{ name: 'nucleus_id', type: 'integer', role: 'id', unit: '', present: 380, min: 1, max: 40 }] },
    object: (i) => ({ category: -1, values: [String(1 + (i % 40))] }),
  });
}

export function frameCounts(): FakeLayer {
  const column = (name: string) => ({ name, type: 'integer', role: 'count', unit: '', present: 10, min: 0, max: 60 }) as const;
  return new FakeLayer({
    info: { ...kPlain, name: 'counts.csv', file: 'counts.csv', format: 'table', formatTitle: 'Table (CSV)', kind: 'counts', count: 10, shapes: { none: 10 }, bounds: null, space: kPixels, frames: [0, 9], columns: [column('nuclei'), column('mitotic')] },
    object: (i) => ({ category: -1, frame: i, values: [String(38 + i), String(i % 4)] }),
  });
}

export function frameClasses(): FakeLayer {
  return new FakeLayer({
    info: { ...kPlain, name: 'image_classes.csv', file: 'image_classes.csv', format: 'table', formatTitle: 'Table (CSV)', kind: 'class_labels', count: 10, shapes: { none: 10 }, bounds: null, space: kPixels, frames: [0, 9], categories: [{ name: 'dividing', id: '', count: 6, color: [213, 94, 0] }, { name: 'resting', id: '', count: 4, color: [0, 158, 115] }] },
    object: (i) => ({ category: i % 3 === 2 ? 1 : 0, frame: i, values: [] }),
  });
}
