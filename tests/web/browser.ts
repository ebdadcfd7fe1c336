// The built viewer (dist/) in a browser, with datasets beside it.

import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startServer, type Mount, type TestServer } from './server.mjs';
import type { ViewerPage } from './viewer_page.ts';

/** MIFASCOPE_DIST: another build than dist/. */
export const kDist = process.env['MIFASCOPE_DIST'] ?? 'dist';

// Nothing inline: this page works under a strict Content-Security-Policy too.
const kEmbedPage = `<!doctype html><html lang="en"><head><title>A page with a viewer</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="page.css"><script type="module" src="/mifascope.js"></script></head>
<body><h1>Some page</h1><main></main></body></html>`;
const kEmbedStyle = 'body { margin: 0 } h1 { font-size: 12px; margin: 0; height: 20px } mifa-scope { width: 480px; height: 360px }';

/** Serves the stand-alone page at "/", a page to put elements in at "/embed/", and `mounts`. */
export function serveViewer(mounts: readonly Mount[] = [], headers: Record<string, string> = {}): Promise<TestServer> {
  const files = new Map([
    ['index.html', kEmbedPage],
    ['page.css', kEmbedStyle],
  ]);
  return startServer([{ prefix: '/', root: kDist, headers }, { prefix: '/embed/', files, headers }, ...mounts]);
}

export interface OpenedPage {
  readonly page: Page;
  /** Everything the page complained of: errors and warnings in the console, errors nobody caught. */
  readonly complaints: string[];
}

/** Opens `url` with globalThis.viewerPage (tests/web/viewer_page.ts) in it. */
export async function openViewerPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    // Browsers report every 404 by themselves; asking for files that may not be there is Zarr's way.
    if (message.text().startsWith('Failed to load resource')) return;
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.addInitScript({ content: await readFile('build/tests/viewer_page.js', 'utf8') });
  page.setDefaultTimeout(90_000);
  await page.goto(url);
  return { page, complaints };
}

/** The page of serveViewer() with one empty element in it, ready to open datasets. */
export async function openEmbedPage(
  browser: Browser,
  server: TestServer,
  { src, width, height, ...options }: BrowserContextOptions & { readonly src?: string; readonly width?: number; readonly height?: number } = {},
): Promise<OpenedPage> {
  const opened = await openViewerPage(browser, `${server.url}/embed/`, options);
  await addElement(opened.page, { ...(src === undefined ? {} : { src }), ...(width ? { width } : {}), ...(height ? { height } : {}) });
  return opened;
}

export async function addElement(page: Page, { src, width, height }: { readonly src?: string; readonly width?: number; readonly height?: number } = {}): Promise<void> {
  await page.evaluate(([src, width, height]) => {
    const element = document.createElement('mifa-scope');
    if (width) element.style.width = `${width}px`;
    if (height) element.style.height = `${height}px`;
    if (src) element.setAttribute('src', src);
    document.querySelector('main')?.append(element);
  }, [src, width, height] as const);
}

/** For functions given to page.evaluate: what viewer_page.ts puts into the page. */
export interface PageGlobals {
  readonly viewerPage: ViewerPage;
}

export function open(page: Page, url: string, labels = 0): ReturnType<ViewerPage['open']> {
  return page.evaluate(([url, labels]) => (globalThis as unknown as PageGlobals).viewerPage.open(url, { labels }), [url, labels] as const);
}

export function settled(page: Page): ReturnType<ViewerPage['settled']> {
  return page.evaluate(() => (globalThis as unknown as PageGlobals).viewerPage.settled());
}

export function look(page: Page, u: number, v: number, worldPerPixel: number): ReturnType<ViewerPage['look']> {
  return page.evaluate((args) => (globalThis as unknown as PageGlobals).viewerPage.look(...args), [u, v, worldPerPixel] as const);
}

export function colors(page: Page, places: readonly (readonly [number, number])[]): Promise<ReturnType<ViewerPage['colors']>> {
  return page.evaluate((places) => (globalThis as unknown as PageGlobals).viewerPage.colors(places), places);
}

export function readout(page: Page, u: number, v: number): ReturnType<ViewerPage['readout']> {
  return page.evaluate((args) => (globalThis as unknown as PageGlobals).viewerPage.readout(...args), [u, v] as const);
}

/** Waits in Node until `probe` gives something. */
export async function until<T>(what: string, probe: () => T | false | null | undefined | Promise<T | false | null | undefined>, patience = 60_000): Promise<T> {
  const end = Date.now() + patience;
  for (;;) {
    const found = await probe();
    if (found !== false && found !== null && found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
