// What is wrong with an annotation file: what, where, expected and received, and what to do.

import type { DatasetIssue } from '../../state.ts';
import type { LayerInfo } from '../layer.ts';
import { element, fold, foreign } from './dom.ts';
import { counted, place, whole } from './words.ts';

const kRank = { error: 0, warning: 1, info: 2 } as const;
const kSeverity = { error: 'Error', warning: 'Warning', info: 'Note' } as const;
const kImagesListed = 100;

function issueItem(issue: DatasetIssue): HTMLElement {
  const { severity, message, expected, received, fix } = issue;
  const where = place(issue);
  // Messages often say both already.
  const told = expected !== '' && message.includes(expected);
  return element(
    'li',
    { class: `issue ${severity}` },
    element('p', {}, element('strong', {}, `${kSeverity[severity]}: `), foreign(message)),
    !told && (expected || received)
      ? element('p', {}, expected && element('span', {}, 'Expected ', foreign(expected)), expected && received ? ', ' : '', received && element('span', {}, expected ? 'received ' : 'Received ', foreign(received)), '.')
      : null,
    fix ? element('p', {}, foreign(fix)) : null,
    where ? element('p', { class: 'quiet' }, foreign(where)) : null,
  );
}

export function issueSection({ issues, issuesUntold }: LayerInfo): HTMLElement {
  const list = element('ul', { class: 'plain issues' }, ...[...issues].sort((a, b) => kRank[a.severity] - kRank[b.severity]).map(issueItem));
  return element('div', { class: 'section' }, list, issuesUntold > 0 && element('p', { class: 'quiet' }, `${whole(issuesUntold)} more of the same kinds are not listed.`));
}

/** "2 errors, 1 warning"; empty when there is nothing to say. */
export function issueSummary({ issues, issuesUntold }: Pick<LayerInfo, 'issues' | 'issuesUntold'>): string {
  const of = (severity: DatasetIssue['severity']): number => issues.filter((issue) => issue.severity === severity).length;
  const [errors, warnings, notes] = [of('error'), of('warning'), of('info')];
  const more = issuesUntold > 0 ? ' and more' : '';
  if (errors + warnings === 0) return notes > 0 ? counted(notes, 'note') + more : '';
  return [errors > 0 ? counted(errors, 'error') : '', warnings > 0 ? counted(warnings, 'warning') : ''].filter(Boolean).join(', ') + more;
}

/** What the file has of other images. */
export function elsewhereSection({ elsewhere, images }: LayerInfo): HTMLElement | null {
  if (elsewhere === 0 && images.length < 2) return null;
  const text =
    elsewhere > 0
      ? `This file also has ${counted(elsewhere, 'object')} of ${images.length > 1 ? counted(images.length - 1, 'other image') : 'other images'}. They are not shown here.`
      : `This file names ${counted(images.length, 'image')}.`;
  const names = images.slice(0, kImagesListed).map((name) => element('li', {}, foreign(name)));
  if (images.length > kImagesListed) names.push(element('li', { class: 'quiet' }, `and ${whole(images.length - kImagesListed)} more`));
  return element('div', { class: 'section' }, element('p', {}, text), images.length > 0 ? fold('Images it names', false, element('ul', { class: 'plain names' }, ...names)) : null);
}
