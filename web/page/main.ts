// The stand-alone page: ?source=URL opens a dataset; folders and zips of this computer are chosen or
// dropped. Without either, the page says what it is and offers the sample study if this server has one.

import '../element.ts';
import type { MifaScopeElement } from '../element.ts';
import type { ViewerState } from '../state.ts';
import type { Store } from '../stores/store.ts';
import { detailsOf, titleOf } from './details.ts';
import { listenForDrops } from './local.ts';
import { offerLink } from './share_link.ts';
import { welcome } from './welcome.ts';

/** Below this width the details come after the image and are always shown. */
const kNarrow = '(max-width: 760px)';

interface Parts {
  readonly main: HTMLElement;
  readonly input: HTMLInputElement;
  readonly toggle: HTMLButtonElement;
  readonly share: HTMLButtonElement;
}

/** Counts what was shown: a folder that is read slowly must not replace what came after it. */
let shown = 0;

function showImage({ main, toggle }: Parts, open: (scope: MifaScopeElement) => void): void {
  const scope = document.createElement('mifa-scope');
  const details = document.createElement('aside');
  details.id = 'details';
  details.setAttribute('aria-label', 'About this image');
  toggle.hidden = matchMedia(kNarrow).matches;
  toggle.setAttribute('aria-expanded', 'true');
  toggle.onclick = () => {
    details.hidden = !details.hidden;
    toggle.setAttribute('aria-expanded', String(!details.hidden));
  };
  let key = '';
  scope.addEventListener('statechange', (event) => {
    const state = (event as CustomEvent<ViewerState>).detail;
    const content = detailsOf(state);
    if (content.key === key) return;
    key = content.key;
    details.replaceChildren(...content.build());
    document.title = `${titleOf(state)} · Mifascope`;
  });
  open(scope);
  main.replaceChildren(scope, details);
}

function showLocal(parts: Parts, name: string, opening: Promise<Store>): void {
  const mine = ++shown;
  const { main, input, toggle, share } = parts;
  input.value = '';
  toggle.hidden = share.hidden = true;
  document.title = `${name} · Mifascope`;
  // An address of its own, so that “back” leads to what was there before.
  const address = new URL(location.href);
  address.search = '';
  address.searchParams.set('local', name);
  history.pushState(null, '', address);
  const note = document.createElement('p');
  note.className = 'reading';
  note.setAttribute('role', 'status');
  note.textContent = `Looking into ${name} …`;
  main.replaceChildren(note);
  opening.then(
    (store) => {
      if (mine === shown) showImage(parts, (scope) => (scope.store = store));
    },
    (error: unknown) => {
      if (mine === shown) note.textContent = `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}. Open it again.`;
    },
  );
}

function showAddress(parts: Parts): void {
  const mine = ++shown;
  const query = new URLSearchParams(location.search);
  const source = query.get('source');
  parts.input.value = source ?? '';
  parts.toggle.hidden = true;
  parts.share.hidden = !source;
  if (source) {
    return showImage(parts, (scope) => {
      const view = query.get('view');
      if (view) scope.setAttribute('view', view);
      scope.setAttribute('src', source);
    });
  }
  document.title = 'Mifascope';
  void welcome((name, opening) => showLocal(parts, name, opening), query.get('local')).then((content) => {
    if (mine === shown) parts.main.replaceChildren(content);
  });
}

function start(): void {
  const main = document.querySelector('main');
  const input = document.querySelector<HTMLInputElement>('#source');
  const toggle = document.querySelector<HTMLButtonElement>('#details-toggle');
  const share = document.querySelector<HTMLButtonElement>('#share');
  if (!main || !input || !toggle || !share) return;
  const parts = { main, input, toggle, share };
  offerLink(share, () => document.querySelector('mifa-scope'));
  showAddress(parts);
  addEventListener('popstate', () => showAddress(parts));
  listenForDrops(
    (name, opening) => showLocal(parts, name, opening),
    (address) => location.assign(`?source=${encodeURIComponent(address)}`),
  );
}

start();
