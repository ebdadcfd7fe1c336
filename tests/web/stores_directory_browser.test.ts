// Folders of this computer in Chromium: chosen, dropped and as handles; what changes under our hands.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, describe, test, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { StoreError } from '../../web/stores/store.ts';
import { drop } from './browser_files.ts';
import { openBrowser, openPage, servePage } from './harness.ts';
import type { TestServer } from './server.mjs';
import { contractFiles } from './store_contract.ts';
import type { DirectoryPage } from './stores_directory_page.ts';
import { zipOf, zipOfFiles } from './zip_files.ts';

declare const globalThis: { readonly page: DirectoryPage };

let browser: Browser;
let page: Page;
let server: TestServer;
let disk: string;

before(async () => {
  server = await servePage('stores_directory_page');
  browser = await openBrowser();
  page = await openPage(browser, server);
});
after(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(async () => {
  if (disk) await rm(disk, { recursive: true });
  disk = await mkdtemp(join(tmpdir(), 'mifascope-'));
});
after(async () => {
  if (disk) await rm(disk, { recursive: true });
});

async function onDisk(files: Iterable<readonly [string, Uint8Array | string]>): Promise<void> {
  for (const [path, content] of files) {
    await mkdir(dirname(join(disk, path)), { recursive: true });
    await writeFile(join(disk, path), content);
  }
}

async function contract(context: TestContext): Promise<void> {
  for (const { name, error } of await page.evaluate(() => globalThis.page.contract())) {
    await context.test(name, () => assert.equal(error, null));
  }
}

const text = (key: string): Promise<string | StoreError> => page.evaluate((key) => globalThis.page.text(key), key);
const names = (prefix = ''): Promise<string> => page.evaluate((prefix) => globalThis.page.names(prefix), prefix);
async function failure(key: string): Promise<StoreError> {
  const reply = await text(key);
  assert.ok(typeof reply === 'object', `expected an error, received ${String(reply).slice(0, 80)}`);
  return reply;
}
async function choose(path: string, asIs = false): Promise<string> {
  await page.locator('input').setInputFiles(join(disk, path));
  return page.evaluate((asIs) => globalThis.page.openInput(asIs), asIs);
}
async function dropped(paths: readonly string[], asIs = false): Promise<string> {
  await drop(page, paths.map((path) => join(disk, path)));
  return page.evaluate((asIs) => globalThis.page.openDrop(asIs), asIs);
}
const contractOnDisk = (folder: string): Promise<void> => onDisk([...contractFiles].map(([key, data]) => [`${folder}/${key}`, data] as const));

describe('contract', () => {
  test('a chosen folder', async (context) => {
    await contractOnDisk('a.zarr');
    assert.equal(await choose('a.zarr', true), 'a.zarr');
    await contract(context);
  });
  test('a dropped folder', async (context) => {
    await contractOnDisk('a.zarr');
    assert.equal(await dropped(['a.zarr'], true), 'a.zarr');
    await contract(context);
  });
  test('a handle', async (context) => {
    await page.evaluate(() => globalThis.page.openPrivate());
    await contract(context);
  });
});

describe('which folder is the dataset', () => {
  const cases: readonly (readonly [string, readonly string[], string, string])[] = [
    ['the folder itself', ['d/a.zarr/.zattrs', 'd/a.zarr/.zgroup', 'd/a.zarr/0/.zarray'], 'd/a.zarr', '.zattrs .zgroup 0/'],
    ['the one image somewhere below it', ['d/notes.txt', 'd/x/y/a.zarr/zarr.json'], 'd', 'zarr.json'],
    ['several images: the folder that was given', ['d/a.zarr/zarr.json', 'd/b.zarr/zarr.json'], 'd', 'a.zarr/ b.zarr/'],
    ['no image', ['d/notes.txt', 'd/e/f.txt'], 'd', 'e/ notes.txt'],
  ];
  for (const [what, files, path, expected] of cases) {
    for (const [way, open] of [['chosen', choose], ['dropped', (path: string) => dropped([path])]] as const) {
      test(`${way}: ${what}`, async () => {
        await onDisk(files.map((file) => [file, file]));
        await open(path);
        assert.equal(await names(), expected);
      });
    }
  }
  test('what is shown as its place', async () => {
    await onDisk([['d/x/a.zarr/zarr.json', '{}']]);
    assert.equal(await dropped(['d']), 'd/x/a.zarr');
  });
});

describe('drops', () => {
  test('a zip, and one by another name', async () => {
    await onDisk([['a.ozx', zipOfFiles(contractFiles)], ['download', zipOfFiles(contractFiles)]]);
    for (const name of ['a.ozx', 'download']) {
      assert.equal(await dropped([name]), name);
      assert.equal(await names(), '0/ labels/ zarr.json');
    }
  });
  test('the parts of one folder', async () => {
    await onDisk([['a/zarr.json', '{}'], ['a/0/zarr.json', 'array']]);
    await dropped(['a/zarr.json', 'a/0']);
    assert.equal(await names(), '0/ zarr.json');
    assert.equal(await text('0/zarr.json'), 'array');
  });
  test('two images side by side', async () => {
    await onDisk([['a.zarr/zarr.json', 'a'], ['b.zarr/zarr.json', 'b']]);
    await dropped(['a.zarr', 'b.zarr']);
    assert.equal(await names(), 'a.zarr/ b.zarr/');
  });
  test('two zips: one, please', async () => {
    await onDisk([['a.zip', zipOf([])], ['b.zip', zipOf([])]]);
    await dropped(['a.zip', 'b.zip']);
    assert.match((await failure('zarr.json')).message, /received 2 zip files: a\.zip, b\.zip/);
  });
  test('a metadata file alone, and a file of another kind', async () => {
    await onDisk([['zarr.json', '{}'], ['cells.czi', 'ZISRAWFILE']]);
    await dropped(['zarr.json']);
    assert.match((await failure('0')).message, /open the folder that holds zarr\.json/);
    await dropped(['cells.czi']);
    assert.match((await failure('zarr.json')).message, /received the file cells\.czi.*bioformats2raw/);
  });
});

describe('what changes meanwhile', () => {
  test('a chosen file that was changed or removed is an error, not an empty chunk', async () => {
    await onDisk([['a/zarr.json', '{}'], ['a/0', 'old'], ['a/1', 'old']]);
    await choose('a');
    assert.equal(await text('0'), 'old');
    await writeFile(join(disk, 'a/0'), 'something longer');
    await rm(join(disk, 'a/1'));
    for (const key of ['0', '1']) {
      const { code, message } = await failure(key);
      assert.equal(code, 'fix-data');
      assert.match(message, /changed, moved or removed since.*Open it again/);
    }
    assert.equal(await text('zarr.json'), '{}');
  });
  test('a dropped folder is looked into anew', async () => {
    await onDisk([['a/zarr.json', '{}'], ['a/0', 'old']]);
    await dropped(['a']);
    assert.equal(await text('0'), 'old');
    await writeFile(join(disk, 'a/0'), 'something longer');
    assert.equal(await text('0'), 'something longer');
    await rm(join(disk, 'a/0'));
    assert.equal((await failure('0')).code, 'missing');
  });
  test('a folder that has gone is not an image of empty chunks', async () => {
    await onDisk([['a/zarr.json', '{}']]);
    await dropped(['a']);
    await rm(join(disk, 'a'), { recursive: true });
    assert.equal((await failure('0')).code, 'fix-data');
    assert.match(await names(), /changed, moved or removed/);
  });
  test('the same, by handles', async () => {
    await page.evaluate(() => globalThis.page.openPrivate());
    await page.evaluate(() => globalThis.page.writePrivate('0/c/0/0', 'new'));
    assert.equal(await text('0/c/0/0'), 'new');
    await page.evaluate(() => globalThis.page.removePrivate('0/c/0/0'));
    assert.equal((await failure('0/c/0/0')).code, 'missing');
    await page.evaluate(() => globalThis.page.removePrivate());
    await new Promise((resolve) => setTimeout(resolve, 1100));
    assert.equal((await failure('0/c/0/0')).code, 'fix-data');
  });
});

test('a hundred thousand files do not freeze the page', async () => {
  const { took, longest, listed } = await page.evaluate(() => globalThis.page.many(100_000));
  assert.equal(listed, 100_000 - 97 * 1024);
  assert.ok(took < 5000 && longest < 1000, `${took} ms, ${longest} ms without a pause`);
});
