// A report in words.

import type { ReportIssue, ReportPlace, ReportSummary, Severity, ValidationProgress } from '../validation/validate.ts';

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

function bytesText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let number = bytes;
  while (number >= 999.5 && unit + 1 < units.length) {
    number /= 1000;
    ++unit;
  }
  return `${number.toFixed(unit === 0 || number >= 99.95 ? 0 : 1)} ${units[unit]}`;
}

/** What was looked at. */
export function inventoryText({ inventory }: ReportSummary): string {
  const parts = [
    [inventory.plates, 'plate', 'plates'],
    [inventory.wells, 'well', 'wells'],
    [inventory.images, 'image', 'images'],
    [inventory.labels, 'label image', 'label images'],
  ] as const;
  const texts = parts.filter(([count]) => count > 0).map(([count, one, many]) => counted(count, one, many));
  if (inventory.files !== undefined) texts.push(`${counted(inventory.files, 'file')}${inventory.bytes ? ` (${bytesText(inventory.bytes)})` : ''}`);
  if (inventory.chunksExpected) texts.push(`${(inventory.chunksPresent ?? 0).toLocaleString('en')} of ${inventory.chunksExpected.toLocaleString('en')} chunks there`);
  texts.push(counted(inventory.chunksDecoded, 'chunk decoded', 'chunks decoded'));
  if (inventory.versions.length > 0) texts.push(`OME-Zarr ${inventory.versions.join(', ')}`);
  return texts.join(', ');
}

const kVerdicts = { valid: 'No errors', invalid: 'There are errors', incomplete: 'Not checked to the end' } as const;

export function verdictText({ verdict, counts, complete }: ReportSummary): string {
  const parts = [
    counts.errors > 0 ? counted(counts.errors, 'error') : '',
    counts.warnings > 0 ? counted(counts.warnings, 'warning') : '',
    counts.infos > 0 ? counted(counts.infos, 'remark') : '',
  ].filter(Boolean);
  const rest = complete ? '' : ' The check was cancelled: the rest was not looked at.';
  return `${kVerdicts[verdict]}: ${parts.join(', ') || 'no issues'}.${rest}`;
}

export function placeText({ file, line, row, pointer }: ReportPlace): string {
  return [file, line && `line ${line}`, row && `row ${row}`, pointer].filter(Boolean).join(', ') || 'the dataset';
}

export const kMarks: Readonly<Record<Severity, string>> = { error: 'Error', warning: 'Warning', info: 'Remark' };

const kModules: Readonly<Record<string, string>> = {
  'ome-zarr': 'OME-Zarr',
  zarr: 'Zarr',
  files: 'Files',
  annotation: 'Annotations',
  anndata: 'AnnData',
  geff: 'GEFF',
  geoparquet: 'GeoParquet',
  parquet: 'Parquet',
  spatialdata: 'SpatialData',
  mifa: 'MIFA',
  rembi: 'REMBI',
  'bia-submission': 'BioImage Archive',
};

export function moduleOf(rule: string): string {
  return rule.slice(0, rule.indexOf('/'));
}

export function moduleName(module: string): string {
  return kModules[module] ?? module;
}

export function progressText({ phase, files, nodes, nodesDone, chunks, chunksDone }: ValidationProgress): string {
  const found = files > 0 ? `${counted(files, 'file')} found` : '';
  if (phase === 'listing') return found || 'Looking for files …';
  const number = (count: number): string => count.toLocaleString('en');
  return [found, `${number(nodesDone)} of ${number(nodes)} groups and arrays read`, `${number(chunksDone)} of ${number(chunks)} chunks decoded`].filter(Boolean).join(', ');
}

/** What an issue is about, for the line above the image. */
export function issueText(issue: ReportIssue): string {
  return `${issue.message} (${placeText(issue)})`;
}
