// The annotation panel over layers without a worker: what it says, what it changes, how it is used by
// keys, and what axe finds.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { until } from './browser.ts';
import type { PanelPage } from './annotation_panel_page.ts';
import { openBrowser } from './harness.ts';
import { startServer, type TestServer } from './server.mjs';

let server: TestServer;
let browser: Browser;
let axe: string;
const complaints: string[] = [];

before(async () => {
  const files = new Map<string, Uint8Array | string>([
    ['index.html', '<!doctype html><html lang="en"><head><title>Annotations</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><script type="module" src="annotation_panel_page.js"></script></head><body></body></html>'],
    ['annotation_panel_page.js', await readFile('build/tests/annotation_panel_page.js')],
  ]);
  // Nothing inline, not even a style.
  server = await startServer([{ prefix: '/', files, headers: { 'Content-Security-Policy': "default-src 'self'; img-src data:" } }]);
  browser = await openBrowser();
  axe = await readFile('node_modules/axe-core/axe.min.js', 'utf8');
});
after(async () => {
  await browser?.close();
  await server?.close();
});

async function open(query: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 760 }, ...options });
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.goto(`${server.url}/?${query}`);
  await page.waitForFunction(() => 'ready' in globalThis);
  return page;
}

/** In the page; T has to pass through JSON. */
function inPage<T>(page: Page, ask: (panel: PanelPage) => T): Promise<T> {
  return page.evaluate(`(${ask.toString()})(globalThis.panelPage)`);
}

const card = (page: Page, name: string) => page.getByRole('listitem').filter({ has: page.getByRole('button', { name, exact: true }) });

describe('layers', () => {
  test('each says its name, its kind in MIFA’s words, how many and of what format', async () => {
    const page = await open('sets=outlines,centroids,frameCounts,frameClasses&masks');
    const list = page.getByRole('list', { name: 'Layers, the topmost first' });
    assert.deepEqual(
      (await list.locator(':scope > li').allInnerTexts()).map((text) => text.split('\n').filter(Boolean)),
      [
        ['image_classes.csv', 'Class labels', '10 rows · Table (CSV) · frames 1 to 10'],
        ['counts.csv', 'Counts', '10 rows · Table (CSV) · frames 1 to 10'],
        ['centroids.csv', 'Point annotations', '380 points · Table (CSV)', 'The image does not say how large a pixel is: one pixel is taken for one µm.'],
        ['outlines.geojson', 'Geometrical annotations', '1,204 polygons · GeoJSON · frames 1 to 10', '1 error, 1 warning and more in the file'],
      ],
    );
    assert.match(await page.getByRole('list', { name: 'Masks' }).innerText(), /nuclei\s+Segmentation mask\s+probability\s+Probability map/);
    await page.context().close();
  });

  test('is hidden, moved and removed', async () => {
    const page = await open('sets=outlines,centroids');
    await page.getByLabel('Show centroids.csv').uncheck();
    assert.deepEqual(await inPage(page, ({ layers }) => layers.layers.map(({ info, visible }) => [info.name, visible])), [['outlines.geojson', true], ['centroids.csv', false]]);
    await page.getByRole('button', { name: 'outlines.geojson', exact: true }).click();
    await page.getByRole('button', { name: 'outlines.geojson: over the layer before' }).click();
    assert.deepEqual(await inPage(page, ({ layers }) => layers.layers.map(({ info }) => info.name)), ['centroids.csv', 'outlines.geojson']);
    await page.getByRole('button', { name: 'Remove outlines.geojson' }).click();
    assert.deepEqual(await inPage(page, ({ layers }) => layers.layers.map(({ info }) => info.name)), ['centroids.csv']);
    // The focus is not lost with what had it.
    assert.equal(await page.evaluate(() => document.querySelector('main > div')?.shadowRoot?.querySelector('.annotation-panel')?.shadowRoot?.activeElement?.textContent), 'centroids.csv');
    await page.getByRole('button', { name: 'centroids.csv', exact: true }).click();
    await page.getByRole('button', { name: 'Remove centroids.csv' }).click();
    await page.getByText('No annotations lie over this image.').waitFor();
    await page.context().close();
  });

  test('classes are shown and hidden; how many are left is said', async () => {
    const page = await open('sets=outlines');
    const classes = page.getByRole('group', { name: 'Classes' });
    assert.match(await classes.innerText(), /interphase\s+1,070\s+خلية منقسمة\s+54\s+prophase\s+27/);
    await classes.getByLabel('interphase').uncheck();
    await page.getByText('134 of 1,204 shown').waitFor();
    await classes.getByRole('button', { name: 'None' }).click();
    await page.getByText('0 of 1,204 shown').waitFor();
    await classes.getByRole('button', { name: 'All' }).click();
    await until('all are shown', async () => (await page.getByText('of 1,204 shown').count()) === 0);
    await page.context().close();
  });

  test('is coloured by a column, with a legend', async () => {
    const page = await open('sets=outlines');
    const by = page.getByLabel('Colour by');
    assert.deepEqual(await by.locator('option').allInnerTexts(), ['Class', 'Each object its own', 'One colour', 'name', 'score', 'Perimeter (µm)', 'annotator']);
    await by.selectOption('Perimeter (µm)');
    await page.getByText('88.1').waitFor();
    assert.match(await page.locator('.legend').innerText(), /12\.4\s+50\.25\s+88\.1/);
    await by.selectOption('One colour');
    await page.getByLabel('Its colour').fill('#ff8000');
    assert.deepEqual(await inPage(page, ({ layers }) => layers.layers[0]?.colorBy), { kind: 'single', color: [255, 128, 0] });
    await page.context().close();
  });

  test('is drawn otherwise by its sliders, which say their values', async () => {
    const page = await open('sets=outlines');
    await page.getByLabel('Fill').fill('0.6');
    assert.equal(await inPage(page, ({ layers }) => layers.layers[0]?.fillOpacity), 0.6);
    assert.equal(await page.getByLabel('Fill').getAttribute('aria-valuetext'), '60 %');
    // What a program changes is shown too.
    await inPage(page, ({ layers }) => layers.layers[0]?.set({ lineWidth: 4 }));
    await until('the slider has moved', async () => (await page.getByLabel('Line width').inputValue()) === '4');
    assert.equal(await page.getByLabel('Point size').count(), 0);
    assert.equal(await page.getByLabel('Tail').count(), 0);
    await page.context().close();
  });

  test('is filtered by a range and by texts', async () => {
    const page = await open('sets=outlines');
    await page.locator('summary', { hasText: 'Filter' }).click();
    await page.getByLabel('score from').fill('0.5');
    await page.getByLabel('score from').press('Enter');
    await page.getByText('601 of 1,204 shown').waitFor();
    await page.getByLabel('score to').fill('0.2');
    await page.getByLabel('score to').press('Enter');
    await page.getByText('The first number has to be the smaller one.').waitFor();
    await page.getByRole('button', { name: 'No longer filter by score' }).click();
    await page.getByLabel('Filter by a column').or(page.getByLabel('Filter by another column')).selectOption('annotator');
    await page.getByRole('group', { name: 'annotator' }).getByLabel('Grace').uncheck();
    await page.getByText('802 of 1,204 shown').waitFor();
    await page.context().close();
  });

  test('what is wrong with the file is said with its place and its remedy', async () => {
    const page = await open('sets=outlines');
    await page.locator('summary', { hasText: 'Problems in the file: 1 error, 1 warning and more' }).click();
    const text = (await page.locator('.issues').innerText()).replace(/\s+/g, ' ');
    assert.match(text, /^Error: An object has no geometry that can be read Expected an object with type and coordinates, received "none"\. outlines\.geojson, line 318, \/features\/314\/geometry/);
    assert.match(text, /Warning: A ring does not end where it begins .* Repeat the first position; it was closed here\. outlines\.geojson, line 212/);
    await page.getByText('12 more of the same kinds are not listed.').waitFor();
    await page.getByText('This file also has 3,400 objects of 2 other images. They are not shown here.').waitFor();
    await page.context().close();
  });

  test('its position is diagnosed and corrected', async () => {
    const page = await open('sets=outlines');
    await page.locator('summary', { hasText: 'Position on the image' }).click();
    await page.getByText('It reaches from x 12 to 994 and y 8 to 805, on an image of 1,000 × 800 pixels.').waitFor();
    await page.getByLabel('Its unit').selectOption('Share of the image, 0 to 1');
    await page.getByText('That is outside the image: are unit and shift right?').waitFor();
    await page.getByLabel('Its unit').selectOption('Pixels');
    await page.getByLabel('Turn (°)').fill('90');
    await page.getByLabel('Turn (°)').press('Enter');
    await page.getByLabel('Shift x').fill('812');
    await page.getByLabel('Shift x').press('Enter');
    assert.deepEqual(await inPage(page, ({ layers }) => layers.layers[0]?.transform), [0, -1, 812, 1, 0, 0]);
    await page.locator('summary', { hasText: 'As six numbers' }).click();
    await page.getByLabel('x from y').fill('0');
    await page.getByLabel('x from y').press('Enter');
    await page.getByText('With these numbers everything would lie on one line: no scale may be 0.').waitFor();
    await page.getByLabel('x from y').fill('-0.5');
    await page.getByLabel('x from y').press('Enter');
    await page.getByRole('button', { name: 'Exchange x and y' }).click();
    assert.deepEqual(await inPage(page, ({ layers }) => layers.layers[0]?.transform), [1, 0, 0, 0, -0.5, 812]);
    await page.getByRole('button', { name: 'Back to what the file says' }).click();
    assert.deepEqual(await inPage(page, ({ layers }) => layers.layers[0]?.transform), [1, 0, 0, 0, 1, 0]);
    await page.context().close();
  });

  test('a table is read anew with other columns', async () => {
    const page = await open('sets=centroids');
    await page.locator('summary', { hasText: 'Columns' }).click();
    assert.equal(await page.getByRole('combobox', { name: 'x', exact: true }).inputValue(), 'x_um');
    await page.getByRole('combobox', { name: 'Time or frame' }).selectOption('frame');
    await page.getByRole('button', { name: 'Read the table anew' }).click();
    await until('it is asked for', () => inPage(page, ({ added }) => added.length > 0));
    assert.deepEqual(await inPage(page, ({ added }) => added), ['{"x":"x_um","y":"y_um","id":"nucleus_id","frame":"frame"}']);
    await page.getByRole('combobox', { name: 'x', exact: true }).selectOption('');
    await page.getByRole('button', { name: 'Read the table anew' }).click();
    await page.getByText('It could not be read so: expected a column for x, received none').waitFor();
    await page.context().close();
  });

  test('masks are shown, outlined, and cut at a threshold', async () => {
    const page = await open('sets=outlines&masks');
    await page.getByLabel('Show probability').check();
    await page.getByRole('button', { name: 'probability', exact: true }).click();
    await page.getByLabel('Threshold').fill('0.8');
    await page.getByLabel('Outlines only').nth(1).check();
    assert.match(await card(page, 'probability').innerText(), /Probability map/);
    await page.context().close();
  });
});

describe('objects', () => {
  const objects = async (query = 'sets=outlines', options: BrowserContextOptions = {}): Promise<Page> => {
    const page = await open(query, options);
    await page.getByRole('tab', { name: 'Objects' }).click();
    await page.getByRole('gridcell').first().waitFor();
    return page;
  };
  const row = (page: Page, index: number) => page.locator(`[role="row"][aria-rowindex="${index + 2}"]`);

  test('are counted, sorted and searched', async () => {
    const page = await objects();
    await page.getByText('1,204 polygons').last().waitFor();
    assert.match(await row(page, 1).innerText(), /2\s+interphase\s+2\s+759\s+nucleus 2\s+0\.37\s+15\.5\s+Ada/);
    const area = page.getByRole('columnheader', { name: 'Area' });
    await area.getByRole('button').click();
    await until('it is sorted', async () => (await area.getAttribute('aria-sort')) === 'ascending');
    await area.getByRole('button').click();
    await until('it is sorted the other way', async () => (await area.getAttribute('aria-sort')) === 'descending');
    await until('the largest is first', async () => /\s939\s/.test(await row(page, 0).innerText()));
    await page.getByLabel('Search the objects').fill('METAPHASE');
    await page.getByText('27 of 1,204 polygons').waitFor();
    await page.getByLabel('Search the objects').fill('no such thing');
    await page.getByText('0 of 1,204 polygons').waitFor();
    await page.context().close();
  });

  test('a million of them: only those in view are there, the last one is reached', async () => {
    const page = await objects('sets=million');
    const grid = page.getByRole('grid');
    await until('they are counted', async () => (await grid.getAttribute('aria-rowcount')) === '1000001');
    assert.ok((await page.locator('.grid-rows > [role="row"]').count()) < 60);
    await grid.focus();
    await page.keyboard.press('End');
    await until('the last row is there', async () => /1000000/.test(await row(page, 999_999).innerText().catch(() => '')));
    assert.equal(await grid.getAttribute('aria-activedescendant'), await row(page, 999_999).getAttribute('id'));
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'No. 999,999' }).waitFor();
    assert.deepEqual(await inPage(page, ({ layers }) => layers.flights), ['outlines.geojson 999998']);
    await page.keyboard.press('Home');
    await until('the first row is there', async () => (await row(page, 0).count()) === 1);
    await page.context().close();
  });

  test('one that is clicked on the image: its row is found, its properties and its place are shown', async () => {
    const page = await open('sets=outlines');
    await inPage(page, ({ layers }) => {
      const layer = layers.layers[0];
      if (layer) layers.select({ layer, object: 1000 });
    });
    await page.getByRole('heading', { name: 'No. 1,001' }).waitFor();
    await until('its row is chosen', async () => (await row(page, 1000).getAttribute('aria-selected').catch(() => null)) === 'true');
    const details = page.getByRole('region', { name: 'Object 1001' });
    assert.match((await details.innerText()).replace(/\s+/g, ' '), /Area [\d,.]+ px² Frame 1 name nucleus 1001 .* Perimeter [\d.]+ µm annotator Ada In its file outlines\.geojson, line 1,003, \/features\/1000/);
    assert.deepEqual(await inPage(page, ({ layers }) => layers.flights), []);
    await details.getByRole('button', { name: 'Show it on the image' }).click();
    assert.deepEqual(await inPage(page, ({ layers }) => layers.flights), ['outlines.geojson 1000']);
    await page.context().close();
  });

  test('relatives are led to', async () => {
    const page = await objects();
    await row(page, 3).click();
    await page.getByText('Divides into').waitFor();
    await page.getByRole('button', { name: 'No. 8', exact: true }).click();
    await page.getByRole('heading', { name: 'No. 8 · interphase' }).waitFor();
    await page.getByText('Comes from').waitFor();
    await page.getByRole('button', { name: 'Close the details' }).click();
    await until('they are closed', async () => (await page.getByRole('region', { name: /^Object / }).count()) === 0);
    await page.context().close();
  });

  test('only those shown on the image, or all', async () => {
    const page = await open('sets=outlines');
    await page.getByRole('group', { name: 'Classes' }).getByLabel('interphase').uncheck();
    await page.getByText('134 of 1,204 shown').waitFor();
    await page.getByRole('tab', { name: 'Objects' }).click();
    await page.getByText('134 of 1,204 polygons').waitFor();
    await page.getByLabel('Only those shown on the image').uncheck();
    await until('all are listed', async () => (await page.locator('.objects .status').innerText()) === '1,204 polygons');
    await page.context().close();
  });

  test('are copied as CSV and as JSON', async () => {
    const page = await objects('sets=outlines', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByLabel('Search the objects').fill('metaphase');
    await page.getByText('27 of 1,204 polygons').waitFor();
    await page.getByRole('button', { name: 'Copy CSV' }).click();
    await page.getByText('Copied 27 rows').waitFor();
    const csv = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(csv, /^No\.,Class,Frame,Area,name,score,Perimeter,annotator\n10,metaphase,10,211,nucleus 10,0\.33,40\.3,Grace\n/);
    assert.equal(csv.trim().split('\n').length, 28);
    await page.getByRole('button', { name: 'Copy JSON' }).click();
    await until('it is copied', async () => (await page.evaluate(() => navigator.clipboard.readText())).startsWith('['));
    const rows = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as Record<string, unknown>[];
    assert.deepEqual(rows[0], { 'No.': 10, Class: 'metaphase', Frame: 10, Area: 211, name: 'nucleus 10', score: 0.33, Perimeter: 40.3, annotator: 'Grace' });
    await page.context().close();
  });
});

describe('quality', () => {
  test('is said in numbers, and leads to the objects', async () => {
    const page = await open('sets=outlines');
    await page.getByRole('button', { name: 'Quality of outlines.geojson' }).click();
    await page.getByRole('heading', { name: 'What to look at' }).waitFor();
    const text = (await page.locator('.quality').innerText()).replace(/\s+/g, ' ');
    assert.match(text, /Error Objects outside the image 3 They lie wholly beyond its edge\./);
    assert.match(text, /interphase 1,070 88\.9 %/);
    assert.match(text, /median 388 px²/);
    assert.match(text, /Share of the image covered 34\.2 %/);
    await page.getByRole('img', { name: 'Sizes from 0 to 950 px²; half of the objects are smaller than 388 px².' }).waitFor();
    await page.getByRole('button', { name: /Objects that overlap/ }).click();
    await page.getByText('Objects that overlap: the first 1,000 of 1,802').waitFor();
    await page.getByText('1,000 of 1,204 polygons').waitFor();
    await page.getByRole('tab', { name: 'Quality' }).click();
    await page.getByRole('button', { name: /Objects outside the image/ }).click();
    await page.getByText('3 of 1,204 polygons').waitFor();
    await page.locator('[role="row"][aria-rowindex="3"]').click();
    assert.deepEqual(await inPage(page, ({ layers }) => layers.flights), ['outlines.geojson 20']);
    await page.getByRole('button', { name: 'List all' }).click();
    await until('all are listed', async () => (await page.locator('.objects .status').innerText()) === '1,204 polygons');
    await page.context().close();
  });
});

describe('badges', () => {
  test('classes and counts of the frame are said over the image', async () => {
    const page = await open('sets=frameCounts,frameClasses');
    const badges = page.getByRole('region', { name: 'Classes and counts' });
    await until('they are there', async () => /counts\s+nuclei\s*38\s+mitotic\s*0\s+image_classes\s+dividing/.test(await badges.innerText()));
    await inPage(page, ({ frame }) => frame(5));
    await until('they are of the sixth frame', async () => /nuclei\s*43\s+mitotic\s*1\s+image_classes\s+resting/.test(await badges.innerText()));
    await page.getByLabel('Show counts.csv').uncheck();
    await until('it is gone', async () => !/nuclei/.test(await badges.innerText()));
    await page.context().close();
  });
});

describe('for keyboards and screen readers', () => {
  test('tabs by arrows; the panel is put away and comes back with the focus', async () => {
    const page = await open('sets=outlines');
    await page.getByRole('tab', { name: 'Layers' }).focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.getByRole('tab', { name: 'Objects' }).getAttribute('aria-selected'), 'true');
    await page.keyboard.press('End');
    assert.equal(await page.getByRole('tab', { name: 'Quality' }).getAttribute('aria-selected'), 'true');
    await page.getByRole('button', { name: 'Put the panel below the image' }).press('Enter');
    const [sheet, canvas] = [await page.locator('.annotation-dock').boundingBox(), await page.locator('canvas').boundingBox()];
    assert.ok(sheet && canvas && sheet.width === 1100 && Math.abs(canvas.height + sheet.height - 760) < 2, JSON.stringify([sheet, canvas]));
    await page.getByRole('button', { name: 'Close the annotation panel' }).press('Enter');
    const opener = page.getByRole('button', { name: 'Annotations', exact: true });
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: 'Quality' }).waitFor();
    assert.equal(await opener.isVisible(), false);
    await page.context().close();
  });

  const looks: readonly (readonly [string, string, BrowserContextOptions, (page: Page) => Promise<void>])[] = [
    ['layers', 'sets=outlines,centroids,frameCounts&masks', {}, async (page) => {
      await page.getByRole('button', { name: 'outlines.geojson', exact: true }).click();
      for (const summary of await page.locator('.card.open summary').all()) await summary.click();
    }],
    ['objects', 'sets=outlines', {}, async (page) => {
      await page.getByRole('tab', { name: 'Objects' }).click();
      await page.locator('[role="row"][aria-rowindex="4"]').click();
      await page.getByRole('heading', { name: /^No\. 3/ }).waitFor();
    }],
    ['quality', 'sets=outlines,centroids', {}, async (page) => {
      await page.getByRole('tab', { name: 'Quality' }).click();
      await page.getByRole('combobox', { name: 'Layer' }).selectOption('outlines.geojson');
      await page.getByRole('heading', { name: 'Classes' }).waitFor();
    }],
    ['layers, narrow', 'sets=outlines,frameCounts', { viewport: { width: 320, height: 560 } }, async (page) => {
      await page.getByRole('button', { name: 'Annotations', exact: true }).click();
      await page.getByRole('button', { name: 'outlines.geojson', exact: true }).click();
    }],
    ['objects, narrow', 'sets=outlines', { viewport: { width: 320, height: 560 } }, async (page) => {
      await page.getByRole('button', { name: 'Annotations', exact: true }).click();
      await page.getByRole('tab', { name: 'Objects' }).click();
      await page.locator('[role="row"][aria-rowindex="4"]').click();
    }],
  ];
  for (const colorScheme of ['dark', 'light'] as const) {
    for (const [name, query, options, act] of looks) {
      test(`axe finds nothing to mend: ${name}, ${colorScheme}`, async () => {
        const page = await open(`${query}&page`, { colorScheme, ...options });
        if (options.viewport) await page.goto(`${server.url}/?${query}`).then(() => page.waitForFunction(() => 'ready' in globalThis));
        await act(page);
        await page.evaluate(axe);
        const found = await page.evaluate(async () => {
          const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[] }> } };
          return (await axe.run()).violations.flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 200)}: ${failureSummary}`));
        });
        assert.deepEqual(found, []);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), options.viewport?.width ?? 1100);
        await page.context().close();
      });
    }
  }
});

test('what is ended leaves nothing behind, and the pages complained of nothing', async () => {
  const page = await open('sets=outlines,frameCounts');
  await inPage(page, ({ end }) => end());
  assert.equal(await page.evaluate(() => document.querySelector('main > div')?.shadowRoot?.querySelectorAll('.annotation-panel, .annotation-dock, .annotation-opener, .badge').length), 0);
  await page.context().close();
  assert.deepEqual(complaints, []);
});
