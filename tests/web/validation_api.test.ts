// The public interface of the check, as types/validation.d.ts has it, against the program; and the book of
// issues that the worker keeps.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as declared from '../../types/validation.d.ts';
import { IssueBook } from '../../web/validation/issue_book.ts';
import type { Report, ReportIssue } from '../../web/validation/report.ts';
import * as own from '../../web/validation/validate.ts';

test('what is exported is what is declared', () => {
  // Checked by tsc, in both directions.
  const names: readonly (keyof typeof declared)[] = ['ValidationError', 'startValidation', 'validate'];
  const validate: typeof declared.validate = own.validate;
  const start: typeof declared.startValidation = own.startValidation;
  const back: typeof own.validate = null as unknown as typeof declared.validate;
  void [validate, start, back];
  assert.deepEqual(Object.keys(own).sort(), [...names].sort());
});

const rule = (id: string, severity: 'error' | 'warning' | 'info', count: number): Report['rules'][number] => ({ id, severity, count, title: `Title of ${id}`, why: '', fix: '', appliesTo: '', url: '' });
const issues: ReportIssue[] = [
  ...Array.from({ length: 30 }, (_, i): ReportIssue => ({ rule: 'zarr/chunk', severity: 'error', message: 'The chunk is too short.', file: `0/c/${i}` })),
  { rule: 'mifa/orcid', severity: 'warning', message: 'Wrong digit', file: 'study.yaml', line: 12, pointer: '/study/authors/0' },
];
const report = { rules: [rule('zarr/chunk', 'error', 40), rule('mifa/orcid', 'warning', 1)], issues } as unknown as Report;

test('the book of issues finds by severity, part and text, a few at a time', () => {
  const book = new IssueBook(report);
  const all = book.find({}, 10);
  assert.deepEqual([all.count, all.rules.map(({ rule: id, count, first }) => [id, count, first.length])], [31, [['zarr/chunk', 30, 10], ['mifa/orcid', 1, 1]]]);
  assert.deepEqual(book.find({ severities: ['warning'] }, 10).rules.map((each) => each.rule), ['mifa/orcid']);
  assert.deepEqual(book.find({ module: 'zarr' }, 1).rules.map((each) => each.rule), ['zarr/chunk']);
  assert.equal(book.find({ text: '0/C/1' }, 1).count, 11);
  assert.equal(book.find({ text: 'LINE 12' }, 1).count, 1);
  // The rule's own words find all of its issues.
  assert.equal(book.find({ text: 'title of zarr' }, 1).count, 30);
  assert.equal(book.find({ text: 'nothing of the kind' }, 1).count, 0);
  assert.deepEqual(book.page({}, 'zarr/chunk', 28, 50).map(({ file }) => file), ['0/c/28', '0/c/29']);
  assert.deepEqual(book.page({ severities: [] }, 'zarr/chunk', 0, 50), []);
});
