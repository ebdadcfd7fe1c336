// Between the page and the worker that validates.

import type { ExportFormat, StudyExport } from '../card/card.ts';
import type { ReportFormat, ValidationAnswer, ValidationProgress, ValidationRequest } from './report.ts';
import type { MetadataFile, StudyReading } from './study_program.ts';
import type { RunOptions } from './validator.ts';

export type ToValidator =
  | { readonly kind: 'start'; readonly module: WebAssembly.Module; readonly name: string; readonly options: RunOptions }
  | { readonly kind: 'answers'; readonly answers: readonly ValidationAnswer[] }
  /** The report of what was looked at so far. */
  | { readonly kind: 'cancel' }
  | { readonly kind: 'format'; readonly format: ReportFormat }
  /** For the card, without a check. */
  | { readonly kind: 'read studies'; readonly module: WebAssembly.Module; readonly files: readonly MetadataFile[] }
  | { readonly kind: 'export'; readonly id: number; readonly study: number; readonly format: ExportFormat };

export type FromValidator =
  | { readonly kind: 'requests'; readonly requests: readonly ValidationRequest[]; readonly progress: ValidationProgress }
  | { readonly kind: 'done'; readonly report: string }
  | { readonly kind: 'formatted'; readonly format: ReportFormat; readonly text: string }
  | { readonly kind: 'studies'; readonly studies: readonly StudyReading[] }
  | { readonly kind: 'exported'; readonly id: number; readonly written: StudyExport }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };
