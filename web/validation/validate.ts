// Checks a dataset of any store: `validate(source, options)`. Nothing leaves the page but the reads of
// the dataset itself; the rules and the decoders run in a worker.

import { openSource } from '../stores/open.ts';
import type { Store } from '../stores/store.ts';
import type { IssueMatches, IssueQuery } from './issue_book.ts';
import type { FromValidator, ToValidator } from './messages.ts';
import { ValidationError, type Report, type ReportFormat, type ReportIssue, type ReportSummary, type ValidationAnswer, type ValidationProgress } from './report.ts';
import { answerFrom, RequestLine } from './store_answers.ts';
import { notStarted, programAt, startWorker } from './worker.ts';

export { ValidationError } from './report.ts';
export type { IssueMatches, IssueQuery, RuleMatches } from './issue_book.ts';
export type { Report, ReportFormat, ReportInventory, ReportIssue, ReportPlace, ReportRule, ReportSummary, Severity, ValidationProgress } from './report.ts';

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

/** A check that is done. Its issues stay in the worker, where they are searched, until they are asked for. */
export interface Validation {
  readonly summary: ReportSummary;
  /** The issues of a query, with the first `each` of every rule. */
  find(query: IssueQuery, each: number): Promise<IssueMatches>;
  /** Further ones of one rule. */
  page(query: IssueQuery, rule: string, from: number, count: number): Promise<readonly ReportIssue[]>;
  /** The whole report as a text. */
  format(format: ReportFormat): Promise<string>;
  /** Gives the worker back. No other call afterwards. */
  close(): void;
}

/** Answers that are given together: a message a file would cost more than the file. */
const kBatchMs = 8;

/**
 * What can be checked: an address, a folder that showDirectoryPicker() gave, files (of an `<input>`, with
 * `webkitdirectory`: a folder; of one alone, a zip: what is in it), or any store.
 */
export type ValidationSource = string | URL | FileSystemDirectoryHandle | Iterable<File> | Store;

/** Checks what is at a place. Rejects with a ValidationError where there is nothing to check. */
export async function validate(source: ValidationSource, options: ValidateOptions = {}): Promise<Report> {
  const validation = await startValidation(source, options);
  try {
    return JSON.parse(await validation.format('json')) as Report;
  } finally {
    validation.close();
  }
}

/** The same, for who shows the report or wants it in other formats too. */
export async function startValidation(source: ValidationSource, options: ValidateOptions = {}): Promise<Validation> {
  const assets = new URL(options.assets ?? '.', import.meta.url);
  const store = await storeOf(source);
  const name = options.name ?? (typeof source === 'string' || source instanceof URL ? String(source) : store.description);
  const module = await programAt(assets);
  const worker = startWorker(assets);
  const post = (message: ToValidator, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);
  const { allChunks, configuration } = options;
  try {
    const summary = await run(worker, post, { module, name, options: { allChunks, configuration, now: Math.floor(Date.now() / 1000) } }, store, options);
    let next = 0;
    const find = (query: IssueQuery, count: number, further: { readonly rule?: string; readonly from?: number } = {}): Promise<IssueMatches | readonly ReportIssue[]> => {
      const id = next++;
      return asked(worker, post, { kind: 'find', id, query, count, ...further }, (data) => (data.kind === 'found' && data.id === id ? data.matches : undefined));
    };
    return {
      summary,
      find: async (query, each) => (await find(query, each)) as IssueMatches,
      page: async (query, rule, from, count) => (await find(query, count, { rule, from })) as readonly ReportIssue[],
      format: (format) => asked(worker, post, { kind: 'format', format }, (data) => (data.kind === 'formatted' && data.format === format ? data.text : undefined)),
      close: () => worker.terminate(),
    };
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

async function storeOf(source: ValidationSource): Promise<Store> {
  if (typeof source === 'string' || source instanceof URL) return openSource(String(source), { base: globalThis.location?.href });
  if ('get' in source) return source;
  const { openFileListWhole, openFileWhole, openHandleWhole } = await import('../stores/dropped.ts');
  if ('kind' in source) return openHandleWhole(source);
  const files = [...source];
  const [only] = files;
  return only && files.length === 1 && only.webkitRelativePath === '' ? openFileWhole(only) : openFileListWhole(files);
}

function run(
  worker: Worker,
  post: (message: ToValidator, transfer?: Transferable[]) => void,
  start: Omit<ToValidator & { readonly kind: 'start' }, 'kind'>,
  store: Store,
  { onProgress, signal }: ValidateOptions,
): Promise<ReportSummary> {
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
      if (!line.idle) {
        timer ??= setTimeout(send, kBatchMs);
        return;
      }
      // All that was asked for: the worker has nothing else to do.
      if (timer !== null) clearTimeout(timer);
      send();
    },
  );
  return new Promise<ReportSummary>((resolve, reject) => {
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
        resolve(JSON.parse(data.summary) as ReportSummary);
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

/** Asks the worker that has the report; `answer` knows which message answers. */
function asked<T>(worker: Worker, post: (message: ToValidator) => void, question: ToValidator, answer: (data: FromValidator) => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const listener = ({ data }: MessageEvent<FromValidator>): void => {
      const given = answer(data);
      if (given !== undefined) resolve(given);
      else if (data.kind === 'failed') reject(new ValidationError(data.code, data.message));
      else return;
      worker.removeEventListener('message', listener);
    };
    worker.addEventListener('message', listener);
    post(question);
  });
}
