// Between the page and the worker that validates.

import type { ReportFormat, ValidationAnswer, ValidationProgress, ValidationRequest } from './report.ts';
import type { RunOptions } from './validator.ts';

export type ToValidator =
  | { readonly kind: 'start'; readonly module: WebAssembly.Module; readonly name: string; readonly options: RunOptions }
  | { readonly kind: 'answers'; readonly answers: readonly ValidationAnswer[] }
  /** The report of what was looked at so far. */
  | { readonly kind: 'cancel' }
  | { readonly kind: 'format'; readonly format: ReportFormat };

export type FromValidator =
  | { readonly kind: 'requests'; readonly requests: readonly ValidationRequest[]; readonly progress: ValidationProgress }
  | { readonly kind: 'done'; readonly report: string }
  | { readonly kind: 'formatted'; readonly format: ReportFormat; readonly text: string }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };
