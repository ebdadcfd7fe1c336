// The numbers of JSON in the WebAssembly program, which the browser parses (third_party/json/strtod.c):
// each must be the double that is nearest to its text. The message about a wrong data type gives it back.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const programs = process.env.MIFASCOPE_PROGRAMS ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'build', 'wasm', 'programs');

/** @returns {Promise<(text: string) => string>} what _prepare complains of when this is the data type */
async function complaints() {
  // Emscripten's glue asks whether this is a page.
  Object.assign(globalThis, { window: globalThis });
  const { default: make } = await import(join(programs, 'mifascope.mjs'));
  const program = await make({ wasmBinary: readFileSync(join(programs, 'mifascope.wasm')) });
  return (text) => {
    const bytes = new TextEncoder().encode(
      `{"zarr_format":2,"shape":[1],"chunks":[1],"dtype":${text},"compressor":null,"filters":null,"order":"C","fill_value":0}`,
    );
    program.HEAPU8.set(bytes, program._reserve(bytes.length));
    assert.equal(program._prepare(0, bytes.length, 0), 0, `${text} was taken for a data type`);
    return JSON.parse(program._errorJson()).message;
  };
}

test('numbers of JSON are read to the nearest double', { skip: !existsSync(join(programs, 'mifascope.wasm')) && 'the program is not built' }, async () => {
  const complaint = await complaints();
  const texts = ['0.1', '-0.1', '1.5e-3', '2.5E+7', '1e-320', '4.9e-324', '1.7976931348623157e308', '0.30000000000000004', '9007199254740993.5', '123456789012345678901234567890', '-1e-7'];
  // A fixed sequence: digits of all lengths, exponents over the whole range.
  for (let i = 1; i <= 400; ++i) {
    const random = Math.abs(Math.sin(i) * 1e4) % 1;
    texts.push(`${(random * 10).toFixed(1 + (i % 17))}e${((i * 37) % 600) - 300}`);
  }
  for (const text of texts) {
    const [, received] = /received the number (\S+), at/.exec(complaint(text)) ?? [];
    // Zero would be a lost number: 0.0e5 cannot come up above.
    assert.ok(received !== undefined, `${text}: ${complaint(text)}`);
    assert.equal(Number(received), Number(text), text);
  }
});
