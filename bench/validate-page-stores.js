// Made-up folders for bench/validate-page.mjs, in the page: nothing is read from a disk.

const kEncoder = new TextEncoder();

/** A store of texts and bytes by path. */
export class MadeStore {
  description = 'a made-up folder';
  #files = new Map();
  #folders = new Map([['', []]]);

  add(path, content) {
    this.#files.set(path, typeof content === 'string' ? kEncoder.encode(content) : content);
    const slash = path.lastIndexOf('/');
    this.#folder(slash < 0 ? '' : path.slice(0, slash)).push({ name: path.slice(slash + 1), kind: 'file', size: this.#files.get(path).byteLength });
  }

  #folder(path) {
    let entries = this.#folders.get(path);
    if (entries) return entries;
    entries = [];
    this.#folders.set(path, entries);
    const slash = path.lastIndexOf('/');
    this.#folder(slash < 0 ? '' : path.slice(0, slash)).push({ name: path.slice(slash + 1), kind: 'directory' });
    return entries;
  }

  get size() {
    return this.#files.size;
  }

  get texts() {
    return [...this.#files].filter(([path]) => path.endsWith('json')).map(([, bytes]) => new TextDecoder().decode(bytes));
  }

  async get(key, { range } = {}) {
    const bytes = this.#files.get(key);
    if (!bytes) return { found: false, error: { code: 'missing', status: 0, url: key, message: 'no such file' } };
    const begin = range && 'offset' in range ? range.offset : range ? Math.max(0, bytes.byteLength - range.suffix) : 0;
    return { found: true, bytes: bytes.slice(begin, range && 'offset' in range ? begin + range.length : undefined), total: bytes.byteLength };
  }

  async list(prefix) {
    const entries = this.#folders.get(prefix);
    return entries ? { found: true, entries } : { found: false, error: { code: 'missing', status: 0, url: prefix, message: 'no such folder' } };
  }
}

const image = (name) =>
  JSON.stringify({
    zarr_format: 3,
    node_type: 'group',
    attributes: {
      ome: {
        version: '0.5',
        multiscales: [
          {
            name,
            axes: ['y', 'x'].map((axis) => ({ name: axis, type: 'space', unit: 'micrometer' })),
            datasets: [{ path: '0', coordinateTransformations: [{ type: 'scale', scale: [0.5, 0.5] }] }],
          },
        ],
      },
    },
  });
const array = JSON.stringify({
  zarr_format: 3,
  node_type: 'array',
  shape: [16, 16],
  data_type: 'uint8',
  chunk_grid: { name: 'regular', configuration: { chunk_shape: [16, 16] } },
  chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
  codecs: [{ name: 'bytes' }],
  fill_value: 0,
  dimension_names: ['y', 'x'],
  attributes: {},
});
const outline = (id) =>
  JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', id, properties: {}, geometry: { type: 'Polygon', coordinates: [[[2, 2], [9, 2], [9, 8], [2, 8], [2, 2]]] } }] });

/** `count` OME-Zarr images, as many annotation files, their lists and the study's document. */
export function madeStudy(count) {
  const store = new MadeStore();
  const chunk = new Uint8Array(256).map((_, i) => i);
  const [images, annotations] = [['Files\tChannel'], ['Files\tSource image\tAnnotation Type']];
  for (let i = 0; i < count; ++i) {
    const name = `cells_${String(i).padStart(5, '0')}`;
    const folder = `images/${name}.ome.zarr`;
    store.add(`${folder}/zarr.json`, image(name));
    store.add(`${folder}/0/zarr.json`, array);
    store.add(`${folder}/0/c/0/0`, chunk);
    store.add(`annotations/${name}.geojson`, outline(i));
    images.push(`${folder}\tnuclei`);
    annotations.push(`annotations/${name}.geojson\t${folder}\tgeometrical_annotations`);
  }
  store.add('images.tsv', `${images.join('\n')}\n`);
  store.add('annotations.tsv', `${annotations.join('\n')}\n`);
  store.add(
    'study.yaml',
    `study:
  title: Ten thousand images of made-up cells with outlines
  description: A study that a benchmark has made, of gradients and squares.
  license: CC0
  keywords: [benchmark]
  authors:
    - first_name: Ada
      last_name: Byron
      role: [data annotation]
  funding: { funding_statement: None. }
annotations:
  Outlines:
    annotation_overview: A square in each image, drawn by a program.
    annotation_type: [geometrical_annotations]
    annotation_method: Made by software, checked by nobody.
    file_list: annotations.tsv
version:
  Outlines: { version: "1", timestamp: 2026-01-01T00:00:00Z }
`,
  );
  return store;
}

/** `count` files, each of them empty, which is an issue each. */
export function madeFaults(count) {
  const store = new MadeStore();
  for (let i = 0; i < count; ++i) store.add(`folder ${Math.floor(i / 1000)}/table ${i}.csv`, '');
  return store;
}

/** A small study with one fault of several kinds, for the picture of the report. */
export function faultyStudy() {
  const store = new MadeStore();
  const wrong = JSON.parse(image('nuclei'));
  wrong.attributes.ome.multiscales[0].datasets[0].coordinateTransformations[0].scale = [0.5];
  const chunk = new Uint8Array(256).map((_, i) => i);
  for (const [name, text] of [['control', image('control')], ['stress', image('stress')], ['recovery', JSON.stringify(wrong)]]) {
    store.add(`images/${name}.ome.zarr/zarr.json`, text);
    store.add(`images/${name}.ome.zarr/0/zarr.json`, array);
    store.add(`images/${name}.ome.zarr/0/c/0/0`, name === 'stress' ? chunk.slice(0, 99) : chunk);
  }
  store.add('raw/plate 3.czi', 'ZISRAWFILE');
  store.add(
    'study.yaml',
    `study:
  title: Nuclei of kidney cells under stress, with masks
  description: Confocal images of kidney cells and masks of their nuclei.
  license: all rights reserved
  keywords: [kidney]
  authors:
    - { first_name: Ada, last_name: Example, orcid_id: 0000-0002-1825-0098 }
`,
  );
  return store;
}
