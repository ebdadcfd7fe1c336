// What a layer is coloured by, what the colours mean, and which classes are shown.

import type { ColorBy, ColumnInfo, LayerInfo, Legend } from '../layer.ts';
import { button, checkbox, choice, css, element, foreign, hex, swatch, type Choice, type Rgb } from './dom.ts';
import { hidesCategory, withCategories, withCategory } from './layer_filter.ts';
import type { LayerHandle } from '../handle.ts';
import { columnTitle, rough, unitName, whole } from './words.ts';

/** Classes listed at once; more on demand. */
const kClassesAtOnce = 40;
const kLegendEntries = 24;
const kFirstColor: Rgb = [86, 180, 233];

function columnLabel({ name, unit }: ColumnInfo): string {
  return unit ? `${columnTitle(name)} (${unitName(unit)})` : columnTitle(name);
}

function hasTracks({ kind, columns }: LayerInfo): boolean {
  return kind === 'tracks' || columns.some(({ role }) => role === 'track');
}

function choices(info: LayerInfo): readonly Choice[] {
  return [
    ...(info.categories.length > 0 ? [{ value: 'category', label: 'Class' }] : []),
    ...(hasTracks(info) ? [{ value: 'track', label: 'Track' }] : []),
    { value: 'instance', label: 'Each object its own' },
    { value: 'single', label: 'One colour' },
    ...info.columns.map((column) => ({ value: `column:${column.name}`, label: columnLabel(column) })),
  ];
}

function valueOf(colorBy: ColorBy): string {
  return colorBy.kind === 'column' ? `column:${colorBy.column}` : colorBy.kind;
}

function colorByOf(value: string, before: ColorBy): ColorBy {
  if (value.startsWith('column:')) return { kind: 'column', column: value.slice('column:'.length) };
  if (value === 'single') return { kind: 'single', color: before.kind === 'single' ? before.color : kFirstColor };
  return { kind: value as 'category' | 'instance' | 'track' };
}

function singleColor(shown: LayerHandle, color: Rgb): HTMLElement {
  const input = element('input', { type: 'color' });
  input.value = hex(color);
  input.addEventListener('input', () => {
    const bits = Number.parseInt(input.value.slice(1), 16);
    shown.set({ colorBy: { kind: 'single', color: [(bits >> 16) & 255, (bits >> 8) & 255, bits & 255] } });
  });
  return element('label', { class: 'choice-row' }, element('span', {}, 'Its colour'), input);
}

export function ramp({ min, max, colors }: NonNullable<Legend['ramp']>): HTMLElement {
  const bar = element('div', { class: 'ramp', 'aria-hidden': 'true' });
  bar.style.background = `linear-gradient(to right, ${colors.map(css).join(', ')})`;
  return element(
    'div',
    { class: 'legend' },
    bar,
    element('div', { class: 'ramp-ends' }, element('span', {}, rough(min)), element('span', {}, rough((min + max) / 2)), element('span', {}, rough(max))),
  );
}

function legendOf(shown: LayerHandle): HTMLElement | null {
  const { legend, colorBy } = shown;
  if (colorBy.kind === 'single' || colorBy.kind === 'category' || !legend) return null;
  if (legend.ramp) return ramp(legend.ramp);
  if (colorBy.kind !== 'column') {
    return element('p', { class: 'quiet' }, colorBy.kind === 'track' ? 'Every track has a colour of its own, the same at every visit.' : 'Every object has a colour of its own, the same at every visit.');
  }
  return entryList(legend);
}

/** What each colour means, and of how many. */
export function entryList(legend: Legend): HTMLElement {
  const list = element('ul', { class: 'plain' });
  for (const { label, color, count } of legend.entries.slice(0, kLegendEntries)) {
    list.append(element('li', { class: 'class' }, swatch(color), foreign(label, 'name'), element('span', { class: 'count' }, whole(count))));
  }
  if (legend.entries.length > kLegendEntries) list.append(element('li', { class: 'quiet' }, `and ${whole(legend.entries.length - kLegendEntries)} more`));
  return list;
}

/** Check boxes of the classes, the most frequent first. */
function classes(shown: LayerHandle, most: number, more: () => void): HTMLElement | null {
  const { categories, count } = shown.info;
  if (categories.length === 0) return null;
  const without = count - categories.reduce((sum, category) => sum + category.count, 0);
  const entries = [
    ...categories
      .map(({ name, count: own, color }, index) => ({ index, name, own, color: color as Rgb | null }))
      .sort((a, b) => b.own - a.own),
    ...(without > 0 ? [{ index: -1, name: 'no class', own: without, color: null }] : []),
  ];
  const list = element('ul', { class: 'plain' });
  const colored = shown.colorBy.kind === 'category';
  for (const { index, name, own, color } of entries.slice(0, most)) {
    const label = element('span', { class: 'class' }, colored && color ? swatch(color) : null, index < 0 ? element('i', { class: 'name' }, name) : foreign(name, 'name'), element('span', { class: 'count' }, whole(own)));
    const box = checkbox(label, !hidesCategory(shown.filter, index), (on) => shown.set({ filter: withCategory(shown.filter, index, on) }));
    box.dataset['category'] = String(index);
    list.append(element('li', {}, box));
  }
  const rest = entries.length - most;
  const indices = entries.map(({ index }) => index);
  return element(
    'div',
    { class: 'classes', role: 'group', 'aria-label': 'Classes' },
    entries.length > 1 &&
      element(
        'div',
        { class: 'row' },
        element('h3', {}, 'Classes'),
        element('span', { class: 'gap' }),
        button('All', () => shown.set({ filter: withCategories(shown.filter, []) })),
        button('None', () => shown.set({ filter: withCategories(shown.filter, indices) })),
      ),
    list,
    rest > 0 && button(`Show ${whole(Math.min(rest, 200))} more of ${whole(entries.length)}`, more),
  );
}

export class ColorSection {
  readonly root = element('div', { class: 'section' });
  readonly #shown: LayerHandle;
  #most = kClassesAtOnce;
  #key = '';

  constructor(shown: LayerHandle) {
    this.#shown = shown;
    this.refresh();
  }

  refresh(): void {
    const { colorBy, filter, legend, info } = this.#shown;
    const key = JSON.stringify([valueOf(colorBy), legend, this.#most]);
    if (key !== this.#key) {
      this.#key = key;
      this.#build(colorBy, info);
    }
    for (const box of this.root.querySelectorAll<HTMLElement>('[data-category]')) {
      const input = box.querySelector('input');
      if (input) input.checked = !hidesCategory(filter, Number(box.dataset['category']));
    }
  }

  #build(colorBy: ColorBy, info: LayerInfo): void {
    // Built anew while it is being used: the focus goes back to where it was.
    const inside = this.root.contains((this.root.getRootNode() as ShadowRoot).activeElement);
    const by = choice('Colour by', choices(info), valueOf(colorBy), (value) => this.#shown.set({ colorBy: colorByOf(value, this.#shown.colorBy) }));
    this.root.replaceChildren(by);
    if (colorBy.kind === 'single') this.root.append(singleColor(this.#shown, colorBy.color));
    for (const part of [legendOf(this.#shown), classes(this.#shown, this.#most, () => this.#more())]) if (part) this.root.append(part);
    if (inside) by.querySelector('select')?.focus();
  }

  #more(): void {
    this.#most += 200;
    this.refresh();
  }
}
