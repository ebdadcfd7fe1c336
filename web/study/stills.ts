// Pictures of images for the gallery, each with its annotations over it. One viewer on one WebGL context
// draws them all, one after the other, as they come into view; what has scrolled away is no longer drawn.
// Finished pictures are kept as bitmaps, those longest unused going first.

import type { AnnotationLayer } from '../annotations/layer.ts';
import type { HttpStoreOptions } from '../stores/http.ts';
import { PrefetchStore } from '../stores/prefetch.ts';
import type { Store } from '../stores/store.ts';
import type { ViewerState } from '../state.ts';
import type { Viewer } from '../viewer.ts';
import { baseName } from './kinds.ts';
import type { LearnedClass } from './learned.ts';
import { readMaskTables, type MaskTable } from './mask_classes.ts';
import type { Study, StudyImage } from './model.ts';
import type { Places } from './places.ts';
import { kMostLayers, StillAnnotations } from './still_annotations.ts';

/** What reading an image for its picture has told of it. */
export interface Still {
  /** null: it could not be shown; `failure` says why. */
  readonly bitmap: ImageBitmap | null;
  readonly failure: string;
  /** Nothing of it is on its way any more. */
  readonly complete: boolean;
  /** Sentences: what of the annotations could not be drawn. */
  readonly notes: readonly string[];
  /** Of the annotation files that were read, and of the masks' tables. */
  readonly classes: readonly LearnedClass[];
  readonly objects: number;
  /** Masks over it, its own and others. */
  readonly masks: number;
  /** Those of them whose classes no table names. */
  readonly unnamedMasks: number;
  readonly size: string;
}

export interface StillsOptions {
  readonly study: Study;
  readonly places: Places;
  /** The folder of our files, with a slash. */
  readonly assets: string;
  readonly fetch: HttpStoreOptions['fetch'];
  /** Where the hidden canvas lives. */
  readonly host: Node;
  readonly onStill: (image: number, still: Still) => void;
}

/** CSS pixels of a picture. */
export const kStillWidth = 240;
export const kStillHeight = 180;

/** Bitmaps that are kept. */
const kKeptBytes = 64 * 1024 * 1024;
/** When nothing has come for so long, in ms, an image is shown as far as it is. */
const kPatienceMs = 20_000;
/** Masks come a moment after their image, or not at all: then the viewer knows why when it is opened. */
const kMasksMs = 3_000;
/** How far a plate is, is shown so often, in ms. */
const kPartialMs = 1_000;
/** Two frames take no longer, unless nobody looks. */
const kFrameMs = 1_000;
/** The next images whose metadata is asked for already. */
const kAhead = 3;
/** So that what needs the screen comes first, in ms. */
const kLookMs = 50;

function abortError(): DOMException {
  return new DOMException('The picture is no longer wanted', 'AbortError');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export class Stills {
  readonly #options: StillsOptions;
  readonly #canvas = document.createElement('canvas');
  /** Waiting, the most wanted first. */
  #queue: number[] = [];
  #current: { readonly image: number; readonly stop: AbortController } | null = null;
  /** Hundreds of images each: they wait until all others are there. */
  readonly #plates = new Set<number>();
  readonly #kept = new Map<number, Still>();
  #keptBytes = 0;
  readonly #ahead = new Map<number, PrefetchStore>();
  readonly #annotations: StillAnnotations;
  #viewer: Promise<Viewer> | null = null;
  readonly #watchers = new Set<() => void>();
  #ended = false;
  #paused = false;

  constructor(options: StillsOptions) {
    this.#options = options;
    this.#annotations = new StillAnnotations(options);
    this.#canvas.width = kStillWidth;
    this.#canvas.height = kStillHeight;
    this.#canvas.setAttribute('aria-hidden', 'true');
    this.#canvas.style.cssText = `position:absolute;left:0;top:0;width:${kStillWidth}px;height:${kStillHeight}px;visibility:hidden;pointer-events:none;z-index:-1`;
    options.host.appendChild(this.#canvas);
  }

  /** The picture, if it is there; it is then the last to be dropped. */
  get(image: number): Still | undefined {
    const still = this.#kept.get(image);
    if (still) {
      this.#kept.delete(image);
      this.#kept.set(image, still);
    }
    return still;
  }

  /** What is on the screen, in its order. All else that waits is forgotten, and reading it is broken off. */
  want(images: readonly number[]): void {
    const wanted = new Set(images);
    const missing = images.filter((image) => this.#kept.get(image)?.complete !== true && this.#options.study.images[image]?.openable === true);
    // One whose drawing is being broken off is drawn anew.
    const current = this.#current?.stop.signal.aborted ? null : this.#current;
    const waiting = missing.filter((image) => image !== current?.image);
    this.#queue = [...waiting.filter((image) => !this.#plates.has(image)), ...waiting.filter((image) => this.#plates.has(image))];
    for (const [image, store] of this.#ahead) {
      if (wanted.has(image)) continue;
      store.cancel();
      this.#ahead.delete(image);
    }
    if (current && (!wanted.has(current.image) || this.#givesWay(current.image))) current.stop.abort();
    void this.#work();
  }

  /** A plate that is being drawn while others wait comes after them; what of its wells has come is in the browser's cache. */
  #givesWay(image: number): boolean {
    if (!this.#plates.has(image) || this.#queue.length === 0 || this.#queue.every((other) => this.#plates.has(other))) return false;
    this.#queue.push(image);
    return true;
  }

  /** While a person looks at one image, it has the machine to itself. */
  set paused(paused: boolean) {
    this.#paused = paused;
    if (paused) this.want([]);
  }

  end(): void {
    this.#ended = true;
    this.want([]);
    for (const { bitmap } of this.#kept.values()) bitmap?.close();
    this.#kept.clear();
    void this.#viewer?.then((viewer) => viewer.end(), () => undefined);
    this.#canvas.remove();
  }

  async #work(): Promise<void> {
    if (this.#current || this.#ended || this.#paused) return;
    const image = this.#queue.shift();
    const described = image === undefined ? undefined : this.#options.study.images[image];
    if (image === undefined || !described) return;
    const stop = new AbortController();
    this.#current = { image, stop };
    for (const next of this.#queue.slice(0, kAhead)) this.#storeOf(next);
    try {
      const still = await this.#draw(described, stop.signal);
      if (!stop.signal.aborted && !this.#ended) this.#keep(image, still);
      else still.bitmap?.close();
    } catch (error) {
      if (!stop.signal.aborted && !this.#ended) {
        this.#keep(image, { ...kNothing, failure: messageOf(error) });
      }
    } finally {
      this.#ahead.delete(image);
      this.#current = null;
    }
    void this.#work();
  }

  #keep(image: number, still: Still): void {
    const bytes = (of: Still): number => (of.bitmap ? of.bitmap.width * of.bitmap.height * 4 : 0);
    const before = this.#kept.get(image);
    if (before) {
      this.#kept.delete(image);
      this.#keptBytes -= bytes(before);
      before.bitmap?.close();
    }
    this.#kept.set(image, still);
    this.#keptBytes += bytes(still);
    for (const [oldest, other] of this.#kept) {
      if (this.#keptBytes <= kKeptBytes || oldest === image) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= bytes(other);
      other.bitmap?.close();
    }
    this.#options.onStill(image, still);
  }

  /** Its requests have left with the first call. */
  #storeOf(image: number): Store | null {
    const described = this.#options.study.images[image];
    if (!described?.openable) return null;
    let store = this.#ahead.get(image);
    if (!store) {
      store = new PrefetchStore(this.#options.places.store(described.source));
      this.#ahead.set(image, store);
    }
    return store;
  }

  async #makeViewer(): Promise<Viewer> {
    // The same module as <mifa-scope>'s: workers and program are shared with it.
    const { sharedResources, Viewer } = await import('../live.ts');
    const changed = (): void => {
      for (const look of this.#watchers) look();
    };
    const viewer = await Viewer.create({ canvas: this.#canvas, ...sharedResources(this.#options.assets), onState: changed, onPicture: changed });
    viewer.update((raw) => raw._setControls(0));
    return viewer;
  }

  #ready(): Promise<Viewer> {
    this.#viewer ??= this.#makeViewer();
    const making = this.#viewer;
    making.catch(() => {
      if (this.#viewer === making) this.#viewer = null;
    });
    return making;
  }

  /** Until the state is as wanted; false when nothing has come for so long that nothing will. */
  #until(viewer: Viewer, wanted: (state: ViewerState) => boolean, signal: AbortSignal, { patience = kPatienceMs, each }: Waiting = {}): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      let since = performance.now();
      let seen = '';
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        signal.removeEventListener('abort', stop);
        settle();
      };
      const stop = (): void => finish(() => reject(abortError()));
      const check = (): void => {
        timer = undefined;
        if (signal.aborted) return stop();
        const { state } = viewer;
        each?.(state);
        if (wanted(state)) return finish(() => resolve(true));
        const now = progressOf(state);
        // A page that nobody sees draws nothing: that is no server's fault.
        if (now !== seen || document.hidden) [since, seen] = [performance.now(), now];
        if (performance.now() - since > patience) return finish(() => resolve(false));
        timer = setTimeout(check, kLookMs);
      };
      // States and pictures come in bursts; one look does for all of them.
      const look = (): void => {
        clearTimeout(timer);
        timer = setTimeout(check, 0);
      };
      this.#watchers.add(look);
      signal.addEventListener('abort', stop, { once: true });
      look();
    });
  }

  async #draw(image: StudyImage, signal: AbortSignal): Promise<Still> {
    const viewer = await this.#ready();
    const store = this.#storeOf(image.index);
    if (!store) throw new Error(`Expected an image that can be opened, received ${image.path}.`);
    if (signal.aborted) throw abortError();
    const { study, places } = this.#options;
    const annotations = image.annotations.map((index) => study.annotations[index]).filter((one) => one !== undefined);
    viewer.open(store);
    let all = await this.#until(viewer, isComplete, signal, { each: this.#plateWatch(image.index, viewer) });
    const { failure } = viewer.state;
    if (failure) throw new Error(failure.message);
    const own = new Set(annotations.filter((one) => one.own && one.kind === 'mask').map(({ path }) => path)).size;
    const masks = annotations.filter((one) => !one.own && one.kind === 'mask').slice(0, kMostLayers);
    for (const { path, source } of masks) viewer.addLabels(baseName(path), places.store(source, true));
    const laid = await this.#annotations.lay(viewer, annotations, signal);
    try {
      if (signal.aborted) throw abortError();
      // Which shapes are missing is known once a frame with them has been planned.
      if (laid.layers.length > 0) await planned(viewer);
      const expected = own + masks.length;
      if (expected > 0) all = (await this.#until(viewer, ({ labels = [] }) => labels.length >= expected, signal, { patience: kMasksMs })) && all;
      all = (await this.#until(viewer, (state) => isComplete(state) && (state.vectors?.waiting ?? 0) === 0, signal)) && all;
      if (laid.layers.length > 0) await planned(viewer);
      if (signal.aborted) throw abortError();
      return await this.#still(viewer, laid.layers, [...laid.notes, ...(all ? [] : ['Not all of it has come.'])], signal);
    } finally {
      laid.remove();
    }
  }

  /** What is drawn, and what is known of it. */
  async #still(viewer: Viewer, layers: readonly AnnotationLayer[], notes: readonly string[], signal: AbortSignal): Promise<Still> {
    const { state, data: { store } } = viewer;
    const named = (state.labels ?? []).filter(({ kind }) => kind !== 'probability').map(({ source }) => viewer.labelPath(source));
    const { tables, unnamed } = store ? await readMaskTables(store, [...new Set(named)], signal) : { tables: [], unnamed: 0 };
    if (signal.aborted) throw abortError();
    return {
      bitmap: await this.#picture(viewer),
      failure: '',
      complete: true,
      notes: [...notes, ...state.chunkFailures.slice(0, 1).map(({ message }) => message)],
      classes: merged(layers, tables),
      // The same objects are often there in several formats.
      objects: Math.max(0, ...tables.map(({ objects }) => objects), ...layers.map(({ info }) => (info.kind === 'class_labels' || info.kind === 'counts' ? 0 : info.count))),
      masks: state.labels?.length ?? 0,
      unnamedMasks: unnamed,
      size: sizeOf(state),
    };
  }

  /** Of a plate: lets others come first, and shows how far it is. */
  #plateWatch(image: number, viewer: Viewer): (state: ViewerState) => void {
    let shown = performance.now();
    return (state) => {
      if (!state.plate || state.stage !== 'showing') return;
      this.#plates.add(image);
      if (this.#givesWay(image)) {
        this.#current?.stop.abort();
      } else if (performance.now() - shown > kPartialMs && !isComplete(state)) {
        shown = performance.now();
        void this.#picture(viewer).then((bitmap) => {
          if (this.#current?.image === image && !this.#current.stop.signal.aborted) this.#keep(image, { ...kNothing, bitmap, complete: false, size: sizeOf(state), notes: ['More of its wells are on their way.'] });
          else bitmap.close();
        });
      }
    };
  }

  #picture(viewer: Viewer): Promise<ImageBitmap> {
    const copy = document.createElement('canvas');
    viewer.copyTo(copy);
    return createImageBitmap(copy);
  }
}

interface Waiting {
  /** How long nothing may come, in ms. */
  readonly patience?: number;
  /** Hears of every look. */
  readonly each?: (state: ViewerState) => void;
}

const kNothing: Still = { bitmap: null, failure: '', complete: true, notes: [], classes: [], objects: 0, masks: 0, unnamedMasks: 0, size: '' };

function isComplete({ stage, outstanding, missingTiles, plate }: ViewerState): boolean {
  return stage === 'failed' || (stage === 'showing' && outstanding === 0 && missingTiles === 0 && (plate?.waiting ?? 0) === 0);
}

/** Changes as long as something comes. */
function progressOf({ stage, outstanding, batch, missingTiles, plate, labels, vectors, issues, chunkFailures }: ViewerState): string {
  return [stage, outstanding, batch, missingTiles, plate?.waiting, labels?.length, vectors?.waiting, issues.length, chunkFailures.length].join();
}

/** Until the viewer has planned a frame with all that it has been given; a page that is hidden has none. */
function planned(viewer: Viewer): Promise<void> {
  viewer.update(() => undefined);
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, kFrameMs);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        clearTimeout(timer);
        resolve();
      }),
    );
  });
}

/** The same objects are often there in several formats: the most of them count. */
function merged(layers: readonly AnnotationLayer[], tables: readonly MaskTable[]): LearnedClass[] {
  const byName = new Map<string, LearnedClass>();
  for (const found of [...layers.flatMap(({ info }) => info.categories), ...tables.flatMap(({ classes }) => classes)]) {
    const there = byName.get(found.name);
    if (!there || found.count > there.count) byName.set(found.name, { ...(there?.color && { color: there.color }), ...found });
  }
  return [...byName.values()].filter(({ count }) => count > 0);
}

function sizeOf({ axes, plate, images }: ViewerState): string {
  if (plate) return `${plate.wells} wells`;
  if ((images ?? 1) > 1) return `${images} images`;
  return [...(axes ?? [])].reverse().filter(({ size }) => size > 1).map(({ size, role, name }) => (role === 'x' || role === 'y' ? `${size}` : `${size} ${role || name}`)).join(' × ');
}
