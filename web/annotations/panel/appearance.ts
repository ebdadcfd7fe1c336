// How a layer is drawn: opacity, line, fill, points, tails.

import { element, slider } from './dom.ts';
import type { LayerHandle } from '../handle.ts';

const asPercent = (value: number): string => `${Math.round(value * 100)} %`;
const asPixels = (value: number): string => `${value} px`;

export function appearanceSection(shown: LayerHandle): HTMLElement {
  const { kind, shapes } = shown.info;
  const has = (...names: readonly string[]): boolean => names.some((name) => (shapes[name] ?? 0) > 0);
  const points = has('point', 'mixed');
  const areas = has('polygon', 'box', 'mixed');
  const lines = areas || has('line') || kind === 'tracks' || kind === 'graphs';
  return element(
    'div',
    { class: 'section' },
    slider({ label: 'Opacity', min: 0, max: 1, step: 0.01, value: shown.opacity, show: asPercent }, (value) => shown.set({ opacity: value })),
    areas && slider({ label: 'Fill', min: 0, max: 1, step: 0.01, value: shown.fillOpacity, show: asPercent }, (value) => shown.set({ fillOpacity: value })),
    lines && slider({ label: 'Line width', min: 0.5, max: 8, step: 0.5, value: shown.lineWidth, show: asPixels }, (value) => shown.set({ lineWidth: value })),
    points && slider({ label: 'Point size', min: 2, max: 30, step: 1, value: shown.pointSize, show: asPixels }, (value) => shown.set({ pointSize: value })),
    kind === 'tracks' &&
      slider({ label: 'Tail', min: 0, max: 100, step: 1, value: Math.min(shown.tail, 100), show: (value) => (value === 0 ? 'none' : value === 1 ? '1 frame' : `${value} frames`) }, (value) => shown.set({ tail: value })),
  );
}
