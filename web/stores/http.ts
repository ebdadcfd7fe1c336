// Files of a dataset on a web server or in a bucket.
//
// A range is asked for as `bytes=a-b` and never as `bytes=-n`: the latter makes browsers ask the
// server's leave first (a CORS preflight), which some object stores answer wrongly. The end of a
// file is found by HEAD instead. No other header is sent unless the page's author gives some.
// Nothing is tried twice in here: the scheduler decides on that, with the whole view in mind.

import {
  answered,
  encodedAway,
  headOf,
  hiddenSecrets,
  noAnswer,
  refusedByStatus,
  tooLarge,
  webPage,
} from './http_answers.ts';
import {
  badKey,
  keySegments,
  pastEnd,
  refuse,
  resolveRange,
  validRange,
  type ByteRange,
  type GetOptions,
  type Store,
  type StoreReply,
} from './store.ts';

export interface HttpLimits {
  /** Largest file, or part of one, taken into memory. Above this a browser tab is likely to die. */
  readonly maxObjectBytes: number;
  /** Largest file downloaded whole because the server does not give parts of files. */
  readonly maxUnrangedBytes: number;
  /** How much of such files is kept for the next ranges, so that each is downloaded once. */
  readonly keptUnrangedBytes: number;
  /** How long a server may take to begin its answer before we say it does not answer. */
  readonly answerTimeoutMs: number;
}

export const kHttpLimits: HttpLimits = {
  maxObjectBytes: 1024 * 1024 * 1024,
  maxUnrangedBytes: 256 * 1024 * 1024,
  keptUnrangedBytes: 128 * 1024 * 1024,
  answerTimeoutMs: 60_000,
};

export interface HttpStoreOptions {
  /** Instead of the global fetch: signing, tests. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** Sent with every request, for instance Authorization. Makes browsers send a preflight. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether cookies go along: fetch's own default is 'same-origin'. */
  readonly credentials?: RequestCredentials | undefined;
  readonly limits?: Partial<HttpLimits> | undefined;
}

type Refusal = StoreReply & { readonly found: false };

/** One request that is under way: the caller's signal and our timeout end it alike. */
interface Request {
  readonly url: string;
  readonly controller: AbortController;
  /** From now on the caller's signal has no more say (the body is shared with others). */
  readonly detach: () => void;
  timedOut: boolean;
}

/** A file downloaded whole for several ranges; ended when the last of its readers gives up. */
interface WholeFile {
  readonly reply: Promise<StoreReply>;
  readonly controller: AbortController;
  readers: number;
  /** Its size once it is here; null while it is on its way. */
  bytes: number | null;
}

export class HttpStore implements Store {
  readonly description: string;
  readonly #base: URL | null;
  readonly #options: HttpStoreOptions;
  readonly #limits: HttpLimits;
  readonly #wholeFiles = new Map<string, WholeFile>();
  #ignoresRanges = false;
  #refusesHead = false;

  constructor(url: string | URL, options: HttpStoreOptions = {}) {
    this.#base = parseAddress(String(url));
    this.description = this.#base ? hiddenSecrets(this.#base) : String(url);
    this.#options = options;
    this.#limits = { ...kHttpLimits, ...options.limits };
  }

  /** Whether the server has answered a request for a part of a file with all of it. */
  get ignoresRanges(): boolean {
    return this.#ignoresRanges;
  }

  /** The address of a file, with the query of a signed URL; null if there is none. */
  urlOf(key: string): string | null {
    const segments = keySegments(key);
    if (!this.#base || !segments) return null;
    if (segments.length === 0) return this.#base.href;
    const url = new URL(this.#base);
    // encodeURIComponent leaves no '+', which object stores read as a space, and no '#' or '?'.
    const path = segments.map(encodeURIComponent).join('/');
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
    return url.href;
  }

  async get(key: string, options: GetOptions = {}): Promise<StoreReply> {
    const { range, signal } = options;
    const url = this.urlOf(key);
    if (url === null) return this.#base ? badKey(key, this.description) : badAddress(this.description);
    if (range && !validRange(range)) return badRange(range, url);
    if (range && 'length' in range && range.length > this.#limits.maxObjectBytes) {
      return tooLarge(url, range.length, 'maxObjectBytes', this.#limits.maxObjectBytes, 0);
    }
    if (signal?.aborted) return noAnswer(url, { aborted: true });
    if (!range) return this.#getWhole(url, signal);
    const kept = this.#wholeFiles.get(url);
    if (kept) return this.#cut(kept, url, range, signal);
    return this.#getPart(url, range, signal);
  }

  async #getWhole(url: string, signal: AbortSignal | undefined): Promise<StoreReply> {
    const request = this.#begin(url, signal);
    const response = await this.#send(request, 'GET', undefined);
    if (!(response instanceof Response)) return response;
    const reply = await this.#body(request, response, 'maxObjectBytes');
    request.detach();
    return reply;
  }

  async #getPart(
    url: string,
    range: ByteRange,
    signal: AbortSignal | undefined,
  ): Promise<StoreReply> {
    let asked = range;
    let total: number | undefined;
    if ('suffix' in asked) {
      const size = await this.#size(url, signal);
      if (typeof size !== 'number') return size;
      const place = resolveRange(asked, size);
      if (!place) return pastEnd(asked, size, 200, url);
      asked = { offset: place.begin, length: place.end - place.begin };
      total = size;
      if (asked.length > this.#limits.maxObjectBytes) {
        return tooLarge(url, asked.length, 'maxObjectBytes', this.#limits.maxObjectBytes, 0);
      }
      // The size may have been learnt by a reply that was the whole file.
      const kept = this.#wholeFiles.get(url);
      if (kept) return this.#cut(kept, url, asked, signal);
    }

    const request = this.#begin(url, signal);
    const response = await this.#send(request, 'GET', asked);
    if (!(response instanceof Response)) return response;
    if (response.status !== 206) return this.#shareWhole(request, response, asked, signal);

    const head = headOf(response);
    total = head.total ?? total;
    const reply = await this.#body(request, response, 'maxObjectBytes');
    request.detach();
    if (!reply.found) return reply;
    const expected =
      head.total === undefined ? asked.length : Math.min(asked.length, head.total - asked.offset);
    if ((head.begin ?? asked.offset) !== asked.offset || reply.bytes.length > expected) {
      return refuse({
        code: 'fix-data',
        status: 206,
        url: hiddenSecrets(url),
        message: `Expected bytes ${asked.offset} to ${asked.offset + asked.length - 1} of ${hiddenSecrets(url)}, received another part of the file (${response.headers.get('Content-Range') ?? `${reply.bytes.length} bytes`}). The server or a cache in front of it mixes up requests for parts of files: ask who runs it.`,
      });
    }
    if (head.total !== undefined && reply.bytes.length < expected) {
      return cutShort(url, expected, reply.bytes.length, 206);
    }
    return total === undefined ? reply : { ...reply, total };
  }

  /** How large a file is, by HEAD, or where that is refused (URLs signed for GET) by its first byte. */
  async #size(url: string, signal: AbortSignal | undefined): Promise<number | Refusal> {
    if (!this.#refusesHead) {
      const request = this.#begin(url, signal);
      const response = await this.#send(request, 'HEAD', undefined);
      request.detach();
      if (response instanceof Response) {
        const { length } = headOf(response);
        if (length !== undefined && !encodedAway(response)) return length;
      } else if (![0, 400, 401, 403, 405, 501].includes(response.error.status)) {
        return response;
      } else if (response.error.code === 'aborted') {
        return response;
      }
    }
    const request = this.#begin(url, signal);
    const response = await this.#send(request, 'GET', { offset: 0, length: 1 });
    if (!(response instanceof Response)) return response;
    if (response.status !== 206) {
      const file = this.#share(request, response);
      const reply = await this.#read(file, url, signal);
      return reply.found ? reply.bytes.length : reply;
    }
    request.detach();
    void response.body?.cancel().catch(() => undefined);
    const { total } = headOf(response);
    if (total !== undefined) {
      this.#refusesHead = true;  // and this way works
      return total;
    }
    return refuse({
      code: 'fix-data',
      status: response.status,
      url: hiddenSecrets(url),
      message: `Expected to learn the size of ${hiddenSecrets(url)}, received an answer that hides it. Who runs the server should allow HEAD requests, or add Content-Range to the header Access-Control-Expose-Headers.`,
    });
  }

  // --- servers that answer a request for a part with the whole file

  async #shareWhole(
    request: Request,
    response: Response,
    range: ByteRange,
    signal: AbortSignal | undefined,
  ): Promise<StoreReply> {
    return this.#cut(this.#share(request, response), request.url, range, signal);
  }

  /** The whole file this response brings, or the one that is on its way already. */
  #share(request: Request, response: Response): WholeFile {
    this.#ignoresRanges = true;
    const { url, controller } = request;
    request.detach();
    const known = this.#wholeFiles.get(url);
    if (known) {
      controller.abort();
      return known;
    }
    const reply = this.#body(request, response, 'maxUnrangedBytes');
    const file: WholeFile = { reply, controller, readers: 0, bytes: null };
    this.#wholeFiles.set(url, file);
    void reply.then((done) => {
      if (!done.found) return this.#forget(url, file);
      file.bytes = done.bytes.length;
      this.#trim(file);
    });
    return file;
  }

  async #cut(
    file: WholeFile,
    url: string,
    range: ByteRange,
    signal: AbortSignal | undefined,
  ): Promise<StoreReply> {
    const reply = await this.#read(file, url, signal);
    if (!reply.found) return reply;
    const place = resolveRange(range, reply.bytes.length);
    if (!place) return pastEnd(range, reply.bytes.length, 200, hiddenSecrets(url));
    return { found: true, bytes: reply.bytes.slice(place.begin, place.end), total: reply.bytes.length };
  }

  #read(file: WholeFile, url: string, signal: AbortSignal | undefined): Promise<StoreReply> {
    return new Promise((resolve) => {
      file.readers += 1;
      const leave = (reply: StoreReply): void => {
        signal?.removeEventListener('abort', giveUp);
        file.readers -= 1;
        resolve(reply);
      };
      const giveUp = (): void => {
        leave(noAnswer(url, { aborted: true }));
        if (file.readers === 0 && file.bytes === null) {
          this.#forget(url, file);
          file.controller.abort();
        }
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      void file.reply.then((reply) => {
        if (!signal?.aborted) leave(reply);
      });
    });
  }

  #forget(url: string, file: WholeFile): void {
    if (this.#wholeFiles.get(url) === file) this.#wholeFiles.delete(url);
  }

  /** Drops the files kept longest, but never the one just read, until they fit the budget. */
  #trim(newest: WholeFile): void {
    let kept = 0;
    for (const file of this.#wholeFiles.values()) kept += file.bytes ?? 0;
    for (const [url, file] of this.#wholeFiles) {
      if (kept <= this.#limits.keptUnrangedBytes) return;
      if (file === newest || file.bytes === null) continue;
      kept -= file.bytes;
      this.#wholeFiles.delete(url);
    }
  }

  // --- one request

  #begin(url: string, signal: AbortSignal | undefined): Request {
    const controller = new AbortController();
    const follow = (): void => controller.abort();
    if (signal?.aborted) controller.abort();
    signal?.addEventListener('abort', follow, { once: true });
    return {
      url,
      controller,
      detach: () => signal?.removeEventListener('abort', follow),
      timedOut: false,
    };
  }

  /** The response if it brings what was asked for (its body unread), else what went wrong. */
  async #send(
    request: Request,
    method: 'GET' | 'HEAD',
    range: { readonly offset: number; readonly length: number } | undefined,
  ): Promise<Response | Refusal> {
    const { url, controller } = request;
    const headers: Record<string, string> = { ...this.#options.headers };
    const init: RequestInit = { method, headers, signal: controller.signal };
    if (range) {
      headers['Range'] = `bytes=${range.offset}-${range.offset + range.length - 1}`;
      // Chromium's cache locks a file while one part of it is on its way, so the chunks of a shard
      // would come one after the other.
      init.cache = 'no-store';
    }
    if (this.#options.credentials) init.credentials = this.#options.credentials;

    const timer = setTimeout(() => {
      request.timedOut = true;
      controller.abort();
    }, this.#limits.answerTimeoutMs);
    let refusal: Refusal;
    try {
      const send = this.#options.fetch ?? ((to: string, how: RequestInit) => fetch(to, how));
      const response = await send(url, init);
      clearTimeout(timer);
      if (response.ok) {
        const page = webPage(url, response);
        if (!page) return response;
        controller.abort();
        refusal = page;
      } else {
        refusal = await refusedByStatus(url, response, range);
      }
    } catch (error) {
      refusal = this.#broken(request, error);
    }
    clearTimeout(timer);
    request.detach();
    return refusal;
  }

  async #body(
    request: Request,
    response: Response,
    limitName: 'maxObjectBytes' | 'maxUnrangedBytes',
  ): Promise<StoreReply> {
    const limit = this.#limits[limitName];
    const { url, controller } = request;
    const { length } = headOf(response);
    if (length !== undefined && length > limit) {
      controller.abort();
      return tooLarge(url, length, limitName, limit, response.status);
    }
    try {
      const bytes = await answered(response, length, limit);
      if (bytes === 'too-large') {
        controller.abort();
        return tooLarge(url, undefined, limitName, limit, response.status);
      }
      if (length !== undefined && bytes.length < length && !encodedAway(response, bytes.length)) {
        return cutShort(url, length, bytes.length, response.status);
      }
      return response.status === 206
        ? { found: true, bytes }
        : { found: true, bytes, total: bytes.length };
    } catch (error) {
      return this.#broken(request, error, response.status);
    }
  }

  #broken(request: Request, error: unknown, status = 0): Refusal {
    return noAnswer(request.url, {
      aborted: request.controller.signal.aborted && !request.timedOut,
      timedOutMs: request.timedOut ? this.#limits.answerTimeoutMs : undefined,
      status,
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}

function parseAddress(text: string): URL | null {
  try {
    // A stray '%' ("50% cells.zarr") stands for itself; anything else is as the address bar has it.
    const mended = text.trim().replace(/%(?![0-9a-fA-F]{2})/g, '%25');
    const url = new URL(mended, globalThis.document?.baseURI ?? globalThis.location?.href);
    url.hash = '';
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
  } catch {
    return null;
  }
}

function badAddress(text: string): Refusal {
  const bucket = /^(s3|gs|gcs|az|abfs):\/\//i.test(text);
  return refuse({
    code: 'fix-data',
    status: 0,
    url: text,
    message: `Expected an address that begins with https:// or http://, received ${JSON.stringify(text)}. ${
      bucket
        ? 'A bucket has an https:// address too: its provider shows it as the object or endpoint URL.'
        : 'Check it for typing errors.'
    }`,
  });
}

function badRange(range: ByteRange, url: string): Refusal {
  return refuse({
    code: 'fix-data',
    status: 0,
    url: hiddenSecrets(url),
    message: `Expected a part of ${hiddenSecrets(url)} of at least one byte, received ${JSON.stringify(range)}. The index that points into the file is wrong.`,
  });
}

function cutShort(url: string, expected: number, received: number, status: number): Refusal {
  return refuse({
    code: 'retry',
    status,
    url: hiddenSecrets(url),
    message: `Expected ${expected} bytes of ${hiddenSecrets(url)}, received ${received}: the transfer was cut short. It is tried again; if that does not help, the file on the server is incomplete.`,
  });
}
