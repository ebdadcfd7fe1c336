// The verbs of the embedding API on an element: what the frame's messages call, and what is checked of
// their arguments, which come from another page.

import type { MifaScopeElement } from '../element.ts';
import { MifascopeError } from '../errors.ts';
import type { AnnotationQuery } from '../annotations/query.ts';
import type { RegionOptions } from '../region.ts';
import type { ViewerState } from '../state.ts';
import type { ViewSettings } from '../view_settings.ts';
import type { ChannelChange, LoadOptions, Verb } from './messages.ts';

function wrong(expected: string, received: unknown): MifascopeError {
  return new MifascopeError('bad-argument', `Expected ${expected}, received ${JSON.stringify(received) ?? 'nothing'}.`, 'See docs/embed.md for the verbs and their arguments.');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function texts(value: unknown, what: string): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw wrong(`${what} to be a list of addresses`, value);
  return value;
}

function shown(element: MifaScopeElement): ViewerState {
  const state = element.viewer?.state;
  if (state?.stage !== 'showing') throw new MifascopeError('not-ready', 'Expected an image to be shown, and none is yet.', 'Wait for the event “ready”.');
  return state;
}

async function load(element: MifaScopeElement, argument: unknown): Promise<void> {
  if (!isRecord(argument) || typeof argument['source'] !== 'string') throw wrong('{source: the address of an image}', argument);
  const { source, view } = argument as unknown as LoadOptions;
  for (const name of ['annotations', 'labels'] as const) {
    const list = texts(argument[name], name);
    if (list.length > 0) element.setAttribute(name, list.join(' '));
    else element.removeAttribute(name);
  }
  element.setAttribute('src', source);
  if (typeof view === 'string') element.setAttribute('view', view);
  else if (isRecord(view)) element.setView(view as ViewSettings);
}

function setChannel(element: MifaScopeElement, argument: unknown): void {
  const channels = shown(element).channels ?? [];
  const { index, ...change } = (isRecord(argument) ? argument : {}) as Partial<ChannelChange>;
  const now = index === undefined ? undefined : channels[index];
  if (index === undefined || !now) throw wrong(`{index: 0 to ${channels.length - 1}, …}`, argument);
  const color = change.color ?? now.color;
  if (!/^#?[0-9a-f]{6}$/i.test(color)) throw wrong('a colour as "#rrggbb"', color);
  const window = change.window ?? now.window;
  if (!Array.isArray(window) || !(window[1] > window[0])) throw wrong('a window [low, high] with low < high', window);
  element.viewer?.update((raw) =>
    raw._setChannel(index, change.visible ?? now.visible, Number.parseInt(color.replace('#', ''), 16), Number(window[0]), Number(window[1]), Number(change.opacity ?? now.opacity)),
  );
}

function setPosition(element: MifaScopeElement, argument: unknown): void {
  const axes = shown(element).axes ?? [];
  const { axis, index } = isRecord(argument) ? argument : {};
  const at = axes.findIndex(({ name, slider }) => slider && name === axis);
  if (at < 0) throw wrong(`an axis with a slider (${axes.filter(({ slider }) => slider).map(({ name }) => name).join(', ') || 'this image has none'})`, axis);
  if (typeof index !== 'number' || !Number.isInteger(index)) throw wrong('a whole number as index', index);
  element.viewer?.update((raw) => raw._setPosition(at, index));
}

/** What goes along with one request. */
export interface VerbCall {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: unknown) => void;
}

const kVerbs = ['load', 'getState', 'getView', 'setView', 'setChannel', 'setPosition', 'screenshot', 'readRegion', 'saveRegion', 'queryAnnotations', 'validate', 'cancel'];

function optional(argument: unknown, expected: string): Record<string, unknown> | undefined {
  if (argument === undefined || argument === null) return undefined;
  if (!isRecord(argument)) throw wrong(expected, argument);
  return argument;
}

function settings(argument: unknown): { allChunks?: boolean; configuration?: string } {
  const { allChunks, configuration } = optional(argument, '{allChunks?, configuration?}') ?? {};
  return { ...(allChunks === true && { allChunks }), ...(typeof configuration === 'string' && { configuration }) };
}

/** Does what is asked; rejects with a MifascopeError. */
export async function callVerb(element: MifaScopeElement, verb: Verb, argument: unknown, call: VerbCall): Promise<unknown> {
  switch (verb) {
    case 'load':
      return load(element, argument);
    case 'getState':
      return element.viewer?.state ?? null;
    case 'getView':
      return element.getView();
    case 'setView':
      if (!isRecord(argument)) throw wrong('settings as getView gives them', argument);
      return element.setView(argument as ViewSettings);
    case 'setChannel':
      return setChannel(element, argument);
    case 'setPosition':
      return setPosition(element, argument);
    case 'screenshot':
      return element.screenshot();
    case 'readRegion':
      return element.readRegion(optional(argument, 'a region') as RegionOptions | undefined, call);
    case 'saveRegion':
      return element.saveRegion(optional(argument, 'a region') as RegionOptions | undefined, call);
    case 'queryAnnotations':
      return element.queryAnnotations(optional(argument, 'a query') as AnnotationQuery | undefined);
    case 'validate':
      return element.validate({ ...settings(argument), ...call });
    default:
      throw new MifascopeError('unknown-verb', `Expected one of ${kVerbs.join(', ')}, received ${JSON.stringify(verb)}.`, 'See docs/embed.md, or take a newer version of Mifascope.');
  }
}
