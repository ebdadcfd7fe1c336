// The files of a folder that can be listed, OME-Zarr as one path each.

import type { Store, StoreEntry } from '../stores/store.ts';
import { isOpenable } from './kinds.ts';
import type { Listing } from './model.ts';

/** Files that are listed; more are said to be there. */
const kMostListed = 20_000;
const kMostFolders = 2_000;
const kDeepest = 8;
const kAtOnce = 8;

/** Works on some items at a time; results in the items' order. */
export async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const run = async (): Promise<void> => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at] as T);
    }
  };
  await Promise.all(Array.from({ length: kAtOnce }, run));
  return results;
}

/** A Zarr group or array whose folder does not say so by its name. */
function isImageFolder(path: string, entries: readonly StoreEntry[]): boolean {
  return isOpenable(path) || entries.some(({ name, kind }) => kind === 'file' && (name === 'zarr.json' || name === '.zattrs' || name === '.zarray'));
}

interface Folder {
  readonly path: string;
  readonly depth: number;
}

/** null where the place does not list. `deepest`: folders within folders that are looked into. */
export async function listStore(store: Store, { signal, deepest = kDeepest }: { readonly signal?: AbortSignal | undefined; readonly deepest?: number } = {}): Promise<Listing | null> {
  const paths: string[] = [];
  let level: Folder[] = [{ path: '', depth: 0 }];
  let seen = 0;
  let cut = false;
  let listed = false;
  while (level.length > 0 && !signal?.aborted) {
    const next: Folder[] = [];
    const listings = await each(level, async ({ path }) => {
      if (seen >= kMostFolders || paths.length >= kMostListed) return null;
      seen += 1;
      const reply = await store.list?.(path, { signal });
      return reply?.found ? reply.entries : null;
    });
    listings.forEach((entries, i) => {
      const at = level[i] as Folder;
      if (entries) listed = true;
      else cut ||= listed;
      if (!entries) return;
      if (at.path !== '' && isImageFolder(at.path, entries)) {
        paths.push(isOpenable(at.path) ? at.path : `${at.path}/`);
        return;
      }
      for (const { name, kind } of entries) {
        const path = at.path === '' ? name : `${at.path}/${name}`;
        if (name.startsWith('.') && !name.startsWith('.z')) continue;
        if (kind === 'file' || /\.(zarr|geff)$/i.test(name)) paths.push(path);
        else if (at.depth < deepest) next.push({ path, depth: at.depth + 1 });
        else cut = true;
      }
    });
    level = paths.length < kMostListed ? next : [];
    cut ||= next.length > level.length;
  }
  if (!listed) return null;
  const order = new Intl.Collator('en', { numeric: true });
  return { paths: paths.sort((a, b) => order.compare(a, b)).slice(0, kMostListed), cut };
}
