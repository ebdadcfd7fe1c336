// The tab “Study” of the sidebar: the card of the open image's metadata. Fetched after the first picture;
// what reads metadata, validator.wasm, only once there is some.

import { readStudies, studyCard, type MetadataFile, type Studies } from '../card/studies.ts';
import type { Store } from '../stores/store.ts';
import { filesBeside, filesIn, namedFiles } from './study_files.ts';

export { looksLikeMetadata } from './study_files.ts';

export interface StudyPlaces {
  /** Addresses that are named. With them, nothing else is looked for. */
  readonly metadata?: readonly string[];
  /** The image's address. */
  readonly source?: string;
  /** All that is on this computer. */
  readonly store?: () => Promise<Store>;
  /** Dropped by themselves. */
  readonly files?: readonly File[];
}

function element<K extends keyof HTMLElementTagNameMap>(name: K, attributes: Readonly<Record<string, string>> = {}, text = ''): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

async function find({ metadata = [], source, store, files = [] }: StudyPlaces): Promise<{ readonly files: readonly MetadataFile[]; readonly problems: readonly string[] }> {
  if (files.length > 0) {
    const read = await Promise.all(files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })));
    return { files: read, problems: [] };
  }
  if (metadata.length > 0) return namedFiles(metadata, location.href);
  if (store) return { files: await filesIn(await store()), problems: [] };
  return { files: source ? await filesBeside(source, location.href) : [], problems: [] };
}

/** More cards than this are no card any more. */
const kMostCards = 20;

function cards(studies: Studies): HTMLElement[] {
  const shown = studies.studies.slice(0, kMostCards).map(({ card, badge }, i) =>
    studyCard(card, { badge, headingLevel: i === 0 ? 1 : 2, ...(/[?&]source=/.test(location.search) ? { address: location.href } : {}), exportTo: (format) => studies.exportTo(i, format) }),
  );
  const more = studies.studies.length - shown.length;
  return more > 0 ? [...shown, element('p', { class: 'quiet' }, `and ${more} more studies.`)] : shown;
}

/** “Image” and “Study”; the first call makes them, a later one fills the second anew. */
function tabs(root: HTMLElement): { readonly panel: HTMLElement; select(): void } {
  const [image, before] = [root.querySelector<HTMLElement>(':scope > .image'), root.querySelector<HTMLElement>(':scope > .study')];
  if (!image) throw new Error('expected .image in the sidebar');
  const panel = before ?? element('div', { class: 'study', id: 'study-panel', role: 'tabpanel', 'aria-labelledby': 'study-tab', tabindex: '0' });
  const panels = [image, panel];
  const bar = before ? root.querySelector('[role="tablist"]') : element('div', { role: 'tablist', 'aria-label': 'About' });
  const buttons = before
    ? [...root.querySelectorAll<HTMLButtonElement>(':scope > [role="tablist"] > button')]
    : [element('button', { type: 'button', role: 'tab', id: 'image-tab', 'aria-controls': 'image-panel' }, 'Image'), element('button', { type: 'button', role: 'tab', id: 'study-tab', 'aria-controls': 'study-panel' }, 'Study')];
  const choose = (chosen: number, focus = false): void => {
    buttons.forEach((button, i) => {
      button.setAttribute('aria-selected', String(i === chosen));
      button.tabIndex = i === chosen ? 0 : -1;
      const of = panels[i];
      if (of) of.hidden = i !== chosen;
      if (focus && i === chosen) button.focus();
    });
  };
  if (bar && !before) {
    buttons.forEach((button, i) => {
      button.addEventListener('click', () => choose(i));
      button.addEventListener('keydown', (event) => {
        const to = { ArrowLeft: 1 - i, ArrowRight: 1 - i, Home: 0, End: 1 }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        choose(to, true);
      });
    });
    bar.append(...buttons);
    Object.entries({ id: 'image-panel', role: 'tabpanel', 'aria-labelledby': 'image-tab' }).forEach(([name, value]) => image.setAttribute(name, value));
    root.classList.add('tabbed');
    root.prepend(bar);
    root.append(panel);
    choose(0);
  }
  return { panel, select: () => choose(1) };
}

let current: Studies | null = null;

/**
 * Shows the study in `root`, the sidebar, if there is one. `wanted`: says whether the image is still the open
 * one. What somebody named is shown at once, and what is wrong with it is said; what was found is a tab.
 */
export async function showStudy(root: HTMLElement, places: StudyPlaces, wanted: () => boolean): Promise<void> {
  const asked = (places.metadata?.length ?? 0) + (places.files?.length ?? 0) > 0;
  const found = await find(places);
  if (!wanted() || (found.files.length === 0 && !asked)) return;
  const problems = [...found.problems];
  let studies: Studies | null = null;
  if (found.files.length > 0) {
    try {
      studies = await readStudies(found.files);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (!wanted()) return studies?.close();
  if (studies?.studies.length === 0) {
    studies.close();
    studies = null;
    if (asked) problems.push(`Expected metadata that is known (bia-agent, PageTab, RO-Crate, MIFA, Croissant and others), received ${found.files.map(({ name }) => name).join(', ')}.`);
  }
  if (!studies && !asked) return;
  current?.close();
  current = studies;
  const { panel, select } = tabs(root);
  panel.replaceChildren(...problems.map((problem) => element('p', { class: 'problem', role: 'alert' }, problem)), ...(studies ? cards(studies) : []));
  if (asked) select();
}
