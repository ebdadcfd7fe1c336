// The outcome of a validation: docs/report.schema.json in TypeScript.

export type Severity = 'error' | 'warning' | 'info';

/** A place in a file of the dataset, relative to its root. */
export interface ReportPlace {
  readonly file?: string;
  /** A JSON pointer (RFC 6901). */
  readonly pointer?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based row of a table, its heading not counted. */
  readonly row?: number;
}

export interface ReportIssue extends ReportPlace {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly expected?: string;
  readonly received?: string;
  readonly fix?: string;
  readonly related?: readonly ReportPlace[];
}

/** A rule that was broken. */
export interface ReportRule {
  readonly id: string;
  readonly severity: Severity;
  /** How often; `issues` lists at most some of them. */
  readonly count: number;
  readonly title: string;
  readonly why: string;
  readonly fix: string;
  readonly appliesTo: string;
  /** The section of the specification. */
  readonly url: string;
  /** Why a configuration graded it otherwise. */
  readonly reason?: string;
}

export interface ReportInventory {
  /** Absent where the store cannot list its files. */
  readonly files?: number;
  readonly bytes?: number;
  readonly images: number;
  readonly labels: number;
  readonly plates: number;
  readonly wells: number;
  readonly arrays: number;
  /** Annotation files that were read, and their objects; absent where there are none. */
  readonly annotationFiles?: number;
  readonly annotationObjects?: number;
  readonly chunksExpected?: number;
  readonly chunksPresent?: number;
  readonly chunksDecoded: number;
  readonly allChunks: boolean;
  readonly versions: readonly string[];
}

export interface Report {
  readonly format: 1;
  readonly name: string;
  readonly verdict: 'valid' | 'invalid' | 'incomplete';
  /** False where the run was cancelled: then nothing is said of the rest. */
  readonly complete: boolean;
  readonly counts: { readonly errors: number; readonly warnings: number; readonly infos: number };
  readonly inventory: ReportInventory;
  /** Errors first, then by id. */
  readonly rules: readonly ReportRule[];
  readonly silenced: readonly { readonly rule: string; readonly reason: string }[];
  /** By file and place. */
  readonly issues: readonly ReportIssue[];
}

/** All but the issues, of which there may be very many. */
export type ReportSummary = Omit<Report, 'issues'>;

export type ReportFormat = 'text' | 'json' | 'html' | 'csv' | 'junit';

export interface ValidationProgress {
  readonly phase: 'listing' | 'metadata' | 'pixels';
  readonly files: number;
  readonly nodes: number;
  readonly nodesDone: number;
  readonly chunks: number;
  readonly chunksDone: number;
}

/** What is asked of a store. */
export interface ValidationRequest {
  readonly id: number;
  readonly kind: 'list' | 'read' | 'chunk';
  readonly key: string;
  /** These bytes of the file, cut where it ends; absent: all of it. */
  readonly range?: { readonly offset: number; readonly length: number };
}

/** What a store answered. */
export type ValidationAnswer =
  | { readonly id: number; readonly key: string; readonly kind: 'found'; readonly bytes: Uint8Array }
  | { readonly id: number; readonly key: string; readonly kind: 'missing' }
  | { readonly id: number; readonly key: string; readonly kind: 'failed'; readonly code: string; readonly message: string }
  /** [name, whether it is a folder, size or -1]; null where the store cannot list. */
  | { readonly id: number; readonly key: string; readonly kind: 'listed'; readonly entries: readonly (readonly [string, boolean, number])[] | null };

/** Nothing there, or nothing that can be read. */
export class ValidationError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'ValidationError';
  }
}
