// Runs inside the browser of annotation_client_browser.test.ts.

import {
  AnnotationError,
  blobSource,
  heapBytesOf,
  openAnnotation,
  storeSource,
  urlSource,
  type AnnotationSource,
} from '../../web/annotations/client.ts';
import type { AnnotationLayer, ImageContext } from '../../web/annotations/layer.ts';
import { HttpStore } from '../../web/stores/http.ts';

export interface Opening {
  readonly url: string;
  readonly assets: string;
  /** By the address itself, as a file of this computer, or as a key of a store. */
  readonly as?: 'url' | 'file' | 'store';
  readonly format?: string;
  readonly abortAfterMs?: number;
}

export interface Opened {
  readonly error?: { readonly code: string; readonly message: string };
  readonly count?: number;
  readonly format?: string;
  readonly name?: string;
  readonly issues?: readonly string[];
  readonly progress: readonly { readonly bytes: number; readonly total: number | null; readonly objects: number }[];
  readonly heap?: number;
  readonly tookMs: number;
}

export interface AnnotationsPage {
  open(opening: Opening): Promise<Opened>;
  /** All calls of a layer, in what their answers amount to. */
  ask(opening: Opening): Promise<Record<string, unknown>>;
  /** What calls of a closed layer, and of one that is closed while they wait, say. */
  askClosed(opening: Opening): Promise<string[]>;
}

const kImage: ImageContext = { names: [], width: 100, height: 100, depth: 1, frames: 1, pixelWidth: 0, pixelHeight: 0, sliceDistance: 0, unit: '' };

async function sourceOf({ url, as = 'url' }: Opening): Promise<AnnotationSource> {
  if (as === 'url') return urlSource(new URL(url));
  if (as === 'file') return blobSource(new File([await (await fetch(url)).blob()], url.slice(url.lastIndexOf('/') + 1)));
  const cut = url.lastIndexOf('/');
  return storeSource(new HttpStore(url.slice(0, cut)), url.slice(cut + 1));
}

async function opened(opening: Opening, onProgress: (progress: Opened['progress'][number]) => void = () => undefined): Promise<AnnotationLayer> {
  const controller = new AbortController();
  const { abortAfterMs, assets, format } = opening;
  if (abortAfterMs === 0) controller.abort();
  else if (abortAfterMs !== undefined) setTimeout(() => controller.abort(), abortAfterMs);
  return openAnnotation(await sourceOf(opening), { image: kImage, assets, signal: controller.signal, onProgress, ...(format ? { format } : {}) });
}

const page: AnnotationsPage = {
  async open(opening) {
    const progress: Opened['progress'][number][] = [];
    const begun = performance.now();
    try {
      const layer = await opened(opening, (report) => progress.push(report));
      const tookMs = performance.now() - begun;
      const heap = await heapBytesOf(layer);
      const { count, format, name, issues } = layer.info;
      layer.close();
      return { count, format, name, issues: issues.map(({ rule, line }) => `${rule} ${line}`), progress, heap, tookMs };
    } catch (error) {
      const known = error instanceof AnnotationError;
      return { error: { code: known ? error.code : 'not an AnnotationError', message: known ? error.message : String(error) }, progress, tookMs: performance.now() - begun };
    }
  },

  async ask(opening) {
    const layer = await opened(opening);
    const [blocks, points, shapes, links, extents, outline] = await Promise.all([
      layer.blocks(), layer.points(), layer.shapes(0), layer.links(), layer.extents(), layer.outline(1),
    ]);
    const style = await layer.style({ kind: 'category' }, { hidden: [-1] });
    const hidden = await layer.pick({ x: 12, y: 2, radius: 1 });
    const all = await layer.style({ kind: 'single', color: [1, 2, 3] }, {});
    const answers = {
      blocks: blocks.count, table: [...blocks.table], points: points.count, pointBytes: points.buffer.byteLength,
      lines: shapes.lineCount, lineBytes: shapes.lines.byteLength, fill: shapes.fillCount, fillBytes: shapes.fill.byteLength,
      links: links.count, extents, outline: outline.lineCount, visible: style.visible, legend: all.legend.entries,
      color: [...all.colors.subarray(0, 4)], hidden, picked: await layer.pick({ x: 12, y: 2, radius: 1 }),
      details: await layer.details(1), rows: await layer.table({ sort: '#', descending: true }, 0, 1, 0),
      quality: (await layer.quality(kImage)).entries.length,
    };
    layer.close();
    return answers;
  },

  async askClosed(opening) {
    const layer = await opened(opening);
    const codeOf = (call: Promise<unknown>): Promise<string> => call.then(() => 'answered', (error: AnnotationError) => error.code);
    const waiting = codeOf(layer.points());
    layer.close();
    const after = codeOf(layer.points());
    layer.close();
    return Promise.all([waiting, after]);
  },
};

Object.assign(globalThis, { page, ready: true });
