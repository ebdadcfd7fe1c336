// Reads documents in a worker; validator.wasm and the worker are fetched with the first study.

import type { ExportFormat, StudyExport } from '../card/card.ts';
import { notStarted, programAt, startWorker } from '../validation/worker.ts';
import type { DocumentFile, FromReader, ToReader } from './messages.ts';
import type { Gallery } from './model.ts';

type Ask = ToReader extends infer Message ? (Message extends { readonly id: number } ? Omit<Message, 'id'> : never) : never;

export class DocumentReader {
  readonly #worker: Worker;
  readonly #started: Promise<string>;
  readonly #waiting = new Map<number, { readonly resolve: (json: string) => void; readonly reject: (error: Error) => void }>();
  #next = 1;

  /** `assets`: the folder of our files, with a slash. */
  constructor(assets: string) {
    this.#worker = startWorker(new URL(assets), 'study_reader.js');
    this.#worker.onmessage = ({ data }: MessageEvent<FromReader>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.kind === 'answer') waiting?.resolve(data.json);
      else waiting?.reject(new Error(data.message));
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      for (const { reject } of this.#waiting.values()) {
        reject(new Error(notStarted(event.message)));
      }
      this.#waiting.clear();
    };
    this.#started = programAt(new URL(assets)).then((module) => this.#ask({ kind: 'start', module }));
    this.#started.catch(() => undefined);  // Told by each question.
  }

  /** Whether each file looks like metadata, by its first 64 KiB. */
  async sniff(heads: readonly DocumentFile[]): Promise<boolean[]> {
    await this.#started;
    return JSON.parse(await this.#ask({ kind: 'sniff', heads })) as boolean[];
  }

  /** The studies in the documents. `paths`: the files that are there, as far as somebody has looked. */
  async read(files: readonly DocumentFile[], paths: readonly string[] = []): Promise<Gallery[]> {
    await this.#started;
    const now = Math.floor(Date.now() / 1000);
    return JSON.parse(await this.#ask({ kind: 'read', files, paths, now })) as Gallery[];
  }

  /** One of the studies that were read last, by its number, in another container. */
  async exportTo(study: number, format: ExportFormat): Promise<StudyExport> {
    return JSON.parse(await this.#ask({ kind: 'export', study, format })) as StudyExport;
  }

  close(): void {
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(new DOMException('The study was closed', 'AbortError'));
    this.#waiting.clear();
  }

  #ask(message: Ask): Promise<string> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...message, id } as ToReader);
    });
  }
}
