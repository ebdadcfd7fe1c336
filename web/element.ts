// <mifa-scope src="https://…/image.ome.zarr"></mifa-scope>: a viewer in any page. Attributes, methods and
// events: docs/embed.md; their types, for pages: types/mifascope.d.ts.
//
// Nothing is asked for before the element is near the viewport. Of many elements on a page only those in
// use or in view hold a WebGL context; the others show their last picture (contexts.ts). This module holds
// what is needed until then; all else comes with live.ts.

import type { AddAnnotationOptions, AnnotationSource, ElementAnnotations } from './annotations/element_annotations.ts';
import type { AnnotationLayersApi, LayerHandle } from './annotations/handle.ts';
import { reflectAttributes, takeEarlyProperties } from './attributes.ts';
import { ContextBudget, type ContextUser } from './contexts.ts';
import type { AnnotationQuery, AnnotationResult } from './annotations/query.ts';
import { kElementStyle } from './element_style.ts';
import { adviceFor, MifascopeError, type HostError } from './errors.ts';
import type { Face } from './face.ts';
import { showFailure } from './failure_panel.ts';
import { LateAnnotations, removed } from './late_annotations.ts';
import { loadLive, type Live } from './live_loading.ts';
import type { Look } from './look.ts';
import type { Region, RegionOptions, RegionProgress } from './region.ts';
import type { SaveProgress } from './save/ome_tiff.ts';
import { programOf } from './shared_program.ts';
import { StandIns } from './stand_ins.ts';
import type { ViewerError, ViewerState } from './state.ts';
import type { HttpStoreOptions } from './stores/http.ts';
import { openSource } from './stores/open.ts';
import { PrefetchStore } from './stores/prefetch.ts';
import type { Store } from './stores/store.ts';
import { DecodeError } from './workers/messages.ts';
import type { Report, ValidateOptions } from './validation/validate.ts';
import type { SettingsRestorer, ViewSettings } from './view_settings.ts';
import type { Viewer } from './viewer.ts';

export type { AddAnnotationOptions, AnnotationSource } from './annotations/element_annotations.ts';
export type { AnnotationLayersApi, LayerHandle, PickedObject } from './annotations/handle.ts';
export type { AnnotationQuery, AnnotationResult } from './annotations/query.ts';
export type { HostError } from './errors.ts';
export type { Region, RegionOptions, RegionProgress } from './region.ts';
export type { SaveProgress } from './save/ome_tiff.ts';
export type { ViewSettings } from './view_settings.ts';
export type { ViewerError, ViewerState } from './state.ts';

const kTemplate = `
<img class="poster" alt="" hidden>
<canvas class="view" tabindex="0" role="application" aria-label="Image"></canvas>
<section class="failure" role="alert" hidden></section>
`;

/** How far outside the viewport an element starts to load: about what a flick of the wheel scrolls. */
const kNearPixels = 300;

/** An image that takes longer is waited for with a bar of progress, in ms. */
const kPatienceMs = 300;

const kChanging: ReadonlySet<string> = new Set(['pointerdown', 'wheel', 'keydown', 'change']);
const kLeaving: ReadonlySet<string> = new Set(['pointerleave', 'focusout']);

const contexts = new ContextBudget();

export class MifaScopeElement extends HTMLElement {
  static readonly observedAttributes = ['src', 'poster', 'view', 'annotations', 'labels', 'metadata', 'theme', 'controls'];

  readonly #root: ShadowRoot;
  #viewer: Viewer | null = null;
  #store: PrefetchStore | null = null;
  #given: Store | null = null;
  /** Laid over the image by addLabels(). */
  #masks: { readonly name: string; readonly store: Store }[] = [];
  /** Counts connections: a viewer that gets ready after its element has gone is ended. */
  #life = 0;
  #state: ViewerState | null = null;
  #live: Live | null = null;
  #look: Look | null = null;
  #face: Face | null = null;
  #facing: Promise<void> | null = null;
  #patience: ReturnType<typeof setTimeout> | undefined;
  /** Near the viewport since it was connected: loading has begun. */
  #begun = false;
  #inView = false;
  /** Under the pointer or in the focus. */
  #used = false;
  #observer: IntersectionObserver | null = null;
  readonly #context: ContextUser = {
    rank: () => (!this.#inView ? 0 : this.#used ? 3 : this.#atRest ? 1 : 2),
    granted: () => this.#takeContext(),
    revoked: () => this.#loseContext(),
  };
  #hasContext = false;
  /** The browser has no WebGL 2. */
  #flat = false;
  /** Asked for, and not all of it there yet. */
  #settings: ViewSettings | null = null;
  #restorer: SettingsRestorer | null = null;
  readonly #standIns: StandIns;
  readonly #annotations = new LateAnnotations(() => this.#makeAnnotations());

  /** Where a page wants the annotation panel while it is beside the image; it is in the element otherwise. */
  declare annotationPlace?: HTMLElement;

  /** Instead of the global fetch for the image's files: credentials, signing. Set it before `src`. */
  declare fetch?: HttpStoreOptions['fetch'];

  // The attributes, as properties; '' for those that are not there.
  declare src: string;
  declare annotations: string;
  declare labels: string;
  declare metadata: string;
  declare view: string;
  declare poster: string;
  declare theme: string;
  declare controls: string;

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: 'open' });
    this.#standIns = new StandIns(this.#root);
  }

  /** What is shown; null before the program has started. */
  get state(): ViewerState | null {
    return this.#state;
  }

  /** A store of the page's own (docs/add-a-store.md), shown in place of `src`. */
  get store(): Store | null {
    return this.#given;
  }

  set store(store: Store | null) {
    this.#given = store;
    this.#masks = [];
    this.#reopen();
  }

  /** The viewer itself, for pages of our own; null before the program has started. */
  get viewer(): Viewer | null {
    return this.#viewer;
  }

  /** The layers over the image; the code for it is fetched now. Rejects when the element is removed. */
  get annotationLayers(): Promise<AnnotationLayersApi> {
    return this.#annotations.get().then(({ layers }) => layers);
  }

  /** Lays something over the image as soon as that is there. Rejects with what is wrong with it. */
  async addAnnotation(source: AnnotationSource, options?: AddAnnotationOptions): Promise<LayerHandle> {
    return (await this.#annotations.get()).add(source, options);
  }

  /** Files of this computer, some of which may belong to others (a list of classes). What goes wrong is on the screen. */
  async addAnnotationFiles(files: readonly File[]): Promise<void> {
    await (await this.#annotations.get()).addFiles(files);
  }

  removeAnnotation(layer: LayerHandle): void {
    this.#annotations.with((annotations) => annotations.remove(layer));
  }

  /** What a person or setView() has set: for setView() later, or elsewhere. Null while nothing is shown. */
  getView(): ViewSettings | null {
    // Not #state: what was set a moment ago is told with the next frame.
    const state = this.#viewer?.state;
    return state && this.#live ? this.#live.captureSettings(state) : null;
  }

  /** Shows the image so. Before it is there, as soon as it is; what does not fit it is left out. */
  setView(settings: ViewSettings): void {
    this.#settings = settings;
    this.#restore();
  }

  /** What is shown now; null before there is a picture. */
  async screenshot(type = 'image/png'): Promise<Blob | null> {
    const { still } = this.#standIns;
    if (still) return new Promise((resolve) => still.toBlob(resolve, type));
    return this.#viewer?.screenshot(type) ?? null;
  }

  /** What is shown fills the screen, or does not any more; Escape ends it too. */
  async toggleFullscreen(): Promise<void> {
    if (document.fullscreenElement === this) await document.exitFullscreen();
    else await this.requestFullscreen();
  }

  /** Elements of the image itself, as they are stored. Rejects with a MifascopeError. */
  async readRegion(region: RegionOptions = {}, options: { signal?: AbortSignal; onProgress?: (progress: RegionProgress) => void } = {}): Promise<Region> {
    const viewer = this.#ready();
    return (await import('./region.ts')).readRegion(viewer, region, options);
  }

  /** A region as an OME-TIFF; by default what is in view. Rejects with a MifascopeError. */
  async saveRegion(region?: RegionOptions, options: { signal?: AbortSignal; onProgress?: (progress: SaveProgress) => void } = {}): Promise<Blob> {
    const viewer = this.#ready();
    const { saveRegion, visibleRegion } = await import('./save/menu.ts');
    const chosen = region ?? visibleRegion(viewer);
    if (!chosen) throw new MifascopeError('not-ready', 'Expected a single image, received several side by side.', 'Open one of them first.');
    return saveRegion(viewer, chosen, { ...options, assets: this.#assets });
  }

  /** Objects of the annotations, once all have been read, with their properties and geometry. Rejects with a MifascopeError. */
  async queryAnnotations(query: AnnotationQuery = {}): Promise<AnnotationResult> {
    const viewer = this.#ready();
    const annotations = await this.#annotations.get();
    // Those of the attribute too, which may not have been taken up yet.
    annotations.list(this.#addresses);
    await annotations.settled();
    return (await import('./annotations/query.ts')).queryAnnotations(annotations.layers, viewer.state.image, query);
  }

  /** Checks the dataset that is shown: the report of docs/validation.md. */
  async validate(options: ValidateOptions = {}): Promise<Report> {
    const source = this.#given ?? this.getAttribute('src');
    if (!source) throw new MifascopeError('missing', 'Expected an image to check, received none.', 'Set src or store first.');
    const store = typeof source === 'string' ? openSource(source, { base: document.baseURI, fetch: this.fetch }) : source;
    const { validate } = await import('./validation/validate.ts');
    return validate(store, { assets: this.#assets, ...(typeof source === 'string' && { name: source }), ...options });
  }

  #ready(): Viewer {
    if (this.#viewer?.state.stage === 'showing') return this.#viewer;
    throw new MifascopeError('not-ready', 'Expected an image to be shown, and none is yet.', 'Wait for the event “ready”.');
  }

  connectedCallback(): void {
    takeEarlyProperties(this, [...MifaScopeElement.observedAttributes, 'store']);
    this.#life += 1;
    const style = new CSSStyleSheet();
    style.replaceSync(kElementStyle);
    this.#root.adoptedStyleSheets = [style];
    this.#root.innerHTML = kTemplate;
    this.#showPoster();
    for (const type of [...kChanging, ...kLeaving, 'pointerenter', 'focusin']) this.addEventListener(type, this.#onUse, { passive: true });
    this.#observer = new IntersectionObserver((entries) => this.#seen(entries.some(({ isIntersecting }) => isIntersecting)), {
      rootMargin: `${kNearPixels}px`,
    });
    this.#observer.observe(this);
    // The observer's first answer comes a frame late; what is in view begins at once.
    const { top, bottom, width } = this.getBoundingClientRect();
    if (width > 0 && bottom > -kNearPixels && top < innerHeight + kNearPixels) this.#seen(true);
  }

  #seen(inView: boolean): void {
    this.#inView = inView;
    if (inView && !this.#begun) {
      this.#begun = true;
      // The metadata's requests leave first, then the program's; none waits for another.
      this.#openSource();
      programOf(this.#assets).catch(() => undefined);  // Told by #takeContext.
      loadLive().catch(() => undefined);
    }
    if (inView && (!this.#viewer || this.#viewer.suspended)) contexts.request(this.#context);
    else contexts.review();
  }

  readonly #onUse = ({ type }: Event): void => {
    this.#used = !kLeaving.has(type) || this.matches(':hover, :focus-within');
    // What is changed from now on is not in the picture that was kept.
    if (kChanging.has(type) && this.#hasContext) this.#standIns.drop();
    if (this.#used && this.#begun) contexts.request(this.#context);
  };

  /** Nothing is on its way to the picture. */
  get #atRest(): boolean {
    const state = this.#state;
    return state !== null && (state.stage === 'failed' || (state.stage === 'showing' && state.outstanding === 0 && state.missingTiles === 0));
  }

  #loseContext(): void {
    this.#hasContext = false;
    if (this.#viewer) this.#standIns.suspend(this.#viewer, this.#canvas);
  }

  /** What is around the picture comes with the first one, or when that takes its time. */
  #takeFace(): Promise<void> {
    this.#facing ??= this.#makeFace().catch((error: unknown) => {
      this.#facing = null;
      if (this.isConnected) this.#tellError('retry', String(error));
    });
    return this.#facing;
  }

  /** Without WebGL 2: a still picture on the same canvas, and why. */
  async #drawFlat(viewer: Viewer): Promise<void> {
    const [{ kWithoutWebGL, StillPicture }] = await Promise.all([import('./without_webgl.ts'), this.#takeFace()]);
    this.#face?.say(kWithoutWebGL);
    const still = new StillPicture(viewer, this.#canvas, (message) => this.#face?.say(`${kWithoutWebGL} ${message}`));
    const show = (): void => {
      if (viewer === this.#viewer) void still.show(viewer.state);
      else this.removeEventListener('statechange', show);
    };
    this.addEventListener('statechange', show);
    show();
  }

  async #makeFace(): Promise<void> {
    const viewer = this.#viewer;
    const { Face } = await import('./face.ts');
    if (!viewer || viewer !== this.#viewer) return;
    const study = (button: HTMLElement): void => void import('./sheet.ts').then(({ showStudy }) => showStudy(this.#root, this.metadata.split(/\s+/).filter(Boolean), button, this.#assets));
    const save = (button: HTMLElement): void => void import('./save/menu.ts').then(({ toggleMenu }) => toggleMenu(this, viewer, button, this.#assets));
    this.#face = new Face({ element: this, root: this.#root, canvas: this.#canvas, viewer, save, study });
    if (this.#state) this.#face.show(this.#state);
  }

  #showPoster(): void {
    this.#standIns.showPoster(this.#state === null ? this.getAttribute('poster') : null);
  }

  #takeContext(): void {
    this.#hasContext = true;
    if (this.#viewer) {
      this.#viewer.resume();
      return;
    }
    const life = this.#life;
    const made = loadLive().then((live) => {
      this.#live = live;
      return live.Viewer.create({
        canvas: this.#canvas,
        substitute: async (canvas) => {
          const { blankContext } = await import('./without_webgl.ts');
          this.#flat = true;
          return blankContext(canvas);
        },
        ...live.sharedResources(this.#assets),
        // The first states may come while it is still being made, and the element has gone.
        onState: (state) => life === this.#life && this.#show(state),
        onPicture: () => life === this.#life && this.#begun && this.#standIns.pictured(this.#viewer),
        engaged: () => this.getAttribute('wheel') !== 'page' || this.#root.activeElement === this.#canvas,
      });
    });
    made.then(
      (viewer) => {
        if (life !== this.#life || !this.isConnected) {
          viewer.end();
          return;
        }
        this.#viewer = viewer;
        if (this.#flat) void this.#drawFlat(viewer);
        this.#look = this.#live && new this.#live.Look(this, this.#root, viewer);
        this.#patience = setTimeout(() => void this.#takeFace(), kPatienceMs);
        this.#restore();
        this.#openIn(viewer);
        // Lent to another meanwhile.
        if (!this.#hasContext) this.#loseContext();
      },
      (error: unknown) => {
        const { code, message } =
          error instanceof DecodeError ? error : { code: 'unsupported', message: String(error) };
        if (life !== this.#life) return;
        contexts.release(this.#context);
        this.#fail({ code, message });
      },
    );
  }

  disconnectedCallback(): void {
    this.#life += 1;
    this.#observer?.disconnect();
    for (const type of [...kChanging, ...kLeaving, 'pointerenter', 'focusin']) this.removeEventListener(type, this.#onUse);
    this.#begun = this.#inView = this.#used = this.#hasContext = false;
    this.#annotations.end();
    clearTimeout(this.#patience);
    this.#look?.end();
    this.#face?.end();
    this.#look = this.#face = this.#facing = null;
    this.#viewer?.end();
    this.#viewer = null;
    this.#store?.cancel();
    this.#store = null;
    this.#state = null;
    this.#standIns.drop();
    this.#restorer = null;
    this.#root.replaceChildren();
    contexts.release(this.#context);
  }

  attributeChangedCallback(name: string): void {
    if (name === 'poster') {
      if (this.#root.firstChild) this.#showPoster();
      return;
    }
    if (name === 'theme' || name === 'controls') return this.#look?.adjust();
    if (name === 'metadata') return this.#face?.adjust();
    if (name === 'annotations') return this.#listAnnotations();
    if (name === 'view') return this.#readView();
    if (name === 'src') {
      this.#given = null;
      this.#masks = [];
    }
    this.#reopen();
  }

  /** The attribute `view`: a text of share links. */
  #readView(): void {
    const text = this.getAttribute('view');
    if (!text) return;
    import('./share.ts').then(({ decodeSettings }) => decodeSettings(text)).then(
      (settings) => {
        if (text === this.getAttribute('view')) this.setView(settings);
      },
      (error: unknown) => {
        this.#tellError('fix-data', error instanceof Error ? error.message : String(error));
      },
    );
  }

  #restore(): void {
    if (!this.#settings || !this.#viewer || !this.#live) return;
    this.#restorer = new this.#live.SettingsRestorer(this.#viewer, this.#settings);
    this.#settings = null;
    // Not #state, which may be of the image before.
    if (this.#restorer.step(this.#viewer.state)) this.#restorer = null;
  }

  #reopen(): void {
    if (!this.#begun) return;
    this.#openSource();
    this.#face?.forget();
    this.#standIns.drop();
    // Settings that came before their image are for the one that is opened now.
    this.#settings ??= this.#restorer && !this.#restorer.begun ? this.#restorer.settings : null;
    this.#restorer = null;
    this.#openIn(this.#viewer);
    this.#restore();
    contexts.request(this.#context);
  }

  #openIn(viewer: Viewer | null): void {
    if (!viewer || !this.#store) return;
    viewer.open(this.#store);
    for (const address of (this.getAttribute('labels') ?? '').split(/\s+/).filter(Boolean)) this.#layOver(viewer, address);
    for (const { name, store } of this.#masks) viewer.addLabels(name, store);
  }

  #layOver(viewer: Viewer, address: string): void {
    const store = openSource(address, { base: document.baseURI, fetch: this.fetch, labels: true });
    const name = store.description.replace(/[?#].*$/, '').replace(/\/+$/, '');
    const last = name.slice(name.lastIndexOf('/') + 1);
    viewer.addLabels(last.replace(/%20/g, ' '), store);
  }

  /**
   * Lays a mask over the image, beside those of the attribute: a store of an image file or an OME-Zarr. It
   * stays until `src` or `store` changes.
   */
  addLabels(name: string, store: Store): void {
    this.#masks.push({ name, store });
    if (this.#store) this.#viewer?.addLabels(name, store);
  }

  async #makeAnnotations(): Promise<ElementAnnotations> {
    const life = this.#life;
    const [late] = await Promise.all([import('./annotations/element_annotations.ts'), this.#takeFace()]);
    const viewer = this.#viewer;
    if (!viewer || life !== this.#life) throw removed();
    return new late.ElementAnnotations({ element: this, viewer, notes: this.#part('.top'), assets: this.#assets, fetch: this.fetch });
  }

  get #addresses(): string[] {
    return this.annotations.split(/\s+/).filter(Boolean);
  }

  #listAnnotations(): void {
    const addresses = this.#addresses;
    if (!this.#annotations.hadPicture || (addresses.length === 0 && !this.#annotations.begun)) return;
    this.#annotations.get().then(
      (annotations) => annotations.list(addresses),
      (error: unknown) => {
        if (this.isConnected) this.#tellError('retry', String(error));
      },
    );
  }

  /** Where `src` is, if a server can be asked for it as it stands. */
  get #webAddress(): string | null {
    if (this.#given || !this.src || /[|]|^(?!https?:)[a-z0-9+.-]+:/i.test(this.src)) return null;
    return new URL(this.src, document.baseURI).href;
  }

  get #assets(): string {
    return new URL(this.getAttribute('assets') ?? '.', import.meta.url).href;
  }

  get #canvas(): HTMLCanvasElement {
    return this.#part('.view') as HTMLCanvasElement;
  }

  #part(selector: string): HTMLElement {
    const found = this.#root.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`expected ${selector} in the shadow root`);
    return found;
  }

  #openSource(): void {
    const source = this.getAttribute('src');
    this.#part('.failure').hidden = true;
    this.#store?.cancel();
    const store = this.#given ?? (source ? openSource(source, { base: document.baseURI, fetch: this.fetch }) : null);
    this.#store = store && new PrefetchStore(store);
  }

  #fail(failure: ViewerError): void {
    const part = this.#part('.failure');
    const address = this.#webAddress;
    showFailure(part, failure, {
      again: () => this.#reopen(),
      test: address === null ? null : (button) => void import('./sheet.ts').then(({ testServer }) => testServer(this.#root, address, button)),
    });
    // A picture of the image says more than an empty ground.
    part.classList.toggle('over', failure.code === 'unsupported' && this.#standIns.postered);
    this.#tellError(failure.code, failure.message);
  }

  #tellError(code: string, message: string): void {
    this.dispatchEvent(new CustomEvent<HostError>('error', { detail: { code, message, advice: adviceFor(code) } }));
  }

  #show(state: ViewerState): void {
    const failedBefore = this.#state?.stage === 'failed';
    this.#state = state;
    if (this.#restorer?.step(state)) this.#restorer = null;
    if (state.failure && !failedBefore) this.#fail(state.failure);
    if (!state.failure) this.#part('.failure').hidden = true;
    if (this.#face) this.#face.show(state);
    else if ((state.memory?.tiles ?? 0) > 0 || state.chunkFailures.length > 0) void this.#takeFace();
    // At rest, it may lend its context to one that has no picture yet.
    if (this.#atRest) contexts.review();
    if (!this.#annotations.hadPicture && state.stage === 'showing' && state.outstanding === 0) {
      this.#annotations.pictured();
      this.#listAnnotations();
    }
    this.dispatchEvent(new CustomEvent<ViewerState>('statechange', { detail: state }));
  }
}

reflectAttributes(MifaScopeElement.prototype, MifaScopeElement.observedAttributes);

if (!customElements.get('mifa-scope')) customElements.define('mifa-scope', MifaScopeElement);

declare global {
  interface HTMLElementTagNameMap {
    'mifa-scope': MifaScopeElement;
  }
}
