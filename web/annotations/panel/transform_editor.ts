// How a layer lies on the image, to be seen and changed, so that one that does not fit can be diagnosed:
// its unit, where its zero is, and a scale, turn and shift, or the six numbers of an affine map.

import type { Affine, AnnotationLayersApi, LayerHandle } from '../handle.ts';
import type { ImageContext, LayerSpace } from '../layer.ts';
import { button, choice, element, fold, numberField } from './dom.ts';
import { boxAround, kIdentity } from '../placement.ts';
import { affineOf, flipped, isInvertible, placementOf, shareInside, swapped, type Placement } from './placement.ts';
import { percent, rough, unitName } from './words.ts';

const kSix = ['x from x', 'x from y', 'x shift', 'y from x', 'y from y', 'y shift'] as const;

/** One sentence on where the layer's outermost coordinates are, and a second where that looks wrong. */
export function whereabouts({ info, toPixels }: LayerHandle, image: ImageContext | null): string {
  if (!info.bounds || !toPixels || !image || image.width === 0) return '';
  const box = boxAround(toPixels, info.bounds);
  const [x0, y0, x1, y1] = box.map((value) => rough(Math.round(value * 10) / 10));
  const where = `It reaches from x ${x0} to ${x1} and y ${y0} to ${y1}, on an image of ${rough(image.width)} × ${rough(image.height)} pixels.`;
  const inside = shareInside(box, image);
  const extent = Math.max((box[2] - box[0]) / image.width, (box[3] - box[1]) / image.height);
  if (inside === 0) return `${where} That is outside the image: are unit and shift right?`;
  if (inside < 0.5) return `${where} Only ${percent(inside)} of that area is on the image: are unit and scale right?`;
  if (extent < 0.02 && info.count > 20) return `${where} That is very small for so many objects: are they in another unit?`;
  return where;
}

function units(image: ImageContext | null, { unitName: own }: LayerSpace): readonly { value: LayerSpace['unit']; label: string }[] {
  const name = unitName(own || (image?.unit ?? ''));
  return [
    { value: 'pixel', label: 'Pixels' },
    { value: 'physical', label: name ? `Length (${name})` : 'Length' },
    { value: 'normalized', label: 'Share of the image, 0 to 1' },
  ];
}

export class TransformEditor {
  readonly root = element('div', { class: 'section' });
  readonly #shown: LayerHandle;
  readonly #layers: AnnotationLayersApi;
  readonly #where = element('p', { role: 'status' });
  readonly #problem = element('p', { class: 'problem', role: 'alert' });
  #key = '';

  constructor(shown: LayerHandle, layers: AnnotationLayersApi) {
    this.#shown = shown;
    this.#layers = layers;
    this.refresh();
  }

  refresh(): void {
    const { space, transform } = this.#shown;
    const where = whereabouts(this.#shown, this.#layers.image);
    if (this.#where.textContent !== where) this.#where.textContent = where;
    const key = JSON.stringify([space, transform]);
    if (key === this.#key) return;
    this.#key = key;
    // Built anew while it is used: the focus goes to the same control.
    const focused = (this.root.getRootNode() as Document | ShadowRoot).activeElement;
    const order = [...this.root.querySelectorAll<HTMLElement>('input, select, button, summary')].findIndex((control) => control === focused);
    this.#build(this.root.querySelector('details')?.open ?? false);
    if (order >= 0) this.root.querySelectorAll<HTMLElement>('input, select, button, summary')[order]?.focus();
  }

  #setSpace(change: Partial<LayerSpace>): void {
    this.#shown.set({ space: { ...this.#shown.space, ...change } });
    this.refresh();
  }

  #setTransform(transform: Affine): void {
    const good = transform.every(Number.isFinite) && isInvertible(transform);
    this.#problem.textContent = good ? '' : 'With these numbers everything would lie on one line: no scale may be 0.';
    if (!good) return;
    this.#shown.set({ transform });
    this.refresh();
  }

  #build(six: boolean): void {
    const { space, transform, info } = this.#shown;
    const image = this.#layers.image;
    const placement = placementOf(transform);
    const reset = button('Back to what the file says', () => {
      this.#problem.textContent = '';
      this.#shown.set({ space: info.space, transform: kIdentity });
      this.refresh();
    });
    reset.disabled = JSON.stringify([space, transform]) === JSON.stringify([info.space, kIdentity]);
    this.root.replaceChildren(
      this.#where,
      choice('Its unit', units(image, space), space.unit, (value) => {
        const unit = value as LayerSpace['unit'];
        this.#setSpace({ unit, unitName: unit === 'physical' ? space.unitName || (image?.unit ?? '') : space.unitName });
      }),
      choice(
        'Zero is at',
        [
          { value: 'corner', label: 'a pixel’s corner' },
          { value: 'centre', label: 'a pixel’s centre' },
        ],
        space.corner ? 'corner' : 'centre',
        (value) => this.#setSpace({ corner: value === 'corner' }),
      ),
      element('p', { class: 'quiet' }, 'Then, in pixels of the image:'),
      placement ? this.#simple(placement) : element('p', {}, 'It is sheared: change the six numbers below.'),
      element(
        'div',
        { class: 'row' },
        button('Exchange x and y', () => this.#setTransform(swapped(transform))),
        button('Turn upside down', () => this.#setTransform(flipped(transform, image?.height ?? 0))),
      ),
      fold(
        'As six numbers',
        six,
        element('p', { class: 'quiet' }, 'New x = x from x · x + x from y · y + x shift; y in the same way.'),
        element('div', { class: 'six' }, ...kSix.map((label, i) => numberField(label, transform[i] ?? 0, (value) => this.#setTransform(transform.map((old, j) => (i === j ? value : old)) as unknown as Affine)))),
      ),
      this.#problem,
      element('div', { class: 'row' }, reset),
    );
  }

  #simple(placement: Placement): HTMLElement {
    const { scale, turn, shift } = placement;
    const set = (change: Partial<Placement>): void => this.#setTransform(affineOf({ ...placement, ...change }));
    return element(
      'div',
      { class: 'pairs' },
      numberField('Shift x', shift[0], (value) => set({ shift: [value, shift[1]] })),
      numberField('Shift y', shift[1], (value) => set({ shift: [shift[0], value] })),
      numberField('Scale x', scale[0], (value) => set({ scale: [value, scale[1]] })),
      numberField('Scale y', scale[1], (value) => set({ scale: [scale[0], value] })),
      numberField('Turn (°)', turn, (value) => set({ turn: value })),
    );
  }
}
