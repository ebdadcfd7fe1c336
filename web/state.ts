// What App::state_json (src/app/state_json.cpp) says, typed.

export interface ViewerError {
  readonly code: string;
  readonly message: string;
}

export interface DatasetIssue {
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly file: string;
  readonly pointer: string;
  readonly line: number;
  /** Of a table, 1-based, its heading not counted; 0 or absent for none. */
  readonly row?: number;
  readonly expected: string;
  readonly received: string;
  readonly fix: string;
}

export interface AxisState {
  readonly name: string;
  /** What it is taken for, whatever its name; empty: something else. */
  readonly role: 'x' | 'y' | 'z' | 't' | 'c' | '';
  readonly unit: string;
  readonly size: number;
  readonly position: number;
  readonly world: number;
  /** World units from one element to the next. */
  readonly step: number;
  /** Whether it is scrubbed along: neither x, y nor channels. */
  readonly slider: boolean;
}

export interface ChannelState {
  readonly label: string;
  readonly visible: boolean;
  readonly color: string;
  /** What stands for the channel in a list: its colour, or the lookup table's brightest. */
  readonly swatch: string;
  /** Name of the lookup table; empty for none. */
  readonly lut: string;
  readonly window: readonly [number, number];
  readonly opacity: number;
}

export interface LabelState {
  readonly name: string;
  readonly visible: boolean;
  readonly outline: boolean;
  readonly opacity: number;
  /** Whether a value is an object, a class with a colour of its own, or how sure something is. */
  readonly kind: 'instance' | 'semantic' | 'probability';
  /** Of probabilities: below it nothing is drawn; and the ends of the colour map. */
  readonly threshold: number;
  readonly range: readonly [number, number];
  /** What it was read from: a path in the dataset, or the name it was laid over the image by. */
  readonly source: string;
  /** Which channel of its image; -1: it has none. */
  readonly channel: number;
}

export interface Readout {
  /** Of a plate: the well under the pointer, and what is wrong with it. */
  readonly well: string;
  readonly pixel: string;
  readonly physical: string;
  readonly values: readonly { readonly name: string; readonly value: string }[];
}

export interface PlateState {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly wells: number;
  /** Wells in the list of which the viewer has found that there is no image. */
  readonly missing: number;
  /** Wells whose metadata is on its way. */
  readonly waiting: number;
}

/** The image in its own coordinate system, as annotations are laid over it; see ImageContext. */
export interface ImageState {
  /** Its name and its path; either may be empty. */
  readonly names: readonly [string, string];
  /** Of the finest level. */
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly frames: number;
  /** In `unit`; 0: the file does not say. */
  readonly pixelWidth: number;
  readonly pixelHeight: number;
  readonly sliceDistance: number;
  /** "micrometer", as the file has it; may be empty. */
  readonly unit: string;
  /** Position of the first element's centre along x, y and z, in `unit`. */
  readonly start: readonly [number, number, number];
}

export interface AnnotationState {
  readonly id: number;
  readonly name: string;
  readonly kind: string;
  readonly visible: boolean;
  readonly count: number;
  /** Objects that its filter leaves. */
  readonly visibleCount: number;
}

export interface ViewerState {
  readonly name: string;
  readonly stage: 'idle' | 'opening' | 'showing' | 'failed';
  readonly failure: ViewerError | null;
  readonly kind?: string;
  /** Which of the dataset's entries (a plate's wells, a collection's images) is open; -1: none. */
  readonly entry?: number;
  readonly entryCount?: number;
  /** Changes when an entry is added or renamed. */
  readonly entriesVersion?: number;
  /** The images of the open well, and which of them is open. */
  readonly fields?: readonly string[];
  readonly field?: number;
  /** Names, where a group has several "multiscales". */
  readonly multiscales?: readonly string[];
  readonly multiscale?: number;
  /** Coordinate systems to choose from; none where there is only one. */
  readonly systems?: readonly string[];
  readonly system?: number;
  /** Whether several images can be shown side by side (a plate, a scene), and whether they are. */
  readonly hasOverview?: boolean;
  readonly overview?: boolean;
  readonly plate?: PlateState;
  readonly issues: readonly DatasetIssue[];
  readonly chunkFailures: readonly (ViewerError & { readonly count: number; readonly example: string })[];
  /** Reads that the view still waits for, and how many it waited for when they began. */
  readonly outstanding: number;
  readonly batch: number;
  // From here on only once an image is shown.
  readonly title?: string;
  /** Images shown side by side. */
  readonly images?: number;
  readonly version?: string;
  /** The format of the file, where it is no Zarr: "OME-TIFF". */
  readonly format?: string;
  readonly zarrFormat?: number;
  readonly dataType?: string;
  readonly levels?: number;
  readonly level?: number;
  readonly rgb?: boolean;
  readonly axes?: readonly AxisState[];
  readonly channels?: readonly ChannelState[];
  readonly labels?: readonly LabelState[];
  readonly smooth?: boolean;
  readonly view?: { readonly center: readonly [number, number]; readonly worldPerPixel: number };
  /** The view is the one that shows all of the image: nobody has moved it. */
  readonly fitted?: boolean;
  readonly memory?: { readonly decodedBytes: number; readonly gpuBytes: number; readonly tiles: number };
  readonly image?: ImageState;
  /** Annotation layers, the lowest first. */
  readonly annotations: readonly AnnotationState[];
  /** Of annotations: blocks in view whose shapes are on their way, and bytes of shapes on the GPU. */
  readonly vectors?: { readonly waiting: number; readonly bytes: number };
  readonly missingTiles?: number;
  /** The view has more tiles than the GPU's budget: only those about its middle are drawn. */
  readonly cut?: boolean;
  readonly readout?: Readout | null;
}
