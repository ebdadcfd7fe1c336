// The annotation files over the gallery's pictures: which of them are drawn, and reading them, those of several
// images once.

import type { LayerHandle } from '../annotations/handle.ts';
import type { AnnotationLayer, ImageContext } from '../annotations/layer.ts';
import type { HttpStoreOptions } from '../stores/http.ts';
import type { Viewer } from '../viewer.ts';
import { baseName } from './kinds.ts';
import type { StudyAnnotation } from './model.ts';
import type { Places } from './places.ts';

/** Annotation files drawn over one picture; more would hide the image. */
export const kMostLayers = 3;
/** An annotation file that is longer is not read for a thumbnail. */
const kMostAnnotationBytes = 8 * 1024 * 1024;
/** Files that belong to several images are kept while they are not longer together. */
const kMostSharedBytes = 64 * 1024 * 1024;

type Late = typeof import('../annotations/element_annotations.ts');

export interface AnnotationReading {
  readonly places: Places;
  /** The folder of our files, with a slash. */
  readonly assets: string;
  readonly fetch: HttpStoreOptions['fetch'];
}

/** What is laid over the picture that is being drawn. */
export interface Laid {
  readonly layers: readonly AnnotationLayer[];
  /** What could not be, a sentence each. */
  readonly notes: readonly string[];
  remove(): void;
}

export class StillAnnotations {
  readonly #options: AnnotationReading;
  readonly #shared = new Map<string, Promise<File | null>>();
  #sharedBytes = 0;

  constructor(options: AnnotationReading) {
    this.#options = options;
  }

  /** Lays the files over the open image, each type once before any comes again. What was laid is for the caller to remove. */
  async lay(viewer: Viewer, annotations: readonly StudyAnnotation[], signal: AbortSignal): Promise<Laid> {
    const files = chosenShapes(annotations.filter(({ kind, own }) => kind === 'shapes' && !own));
    const handles: LayerHandle[] = [];
    const notes: string[] = [];
    const laid = (layers: readonly AnnotationLayer[]): Laid => ({ layers, notes, remove: () => handles.splice(0).forEach((handle) => handle.remove()) });
    if (files.length === 0) return laid([]);
    const late = await import('../annotations/element_annotations.ts');
    const layers = late.AnnotationLayers.of(viewer);
    const { image } = layers;
    if (!image) return laid([]);
    const opened = await Promise.all(
      files.map(async (file) => {
        try {
          const layer = await this.#open(late, file, image, signal);
          if (signal.aborted) {
            layer.close();
            return null;
          }
          const handle = layers.add(layer);
          handles.push(handle);
          await handle.ready;
          return layer;
        } catch (error) {
          if (!signal.aborted) notes.push(`${baseName(file.path)}: ${error instanceof Error ? error.message : String(error)}`);
          return null;
        }
      }),
    );
    return laid(opened.filter((layer) => layer !== null));
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
