// For bench/annotations.mjs: a large file through the client, as a page opens it.

import { heapBytesOf, openAnnotation, urlSource } from '../web/annotations/client.ts';
import type { ImageContext } from '../web/annotations/layer.ts';

const image: ImageContext = { names: [], width: 24_000, height: 24_000, depth: 1, frames: 1, pixelWidth: 0, pixelHeight: 0, sliceDistance: 0, unit: '' };

/** Runs `work`; its time, and the longest that this thread was busy meanwhile, in ms. */
async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly ms: number; readonly longestTask: number }> {
  let longestTask = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestTask = Math.max(longestTask, duration);
  });
  observer.observe({ type: 'longtask' });
  const begun = performance.now();
  const result = await work();
  const ms = performance.now() - begun;
  await new Promise((resolve) => setTimeout(resolve, 100));
  observer.disconnect();
  return { result, ms, longestTask };
}

async function openLarge(url: string, assets: string): Promise<object> {
  let reports = 0;
  const opened = await timed(() => openAnnotation(urlSource(new URL(url)), { image, assets, onProgress: () => (reports += 1) }));
  const layer = opened.result;
  const heap = await heapBytesOf(layer);
  const figures: Record<string, number> = {};
  const tasks: Record<string, number> = { open: opened.longestTask };
  const note = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const { ms, longestTask: longest } = await timed(work);
    figures[name] = ms;
    if (longest > 0) tasks[name] = longest;
  };
  await note('points', () => layer.points());
  await note('blocks', () => layer.blocks());
  await note('style by category', () => layer.style({ kind: 'category' }, {}));
  await note('style by a number, filtered', () => layer.style({ kind: 'column', column: 'Area' }, { ranges: [{ column: 'Score', min: 0.5, max: 1 }] }));
  await layer.style({ kind: 'category' }, {});
  await note('shapes of one block', () => layer.shapes(17));
  await note('table sorted by a number', () => layer.table({ sort: 'Area' }, 0, 50));
  await note('table sorted by a text', () => layer.table({ sort: 'id', descending: true }, 0, 50));
  await note('table searched for a text', () => layer.table({ search: 'stroma 77' }, 0, 50));
  await note('table, next window', () => layer.table({ search: 'stroma 77' }, 50, 50));
  await note('details', () => layer.details(123_456 % layer.info.count));
  const picks: number[] = [];
  let picked = 0;
  for (let i = 0; i < 500; ++i) {
    const [x, y] = [((i * 7919) % 23_000) + 12, ((i * 104_729) % 23_000) + 12];
    const begun = performance.now();
    picked += (await layer.pick({ x, y, radius: 2 })).length;
    picks.push(performance.now() - begun);
  }
  picks.sort((a, b) => a - b);
  await note('quality report', () => layer.quality(image));
  const heapAfter = await heapBytesOf(layer);
  const { count, issues } = layer.info;
  layer.close();
  return {
    ms: opened.ms, count, issues: issues.length, heap, heapAfter, longestTask: Math.max(...Object.values(tasks)), tasks, reports, figures, picked,
    pickMedian: picks[250], pickWorst: picks[499],
  };
}

/** How soon the worker is gone after the signal. */
async function cancel(url: string, assets: string): Promise<object> {
  const controller = new AbortController();
  let at = 0;
  const opening = openAnnotation(urlSource(new URL(url)), {
    image, assets, signal: controller.signal,
    onProgress: ({ bytes }) => {
      if (at !== 0 || bytes < 20_000_000) return;
      at = performance.now();
      controller.abort();
    },
  });
  const code = await opening.then(() => 'opened', (error: { readonly code: string }) => error.code);
  return { code, ms: performance.now() - at };
}

(globalThis as unknown as { bench: object }).bench = { openLarge, cancel };
