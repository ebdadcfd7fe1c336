// The stand-alone page: ?source=URL opens a dataset; folders and zips of this computer are chosen or
// dropped. Without either, the page says what it is and offers the sample study if this server has one.

import '../element.ts';
import type { MifaScopeElement } from '../element.ts';
import type { ViewerError, ViewerState } from '../state.ts';
import type { Dropped } from '../stores/dropped.ts';
import { kRasterName } from '../stores/late.ts';
import type { Store } from '../stores/store.ts';
import { detailsOf, titleOf } from './details.ts';
import { listenForDrops, showDropped, wholeDrop } from './local.ts';
import { offerLink } from './share_link.ts';
import { imageSidebar, type Sidebar } from './sidebar.ts';
import type { StudyPlaces } from './study_tab.ts';
import { welcome } from './welcome.ts';

interface Parts {
  readonly main: HTMLElement;
  readonly input: HTMLInputElement;
  readonly toggle: HTMLButtonElement;
  readonly share: HTMLButtonElement;
  readonly check: HTMLButtonElement;
}

/** Counts what was shown: a folder that is read slowly must not replace what came after it. */
let shown = 0;

/** The open image's element and what is beside it, for what is dropped over it. */
let open: MifaScopeElement | null = null;
let beside: Sidebar | null = null;

/** The study's metadata, once the image is drawn, or will not be. */
function showStudyOf(scope: MifaScopeElement, sidebar: Sidebar, places: StudyPlaces): void {
  const look = (event: Event): void => {
    const { stage, outstanding } = (event as CustomEvent<ViewerState>).detail;
    if (stage !== 'failed' && (stage !== 'showing' || outstanding > 0)) return;
    scope.removeEventListener('statechange', look);
    void import('./study_tab.ts').then(({ showStudy }) => showStudy(sidebar.root, places, () => open === scope));
  };
  scope.addEventListener('statechange', look);
}

function showImage({ main, toggle }: Parts, places: StudyPlaces, prepare: (scope: MifaScopeElement) => void): void {
  const scope = document.createElement('mifa-scope');
  const sidebar = imageSidebar(toggle);
  let key = '';
  scope.addEventListener('statechange', (event) => {
    const state = (event as CustomEvent<ViewerState>).detail;
    const content = detailsOf(state);
    if (content.key === key) return;
    key = content.key;
    sidebar.facts.replaceChildren(...content.build());
    document.title = `${titleOf(state)} · Mifascope`;
  });
  scope.annotationPlace = sidebar.annotations;
  prepare(scope);
  main.replaceChildren(scope, sidebar.root);
  open = scope;
  beside = sidebar;
  showStudyOf(scope, sidebar, places);
}

/** A study's document, by its address: no image is called so. */
const kDocument = /\.(ya?ml|json|jsonld|tsv|csv|xlsx)([?#]|$)/i;
const kZarrFile = /\/(zarr\.json|\.z\w+)([?#]|$)/;
const kImage = /\.(zarr|ozx|zip|tiff?|btf|png|jpe?g)\/?([?#|]|$)/i;

/** The study that is open, and what keeps it and the address the same. */
let study: { readonly source: string | null; readonly end: () => void } | null = null;

function closeStudy(): void {
  study?.end();
  study = null;
}

/** A gallery of its images. `failed` hears when there is no study: then nothing was shown. */
async function showStudyPage({ main }: Parts, source: string | Store, mine: number, failed?: () => void): Promise<void> {
  const { keepAddress } = await import('../study/study.ts');
  if (mine !== shown) return;
  const gallery = document.createElement('mifa-study');
  closeStudy();
  study = { source: typeof source === 'string' ? source : new URLSearchParams(location.search).get('local'), end: keepAddress(gallery, (title) => (document.title = `${title} · Mifascope`)) };
  const show = (): void => {
    if (mine === shown) main.replaceChildren(gallery);
  };
  if (typeof source === 'string') gallery.setAttribute('source', source);
  else gallery.store = source;
  if (!failed) return show();
  // Out of sight until it is known to be one.
  gallery.hidden = true;
  main.append(gallery);
  gallery.addEventListener('studyopened', () => {
    gallery.hidden = false;
    show();
  }, { once: true });
  gallery.addEventListener('error', () => {
    gallery.remove();
    closeStudy();
    failed();
  }, { once: true });
}

/** What goes wrong is said over the image. */
function layOver(scope: MifaScopeElement, files: readonly File[]): void {
  const pictures = files.filter(({ name }) => kRasterName.test(name));
  const rest = files.filter((file) => !pictures.includes(file));
  if (rest.length > 0) void layAnnotations(scope, rest);
  if (pictures.length === 0) return;
  void import('../stores/dropped.ts').then(async ({ openLabels }) => {
    const film = (scope.viewer?.state.image?.frames ?? 1) > 1;
    for (const { name, store } of await openLabels(pictures, film)) scope.addLabels(name, store);
  });
}

/** Metadata among them is the study's, and goes beside the image. */
async function layAnnotations(scope: MifaScopeElement, files: readonly File[]): Promise<void> {
  const { looksLikeMetadata, showStudy } = await import('./study_tab.ts');
  const metadata = await Promise.all(files.map(looksLikeMetadata));
  const rest = files.filter((_, i) => !metadata[i]);
  if (rest.length > 0) void scope.addAnnotationFiles(rest).catch(() => undefined);
  if (rest.length < files.length && beside && open === scope) void showStudy(beside.root, { files: files.filter((_, i) => metadata[i]) }, () => open === scope);
}

async function receive(parts: Parts, dropped: Dropped): Promise<void> {
  const scope = open;
  const { askAboutPictures, sortDrop } = await import('./dropped_kinds.ts');
  const { image, overlays } = await sortDrop(dropped, scope !== null, askAboutPictures);
  // What is checked is all that was dropped, annotations and metadata too.
  if (image) showDropped((name, opening) => showLocal(parts, name, opening, () => wholeDrop(dropped), overlays), image);
  else if (scope && scope === open) layOver(scope, overlays);
  else if (overlays.length > 0) sayImageFirst(parts.main, overlays);
}

/** Annotations without an image to lay them over. */
function sayImageFirst(main: HTMLElement, files: readonly File[]): void {
  const names = files.length === 1 ? `“${files[0]?.name}” is` : `These ${files.length} files are`;
  const note = document.createElement('p');
  note.className = 'first';
  note.setAttribute('role', 'alert');
  note.textContent = `${names} laid over an image: open the image first, or drop both together.`;
  main.querySelector('.first')?.remove();
  main.querySelector('.local')?.append(note);
}

/** “Check this dataset”: the report takes the place of the image until it is closed. `again` shows what had not come by then. */
function offerCheck(parts: Parts, name: string, open: () => Promise<string | Store>, again?: () => void): void {
  const { main, check, toggle } = parts;
  check.hidden = false;
  check.onclick = async () => {
    const mine = ++shown;
    const before = [...main.childNodes];
    const toggled = toggle.hidden;
    const title = document.title;
    const { showReport } = await import('./report.ts');
    if (mine !== shown) return;
    check.hidden = toggle.hidden = true;
    document.title = `Check of ${name} · Mifascope`;
    showReport(main, name, open, () => {
      if (mine !== shown) return;
      check.hidden = false;
      toggle.hidden = toggled;
      document.title = title;
      if (again && before.some((node) => node instanceof HTMLElement && node.matches('.reading'))) again();
      else main.replaceChildren(...before);
      check.focus();
    });
  };
}

function showLocal(parts: Parts, name: string, opening: Promise<Store>, whole: () => Promise<Store>, overlays: readonly File[] = []): void {
  const { input, toggle, share } = parts;
  const reveal = (): void => revealLocal(parts, name, opening, whole, overlays);
  offerCheck(parts, name, whole, reveal);
  input.value = '';
  toggle.hidden = share.hidden = true;
  document.title = `${name} · Mifascope`;
  // An address of its own, so that “back” leads to what was there before.
  const address = new URL(location.href);
  address.search = '';
  address.searchParams.set('local', name);
  history.pushState(null, '', address);
  reveal();
}

function revealLocal(parts: Parts, name: string, opening: Promise<Store>, whole: () => Promise<Store>, overlays: readonly File[]): void {
  const mine = ++shown;
  open = null;
  closeStudy();
  const { main } = parts;
  const note = document.createElement('p');
  note.className = 'reading';
  note.setAttribute('role', 'status');
  note.textContent = `Looking into ${name} …`;
  main.replaceChildren(note);
  opening.then(
    async (store) => {
      const all = await whole();
      const several = !store.oneImage && await import('../study/study.ts').then(({ isStudyFolder }) => isStudyFolder(all)).catch(() => false);
      if (mine !== shown) return;
      if (several) return showStudyPage(parts, all, mine);
      showImage(parts, { store: whole }, (scope) => (scope.store = store));
      if (open) layOver(open, overlays);
    },
    (error: unknown) => {
      if (mine === shown) note.textContent = `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}. Open it again.`;
    },
  );
}

function showAddress(parts: Parts): void {
  const query = new URLSearchParams(location.search);
  const source = query.get('source');
  const gallery = query.get('study') ?? (source && kDocument.test(source) && !kZarrFile.test(source) ? source : null);
  // A step within the study, which takes it itself.
  const here = gallery ?? query.get('local');
  if (here !== null && study?.source === here) return;
  closeStudy();
  const mine = ++shown;
  open = null;
  parts.input.value = gallery ?? source ?? '';
  parts.toggle.hidden = true;
  parts.share.hidden = !source;
  parts.check.hidden = true;
  if (gallery) {
    parts.share.hidden = true;
    return void showStudyPage(parts, gallery, mine);
  }
  if (source) {
    const annotations = query.getAll('annotation').map((address) => address.trim().replaceAll(/\s/g, '%20'));
    offerCheck(parts, source, () => Promise.resolve(source));
    return showImage(parts, { metadata: query.getAll('metadata'), source }, (scope) => {
      const view = query.get('view');
      if (view) scope.setAttribute('view', view);
      if (annotations.length > 0) scope.annotations = annotations.join(' ');
      const labels = query.getAll('labels');
      if (labels.length > 0) scope.setAttribute('labels', labels.join(' '));
      scope.setAttribute('src', source);
      // A folder that is no image may be a study's.
      if (kImage.test(source)) return;
      scope.addEventListener('error', (event: Event) => {
        if ((event as CustomEvent<ViewerError>).detail.code === 'missing') void showStudyPage(parts, source, mine, () => undefined);
      }, { once: true });
    });
  }
  document.title = 'Mifascope';
  void welcome((name, opening, whole) => showLocal(parts, name, opening, whole), query.get('local')).then((content) => {
    if (mine === shown) parts.main.replaceChildren(content);
  });
}

function start(): void {
  const main = document.querySelector('main');
  const input = document.querySelector<HTMLInputElement>('#source');
  const toggle = document.querySelector<HTMLButtonElement>('#details-toggle');
  const share = document.querySelector<HTMLButtonElement>('#share');
  const check = document.querySelector<HTMLButtonElement>('#check');
  if (!main || !input || !toggle || !share || !check) return;
  const parts = { main, input, toggle, share, check };
  offerLink(share, () => document.querySelector('mifa-scope'));
  showAddress(parts);
  addEventListener('popstate', () => showAddress(parts));
  listenForDrops(
    (dropped) => void receive(parts, dropped),
    (address) => location.assign(`?source=${encodeURIComponent(address)}`),
  );
}

start();
