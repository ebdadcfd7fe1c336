// Without WebGL 2: the core runs as ever over a context that draws nothing, and the picture is made here, on a
// 2D canvas, from the coarsest level. A bundle of its own, fetched where there is no WebGL 2.

import { readRegion } from './region.ts';
import type { ViewerState } from './state.ts';
import type { Viewer } from './viewer.ts';

export const kWithoutWebGL = 'A still picture at the coarsest resolution: this browser has no WebGL 2. It may be switched off in the settings, or the graphics driver may be blocked; a current Chrome, Firefox, Edge or Safari has it.';

/** Pixels of the picture: more are left out evenly. */
const kMostEdge = 2048;

/** A context on which everything succeeds and nothing happens. */
export function blankContext(canvas: HTMLCanvasElement): WebGL2RenderingContext {
  const none = (): null => null;
  const answers: Readonly<Record<string, unknown>> = {
    canvas,
    drawingBufferWidth: 1,
    drawingBufferHeight: 1,
    getExtension: none,
    getSupportedExtensions: () => [],
    getContextAttributes: () => ({}),
    isContextLost: () => false,
    getError: () => 0,
    getParameter: (name: number) => (name === 0x1f02 || name === 0x8b8c ? 'WebGL 2.0' : 2048),
    getShaderParameter: () => true,
    getProgramParameter: (_: unknown, name: number) => (name === 0x8b82 ? true : 0),
    getShaderInfoLog: () => '',
    getProgramInfoLog: () => '',
    getUniformLocation: () => ({}),
    getAttribLocation: () => 0,
  };
  const nothing = (): unknown => ({});
  return new Proxy({} as Record<string, unknown>, {
    // Not a promise, though it is handed on by some.
    get: (target, name) => (typeof name === 'symbol' || name === 'then' ? undefined : (target[name] ?? answers[name] ?? (/^[a-z]/.test(name) ? nothing : 0))),
    set: (target, name, value) => {
      target[String(name)] = value;
      return true;
    },
  }) as unknown as WebGL2RenderingContext;
}

type Channel = NonNullable<ViewerState['channels']>[number];

/** Adds one channel like light. */
function addChannel(pixels: Uint8ClampedArray, values: ArrayLike<number | bigint>, offset: number, step: number, { color, window, opacity }: Channel): void {
  const [low, high] = window;
  const rgb = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) * opacity);
  const count = pixels.length / 4;
  for (let i = 0; i < count; ++i) {
    const share = Math.min(Math.max((Number(values[offset + i * step] ?? 0) - low) / (high - low || 1), 0), 1);
    for (let c = 0; c < 3; ++c) pixels[4 * i + c] = (pixels[4 * i + c] ?? 0) + share * (rgb[c] ?? 0);
  }
}

/** Keeps the canvas showing what the viewer would. */
export class StillPicture {
  readonly #viewer: Viewer;
  readonly #canvas: HTMLCanvasElement;
  #shown = '';
  #reading: AbortController | null = null;
  #picture: OffscreenCanvas | HTMLCanvasElement | null = null;

  readonly #failed: (message: string) => void;

  constructor(viewer: Viewer, canvas: HTMLCanvasElement, failed: (message: string) => void) {
    this.#viewer = viewer;
    this.#canvas = canvas;
    this.#failed = failed;
  }

  /** Draws anew what the state says, if it is not shown already. */
  async show(state: ViewerState): Promise<void> {
    if (state.stage !== 'showing' || !state.channels) return;
    const channels = state.channels.map(({ visible, color, window, opacity }) => ({ visible, color, window, opacity }));
    const key = JSON.stringify([state.name, state.title, state.entry, state.axes?.map(({ position }) => position), channels, this.#canvas.clientWidth, this.#canvas.clientHeight]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    try {
      const picture = await this.#compose(state, reading.signal);
      if (reading.signal.aborted) return;
      this.#picture = picture;
      this.#draw();
    } catch (error) {
      if (!reading.signal.aborted) this.#failed(error instanceof Error ? error.message : String(error));
    }
  }

  async #compose(state: ViewerState, signal: AbortSignal): Promise<HTMLCanvasElement> {
    const { levels } = this.#viewer;
    const level = levels.length - 1;
    const region = await readRegion(this.#viewer, { level }, { signal });
    const at = (role: string): number => region.axes.findIndex((axis) => axis.role === role);
    const [x, y, c] = [at('x'), at('y'), at('c')];
    const [width = 1, height = 1] = [region.shape[x], region.shape[y]];
    const strides = region.shape.map((_, axis) => region.shape.slice(axis + 1).reduce((product, extent) => product * extent, 1));
    const step = Math.max(1, Math.ceil(Math.max(width, height) / kMostEdge));
    const canvas = document.createElement('canvas');
    canvas.width = Math.ceil(width / step);
    canvas.height = Math.ceil(height / step);
    const context = canvas.getContext('2d');
    if (!context) return canvas;
    const picture = context.createImageData(canvas.width, canvas.height);
    for (let i = 3; i < picture.data.length; i += 4) picture.data[i] = 255;
    const channels = state.channels ?? [];
    const row = new Uint8ClampedArray(4 * canvas.width);
    for (let v = 0; v < canvas.height; ++v) {
      row.fill(0);
      channels.forEach((channel, index) => {
        if (!channel.visible) return;
        const offset = v * step * (strides[y] ?? 0) + (c >= 0 ? index * (strides[c] ?? 0) : 0);
        addChannel(row, region.data, offset, step * (strides[x] ?? 1), channel);
      });
      for (let i = 0; i < row.length; ++i) if (i % 4 !== 3) picture.data[4 * canvas.width * v + i] = row[i] ?? 0;
    }
    context.putImageData(picture, 0, 0);
    return canvas;
  }

  #draw(): void {
    const [canvas, picture] = [this.#canvas, this.#picture];
    const context = canvas.getContext('2d');
    if (!context || !picture) return;
    context.fillStyle = getComputedStyle(canvas).getPropertyValue('--ground') || '#18191c';
    context.fillRect(0, 0, canvas.width, canvas.height);
    const scale = Math.min(canvas.width / picture.width, canvas.height / picture.height);
    const [width, height] = [picture.width * scale, picture.height * scale];
    context.drawImage(picture, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
  }
}
