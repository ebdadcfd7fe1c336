// The Embind surface of build/wasm/programs/mifascope.{mjs,wasm}, as scripts/build-web.mjs resolves it:
// one program in two roles. See src/bind/viewer.cpp and src/bind/loader.cpp.

declare module 'wasm:mifascope' {
  /** What a worker uses; only web/workers/chunk_decoder.ts calls it. */
  export interface LoaderProgram {
    /** Taken anew after every call: the heap may have moved. */
    readonly HEAPU8: Uint8Array<ArrayBuffer>;
    _reserve(bytes: number): number;
    _prepare(nameBytes: number, metadataBytes: number, axes: number): number;
    _release(id: number): void;
    _decode(id: number, bytes: number, rank: number): number;
    _decodeShardIndex(id: number, bytes: number): number;
    _resultPointer(): number;
    _resultLength(): number;
    _statisticsPointer(): number;
    _statisticsLength(): number;
    _errorJson(): string;
    _finish(): void;
  }

  /** One viewer. Positions are in device pixels, times in ms of performance.now(). */
  export interface RawViewer {
    _open(name: string): void;
    _openEntry(index: number): void;
    _openField(index: number): void;
    _openMultiscale(index: number): void;
    _showOverview(): void;
    _setSystem(index: number): void;
    /** The children's names are in the reserved block, one a line; folders end with a slash. */
    _folderListed(folder: string): void;
    _folderUnlisted(folder: string): void;
    _resize(width: number, height: number, pixelRatio: number): void;
    /** Room for bytes of the next event; moves the heap, perhaps. */
    _reserve(bytes: number): number;
    _metadataFound(ticket: number): void;
    _metadataMissing(ticket: number): void;
    _metadataFailed(ticket: number, code: string, message: string, now: number, retryAfterMs: number): void;
    _chunkFetched(ticket: number): void;
    _chunkDecoded(ticket: number): void;
    _chunkEmpty(ticket: number): void;
    _chunkFailed(ticket: number, code: string, message: string, now: number, retryAfterMs: number): void;
    _samplesTaken(request: number): void;
    _valuesRead(request: number): void;
    _uploadsTook(ms: number, bytes: number): void;
    _pointerDown(pointer: number, x: number, y: number, button: number, touch: boolean): void;
    _pointerMoved(pointer: number, x: number, y: number, touch: boolean): void;
    _pointerUp(pointer: number, button: number, touch: boolean): void;
    _pointerLeft(): void;
    _wheel(x: number, y: number, dx: number, dy: number, pinch: boolean): void;
    _key(name: string): boolean;
    _contextReady(): void;
    /** Bits: 1 draw, 2 again, 4 state changed. */
    _frame(now: number): number;
    /** Whether _draw() would not wait for the driver. */
    _ready(): boolean;
    _draw(): void;
    _setBackground(red: number, green: number, blue: number): void;
    _fit(): void;
    _lookAt(u: number, v: number, worldPerPixel: number): void;
    _setPosition(axis: number, value: number): void;
    _setPanelOpen(open: boolean): void;
    _setLight(light: boolean): void;
    /** 0 nothing on the picture, 1 sliders and scale bar, 2 everything. */
    _setControls(controls: number): void;
    _setSmooth(smooth: boolean): void;
    /** `rgb` is 0xRRGGBB; the window is left alone unless high > low. */
    _setChannel(index: number, visible: boolean, rgb: number, low: number, high: number, opacity: number): void;
    _setLabel(index: number, visible: boolean, outline: boolean, opacity: number): void;
    _setLabelThreshold(index: number, threshold: number): void;
    /** Of each id three words in the reserved block: low, high, 0xAABBGGRR; `others`: of the ids that are not among them. */
    _setLabelColors(index: number, others: number): void;
    _resetLabelColors(index: number): void;
    /** "layer id" of the mask's pixel under the pointer; empty: none. */
    _hoveredLabel(): string;
    /** Lays what is at `path` of the open dataset over its image. */
    _addLabels(path: string, name: string): void;
    _retry(): void;
    /** Keeps at most so many bytes of decoded chunks for now. */
    _trim(bytes: number): void;
    _commandsPointer(): number;
    _commandsLength(): number;
    _wakeAt(): number;
    _state(): string;
    _entries(): string;
    /** Of the first image; LevelInfo[] of web/levels.ts. */
    _levels(): string;
    /** {key, place} of a chunk whose index is in the reserved block as doubles; empty: there is none. */
    _chunk(level: number): string;
    _failure(): string;
    /** Annotation layers; see src/view/vector_layers.h. The block table is in the reserved block; returns the layer's id. */
    _addVectors(spread: number): number;
    _removeVectors(layer: number): void;
    /** Doubles in the reserved block: opacity, line width, fill opacity, point size (CSS pixels), tail (frames). */
    _setVectorSettings(layer: number, visible: boolean): void;
    /** Doubles: xx, xy, x0, yx, yy, y0 to pixels of the image, then what makes the layer's z of a slice: scale, offset. */
    _setVectorPlacement(layer: number): void;
    /** Doubles: the layers' ids from the lowest. */
    _setVectorOrder(): void;
    /** Piece 0 points, 1 links (buffers), 2 style, 3 extents (textures). Name 0: none. */
    _setVectorPiece(layer: number, piece: number, name: number, count: number): void;
    /** GL names for the host to fill and to hand over. */
    _makeBuffer(): number;
    _makeTexture(): number;
    /** Whether the block's shapes are still asked for; if so, _shapesFilled has to follow. */
    _shapesReady(layer: number, block: number, bytes: number): boolean;
    /** Doubles: buffer and count of lines, of fill, of markers. */
    _shapesFilled(layer: number, block: number): void;
    _shapesFailed(layer: number, block: number): void;
    /** Which: 0 hovered, 1 selected. Doubles as for _shapesFilled; `place`: a buffer of one point. Layer 0: none. */
    _setHighlight(which: number, layer: number, half: number, place: number): void;
    /** Pointer to 8 doubles: image pixels to device pixels row by row, frame, slice; 0: no single image is shown. */
    _imageMap(): number;
    /** Whether a control lies at a place. */
    _covered(x: number, y: number): boolean;
    delete(): void;
  }

  /** What the page uses; only web/viewer.ts calls it. */
  export interface ViewerProgram {
    readonly HEAPU8: Uint8Array;
    readonly HEAPF64: Float64Array;
    readonly GL: {
      registerContext(context: WebGL2RenderingContext, attributes: { majorVersion: number; enableExtensionsByDefault?: number }): number;
      makeContextCurrent(handle: number): boolean;
      deleteContext(handle: number): void;
      /** By the names that the program knows them by. */
      readonly textures: (WebGLTexture | null)[];
      readonly buffers: (WebGLBuffer | null)[];
      readonly programs: (WebGLProgram | null)[];
      readonly shaders: (WebGLShader | null)[];
      readonly vaos: (WebGLVertexArrayObject | null)[];
    };
    readonly Viewer: new (smallDevice: boolean) => RawViewer;
  }

  export interface ProgramOptions {
    instantiateWasm(
      imports: WebAssembly.Imports,
      done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ): object;
    /** Keeps Emscripten from guessing addresses. */
    locateFile(name: string): string;
  }

  export default function createProgram(
    options: ProgramOptions,
  ): Promise<LoaderProgram & ViewerProgram>;
}
