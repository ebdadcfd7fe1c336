// How the panel writes things: numbers, kinds, places.

import type { DatasetIssue } from '../../state.ts';
import type { ColumnInfo, LayerInfo, LayerKind } from '../layer.ts';

/** MIFA's terms, in words. */
export const kKinds: Readonly<Record<LayerKind, string>> = {
  point_annotations: 'Point annotations',
  bounding_boxes: 'Bounding boxes',
  geometrical_annotations: 'Geometrical annotations',
  segmentation_mask: 'Segmentation mask',
  tracks: 'Tracks',
  graphs: 'Graph',
  class_labels: 'Class labels',
  counts: 'Counts',
};

const kWhole = new Intl.NumberFormat('en');
const kRough = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });

/** "12,345" */
export function whole(value: number): string {
  return kWhole.format(value);
}

/** "1,234", "0.01235", "1.2e-7" */
export function rough(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toPrecision(3).replace(/\.?0+e/, 'e');
  return kRough.format(value);
}

/** "34.2 %"; never 0 % of something, nor all of almost all. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return 'less than 0.1 %';
  if (value < 100 && value > 99.9) return 'more than 99.9 %';
  return `${Number(value.toFixed(1))} %`;
}

/** "1 object", "12 objects" */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}

const kUnits: Readonly<Record<string, string>> = { micrometer: 'µm', pixel: 'px', nanometer: 'nm', millimeter: 'mm', angstrom: 'Å', second: 's' };

/** "µm" for "micrometer" */
export function unitName(unit: string): string {
  return kUnits[unit] ?? unit;
}

/** What the objects of a layer are called when they are counted. */
export function objectWord({ kind, shapes }: LayerInfo): readonly [string, string] {
  switch (kind) {
    case 'point_annotations':
      return ['point', 'points'];
    case 'bounding_boxes':
      return ['box', 'boxes'];
    case 'tracks':
      return ['position', 'positions'];
    case 'graphs':
      return ['node', 'nodes'];
    case 'class_labels':
    case 'counts':
      return ['row', 'rows'];
    case 'segmentation_mask':
      return ['mask', 'masks'];
    case 'geometrical_annotations':
      break;
  }
  const only = Object.keys(shapes).filter((shape) => (shapes[shape] ?? 0) > 0);
  if (only.length === 1 && only[0] === 'polygon') return ['polygon', 'polygons'];
  if (only.length === 1 && only[0] === 'line') return ['line', 'lines'];
  return ['shape', 'shapes'];
}

/** "cells.geojson, line 12, /features/3" */
export function place({ file, line, pointer, row = 0 }: Pick<DatasetIssue, 'file' | 'line' | 'pointer' | 'row'>): string {
  return [file, line > 0 ? `line ${whole(line)}` : '', row > 0 ? `row ${whole(row)}` : '', pointer].filter((part) => part !== '').join(', ');
}

const kColumns: Readonly<Record<string, string>> = { '#': 'No.', category: 'Class', shape: 'Shape', area: 'Area', frame: 'Frame', slice: 'Slice', length: 'Length' };

/** A cell as people count: objects and frames that the table itself numbers begin at 1, as the sliders do. */
export function cellText(name: string, text: string, columns: readonly ColumnInfo[]): string {
  const counts = (name === '#' || name === 'frame' || name === 'slice') && !columns.some((column) => column.name === name);
  return counts && text !== '' && Number.isInteger(Number(text)) ? String(Number(text) + 1) : text;
}

/** A column's heading: its own name, but for those that the table adds. */
export function columnTitle(name: string): string {
  return kColumns[name] ?? name;
}
