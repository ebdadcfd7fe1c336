// One object in words: its class, measures, properties, relatives, and where in its file it stands.

import type { ObjectDetails } from '../layer.ts';
import type { LayerHandle } from '../handle.ts';
import { button, element, foreign, signButton, type Attributes } from './dom.ts';
import { place, rough, unitName, whole } from './words.ts';

function row(name: string, ...value: readonly (Node | string)[]): readonly HTMLElement[] {
  return [element('dt', {}, foreign(name)), element('dd', {}, ...value)];
}

function span([first, last]: readonly [number, number]): string {
  return first === last ? whole(first + 1) : `${whole(first + 1)} to ${whole(last + 1)}`;
}

function measures({ area, length, shape }: ObjectDetails, { space }: LayerHandle): readonly HTMLElement[] {
  const unit = space.unit === 'physical' ? unitName(space.unitName) : space.unit === 'pixel' ? 'px' : '';
  return [
    ...(area > 0 ? row('Area', `${rough(area)}${unit ? ` ${unit}²` : ''}`) : []),
    ...(shape === 'line' && length > 0 ? row('Length', `${rough(length)}${unit ? ` ${unit}` : ''}`) : []),
  ];
}

/** `go` leads to a relative; `fly` to the object itself; `close` puts the details away. */
export function detailsView(
  shown: LayerHandle,
  details: ObjectDetails,
  { go, fly, close }: { go(object: number): void; fly(): void; close(): void },
): HTMLElement {
  const { object, category, shape, bounds, frames, slices, properties, parents, children } = details;
  const where = place(details.place);
  const relatives = (objects: readonly number[]): HTMLElement => element('span', { class: 'row' }, ...objects.slice(0, 12).map((other) => button(`No. ${whole(other + 1)}`, () => go(other))));
  const attributes: Attributes = { class: 'details', 'aria-label': `Object ${object + 1}` };
  return element(
    'section',
    attributes,
    element(
      'div',
      { class: 'row tight' },
      element('h3', {}, `No. ${whole(object + 1)}`, category ? ' · ' : '', category ? foreign(category) : ''),
      element('span', { class: 'gap' }),
      (bounds || shown.info.maskIds !== '') && button('Show', fly, { 'aria-label': 'Show it on the image' }),
      signButton('×', 'Close the details', close),
    ),
    element(
      'dl',
      {},
      ...(shape === 'none' || shape === 'mixed' ? [] : row('Shape', shape)),
      ...measures(details, shown),
      ...(frames ? row('Frame', span(frames)) : []),
      ...(slices ? row('Slice', span(slices)) : []),
      ...properties.flatMap(({ name, value, unit }) => row(name, foreign(value), unit ? ` ${unitName(unit)}` : '')),
      ...(parents.length > 0 ? row('Comes from', relatives(parents)) : []),
      ...(children.length > 0 ? row(children.length > 1 ? 'Divides into' : 'Goes on as', relatives(children)) : []),
      ...(where ? row('In its file', foreign(where)) : []),
    ),
  );
}
