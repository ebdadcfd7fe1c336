// The worker that validates: the rules and the decoders run here, so that the page stays free.

import createValidator, { type ValidatorProgram } from 'wasm:validator';
import { startProgram } from '../wasm/start.ts';
import { IssueBook } from './issue_book.ts';
import type { FromValidator, ToValidator } from './messages.ts';
import { ValidationError, type Report } from './report.ts';
import { exportStudy, readStudyFiles } from './study_program.ts';
import { ValidationRun } from './validator.ts';

interface WorkerScope {
  postMessage(message: FromValidator): void;
  onmessage: ((event: MessageEvent<ToValidator>) => void) | null;
}
const scope = globalThis as unknown as WorkerScope;

let program: ValidatorProgram | null = null;
let run: ValidationRun | null = null;
let finished = false;
let book: IssueBook | null = null;

function fail(error: unknown): void {
  const known = error instanceof ValidationError;
  scope.postMessage({
    kind: 'failed',
    code: known ? error.code : 'unsupported',
    message: known
      ? error.message
      : `The validator crashed (${String(error)}). This is a fault of Mifascope or of a file made to crash it: please report it.`,
  });
}

function finish(): void {
  if (!run || finished) return;
  finished = true;
  const report = JSON.parse(run.report('json')) as Report;
  book = new IssueBook(report);
  scope.postMessage({ kind: 'done', summary: JSON.stringify({ ...report, issues: undefined }) });
}

function go(): void {
  if (!run || finished) return;
  const requests = run.requests();
  if (run.done) finish();
  else scope.postMessage({ kind: 'requests', requests, progress: run.progress() });
}

async function load(module: WebAssembly.Module): Promise<ValidatorProgram> {
  program ??= await startProgram(createValidator, module);
  return program;
}

async function start({ module, name, options }: ToValidator & { readonly kind: 'start' }): Promise<void> {
  try {
    run = new ValidationRun(await load(module), name, options);
    go();
  } catch (error) {
    fail(error);
  }
}

async function readStudies({ module, files }: ToValidator & { readonly kind: 'read studies' }): Promise<void> {
  try {
    scope.postMessage({ kind: 'studies', studies: readStudyFiles(await load(module), files) });
  } catch (error) {
    fail(error);
  }
}

scope.onmessage = ({ data }) => {
  try {
    switch (data.kind) {
      case 'start':
        void start(data);
        break;
      case 'answers':
        for (const answer of data.answers) if (!finished) run?.answer(answer);
        go();
        break;
      case 'cancel':
        finish();
        break;
      case 'format':
        if (run && finished) scope.postMessage({ kind: 'formatted', format: data.format, text: run.report(data.format) });
        break;
      case 'find': {
        const { id, query, count, rule, from = 0 } = data;
        if (book) scope.postMessage({ kind: 'found', id, matches: rule === undefined ? book.find(query, count) : book.page(query, rule, from, count) });
        break;
      }
      case 'read studies':
        void readStudies(data);
        break;
      case 'export':
        if (program) scope.postMessage({ kind: 'exported', id: data.id, written: exportStudy(program, data.study, data.format) });
        break;
    }
  } catch (error) {
    fail(error);
  }
};
