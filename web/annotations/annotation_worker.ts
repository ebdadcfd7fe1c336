// The worker of annotations: the bytes of files in, answers about their objects out, one message at a time.

import { AnnotationReader } from './annotation_program.ts';
import { AnnotationError, type FromAnnotationWorker, type ToAnnotationWorker } from './messages.ts';

interface WorkerScope {
  postMessage(message: FromAnnotationWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToAnnotationWorker>) => void) | null;
}
const scope = globalThis as unknown as WorkerScope;

let reader: AnnotationReader | null = null;
/** The page's number of a layer → the program's. */
const layers = new Map<number, number>();

async function start(module: WebAssembly.Module): Promise<void> {
  try {
    reader = await AnnotationReader.start(module);
    scope.postMessage({ kind: 'ready' });
  } catch (error) {
    scope.postMessage({ kind: 'unready', message: String(error) });
  }
}

/** Calls whose answer was "pending", by ticket. */
const pending = new Map<number, { readonly layer: number; readonly request: string }>();
const kPending = '{"pending":true}';

/** Answers, or goes on after the messages that have come meanwhile. */
function answer(program: AnnotationReader, ticket: number, layer: number, request: string): void {
  const { json, parts } = program.call(layers.get(layer) ?? 0, request);
  if (json !== kPending) {
    pending.delete(ticket);
    scope.postMessage({ kind: 'answer', ticket, json, parts }, [...parts]);
    return;
  }
  pending.set(ticket, { layer, request });
  channel.port2.postMessage(ticket);
}

// A message to ourselves comes after those that wait already, and without a timer's pause.
const channel = new MessageChannel();
channel.port1.onmessage = ({ data: ticket }: MessageEvent<number>) => {
  const call = pending.get(ticket);
  if (!call || !reader) return;
  const { layer, request } = call;
  const program = reader;
  guarded({ ticket }, () => answer(program, ticket, layer, request));
};

function forget(layer: number): void {
  const known = layers.get(layer);
  layers.delete(layer);
  if (known !== undefined) reader?.close(known);
}

function handle(program: AnnotationReader, message: Exclude<ToAnnotationWorker, { kind: 'start' }>): void {
  switch (message.kind) {
    case 'open':
      layers.set(message.layer, program.open(message.options));
      break;
    case 'feed': {
      const layer = layers.get(message.layer);
      if (layer === undefined) break;  // It was refused while this was on its way.
      program.feed(layer, message.bytes);
      scope.postMessage({ kind: 'fed', layer: message.layer, objects: program.objects(layer), bytes: message.bytes }, [message.bytes.buffer]);
      break;
    }
    case 'end-file': {
      const layer = layers.get(message.layer);
      if (layer === undefined) break;
      program.endFile(layer);
      const { json } = program.call(layer, '{"call":"info"}');
      scope.postMessage({ kind: 'opened', layer: message.layer, info: json });
      break;
    }
    case 'call':
      answer(program, message.ticket, message.layer, message.request);
      break;
    case 'cancel':
      pending.delete(message.ticket);
      break;
    case 'heap':
      scope.postMessage({ kind: 'heap', ticket: message.ticket, bytes: program.heapBytes });
      break;
    case 'close':
      forget(message.layer);
      break;
  }
}

scope.onmessage = ({ data }) => {
  if (data.kind === 'start') {
    void start(data.module);
    return;
  }
  guarded(data, () => {
    // The page sends nothing before 'ready'.
    if (!reader) throw new Error('not started');
    handle(reader, data);
  });
};

/** What goes wrong is said of the call, or of the layer that is being read. */
function guarded(asked: { readonly ticket: number } | { readonly layer: number }, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof AnnotationError)) {
      scope.postMessage({ kind: 'crashed', message: String(error) });
      return;
    }
    const { code, message } = error;
    if ('ticket' in asked) {
      pending.delete(asked.ticket);
      scope.postMessage({ kind: 'failed', ticket: asked.ticket, code, message });
    } else {
      forget(asked.layer);
      scope.postMessage({ kind: 'refused', layer: asked.layer, code, message });
    }
  }
}
