// Files dropped over an open image: what they are taken for.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { kindOfFile, sortFiles, type DroppedKind } from '../../web/page/dropped_kinds.ts';
import { zipOf } from './zip_files.ts';

function file(name: string, content: Uint8Array<ArrayBuffer> | string = ''): File {
  return new File([content], name);
}

describe('a file is', () => {
  const cases: readonly (readonly [string, DroppedKind])[] = [
    ['cells.ozx', 'image'],
    ['zarr.json', 'image'],
    ['.zattrs', 'image'],
    ['scan.czi', 'image'],
    ['mask.tif', 'either'],
    ['mask.OME.TIFF', 'either'],
    ['mask.png', 'either'],
    ['cells.geojson', 'annotation'],
    ['cells.geojson.gz', 'annotation'],
    ['instances.json', 'annotation'],
    ['points.csv', 'annotation'],
    ['tracks.TSV', 'annotation'],
    ['image.txt', 'annotation'],
    ['tracks.xml', 'annotation'],
    ['cell.roi', 'annotation'],
    ['particles.star', 'annotation'],
    ['cells.parquet', 'annotation'],
    ['data.yaml', 'annotation'],
  ];
  for (const [name, kind] of cases) {
    test(`${name}: ${kind}`, async () => assert.equal(await kindOfFile(file(name)), kind));
  }
  test('a zip of ROIs: annotation; another zip: image', async () => {
    const zip = (...names: readonly string[]): Uint8Array<ArrayBuffer> => new Uint8Array(zipOf(names.map((name) => ({ name, data: new Uint8Array(8) }))));
    assert.equal(await kindOfFile(file('RoiSet.zip', zip('0001-0100.roi', '0002-0100.roi'))), 'annotation');
    assert.equal(await kindOfFile(file('cells.zip', zip('cells.zarr/.zattrs', 'cells.zarr/0/.zarray'))), 'image');
    assert.equal(await kindOfFile(file('empty.zip')), 'image');
  });
});

test('several files are sorted, in their order', async () => {
  const { images, annotations, either } = await sortFiles(['a.csv', 'b.tif', 'c.ozx', 'd.geojson'].map((name) => file(name)));
  assert.deepEqual([images, annotations, either].map((files) => files.map(({ name }) => name)), [['c.ozx'], ['a.csv', 'd.geojson'], ['b.tif']]);
});
