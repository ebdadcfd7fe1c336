// How a layer is drawn: opacity, line, fill, points, tails.

import type { LayerHandle } from '../handle.ts';
import type { LabelBy, LayerInfo } from '../layer.ts';
import { choice, element, slider, type Choice } from './dom.ts';
import { columnTitle } from './words.ts';

type Setting = 'opacity' | 'fillOpacity' | 'lineWidth' | 'pointSize' | 'tail';

/** Longer tails are shown as all of it. */
const kLongestTail = 100;

const asPercent = (value: number): string => `${Math.round(value * 100)} %`;
const asPixels = (value: number): string => `${value} px`;
const asFrames = (value: number): string => (value === 0 ? 'none' : value >= kLongestTail ? 'all' : value === 1 ? '1 frame' : `${value} frames`);

function labelChoices({ categories, columns }: LayerInfo): readonly Choice[] {
  return [
    { value: '', label: 'Off' },
    ...(categories.length > 0 ? [{ value: 'category', label: 'Class' }] : []),
    { value: 'id', label: columns.some(({ role }) => role === 'id') ? 'Id' : 'Number' },
    ...(columns.some(({ role }) => role === 'track') ? [{ value: 'track', label: 'Track' }] : []),
    ...columns.map(({ name }) => ({ value: `column:${name}`, label: columnTitle(name) })),
  ];
}

function labelValue(by: LabelBy | null): string {
  return by === null ? '' : by.kind === 'column' ? `column:${by.column}` : by.kind;
}

function labelBy(value: string): LabelBy | null {
  if (value === '') return null;
  return value.startsWith('column:') ? { kind: 'column', column: value.slice('column:'.length) } : { kind: value as 'category' | 'id' | 'track' };
}

export class AppearanceSection {
  readonly root = element('div', { class: 'section' });
  readonly #shown: LayerHandle;
  readonly #labels: HTMLSelectElement | null;
  readonly #sliders: (readonly [Setting, (value: number) => void])[] = [];

  constructor(shown: LayerHandle) {
    this.#shown = shown;
    const { kind, shapes } = shown.info;
    const has = (...names: readonly string[]): boolean => names.some((name) => (shapes[name] ?? 0) > 0);
    const areas = has('polygon', 'box', 'mixed');
    this.#add('Opacity', 'opacity', [0, 1, 0.01], asPercent);
    if (areas) this.#add('Fill', 'fillOpacity', [0, 1, 0.01], asPercent);
    if (areas || has('line') || kind === 'tracks' || kind === 'graphs') this.#add('Line width', 'lineWidth', [0, 8, 0.5], asPixels);
    if (has('point', 'mixed')) this.#add('Point size', 'pointSize', [2, 30, 1], asPixels);
    if (kind === 'tracks') this.#add('Tail', 'tail', [0, kLongestTail, 1], asFrames);
    const labels = choice('Label text', labelChoices(shown.info), labelValue(shown.labelText), (value) => shown.set({ labelText: labelBy(value) }));
    this.#labels = labels.querySelector('select');
    this.root.append(labels);
  }

  /** Settings that were changed elsewhere. */
  refresh(): void {
    for (const [setting, put] of this.#sliders) put(this.#value(setting));
    const value = labelValue(this.#shown.labelText);
    if (this.#labels && this.#labels.value !== value) this.#labels.value = value;
  }

  #value(setting: Setting): number {
    return Math.min(this.#shown[setting], setting === 'tail' ? kLongestTail : Infinity);
  }

  #add(label: string, setting: Setting, [min, max, step]: readonly [number, number, number], show: (value: number) => string): void {
    const made = slider({ label, min, max, step, value: this.#value(setting), show }, (value) => {
      const changes: Partial<Record<Setting, number>> = { [setting]: setting === 'tail' && value >= kLongestTail ? Infinity : value };
      this.#shown.set(changes);
    });
    this.#sliders.push([setting, made.put]);
    this.root.append(made.root);
  }
}
