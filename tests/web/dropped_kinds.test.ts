// Files dropped over an open image: what they are taken for.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { classFolders, kindOfFile, sortDrop, type DroppedKind } from '../../web/page/dropped_kinds.ts';
import type { Answer } from '../../web/page/mask_question.ts';
import type { Dropped } from '../../web/stores/dropped.ts';
import { folderOfFiles, type Folder } from '../../web/stores/folders.ts';
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

describe('a drop becomes', () => {
  const drop = (names: readonly string[]): Dropped => ({ folders: [], files: names.map((name) => file(name)), address: '' });
  const asked: string[] = [];
  const sorted = async (names: readonly string[], isOpen: boolean, answer: Answer = 'neither'): Promise<readonly [string[] | null, string[]]> => {
    asked.length = 0;
    const { image, overlays } = await sortDrop(drop(names), isOpen, async (pictures) => {
      asked.push(...pictures);
      return answer;
    });
    return [image && image.files.map(({ name }) => name), overlays.map(({ name }) => name)];
  };
  test('an image with its annotations', async () => assert.deepEqual(await sorted(['a.csv', 'c.ozx', 'b.tif'], true), [['c.ozx'], ['a.csv', 'b.tif']]));
  test('annotations of what is open', async () => assert.deepEqual(await sorted(['a.csv', 'd.geojson'], true), [null, ['a.csv', 'd.geojson']]));
  test('a picture, where nothing is open: an image', async () => assert.deepEqual(await sorted(['b.tif'], false), [['b.tif'], []]));
  test('a picture over an image: what is answered', async () => {
    assert.deepEqual(await sorted(['b.tif', 'a.csv'], true, 'over'), [null, ['a.csv', 'b.tif']]);
    assert.deepEqual(asked, ['b.tif']);
    assert.deepEqual(await sorted(['b.tif', 'a.csv'], true, 'instead'), [['b.tif'], ['a.csv']]);
    assert.deepEqual(await sorted(['b.tif', 'a.csv'], true, 'neither'), [null, ['a.csv']]);
  });
  test('tracks of the Cell Tracking Challenge, with their masks, without a question', async () => {
    assert.deepEqual(await sorted(['man_track000.tif', 'man_track001.tif', 'man_track.txt'], true, 'neither'), [null, ['man_track.txt', 'man_track000.tif', 'man_track001.tif']]);
    assert.deepEqual(asked, []);
  });
});

describe('a folder of class folders', () => {
  const folder = (paths: readonly string[]): Promise<Folder> =>
    folderOfFiles(paths.map((path) => Object.defineProperty(file(path.split('/').at(-1) ?? ''), 'webkitRelativePath', { value: `cells/${path}` })));
  test('is a table of its images', async () => {
    const found = await classFolders(await folder(['train/a/1.png', 'train/b/2.png', 'val/a/3.png', 'notes.txt']));
    assert.equal(found?.table.name, 'cells classes.csv');
    assert.equal(await found?.table.text(), 'file,class,split\ntrain/a/1.png,a,train\ntrain/b/2.png,b,train\nval/a/3.png,a,val\n');
    assert.equal(found?.first?.name, '1.png');
  });
  test('is none with one folder, or in an image', async () => {
    assert.equal(await classFolders(await folder(['a/1.png', 'a/2.png'])), null);
    assert.equal(await classFolders(await folder(['a/1.png', 'b/2.png', 'zarr.json'])), null);
    assert.equal(await classFolders(await folder(['x.zarr/a/1.png', 'x.zarr/b/2.png'])), null);
  });
});
