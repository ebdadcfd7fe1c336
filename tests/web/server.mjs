// A web server that does as it is told: it serves folders (scripts/serve.mjs) and, for tests,
// misbehaves in named ways. It is a real one, on a real port, because what we test is what browsers
// make of it.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

/**
 * @typedef {object} Mount
 * @property {string} prefix Begins and ends with "/". The longest prefix that fits wins.
 * @property {string} [root] A folder; or
 * @property {Map<string, Uint8Array | string>} [files] what is in it, by path without the prefix.
 * @property {boolean} [cors] Whether other origins may read (default true).
 * @property {boolean} [exposeHeaders] Whether they see Content-Range and Retry-After (default true).
 * @property {boolean} [ranges] Whether parts of files are given (default true).
 * @property {boolean} [head] Whether HEAD is allowed (default true); else it is a 403, as for a URL
 *   signed for GET.
 * @property {boolean} [gzip] Compress text, JavaScript and WebAssembly for who accepts it.
 * @property {string} [fallback] The file given, with status 200, for every path there is not.
 * @property {Record<string, string>} [headers] Sent with every answer: a Content-Security-Policy, …
 */

/**
 * @typedef {object} Rule What to do with the requests it matches; the first rule that does counts.
 * @property {string | RegExp} path The decoded path without query: all of it, or a pattern.
 * @property {string} [method] Only this method.
 * @property {number} [times] Only so many times (default: always).
 * @property {number} [delayMs] Wait before answering.
 * @property {Promise<unknown>} [until] Wait for this before answering.
 * @property {number} [status] Answer with this status and no file.
 * @property {string} [body] The body that goes with `status`.
 * @property {number} [truncateAt] Promise the whole body, send so many bytes, cut the connection.
 * @property {boolean} [drop] Cut the connection without an answer.
 * @property {boolean} [cors] false: leave the CORS headers out.
 * @property {boolean} [ranges] false: answer a request for a part with the whole.
 * @property {string} [redirect] Answer 302 with this Location.
 * @property {Record<string, string>} [headers]
 */

/**
 * @typedef {object} LogEntry
 * @property {string} method
 * @property {string} path Decoded, without the query.
 * @property {string} query With its "?", or empty.
 * @property {string | undefined} range
 * @property {import('node:http').IncomingHttpHeaders} headers
 * @property {number} bytes Of the body that is sent, or would be if nobody cut it.
 * @property {number} status 0 while there is no answer.
 * @property {number} started Milliseconds, performance.now().
 * @property {number | undefined} finished
 * @property {boolean} aborted The client went away before the answer was complete.
 */

const kTypes = /** @type {Readonly<Record<string, string>>} */ ({
  '.css': 'text/css; charset=utf-8',
  '.geojson': 'application/geo+json',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.zattrs': 'application/json',
  '.zarray': 'application/json',
  '.zgroup': 'application/json',
  '.zmetadata': 'application/json',
});
const kCompressible = /^(text\/|application\/(json|wasm|geo\+json)|image\/svg)/;

/** See openBrowser() in harness.ts. */
const kSlowness = Number(process.env['MIFASCOPE_TEST_SLOW'] ?? 1);
const kProgram = /\.(js|wasm)$/;
const kProgramDelayMs = 60;
const kDataDelayMs = 10;

/** @param {string} path */
function typeOf(path) {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return kTypes[extname(name) || name] ?? 'application/octet-stream';
}

/** One file, from a folder or from memory. */
class Source {
  /**
   * @param {number} size
   * @param {(begin: number, end: number) => Promise<import('node:stream').Readable | Uint8Array>} read
   * @param {string} stamp
   */
  constructor(size, read, stamp) {
    this.size = size;
    this.read = read;
    this.stamp = stamp;
  }
}

/**
 * @param {Mount} mount
 * @param {string} path below the mount's prefix
 * @returns {Promise<Source | null>}
 */
async function open(mount, path) {
  if (mount.files) {
    const found = mount.files.get(/(^|\/)$/.test(path) ? `${path}index.html` : path);
    if (found === undefined) return null;
    const bytes = typeof found === 'string' ? Buffer.from(found) : found;
    return new Source(bytes.length, async (begin, end) => bytes.subarray(begin, end), '');
  }
  if (mount.root === undefined || path.includes('\0')) return null;
  const root = resolve(mount.root);
  let file = resolve(join(root, path));
  if (file !== root && !file.startsWith(root + sep)) return null;
  try {
    let info = await stat(file);
    if (info.isDirectory()) {
      // Without the slash the page's own relative addresses would be off; nobody needs that here.
      file = join(file, 'index.html');
      info = await stat(file);
    }
    if (!info.isFile()) return null;
    const { size } = info;
    return new Source(
      size,
      async (begin, end) =>
        begin >= end ? new Uint8Array(0) : createReadStream(file, { start: begin, end: end - 1 }),
      `${file}:${size}:${info.mtimeMs}`,
    );
  } catch {
    return null;
  }
}

/**
 * @param {string | undefined} header
 * @param {number} size
 * @returns {{begin: number, end: number} | 'none' | 'outside'}
 */
function parseRange(header, size) {
  const parts = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!parts || (parts[1] === '' && parts[2] === '')) return 'none';
  if (parts[1] === '') {
    const last = Number(parts[2]);
    return last === 0 || size === 0 ? 'outside' : { begin: Math.max(0, size - last), end: size };
  }
  const begin = Number(parts[1]);
  const end = parts[2] === '' ? size : Math.min(size, Number(parts[2]) + 1);
  return begin >= size ? 'outside' : begin >= end ? 'none' : { begin, end };
}

export class TestServer {
  /** @type {LogEntry[]} */
  log = [];
  /** The most requests that were under way at one time since clear(). */
  maxInFlight = 0;
  /** @type {Mount[]} */
  #mounts = [];
  /** @type {{rule: Rule, left: number}[]} */
  #rules = [];
  #inFlight = 0;
  /** @type {Map<string, Buffer>} */
  #compressed = new Map();
  #server = createServer((request, response) => void this.#answer(request, response));
  #host = '127.0.0.1';

  /** @param {Mount} mount */
  mount(mount) {
    this.#mounts.push(mount);
    this.#mounts.sort((a, b) => b.prefix.length - a.prefix.length);
    return this;
  }

  /** @param {Rule} rule */
  rule(rule) {
    this.#rules.push({ rule, left: rule.times ?? Infinity });
    return this;
  }

  /** Forgets the rules, the log and the counters; the mounts stay. */
  clear() {
    this.#rules = [];
    this.log = [];
    this.maxInFlight = this.#inFlight;
  }

  /** @param {{port?: number, host?: string}} [options] port 0: any free one */
  async listen({ port = 0, host = '127.0.0.1' } = {}) {
    this.#host = host;
    await new Promise((done, fail) => {
      this.#server.once('error', fail);
      this.#server.listen(port, host, () => done(undefined));
    });
    return this;
  }

  get port() {
    const address = this.#server.address();
    return address && typeof address === 'object' ? address.port : 0;
  }

  /** "http://127.0.0.1:1234", without a slash at the end. */
  get url() {
    const host = this.#host === '0.0.0.0' || this.#host === '::' ? 'localhost' : this.#host;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.port}`;
  }

  async close() {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  /**
   * @param {string} path
   * @param {string} method
   * @returns {Rule | undefined}
   */
  #ruleFor(path, method) {
    const found = this.#rules.find(
      ({ rule, left }) =>
        left > 0 &&
        (rule.method === undefined || rule.method === method) &&
        (typeof rule.path === 'string' ? rule.path === path : rule.path.test(path)),
    );
    if (found) found.left -= 1;
    return found?.rule;
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  async #answer(request, response) {
    const method = request.method ?? 'GET';
    const [rawPath = '/', ...rest] = (request.url ?? '/').split('?');
    let path = rawPath;
    try {
      path = decodeURIComponent(rawPath);
    } catch {
      // A stray '%': the path as it came finds no file.
    }
    /** @type {LogEntry} */
    const entry = {
      method,
      path,
      query: rest.length > 0 ? `?${rest.join('?')}` : '',
      range: request.headers.range,
      headers: request.headers,
      bytes: 0,
      status: 0,
      started: performance.now(),
      finished: undefined,
      aborted: false,
    };
    this.log.push(entry);
    this.#inFlight += 1;
    this.maxInFlight = Math.max(this.maxInFlight, this.#inFlight);
    response.on('close', () => {
      this.#inFlight -= 1;
      entry.finished = performance.now();
      entry.aborted = !response.writableFinished;
    });
    try {
      await this.#respond(request, response, method, path, entry);
    } catch (error) {
      response.destroy(error instanceof Error ? error : undefined);
    }
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   * @param {string} method
   * @param {string} path
   * @param {LogEntry} entry
   */
  async #respond(request, response, method, path, entry) {
    const mount = this.#mounts.find(({ prefix }) => path.startsWith(prefix));
    const rule = this.#ruleFor(path, method);
    const delay = (rule?.delayMs ?? 0) + (kSlowness - 1) * (kProgram.test(path) ? kProgramDelayMs : kDataDelayMs);
    if (delay) await sleep(delay, undefined, { ref: false });
    if (rule?.until) await rule.until;
    if (response.destroyed) return;
    if (rule?.drop) {
      response.destroy();
      return;
    }

    for (const [name, value] of Object.entries({ ...mount?.headers, ...rule?.headers })) {
      response.setHeader(name, value);
    }
    if (mount && (rule?.cors ?? mount.cors ?? true)) {
      response.setHeader('Access-Control-Allow-Origin', '*');
      if (mount.exposeHeaders ?? true) {
        response.setHeader('Access-Control-Expose-Headers', 'Content-Range, Retry-After');
      }
      if (method === 'OPTIONS') {
        response.setHeader('Access-Control-Allow-Methods', 'GET, HEAD');
        response.setHeader('Access-Control-Allow-Headers', 'Range, Authorization');
      }
    }
    /** @param {number} status @param {string} [body] */
    const end = (status, body) => {
      entry.status = status;
      response.statusCode = status;
      if (body !== undefined && !response.hasHeader('Content-Type')) {
        response.setHeader('Content-Type', 'text/plain; charset=utf-8');
      }
      response.end(method === 'HEAD' ? undefined : body);
    };
    if (method === 'OPTIONS') return end(204);
    if (rule?.redirect !== undefined) {
      response.setHeader('Location', rule.redirect);
      return end(302);
    }
    if (rule?.status !== undefined) return end(rule.status, rule.body ?? '');
    if (method !== 'GET' && method !== 'HEAD') return end(405, 'Method not allowed\n');
    if (!mount) return end(404, 'Not found\n');
    if (method === 'HEAD' && mount.head === false) return end(403);

    let below = path.slice(mount.prefix.length);
    let source = await open(mount, below);
    if (!source && mount.fallback !== undefined) {
      below = mount.fallback;
      source = await open(mount, below);
    }
    if (!source) return end(404, 'Not found\n');
    await this.#send(request, response, method, mount, rule, below, source, entry);
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   * @param {string} method
   * @param {Mount} mount
   * @param {Rule | undefined} rule
   * @param {string} path
   * @param {Source} source
   * @param {LogEntry} entry
   */
  async #send(request, response, method, mount, rule, path, source, entry) {
    const type = typeOf(path === '' || path.endsWith('/') ? 'index.html' : path);
    if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', type);
    // A developer's rebuilt page must be seen; the tests' browsers must ask again.
    if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-cache');

    const ranges = rule?.ranges ?? mount.ranges ?? true;
    if (ranges) response.setHeader('Accept-Ranges', 'bytes');
    const range = ranges ? parseRange(request.headers.range, source.size) : 'none';
    if (range === 'outside') {
      entry.status = 416;
      response.writeHead(416, { 'Content-Range': `bytes */${source.size}` }).end();
      return;
    }
    const { begin, end } = range === 'none' ? { begin: 0, end: source.size } : range;
    let length = end - begin;
    /** @type {import('node:stream').Readable | Uint8Array | null} */
    let body = null;
    if (range !== 'none') {
      response.setHeader('Content-Range', `bytes ${begin}-${end - 1}/${source.size}`);
    } else if (
      mount.gzip &&
      kCompressible.test(type) &&
      /\bgzip\b/.test(String(request.headers['accept-encoding']))
    ) {
      body = await this.#compress(source);
      length = body.length;
      response.setHeader('Content-Encoding', 'gzip');
      response.setHeader('Vary', 'Accept-Encoding');
    }
    response.setHeader('Content-Length', length);
    response.statusCode = entry.status = range === 'none' ? 200 : 206;
    if (method === 'HEAD') {
      response.end();
      return;
    }
    entry.bytes = length;
    const cut = rule?.truncateAt;
    body ??= await source.read(begin, end);
    if (cut !== undefined) {
      const whole = body instanceof Uint8Array ? body : Buffer.concat(await body.toArray());
      response.write(whole.subarray(0, cut), () => response.destroy());
    } else if (body instanceof Uint8Array) {
      response.end(body);
    } else {
      body.on('error', () => response.destroy());
      response.on('close', () => /** @type {import('node:stream').Readable} */ (body).destroy());
      body.pipe(response);
    }
  }

  /** @param {Source} source */
  async #compress(source) {
    const known = source.stamp === '' ? undefined : this.#compressed.get(source.stamp);
    if (known) return known;
    const body = await source.read(0, source.size);
    const bytes = body instanceof Uint8Array ? body : Buffer.concat(await body.toArray());
    const small = gzipSync(bytes, { level: 9 });
    if (source.stamp !== '') this.#compressed.set(source.stamp, small);
    return small;
  }
}

/**
 * @param {readonly Mount[]} mounts
 * @param {{port?: number, host?: string}} [options]
 */
export async function startServer(mounts, options) {
  const server = new TestServer();
  for (const mount of mounts) server.mount(mount);
  return server.listen(options);
}
