// Class labels and counts, which have no place on the image: as badges over its upper left corner, those
// of the frame that is shown.

import type { LayerInfo, TableRow } from '../layer.ts';
import { element, foreign, swatch } from './dom.ts';
import type { PanelHost } from './host.ts';
import type { LayerHandle } from '../handle.ts';
import { columnTitle, rough, whole } from './words.ts';

/** Rows looked at of one layer; a set with more is for the table. */
const kMostRows = 20_000;
const kMostItems = 8;

interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

function isBadge({ kind }: LayerInfo): boolean {
  return kind === 'class_labels' || kind === 'counts';
}

type Item = readonly [label: string, value: string, color: readonly [number, number, number] | null];

function colorOf({ categories }: LayerInfo, name: string): Item[2] {
  return categories.find((category) => category.name === name)?.color ?? null;
}

/** The few things to say of the rows of one frame. */
function items(info: LayerInfo, { columns, rows }: Rows): readonly Item[] {
  const counts = info.columns.filter(({ role }) => role === 'count');
  if (info.kind === 'counts' && counts.length > 0) {
    return counts.map(({ name }) => {
      const at = columns.indexOf(name);
      const sum = rows.reduce((total, { cells }) => total + (Number(cells[at]?.replaceAll(',', '')) || 0), 0);
      return [columnTitle(name).replaceAll('_', ' '), rough(sum), colorOf(info, name)];
    });
  }
  const at = columns.indexOf('category');
  if (at < 0) return [];
  const tally = new Map<string, number>();
  for (const { cells } of rows) tally.set(cells[at] ?? '', (tally.get(cells[at] ?? '') ?? 0) + 1);
  return [...tally].filter(([name]) => name !== '').sort((a, b) => b[1] - a[1]).map(([name, count]) => [name, rows.length > 1 ? whole(count) : '', colorOf(info, name)]);
}

export class Badges {
  readonly root = element('section', { class: 'annotation-badges', 'aria-label': 'Classes and counts', hidden: true });
  readonly #host: PanelHost;
  readonly #rows = new Map<LayerHandle, Rows | null>();
  #key = '';

  constructor(host: PanelHost) {
    this.#host = host;
  }

  refresh(): void {
    const shown = this.#host.layers.layers.filter(({ info, visible }) => visible && isBadge(info));
    for (const layer of this.#rows.keys()) if (!this.#host.layers.layers.includes(layer)) this.#rows.delete(layer);
    for (const layer of shown) if (!this.#rows.has(layer)) void this.#read(layer);
    const boxes = shown.map((layer) => this.#box(layer)).filter((box) => box !== null);
    const key = boxes.map(({ textContent }) => textContent).join('\n');
    if (key === this.#key) return;
    this.#key = key;
    this.root.replaceChildren(...boxes);
    this.root.hidden = boxes.length === 0;
  }

  async #read(shown: LayerHandle): Promise<void> {
    this.#rows.set(shown, null);
    try {
      const { columns, rows } = await shown.layer.table({ filtered: false }, 0, kMostRows);
      if (!this.#rows.has(shown)) return;
      this.#rows.set(shown, { columns, rows });
      this.refresh();
    } catch {
      // Closed meanwhile; the table says what went wrong otherwise.
    }
  }

  #box(shown: LayerHandle): HTMLElement | null {
    const all = this.#rows.get(shown);
    const { info } = shown.layer;
    if (!all) return null;
    const frameAt = info.frames ? all.columns.indexOf('frame') : -1;
    const frame = this.#host.frame?.();
    const here = frameAt >= 0 && frame !== undefined ? all.rows.filter(({ cells }) => Number(cells[frameAt]) === frame) : all.rows;
    const found = items(info, { columns: all.columns, rows: here });
    if (found.length === 0) return null;
    const list = element('ul', {}, ...found.slice(0, kMostItems).map(([label, value, color]) => element('li', {}, color && swatch(color), foreign(label), value && element('strong', {}, value))));
    if (found.length > kMostItems) list.append(element('li', {}, `and ${found.length - kMostItems} more`));
    return element('div', { class: 'badge' }, element('p', { class: 'badge-title' }, foreign(info.name.replace(/\.[a-z]+$/i, ''))), list);
  }
}
