// A mask image in the list of layers: shown or not, filled or as outlines, how strong.

import { checkbox, element, foreign, slider } from './dom.ts';
import type { MaskLayer, PanelHost } from './host.ts';
import { rough } from './words.ts';

let cards = 0;

export class MaskCard {
  readonly root = element('li', { class: 'card' });
  readonly #eye: HTMLInputElement;
  readonly #outline: HTMLInputElement | null;
  readonly #opacity: ReturnType<typeof slider>;

  constructor(host: PanelHost, index: number, mask: MaskLayer) {
    const id = `mask-${++cards}`;
    this.#eye = element('input', { type: 'checkbox', 'aria-label': `Show ${mask.name}`, title: 'Show or hide' });
    this.#eye.addEventListener('change', () => host.setMask?.(index, { visible: this.#eye.checked }));
    const outline = checkbox('Outlines only', mask.outline, (on) => host.setMask?.(index, { outline: on }));
    this.#outline = outline.querySelector('input');
    const { threshold, range = [0, 1] } = mask;
    this.#opacity = slider({ label: 'Opacity', min: 0, max: 1, step: 0.01, value: mask.opacity, show: (value) => `${Math.round(value * 100)} %` }, (opacity) => host.setMask?.(index, { opacity }));
    const body = element(
      'div',
      { class: 'body', id, hidden: true },
      element(
        'div',
        { class: 'section' },
        this.#opacity.root,
        threshold !== undefined && slider({ label: 'Threshold', min: range[0], max: range[1], step: (range[1] - range[0]) / 200, value: threshold, show: rough }, (value) => host.setMask?.(index, { threshold: value })).root,
        outline,
      ),
    );
    const title = element('button', { type: 'button', class: 'title', 'aria-expanded': 'false', 'aria-controls': id }, foreign(mask.name), element('span', { class: 'chevron', 'aria-hidden': 'true' }));
    title.addEventListener('click', () => {
      body.hidden = !body.hidden;
      title.setAttribute('aria-expanded', String(!body.hidden));
    });
    this.root.append(element('div', { class: 'head' }, this.#eye, title), element('div', { class: 'about' }, element('p', {}, threshold === undefined ? 'Segmentation mask' : 'Probability map')), body);
    this.refresh(mask);
  }

  refresh({ visible, outline, opacity }: MaskLayer): void {
    this.#opacity.put(opacity);
    this.#eye.checked = visible;
    this.root.classList.toggle('off', !visible);
    if (this.#outline) this.#outline.checked = outline;
  }
}
