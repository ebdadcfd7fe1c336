// What the images of a study are filtered by, which at the same time shows how many there are of each: a
// checkbox a value, with a bar as long as its count.

import { element, foreign } from '../annotations/panel/dom.ts';

export interface FacetValue {
  readonly id: string;
  readonly name: string;
  readonly count: number;
  readonly color?: readonly [number, number, number] | undefined;
}

export interface Facet {
  readonly id: string;
  readonly title: string;
  /** What is counted, for people. */
  readonly unit: string;
  readonly values: readonly FacetValue[];
  readonly note?: string | undefined;
}

/** Chosen values by facet; none chosen: all of them. */
export type Choice = Readonly<Record<string, readonly string[]>>;

/** Values that are listed before "more". */
const kShort = 8;
const kPressedMs = 200;

export class Facets {
  readonly root = element('div', { class: 'facets' });
  readonly #changed: (choice: Choice) => void;
  #choice: Choice = {};
  #facets: readonly Facet[] = [];
  readonly #long = new Set<string>();
  #shown = '';
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(changed: (choice: Choice) => void) {
    this.#changed = changed;
  }

  get choice(): Choice {
    return this.#choice;
  }

  show(facets: readonly Facet[], choice: Choice): void {
    this.#facets = facets;
    this.#choice = choice;
    clearTimeout(this.#later);
    // What is being pressed must not be replaced under the pointer.
    if (this.root.matches(':active')) {
      this.#later = setTimeout(() => this.show(this.#facets, this.#choice), kPressedMs);
      return;
    }
    const key = JSON.stringify([facets, choice, [...this.#long]]);
    if (key === this.#shown) return;
    this.#shown = key;
    const focused = this.#focusedId();
    this.root.replaceChildren(...facets.filter(({ values, note }) => values.length > 0 || note !== undefined).map((facet) => this.#facet(facet)));
    // Counts change while somebody goes through them by keys.
    if (focused) this.root.querySelector<HTMLElement>(`#${CSS.escape(focused)}`)?.focus();
  }

  #focusedId(): string {
    const root = this.root.getRootNode();
    const active = root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
    return active && this.root.contains(active) ? active.id : '';
  }

  #facet(facet: Facet): HTMLElement {
    const { id, title, unit, values, note } = facet;
    const most = Math.max(1, ...values.map(({ count }) => count));
    const chosen = this.#choice[id] ?? [];
    const long = this.#long.has(id);
    const shown = long ? values : values.filter((value, at) => at < kShort || chosen.includes(value.id));
    const list = element('ul', {}, ...shown.map((value) => this.#value(facet, value, most)));
    const set = element('fieldset', { class: 'facet' }, element('legend', {}, title, values.length > 0 && element('span', { class: 'quiet' }, ` ${unit}`)), values.length > 0 && list);
    if (values.length > shown.length || long) {
      set.append(element('button', { type: 'button', class: 'plain', id: `more-${id}`, 'aria-expanded': String(long), onclick: () => {
        if (long) this.#long.delete(id);
        else this.#long.add(id);
        this.show(this.#facets, this.#choice);
      } }, long ? 'Show fewer' : `Show all ${values.length}`));
    }
    if (note) set.append(element('p', { class: 'quiet small' }, note));
    return set;
  }

  #value({ id: facet }: Facet, { id, name, count, color }: FacetValue, most: number): HTMLElement {
    const chosen = this.#choice[facet] ?? [];
    const input = element('input', { type: 'checkbox', id: `${facet}-${id}` });
    input.checked = chosen.includes(id);
    input.addEventListener('change', () => {
      const without = (this.#choice[facet] ?? []).filter((other) => other !== id);
      this.#choice = { ...this.#choice, [facet]: input.checked ? [...without, id] : without };
      this.#changed(this.#choice);
    });
    const bar = element('span', { class: 'bar', 'aria-hidden': 'true' });
    bar.style.setProperty('--share', String(count / most));
    if (color) bar.style.setProperty('--bar', `rgb(${color.join(' ')})`);
    return element('li', {}, element('label', {}, input, element('span', { class: 'name' }, foreign(name)), element('span', { class: 'count' }, count.toLocaleString('en')), bar));
  }
}
