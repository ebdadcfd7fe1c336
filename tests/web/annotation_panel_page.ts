// The annotation panel beside something that stands for an image, over layers without a worker.

import { DockButtons, PanelDock } from '../../web/annotations/panel/dock.ts';
import type { MaskLayer, PanelHost } from '../../web/annotations/panel/host.ts';
import { AnnotationPanel } from '../../web/annotations/panel/panel.ts';
import { kElementStyle } from '../../web/element_style.ts';
import { centroids, FakeLayers, frameClasses, frameCounts, outlines, type FakeLayer } from './annotation_fake.ts';

const kPageStyle = `
html, body { margin: 0; height: 100%; color-scheme: light dark; }
main { display: flex; height: 100%; }
h1 { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; margin: 0; }
main > div { flex: 1; min-width: 0; height: 100%; }
aside { width: 360px; border-left: 1px solid #888; }
aside[hidden] { display: none; }
@media (max-width: 760px) { main:has(aside) { flex-direction: column; } main:has(aside) > div { min-height: 50%; } main > aside { width: auto; height: 50%; } }
`;

export interface PanelPage {
  readonly layers: FakeLayers;
  readonly panel: AnnotationPanel;
  readonly added: string[];
  readonly sets: Readonly<Record<string, () => FakeLayer>>;
  frame(frame: number): void;
  end(): void;
}

const query = new URLSearchParams(location.search);
const layers = new FakeLayers();
const added: string[] = [];
let frame = 0;
let masks: readonly MaskLayer[] = query.has('masks') ? [{ name: 'nuclei', visible: true, outline: false, opacity: 0.5 }, { name: 'probability', visible: false, outline: false, opacity: 0.6, threshold: 0.5, range: [0, 1] }] : [];
const maskListeners = new Set<() => void>();
const frameListeners = new Set<() => void>();

const host: PanelHost = {
  layers,
  masks: () => masks,
  setMask(index, change) {
    masks = masks.map((mask, i) => (i === index ? { ...mask, ...change } : mask));
    for (const listener of maskListeners) listener();
  },
  onMasks(listener) {
    maskListeners.add(listener);
    return () => maskListeners.delete(listener);
  },
  reopen: async (_layer, mapping) => {
    if (!mapping['x']) throw new Error('expected a column for x, received none');
    added.push(JSON.stringify(mapping));
  },
  addFiles: (files) => void added.push(...files.map(({ name }) => name)),
  frame: () => frame,
  onFrame(listener) {
    frameListeners.add(listener);
    return () => frameListeners.delete(listener);
  },
};

const style = new CSSStyleSheet();
style.replaceSync(kPageStyle);
document.adoptedStyleSheets = [style];
document.documentElement.lang = 'en';
document.title = 'Annotations';
const main = document.createElement('main');
const heading = document.createElement('h1');
heading.textContent = 'An image';
const scope = document.createElement('div');
main.append(heading, scope);
const place = query.has('page') ? document.createElement('aside') : null;
if (place) {
  place.setAttribute('aria-label', 'Annotations of this image');
  main.append(place);
}
document.body.append(main);
const shadow = scope.attachShadow({ mode: 'open' });
const own = new CSSStyleSheet();
own.replaceSync(kElementStyle + ':host { height: 100% }');
shadow.adoptedStyleSheets = [own];
const canvas = document.createElement('canvas');
canvas.className = 'view';
canvas.setAttribute('role', 'img');
canvas.setAttribute('aria-label', 'Image');
const top = document.createElement('div');
top.className = 'top';
shadow.append(canvas, top);

const sets: PanelPage['sets'] = { outlines, centroids, frameCounts, frameClasses, million: () => outlines(1_000_000) };
for (const name of (query.get('sets') ?? 'outlines').split(',')) {
  const made = sets[name]?.();
  if (made) layers.add(made, { note: name === 'centroids' ? 'The image does not say how large a pixel is: one pixel is taken for one µm.' : '' });
}
const buttons = new DockButtons();
const panel = new AnnotationPanel(host, ...buttons.elements);
const dock = new PanelDock({ shadow, host: scope, place }, panel, buttons);
const page: PanelPage = {
  layers,
  panel,
  added,
  sets,
  frame(next) {
    frame = next;
    for (const listener of frameListeners) listener();
  },
  end: () => dock.end(),
};
Object.assign(globalThis, { ready: true, panelPage: page });
