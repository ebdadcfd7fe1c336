// The rows of a table as text for the clipboard.

import type { AnnotationLayer, TableQuery } from '../layer.ts';
import { cellText, columnTitle } from './words.ts';

/** Rows copied at once: what a clipboard and a spreadsheet take. */
export const kMostCopied = 100_000;
const kBatch = 5000;

export type CopyFormat = 'csv' | 'json';

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function jsonValue(text: string): string | number | null {
  if (text === '') return null;
  // Only what is written the same way again: "007" and 2^64 stay texts.
  const number = Number(text);
  return String(number) === text ? number : text;
}

/** All rows of `query`, at most kMostCopied, and how many there are of them. */
export async function copiedRows(layer: AnnotationLayer, query: TableQuery, format: CopyFormat): Promise<{ readonly text: string; readonly rows: number; readonly total: number }> {
  const lines: string[] = [];
  let names: readonly string[] = [];
  let total = 0;
  for (let from = 0; from === 0 || from < Math.min(total, kMostCopied); from += kBatch) {
    const answer = await layer.table(query, from, Math.min(kBatch, kMostCopied - from));
    total = answer.total;
    names = answer.columns.map(columnTitle);
    for (const { cells: raw } of answer.rows) {
      const cells = raw.map((text, i) => cellText(answer.columns[i] ?? '', text, layer.info.columns));
      lines.push(format === 'csv' ? cells.map(csvField).join(',') : JSON.stringify(Object.fromEntries(names.map((name, i) => [name, jsonValue(cells[i] ?? '')]))));
    }
    if (answer.rows.length === 0) break;
  }
  const text = format === 'csv' ? [names.map(csvField).join(','), ...lines, ''].join('\n') : `[\n${lines.join(',\n')}\n]\n`;
  return { text, rows: lines.length, total };
}

/** Puts a text on the clipboard that is still being made: browsers want to be asked within the click. */
export async function copyText(text: Promise<string>): Promise<void> {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (!clipboard) throw new Error('This page may not use the clipboard: it was not loaded over https.');
  if (typeof ClipboardItem === 'undefined') return clipboard.writeText(await text);
  await clipboard.write([new ClipboardItem({ 'text/plain': text.then((value) => new Blob([value], { type: 'text/plain' })) })]);
}
