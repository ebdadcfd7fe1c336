// Files and folders of the disk, dragged onto a page as the file manager does it.

import type { Page } from 'playwright-core';

/** Drags `paths` to the middle of the page; lets go unless `hold` is set. */
export async function drop(page: Page, paths: readonly string[], { hold = false } = {}): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  const { width, height } = page.viewportSize() ?? { width: 800, height: 600 };
  const send = (type: 'dragEnter' | 'dragOver' | 'drop'): Promise<unknown> =>
    session.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data });
  await send('dragEnter');
  await send('dragOver');
  if (!hold) await send('drop');
  await session.detach();
}
