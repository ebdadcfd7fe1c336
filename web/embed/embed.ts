// embed.html?source=…&annotation=…&labels=…&view=…: the viewer as a frame of another page, and the
// messages between the two (messages.ts). vizarr's links (?source=) work here unchanged.
//
// Only the page that holds the frame is listened to, and only if it is of the origin that `?origin=`
// names; without that parameter, of the origin that the browser says holds it.

import '../element.ts';
import type { PickedObject } from '../annotations/handle.ts';
import type { Region } from '../region.ts';
import { hostError, MifascopeError } from '../errors.ts';
import type { ViewerState } from '../state.ts';
import { callVerb } from './host.ts';
import { kProtocol, type Answer, type Notice, type Verb } from './messages.ts';

const query = new URLSearchParams(location.search);
const scope = document.createElement('mifa-scope');
/** Requests that are not answered yet. */
const calls = new Map<number | string, AbortController>();

function hostOrigin(): string | null {
  const named = query.get('origin');
  if (named) return named;
  const [ancestor] = location.ancestorOrigins ?? [];
  if (ancestor) return ancestor;
  // Firefox has no ancestorOrigins.
  return document.referrer ? new URL(document.referrer).origin : null;
}

function tell(message: Answer | Notice, transfer: Transferable[] = []): void {
  const origin = hostOrigin();
  if (parent !== window && origin) parent.postMessage(message, origin, transfer);
}

function listen(): void {
  addEventListener('message', ({ data, origin, source }: MessageEvent<unknown>) => {
    if (source !== parent || parent === window || origin !== hostOrigin()) return;
    if (typeof data !== 'object' || data === null || !('mifascope' in data)) return;
    const { mifascope, id, verb, argument } = data as Record<string, unknown>;
    if (typeof id !== 'number' && typeof id !== 'string') return;
    if (mifascope === kProtocol && verb === 'cancel') {
      calls.get((argument as { id?: number | string } | undefined)?.id ?? '')?.abort();
      tell({ mifascope: kProtocol, id, result: null });
      return;
    }
    const call = new AbortController();
    calls.set(id, call);
    const onProgress = (detail: unknown): void => tell({ mifascope: kProtocol, event: 'progress', request: id, detail });
    const answer =
      mifascope === kProtocol
        ? callVerb(scope, verb as Verb, argument, { signal: call.signal, onProgress })
        : Promise.reject(new MifascopeError('unknown-version', `Expected messages of version ${kProtocol}, received ${JSON.stringify(mifascope)}.`, 'Set mifascope: 1 in each message.'));
    answer
      .then(
        (result) => tell({ mifascope: kProtocol, id, result: result ?? null }, verb === 'readRegion' ? [(result as Region).data.buffer as ArrayBuffer] : []),
        (error: unknown) => tell({ mifascope: kProtocol, id, error: hostError(error) }),
      )
      .finally(() => calls.delete(id));
  });
  let ready = false;
  scope.addEventListener('statechange', (event) => {
    const { detail } = event as CustomEvent<ViewerState>;
    if (!ready && detail.stage === 'showing') {
      ready = true;
      tell({ mifascope: kProtocol, event: 'ready', detail });
    }
    if (detail.stage === 'opening') ready = false;
    tell({ mifascope: kProtocol, event: 'statechange', detail });
  });
  for (const event of ['error', 'progress', 'viewchange', 'issue'] as const) {
    scope.addEventListener(event, (what: Event) => tell({ mifascope: kProtocol, event, detail: (what as CustomEvent<unknown>).detail }));
  }
  for (const event of ['select', 'hover'] as const) {
    scope.addEventListener(event, (what) => {
      // Layers are no messages: what they are called is.
      const picked = (what as CustomEvent<PickedObject | null>).detail;
      const detail = picked && { layer: picked.layer.id, name: picked.layer.info.name, file: picked.layer.info.file, object: picked.object };
      tell({ mifascope: kProtocol, event, detail });
    });
  }
}

function hint(): HTMLElement {
  const text = document.createElement('p');
  text.className = 'hint';
  const code = document.createElement('code');
  code.textContent = `${location.pathname}?source=https://…/image.ome.zarr`;
  text.append('No image is named. Put its address into this frame’s own: ', code);
  return text;
}

function start(): void {
  const lists = { metadata: query.getAll('metadata'), annotations: [...query.getAll('annotation'), ...query.getAll('annotations')], labels: query.getAll('labels') };
  for (const [name, list] of Object.entries(lists)) if (list.length > 0) scope.setAttribute(name, list.join(' '));
  for (const name of ['view', 'controls', 'theme', 'poster', 'wheel']) {
    const value = query.get(name);
    if (value !== null) scope.setAttribute(name, value);
  }
  listen();
  tell({ mifascope: kProtocol, event: 'listening', detail: null });
  const source = query.get('source');
  if (source) scope.setAttribute('src', source);
  // A host may also load an image by message.
  if (!source && parent === window) document.body.append(hint());
  else document.body.append(scope);
}

start();
