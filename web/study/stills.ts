// Pictures of images for the gallery, each with its annotations over it. One viewer on one WebGL context
// draws them all, one after the other, as they come into view; what has scrolled away is no longer drawn.
// Finished pictures are kept as bitmaps, those longest unused going first.

import type { LayerHandle } from '../annotations/handle.ts';
import type { AnnotationLayer, CategoryInfo, ImageContext } from '../annotations/layer.ts';
import type { HttpStoreOptions } from '../stores/http.ts';
import { PrefetchStore } from '../stores/prefetch.ts';
import type { Store } from '../stores/store.ts';
import type { ViewerState } from '../state.ts';
import type { Viewer } from '../viewer.ts';
import { baseName } from './kinds.ts';
import type { Study, StudyAnnotation, StudyImage } from './model.ts';
import type { Places } from './places.ts';

/** What reading an image for its picture has told of it. */
export interface Still {
  /** null: it could not be shown; `failure` says why. */
  readonly bitmap: ImageBitmap | null;
  readonly failure: string;
  /** Sentences: what of the annotations could not be drawn. */
  readonly notes: readonly string[];
  /** Of the annotation files that were read. */
  readonly classes: readonly CategoryInfo[];
  readonly objects: number;
  /** Masks that the image brings along. */
  readonly masks: number;
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
/** Annotation files drawn over one picture; more would hide the image. */
const kMostLayers = 3;
/** An annotation file that is longer is not read for a thumbnail. */
const kMostAnnotationBytes = 8 * 1024 * 1024;
/** Files that belong to several images are kept while they are not longer together. */
const kMostSharedBytes = 64 * 1024 * 1024;
/** An image that is not complete by then is shown as far as it is, in ms. */
const kPatienceMs = 20_000;
const kPlateMs = 5_000;
/** Two frames take no longer, unless nobody looks. */
const kFrameMs = 1_000;
/** Masks inside of an image come a moment after it. */
const kMasksMs = 3_000;
/** The next images whose metadata is asked for already. */
const kAhead = 3;
/** So that what needs the screen comes first, in ms. */
const kLookMs = 50;

type Late = typeof import('../annotations/element_annotations.ts');

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
  readonly #kept = new Map<number, Still>();
  #keptBytes = 0;
  readonly #ahead = new Map<number, PrefetchStore>();
  readonly #shared = new Map<string, Promise<File | null>>();
  #sharedBytes = 0;
  #viewer: Promise<Viewer> | null = null;
  readonly #watchers = new Set<() => void>();
  /** Of the picture that is being drawn. */
  readonly #handles: LayerHandle[] = [];
  #ended = false;
  #paused = false;

  constructor(options: StillsOptions) {
    this.#options = options;
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
    this.#queue = images.filter((image) => !this.#kept.has(image) && image !== this.#current?.image && this.#options.study.images[image]?.openable === true);
    for (const [image, store] of this.#ahead) {
      if (wanted.has(image)) continue;
      store.cancel();
      this.#ahead.delete(image);
    }
    if (this.#current && !wanted.has(this.#current.image)) this.#current.stop.abort();
    void this.#work();
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
        this.#keep(image, { bitmap: null, failure: messageOf(error), notes: [], classes: [], objects: 0, masks: 0, size: '' });
      }
    } finally {
      this.#ahead.delete(image);
      this.#current = null;
    }
    void this.#work();
  }

  #keep(image: number, still: Still): void {
    const bytes = (of: Still): number => (of.bitmap ? of.bitmap.width * of.bitmap.height * 4 : 0);
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

  /** Until the state is as wanted, or for `patience` ms; false then. */
  #until(viewer: Viewer, wanted: (state: ViewerState) => boolean, signal: AbortSignal, patience: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const end = performance.now() + patience;
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
        if (wanted(viewer.state)) return finish(() => resolve(true));
        if (performance.now() > end) return finish(() => resolve(false));
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
    const started = performance.now();
    const complete = ({ stage, outstanding, missingTiles, plate }: ViewerState): boolean =>
      stage === 'failed' ||
      (stage === 'showing' && outstanding === 0 && missingTiles === 0 && (plate?.waiting ?? 0) === 0) ||
      // A plate has hundreds of wells: what of them has come by then will do.
      (stage === 'showing' && plate !== undefined && performance.now() - started > kPlateMs);
    await this.#until(viewer, complete, signal, kPatienceMs);
    const { failure } = viewer.state;
    if (failure) throw new Error(failure.message);
    const notes: string[] = [];
    const own = new Set(annotations.filter((one) => one.own && one.kind === 'mask').map(({ path }) => path)).size;
    if (own > 0) await this.#until(viewer, ({ labels = [] }) => labels.length >= own, signal, kMasksMs);
    const masks = annotations.filter((one) => !one.own && one.kind === 'mask').slice(0, kMostLayers);
    for (const { path, source } of masks) viewer.addLabels(baseName(path), places.store(source, true));
    const layers = await this.#shapes(viewer, annotations, notes, signal);
    try {
      // Which shapes are missing is known once a frame with them has been planned.
      if (layers.length > 0) await planned(viewer);
      const before = own + masks.length;
      if (masks.length > 0) await this.#until(viewer, ({ labels = [] }) => labels.length >= before, signal, kMasksMs);
      if (!(await this.#until(viewer, (state) => complete(state) && (state.vectors?.waiting ?? 0) === 0, signal, kPatienceMs))) notes.push('Not all of it had come in time.');
      if (layers.length > 0) await planned(viewer);
      if (signal.aborted) throw abortError();
      const { state } = viewer;
      if ((state.plate?.waiting ?? 0) > 0) notes.push('Not all wells had come in time.');
      return {
        bitmap: await this.#picture(viewer),
        failure: '',
        notes: [...notes, ...state.chunkFailures.slice(0, 1).map(({ message }) => message)],
        classes: merged(layers),
        // The same objects are often there in several formats.
        objects: Math.max(0, ...layers.map(({ info }) => (info.kind === 'class_labels' || info.kind === 'counts' ? 0 : info.count))),
        masks: state.labels?.length ?? 0,
        size: sizeOf(state),
      };
    } finally {
      for (const handle of this.#handles.splice(0)) handle.remove();
    }
  }

  #picture(viewer: Viewer): Promise<ImageBitmap> {
    const copy = document.createElement('canvas');
    viewer.copyTo(copy);
    return createImageBitmap(copy);
  }

  /** Lays the annotation files over the image, each type once before any comes again. */
  async #shapes(viewer: Viewer, annotations: readonly StudyAnnotation[], notes: string[], signal: AbortSignal): Promise<AnnotationLayer[]> {
    const files = chosenShapes(annotations.filter(({ kind, own }) => kind === 'shapes' && !own));
    if (files.length === 0) return [];
    const late = await import('../annotations/element_annotations.ts');
    const layers = late.AnnotationLayers.of(viewer);
    const { image } = layers;
    if (!image) return [];
    const opened = await Promise.all(
      files.map(async (file) => {
        try {
          const layer = await this.#open(late, file, image, signal);
          if (signal.aborted) {
            layer.close();
            return null;
          }
          const handle = layers.add(layer);
          this.#handles.push(handle);
          await handle.ready;
          return layer;
        } catch (error) {
          if (!signal.aborted) notes.push(`${baseName(file.path)}: ${messageOf(error)}`);
          return null;
        }
      }),
    );
    if (signal.aborted) throw abortError();
    return opened.filter((layer) => layer !== null);
  }

  async #open(late: Late, { source, images }: StudyAnnotation, image: ImageContext, signal: AbortSignal): Promise<AnnotationLayer> {
    const { assets, fetch, places } = this.#options;
    const stop = new AbortController();
    const end = (): void => stop.abort();
    signal.addEventListener('abort', end, { once: true });
    let tooLong = false;
    const options = {
      image,
      assets,
      signal: stop.signal,
      onProgress: ({ bytes, total }: { readonly bytes: number; readonly total: number | null }): void => {
        if (Math.max(bytes, total ?? 0) <= kMostAnnotationBytes) return;
        tooLong = true;
        stop.abort();
      },
    };
    try {
      const address = places.address(source);
      const shared = images.length > 1 ? await this.#sharedFile(source) : null;
      if (shared) return await late.openAnnotationFile(shared, { assets, fetch }, options);
      if (address) return await late.openAnnotationFile(new URL(address), { assets, fetch }, options);
      return await late.openAnnotation(places.annotation(source), options);
    } catch (error) {
      if (tooLong) throw new Error(`larger than ${kMostAnnotationBytes >> 20} MiB: it is drawn when the image is opened.`);
      throw error;
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  /** A file about many images is read once. null: it is too long to be kept, or a folder. */
  async #sharedFile(source: string): Promise<File | null> {
    if (/\.(zarr|geff|parquet)(\/|$)/i.test(source) || this.#sharedBytes > kMostSharedBytes) return null;
    let file = this.#shared.get(source);
    if (!file) {
      file = this.#readShared(source);
      this.#shared.set(source, file);
      file.catch(() => this.#shared.delete(source));
    }
    return file;
  }

  async #readShared(source: string): Promise<File | null> {
    const stop = new AbortController();
    const { body, size } = await this.#options.places.annotation(source).stream(stop.signal);
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let total = size ?? 0;
    if (total <= kMostAnnotationBytes) {
      total = 0;
      for await (const part of body as unknown as AsyncIterable<Uint8Array<ArrayBuffer>>) {
        parts.push(part);
        total += part.length;
        if (total > kMostAnnotationBytes) break;
      }
    }
    stop.abort();
    if (total > kMostAnnotationBytes) return null;
    this.#sharedBytes += total;
    return new File(parts, baseName(source));
  }
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

/** At most kMostLayers, of as many types as there are. */
function chosenShapes(files: readonly StudyAnnotation[]): StudyAnnotation[] {
  const chosen: StudyAnnotation[] = [];
  const types = new Set<string>();
  for (const file of files) {
    const [type = ''] = file.types;
    if (types.has(type)) continue;
    types.add(type);
    chosen.push(file);
  }
  return [...chosen, ...files.filter((file) => !chosen.includes(file))].slice(0, kMostLayers);
}

function merged(layers: readonly AnnotationLayer[]): CategoryInfo[] {
  const byName = new Map<string, CategoryInfo>();
  for (const { info } of layers) {
    // The same objects are often there in several formats: the most of them count.
    for (const category of info.categories) {
      const there = byName.get(category.name);
      if (!there || category.count > there.count) byName.set(category.name, category);
    }
  }
  return [...byName.values()].filter(({ count }) => count > 0);
}

function sizeOf({ axes, plate, images }: ViewerState): string {
  if (plate) return `${plate.wells} wells`;
  if ((images ?? 1) > 1) return `${images} images`;
  return [...(axes ?? [])].reverse().filter(({ size }) => size > 1).map(({ size, role, name }) => (role === 'x' || role === 'y' ? `${size}` : `${size} ${role || name}`)).join(' × ');
}
