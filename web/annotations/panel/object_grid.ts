// The rows of a table of any length on the screen: only those in view are elements. A grid to screen
// readers and to the keyboard (arrows, page, home, end, enter).

import type { ColumnInfo } from '../layer.ts';
import { element, foreign } from './dom.ts';
import type { TableRows } from './table_rows.ts';
import { cellText, columnTitle, unitName } from './words.ts';

export const kRowHeight = 28;
/** Browsers lose exactness, or cut, elements that are higher than some 16 million pixels. */
const kMostHeight = 8_000_000;
/** Rows beyond either edge, for what is scrolled to next. */
const kSpare = 8;
const kNumeric = new Set(['#', 'area', 'length', 'frame', 'slice']);
const kColumnWidths = { least: 56, most: 240, perLetter: 7.4, padding: 26 };

export interface GridEvents {
  /** Enter or a click. */
  chosen(object: number): void;
  hovered(object: number | null): void;
  sorted(column: string): void;
}

let grids = 0;

export class ObjectGrid {
  readonly root: HTMLElement;
  readonly #scroll: HTMLElement;
  readonly #head: HTMLElement;
  readonly #space: HTMLElement;
  readonly #rows: HTMLElement;
  readonly #events: GridEvents;
  readonly #id = `grid-${++grids}`;
  #source: TableRows | null = null;
  #columns: readonly ColumnInfo[] = [];
  #shownColumns = '';
  /** The row that keys move; the row of the selected object. */
  #active = 0;
  #selected = -1;
  #due = 0;

  constructor(label: string, events: GridEvents) {
    this.#events = events;
    this.#head = element('div', { role: 'row', class: 'grid-row grid-head', 'aria-rowindex': 1 });
    this.#rows = element('div', { role: 'rowgroup', class: 'grid-rows' });
    this.#space = element('div', { class: 'grid-space', role: 'presentation' }, this.#rows);
    this.#scroll = element('div', { class: 'grid', role: 'grid', tabindex: 0, 'aria-label': label, 'aria-rowcount': -1 }, element('div', { role: 'rowgroup', class: 'grid-top' }, this.#head), this.#space);
    this.root = this.#scroll;
    this.#scroll.addEventListener('scroll', () => this.#paintSoon(), { passive: true });
    this.#scroll.addEventListener('keydown', (event) => this.#key(event));
    this.#rows.addEventListener('click', ({ target }) => this.#click(target));
    this.#rows.addEventListener('pointerover', ({ target }) => this.#events.hovered(this.#objectAt(target)));
    this.#rows.addEventListener('pointerleave', () => this.#events.hovered(null));
    new ResizeObserver(() => this.#paintSoon()).observe(this.#scroll);
  }

  show(source: TableRows, columns: readonly ColumnInfo[]): void {
    this.#source = source;
    this.#columns = columns;
    this.#selected = -1;
    this.#active = 0;
    this.#shownColumns = '';
    this.#scroll.scrollTop = 0;
    this.#rows.replaceChildren();
    this.refresh();
  }

  /** Rows have come, or the query is another one. */
  refresh(): void {
    this.#paintSoon();
  }

  /** Marks a row and brings it into view; -1: none. */
  select(row: number, scroll = true): void {
    this.#selected = row;
    if (row >= 0) {
      this.#active = row;
      if (scroll) this.#reveal(row);
    }
    this.#paintSoon();
  }

  /** Top of the list, for another query. */
  rewind(): void {
    this.#active = 0;
    this.#scroll.scrollTop = 0;
    this.refresh();
  }

  // --- where rows are: exact while all fit kMostHeight, in proportion beyond

  get #total(): number {
    return Math.max(0, this.#source?.total ?? 0);
  }

  get #inView(): number {
    return Math.max(1, Math.floor((this.#scroll.clientHeight - kRowHeight) / kRowHeight));
  }

  get #first(): number {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroll;
    if (this.#total * kRowHeight <= kMostHeight) return scrollTop / kRowHeight;
    const share = scrollTop / Math.max(1, scrollHeight - clientHeight);
    return share * Math.max(0, this.#total - this.#inView);
  }

  #scrollTo(first: number): void {
    const { scrollHeight, clientHeight } = this.#scroll;
    this.#scroll.scrollTop =
      this.#total * kRowHeight <= kMostHeight ? first * kRowHeight : (first / Math.max(1, this.#total - this.#inView)) * (scrollHeight - clientHeight);
  }

  #reveal(row: number): void {
    this.#layOut();
    const first = this.#first;
    if (row < Math.ceil(first)) this.#scrollTo(row);
    else if (row >= Math.floor(first) + this.#inView) this.#scrollTo(row - this.#inView + 1);
  }

  // --- painting

  #paintSoon(): void {
    if (this.#due) return;
    this.#due = requestAnimationFrame(() => {
      this.#due = 0;
      this.#paint();
    });
  }

  #layOut(): void {
    this.#space.style.height = `${Math.min(this.#total * kRowHeight, kMostHeight)}px`;
  }

  #paint(): void {
    const source = this.#source;
    if (!source) return;
    this.#layOut();
    this.#scroll.setAttribute('aria-rowcount', String(source.total < 0 ? -1 : source.total + 1));
    this.#scroll.setAttribute('aria-busy', String(source.total < 0));
    const exact = this.#first;
    const first = Math.max(0, Math.floor(exact) - kSpare);
    const last = Math.min(this.#total, Math.ceil(exact) + this.#inView + kSpare);
    source.want(first, last);
    this.#paintHead(source);
    const rows: HTMLElement[] = [];
    for (let index = first; index < last; ++index) rows.push(this.#row(source, index, (index - exact) * kRowHeight));
    this.#rows.style.transform = `translateY(${this.#scroll.scrollTop}px)`;
    this.#rows.replaceChildren(...rows);
    const active = rows.find(({ dataset }) => dataset['row'] === String(this.#active));
    if (active) this.#scroll.setAttribute('aria-activedescendant', active.id);
    else this.#scroll.removeAttribute('aria-activedescendant');
  }

  #row(source: TableRows, index: number, top: number): HTMLElement {
    const found = source.row(index);
    const row = element('div', {
      role: 'row',
      id: `${this.#id}-${index}`,
      class: `grid-row${index === this.#active ? ' active' : ''}`,
      'aria-rowindex': index + 2,
      'aria-selected': String(index === this.#selected),
      'data-row': index,
      'data-object': found?.object,
    });
    row.style.transform = `translateY(${top}px)`;
    source.columns.forEach((name, i) => {
      const text = cellText(name, found?.cells[i] ?? '', this.#columns);
      row.append(element('div', { role: 'gridcell', class: this.#isNumeric(name) ? 'cell number' : 'cell', title: text.length > 24 ? text : null }, found ? foreign(text) : '…'));
    });
    return row;
  }

  #paintHead({ columns, query }: TableRows): void {
    const key = JSON.stringify([columns, query.sort, query.descending]);
    if (key === this.#shownColumns || columns.length === 0) return;
    const known = this.#shownColumns !== '' && JSON.stringify((JSON.parse(this.#shownColumns) as unknown[])[0]) === JSON.stringify(columns);
    this.#shownColumns = key;
    this.#scroll.setAttribute('aria-colcount', String(columns.length));
    const focused = (this.#scroll.getRootNode() as ShadowRoot).activeElement?.getAttribute('data-column');
    this.#head.replaceChildren(
      ...columns.map((name) => {
        const sorted = query.sort === name;
        const unit = this.#columns.find((column) => column.name === name)?.unit ?? '';
        const press = element('button', { type: 'button', 'data-column': name, title: 'Sort by this column' }, foreign(columnTitle(name) + (unit ? ` (${unitName(unit)})` : '')), element('span', { 'aria-hidden': 'true' }, sorted ? (query.descending ? ' ▾' : ' ▴') : ''));
        press.addEventListener('click', () => this.#events.sorted(name));
        return element('div', { role: 'columnheader', class: this.#isNumeric(name) ? 'cell number' : 'cell', 'aria-sort': sorted ? (query.descending ? 'descending' : 'ascending') : 'none' }, press);
      }),
    );
    if (focused) this.#head.querySelector<HTMLElement>(`[data-column="${CSS.escape(focused)}"]`)?.focus();
    if (!known) this.#measure(columns);
  }

  /** Widths from the first rows: the table must not shift while it is scrolled. */
  #measure(columns: readonly string[]): void {
    const { least, most, perLetter, padding } = kColumnWidths;
    const widths = columns.map((name, i) => {
      let letters = columnTitle(name).length + (this.#columns.find((column) => column.name === name)?.unit ? 5 : 2);
      for (let row = 0; row < 60; ++row) letters = Math.max(letters, this.#source?.row(row)?.cells[i]?.length ?? 0);
      return Math.min(most, Math.max(least, Math.ceil(letters * perLetter + padding)));
    });
    this.#scroll.style.setProperty('--columns', widths.map((width, i) => (i === widths.length - 1 ? `minmax(${width}px, 1fr)` : `${width}px`)).join(' '));
    this.#scroll.style.setProperty('--table-width', `${widths.reduce((sum, width) => sum + width, 0)}px`);
  }

  #isNumeric(name: string): boolean {
    return kNumeric.has(name) || this.#columns.some((column) => column.name === name && column.type !== 'text');
  }

  // --- hands

  #objectAt(target: EventTarget | null): number | null {
    const object = (target as Element | null)?.closest<HTMLElement>('[data-object]')?.dataset['object'];
    return object === undefined ? null : Number(object);
  }

  #click(target: EventTarget | null): void {
    const row = (target as Element | null)?.closest<HTMLElement>('[data-row]')?.dataset['row'];
    const object = this.#objectAt(target);
    if (row === undefined || object === null) return;
    this.#active = Number(row);
    this.#selected = this.#active;
    this.#paintSoon();
    this.#events.chosen(object);
  }

  #key(event: KeyboardEvent): void {
    if (event.target !== this.#scroll || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, this.#inView - 1);
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    if (step !== undefined) {
      this.#active = Math.min(this.#total - 1, Math.max(0, this.#active + step));
      this.#reveal(this.#active);
      this.#paintSoon();
    } else if (event.key === 'Enter' || event.key === ' ') {
      const object = this.#source?.row(this.#active)?.object;
      if (object === undefined) return;
      this.#selected = this.#active;
      this.#events.chosen(object);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
