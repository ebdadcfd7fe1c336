// <mifa-scope src="https://…/image.ome.zarr"></mifa-scope>: a viewer in any page.
//
// Attributes: `src`, the dataset's URL; `labels`, URLs of masks over it (image files or OME-Zarr), between
// spaces; `annotations`, URLs of what else is laid over it, between spaces; `annotation-panel="none"` leaves
// their panel away;
// `assets`, the folder of our files if they are not beside this script; `wheel="page"` leaves the wheel to
// the page until the viewer has the focus; `poster`, a picture that is shown until the first one of the
// image's own.
//
// Nothing is asked for before the element is near the viewport. Of many elements on a page only those in
// use or in view hold a WebGL context; the others show their last picture (contexts.ts).
// Events: `statechange` (detail: ViewerState) and `error` (detail: ViewerError); of annotations `select` and
// `hover` (detail: PickedObject or null) and `annotationschange`.

import type { AddAnnotationOptions, AnnotationSource, ElementAnnotations } from './annotations/element_annotations.ts';
import type { AnnotationLayersApi, LayerHandle } from './annotations/handle.ts';
import { ContextBudget, type ContextUser } from './contexts.ts';
import { DatasetChoice, kDatasetChoiceHtml, plateSummary } from './dataset_choice.ts';
import { kElementStyle } from './element_style.ts';
import { programOf } from './shared_program.ts';
import type { ViewerError, ViewerState } from './state.ts';
import type { HttpStoreOptions } from './stores/http.ts';
import { openSource } from './stores/open.ts';
import { PrefetchStore } from './stores/prefetch.ts';
import type { Store } from './stores/store.ts';
import { DecodeError } from './workers/messages.ts';
import { captureSettings, SettingsRestorer, type ViewSettings } from './view_settings.ts';
import type { Viewer } from './viewer.ts';

export type { AddAnnotationOptions, AnnotationSource } from './annotations/element_annotations.ts';
export type { AnnotationLayersApi, LayerHandle, PickedObject } from './annotations/handle.ts';
export type { ViewSettings } from './view_settings.ts';
export type { ViewerError, ViewerState } from './state.ts';

const kTemplate = `
<img class="poster" alt="" hidden>
<canvas class="view" tabindex="0" role="application" aria-label="Image" aria-describedby="help"></canvas>
<div class="progress" role="progressbar" aria-label="Loading the image" aria-valuemin="0" aria-valuemax="100"><div></div></div>
<div class="top">
  ${kDatasetChoiceHtml}
  <section class="note" role="status" hidden></section>
  <p class="cut" role="status" hidden>Only the middle is shown: this image has no coarser level that fits. Zoom in to see the rest.</p>
</div>
<section class="failure" role="alert" hidden></section>
<p class="hidden-text" id="help">Drag or arrow keys move the image; wheel, plus and minus zoom; F fits it. Page up and down or comma and full stop change z, square brackets change time. Digits switch channels, L labels, S smoothing, P the layer panel. A shows and hides annotations, N steps through their objects, Escape deselects.</p>
<p class="hidden-text" aria-live="polite"></p>
`;

function textElement(name: string, text: string): HTMLElement {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

/** Messages are made to be put after a file's name; on their own they start a sentence. */
function sentence(message: string): string {
  // One that begins with a file's name is left alone: servers tell "S0" from "s0".
  return /^[a-z]+[ ,]/.test(message) ? message.charAt(0).toUpperCase() + message.slice(1) : message;
}

function failureTitle(code: string): string {
  switch (code) {
    case 'missing':
      return 'There is no image here';
    case 'forbidden':
      return 'The server does not give this out';
    case 'retry':
      return 'The server cannot be reached';
    case 'unsupported':
      return 'This cannot be shown here';
    case 'limit':
      return 'This is larger than the viewer takes';
    default:
      return 'This dataset cannot be read';
  }
}

/** How far outside the viewport an element starts to load: about what a flick of the wheel scrolls. */
const kNearPixels = 300;

const kChanging: ReadonlySet<string> = new Set(['pointerdown', 'wheel', 'keydown', 'change']);
const kLeaving: ReadonlySet<string> = new Set(['pointerleave', 'focusout']);

const contexts = new ContextBudget();

/** What shows images; see live.ts. Fetched once, and again if it did not come. */
let live: Promise<typeof import('./live.ts')> | null = null;

function loadLive(): Promise<typeof import('./live.ts')> {
  // Its own import, asked for beside it rather than after it.
  if (!live) import('wasm:mifascope').catch(() => undefined);
  live ??= import('./live.ts').catch((error: unknown) => {
    live = null;
    throw new DecodeError(
      'retry',
      `Expected the part of the viewer that shows images, received none (${error instanceof Error ? error.message : String(error)}). Who runs this page has to serve all files of Mifascope side by side.`,
    );
  });
  return live;
}

export class MifaScopeElement extends HTMLElement {
  static readonly observedAttributes = ['src', 'poster', 'view', 'annotations', 'labels'];

  readonly #root: ShadowRoot;
  #viewer: Viewer | null = null;
  #store: PrefetchStore | null = null;
  #given: Store | null = null;
  /** Laid over the image by addLabels(). */
  #masks: { readonly name: string; readonly store: Store }[] = [];
  /** Counts connections: a viewer that gets ready after its element has gone is ended. */
  #life = 0;
  #announced = '';
  #state: ViewerState | null = null;
  #choice: DatasetChoice | null = null;
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
  /** Asked for, and not all of it there yet. */
  #settings: ViewSettings | null = null;
  #restorer: SettingsRestorer | null = null;
  /** The last picture, while another element uses the context. */
  #still: HTMLCanvasElement | null = null;
  #annotations: Promise<ElementAnnotations> | null = null;
  /** Whether the image has had its first picture: annotations must not delay it. */
  #hadPicture = false;
  readonly #waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];

  /** Where a page wants the annotation panel while it is beside the image; it is in the element otherwise. */
  declare annotationPlace?: HTMLElement;

  /** Instead of the global fetch for the image's files: credentials, signing. Set it before `src`. */
  declare fetch?: HttpStoreOptions['fetch'];

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: 'open' });
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

  /** URLs of annotations, between spaces. */
  get annotations(): string {
    return this.getAttribute('annotations') ?? '';
  }

  set annotations(addresses: string) {
    this.setAttribute('annotations', addresses);
  }

  /** The layers over the image; the code for it is fetched now. Rejects when the element is removed. */
  get annotationLayers(): Promise<AnnotationLayersApi> {
    return this.#annotated().then(({ layers }) => layers);
  }

  /** Lays something over the image as soon as that is there. Rejects with what is wrong with it. */
  async addAnnotation(source: AnnotationSource, options?: AddAnnotationOptions): Promise<LayerHandle> {
    return (await this.#annotated()).add(source, options);
  }

  /** Files of this computer, some of which may belong to others (a list of classes). What goes wrong is on the screen. */
  async addAnnotationFiles(files: readonly File[]): Promise<void> {
    await (await this.#annotated()).addFiles(files);
  }

  removeAnnotation(layer: LayerHandle): void {
    void this.#annotations?.then((annotations) => annotations.remove(layer));
  }

  /** What a person or setView() has set: for setView() later, or elsewhere. Null while nothing is shown. */
  getView(): ViewSettings | null {
    // Not #state: what was set a moment ago is told with the next frame.
    const state = this.#viewer?.state;
    return state ? captureSettings(state) : null;
  }

  /** Shows the image so. Before it is there, as soon as it is; what does not fit it is left out. */
  setView(settings: ViewSettings): void {
    this.#settings = settings;
    this.#restore();
  }

  /** What is shown now; null before there is a picture. */
  async screenshot(type = 'image/png'): Promise<Blob | null> {
    const still = this.#still;
    if (still) return new Promise((resolve) => still.toBlob(resolve, type));
    return this.#viewer?.screenshot(type) ?? null;
  }

  connectedCallback(): void {
    // Set before this class was there, it lies on the element and hides the setter.
    const { store: early } = Object.getOwnPropertyDescriptors(this) as { store?: PropertyDescriptor };
    if (early && Reflect.deleteProperty(this, 'store')) this.#given = early.value as Store;
    this.#life += 1;
    const style = new CSSStyleSheet();
    style.replaceSync(kElementStyle);
    this.#root.adoptedStyleSheets = [style];
    this.#root.innerHTML = kTemplate;
    this.#choice = new DatasetChoice(this.#root, () => this.#viewer);
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
    if (kChanging.has(type) && this.#hasContext) this.#dropStill();
    if (this.#used && this.#begun) contexts.request(this.#context);
  };

  /** Nothing is on its way to the picture. */
  get #atRest(): boolean {
    const state = this.#state;
    return state !== null && (state.stage === 'failed' || (state.stage === 'showing' && state.outstanding === 0 && state.missingTiles === 0));
  }

  #loseContext(): void {
    this.#hasContext = false;
    if (!this.#viewer) return;
    this.#dropStill();
    const still = document.createElement('canvas');
    still.className = 'still';
    still.setAttribute('aria-hidden', 'true');
    this.#viewer.suspend(still);
    this.#canvas.after(still);
    this.#still = still;
  }

  /** Pictures that stand in for the image's go once it is drawn. */
  #pictured(): void {
    if (!this.#begun) return;
    const poster = this.#part('.poster');
    if (!this.#still && poster.hidden) return;
    const state = this.#viewer?.state;
    if (!state || state.stage === 'opening') return;
    poster.hidden ||= state.stage === 'failed' || (state.memory?.tiles ?? 0) > 0;
    if (state.stage === 'failed' || state.missingTiles === 0) this.#dropStill();
  }

  #dropStill(): void {
    this.#still?.remove();
    this.#still = null;
  }

  #showPoster(): void {
    const poster = this.#part('.poster') as HTMLImageElement;
    const source = this.getAttribute('poster');
    poster.hidden = !source || this.#state !== null;
    if (source && !poster.hidden) poster.src = source;
  }

  #takeContext(): void {
    this.#hasContext = true;
    if (this.#viewer) {
      this.#viewer.resume();
      return;
    }
    const life = this.#life;
    const made = loadLive().then(({ sharedResources, Viewer }) =>
      Viewer.create({
        canvas: this.#canvas,
        ...sharedResources(this.#assets),
        onState: (state) => this.#show(state),
        onPicture: () => this.#pictured(),
        engaged: () => this.getAttribute('wheel') !== 'page' || this.#root.activeElement === this.#canvas,
      }),
    );
    made.then(
      (viewer) => {
        if (life !== this.#life || !this.isConnected) {
          viewer.end();
          return;
        }
        this.#viewer = viewer;
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
    void this.#annotations?.then((annotations) => annotations.end(), () => undefined);
    this.#annotations = null;
    this.#hadPicture = false;
    for (const { reject } of this.#waiting.splice(0)) reject(new DOMException('The element was removed from its page', 'AbortError'));
    this.#viewer?.end();
    this.#viewer = null;
    this.#store?.cancel();
    this.#store = null;
    this.#state = null;
    this.#still = null;
    this.#restorer = null;
    this.#root.replaceChildren();
    contexts.release(this.#context);
  }

  attributeChangedCallback(name: string): void {
    if (name === 'poster') {
      if (this.#root.firstChild) this.#showPoster();
      return;
    }
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
        const message = error instanceof Error ? error.message : String(error);
        this.dispatchEvent(new CustomEvent<ViewerError>('error', { detail: { code: 'fix-data', message } }));
      },
    );
  }

  #restore(): void {
    if (!this.#settings || !this.#viewer) return;
    this.#restorer = new SettingsRestorer(this.#viewer, this.#settings);
    this.#settings = null;
    // Not #state, which may be of the image before.
    if (this.#restorer.step(this.#viewer.state)) this.#restorer = null;
  }

  #reopen(): void {
    if (!this.#begun) return;
    this.#openSource();
    this.#dropStill();
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

  /** What lays annotations over the image, once that has had its first picture; its code is fetched then. */
  #annotated(): Promise<ElementAnnotations> {
    this.#annotations ??= this.#loadAnnotations();
    const loading = this.#annotations;
    // Asked for again with the next annotation.
    loading.catch(() => {
      if (this.#annotations === loading) this.#annotations = null;
    });
    return loading;
  }

  async #loadAnnotations(): Promise<ElementAnnotations> {
    if (!this.#hadPicture) await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    const life = this.#life;
    const late = await import('./annotations/element_annotations.ts');
    const viewer = this.#viewer;
    if (!viewer || life !== this.#life) throw new DOMException('The element was removed from its page', 'AbortError');
    return new late.ElementAnnotations({ element: this, viewer, notes: this.#part('.top'), assets: this.#assets, fetch: this.fetch });
  }

  #listAnnotations(): void {
    const addresses = this.annotations.split(/\s+/).filter(Boolean);
    if (!this.#hadPicture || (addresses.length === 0 && !this.#annotations)) return;
    this.#annotated().then(
      (annotations) => annotations.list(addresses),
      (error: unknown) => {
        if (this.isConnected) this.dispatchEvent(new CustomEvent<ViewerError>('error', { detail: { code: 'retry', message: String(error) } }));
      },
    );
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
    const box = document.createElement('div');
    box.append(textElement('h2', failureTitle(failure.code)), textElement('p', sentence(failure.message)));
    const again = textElement('button', 'Try again');
    again.addEventListener('click', () => this.#reopen());
    box.append(again);
    part.replaceChildren(box);
    part.hidden = false;
    this.dispatchEvent(new CustomEvent<ViewerError>('error', { detail: failure }));
  }

  #show(state: ViewerState): void {
    const failedBefore = this.#state?.stage === 'failed';
    this.#state = state;
    if (this.#restorer?.step(state)) this.#restorer = null;
    if (state.failure && !failedBefore) this.#fail(state.failure);
    if (!state.failure) this.#part('.failure').hidden = true;
    this.#showProgress(state);
    this.#choice?.show(state);
    this.#showNote(state);
    this.#part('.cut').hidden = state.cut !== true;
    this.#announce(state);
    // At rest, it may lend its context to one that has no picture yet.
    if (this.#atRest) contexts.review();
    if (!this.#hadPicture && state.stage === 'showing' && state.outstanding === 0) {
      this.#hadPicture = true;
      for (const { resolve } of this.#waiting.splice(0)) resolve();
      this.#listAnnotations();
    }
    this.dispatchEvent(new CustomEvent<ViewerState>('statechange', { detail: state }));
  }

  #showProgress({ outstanding, batch }: ViewerState): void {
    const bar = this.#part('.progress');
    const done = batch > 0 ? (batch - outstanding) / batch : 1;
    bar.classList.toggle('on', outstanding > 0);
    bar.setAttribute('aria-valuenow', String(Math.round(done * 100)));
    bar.style.setProperty('--done', String(Math.max(done, 0.05)));
  }

  // Chunks that could not be read: what is there stays on the screen.
  #showNote({ chunkFailures }: ViewerState): void {
    const note = this.#part('.note');
    note.hidden = chunkFailures.length === 0;
    const count = chunkFailures.reduce((sum, failure) => sum + failure.count, 0);
    // Not at every further chunk: the note is read aloud when it changes.
    const key = JSON.stringify([count === 1, chunkFailures.map(({ message }) => message)]);
    if (note.hidden || note.dataset['key'] === key) return;
    note.dataset['key'] = key;
    const list = document.createElement('ul');
    list.append(...chunkFailures.map(({ message }) => textElement('li', sentence(message))));
    list.tabIndex = 0;  // It scrolls when it is long.
    const again = textElement('button', 'Try again');
    again.addEventListener('click', () => this.#viewer?.update((raw) => raw._retry()));
    note.replaceChildren(
      textElement('h2', count === 1 ? 'One part of the image is missing' : `Parts of the image are missing`),
      list,
      again,
    );
  }

  // One sentence for screen readers when what is shown has changed.
  #announce(state: ViewerState): void {
    if (state.stage !== 'showing' || !state.axes) return;
    const places = state.axes
      .filter(({ slider }) => slider)
      .map(({ name, position, size }) => `${name} ${position + 1} of ${size}`);
    const channels = (state.channels ?? []).filter(({ visible }) => visible).map(({ label }) => label);
    const labels = (state.labels ?? []).filter(({ visible }) => visible).map(({ name }) => name);
    const size = state.axes.slice(-2).map(({ size: extent }) => extent).reverse().join(' by ');
    const what = state.plate && state.overview
      ? `Plate ${state.plate.name}, ${plateSummary(state)}`
      : `${state.title || 'Image'}, ${(state.images ?? 1) > 1 ? `${state.images} images` : `${size} pixels`}`;
    const spoken =
      what +
      (channels.length > 0 ? `, channels ${channels.join(', ')}` : '') +
      (labels.length > 0 ? `, labels ${labels.join(', ')}` : '') +
      (places.length > 0 ? `, ${places.join(', ')}` : '') +
      '.';
    if (spoken === this.#announced) return;
    this.#announced = spoken;
    this.#part('[aria-live]').textContent = spoken;
    this.#canvas.setAttribute('aria-label', spoken);
  }
}

if (!customElements.get('mifa-scope')) customElements.define('mifa-scope', MifaScopeElement);

declare global {
  interface HTMLElementTagNameMap {
    'mifa-scope': MifaScopeElement;
  }
}
