// src/bind/studies.cpp, typed: the studies that metadata files describe. No I/O here.

import type { ValidatorProgram } from 'wasm:validator';
import type { CardBadge, ExportFormat, StudyCard, StudyExport } from '../card/card.ts';
import type { DatasetIssue } from '../state.ts';
import { ValidationError } from './report.ts';

/** A file that may hold metadata; its path counts, and so does its ending. */
export interface MetadataFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** One study among the files. */
export interface StudyReading {
  /** The folder from which its paths start; "" for all. */
  readonly root: string;
  readonly containers: readonly { readonly id: string; readonly file: string }[];
  readonly card: StudyCard;
  readonly badge: CardBadge;
  /** Of the metadata alone; the images are not looked at. */
  readonly issues: readonly DatasetIssue[];
}

/** Gives the program a file to read; spreadsheets as they are. */
export function putDocument(program: ValidatorProgram, name: string, bytes: Uint8Array): void {
  const pointer = program._reserveDocument(name, bytes.byteLength);
  if (pointer === 0) throw new ValidationError('limit', `Expected a metadata file of at most 64 MiB, received ${name} with ${bytes.byteLength} bytes.`);
  program.HEAPU8.set(bytes, pointer);
}

/** Files of no known container are left out. */
export function readStudyFiles(program: ValidatorProgram, files: readonly MetadataFile[]): StudyReading[] {
  for (const { name, bytes } of files) putDocument(program, name, bytes);
  return JSON.parse(program._readStudies()) as StudyReading[];
}

/** One of those that were read last, as another container. */
export function exportStudy(program: ValidatorProgram, study: number, format: ExportFormat): StudyExport {
  const written = JSON.parse(program._exportStudy(study, format)) as StudyExport | null;
  if (!written) throw new ValidationError('unsupported', `Expected a study that was read and one of the formats, received study ${study} and “${format}”.`);
  return written;
}
