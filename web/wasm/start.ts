// Starts one of our programs from a module that is compiled already, without asking for any address.

import type { ProgramOptions } from 'wasm:mifascope';

/** Rejects where there is no memory for it. */
export function startProgram<Program>(create: (options: ProgramOptions) => Promise<Program>, module: WebAssembly.Module): Promise<Program> {
  return new Promise((resolve, reject) => {
    create({
      instantiateWasm(imports, done) {
        // A failure reaches nobody through the glue.
        WebAssembly.instantiate(module, imports).then((instance) => done(instance, module), reject);
        return {};
      },
      locateFile: (name) => name,
    }).then(resolve, reject);
  });
}
