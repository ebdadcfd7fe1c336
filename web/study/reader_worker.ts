// The worker that reads a study's documents: validator.wasm's metadata readers, away from the page.

import createValidator, { type ValidatorProgram } from 'wasm:validator';
import { exportStudy, putDocument } from '../validation/study_program.ts';
import { startProgram } from '../wasm/start.ts';
import type { DocumentFile, FromReader, ToReader } from './messages.ts';

interface WorkerScope {
  postMessage(message: FromReader): void;
  onmessage: ((event: MessageEvent<ToReader>) => void) | null;
}
const scope = globalThis as unknown as WorkerScope;

let program: ValidatorProgram | null = null;

function sniffed(target: ValidatorProgram, heads: readonly DocumentFile[]): boolean[] {
  return heads.map((head) => {
    putDocument(target, head.name, head.bytes);
    return target._sniffDocument();
  });
}

function galleries(target: ValidatorProgram, { files, paths, now }: ToReader & { readonly kind: 'read' }): string {
  for (const { name, bytes } of files) putDocument(target, name, bytes);
  return target._readGalleries(paths.join('\n'), now);
}

async function answer(message: ToReader): Promise<string> {
  if (message.kind === 'start') {
    program = await startProgram(createValidator, message.module);
    return 'null';
  }
  if (!program) throw new Error('Expected the reader to have been started.');
  if (message.kind === 'export') return JSON.stringify(exportStudy(program, message.study, message.format));
  return message.kind === 'sniff' ? JSON.stringify(sniffed(program, message.heads)) : galleries(program, message);
}

scope.onmessage = ({ data }) => {
  const { id } = data;
  answer(data).then(
    (json) => scope.postMessage({ id, kind: 'answer', json }),
    (error: unknown) => scope.postMessage({ id, kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
};
