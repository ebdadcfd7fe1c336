// What the viewer's tests run inside the page beside <mifa-scope>: put there by addInitScript, so the
// page is as its visitors get it. Waits for conditions; never for a time.

import type { MifaScopeElement, ViewerState } from '../../web/element.ts';
import type { LayerHandle, LayerSettings } from '../../web/annotations/handle.ts';
import type { Viewer } from '../../web/viewer.ts';
import { FakeLayer, type FakeLayerSpec } from './fake_annotation.ts';

export type Rgb = readonly [number, number, number];

const kPatience = 60_000;

function scope(index = 0): MifaScopeElement {
  const element = document.querySelectorAll('mifa-scope')[index];
  if (!element) throw new Error(`there is no <mifa-scope> number ${index}`);
  return element;
}

function viewer(index = 0): Viewer {
  const found = scope(index).viewer;
  if (!found) throw new Error('the viewer has not started');
  return found;
}

function canvas(index = 0): HTMLCanvasElement {
  const found = scope(index).shadowRoot?.querySelector('canvas');
  if (!found) throw new Error('there is no canvas');
  return found;
}

/** Two animation frames: what was asked of the viewer has been looked at. */
function frames(count = 2): Promise<void> {
  return new Promise((resolve) => {
    const step = (left: number): void => {
      if (left === 0) resolve();
      else requestAnimationFrame(() => step(left - 1));
    };
    step(count);
  });
}

async function until<T>(what: string, probe: () => T | false | null | undefined, patience = kPatience): Promise<T> {
  const end = performance.now() + patience;
  for (;;) {
    const found = probe();
    if (found !== false && found !== null && found !== undefined) return found;
    if (performance.now() > end) {
      const state = document.querySelector('mifa-scope')?.viewer?.state;
      throw new Error(`waited in vain until ${what}; state: ${JSON.stringify(state)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The state once all that the view needs is on the screen, or the failure is. */
async function settled(index = 0): Promise<ViewerState> {
  await until('the viewer has started', () => scope(index).viewer !== null);
  await frames();
  return until('the view is complete', () => {
    const { state } = viewer(index);
    if (state.stage === 'failed') return state;
    const complete = state.stage === 'showing' && state.missingTiles === 0 && state.outstanding === 0;
    return complete && state;
  });
}

async function open(url: string, options: { readonly labels?: number; readonly index?: number } = {}): Promise<ViewerState> {
  const { labels = 0, index = 0 } = options;
  scope(index).setAttribute('src', url);
  await until('the viewer has started', () => scope(index).viewer !== null);
  viewer(index).update((raw) => raw._setPanelOpen(false));
  await until('labels are there', () => {
    const { state } = viewer(index);
    return state.stage === 'failed' || (state.labels?.length ?? 0) >= labels;
  });
  return settled(index);
}

/** Looks at a place in world units (u: right, v: down) and waits until it is on the screen. */
async function look(u: number, v: number, worldPerPixel: number, index = 0): Promise<ViewerState> {
  viewer(index).update((raw) => raw._lookAt(u, v, worldPerPixel));
  return settled(index);
}

function toCanvas(u: number, v: number, index = 0): [number, number] {
  const { view } = viewer(index).state;
  if (!view) throw new Error('nothing is shown');
  const { width, height } = canvas(index);
  return [(u - view.center[0]) / view.worldPerPixel + width / 2, (v - view.center[1]) / view.worldPerPixel + height / 2];
}

/** Device pixels of the picture drawn now, row by row from the upper left. */
function picture(index = 0): { width: number; height: number; at(x: number, y: number): [number, number, number] } {
  // Draws; the pixels can be read until this task ends.
  viewer(index).readPixel(0, 0);
  const { width, height } = canvas(index);
  const gl = canvas(index).getContext('webgl2');
  const bytes = new Uint8Array(width * height * 4);
  gl?.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
  return {
    width,
    height,
    at: (x, y) => {
      const place = ((height - 1 - y) * width + x) * 4;
      return [bytes[place] ?? 0, bytes[place + 1] ?? 0, bytes[place + 2] ?? 0];
    },
  };
}

/** The colours at places in world units. */
function colors(places: readonly (readonly [number, number])[], index = 0): Rgb[] {
  const { at } = picture(index);
  return places.map(([u, v]) => {
    const [x, y] = toCanvas(u, v, index);
    return at(Math.floor(x), Math.floor(y));
  });
}

/** A row of device pixels, or a column. */
function line(row: { readonly y: number } | { readonly x: number }, index = 0): Rgb[] {
  const { at, width, height } = picture(index);
  return 'y' in row
    ? Array.from({ length: width }, (_, x) => at(x, row.y))
    : Array.from({ length: height }, (_, y) => at(row.x, y));
}

/** A hash of the whole picture, and how many colours it has. */
function fingerprint(index = 0): { hash: number; colors: number } {
  const { at, width, height } = picture(index);
  const seen = new Set<number>();
  let hash = 0;
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      const [r, g, b] = at(x, y);
      const color = (r << 16) | (g << 8) | b;
      seen.add(color);
      hash = (Math.imul(hash, 31) + color) | 0;
    }
  }
  return { hash, colors: seen.size };
}

function pointer(type: string, x: number, y: number, index = 0): void {
  const box = canvas(index).getBoundingClientRect();
  const ratio = canvas(index).width / box.width;
  canvas(index).dispatchEvent(
    new PointerEvent(type, { clientX: box.left + x / ratio, clientY: box.top + y / ratio, pointerId: 1, bubbles: true }),
  );
}

/** Points at a place in world units; the values named under it once all are known. */
async function readout(u: number, v: number, index = 0): Promise<{ pixel: string; values: { name: string; value: string }[] }> {
  const [x, y] = toCanvas(u, v, index);
  pointer('pointermove', x, y, index);
  await frames();
  return until('the values under the pointer are known', () => {
    const found = viewer(index).state.readout;
    if (!found || found.values.some(({ value }) => value === '…')) return null;
    return { pixel: found.pixel, values: found.values.map(({ name, value }) => ({ name, value })) };
  });
}

/** Lays a layer without a worker over the image (fake_annotation.ts); its number in `layers`. */
const layers: { readonly fake: FakeLayer; readonly handle: LayerHandle }[] = [];
async function annotate(spec: FakeLayerSpec, settings: Partial<LayerSettings> = {}, index = 0): Promise<number> {
  const fake = new FakeLayer(spec);
  // Its panel would lie on the image.
  scope(index).setAttribute('annotation-panel', 'none');
  const handle = await scope(index).addAnnotation(fake, settings);
  await handle.ready;
  await drawn(index);
  return layers.push({ fake, handle }) - 1;
}

/** Until the shapes that the view needs are there. */
async function drawn(index = 0): Promise<void> {
  await settled(index);
  await frames();
  await until('the shapes in view are there', () => viewer(index).state.vectors?.waiting === 0);
  await frames();
}

/** A whole click at a place in world units. */
async function click(u: number, v: number, index = 0): Promise<void> {
  const [x, y] = toCanvas(u, v, index);
  for (const type of ['pointermove', 'pointerdown', 'pointerup']) pointer(type, x, y, index);
  await frames();
}

const viewerPage = {
  FakeLayer, layers, annotate, drawn, click, scope, viewer, canvas, frames, until, settled, open, look, toCanvas, picture, colors, line, fingerprint, pointer, readout,
};
export type ViewerPage = typeof viewerPage;
Object.assign(globalThis, { viewerPage });
