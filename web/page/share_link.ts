// “Copy link”: the address of just this view. Local files have none to share.

import type { MifaScopeElement } from '../element.ts';

const kSaidMs = 2500;

/** This page's address with the view as it is now. */
export async function linkToView(scope: MifaScopeElement): Promise<string> {
  const address = new URL(location.href);
  const settings = scope.getView();
  const { encodeSettings } = await import('../share.ts');
  if (settings) address.searchParams.set('view', await encodeSettings(settings));
  // Readable where that is allowed: addresses are looked at before they are followed.
  return address.href.replace(/%3A/gi, ':').replace(/%2F/gi, '/');
}

/** Makes the button copy the link of what `scope()` shows, and say so. */
export function offerLink(button: HTMLButtonElement, scope: () => MifaScopeElement | null): void {
  const label = button.textContent ?? '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = (text: string): void => {
    button.textContent = text;
    clearTimeout(timer);
    timer = setTimeout(() => (button.textContent = label), kSaidMs);
  };
  button.addEventListener('click', () => {
    const element = scope();
    if (!element) return;
    linkToView(element)
      .then(async (link) => {
        // Also into the address bar: there it can be copied by hand where the clipboard is refused.
        history.replaceState(null, '', link);
        await navigator.clipboard.writeText(link);
      })
      .then(
        () => say('Link copied'),
        () => say('Link is in the address bar'),
      );
  });
}
