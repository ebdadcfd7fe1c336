// What all viewers of a page share: the decoding workers and the compiled program.

import { DecoderPool } from './workers/pool.ts';
import { compileProgram } from './workers/program.ts';

export interface SharedResources {
  readonly pool: DecoderPool;
  readonly program: Promise<WebAssembly.Module>;
}

const byPlace = new Map<string, SharedResources>();

/** Starts loading on the first call for a place. `assets`: the folder of our files, with a slash. */
export function sharedResources(assets: string): SharedResources {
  let shared = byPlace.get(assets);
  if (!shared) {
    // One file for the page and its workers: fetched and compiled once.
    const program = compileProgram(new URL('mifascope.wasm', assets));
    // A failure is told to whoever awaits it; the next viewer tries again.
    program.catch(() => byPlace.delete(assets));
    shared = {
      program,
      pool: new DecoderPool({
        workerUrl: new URL('loader_worker.js', assets),
        program,
      }),
    };
    byPlace.set(assets, shared);
  }
  return shared;
}
