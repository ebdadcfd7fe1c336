// The Embind surface of build/wasm/programs/viewer.{mjs,wasm}; see src/bind/viewer.cpp.

declare module 'wasm:viewer' {
  /** One viewer. Positions are in device pixels, times in ms of performance.now(). */
  export interface RawViewer {
    _open(name: string): void;
    _openEntry(index: number): void;
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
    _draw(): void;
    _setBackground(red: number, green: number, blue: number): void;
    _fit(): void;
    _lookAt(u: number, v: number, worldPerPixel: number): void;
    _setPosition(axis: number, value: number): void;
    _setPanelOpen(open: boolean): void;
    _setSmooth(smooth: boolean): void;
    /** `rgb` is 0xRRGGBB; the window is left alone unless high > low. */
    _setChannel(index: number, visible: boolean, rgb: number, low: number, high: number, opacity: number): void;
    _setLabel(index: number, visible: boolean, outline: boolean, opacity: number): void;
    _retry(): void;
    _commandsPointer(): number;
    _commandsLength(): number;
    _wakeAt(): number;
    _state(): string;
    _failure(): string;
    delete(): void;
  }

  export interface ViewerProgram {
    readonly HEAPU8: Uint8Array;
    readonly HEAPF64: Float64Array;
    readonly GL: {
      registerContext(context: WebGL2RenderingContext, attributes: { majorVersion: number }): number;
      makeContextCurrent(handle: number): boolean;
      deleteContext(handle: number): void;
      readonly textures: readonly (WebGLTexture | null)[];
    };
    readonly Viewer: new (smallDevice: boolean) => RawViewer;
  }

  export interface ProgramOptions {
    instantiateWasm(
      imports: WebAssembly.Imports,
      done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ): object;
  }

  export default function createProgram(options: ProgramOptions): Promise<ViewerProgram>;
}
