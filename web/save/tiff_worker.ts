// The worker that writes an OME-TIFF, over formats.wasm: one file, then it is ended.

import createProgram, { type FormatsProgram } from 'wasm:formats';
import { startProgram } from '../wasm/start.ts';
import type { FromTiffWorker, ToTiffWorker } from './messages.ts';

interface WorkerScope {
  postMessage(message: FromTiffWorker): void;
  onmessage: ((event: MessageEvent<ToTiffWorker>) => void) | null;
}
const scope = globalThis as unknown as WorkerScope;

let program: FormatsProgram | null = null;

/** Puts bytes into the reserved block. */
function give(formats: FormatsProgram, bytes: Uint8Array): void {
  const at = formats._reserve(bytes.length);
  formats.HEAPU8.set(bytes, at);
}

function answer(formats: FormatsProgram, result: number, done: () => FromTiffWorker): void {
  scope.postMessage(result === 0 ? done() : { kind: 'failed', ...(JSON.parse(formats._errorJson()) as { code: string; message: string }) });
}

async function handle(message: ToTiffWorker): Promise<void> {
  if (message.kind === 'start') {
    const { module, xml, width, height, planes, type } = message;
    program = await startProgram(createProgram, module);
    const text = new TextEncoder().encode(xml);
    give(program, text);
    answer(program, program._writeBegin(text.length, width, height, planes, type), () => ({ kind: 'ready' }));
    return;
  }
  const formats = program;
  if (!formats) throw new Error('the worker was not started');
  if (message.kind === 'plane') {
    const samples = new Uint8Array(message.samples);
    give(formats, samples);
    answer(formats, formats._writePlane(samples.length), () => ({ kind: 'ready' }));
  } else {
    answer(formats, formats._writeEnd(), () => {
      const at = formats._resultPointer();
      const file = new Blob([formats.HEAPU8.subarray(at, at + formats._resultLength())], { type: 'image/tiff' });
      return { kind: 'file', file };
    });
  }
}

scope.onmessage = ({ data }) => {
  handle(data).catch((error: unknown) => scope.postMessage({ kind: 'failed', code: 'limit', message: `The file could not be written (${String(error)}): this browser may have no memory left for it. Save a smaller part.` }));
};
