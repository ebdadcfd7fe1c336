// What shows images (live.ts), fetched once for all elements of a page, and again if it did not come.

import { DecodeError } from './workers/messages.ts';

export type Live = typeof import('./live.ts');

let live: Promise<Live> | null = null;

export function loadLive(): Promise<Live> {
  // Its own import, asked for beside it rather than after it.
  if (!live) import('wasm:mifascope').catch(() => undefined);
  live ??= import('./live.ts').catch((error: unknown) => {
    live = null;
    throw new DecodeError(
      'retry',
      `Expected the part of the viewer that shows images, received none (${error instanceof Error ? error.message : String(error)}). Who runs this page has to serve all files of Mifascope side by side.`,
    );
  });
  return live;
}
