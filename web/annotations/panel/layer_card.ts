// One layer in the list: what it is, whether it is shown, and, opened, all that can be changed about it.

import type { LayerInfo } from '../layer.ts';
import { AppearanceSection } from './appearance.ts';
import { ColorSection } from './colors.ts';
import { button, element, fold, foreign, signButton } from './dom.ts';
import { FilterSection } from './filters.ts';
import { elsewhereSection, issueSection, issueSummary } from './issue_list.ts';
import { isOpen } from './layer_filter.ts';
import { mappingEditor } from './mapping_editor.ts';
import type { PanelHost } from './host.ts';
import type { LayerHandle } from '../handle.ts';
import { TransformEditor } from './transform_editor.ts';
import { counted, kKinds, objectWord, whole } from './words.ts';

export interface CardActions {
  toggle(open: boolean): void;
  remove(): void;
  up(): void;
  down(): void;
  table(): void;
  quality(): void;
}

/** "1,204 polygons · GeoJSON · frames 1 to 10" */
function facts(info: LayerInfo): string {
  const { links, divisions, frames, kind, count, formatTitle } = info;
  const [one, many] = objectWord(info);
  return [
    counted(count, one, many),
    info.tableColumns.length > 0 && formatTitle.length > 24 ? 'Table' : formatTitle,
    kind === 'tracks' && divisions > 0 ? counted(divisions, 'division') : '',
    kind === 'graphs' && links > 0 ? counted(links, 'edge') : '',
    frames && frames[1] > frames[0] ? `frames ${whole(frames[0] + 1)} to ${whole(frames[1] + 1)}` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Tracks without positions: the masks that they are of have them. */
function positionsFrom(masks: readonly { readonly index: number; readonly name: string }[], locate: (mask: number) => Promise<unknown>): HTMLElement {
  const said = element('p', { class: 'problem', role: 'alert' });
  const take = (index: number, name: string): void => {
    said.textContent = '';
    locate(index).catch((error: unknown) => {
      said.textContent = `${name} could not be read: ${error instanceof Error ? error.message : String(error)}`;
    });
  };
  return element(
    'div',
    { class: 'section' },
    element('p', { class: 'quiet' }, 'The file has no positions: they are in the masks that its labels stand in.'),
    element('div', { class: 'row' }, ...masks.map(({ index, name }) => button(`Positions from ${name}`, () => take(index, name)))),
    said,
  );
}

let cards = 0;

export class LayerCard {
  readonly root = element('li', { class: 'card' });
  readonly shown: LayerHandle;
  readonly #host: PanelHost;
  readonly #eye: HTMLInputElement;
  readonly #title: HTMLButtonElement;
  readonly #filtered = element('p', { class: 'quiet filtered', role: 'status' });
  readonly #note = element('p', { class: 'warn', role: 'status' });
  readonly #body: HTMLElement;
  #colors: ColorSection | null = null;
  #appearance: AppearanceSection | null = null;
  #transform: TransformEditor | null = null;

  constructor(shown: LayerHandle, host: PanelHost, actions: CardActions) {
    this.shown = shown;
    this.#host = host;
    const { info } = shown.layer;
    const id = `card-${++cards}`;
    this.#eye = element('input', { type: 'checkbox', 'aria-label': `Show ${info.name}`, title: 'Show or hide' });
    this.#eye.addEventListener('change', () => shown.set({ visible: this.#eye.checked }));
    this.#title = element('button', { type: 'button', class: 'title', 'aria-expanded': 'false', 'aria-controls': id }, foreign(info.name), element('span', { class: 'chevron', 'aria-hidden': 'true' }));
    this.#title.addEventListener('click', () => actions.toggle(!this.open));
    this.#body = element('div', { class: 'body', id, hidden: true });
    const problems = issueSummary(info);
    this.root.append(
      element('div', { class: 'head' }, this.#eye, this.#title),
      element('div', { class: 'about' }, element('p', { class: 'kind' }, kKinds[info.kind]), element('p', {}, facts(info)), problems ? element('p', { class: 'warn' }, `${problems} in the file`) : null, this.#note, this.#filtered),
      this.#body,
    );
    this.#actions = actions;
    this.refresh();
  }

  readonly #actions: CardActions;

  get open(): boolean {
    return !this.#body.hidden;
  }

  set open(open: boolean) {
    if (open && !this.#body.firstChild) this.#build();
    this.#body.hidden = !open;
    this.#title.setAttribute('aria-expanded', String(open));
    this.root.classList.toggle('open', open);
  }

  focus(): void {
    this.#title.focus();
  }

  refresh(): void {
    const { shown } = this;
    this.#eye.checked = shown.visible;
    this.root.classList.toggle('off', !shown.visible);
    const filtered = isOpen(shown.filter) ? '' : `${whole(shown.visibleCount)} of ${whole(shown.info.count)} shown`;
    if (this.#filtered.textContent !== filtered) this.#filtered.textContent = filtered;
    if (this.#note.textContent !== shown.placementNote) this.#note.textContent = shown.placementNote;
    this.#colors?.refresh();
    this.#appearance?.refresh();
    this.#transform?.refresh();
  }

  #build(): void {
    const { shown } = this;
    const { info } = shown.layer;
    const located = info.bounds !== null;
    const actions = this.#actions;
    this.#colors = new ColorSection(shown);
    const filters = new FilterSection(shown);
    if (located) this.#appearance = new AppearanceSection(shown);
    if (located) this.#transform = new TransformEditor(shown, this.#host.layers);
    const { reopen, locate, maskTables } = this.#host;
    const masks = !located && info.format === 'ctc' && locate ? (maskTables?.masks() ?? []) : [];
    const problems = issueSummary(info);
    const parts = [
      element(
        'div',
        { class: 'row actions' },
        button('Objects', actions.table, { 'aria-label': `Objects of ${info.name}` }),
        button('Quality', actions.quality, { 'aria-label': `Quality of ${info.name}` }),
        element('span', { class: 'gap' }),
        signButton('↑', `${info.name}: over the layer before`, actions.up),
        signButton('↓', `${info.name}: under the layer after`, actions.down),
        signButton('×', `Remove ${info.name}`, actions.remove),
      ),
      masks.length > 0 && locate ? positionsFrom(masks, (mask) => locate(shown, mask)) : null,
      this.#colors.root,
      this.#appearance ? fold('Appearance', true, this.#appearance.root) : null,
      filters.useful ? fold('Filter', false, filters.root) : null,
      this.#transform ? fold('Position on the image', false, this.#transform.root) : null,
      reopen && info.tableColumns.length > 0 ? fold('Columns', false, mappingEditor(info, (mapping) => reopen(shown, mapping))) : null,
      problems ? fold(`Problems in the file: ${problems}`, false, issueSection(info)) : null,
      elsewhereSection(info),
    ];
    this.#body.append(...parts.filter((part) => part !== null));
  }
}
