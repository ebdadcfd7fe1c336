// Quality at a glance: how many of each class, how large, how much of the image is covered, and what
// looks wrong. Every finding leads to its objects.

import type { ImageContext, QualityEntry, QualityReport } from '../layer.ts';
import { button, css, element, foreign, svg, swatch } from './dom.ts';
import type { MaskTablesApi } from './host.ts';
import type { Selection } from './objects_view.ts';
import type { AnnotationLayersApi, LayerHandle } from '../handle.ts';
import { columnTitle, counted, objectWord, percent, rough, unitName, whole } from './words.ts';

const kClassesShown = 20;
const kRank = { error: 0, warning: 1, info: 2 } as const;
const kHistogram = { width: 300, height: 72 };

function classBars(classes: QualityReport['classes']): HTMLElement | null {
  if (classes.length === 0) return null;
  const sorted = [...classes].sort((a, b) => b.count - a.count);
  const most = Math.max(1, sorted[0]?.count ?? 1);
  const sum = Math.max(1, classes.reduce((total, { count }) => total + count, 0));
  const list = element('ul', { class: 'plain bars' });
  for (const { name, count, color } of sorted.slice(0, kClassesShown)) {
    const bar = element('span', { class: 'bar', 'aria-hidden': 'true' });
    bar.style.width = `${Math.max(0.5, (count / most) * 100)}%`;
    bar.style.background = css(color);
    list.append(
      element('li', {}, element('span', { class: 'bar-head' }, swatch(color), name === '' ? element('i', { class: 'name' }, 'no class') : foreign(name, 'name'), element('span', { class: 'count' }, whole(count)), element('span', { class: 'share' }, percent(count / sum))), element('span', { class: 'bar-room' }, bar)),
    );
  }
  const rest = sorted.length - kClassesShown;
  if (rest > 0) list.append(element('li', { class: 'quiet' }, `and ${counted(rest, 'more class', 'more classes')}`));
  return element('section', {}, element('h3', {}, 'Classes'), list);
}

/** Where a value lies among the edges, 0 to 1: bars are drawn equally wide, whatever their edges. */
function along(edges: readonly number[], value: number): number {
  const bins = edges.length - 1;
  const bin = Math.min(bins - 1, Math.max(0, edges.findIndex((edge) => edge > value) - 1));
  const [low, high] = [edges[bin] ?? 0, edges[bin + 1] ?? 1];
  return (bin + Math.min(1, Math.max(0, (value - low) / (high - low || 1)))) / Math.max(1, bins);
}

function sizeHistogram({ unit, edges, counts, median }: NonNullable<QualityReport['sizes']>): HTMLElement {
  const { width, height } = kHistogram;
  const most = Math.max(1, ...counts);
  const step = width / Math.max(1, counts.length);
  const bars = counts.map((count, i) => svg('rect', { x: i * step + 0.5, y: height - (count / most) * height, width: Math.max(0.5, step - 1), height: (count / most) * height }));
  const x = along(edges, median) * width;
  const [first, last] = [edges[0] ?? 0, edges.at(-1) ?? 0];
  const area = unitName(unit.replace(/²$/, '')) + (unit.endsWith('²') ? '²' : '');
  const said = `Sizes from ${rough(first)} to ${rough(last)} ${area}; half of the objects are smaller than ${rough(median)} ${area}.`;
  return element(
    'section',
    {},
    element('h3', {}, 'Size of objects'),
    (() => {
      const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': said, class: 'histogram' }, ...bars, svg('line', { x1: x, x2: x, y1: 0, y2: height, class: 'median', 'vector-effect': 'non-scaling-stroke' }));
      return picture as unknown as Node;
    })(),
    element('div', { class: 'ramp-ends' }, element('span', {}, rough(first)), element('span', {}, element('span', { class: 'median-key', 'aria-hidden': 'true' }), `median ${rough(median)} ${area}`), element('span', {}, rough(last))),
  );
}

function coverage(share: number | null): HTMLElement | null {
  if (share === null) return null;
  const bar = element('span', { class: 'bar accent', 'aria-hidden': 'true' });
  bar.style.width = `${share * 100}%`;
  return element('section', {}, element('h3', {}, 'Share of the image covered'), element('span', { class: 'bar-head' }, element('span', { class: 'name' }, percent(share))), element('span', { class: 'bar-room' }, bar));
}

const kMarks = { error: 'Error', warning: 'Check', info: 'Note' } as const;

function entryItem(entry: QualityEntry, open: (selection: Selection) => void): HTMLElement {
  const { severity, title, message, count, objects } = entry;
  const inside = [
    element('span', { class: 'entry-head' }, element('span', { class: `mark ${severity}` }, kMarks[severity]), element('strong', { class: 'name' }, title), element('span', { class: 'count' }, whole(count))),
    element('span', { class: 'quiet' }, foreign(message)),
  ];
  if (objects.length === 0) return element('li', {}, element('div', { class: 'entry' }, ...inside));
  const press = element('button', { type: 'button', class: 'entry' }, ...inside, element('span', { class: 'more' }, objects.length === 1 ? 'Show it' : 'List them'));
  press.addEventListener('click', () => open({ title, objects, count }));
  return element('li', {}, press);
}

function findings(entries: readonly QualityEntry[], open: (selection: Selection) => void): HTMLElement {
  const sorted = [...entries].sort((a, b) => kRank[a.severity] - kRank[b.severity]);
  return element(
    'section',
    {},
    element('h3', {}, 'What to look at'),
    sorted.length > 0 ? element('ul', { class: 'plain entries' }, ...sorted.map((entry) => entryItem(entry, open))) : element('p', {}, 'Nothing looks wrong.'),
  );
}

export class QualityView {
  readonly root = element('div', { class: 'view quality', 'aria-live': 'polite' });
  readonly #layers: AnnotationLayersApi;
  readonly #open: (selection: Selection) => void;
  #shown: LayerHandle | null = null;
  #key = '';
  #turn = 0;

  readonly #masks: MaskTablesApi | null;

  constructor(layers: AnnotationLayersApi, masks: MaskTablesApi | null, open: (selection: Selection) => void) {
    this.#layers = layers;
    this.#masks = masks;
    this.#open = open;
  }

  /** Asks the worker when the layer, or how it lies on the image, is another one. */
  show(shown: LayerHandle | null): void {
    const key = shown ? JSON.stringify([shown.space, shown.transform, this.#layers.image]) : '';
    if (shown === this.#shown && key === this.#key) return;
    this.#shown = shown;
    this.#key = key;
    this.root.replaceChildren();
    const { image } = this.#layers;
    if (shown && image) void this.#report(shown, image);
  }

  /** A table of a mask's ids: which of them have no row, and which rows no pixels. */
  #maskSection(shown: LayerHandle): HTMLElement | null {
    const masks = shown.info.maskIds === '' ? [] : (this.#masks?.masks() ?? []);
    if (masks.length === 0) return null;
    const place = element('div', { role: 'status' });
    const buttons = masks.map(({ index, name }) => button(`Compare with ${name}`, () => void this.#compare(shown, index, name, place)));
    return element('section', {}, element('h3', {}, 'Mask and table'), element('div', { class: 'row' }, ...buttons), place);
  }

  async #compare(shown: LayerHandle, mask: number, name: string, place: HTMLElement): Promise<void> {
    place.replaceChildren(element('p', { class: 'quiet' }, `Reading ${name} …`));
    try {
      const found = await this.#masks?.compare(mask, shown);
      if (!found) return;
      const { scan, idCount, ids, objectCount, objects } = found;
      const said: QualityEntry[] = [];
      const entry = (rule: string, title: string, message: string, count: number, list: readonly number[]): void => {
        if (count > 0) said.push({ rule, severity: 'warning', title, message, count, objects: list });
      };
      entry('annotation/id-without-row', 'Ids without properties', `Objects of ${name} that no row is about: ${ids.slice(0, 12).join(', ')}${idCount > 12 ? ' …' : ''}`, idCount, []);
      entry('annotation/row-without-pixels', 'Properties without ids', `Rows whose ${columnTitle(shown.info.maskIds)} no pixel of ${name} has.`, objectCount, objects);
      const list = said.length > 0 ? element('ul', { class: 'plain entries' }, ...said.map((each) => entryItem(each, this.#open))) : element('p', {}, `Every id of ${name} has a row, and every row has pixels.`);
      place.replaceChildren(list, ...(scan.factor > 1 ? [element('p', { class: 'quiet' }, `Read at a coarser level: objects narrower than ${rough(scan.factor)} pixels may be missing.`)] : []));
    } catch (error) {
      place.replaceChildren(element('p', { class: 'problem' }, `The mask could not be read: ${error instanceof Error ? error.message : String(error)}`));
    }
  }

  async #report(shown: LayerHandle, image: ImageContext): Promise<void> {
    const turn = ++this.#turn;
    const [one, many] = objectWord(shown.info);
    this.root.replaceChildren(element('p', { class: 'quiet' }, `Looking at ${counted(shown.info.count, one, many)} …`));
    try {
      const report = await shown.layer.quality(image);
      if (turn !== this.#turn) return;
      const parts = [findings(report.entries, this.#open), classBars(report.classes), report.sizes && report.sizes.counts.length > 0 ? sizeHistogram(report.sizes) : null, coverage(report.coverage), this.#maskSection(shown)];
      this.root.replaceChildren(...parts.filter((part) => part !== null));
    } catch (error) {
      if (turn === this.#turn) this.root.replaceChildren(element('p', { class: 'problem' }, `The report could not be made: ${error instanceof Error ? error.message : String(error)}`));
    }
  }
}
