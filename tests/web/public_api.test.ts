// The public interface, as types/mifascope.d.ts has it, against the program: names, and types as far as
// TypeScript can tell. A change here is a change for everybody's page: docs/embed.md and CHANGELOG.md.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type * as own from '../../web/element.ts';
import type { Report } from '../../web/validation/report.ts';

/** Members that a page of our own uses, and the platform's callbacks: not for everybody. */
const kPrivate = ['viewer', 'connectedCallback', 'disconnectedCallback', 'attributeChangedCallback', 'constructor'];

/** The text between the braces that follow `start`. */
function block(text: string, start: string): string {
  const from = text.indexOf('{', text.indexOf(start));
  let depth = 0;
  for (let at = from; at < text.length; ++at) {
    depth += text[at] === '{' ? 1 : text[at] === '}' ? -1 : 0;
    if (depth === 0) return text.slice(from + 1, at);
  }
  throw new Error(`expected ${start} {…}`);
}

/** Names declared at the outermost depth of a block. */
function members(body: string): string[] {
  const names: string[] = [];
  let depth = 0;
  for (const line of body.split('\n')) {
    const name = /^\s*(?:(?:readonly|declare|async|static|get|set)\s+)*(\w+)[?]?\s*[:(<]/.exec(line)?.[1];
    if (depth === 0 && name) names.push(name);
    depth += (line.match(/[{(]/g) ?? []).length - (line.match(/[})]/g) ?? []).length;
  }
  return [...new Set(names)].sort();
}

test('the declared members of <mifa-scope> are those it has', async () => {
  const declared = members(block(await readFile('types/mifascope.d.ts', 'utf8'), 'export declare class MifaScopeElement')).filter((name) => name !== 'addEventListener');
  const source = await readFile('web/element.ts', 'utf8');
  const has = members(block(source, 'export class MifaScopeElement')).filter((name) => !kPrivate.includes(name) && name !== 'observedAttributes');
  assert.deepEqual(declared, has);
  assert.deepEqual(declared, [
    'addAnnotation', 'addAnnotationFiles', 'addLabels', 'annotationLayers', 'annotationPlace', 'annotations', 'controls', 'fetch', 'getView', 'labels', 'metadata',
    'poster', 'queryAnnotations', 'readRegion', 'removeAnnotation', 'saveRegion', 'screenshot', 'setView', 'src', 'state', 'store', 'theme',
    'toggleFullscreen', 'validate', 'view',
  ]);
});

test('every attribute, member and event is told in docs/embed.md', async () => {
  const types = await readFile('types/mifascope.d.ts', 'utf8');
  const docs = await readFile('docs/embed.md', 'utf8');
  const names = [...members(block(types, 'export declare class MifaScopeElement')), ...members(block(types, 'export interface MifaScopeEventMap'))];
  assert.deepEqual(names.filter((name) => name !== 'addEventListener' && !new RegExp(`\`${name}\\b`).test(docs)), []);
});

test('what the program gives has the declared types', () => {
  // Checked by tsc: what we return has to be what is declared, and what may be passed has to be taken.
  type Public = typeof import('../../types/mifascope.d.ts');
  type Scope = InstanceType<Public['MifaScopeElement']>;
  const given = null as unknown as own.MifaScopeElement;
  const returns = (): readonly unknown[] => [
    ((): ReturnType<Scope['readRegion']> => given.readRegion()) satisfies unknown,
    ((): ReturnType<Scope['saveRegion']> => given.saveRegion()) satisfies unknown,
    ((): ReturnType<Scope['queryAnnotations']> => given.queryAnnotations()) satisfies unknown,
    ((): ReturnType<Scope['addAnnotation']> => given.addAnnotation('')) satisfies unknown,
    ((): ReturnType<Scope['getView']> => given.getView()) satisfies unknown,
    ((): Scope['state'] => given.state) satisfies unknown,
    ((): Awaited<ReturnType<Scope['validate']>> => null as unknown as Report) satisfies unknown,
  ];
  const takes = (region: Parameters<Scope['readRegion']>[0], query: Parameters<Scope['queryAnnotations']>[0], view: Parameters<Scope['setView']>[0], store: Scope['store']): void => {
    void given.readRegion(region);
    void given.queryAnnotations(query);
    given.setView(view);
    given.store = store;
  };
  assert.equal(typeof returns, typeof takes);
});
