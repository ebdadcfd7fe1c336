// The attributes `theme` and `controls`, as the canvas and the annotations' panel follow them; the rest
// of the element follows `theme` by its style sheet.

import type { Viewer } from './viewer.ts';

const kControls = ['none', 'minimal', 'full'];
/** Around the image: the element's own ground, light and dark (element_style.ts). */
const kLightGround = [236, 237, 240] as const;
const kDarkGround = [24, 25, 28] as const;

export class Look {
  readonly #element: HTMLElement;
  readonly #root: ShadowRoot;
  readonly #viewer: Viewer;
  readonly #prefersLight = matchMedia('(prefers-color-scheme: light)');

  constructor(element: HTMLElement, root: ShadowRoot, viewer: Viewer) {
    this.#element = element;
    this.#root = root;
    this.#viewer = viewer;
    this.#prefersLight.addEventListener('change', this.adjust);
    element.addEventListener('annotationschange', this.#later);
    this.adjust();
  }

  end(): void {
    this.#prefersLight.removeEventListener('change', this.adjust);
    this.#element.removeEventListener('annotationschange', this.#later);
  }

  /** The attributes have changed, or what the system prefers. */
  readonly adjust = (): void => {
    const at = kControls.indexOf(this.#element.getAttribute('controls') ?? 'full');
    const theme = this.#element.getAttribute('theme');
    const light = theme === 'light' || (theme === 'auto' && this.#prefersLight.matches);
    const [red, green, blue] = light ? kLightGround : kDarkGround;
    this.#viewer.update((raw) => {
      raw._setControls(at < 0 ? 2 : at);
      raw._setLight(light);
      raw._setBackground(red, green, blue);
    });
    for (const panel of this.#root.querySelectorAll<HTMLElement>('.annotation-panel:not([data-theme="page"])')) panel.dataset['theme'] = light ? 'light' : 'dark';
  };

  // The panel comes with the first layer, after this event.
  readonly #later = (): void => queueMicrotask(this.adjust);
}
