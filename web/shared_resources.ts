// What all viewers of a page share: the compiled program and the decoding workers.

import { programOf } from './shared_program.ts';
import { DecoderPool } from './workers/pool.ts';

export interface SharedResources {
  readonly pool: DecoderPool;
  readonly program: Promise<WebAssembly.Module>;
}

const byProgram = new Map<Promise<WebAssembly.Module>, SharedResources>();

/** Starts loading on the first call for a place. `assets`: the folder of our files, with a slash. */
export function sharedResources(assets: string): SharedResources {
  const program = programOf(assets);
  let shared = byProgram.get(program);
  if (!shared) {
    program.catch(() => byProgram.delete(program));
    shared = {
      program,
      pool: new DecoderPool({
        workerUrl: new URL('loader_worker.js', assets),
        program,
      }),
    };
    byProgram.set(program, shared);
  }
  return shared;
}
