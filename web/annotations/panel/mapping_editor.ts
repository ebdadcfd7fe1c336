// Tables: which column plays which part, for when the reader guessed wrongly.

import { kTableParts, type LayerInfo } from '../layer.ts';
import { button, choice, element } from './dom.ts';

type Part = (typeof kTableParts)[number];

const kNames: Readonly<Record<Part, string>> = {
  x: 'x',
  y: 'y',
  z: 'z',
  frame: 'Time or frame',
  xmin: 'Left edge',
  ymin: 'Upper edge',
  xmax: 'Right edge',
  ymax: 'Lower edge',
  xcenter: 'Middle, x',
  ycenter: 'Middle, y',
  width: 'Width',
  height: 'Height',
  group: 'Same shape',
  label: 'Class',
  score: 'Score',
  id: 'Id',
  track: 'Track',
  parent: 'Parent',
  instance: 'Id in the mask',
  image: 'Image',
  split: 'Split',
  count: 'Count',
};
/** Offered at once; the others when asked for, or when the table has them. */
const kFirst: readonly Part[] = ['x', 'y', 'z', 'frame', 'label', 'id'];

/** `reopen` gets the whole corrected mapping; what it rejects with is shown. */
export function mappingEditor({ tableColumns, mapping }: LayerInfo, reopen: (mapping: Readonly<Record<string, string>>) => Promise<unknown>): HTMLElement {
  const chosen = new Map(Object.entries(mapping));
  const status = element('p', { role: 'status' });
  const apply = button('Read the table anew', () => {
    apply.disabled = true;
    status.textContent = 'Reading …';
    reopen(Object.fromEntries(chosen)).then(
      () => {
        apply.disabled = false;
        status.textContent = '';
      },
      (error: unknown) => {
        apply.disabled = false;
        status.textContent = `It could not be read so: ${error instanceof Error ? error.message : String(error)}`;
      },
    );
  });
  const options = [{ value: '', label: '–' }, ...tableColumns.map((name) => ({ value: name, label: name }))];
  const row = (part: Part): HTMLElement => choice(kNames[part], options, chosen.get(part) ?? '', (value) => chosen.set(part, value));
  const isFirst = (part: Part): boolean => kFirst.includes(part) || Boolean(mapping[part]);
  const rest = element('div', { class: 'section', hidden: true }, ...kTableParts.filter((part) => !isFirst(part)).map(row));
  const more = button('Other parts', () => {
    rest.hidden = false;
    more.hidden = true;
    rest.querySelector('select')?.focus();
  });
  return element(
    'div',
    { class: 'section' },
    element('p', { class: 'quiet' }, 'If places or classes look wrong, say which column is which.'),
    ...kTableParts.filter(isFirst).map(row),
    rest,
    element('div', { class: 'row' }, more, apply),
    status,
  );
}
