// The public interface of Mifascope, kept by hand: tests/web/public_api.test.ts compares it with the program.
// What it means is told in docs/embed.md.

/** What goes wrong: a code to act on, what happened, what can be done. */
export interface HostError {
  readonly code: string;
  readonly message: string;
  readonly advice: string;
}

export interface DatasetIssue {
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly file: string;
  readonly pointer: string;
  readonly line: number;
  readonly expected: string;
  readonly received: string;
  readonly fix: string;
}

export interface AxisState {
  readonly name: string;
  readonly role: 'x' | 'y' | 'z' | 't' | 'c' | '';
  readonly unit: string;
  readonly size: number;
  readonly position: number;
  readonly world: number;
  readonly step: number;
  readonly slider: boolean;
}

export interface ChannelState {
  readonly label: string;
  readonly visible: boolean;
  /** "#rrggbb" */
  readonly color: string;
  readonly lut: string;
  readonly window: readonly [number, number];
  readonly opacity: number;
}

export interface LabelState {
  readonly name: string;
  readonly visible: boolean;
  readonly outline: boolean;
  readonly opacity: number;
  readonly kind: 'instance' | 'semantic' | 'probability';
}

/** What is shown. Optional parts are there once an image is. */
export interface ViewerState {
  readonly name: string;
  readonly stage: 'idle' | 'opening' | 'showing' | 'failed';
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly kind?: string;
  readonly entry?: number;
  readonly entryCount?: number;
  readonly issues: readonly DatasetIssue[];
  readonly outstanding: number;
  readonly batch: number;
  readonly title?: string;
  readonly version?: string;
  readonly format?: string;
  readonly dataType?: string;
  readonly levels?: number;
  readonly level?: number;
  readonly rgb?: boolean;
  readonly axes?: readonly AxisState[];
  readonly channels?: readonly ChannelState[];
  readonly labels?: readonly LabelState[];
  readonly view?: { readonly center: readonly [number, number]; readonly worldPerPixel: number };
  readonly image?: { readonly width: number; readonly height: number; readonly depth: number; readonly frames: number; readonly pixelWidth: number; readonly pixelHeight: number; readonly sliceDistance: number; readonly unit: string };
  readonly missingTiles?: number;
}

/** What a person has set. All of it may be left out: then it stays as the dataset has it. */
export interface ViewSettings {
  readonly entry?: number;
  readonly field?: number;
  readonly multiscale?: number;
  readonly system?: number;
  readonly position?: Readonly<Record<string, number>>;
  readonly view?: { readonly center: readonly [number, number]; readonly worldPerPixel: number };
  /** `color` is 0xRRGGBB. */
  readonly channels?: readonly { readonly visible: boolean; readonly color: number; readonly window: readonly [number, number]; readonly opacity: number }[];
  readonly labels?: readonly { readonly visible: boolean; readonly outline: boolean; readonly opacity: number }[];
  readonly smooth?: boolean;
}

/** One element, or the half-open range [from, to). */
export type Slice = number | readonly [number, number];

/** All counted in elements of `level`. */
export interface RegionOptions {
  readonly level?: number;
  readonly channels?: readonly number[];
  readonly z?: Slice;
  readonly t?: Slice;
  readonly at?: Readonly<Record<string, Slice>>;
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
}

export interface RegionProgress {
  readonly shape: readonly number[];
  readonly bytes: number;
  readonly chunks: number;
  readonly done: number;
}

export interface Region {
  readonly data: Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | BigUint64Array | BigInt64Array | Float32Array | Float64Array;
  readonly shape: readonly number[];
  readonly axes: readonly { readonly name: string; readonly role: AxisState['role']; readonly unit: string; readonly start: number; readonly scale: number; readonly translation: number }[];
  readonly dtype: string;
  readonly level: number;
  readonly levels: number;
  readonly channels: readonly number[];
  readonly pixelSize: { readonly x: number; readonly y: number; readonly z: number };
  readonly unit: string;
  readonly transform: readonly (readonly number[])[];
}

export interface SaveProgress {
  readonly bytes: number;
  /** Planes to read; those of 64-bit integers are read twice. */
  readonly planes: number;
  readonly done: number;
}

export interface AnnotationQuery {
  readonly layer?: number | string;
  readonly bbox?: readonly [number, number, number, number];
  readonly category?: string | readonly string[];
  readonly where?: readonly { readonly property: string; readonly min?: number; readonly max?: number; readonly equals?: string | number }[];
  readonly frame?: number;
  readonly slice?: number;
  readonly limit?: number;
  readonly geometry?: boolean;
}

export interface AnnotationObject {
  readonly layer: number;
  readonly layerName: string;
  readonly object: number;
  readonly shape: string;
  readonly category: string;
  readonly bounds: readonly [number, number, number, number] | null;
  readonly frames: readonly [number, number] | null;
  readonly slices: readonly [number, number] | null;
  readonly properties: Readonly<Record<string, string>>;
  readonly place: { readonly file: string; readonly line: number; readonly pointer: string };
  /** As in GeoJSON, in pixels of the finest level. */
  readonly geometry?: { readonly type: string; readonly coordinates: unknown } | null;
}

export interface AnnotationResult {
  readonly objects: readonly AnnotationObject[];
  readonly more: boolean;
}

/** What is written beside objects; null: nothing. */
export type LabelBy = { readonly kind: 'category' | 'id' | 'track' } | { readonly kind: 'column'; readonly column: string };

/** A layer over the image. */
export interface LayerHandle {
  readonly id: number;
  readonly visible: boolean;
  readonly opacity: number;
  readonly info: { readonly name: string; readonly file: string; readonly format: string; readonly count: number };
  readonly ready: Promise<void>;
  set(changes: { readonly visible?: boolean; readonly opacity?: number; readonly lineWidth?: number; readonly fillOpacity?: number; readonly pointSize?: number; readonly labelText?: LabelBy | null }): void;
  move(by: number): void;
  remove(): void;
}

export interface PickedObject {
  readonly layer: LayerHandle;
  readonly object: number;
}

/** docs/report.schema.json */
export interface Report {
  readonly format: 1;
  readonly name: string;
  readonly verdict: 'valid' | 'invalid' | 'incomplete';
  readonly complete: boolean;
  readonly counts: { readonly errors: number; readonly warnings: number; readonly infos: number };
  readonly rules: readonly { readonly id: string; readonly severity: 'error' | 'warning' | 'info'; readonly count: number; readonly title: string; readonly fix: string; readonly url: string }[];
  readonly issues: readonly { readonly rule: string; readonly severity: 'error' | 'warning' | 'info'; readonly message: string; readonly file?: string; readonly pointer?: string; readonly line?: number }[];
}

/** Bytes of a dataset's files by key; docs/add-a-store.md. */
export interface Store {
  readonly description: string;
  get(key: string, options?: { readonly range?: { readonly offset: number; readonly length: number } | { readonly suffix: number } | undefined; readonly signal?: AbortSignal | undefined }): Promise<
    | { readonly found: true; readonly bytes: Uint8Array<ArrayBuffer>; readonly total?: number }
    | { readonly found: false; readonly error: { readonly code: 'missing' | 'forbidden' | 'retry' | 'fix-data' | 'limit' | 'aborted'; readonly status: number; readonly url: string; readonly message: string; readonly retryAfterMs?: number } }
  >;
}

export interface MifaScopeEventMap {
  ready: CustomEvent<ViewerState>;
  statechange: CustomEvent<ViewerState>;
  progress: CustomEvent<{ readonly done: number; readonly total: number }>;
  viewchange: CustomEvent<ViewSettings>;
  issue: CustomEvent<DatasetIssue>;
  error: CustomEvent<HostError>;
  select: CustomEvent<PickedObject | null>;
  hover: CustomEvent<PickedObject | null>;
  annotationschange: CustomEvent<null>;
}

export declare class MifaScopeElement extends HTMLElement {
  src: string;
  annotations: string;
  labels: string;
  metadata: string;
  view: string;
  poster: string;
  theme: string;
  controls: string;
  /** Instead of the global fetch for the image's files; set it before `src`. */
  fetch?: (input: string, init?: RequestInit) => Promise<Response>;
  /** Shown in place of `src`. */
  store: Store | null;
  /** Where a page wants the annotation panel. */
  annotationPlace?: HTMLElement;
  readonly state: ViewerState | null;
  getView(): ViewSettings | null;
  setView(settings: ViewSettings): void;
  screenshot(type?: string): Promise<Blob | null>;
  toggleFullscreen(): Promise<void>;
  readRegion(region?: RegionOptions, options?: { signal?: AbortSignal; onProgress?: (progress: RegionProgress) => void }): Promise<Region>;
  saveRegion(region?: RegionOptions, options?: { signal?: AbortSignal; onProgress?: (progress: SaveProgress) => void }): Promise<Blob>;
  queryAnnotations(query?: AnnotationQuery): Promise<AnnotationResult>;
  validate(options?: { readonly allChunks?: boolean; readonly configuration?: string; readonly signal?: AbortSignal }): Promise<Report>;
  addAnnotation(source: string | URL | File, options?: { readonly format?: string; readonly mapping?: Readonly<Record<string, string>>; readonly companions?: Readonly<Record<string, string>> }): Promise<LayerHandle>;
  addAnnotationFiles(files: readonly File[]): Promise<void>;
  addLabels(name: string, store: Store): void;
  removeAnnotation(layer: LayerHandle): void;
  readonly annotationLayers: Promise<{ readonly layers: readonly LayerHandle[]; select(picked: PickedObject | null): void; flyTo(picked: PickedObject): Promise<void> }>;
  addEventListener<K extends keyof MifaScopeEventMap>(type: K, listener: (this: MifaScopeElement, event: MifaScopeEventMap[K]) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'mifa-scope': MifaScopeElement;
  }
}
