// Between the page and the worker that validates.

import type { ExportFormat, StudyExport } from '../card/card.ts';
import type { IssueMatches, IssueQuery } from './issue_book.ts';
import type { ReportFormat, ReportIssue, ValidationAnswer, ValidationProgress, ValidationRequest } from './report.ts';
import type { MetadataFile, StudyReading } from './study_program.ts';
import type { RunOptions } from './validator.ts';

export type ToValidator =
  | { readonly kind: 'start'; readonly module: WebAssembly.Module; readonly name: string; readonly options: RunOptions }
  | { readonly kind: 'answers'; readonly answers: readonly ValidationAnswer[] }
  /** The report of what was looked at so far. */
  | { readonly kind: 'cancel' }
  | { readonly kind: 'format'; readonly format: ReportFormat }
  /** Once it is done; without `rule`: the first `count` of every rule. */
  | { readonly kind: 'find'; readonly id: number; readonly query: IssueQuery; readonly count: number; readonly rule?: string; readonly from?: number }
  /** For the card, without a check. */
  | { readonly kind: 'read studies'; readonly module: WebAssembly.Module; readonly files: readonly MetadataFile[] }
  | { readonly kind: 'export'; readonly id: number; readonly study: number; readonly format: ExportFormat };

export type FromValidator =
  | { readonly kind: 'requests'; readonly requests: readonly ValidationRequest[]; readonly progress: ValidationProgress }
  /** The report without its issues. */
  | { readonly kind: 'done'; readonly summary: string }
  | { readonly kind: 'found'; readonly id: number; readonly matches: IssueMatches | readonly ReportIssue[] }
  | { readonly kind: 'formatted'; readonly format: ReportFormat; readonly text: string }
  | { readonly kind: 'studies'; readonly studies: readonly StudyReading[] }
  | { readonly kind: 'exported'; readonly id: number; readonly written: StudyExport }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };
