// The issues of a report, held by the worker: the page asks for the few that it shows. A report on 100,000
// files can have as many issues, which would stop the page while they are copied and searched there.

import type { Report, ReportIssue, Severity } from './report.ts';

/** Which issues; all of them by default. */
export interface IssueQuery {
  readonly severities?: readonly Severity[];
  /** The first part of the rule's id: "ome-zarr", "mifa". */
  readonly module?: string;
  /** To be found in the rule, the message or the place; case does not matter. */
  readonly text?: string;
}

/** Of one rule. */
export interface RuleMatches {
  readonly rule: string;
  readonly count: number;
  readonly first: readonly ReportIssue[];
}

export interface IssueMatches {
  readonly count: number;
  /** Rules that have any, in the report's order. */
  readonly rules: readonly RuleMatches[];
}

function moduleOf(rule: string): string {
  return rule.slice(0, rule.indexOf('/'));
}

function haystack({ message, file, pointer, line, row, expected, received, fix }: ReportIssue): string {
  return [message, file, pointer, line && `line ${line}`, row && `row ${row}`, expected, received, fix].filter(Boolean).join('\n').toLowerCase();
}

export class IssueBook {
  readonly #report: Report;
  readonly #byRule = new Map<string, ReportIssue[]>();
  /** The last query's, by rule. */
  #asked = '';
  #found = new Map<string, ReportIssue[]>();

  constructor(report: Report) {
    this.#report = report;
    for (const issue of report.issues) {
      const list = this.#byRule.get(issue.rule);
      if (list) list.push(issue);
      else this.#byRule.set(issue.rule, [issue]);
    }
  }

  /** With the first `each` of every rule. */
  find(query: IssueQuery, each: number): IssueMatches {
    const found = this.#search(query);
    const rules = [...found].map(([rule, issues]) => ({ rule, count: issues.length, first: issues.slice(0, each) }));
    return { count: rules.reduce((sum, { count }) => sum + count, 0), rules };
  }

  /** Further ones of one rule. */
  page(query: IssueQuery, rule: string, from: number, count: number): readonly ReportIssue[] {
    return (this.#search(query).get(rule) ?? []).slice(from, from + count);
  }

  #search(query: IssueQuery): ReadonlyMap<string, ReportIssue[]> {
    const asked = JSON.stringify(query);
    if (asked === this.#asked) return this.#found;
    const { severities, module = '', text = '' } = query;
    const wanted = text.trim().toLowerCase();
    const found = new Map<string, ReportIssue[]>();
    for (const rule of this.#report.rules) {
      if (severities && !severities.includes(rule.severity)) continue;
      if (module !== '' && moduleOf(rule.id) !== module) continue;
      const issues = this.#byRule.get(rule.id) ?? [];
      const all = wanted === '' || `${rule.id}\n${rule.title}`.toLowerCase().includes(wanted);
      const matching = all ? issues : issues.filter((issue) => haystack(issue).includes(wanted));
      if (matching.length > 0) found.set(rule.id, matching);
    }
    this.#asked = asked;
    this.#found = found;
    return found;
  }
}
