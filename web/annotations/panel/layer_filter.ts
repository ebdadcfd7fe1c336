// Changes to a layer's filter, each giving a new one.

import type { LayerFilter } from '../layer.ts';

export function hidesCategory({ hidden = [] }: LayerFilter, category: number): boolean {
  return hidden.includes(category);
}

export function withCategory(filter: LayerFilter, category: number, shown: boolean): LayerFilter {
  const rest = (filter.hidden ?? []).filter((other) => other !== category);
  return { ...filter, hidden: shown ? rest : [...rest, category] };
}

export function withCategories(filter: LayerFilter, hidden: readonly number[]): LayerFilter {
  return { ...filter, hidden };
}

export function rangeOf({ ranges = [] }: LayerFilter, column: string): { readonly min: number; readonly max: number } | undefined {
  return ranges.find((range) => range.column === column);
}

/** `range` null: no longer by this column. */
export function withRange(filter: LayerFilter, column: string, range: { readonly min: number; readonly max: number } | null): LayerFilter {
  const rest = (filter.ranges ?? []).filter((other) => other.column !== column);
  return { ...filter, ranges: range ? [...rest, { column, ...range }] : rest };
}

export function hidesText({ hiddenTexts = [] }: LayerFilter, column: string, text: string): boolean {
  return hiddenTexts.some((entry) => entry.column === column && entry.texts.includes(text));
}

export function withTexts(filter: LayerFilter, column: string, texts: readonly string[]): LayerFilter {
  const rest = (filter.hiddenTexts ?? []).filter((other) => other.column !== column);
  return { ...filter, hiddenTexts: texts.length > 0 ? [...rest, { column, texts }] : rest };
}

export function withText(filter: LayerFilter, column: string, text: string, shown: boolean): LayerFilter {
  const texts = (filter.hiddenTexts ?? []).find((entry) => entry.column === column)?.texts ?? [];
  return withTexts(filter, column, shown ? texts.filter((other) => other !== text) : [...texts, text]);
}

/** Nothing is filtered out. */
export function isOpen({ hidden = [], ranges = [], hiddenTexts = [] }: LayerFilter): boolean {
  return hidden.length === 0 && ranges.length === 0 && hiddenTexts.length === 0;
}
