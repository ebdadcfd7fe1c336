// The issues of a report, grouped by rule: a few of each at first, more on demand, put on the page in
// slices so that it never stops answering.

import { button, element } from '../annotations/panel/dom.ts';
import type { IssueMatches, IssueQuery, ReportIssue, ReportRule, ReportSummary, Severity, Validation } from '../validation/validate.ts';
import { counted, kMarks, moduleName, moduleOf, placeText } from './report_words.ts';

/** Issues of a rule that are shown at first, and with each further step. */
const kFirst = 10;
const kStep = 50;
/** The page's own work at a time, in ms: a frame has 16. */
const kSliceMs = 8;
/** After the last key of a search. */
const kTypingMs = 150;

/** Shows where an issue is; null where that cannot be shown. */
export type ShowSpot = (issue: ReportIssue) => (() => void) | null;

function facts(pairs: readonly (readonly [string, string | Node | undefined])[]): HTMLElement | null {
  const list = element('dl');
  for (const [name, value] of pairs) {
    if (value === undefined || value === '') continue;
    list.append(element('dt', {}, name), element('dd', {}, value));
  }
  return list.childElementCount > 0 ? list : null;
}

function issueItem(issue: ReportIssue, rule: ReportRule, showSpot: ShowSpot): HTMLLIElement {
  const related = (issue.related ?? []).map(placeText).join('; ');
  const show = showSpot(issue);
  return element(
    'li',
    {},
    element('span', { class: 'place' }, placeText(issue)),
    issue.message,
    facts([
      ['Expected', issue.expected],
      ['Received', issue.received],
      ['Fix', issue.fix === rule.fix ? undefined : issue.fix],
      ['See also', related],
    ]),
    show && button('Show in the viewer', show, { class: 'show', 'aria-label': `Show in the viewer: ${placeText(issue)}` }),
  );
}

class Sections {
  readonly root = element('div');
  readonly status = element('p', { class: 'quiet', role: 'status' });
  readonly #validation: Validation;
  readonly #showSpot: ShowSpot;
  /** Counts queries: what comes of an earlier one is dropped. */
  #asked = 0;

  constructor(validation: Validation, showSpot: ShowSpot) {
    this.#validation = validation;
    this.#showSpot = showSpot;
  }

  async show(query: IssueQuery): Promise<void> {
    const mine = ++this.#asked;
    const matches = await this.#validation.find(query, kFirst);
    if (mine !== this.#asked) return;
    this.root.setAttribute('aria-busy', 'true');
    this.root.replaceChildren();
    this.status.textContent = `${counted(matches.count, 'issue')} shown, of ${counted(matches.rules.length, 'rule')}`;
    let slice = performance.now();
    for (const found of matches.rules) {
      if (performance.now() - slice > kSliceMs) {
        await new Promise((resolve) => setTimeout(resolve));
        if (mine !== this.#asked) return;
        slice = performance.now();
      }
      const rule = this.#validation.summary.rules.find(({ id }) => id === found.rule);
      if (rule) this.root.append(this.#section(rule, found, query));
    }
    this.root.removeAttribute('aria-busy');
  }

  #section(rule: ReportRule, { count, first }: IssueMatches['rules'][number], query: IssueQuery): HTMLElement {
    const list = element('ol', {}, ...first.map((issue) => issueItem(issue, rule, this.#showSpot)));
    const link = element('a', { href: rule.url, rel: 'noopener' }, rule.url);
    const section = element(
      'section',
      { class: rule.severity },
      element('h2', {}, element('span', { class: 'mark' }, kMarks[rule.severity]), rule.title),
      element('p', { class: 'quiet' }, `${rule.id} · ${rule.appliesTo} · ${counted(rule.count, 'issue')}`),
      list,
    );
    let shown = first.length;
    if (count > shown) {
      const more = button('', () => void further());
      const label = (): void => {
        more.textContent = `Show ${Math.min(kStep, count - shown).toLocaleString('en')} more of ${(count - shown).toLocaleString('en')}`;
      };
      const further = async (): Promise<void> => {
        const from = shown;
        const issues = await this.#validation.page(query, rule.id, from, kStep);
        if (from !== shown) return;
        shown += issues.length;
        const items = issues.map((issue) => issueItem(issue, rule, this.#showSpot));
        list.append(...items);
        if (items[0]) {
          items[0].tabIndex = -1;
          items[0].focus();
        }
        if (shown < count && issues.length > 0) label();
        else more.remove();
      };
      label();
      section.append(more);
    }
    const unlisted = rule.count - count;
    if (unlisted > 0 && !query.text) section.append(element('p', { class: 'quiet' }, `and ${unlisted.toLocaleString('en')} more of the same that are not listed`));
    const details = facts([['Why', rule.why], ['Fix', rule.fix], ['Rule', link], ['Graded because', rule.reason]]);
    if (details) section.append(details);
    return section;
  }
}

/** Severities and parts to be shown, and a text to be found. */
function filters({ rules }: ReportSummary, changed: (query: IssueQuery) => void): HTMLElement {
  const search = element('input', { type: 'search', 'aria-label': 'Find in the report', placeholder: 'Find in the report' });
  const boxes = (['error', 'warning', 'info'] as const).map((severity) => {
    const box = element('input', { type: 'checkbox' });
    box.checked = true;
    const label = element('label', {}, box, ` ${kMarks[severity]}s`);
    label.hidden = !rules.some((rule) => rule.severity === severity);
    return { severity, box, label };
  });
  const modules = [...new Set(rules.map(({ id }) => moduleOf(id)))];
  const select = element('select', { 'aria-label': 'Part of the rules' }, new Option('All rules', ''), ...modules.map((module) => new Option(moduleName(module), module)));
  select.hidden = modules.length < 2;
  const apply = (): void => {
    const severities: Severity[] = boxes.filter(({ box }) => box.checked).map(({ severity }) => severity);
    changed({ severities, module: select.value, text: search.value });
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(apply, kTypingMs);
  });
  for (const { box } of boxes) box.addEventListener('change', apply);
  select.addEventListener('change', apply);
  return element('div', { class: 'filters', role: 'group', 'aria-label': 'What is shown of the report' }, search, select, ...boxes.map(({ label }) => label));
}

/** Filters, how many issues they leave, and these. Nothing where there are none. */
export function reportSections(validation: Validation, showSpot: ShowSpot): HTMLElement[] {
  if (validation.summary.rules.length === 0) return [];
  const sections = new Sections(validation, showSpot);
  void sections.show({});
  return [filters(validation.summary, (query) => void sections.show(query)), sections.status, sections.root];
}
