// Where one is in a study, in the page's address: ?source=…&folder=…&image=…&beside=…&type=…&class=…&split=…&find=…

import type { Choice } from './facets.ts';
import type { MifaStudyElement, StudyState } from './study.ts';

const kFacets: readonly string[] = ['type', 'class', 'split'];

export function stateOf(query: URLSearchParams): StudyState {
  const choice: Choice = Object.fromEntries(kFacets.map((facet) => [facet, query.getAll(facet)]).filter(([, values]) => (values as string[]).length > 0));
  return { folder: query.get('folder'), image: query.get('image'), beside: query.get('beside') ?? '', choice, search: query.get('find') ?? '' };
}

/** The address with a state in it; what else is in the address stays. */
export function addressWith(address: URL, { folder, image, beside, choice, search }: StudyState): URL {
  const url = new URL(address);
  for (const name of ['folder', 'image', 'beside', 'find', ...kFacets]) url.searchParams.delete(name);
  if (folder !== null) url.searchParams.set('folder', folder);
  if (image !== null) url.searchParams.set('image', image);
  if (beside !== '') url.searchParams.set('beside', beside);
  if (search !== '') url.searchParams.set('find', search);
  for (const [facet, values] of Object.entries(choice)) for (const value of values) url.searchParams.append(facet, value);
  return url;
}

/** Keeps the address and the element's state the same, until the function that is returned is called. */
export function keepAddress(study: MifaStudyElement, titled: (title: string) => void): () => void {
  study.state = stateOf(new URLSearchParams(location.search));
  const title = (): void => {
    const { state, study: read } = study;
    const image = read?.images.find(({ path }) => path === state.image);
    if (read) titled(image ? `${image.name} · ${read.title}` : read.title);
  };
  const going = (event: Event): void => {
    const { state, replace } = (event as CustomEvent<{ state: StudyState; replace: boolean }>).detail;
    const address = addressWith(new URL(location.href), state);
    if (replace) history.replaceState(null, '', address);
    else history.pushState(null, '', address);
    title();
  };
  const back = (): void => {
    study.state = stateOf(new URLSearchParams(location.search));
    title();
  };
  study.addEventListener('navigate', going);
  study.addEventListener('studyopened', title);
  addEventListener('popstate', back);
  return () => {
    study.removeEventListener('navigate', going);
    study.removeEventListener('studyopened', title);
    removeEventListener('popstate', back);
  };
}
