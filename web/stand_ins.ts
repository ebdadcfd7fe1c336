// Pictures in the place of the image's: the page's own poster until the image is drawn, and the last picture while
// another element uses the WebGL context.

import type { ViewerState } from './state.ts';
import type { Viewer } from './viewer.ts';

export class StandIns {
  readonly #root: ShadowRoot;
  #still: HTMLCanvasElement | null = null;

  constructor(root: ShadowRoot) {
    this.#root = root;
  }

  /** The last picture, while it stands in. */
  get still(): HTMLCanvasElement | null {
    return this.#still;
  }

  get postered(): boolean {
    return this.#poster?.hidden === false;
  }

  get #poster(): HTMLImageElement | null {
    return this.#root.querySelector<HTMLImageElement>('.poster');
  }

  /** '' or null: none. */
  showPoster(source: string | null): void {
    const poster = this.#poster;
    if (!poster) return;
    poster.hidden = !source;
    if (source) poster.src = source;
  }

  /** Takes the viewer's context, and its picture as it is now. */
  suspend(viewer: Viewer, canvas: HTMLCanvasElement): void {
    this.drop();
    const still = document.createElement('canvas');
    still.className = 'still';
    still.setAttribute('aria-hidden', 'true');
    viewer.suspend(still);
    canvas.after(still);
    this.#still = still;
  }

  /** A picture was drawn: they go once it is the image's. */
  pictured(viewer: Viewer | null): void {
    const poster = this.#poster;
    if (!poster || (!this.#still && poster.hidden)) return;
    const state: ViewerState | undefined = viewer?.state;
    if (!state || state.stage === 'opening') return;
    poster.hidden ||= state.stage === 'failed' || (state.memory?.tiles ?? 0) > 0;
    if (state.stage === 'failed' || state.missingTiles === 0) this.drop();
  }

  drop(): void {
    this.#still?.remove();
    this.#still = null;
  }
}
