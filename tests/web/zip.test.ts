// Zips: what the contract asks, real ones, hostile ones, and how few bytes of a remote one are read.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { BlobStore } from '../../web/stores/blob.ts';
import { HttpStore } from '../../web/stores/http.ts';
import { LateStore } from '../../web/stores/late.ts';
import { PrefetchStore } from '../../web/stores/prefetch.ts';
import type { GetOptions, Store, StoreReply } from '../../web/stores/store.ts';
import { ZipStore, type ZipStoreOptions } from '../../web/stores/zip.ts';
import { crc32 } from '../../web/stores/zip_member.ts';
import { startServer, type TestServer } from './server.mjs';
import { contractFiles, expectBytes, expectError, storeContract } from './store_contract.ts';
import { zipOf, zipOfFiles, type ZipFile, type ZipShape } from './zip_files.ts';

const kFixtures = '../shared/fixtures';
const noFixtures = existsSync(join(kFixtures, 'neuroglancer-zip')) ? false : `${kFixtures}/neuroglancer-zip is not there`;

/** Node has it since 20.12. */
const noInflate = ((): false | string => {
  try {
    return new DecompressionStream('deflate-raw') ? false : '';
  } catch {
    return 'this Node inflates no deflate-raw';
  }
})();

const opened = (bytes: Uint8Array<ArrayBuffer>, options: ZipStoreOptions = {}): ZipStore =>
  new ZipStore(new BlobStore(new Blob([bytes]), 'image.ozx'), '', options);
const made = (files: readonly ZipFile[], shape?: ZipShape, options?: ZipStoreOptions): ZipStore => opened(zipOf(files, shape), options);
const text = (reply: StoreReply): string => (reply.found ? new TextDecoder().decode(reply.bytes) : reply.error.message);
const counted = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255);

async function names(store: Store, prefix = ''): Promise<string> {
  const listing = await store.list?.(prefix);
  return listing?.found ? listing.entries.map(({ name, kind }) => (kind === 'directory' ? `${name}/` : name)).sort().join(' ') : 'no list';
}

describe('contract', () => {
  const zips: readonly (readonly [string, Uint8Array<ArrayBuffer>])[] = [
    ['stored', zipOfFiles(contractFiles)],
    ['deflated', zipOfFiles(contractFiles, { deflate: true })],
    ['zip64', zipOfFiles(contractFiles, { zip64: true })],
    ['deflated, zip64, with a comment', zipOfFiles(contractFiles, { deflate: true, zip64: true, comment: 'x'.repeat(300) })],
    ['in a folder', zipOfFiles(new Map([...contractFiles].map(([key, data]) => [`image.zarr/${key}`, data])))],
    ['after a program', zipOfFiles(contractFiles, { before: 5000 })],
    ['with long extra fields', zipOf([...contractFiles].map(([name, data]) => ({ name, data, extra: 700 })))],
  ];
  for (const [what, bytes] of zips) {
    describe(what, { skip: /deflated/.test(what) && noInflate }, () => {
      for (const { name, run } of storeContract(async () => opened(bytes))) test(name, run);
    });
  }
  describe('at a key of another store', () => {
    const folder: Store = {
      description: 'folder',
      get: (key, options) => key === 'a/b.zip' ? new BlobStore(new Blob([zips[0]?.[1] ?? '']), 'b.zip').get('', options) : Promise.reject(new Error(key)),
    };
    for (const { name, run } of storeContract(async () => new ZipStore(folder, 'a/b.zip'))) test(name, run);
  });
});

test('crc32', () => assert.equal(crc32(new TextEncoder().encode('123456789')), 0xcbf43926));

describe('where the dataset is', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['at the root', ['zarr.json', 'a/zarr.json'], 'zarr.json'],
    ['in the one folder', ['readme.txt', 'image.zarr/.zattrs', 'image.zarr/0/.zarray'], '.zattrs'],
    ['deeper', ['data/run 1/image.zarr/.zgroup', 'data/run 1/image.zarr/0/.zarray'], '.zgroup'],
    ['in several folders: the one that holds them', ['x/a.zarr/zarr.json', 'x/b.zarr/zarr.json'], 'a.zarr/zarr.json'],
    ['macOS adds a folder of its own', ['__MACOSX/image.zarr/._.zattrs', 'image.zarr/.zattrs'], '.zattrs'],
  ];
  for (const [what, files, key] of cases) {
    test(what, async () => {
      const store = made(files.map((name) => ({ name, data: name })));
      assert.match(text(await store.get(key)), new RegExp(`${key.replaceAll('.', '\\.')}$`));
    });
  }
  test('said by whoever opens it', async () => {
    const store = made([{ name: 'zarr.json', data: 'root' }, { name: 'b/zarr.json', data: 'b' }], {}, { root: 'b/' });
    assert.equal(text(await store.get('zarr.json')), 'b');
    assert.equal(await names(store), 'zarr.json');
  });
});

describe('what is wrong is said', () => {
  const good: ZipFile = { name: 'zarr.json', data: '{}' };
  const chunk: ZipFile = { name: '0', data: counted(3000) };
  const cases: readonly (readonly [string, Uint8Array<ArrayBuffer>, string, GetOptions, string, string])[] = [
    ['not a zip', counted(100_000) as Uint8Array<ArrayBuffer>, '0', {}, 'fix-data', 'Expected a zip file at image.ozx, received something else'],
    ['nothing at all', new Uint8Array(0), '0', {}, 'fix-data', 'image.ozx'],
    ['cut off', zipOf([good, chunk]).slice(0, -40), '0', {}, 'fix-data', 'cut off'],
    ['encrypted', zipOf([{ ...chunk, said: { flags: 1 }, local: { flags: 1 } }]), '0', {}, 'fix-data', 'without a password'],
    ['strongly encrypted', zipOf([{ ...chunk, said: { flags: 0x40 } }]), '0', {}, 'fix-data', 'without a password'],
    ['compressed with LZMA', zipOf([{ ...chunk, said: { method: 14 } }]), '0', {}, 'fix-data', 'received compression method 14 (LZMA)'],
    ['split over disks', zipOf([chunk], { end: { disk: 2 } }), '0', {}, 'fix-data', 'zip -s 0'],
    ['an offset past the end', zipOf([{ ...chunk, said: { offset: 1e6 } }]), '0', {}, 'fix-data', 'inside the zip of'],
    ['a size past the end', zipOf([{ ...chunk, said: { stored: 1e6, size: 1e6 } }]), '0', {}, 'fix-data', 'inside the zip of'],
    ['two sizes for a stored file', zipOf([{ ...chunk, said: { size: 77 } }]), '0', {}, 'fix-data', 'received 3000 bytes stored and 77 bytes unpacked'],
    ['no local header', zipOf([{ ...chunk, local: { signature: 0x04034b51 } }]), '0', {}, 'fix-data', 'Expected the signature 0x04034b50'],
    ['no local header, a part', zipOf([{ ...chunk, local: { signature: 0x04034b51 } }]), '0', { range: { offset: 2, length: 2 } }, 'fix-data', 'Expected the signature 0x04034b50'],
    ['another name in the local header', zipOf([{ ...chunk, local: { name: '1' } }]), '0', {}, 'fix-data', 'Expected the name "0"'],
    ['another method in the local header', zipOf([{ ...chunk, local: { method: 8 } }]), '0', {}, 'fix-data', 'Expected compression method 0'],
    ['another size in the local header', zipOf([{ ...chunk, local: { stored: 2 } }]), '0', {}, 'fix-data', 'Expected a size of 3000'],
    ['a wrong checksum', zipOf([{ ...chunk, said: { crc: 1 } }]), '0', {}, 'fix-data', 'Expected the checksum 0x00000001'],
    ['a wrong checksum, deflated', zipOf([{ ...chunk, deflate: true, said: { crc: 1 } }]), '0', {}, 'fix-data', 'Expected the checksum 0x00000001'],
    ['data that are not deflated', zipOf([{ ...chunk, said: { method: 8 }, local: { method: 8 } }]), '0', {}, 'fix-data', 'Expected deflated data'],
    ['unpacks to more than it says', zipOf([{ ...chunk, deflate: true, said: { size: 2999 } }]), '0', {}, 'fix-data', 'Expected 2999 bytes in image.ozx|zip:0'],
    ['unpacks to less than it says', zipOf([{ ...chunk, deflate: true, said: { size: 3001 } }]), '0', {}, 'fix-data', 'received 3000'],
    ['overlapping files', zipOf([good, { ...chunk, said: { offset: 10 } }]), '0', {}, 'fix-data', 'shares with another file'],
    ['overlapped by a large one', zipOf([{ name: 'a', data: counted(100), said: { stored: 3000, size: 3000 } }, { name: 'b', data: counted(100) }, chunk]), '0', {}, 'fix-data', 'shares with another file'],
    ['fewer entries than said', zipOf([good], { end: { entries: 9 } }), '0', {}, 'fix-data', 'shorter than its end record says'],
    ['a directory past the end', zipOf([good], { end: { directoryOffset: 5e8, directoryBytes: 5e8 } }), '0', {}, 'fix-data', 'Expected a zip file at image.ozx'],
    ['zip64 with absurd numbers', zipOf([good], { zip64: true, end: { directoryBytes: 2 ** 52, entries: 2 ** 50 } }), '0', {}, 'fix-data', 'image.ozx'],
    ['empty', zipOf([]), 'zarr.json', {}, 'missing', 'the zip is empty'],
  ];
  for (const [what, bytes, key, options, code, words] of cases) {
    test(what, { skip: /deflated|unpacks/.test(what) && noInflate }, async () => {
      expectError(await opened(bytes).get(key, options), code as 'fix-data', words);
    });
  }
  test('what is wrong with one file leaves the others readable', async () => {
    const store = made([good, { ...chunk, local: { name: '1' } }]);
    expectError(await store.get('0'), 'fix-data');
    assert.equal(text(await store.get('zarr.json')), '{}');
  });

  for (const name of ['../evil', 'a/../../evil', '/etc/passwd', 'C:/evil', '..\\evil', 'a\\b', 'a//b', './a', 'a\0b']) {
    test(`the name ${JSON.stringify(name)} is ignored, and named when a file is missing`, async () => {
      const store = made([good, { name, data: 'evil' }]);
      assert.equal(await names(store), 'zarr.json');
      const reply = await store.get('evil');
      expectError(reply, 'missing', JSON.stringify(name));
      assert.deepEqual((await store.issues()).length, 1);
    });
  }
  test('of a name that is there twice, the last is taken, as by the writers that do this', async () => {
    const store = made([{ name: 'zarr.json', data: 'old' }, good]);
    assert.equal(text(await store.get('zarr.json')), '{}');
    assert.match((await store.issues()).join(), /1 file is in the zip image\.ozx more than once/);
  });
  test('what is odd is said through the stores that stand before it', async () => {
    const store = made([good, { name: '../evil', data: 'evil' }]);
    const late = new PrefetchStore(new LateStore('image.ozx', async () => store));
    assert.match((await late.issues()).join(), /1 name in the zip image\.ozx is ignored: "\.\.\/evil"/);
    assert.deepEqual(await new PrefetchStore(new BlobStore(new Blob(['x']), 'x')).issues(), []);
  });
  test('nothing odd, no issues', async () => assert.deepEqual(await made([good]).issues(), []));
});

describe('limits', () => {
  const good: ZipFile = { name: 'zarr.json', data: '{}' };
  test('entries', async () => {
    const many = Array.from({ length: 101 }, (_, i) => ({ name: `${i}`, data: '' }));
    expectError(await made(many, {}, { limits: { maxEntries: 100 } }).get('0'), 'limit', 'limit maxEntries');
    assert.ok((await made(many, {}, { limits: { maxEntries: 101 } }).get('0')).found);
  });
  test('the directory', async () => {
    const many = Array.from({ length: 2000 }, (_, i) => ({ name: `${'x'.repeat(60)}${i}`, data: '' }));
    expectError(await made(many, {}, { limits: { maxDirectoryBytes: 70_000 } }).get('0'), 'limit', 'limit maxDirectoryBytes');
  });
  test('a file', async () => {
    const store = made([good, { name: '0', data: counted(3000) }], {}, { limits: { maxMemberBytes: 2999 } });
    expectError(await store.get('0'), 'limit', 'limit maxMemberBytes');
    assert.ok((await store.get('zarr.json')).found);
  });
  test('a bomb: a gigabyte of zeros in a megabyte is stopped at the size it admits to', { skip: noInflate }, async () => {
    const bomb = new Uint8Array(200 * 1024 * 1024);
    const store = made([{ name: '0', data: bomb, deflate: true, said: { size: 1000 } }]);
    const before = process.memoryUsage().arrayBuffers;
    expectError(await store.get('0'), 'fix-data', 'made to fill the memory');
    assert.ok(process.memoryUsage().arrayBuffers - before < 50e6);
  });
  test('a bomb that admits to its size is refused before it is read', async () => {
    const store = made([{ name: '0', data: new Uint8Array(10), deflate: true, said: { size: 2 ** 31 } }]);
    expectError(await store.get('0'), 'limit', 'received 2147483648');
  });
  test('100,000 files are read without holding up others for long', async () => {
    const store = made(Array.from({ length: 60_000 }, (_, i) => ({ name: `0/c/${i >> 8}/${i & 255}`, data: '' })));
    let longest = 0;
    let last = performance.now();
    const ticks = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    });
    assert.ok((await store.get('0/c/7/7')).found);
    clearInterval(ticks);
    assert.ok(longest < 1000, `${longest} ms`);
  });
});

describe('a zip on a server', () => {
  let server: TestServer;
  const shard = counted(3_000_000);
  const files: ZipFile[] = [
    { name: 'zarr.json', data: '{"zarr_format": 3}' },
    { name: '0/c/0', data: shard },
    { name: '1/c/0', data: counted(500_000), deflate: true },
    { name: '2/c/0', data: counted(200_000) },
  ];
  let bytes: Uint8Array<ArrayBuffer>;
  before(async () => {
    bytes = zipOf(files);
    server = await startServer([
      { prefix: '/data/', files: new Map([['image.ozx', bytes]]) },
      { prefix: '/no-ranges/', files: new Map([['image.ozx', bytes]]), ranges: false },
    ]);
  });
  after(() => server.close());
  beforeEach(() => server.clear());
  const remote = (place = 'data', query = ''): ZipStore => new ZipStore(new HttpStore(`${server.url}/${place}/image.ozx${query}`));
  const sent = (): number => server.log.reduce((sum, { bytes }) => sum + bytes, 0);
  const requests = (): string => server.log.map(({ method }) => method).join(' ');

  test('its directory is two requests, each file one, none a suffix', async () => {
    const store = remote();
    assert.ok((await store.get('zarr.json')).found);
    assert.equal(requests(), 'HEAD GET GET');
    server.clear();
    expectBytes(await store.get('2/c/0'), counted(200_000));
    if (!noInflate) expectBytes(await store.get('1/c/0'), counted(500_000));
    assert.match(requests(), /^GET( GET)?$/);
    assert.ok(sent() < 200_000 + 500_000 + 1000, `${sent()} bytes`);
    assert.ok(server.log.every(({ range }) => /^bytes=\d+-\d+$/.test(range ?? '')));
  });
  test('parts of a stored file: only they are sent', async () => {
    const store = remote();
    await store.get('zarr.json');
    server.clear();
    expectBytes(await store.get('0/c/0', { range: { suffix: 100 } }), shard.subarray(-100));
    assert.equal(requests(), 'GET GET');
    for (const offset of [0, 1000, 2_000_000]) {
      expectBytes(await store.get('0/c/0', { range: { offset, length: 5000 } }), shard.subarray(offset, offset + 5000));
    }
    assert.equal(requests(), 'GET GET GET GET GET');
    assert.ok(sent() < 17_000, `${sent()} bytes`);
  });
  test('the first parts asked for at once go out at once', async () => {
    const store = remote();
    await store.get('zarr.json');
    server.clear();
    server.rule({ path: '/data/image.ozx', delayMs: 30 });
    const offsets = [0, 100_000, 200_000, 2_900_000];
    const replies = await Promise.all(offsets.map((offset) => store.get('0/c/0', { range: { offset, length: 1000 } })));
    replies.forEach((reply, i) => expectBytes(reply, shard.subarray(offsets[i], (offsets[i] ?? 0) + 1000)));
    assert.ok(server.maxInFlight >= 4, `${server.maxInFlight} at once`);
  });
  test('one reader of a first part gives up, the others do not', async () => {
    const store = remote();
    await store.get('zarr.json');
    server.rule({ path: '/data/image.ozx', delayMs: 30 });
    const controller = new AbortController();
    const first = store.get('0/c/0', { range: { offset: 0, length: 10 }, signal: controller.signal });
    const second = store.get('0/c/0', { range: { offset: 50, length: 10 } });
    controller.abort();
    expectError(await first, 'aborted');
    expectBytes(await second, shard.subarray(50, 60));
  });
  test('a large deflated file is unpacked once for all its parts', { skip: noInflate }, async () => {
    const store = remote();
    await store.get('zarr.json');
    server.clear();
    const all = counted(500_000);
    const replies = await Promise.all([0, 9, 400_000].map((offset) => store.get('1/c/0', { range: { offset, length: 9 } })));
    replies.forEach((reply, i) => expectBytes(reply, all.subarray([0, 9, 400_000][i], ([0, 9, 400_000][i] ?? 0) + 9)));
    assert.equal(requests(), 'GET');
  });
  test('a signed address keeps its query on every request, and hides it', async () => {
    const store = remote('data', '?X-Signature=s%2Bs');
    assert.ok((await store.get('zarr.json')).found);
    assert.ok(server.log.every(({ query }) => query === '?X-Signature=s%2Bs'));
    expectError(await store.get('absent'), 'missing');
    assert.ok(!text(await store.get('absent')).includes('s%2Bs'));
  });
  test('a server without ranges sends it once', async () => {
    const store = remote('no-ranges');
    expectBytes(await store.get('2/c/0'), counted(200_000));
    expectBytes(await store.get('0/c/0', { range: { offset: 5, length: 5 } }), shard.subarray(5, 10));
    assert.equal(server.log.filter(({ method }) => method === 'GET').length, 1);
  });
  test('an outage is "retry", and does not stick', async () => {
    server.rule({ path: '/data/image.ozx', status: 503, times: 1 });
    const store = remote();
    expectError(await store.get('zarr.json'), 'retry');
    assert.ok((await store.get('zarr.json')).found);
  });
  test('absent and forbidden zips are told apart', async () => {
    expectError(await new ZipStore(new HttpStore(`${server.url}/data/other.zip`)).get('zarr.json'), 'missing', 'other.zip');
    server.rule({ path: '/data/image.ozx', status: 403 });
    expectError(await remote().get('zarr.json'), 'forbidden');
  });
});

describe('real zips', { skip: noFixtures }, () => {
  const fixture = (path: string): ZipStore => opened(new Uint8Array(readFileSync(join(kFixtures, path))));
  const yauzl = join('neuroglancer-zip', 'from-yauzl');
  const kUnpacked: Readonly<Record<string, string>> = {
    'cygwin-info-zip.zip': 'a.txt b.txt', 'deflate.zip': 'index.js', 'directories.zip': 'a/', 'empty.zip': '',
    'linux-info-zip.zip': 'a.txt b.txt', 'sloppy-filenames.zip': 'b.txt', 'unicode-path-extra-field.zip': '',
    'unicode.zip': 'Turmion Kätilöt/', 'unix-epoch.zip': 'unix-epoch.txt', 'windows-7-zip.zip': 'a.txt b.txt',
    'windows-compressed-folder.zip': 'a.txt b.txt', 'zip64.zip': 'test1.txt test2.txt',
  };
  for (const [name, expected] of Object.entries(kUnpacked)) {
    test(`${name}: ${expected}`, async () => {
      const store = fixture(join(yauzl, 'success', name));
      assert.equal(await names(store), expected);
      if (noInflate && /deflate|zip64/.test(name)) return;
      for (const file of expected.split(' ').filter((file) => /\.\w+$/.test(file))) {
        assert.ok((await store.get(file)).found, text(await store.get(file)));
      }
    });
  }
  test('every bad one is refused, or its bad file is', async () => {
    for (const name of noFixtures ? [] : readdirSync(join(kFixtures, yauzl, 'failure'))) {
      const store = fixture(join(yauzl, 'failure', name));
      const replies = await Promise.all(['a.txt', 'b.txt', 'empty.txt'].map((key) => store.get(key)));
      // Two of them are wrong in what we do not need: an extra field, a byte before the end record.
      const harmless = /^extra field length|truncated_2/.test(name);
      const wrong = replies.filter((reply) => !reply.found && reply.error.code === 'fix-data');
      assert.equal(wrong.length > 0, !harmless, `${name}: ${replies.map(text).join(' ')}`);
    }
  });
  test('an .ozx of an image', async () => {
    const store = fixture('omezarr/v0.5_nuclei.ozx');
    assert.match(text(await store.get('zarr.json')), /multiscales/);
    const [whole, part] = [await store.get('scale0/c/0/0'), await store.get('scale0/c/0/0', { range: { suffix: 99 } })];
    assert.ok(whole.found && part.found);
    expectBytes(part, whole.bytes.subarray(-99));
    assert.deepEqual(await store.issues(), []);
  });
  test('neuroglancer\'s zips', async () => {
    assert.equal(await names(fixture('neuroglancer-zarr/ome_zarr/simple_0.5.zip')), 'scale0/ scale1/ scale2/ zarr.json');
    assert.equal(await names(fixture('neuroglancer-zip/files.zip')), '# a b baz/ c empty');
    assert.ok((await fixture('neuroglancer-zip/zip64_larger_than_65557.zip').get('README.txt')).found);
  });
  test('zips of a folder and of what is in it show the same', async () => {
    const [parent, within] = ['from_parent', 'from_within'].map((how) => fixture(`zarrita/v3/data.zipped_${how}.zarr.zip`));
    assert.ok(parent && within);
    assert.match(text(await parent.get('3d.chunked.i2/zarr.json')), /"shape"/);
    assert.equal(text(await parent.get('3d.chunked.i2/zarr.json')), text(await within.get('3d.chunked.i2/zarr.json')));
  });
});
