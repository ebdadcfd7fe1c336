#!/usr/bin/env node
// Makes the README's and the documents' pictures from the sample study: node scripts/screenshots.mjs [NAME…]
// (needs scripts/build and build/sample; Pillow reduces the PNGs' colours until they are small enough)

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { startServer } from '../tests/web/server.mjs';

const folder = 'docs/images';

/** The controls' own colours stay as they are, the rest is the nearest of a few. */
const kReduce = `
import io, sys
from PIL import Image
file = sys.argv[1]
image = Image.open(file).convert("RGB")
frequent = [color for _, color in sorted(image.getcolors(1 << 24), reverse=True)]
for colors in (256, 192, 128, 96, 64, 48):
    kept = frequent[: colors // 3]
    rest = image.quantize(colors - len(kept), method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).getpalette()
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for color in kept for part in color] + rest[: 3 * (colors - len(kept))])
    data = io.BytesIO()
    image.quantize(palette=palette, dither=Image.Dither.NONE).save(data, "png", optimize=True)
    if data.tell() < 150_000:
        break
open(file, "wb").write(data.getvalue())
`;

/**
 * @typedef {object} Shot
 * @property {string} name
 * @property {string} path image of the sample study
 * @property {number} [labels] masks to wait for
 * @property {string[]} [annotations] files of the sample study laid over it
 * @property {Readonly<Record<string, number>>} [at] position along the axes
 * @property {boolean} [masks] whether the image's own masks stay on; default only without annotations
 * @property {Record<string, unknown>} [settings] of the topmost annotation layer
 * @property {'Objects' | 'Quality'} [tab] of the panel
 * @property {{ readonly mask: number, readonly column: string }} [colored] a mask by a column of the topmost layer
 * @property {string} [card] of a mask, to be opened
 * @property {string} [search] what the selected object's row has
 * @property {[number, number]} [size]
 */

const kFilm = 'images/mitosis.ome.zarr';
/** @param {string} name @returns {string} */
const film = (name) => `annotations/mitosis/${name}`;
const kAt = { t: 6, z: 8 };
/** @type {[number, number]} */
const kSmall = [1040, 640];
/** @type {[number, number]} */
const kLarge = [1280, 800];

/** @type {Shot[]} */
const shots = [
  { name: 'mitosis', path: kFilm, labels: 1 },
  { name: 'ihc', path: 'images/ihc.ome.zarr', labels: 1 },
  { name: 'plate', path: 'images/plate.ome.zarr' },
  { name: 'stitched', path: 'images/stitched.ome.zarr' },
  { name: 'annotations-outlines', path: kFilm, annotations: [film('outlines.geojson')], at: kAt, size: kSmall },
  { name: 'annotations-boxes', path: kFilm, annotations: [film('boxes.csv')], at: kAt, size: kSmall },
  { name: 'annotations-points', path: kFilm, annotations: [film('centroids.csv')], at: kAt, settings: { pointSize: 11 }, size: kSmall },
  { name: 'annotations-tracks', path: kFilm, annotations: [film('tracks.trackmate.xml')], at: { t: 9, z: 8 }, settings: { colorBy: { kind: 'track' }, tail: 20, lineWidth: 2.5 }, size: kSmall },
  { name: 'annotations-masks', path: kFilm, annotations: [film('masks.coco.json')], at: kAt, settings: { colorBy: { kind: 'instance' }, fillOpacity: 0.5 }, size: kSmall },
  { name: 'annotations-labels', path: kFilm, annotations: [film('outlines.geojson')], at: kAt, settings: { labelText: { kind: 'category' } }, size: kSmall },
  { name: 'annotations-mask-by-table', path: kFilm, labels: 1, annotations: [film('nucleus_classes.csv')], at: kAt, colored: { mask: 0, column: 'volume_um3' }, card: 'nuclei', size: kSmall },
  { name: 'annotations-weak', path: 'images/ihc.ome.zarr', annotations: ['annotations/ihc/scribbles.geojson'], settings: { lineWidth: 4 }, size: [900, 560] },
  { name: 'annotations-counts', path: kFilm, annotations: [film('outlines.geojson'), film('counts.csv'), film('image_classes.csv')], at: kAt, size: kSmall },
  { name: 'annotations-objects', path: kFilm, annotations: [film('outlines.geojson')], at: kAt, tab: 'Objects', search: 'prophase', size: kSmall },
  { name: 'annotations-quality', path: kFilm, annotations: [film('outlines.geojson')], at: kAt, tab: 'Quality', size: kSmall },
];
/** Of the study page. @type {{ name: string, state: Record<string, string>, size: [number, number] }[]} */
const studies = [
  { name: 'study', state: {}, size: [1040, 760] },
  { name: 'study-pair', state: { image: 'images/ihc.ome.zarr', beside: 'plain' }, size: [920, 480] },
];
/** A study with gaps, as a page of its own shows it. */
const kFaulty = `study:
  title: Nuclei of human kidney cells in three conditions, with expert masks
  description: Confocal images of human kidney cells grown under three conditions, with masks of all nuclei.
  license: CC BY-NC 4.0
  keywords: [kidney, nuclei, confocal]
  authors:
    - { first_name: Ada, last_name: Example, orcid_id: 0000-0002-1825-0097, role: [data annotation] }
    - { first_name: Berta, last_name: Sample, role: [data acquisition] }
  publications: [{ title: Nuclei under stress, doi: 10.1038/s41592-025-02835-8, year: 2025 }]
annotations:
  Nuclei:
    annotation_overview: Masks of all nuclei, one id for each.
    annotation_type: [segmentation_mask]
    annotation_method: Drawn by hand by one expert and checked by another; disputed nuclei were discussed.
    annotation_criteria: Nuclei in focus, larger than 20 square micrometres.
    authors: [{ first_name: Ada, last_name: Example, role: [data annotation] }]
version:
  Nuclei: { version: "2", timestamp: 2025-05-01T10:00:00Z, changes: Two images were drawn anew. }
`;
const kCardPage = '<!doctype html><html lang="en"><head><title>Card</title><meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"><style>body { margin: 24px }</style><script type="module" src="card.js"></script></head><body></body></html>';
const kCardScript = `import { readStudies, studyCard } from '/card.js';
const bytes = new Uint8Array(await (await fetch('study.yaml')).arrayBuffer());
const { studies } = await readStudies([{ name: 'study.yaml', bytes }]);
document.body.append(studyCard(studies[0].card, { badge: studies[0].badge, headingLevel: 1 }));`;
const wanted = process.argv.slice(2);

mkdirSync(folder, { recursive: true });
// A port that reads well in the picture's address bar.
const server = await startServer(
  [
    { prefix: '/', root: process.env['MIFASCOPE_DIST'] ?? 'dist' },
    { prefix: '/sample/', root: 'build/sample' },
    { prefix: '/faulty/', files: new Map([['stores.js', readFileSync('bench/validate-page-stores.js', 'utf8')], ['card.js', kCardScript], ['study.yaml', kFaulty], ['index.html', kCardPage]]) },
  ],
  { port: 8080 },
);
const site = 'http://localhost:8080';
const browser = await chromium.launch({
  executablePath: process.env['MIFASCOPE_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist', '--disable-background-networking'],
});

/** @param {import('playwright-core').Page} page @param {string} name */
async function shoot(page, name) {
  const file = `${folder}/${name}.png`;
  await page.screenshot({ path: file });
  execFileSync('/usr/bin/python3', ['-c', kReduce, file]);
  await page.close();
}

for (const { name, path, labels = 0, annotations = [], at = {}, masks = annotations.length === 0, settings, colored, card, tab, search, size = kLarge } of shots) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const page = await browser.newPage({ viewport: { width: size[0], height: size[1] }, colorScheme: 'dark' });
  page.setDefaultTimeout(180_000);
  const query = new URLSearchParams({ source: `${site}/sample/${path}` });
  for (const file of annotations) query.append('annotation', `${site}/sample/${file}`);
  await page.goto(`${site}/?${query}`);
  await page.waitForFunction((labels) => {
    const state = document.querySelector('mifa-scope')?.viewer?.state;
    return state?.missingTiles === 0 && state.outstanding === 0 && (state.labels?.length ?? 0) >= labels;
  }, labels);
  if (annotations.length > 0) {
    await page.waitForFunction((count) => document.querySelector('mifa-scope')?.viewer?.state.annotations.length === count, annotations.length);
  }
  await page.evaluate(
    async ({ at, masks, settings, colored, search }) => {
      const scope = document.querySelector('mifa-scope');
      const viewer = scope?.viewer;
      if (!scope || !viewer) return;
      const { axes = [], labels = [] } = viewer.state;
      for (const [index, { name }] of axes.entries()) {
        const position = at[name];
        if (position !== undefined) viewer.update((raw) => raw._setPosition(index, position));
      }
      if (!masks) labels.forEach(({ opacity, outline }, index) => viewer.update((raw) => raw._setLabel(index, index === colored?.mask, outline, opacity)));
      if (!masks) viewer.update((raw) => raw._setPanelOpen(false));
      // The annotations' colours are to be seen: the film's own are put back.
      if (!masks && viewer.state.channels?.length === 2) {
        viewer.update((raw) => raw._setChannel(0, true, 0xd0d4da, 0, 0, 1));
        viewer.update((raw) => raw._setChannel(1, true, 0x503040, 0, 0, 1));
      }
      const layers = viewer.state.annotations.length > 0 ? await scope.annotationLayers : null;
      const layer = layers?.layers.at(-1);
      if (layer && settings) layer.set(settings);
      const tables = /** @type {import('../web/annotations/layers.ts').AnnotationLayers | null} */ (layers)?.masks;
      if (layer && tables && colored) tables.color(colored.mask, layer, { kind: 'column', column: colored.column });
      if (layer && layers && search !== undefined) {
        const { rows } = await layer.layer.table({ search }, 20, 1);
        const object = rows[0]?.object ?? 0;
        layers.select({ layer, object });
        await layers.flyTo({ layer, object });
      }
      if (!masks && search === undefined) viewer.update((raw) => raw._fit());
    },
    { at, masks, settings, colored, search },
  );
  if (card) {
    const masks = page.getByRole('list', { name: 'Masks' });
    await page.getByRole('button', { name: annotations[0]?.split('/').at(-1) ?? '', exact: true }).click();
    await masks.getByRole('button', { name: card }).click();
    await masks.scrollIntoViewIfNeeded();
  }
  if (tab) await page.getByRole('tab', { name: tab }).click();
  // Until the picture is calm: the last samples move the contrast.
  await page.waitForFunction(() => {
    const seen = /** @type {any} */ (globalThis);
    const frames = document.querySelector('mifa-scope')?.viewer?.framesDrawn ?? 0;
    if (seen.frames !== frames) Object.assign(seen, { frames, since: performance.now() });
    return performance.now() - (seen.since ?? 0) > 1000;
  });
  await shoot(page, name);
}
for (const { name, state, size } of studies) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const page = await browser.newPage({ viewport: { width: size[0], height: size[1] }, colorScheme: 'light' });
  page.setDefaultTimeout(180_000);
  await page.goto(`${site}/study.html?${new URLSearchParams({ source: 'sample/ro-crate-metadata.json', ...state })}`);
  if (state['image']) {
    await page.waitForFunction(() => {
      const scopes = [...(document.querySelector('mifa-study')?.shadowRoot?.querySelectorAll('mifa-scope') ?? [])];
      return scopes.length === 2 && scopes.every(({ viewer }) => viewer?.state.missingTiles === 0 && viewer.state.outstanding === 0);
    });
    await page.waitForTimeout(3000);
  } else {
    // Those beyond the edge are not drawn before they are scrolled to.
    await page.waitForFunction((height) => {
      const tiles = [...(document.querySelector('mifa-study')?.shadowRoot?.querySelectorAll('.tile') ?? [])];
      const seen = tiles.filter((tile) => tile.getBoundingClientRect().top < height);
      return seen.length > 3 && seen.every((tile) => !tile.querySelector('.waiting'));
    }, size[1]);
  }
  await shoot(page, name);
}

/** @param {string} name @param {string} address @param {'light' | 'dark'} colorScheme @param {(page: import('playwright-core').Page) => Promise<void>} prepare @param {[number, number]} [size] */
async function shootPage(name, address, colorScheme, prepare, size = kSmall) {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  const page = await browser.newPage({ viewport: { width: size[0], height: size[1] }, colorScheme });
  page.setDefaultTimeout(180_000);
  await page.goto(address);
  await prepare(page);
  await shoot(page, name);
}

await shootPage('card', `${site}/?${new URLSearchParams([['source', `${site}/sample/${kFilm}`], ['metadata', `${site}/sample/mifa.yaml`], ['metadata', `${site}/sample/file_list.tsv`]])}`, 'light', async (page) => {
  await page.locator('article').waitFor();
  await page.waitForFunction(() => document.querySelector('mifa-scope')?.viewer?.state.missingTiles === 0);
  await page.waitForTimeout(2000);
}, kLarge);
// A card as wide as a page, of real metadata with its gaps.
await shootPage('card-wide', `${site}/faulty/`, 'light', async (page) => {
  await page.locator('article').waitFor();
  await page.getByText('Use this badge').click();
}, [900, 900]);
// A folder with faults, which the page makes up.
await shootPage('report', `${site}/`, 'light', async (page) => {
  await page.locator('h1').waitFor();
  await page.evaluate(async () => {
    const [made, report] = ['/faulty/stores.js', '/report.js'];
    const [{ faultyStudy }, { showReport }] = [await import(made), await import(report)];
    showReport(document.querySelector('main'), 'kidney-nuclei', () => Promise.resolve(faultyStudy()), () => undefined);
  });
  await page.locator('.report section').nth(3).waitFor();
}, [1040, 900]);
await browser.close();
await server.close();
