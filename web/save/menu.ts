// What can be taken away from an element: the menu behind its button “Save”, and saveRegion() for pages. A
// bundle of its own, fetched when somebody asks.

import { hostError } from '../errors.ts';
import { measureRegion, type RegionOptions } from '../region.ts';
import { encodeSettings } from '../share.ts';
import type { Viewer } from '../viewer.ts';
import { fileBytes, isNarrowed, saveRegion, visibleRegion } from './ome_tiff.ts';

export { saveRegion, visibleRegion } from './ome_tiff.ts';

/** What the menu asks of its element. */
export interface Saved extends HTMLElement {
  screenshot(type?: string): Promise<Blob | null>;
  getView(): Parameters<typeof encodeSettings>[0] | null;
}

function make<K extends keyof HTMLElementTagNameMap>(tag: K, text = ''): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

function download(file: Blob, name: string): void {
  const link = document.createElement('a');
  const address = URL.createObjectURL(file);
  link.href = address;
  link.download = name;
  link.click();
  // Not at once: Firefox has not begun yet.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function fileName(viewer: Viewer, ending: string): string {
  const { title, name } = viewer.state;
  const last = name.replace(/[?#].*$/, '').replace(/\/+$/, '').split('/').at(-1) ?? '';
  return `${(title || last || 'image').replace(/(\.ome)?\.(zarr|tiff?)$/i, '').replace(/[^\p{L}\p{N}._-]+/gu, '_')}${ending}`;
}

/** The address of the page that shows just this, where that page is. null: the image has no address. */
export async function linkTo(element: Saved, assets: string): Promise<string | null> {
  const source = element.getAttribute('src');
  if (!source) return null;
  const absolute = (address: string): string => (/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : new URL(address, document.baseURI).href);
  const link = new URL('index.html', assets);
  link.searchParams.set('source', absolute(source));
  for (const [attribute, parameter] of [['annotations', 'annotation'], ['labels', 'labels']] as const) {
    for (const address of (element.getAttribute(attribute) ?? '').split(/\s+/).filter(Boolean)) link.searchParams.append(parameter, absolute(address));
  }
  const settings = element.getView();
  if (settings) link.searchParams.set('view', await encodeSettings(settings));
  return link.href.replace(/%3A/gi, ':').replace(/%2F/gi, '/');
}

interface Choice {
  readonly title: string;
  readonly region: RegionOptions;
}

function choices(viewer: Viewer): Choice[] {
  const { state } = viewer;
  const shown = visibleRegion(viewer);
  if (!shown) return [];
  const found = [{ title: 'Pixels in view, as OME-TIFF', region: shown }];
  const finest = (state.level ?? 0) > 0 ? visibleRegion(viewer, 0) : null;
  if (finest) found.push({ title: 'Pixels in view, full resolution', region: finest });
  const z = state.axes?.findIndex(({ role, slider }) => role === 'z' && slider) ?? -1;
  const depth = viewer.levels[shown.level ?? 0]?.shape[z];
  if (z >= 0 && depth) found.push({ title: `All ${depth} slices in view`, region: { ...shown, z: [0, depth] } });
  return found;
}

class Menu {
  readonly root = make('div');
  readonly #element: Saved;
  readonly #viewer: Viewer;
  readonly #button: HTMLElement;
  readonly #assets: string;
  readonly #cancel = new AbortController();

  constructor(element: Saved, viewer: Viewer, button: HTMLElement, assets: string) {
    this.#element = element;
    this.#viewer = viewer;
    this.#button = button;
    this.#assets = assets;
    this.root.className = 'menu';
    this.root.setAttribute('role', 'group');
    this.root.setAttribute('aria-label', 'Save');
    this.root.append(this.#item('Picture, as PNG', 'as it is on the screen', () => this.#savePicture()));
    for (const { title, region } of choices(viewer)) this.#offer(title, region);
    if (element.getAttribute('src')) this.root.append(this.#item('Copy link', 'to this view', () => this.#copyLink()));
    this.root.addEventListener('keydown', this.#onKey);
    button.setAttribute('aria-expanded', 'true');
    button.after(this.root);
    this.root.querySelector('button')?.focus();
  }

  close(): void {
    this.#cancel.abort();
    this.#button.setAttribute('aria-expanded', 'false');
    this.root.remove();
    open.delete(this.#button);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const items = [...this.root.querySelectorAll('button')];
    const at = items.indexOf((this.root.getRootNode() as ShadowRoot).activeElement as HTMLButtonElement);
    if (event.key === 'Escape') {
      this.close();
      this.#button.focus();
    } else if (event.key === 'ArrowDown') items[(at + 1) % items.length]?.focus();
    else if (event.key === 'ArrowUp') items.at(at - 1)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #item(title: string, note: string, act: () => Promise<void>): HTMLButtonElement {
    const item = make('button', title);
    item.type = 'button';
    item.append(make('small', note));
    item.addEventListener('click', () => {
      act().catch((error: unknown) => this.#say(error));
    });
    return item;
  }

  #offer(title: string, region: RegionOptions): void {
    const { shape } = measureRegion(this.#viewer, region);
    const planes = shape.reduce((product, extent) => product * extent, 1) / ((region.width ?? 1) * (region.height ?? 1));
    const note = `${region.width} × ${region.height}${planes > 1 ? `, ${planes} planes` : ''}, ${sizeText(fileBytes(this.#viewer, region))}${isNarrowed(this.#viewer, region) ? ', 64-bit values as 32-bit ones' : ''}`;
    this.root.append(this.#item(title, note, () => this.#saveRegion(region)));
  }

  async #savePicture(): Promise<void> {
    const picture = await this.#element.screenshot();
    if (picture) download(picture, fileName(this.#viewer, '.png'));
    this.close();
  }

  async #copyLink(): Promise<void> {
    const link = await linkTo(this.#element, this.#assets);
    if (!link) return;
    try {
      await navigator.clipboard.writeText(link);
      this.#show(make('p', 'The link is in the clipboard.'));
    } catch {
      const text = make('p', 'Copy this: ');
      text.append(make('code', link));
      this.#show(text);
    }
  }

  async #saveRegion(region: RegionOptions): Promise<void> {
    const said = make('p', 'Reading …');
    const bar = make('progress');
    bar.setAttribute('aria-label', 'Saving');
    this.#show(said, bar, this.#item('Cancel', '', async () => this.close()));
    const onProgress = ({ planes, done, bytes }: { planes: number; done: number; bytes: number }): void => {
      bar.max = planes;
      bar.value = done;
      said.textContent = `Plane ${Math.min(done + 1, planes)} of ${planes}, ${sizeText(bytes)} in all`;
    };
    const file = await saveRegion(this.#viewer, region, { signal: this.#cancel.signal, onProgress, assets: this.#assets });
    download(file, fileName(this.#viewer, isNarrowed(this.#viewer, region) ? '_32bit.ome.tif' : '.ome.tif'));
    this.close();
    this.#button.focus();
  }

  #show(...content: HTMLElement[]): void {
    this.root.replaceChildren(...content);
    this.root.querySelector('button')?.focus();
  }

  #say(error: unknown): void {
    const { code, message, advice } = hostError(error);
    if (code === 'aborted') return;
    const text = make('p', `${message} ${advice}`);
    text.setAttribute('role', 'alert');
    this.#show(text, this.#item('Close', '', async () => this.close()));
  }
}

const open = new Map<HTMLElement, Menu>();

/** Opens the menu beside its button, or closes it. */
export function toggleMenu(element: Saved, viewer: Viewer, button: HTMLElement, assets: string): void {
  const menu = open.get(button);
  if (menu) menu.close();
  else open.set(button, new Menu(element, viewer, button, assets));
}
