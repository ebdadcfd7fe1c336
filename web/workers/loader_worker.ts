// A worker of the pool: bytes in, typed arrays out, one job at a time.

import { ChunkDecoder } from './chunk_decoder.ts';
import { DecodeError, type FromWorker, type ToWorker } from './messages.ts';

interface WorkerScope {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}
const scope = globalThis as unknown as WorkerScope;

let decoder: ChunkDecoder | null = null;

async function start(module: WebAssembly.Module): Promise<void> {
  try {
    decoder = await ChunkDecoder.start(module);
    scope.postMessage({ kind: 'ready' });
  } catch (error) {
    scope.postMessage({ kind: 'unready', message: String(error) });
  }
}

function decode(job: ToWorker & { readonly kind: 'decode' }): void {
  const { ticket, array, spec, bytes, into, part, index } = job;
  try {
    // The pool sends no job before 'ready'.
    if (!decoder) throw new Error('not started');
    if (spec) decoder.prepare(array, spec);
    const chunk =
      part === 'chunk'
        ? decoder.decode(array, bytes, index, into)
        : decoder.decodeShardIndex(array, bytes);
    const transfer: Transferable[] = [chunk.pixels];
    if (chunk.stats) transfer.push(chunk.stats.samples.buffer);
    scope.postMessage({ kind: 'decoded', ticket, chunk }, transfer);
  } catch (error) {
    const expected = error instanceof DecodeError;
    scope.postMessage({
      kind: 'failed',
      ticket,
      code: expected ? error.code : 'unsupported',
      message: expected
        ? error.message
        : `The decoder crashed (${String(error)}). This is a fault of Mifascope or of a file made to crash it: please report the address of the data.`,
      wholeArray: expected && error.wholeArray,
      fatal: !expected,
    });
  }
}

scope.onmessage = ({ data }) => {
  switch (data.kind) {
    case 'start':
      void start(data.module);
      break;
    case 'decode':
      decode(data);
      break;
    case 'release':
      decoder?.release(data.array);
      break;
  }
};
