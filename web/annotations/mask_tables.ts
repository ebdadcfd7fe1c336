// Tables whose rows carry the ids of a mask's pixels: the mask coloured by a column, and from a pixel to its row.

import type { LabelState, ViewerState } from '../state.ts';
import type { Viewer } from '../viewer.ts';
import type { LayerHandle, PickedObject } from './handle.ts';
import type { ColorBy, Legend, ObjectDetails } from './layer.ts';
import type { MaskPlace, MaskScan } from './mask_scan.ts';

/** Of ids without a row, or whose row is filtered out: 0xAABBGGRR, a faint grey. */
const kOthers = 0x508a8a8a;

export interface MaskColoring {
  readonly layer: LayerHandle;
  readonly colorBy: ColorBy;
  /** null: on its way. */
  readonly legend: Legend | null;
  /** Rows whose id an earlier row has. */
  readonly repeated: number;
}

export interface MaskComparison {
  readonly scan: MaskScan;
  /** Ids of the mask without a row, as "id" or "id on frame n"; at most 1000 are listed. */
  readonly idCount: number;
  readonly ids: readonly string[];
  /** Rows whose id has no pixels; at most 1000 are listed. */
  readonly objectCount: number;
  readonly objects: readonly number[];
}

const kMostListed = 1000;

export interface MaskTablesHost {
  readonly viewer: Viewer;
  layers(): readonly LayerHandle[];
  /** A mask's colours are others. */
  changed(): void;
}

/** Whether a mask's values are ids or classes that rows can be about. */
export function hasIds({ kind }: LabelState): boolean {
  return kind !== 'probability';
}

export class MaskTables {
  readonly #host: MaskTablesHost;
  /** By the mask's source, which stays when masks come and go. */
  readonly #colorings = new Map<string, MaskColoring>();
  /** What the colours on the screen were asked for, and a count: late answers are dropped. */
  readonly #asked = new Map<string, { readonly key: string; readonly turn: number }>();
  readonly #scans = new Map<string, MaskScan>();
  #turn = 0;
  #masks: readonly LabelState[] = [];
  #frame: number | undefined;

  constructor(host: MaskTablesHost) {
    this.#host = host;
    this.take(host.viewer.state);
  }

  /** Layers that can colour a mask. */
  tables(): readonly LayerHandle[] {
    return this.#host.layers().filter(({ info }) => info.maskIds !== '');
  }

  coloringOf(mask: number): MaskColoring | null {
    const source = this.#masks[mask]?.source;
    return (source !== undefined && this.#colorings.get(source)) || null;
  }

  /** null: its own colours again. */
  color(mask: number, layer: LayerHandle | null, colorBy: ColorBy = { kind: 'category' }): void {
    const source = this.#masks[mask]?.source;
    if (source === undefined) return;
    if (layer) this.#colorings.set(source, { layer, colorBy, legend: null, repeated: 0 });
    else this.#forget(source);
    this.refresh();
    this.#host.changed();
  }

  take({ labels = [], axes = [] }: ViewerState): void {
    this.#masks = labels;
    this.#frame = axes.find(({ role, size }) => role === 't' && size > 1)?.position;
    this.refresh();
  }

  /** Layers came, went or are filtered otherwise; the frame is another. */
  refresh(): void {
    const layers = this.#host.layers();
    for (const [source, { layer, colorBy }] of this.#colorings) {
      if (!layers.includes(layer)) {
        this.#forget(source);
        this.#host.changed();
        continue;
      }
      const mask = this.#masks.findIndex((each) => each.source === source);
      const key = JSON.stringify([mask, layer.id, colorBy, layer.filter, layer.info.frames ? this.#frame : null]);
      if (mask < 0 || this.#asked.get(source)?.key === key) continue;
      void this.#ask(source, mask, layer, colorBy, key);
    }
  }

  /** Masks whose values are ids: indices into the viewer's labels, and their names. */
  masks(): readonly { readonly index: number; readonly name: string }[] {
    return this.#masks.flatMap((mask, index) => (hasIds(mask) ? [{ index, name: mask.name }] : []));
  }

  /** Reads the whole mask: where which id is. Rejects with what is wrong. */
  async scan(index: number, signal?: AbortSignal): Promise<MaskScan> {
    const mask = this.#masks[index];
    const { store, pool } = this.#host.viewer.data;
    if (!mask || !store) throw new Error('The mask is no longer there.');
    const { scanMask } = await import('./mask_scan.ts');
    const scan = await scanMask(store, pool, this.#host.viewer.labelPath(mask.source), signal);
    this.#scans.set(mask.source, scan);
    return scan;
  }

  /** Reads the whole mask and holds its ids against a table's; rejects with what is wrong. From then on its rows can be flown to. */
  async compare(index: number, table: LayerHandle, signal?: AbortSignal): Promise<MaskComparison> {
    const scan = await this.scan(index, signal);
    let [idCount, objectCount] = [0, 0];
    const ids: string[] = [];
    const objects: number[] = [];
    const timed = table.info.frames !== null && scan.frames.length > 1;
    // A table without frames is about all of them.
    const parts = timed ? scan.frames.map((frame, t) => ({ t, ids: [...frame.keys()] })) : [{ t: undefined, ids: [...new Set(scan.frames.flatMap((frame) => [...frame.keys()]))] }];
    for (const { t, ids: own } of parts) {
      const difference = await table.layer.maskDifference(own, t);
      idCount += difference.idCount;
      objectCount += difference.objectCount;
      ids.push(...difference.ids.slice(0, kMostListed - ids.length).map((id) => (t === undefined ? id : `${id} (frame ${t + 1})`)));
      objects.push(...difference.objects.slice(0, kMostListed - objects.length));
    }
    return { scan, idCount, ids, objectCount, objects };
  }

  /** Where a row's pixels are, in pixels of the image, once the mask was read. */
  placeOf({ info }: LayerHandle, { properties, frames }: ObjectDetails): { readonly bounds: readonly [number, number, number, number]; readonly slice: number | null } | null {
    const id = info.maskIds === '' ? undefined : properties.find(({ name }) => name === info.maskIds)?.value;
    if (id === undefined) return null;
    for (const scan of this.#scans.values()) {
      const frame: ReadonlyMap<string, MaskPlace> | undefined = frames ? scan.frames[Math.min(frames[0], scan.frames.length - 1)] : (scan.frames[this.#frame ?? 0]?.has(id) ? scan.frames[this.#frame ?? 0] : scan.frames.find((each) => each.has(id)));
      const found = frame?.get(id);
      if (found) return found;
    }
    return null;
  }

  /** The row of the pixel under the pointer; null: no mask, no row. */
  async rowUnderPointer(): Promise<PickedObject | null> {
    const [mask, id] = this.#host.viewer.call((raw) => raw._hoveredLabel()).split(' ');
    if (mask === undefined || id === undefined) return null;
    const index = Number(mask);
    const found = this.#masks[index];
    if (!found || !hasIds(found)) return null;
    const assigned = this.coloringOf(index)?.layer;
    // Without a choice: what has no place of its own on the image, the topmost.
    const layer = assigned ?? this.tables().findLast(({ info, visible }) => visible && info.bounds === null);
    if (!layer) return null;
    const object = await layer.layer.maskObject(BigInt.asIntN(64, BigInt(id)).toString(), this.#frame);
    return object >= 0 && this.#host.layers().includes(layer) ? { layer, object } : null;
  }

  #forget(source: string): void {
    this.#colorings.delete(source);
    this.#asked.delete(source);
    const mask = this.#masks.findIndex((each) => each.source === source);
    if (mask >= 0) this.#host.viewer.update((raw) => raw._resetLabelColors(mask));
  }

  async #ask(source: string, mask: number, layer: LayerHandle, colorBy: ColorBy, key: string): Promise<void> {
    const turn = ++this.#turn;
    this.#asked.set(source, { key, turn });
    try {
      // What the filter hides, the worker was told before.
      const { words, legend, repeated } = await layer.layer.maskColors(colorBy, this.#frame);
      if (this.#asked.get(source)?.turn !== turn) return;
      for (let i = 2; i < words.length; i += 3) if (((words[i] ?? 0) >>> 24) === 0) words[i] = kOthers;
      this.#host.viewer.give(new Uint8Array(words.buffer));
      this.#host.viewer.update((raw) => raw._setLabelColors(mask, kOthers));
      this.#colorings.set(source, { layer, colorBy, legend, repeated });
      this.#host.changed();
    } catch {
      // A worker that ended: the mask has its own colours.
      if (this.#asked.get(source)?.turn === turn) this.#forget(source);
    }
  }
}
