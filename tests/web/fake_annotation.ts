// An annotation layer without a worker: a list of objects, and the buffers, colours and picks that one
// would answer with (web/annotations/layer.ts), made in the plainest way.

import {
  kBlockFloats, type AnnotationLayer, type BlockTable, type ColorBy, type LayerExtents, type LayerFilter, type LayerInfo, type LayerKind, type LayerSpace, type LabelQuery, type LayerStyle, type LinkBuffer, type MaskColors, type MaskDifference, type ObjectLabel, type ObjectDetails, type PickQuery, type PointBuffer, type QualityReport, type Rgb, type ShapeBuffers, type TableResult,
} from '../../web/annotations/layer.ts';

export type FakeShape =
  | { readonly kind: 'point'; readonly at: readonly [number, number] }
  /** Closed; convex, as its inside is a fan of triangles. */
  | { readonly kind: 'polygon'; readonly ring: readonly (readonly [number, number])[] }
  | { readonly kind: 'line'; readonly line: readonly (readonly [number, number])[] };

export interface FakeObject {
  readonly shape: FakeShape;
  readonly category?: number;
  readonly frame?: number;
  readonly slice?: number;
}

export interface FakeLayerSpec {
  readonly name?: string;
  readonly kind?: LayerKind;
  readonly space?: Partial<LayerSpace>;
  readonly origin?: readonly [number, number];
  readonly objects: readonly FakeObject[];
  readonly colors?: readonly Rgb[];
  /** Pairs of objects: an earlier and a later one. */
  readonly links?: readonly (readonly [number, number])[];
  readonly objectsPerBlock?: number;
  /** Milliseconds that every answer takes. */
  readonly delay?: number;
}

type Box = readonly [number, number, number, number];

function places({ shape }: FakeObject): readonly (readonly [number, number])[] {
  return shape.kind === 'point' ? [shape.at] : shape.kind === 'polygon' ? shape.ring : shape.line;
}

function boxOf(object: FakeObject): Box {
  const xs = places(object).map(([x]) => x);
  const ys = places(object).map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function middleOf(object: FakeObject): [number, number] {
  const [x0, y0, x1, y1] = boxOf(object);
  return [(x0 + x1) / 2, (y0 + y1) / 2];
}

function halfOf(object: FakeObject): number {
  const [x0, y0, x1, y1] = boxOf(object);
  return Math.max(x1 - x0, y1 - y0) / 2;
}

/** Floats, then the object's number. */
function records(rows: readonly (readonly [readonly number[], number])[], words: number): ArrayBuffer {
  const buffer = new ArrayBuffer(rows.length * words * 4);
  const floats = new Float32Array(buffer);
  const integers = new Uint32Array(buffer);
  rows.forEach(([values, object], i) => {
    floats.set(values, i * words);
    integers[i * words + words - 1] = object;
  });
  return buffer;
}

function inside(ring: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let found = false;
  ring.forEach(([x0, y0], i) => {
    const [x1, y1] = ring[(i + 1) % ring.length] ?? [x0, y0];
    if (y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) found = !found;
  });
  return found;
}

export class FakeLayer implements AnnotationLayer {
  readonly info: LayerInfo;
  /** What was asked, in order: "shapes 3", "points" … */
  readonly asked: string[] = [];
  closed = false;
  readonly #spec: FakeLayerSpec;
  readonly #perBlock: number;

  constructor(spec: FakeLayerSpec) {
    this.#spec = spec;
    this.#perBlock = spec.objectsPerBlock ?? 64;
    const { objects } = spec;
    const range = (values: readonly (number | undefined)[]): readonly [number, number] | null => {
      const found = values.filter((value) => value !== undefined);
      return found.length > 0 ? [Math.min(...found), Math.max(...found)] : null;
    };
    const boxes = objects.map(boxOf);
    const shapes: Record<string, number> = {};
    for (const { shape } of objects) shapes[shape.kind] = (shapes[shape.kind] ?? 0) + 1;
    this.info = {
      name: spec.name ?? 'fake',
      file: 'fake.json',
      format: 'fake',
      formatTitle: 'Fake',
      kind: spec.kind ?? 'geometrical_annotations',
      count: objects.length,
      shapes,
      bounds: objects.length === 0 ? null : [
        Math.min(...boxes.map(([x]) => x)), Math.min(...boxes.map(([, y]) => y)),
        Math.max(...boxes.map(([, , x]) => x)), Math.max(...boxes.map(([, , , y]) => y)),
      ],
      space: { unit: 'pixel', unitName: '', corner: true, affine: [1, 0, 0, 0, 1, 0], depthIsPhysical: false, ...spec.space },
      categories: (spec.colors ?? []).map((color, i) => ({ name: `class ${i}`, id: String(i), count: objects.filter(({ category }) => category === i).length, color })),
      columns: [],
      frames: range(objects.map(({ frame }) => frame)),
      slices: range(objects.map(({ slice }) => slice)),
      maskIds: '',
      links: spec.links?.length ?? 0,
      divisions: 0,
      elsewhere: 0,
      images: [],
      mapping: {},
      tableColumns: [],
      issues: [],
      issuesUntold: 0,
      origin: spec.origin ?? [0, 0],
    };
  }

  async #answer<T>(question: string, answer: () => T): Promise<T> {
    this.asked.push(question);
    if (this.#spec.delay) await new Promise((resolve) => setTimeout(resolve, this.#spec.delay));
    if (this.closed) throw new Error('aborted');
    return answer();
  }

  #blockOf(block: number): readonly FakeObject[] {
    return this.#spec.objects.slice(block * this.#perBlock, (block + 1) * this.#perBlock);
  }

  /** As in the buffers: without the origin. */
  #local([x, y]: readonly [number, number]): [number, number] {
    return [x - this.info.origin[0], y - this.info.origin[1]];
  }

  blocks(): Promise<BlockTable> {
    return this.#answer('blocks', () => {
      const count = Math.ceil(this.#spec.objects.length / this.#perBlock);
      const table = new Float32Array(count * kBlockFloats);
      for (let block = 0; block < count; ++block) {
        const objects = this.#blockOf(block);
        const boxes = objects.map(boxOf);
        const halves = objects.map(halfOf).sort((a, b) => a - b);
        const [x0, y0] = this.#local([Math.min(...boxes.map(([x]) => x)), Math.min(...boxes.map(([, y]) => y))]);
        const [x1, y1] = this.#local([Math.max(...boxes.map(([, , x]) => x)), Math.max(...boxes.map(([, , , y]) => y))]);
        table.set([x0, y0, x1, y1, halves[halves.length >> 1] ?? 0, halves.at(-1) ?? 0, block * this.#perBlock, objects.length, -Infinity, Infinity], block * kBlockFloats);
      }
      return { table, count };
    });
  }

  labels({ box: [x0, y0, x1, y1] }: LabelQuery): Promise<readonly ObjectLabel[]> {
    return this.#answer('labels', () =>
      this.#spec.objects.flatMap((object, i) => {
        const [x, y] = middleOf(object);
        return x >= x0 && x <= x1 && y >= y0 && y <= y1 ? [{ object: i, x, y, half: halfOf(object), text: `object ${i}` }] : [];
      }),
    );
  }

  maskColors = async (): Promise<MaskColors> => ({ words: new Uint32Array(0), legend: { title: '', entries: [] }, repeated: 0 });
  maskObject = async (): Promise<number> => -1;
  maskDifference = async (): Promise<MaskDifference> => ({ idCount: 0, ids: [], objectCount: 0, objects: [] });

  points(): Promise<PointBuffer> {
    return this.#answer('points', () => ({
      buffer: records(this.#spec.objects.map((object, i) => [[...this.#local(middleOf(object)), halfOf(object)], i]), 4),
      count: this.#spec.objects.length,
    }));
  }

  shapes(block: number): Promise<ShapeBuffers> {
    return this.#answer(`shapes ${block}`, () => this.#shapesOf(this.#blockOf(block), block * this.#perBlock));
  }

  #shapesOf(objects: readonly FakeObject[], first: number): ShapeBuffers {
    const lines: [number[], number][] = [];
    const fill: [number[], number][] = [];
    const markers: [number[], number][] = [];
    objects.forEach((object, i) => {
      const at = places(object).map((place) => this.#local(place));
      const { kind } = object.shape;
      if (kind === 'point') at.forEach((place) => markers.push([place, first + i]));
      const segments = kind === 'polygon' ? at.length : kind === 'line' ? at.length - 1 : 0;
      for (let s = 0; s < segments; ++s) lines.push([[...(at[s] ?? [0, 0]), ...(at[(s + 1) % at.length] ?? [0, 0])], first + i]);
      for (let s = 1; kind === 'polygon' && s + 1 < at.length; ++s) {
        for (const corner of [at[0], at[s], at[s + 1]]) fill.push([corner ?? [0, 0], first + i]);
      }
    });
    return {
      lines: records(lines, 5), lineCount: lines.length,
      fill: records(fill, 3), fillCount: fill.length,
      markers: records(markers, 3), markerCount: markers.length,
    };
  }

  links(): Promise<LinkBuffer> {
    return this.#answer('links', () => {
      const links = this.#spec.links ?? [];
      const rows = links.map(([from, to]): [number[], number] => {
        const [a, b] = [this.#spec.objects[from], this.#spec.objects[to]] as [FakeObject, FakeObject];
        return [[...this.#local(middleOf(a)), ...this.#local(middleOf(b)), a.frame ?? NaN, b.frame ?? NaN], to];
      });
      return { buffer: records(rows, 7), count: links.length };
    });
  }

  extents(): Promise<LayerExtents> {
    return this.#answer('extents', () =>
      Float32Array.from(this.#spec.objects.flatMap(({ frame = NaN, slice = NaN }) => [frame, frame, slice, slice])));
  }

  #hidden(object: FakeObject, filter: LayerFilter): boolean {
    return filter.hidden?.includes(object.category ?? -1) ?? false;
  }

  #filter: LayerFilter = {};
  style(colorBy: ColorBy, filter: LayerFilter): Promise<LayerStyle> {
    return this.#answer('style', () => {
      this.#filter = filter;
      const { objects, colors = [] } = this.#spec;
      const shown = objects.map((object) => !this.#hidden(object, filter));
      const rgba = objects.flatMap((object, i) => {
        const color = colorBy.kind === 'single' ? colorBy.color : (colors[object.category ?? -1] ?? [255, 255, 255]);
        return [...color, shown[i] ? 255 : 0];
      });
      return { colors: Uint8Array.from(rgba), legend: { title: colorBy.kind, entries: [] }, visible: shown.filter(Boolean).length };
    });
  }

  pick({ x, y, radius, frame, slice }: PickQuery): Promise<readonly number[]> {
    return this.#answer('pick', () => {
      const hit = (object: FakeObject): boolean => {
        const [x0, y0, x1, y1] = boxOf(object);
        if (x < x0 - radius || x > x1 + radius || y < y0 - radius || y > y1 + radius) return false;
        if (frame !== undefined && object.frame !== undefined && object.frame !== frame) return false;
        if (slice !== undefined && object.slice !== undefined && Math.abs(object.slice - slice) > 0.5) return false;
        return object.shape.kind !== 'polygon' || inside(object.shape.ring, x, y);
      };
      return this.#spec.objects
        .map((object, i) => ({ object, i }))
        .filter(({ object }) => !this.#hidden(object, this.#filter) && hit(object))
        .sort((a, b) => halfOf(a.object) - halfOf(b.object))
        .map(({ i }) => i)
        .slice(0, 16);
    });
  }

  outline(object: number): Promise<ShapeBuffers> {
    return this.#answer(`outline ${object}`, () => this.#shapesOf(this.#spec.objects.slice(object, object + 1), object));
  }

  details(object: number): Promise<ObjectDetails> {
    return this.#answer(`details ${object}`, () => {
      const found = this.#spec.objects[object];
      if (!found) throw new RangeError(`expected an object below ${this.info.count}, received ${object}`);
      const { frame, slice, category, shape } = found;
      return {
        object, shape: shape.kind, category: category === undefined ? '' : `class ${category}`, bounds: boxOf(found),
        frames: frame === undefined ? null : [frame, frame], slices: slice === undefined ? null : [slice, slice],
        area: 0, length: 0, properties: [], place: { file: 'fake.json', line: object + 1, pointer: '' }, parents: [], children: [],
      };
    });
  }

  table(): Promise<TableResult> {
    return this.#answer('table', () => ({ total: 0, columns: [], rows: [], found: -1 }));
  }

  quality(): Promise<QualityReport> {
    return this.#answer('quality', () => ({ classes: [], sizes: null, coverage: null, entries: [] }));
  }

  close(): void {
    this.closed = true;
  }
}
