// “Check this dataset”: progress, then the report as text that can be read, searched and printed, and the
// way from an issue to its place in the image and back.

import { button, element } from '../annotations/panel/dom.ts';
import type { Store } from '../stores/store.ts';
import type { ReportFormat, Validation, ValidationProgress } from '../validation/validate.ts';
import { mayShow, showSpot } from './issue_spot.ts';
import { reportSections, type ShowSpot } from './report_sections.ts';
import { inventoryText, progressText, verdictText } from './report_words.ts';

const kDownloads: readonly (readonly [ReportFormat, string, string])[] = [
  ['json', 'application/json', 'report.json'],
  ['html', 'text/html', 'report.html'],
  ['csv', 'text/csv', 'report.csv'],
];

async function download(validation: Validation, format: ReportFormat, type: string, file: string): Promise<void> {
  const url = URL.createObjectURL(new Blob([await validation.format(format)], { type }));
  const link = element('a', { href: url, download: file });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function reportContent(name: string, validation: Validation, again: (() => void) | null, back: () => void, show: ShowSpot): HTMLElement {
  const { summary } = validation;
  return element(
    'div',
    {},
    element('h1', {}, `Check of ${name}`),
    element('p', { class: `verdict ${summary.verdict}`, role: 'status', tabindex: '-1' }, verdictText(summary)),
    element('p', { class: 'quiet' }, inventoryText(summary)),
    element(
      'div',
      { class: 'buttons' },
      button('Back', back),
      again && button('Check all chunks', again),
      button('Print', () => print()),
      ...kDownloads.map(([format, type, file]) => button(`Download ${format.toUpperCase()}`, () => void download(validation, format, type, file))),
    ),
    ...reportSections(validation, show),
    ...summary.silenced.map(({ rule, reason }) => element('p', { class: 'quiet' }, `Turned off: ${rule}: ${reason}`)),
  );
}

/**
 * Checks what `open` gives, in `main`, whose content it replaces. `back` is called when the reader is
 * done with it.
 */
export function showReport(main: HTMLElement, name: string, open: () => Promise<string | Store>, back: () => void): void {
  const frame = element('div', { class: 'report' });
  main.replaceChildren(frame);
  let ended = false;
  let current: Validation | null = null;
  const leave = (): void => {
    ended = true;
    current?.close();
    back();
  };

  const check = async (allChunks: boolean): Promise<void> => {
    current?.close();
    current = null;
    const cancel = new AbortController();
    const bar = element('progress', { 'aria-label': 'Progress of the check' });
    const told = element('p', { role: 'status' }, 'Looking for files …');
    frame.replaceChildren(
      element(
        'div',
        {},
        element('h1', {}, `Checking ${name}`),
        element('p', { class: 'quiet' }, 'Everything is checked on this computer.'),
        bar,
        told,
        element('div', { class: 'buttons' }, button('Cancel', () => cancel.abort())),
      ),
    );
    const onProgress = (progress: ValidationProgress): void => {
      told.textContent = progressText(progress);
      if (progress.phase === 'listing') return;
      bar.max = Math.max(1, progress.nodes + progress.chunks);
      bar.value = progress.nodesDone + progress.chunksDone;
    };
    try {
      const [{ startValidation }, source] = await Promise.all([import('../validation/validate.ts'), open()]);
      const validation = await startValidation(source, { name, allChunks, onProgress, signal: cancel.signal });
      if (ended) return validation.close();
      current = validation;
      const show: ShowSpot = (issue) => (mayShow(issue) ? () => showSpot(main, frame, source, issue) : null);
      frame.replaceChildren(reportContent(name, validation, allChunks ? null : () => void check(true), leave, show));
      frame.querySelector<HTMLElement>('.verdict')?.focus();
    } catch (error) {
      if (ended) return;
      frame.replaceChildren(
        element(
          'div',
          {},
          element('h1', {}, `${name} cannot be checked`),
          element('p', { role: 'alert' }, error instanceof Error ? error.message : String(error)),
          element('div', { class: 'buttons' }, button('Back', leave), button('Try again', () => void check(allChunks))),
        ),
      );
    }
  };
  void check(false);
}
