// A browser for the tests: Debian's Chromium, without a screen, drawing in software.

import { readFile } from 'node:fs/promises';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startServer, type Mount, type TestServer } from './server.mjs';

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['MIFASCOPE_CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
      '--disable-background-networking',
      '--disable-dev-shm-usage',
    ],
  });
}

/** Serves one of tests/web/*_page.ts (bundled in build/tests/) as the page "/", and `mounts`. */
export async function servePage(
  script: string,
  mounts: readonly Mount[] = [],
  headers: Record<string, string> = {},
): Promise<TestServer> {
  const files = new Map<string, Uint8Array | string>([
    ['index.html', `<!doctype html><title>Test</title><script type="module" src="${script}.js"></script>`],
    [`${script}.js`, await readFile(`build/tests/${script}.js`)],
  ]);
  return startServer([{ prefix: '/', files, headers }, ...mounts]);
}

/** Opens the server's page and waits until its script has set `globalThis.ready`. */
export async function openPage(browser: Browser, server: TestServer): Promise<Page> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`page error: ${error.message}`));
  await page.goto(`${server.url}/`);
  await page.waitForFunction(() => 'ready' in globalThis);
  return page;
}
