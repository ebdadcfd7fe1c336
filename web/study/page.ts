// study.html?source=…: a study on a page of its own, or in a frame.

import '../element.ts';

const main = document.querySelector('main');
const source = new URLSearchParams(location.search).get('source');

if (main && source) {
  const { keepAddress } = await import('./study.ts');
  const study = document.createElement('mifa-study');
  keepAddress(study, (title) => (document.title = `${title} · Mifascope`));
  study.setAttribute('source', source);
  main.replaceChildren(study);
}
