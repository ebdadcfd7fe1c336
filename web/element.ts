// <mifa-scope src="https://…/image.ome.zarr"></mifa-scope>: a viewer in any page.
//
// Attributes: `src`, the dataset's URL; `assets`, the folder of our files if they are not beside this
// script; `wheel="page"` leaves the wheel to the page until the viewer has the focus.
// Events: `statechange` (detail: ViewerState) and `error` (detail: ViewerError).

import { DatasetChoice, kDatasetChoiceHtml, plateSummary } from './dataset_choice.ts';
import { kElementStyle } from './element_style.ts';
import { sharedResources } from './shared_resources.ts';
import type { ViewerError, ViewerState } from './state.ts';
import type { HttpStoreOptions } from './stores/http.ts';
import { openSource } from './stores/open.ts';
import { PrefetchStore } from './stores/prefetch.ts';
import type { Store } from './stores/store.ts';
import { DecodeError } from './workers/pool.ts';
import { Viewer } from './viewer.ts';

export type { ViewerError, ViewerState } from './state.ts';

const kTemplate = `
<canvas tabindex="0" role="application" aria-label="Image" aria-describedby="help"></canvas>
<div class="progress" role="progressbar" aria-label="Loading the image" aria-valuemin="0" aria-valuemax="100"><div></div></div>
<div class="top">
  ${kDatasetChoiceHtml}
  <section class="note" role="status" hidden></section>
  <p class="cut" role="status" hidden>Only the middle is shown: this image has no coarser level that fits. Zoom in to see the rest.</p>
</div>
<section class="failure" role="alert" hidden></section>
<p class="hidden-text" id="help">Drag or arrow keys move the image; wheel, plus and minus zoom; F fits it. Page up and down or comma and full stop change z, square brackets change time. Digits switch channels, L labels, S smoothing, P the layer panel.</p>
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

export class MifaScopeElement extends HTMLElement {
  static readonly observedAttributes = ['src'];

  readonly #root: ShadowRoot;
  #viewer: Viewer | null = null;
  #store: PrefetchStore | null = null;
  #given: Store | null = null;
  /** Counts connections: a viewer that gets ready after its element has gone is ended. */
  #life = 0;
  #announced = '';
  #state: ViewerState | null = null;
  #choice: DatasetChoice | null = null;

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
    this.#reopen();
  }

  /** The viewer itself, for pages of our own; null before the program has started. */
  get viewer(): Viewer | null {
    return this.#viewer;
  }

  connectedCallback(): void {
    // Set before this class was there, it lies on the element and hides the setter.
    const { store: early } = Object.getOwnPropertyDescriptors(this) as { store?: PropertyDescriptor };
    if (early && Reflect.deleteProperty(this, 'store')) this.#given = early.value as Store;
    const life = ++this.#life;
    const style = new CSSStyleSheet();
    style.replaceSync(kElementStyle);
    this.#root.adoptedStyleSheets = [style];
    this.#root.innerHTML = kTemplate;
    // The metadata's requests leave first, then the program's.
    this.#openSource();
    const { pool, program } = sharedResources(new URL(this.getAttribute('assets') ?? '.', import.meta.url).href);
    this.#choice = new DatasetChoice(this.#root, () => this.#viewer);
    Viewer.create({
      canvas: this.#canvas,
      pool,
      program,
      onState: (state) => this.#show(state),
      engaged: () => this.getAttribute('wheel') !== 'page' || this.#root.activeElement === this.#canvas,
    }).then(
      (viewer) => {
        if (life !== this.#life || !this.isConnected) {
          viewer.end();
          return;
        }
        this.#viewer = viewer;
        if (this.#store) viewer.open(this.#store);
      },
      (error: unknown) => {
        const { code, message } =
          error instanceof DecodeError ? error : { code: 'unsupported', message: String(error) };
        if (life === this.#life) this.#fail({ code, message });
      },
    );
  }

  disconnectedCallback(): void {
    this.#life += 1;
    this.#viewer?.end();
    this.#viewer = null;
    this.#store?.cancel();
    this.#store = null;
    this.#state = null;
    this.#root.replaceChildren();
  }

  attributeChangedCallback(): void {
    this.#given = null;
    this.#reopen();
  }

  #reopen(): void {
    if (!this.isConnected || !this.#root.firstChild) return;
    this.#openSource();
    if (this.#store) this.#viewer?.open(this.#store);
  }

  get #canvas(): HTMLCanvasElement {
    return this.#part('canvas') as HTMLCanvasElement;
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
    if (state.failure && !failedBefore) this.#fail(state.failure);
    if (!state.failure) this.#part('.failure').hidden = true;
    this.#showProgress(state);
    this.#choice?.show(state);
    this.#showNote(state);
    this.#part('.cut').hidden = state.cut !== true;
    this.#announce(state);
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
