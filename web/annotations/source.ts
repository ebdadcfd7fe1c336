// Where the bytes of an annotation file come from: an address, a file of this computer, a key of a store.
// They come as a stream, so that a file of any size is never in memory as a whole.

import { headOf, hiddenSecrets, noAnswer, refusedByStatus, webPage } from '../stores/http_answers.ts';
import type { Store, StoreError } from '../stores/store.ts';
import { AnnotationError } from './messages.ts';

export interface AnnotationSource {
  /** Shown to people, and for formats whose file names tell something. */
  readonly name: string;
  /** Bytes that stream() gives, where it is known before. */
  readonly size?: number | undefined;
  /** The bytes from the beginning. Rejects (or breaks off) with an AnnotationError. */
  stream(signal: AbortSignal): Promise<{ readonly body: ReadableStream<Uint8Array<ArrayBuffer>>; readonly size: number | null }>;
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Bytes of a store's file read at a time. */
const kStoreRange = 4 * 1024 * 1024;

export function asAnnotationError(error: StoreError): AnnotationError {
  return new AnnotationError(error.code, error.message);
}

function nameOf(path: string): string {
  const clean = path.replace(/[?#].*$/, '').replace(/\/+$/, '');
  const last = clean.slice(clean.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last) || clean;
  } catch {
    return last;
  }
}

export function urlSource(url: URL, fetcher: Fetch = (address, init) => fetch(address, init)): AnnotationSource {
  return {
    name: nameOf(url.pathname) || hiddenSecrets(url),
    async stream(signal) {
      let response: Response;
      try {
        response = await fetcher(url.href, { signal });
      } catch (error) {
        throw asAnnotationError(noAnswer(url.href, { aborted: signal.aborted, reason: String(error) }).error);
      }
      if (!response.ok) throw asAnnotationError((await refusedByStatus(url.href, response, undefined)).error);
      const page = webPage(url.href, response);
      if (page) throw asAnnotationError(page.error);
      const body = response.body ?? new Blob([]).stream();
      const encoded = response.headers.get('Content-Encoding') !== null;
      return { body: withErrors(body, () => noAnswer(url.href, { aborted: signal.aborted, status: response.status }).error), size: encoded ? null : (headOf(response).length ?? null) };
    },
  };
}

export function blobSource(file: Blob, name = file instanceof File ? file.name : 'annotations'): AnnotationSource {
  const unreadable = (): StoreError => ({
    code: 'fix-data',
    status: 0,
    url: name,
    message: `Expected the file ${name} as it was when it was opened; it has been changed, moved or removed since. Open it again.`,
  });
  return {
    name,
    size: file.size,
    stream: async () => ({ body: withErrors(file.stream(), unreadable), size: file.size }),
  };
}

/** A key of a store, read in ranges. */
export function storeSource(store: Store, key: string, name = nameOf(key || store.description)): AnnotationSource {
  return {
    name,
    async stream(signal) {
      let at = 0;
      let total: number | null = null;
      const next = async (): Promise<Uint8Array<ArrayBuffer>> => {
        const reply = await store.get(key, { range: { offset: at, length: kStoreRange }, signal });
        if (!reply.found) throw asAnnotationError(reply.error);
        total = reply.total ?? total;
        at += reply.bytes.length;
        return reply.bytes;
      };
      let first: Uint8Array<ArrayBuffer> | null = await next();
      const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
        async pull(controller) {
          const ended = total === null ? at > 0 && at % kStoreRange !== 0 : at >= total;
          const bytes = first ?? (ended ? new Uint8Array(0) : await next());
          first = null;
          if (bytes.length > 0) controller.enqueue(bytes);
          else controller.close();
        },
      }, { highWaterMark: 0 });
      return { body, size: total };
    },
  };
}

/** The same bytes; where the stream breaks off, it does so with what `failure` says. */
function withErrors(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  failure: (error: unknown) => StoreError,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        controller.error(asAnnotationError(failure(error)));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
