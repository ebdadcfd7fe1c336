// Debian's Firefox ESR for the tests, over WebDriver BiDi. It draws WebGL in software only on an X display, so
// it gets a virtual one.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { kDisplay, startDisplay } from './display.ts';

const kFirefox = process.env['MIFASCOPE_FIREFOX'] ?? '/usr/bin/firefox-esr';

/** Why there can be no Firefox here, for a test's `skip`; false: there can. */
export const noFirefox: string | false = [kFirefox, kDisplay].find((path) => !existsSync(path))?.concat(' is not there: run scripts/setup') ?? false;

export interface Firefox {
  readonly browser: Browser;
  close(): Promise<void>;
}

export async function openFirefox({ webgl = true }: { readonly webgl?: boolean } = {}): Promise<Firefox> {
  const { display, number } = await startDisplay();
  try {
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: kFirefox,
      headless: false,
      env: { ...process.env, DISPLAY: `:${number}`, LIBGL_ALWAYS_SOFTWARE: '1' },
      extraPrefsFirefox: { 'webgl.force-enabled': webgl, 'webgl.disabled': !webgl },
      protocolTimeout: 180_000,
    });
    return {
      browser,
      close: async () => {
        await browser.close();
        display.kill();
      },
    };
  } catch (error) {
    display.kill();
    throw error;
  }
}

export interface FirefoxPage {
  readonly page: Page;
  /** Errors and warnings of its console. */
  readonly complaints: string[];
}

/** A page with globalThis.viewerPage (viewer_page.ts) in it. */
export async function openFirefoxPage({ browser }: Firefox, url: string): Promise<FirefoxPage> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`page error: ${String(error)}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warn') complaints.push(message.text());
  });
  await page.evaluateOnNewDocument(await readFile('build/tests/viewer_page.js', 'utf8'));
  page.setDefaultTimeout(90_000);
  await page.goto(url);
  return { page, complaints };
}
