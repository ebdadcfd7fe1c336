// What the page shows when no dataset is named.

import { localButtons, type ShowLocal } from './local.ts';

interface SampleAnnotation {
  /** Relative to the index; within the image's own path for its masks, which are shown with it. */
  readonly path: string;
  readonly title: string;
  readonly format: string;
}

interface SampleImage {
  readonly path: string;
  readonly title: string;
  readonly description?: string;
  readonly annotations?: readonly SampleAnnotation[];
}

interface SampleIndex {
  readonly title: string;
  readonly description?: string;
  /** Its metadata and the list of its files, relative to the index. */
  readonly mifa?: string;
  readonly file_list?: string;
  readonly images: readonly SampleImage[];
}

function element(name: string, text: string, className = ''): HTMLElement {
  const result = document.createElement(name);
  result.textContent = text;
  if (className) result.className = className;
  return result;
}

/** `metadata`: of the study it is part of. `over`: what is laid over it; image files and OME-Zarr are masks. */
function sampleLink(text: string, source: URL, metadata: readonly URL[], over?: { readonly url: URL; readonly mask: boolean }): HTMLAnchorElement {
  const link = element('a', text) as HTMLAnchorElement;
  const target = new URL(location.href);
  target.search = '';
  target.searchParams.set('source', source.href);
  for (const { href } of metadata) target.searchParams.append('metadata', href);
  if (over) target.searchParams.set(over.mask ? 'labels' : 'annotation', over.url.href);
  link.href = target.href;
  return link;
}

/** Each annotation of a sample over its image. */
function annotationLinks(image: SampleImage, index: URL, metadata: readonly URL[]): HTMLElement[] {
  const { annotations = [], path, title } = image;
  if (annotations.length === 0) return [];
  const list = element('ul', '', 'chips');
  list.setAttribute('aria-label', `${title}, with annotations`);
  const source = new URL(path, index);
  for (const { path: own, title: name, format } of annotations) {
    const link = sampleLink(name, source, metadata, own.startsWith(`${path}/`) ? undefined : { url: new URL(own, index), mask: format.startsWith('OME-') });
    link.append(' ', element('span', format));
    const item = document.createElement('li');
    item.append(link);
    list.append(item);
  }
  return [list];
}

async function sampleList(): Promise<HTMLElement[]> {
  const url = new URL('sample/index.json', location.href);
  const reply = await fetch(url).catch(() => null);
  if (!reply?.ok || !/json/.test(reply.headers.get('Content-Type') ?? '')) return [];
  const index = (await reply.json()) as SampleIndex;
  const metadata = [index.mifa, index.file_list].filter((path) => path !== undefined).map((path) => new URL(path, url));
  const list = element('ul', '', 'samples');
  for (const image of index.images) {
    const item = document.createElement('li');
    item.append(sampleLink(image.title, new URL(image.path, url), metadata));
    if (image.description) item.append(element('div', image.description, 'quiet'));
    item.append(...annotationLinks(image, url, metadata));
    list.append(item);
  }
  const crate = new URL(location.href);
  crate.search = '';
  crate.searchParams.set('study', new URL('ro-crate-metadata.json', url).href);
  const gallery = document.createElement('p');
  const link = element('a', 'All of it as a study: a gallery with its card, filters and charts') as HTMLAnchorElement;
  link.href = crate.href;
  gallery.append(link);
  return [element('h2', index.title), gallery, list];
}

/** `forgotten`: what was open before the page was loaded anew, which no page can open by itself. */
function localPart(show: ShowLocal, forgotten: string | null): HTMLElement {
  const part = element('section', '', 'local');
  const buttons = element('div', '', 'buttons');
  buttons.append(...localButtons(show));
  part.append(element('h2', 'From this computer'));
  if (forgotten) {
    part.append(element('p', `“${forgotten}” was open here. It is on your computer, where a page cannot look by itself: open it again.`));
  }
  part.append(
    buttons,
    element('p', 'Or drop an OME-Zarr folder, a zip (.zip, .ozx), an image file (TIFF, OME-TIFF, PNG, JPEG) or a folder of numbered images anywhere on this page. It stays on your computer: nothing is uploaded.', 'quiet'),
  );
  return part;
}

export async function welcome(show: ShowLocal, forgotten: string | null): Promise<HTMLElement> {
  const section = element('section', '', 'welcome');
  section.append(
    element('h1', 'Look at microscopy images where they are'),
    element(
      'p',
      'Give the URL of an OME-Zarr image above: https://…, s3://…, gs://…, or the source string of another viewer. It is read piece by piece, straight from its server, and decoded in this page. Nothing is sent anywhere.',
    ),
    localPart(show, forgotten),
    ...(await sampleList().catch(() => [])),
  );
  return section;
}
