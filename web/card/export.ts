// The metadata in another format, with what that format cannot hold.

import { button, element, foreign } from '../annotations/panel/dom.ts';
import type { CardOptions, ExportFormat } from './card.ts';
import { saveText } from './save.ts';

const kFormats: readonly (readonly [ExportFormat, string])[] = [
  ['bia-agent', 'bia-agent YAML'],
  ['pagetab', 'PageTab TSV'],
  ['ro-crate', 'RO-Crate'],
  ['croissant', 'Croissant'],
];

/** Beyond this many files, one of a series is no help to who has to save them one by one. */
const kMostFiles = 50;

export function exportFold(exportTo: NonNullable<CardOptions['exportTo']>): HTMLElement {
  const result = element('div', { role: 'status' });
  const write = async (format: ExportFormat, name: string): Promise<void> => {
    result.replaceChildren(element('p', {}, `Writing ${name} …`));
    try {
      const { files, losses } = await exportTo(format);
      const saves = files.slice(0, kMostFiles).map(({ name: file, text }) => element('li', {}, button(`Save ${file}`, () => saveText(text, file, 'text/plain'))));
      if (files.length > kMostFiles) saves.push(element('li', {}, `and ${files.length - kMostFiles} more: mifascope convert-metadata writes all of them.`));
      result.replaceChildren(
        element('ul', { class: 'saves' }, ...saves),
        losses.length === 0
          ? element('p', {}, `${name} holds all of it.`)
          : element('div', {}, element('p', {}, `What ${name} cannot hold:`), element('ul', {}, ...losses.map((loss) => element('li', {}, foreign(loss))))),
      );
    } catch (error) {
      result.replaceChildren(element('p', { class: 'problem' }, error instanceof Error ? error.message : String(error)));
    }
  };
  return element(
    'details',
    { class: 'exports' },
    element('summary', {}, 'Save the metadata in another format'),
    element('div', { class: 'choices' }, ...kFormats.map(([format, name]) => button(name, () => void write(format, name)))),
    result,
  );
}
