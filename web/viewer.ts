// A viewer on a canvas: the host of the C++ core (src/app). It owns the WebGL context, the loop of
// animation frames, the reads that are under way and the decoded chunks; it decides nothing about
// what is read or drawn. Bytes never go through the core: worker → here → texSubImage.

import createProgram, { type RawViewer, type ViewerProgram } from 'wasm:mifascope';
import { breathe } from './breath.ts';
import { DecodedChunks } from './decoded_chunks.ts';
import { listenToInput } from './input.ts';
import type { LevelInfo } from './levels.ts';
import { listFolder, readMetadata } from './metadata_reads.ts';
import type { AnnotationState, DatasetIssue, ViewerState } from './state.ts';
import { MountStore } from './stores/mounts.ts';
import type { Store } from './stores/store.ts';
import { uploadTile } from './tile_upload.ts';
import { readCommands, type Command } from './wasm/commands.ts';
import { startProgram } from './wasm/start.ts';
import { DecodeError, type DecoderPool } from './workers/pool.ts';

export interface ViewerOptions {
  readonly canvas: HTMLCanvasElement;
  readonly pool: DecoderPool;
  /** The compiled mifascope.wasm. */
  readonly program: Promise<WebAssembly.Module>;
  readonly onState?: (state: ViewerState) => void;
  /** What to draw on where the browser has no WebGL 2; without it, create() rejects. */
  readonly substitute?: (canvas: HTMLCanvasElement) => Promise<WebGL2RenderingContext>;
  /** A picture has been drawn. */
  readonly onPicture?: () => void;
  /** Whether wheel and touch belong to the viewer now. Default: always. */
  readonly engaged?: () => boolean;
}

/** What draws annotations on a viewer; annotations/layers.ts, which is loaded with the first of them. */
export interface ViewerAnnotations {
  /** The core wants the exact shapes of a block. */
  requestShapes(layer: number, block: number): void;
  /** The context is new: everything in it has to be made. */
  contextReady(): void;
  stateChanged(state: ViewerState): void;
  /** A picture has been drawn. */
  drawn(): void;
  states(): readonly AnnotationState[];
  end(): void;
}

/**
 * While chunks stream in, the picture is drawn at most this often, in ms: without a graphics card,
 * drawing takes its time from decoding. What a person does is drawn at once.
 */
const kArrivalsMs = 100;

/** Decoded chunks that a viewer keeps while others use its context: some twenty may share a page. */
const kSuspendedBytes = 8 * 1024 * 1024;

const kDraw = 1;
const kAgain = 2;
const kStateChanged = 4;
/** Below this many CSS pixels across, a screen is a phone's: budgets are halved. */
const kSmallScreen = 500;

/** Gives the canvas as many pixels as it has on the screen. */
function fitToScreen(canvas: HTMLCanvasElement): { readonly changed: boolean; readonly ratio: number } {
  const ratio = globalThis.devicePixelRatio || 1;
  const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
  const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
  const changed = canvas.width !== width || canvas.height !== height;
  if (changed) {
    canvas.width = width;
    canvas.height = height;
  }
  return { changed, ratio };
}

function storeIssue(message: string, file: string): DatasetIssue {
  return { rule: 'store/entries', severity: 'warning', message, file, pointer: '', line: 0, expected: '', received: '', fix: '' };
}

export class Viewer {
  readonly #canvas: HTMLCanvasElement;
  readonly #pool: DecoderPool;
  readonly #onState: (state: ViewerState) => void;
  readonly #onPicture: () => void;
  readonly #program: ViewerProgram;
  readonly #raw: RawViewer;
  readonly #gl: WebGL2RenderingContext;
  readonly #stopListening: () => void;
  readonly #resizeObserver: ResizeObserver;
  readonly #loseContext: WEBGL_lose_context | null;
  #contextHandle = 0;
  #contextLost = false;
  #suspended = false;
  #restoreOnceLost = false;
  #store: MountStore | null = null;
  #image: Store | null = null;
  /** Paths of masks laid over the image, by their names. */
  readonly #laidOver = new Map<string, string>();
  /** What the file behind the store is, where it is no Zarr. */
  #format: string | undefined;
  /** What the store itself has to say, once its first file was read. */
  #storeIssues: readonly DatasetIssue[] = [];
  /** Counts datasets: replies for an earlier one are dropped. */
  #opening = 0;
  readonly #metadataReads = new Set<AbortController>();
  readonly #chunks: DecodedChunks;
  annotations: ViewerAnnotations | null = null;
  #animation = 0;
  #wake: ReturnType<typeof setTimeout> | undefined;
  #ended = false;
  #drawDue = false;
  #arrivals: ReturnType<typeof setTimeout> | undefined;
  /** When the next arrivals are drawn: the first ones at once. */
  #nextPicture = 0;
  #framesDrawn = 0;
  /** Device pixels a CSS pixel, as the core knows them; 0 before it does. */
  #ratio = 0;

  static async create(options: ViewerOptions): Promise<Viewer> {
    await breathe();
    fitToScreen(options.canvas);
    const made = options.canvas.getContext('webgl2', {
      alpha: false,
      antialias: false,
      depth: false,
      stencil: false,
      powerPreference: 'high-performance',
    });
    const gl = made ?? (await options.substitute?.(options.canvas));
    if (!gl) {
      throw new DecodeError(
        'unsupported',
        'Expected a browser with WebGL 2, received none. It may be switched off in the settings, or the graphics driver may be blocked; a current Chrome, Firefox, Edge or Safari has it.',
      );
    }
    const module = await options.program;
    const program = await startProgram(createProgram, module);
    // Each of these takes some 20 ms without a graphics card: browsers compile a function at its first call.
    await breathe();
    const viewer = new Viewer(options, gl, program);
    await breathe();
    viewer.#measure();
    await breathe();
    viewer.#frame();
    await breathe();
    // Not earlier: it would do all of this at once.
    viewer.#resizeObserver.observe(options.canvas);
    return viewer;
  }

  private constructor(options: ViewerOptions, gl: WebGL2RenderingContext, program: ViewerProgram) {
    this.#canvas = options.canvas;
    this.#pool = options.pool;
    this.#onState = options.onState ?? (() => undefined);
    this.#onPicture = options.onPicture ?? (() => undefined);
    this.#gl = gl;
    this.#chunks = new DecodedChunks(options.pool, {
      fetched: (ticket) => {
        this.#raw._chunkFetched(ticket);
        this.#step();  // A slot is free: the next request leaves now.
      },
      decoded: (ticket) => {
        this.#raw._chunkDecoded(ticket);
        this.#requestPicture();
      },
      empty: (ticket) => {
        this.#raw._chunkEmpty(ticket);
        this.#requestPicture();
      },
      failed: (ticket, { code, message, retryAfterMs }) => {
        this.#raw._chunkFailed(ticket, code, message, performance.now(), retryAfterMs ?? 0);
        this.#requestPicture();
      },
    });
    // Not to be had any more once the context is lost.
    this.#loseContext = gl.getExtension('WEBGL_lose_context');
    this.#program = program;
    this.#raw = new program.Viewer(Math.min(screen.width, screen.height) < kSmallScreen);
    this.#startContext();
    this.#canvas.addEventListener('webglcontextlost', this.#onContextLost);
    this.#canvas.addEventListener('webglcontextrestored', this.#onContextRestored);
    this.#stopListening = listenToInput(this.#canvas, this.#raw, {
      engaged: options.engaged ?? (() => true),
      changed: () => this.#requestFrame(),
    });
    this.#resizeObserver = new ResizeObserver(() => this.#resize());
  }

  /** Opens the dataset in a store; what was open is forgotten. */
  open(store: Store): void {
    this.#forgetDataset();
    this.#store = new MountStore(store);
    this.#chunks.open(this.#store);
    this.#image = store;
    this.#raw._open(store.description);
    void this.#readStoreIssues(store);
    // Not at the next animation frame: the metadata's bytes may be here already.
    this.#step();
  }

  /**
   * Lays a mask over the open image, and over the others of its dataset: an image file or an OME-Zarr of ids,
   * classes or probabilities. See state.labels for how it is shown; what does not fit is an issue.
   */
  addLabels(name: string, store: Store): void {
    if (!this.#store) return;
    const path = this.#store.mount(store);
    this.#laidOver.set(name, path);
    this.update((raw) => raw._addLabels(path, name));
    void this.#readStoreIssues(store);
    this.#step();
  }

  /** From which value on a layer of probabilities is drawn: an index into state.labels. */
  setLabelThreshold(index: number, threshold: number): void {
    this.update((raw) => raw._setLabelThreshold(index, threshold));
  }

  /** What reads the open dataset besides: its store, with all that is laid over it, and the decoders. */
  get data(): { readonly store: Store | null; readonly pool: DecoderPool } {
    return { store: this.#store, pool: this.#pool };
  }

  /** Where a mask of state.labels is in that store, by its source. */
  labelPath(source: string): string {
    return this.#laidOver.get(source) ?? source;
  }

  /** Opens another image of a plate or collection: an index into `entries`. */
  openEntry(index: number): void {
    this.update((raw) => raw._openEntry(index));
  }

  get state(): ViewerState {
    const state = JSON.parse(this.#raw._state()) as ViewerState;
    return { ...state, ...(this.#format && { format: this.#format }), issues: [...state.issues, ...this.#storeIssues], annotations: this.annotations?.states() ?? [] };
  }

  /** Names of the dataset's entries: a plate's wells, a collection's images. See state.entriesVersion. */
  get entries(): readonly string[] {
    return JSON.parse(this.#raw._entries()) as string[];
  }

  /** The levels of the (first) image that is shown, finest first. */
  get levels(): readonly LevelInfo[] {
    return JSON.parse(this.#raw._levels()) as LevelInfo[];
  }

  /**
   * The elements of a chunk of levels[level], in the level's order, a whole chunk even at the array's edge; null:
   * it is not there, all of it has the fill value. `index` counts along the array's axes. Rejects with a DecodeError.
   */
  async readElements(level: number, index: readonly number[], signal: AbortSignal): Promise<ArrayBuffer | null> {
    const array = this.levels[level]?.array ?? -1;
    this.give(new Uint8Array(Float64Array.from(index).buffer));
    const found = this.#raw._chunk(level);
    if (!found) throw new DecodeError('missing', `Expected a chunk of the open image, received level ${level}, ${index.join(', ')}.`);
    return this.#chunks.readElements(array, JSON.parse(found) as { key: string; place: number }, signal);
  }

  /** Counts images opened: what is read of one is not of the next. */
  get opening(): number {
    return this.#opening;
  }

  /** Frames drawn so far: an idle viewer draws none. */
  get framesDrawn(): number {
    return this.#framesDrawn;
  }

  /** Calls the core for what changes no picture. */
  call<T>(ask: (raw: RawViewer) => T): T {
    return ask(this.#raw);
  }

  /** Calls the core, then draws what that changed. */
  update(change: (raw: RawViewer) => void): void {
    change(this.#raw);
    this.#requestFrame();
  }

  /** For what draws with the core: the canvas, its context, and the tables of what the core made in it. */
  get graphics(): { readonly canvas: HTMLCanvasElement; readonly gl: WebGL2RenderingContext; readonly made: ViewerProgram['GL'] } {
    return { canvas: this.#canvas, gl: this.#gl, made: this.#program.GL };
  }

  /** Doubles in the core's memory; they may move in its next call. */
  numbersAt(pointer: number, count: number): Float64Array {
    return this.#program.HEAPF64.subarray(pointer / 8, pointer / 8 + count);
  }

  /** Says the state anew, when something in it changed that the core does not know of. */
  announce(): void {
    if (!this.#ended) this.#onState(this.state);
  }

  /** The canvas as it is now, controls included. */
  screenshot(type = 'image/png'): Promise<Blob | null> {
    this.#draw();
    return new Promise((resolve) => this.#canvas.toBlob(resolve, type));
  }

  /** The picture as it is now, controls included, on a canvas that becomes as large. */
  copyTo(still: HTMLCanvasElement): void {
    this.#draw();
    still.width = this.#canvas.width;
    still.height = this.#canvas.height;
    if (!this.#contextLost) still.getContext('2d')?.drawImage(this.#canvas, 0, 0);
  }

  /** One device pixel of the picture as it is now, from the upper left. For tests and tools. */
  readPixel(x: number, y: number): [number, number, number] {
    this.#draw();
    const pixel = new Uint8Array(4);
    this.#gl.readPixels(x, this.#canvas.height - 1 - y, 1, 1, this.#gl.RGBA, this.#gl.UNSIGNED_BYTE, pixel);
    return [pixel[0] ?? 0, pixel[1] ?? 0, pixel[2] ?? 0];
  }

  /** Frees everything. The canvas cannot be used for another viewer: its context is lost on purpose. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    cancelAnimationFrame(this.#animation);
    clearTimeout(this.#wake);
    clearTimeout(this.#arrivals);
    this.#stopListening();
    this.#resizeObserver.disconnect();
    this.#canvas.removeEventListener('webglcontextlost', this.#onContextLost);
    this.#canvas.removeEventListener('webglcontextrestored', this.#onContextRestored);
    this.#forgetDataset();
    this.annotations?.end();
    this.#raw.delete();
    this.#program.GL.deleteContext(this.#contextHandle);
    if (!this.#contextLost) this.#loseContext?.loseContext();
  }

  // --- the context

  get suspended(): boolean {
    return this.#suspended;
  }

  /**
   * Gives the WebGL context and the GPU's memory back, and all decoded chunks but a few. `still` gets the
   * picture as it is now. Until resume() nothing is drawn or asked for.
   */
  suspend(still: HTMLCanvasElement): void {
    if (this.#ended || this.#suspended || !this.#loseContext) return;
    this.copyTo(still);
    this.#raw._trim(kSuspendedBytes);
    this.#step();  // Carries out what that drops.
    this.#suspended = true;
    if (!this.#contextLost) this.#loseContext.loseContext();
  }

  /** Takes a context again; the same picture follows. */
  resume(): void {
    if (!this.#suspended) return;
    this.#suspended = false;
    // Not before the browser has told of the loss; then #onContextLost does it.
    if (this.#contextLost) this.#loseContext?.restoreContext();
    else this.#restoreOnceLost = true;
  }

  #startContext(): void {
    this.#contextHandle = this.#program.GL.registerContext(this.#gl, { majorVersion: 2, enableExtensionsByDefault: 0 });
    this.#program.GL.makeContextCurrent(this.#contextHandle);
    this.#raw._contextReady();
  }

  readonly #onContextLost = (event: Event): void => {
    event.preventDefault();
    this.#contextLost = true;
    cancelAnimationFrame(this.#animation);
    this.#animation = 0;
    // Resumed meanwhile. Not in the event itself: browsers refuse it there.
    if (this.#restoreOnceLost) setTimeout(() => this.#loseContext?.restoreContext());
    this.#restoreOnceLost = false;
  };

  readonly #onContextRestored = (): void => {
    this.#contextLost = false;
    // What the lost context made is gone; for deleting it in the new one, browsers warn.
    const { buffers, programs, shaders, textures, vaos } = this.#program.GL;
    for (const table of [buffers, programs, shaders, textures, vaos]) table.fill(null);
    this.#startContext();
    this.annotations?.contextReady();
    this.#requestFrame();
  };

  #resize(): void {
    // At once: a resized canvas is blank until it is drawn.
    if (this.#measure()) this.#frame();
  }

  /** Makes the canvas as large as it is on the screen; false: it was. */
  #measure(): boolean {
    const { changed, ratio } = fitToScreen(this.#canvas);
    if (!changed && ratio === this.#ratio) return false;
    this.#ratio = ratio;
    this.#raw._resize(this.#canvas.width, this.#canvas.height, ratio);
    return true;
  }

  // --- the loop

  #requestFrame(): void {
    if (this.#animation || this.#ended || this.#contextLost) return;
    this.#animation = requestAnimationFrame(() => {
      this.#animation = 0;
      this.#frame();
    });
  }

  /** A frame for what has arrived, with all that arrives until then. */
  #requestPicture(): void {
    if (this.#animation || this.#arrivals !== undefined || this.#ended) return;
    this.#arrivals = setTimeout(() => this.#requestFrame(), Math.max(0, this.#nextPicture - performance.now()));
  }

  #frame(): void {
    clearTimeout(this.#arrivals);
    this.#arrivals = undefined;
    this.#advance();
    if (!this.#drawDue || this.#ended || this.#contextLost) return;
    // The page would stand still while the driver compiles what draws.
    if (this.#raw._ready()) this.#draw();
    else this.#requestFrame();
  }

  /** A frame whose drawing waits for the screen: answers come faster than that. */
  #step(): void {
    this.#advance();
    if (this.#drawDue) this.#requestPicture();
  }

  #advance(): void {
    if (this.#ended || this.#contextLost) return;
    this.#program.GL.makeContextCurrent(this.#contextHandle);
    const result = this.#raw._frame(performance.now());
    const wakeAt = this.#raw._wakeAt();
    const commands = readCommands(
      this.#program.HEAPF64,
      this.#program.HEAPU8,
      this.#raw._commandsPointer(),
      this.#raw._commandsLength(),
    );
    this.#carryOut(commands);
    if (result & kDraw) this.#drawDue = true;
    if (result & kStateChanged) {
      const state = this.state;
      this.annotations?.stateChanged(state);
      this.#onState(state);
    }
    if (result & kAgain) this.#requestFrame();
    clearTimeout(this.#wake);
    if (wakeAt >= 0) {
      this.#wake = setTimeout(() => this.#requestFrame(), Math.max(0, wakeAt - performance.now()));
    }
  }

  #draw(): void {
    if (this.#ended || this.#contextLost) return;
    this.#program.GL.makeContextCurrent(this.#contextHandle);
    this.#raw._draw();
    this.#drawDue = false;
    this.#nextPicture = this.#chunks.size > 0 ? performance.now() + kArrivalsMs : 0;
    this.#framesDrawn += 1;
    this.annotations?.drawn();
    this.#onPicture();
  }

  #carryOut(commands: readonly Command[]): void {
    let uploaded = 0;
    const start = performance.now();
    for (const command of commands) {
      if (command.op === 'upload-tile') uploaded += this.#upload(command);
    }
    if (uploaded > 0) this.#raw._uploadsTook(performance.now() - start, uploaded);
    for (const command of commands) {
      switch (command.op) {
        case 'read-metadata':
          void this.#readMetadata(command.ticket, command.key);
          break;
        case 'list-folder':
          void this.#listFolder(command.folder);
          break;
        case 'forget-chunks':
          this.#chunks.clear();
          break;
        case 'register-array':
          this.#chunks.register(command);
          break;
        case 'read-chunk':
          void this.#chunks.read(command);
          break;
        case 'cancel-chunk':
          this.#chunks.cancel(command.ticket);
          break;
        case 'drop-chunk':
          this.#chunks.drop(command.ticket);
          break;
        case 'take-samples':
          void this.#takeSamples(command);
          break;
        case 'read-values':
          this.#readValues(command);
          break;
        case 'request-shapes':
          this.annotations?.requestShapes(command.layer, command.block);
          break;
        case 'upload-tile':
          break;
      }
    }
  }

  #upload(command: Extract<Command, { op: 'upload-tile' }>): number {
    const elements = this.#chunks.elements(command.ticket);
    const texture = this.#program.GL.textures[command.texture];
    if (!elements || !texture) return 0;
    return uploadTile(this.#gl, texture, command, elements);
  }

  async #takeSamples(command: Extract<Command, { op: 'take-samples' }>): Promise<void> {
    const opening = this.#opening;
    const samples = this.#chunks.samples(command);  // Now: the chunk may be gone by then.
    await breathe();
    if (this.#ended || opening !== this.#opening) return;
    const pointer = this.#raw._reserve(samples.byteLength);
    this.#program.HEAPF64.set(samples, pointer / 8);
    this.#raw._samplesTaken(command.request);
    this.#requestFrame();
  }

  #readValues(command: Extract<Command, { op: 'read-values' }>): void {
    const values = command.places.map(({ ticket, offset }) => this.#chunks.valueText(ticket, offset));
    this.give(new TextEncoder().encode(values.join('\n')));
    this.#raw._valuesRead(command.request);
  }

  // --- reads

  /** Puts bytes where the core's next event finds them. */
  give(bytes: Uint8Array): void {
    const pointer = this.#raw._reserve(bytes.byteLength);
    this.#program.HEAPU8.set(bytes, pointer);
  }

  async #readMetadata(ticket: number, key: string): Promise<void> {
    const opening = this.#opening;
    const controller = new AbortController();
    this.#metadataReads.add(controller);
    const reply = this.#store && (await readMetadata(this.#store, key, controller.signal));
    await breathe();
    this.#metadataReads.delete(controller);
    if (!reply || this.#ended || opening !== this.#opening) return;
    if (reply.found) {
      this.give(reply.bytes);
      this.#raw._metadataFound(ticket);
      await breathe();
      if (this.#ended || opening !== this.#opening) return;
    } else if (reply.error.code === 'missing') {
      this.#raw._metadataMissing(ticket);
    } else {
      const { code, message, retryAfterMs } = reply.error;
      this.#raw._metadataFailed(ticket, code, message, performance.now(), retryAfterMs ?? 0);
    }
    // Not at the next animation frame: a round trip must not wait for the screen.
    this.#step();
  }

  async #readStoreIssues(store: Store): Promise<void> {
    const opening = this.#opening;
    const [messages = [], format] = await Promise.all([store.issues?.(), store.format?.()]);
    if (this.#ended || opening !== this.#opening || (messages.length === 0 && !format)) return;
    if (store === this.#image) this.#format = format;
    this.#storeIssues = [
      ...this.#storeIssues,
      ...messages.map((message) => (typeof message === 'string' ? storeIssue(message, store.description) : message)),
    ];
    this.#onState(this.state);
  }

  async #listFolder(folder: string): Promise<void> {
    const opening = this.#opening;
    const names = this.#store && (await listFolder(this.#store, folder));
    if (this.#ended || opening !== this.#opening) return;
    if (names) {
      this.give(new TextEncoder().encode(names.join('\n')));
      this.#raw._folderListed(folder);
    } else {
      this.#raw._folderUnlisted(folder);
    }
    this.#step();
  }

  #forgetDataset(): void {
    this.#opening += 1;
    this.#storeIssues = [];
    this.#format = undefined;
    this.#laidOver.clear();
    this.#chunks.clear();
    for (const controller of this.#metadataReads) controller.abort();
    this.#metadataReads.clear();
  }
}
