// GEFF, the Graph Exchange File Format (live-image-tracking-tools, 0.1 to 1.x): nodes with properties
// and edges between their ids, in a Zarr group whose attribute "geff" says what is what.

import { ColumnPack, SourceError, type NumberArray, type PackedLayer, type PackedSpace } from './columns.ts';
import { isObject, join, type JsonObject, type ZarrTree, type ZarrValues } from './zarr_array.ts';

interface Axis {
  readonly name: string;
  readonly type: string;
  readonly unit: string;
  readonly scale: number;
  readonly offset: number;
}

/** Paths of the GEFF groups at a place or just below it. */
export async function findGeff(tree: ZarrTree): Promise<readonly string[]> {
  if (isObject((await tree.attributes(''))['geff'])) return [''];
  const found: string[] = [];
  for (const name of (await tree.children('')) ?? ['tracks', 'geff', 'graph']) {
    if (isObject((await tree.attributes(name))['geff'])) found.push(name);
  }
  return found;
}

export async function readGeff(tree: ZarrTree, path: string): Promise<PackedLayer> {
  const metadata = (await tree.attributes(path))['geff'];
  if (!isObject(metadata)) throw new SourceError('fix-data', `Expected the attribute “geff” at ${path || 'the root'}, received none.`);
  const ids = toBigInts((await tree.array(join(path, 'nodes/ids'))).values, join(path, 'nodes/ids'));
  const pack = new ColumnPack(ids.length);
  pack.add({ name: 'id', values: ids, part: 'id' });
  const axes = readAxes(metadata);
  const parts = partsOf(axes, metadata);
  const names = new Set([...axes.map(({ name }) => name), ...parts.keys(), ...Object.keys(isObject(metadata['node_props_metadata']) ? metadata['node_props_metadata'] : {})]);
  for (const name of (await tree.children(join(path, 'nodes/props'))) ?? []) names.add(name);
  if (!axes.some(({ name }) => name === 'x')) for (const name of ['x', 'y']) if (axes.length === 0) names.add(name);
  for (const name of names) await addProperty(tree, pack, path, name, parts.get(name) ?? '', axes.find((axis) => axis.name === name));
  await addEdges(tree, pack, path);
  return {
    name: path === '' ? 'graph' : path,
    title: 'GEFF',
    rows: ids.length,
    bytes: pack.pack({ space: spaceOf(axes, parts), place: ['/nodes/', ''] }),
  };
}

function readAxes(metadata: JsonObject): readonly Axis[] {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const number = (value: unknown, otherwise: number): number => (typeof value === 'number' && Number.isFinite(value) ? value : otherwise);
  if (Array.isArray(metadata['axes'])) {
    return metadata['axes'].filter(isObject).map((axis) => ({
      name: text(axis['name']),
      type: text(axis['type']) || (axis['name'] === 't' ? 'time' : 'space'),
      unit: text(axis['scaled_unit']) || text(axis['unit']),
      scale: number(axis['scale'], 1),
      offset: number(axis['offset'], 0),
    }));
  }
  return [];
}

/** Which property is x, y, z, the frame, the track. */
function partsOf(axes: readonly Axis[], metadata: JsonObject): Map<string, string> {
  const parts = new Map<string, string>();
  const hints = isObject(metadata['display_hints']) ? metadata['display_hints'] : {};
  const space = axes.filter(({ type }) => type === 'space').map(({ name }) => name);
  const hinted = (key: string): string | undefined => (typeof hints[key] === 'string' ? (hints[key] as string) : undefined);
  const named = (letter: string): string | undefined => space.find((name) => name.toLowerCase() === letter);
  // The order of axes is that of the image's: x is the last.
  const x = hinted('display_horizontal') ?? named('x') ?? space[space.length - 1] ?? 'x';
  const y = hinted('display_vertical') ?? named('y') ?? space.filter((name) => name !== x).at(-1) ?? 'y';
  const z = hinted('display_depth') ?? named('z') ?? space.find((name) => name !== x && name !== y);
  const t = hinted('display_time') ?? axes.find(({ type }) => type === 'time')?.name ?? (axes.length === 0 ? 't' : undefined);
  parts.set(x, 'x').set(y, 'y');
  if (z !== undefined) parts.set(z, 'z');
  if (t !== undefined) parts.set(t, 'frame');
  const tracks = isObject(metadata['track_node_props']) ? metadata['track_node_props'] : {};
  const track = tracks['tracklet'] ?? tracks['lineage'] ?? 'track_id';
  if (typeof track === 'string' && !parts.has(track)) parts.set(track, 'track');
  return parts;
}

function spaceOf(axes: readonly Axis[], parts: ReadonlyMap<string, string>): PackedSpace {
  const with_ = (part: string): Axis | undefined => axes.find(({ name }) => parts.get(name) === part);
  const x = with_('x'), y = with_('y'), z = with_('z');
  const physical = x !== undefined && x.unit !== '' && !/^pixels?$/.test(x.unit);
  const affine = [x?.scale ?? 1, 0, x?.offset ?? 0, 0, y?.scale ?? 1, y?.offset ?? 0];
  const depth = z !== undefined && z.unit !== '' && !/^pixels?$/.test(z.unit);
  // Trackers in Python count from the middle of the first pixel.
  return { unit: physical ? 'physical' : 'pixel', unitName: physical ? x.unit : '', corner: false, affine, depthIsPhysical: physical && depth };
}

async function addProperty(tree: ZarrTree, pack: ColumnPack, path: string, name: string, part: string, axis: Axis | undefined): Promise<void> {
  const place = join(path, 'nodes/props', name);
  if (!(await tree.node(join(place, 'values')))) {
    // Only what the metadata names is missed.
    if (axis) tell(pack, path, `The axis “${name}” has no property of that name; nodes are placed without it.`, `the array ${place}/values`, 'nothing');
    return;
  }
  try {
    const { values, boolean, shape } = await tree.array(join(place, 'values'));
    if (shape.length !== 1 || values.length !== pack.rows) {
      tell(pack, path, `The property “${name}” is left out: it has not one value a node.`, `${pack.rows} values`, `the shape ${JSON.stringify(shape)}`);
      return;
    }
    const missing = (await tree.node(join(place, 'missing'))) ? (await tree.array(join(place, 'missing'))).values : null;
    const valid = missing ? Uint8Array.from(missing as Uint8Array, (one) => (one ? 0 : 1)) : null;
    const unit = axis?.unit ?? '';
    // z is a slice's number or a length after its own scale, which the space cannot carry.
    const scaled = part === 'z' && axis && (axis.scale !== 1 || axis.offset !== 0);
    const kept = scaled ? Float64Array.from(values as Float64Array, (value) => Number(value) * axis.scale + axis.offset) : values;
    pack.add({ name, values: kept, part, unit, valid, boolean });
  } catch (error) {
    if (!(error instanceof SourceError) || part === 'x' || part === 'y') throw error;
    tell(pack, path, `The property “${name}” is left out: ${error.message}`, 'one number or text a node', 'something else');
  }
}

async function addEdges(tree: ZarrTree, pack: ColumnPack, path: string): Promise<void> {
  const place = join(path, 'edges/ids');
  if (!(await tree.node(place))) {
    tell(pack, path, 'The graph has no edges; its nodes are shown alone.', `the array ${place}`, 'nothing');
    return;
  }
  const { values, shape }: ZarrValues = await tree.array(place);
  if (shape.length !== 2 || shape[1] !== 2) throw new SourceError('fix-data', `Expected pairs of node ids in ${place}, received the shape ${JSON.stringify(shape)}.`);
  pack.setEdges(toBigInts(values, place));
}

function toBigInts(values: NumberArray | readonly string[], place: string): BigInt64Array {
  if (values instanceof BigInt64Array) return values;
  if (!ArrayBuffer.isView(values)) throw new SourceError('fix-data', `Expected whole numbers in ${place}, received texts.`);
  const numbers = values as NumberArray;
  const result = new BigInt64Array(numbers.length);
  for (let i = 0; i < numbers.length; ++i) {
    const value = numbers[i] ?? 0;
    if (typeof value === 'number' && !Number.isSafeInteger(value)) {
      throw new SourceError('fix-data', `Expected whole numbers in ${place}, received ${value} at index ${i}.`);
    }
    result[i] = BigInt(value);
  }
  return result;
}

function tell(pack: ColumnPack, path: string, message: string, expected: string, received: string): void {
  pack.issues.push({ rule: 'geff/property', severity: 'warning', message, file: path, expected, received, fix: 'Write the graph again with all that its metadata names.' });
}
