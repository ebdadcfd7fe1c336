// Shows an issue's place in the viewer: the image is opened, the chunk looked at, the annotation laid over
// it and its object selected. A bar above leads back to the report, which is as it was.

import { button, element } from '../annotations/panel/dom.ts';
import type { AnnotationLayer } from '../annotations/layer.ts';
import type { MifaScopeElement } from '../element.ts';
import type { ViewerState } from '../state.ts';
import { openSource } from '../stores/open.ts';
import { kRasterName, openRaster } from '../stores/late.ts';
import type { Store } from '../stores/store.ts';
import type { ReportIssue } from '../validation/validate.ts';
import { findSpot, isOfImage, type Region, type Spot } from './issue_place.ts';
import { issueText } from './report_words.ts';

/** Whether it is worth offering; whether there is something to see shows only when it is looked for. */
export const mayShow: (issue: ReportIssue) => boolean = isOfImage;

/** A region takes this share of the view. */
const kShare = 0.4;
/** Objects beside the guessed one that are asked where they are written. */
const kNearby = 64;

/** The files of a folder of a store. */
function folderOf(store: Store, folder: string): Store {
  if (folder === '') return store;
  const list = store.list?.bind(store);
  return {
    description: `${store.description}/${folder}`,
    get: (key, options) => store.get(`${folder}/${key}`, options),
    ...(list ? { list: (prefix, options) => list(prefix === '' ? folder : `${folder}/${prefix}`, options) } : {}),
  };
}

function imageStore(store: Store, { image }: Spot): Store {
  return kRasterName.test(image) ? openRaster(store, image) : folderOf(store, image);
}

function onceShown(scope: MifaScopeElement, act: () => void): void {
  const look = (event: Event): void => {
    const { stage } = (event as CustomEvent<ViewerState>).detail;
    if (stage !== 'showing' && stage !== 'failed') return;
    scope.removeEventListener('statechange', look);
    if (stage === 'showing') act();
  };
  scope.addEventListener('statechange', look);
}

function look(scope: MifaScopeElement, { settings, width, height }: Region): void {
  const { view } = settings;
  const worldPerPixel = Math.max(width / scope.clientWidth, height / scope.clientHeight) / kShare / devicePixelRatio;
  scope.setView({ ...settings, ...(view ? { view: { center: view.center, worldPerPixel } } : {}) });
}

/** The object that is written at a place; the first where none is. */
export async function objectAt(layer: Pick<AnnotationLayer, 'details' | 'info'>, { line = 0, row = 0, pointer = '' }: ReportIssue): Promise<number> {
  const { count } = layer.info;
  const written = /^\/(?:features|annotations|shapes|objects|regions|geometries)?\/?(\d+)(?:\/|$)/.exec(pointer)?.[1];
  const guess = Math.min(count - 1, Math.max(0, written !== undefined ? Number(written) : row > 0 ? row - 1 : 0));
  const isIt = async (object: number): Promise<boolean> => {
    const { place } = await layer.details(object);
    if (pointer !== '' && place.pointer !== '') return pointer === place.pointer || pointer.startsWith(`${place.pointer}/`);
    return line > 0 && place.line === line;
  };
  // Objects that could not be read have no number: the wanted one is then before the guess.
  for (let step = 0; step < kNearby; ++step) {
    for (const object of step === 0 ? [guess] : [guess - step, guess + step]) {
      if (object >= 0 && object < count && (await isIt(object))) return object;
    }
  }
  if (line > 0) {
    // Lines grow with the objects' numbers.
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((await layer.details(middle)).place.line < line) low = middle + 1;
      else high = middle;
    }
    if (await isIt(low)) return low;
  }
  return guess;
}

async function layAnnotation(scope: MifaScopeElement, store: Store, path: string, issue: ReportIssue): Promise<void> {
  const reply = await store.get(path);
  if (!reply.found) throw new Error(reply.error.message);
  const layer = await scope.addAnnotation(new File([reply.bytes], path.slice(path.lastIndexOf('/') + 1)));
  const layers = await scope.annotationLayers;
  const placed = issue.line !== undefined || issue.row !== undefined || issue.pointer !== undefined;
  if (!placed || layer.info.count === 0) return;
  const picked = { layer, object: await objectAt(layer.layer, issue) };
  layers.select(picked);
  await layers.flyTo(picked);
}

/** In `main`, in the place of `report`, until the reader goes back. */
export function showSpot(main: HTMLElement, report: HTMLElement, source: string | Store, issue: ReportIssue): void {
  const before = document.activeElement;
  const { scrollTop } = report;
  const told = element('p', { role: 'status' }, issueText(issue));
  const back = button('← Back to the report', () => {
    main.replaceChildren(report);
    report.scrollTop = scrollTop;
    if (before instanceof HTMLElement) before.focus();
  });
  const room = element('div', { class: 'spot-image' });
  main.replaceChildren(element('div', { class: 'spot' }, element('div', { class: 'spot-bar' }, back, told), room));
  back.focus();
  const wanted = (): boolean => room.isConnected;
  const say = (error: unknown): void => {
    if (wanted()) told.textContent = `${issueText(issue)} ${error instanceof Error ? error.message : String(error)}`;
  };
  const store = typeof source === 'string' ? openSource(source, { base: location.href }) : source;
  void findSpot(store, issue).then((spot) => {
    if (!wanted()) return;
    if (!spot) return say('The image that this is about cannot be told: open it by itself.');
    const scope = document.createElement('mifa-scope');
    onceShown(scope, () => {
      if (spot.region) look(scope, spot.region);
      if (spot.annotation !== undefined) layAnnotation(scope, store, spot.annotation, issue).catch(say);
    });
    scope.store = imageStore(store, spot);
    room.append(scope);
  }, say);
}
