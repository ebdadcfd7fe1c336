// WebKitGTK for the tests, over WebDriver: Debian's webkit2gtk-driver and the small browser that comes with it.

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { until } from './browser.ts';
import { kDisplay, startDisplay } from './display.ts';

const kDriver = process.env['MIFASCOPE_WEBKIT_DRIVER'] ?? '/usr/bin/WebKitWebDriver';
const kBrowsers = ['4.1', '4.0'].map((version) => `/usr/lib/x86_64-linux-gnu/webkit2gtk-${version}/MiniBrowser`);

/** Why there can be no WebKit here, for a test's `skip`; false: there can. */
export const noWebKit: string | false =
  [kDriver, kDisplay].find((path) => !existsSync(path))?.concat(' is not there: apt-get install webkit2gtk-driver xvfb') ??
  (kBrowsers.some((path) => existsSync(path)) ? false : `${String(kBrowsers[0])} is not there`);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class WebKit {
  readonly #base: string;
  readonly #processes: readonly ChildProcess[];
  #session = '';

  private constructor(port: number, processes: readonly ChildProcess[]) {
    this.#base = `http://127.0.0.1:${port}`;
    this.#processes = processes;
  }

  static async open(): Promise<WebKit> {
    const { display, number } = await startDisplay();
    const port = await freePort();
    // Tests run as root, where its sandbox cannot be.
    const env = { ...process.env, DISPLAY: `:${number}`, GDK_BACKEND: 'x11', LIBGL_ALWAYS_SOFTWARE: '1', WEBKIT_DISABLE_DMABUF_RENDERER: '1', WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' };
    const driver = spawn(kDriver, [`--port=${port}`], { env, stdio: 'ignore' });
    const webkit = new WebKit(port, [driver, display]);
    try {
      await until('the driver answers', () => fetch(`${webkit.#base}/status`).then(({ ok }) => ok, () => false));
      const options = { binary: kBrowsers.find((path) => existsSync(path)), args: ['--automation'] };
      const { sessionId } = (await webkit.#ask('POST', '/session', { capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } } })) as { sessionId: string };
      webkit.#session = `/session/${sessionId}`;
      await webkit.#ask('POST', `${webkit.#session}/timeouts`, { script: 120_000, pageLoad: 120_000 });
      return webkit;
    } catch (error) {
      await webkit.close();
      throw error;
    }
  }

  /** Loads a page, with globalThis.viewerPage (viewer_page.ts) in it. */
  async goto(url: string): Promise<void> {
    await this.#ask('POST', `${this.#session}/url`, { url });
    await this.run(await readFile('build/tests/viewer_page.js', 'utf8'));
  }

  /** The body of a function in the page; it may return a promise. */
  async run<T>(body: string): Promise<T> {
    const script = `const done = arguments[arguments.length - 1]; (async () => { ${body} })().then((value) => done({ value }), (error) => done({ error: String(error) }))`;
    const { value, error } = (await this.#ask('POST', `${this.#session}/execute/async`, { script, args: [] })) as { value?: T; error?: string };
    if (error !== undefined) throw new Error(error);
    return value as T;
  }

  async close(): Promise<void> {
    if (this.#session) await this.#ask('DELETE', this.#session).catch(() => undefined);
    for (const process of this.#processes) process.kill();
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const reply = await fetch(this.#base + path, { method, ...(body && { body: JSON.stringify(body) }) });
    const { value } = (await reply.json()) as { value: { error?: string; message?: string } | null };
    if (!reply.ok) throw new Error(`${path}: ${String(value?.error)}: ${String(value?.message)}`);
    return value;
  }
}
