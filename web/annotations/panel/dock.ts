// Where the panel is: at the side of the image or below it, in the element itself or in a place that the
// page has for it; open, or put away behind a button.

import type { AnnotationPanel } from './panel.ts';
import { element } from './dom.ts';

export type Side = 'beside' | 'below';

/** Elements narrower than this (CSS pixels) have the panel below the image, and closed at first. */
const kNarrow = 640;
const kDockStyle = `
canvas:is(.view, .still) { width: calc(100% - var(--annotations-width, 0px)); height: calc(100% - var(--annotations-height, 0px)); }
.failure, .progress { inset-inline-end: var(--annotations-width, 0px); }
.top { max-width: min(420px, calc(100% - 24px - var(--annotations-width, 0px))); }
.annotation-dock { position: absolute; z-index: 2; border: 0 solid rgb(255 255 255 / 0.14); }
.annotation-dock.beside { inset: 0 0 0 auto; width: var(--annotations-width); border-left-width: 1px; }
.annotation-dock.below { inset: auto 0 0 0; height: var(--annotations-height); border-top-width: 1px; }
.annotation-dock[hidden], .annotation-opener[hidden] { display: none; }
/* Where there are no tools to be among. */
.annotation-opener:not(.tool) {
  position: absolute;
  z-index: 2;
  right: 12px;
  bottom: 52px;
  background: rgb(23 23 26 / 0.92);
  border-color: rgb(255 255 255 / 0.35);
  border-radius: 8px;
  padding: 6px 12px;
}
.annotation-badges { display: flex; flex-wrap: wrap; gap: 8px; pointer-events: none; max-width: 100%; }
.annotation-badges.low { margin-top: 38px; }
.annotation-badges[hidden] { display: none; }
.annotation-badges .badge { background: rgb(23 23 26 / 0.88); border: 1px solid rgb(255 255 255 / 0.14); border-radius: 8px; padding: 6px 10px; max-width: 100%; }
.annotation-badges .badge-title { font-size: 12px; font-weight: 500; color: #b9bcc6; margin: 0; }
.annotation-badges ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 2px 12px; }
.annotation-badges li { display: flex; align-items: center; gap: 6px; }
.annotation-badges strong { font-variant-numeric: tabular-nums; }
.annotation-badges .swatch { width: 11px; height: 11px; border-radius: 3px; border: 1px solid rgb(255 255 255 / 0.5); flex: none; }
`;

export interface DockOptions {
  /** The element's shadow root and the element, whose width decides. */
  readonly shadow: ShadowRoot;
  readonly host: HTMLElement;
  /** A place of the page's own for the panel while it is beside the image; null: within the element. */
  readonly place: HTMLElement | null;
}

export class PanelDock {
  readonly #options: DockOptions;
  readonly #panel: AnnotationPanel;
  readonly #dock = element('div', { class: 'annotation-dock' });
  readonly #opener: HTMLButtonElement;
  readonly #style = new CSSStyleSheet();
  readonly #sizes = new CSSStyleSheet();
  readonly #observer: ResizeObserver;
  #wish: Side = 'beside';
  #open = true;
  #narrow = false;

  constructor(options: DockOptions, panel: AnnotationPanel, buttons: DockButtons) {
    this.#options = options;
    this.#panel = panel;
    this.#opener = element('button', { type: 'button', class: 'annotation-opener', 'aria-expanded': 'false' });
    this.#opener.addEventListener('click', () => this.#setOpen(true));
    buttons.onclose = () => this.#setOpen(false);
    buttons.onmove = () => {
      this.#wish = this.side === 'beside' ? 'below' : 'beside';
      this.#lay();
      this.#panel.focus();
    };
    this.#buttons = buttons;
    const { shadow, host } = options;
    this.#style.replaceSync(kDockStyle);
    shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, this.#style, this.#sizes];
    shadow.append(this.#dock);
    const tools = shadow.querySelector('.tools');
    this.#opener.classList.toggle('tool', tools !== null);
    (tools ?? shadow).append(this.#opener);
    shadow.querySelector('.top')?.append(panel.badges.root);
    this.#narrow = host.clientWidth < kNarrow;
    this.#open = !this.#narrow || options.place !== null;
    this.#observer = new ResizeObserver(() => {
      const narrow = host.clientWidth < kNarrow;
      if (narrow !== this.#narrow) {
        this.#narrow = narrow;
        this.#lay();
      }
    });
    this.#observer.observe(host);
    this.#lay();
  }

  readonly #buttons: DockButtons;

  get side(): Side {
    return this.#narrow && !this.#options.place ? 'below' : this.#wish;
  }

  end(): void {
    this.#observer.disconnect();
    const { shadow, place } = this.#options;
    shadow.adoptedStyleSheets = shadow.adoptedStyleSheets.filter((sheet) => sheet !== this.#style && sheet !== this.#sizes);
    if (place) place.hidden = true;
    this.#dock.remove();
    this.#opener.remove();
    this.#panel.end();
  }

  #setOpen(open: boolean): void {
    this.#open = open;
    this.#lay();
    if (open) this.#panel.focus();
    else this.#opener.focus();
  }

  #lay(): void {
    const { place } = this.#options;
    const { side } = this;
    const outside = place !== null && side === 'beside';
    const parent = outside ? place : this.#dock;
    if (this.#panel.root.parentNode !== parent) parent.append(this.#panel.root);
    if (place) this.#panel.root.dataset['theme'] = 'page';
    if (outside) place.hidden = !this.#open;
    else if (place) place.hidden = true;
    this.#dock.hidden = !this.#open || outside;
    this.#dock.className = `annotation-dock ${side}`;
    this.#opener.hidden = this.#open;
    this.#opener.textContent = 'Annotations';
    this.#buttons.say(side, !this.#narrow);
    // Clear of the buttons at the image's upper edge, which reach further to the left there.
    this.#panel.badges.root.classList.toggle('low', this.#narrow);
    const width = !this.#dock.hidden && side === 'beside' ? 'min(380px, 50%)' : '0px';
    const height = !this.#dock.hidden && side === 'below' ? (this.#narrow ? '56%' : '44%') : '0px';
    this.#sizes.replaceSync(`:host { --annotations-width: ${width}; --annotations-height: ${height}; }`);
  }
}

/** The two buttons in the panel's head. */
export class DockButtons {
  onclose = (): void => undefined;
  onmove = (): void => undefined;
  readonly #move = element('button', { type: 'button', class: 'sign' }, element('span', { class: 'dock-sign', 'aria-hidden': 'true' }));
  readonly #close = element('button', { type: 'button', class: 'sign', 'aria-label': 'Close the annotation panel', title: 'Close' }, element('span', { 'aria-hidden': 'true' }, '×'));

  constructor() {
    this.#move.addEventListener('click', () => this.onmove());
    this.#close.addEventListener('click', () => this.onclose());
  }

  get elements(): readonly HTMLElement[] {
    return [this.#move, this.#close];
  }

  say(side: Side, movable: boolean): void {
    this.#move.hidden = !movable;
    const label = side === 'beside' ? 'Put the panel below the image' : 'Put the panel beside the image';
    this.#move.setAttribute('aria-label', label);
    this.#move.title = label;
    this.#move.dataset['to'] = side === 'beside' ? 'below' : 'beside';
  }
}
