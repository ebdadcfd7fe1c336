// AnnData (.zarr, written by anndata 0.7 to 0.12): the table of observations, with coordinates from
// obsm/spatial where there are any, else to colour a mask by its columns.

import { ColumnPack, SourceError, type Column, type NumberArray, type PackedLayer, type PackedSpace } from './columns.ts';
import { join, type ZarrTree } from './zarr_array.ts';

export interface AnnDataOptions {
  readonly name?: string;
  readonly space?: PackedSpace;
}

/** obsm keys that hold places on an image; embeddings such as X_umap are none. */
const kPlaces = ['spatial', 'X_spatial', 'centroids', 'spatial_pixel'];

export async function isAnnData(tree: ZarrTree, path = ''): Promise<boolean> {
  if ((await tree.attributes(path))['encoding-type'] === 'anndata') return true;
  // 0.7 wrote nothing at the root.
  const obs = await tree.attributes(join(path, 'obs'));
  return obs['encoding-type'] === 'dataframe' && Array.isArray(obs['column-order']);
}

export async function readAnnData(tree: ZarrTree, path = '', options: AnnDataOptions = {}): Promise<PackedLayer> {
  const obs = join(path, 'obs');
  const attributes = await tree.attributes(obs);
  const order = Array.isArray(attributes['column-order']) ? attributes['column-order'].map(String) : [];
  const index = typeof attributes['_index'] === 'string' ? attributes['_index'] : '_index';
  const names = await readColumn(tree, obs, index);
  const rows = names.values.length;
  const pack = new ColumnPack(rows);
  const instanceKey = await textOf(tree, join(path, 'uns/spatialdata_attrs/instance_key'));
  // The column's own name says little; what it holds are the observations' names.
  pack.add({ ...names, name: index === '_index' ? 'observation' : index, part: 'id' });
  for (const name of order) {
    try {
      pack.add({ ...(await readColumn(tree, obs, name)), ...(name === instanceKey ? { part: 'instance' } : {}) });
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      pack.issues.push({
        rule: 'anndata/column', severity: 'warning', message: `The column “${name}” is left out: ${error.message}`, file: join(obs, name),
        expected: 'an array, categorical, nullable or string array', received: 'something else', fix: 'Write the table again with a current version of anndata.',
      });
    }
  }
  const placed = await addPlaces(tree, pack, path);
  const space: PackedSpace = options.space ?? { unit: 'pixel' };
  return {
    name: options.name ?? (path === '' ? 'obs' : path),
    title: 'AnnData',
    rows,
    bytes: pack.pack({ recognise: !placed || instanceKey === null, place: ['/obs/', ''], ...(placed ? { space } : {}) }),
  };
}

async function addPlaces(tree: ZarrTree, pack: ColumnPack, path: string): Promise<boolean> {
  for (const key of kPlaces) {
    const place = join(path, 'obsm', key);
    const node = await tree.node(place);
    if (node?.kind !== 'array') continue;
    const { values, shape } = await tree.array(place);
    const width = shape[1] ?? 0;
    if (shape.length !== 2 || shape[0] !== pack.rows || width < 2 || !ArrayBuffer.isView(values)) {
      pack.issues.push({
        rule: 'anndata/coordinates', severity: 'error', message: `The coordinates in ${place} cannot be used; rows are listed, not drawn.`, file: place,
        expected: `${pack.rows} rows of x and y`, received: `the shape ${JSON.stringify(shape)}`, fix: 'Write a row of x and y (and z) for every observation.',
      });
      return false;
    }
    const numbers = values as NumberArray;
    for (const [axis, part] of ['x', 'y', 'z'].slice(0, width).entries()) {
      const column = new Float64Array(pack.rows);
      for (let row = 0; row < pack.rows; ++row) column[row] = Number(numbers[row * width + axis]);
      pack.add({ name: `${key} ${part}`, values: column, part });
    }
    return true;
  }
  return false;
}

/** One column of a data frame, however it is encoded. */
async function readColumn(tree: ZarrTree, frame: string, name: string): Promise<Column> {
  const place = join(frame, name);
  const node = await tree.node(place);
  if (!node) throw new SourceError('missing', `Expected the column ${place}, received nothing.`);
  if (node.kind === 'array') {
    const { values, boolean, shape } = await tree.array(place);
    if (shape.length !== 1) throw new SourceError('fix-data', `Expected one value a row, received the shape ${JSON.stringify(shape)}.`);
    // 0.7: codes here, their texts elsewhere.
    const elsewhere = node.attributes['categories'];
    if (typeof elsewhere === 'string') return { name, values: texts(values, (await tree.array(join(frame, elsewhere))).values) };
    return { name, values, boolean };
  }
  const encoding = node.attributes['encoding-type'];
  if (encoding === 'categorical') {
    const [codes, categories] = await Promise.all([tree.array(join(place, 'codes')), tree.array(join(place, 'categories'))]);
    return { name, values: texts(codes.values, categories.values) };
  }
  if (typeof encoding === 'string' && encoding.startsWith('nullable-')) {
    const [{ values, boolean }, mask] = await Promise.all([tree.array(join(place, 'values')), tree.array(join(place, 'mask'))]);
    const missing = mask.values as Uint8Array;
    if (!ArrayBuffer.isView(values)) return { name, values: (values as readonly string[]).map((text, i) => (missing[i] ? null : text)) };
    return { name, values, boolean, valid: Uint8Array.from(missing, (one) => (one ? 0 : 1)) };
  }
  throw new SourceError('unsupported', `it is encoded as ${JSON.stringify(encoding)}.`);
}

function texts(codes: NumberArray | readonly string[], categories: NumberArray | readonly string[]): (string | null)[] {
  return Array.from(codes as ArrayLike<unknown>, (code) => {
    const category = categories[Number(code)];
    return category === undefined ? null : String(category);
  });
}

/** A text kept as an array without dimensions; null when there is none. */
async function textOf(tree: ZarrTree, path: string): Promise<string | null> {
  if ((await tree.node(path))?.kind !== 'array') return null;
  try {
    const { values } = await tree.array(path);
    return typeof values[0] === 'string' ? values[0] : null;
  } catch (error) {
    if (error instanceof SourceError) return null;
    throw error;
  }
}

