// “Check this dataset”: progress, then the report as text that can be read, searched and printed.

import type { Store } from '../stores/store.ts';
import type { Report, ReportFormat, ReportIssue, ReportRule, Severity, Validation, ValidationProgress } from '../validation/validate.ts';

type Attributes = Readonly<Record<string, string>>;

function element<K extends keyof HTMLElementTagNameMap>(name: K, text = '', attributes: Attributes = {}): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function button(label: string, press: () => void): HTMLButtonElement {
  const made = element('button', label, { type: 'button' });
  made.addEventListener('click', press);
  return made;
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

function bytesText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let number = bytes;
  while (number >= 999.5 && unit + 1 < units.length) {
    number /= 1000;
    ++unit;
  }
  return `${number.toFixed(unit === 0 || number >= 99.95 ? 0 : 1)} ${units[unit]}`;
}

function inventoryText({ inventory }: Report): string {
  const parts = [
    [inventory.plates, 'plate', 'plates'],
    [inventory.wells, 'well', 'wells'],
    [inventory.images, 'image', 'images'],
    [inventory.labels, 'label image', 'label images'],
  ] as const;
  const texts = parts.filter(([count]) => count > 0).map(([count, one, many]) => counted(count, one, many));
  if (inventory.files !== undefined) texts.push(`${counted(inventory.files, 'file', 'files')} (${bytesText(inventory.bytes ?? 0)})`);
  if (inventory.chunksExpected) texts.push(`${inventory.chunksPresent ?? 0} of ${inventory.chunksExpected} chunks there`);
  texts.push(counted(inventory.chunksDecoded, 'chunk decoded', 'chunks decoded'));
  if (inventory.versions.length > 0) texts.push(`OME-Zarr ${inventory.versions.join(', ')}`);
  return texts.join(', ');
}

const kVerdicts = { valid: 'No errors', invalid: 'There are errors', incomplete: 'Not checked to the end' } as const;

function verdictText({ verdict, counts, complete }: Report): string {
  const parts = [
    counts.errors > 0 ? counted(counts.errors, 'error', 'errors') : '',
    counts.warnings > 0 ? counted(counts.warnings, 'warning', 'warnings') : '',
    counts.infos > 0 ? counted(counts.infos, 'remark', 'remarks') : '',
  ].filter(Boolean);
  const rest = complete ? '' : ' The check was cancelled: the rest was not looked at.';
  return `${kVerdicts[verdict]}: ${parts.join(', ') || 'no issues'}.${rest}`;
}

function placeText(issue: ReportIssue): string {
  const parts = [issue.file, issue.line && `line ${issue.line}`, issue.row && `row ${issue.row}`, issue.pointer];
  return parts.filter(Boolean).join(', ') || 'the dataset';
}

function facts(pairs: readonly (readonly [string, string | Node | undefined])[]): HTMLElement | null {
  const list = element('dl');
  for (const [name, value] of pairs) {
    if (value === undefined || value === '') continue;
    const description = element('dd');
    description.append(value);
    list.append(element('dt', name), description);
  }
  return list.childElementCount > 0 ? list : null;
}

function issueItem(issue: ReportIssue, rule: ReportRule): HTMLLIElement {
  const item = element('li');
  item.append(element('span', placeText(issue), { class: 'place' }), issue.message);
  const details = facts([
    ['Expected', issue.expected],
    ['Received', issue.received],
    ['Fix', issue.fix === rule.fix ? undefined : issue.fix],
  ]);
  if (details) item.append(details);
  return item;
}

const kMarks: Readonly<Record<Severity, string>> = { error: 'Error', warning: 'Warning', info: 'Remark' };

function ruleSection(rule: ReportRule, issues: readonly ReportIssue[]): HTMLElement {
  const section = element('section', '', { class: rule.severity });
  const heading = element('h2');
  heading.append(element('span', kMarks[rule.severity], { class: 'mark' }), rule.title);
  const list = element('ol');
  list.append(...issues.map((issue) => issueItem(issue, rule)));
  section.append(heading, element('p', `${rule.id} · ${rule.appliesTo} · ${counted(rule.count, 'issue', 'issues')}`, { class: 'quiet' }), list);
  const more = rule.count - issues.length;
  if (more > 0) section.append(element('p', `and ${more.toLocaleString('en')} more of the same`));
  const link = element('a', rule.url, { href: rule.url, rel: 'noopener' });
  const details = facts([['Why', rule.why], ['Fix', rule.fix], ['Rule', link], ['Graded because', rule.reason]]);
  if (details) section.append(details);
  return section;
}

interface Shown {
  readonly section: HTMLElement;
  readonly rule: ReportRule;
  readonly items: readonly { readonly item: HTMLElement; readonly text: string }[];
}

/** Severities to be shown and a text to be found. */
function filters(shown: readonly Shown[], status: HTMLElement): HTMLElement {
  const bar = element('div', '', { class: 'filters', role: 'group', 'aria-label': 'What is shown of the report' });
  const search = element('input', '', { type: 'search', 'aria-label': 'Find in the report', placeholder: 'Find in the report' });
  const boxes = (['error', 'warning', 'info'] as const).map((severity) => {
    const label = element('label');
    const box = element('input', '', { type: 'checkbox' });
    box.checked = true;
    label.append(box, ` ${kMarks[severity]}s`);
    label.hidden = !shown.some(({ rule }) => rule.severity === severity);
    return { severity, box, label };
  });
  const apply = (): void => {
    const wanted = search.value.trim().toLowerCase();
    let count = 0;
    for (const { section, rule, items } of shown) {
      const graded = boxes.some(({ severity, box }) => severity === rule.severity && box.checked);
      const ofRule = `${rule.id} ${rule.title}`.toLowerCase().includes(wanted);
      let any = false;
      for (const { item, text } of items) {
        item.hidden = !(ofRule || text.includes(wanted));
        if (item.hidden) continue;
        any = true;
        if (graded) ++count;
      }
      section.hidden = !graded || !(any || ofRule);
    }
    status.textContent = `${counted(count, 'issue', 'issues')} shown`;
  };
  search.addEventListener('input', apply);
  for (const { box } of boxes) box.addEventListener('change', apply);
  bar.append(search, ...boxes.map(({ label }) => label));
  return bar;
}

const kDownloads: readonly (readonly [ReportFormat, string, string])[] = [
  ['json', 'application/json', 'report.json'],
  ['html', 'text/html', 'report.html'],
  ['csv', 'text/csv', 'report.csv'],
];

async function download(validation: Validation, format: ReportFormat, type: string, file: string): Promise<void> {
  const url = URL.createObjectURL(new Blob([await validation.format(format)], { type }));
  const link = element('a', '', { href: url, download: file });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function reportContent(name: string, validation: Validation, again: (() => void) | null, back: () => void): HTMLElement {
  const { report } = validation;
  const content = element('div');
  const bar = element('div', '', { class: 'buttons' });
  bar.append(button('Back', back));
  if (again) bar.append(button('Check all chunks', again));
  bar.append(button('Print', () => print()));
  for (const [format, type, file] of kDownloads) {
    bar.append(button(`Download ${format.toUpperCase()}`, () => void download(validation, format, type, file)));
  }
  const verdict = element('p', verdictText(report), { class: 'verdict', role: 'status', tabindex: '-1' });
  content.append(element('h1', `Check of ${name}`), verdict, element('p', inventoryText(report), { class: 'quiet' }), bar);
  const shown = report.rules.map((rule): Shown => {
    const issues = report.issues.filter((issue) => issue.rule === rule.id);
    const section = ruleSection(rule, issues);
    const items = [...section.querySelectorAll<HTMLElement>('ol > li')].map((item) => ({ item, text: (item.textContent ?? '').toLowerCase() }));
    return { section, rule, items };
  });
  const status = element('p', '', { class: 'quiet', role: 'status' });
  if (shown.length > 0) content.append(filters(shown, status), status, ...shown.map(({ section }) => section));
  for (const { rule, reason } of report.silenced) content.append(element('p', `Turned off: ${rule}: ${reason}`, { class: 'quiet' }));
  return content;
}

function progressText({ phase, files, nodes, nodesDone, chunks, chunksDone }: ValidationProgress): string {
  const found = files > 0 ? `${counted(files, 'file', 'files')} found` : '';
  if (phase === 'listing') return found || 'Looking for files …';
  return [found, `${nodesDone} of ${nodes} groups and arrays read`, `${chunksDone} of ${chunks} chunks decoded`].filter(Boolean).join(', ');
}

/**
 * Checks what `open` gives, in `main`, whose content it replaces. `back` is called when the reader is
 * done with it.
 */
export function showReport(main: HTMLElement, name: string, open: () => Promise<string | Store>, back: () => void): void {
  const frame = element('div', '', { class: 'report' });
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
    const bar = element('progress', '', { 'aria-label': 'Progress of the check' });
    const told = element('p', 'Looking for files …', { role: 'status' });
    const content = element('div');
    const buttons = element('div', '', { class: 'buttons' });
    buttons.append(button('Cancel', () => cancel.abort()));
    content.append(element('h1', `Checking ${name}`), element('p', 'Everything is checked on this computer.', { class: 'quiet' }), bar, told, buttons);
    frame.replaceChildren(content);
    const onProgress = (progress: ValidationProgress): void => {
      told.textContent = progressText(progress);
      if (progress.phase === 'listing') return;
      bar.max = Math.max(1, progress.nodes + progress.chunks);
      bar.value = progress.nodesDone + progress.chunksDone;
    };
    try {
      const { startValidation } = await import('../validation/validate.ts');
      const validation = await startValidation(await open(), { name, allChunks, onProgress, signal: cancel.signal });
      if (ended) return validation.close();
      current = validation;
      frame.replaceChildren(reportContent(name, validation, allChunks ? null : () => void check(true), leave));
      frame.querySelector<HTMLElement>('.verdict')?.focus();
    } catch (error) {
      if (ended) return;
      const message = error instanceof Error ? error.message : String(error);
      const buttonBar = element('div', '', { class: 'buttons' });
      buttonBar.append(button('Back', leave), button('Try again', () => void check(allChunks)));
      const failed = element('div');
      failed.append(element('h1', `${name} cannot be checked`), element('p', message, { role: 'alert' }), buttonBar);
      frame.replaceChildren(failed);
    }
  };
  void check(false);
}
