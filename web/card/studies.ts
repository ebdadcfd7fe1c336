// What metadata files say, as cards: `readStudies(files)` reads them by validator.wasm in a worker, which is
// fetched with the first call; `studyCard` shows one. The late bundle card.js.

import type { FromValidator, ToValidator } from '../validation/messages.ts';
import { ValidationError } from '../validation/report.ts';
import type { MetadataFile, StudyReading } from '../validation/study_program.ts';
import { notStarted, programAt, startWorker } from '../validation/worker.ts';
import type { ExportFormat, StudyExport } from './card.ts';

export { studyCard } from './study_card.ts';
export type { MetadataFile, StudyReading } from '../validation/study_program.ts';
export type { CardBadge, CardOptions, ExportFormat, StudyCard, StudyExport } from './card.ts';

export interface Studies {
  /** In order of their folders; none where no file is a known container. */
  readonly studies: readonly StudyReading[];
  /** A study, by its number, as another container. */
  exportTo(study: number, format: ExportFormat): Promise<StudyExport>;
  /** Gives the worker back. No exportTo() afterwards. */
  close(): void;
}

/**
 * Reads metadata files of any known container. Files that are none are left out.
 * `assets`: the folder of Mifascope's files; default beside this script. Rejects with a ValidationError.
 */
export async function readStudies(files: readonly MetadataFile[], options: { readonly assets?: string | URL | undefined } = {}): Promise<Studies> {
  const assets = new URL(options.assets ?? '.', import.meta.url);
  const module = await programAt(assets);
  const worker = startWorker(assets);
  const waiting = new Map<number, { readonly resolve: (written: StudyExport) => void; readonly reject: (error: Error) => void }>();
  let next = 0;
  const post = (message: ToValidator): void => worker.postMessage(message);
  const failAll = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const studies = await new Promise<readonly StudyReading[]>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<FromValidator>) => {
      if (data.kind === 'studies') {
        resolve(data.studies);
      } else if (data.kind === 'exported') {
        waiting.get(data.id)?.resolve(data.written);
        waiting.delete(data.id);
      } else if (data.kind === 'failed') {
        const error = new ValidationError(data.code, data.message);
        reject(error);
        failAll(error);
      }
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const error = new ValidationError('unsupported', notStarted(event.message));
      reject(error);
      failAll(error);
    };
    post({ kind: 'read studies', module, files });
  }).catch((error: unknown) => {
    worker.terminate();
    throw error;
  });
  return {
    studies,
    exportTo: (study, format) =>
      new Promise((resolve, reject) => {
        const id = next++;
        waiting.set(id, { resolve, reject });
        post({ kind: 'export', id, study, format });
      }),
    close() {
      worker.terminate();
      failAll(new ValidationError('unsupported', 'The studies were closed.'));
    },
  };
}
