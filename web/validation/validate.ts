// Checks a dataset of any store: `validate(source, options)`. Nothing leaves the page but the reads of
// the dataset itself; the rules and the decoders run in a worker.

import { openSource } from '../stores/open.ts';
import type { Store } from '../stores/store.ts';
import type { FromValidator, ToValidator } from './messages.ts';
import { ValidationError, type Report, type ReportFormat, type ValidationAnswer, type ValidationProgress } from './report.ts';
import { answerFrom, RequestLine } from './store_answers.ts';
import { notStarted, programAt, startWorker } from './worker.ts';

export { ValidationError } from './report.ts';
export type { Report, ReportFormat, ReportIssue, ReportRule, Severity, ValidationProgress } from './report.ts';

export interface ValidateOptions {
  /** Decode all chunks rather than a sample. */
  readonly allChunks?: boolean | undefined;
  /** The text of a configuration file (docs/validation.md). */
  readonly configuration?: string | undefined;
  /** What the report is headed with; else the store's description. */
  readonly name?: string | undefined;
  readonly onProgress?: ((progress: ValidationProgress) => void) | undefined;
  /** Ends the run: the report then holds what was found so far, and says that it is not complete. */
  readonly signal?: AbortSignal | undefined;
  /** The folder of Mifascope's files, with a slash. Default: beside the script this is part of. */
  readonly assets?: string | URL | undefined;
}

export interface Validation {
  readonly report: Report;
  /** The same report as another text. */
  format(format: ReportFormat): Promise<string>;
  /** Gives the worker back. No format() afterwards. */
  close(): void;
}

/** Answers that are given together: a message a file would cost more than the file. */
const kBatchMs = 8;

/** Checks what is at a URL, or in a store. Rejects with a ValidationError where there is nothing to check. */
export async function validate(source: string | Store, options: ValidateOptions = {}): Promise<Report> {
  const validation = await startValidation(source, options);
  validation.close();
  return validation.report;
}

/** The same, for who wants the report in other formats too. */
export async function startValidation(source: string | Store, options: ValidateOptions = {}): Promise<Validation> {
  const assets = new URL(options.assets ?? '.', import.meta.url);
  const store = typeof source === 'string' ? openSource(source, { base: globalThis.location?.href }) : source;
  const name = options.name ?? (typeof source === 'string' ? source : store.description);
  const module = await programAt(assets);
  const worker = startWorker(assets);
  const post = (message: ToValidator, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);
  const { allChunks, configuration } = options;
  try {
    const report = await run(worker, post, { module, name, options: { allChunks, configuration } }, store, options);
    return { report, format: (format) => formatted(worker, post, format), close: () => worker.terminate() };
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

function run(
  worker: Worker,
  post: (message: ToValidator, transfer?: Transferable[]) => void,
  start: Omit<ToValidator & { readonly kind: 'start' }, 'kind'>,
  store: Store,
  { onProgress, signal }: ValidateOptions,
): Promise<Report> {
  const reads = new AbortController();
  let batch: ValidationAnswer[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  const send = (): void => {
    timer = null;
    const answers = batch;
    batch = [];
    const transfer = answers.flatMap((answer) => (answer.kind === 'found' && ownsBuffer(answer.bytes) ? [answer.bytes.buffer] : []));
    post({ kind: 'answers', answers }, transfer as ArrayBuffer[]);
  };
  const line = new RequestLine(
    (request) => answerFrom(store, request, reads.signal),
    (answer) => {
      if (reads.signal.aborted) return;
      batch.push(answer);
      timer ??= setTimeout(send, kBatchMs);
    },
  );
  return new Promise<Report>((resolve, reject) => {
    const stop = (): void => {
      line.clear();
      reads.abort();
      if (timer !== null) clearTimeout(timer);
      post({ kind: 'cancel' });
    };
    const tidy = (): void => {
      signal?.removeEventListener('abort', stop);
      if (timer !== null) clearTimeout(timer);
      reads.abort();
    };
    worker.onmessage = ({ data }: MessageEvent<FromValidator>) => {
      if (data.kind === 'requests') {
        onProgress?.(data.progress);
        if (!reads.signal.aborted) line.add(data.requests);
      } else if (data.kind === 'done') {
        tidy();
        resolve(JSON.parse(data.report) as Report);
      } else if (data.kind === 'failed') {
        tidy();
        reject(new ValidationError(data.code, data.message));
      }
    };
    worker.onerror = (event) => {
      tidy();
      event.preventDefault();
      reject(new ValidationError('unsupported', notStarted(event.message)));
    };
    post({ kind: 'start', ...start });
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Whether the bytes are all of their buffer, so that it can be given away. */
function ownsBuffer(bytes: Uint8Array): boolean {
  return bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
}

function formatted(worker: Worker, post: (message: ToValidator) => void, format: ReportFormat): Promise<string> {
  return new Promise((resolve, reject) => {
    const listener = ({ data }: MessageEvent<FromValidator>): void => {
      if (data.kind === 'formatted' && data.format === format) resolve(data.text);
      else if (data.kind === 'failed') reject(new ValidationError(data.code, data.message));
      else return;
      worker.removeEventListener('message', listener);
    };
    worker.addEventListener('message', listener);
    post({ kind: 'format', format });
  });
}
