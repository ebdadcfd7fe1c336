// The bar over the image that says which of a dataset's images is shown: wells, fields, series,
// coordinate systems. Plain DOM, so that a screen reader and the keyboard reach every image.

import type { ViewerState } from './state.ts';
import type { Viewer } from './viewer.ts';

/** Options that one list takes: longer ones are cut, and it is said so. */
const kMostOptions = 5000;

export const kDatasetChoiceHtml = `
<nav class="choice" aria-label="Images of this dataset" hidden>
  <button type="button" data-choice="overview" hidden></button>
  <label data-choice="entry" hidden><span></span> <select></select></label>
  <label data-choice="field" hidden><span>Field</span> <select></select></label>
  <label data-choice="multiscale" hidden><span>Version</span> <select></select></label>
  <label data-choice="system" hidden><span>Coordinates</span> <select></select></label>
  <span data-choice="summary" class="summary" hidden></span>
</nav>`;

function entryWord(kind: string | undefined): string {
  return kind === 'plate' ? 'Well' : 'Image';
}

/** "96 wells of 8 × 12, 3 without an image" */
export function plateSummary({ plate, overview }: ViewerState): string {
  if (!plate || !overview) return '';
  const { wells, rows, columns, missing } = plate;
  const imaged = wells === rows * columns ? `${wells} wells` : `${wells} of ${rows * columns} wells imaged`;
  return missing > 0 ? `${imaged}, ${missing} without a readable image` : imaged;
}

export class DatasetChoice {
  readonly #bar: HTMLElement;
  readonly #viewer: () => Viewer | null;
  readonly #shown = new Map<string, string>();

  constructor(root: ShadowRoot, viewer: () => Viewer | null) {
    const bar = root.querySelector<HTMLElement>('.choice');
    if (!bar) throw new Error('expected .choice in the shadow root');
    this.#bar = bar;
    this.#viewer = viewer;
    bar.addEventListener('change', (event) => this.#choose(event.target as HTMLSelectElement));
    this.#part('overview').addEventListener('click', () => {
      this.#viewer()?.update((raw) => raw._showOverview());
    });
  }

  show(state: ViewerState): void {
    const { kind, entry = -1, entryCount = 0, overview = false } = state;
    const button = this.#part('overview');
    button.hidden = !state.hasOverview || overview;
    button.textContent = kind === 'plate' ? '← Plate' : '← All images';
    const word = entryWord(kind);
    this.#list('entry', entryCount > 1, String(state.entriesVersion), overview ? -1 : entry, () => [
      ...(this.#viewer()?.entries ?? []),
    ]);
    const label = this.#part('entry').querySelector('span');
    if (label) label.textContent = word;
    const select = this.#part('entry').querySelector('select');
    // Nothing chosen yet: an empty box would say nothing.
    if (select) select.title = overview ? `Choose a ${word.toLowerCase()} to open it` : '';
    this.#plain('field', overview ? [] : state.fields, state.field);
    this.#plain('multiscale', state.multiscales, state.multiscale);
    this.#plain('system', state.systems, state.system);
    const summary = this.#part('summary');
    summary.textContent = plateSummary(state);
    summary.hidden = summary.textContent === '';
    this.#bar.hidden = [...this.#bar.children].every((child) => (child as HTMLElement).hidden);
  }

  #plain(choice: string, names: readonly string[] = [], index = -1): void {
    this.#list(choice, names.length > 1, JSON.stringify(names), index, () => names);
  }

  /** Fills a list when its `key` has changed, and points it at the open one. */
  #list(choice: string, visible: boolean, key: string, index: number, names: () => readonly string[]): void {
    const label = this.#part(choice);
    const select = label.querySelector('select');
    label.hidden = !visible;
    if (!select || !visible) return;
    if (this.#shown.get(choice) !== key) {
      this.#shown.set(choice, key);
      const all = names();
      const options = all.slice(0, kMostOptions).map((name, i) => new Option(name, String(i)));
      if (all.length > kMostOptions) {
        const rest = new Option(`… and ${all.length - kMostOptions} more`);
        rest.disabled = true;
        options.push(rest);
      }
      const none = new Option('choose…', '-1');
      none.hidden = true;
      select.replaceChildren(none, ...options);
    }
    if (select.value !== String(index)) select.value = String(index);
  }

  #choose(select: HTMLSelectElement): void {
    const index = Number(select.value);
    if (!(index >= 0)) return;
    const choice = select.closest<HTMLElement>('[data-choice]')?.dataset['choice'];
    this.#viewer()?.update((raw) => {
      if (choice === 'entry') raw._openEntry(index);
      else if (choice === 'field') raw._openField(index);
      else if (choice === 'multiscale') raw._openMultiscale(index);
      else if (choice === 'system') raw._setSystem(index);
    });
  }

  #part(choice: string): HTMLElement {
    const found = this.#bar.querySelector<HTMLElement>(`[data-choice="${choice}"]`);
    if (!found) throw new Error(`expected ${choice} in the bar`);
    return found;
  }
}
