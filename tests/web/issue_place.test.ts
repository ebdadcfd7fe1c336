// From an issue of a report to what the viewer opens for it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findSpot, isOfImage } from '../../web/page/issue_place.ts';
import { objectAt } from '../../web/page/issue_spot.ts';
import type { Store } from '../../web/stores/store.ts';
import type { ReportIssue } from '../../web/validation/report.ts';

function storeOf(files: Readonly<Record<string, unknown>>): Store {
  const missing = (url: string) => ({ found: false as const, error: { code: 'missing' as const, status: 404, url, message: 'not there' } });
  return {
    description: 'files of a test',
    get: async (key) => (key in files ? { found: true, bytes: new TextEncoder().encode(typeof files[key] === 'string' ? files[key] : JSON.stringify(files[key])) } : missing(key)),
    list: async (prefix) => {
      const below = Object.keys(files).filter((key) => prefix === '' || key.startsWith(`${prefix}/`)).map((key) => key.slice(prefix === '' ? 0 : prefix.length + 1));
      const folders = new Set(below.filter((key) => key.includes('/')).map((key) => key.slice(0, key.indexOf('/'))));
      return { found: true, entries: [...[...folders].map((name) => ({ name, kind: 'directory' as const })), ...below.filter((key) => !key.includes('/')).map((name) => ({ name, kind: 'file' as const }))] };
    },
  };
}

const scaled = (path: string, scale: readonly number[]) => ({ path, coordinateTransformations: [{ type: 'scale', scale }] });
const kImage = { multiscales: [{ version: '0.4', axes: [{ name: 't' }, { name: 'z' }, { name: 'y' }, { name: 'x' }], datasets: [scaled('0', [1, 2, 0.5, 0.5]), scaled('1', [1, 4, 1, 1])] }] };
const kLevel = { zarr_format: 2, shape: [5, 10, 100, 130], chunks: [1, 2, 50, 50], dtype: '|u1' };
const kStore = storeOf({
  'study/a.ome.zarr/.zattrs': kImage,
  'study/a.ome.zarr/.zgroup': { zarr_format: 2 },
  'study/a.ome.zarr/1/.zarray': kLevel,
  'study/a.ome.zarr/labels/.zattrs': { labels: ['cells'] },
  'study/a.ome.zarr/labels/cells/.zattrs': kImage,
  'study/b.ome.zarr/zarr.json': { attributes: { ome: { version: '0.5' } } },
  'study/picture.tif': '',
  'annotations/picture_cells.geojson': {},
  'annotations/other.csv': '',
});
const issue = (file: string, more: Partial<ReportIssue> = {}): ReportIssue => ({ rule: 'zarr/x', severity: 'error', message: '', file, ...more });

test('metadata leads to its image, a mask to the image it is of', async () => {
  assert.deepEqual(await findSpot(kStore, issue('study/a.ome.zarr/.zattrs')), { image: 'study/a.ome.zarr' });
  assert.deepEqual(await findSpot(kStore, issue('study/a.ome.zarr/labels/cells/.zattrs')), { image: 'study/a.ome.zarr' });
  assert.deepEqual(await findSpot(kStore, issue('study/b.ome.zarr/zarr.json')), { image: 'study/b.ome.zarr' });
  assert.deepEqual(await findSpot(kStore, issue('study/picture.tif')), { image: 'study/picture.tif' });
});

test('a chunk leads to its middle, at its level’s scale and the finest level’s positions', async () => {
  const spot = await findSpot(kStore, issue('study/a.ome.zarr/1/3/2/1/2'));
  assert.equal(spot?.image, 'study/a.ome.zarr');
  // z: elements 4 and 5 of level 1, 4 apart: 18 µm, element 9 of level 0. x: 100 to 129 of 130.
  assert.deepEqual(spot.region?.settings, { position: { t: 3, z: 9 }, view: { center: [114.5, 74.5], worldPerPixel: 1 } });
  assert.deepEqual([spot.region?.width, spot.region?.height], [50, 50]);
});

test('an annotation file leads to the image that is named beside it, or like it', async () => {
  assert.deepEqual(await findSpot(kStore, issue('annotations/picture_cells.geojson')), { image: 'study/picture.tif', annotation: 'annotations/picture_cells.geojson' });
  assert.deepEqual(await findSpot(kStore, issue('annotations/other.csv', { related: [{ file: 'study/a.ome.zarr/zarr.json' }] })), { image: 'study/a.ome.zarr', annotation: 'annotations/other.csv' });
  assert.equal(await findSpot(kStore, issue('annotations/other.csv')), null);
});

test('what is no part of an image is not offered', () => {
  assert.ok(isOfImage(issue('a.ome.zarr/0/c/0/0')));
  assert.ok(isOfImage(issue('annotations/cells.geojson', { rule: 'annotation/outside-image' })));
  assert.ok(!isOfImage(issue('study.yaml', { rule: 'mifa/title' })));
  assert.ok(!isOfImage(issue('list.tsv', { rule: 'mifa/file-list' })));
});

test('the object at a pointer, a row or a line is found, also where others could not be read', async () => {
  // Features 3 and 4 of the file are missing from the layer.
  const written = [0, 1, 2, 5, 6, 7];
  const layer = (place: (object: number) => { line: number; pointer: string }) => ({
    info: { count: written.length },
    details: async (object: number) => ({ place: { file: 'f', ...place(object) } }),
  }) as unknown as Parameters<typeof objectAt>[0];
  const json = layer((object) => ({ line: 10 + (written[object] ?? 0), pointer: `/features/${written[object]}` }));
  assert.equal(await objectAt(json, issue('f', { pointer: '/features/6/geometry' })), 4);
  assert.equal(await objectAt(json, issue('f', { pointer: '/features/1' })), 1);
  const lines = layer((object) => ({ line: 2 + (written[object] ?? 0) * 1000, pointer: '' }));
  assert.equal(await objectAt(lines, issue('f', { line: 5002 })), 3);
  assert.equal(await objectAt(lines, issue('f', {})), 0);
});
