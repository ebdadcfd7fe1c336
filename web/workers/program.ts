// How a WebAssembly program is compiled and a worker started, wherever their files are served from.

import { DecodeError, type FromWorker, type ToWorker } from './messages.ts';

/** Compiles while the file streams in, if its server calls it WebAssembly, else afterwards. */
export async function compileProgram(url: URL): Promise<WebAssembly.Module> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new DecodeError(
      'retry',
      `Expected the program ${url.href}, received no answer (${String(error)}). If it is on another server than the page, that server has to send the header “Access-Control-Allow-Origin: *”.`,
    );
  }
  if (!response.ok) {
    throw new DecodeError(
      response.status >= 500 || response.status === 429 ? 'retry' : 'missing',
      `Expected the program ${url.href}, received ${response.status}. Who runs the web page should put all files of Mifascope side by side.`,
    );
  }
  try {
    const type = response.headers.get('Content-Type') ?? '';
    return /^application\/wasm\b/i.test(type)
      ? await WebAssembly.compileStreaming(response)
      : await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    throw new DecodeError(
      'unsupported',
      `Expected WebAssembly in ${url.href}, received something that this browser does not compile (${String(error)}). If the page has a Content-Security-Policy, its script-src needs 'wasm-unsafe-eval'; else the file is damaged, or the browser is older than 2023.`,
    );
  }
}

export interface WorkerEvents<From = FromWorker> {
  readonly onMessage: (message: From) => void;
  /** The script could not be loaded or has thrown; browsers may give no details. */
  readonly onError: (message: string) => void;
}

export interface SpawnedWorker<To = ToWorker> {
  post(message: To, transfer?: Transferable[]): void;
  end(): void;
}

/** Starts the module at `url` as a worker of the pool. */
export function spawnWorker(url: URL, events: WorkerEvents): SpawnedWorker {
  return spawnModuleWorker<ToWorker, FromWorker>(url, 'mifascope loader', events);
}

/** Starts the module at `url` as a worker. */
export function spawnModuleWorker<To, From>(url: URL, name: string, { onMessage, onError }: WorkerEvents<From>): SpawnedWorker<To> {
  // A browser starts a worker from the page's own origin only, but its script may import others.
  const own = url.origin === globalThis.location?.origin;
  const address = own
    ? url.href
    : URL.createObjectURL(
        new Blob([`import ${JSON.stringify(url.href)};`], { type: 'text/javascript' }),
      );
  const tidy = (): void => {
    if (!own) URL.revokeObjectURL(address);
  };
  let worker: Worker;
  try {
    worker = new Worker(address, { type: 'module', name });
  } catch (error) {
    // A Content-Security-Policy may throw here. Told later, as every other failure is.
    tidy();
    let ended = false;
    setTimeout(() => ended || onError(String(error)));
    return { post: () => undefined, end: () => (ended = true) };
  }
  worker.onmessage = ({ data }: MessageEvent<From>) => {
    tidy();
    onMessage(data);
  };
  worker.onmessageerror = () => onError('a message could not be read');
  worker.onerror = (event) => {
    tidy();
    event.preventDefault();
    onError(event.message ?? '');
  };
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    end: () => {
      tidy();
      worker.onmessage = worker.onerror = worker.onmessageerror = null;
      worker.terminate();
    },
  };
}
