// The stand-alone page: ?source=URL opens a dataset; without it, the page says what it is and offers
// the sample study if this server has one.

import '../element.ts';
import type { ViewerState } from '../state.ts';
import { detailsOf, titleOf } from './details.ts';
import { welcome } from './welcome.ts';

/** Below this width the details come after the image and are always shown. */
const kNarrow = '(max-width: 760px)';

function start(): void {
  const main = document.querySelector('main');
  const input = document.querySelector<HTMLInputElement>('#source');
  const toggle = document.querySelector<HTMLButtonElement>('#details-toggle');
  if (!main || !input || !toggle) return;
  const source = new URLSearchParams(location.search).get('source');
  if (!source) {
    void welcome().then((content) => main.replaceChildren(content));
    return;
  }
  input.value = source;
  const scope = document.createElement('mifa-scope');
  scope.setAttribute('src', source);
  const details = document.createElement('aside');
  details.id = 'details';
  details.setAttribute('aria-label', 'About this image');
  toggle.hidden = matchMedia(kNarrow).matches;
  toggle.addEventListener('click', () => {
    details.hidden = !details.hidden;
    toggle.setAttribute('aria-expanded', String(!details.hidden));
  });
  let shown = '';
  scope.addEventListener('statechange', (event) => {
    const state = (event as CustomEvent<ViewerState>).detail;
    const content = detailsOf(state);
    if (content.key === shown) return;
    shown = content.key;
    details.replaceChildren(...content.build());
    document.title = `${titleOf(state)} · Mifascope`;
  });
  main.replaceChildren(scope, details);
}

start();
