// The table of one layer's objects, with search, sorting, copying, and the details of the chosen object.

import type { TableQuery } from '../layer.ts';
import { copiedRows, copyText, kMostCopied, type CopyFormat } from './copied_rows.ts';
import { button, checkbox, element } from './dom.ts';
import { detailsView } from './object_details.ts';
import { ObjectGrid } from './object_grid.ts';
import { isOpen } from './layer_filter.ts';
import type { AnnotationLayersApi, LayerHandle } from '../handle.ts';
import { TableRows } from './table_rows.ts';
import { counted, objectWord, whole } from './words.ts';

/** Typing rests this long (ms) before the worker searches. */
const kTypingRest = 200;

/** Objects that another view leads to: an entry of the quality report. */
export interface Selection {
  readonly title: string;
  readonly objects: readonly number[];
  /** There are more than are listed. */
  readonly count: number;
}

export class ObjectsView {
  readonly root = element('div', { class: 'view objects' });
  readonly #layers: AnnotationLayersApi;
  readonly #grid: ObjectGrid;
  readonly #search = element('input', { type: 'search', placeholder: 'Search', 'aria-label': 'Search the objects' });
  readonly #filtered: HTMLLabelElement;
  readonly #only = element('div', { class: 'only', hidden: true });
  readonly #status = element('p', { class: 'quiet status', role: 'status' });
  readonly #details = element('div', { class: 'details-place' });
  #shown: LayerHandle | null = null;
  #rows: TableRows | null = null;
  #query: TableQuery = {};
  #filterKey = '';
  /** Counts objects asked about: the last one is shown. */
  #turn = 0;
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor(layers: AnnotationLayersApi) {
    this.#layers = layers;
    this.#grid = new ObjectGrid('Objects', {
      chosen: (object) => this.#choose(object),
      hovered: (object) => this.#shown && layers.hover(object === null ? null : { layer: this.#shown, object }),
      sorted: (column) => this.#sort(column),
    });
    this.#search.addEventListener('input', () => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => this.#ask({ search: this.#search.value.trim() }), kTypingRest);
    });
    this.#filtered = checkbox('Only those shown on the image', true, (filtered) => this.#ask({ filtered }));
    const tools = element('div', { class: 'row tools' }, this.#search, button('Copy CSV', () => void this.#copy('csv')), button('Copy JSON', () => void this.#copy('json')));
    this.root.append(tools, this.#filtered, this.#only, this.#status, this.#grid.root, this.#details);
  }

  get shown(): LayerHandle | null {
    return this.#shown;
  }

  show(shown: LayerHandle | null): void {
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#details.replaceChildren();
    this.#search.value = '';
    this.#showOnly(null);
    this.#query = { filtered: this.#filtered.querySelector('input')?.checked ?? true };
    this.root.classList.toggle('empty', !shown);
    if (!shown) {
      this.#rows = null;
      this.#turn += 1;
      return;
    }
    this.#filterKey = JSON.stringify(shown.filter);
    this.#rows = new TableRows(shown.layer, this.#query, () => this.#arrived());
    this.#grid.root.setAttribute('aria-label', `Objects of ${shown.info.name}`);
    this.#grid.show(this.#rows, shown.info.columns);
    this.#say();
  }

  /** Something about the layers has changed. */
  refresh(): void {
    if (!this.#shown || !this.#rows) return;
    const key = JSON.stringify(this.#shown.filter);
    if (key === this.#filterKey) return;
    this.#filterKey = key;
    if (this.#query.filtered !== false) this.#rows.again();
  }

  /** Lists these objects only, whatever the filter. */
  list(selection: Selection): void {
    this.#showOnly(selection);
    this.#search.value = '';
    this.#ask({ only: selection.objects, search: '', filtered: false });
  }

  /** An object was chosen on the image, or elsewhere: its row and its details. */
  async reveal(object: number | null): Promise<void> {
    const turn = ++this.#turn;
    const { layer } = this.#shown ?? {};
    if (object === null || !layer || !this.#rows) {
      this.#grid.select(-1);
      this.#details.replaceChildren();
      return;
    }
    const rows = this.#rows;
    // What goes wrong is said by the details.
    const [row] = await Promise.all([rows.find(object).catch(() => -1), this.#detail(object, turn)]);
    if (turn !== this.#turn || rows !== this.#rows) return;
    this.#grid.select(row);
    this.#say(row < 0 ? 'The chosen object is not in this list.' : '');
  }

  // --- within

  #arrived(): void {
    this.#grid.refresh();
    this.#say();
  }

  #say(more = ''): void {
    const info = this.#shown?.info;
    const rows = this.#rows;
    if (!info || !rows) return;
    const [one, many] = objectWord(info);
    const words =
      rows.total < 0 ? 'Reading …' : rows.error !== '' ? `The objects could not be listed: ${rows.error}` : rows.total === info.count ? counted(info.count, one, many) : `${whole(rows.total)} of ${counted(info.count, one, many)}`;
    const text = [words, more].filter(Boolean).join(' · ');
    if (this.#status.textContent !== text) this.#status.textContent = text;
    // Without a filter the box would do nothing.
    this.#filtered.hidden = (this.#shown ? isOpen(this.#shown.filter) : true) || this.#query.only !== undefined;
  }

  #ask(change: TableQuery): void {
    this.#query = { ...this.#query, ...change };
    if (!this.#rows) return;
    this.#rows.query = this.#query;
    this.#grid.select(-1);
    this.#grid.rewind();
    this.#say();
  }

  #sort(column: string): void {
    const { sort, descending = false } = this.#query;
    this.#ask({ sort: column, descending: sort === column && !descending });
  }

  #showOnly(selection: Selection | null): void {
    this.#only.hidden = selection === null;
    if (!selection) {
      if (this.#query.only) {
        const { only: _, ...rest } = this.#query;
        this.#query = { ...rest, filtered: this.#filtered.querySelector('input')?.checked ?? true };
      }
      return;
    }
    const { title, objects, count } = selection;
    const all = button('List all', () => {
      this.#showOnly(null);
      this.#ask({});
      this.#search.focus();
    });
    this.#only.replaceChildren(element('p', {}, element('strong', {}, title), count > objects.length ? `: the first ${whole(objects.length)} of ${whole(count)}` : ''), all);
  }

  #choose(object: number): void {
    if (!this.#shown) return;
    const picked = { layer: this.#shown, object };
    this.#layers.select(picked);
    void this.#layers.flyTo(picked);
    void this.#detail(object, ++this.#turn);
  }

  async #detail(object: number, turn: number): Promise<void> {
    const shown = this.#shown;
    if (!shown) return;
    try {
      const details = await shown.layer.details(object);
      if (turn !== this.#turn || shown !== this.#shown) return;
      this.#details.replaceChildren(
        detailsView(shown, details, {
          go: (other) => {
            this.#choose(other);
            void this.reveal(other);
          },
          fly: () => void this.#layers.flyTo({ layer: shown, object }),
          close: () => {
            this.#layers.select(null);
            void this.reveal(null);
            this.#grid.root.focus();
          },
        }),
      );
    } catch (error) {
      if (turn === this.#turn) this.#say(`The object could not be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #copy(format: CopyFormat): Promise<void> {
    if (!this.#shown) return;
    this.#say('Copying …');
    const making = copiedRows(this.#shown.layer, this.#query, format);
    try {
      await copyText(making.then(({ text }) => text));
      const { rows, total } = await making;
      this.#say(total > rows ? `Copied the first ${whole(kMostCopied)} rows: the clipboard takes no more` : `Copied ${counted(rows, 'row')}`);
    } catch (error) {
      this.#say(`Not copied: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
