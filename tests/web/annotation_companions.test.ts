// The small files beside YOLO's labels: which are asked for, and what of the answers is taken.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { companionsOf, needsCompanions } from '../../web/annotations/companions.ts';

function server(files: Readonly<Record<string, string>>, asked: string[] = []): (url: string) => Promise<Response> {
  return async (url) => {
    asked.push(url);
    const text = files[url];
    return text === undefined ? new Response('not there', { status: 404 }) : new Response(text);
  };
}

test('the nearest folder that has one', async () => {
  const asked: string[] = [];
  const files = { 'https://server/set/data.yaml': 'names: [cell]', 'https://server/data.yaml': 'names: [other]' };
  assert.deepEqual(await companionsOf(new URL('https://server/set/labels/0001.txt'), server(files, asked)), { 'data.yaml': 'names: [cell]' });
  assert.ok(!asked.includes('https://server/data.yaml'), 'further up nothing is asked for');
  assert.deepEqual(
    await companionsOf(new URL('https://server/a/b/0001.txt'), server({ 'https://server/a/b/classes.txt': 'cell\n', 'https://server/a/b/obj.names': 'cell\n' })),
    { 'classes.txt': 'cell\n', 'obj.names': 'cell\n' },
  );
});

test('a signed address\'s query goes along', async () => {
  const asked: string[] = [];
  await companionsOf(new URL('https://server/labels/1.txt?key=1'), server({}, asked));
  assert.ok(asked.includes('https://server/labels/classes.txt?key=1'));
  assert.ok(asked.includes('https://server/data.yaml?key=1'));
});

test('start pages, large files and failures are none', async () => {
  const place = new URL('https://server/1.txt');
  assert.deepEqual(await companionsOf(place, server({ 'https://server/classes.txt': ' <!doctype html>' })), {});
  assert.deepEqual(await companionsOf(place, server({ 'https://server/classes.txt': 'x'.repeat(2 << 20) })), {});
  assert.deepEqual(await companionsOf(place, () => Promise.reject(new TypeError('offline'))), {});
});

test('only labels need them', () => {
  assert.deepEqual(['0001.txt', 'img.txt.gz', 'classes.txt', 'man_track.txt', 'a.csv', 'a.geojson'].map(needsCompanions), [true, true, false, false, false, false]);
});
