// Elements and the few kinds of control that the panel is made of. Text from files goes through
// textContent only, isolated, so that a name written from right to left does not turn its surroundings.

type Child = Node | string | null | undefined | false;

export interface Attributes {
  readonly [name: string]: string | number | boolean | null | undefined | ((event: Event) => void);
}

/** `on…` is a listener, `class` and all others are attributes; false, null: none of it. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(name, value === true ? '' : String(value));
    }
  }
  for (const child of children) if (child !== null && child !== undefined && child !== false) made.append(child);
  return made;
}

const kSvg = 'http://www.w3.org/2000/svg';

export function svg(tag: string, attributes: Readonly<Record<string, string | number>> = {}, ...children: readonly Node[]): SVGElement {
  const made = document.createElementNS(kSvg, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** Text of a file: a name, a class, a value. */
export function foreign(text: string, className = ''): HTMLElement {
  const isolated = element('bdi', {}, text);
  // Within a box of ours, so that it begins where its neighbours do whichever way it is written.
  return className ? element('span', { class: className }, isolated) : isolated;
}

export type Rgb = readonly [number, number, number];

export function css([r, g, b]: Rgb): string {
  return `rgb(${r} ${g} ${b})`;
}

export function hex(color: Rgb): string {
  return `#${color.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

export function swatch(color: Rgb): HTMLElement {
  const made = element('span', { class: 'swatch', 'aria-hidden': 'true' });
  made.style.background = css(color);
  return made;
}

export function button(label: string, press: () => void, attributes: Attributes = {}): HTMLButtonElement {
  return element('button', { type: 'button', onclick: () => press(), ...attributes }, label);
}

/** A button of one sign, named for those who do not see it. */
export function signButton(sign: string, name: string, press: () => void, attributes: Attributes = {}): HTMLButtonElement {
  return element('button', { type: 'button', class: 'sign', title: name, 'aria-label': name, onclick: () => press(), ...attributes }, element('span', { 'aria-hidden': 'true' }, sign));
}

export function checkbox(label: Node | string, checked: boolean, change: (checked: boolean) => void): HTMLLabelElement {
  const input = element('input', { type: 'checkbox' });
  input.checked = checked;
  input.addEventListener('change', () => change(input.checked));
  return element('label', { class: 'check' }, input, typeof label === 'string' ? element('span', {}, label) : label);
}

export interface Range {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  readonly show: (value: number) => string;
}

/** A slider with its value in words. Sets nothing until it is moved; `put` shows another value. */
export function slider({ label, min, max, step, value, show }: Range, change: (value: number) => void): { readonly root: HTMLElement; put(value: number): void } {
  const input = element('input', { type: 'range', min, max, step });
  input.value = String(value);
  const output = element('output', {}, show(value));
  const say = (): void => {
    output.textContent = show(Number(input.value));
    input.setAttribute('aria-valuetext', output.textContent);
  };
  say();
  input.addEventListener('input', () => {
    say();
    change(Number(input.value));
  });
  return {
    root: element('label', { class: 'slider' }, element('span', {}, label), input, output),
    put(next) {
      if (Number(input.value) === next) return;
      input.value = String(next);
      say();
    },
  };
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export function choice(label: string, options: readonly Choice[], value: string, change: (value: string) => void): HTMLLabelElement {
  const select = element('select', {}, ...options.map(({ value: own, label: text }) => new Option(text, own)));
  select.value = value;
  select.addEventListener('change', () => change(select.value));
  return element('label', { class: 'choice-row' }, element('span', {}, label), select);
}

/** A number that is typed in; `change` only gets finite ones. */
export function numberField(label: string, value: number, change: (value: number) => void, attributes: Attributes = {}): HTMLLabelElement {
  const input = element('input', { type: 'number', step: 'any', inputmode: 'decimal', ...attributes });
  input.value = String(Number(value.toPrecision(9)));
  input.addEventListener('change', () => {
    const typed = input.valueAsNumber;
    input.setAttribute('aria-invalid', String(!Number.isFinite(typed)));
    if (Number.isFinite(typed)) change(typed);
  });
  return element('label', { class: 'number' }, element('span', {}, label), input);
}

/** A part that opens and closes; the browser's own element, so keys and readers know it. */
export function fold(title: string, open: boolean, ...content: readonly Child[]): HTMLDetailsElement {
  return element('details', open ? { open: true } : {}, element('summary', {}, title), ...content);
}
