// A mask image in the list of layers: shown or not, filled or as outlines, how strong.

import { entryList, ramp } from './colors.ts';
import { checkbox, choice, element, foreign, slider, type Choice } from './dom.ts';
import type { LayerHandle } from '../handle.ts';
import type { ColorBy } from '../layer.ts';
import type { MaskLayer, MaskTablesApi, PanelHost } from './host.ts';
import { columnTitle, counted, rough } from './words.ts';

let cards = 0;

interface TableColor {
  readonly layer: LayerHandle;
  readonly colorBy: ColorBy;
}

/** Ways to colour a mask by the tables that are open. */
function tableColors(tables: MaskTablesApi): readonly (Choice & TableColor)[] {
  return tables.tables().flatMap((layer) => {
    const { info } = layer;
    const of = (name: string): string => `${name} (${info.name})`;
    const columns = info.columns.filter(({ name }) => name !== info.maskIds);
    return [
      ...(info.categories.length > 0 ? [{ value: `${layer.id}`, label: of('Class'), layer, colorBy: { kind: 'category' } as const }] : []),
      ...columns.map(({ name }) => ({ value: `${layer.id}:${name}`, label: of(columnTitle(name)), layer, colorBy: { kind: 'column', column: name } as const })),
    ];
  });
}

export class MaskCard {
  readonly root = element('li', { class: 'card' });
  readonly #eye: HTMLInputElement;
  readonly #outline: HTMLInputElement | null;
  readonly #opacity: ReturnType<typeof slider>;
  readonly #colors = element('div', { class: 'section' });
  readonly #host: PanelHost;
  readonly #index: number;
  #key = '';

  constructor(host: PanelHost, index: number, mask: MaskLayer) {
    const id = `mask-${++cards}`;
    this.#host = host;
    this.#index = index;
    this.#eye = element('input', { type: 'checkbox', 'aria-label': `Show ${mask.name}`, title: 'Show or hide' });
    this.#eye.addEventListener('change', () => host.setMask?.(index, { visible: this.#eye.checked }));
    const outline = checkbox('Outlines only', mask.outline, (on) => host.setMask?.(index, { outline: on }));
    this.#outline = outline.querySelector('input');
    const { threshold, range = [0, 1] } = mask;
    this.#opacity = slider({ label: 'Opacity', min: 0, max: 1, step: 0.01, value: mask.opacity, show: (value) => `${Math.round(value * 100)} %` }, (opacity) => host.setMask?.(index, { opacity }));
    const body = element(
      'div',
      { class: 'body', id, hidden: true },
      mask.threshold === undefined && this.#colors,
      element(
        'div',
        { class: 'section' },
        this.#opacity.root,
        threshold !== undefined && slider({ label: 'Threshold', min: range[0], max: range[1], step: (range[1] - range[0]) / 200, value: threshold, show: rough }, (value) => host.setMask?.(index, { threshold: value })).root,
        outline,
      ),
    );
    const title = element('button', { type: 'button', class: 'title', 'aria-expanded': 'false', 'aria-controls': id }, foreign(mask.name), element('span', { class: 'chevron', 'aria-hidden': 'true' }));
    title.addEventListener('click', () => {
      body.hidden = !body.hidden;
      title.setAttribute('aria-expanded', String(!body.hidden));
    });
    this.root.append(element('div', { class: 'head' }, this.#eye, title), element('div', { class: 'about' }, element('p', {}, threshold === undefined ? 'Segmentation mask' : 'Probability map')), body);
    this.refresh(mask);
  }

  refresh({ visible, outline, opacity }: MaskLayer): void {
    this.#opacity.put(opacity);
    this.#eye.checked = visible;
    this.root.classList.toggle('off', !visible);
    if (this.#outline) this.#outline.checked = outline;
    this.#refreshColors();
  }

  /** By its own ids, or by a column of a table whose rows carry them. */
  #refreshColors(): void {
    const tables = this.#host.maskTables;
    if (!tables) return;
    const options = tableColors(tables);
    const coloring = tables.coloringOf(this.#index);
    const value = coloring ? `${coloring.layer.id}${coloring.colorBy.kind === 'column' ? `:${coloring.colorBy.column}` : ''}` : '';
    const key = JSON.stringify([options.map(({ value: own, label }) => [own, label]), value, coloring?.legend, coloring?.repeated]);
    if (key === this.#key) return;
    this.#key = key;
    const inside = this.#colors.contains((this.#colors.getRootNode() as ShadowRoot).activeElement);
    this.#colors.hidden = options.length === 0;
    const by = choice('Colour by', [{ value: '', label: 'Its own colours' }, ...options], value, (chosen) => {
      const found = options.find((option) => option.value === chosen);
      tables.color(this.#index, found?.layer ?? null, found?.colorBy);
    });
    this.#colors.replaceChildren(by);
    const legend = coloring?.legend;
    if (legend) this.#colors.append(legend.ramp ? ramp(legend.ramp) : entryList(legend));
    if (coloring && coloring.repeated > 0) this.#colors.append(element('p', { class: 'warn' }, `${counted(coloring.repeated, 'row has', 'rows have')} an id that an earlier row has: the first one's colour is shown.`));
    if (inside) by.querySelector('select')?.focus();
  }
}
