// The facts about the open image, as text.

import { plateSummary } from '../dataset_choice.ts';
import type { AxisState, DatasetIssue, ViewerState } from '../state.ts';

function element(name: string, text: string, className = ''): HTMLElement {
  const result = document.createElement(name);
  result.textContent = text;
  if (className) result.className = className;
  return result;
}

function axisName(axis: AxisState): string {
  return { t: 'time (t)', c: 'channels (c)' }[axis.name] ?? axis.name;
}

function axisTable(axes: readonly AxisState[], pixelSizes: ReadonlyMap<string, number>): HTMLElement {
  const table = document.createElement('table');
  for (const axis of axes) {
    const row = document.createElement('tr');
    const head = element('th', axisName(axis));
    head.setAttribute('scope', 'row');
    const step = pixelSizes.get(axis.name);
    const size =
      axis.unit && step !== undefined && axis.size > 1
        ? `${Number((axis.size * step).toPrecision(4))} ${axis.unit}`
        : '';
    row.append(head, element('td', String(axis.size)), element('td', size));
    table.append(row);
  }
  return table;
}

function channelList(state: ViewerState): HTMLElement {
  const list = document.createElement('ul');
  list.className = 'channels';
  for (const channel of state.channels ?? []) {
    const item = document.createElement('li');
    const swatch = element('span', '', 'swatch');
    swatch.style.background = channel.swatch;
    item.append(swatch, element('span', channel.label));
    list.append(item);
  }
  return list;
}

function issueItem(issue: DatasetIssue): HTMLElement {
  const item = element('li', '', issue.severity);
  const place = [issue.file, issue.line > 0 ? `line ${issue.line}` : '', issue.row ? `row ${issue.row}` : '', issue.pointer]
    .filter((part) => part !== '')
    .join(', ');
  item.append(element('p', issue.message));
  if (issue.fix) item.append(element('p', issue.fix));
  if (place) item.append(element('p', place, 'place'));
  return item;
}

function issueList(issues: readonly DatasetIssue[]): HTMLElement[] {
  if (issues.length === 0) return [];
  const list = document.createElement('ul');
  list.className = 'issues';
  const rank = { error: 0, warning: 1, info: 2 };
  list.append(...[...issues].sort((a, b) => rank[a.severity] - rank[b.severity]).map(issueItem));
  return [element('h2', 'What its metadata should mend'), list];
}

/** The image's own name, or the last part of its address: some writers name every image "/". */
export function titleOf({ title = '', name }: ViewerState): string {
  const own = title.replace(/^\/+|\/+$/g, '');
  // Of “https://…/a.zip?sig=…|zip:b.zarr/|zarr3:” that is b.zarr.
  const parts = name.split(/\|(?:zip|zarr[23]?):/).map((part) => part.replace(/[?#].*$/, '').replace(/\/+$/, ''));
  const last = parts.filter((part) => part !== '').pop()?.split('/').pop() ?? '';
  return own || last.replace(/%20/g, ' ');
}

/** What is shown beside or around the image that the rest is about. */
function surroundings(state: ViewerState): HTMLElement[] {
  const { plate, images = 1 } = state;
  if (plate && state.overview) {
    return [
      element('h1', plate.name || titleOf({ ...state, title: '' })),
      element('p', `Plate · ${plateSummary(state)}`, 'quiet'),
      element('h2', 'First well'),
      element('p', state.title ?? ''),
    ];
  }
  const title = element('h1', titleOf(state));
  if (images < 2) return [title];
  return [
    element('h1', titleOf({ ...state, title: '' })),
    element('p', `${images} images in one coordinate system`, 'quiet'),
    element('h2', 'First image'),
    element('p', state.title ?? ''),
  ];
}

function build(state: ViewerState): HTMLElement[] {
  const parts = surroundings(state);
  if (state.axes) {
    const format = state.version ? `OME-Zarr ${state.version}` : 'Zarr';
    const facts = [
      state.format ?? `${format} (Zarr v${state.zarrFormat})`,
      state.dataType ?? '',
      state.levels === 1 ? 'one resolution' : `${state.levels} resolutions`,
    ];
    parts.push(element('p', facts.filter(Boolean).join(' · '), 'quiet'));
    parts.push(element('h2', 'Size'), axisTable(state.axes, new Map(state.axes.map((axis) => [axis.name, axis.step]))));
  }
  if ((state.channels?.length ?? 0) > 0) {
    parts.push(element('h2', state.rgb ? 'Colour picture' : 'Channels'), channelList(state));
  }
  if ((state.labels?.length ?? 0) > 0) {
    const list = element('ul', '', 'channels');
    list.append(...(state.labels ?? []).map(({ name }) => element('li', name)));
    parts.push(element('h2', 'Label masks'), list);
  }
  // What ended the opening is said in the image's place; here it would read like a matter of one file.
  const ended = state.failure?.message ?? '';
  parts.push(...issueList(state.issues.filter(({ message }) => !ended.includes(message.replace(/\.+$/, '')))));
  parts.push(element('h2', 'Source'), element('p', state.name));
  return parts;
}

/** `key` changes when what build() would show does. */
export function detailsOf(state: ViewerState): { readonly key: string; build(): HTMLElement[] } {
  const key = JSON.stringify([
    state.name,
    state.stage,
    state.title,
    state.overview,
    state.overview && [state.images, state.plate?.missing],
    state.axes?.map(({ name, size }) => [name, size]),
    state.channels?.map(({ label, color }) => [label, color]),
    state.labels?.map(({ name }) => name),
    state.issues.map(({ message }) => message),
  ]);
  return { key, build: () => build(state) };
}
