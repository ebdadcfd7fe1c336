// The worker that reads TIFF, PNG and JPEG: any number of files, one call at a time. It asks the page for
// the bytes that a call lacks and makes the call again when they are there.

import createProgram, { type FormatsProgram } from 'wasm:formats';
import type { DatasetIssue } from '../state.ts';
import type { StoreErrorCode } from '../stores/store.ts';
import { startProgram } from '../wasm/start.ts';
import type { FromRasterWorker, ToRasterWorker } from './raster_messages.ts';

interface WorkerScope {
  postMessage(message: FromRasterWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToRasterWorker>) => void) | null;
}
const scope = globalThis as unknown as WorkerScope;

interface Call {
  readonly file: number;
  /** undefined: describe. */
  readonly key: string | undefined;
}

const kWaiting = 1;
const kNoChunk = 2;

let program: FormatsProgram | null = null;
/** The page's number of a file → the program's. */
const files = new Map<number, number>();
const calls = new Map<number, Call>();

async function start(module: WebAssembly.Module): Promise<void> {
  try {
    program = await startProgram(createProgram, module);
    scope.postMessage({ kind: 'ready' });
  } catch (error) {
    scope.postMessage({ kind: 'unready', message: String(error) });
  }
}

function run(ticket: number, formats: FormatsProgram): void {
  const call = calls.get(ticket);
  const id = call && files.get(call.file);
  if (!call || id === undefined) return;
  const result = call.key === undefined ? formats._describe(id) : formats._decode(id, call.key);
  if (result === kWaiting) {
    scope.postMessage({ kind: 'needs', ticket, ranges: JSON.parse(formats._missing()) as [number, number][] });
    return;
  }
  calls.delete(ticket);
  if (result < 0) {
    const { code, message } = JSON.parse(formats._errorJson()) as { code: StoreErrorCode; message: string };
    scope.postMessage({ kind: 'failed', ticket, code, message, fatal: false });
  } else if (call.key === undefined) {
    const description = JSON.parse(formats._text()) as {
      format: string;
      files: Record<string, string>;
      issues: DatasetIssue[];
    };
    scope.postMessage({ kind: 'described', ticket, description });
  } else if (result === kNoChunk) {
    scope.postMessage({ kind: 'decoded', ticket, bytes: null });
  } else {
    const at = formats._resultPointer();
    const bytes = formats.HEAPU8.slice(at, at + formats._resultLength());
    scope.postMessage({ kind: 'decoded', ticket, bytes }, [bytes.buffer]);
  }
}

function supply(message: ToRasterWorker & { readonly kind: 'supply' }, formats: FormatsProgram): void {
  const call = calls.get(message.ticket);
  const id = call && files.get(call.file);
  if (id === undefined) return;
  for (const { offset, asked, bytes } of message.parts) {
    const at = formats._reserve(bytes.length);
    formats.HEAPU8.set(bytes, at);
    formats._supply(id, offset, bytes.length, asked);
  }
  run(message.ticket, formats);
}

function handle(message: ToRasterWorker, formats: FormatsProgram): void {
  switch (message.kind) {
    case 'open': {
      const { name, labels, pagesAreTimes } = message.options;
      files.set(message.file, formats._open(name, labels, pagesAreTimes, message.size));
      break;
    }
    case 'close': {
      const id = files.get(message.file);
      if (id !== undefined) formats._close(id);
      files.delete(message.file);
      break;
    }
    case 'describe':
      calls.set(message.ticket, { file: message.file, key: undefined });
      run(message.ticket, formats);
      break;
    case 'decode':
      calls.set(message.ticket, { file: message.file, key: message.key });
      run(message.ticket, formats);
      break;
    case 'supply':
      supply(message, formats);
      break;
    case 'forget':
      calls.delete(message.ticket);
      break;
    case 'start':
      break;
  }
}

scope.onmessage = ({ data }) => {
  if (data.kind === 'start') {
    void start(data.module);
    return;
  }
  try {
    // The page sends nothing before 'ready'.
    if (program) handle(data, program);
  } catch (error) {
    scope.postMessage({
      kind: 'failed',
      ticket: 'ticket' in data ? data.ticket : -1,
      code: 'fix-data',
      message: `The reader of this file crashed (${String(error)}). This is a fault of Mifascope or of a file made to crash it: please report the file.`,
      fatal: true,
    });
  }
};
