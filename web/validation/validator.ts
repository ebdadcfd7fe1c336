// The WebAssembly program, typed: one dataset at a time is checked or described, with answers given to
// what it asks for. No I/O here; runs in a worker and in Node.

import type { ValidatorProgram } from 'wasm:validator';
import { ValidationError, type ReportFormat, type ValidationAnswer, type ValidationProgress, type ValidationRequest } from './report.ts';

export interface RunOptions {
  readonly allChunks?: boolean | undefined;
  /** Compare stated checksums whatever the size of the files; else up to 256 MiB. */
  readonly checksums?: boolean | undefined;
  /** The text of a configuration file, and its name for messages. */
  readonly configuration?: string | undefined;
  readonly configurationName?: string | undefined;
  /** Seconds since 1970, for dates in the future; absent: they are not judged. */
  readonly now?: number | undefined;
}

interface Failure {
  readonly code: string;
  readonly message: string;
}

function errorOf(text: string): ValidationError {
  const { code, message } = JSON.parse(text) as Failure;
  return new ValidationError(code, message);
}

/** Room for `bytes` in the heap, filled with them. */
function hand(program: ValidatorProgram, bytes: Uint8Array): boolean {
  const pointer = program._reserve(bytes.byteLength);
  if (pointer === 0) return false;
  program.HEAPU8.set(bytes, pointer);
  return true;
}

const kNoMemory = 'Expected a file that fits into memory, received a larger one.';

/** What a driver needs of either. */
export interface Task {
  requests(): ValidationRequest[];
  answer(answer: ValidationAnswer): void;
}

export class ValidationRun implements Task {
  readonly #program: ValidatorProgram;
  readonly #id: number;

  /** Throws a ValidationError where the options cannot be read. */
  constructor(program: ValidatorProgram, name: string, options: RunOptions = {}) {
    this.#program = program;
    this.#id = program._start(name, JSON.stringify(options));
    if (this.#id === 0) throw errorOf(program._errorJson());
  }

  requests(): ValidationRequest[] {
    return JSON.parse(this.#program._requests(this.#id)) as ValidationRequest[];
  }

  answer(answer: ValidationAnswer): void {
    const program = this.#program;
    switch (answer.kind) {
      case 'found':
        if (hand(program, answer.bytes)) program._found(this.#id, answer.id, answer.bytes.byteLength);
        else program._failed(this.#id, answer.id, 'limit', kNoMemory);
        break;
      case 'missing':
        program._missing(this.#id, answer.id);
        break;
      case 'failed':
        program._failed(this.#id, answer.id, answer.code, answer.message);
        break;
      case 'listed':
        if (answer.entries) program._listed(this.#id, answer.id, JSON.stringify(answer.entries));
        else program._unlisted(this.#id, answer.id);
        break;
    }
  }

  get done(): boolean {
    return this.#program._done(this.#id);
  }

  progress(): ValidationProgress {
    return JSON.parse(this.#program._progress(this.#id)) as ValidationProgress;
  }

  /** The report so far; the run cannot go on afterwards. Throws where there is nothing to report. */
  report(format: ReportFormat): string {
    const failure = this.#program._failure(this.#id);
    if (failure) throw errorOf(failure);
    return this.#program._report(this.#id, format);
  }

  end(): void {
    this.#program._stop(this.#id);
  }
}

/** `mifascope info`. */
export class Look implements Task {
  readonly #program: ValidatorProgram;
  readonly #id: number;

  constructor(program: ValidatorProgram, name: string) {
    this.#program = program;
    this.#id = program._look(name);
  }

  requests(): ValidationRequest[] {
    return JSON.parse(this.#program._lookRequests(this.#id)) as ValidationRequest[];
  }

  answer(answer: ValidationAnswer): void {
    const program = this.#program;
    switch (answer.kind) {
      case 'found':
        if (hand(program, answer.bytes)) program._lookFound(this.#id, answer.key, answer.bytes.byteLength);
        else program._lookFailed(this.#id, answer.key, 'limit', kNoMemory);
        break;
      case 'missing':
        program._lookFailed(this.#id, answer.key, 'missing', '');
        break;
      case 'failed':
        program._lookFailed(this.#id, answer.key, answer.code, answer.message);
        break;
      case 'listed':
        program._lookListed(this.#id, answer.key, answer.entries ? JSON.stringify(answer.entries) : '');
        break;
    }
  }

  /** Throws a ValidationError where the dataset cannot be opened. */
  text(json: boolean): string {
    const text = this.#program._looked(this.#id, json);
    if (text === '') throw errorOf(this.#program._errorJson());
    return text;
  }
}
