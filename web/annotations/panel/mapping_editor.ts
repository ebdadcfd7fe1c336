// Tables: which column plays which part, for when the reader guessed wrongly.

import { button, choice, element } from './dom.ts';

/** Parts that a column can play, with what people call them. */
const kParts: readonly (readonly [string, string])[] = [
  ['x', 'x'],
  ['y', 'y'],
  ['z', 'z'],
  ['t', 'Time or frame'],
  ['label', 'Class'],
  ['id', 'Id'],
  ['track', 'Track'],
  ['parent', 'Parent track'],
  ['score', 'Score'],
  ['xmin', 'Left edge'],
  ['ymin', 'Upper edge'],
  ['xmax', 'Right edge'],
  ['ymax', 'Lower edge'],
  ['width', 'Width'],
  ['height', 'Height'],
];

/**
 * `columns`: the table's own headings; `mapping`: part → heading, as it was read. Calls `reopen` with the
 * whole corrected mapping; what it rejects with is shown.
 */
export function mappingEditor(
  columns: readonly string[],
  mapping: Readonly<Record<string, string>>,
  reopen: (mapping: Readonly<Record<string, string>>) => Promise<unknown>,
): HTMLElement {
  const chosen = new Map(Object.entries(mapping));
  const status = element('p', { role: 'status' });
  const apply = button('Read the table anew', () => {
    apply.disabled = true;
    status.textContent = 'Reading …';
    reopen(Object.fromEntries([...chosen].filter(([, column]) => column !== ''))).then(
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
  const options = [{ value: '', label: '–' }, ...columns.map((name) => ({ value: name, label: name }))];
  const rows = kParts.map(([part, label]) => choice(label, options, chosen.get(part) ?? '', (value) => chosen.set(part, value)));
  return element('div', { class: 'section mapping' }, element('p', { class: 'quiet' }, 'If places or classes look wrong, say which column is which.'), ...rows, element('div', { class: 'row' }, apply), status);
}
