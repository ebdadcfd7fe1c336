// Classes of masks: by the tables that OME-Zarr label images carry ("image-label", "properties"), a row a value.
// Without one, the values have no names, and how many there are is known only once all pixels have been read.

import type { Store } from '../stores/store.ts';
import { objectOf, omeAttributes, type Json } from './zarr_attributes.ts';

export interface MaskClass {
  readonly name: string;
  /** Values of the mask. */
  readonly count: number;
}

export interface MaskTable {
  readonly classes: readonly MaskClass[];
  /** Values that are objects: where several have the same class. 0: values are classes. */
  readonly objects: number;
}

/** What the specification's example calls it, and what others do. */
const kClassName = /^(class([_ ]?name)?|category|cell[_ ]?type|phenotype|structure|name)$/i;

function classOf(row: Json): string {
  const key = Object.keys(row).find((name) => name === 'class') ?? Object.keys(row).find((name) => kClassName.test(name));
  const value = key === undefined ? '' : row[key];
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}

/** Of "image-label"; null where it names no class. */
export function maskTable(label: Json | null): MaskTable | null {
  const rows = label?.['properties'];
  if (!Array.isArray(rows)) return null;
  const counts = new Map<string, number>();
  let named = 0;
  for (const row of rows.map(objectOf)) {
    // 0 is where nothing is.
    const name = row && row['label-value'] !== 0 ? classOf(row) : '';
    if (name === '') continue;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    named += 1;
  }
  if (named === 0) return null;
  return { classes: [...counts].map(([name, count]) => ({ name, count })), objects: named > counts.size ? named : 0 };
}

export interface MasksRead {
  readonly tables: readonly MaskTable[];
  /** Masks whose classes are not known. */
  readonly unnamed: number;
}

/** `paths`: of label images in the store. */
export async function readMaskTables(store: Store, paths: readonly string[], signal?: AbortSignal): Promise<MasksRead> {
  const read = await Promise.all(paths.map(async (path) => maskTable(objectOf((await omeAttributes(store, path, signal))?.['image-label']))));
  const tables = read.filter((table) => table !== null);
  return { tables, unnamed: read.length - tables.length };
}
