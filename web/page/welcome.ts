// What the page shows when no dataset is named.

interface SampleIndex {
  readonly title: string;
  readonly description?: string;
  readonly images: readonly { readonly path: string; readonly title: string; readonly description?: string }[];
}

function element(name: string, text: string, className = ''): HTMLElement {
  const result = document.createElement(name);
  result.textContent = text;
  if (className) result.className = className;
  return result;
}

async function sampleList(): Promise<HTMLElement[]> {
  const url = new URL('sample/index.json', location.href);
  const reply = await fetch(url).catch(() => null);
  if (!reply?.ok || !/json/.test(reply.headers.get('Content-Type') ?? '')) return [];
  const index = (await reply.json()) as SampleIndex;
  const list = document.createElement('ul');
  for (const image of index.images) {
    const link = element('a', image.title) as HTMLAnchorElement;
    const target = new URL(location.href);
    target.search = '';
    target.searchParams.set('source', new URL(image.path, url).href);
    link.href = target.href;
    const item = document.createElement('li');
    item.append(link);
    if (image.description) item.append(element('div', image.description, 'quiet'));
    list.append(item);
  }
  return [element('h2', index.title), list];
}

export async function welcome(): Promise<HTMLElement> {
  const section = element('section', '', 'welcome');
  section.append(
    element('h1', 'Look at microscopy images where they are'),
    element(
      'p',
      'Give the URL of an OME-Zarr image above. It is read piece by piece, straight from its server, and decoded in this page. Nothing is sent anywhere.',
    ),
    ...(await sampleList()),
  );
  return section;
}
