// embed.html?source=…&annotation=…&labels=…&view=…: the viewer as a frame of another page, and the
// messages between the two (messages.ts). vizarr's links (?source=) work here unchanged.
//
// Only the page that holds the frame is listened to, and only if it is of the origin that `?origin=`
// names; without that parameter, of the origin that the browser says holds it.

import '../element.ts';
import type { PickedObject } from '../annotations/handle.ts';
import type { ViewerError, ViewerState } from '../state.ts';
import { callVerb, HostError } from './host.ts';
import { kProtocol, type Answer, type Notice, type Verb } from './messages.ts';

const query = new URLSearchParams(location.search);
const scope = document.createElement('mifa-scope');

function hostOrigin(): string | null {
  const named = query.get('origin');
  if (named) return named;
  const [ancestor] = location.ancestorOrigins ?? [];
  if (ancestor) return ancestor;
  // Firefox has no ancestorOrigins.
  return document.referrer ? new URL(document.referrer).origin : null;
}

function tell(message: Answer | Notice): void {
  const origin = hostOrigin();
  if (parent !== window && origin) parent.postMessage(message, origin);
}

function errorOf(error: unknown): ViewerError & { advice: string } {
  if (error instanceof HostError) return { code: error.code, message: error.message, advice: error.advice };
  return { code: 'failed', message: error instanceof Error ? error.message : String(error), advice: '' };
}

function listen(): void {
  addEventListener('message', ({ data, origin, source }: MessageEvent<unknown>) => {
    if (source !== parent || parent === window || origin !== hostOrigin()) return;
    if (typeof data !== 'object' || data === null || !('mifascope' in data)) return;
    const { mifascope, id, verb, argument } = data as Record<string, unknown>;
    if (typeof id !== 'number' && typeof id !== 'string') return;
    const answer =
      mifascope === kProtocol
        ? callVerb(scope, verb as Verb, argument)
        : Promise.reject(new HostError('unknown-version', `Expected messages of version ${kProtocol}, received ${JSON.stringify(mifascope)}.`, 'Set mifascope: 1 in each message.'));
    answer.then(
      (result) => tell({ mifascope: kProtocol, id, result: result ?? null }),
      (error: unknown) => tell({ mifascope: kProtocol, id, error: errorOf(error) }),
    );
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
  scope.addEventListener('error', (what: Event) => tell({ mifascope: kProtocol, event: 'error', detail: (what as CustomEvent<unknown>).detail }));
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
  const lists = { annotations: [...query.getAll('annotation'), ...query.getAll('annotations')], labels: query.getAll('labels') };
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
