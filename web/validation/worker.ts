// The worker with the program `validator`, and what is sent to it to start with.

import { compileProgram } from '../workers/program.ts';

const programs = new Map<string, Promise<WebAssembly.Module>>();

/** Fetched and compiled once a page, when somebody asks for it. */
export function programAt(assets: URL): Promise<WebAssembly.Module> {
  const { href } = new URL('validator.wasm', assets);
  let program = programs.get(href);
  if (!program) {
    program = compileProgram(new URL(href));
    program.catch(() => programs.delete(href));
    programs.set(href, program);
  }
  return program;
}

/** A browser starts a worker from the page's own origin only, but its script may import others. */
export function startWorker(assets: URL, file = 'validation_worker.js'): Worker {
  const url = new URL(file, assets);
  if (url.origin === globalThis.location?.origin) return new Worker(url, { type: 'module', name: 'mifascope validator' });
  const script = new Blob([`import ${JSON.stringify(url.href)};`], { type: 'text/javascript' });
  return new Worker(URL.createObjectURL(script), { type: 'module', name: 'mifascope validator' });
}

export function notStarted(details: string): string {
  return `The validator could not be started (${details || 'no details'}). All files of Mifascope have to be side by side, and a Content-Security-Policy has to allow worker-src.`;
}
