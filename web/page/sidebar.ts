// What is beside the image: its annotations, once there are some, and the facts about it.

export interface Sidebar {
  readonly root: HTMLElement;
  /** For the annotation panel, which shows and hides it. */
  readonly annotations: HTMLElement;
  readonly facts: HTMLElement;
}

/** Below this width the sidebar comes after the image and is always shown. */
const kNarrow = '(max-width: 760px)';

export function imageSidebar(toggle: HTMLButtonElement): Sidebar {
  const root = document.createElement('aside');
  root.id = 'details';
  root.setAttribute('aria-label', 'About this image');
  const annotations = document.createElement('div');
  annotations.className = 'annotations';
  annotations.hidden = true;
  const fold = document.createElement('details');
  fold.open = true;
  const summary = document.createElement('summary');
  // The page's heading while the facts, with the image's name, are folded away.
  const heading = document.createElement('h1');
  heading.textContent = 'About this image';
  summary.append(heading);
  const facts = document.createElement('div');
  facts.className = 'facts';
  fold.append(summary, facts);
  // Beside it, once metadata was met, is what study_tab.ts adds.
  const image = document.createElement('div');
  image.className = 'image';
  image.append(annotations, fold);
  root.append(image);

  const show = (shown: boolean): void => {
    root.hidden = !shown;
    toggle.setAttribute('aria-expanded', String(shown));
  };
  toggle.hidden = matchMedia(kNarrow).matches;
  show(true);
  toggle.onclick = () => show(root.hidden === true);
  // The panel comes, is put below the image or away, and comes back.
  new MutationObserver(() => {
    const annotated = !annotations.hidden;
    root.classList.toggle('annotated', annotated);
    fold.open = !annotated || matchMedia(kNarrow).matches;
    if (annotated) show(true);
  }).observe(annotations, { attributeFilter: ['hidden'] });
  return { root, annotations, facts };
}
