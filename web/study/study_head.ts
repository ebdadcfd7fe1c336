// What stands above the gallery: which study it is, its card, what was guessed, and what is wrong with what
// its documents say.

import { studyCard } from '../card/study_card.ts';
import { element, foreign } from '../annotations/panel/dom.ts';
import type { DatasetIssue } from '../state.ts';
import type { Study } from './model.ts';
import type { OpenedStudy } from './opened_studies.ts';
import { counted } from './words.ts';

/** Issues and files that are listed; the report of “Check this dataset” has all of them. */
const kMostLines = 50;

export interface StudyHeadOptions {
  /** The study that is shown, and all that there are to choose from. */
  readonly opened: OpenedStudy;
  readonly studies: readonly OpenedStudy[];
  readonly choose: (folder: string) => void;
  /** Where this page can be seen by others; '' where it cannot. */
  readonly address: () => string;
  /** What is said of the way here. */
  readonly notes: readonly string[];
}

export function studyHead(options: StudyHeadOptions): HTMLElement[] {
  const { study } = options.opened;
  return [titled(study, chooser(options)), ...about(options), ...notes([...options.notes, ...study.notes]), ...issues(study), ...unpaired(study)];
}

function titled({ title, images, annotations, containers }: Study, choice: HTMLElement | null): HTMLElement {
  const read = containers.map(({ name, file }) => `${file} (${name})`);
  const from = read.length === 0 ? '' : ` Read from ${read.slice(0, 3).join(', ')}${read.length > 3 ? ` and ${read.length - 3} more` : ''}.`;
  return element('header', { class: 'head' },
    choice,
    element('h1', {}, foreign(title)),
    element('p', { class: 'quiet' }, `${counted(images.length, 'image')}, ${counted(annotations.length, 'annotation file')}.${from}`),
  );
}

/** Only where there is a choice. */
function chooser({ opened, studies, choose }: StudyHeadOptions): HTMLElement | null {
  if (studies.length < 2) return null;
  const select = element('select', {}, ...studies.map(({ folder, study }) => new Option(`${study.title} · ${folder || 'this folder'} · ${counted(study.images.length, 'image')}`, folder)));
  select.value = opened.folder;
  select.addEventListener('change', () => choose(select.value));
  return element('label', { class: 'which' }, element('span', {}, `${studies.length} studies are here`), select);
}

function about({ opened, address }: StudyHeadOptions): HTMLElement[] {
  const { study: { card, badge }, exportTo } = opened;
  if (!card || !badge) return [];
  const fold = element('details', { class: 'about' }, element('summary', {}, 'About this study', element('span', { class: `badge ${badge.colour}`, title: badge.alternative }, `MIFA: ${badge.text}`)));
  // Long, and not needed for the first look.
  fold.addEventListener('toggle', () => {
    fold.append(element('div', { class: 'card' }, studyCard(card, { badge, headingLevel: 2, address: address(), ...(exportTo ? { exportTo } : {}) })));
  }, { once: true });
  return [fold];
}

function notes(sentences: readonly string[]): HTMLElement[] {
  return sentences.length > 0 ? [element('ul', { class: 'notes' }, ...sentences.map((note) => element('li', {}, foreign(note))))] : [];
}

function issues(study: Study): HTMLElement[] {
  const grave = [...study.issues].filter(({ severity }) => severity !== 'info').sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));
  if (grave.length === 0) return [];
  const errors = grave.filter(({ severity }) => severity === 'error').length;
  const parts = [errors > 0 ? counted(errors, 'error') : '', grave.length > errors ? counted(grave.length - errors, 'warning') : ''].filter(Boolean);
  return [said(`The metadata has ${parts.join(' and ')}`, 'Issues', grave, issueLine)];
}

function unpaired({ unpaired: files, annotations }: Study): HTMLElement[] {
  if (files.length === 0) return [];
  return [said(`${counted(files.length, 'annotation file')} of no image`, 'Annotation files of no image', files, (index) => {
    const one = annotations[index];
    return element('li', {}, foreign(one?.path ?? ''), one && one.unknown.length > 0 ? element('span', { class: 'quiet' }, ` names the image “${one.unknown.join('”, “')}”, which the study does not have.`) : '');
  })];
}

function said<T>(title: string, name: string, items: readonly T[], line: (item: T) => HTMLElement): HTMLElement {
  const more = items.length > kMostLines ? [element('li', { class: 'quiet' }, `… and ${(items.length - kMostLines).toLocaleString('en')} more.`)] : [];
  return element('details', { class: 'said' }, element('summary', {}, title), element('ul', { tabindex: 0, 'aria-label': name }, ...items.slice(0, kMostLines).map(line), ...more));
}

function issueLine({ severity, message, file, line, row, pointer, fix }: DatasetIssue): HTMLElement {
  const place = [file, line > 0 ? `line ${line}` : '', row ? `row ${row}` : '', pointer].filter(Boolean).join(', ');
  return element('li', { class: severity }, element('b', {}, severity === 'error' ? 'Error: ' : 'Warning: '), foreign(message), fix ? element('span', { class: 'quiet' }, ` ${fix}`) : '', element('span', { class: 'place' }, foreign(place)));
}
