// mifascope.wasm, fetched and compiled once for the page and its workers.

import { compileProgram } from './workers/program.ts';

const byPlace = new Map<string, Promise<WebAssembly.Module>>();

/** Starts loading on the first call for a place. `assets`: the folder of our files, with a slash. */
export function programOf(assets: string): Promise<WebAssembly.Module> {
  let program = byPlace.get(assets);
  if (!program) {
    program = compileProgram(new URL('mifascope.wasm', assets));
    byPlace.set(assets, program);
    // A failure is told to whoever awaits it; the next viewer tries again.
    program.catch(() => byPlace.delete(assets));
  }
  return program;
}
