// The badge on the card, and the code that puts it on another page.

import { button, element } from '../annotations/panel/dom.ts';
import { safeLink, type CardBadge } from './card.ts';
import { saveText } from './save.ts';

/** The file's name in the code for a README, where no address of a badge is known. */
const kFile = 'mifa-badge.svg';

/** The badge itself, so that it needs no file: HTML pages may hold SVG. */
export function badgeHtml({ svg }: CardBadge, address?: string): string {
  const href = safeLink(address);
  return href ? `<a href="${href.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">${svg.trim()}</a>` : svg.trim();
}

/** For Markdown the badge is a file beside it: repositories show no SVG that is written into the text. */
export function badgeMarkdown({ alternative }: CardBadge, address?: string): string {
  const image = `![${alternative.replaceAll(/[[\]\\]/g, '\\$&')}](${kFile})`;
  const href = safeLink(address);
  return href ? `[${image}](${href.replaceAll('(', '%28').replaceAll(')', '%29')})` : image;
}

/** As a picture it runs no script, whatever is in it. */
export function badgeImage({ svg, alternative }: CardBadge): HTMLImageElement {
  return element('img', { class: 'badge', src: `data:image/svg+xml,${encodeURIComponent(svg)}`, alt: alternative, height: 20 });
}

function snippet(name: string, text: string): HTMLElement {
  const field = element('textarea', { readonly: true, rows: 2, 'aria-label': `${name} of the badge`, spellcheck: 'false' });
  field.value = text;
  field.addEventListener('focus', () => field.select());
  const told = element('span', { role: 'status', class: 'quiet' });
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      told.textContent = 'Copied.';
    } catch {
      field.select();
      told.textContent = 'Selected: copy it with the keyboard.';
    }
  };
  return element('div', { class: 'snippet' }, field, button(`Copy ${name}`, () => void copy()), told);
}

export function badgeFold(badge: CardBadge, address?: string): HTMLElement {
  return element(
    'details',
    { class: 'badge-code' },
    element('summary', {}, badgeImage(badge), element('span', {}, 'Use this badge')),
    element('p', { class: 'quiet' }, 'It certifies what the metadata states at the time of this check, not that it is true.'),
    snippet('HTML', badgeHtml(badge, address)),
    snippet('Markdown', badgeMarkdown(badge, address)),
    button(`Save ${kFile}`, () => saveText(badge.svg, kFile, 'image/svg+xml')),
  );
}
