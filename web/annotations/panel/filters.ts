// Filters of a layer by its columns: numbers within a range, texts by check boxes.

import type { ColumnInfo, LayerFilter } from '../layer.ts';
import { button, checkbox, element, foreign, numberField, signButton } from './dom.ts';
import { hidesText, rangeOf, withRange, withText, withTexts } from './layer_filter.ts';
import type { LayerHandle } from '../handle.ts';
import { columnTitle, rough, unitName, whole } from './words.ts';

function filterable({ type, min, max, values = [] }: ColumnInfo): boolean {
  return type === 'text' ? values.length > 1 : min !== undefined && max !== undefined && max > min;
}

function isFiltered({ ranges = [], hiddenTexts = [] }: LayerFilter, name: string): boolean {
  return ranges.some(({ column }) => column === name) || hiddenTexts.some(({ column }) => column === name);
}

function rangeFilter(shown: LayerHandle, { name, min = 0, max = 0, unit }: ColumnInfo): HTMLElement {
  const range = rangeOf(shown.filter, name) ?? { min, max };
  let low = range.min;
  let high = range.max;
  const problem = element('p', { class: 'problem', role: 'status' });
  const set = (): void => {
    problem.textContent = low > high ? 'The first number has to be the smaller one.' : '';
    if (low <= high) shown.set({ filter: withRange(shown.filter, name, low <= min && high >= max ? null : { min: low, max: high }) });
  };
  return element(
    'div',
    { class: 'range' },
    element(
      'div',
      { class: 'pair' },
      numberField('from', low, (value) => ((low = value), set()), { 'aria-label': `${columnTitle(name)} from` }),
      numberField('to', high, (value) => ((high = value), set()), { 'aria-label': `${columnTitle(name)} to` }),
    ),
    element('p', { class: 'quiet' }, `The file has ${rough(min)} to ${rough(max)}${unit ? ` ${unitName(unit)}` : ''}.`),
    problem,
  );
}

function textFilter(shown: LayerHandle, { name, values = [], distinct = 0 }: ColumnInfo): HTMLElement {
  const list = element('ul', { class: 'plain' });
  for (const { text, count } of values) {
    const label = element('span', { class: 'class' }, text === '' ? element('i', { class: 'name' }, 'empty') : foreign(text, 'name'), element('span', { class: 'count' }, whole(count)));
    list.append(element('li', {}, checkbox(label, !hidesText(shown.filter, name, text), (on) => shown.set({ filter: withText(shown.filter, name, text, on) }))));
  }
  const rest = distinct - values.length;
  return element('div', {}, list, rest > 0 && element('p', { class: 'quiet' }, `${distinct >= 1000 ? 'Very many' : whole(rest)} more values are not listed; find them in the table of objects.`));
}

export class FilterSection {
  readonly root = element('div', { class: 'section' });
  readonly #shown: LayerHandle;
  readonly #columns: readonly ColumnInfo[];
  /** Columns with a filter on the screen, whether it filters anything or not. */
  readonly #open = new Set<string>();

  constructor(shown: LayerHandle) {
    this.#shown = shown;
    this.#columns = shown.info.columns.filter(filterable);
    for (const { name, role } of this.#columns) if (role === 'score' || isFiltered(shown.filter, name)) this.#open.add(name);
    this.#build();
  }

  /** Whether this layer has anything to filter by. */
  get useful(): boolean {
    return this.#columns.length > 0;
  }

  #build(focus = ''): void {
    const parts = this.#columns.filter(({ name }) => this.#open.has(name)).map((column) => this.#filter(column));
    const rest = this.#columns.filter(({ name }) => !this.#open.has(name));
    const add = element('select', { 'aria-label': 'Filter by another column' }, new Option(parts.length > 0 ? 'Filter by another column…' : 'Filter by a column…', ''), ...rest.map(({ name }) => new Option(columnTitle(name), name)));
    add.addEventListener('change', () => {
      if (add.value === '') return;
      this.#open.add(add.value);
      this.#build(add.value);
    });
    this.root.replaceChildren(...parts, ...(rest.length > 0 ? [add] : []));
    if (focus) parts.find((part) => part.dataset['column'] === focus)?.querySelector('input')?.focus();
  }

  #filter(column: ColumnInfo): HTMLElement {
    const { name, type } = column;
    const end = (): void => {
      this.#open.delete(name);
      this.#shown.set({ filter: withTexts(withRange(this.#shown.filter, name, null), name, []) });
      this.#build();
      this.root.querySelector<HTMLElement>('select, input')?.focus();
    };
    const all = [button('All', () => this.#texts(column, true)), button('None', () => this.#texts(column, false))];
    return element(
      'div',
      { class: 'filter', role: 'group', 'aria-label': columnTitle(name), 'data-column': name },
      element('div', { class: 'row' }, element('h3', {}, foreign(columnTitle(name))), element('span', { class: 'gap' }), ...(type === 'text' ? all : []), signButton('×', `No longer filter by ${columnTitle(name)}`, end)),
      type === 'text' ? textFilter(this.#shown, column) : rangeFilter(this.#shown, column),
    );
  }

  #texts({ name, values = [] }: ColumnInfo, shown: boolean): void {
    this.#shown.set({ filter: withTexts(this.#shown.filter, name, shown ? [] : values.map(({ text }) => text)) });
    this.#build(name);
  }
}
