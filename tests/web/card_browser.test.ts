// The study card in a page of its own, without a style sheet and under a strict Content-Security-Policy:
// what it says of what is stated and of what is not, where links lead, what is copied and saved.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Studies } from '../../web/card/studies.ts';
import { badgeHtml, badgeMarkdown } from '../../web/card/badge.ts';
import { safeLink } from '../../web/card/card.ts';
import { kDist } from './browser.ts';
import { openBrowser } from './harness.ts';
import { startServer, type TestServer } from './server.mjs';

const kStudy = `study:
  title: Nuclei of kidney cells under stress, with masks
  description: Confocal images of kidney cells and masks of their nuclei.
  license: CC BY-NC-SA 4.0
  keywords: [kidney, nuclei]
  authors:
    - first_name: Ada
      last_name: Byron
      orcid_id: 0000-0002-1825-0097
      role: [data annotation]
    - first_name: Bad
      last_name: Digit
      orcid_id: 0000-0002-1825-0098
  publications:
    - title: Kidneys
      doi: 10.1038/s41592-025-02835-8
  links:
    - link_url: javascript:alert(1)
      link_description: Click me
    - link_url: https://example.org/data
      link_description: Raw data
  ai_models_trained:
    - data:text/html,<script>alert(1)</script>
    - https://bioimage.io/#/?id=10.5281/zenodo.1
annotations:
  Masks:
    annotation_overview: Masks of nuclei <img src=x onerror=alert(1)>
    annotation_type: [segmentation_mask]
    annotation_method: Drawn by one expert by hand and checked by another expert.
    authors:
      - first_name: Ada
        last_name: Byron
version:
  Masks:
    version: "2"
    timestamp: 2024-05-01T10:00:00Z
    changes: Two images redrawn
    previous_version: javascript:alert(2)
`;

let browser: Browser;
let server: TestServer;
let axe: string;

before(async () => {
  const files = new Map([
    ['index.html', '<!doctype html><html lang="en"><head><title>Card</title><meta name="color-scheme" content="light dark"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head><body><main><h1>A page</h1></main></body></html>'],
    ['study.yaml', kStudy],
  ]);
  const headers = { 'Content-Security-Policy': "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src data:" };
  server = await startServer([{ prefix: '/', root: kDist, headers }, { prefix: '/card/', files, headers }]);
  browser = await openBrowser();
  axe = await readFile('node_modules/axe-core/axe.min.js', 'utf8');
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** The page with the card of `study.yaml`, changed by `edit` (JSON pointers of the card to values). */
async function openCard(options: BrowserContextOptions = {}, texts: Readonly<Record<string, string>> = { 'study.yaml': kStudy }): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width: 900, height: 900 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.goto(`${server.url}/card/`);
  await page.evaluate(async (documents) => {
    const path = '/card.js';
    const { readStudies, studyCard } = (await import(path)) as typeof import('../../web/card/studies.ts');
    const files = Object.entries(documents).map(([name, text]) => ({ name, bytes: new TextEncoder().encode(text) }));
    const studies: Studies = await readStudies(files);
    for (const [i, { card, badge }] of studies.studies.entries()) {
      document.querySelector('main')?.append(studyCard(card, { badge, address: 'https://example.org/?source=a&metadata=b', exportTo: (format) => studies.exportTo(i, format) }));
    }
  }, texts);
  return { page, complaints };
}

const row = (page: Page, term: string) => page.locator('dl > div').filter({ has: page.locator('dt', { hasText: new RegExp(`^${term}$`) }) }).locator('dd');

test('the card states what the metadata states', async () => {
  const { page, complaints } = await openCard();
  await page.getByRole('heading', { name: 'Nuclei of kidney cells under stress, with masks', level: 2 }).waitFor();
  assert.match(await row(page, 'Licence').innerText(), /^CC BY-NC-SA 4\.0/);
  assert.deepEqual(await row(page, 'Licence').locator('.terms li').allInnerTexts(), ['✓ Reuse', '✕ No commercial use', '✓ Changed versions', '! Same licence for changed versions', '! Credit required']);
  assert.match(await row(page, 'Type').innerText(), /Segmentation masks/);
  assert.match(await row(page, 'Versions').innerText(), /2, 2024-05-01T10:00:00Z\s+Two images redrawn/);
  assert.equal(await page.getByRole('link', { name: 'Kidneys' }).getAttribute('href'), 'https://doi.org/10.1038/s41592-025-02835-8');
  assert.equal(await page.getByRole('link', { name: 'ORCID of Ada Byron: 0000-0002-1825-0097' }).getAttribute('href'), 'https://orcid.org/0000-0002-1825-0097');
  // An ORCID whose check digit is wrong is nobody's.
  assert.equal(await page.getByRole('link', { name: /Bad Digit/ }).count(), 0);
  assert.equal(await page.getByRole('meter', { name: /^Annotations/ }).count(), 1);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('what is missing is said to be, with what that costs the reader', async () => {
  const { page } = await openCard();
  assert.match(await row(page, 'Coverage').innerText(), /^Not stated\. An image without annotations may be empty, or not annotated/);
  assert.match(await row(page, 'Organism').innerText(), /^Not stated\. The species is not known/);
  assert.match(await row(page, 'Funding').innerText(), /^Not stated\./);
  await page.getByText(/^What is missing: \d+$/).click();
  const lacks = await page.locator('.lacks li').allInnerTexts();
  assert.match(lacks[0] ?? '', /required/);
  assert.ok(lacks.some((text) => text.startsWith('Images: Instrument')));
  await page.context().close();
});

test('addresses that run a script are text, and so is markup', async () => {
  const { page, complaints } = await openCard();
  const links = await page.locator('article a').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  assert.ok(links.length >= 5);
  for (const href of links) assert.match(href, /^https:\/\//);
  assert.match(await page.locator('article').innerText(), /javascript:alert\(1\)/);
  assert.match(await row(page, 'Overview').innerText(), /<img src=x onerror=alert\(1\)>/);
  assert.equal(await row(page, 'Overview').locator('img').count(), 0);
  assert.deepEqual(complaints, []);
  for (const bad of ['javascript:alert(1)', ' JavaScript:alert(1)', 'java\nscript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', '//no.scheme', '']) assert.equal(safeLink(bad), null, bad);
  assert.equal(safeLink('https://a.org/ä'), 'https://a.org/%C3%A4');
  await page.context().close();
});

test('each value says on demand where it is written', async () => {
  const { page } = await openCard();
  assert.equal(await page.getByText('/study/title').isVisible(), false);
  await page.getByRole('button', { name: 'Show where each value is written' }).click();
  assert.match(await page.getByRole('heading', { level: 2 }).innerText(), /study\.yaml, line 2, \/study\/title/);
  assert.match(await row(page, 'Method').innerText(), /study\.yaml, line \d+, \/annotations\/Masks\/annotation_method/);
  await page.getByRole('button', { name: 'Show where each value is written' }).click();
  assert.equal(await page.getByText('/study/title').isVisible(), false);
  await page.context().close();
});

test('the badge is never green over an error, and its code can be taken along', async () => {
  const { page } = await openCard({}, { 'study.yaml': kStudy.replace('2024-05-01T10:00:00Z', 'yesterday') });
  assert.match((await page.locator('img.badge').getAttribute('alt')) ?? '', /^MIFA metadata: \d+ errors?\.$/);
  assert.match(decodeURIComponent((await page.locator('img.badge').getAttribute('src')) ?? ''), /fill="#b42318"/);
  await page.getByText('Use this badge').click();
  const markdown = await page.getByLabel('Markdown of the badge').inputValue();
  assert.match(markdown, /^\[!\[MIFA metadata: \d+ errors?\.\]\(mifa-badge\.svg\)\]\(https:\/\/example\.org\/\?source=a&metadata=b\)$/);
  assert.match(await page.getByLabel('HTML of the badge').inputValue(), /^<a href="https:\/\/example\.org\/\?source=a&amp;metadata=b"><svg [^]*role="img" aria-label="MIFA metadata: \d+ errors?\."[^]*<\/svg><\/a>$/);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save mifa-badge.svg' }).click()]);
  const svg = await readFile((await download.path()) ?? '', 'utf8');
  assert.match(svg, /^<svg /);
  const badge = { colour: 'red', text: '', alternative: 'a [b]', svg: '<svg/>' } as const;
  assert.equal(badgeHtml(badge, 'javascript:alert(1)'), '<svg/>');
  assert.equal(badgeMarkdown(badge, 'https://a.org/(x)'), '[![a \\[b\\]](mifa-badge.svg)](https://a.org/%28x%29)');
  await page.context().close();
});

test('the metadata is saved in other formats, and what they cannot hold is said', async () => {
  const { page } = await openCard();
  await page.getByText('Save the metadata in another format').click();
  for (const [name, file, part] of [
    ['bia-agent YAML', /\.ya?ml$/, /annotation_overview/],
    ['PageTab TSV', /\.tsv$/, /^Submission/],
    ['RO-Crate', /ro-crate-metadata\.json$/, /"@context"/],
    ['Croissant', /\.json$/, /mlcommons\.org\/croissant/],
  ] as const) {
    await page.getByRole('button', { name, exact: true }).click();
    const save = page.locator('.saves button').first();
    await save.waitFor();
    assert.match(await page.locator('.exports [role="status"]').innerText(), new RegExp(`(What ${name} cannot hold:|${name} holds all of it)`));
    const [download] = await Promise.all([page.waitForEvent('download'), save.click()]);
    assert.match(download.suggestedFilename(), file);
    assert.match(await readFile((await download.path()) ?? '', 'utf8'), part);
  }
  await page.context().close();
});

test('from 320 pixels to the full width, light and dark: nothing is cut off, and axe finds nothing to mend', async () => {
  for (const options of [{ viewport: { width: 320, height: 700 } }, { viewport: { width: 1300, height: 900 }, colorScheme: 'dark' }] as const) {
    const { page } = await openCard(options);
    await page.getByText('Use this badge').click();
    await page.getByText('Save the metadata in another format').click();
    await page.getByText(/^What is missing/).click();
    await page.getByRole('button', { name: 'Show where each value is written' }).click();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
      return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
    assert.deepEqual(violations, []);
    await page.context().close();
  }
});

test('files that are no metadata give no card; a broken one gives a card that says so', async () => {
  const none = await openCard({}, { 'notes.txt': 'hello', 'table.csv': 'a,b\n1,2\n' });
  assert.equal(await none.page.locator('.mifa-study-card').count(), 0);
  await none.page.context().close();
  const broken = await openCard({}, { 'study.yaml': 'study:\n  title: "unclosed\n' });
  assert.match((await broken.page.locator('img.badge').getAttribute('alt')) ?? '', /^MIFA metadata: \d+ errors?\.$/);
  await broken.page.context().close();
});
