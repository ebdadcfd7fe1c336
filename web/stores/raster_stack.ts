// Numbered image files as one image over time: t000.tif, t001.tif, … (the Cell Tracking Challenge and many
// microscopes write them). The first file says what the image is like; each other one is read when its time
// point is looked at.

import type { DatasetIssue } from '../state.ts';
import { kRasterName } from './late.ts';
import { RasterStore, type RasterStoreOptions } from './raster_file_store.ts';
import { hasOtherFiles, RasterSetStore } from './raster_set.ts';
import { keySegments, refuse, type GetOptions, type Store, type StoreReply } from './store.ts';

interface NumberedFiles {
  /** The name around the number, as "t#.tif". */
  readonly pattern: string;
  /** [number, name], by number. */
  readonly files: readonly (readonly [number, string])[];
}

/** Files whose names differ in their last number only, the largest set of them first. */
export function numberedFiles(names: readonly string[]): NumberedFiles[] {
  const sets = new Map<string, Map<number, string>>();
  for (const name of names) {
    const parts = /^(.*?)(\d+)(\D*)$/.exec(name);
    if (!parts || !kRasterName.test(name) || name.startsWith('.')) continue;
    const [, before = '', digits = '', after = ''] = parts;
    const pattern = `${before}#${after}`;
    const set = sets.get(pattern) ?? new Map<number, string>();
    set.set(Number(digits), name);
    sets.set(pattern, set);
  }
  return [...sets]
    .map(([pattern, files]) => ({ pattern, files: [...files].sort(([a], [b]) => a - b) }))
    .sort((a, b) => b.files.length - a.files.length);
}

export interface StackOptions extends RasterStoreOptions {
  /** The number of time point 0: by default the lowest, for labels 0 if that is as far as 10 below. */
  readonly first?: number | undefined;
}

/** Most time points: beyond, numbers are dates or ids. */
const kMostTimes = 100_000;

interface Metadata {
  readonly node_type: string;
  shape?: number[];
  dimension_names?: string[];
  chunk_grid?: { configuration: { chunk_shape: number[] } };
  data_type?: string;
  attributes?: { ome?: { multiscales?: { axes: object[]; datasets: { coordinateTransformations: Record<string, unknown>[] }[] }[] } };
}

function issue(rule: string, message: string, file: string): DatasetIssue {
  return { rule, severity: 'warning', message, file, pointer: '', line: 0, expected: '', received: '', fix: '' };
}

/** The same metadata with an axis of `times` time points in front. */
function overTime(text: string, times: number): string {
  const json = JSON.parse(text) as Metadata;
  json.shape?.unshift(times);
  json.dimension_names?.unshift('t');
  json.chunk_grid?.configuration.chunk_shape.unshift(1);
  for (const { axes, datasets } of json.attributes?.ome?.multiscales ?? []) {
    axes.unshift({ name: 't', type: 'time' });
    for (const { coordinateTransformations } of datasets) {
      for (const transformation of coordinateTransformations) {
        (transformation['scale'] as number[] | undefined)?.unshift(1);
        (transformation['translation'] as number[] | undefined)?.unshift(0);
      }
    }
  }
  return JSON.stringify(json);
}

export class RasterStackStore implements Store {
  readonly description: string;
  /** The number of time point 0. */
  readonly first: number;
  readonly #container: Store;
  readonly #options: RasterStoreOptions;
  readonly #times: ReadonlyMap<number, string>;
  readonly #count: number;
  readonly #open = new Map<number, RasterStore>();
  readonly #issues: DatasetIssue[] = [];
  #metadata: Promise<ReadonlyMap<string, string>> | null = null;

  /** Precondition: at least one file. Names are keys of the container. */
  constructor(container: Store, { pattern, files }: NumberedFiles, options: StackOptions = {}) {
    this.description = `${container.description}/${pattern.replace('#', '*')}`;
    this.#container = container;
    this.#options = options;
    const numbers = files.map(([number]) => number);
    const lowest = Math.min(...numbers);
    this.first = options.first ?? (options.labels && lowest < 10 ? 0 : lowest);
    const within = files.filter(([number]) => number >= this.first && number - this.first < kMostTimes);
    this.#times = new Map(within.map(([number, name]) => [number - this.first, name]));
    this.#count = Math.max(...this.#times.keys()) + 1;
    const absent = this.#count - this.#times.size;
    if (absent > 0 && !options.labels) {
      this.#issues.push(issue('stack/gaps', `${absent} of ${this.#count} time points have no file (${pattern} from ${this.first} on); they are black.`, this.description));
    }
  }

  async get(key: string, options: GetOptions = {}): Promise<StoreReply> {
    const path = keySegments(key)?.join('/') ?? '';
    const chunk = /^((?:\d+\/)*\d+\/c\/)(\d+)\/(.+)$/.exec(path);
    if (chunk) return this.#chunk(Number(chunk[2]), `${chunk[1]}${chunk[3]}`, options);
    const [lowest] = [...this.#times.keys()];
    const reply = await this.#file(lowest ?? 0).get(path, { signal: options.signal });
    if (!reply.found || !path.endsWith('zarr.json')) return reply;
    const bytes = new TextEncoder().encode(overTime(new TextDecoder().decode(reply.bytes), this.#count));
    return { found: true, bytes, total: bytes.length };
  }

  async issues(): Promise<readonly (string | DatasetIssue)[]> {
    const [lowest] = [...this.#times.keys()];
    return [...this.#issues, ...(await this.#file(lowest ?? 0).issues())];
  }

  async format(): Promise<string | undefined> {
    const [lowest] = [...this.#times.keys()];
    const format = await this.#file(lowest ?? 0).format();
    return format && `${this.#times.size} files, ${format}`;
  }

  async #chunk(time: number, key: string, options: GetOptions): Promise<StoreReply> {
    const name = this.#times.get(time);
    const url = `${this.description}, time point ${time}`;
    if (name === undefined) return refuse({ code: 'missing', status: 0, url, message: `Expected a file for time point ${time}; there is none.` });
    const differs = await this.#differs(time, name);
    if (differs) return refuse({ code: 'fix-data', status: 0, url, message: differs });
    return this.#file(time).get(key, options);
  }

  /** Why a file cannot be a time point of this image; null if it can. */
  async #differs(time: number, name: string): Promise<string | null> {
    this.#metadata ??= this.#arrays([...this.#times.keys()][0] ?? 0);
    const [expected, received] = await Promise.all([this.#metadata, this.#arrays(time)]).catch(() => [new Map(), new Map()]);
    const shape = (text: string | undefined): string => {
      const { shape: extents = [], data_type: type = 'nothing' } = text === undefined ? ({} as Metadata) : (JSON.parse(text) as Metadata);
      return `${extents.join(' × ')} ${type}`;
    };
    for (const [key, text] of expected) {
      if (received.size === 0 || received.get(key) === text) continue;
      return `Expected ${shape(text)} in ${name}, as in the first file of the series, received ${shape(received.get(key))}.`;
    }
    return null;
  }

  /** The arrays' metadata of one file. */
  async #arrays(time: number): Promise<Map<string, string>> {
    const { files } = await this.#file(time).describe();
    return new Map(Object.entries(files).filter(([key]) => /\d\/zarr\.json$/.test(key)));
  }

  /** Directories of this many files stay open. */
  static readonly kOpenFiles = 64;

  #file(time: number): RasterStore {
    const known = this.#open.get(time);
    if (known) return known;
    const made = new RasterStore(this.#container, this.#times.get(time) ?? '', { labels: this.#options.labels });
    this.#open.set(time, made);
    const [oldest] = this.#open.keys();
    if (this.#open.size > RasterStackStore.kOpenFiles && oldest !== undefined) {
      this.#open.get(oldest)?.close();
      this.#open.delete(oldest);
    }
    return made;
  }
}

const kOmeTiff = /\.ome\.(tiff?|btf|tf[28])$/i;

/**
 * The images among the files of a folder (keys of the container) as one store: an image in several OME-TIFFs, a
 * series over time, or a single image. null if there are none.
 */
export async function openImages(container: Store, names: readonly string[], options: StackOptions = {}): Promise<Store | null> {
  const images = names.filter((name) => kRasterName.test(name) && !name.startsWith('.'));
  const [first] = images;
  if (first === undefined) return null;
  const parts = images.filter((name) => kOmeTiff.test(name)).sort();
  if (parts.length > 1 && (await hasOtherFiles(new RasterStore(container, parts[0], options)))) return new RasterSetStore(container, parts, options);
  const [series] = numberedFiles(images);
  const store = series && series.files.length > 1 ? new RasterStackStore(container, series, options) : new RasterStore(container, first, options);
  const others = images.length - (series && series.files.length > 1 ? series.files.length : 1);
  if (others === 0) return store;
  const note = issue('stack/other-files', `${others} more image file(s) of this folder are not part of ${store.description} and are not shown. Open them by themselves.`, container.description);
  return {
    description: store.description,
    get: (key, how) => store.get(key, how),
    format: () => store.format(),
    issues: async () => [note, ...(await store.issues())],
  };
}
