// The worker that validates: the rules and the decoders run here, so that the page stays free.

import createValidator from 'wasm:validator';
import type { FromValidator, ToValidator } from './messages.ts';
import { ValidationError } from './report.ts';
import { ValidationRun } from './validator.ts';

interface WorkerScope {
  postMessage(message: FromValidator): void;
  onmessage: ((event: MessageEvent<ToValidator>) => void) | null;
}
const scope = globalThis as unknown as WorkerScope;

let run: ValidationRun | null = null;
let finished = false;

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
  scope.postMessage({ kind: 'done', report: run.report('json') });
}

function go(): void {
  if (!run || finished) return;
  const requests = run.requests();
  if (run.done) finish();
  else scope.postMessage({ kind: 'requests', requests, progress: run.progress() });
}

async function start({ module, name, options }: ToValidator & { readonly kind: 'start' }): Promise<void> {
  try {
    const program = await createValidator({
      instantiateWasm(imports, done) {
        void WebAssembly.instantiate(module, imports).then(done, fail);
        return {};
      },
    });
    run = new ValidationRun(program, name, options);
    go();
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
    }
  } catch (error) {
    fail(error);
  }
};
