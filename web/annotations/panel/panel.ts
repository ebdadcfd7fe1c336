// The annotation panel: the list of layers, the table of objects, and the quality report, as a sheet with
// three tabs. It lives in a shadow root of its own, so neither the host page's style nor the element's
// reaches it.

import { Badges } from './badges.ts';
import { button, choice, element } from './dom.ts';
import type { PanelHost } from './host.ts';
import { LayerCard } from './layer_card.ts';
import { MaskCard } from './mask_card.ts';
import { ObjectsView, type Selection } from './objects_view.ts';
import { kPanelStyle } from './panel_style.ts';
import { QualityView } from './quality_view.ts';
import type { AnnotationEventMap, AnnotationLayersApi, LayerHandle, PickedObject } from '../handle.ts';

type Tab = 'layers' | 'objects' | 'quality';
const kTabs: readonly (readonly [Tab, string])[] = [
  ['layers', 'Layers'],
  ['objects', 'Objects'],
  ['quality', 'Quality'],
];

let panels = 0;

function listen<K extends keyof AnnotationEventMap>(layers: AnnotationLayersApi, type: K, listener: (event: AnnotationEventMap[K]) => void): () => void {
  layers.addEventListener(type, listener);
  return () => layers.removeEventListener(type, listener);
}

export class AnnotationPanel {
  /** To be put into the page, or into the element. */
  readonly root = element('section', { class: 'annotation-panel', 'aria-label': 'Annotations' });
  /** To be put over the image. */
  readonly badges: Badges;
  readonly #host: PanelHost;
  readonly #id = `annotations-${++panels}`;
  readonly #sheet = element('div', { class: 'sheet' });
  readonly #tabs = new Map<Tab, { readonly tab: HTMLButtonElement; readonly view: HTMLElement }>();
  readonly #list = element('ol', { class: 'plain cards', 'aria-label': 'Layers, the topmost first' });
  readonly #masks = element('ul', { class: 'plain cards', 'aria-label': 'Masks' });
  readonly #empty = element('p', { class: 'quiet' });
  readonly #chooser = element('div', { class: 'chooser' });
  readonly #objects: ObjectsView;
  readonly #quality: QualityView;
  #cards: LayerCard[] = [];
  #maskCards: MaskCard[] = [];
  #maskKey = '';
  #chosen: LayerHandle | null = null;
  #tab: Tab = 'layers';
  #due = false;
  readonly #endings: (() => void)[];

  constructor(host: PanelHost, ...headButtons: readonly HTMLElement[]) {
    this.#host = host;
    this.badges = new Badges(host);
    this.#objects = new ObjectsView(host.layers);
    this.#quality = new QualityView(host.layers, host.maskTables ?? null, (selection) => this.#listOnly(selection));
    const shadow = this.root.attachShadow({ mode: 'open' });
    const style = new CSSStyleSheet();
    style.replaceSync(kPanelStyle);
    shadow.adoptedStyleSheets = [style];
    this.#build(headButtons);
    shadow.append(this.#sheet);
    const later = (): void => this.#refreshSoon();
    this.#endings = [
      listen(host.layers, 'change', later),
      listen(host.layers, 'select', ({ detail }) => this.#selected(detail)),
      host.onMasks?.(later) ?? ((): void => undefined),
      host.onFrame?.(later) ?? ((): void => undefined),
    ];
    this.refresh();
  }

  end(): void {
    for (const ending of this.#endings) ending();
    this.root.remove();
    this.badges.root.remove();
  }

  open(tab: Tab): void {
    this.#tab = tab;
    for (const [name, { tab: press, view }] of this.#tabs) {
      press.setAttribute('aria-selected', String(name === tab));
      press.tabIndex = name === tab ? 0 : -1;
      view.hidden = name !== tab;
    }
    this.#showChosen();
  }

  focus(): void {
    this.#tabs.get(this.#tab)?.tab.focus();
  }

  // --- the parts

  #build(headButtons: readonly HTMLElement[]): void {
    const tabs = element('div', { role: 'tablist', 'aria-label': 'Annotations' });
    const layers = element('div', { class: 'view' }, this.#empty, this.#list, this.#masks);
    if (this.#host.addFiles) layers.append(this.#adder());
    const views: Readonly<Record<Tab, HTMLElement>> = { layers, objects: this.#objects.root, quality: this.#quality.root };
    for (const [name, label] of kTabs) {
      const view = views[name];
      view.id = `${this.#id}-${name}`;
      view.setAttribute('role', 'tabpanel');
      const tab = element('button', { type: 'button', role: 'tab', id: `${view.id}-tab`, 'aria-controls': view.id }, label);
      tab.addEventListener('click', () => this.open(name));
      view.setAttribute('aria-labelledby', tab.id);
      tabs.append(tab);
      this.#tabs.set(name, { tab, view });
    }
    tabs.addEventListener('keydown', (event) => this.#tabKey(event));
    this.#sheet.append(element('header', {}, element('h2', { class: 'hidden-text' }, 'Annotations'), tabs, element('span', { class: 'gap' }), ...headButtons), this.#chooser, ...Object.values(views));
    this.open('layers');
  }

  #tabKey(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = kTabs.findIndex(([name]) => name === this.#tab);
    const next = step !== undefined ? kTabs[(at + step + kTabs.length) % kTabs.length] : event.key === 'Home' ? kTabs[0] : event.key === 'End' ? kTabs.at(-1) : undefined;
    if (!next) return;
    event.preventDefault();
    this.open(next[0]);
    this.focus();
  }

  #adder(): HTMLElement {
    const input = element('input', { type: 'file', multiple: true, hidden: true, 'aria-label': 'Annotation files' });
    input.addEventListener('change', () => {
      const files = [...(input.files ?? [])];
      input.value = '';
      if (files.length > 0) this.#host.addFiles?.(files);
    });
    return element('div', { class: 'row adder' }, button('Add annotation files', () => input.click()), input);
  }

  // --- what changes

  #refreshSoon(): void {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      this.refresh();
    });
  }

  refresh(): void {
    const { layers } = this.#host.layers;
    this.#refreshCards(layers);
    this.#refreshMasks();
    if (!this.#chosen || !layers.includes(this.#chosen)) this.#chosen = layers.at(-1) ?? null;
    this.#empty.textContent = layers.length + this.#maskCards.length > 0 ? '' : 'No annotations lie over this image.';
    this.#empty.hidden = this.#empty.textContent === '';
    this.#masks.hidden = this.#maskCards.length === 0;
    this.#refreshChooser(layers);
    this.#showChosen();
    this.#objects.refresh();
    this.badges.refresh();
  }

  #refreshCards(layers: readonly LayerHandle[]): void {
    const order = [...layers].reverse();
    if (order.length !== this.#cards.length || order.some((shown, i) => this.#cards[i]?.shown !== shown)) {
      const known = new Map(this.#cards.map((card) => [card.shown, card]));
      const fresh = order.filter((shown) => !known.has(shown));
      this.#cards = order.map((shown) => known.get(shown) ?? this.#card(shown));
      this.#list.replaceChildren(...this.#cards.map(({ root }) => root));
      // One alone, or the first to come, is open from the start.
      if (fresh.length > 0 && !this.#cards.some(({ open }) => open)) this.#openCard(fresh.length === 1 ? fresh[0] : undefined, true);
    }
    for (const card of this.#cards) card.refresh();
  }

  #card(shown: LayerHandle): LayerCard {
    const move = (by: number): void => {
      shown.move(by);
      this.refresh();
      card.focus();
    };
    const card: LayerCard = new LayerCard(shown, this.#host, {
      toggle: (open) => this.#openCard(shown, open),
      remove: () => {
        shown.remove();
        this.refresh();
        (this.#cards[0] ?? this).focus();
      },
      up: () => move(1),
      down: () => move(-1),
      table: () => this.#go(shown, 'objects'),
      quality: () => this.#go(shown, 'quality'),
    });
    return card;
  }

  #openCard(shown: LayerHandle | undefined, open: boolean): void {
    for (const card of this.#cards) card.open = open && card.shown === shown;
    if (open && shown) this.#chosen = shown;
  }

  #refreshMasks(): void {
    const masks = this.#host.masks?.() ?? [];
    const key = JSON.stringify(masks.map(({ name, threshold }) => [name, threshold !== undefined]));
    if (key !== this.#maskKey) {
      this.#maskKey = key;
      this.#maskCards = masks.map((mask, index) => new MaskCard(this.#host, index, mask));
      this.#masks.replaceChildren(...this.#maskCards.map(({ root }) => root));
    }
    masks.forEach((mask, index) => this.#maskCards[index]?.refresh(mask));
  }

  /** Which layer the table and the report are about. */
  #refreshChooser(layers: readonly LayerHandle[]): void {
    const names = layers.map(({ info }) => info.name);
    const key = JSON.stringify([names, this.#chosen ? layers.indexOf(this.#chosen) : -1]);
    if (this.#chooser.dataset['key'] === key) return;
    this.#chooser.dataset['key'] = key;
    const options = layers.map((_, index) => ({ value: String(index), label: names[index] ?? '' })).reverse();
    this.#chooser.replaceChildren(...(layers.length > 1 ? [choice('Layer', options, String(this.#chosen ? layers.indexOf(this.#chosen) : 0), (value) => this.#go(layers[Number(value)] ?? null, this.#tab))] : []));
  }

  #showChosen(): void {
    this.#chooser.hidden = this.#tab === 'layers' || this.#host.layers.layers.length < 2;
    if (this.#tab === 'objects') this.#objects.show(this.#chosen);
    if (this.#tab === 'quality') this.#quality.show(this.#chosen);
  }

  #go(shown: LayerHandle | null, tab: Tab): void {
    this.#chosen = shown;
    this.open(tab);
    this.#refreshChooser(this.#host.layers.layers);
    if (tab !== 'layers' && !this.#chooser.contains((this.root.shadowRoot as ShadowRoot).activeElement)) this.focus();
  }

  #listOnly(selection: Selection): void {
    this.open('objects');
    this.#objects.list(selection);
    this.focus();
  }

  /** On the image, or in the table itself. */
  #selected(picked: PickedObject | null): void {
    if (!picked) return void this.#objects.reveal(null);
    const { layer: shown, object } = picked;
    // A click on the image leads to the row; whoever is elsewhere in the panel is not torn away by keys.
    this.#chosen = shown;
    this.open('objects');
    this.#refreshChooser(this.#host.layers.layers);
    void this.#objects.reveal(object);
  }
}
