// Tests a data server: whether pages of other sites can read images from it, and what it costs them.
// Runs in Node, where all headers are seen and an Origin can be sent, and in a browser, which itself
// shows what it lets through. At most a dozen small requests, one after the other.

export type CheckStatus = 'ok' | 'warning' | 'error' | 'unknown';

export interface Check {
  /** Stable: "reachable", "cors", "cors-missing", "ranges", "range-headers", "preflight", "missing", "content-type", "encoding", "secure", "protocol", "latency", "caching". */
  readonly id: string;
  readonly title: string;
  readonly status: CheckStatus;
  /** What was expected and received. */
  readonly found: string;
  /** For whoever runs the server; empty where nothing is to be done. */
  readonly fix: string;
}

export interface Diagnosis {
  /** As given, its secrets hidden. */
  readonly url: string;
  /** The file that was read for it. */
  readonly file: string;
  readonly checks: readonly Check[];
  /** The worst of the checks that could be made. */
  readonly verdict: CheckStatus;
}

export interface DoctorOptions {
  readonly fetch?: typeof fetch;
  /** Sent as Origin, where that can be set; undefined in a browser, which sends its own page's. */
  readonly origin?: string | undefined;
  /** Name of the protocol that is agreed on with a server ("h2", "http/1.1"); null if it cannot be told. */
  readonly protocol?: (url: string) => Promise<string | null>;
  readonly now?: () => number;
  readonly signal?: AbortSignal;
  /** Addresses as messages show them. */
  readonly hidden?: (url: string) => string;
}

/** Requests of a median latency that are worth a word, in ms. */
const kSlowMs = 400;
const kSamples = 5;
const kTimeLimitMs = 15_000;
/** Bytes asked for by range. */
const kPart = 16;
/** What an OME-Zarr's folder may begin with, most likely first. */
const kRootFiles = ['zarr.json', '.zattrs', '.zgroup', '.zarray', '.zmetadata'];
/** A name that nobody has given to a file. */
const kNobodys = '.mifascope-doctor-asks-for-what-is-not-there';

interface Answer {
  readonly response: Response | null;
  readonly bytes: Uint8Array;
  readonly ms: number;
  readonly error: string;
}

class Examination {
  readonly checks: Check[] = [];
  readonly #options: DoctorOptions;
  readonly #fetch: typeof fetch;
  readonly #now: () => number;

  constructor(options: DoctorOptions) {
    this.#options = options;
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
    this.#now = options.now ?? (() => performance.now());
  }

  get seesAll(): boolean {
    return this.#options.origin !== undefined;
  }

  note(id: string, title: string, status: CheckStatus, found: string, fix = ''): void {
    this.checks.push({ id, title, status, found, fix });
  }

  async ask(url: string, init: RequestInit = {}): Promise<Answer> {
    const headers = new Headers(init.headers);
    if (this.#options.origin) headers.set('Origin', this.#options.origin);
    const start = this.#now();
    const timeout = AbortSignal.timeout(kTimeLimitMs);
    const signal = this.#options.signal ? AbortSignal.any([this.#options.signal, timeout]) : timeout;
    try {
      const response = await this.#fetch(url, { ...init, headers, signal, credentials: 'omit', cache: 'no-store' });
      const bytes = await firstBytes(response);
      return { response, bytes, ms: this.#now() - start, error: '' };
    } catch (error) {
      const why = error instanceof Error ? [error.message, String((error as { cause?: { message?: string } }).cause?.message ?? '')].filter(Boolean).join(': ') : String(error);
      return { response: null, bytes: new Uint8Array(0), ms: this.#now() - start, error: why };
    }
  }
}

/** The first bytes of a body; the rest of a large file is left on the server. */
async function firstBytes(response: Response): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return new Uint8Array(0);
  const { value } = await reader.read();
  await reader.cancel().catch(() => undefined);
  return value ?? new Uint8Array(0);
}

function withName(url: URL, name: string): string {
  const result = new URL(url);
  result.pathname = `${result.pathname.replace(/\/+$/, '')}/${name}`;
  return result.href;
}

function allows(response: Response, origin: string): boolean {
  const allowed = response.headers.get('access-control-allow-origin');
  return allowed === '*' || allowed === origin;
}

/** The address is that of a file, or of a dataset's folder: then of the first metadata file in it. */
async function findFile(look: Examination, url: URL): Promise<{ file: string; answer: Answer; folder: URL }> {
  const isFile = /\.[a-z0-9]{2,5}$/i.test(url.pathname) && !/\.(zarr|ome)$/i.test(url.pathname);
  const names = isFile ? [''] : [...kRootFiles, ''];
  let first: { file: string; answer: Answer } | null = null;
  for (const name of names) {
    const file = name ? withName(url, name) : url.href;
    const answer = await look.ask(file);
    first ??= { file, answer };
    if (answer.response?.ok) return { file, answer, folder: isFile ? new URL('.', url) : url };
    // No answer at all: the other names would get none either.
    if (!answer.response) break;
  }
  return { ...(first as { file: string; answer: Answer }), folder: isFile ? new URL('.', url) : url };
}

async function checkReachable(look: Examination, answer: Answer, file: string): Promise<boolean> {
  const title = 'The server answers';
  const { response, error } = answer;
  if (response?.ok) {
    look.note('reachable', title, 'ok', `${response.status} in ${Math.round(answer.ms)} ms${response.redirected ? ', after a redirect' : ''}.`);
    return true;
  }
  if (response) {
    const fix = response.status === 403 || response.status === 401
      ? 'Allow everybody to read the files (in a bucket: its policy), or give out a signed address.'
      : response.status === 404
        ? 'Check the address: it should be that of the dataset’s folder or of a file.'
        : 'See the server’s log.';
    look.note('reachable', title, 'error', `Expected 200 for the file, received ${response.status}.`, fix);
    return false;
  }
  // A browser tells "no answer" and "not allowed" apart only so: without CORS the answer is opaque, but it comes.
  const opaque = look.seesAll ? null : await look.ask(file, { mode: 'no-cors' });
  if (opaque?.response) {
    look.note('reachable', title, 'ok', 'It answers, but not to pages of other sites.');
    look.note('cors', kCorsTitle, 'error', 'Expected the header Access-Control-Allow-Origin in its answers, received none that lets this page read them.', kCorsFix);
    return false;
  }
  look.note('reachable', title, 'error', `Expected an answer, received none (${error}).`, 'Check the address, the server’s certificate, and whether it is up.');
  return false;
}

const kCorsTitle = 'Pages of other sites may read it (CORS)';
const kCorsFix = 'Send “Access-Control-Allow-Origin: *” with every answer, errors too. nginx: add_header Access-Control-Allow-Origin * always; Apache: Header always set Access-Control-Allow-Origin "*".';

function checkCors(look: Examination, answer: Answer, origin: string | undefined): void {
  if (!answer.response) return;
  if (origin === undefined || allows(answer.response, origin)) {
    look.note('cors', kCorsTitle, 'ok', 'Access-Control-Allow-Origin is there.');
    return;
  }
  const received = answer.response.headers.get('access-control-allow-origin');
  look.note('cors', kCorsTitle, 'error', `Expected “Access-Control-Allow-Origin: *” (or ${origin}), received ${received === null ? 'no such header' : `“${received}”`}.`, kCorsFix);
}

async function checkMissing(look: Examination, folder: URL, origin: string | undefined): Promise<void> {
  const title = 'What is not there is a 404';
  const { response } = await look.ask(withName(folder, kNobodys));
  if (!response) {
    // In a browser: an error without CORS headers looks like a network failure.
    look.note('missing', title, 'error', 'Expected 404 for a file that is not there, received an answer that pages may not read.', `In OME-Zarr a missing chunk is empty space; without a readable 404 it looks like an outage. ${kCorsFix}`);
    return;
  }
  if (response.status === 404 || response.status === 410) look.note('missing', title, 'ok', `${response.status}.`);
  else if (response.status === 403) {
    look.note('missing', title, 'error', 'Expected 404 for a file that is not there, received 403.', 'Missing chunks are empty space in OME-Zarr; as a 403 they are shown as errors. In S3, give the public s3:ListBucket beside s3:GetObject: then missing files are a 404.');
  } else if (response.ok) {
    look.note('missing', title, 'error', `Expected 404 for a file that is not there, received ${response.status} with ${response.headers.get('content-type') ?? 'no content type'}.`, 'The server answers every address with a page of its own (a “fallback” of single-page applications). Switch that off for the data’s folder.');
  } else look.note('missing', title, 'warning', `Expected 404 for a file that is not there, received ${response.status}.`, 'See the server’s log.');
  if (origin !== undefined && !allows(response, origin)) {
    look.note('cors-missing', 'Also with a 404 (CORS)', 'error', `Expected Access-Control-Allow-Origin with the ${response.status} too, received none.`, `Without it a missing chunk looks like a network failure. ${kCorsFix}`);
  }
}

async function checkRanges(look: Examination, file: string, origin: string | undefined): Promise<void> {
  const title = 'Parts of files are given (ranges)';
  const { response, bytes, error } = await look.ask(file, { headers: { Range: `bytes=0-${kPart - 1}` } });
  const fix = 'Support byte ranges (Accept-Ranges: bytes; 206). Sharded OME-Zarr, zips and TIFFs are read in parts; without them a viewer has to fetch each file whole. Static files by nginx, Apache or S3 have them.';
  if (!response) {
    look.note('ranges', title, 'error', `Expected 206 for the first ${kPart} bytes, received no answer (${error}).`, fix);
    return;
  }
  if (response.status === 200) {
    look.note('ranges', title, 'warning', `Expected 206 for the first ${kPart} bytes, received 200 with the whole file.`, fix);
    return;
  }
  if (response.status !== 206) {
    look.note('ranges', title, 'error', `Expected 206 for the first ${kPart} bytes, received ${response.status}.`, fix);
    return;
  }
  if (bytes.length > kPart) {
    look.note('ranges', title, 'error', `Expected ${kPart} bytes in the 206, received at least ${bytes.length}.`, fix);
    return;
  }
  look.note('ranges', title, 'ok', '206.');
  if (response.headers.get('content-encoding')) {
    look.note('encoding', 'Parts are not compressed on the way', 'error', `Expected the file’s own bytes, received Content-Encoding: ${response.headers.get('content-encoding')}.`, 'Switch compression off for the data’s folder (nginx: gzip off;): a part of a compressed file is not a part of the file.');
  }
  const exposed = (response.headers.get('access-control-expose-headers') ?? '').toLowerCase();
  const visible = look.seesAll ? exposed.includes('content-range') || exposed.includes('*') : response.headers.has('content-range');
  if (!visible) {
    look.note('range-headers', 'Pages see a part’s place', 'warning', 'Expected “Access-Control-Expose-Headers: Content-Range” with the 206, received none.', 'Send “Access-Control-Expose-Headers: Content-Range, Content-Length, ETag”: a viewer then knows a file’s size without asking once more.');
  }
  if (origin === undefined) return;
  const asked = await look.ask(file, { method: 'OPTIONS', headers: { 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'range' } });
  const allowed = (asked.response?.headers.get('access-control-allow-headers') ?? '').toLowerCase();
  const good = asked.response?.ok === true && allows(asked.response, origin) && (allowed.includes('range') || allowed === '*');
  look.note(
    'preflight',
    'Browsers that ask first are answered (preflight)',
    good ? 'ok' : 'warning',
    good ? 'OPTIONS allows Range.' : `Expected OPTIONS to answer with “Access-Control-Allow-Headers: Range”, received ${asked.response ? `${asked.response.status} with ${allowed ? `“${allowed}”` : 'no such header'}` : 'no answer'}.`,
    good ? '' : 'Browsers of today ask for parts without it, older ones and signed requests do not. Answer OPTIONS with 204, “Access-Control-Allow-Methods: GET, HEAD” and “Access-Control-Allow-Headers: Range”.',
  );
}

function checkContent(look: Examination, answer: Answer, file: string): void {
  const { response, bytes } = answer;
  const type = response?.headers.get('content-type') ?? '';
  const isJson = /\/(zarr\.json|\.z(attrs|group|array|metadata))$/.test(new URL(file).pathname);
  const text = new TextDecoder().decode(bytes.slice(0, 64)).trimStart();
  if (/^text\/html/i.test(type) || /^<(!doctype|html)/i.test(text)) {
    look.note('content-type', 'Files come as themselves', 'error', 'Expected the file, received a web page.', 'The address leads to a page about the data, or the server answers every address with its own page: give the address of the files.');
  } else if (isJson && text !== '' && !/^[{[\uFEFF]/.test(text)) {
    look.note('content-type', 'Files come as themselves', 'error', `Expected JSON in ${new URL(file).pathname.split('/').pop()}, received ${JSON.stringify(text.slice(0, 24))}.`, 'Upload the file again.');
  } else look.note('content-type', 'Files come as themselves', 'ok', type || 'no content type, which is fine.');
}

function checkSecure(look: Examination, url: URL): void {
  const local = /^(localhost|127\.|\[::1\])/.test(url.hostname);
  if (url.protocol === 'https:' || local) look.note('secure', 'Encrypted (HTTPS)', 'ok', local && url.protocol !== 'https:' ? 'This computer’s own addresses need none.' : 'Yes.');
  else look.note('secure', 'Encrypted (HTTPS)', 'error', 'Expected https, received http.', 'Pages served by https may not read from http: browsers refuse it. Give the server a certificate.');
}

async function checkSpeed(look: Examination, file: string, options: DoctorOptions): Promise<void> {
  const protocol = (await options.protocol?.(file)) ?? null;
  if (protocol === null) look.note('protocol', 'Many requests at once (HTTP/2)', 'unknown', 'Cannot be told from here.');
  else if (/^h[23]/.test(protocol)) look.note('protocol', 'Many requests at once (HTTP/2)', 'ok', protocol);
  else look.note('protocol', 'Many requests at once (HTTP/2)', 'warning', `Expected h2 or h3, received ${protocol}.`, 'Over HTTP/1.1 a browser has six requests at a time under way. Switch HTTP/2 on (nginx: http2 on;), or put a CDN before the server.');
  const times: number[] = [];
  for (let i = 0; i < kSamples; ++i) {
    const { response, ms } = await look.ask(file, { headers: { Range: `bytes=0-${kPart - 1}` } });
    if (response) times.push(ms);
  }
  times.sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)];
  if (median === undefined) return;
  const slow = median > kSlowMs;
  look.note('latency', 'It answers soon', slow ? 'warning' : 'ok', `${Math.round(median)} ms, the median of ${times.length} small requests${slow ? `; expected at most ${kSlowMs}` : ''}.`, slow ? 'An image needs three answers one after the other before its first pixel. A server nearer to its users, or a CDN, helps.' : '');
}

function checkCaching(look: Examination, { response }: Answer): void {
  if (!response) return;
  const { headers } = response;
  const cacheable = headers.has('etag') || headers.has('last-modified') || /max-age=[1-9]/.test(headers.get('cache-control') ?? '');
  const forbidden = /no-store/.test(headers.get('cache-control') ?? '');
  if (cacheable && !forbidden) look.note('caching', 'Browsers may keep what they have read', 'ok', headers.get('cache-control') ?? 'ETag or Last-Modified.');
  else if (forbidden) look.note('caching', 'Browsers may keep what they have read', 'warning', 'Expected nothing against it, received Cache-Control: no-store.', 'Data that does not change may be kept: “Cache-Control: public, max-age=86400”.');
  // A browser hides these headers from pages unless they are exposed.
  else look.note('caching', 'Browsers may keep what they have read', look.seesAll ? 'warning' : 'unknown', look.seesAll ? 'Expected ETag, Last-Modified or Cache-Control, received none.' : 'Cannot be told from here.', look.seesAll ? 'Send one of them, so that looking again costs nothing.' : '');
}

const kRank: Readonly<Record<CheckStatus, number>> = { unknown: 0, ok: 1, warning: 2, error: 3 };

/** Never rejects: what cannot be read is an error among the checks. */
export async function diagnose(address: string, options: DoctorOptions = {}): Promise<Diagnosis> {
  const hidden = options.hidden ?? ((url: string) => url.replace(/\?.*$/, ''));
  const look = new Examination(options);
  let url: URL;
  try {
    url = new URL(address);
    if (!/^https?:$/.test(url.protocol)) throw new Error(url.protocol);
  } catch {
    look.note('reachable', 'The server answers', 'error', `Expected an address that begins with https:// or http://, received ${JSON.stringify(hidden(address))}.`, 'Give the address of the dataset’s folder, or of a file in it.');
    return { url: hidden(address), file: '', checks: look.checks, verdict: 'error' };
  }
  const { file, answer, folder } = await findFile(look, url);
  if (await checkReachable(look, answer, file)) {
    checkCors(look, answer, options.origin);
    checkContent(look, answer, file);
    await checkMissing(look, folder, options.origin);
    await checkRanges(look, file, options.origin);
    checkCaching(look, answer);
    await checkSpeed(look, file, options);
  }
  checkSecure(look, url);
  const verdict = look.checks.reduce<CheckStatus>((worst, { status }) => (kRank[status] > kRank[worst] ? status : worst), 'ok');
  return { url: hidden(address), file: hidden(file), checks: look.checks, verdict };
}

/** The diagnosis as lines of text. */
export function diagnosisText({ url, file, checks, verdict }: Diagnosis): string {
  const marks: Readonly<Record<CheckStatus, string>> = { ok: 'ok     ', warning: 'warning', error: 'ERROR  ', unknown: '?      ' };
  const lines = [`${url}`, ...(file && file !== url ? [`  by ${file}`] : []), ''];
  for (const { title, status, found, fix } of checks) {
    lines.push(`  ${marks[status]}  ${title}: ${found}`);
    if (fix) lines.push(`           ${fix}`);
  }
  const words = { ok: 'Viewers on other sites can read this.', warning: 'Viewers on other sites can read this; the warnings say what would make it better.', error: 'Viewers on other sites cannot read all of this; the errors say why.', unknown: 'Nothing could be told.' };
  return [...lines, '', words[verdict], ''].join('\n');
}
