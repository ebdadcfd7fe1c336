// What goes wrong on servers and in files: each has words of its own, and what can be shown is shown.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { ViewerState } from '../../web/state.ts';
import { colors, look, open, openEmbedPage, readout, serveViewer, settled, until, type PageGlobals } from './browser.ts';
import { pyramid, writeImage, type Files, type ImageSpec } from './datasets.ts';
import { openBrowser } from './harness.ts';
import { startServer, type TestServer } from './server.mjs';
import type { Rgb } from './viewer_page.ts';

const { viewerPage } = globalThis as unknown as PageGlobals;

// Values of 100 under a window to 250 are this grey; a fill value of 250 would be white.
const kGrey = 102;
const kChannels = [{ color: 'FFFFFF', window: [0, 250] as const, label: 'signal' }];

const files: Files = new Map();
let server: TestServer;
let other: TestServer;
let browser: Browser;
let page: Page;
let complaints: string[];

function spec(more: Partial<ImageSpec['levels'][0]> = {}): ImageSpec {
  return {
    axes: 'yx',
    levels: pyramid({ zarr: 3, dataType: 'uint8', shape: [256, 256], chunks: [64, 64], count: 3, factor: 2, fill: 250, value: () => 100, ...more }),
    channels: kChannels,
  };
}

function flat(more: Partial<ImageSpec['levels'][0]> = {}): ImageSpec {
  return { axes: 'yx', levels: [{ zarr: 3, dataType: 'uint8', shape: [128, 128], chunks: [64, 64], fill: 250, value: () => 100, ...more }], channels: kChannels };
}

before(async () => {
  writeImage(files, 'pyramid', spec());
  writeImage(files, 'flat', flat());
  writeImage(files, 'gzip', flat({ gzip: true }));
  writeImage(files, 'v2', flat({ zarr: 2, gzip: true }));
  files.set('group/zarr.json', '{"zarr_format": 3, "node_type": "group", "attributes": {"spam": 1}}');
  files.set('broken/zarr.json', '{"zarr_format": 3, "node_type": "group",');
  server = await serveViewer([
    { prefix: '/data/', files },
    { prefix: '/single-page/', files: new Map([['index.html', '<!doctype html><title>An app</title>']]), fallback: 'index.html' },
  ]);
  other = await startServer([
    { prefix: '/data/', files },
    { prefix: '/no-cors/', files, cors: false },
  ]);
  browser = await openBrowser();
  ({ page, complaints } = await openEmbedPage(browser, server));
});
after(async () => {
  await browser?.close();
  await server?.close();
  await other?.close();
});
beforeEach(() => {
  server.clear();
  other.clear();
});

/** The text of the failure that covers the picture. */
async function failureText(state: ViewerState, on = page): Promise<string> {
  assert.equal(state.stage, 'failed', JSON.stringify(state));
  const part = on.locator('mifa-scope .failure');
  assert.equal(await part.isVisible(), true);
  assert.equal(await part.getAttribute('role'), 'alert');
  return part.innerText();
}

async function noteText(on = page): Promise<string> {
  const part = on.locator('mifa-scope .note');
  return (await part.isVisible()) ? part.innerText() : '';
}

function grey([red, green, blue]: Rgb): string {
  return red === green && green === blue && Math.abs(red - kGrey) <= 2 ? 'grey' : `${red},${green},${blue}`;
}

async function greys(places: readonly (readonly [number, number])[]): Promise<string[]> {
  return (await colors(page, places)).map(grey);
}

const url = (path: string): string => `${server.url}/data/${path}`;

describe('nothing can be shown', () => {
  test('404: where an image should have been', async () => {
    const text = await failureText(await open(page, url('nowhere')));
    assert.match(text, /There is no image here/);
    assert.match(text, /Expected OME-Zarr metadata at .*\/data\/nowhere/);
    assert.match(text, /zarr\.json, \.zattrs/);
    assert.match(text, /Check that the address/);
  });
  test('403: refused, not missing', async () => {
    server.rule({ path: /^\/data\/flat\//, status: 403 });
    const text = await failureText(await open(page, url('flat')));
    assert.match(text, /The server does not give this out/);
    assert.match(text, /403/);
    assert.match(text, /private|public|s3:GetObject/);
    assert.doesNotMatch(text, /There is no image here/);
  });
  test('a web page in place of data', async () => {
    const text = await failureText(await open(page, `${server.url}/single-page/image.zarr`));
    assert.match(text, /web page|There is no image here/);
    assert.match(text, /address/);
  });
  test('a Zarr group that is no image', async () => {
    const text = await failureText(await open(page, url('group')));
    assert.match(text, /received a plain Zarr group \(zarr\.json has "spam"\)/);
  });
  test('JSON that breaks off', async () => {
    const text = await failureText(await open(page, url('broken')));
    assert.match(text, /zarr\.json/);
    assert.match(text, /JSON|syntax|cut off|end of/i);
  });
  test('a codec that nobody here has', async () => {
    writeImage(files, 'codec', flat());
    const text = String(files.get('codec/s0/zarr.json'));
    files.set('codec/s0/zarr.json', text.replace('"codecs":[', '"codecs":[{"name":"caterpillar"},'));
    const said = await failureText(await open(page, url('codec')));
    assert.match(said, /cannot be (shown|read) here|cannot be read/);
    assert.match(said, /caterpillar/);
    assert.match(said, /blosc.*gzip|gzip.*blosc|known|supported/i);
  });
  test('an image after a failure opens', async () => {
    await open(page, url('nowhere'));
    const state = await open(page, url('flat'));
    assert.equal(state.stage, 'showing');
    assert.equal(await page.locator('mifa-scope .failure').isVisible(), false);
  });
  test('"Try again" after the server is mended', async () => {
    server.rule({ path: /^\/data\/flat\//, status: 403 });
    await failureText(await open(page, url('flat')));
    server.clear();
    await page.locator('mifa-scope .failure button', { hasText: 'Try again' }).click();
    await until('the image is there', async () => (await settled(page)).stage === 'showing');
    assert.deepEqual(await greys([[64, 64]]), ['grey']);
  });

  // These wait until all tries have failed: side by side.
  describe('no answer', { concurrency: true }, () => {
    test('another origin without CORS', async () => {
      const opened = await openEmbedPage(browser, server);
      const text = await failureText(await open(opened.page, `${other.url}/no-cors/flat`), opened.page);
      assert.match(text, /cannot be reached/);
      assert.match(text, /Access-Control-Allow-Origin/);
      await opened.page.context().close();
    });
    test('a server that is gone', async () => {
      const gone = await startServer([]);
      await gone.close();
      const opened = await openEmbedPage(browser, server);
      const text = await failureText(await open(opened.page, `${gone.url}/flat`), opened.page);
      assert.match(text, /The server cannot be reached/);
      assert.ok(text.includes(new URL(gone.url).host), text);
      await opened.page.context().close();
    });
    test('a server in trouble all the time', async () => {
      const troubled = await startServer([{ prefix: '/data/', files }]);
      troubled.rule({ path: /./, status: 500, body: 'database on fire' });
      const opened = await openEmbedPage(browser, server);
      const text = await failureText(await open(opened.page, `${troubled.url}/data/flat`), opened.page);
      assert.match(text, /500/);
      assert.doesNotMatch(text, /There is no image here/);
      await opened.page.context().close();
      await troubled.close();
    });
  });
});

describe('a part is missing', () => {
  // The second of two rows of two chunks is there in any case.
  const expectRest = async (): Promise<void> => {
    assert.deepEqual(await greys([[96, 32], [32, 96], [96, 96]]), ['grey', 'grey', 'grey']);
  };

  test('a chunk that is not there is the fill value, and no failure', async () => {
    writeImage(files, 'sparse', flat({ skip: ([row, column]) => row === 0 && column === 0 }));
    const state = await open(page, url('sparse'));
    assert.deepEqual(state.chunkFailures, []);
    assert.deepEqual(await greys([[32, 32]]), ['255,255,255']);
    assert.equal((await readout(page, 32, 32)).values[0]?.value, '250');
    await expectRest();
    assert.equal(await noteText(), '');
  });

  for (const { name, mount, cut } of [
    { name: 'raw', mount: 'flat', cut: 1000 },
    { name: 'gzip', mount: 'gzip', cut: 40 },
    { name: 'gzip, v2', mount: 'v2', cut: 40 },
  ]) {
    test(`a chunk cut short in its file (${name})`, async () => {
      const key = mount === 'v2' ? 's0/0/0' : 's0/c/0/0';
      const whole = files.get(`${mount}/${key}`) as Uint8Array;
      files.set(`short/${key}`, whole);
      for (const [path, file] of [...files]) {
        if (path.startsWith(`${mount}/`)) files.set(`short-${mount}/${path.slice(mount.length + 1)}`, file);
      }
      files.set(`short-${mount}/${key}`, whole.subarray(0, cut));
      const state = await open(page, url(`short-${mount}`));
      assert.equal(state.chunkFailures.length, 1, JSON.stringify(state.chunkFailures));
      assert.equal(state.chunkFailures[0]?.code, 'fix-data');
      assert.equal(state.chunkFailures[0]?.count, 1);
      const text = await noteText();
      assert.match(text, /One part of the image is missing/);
      assert.ok(text.includes(key), text);
      assert.match(text, /bytes|ends|cut|truncated/i);
      assert.deepEqual(await greys([[32, 32]]), ['0,0,0'], 'not the fill value');
      await expectRest();
    });
  }

  test('a chunk whose checksum is wrong', async () => {
    writeImage(files, 'checksum', flat());
    const text = String(files.get('checksum/s0/zarr.json'));
    files.set('checksum/s0/zarr.json', text.replace('"codecs":[{"name":"bytes"}', '"codecs":[{"name":"bytes"},{"name":"crc32c"}'));
    assert.match(String(files.get('checksum/s0/zarr.json')), /crc32c/);
    for (const [path, file] of [...files]) {
      if (!path.startsWith('checksum/s0/c/')) continue;
      const bytes = new Uint8Array(64 * 64 + 4);
      bytes.set(file as Uint8Array);
      new DataView(bytes.buffer).setUint32(64 * 64, crc32c(file as Uint8Array), true);
      if (path.endsWith('c/0/0')) bytes[5] = 101;
      files.set(path, bytes);
    }
    const state = await open(page, url('checksum'));
    assert.equal(state.chunkFailures.length, 1);
    assert.match(await noteText(), /CRC-32C/);
    assert.match(await noteText(), /s0\/c\/0\/0/);
    assert.deepEqual(await greys([[32, 32]]), ['0,0,0']);
    await expectRest();
  });

  test('403 on one chunk: said so, never shown as fill value', async () => {
    server.rule({ path: '/data/flat/s0/c/0/0', status: 403 });
    const state = await open(page, url('flat'));
    assert.equal(state.chunkFailures[0]?.code, 'forbidden');
    assert.match(await noteText(), /403/);
    assert.deepEqual(await greys([[32, 32]]), ['0,0,0']);
    await expectRest();
  });

  test('503 twice, then fine: asked again without a word', async () => {
    server.rule({ path: '/data/flat/s0/c/0/0', status: 503, times: 2 });
    const state = await open(page, url('flat'));
    assert.deepEqual(state.chunkFailures, []);
    assert.equal(server.log.filter(({ path }) => path === '/data/flat/s0/c/0/0').length, 3);
    assert.deepEqual(await greys([[32, 32]]), ['grey']);
    assert.equal(await noteText(), '');
    await expectRest();
  });

  test('503 on the metadata twice, then fine', async () => {
    server.rule({ path: '/data/flat/s0/zarr.json', status: 503, times: 2 });
    const state = await open(page, url('flat'));
    assert.equal(state.stage, 'showing');
    assert.equal(server.log.filter(({ path }) => path === '/data/flat/s0/zarr.json').length, 3);
  });

  test('a transfer cut off once is tried again', async () => {
    server.rule({ path: '/data/flat/s0/c/0/0', truncateAt: 100, times: 1 });
    const state = await open(page, url('flat'));
    assert.deepEqual(state.chunkFailures, []);
    assert.deepEqual(await greys([[32, 32]]), ['grey']);
  });

  test('429 with Retry-After: not before it', async () => {
    server.rule({ path: '/data/flat/s0/c/0/0', status: 429, times: 1, headers: { 'Retry-After': '2' } });
    await open(page, url('flat'));
    const tries = server.log.filter(({ path }) => path === '/data/flat/s0/c/0/0').map(({ started }) => started);
    assert.equal(tries.length, 2);
    assert.ok((tries[1] ?? 0) - (tries[0] ?? 0) >= 1990, `after ${(tries[1] ?? 0) - (tries[0] ?? 0)} ms`);
  });

  test('500 for ever on one chunk: the coarse level in its place, a note, and "Try again"', async () => {
    server.rule({ path: '/data/pyramid/s0/c/1/1', status: 500 });
    const state = await open(page, url('pyramid'));
    const tries = server.log.filter(({ path }) => path === '/data/pyramid/s0/c/1/1').length;
    assert.ok(tries >= 3 && tries <= 6, `${tries} tries`);
    assert.equal(state.chunkFailures.length, 1);
    assert.equal(state.chunkFailures[0]?.count, 1);
    assert.match(await noteText(), /One part of the image is missing/);
    assert.match(await noteText(), /s0\/c\/1\/1/);
    assert.match(await noteText(), /500/);
    assert.deepEqual(await greys([[96, 96], [32, 32], [200, 200]]), ['grey', 'grey', 'grey']);
    // In peace: it is not asked for again while nothing changes.
    server.log = [];
    await look(page, 128, 128, state.view?.worldPerPixel ?? 1);
    assert.deepEqual(server.log.filter(({ path }) => path === '/data/pyramid/s0/c/1/1'), []);

    server.clear();
    await page.locator('mifa-scope .note button', { hasText: 'Try again' }).click();
    await until('the note is gone', async () => (await noteText()) === '');
    const mended = await settled(page);
    assert.deepEqual(mended.chunkFailures, []);
    assert.equal(server.log.filter(({ path, status }) => path === '/data/pyramid/s0/c/1/1' && status === 200).length, 1);
    assert.equal((await readout(page, 96, 96)).values[0]?.value, '100');
  });

  test('a mask that cannot be read leaves the image alone', async () => {
    writeImage(files, 'masked', { ...flat(), labels: [{ name: 'cells', levels: flat().levels }] });
    server.rule({ path: /labels\/cells\/s0\//, status: 403 });
    const state = await open(page, url('masked'));
    assert.equal(state.stage, 'showing');
    const issue = await until('an issue says so', async () => (await settled(page)).issues.find(({ message, file }) => /cells/.test(message + file)));
    assert.match(`${issue.message} ${issue.received}`, /403|cannot be read|refus/i);
    assert.deepEqual(await greys([[32, 32]]), ['grey']);
  });
});

describe('slow', () => {
  const inside = [[50, 60], [128, 128], [200, 180], [60, 190], [96, 96]] as const;

  test('the coarse level is on the screen first', async () => {
    let release: (value?: unknown) => void = () => undefined;
    server.rule({ path: /\/pyramid\/s0\/c\//, until: new Promise((resolve) => (release = resolve)) });
    const opening = open(page, url('pyramid'));
    await until('the coarse level is there', async () =>
      (await page.evaluate((places) => {
        const state = viewerPage.viewer().state;
        return state.stage === 'showing' && (state.missingTiles ?? 0) > 0 ? viewerPage.colors(places).map(([red]) => red) : [0];
      }, inside)).every((red) => Math.abs(red - kGrey) <= 2),
    );
    assert.deepEqual(server.log.filter(({ path, status }) => path.includes('/s0/c/') && status !== 0), []);
    release();
    const state = await opening;
    assert.equal(state.level, 0);
    assert.deepEqual(await greys(inside), inside.map(() => 'grey'));
  });

  test('never black where coarse data is at hand, however one pans and zooms', async () => {
    server.rule({ path: /\/pyramid\/s0\/c\//, delayMs: 60 });
    // Large enough that chunks of the fine level come and go.
    writeImage(files, 'large', spec({ shape: [1024, 1024] }));
    server.rule({ path: /\/large\/s[01]\/c\//, delayMs: 60 });
    const { view } = await open(page, url('large'));
    assert.ok(view);
    const seen = await page.evaluate(async () => {
      let frames = 0;
      let incomplete = 0;
      const black: string[] = [];
      const record = (what: string): void => {
        const { state } = viewerPage.viewer();
        ++frames;
        if ((state.missingTiles ?? 0) > 0) ++incomplete;
        const places = [[10, 10], [512, 512], [1000, 1000], [30, 900], [400, 300], [620, 700]] as const;
        const { width, height } = viewerPage.canvas();
        viewerPage.colors(places).forEach(([red], i) => {
          const [u, v] = places[i] ?? [0, 0];
          const [x, y] = viewerPage.toCanvas(u, v);
          // Clear of the controls.
          const visible = x > 80 && y > 60 && x < width - 80 && y < height - 60;
          if (visible && Math.abs(red - 102) > 3) black.push(`${what}: ${places[i]} is ${red}`);
        });
      };
      for (let step = 0; step < 12; ++step) {
        const zoom = [3, 1, 0.5, 0.25, 1.2, 0.6][step % 6] ?? 1;
        viewerPage.viewer().update((raw) => raw._lookAt(200 + ((step * 137) % 620), 200 + ((step * 251) % 620), zoom));
        for (let i = 0; i < 4; ++i) {
          await viewerPage.frames(1);
          record(`step ${step}, frame ${i}, ${zoom} a pixel`);
        }
      }
      return { frames, incomplete, black };
    });
    assert.deepEqual(seen.black, []);
    assert.ok(seen.incomplete > 5, `${seen.incomplete} of ${seen.frames} frames were still waiting for chunks`);
  });
});

test('nobody forgot to catch an error', () => {
  assert.deepEqual(complaints.filter((text) => !/blocked by CORS policy/.test(text)), []);
});

/** Castagnoli's CRC, bit by bit. */
function crc32c(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}
