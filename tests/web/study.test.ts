// A study's model: what files are, which annotation is of which image, what the filters leave, and the code
// that loads an image elsewhere.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { chosenImages, facetsOf, objectHistogram, type Learned } from '../../web/study/learned.ts';
import { annotationKind, isNoImage, isOpenable, kindOf, pairKey, splitOf, stemOf } from '../../web/study/kinds.ts';
import { maskTable } from '../../web/study/mask_classes.ts';
import { levelPaths } from '../../web/study/levels.ts';
import { sharedView } from '../../web/study/linked_views.ts';
import { assemble, type Gallery } from '../../web/study/model.ts';
import { listStore } from '../../web/study/listing.ts';
import { isStudyFolder } from '../../web/study/study_folder.ts';
import { napariCommand, neuroglancerLink, pythonSnippet, pythonText, quPathAddress, shellText, type ShownImage } from '../../web/study/onward.ts';
import { OpenedStudies } from '../../web/study/opened_studies.ts';
import { pairByName } from '../../web/study/pairing.ts';
import type { DocumentReader } from '../../web/study/reader.ts';
import type { StudyExport } from '../../web/card/card.ts';
import { WebPlaces } from '../../web/study/places.ts';
import { addressWith, stateOf } from '../../web/study/address.ts';
import type { ViewerState } from '../../web/state.ts';
import type { Store } from '../../web/stores/store.ts';

function gallery(parts: Partial<Gallery>): Gallery {
  const card = { title: 'A study', models: [], keywords: [] } as unknown as Gallery['card'];
  return { root: '', single: false, card, badge: { colour: 'grey', text: '', alternative: '', svg: '' }, containers: [], images: [], annotations: [], sets: [], offered: [], wanted: [], issues: [], ...parts };
}

function image(path: string, fields: Record<string, string> = {}): Gallery['images'][number] {
  return { path, label: '', size: '', uris: [], fields, place: 'list.tsv row 2' };
}

function annotation(path: string, images: number[], more: Partial<Gallery['annotations'][number]> = {}): Gallery['annotations'][number] {
  return { path, label: '', set: -1, types: [], images, unknown: [], spatial: '', uris: [], fields: {}, place: '', ...more };
}

test('what a file is, by its path', () => {
  const kinds = {
    'images/a.ome.zarr': 'image', 'a.ozx': 'image', 'a.tif': 'image', 'some folder/': 'image', 'a.czi': 'unread',
    'masks/a.tif': 'mask', 'a_mask.png': 'mask', 'labels.zarr': 'mask', 'seg_a.tif': 'mask',
    'a.geojson': 'shapes', 'boxes.csv': 'shapes', 'tracks.geff': 'shapes', 'README.md': 'other',
  };
  for (const [path, kind] of Object.entries(kinds)) assert.equal(kindOf(path), kind, path);
  assert.equal(annotationKind('i.ome.zarr/labels/nuclei', []), 'mask');
  assert.equal(annotationKind('cells.zarr', ['tracks']), 'shapes');
  assert.equal(annotationKind('cells.zarr', ['segmentation_mask']), 'mask');
  assert.equal(annotationKind('model.pth', []), 'other');
  assert.ok(isOpenable('https://host/a.ome.zarr?token=1') && !isOpenable('a.nd2'));
  assert.ok(isNoImage('index.json') && isNoImage('LICENSE') && !isNoImage('a.czi') && !isNoImage('a.xyz'));
  assert.equal(stemOf('x/y/nuclei.ome.tif'), 'nuclei');
});

test('splits are columns, else folders', () => {
  assert.equal(splitOf('train/a.png', {}), 'train');
  assert.equal(splitOf('data/validation_images/a.png', {}), 'validation');
  assert.equal(splitOf('train/a.png', { Split: 'Testing' }), 'test');
  assert.equal(splitOf('training data of others/a.png', {}), '');
});

test('annotations are paired by names, and not where two images fit as well', () => {
  assert.equal(pairKey('a/Image_007_mask.tif'), '007');
  const images = ['images/a.tif', 'images/b.ome.zarr', 'train/images/1.png', 'test/images/1.png', 'images/mitosis.ome.zarr'];
  const pairs: [string, number][] = [
    ['masks/a.tif', 0], ['images/a_mask.tif', 0], ['b.geojson', 1], ['train/masks/1.png', 2], ['test/labels/1.txt', 3], ['other/1.csv', -1],
    ['annotations/mitosis/boxes.csv', 4], ['images/b.ome.zarr/labels/nuclei', 1], ['nothing.csv', -1],
  ];
  assert.deepEqual(pairByName(images, pairs.map(([path]) => path)), pairs.map(([, image]) => image));
});

test('what documents say counts, and guesses are called so', () => {
  const study = assemble('x', gallery({
    images: [image('README.md'), image('i/a.zarr', { Split: 'train' }), image('i/b.zarr'), image('i/c.nd2')],
    annotations: [annotation('m/b.tif', [1]), annotation('m/b.csv', []), annotation('m/z.csv', [], { unknown: ['i/z.zarr'] })],
  }), { paths: ['i/extra.zarr'], cut: false });
  assert.deepEqual(study.images.map(({ path }) => path), ['i/a.zarr', 'i/b.zarr', 'i/c.nd2']);
  assert.deepEqual(study.images.map(({ annotations }) => annotations), [[0], [1], []]);
  assert.deepEqual(study.annotations.map(({ pairing }) => pairing), ['stated', 'name', 'none']);
  assert.deepEqual(study.unpaired, [2]);
  assert.equal(study.images[2]?.openable, false);
  assert.match(study.notes.join(), /^One annotation is put with its image by the names of the files: no document says/);
  assert.equal(study.title, 'A study');
});

test('a folder without metadata, and what Croissant offers', () => {
  const paths = ['images/a.png', 'images/b.png', 'masks/a.png', 'notes.txt', 'mifa.yaml'];
  const study = assemble('folder', null, { paths, cut: true });
  assert.deepEqual(study.images.map(({ path }) => path), ['images/a.png', 'images/b.png']);
  assert.deepEqual(study.images.map(({ annotations }) => annotations.length), [1, 0]);
  assert.match(study.notes.join(' '), /more files than are listed here: 5 were looked at/);
  const offered = assemble('c', gallery({ offered: [{ path: 'https://h/a.ome.zarr', label: 'a', size: '' }, { path: 'https://h/a.geojson', label: '', size: '' }] }), null);
  assert.deepEqual(offered.images.map(({ source }) => source), ['https://h/a.ome.zarr']);
  assert.deepEqual(offered.images[0]?.annotations, [0]);
});

test('several studies in a folder: each has its own files, and the link names one by its folder', () => {
  const titled = (title: string, parts: Partial<Gallery>): Gallery => gallery({ card: { title, models: [], keywords: [] } as unknown as Gallery['card'], ...parts });
  const opened = (galleries: readonly Gallery[], paths: readonly string[]): OpenedStudies => {
    const exportTo = async (study: number): Promise<StudyExport> => ({ files: [{ name: String(study), text: '' }], losses: [] });
    return new OpenedStudies({ name: 'data', galleries, listing: { paths, cut: false }, notes: [], places: new WebPlaces(new URL('https://h/data/')), reader: { exportTo, close: () => undefined } as unknown as DocumentReader });
  };
  const paths = ['a/1.tif', 'b/1.tif', 'b/2.tif', 'b/masks/2.tif', 'c/x.ome.zarr'];
  const studies = opened([
    titled('Crate of one image', { root: 'c', single: true }),
    titled('A', { root: 'a', images: [image('1.tif')] }),
    titled('B', { root: 'b' }),
    titled('Nothing', { root: 'd' }),
  ], paths);
  assert.deepEqual(studies.studies.map(({ folder, study }) => [folder, study.title, study.images.map(({ path }) => path)]), [['a', 'A', ['1.tif']], ['b', 'B', ['1.tif', '2.tif']]]);
  assert.equal(studies.main.folder, 'b');
  assert.equal(studies.named('a')?.places.address('1.tif'), 'https://h/data/a/1.tif');
  assert.equal(studies.named('c'), null);
  assert.equal(studies.named(null), null);
  // Two whose paths start from the same folder are told apart by their documents.
  const files = (file: string): Partial<Gallery> => ({ containers: [{ id: 'bia-agent-yaml', name: '', file }], images: [image('1.tif')] });
  assert.deepEqual(opened([titled('A', files('x/mifa.yaml')), titled('B', files('y/mifa.yaml'))], paths).studies.map(({ folder }) => folder), ['x/mifa.yaml', 'y/mifa.yaml']);
  // Without a document there is the folder, and nothing to export.
  const bare = opened([], paths);
  assert.equal(bare.studies.length, 1);
  assert.equal(bare.main.exportTo, null);
});

test('an export asks for the study by its number among those that were read', async () => {
  const asked: number[] = [];
  const exportTo = async (study: number): Promise<StudyExport> => (asked.push(study), { files: [], losses: [] });
  const studies = new OpenedStudies({ name: 'data', galleries: [gallery({ single: true }), gallery({ root: 'a', images: [image('1.tif')] })], listing: { paths: [], cut: false }, notes: [], places: new WebPlaces(new URL('https://h/')), reader: { exportTo, close: () => undefined } as unknown as DocumentReader });
  await studies.main.exportTo?.('ro-crate');
  assert.deepEqual(asked, [1]);
});

test('the API says where an image can be opened', () => {
  const study = assemble('x', gallery({ images: [{ ...image('raw/a.lif'), uris: ['https://h/thumb.png', 'https://h/1.ome.zarr/0'] }] }), null);
  assert.equal(study.images[0]?.source, 'https://h/1.ome.zarr/0');
  assert.equal(study.images[0]?.openable, true);
});

test('classes of masks are those of their tables', () => {
  const row = (value: number, more: object): object => ({ 'label-value': value, ...more });
  // Several values of a class: each is an object.
  assert.deepEqual(maskTable({ properties: [row(1, { class: 'cell' }), row(2, { class: 'cell' }), row(3, { class: 'debris' })] }), { classes: [{ name: 'cell', count: 2 }, { name: 'debris', count: 1 }], objects: 3 });
  // A value a class, and the background.
  assert.deepEqual(maskTable({ properties: [row(0, { class: 'background' }), row(1, { class: 'nucleus' }), row(2, { class: 'cytoplasm' })] }), { classes: [{ name: 'nucleus', count: 1 }, { name: 'cytoplasm', count: 1 }], objects: 0 });
  assert.deepEqual(maskTable({ properties: [row(1, { 'cell type': 'T cell', area: 3 })] })?.classes, [{ name: 'T cell', count: 1 }]);
  for (const label of [null, {}, { properties: 'none' }, { properties: [] }, { properties: [null, 3, row(1, { area: 5 }), row(2, { class: ' ' })] }]) assert.equal(maskTable(label), null);
});

test('filters and charts', () => {
  const study = assemble('x', gallery({
    images: [image('a.zarr', { split: 'train', class: 'mitotic' }), image('b.zarr', { split: 'test' }), image('c.zarr')],
    annotations: [annotation('a.csv', [0], { types: ['bounding_boxes'] }), annotation('b.tif', [1], { types: ['segmentation_mask'] })],
  }), null);
  const cells = { name: 'cell', id: '1', count: 40, color: [1, 2, 3] } as const;
  const learned = new Map<number, Learned>([[0, { classes: [cells], objects: 40, masks: 0, unnamedMasks: 0, size: '' }], [1, { classes: [], objects: 3, masks: 1, unnamedMasks: 1, size: '' }]]);
  const chosen = (choice: Record<string, string[]>, search = ''): number[] => chosenImages(study, learned, choice, search);
  assert.deepEqual(chosen({}), [0, 1, 2]);
  assert.deepEqual(chosen({ type: ['none'] }), [2]);
  assert.deepEqual(chosen({ type: ['bounding_boxes', 'none'] }), [0, 2]);
  assert.deepEqual(chosen({ class: ['cell'] }), [0]);
  assert.deepEqual(chosen({ split: ['test', ''] }), [1, 2]);
  assert.deepEqual(chosen({ split: ['test'], type: ['none'] }), []);
  assert.deepEqual(chosen({}, 'B.ZARR'), [1]);
  const [types, classes, splits] = facetsOf(study, learned);
  assert.deepEqual(types?.values.map(({ name }) => name).sort(), ['Bounding boxes', 'Not annotated', 'Segmentation masks']);
  assert.deepEqual(classes?.values.map(({ id, count }) => [id, count]), [['cell', 40], ['mitotic', 1]]);
  assert.equal(classes?.note, 'Masks of 1 image: classes not counted, as nothing there names what the values mean.');
  learned.delete(1);
  assert.equal(facetsOf(study, learned)[1]?.note, 'Of 1 of 2 annotated images, which have been read so far.');
  learned.set(1, { classes: [], objects: 3, masks: 1, unnamedMasks: 0, size: '' });
  assert.equal(facetsOf(study, learned)[1]?.note, undefined);
  assert.deepEqual(new Set(splits?.values.map(({ name }) => name)), new Set(['train', 'test', 'Not stated']));
  const histogram = objectHistogram(learned);
  assert.deepEqual([histogram?.total, histogram?.images, histogram?.bins.length], [43, 2, 8]);
  assert.deepEqual(histogram?.bins.map(({ images }) => images), [1, 0, 0, 0, 0, 0, 0, 1]);
});

// --- elsewhere

const kZarr: ShownImage = {
  address: 'https://host/a "b".ome.zarr', local: false, name: 'Cells\n"and" \\ 細胞', group: '', levels: ['0', '1', '2'], level: 1,
  axes: [{ name: 't', slider: true, position: 4 }, { name: 'c', slider: false, position: 0 }, { name: 'z', slider: true, position: 8 }, { name: 'y', slider: false, position: 0 }, { name: 'x', slider: false, position: 0 }],
};

function python(script: string, input: string): string {
  return execFileSync('python3', ['-c', script], { input, encoding: 'utf8' });
}

test('the Python is Python, whatever things are called', () => {
  const images: ShownImage[] = [kZarr, { ...kZarr, level: 0 }, { ...kZarr, local: true, address: 'C:\\data\\"x".ome.zarr' }, { ...kZarr, levels: [], axes: [] }, { ...kZarr, group: 'A/1/0' }, { ...kZarr, address: 'https://h/x.ozx' }, { ...kZarr, address: "https://h/it's.ome.tif" }, { ...kZarr, address: 'https://h/x.png', axes: [] }];
  const annotations = ['m.ome.zarr', 'm.ome.tif', 'm.png', 'b.geojson', 'b.json', 'b.csv', 'b.tsv', 'b.parquet', 'b.geff', 'b.roi', 'b"\n\\\u2028.xml'].map((name) => `https://h/${name}`);
  const snippets: string[] = [];
  for (const shown of images) {
    snippets.push(pythonSnippet(shown, null), pythonSnippet(shown, { address: 'https://h/i.zarr/labels/n', kind: 'mask', inside: 'labels/n', levels: ['0', '1'] }));
    for (const address of annotations) {
      const kind = annotationKind(address, []) === 'mask' ? 'mask' : 'shapes';
      snippets.push(pythonSnippet(shown, { address, kind, inside: '', levels: ['0'] }));
    }
  }
  const count = python('import ast, json, sys\nsnippets = json.load(sys.stdin)\nfor code in snippets:\n    ast.parse(code)\nprint(len(snippets))', JSON.stringify(snippets));
  assert.equal(Number(count), snippets.length);
});

test('texts are the same in Python', () => {
  const texts = ['a "b" \\ \n', '細胞 🔬', '\u2028\u0085\u00a0', "it's", '\u0000\u001f\u007f'];
  const read = python('import ast, json, sys\nprint(json.dumps([ast.literal_eval(t) for t in json.load(sys.stdin)]))', JSON.stringify(texts.map(pythonText)));
  assert.deepEqual(JSON.parse(read), texts);
});

test('it loads what is on the screen: level, slice, frame, mask', () => {
  const code = pythonSnippet(kZarr, { address: 'https://host/a.ome.zarr/labels/n', kind: 'mask', inside: 'labels/n', levels: ['0', '1'] });
  assert.match(code, /^full = image\["0"\]$/m);
  assert.match(code, /^level = image\["1"\] {2}# 2 of 3 levels; axes t, c, z, y, x$/m);
  assert.match(code, /^pixels = level\[4 \* level\.shape\[0\] \/\/ full\.shape\[0\], :, 8 \* level\.shape\[2\] \/\/ full\.shape\[2\]\]/m);
  assert.match(code, /^mask = image\["labels\/n\/1"\]\[\.\.\.\]$/m);
  assert.match(code, /add_image\(pixels, name=.*, channel_axis=0\)/);
  assert.match(pythonSnippet({ ...kZarr, level: 0 }, null), /^pixels = level\[4, :, 8\]/m);
});

test('other programs are given the address, quoted', () => {
  assert.equal(shellText("it's"), `'it'\\''s'`);
  assert.equal(napariCommand('https://h/a.ome.zarr'), "napari --plugin napari-ome-zarr 'https://h/a.ome.zarr'");
  assert.equal(quPathAddress('https://h/a.ome.zarr/'), 'https://h/a.ome.zarr');
  const link = new URL(neuroglancerLink({ address: 'https://h/a.ome.zarr', name: 'a' }, [{ address: 'https://h/a.ome.zarr/labels/n', name: 'n' }]));
  const { layers } = JSON.parse(decodeURIComponent(link.hash.slice(2))) as { layers: { type: string; source: string }[] };
  assert.deepEqual(layers.map(({ type, source }) => [type, source]), [['image', 'zarr://https://h/a.ome.zarr'], ['segmentation', 'zarr://https://h/a.ome.zarr/labels/n']]);
});

test('what types/study.d.ts declares is there', async () => {
  const declared = await readFile('types/study.d.ts', 'utf8');
  const membersOf = (text: string, start: string): string[] => {
    const body = text.slice(text.indexOf(start)).split('\n}')[0] ?? '';
    return [...body.matchAll(/^ {2}(?:readonly |declare |get |set )*(\w+)\??[:(]/gm)].map(([, name = '']) => name);
  };
  const files = { 'class MifaStudyElement': 'study.ts', 'interface StudyState': 'study.ts', 'interface Study ': 'model.ts', 'interface StudyImage': 'model.ts', 'interface StudyAnnotation': 'model.ts' };
  for (const [start, file] of Object.entries(files)) {
    const own = membersOf(await readFile(`web/study/${file}`, 'utf8'), start);
    const missing = membersOf(declared, start).filter((name) => !own.includes(name));
    assert.deepEqual(missing, [], start);
    assert.ok(membersOf(declared, start).length >= 4, start);
  }
});

// --- places, listings, views, addresses

function memory(files: Record<string, string>): Store {
  return {
    description: 'memory',
    get: async (key) => {
      const text = files[key];
      return text === undefined
        ? { found: false, error: { code: 'missing', status: 0, url: key, message: `no ${key}` } }
        : { found: true, bytes: new TextEncoder().encode(text) as Uint8Array<ArrayBuffer> };
    },
    list: async (prefix) => {
      const start = prefix === '' ? '' : `${prefix}/`;
      const names = new Map<string, boolean>();
      for (const key of Object.keys(files)) {
        if (!key.startsWith(start)) continue;
        const [name = '', ...rest] = key.slice(start.length).split('/');
        names.set(name, rest.length > 0);
      }
      return { found: true, entries: [...names].map(([name, folder]) => ({ name, kind: folder ? 'directory' as const : 'file' as const })) };
    },
  };
}

test('paths of levels, of all versions', async () => {
  const multiscales = [{ datasets: [{ path: '0' }, { path: 's1' }] }];
  assert.deepEqual(await levelPaths(memory({ '.zattrs': JSON.stringify({ multiscales }) })), ['0', 's1']);
  assert.deepEqual(await levelPaths(memory({ 'A/zarr.json': JSON.stringify({ attributes: { ome: { multiscales } } }) }), 'A'), ['0', 's1']);
  assert.deepEqual(await levelPaths(memory({ '.zattrs': '{"multiscales": [{"datasets": [7]}]}' })), []);
  assert.deepEqual(await levelPaths(memory({ 'zarr.json': 'no JSON' })), []);
});

test('Zarr is one path of a listing, whatever its folder is called', async () => {
  const store = memory({ 'a.zarr/0/.zarray': '', 'b/zarr.json': '', 'c/x.tif': '', 't.geff/zarr.json': '' });
  assert.deepEqual((await listStore(store))?.paths, ['a.zarr', 'b/', 'c/x.tif', 't.geff']);
  assert.equal(await listStore({ description: '', get: store.get }), null);
});

test('a folder of several images is a study, a series of one image is not', async () => {
  const is = (files: readonly string[]): Promise<boolean> => isStudyFolder(memory(Object.fromEntries(files.map((file) => [file, '']))));
  assert.equal(await is(['a.zarr/zarr.json', 'b.zarr/zarr.json']), true);
  assert.equal(await is(['zarr.json', 'a/zarr.json', 'b/zarr.json']), false);
  assert.equal(await is(['a.zarr/zarr.json', 'mifa.yaml', 'a.csv']), false);
  assert.equal(await is(['t000.tif', 't001.tif', 't002.tif']), false);
  assert.equal(await is(['images/1.png', 'images/2.png', 'masks/1.png']), true);
  assert.equal(await is(['cell.png', 'coin.png']), true);
});

test('paths are addresses beside the document, with its query', () => {
  const places = new WebPlaces(new URL('https://h/study/?token=1'));
  assert.equal(places.address('images/a b.zarr'), 'https://h/study/images/a%20b.zarr?token=1');
  assert.equal(places.address('https://other/a.zarr'), 'https://other/a.zarr');
  assert.equal(places.address('s3://bucket/a.zarr'), 's3://bucket/a.zarr');
  assert.equal(places.address('./a#b/c.zarr#shapes'), 'https://h/study/a%23b/c.zarr?token=1#shapes');
  assert.equal(places.below('sub').address('a.zarr'), 'https://h/study/sub/a.zarr?token=1');
});

test('a view is shares of the image, whatever its pixel size', () => {
  const state = (pixel: number, start: number): ViewerState => ({
    stage: 'showing', view: { center: [start - pixel / 2 + 50 * pixel, start - pixel / 2 + 20 * pixel], worldPerPixel: 2 * pixel },
    image: { width: 100, height: 80, pixelWidth: pixel, pixelHeight: pixel, start: [start, start, 0] }, axes: [{ name: 'z', slider: true, position: 3 }],
  }) as unknown as ViewerState;
  for (const [pixel, start] of [[1, 0], [0.25, 12]] as const) {
    const view = sharedView(state(pixel, start));
    assert.deepEqual(view?.center.map((share) => Number(share.toFixed(9))), [0.5, 0.25]);
    assert.equal(view?.scale.toFixed(9), '0.020000000');
    assert.deepEqual(view?.position, { z: 3 });
  }
});

test('where one is goes into the address and comes back', () => {
  const state = { folder: '', image: 'a b/c.zarr', beside: 'plain', choice: { type: ['none', 'tracks'], split: [''] }, search: 'x y' };
  const address = addressWith(new URL('https://h/?source=s&type=old'), state);
  assert.equal(address.searchParams.get('source'), 's');
  assert.deepEqual(stateOf(address.searchParams), state);
  assert.deepEqual(stateOf(new URLSearchParams('')), { folder: null, image: null, beside: '', choice: {}, search: '' });
});
