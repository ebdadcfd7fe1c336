// The public interface of the check, kept by hand: tests/web/validation_api.test.ts compares it with the
// program. What it means is told in docs/validation.md.

import type { Store } from './mifascope.d.ts';

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

/** What was looked at. */
export interface ReportInventory {
  /** Absent where the files cannot be listed. */
  readonly files?: number;
  readonly bytes?: number;
  readonly images: number;
  readonly labels: number;
  readonly plates: number;
  readonly wells: number;
  readonly arrays: number;
  readonly chunksExpected?: number;
  readonly chunksPresent?: number;
  readonly chunksDecoded: number;
  readonly allChunks: boolean;
  readonly versions: readonly string[];
}

/** docs/report.schema.json in TypeScript. */
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

export interface ValidationProgress {
  readonly phase: 'listing' | 'metadata' | 'pixels';
  readonly files: number;
  readonly nodes: number;
  readonly nodesDone: number;
  readonly chunks: number;
  readonly chunksDone: number;
}

/** An address, a folder of showDirectoryPicker(), the files of an `<input>`, or any store. */
export type ValidationSource = string | URL | FileSystemDirectoryHandle | Iterable<File> | Store;

export interface ValidateOptions {
  /** Decode all chunks rather than a sample. */
  readonly allChunks?: boolean | undefined;
  /** The text of a configuration file (docs/validation.md). */
  readonly configuration?: string | undefined;
  /** What the report is headed with. */
  readonly name?: string | undefined;
  readonly onProgress?: ((progress: ValidationProgress) => void) | undefined;
  /** Ends the run: the report then holds what was found so far, and says that it is not complete. */
  readonly signal?: AbortSignal | undefined;
  /** The folder of Mifascope's files, with a slash. Default: beside the script this is part of. */
  readonly assets?: string | URL | undefined;
}

export type ReportFormat = 'text' | 'json' | 'html' | 'csv' | 'junit';

/** Which issues; all of them by default. */
export interface IssueQuery {
  readonly severities?: readonly Severity[];
  /** The first part of the rule's id: "ome-zarr", "mifa". */
  readonly module?: string;
  /** To be found in the rule, the message or the place; case does not matter. */
  readonly text?: string;
}

export interface IssueMatches {
  readonly count: number;
  /** Rules that have any, in the report's order, with the first of their issues. */
  readonly rules: readonly { readonly rule: string; readonly count: number; readonly first: readonly ReportIssue[] }[];
}

/** A check that is done. Its issues stay in the worker, where they are searched, until they are asked for. */
export interface Validation {
  readonly summary: Omit<Report, 'issues'>;
  /** The issues of a query, with the first `each` of every rule. */
  find(query: IssueQuery, each: number): Promise<IssueMatches>;
  /** Further ones of one rule. */
  page(query: IssueQuery, rule: string, from: number, count: number): Promise<readonly ReportIssue[]>;
  /** The whole report as a text. */
  format(format: ReportFormat): Promise<string>;
  /** Gives the worker back. No other call afterwards. */
  close(): void;
}

/** Nothing there, or nothing that can be read. */
export declare class ValidationError extends Error {
  readonly code: string;
  constructor(code: string, message: string);
}

/** Checks what is at a place, in the visitor's browser. Rejects with a ValidationError where there is nothing to check. */
export declare function validate(source: ValidationSource, options?: ValidateOptions): Promise<Report>;

/** The same, for who shows the report or wants it in other formats too. */
export declare function startValidation(source: ValidationSource, options?: ValidateOptions): Promise<Validation>;
