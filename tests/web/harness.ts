// A browser for the tests: Debian's Chromium, without a screen, drawing in software.

import { readFile } from 'node:fs/promises';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startServer, type Mount, type TestServer } from './server.mjs';

/** MIFASCOPE_TEST_SLOW=4: pages compute four times as slowly, and what the server gives comes late; it finds tests that do not wait. */
const kSlowness = Number(process.env['MIFASCOPE_TEST_SLOW'] ?? 1);

async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: kSlowness });
}

function slowed(browser: Browser): Browser {
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    const newPage = context.newPage.bind(context);
    context.newPage = async () => {
      const page = await newPage();
      await slowDown(page);
      return page;
    };
    return context;
  };
  browser.newPage = async (options) => (await browser.newContext(options)).newPage();
  return browser;
}

export async function openBrowser(): Promise<Browser> {
  const browser = await chromium.launch({
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
  return kSlowness > 1 ? slowed(browser) : browser;
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
