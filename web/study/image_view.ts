// One image of a study: the viewer, what is known of the image, its annotations to choose from, side by
// side with another view, and where to go from here.

import { button, element, foreign } from '../annotations/panel/dom.ts';
import type { LayerHandle, MifaScopeElement, ViewSettings } from '../element.ts';
import type { ViewerState } from '../state.ts';
import { baseName, isRaster } from './kinds.ts';
import { levelPaths } from './levels.ts';
import { linkViews } from './linked_views.ts';
import { typeName, type Study, type StudyAnnotation, type StudyImage } from './model.ts';
import { napariCommand, neuroglancerLink, pythonSnippet, quPathAddress, type ShownAnnotation, type ShownImage } from './onward.ts';
import type { Places } from './places.ts';

export interface ImageViewHost {
  readonly study: Study;
  readonly places: Places;
  /** The folder of our files, with a slash. */
  readonly assets: string;
  readonly fetch: MifaScopeElement['fetch'];
  /** How many images there are to step through, and which of them this is (from 1). */
  readonly count: number;
  readonly at: number;
  back(): void;
  step(by: 1 | -1): void;
  /** What is beside the image: '' nothing, 'plain' the image alone, else an annotation's path. */
  beside(what: string): void;
}

/** Files that are drawn when an image is opened; the others wait for their checkbox. */
const kDrawnAtFirst = 3;
/** A file of a store is read as a whole. */
const kMostStoreBytes = 512 * 1024 * 1024;

export class ImageView {
  readonly root: HTMLElement;
  readonly #host: ImageViewHost;
  readonly #image: StudyImage;
  readonly #annotations: readonly StudyAnnotation[];
  readonly #scope: MifaScopeElement;
  readonly #views = element('div', { class: 'views' });
  readonly #onward = element('section', { 'aria-label': 'Elsewhere' });
  readonly #handles = new Map<number, Promise<LayerHandle | null>>();
  readonly #stop = new AbortController();
  #unlink: (() => void) | null = null;
  #shown = '';

  constructor(host: ImageViewHost, image: StudyImage, beside: string) {
    this.#host = host;
    this.#image = image;
    this.#annotations = image.annotations.map((index) => host.study.annotations[index]).filter((one) => one !== undefined);
    this.#scope = this.#makeScope(image.source);
    this.root = element('section', { class: 'one', 'aria-label': image.name }, this.#tools(beside), element('div', { class: 'stage' }, this.#views, this.#side()));
    this.#arrange(beside);
    for (const annotation of this.#drawnAtFirst()) this.#draw(annotation);
    this.#scope.addEventListener('statechange', (event) => this.#takeState((event as CustomEvent<ViewerState>).detail));
  }

  /** Where a person's next press is likely to be: on the button of the last step, else on the first one. */
  focus(step: -1 | 0 | 1): void {
    const buttons = [...this.root.querySelectorAll<HTMLButtonElement>('.tools button')];
    const wanted = buttons[step === 0 ? 0 : step < 0 ? 1 : 2];
    (wanted?.disabled ? buttons[0] : wanted)?.focus();
  }

  /** How the image is looked at; null while it is not there. */
  get settings(): ViewSettings | null {
    return this.#scope.getView();
  }

  set settings(settings: ViewSettings | null) {
    if (settings) this.#scope.setView(settings);
  }

  end(): void {
    this.#stop.abort();
    this.#unlink?.();
    this.root.remove();
  }

  // --- viewers

  #makeScope(source: string): MifaScopeElement {
    const scope = document.createElement('mifa-scope');
    if (this.#host.fetch) scope.fetch = this.#host.fetch;
    scope.setAttribute('assets', this.#host.assets);
    const address = this.#host.places.address(source);
    if (address) scope.setAttribute('src', address);
    else scope.store = this.#host.places.store(source);
    return scope;
  }

  #arrange(beside: string): void {
    this.#unlink?.();
    this.#unlink = null;
    const other = this.#annotations.find(({ path }) => path === beside);
    this.#views.classList.toggle('pair', beside !== '');
    const figure = (scope: MifaScopeElement, caption: string): HTMLElement => element('figure', {}, caption ? element('figcaption', {}, foreign(caption)) : '', scope);
    if (beside === '') {
      this.#views.replaceChildren(figure(this.#scope, ''));
      return;
    }
    const second = this.#makeScope(other && other.kind === 'mask' ? other.source : this.#image.source);
    second.setAttribute('annotation-panel', 'none');
    if (other?.kind === 'shapes') void this.#layShapes(second, other);
    this.#views.replaceChildren(
      figure(this.#scope, 'With its annotations'),
      figure(second, other ? other.name : 'Without annotations'),
    );
    if (!other || other.kind !== 'mask') second.addEventListener('statechange', hideMasks);
    this.#unlink = linkViews(this.#scope, second);
  }

  #drawnAtFirst(): StudyAnnotation[] {
    const masks = this.#annotations.filter(({ kind, own }) => kind === 'mask' && !own).slice(0, kDrawnAtFirst);
    return [...masks, ...this.#annotations.filter(({ kind, own }) => kind === 'shapes' && !own).slice(0, kDrawnAtFirst)];
  }

  #draw(annotation: StudyAnnotation): void {
    if (annotation.kind === 'mask') {
      this.#scope.addLabels(annotation.name, this.#host.places.store(annotation.source, true));
      this.#handles.set(annotation.index, Promise.resolve(null));
    } else {
      this.#handles.set(annotation.index, this.#layShapes(this.#scope, annotation));
    }
  }

  /** What cannot be read is said in the viewer. */
  async #layShapes(scope: MifaScopeElement, { source, name }: StudyAnnotation): Promise<LayerHandle | null> {
    const address = this.#host.places.address(source);
    try {
      if (address) return await scope.addAnnotation(new URL(address));
      const { store, key } = this.#host.places.file(source);
      const reply = await store.get(key, { signal: this.#stop.signal });
      if (!reply.found) throw new Error(reply.error.message);
      if (reply.bytes.length > kMostStoreBytes) throw new Error(`Expected at most ${kMostStoreBytes >> 20} MiB, received more.`);
      return await scope.addAnnotation(new File([reply.bytes], baseName(source) || name));
    } catch {
      return null;
    }
  }

  // --- what stands around them

  #tools(beside: string): HTMLElement {
    const { at, count, back, step, beside: choose } = this.#host;
    const previous = button('Previous', () => step(-1), { title: 'Previous image (K)', disabled: at <= 1 });
    const next = button('Next', () => step(1), { title: 'Next image (J)', disabled: at >= count });
    const select = element('select', {});
    const option = (value: string, label: string): void => {
      const made = element('option', { value }, label);
      made.selected = value === beside;
      select.append(made);
    };
    option('', 'Nothing');
    option('plain', 'The image without annotations');
    for (const { path, name, kind, own } of this.#annotations) {
      if (kind === 'mask' && !(own && isRaster(this.#image.source))) option(path, `The mask “${name}” as an image`);
    }
    select.addEventListener('change', () => choose(select.value));
    return element('header', { class: 'tools' },
      button('Gallery', () => back(), { title: 'Back to all images (G)' }),
      previous,
      next,
      element('h1', {}, foreign(this.#image.name), element('span', { class: 'quiet' }, ` ${at} of ${count}`)),
      element('label', {}, element('span', {}, 'Beside it'), select),
    );
  }

  #side(): HTMLElement {
    return element('section', { class: 'side', 'aria-label': 'About this image' }, element('h2', {}, 'Image'), this.#facts(), element('h2', {}, 'Annotations'), this.#list(), this.#onward);
  }

  #facts(): HTMLElement {
    const { path, split, classes, fields, place } = this.#image;
    const list = element('dl', {});
    const row = (term: string, text: string): void => {
      if (text) list.append(element('dt', {}, foreign(term)), element('dd', {}, foreign(text)));
    };
    row('Path', path);
    row('Split', split);
    row('Class', classes.join(', '));
    for (const [heading, text] of Object.entries(fields)) row(heading, text);
    row('Named in', place);
    return list;
  }

  #list(): HTMLElement {
    if (this.#annotations.length === 0) return element('p', { class: 'quiet' }, 'No annotation is known of this image.');
    const drawn = new Set(this.#drawnAtFirst().map(({ index }) => index));
    return element('ul', {}, ...this.#annotations.map((annotation) => {
      const { index, name, path, types, pairing, kind, own, spatial } = annotation;
      const lines = [types.map(typeName).join(', '), baseName(path), spatial, kPairingWords[pairing], kind === 'other' ? 'This format is not drawn here.' : ''].filter(Boolean);
      const words = element('span', {}, element('strong', {}, foreign(name)), ...lines.map((line) => element('span', { class: 'quiet small' }, element('br'), foreign(line))));
      if (own || kind === 'other') return element('li', {}, words);
      const input = element('input', { type: 'checkbox' });
      input.checked = drawn.has(index);
      // A mask that is laid over stays; the viewer's own panel hides it.
      input.disabled = kind === 'mask' && input.checked;
      input.addEventListener('change', () => void this.#toggle(annotation, input));
      return element('li', {}, element('label', {}, input, words));
    }));
  }

  async #toggle(annotation: StudyAnnotation, input: HTMLInputElement): Promise<void> {
    const there = this.#handles.get(annotation.index);
    if (!there) {
      this.#draw(annotation);
      input.disabled = annotation.kind === 'mask';
      return;
    }
    (await there)?.set({ visible: input.checked });
  }

  // --- elsewhere

  #takeState(state: ViewerState): void {
    if (state.stage !== 'showing') return;
    const positions = (state.axes ?? []).map(({ position, slider }) => (slider ? position : -1));
    const key = JSON.stringify([state.level, positions, state.image?.names]);
    if (key === this.#shown) return;
    this.#shown = key;
    void this.#fillOnward(state, key);
  }

  async #fillOnward(state: ViewerState, key: string): Promise<void> {
    const { places, study } = this.#host;
    const address = places.address(this.#image.source);
    const store = places.store(this.#image.source);
    const { signal } = this.#stop;
    const several = (state.images ?? 1) > 1 || state.overview === true;
    const group = several ? '' : (state.image?.names[1] ?? '').replace(/^\/+|\/+$/g, '');
    const levels = isRaster(this.#image.source) || several ? [] : await levelPaths(store, group, signal);
    const chosen = this.#annotations.find(({ kind }) => kind !== 'other') ?? null;
    const annotation = chosen && (await this.#shownAnnotation(chosen, signal));
    if (key !== this.#shown || signal.aborted) return;
    const image: ShownImage = {
      address: address ?? this.#image.source,
      local: address === null,
      name: this.#image.name,
      axes: (state.axes ?? []).map(({ name, slider, position }) => ({ name, slider, position })),
      group,
      levels,
      level: state.level ?? 0,
    };
    const code = pythonSnippet(image, annotation);
    const open = this.#onward.querySelector('details')?.open ?? false;
    const python = element('details', { open }, element('summary', {}, 'Python that loads exactly this'), element('pre', { tabindex: 0, role: 'region', 'aria-label': 'Python' }, code), copyButton('Copy the code', code));
    this.#onward.replaceChildren(element('h2', {}, 'Elsewhere'), ...(address ? this.#programs(address) : [element('p', { class: 'quiet small' }, places.unreachable)]), python, ...modelLinks(study));
  }

  async #shownAnnotation({ path, source, kind, own, images }: StudyAnnotation, signal: AbortSignal): Promise<ShownAnnotation> {
    const { places, study } = this.#host;
    const parent = images.map((index) => study.images[index]?.path ?? '').find((image) => path.startsWith(`${image}/`)) ?? '';
    const levels = kind === 'mask' && !isRaster(source) ? await levelPaths(places.store(source), '', signal) : [];
    return { address: places.address(source) ?? source, kind, inside: own && parent !== '' ? path.slice(parent.length + 1) : '', levels };
  }

  #programs(address: string): HTMLElement[] {
    const { places } = this.#host;
    const masks = this.#annotations
      .filter(({ source, kind }) => kind === 'mask' && !isRaster(source))
      .map(({ source, name }) => ({ address: places.address(source) ?? '', name }))
      .filter(({ address: own }) => own !== '');
    const ways: [string, string, string][] = [
      ['napari', 'In napari, by this command:', napariCommand(address)],
      ['QuPath', 'In QuPath (0.6 or later), File, Open URI:', quPathAddress(address)],
    ];
    const list = ways.map(([name, how, text]) =>
      element('div', {}, element('span', { class: 'small' }, how), element('div', { class: 'command' }, element('code', { tabindex: 0, role: 'textbox', 'aria-readonly': 'true', 'aria-label': `For ${name}` }, text), copyButton('Copy', text, `Copy for ${name}`))),
    );
    if (!isRaster(address) && !/\.(ozx|zip)$/i.test(address)) {
      list.push(element('p', {}, element('a', { href: neuroglancerLink({ address, name: this.#image.name }, masks), target: '_blank', rel: 'noopener' }, 'Open in neuroglancer')));
    }
    return list;
  }
}

const kPairingWords: Readonly<Record<StudyAnnotation['pairing'], string>> = {
  stated: '',
  inside: '',
  name: 'Put with this image by its name.',
  none: '',
};

/** The image alone: its own masks are there, unseen. */
function hideMasks(event: Event): void {
  const scope = event.currentTarget as MifaScopeElement;
  const { labels = [] } = (event as CustomEvent<ViewerState>).detail;
  labels.forEach(({ visible, outline, opacity }, index) => {
    if (visible) scope.viewer?.update((raw) => raw._setLabel(index, false, outline, opacity));
  });
}

function modelLinks({ card }: Study): HTMLElement[] {
  const list = element('ul', {});
  for (const model of card?.models ?? []) {
    const address = /https?:\/\/[^\s,;]+/.exec(model)?.[0];
    list.append(element('li', {}, address ? element('a', { href: address, target: '_blank', rel: 'noopener' }, foreign(model)) : foreign(model)));
  }
  list.append(element('li', {}, element('a', { href: 'https://bioimage.io/#/models', target: '_blank', rel: 'noopener' }, 'Models of the BioImage Model Zoo')));
  return [element('h3', {}, (card?.models.length ?? 0) > 0 ? 'Models trained on this study' : 'Models'), list];
}

function copyButton(label: string, text: string, name = label): HTMLButtonElement {
  const made = button(label, () => {
    navigator.clipboard.writeText(text).then(
      () => (made.textContent = 'Copied'),
      () => (made.textContent = 'Not allowed here'),
    );
  }, { 'aria-label': name === label ? null : name });
  return made;
}
