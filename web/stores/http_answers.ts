// What a server's answer means, in words for the reader of a page and for whoever runs the server.

import { pastEnd, refuse, type ByteRange, type StoreErrorCode, type StoreReply } from './store.ts';

type Refusal = StoreReply & { readonly found: false };

/** How much of an error's body is looked at for the server's own words. */
const kErrorBodyBytes = 4096;

/** The address without the parts that give access: a signed URL's query, a user's password. */
export function hiddenSecrets(url: URL | string): string {
  const shown = new URL(url);
  const signed = shown.search !== '';
  shown.search = '';
  shown.username = '';
  shown.password = '';
  return signed ? `${shown.href}?…` : shown.href;
}

/** The same for what people paste, which may be no URL: "s3://…?sig=…|zip:inner". */
export function hiddenInText(text: string): string {
  return text.replace(/\?[^|#\s]+/g, '?…').replace(/\/\/[^/@|]*@/g, '//');
}

export interface AnswerHead {
  /** Content-Length. */
  readonly length?: number;
  /** Where the part begins, and the size of the whole file: Content-Range, where a page may see it. */
  readonly begin?: number;
  readonly total?: number;
}

export function headOf(response: Response): AnswerHead {
  const length = /^\d+$/.exec(response.headers.get('Content-Length') ?? '');
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(
    response.headers.get('Content-Range') ?? '',
  );
  return {
    ...(length ? { length: Number(length[0]) } : {}),
    ...(range?.[1] !== undefined ? { begin: Number(range[1]) } : {}),
    ...(range?.[2] !== undefined && range[2] !== '*' ? { total: Number(range[2]) } : {}),
  };
}

/**
 * Whether Content-Length may count other bytes than the ones a page gets, because the transfer was
 * compressed. Another origin's Content-Encoding is hidden from pages; there, a body that is shorter
 * by no more than the most that gzip adds to data it cannot compress is taken for whole.
 */
export function encodedAway(response: Response, received?: number): boolean {
  const encoding = response.headers.get('Content-Encoding');
  if (encoding !== null) return encoding !== 'identity';
  if (response.type === 'basic' || received === undefined) return false;
  const { length = 0 } = headOf(response);
  return length - received <= 64 + length / 1000;
}

/** The body, or 'too-large' as soon as it is known to pass the limit. */
export async function answered(
  response: Response,
  length: number | undefined,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | 'too-large'> {
  const { body } = response;
  if (!body || (length !== undefined && response.headers.get('Content-Encoding') === null)) {
    const bytes = new Uint8Array(await response.arrayBuffer());
    return bytes.length > limit ? 'too-large' : bytes;
  }
  // The size is not known before: count while reading, so that nobody can fill our memory.
  const pieces: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limit) return 'too-large';
    pieces.push(value);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/**
 * A web page in place of a file: the start page that single-page servers give for every unknown
 * address means there is no such file; after a redirect it is somebody's login page.
 */
export function webPage(url: string, response: Response): Refusal | null {
  const type = response.headers.get('Content-Type') ?? '';
  if (!/^text\/html\b/i.test(type) || /\.html?$/i.test(new URL(url).pathname)) return null;
  const shown = hiddenSecrets(url);
  if (response.redirected) {
    return refuse({
      code: 'forbidden',
      status: response.status,
      url: shown,
      message: `Expected the file ${shown}, received a web page at ${hiddenSecrets(response.url)} (text/html). The server sent us on, most likely to a login page: sign in there in another tab, or ask for a public link.`,
    });
  }
  return refuse({
    code: 'missing',
    status: response.status,
    url: shown,
    message: `Expected the file ${shown}, received a web page (text/html), which this server gives for addresses it does not know: there is no such file. Check the address; who runs the server should answer 404 instead.`,
  });
}

/** What an error status means and what to do about it. */
export async function refusedByStatus(
  url: string,
  response: Response,
  range: ByteRange | undefined,
): Promise<Refusal> {
  const { status } = response;
  const { total } = headOf(response);
  const words = await serverWords(response);
  const shown = hiddenSecrets(url);
  if (status === 416 && range) return pastEnd(range, total, status, shown);

  const { code, advice } = meaning(status, new URL(url).search !== '', words);
  const retryAfterMs = code === 'retry' ? pause(response.headers.get('Retry-After')) : undefined;
  const name = response.statusText || kStatusNames[status] || '';
  return refuse({
    code,
    status,
    url: shown,
    message: `Expected the file ${shown}, received ${status}${name ? ` (${name})` : ''}. ${advice}${words ? ` The server says: “${words}”` : ''}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

// HTTP/2 has no status texts.
const kStatusNames: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  410: 'Gone',
  416: 'Range Not Satisfiable',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

function meaning(
  status: number,
  signed: boolean,
  words: string,
): { code: StoreErrorCode; advice: string } {
  if (status === 404 || status === 410) {
    return { code: 'missing', advice: 'There is no such file on the server: check the address.' };
  }
  if (status === 401 || status === 403 || /expired|signature/i.test(words)) {
    return {
      code: 'forbidden',
      advice: signed
        ? 'The link is signed and has expired, or was not made for this file: ask its owner for a new one.'
        : 'The data is private, or it is a bucket that says so of every file it does not have because listing is off: ask its owner to make it public, or for a link with access.',
    };
  }
  if (status === 429) {
    return { code: 'retry', advice: 'The server wants fewer requests at a time: we wait and ask again.' };
  }
  if (status === 408 || status === 425 || (status >= 500 && status !== 501 && status !== 505)) {
    return {
      code: 'retry',
      advice: 'The server is in trouble: we ask again after a pause. If it lasts, tell who runs it.',
    };
  }
  return {
    code: 'fix-data',
    advice: 'The server does not take this request as it is: check the address, or tell who runs the server.',
  };
}

/** Retry-After in milliseconds: a number of seconds, or a date. */
export function pause(header: string | null, now = Date.now()): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The code and message of a bucket's error document, or the start of a plain text. */
async function serverWords(response: Response): Promise<string> {
  const type = response.headers.get('Content-Type') ?? '';
  const reader = /xml|json|text\/plain/i.test(type) ? response.body?.getReader() : undefined;
  if (!reader) {
    void response.body?.cancel().catch(() => undefined);
    return '';
  }
  let text = '';
  try {
    const decoder = new TextDecoder();
    while (text.length < kErrorBodyBytes) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // What there is of it has to do.
  }
  void reader.cancel().catch(() => undefined);
  const code = /<Code>([^<]{1,80})<\/Code>/.exec(text)?.[1];
  const message = /<Message>([^<]{1,300})<\/Message>/.exec(text)?.[1];
  if (code !== undefined) return message === undefined ? code : `${code}: ${message}`;
  const plain = /"message"\s*:\s*"([^"]{1,300})"/.exec(text)?.[1] ?? (/</.test(text) ? '' : text);
  return plain.replace(/\s+/g, ' ').trim().slice(0, 200);
}

export interface NoAnswer {
  readonly aborted?: boolean | undefined;
  readonly timedOutMs?: number | undefined;
  /** The status of an answer that broke off half-way. */
  readonly status?: number | undefined;
  readonly reason?: string | undefined;
}

/**
 * fetch() has thrown. A browser tells a page no more than that there was no answer: another
 * origin's missing permission and a cable pulled out look the same.
 */
export function noAnswer(url: string, why: NoAnswer): Refusal {
  const shown = hiddenSecrets(url);
  const status = why.status ?? 0;
  const say = (code: StoreErrorCode, message: string): Refusal =>
    refuse({ code, status, url: shown, message });
  if (why.aborted) return say('aborted', `The request for ${shown} was cancelled.`);
  if (why.timedOutMs !== undefined) {
    return say(
      'retry',
      `Expected an answer for ${shown}, received none in ${why.timedOutMs / 1000} s. We ask again; if it lasts, tell who runs the server.`,
    );
  }
  if (status !== 0) {
    return say(
      'retry',
      `Expected the whole of ${shown}, received a part before the connection broke. It is tried again.`,
    );
  }
  if (globalThis.navigator?.onLine === false) {
    return say('retry', `Expected the file ${shown}; this computer is offline. We go on when it is not.`);
  }
  const page = globalThis.location;
  const target = new URL(url);
  if (page?.protocol === 'https:' && target.protocol === 'http:' && !isLocal(target.hostname)) {
    return say(
      'forbidden',
      `Expected the file ${shown}, but browsers let a page that came by https:// read nothing by http:// (“mixed content”). Use the https:// address of the data.`,
    );
  }
  const elsewhere = page !== undefined && page.origin !== target.origin;
  const cross = elsewhere
    ? ` or does not allow this page to read from it: browsers do not tell the two apart. If ${shown} opens in a tab of its own, who runs ${target.host} has to send the header “Access-Control-Allow-Origin: *” (CORS) with every answer, or ${page.origin} in place of the star.`
    : '.';
  const reason = why.reason ? ` (${why.reason})` : '';
  return say(
    'retry',
    `Expected the file ${shown}, received no answer${reason}. The server ${target.host} cannot be reached${cross}`,
  );
}

function isLocal(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$|\.localhost$/.test(host);
}

export function tooLarge(
  url: string,
  size: number | undefined,
  limitName: string,
  limit: number,
  status: number,
): Refusal {
  const shown = hiddenSecrets(url);
  const received = size === undefined ? 'more than that' : megabytes(size);
  const advice =
    limitName === 'maxUnrangedBytes'
      ? 'The server gives only whole files where parts are asked for: it needs support for HTTP Range requests.'
      : 'The data needs smaller chunks to be read over the web.';
  return refuse({
    code: 'limit',
    status,
    url: shown,
    message: `Expected at most ${megabytes(limit)} (limit ${limitName}) from ${shown}, received ${received}. ${advice}`,
  });
}

function megabytes(size: number): string {
  return size < 1024 * 1024 ? `${size} bytes` : `${(size / 1024 / 1024).toFixed(1)} MiB`;
}
