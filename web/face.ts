// What an element shows around its picture: progress, notes, the choice of images, tools, and what screen
// readers hear; and what it tells its page. A bundle of its own, fetched with the first picture.

import { DatasetChoice, kDatasetChoiceHtml, plateSummary } from './dataset_choice.ts';
import { kFaceStyle } from './face_style.ts';
import type { DatasetIssue, ViewerState } from './state.ts';
import { captureSettings } from './view_settings.ts';
import type { Viewer } from './viewer.ts';

const kHtml = `
<div class="progress" role="progressbar" aria-label="Loading the image" aria-valuemin="0" aria-valuemax="100"><div></div></div>
<div class="top">
  <div class="tools" role="group" aria-label="Viewer">
    <button type="button" class="tool save" aria-expanded="false">Save</button>
    <button type="button" class="tool study" aria-expanded="false" hidden>Study</button>
    <button type="button" class="tool full" aria-label="Full screen" title="Full screen"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"/></svg></button>
  </div>
  ${kDatasetChoiceHtml}
  <section class="note" role="status" hidden></section>
  <p class="remark" role="status" hidden></p>
  <p class="cut" role="status" hidden>Only the middle is shown: this image has no coarser level that fits. Zoom in to see the rest.</p>
</div>
<p class="hidden-text" id="help">Drag or arrow keys move the image; wheel, plus and minus zoom; F fits it. Page up and down or comma and full stop change z, square brackets change time. Digits switch channels, L labels, S smoothing, P the layer panel. A shows and hides annotations, N steps through their objects, Escape deselects.</p>
<p class="hidden-text" aria-live="polite"></p>
`;

/** What is changed by dragging or holding a key down is said once it rests, in ms. */
const kSpeechPauseMs = 400;

/** Messages are made to be put after a file's name; on their own they start a sentence. */
export function sentence(message: string): string {
  // One that begins with a file's name is left alone: servers tell "S0" from "s0".
  return /^[a-z]+[ ,]/.test(message) ? message.charAt(0).toUpperCase() + message.slice(1) : message;
}

export interface FaceOptions {
  readonly element: HTMLElement & { toggleFullscreen(): Promise<void> };
  readonly root: ShadowRoot;
  readonly canvas: HTMLCanvasElement;
  readonly viewer: Viewer;
  /** Opens the menu of what can be taken away. */
  readonly save: (button: HTMLElement) => void;
  /** Shows the study's card, or takes it away. */
  readonly study: (button: HTMLElement) => void;
}

export class Face {
  readonly #options: FaceOptions;
  readonly #choice: DatasetChoice;
  readonly #told = { ready: false, progress: '', view: '', issues: new Set<string>() };
  #spoken = '';
  #speech: ReturnType<typeof setTimeout> | undefined;

  constructor(options: FaceOptions) {
    this.#options = options;
    const { element, root, canvas, viewer } = options;
    const style = new CSSStyleSheet();
    style.replaceSync(kFaceStyle);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, style];
    const content = document.createElement('template');
    content.innerHTML = kHtml;
    canvas.after(content.content);
    canvas.setAttribute('aria-describedby', 'help');
    this.#choice = new DatasetChoice(root, () => viewer);
    const full = this.#part('.full');
    full.hidden = !document.fullscreenEnabled;
    full.addEventListener('click', () => void element.toggleFullscreen().catch(() => undefined));
    this.#part('.study').addEventListener('click', () => options.study(this.#part('.study')));
    this.adjust();
    this.#part('.save').addEventListener('click', () => options.save(this.#part('.save')));
    element.addEventListener('fullscreenchange', this.#onFullscreen);
  }

  end(): void {
    clearTimeout(this.#speech);
    this.#options.element.removeEventListener('fullscreenchange', this.#onFullscreen);
  }

  /** The attribute `metadata` has changed. */
  adjust(): void {
    this.#part('.study').hidden = !this.#options.element.getAttribute('metadata');
  }

  /** Asked for by a page that opens another image: issues are told anew. */
  forget(): void {
    this.#told.ready = false;
    this.#told.issues.clear();
  }

  /** A sentence that stays over the picture. */
  say(sentence: string): void {
    const remark = this.#part('.remark');
    remark.textContent = sentence;
    remark.hidden = false;
  }

  show(state: ViewerState): void {
    this.#showProgress(state);
    this.#choice.show(state);
    this.#showNote(state);
    this.#part('.cut').hidden = state.cut !== true;
    this.#announce(state);
    this.#tell(state);
  }

  readonly #onFullscreen = (): void => {
    const on = document.fullscreenElement === this.#options.element;
    const full = this.#part('.full');
    full.title = on ? 'Leave full screen' : 'Full screen';
    full.setAttribute('aria-label', full.title);
    full.classList.toggle('on', on);
  };

  #part(selector: string): HTMLElement {
    const found = this.#options.root.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`expected ${selector} in the shadow root`);
    return found;
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
    again.addEventListener('click', () => this.#options.viewer.update((raw) => raw._retry()));
    note.replaceChildren(
      textElement('h2', count === 1 ? 'One part of the image is missing' : `Parts of the image are missing`),
      list,
      again,
    );
  }

  // One sentence for screen readers when what is shown has changed: at first at once, then when it rests.
  #announce(state: ViewerState): void {
    const spoken = describe(state);
    if (!spoken || spoken === this.#spoken) return;
    const first = this.#spoken === '';
    this.#spoken = spoken;
    this.#options.canvas.setAttribute('aria-label', spoken);
    clearTimeout(this.#speech);
    this.#speech = setTimeout(() => (this.#part('[aria-live]').textContent = spoken), first ? 0 : kSpeechPauseMs);
  }

  /** The events of docs/embed.md, beside statechange and error. */
  #tell(state: ViewerState): void {
    const told = this.#told;
    const send = <T>(type: string, detail: T): void => void this.#options.element.dispatchEvent(new CustomEvent<T>(type, { detail }));
    for (const issue of state.issues) {
      const key = JSON.stringify(issue);
      if (told.issues.has(key)) continue;
      told.issues.add(key);
      send<DatasetIssue>('issue', issue);
    }
    const { outstanding, batch } = state;
    const progress = `${batch - outstanding}/${batch}`;
    if (batch > 0 && progress !== told.progress) {
      told.progress = progress;
      send('progress', { done: batch - outstanding, total: batch });
    }
    if (state.stage !== 'showing') return;
    if (!told.ready) {
      told.ready = true;
      send('ready', state);
    }
    const settings = captureSettings(state);
    const view = JSON.stringify(settings);
    if (view !== told.view) send('viewchange', settings);
    told.view = view;
  }
}

function textElement(name: string, text: string): HTMLElement {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

/** What is shown, in a sentence; empty while nothing is. */
export function describe(state: ViewerState): string {
  if (state.stage !== 'showing' || !state.axes) return '';
  const places = state.axes
    .filter(({ slider }) => slider)
    .map(({ name, position, size }) => `${name} ${position + 1} of ${size}`);
  const channels = (state.channels ?? []).filter(({ visible }) => visible).map(({ label }) => label);
  const labels = (state.labels ?? []).filter(({ visible }) => visible).map(({ name }) => name);
  const annotations = state.annotations.filter(({ visible }) => visible).map(({ name, count }) => `${name} (${count})`);
  const size = state.axes.slice(-2).map(({ size: extent }) => extent).reverse().join(' by ');
  const what = state.plate && state.overview
    ? `Plate ${state.plate.name}, ${plateSummary(state)}`
    : `${state.title || 'Image'}, ${(state.images ?? 1) > 1 ? `${state.images} images` : `${size} pixels`}`;
  const listed = (word: string, names: readonly string[]): string => (names.length > 0 ? `, ${word}${names.join(', ')}` : '');
  return `${what}${listed('channels ', channels)}${listed('labels ', labels)}${listed('', places)}${listed('annotations ', annotations)}.`;
}
