// Texts beside objects on the image: DOM over the canvas, so that they can be read like all other text. What
// is written is asked of a layer's worker for somewhat more than the view; while that is moved, only places change.

import type { Viewer } from '../viewer.ts';
import type { Affine } from './handle.ts';
import type { DrawnLayer } from './drawn_layer.ts';
import type { LabelQuery, ObjectLabel } from './layer.ts';
import { applied, boxAround, composed, inverted, scaleOf } from './placement.ts';

/** Where the view is, as AnnotationLayers has it. */
export interface ShownView {
  readonly toDevice: Affine;
  readonly frame: number;
  readonly slice: number;
}

/** Labels written at once, of all layers: more cannot be read, and each is an element. */
export const kMostLabels = 300;
/** Room that a label is given when the worker chooses, in CSS pixels; at most twice that, as it goes by powers of two. */
const kCell: readonly [number, number] = [48, 18];
const kHeight = 16;
/** From a point's rim to its label, and between labels, in CSS pixels. */
const kGap = 3;
/** Of the view on each side that is asked for besides. */
const kAround = 0.3;
const kFont = '12px system-ui, sans-serif';

const kStyle = `
.annotation-labels {
  position: absolute;
  inset: 0 auto auto 0;
  width: calc(100% - var(--annotations-width, 0px));
  height: calc(100% - var(--annotations-height, 0px));
  overflow: hidden;
  pointer-events: none;
  user-select: none;
  font: ${kFont};
  line-height: ${kHeight}px;
  color: #fff;
  text-shadow: 0 0 2px #000, 0 0 2px #000, 0 0 3px #000, 1px 1px 1px #000, -1px -1px 1px #000;
}
.annotation-labels span { position: absolute; inset: 0 auto auto 0; white-space: pre; unicode-bidi: isolate; will-change: transform; }
.annotation-labels span[hidden] { display: none; }
`;

interface LayerLabels {
  labels: readonly ObjectLabel[];
  /** What they were asked for; without its box, which only has to be large enough. */
  key: string;
  box: LabelQuery['box'];
  asking: boolean;
}

interface Placed {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export class LabelOverlay {
  readonly #viewer: Viewer;
  readonly #view: () => ShownView | null;
  readonly #root = document.createElement('div');
  readonly #style = new CSSStyleSheet();
  readonly #spans: HTMLSpanElement[] = [];
  readonly #known = new WeakMap<DrawnLayer, LayerLabels>();
  readonly #widths = new Map<string, number>();
  readonly #measure = document.createElement('canvas').getContext('2d');
  #layers: readonly DrawnLayer[] = [];
  #ended = false;

  constructor(viewer: Viewer, view: () => ShownView | null) {
    this.#viewer = viewer;
    this.#view = view;
    this.#root.className = 'annotation-labels';
    // The table of objects says the same to those who do not see them.
    this.#root.setAttribute('aria-hidden', 'true');
    this.#style.replaceSync(kStyle);
    const { canvas } = viewer.graphics;
    const place = canvas.getRootNode() as Document | ShadowRoot;
    place.adoptedStyleSheets = [...place.adoptedStyleSheets, this.#style];
    canvas.after(this.#root);
    if (this.#measure) this.#measure.font = kFont;
  }

  end(): void {
    this.#ended = true;
    const place = this.#root.getRootNode() as Document | ShadowRoot;
    if (place.adoptedStyleSheets) place.adoptedStyleSheets = place.adoptedStyleSheets.filter((sheet) => sheet !== this.#style);
    this.#root.remove();
  }

  /** `layers`: those that have labels, the lowest first. Called with every picture. */
  refresh(layers: readonly DrawnLayer[]): void {
    if (this.#ended) return;
    this.#layers = layers;
    const view = this.#view();
    const shown = view ? [...layers].reverse().filter(({ visible, opacity, placement }) => visible && opacity > 0 && placement) : [];
    let used = 0;
    const placed: Placed[] = [];
    for (const layer of shown) if (view) used = this.#write(layer, view, placed, used);
    for (let i = used; i < this.#spans.length; ++i) (this.#spans[i] as HTMLSpanElement).hidden = true;
  }

  /** Writes a layer's labels where there is room; how many are written now. */
  #write(layer: DrawnLayer, view: ShownView, placed: Placed[], used: number): number {
    const map = composed(view.toDevice, layer.placement?.toPixels ?? [1, 0, 0, 0, 1, 0]);
    const { labels } = this.#labelsOf(layer, view, map);
    const ratio = globalThis.devicePixelRatio || 1;
    const { canvas } = this.#viewer.graphics;
    const [width, height] = [canvas.width / ratio, canvas.height / ratio];
    for (const { x, y, half, text } of labels) {
      if (used >= kMostLabels) break;
      const [deviceX, deviceY] = applied(map, x, y);
      const length = this.#width(text);
      const left = deviceX / ratio + (half > 0 ? -length / 2 : layer.pointSize / 2 + kGap);
      const top = deviceY / ratio - kHeight / 2;
      const box: Placed = { x0: left, y0: top, x1: left + length, y1: top + kHeight };
      if (box.x1 < 0 || box.y1 < 0 || box.x0 > width || box.y0 > height) continue;
      if (placed.some((other) => box.x0 < other.x1 + kGap && box.x1 + kGap > other.x0 && box.y0 < other.y1 && box.y1 > other.y0)) continue;
      if (this.#covered(box, ratio)) continue;
      placed.push(box);
      const span = this.#span(used++);
      if (span.textContent !== text) span.textContent = text;
      span.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
      span.style.opacity = String(Math.max(0.5, layer.opacity));
      span.hidden = false;
    }
    return used;
  }

  /** What is known of a layer's labels; asks for others where the view has left them. */
  #labelsOf(layer: DrawnLayer, view: ShownView, map: Affine): LayerLabels {
    let known = this.#known.get(layer);
    if (!known) this.#known.set(layer, (known = { labels: [], key: '', box: [0, 0, 0, 0], asking: false }));
    const back = inverted(map);
    const by = layer.labelText;
    if (!back || !by || known.asking) return known;
    const { canvas } = this.#viewer.graphics;
    const box = boxAround(back, [0, 0, canvas.width, canvas.height]);
    const unit = 2 ** Math.ceil(Math.log2(scaleOf(back) * (globalThis.devicePixelRatio || 1)));
    const { sliceScale, sliceOffset } = layer.placement ?? { sliceScale: 1, sliceOffset: 0 };
    const question = {
      by,
      cell: [kCell[0] * unit, kCell[1] * unit] as const,
      ...(Number.isFinite(view.frame) ? { frame: view.frame } : {}),
      ...(Number.isFinite(view.slice) ? { slice: view.slice * sliceScale + sliceOffset } : {}),
    };
    const key = JSON.stringify([question, layer.filter]);
    const [x0, y0, x1, y1] = known.box;
    if (key === known.key && box[0] >= x0 && box[1] >= y0 && box[2] <= x1 && box[3] <= y1) return known;
    const [spareX, spareY] = [(box[2] - box[0]) * kAround, (box[3] - box[1]) * kAround];
    void this.#ask(layer, known, key, { ...question, box: [box[0] - spareX, box[1] - spareY, box[2] + spareX, box[3] + spareY] });
    return known;
  }

  async #ask(layer: DrawnLayer, known: LayerLabels, key: string, query: LabelQuery): Promise<void> {
    known.asking = true;
    try {
      const labels = await layer.layer.labels(query);
      Object.assign(known, { labels, key, box: query.box });
    } catch {
      // A worker that ended: nothing more is written.
      Object.assign(known, { labels: [], key, box: query.box });
    }
    known.asking = false;
    this.refresh(this.#layers);
  }

  /** Whether the viewer's own controls are there. */
  #covered({ x0, y0, x1, y1 }: Placed, ratio: number): boolean {
    const y = ((y0 + y1) / 2) * ratio;
    return [x0, (x0 + x1) / 2, x1].some((x) => this.#viewer.call((raw) => raw._covered(x * ratio, y)));
  }

  #width(text: string): number {
    let width = this.#widths.get(text);
    if (width === undefined) {
      width = this.#measure?.measureText(text).width ?? text.length * 7;
      if (this.#widths.size > 5000) this.#widths.clear();
      this.#widths.set(text, width);
    }
    return width;
  }

  #span(index: number): HTMLSpanElement {
    let span = this.#spans[index];
    if (!span) {
      span = document.createElement('span');
      this.#spans.push(span);
      this.#root.append(span);
    }
    return span;
  }
}
