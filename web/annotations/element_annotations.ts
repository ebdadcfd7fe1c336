// The annotations of one <mifa-scope>: opened when its image is there, opened anew when it shows another
// image, and what cannot be read is said. A bundle of its own, fetched with the first annotation.

import type { ViewerState } from '../state.ts';
import type { HttpStoreOptions } from '../stores/http.ts';
import type { Viewer } from '../viewer.ts';
import type { AnnotationEventMap, LayerHandle, LayerSettings, PickedObject } from './handle.ts';
import type { AnnotationLayer } from './layer.ts';
import { AnnotationLayers } from './layers.ts';
import { openAnnotationFile } from './open_file.ts';
import type { JsonObject } from './sources/zarr_array.ts';
import { ElementPanel } from './panel/element_panel.ts';

// For others that draw annotations on a viewer (the study page): the same module, and so the same workers.
export { openAnnotation } from './client.ts';
export { AnnotationLayers } from './layers.ts';
export { openAnnotationFile } from './open_file.ts';

/** What can be laid over an image: an address, a file of this computer, or a layer of a page's own. */
export type AnnotationSource = string | URL | File | AnnotationLayer;

export interface AddAnnotationOptions extends Partial<LayerSettings> {
  /** Id of a format, to skip recognising it. */
  readonly format?: string;
  /** Tables: which column plays which part. */
  readonly mapping?: Readonly<Record<string, string>>;
  /** Texts of small files beside it that its format needs, by name ("classes.txt"). */
  readonly companions?: Readonly<Record<string, string>>;
}

export interface ElementAnnotationsHost {
  /** `annotationPlace`: where a page wants the panel; attribute annotation-panel="none": nowhere. */
  readonly element: HTMLElement & { readonly annotationPlace?: HTMLElement };
  readonly viewer: Viewer;
  /** Where notes are put, and sentences for screen readers. */
  readonly notes: HTMLElement;
  /** The folder of our files. */
  readonly assets: string;
  readonly fetch: HttpStoreOptions['fetch'];
}

interface Entry {
  readonly source: AnnotationSource;
  /** As asked for, and as a person has changed it since. */
  options: AddAnnotationOptions;
  /** From the attribute, which may change. */
  readonly listed: boolean;
  handle: LayerHandle | null;
  opening: AbortController | null;
  /** Of the latest opening; never rejects. */
  ended: Promise<void>;
}

/** What is read faster needs no note of its progress, in ms. */
const kPatienceMs = 600;

/** Lists of classes that YOLO's files go by. */
const kNames = /^(classes\.txt|obj\.names|data\.ya?ml|dataset\.ya?ml)$/i;

function isLayer(source: AnnotationSource): source is AnnotationLayer {
  return typeof source === 'object' && !(source instanceof URL) && !(source instanceof Blob);
}

function nameOf(source: AnnotationSource): string {
  if (isLayer(source)) return source.info.name;
  if (source instanceof Blob) return source.name;
  const path = String(source).replace(/[?#].*$/, '').replace(/\/+$/, '');
  return path.slice(path.lastIndexOf('/') + 1) || String(source);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

export class ElementAnnotations {
  readonly layers: AnnotationLayers;
  readonly #host: ElementAnnotationsHost;
  readonly #box: HTMLElement;
  readonly #spoken: HTMLElement;
  #entries: Entry[] = [];
  /** Of the image that they lie on; empty while there is none, or a whole plate. */
  #imageKey = '';
  #panel: ElementPanel | null = null;
  #ended = false;
  #waiting: (() => void)[] = [];

  constructor(host: ElementAnnotationsHost) {
    this.#host = host;
    this.layers = AnnotationLayers.of(host.viewer);
    this.#box = document.createElement('section');
    this.#box.className = 'note';
    this.#box.setAttribute('role', 'status');
    this.#box.setAttribute('aria-label', 'Annotations');
    this.#box.hidden = true;
    this.#spoken = document.createElement('p');
    this.#spoken.className = 'hidden-text';
    this.#spoken.setAttribute('aria-live', 'polite');
    host.notes.append(this.#box, this.#spoken);
    const tell = <T>(type: string, detail: T): void => {
      host.element.dispatchEvent(new CustomEvent<T>(type, { detail }));
    };
    const listen = <K extends keyof AnnotationEventMap>(type: K, name: string): void =>
      this.layers.addEventListener(type, (event) => tell(name, event.detail));
    listen('select', 'select');
    listen('hover', 'hover');
    listen('change', 'annotationschange');
    this.layers.addEventListener('select', ({ detail }) => void this.#speak(detail));
    this.layers.addEventListener('change', () => this.#onChange());
    host.element.addEventListener('statechange', this.#onState);
    this.#takeImage(host.viewer.state);
  }

  /** Rejects with what is wrong, which is on the screen then too. */
  async add(source: AnnotationSource, options: AddAnnotationOptions = {}): Promise<LayerHandle> {
    const entry: Entry = { source, options, listed: false, handle: null, opening: null, ended: Promise.resolve() };
    this.#entries.push(entry);
    return this.#open(entry);
  }

  /** Files of this computer, each a layer but for those that only name the others' classes. What goes wrong is on the screen. */
  async addFiles(files: readonly File[]): Promise<void> {
    const names = files.filter(({ name }) => kNames.test(name));
    const own = names.length < files.length ? files.filter((file) => !names.includes(file)) : files;
    const companions = Object.fromEntries(await Promise.all(names.map(async (file) => [file.name, await file.text().catch(() => '')] as const)));
    await Promise.allSettled(own.map((file) => this.add(file, names.length > 0 ? { companions } : {})));
  }

  /** The addresses of the attribute: those that are new are opened, those that are gone removed. */
  list(addresses: readonly string[]): void {
    for (const entry of this.#entries.filter(({ listed, source }) => listed && !addresses.includes(String(source)))) this.#forget(entry);
    for (const source of addresses) {
      if (this.#entries.some((entry) => entry.listed && entry.source === source)) continue;
      const entry: Entry = { source, options: {}, listed: true, handle: null, opening: null, ended: Promise.resolve() };
      this.#entries.push(entry);
      this.#open(entry).catch(() => undefined);  // It is on the screen.
    }
  }

  /** Resolves when none is being read any more, whether they could be or not; at once while there is no image to lay them on. */
  async settled(): Promise<void> {
    if (this.#imageKey === '') return;
    const ends = (): Promise<void>[] => this.#entries.map(({ ended }) => ended);
    for (let before = ends(); ; before = ends()) {
      await Promise.all(before);
      if (ends().every((end) => before.includes(end))) return;
    }
  }

  remove(layer: LayerHandle): void {
    layer.remove();
  }

  /** Reads tracks again with the positions that their labels have in a mask (the viewer's label of that number). */
  async locate(layer: LayerHandle, mask: number): Promise<LayerHandle> {
    const { positionLines } = await import('./mask_scan.ts');
    const positions = positionLines(await this.layers.masks.scan(mask));
    return this.#reopen(layer, ({ companions }) => ({ companions: { ...companions, 'mask-positions': positions } }));
  }

  /** Reads a table again with other columns; the layer that comes of it takes the old one's place. */
  reopen(layer: LayerHandle, mapping: Readonly<Record<string, string>>): Promise<LayerHandle> {
    return this.#reopen(layer, () => ({ mapping }));
  }

  async #reopen(layer: LayerHandle, change: (options: AddAnnotationOptions) => AddAnnotationOptions): Promise<LayerHandle> {
    const entry = this.#entries.find(({ source, handle }) => !isLayer(source) && handle === layer);
    if (!entry) throw new Error(`expected a layer that was read from a file, received ${layer.info.name}, which the page made itself`);
    const at = this.layers.layers.findIndex(({ id }) => id === layer.id);
    const { visible, opacity, lineWidth, fillOpacity, pointSize, tail, labelText } = layer;
    const before = entry.options;
    entry.options = { ...before, ...change(before), visible, opacity, lineWidth, fillOpacity, pointSize, tail, labelText };
    try {
      const fresh = await this.#open(entry);
      layer.remove();
      fresh.move(at - (this.layers.layers.length - 1));
      return fresh;
    } catch (error) {
      // The old one stays; what was wrong is said where it was asked for.
      entry.options = before;
      this.#unsay(entry);
      throw error;
    }
  }

  end(): void {
    this.#ended = true;
    this.#panel?.end();
    this.#host.element.removeEventListener('statechange', this.#onState);
    for (const { opening } of this.#entries) opening?.abort();
    this.#entries = [];
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  get #panelUnwanted(): boolean {
    const { element } = this.#host;
    return element.getAttribute('annotation-panel') === 'none' || /^(none|minimal)$/.test(element.getAttribute('controls') ?? '');
  }

  #onChange(): void {
    const { layers } = this.layers;
    this.#prune();
    if (this.#panel || this.#ended || layers.length === 0 || this.#panelUnwanted) return;
    const { element, viewer, notes } = this.#host;
    this.#panel = new ElementPanel({
      element,
      shadow: notes.getRootNode() as ShadowRoot,
      viewer,
      layers: this.layers,
      place: element.annotationPlace ?? null,
      addFiles: (files) => {
        void this.addFiles(files);
      },
      reopen: (layer, mapping) => this.reopen(layer, mapping),
      locate: (layer, mask) => this.locate(layer, mask),
    });
  }

  #forget(entry: Entry): void {
    this.#entries = this.#entries.filter((each) => each !== entry);
    entry.opening?.abort();
    this.#unsay(entry);
    entry.handle?.remove();
  }

  // What was taken off one by one, by a panel for instance, is not read again for the next image.
  #prune(): void {
    const { layers } = this.layers;
    for (const entry of this.#entries.filter(({ handle, opening }) => handle && !opening && !layers.some(({ id }) => id === handle.id))) this.#forget(entry);
  }

  #open(entry: Entry): Promise<LayerHandle> {
    const handle = this.#read(entry);
    const ignore = (): undefined => undefined;
    entry.ended = handle.then(ignore, ignore);
    return handle;
  }

  async #read(entry: Entry): Promise<LayerHandle> {
    const { source } = entry;
    const { format, mapping, companions, ...settings } = entry.options;
    if (isLayer(source)) return (entry.handle = this.layers.add(source, settings));
    const opening = new AbortController();
    entry.opening = opening;
    this.#unsay(entry);
    try {
      // Which of a file's objects are meant, the image says.
      while (this.#imageKey === '' && !opening.signal.aborted && !this.#ended) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      const { image } = this.layers;
      if (!image || opening.signal.aborted || this.#ended) throw new DOMException(`${nameOf(source)} is no longer wanted`, 'AbortError');
      const started = performance.now();
      const place = source instanceof Blob ? source : new URL(source, this.#host.element.baseURI);
      const { assets, fetch } = this.#host;
      const layer = await openAnnotationFile(place, { assets, fetch, imageAttributes: () => this.#imageAttributes() }, {
        image,
        ...(format ? { format } : {}),
        ...(mapping ? { mapping } : {}),
        ...(companions ? { companions } : {}),
        signal: opening.signal,
        onProgress: ({ bytes, total }) => {
          if (performance.now() - started > kPatienceMs) this.#sayProgress(entry, bytes, total);
        },
      });
      if (opening.signal.aborted || this.#ended) {
        layer.close();
        throw new DOMException(`${nameOf(source)} is no longer wanted`, 'AbortError');
      }
      this.#unsay(entry);
      entry.handle = this.layers.add(layer, settings);
      return entry.handle;
    } catch (error) {
      if (!opening.signal.aborted && !this.#ended) this.#sayFailure(entry, error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      if (entry.opening === opening) entry.opening = null;
    }
  }

  /** Of the open image's group, as it stands in its store. */
  async #imageAttributes(): Promise<JsonObject | null> {
    const { viewer } = this.#host;
    const { store, pool } = viewer.data;
    const path = viewer.state.image?.names[1];
    if (!store || path === undefined) return null;
    const { ZarrTree } = await import('./sources/zarr_array.ts');
    return new ZarrTree(store, pool).attributes(path);
  }

  readonly #onState = (event: Event): void => this.#takeImage((event as CustomEvent<ViewerState>).detail);

  #takeImage(state: ViewerState): void {
    // While another image comes there is nothing to lay them over; a plate has many.
    if (state.stage !== 'showing' || !state.image || (state.plate && state.overview)) return;
    const key = keyOf(state);
    if (key === this.#imageKey) return;
    const first = this.#imageKey === '';
    this.#imageKey = key;
    for (const resolve of this.#waiting.splice(0)) resolve();
    if (first) return;
    // Which of its objects a file has for this image, and where they lie, may be others.
    for (const entry of this.#entries) {
      if (isLayer(entry.source)) continue;
      entry.opening?.abort();
      const { handle } = entry;
      if (handle) entry.options = { ...entry.options, ...looksOf(handle) };
      entry.handle = null;
      handle?.remove();
      this.#open(entry).catch(() => undefined);
    }
  }

  // --- what is said

  #line(entry: Entry): HTMLElement | null {
    return [...this.#box.children].find((line): line is HTMLElement => line instanceof HTMLElement && lines.get(line) === entry) ?? null;
  }

  #say(entry: Entry, text: string, buttons: readonly (readonly [string, () => void])[]): void {
    const line = document.createElement('p');
    line.append(text, ...buttons.flatMap(([label, press]) => {
      const button = document.createElement('button');
      button.textContent = label;
      button.addEventListener('click', press);
      return [' ', button];
    }));
    lines.set(line, entry);
    const before = this.#line(entry);
    if (before) before.replaceWith(line);
    else this.#box.append(line);
    this.#box.hidden = false;
  }

  #unsay(entry: Entry): void {
    this.#line(entry)?.remove();
    this.#box.hidden = this.#box.childElementCount === 0;
  }

  #sayFailure(entry: Entry, message: string): void {
    const name = nameOf(entry.source);
    const text = message.includes(name) ? message : `${name}: ${message}`;
    this.#say(entry, `An annotation cannot be shown. ${text}`, [
      ['Try again', () => void this.#open(entry).catch(() => undefined)],
      ['Close', () => this.#forget(entry)],
    ]);
  }

  #sayProgress(entry: Entry, bytes: number, total: number | null): void {
    const done = total ? `${megabytes(bytes)} of ${megabytes(total)}` : megabytes(bytes);
    const text = `Reading ${nameOf(entry.source)}: ${done} `;
    const before = this.#line(entry)?.firstChild;
    // The button stays where it is under a pointer.
    if (before instanceof Text && before.data.startsWith('Reading')) before.data = text;
    else this.#say(entry, text, [['Cancel', () => this.#forget(entry)]]);
  }

  async #speak(picked: PickedObject | null): Promise<void> {
    if (!picked) {
      this.#spoken.textContent = '';
      return;
    }
    const details = await picked.layer.layer.details(picked.object).catch(() => null);
    if (this.#ended || this.layers.selection?.object !== picked.object) return;
    const what = [details?.category, details?.shape].filter(Boolean).join(', ');
    this.#spoken.textContent = `Selected ${picked.layer.info.name}, object ${picked.object + 1} of ${picked.layer.info.count}${what ? `: ${what}` : ''}.`;
  }
}

const lines = new WeakMap<HTMLElement, Entry>();

/** How a person has it look; a filter's categories may be others in the next image. */
function looksOf({ visible, opacity, lineWidth, fillOpacity, pointSize, tail, colorBy, labelText, transform }: LayerHandle): Partial<LayerSettings> {
  return { visible, opacity, lineWidth, fillOpacity, pointSize, tail, colorBy, labelText, transform };
}

/** Which image is shown. */
function keyOf({ image, entry, field, multiscale, name }: ViewerState): string {
  return image ? JSON.stringify([name, entry, field, multiscale, image.names, image.width, image.height]) : '';
}
