// <mifa-study source="https://…/ro-crate-metadata.json"></mifa-study>: a study's images as a gallery, with
// its card, filters and charts, and each image in the viewer. Fetched when a study is opened.
//
// Attributes: `source`, the address of a document (MIFA, RO-Crate, PageTab, BIA API, Croissant, a file
// list) or of a folder; `assets`, the folder of our files if they are not beside this script. Properties:
// `store` in place of `source`, `fetch`, `state`. Events: `navigate` (detail: StudyState) when a person goes
// somewhere, `studyopened` (detail: Study) and `error` (detail: {code, message}).

import { element, foreign } from '../annotations/panel/dom.ts';
import type { HttpStoreOptions } from '../stores/http.ts';
import type { Store } from '../stores/store.ts';
import { addressWith } from './address.ts';
import { Facets, type Choice } from './facets.ts';
import { Grid, type GridTile } from './grid.ts';
import { ImageView } from './image_view.ts';
import { annotationsOf, chosenImages, facetsOf, hasClasses, objectHistogram, type Learned } from './learned.ts';
import { typeName, type Study, type StudyImage } from './model.ts';
import { openStudies, StudyError } from './open_study.ts';
import type { OpenedStudies, OpenedStudy } from './opened_studies.ts';
import { Stills, type Still } from './stills.ts';
import { studyHead } from './study_head.ts';
import { kStudyStyle } from './study_style.ts';
import { counted } from './words.ts';

export { keepAddress } from './address.ts';
export { isStudyFolder } from './study_folder.ts';
export type { Study, StudyAnnotation, StudyImage } from './model.ts';

/** Where a person is in a study: what an address holds. */
export interface StudyState {
  /** Of several studies the one that is shown, by its folder; null: the largest. */
  readonly folder: string | null;
  /** The path of the image that is open; null: the gallery. */
  readonly image: string | null;
  /** What is beside it: '', 'plain' or an annotation's path. */
  readonly beside: string;
  readonly choice: Choice;
  readonly search: string;
}

const kNowhere: StudyState = { folder: null, image: null, beside: '', choice: {}, search: '' };
/** As in study_style.ts: narrower pages fold the filters. */
const kNarrow = 760;
/** Charts are drawn anew at most so often while pictures come, in ms. */
const kChartsMs = 250;

export class MifaStudyElement extends HTMLElement {
  static readonly observedAttributes = ['source'];

  readonly #root: ShadowRoot;
  #given: Store | null = null;
  #stop: AbortController | null = null;
  /** All that there are, and the one that is shown. */
  #studies: OpenedStudies | null = null;
  #opened: OpenedStudy | null = null;
  #stills: Stills | null = null;
  #grid: Grid | null = null;
  #facets: Facets | null = null;
  #view: ImageView | null = null;
  #state: StudyState = kNowhere;
  /** Indices of images: what the filters leave. */
  #shown: readonly number[] = [];
  readonly #learned = new Map<number, Learned>();
  #charts: ReturnType<typeof setTimeout> | undefined;
  #seen: readonly number[] = [];
  #readAll = false;
  #width: ResizeObserver | null = null;
  /** The step by which the image that is opened next was reached. */
  #step: -1 | 0 | 1 = 0;

  /** Instead of the global fetch: credentials, signing. Set it before `source`. */
  declare fetch?: HttpStoreOptions['fetch'];

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: 'open' });
  }

  /** What was read; null before that. */
  get study(): Study | null {
    return this.#opened?.study ?? null;
  }

  get store(): Store | null {
    return this.#given;
  }

  /** A folder of the page's own in place of `source`. */
  set store(store: Store | null) {
    this.#given = store;
    if (this.isConnected) this.#open();
  }

  get state(): StudyState {
    return this.#state;
  }

  /** Goes somewhere without a `navigate` event: for pages that keep the state in their address. */
  set state(state: StudyState) {
    const before = this.#state;
    this.#state = { ...kNowhere, ...state };
    if (!this.#studies) return;
    if (this.#wanted() !== this.#opened) {
      this.#show();
      return;
    }
    const filtered = before.search !== state.search || JSON.stringify(before.choice) !== JSON.stringify(state.choice);
    if (filtered) this.#filter();
    if (filtered || before.image !== state.image || before.beside !== state.beside) this.#showPlace(before);
  }

  connectedCallback(): void {
    const style = new CSSStyleSheet();
    style.replaceSync(kStudyStyle);
    this.#root.adoptedStyleSheets = [style];
    this.addEventListener('keydown', this.#onKey);
    this.#open();
  }

  disconnectedCallback(): void {
    this.removeEventListener('keydown', this.#onKey);
    this.#close();
  }

  attributeChangedCallback(): void {
    this.#given = null;
    if (this.isConnected) this.#open();
  }

  #close(): void {
    this.#stop?.abort();
    this.#stop = null;
    this.#leave();
    this.#studies?.close();
    this.#studies = null;
    this.#root.replaceChildren();
  }

  /** What is there of the study that is shown. */
  #leave(): void {
    clearTimeout(this.#charts);
    this.#width?.disconnect();
    this.#width = null;
    this.#view?.end();
    this.#view = null;
    this.#grid?.end();
    this.#grid = null;
    this.#stills?.end();
    this.#stills = null;
    this.#opened = null;
    this.#learned.clear();
    this.#readAll = false;
  }

  get #assets(): string {
    return new URL(this.getAttribute('assets') ?? '.', import.meta.url).href;
  }

  #open(): void {
    this.#close();
    const source = this.#given ?? this.getAttribute('source');
    if (!source) return;
    const stop = new AbortController();
    this.#stop = stop;
    const waiting = element('p', { class: 'message', role: 'status' }, 'Opening the study …');
    this.#root.replaceChildren(waiting);
    const options = {
      assets: this.#assets,
      base: document.baseURI,
      signal: stop.signal,
      onProgress: (text: string): void => {
        waiting.textContent = text;
      },
      ...(this.fetch ? { fetch: this.fetch } : {}),
    };
    // What draws the pictures is on its way while the documents are read.
    import('../live.ts').then(({ sharedResources }) => sharedResources(this.#assets).program).catch(() => undefined);
    openStudies(source, options).then(
      (studies) => {
        if (stop.signal.aborted) return studies.close();
        this.#studies = studies;
        this.#show();
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        const code = error instanceof StudyError ? error.code : 'unsupported';
        this.#fail(code, error instanceof Error ? error.message : String(error));
      },
    );
  }

  #fail(code: string, message: string): void {
    this.#root.replaceChildren(
      element('div', { class: 'message', role: 'alert' }, element('h1', {}, 'This study cannot be shown'), element('p', {}, foreign(message)), element('button', { type: 'button', onclick: () => this.#open() }, 'Try again')),
    );
    this.dispatchEvent(new CustomEvent('error', { detail: { code, message } }));
  }

  // --- the gallery

  /** The study that the state names, else the largest. */
  #wanted(): OpenedStudy | null {
    return this.#studies?.named(this.#state.folder) ?? this.#studies?.main ?? null;
  }

  #show(): void {
    this.#leave();
    const [studies, opened] = [this.#studies, this.#wanted()];
    if (!studies || !opened) return;
    this.#opened = opened;
    const { study, places } = opened;
    const gallery = element('div', { class: 'scroll' });
    this.#root.replaceChildren(gallery);
    this.#stills = new Stills({ study, places, assets: this.#assets, fetch: this.fetch, host: this.#root, onStill: (image, still) => this.#takeStill(image, still) });
    this.#facets = new Facets((choice) => this.#go({ ...this.#state, choice }));
    const search = element('input', { type: 'search', class: 'find', 'aria-label': 'Find images by name', placeholder: 'Find by name' });
    search.value = this.#state.search;
    search.addEventListener('input', () => this.#go({ ...this.#state, search: search.value }, true));
    this.#grid = new Grid(
      {
        scroller: gallery,
        make: (index) => this.#tile(index),
        seen: (indices) => this.#takeSeen(indices),
        open: (index) => this.#openImage(this.#shown[index]),
      },
      'Images of the study',
    );
    const filters = element('details', { class: 'filters', open: this.clientWidth > kNarrow }, element('summary', {}, 'Filters and charts'), search, this.#facets.root, element('div', { class: 'counts' }));
    gallery.append(
      ...studyHead({ opened, studies: studies.studies, choose: (folder) => this.#choose(folder), address: () => this.#shownAt(), notes: this.#lost() }),
      element('div', { class: 'columns' }, filters, element('section', { 'aria-label': 'Gallery' }, element('div', { class: 'bar-line', role: 'status' }), this.#grid.root)),
    );
    // The fold has no handle where it is not needed.
    this.#width = new ResizeObserver(() => {
      if (this.clientWidth > kNarrow) filters.open = true;
    });
    this.#width.observe(this);
    this.#filter();
    this.#showPlace(kNowhere);
    this.dispatchEvent(new CustomEvent('studyopened', { detail: study }));
  }

  #choose(folder: string): void {
    this.#go({ ...kNowhere, folder });
    this.#root.querySelector<HTMLElement>('.which select')?.focus();
  }

  /** Of a link to a study that is not here. */
  #lost(): string[] {
    const { folder } = this.#state;
    return folder !== null && this.#studies?.named(folder) === null ? [`The link is to a study in “${folder}”, which is not here: this is another.`] : [];
  }

  /** For the badge: a page of this computer's files is nobody else's. */
  #shownAt(): string {
    return this.#given ? '' : location.href;
  }

  #filter(): void {
    const study = this.study;
    if (!study || !this.#grid) return;
    this.#shown = chosenImages(study, this.#learned, this.#state.choice, this.#state.search);
    this.#grid.show(this.#shown.length);
    this.#showCharts();
  }

  #showCharts(): void {
    clearTimeout(this.#charts);
    this.#charts = undefined;
    const study = this.study;
    if (!study) return;
    this.#facets?.show(facetsOf(study, this.#learned), this.#state.choice);
    this.#showHistogram();
    const line = this.#root.querySelector('.bar-line');
    const all = this.#shown.length === study.images.length;
    const filtered = Object.values(this.#state.choice).some((values) => values.length > 0) || this.#state.search !== '';
    const text = study.images.length === 0 ? 'No image is known of this study.' : this.#shown.length === 0 ? 'No image fits the filters.' : all ? `All ${counted(study.images.length, 'image')}` : `${this.#shown.length} of ${counted(study.images.length, 'image')}`;
    line?.replaceChildren(element('p', {}, text), ...(filtered ? [element('button', { type: 'button', class: 'plain', onclick: () => this.#clearFilters() }, 'Clear the filters')] : []));
  }

  #clearFilters(): void {
    const search = this.#root.querySelector<HTMLInputElement>('.find');
    if (search) search.value = '';
    this.#go({ ...this.#state, choice: {}, search: '' });
    search?.focus();
  }

  #showHistogram(): void {
    const place = this.#root.querySelector('.counts');
    const histogram = objectHistogram(this.#learned);
    const parts: HTMLElement[] = [];
    if (histogram) {
      const most = Math.max(...histogram.bins.map(({ images }) => images));
      const bars = histogram.bins.map(({ from, to, images }) => {
        const bar = element('span', { class: images === 0 ? 'none' : '', title: `${from}–${to} objects: ${counted(images, 'image')}` });
        bar.style.setProperty('--share', String(images / most));
        return bar;
      });
      const last = histogram.bins.at(-1)?.to ?? 0;
      const described = `${counted(histogram.total, 'object')} in ${counted(histogram.images, 'image')} read so far, up to ${last} in one.`;
      parts.push(element('div', { class: 'facet' }, element('strong', {}, 'Objects an image'), element('div', { class: 'histogram', role: 'img', 'aria-label': described }, ...bars), element('div', { class: 'ends' }, element('span', {}, '1'), element('span', {}, last.toLocaleString('en'))), element('p', { class: 'quiet small' }, described)));
    }
    const study = this.study;
    if (study && !this.#readAll && study.images.some((image) => image.openable && !this.#learned.has(image.index) && hasClasses(study, image))) {
      parts.push(element('button', { type: 'button', onclick: () => this.#askForAll() }, 'Read the annotations of all images'));
    }
    place?.replaceChildren(...parts);
  }

  #askForAll(): void {
    this.#readAll = true;
    this.#want();
    this.#showCharts();
  }

  // --- tiles

  #tile(index: number): GridTile {
    const study = this.study as Study;
    const image = study.images[this.#shown[index] ?? -1] as StudyImage;
    const link = element('a', { href: this.#hrefOf(image), onclick: (event) => this.#click(event as MouseEvent, image.index) });
    const root = element('div', { class: 'tile' }, link);
    this.#fillTile(link, image);
    return { root, link };
  }

  #fillTile(link: HTMLElement, image: StudyImage): void {
    const study = this.study as Study;
    const still = this.#stills?.get(image.index);
    const learned = this.#learned.get(image.index);
    const annotations = annotationsOf(study, image);
    const types = [...new Set(annotations.flatMap((annotation) => annotation.types))].map(typeName);
    const masks = annotations.length === 0 ? (learned?.masks ?? 0) : 0;
    const what = types.length > 0 ? types.join(', ') : annotations.length > 0 ? counted(annotations.length, 'annotation file') : masks > 0 ? `${counted(masks, 'mask')} inside` : 'Not annotated';
    const facts = [image.split, learned?.size ?? '', learned && learned.objects > 0 ? counted(learned.objects, 'object') : ''].filter(Boolean);
    const picture = element('div', { class: 'picture' });
    if (still?.bitmap) {
      const canvas = element('canvas', { width: still.bitmap.width, height: still.bitmap.height, 'aria-hidden': 'true' });
      canvas.getContext('2d')?.drawImage(still.bitmap, 0, 0);
      picture.append(canvas);
    } else {
      const text = !image.openable ? `${endingOf(image.source)} is not shown here` : still ? 'Cannot be shown' : '';
      picture.append(element('div', { class: text ? 'state' : 'state waiting' }, text));
    }
    link.title = [image.path, still?.failure ?? '', ...(still?.notes ?? [])].filter(Boolean).join('\n');
    link.replaceChildren(
      picture,
      element('div', { class: 'words' },
        element('div', { class: 'title' }, foreign(image.name)),
        element('div', { class: annotations.length === 0 && masks === 0 ? 'line none' : 'line' }, foreign(what)),
        element('div', { class: 'line' }, foreign(facts.join(' · '))),
      ),
    );
  }

  #takeStill(image: number, still: Still): void {
    const { classes, objects, masks, unnamedMasks, size, bitmap } = still;
    if (bitmap) this.#learned.set(image, { classes, objects, masks, unnamedMasks, size });
    const at = this.#shown.indexOf(image);
    const tile = at >= 0 ? this.#grid?.tile(at) : undefined;
    const described = this.study?.images[image];
    if (tile && described) this.#fillTile(tile.link, described);
    this.#charts ??= setTimeout(() => this.#showCharts(), kChartsMs);
  }

  #takeSeen(indices: readonly number[]): void {
    this.#seen = indices.map((index) => this.#shown[index]).filter((image) => image !== undefined);
    this.#want();
  }

  #want(): void {
    if (this.#view) return;
    const { study } = this;
    const rest = this.#readAll && study ? study.images.map(({ index }) => index).filter((index) => !this.#learned.has(index)) : [];
    this.#stills?.want([...new Set([...this.#seen, ...rest])]);
  }

  // --- going from place to place

  /** Addresses in links: the page's own, with the image in it. */
  #hrefOf({ path }: StudyImage): string {
    return addressWith(new URL(location.href), { ...this.#state, image: path, beside: '' }).href;
  }

  #click(event: MouseEvent, image: number): void {
    // Another tab or window is the browser's business.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    this.#openImage(image);
  }

  #openImage(image: number | undefined): void {
    const path = image === undefined ? undefined : this.study?.images[image]?.path;
    if (path !== undefined) this.#go({ ...this.#state, image: path, beside: '' });
  }

  /** `replace`: a step that "back" does not go through one by one. */
  #go(state: StudyState, replace = false): void {
    this.state = state;
    this.dispatchEvent(new CustomEvent('navigate', { detail: { state, replace } }));
  }

  /** The image that the state names, or the gallery. */
  #showPlace(before: StudyState): void {
    const study = this.study;
    const gallery = this.#root.querySelector<HTMLElement>('.scroll');
    if (!study || !this.#opened || !gallery || !this.#stills) return;
    const had = this.#view !== null;
    // Something else beside the same image: that is looked at as before.
    const settings = before.image === this.#state.image ? (this.#view?.settings ?? null) : null;
    this.#view?.end();
    this.#view = null;
    const image = study.images.find(({ path }) => path === this.#state.image);
    gallery.hidden = image !== undefined;
    this.#stills.paused = image !== undefined;
    if (!image) {
      this.#want();
      const left = study.images.find(({ path }) => path === before.image);
      if (had && left) this.#grid?.focus(this.#shown.indexOf(left.index));
      return;
    }
    // An image that the filters hide, reached by its address: among all.
    const order = this.#shown.includes(image.index) ? this.#shown : study.images.map(({ index }) => index);
    const at = order.indexOf(image.index);
    this.#view = new ImageView(
      {
        study,
        places: this.#opened.places,
        assets: this.#assets,
        fetch: this.fetch,
        count: order.length,
        at: at + 1,
        back: () => this.#go({ ...this.#state, image: null, beside: '' }),
        step: (by) => {
          const next = study.images[order[at + by] ?? -1];
          this.#step = by;
          if (next) this.#go({ ...this.#state, image: next.path, beside: this.#state.beside === 'plain' ? 'plain' : '' });
        },
        beside: (beside) => this.#go({ ...this.#state, beside }),
      },
      image,
      this.#state.beside,
    );
    this.#root.append(this.#view.root);
    this.#view.settings = settings;
    this.#view.focus(this.#step);
    this.#step = 0;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (!this.#view || event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    // Letters in a field are text.
    if (event.composedPath().some((target) => target instanceof HTMLInputElement && target.type !== 'checkbox' && target.type !== 'range')) return;
    const press = (title: string): void => {
      const pressed = this.#view?.root.querySelector<HTMLButtonElement>(`.tools button[title$="(${title})"]`);
      if (!pressed || pressed.disabled) return;
      event.preventDefault();
      pressed.click();
    };
    if (event.key === 'j' || event.key === 'k' || event.key === 'g') press(event.key.toUpperCase());
  };
}

function endingOf(path: string): string {
  return (/\.([a-z0-9]+(\.gz)?)$/i.exec(path)?.[1] ?? 'This format').toUpperCase();
}

if (!customElements.get('mifa-study')) customElements.define('mifa-study', MifaStudyElement);

declare global {
  interface HTMLElementTagNameMap {
    'mifa-study': MifaStudyElement;
  }
}
