// What people paste, and what it becomes; buckets' lists.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { bucketPlaces, BucketStore, parseListing, regionalFetch } from '../../web/stores/bucket.ts';
import { datasetRoot } from '../../web/stores/dataset_root.ts';
import { LateStore } from '../../web/stores/late.ts';
import { openSource } from '../../web/stores/open.ts';
import { openStore, parseSource, type Source } from '../../web/stores/source.ts';
import type { Store } from '../../web/stores/store.ts';
import { startServer, type TestServer } from './server.mjs';
import { contractFiles, expectBytes, expectError, storeContract } from './store_contract.ts';
import { zipOfFiles } from './zip_files.ts';

function source(text: string, base?: string): Source {
  const reply = parseSource(text, base);
  if (!reply.found) throw new Error(reply.error.message);
  return reply.source;
}

describe('addresses', () => {
  const cases: readonly (readonly [string, string, Source['kind']])[] = [
    ['https://example.org/a.zarr', 'https://example.org/a.zarr', 'http'],
    ['  "https://example.org/a.zarr"\n', 'https://example.org/a.zarr', 'http'],
    ['<https://example.org/a.zarr>', 'https://example.org/a.zarr', 'http'],
    ['https://example.org/a.zarr/?sig=s%2Bs&e=1#view', 'https://example.org/a.zarr/?sig=s%2Bs&e=1', 'http'],
    ['https://example.org/50% cells #1.zarr', 'https://example.org/50%25%20cells%20', 'http'],
    ['a.zarr', 'https://host.test/dir/a.zarr', 'http'],
    ['../a.zarr?x=1', 'https://host.test/a.zarr?x=1', 'http'],
    ['localhost:8000/a.zarr', 'http://localhost:8000/a.zarr', 'http'],
    // a file inside the dataset
    ['https://example.org/a.zarr/zarr.json', 'https://example.org/a.zarr', 'http'],
    ['https://example.org/a.zarr/.zattrs?sig=1', 'https://example.org/a.zarr?sig=1', 'http'],
    ['https://example.org/a.zarr/.zgroup', 'https://example.org/a.zarr', 'http'],
    ['https://example.org/a.zarr/.zmetadata', 'https://example.org/a.zarr', 'http'],
    ['https://example.org/a.zarr/0/.zarray', 'https://example.org/a.zarr/0', 'http'],
    ['https://example.org/.zattrs', 'https://example.org/', 'http'],
    // buckets
    ['s3://bucket/a/b.zarr', 'https://bucket.s3.amazonaws.com/a/b.zarr', 'bucket'],
    ['s3://bucket', 'https://bucket.s3.amazonaws.com/', 'bucket'],
    ['s3://my.dotted.bucket/b.zarr/', 'https://s3.amazonaws.com/my.dotted.bucket/b.zarr/', 'bucket'],
    ['s3://bucket/50% #1?.zarr', 'https://bucket.s3.amazonaws.com/50%25%20%231%3F.zarr', 'bucket'],
    ['S3://bucket/a.zarr/.zattrs', 'https://bucket.s3.amazonaws.com/a.zarr', 'bucket'],
    ['gs://bucket.x/a.zarr', 'https://storage.googleapis.com/bucket.x/a.zarr', 'bucket'],
    ['gcs://bucket/a.zarr', 'https://storage.googleapis.com/bucket/a.zarr', 'bucket'],
    ['s3+https://uk1s3.example.org/idr/a.zarr', 'https://uk1s3.example.org/idr/a.zarr', 'bucket'],
    ['s3+http://127.0.0.1:9000/idr/a.zarr', 'http://127.0.0.1:9000/idr/a.zarr', 'bucket'],
    ['https://bucket.s3.eu-west-1.amazonaws.com/a.zarr', 'https://bucket.s3.eu-west-1.amazonaws.com/a.zarr', 'bucket'],
    // neuroglancer
    ['https://example.org/a.zarr/|zarr3:', 'https://example.org/a.zarr/', 'http'],
    ['s3://bucket/a.zarr|zarr2:', 'https://bucket.s3.amazonaws.com/a.zarr', 'bucket'],
    ['https://example.org/a.zarr|zarr:labels/cell%20nuclei/', 'https://example.org/a.zarr/labels/cell%20nuclei', 'http'],
    ['gs://bucket/a.zarr/|zarr:#dimension_separator=/', 'https://storage.googleapis.com/bucket/a.zarr/', 'bucket'],
    ['zarr://https://example.org/a.zarr', 'https://example.org/a.zarr', 'http'],
    ['zarr://https://example.org/a.zarr?dimension_separator=/', 'https://example.org/a.zarr', 'http'],
    ['zarr2://gs://bucket/a.zarr', 'https://storage.googleapis.com/bucket/a.zarr', 'bucket'],
    ['zarr3://s3://bucket/a.zarr', 'https://bucket.s3.amazonaws.com/a.zarr', 'bucket'],
    // zips
    ['https://example.org/a.zip', 'https://example.org/a.zip', 'zip'],
    ['https://example.org/a.OZX?download=1', 'https://example.org/a.OZX?download=1', 'zip'],
    ['https://zenodo.org/api/records/1/files/a.zarr.zip/content', 'https://zenodo.org/api/records/1/files/a.zarr.zip/content', 'zip'],
    ['https://example.org/a.zip|zip:inner/b.zarr/|zarr3:', 'https://example.org/a.zip', 'zip'],
    ['https://example.org/files/77?x=1|zip:', 'https://example.org/files/77?x=1', 'zip'],
    ['s3://bucket/a.ozx', 'https://bucket.s3.amazonaws.com/a.ozx', 'zip'],
  ];
  for (const [text, url, kind] of cases) {
    test(text.trim(), () => {
      const found = source(text, 'https://host.test/dir/page.html');
      assert.equal(found.url, url);
      assert.equal(found.kind, kind);
    });
  }
  const inside: readonly (readonly [string, string | undefined])[] = [
    ['https://e.org/a.zip', undefined],
    ['https://e.org/a.zip|zip:', undefined],
    ['https://e.org/a.zip|zip:in%20ner/b.zarr/|zarr3:', 'in ner/b.zarr'],
    ['https://e.org/a.zip|zip:b.zarr|zarr:0/', 'b.zarr/0'],
    ['https://e.org/a.zip|zarr3:0/', '0'],
    ['https://e.org/a.zip|zip:b.zarr/zarr.json', 'b.zarr'],
    ['https://e.org/a.zip|zip:zarr.json', ''],
  ];
  for (const [text, inner] of inside) test(`inside the zip: ${text}`, () => assert.equal(source(text).inner, inner));
  test('the version is a hint', () => {
    assert.deepEqual(
      ['https://e.org/a|zarr2:', 'zarr3://https://e.org/a', 'https://e.org/a|zarr:', 'https://e.org/a'].map((text) => source(text).format),
      ['zarr2', 'zarr3', undefined, undefined],
    );
  });

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['', /received nothing/],
    ['n5://https://e.org/a', /one of https:\/\/, http:\/\/, s3:\/\/, gs:\/\/.*received "n5:\/\/https:\/\/e\.org\/a"/],
    ['precomputed://gs://b/a', /one of https:\/\//],
    ['az://container/a.zarr', /Azure shows/],
    ['https://e.org/a|n5:', /one of “\|zip:”, “\|zarr:”, “\|zarr2:”, “\|zarr3:” after the address, received “\|n5:”/],
    ['https://e.org/a|', /received “\|”/],
    ['https://e.org/a.zip|zip:b.zip|zip:c', /zip inside a zip/],
    ['https://e.org/a.zip|zip:../b', /leads out of it/],
    ['https://e.org/a.zip|zip:%', /percent-encoded/],
    ['file:///home/me/a.zarr', /Open a folder/],
    ['C:\\data\\a.zarr', /Open a folder/],
    ['\\\\server\\a.zarr', /Open a folder/],
    ['s3://', /Name the bucket/],
    ['https://', /Check it for typing errors/],
    ['javascript:alert(1)', /one of https:/],
    ['data:text/plain,x', /one of https:/],
  ];
  for (const [text, message] of wrong) {
    test(`${JSON.stringify(text)} is refused in words`, async () => {
      const reply = parseSource(text, undefined);
      assert.ok(!reply.found);
      assert.match(reply.error.message, message);
      const error = expectError(await openSource(text).get('zarr.json'), 'fix-data');
      assert.match(error.message, message);
    });
  }
});

test('secrets in an address are not shown', async () => {
  for (const text of ['https://me:pass@e.org/a?sig=secret|n5:', 'n5://e.org/a?sig=secret', 's3://b/a?sig=secret|zip:x|zip:y', 'https://e.org/a?sig=secret|zip:..']) {
    const store = openSource(text);
    const error = expectError(await store.get('zarr.json'), 'fix-data');
    assert.doesNotMatch(`${store.description} ${error.url} ${error.message}`, /secret|pass/);
    assert.match(store.description, /\?…/);
  }
});

describe('opened', () => {
  let server: TestServer;
  before(async () => {
    const files = new Map<string, Uint8Array | string>(contractFiles);
    server = await startServer([
      { prefix: '/data/', files },
      { prefix: '/zips/', files: new Map([['image.ozx', zipOfFiles(contractFiles)], ['77', zipOfFiles(new Map([...contractFiles].map(([key, data]) => [`in/${key}`, data])))]]) },
    ]);
  });
  after(() => server.close());
  beforeEach(() => server.clear());
  const places: readonly (readonly [string, () => string])[] = [
    ['plain', () => `${server.url}/data`],
    ['the address of a file in it', () => `${server.url}/data/zarr.json`],
    ['a zip', () => `${server.url}/zips/image.ozx`],
    ['a zip by its pipeline', () => `${server.url}/zips/77?sig=1|zip:in/|zarr3:`],
    ['s3+http', () => `s3+${server.url}/data`],
  ];
  for (const [what, place] of places) {
    describe(what, () => {
      const make = async (): Promise<Store> => {
        const store = openSource(place());
        // This server cannot be asked for lists; zips can.
        return what.includes('zip') ? store : { description: store.description, get: (key, how) => store.get(key, how) };
      };
      for (const { name, run } of storeContract(make)) test(name, run);
    });
  }
  test('a plain address is opened at once, not late', () => {
    assert.ok(!(openSource(`${server.url}/data`) instanceof LateStore));
    assert.ok(!(openSource('data/a.zarr', { base: server.url }) instanceof LateStore));
    assert.ok(openSource('s3://bucket/a.zarr') instanceof LateStore);
  });
  test('with a fetch of the page\'s own, which gives access', async () => {
    const seen: string[] = [];
    const fetch = (url: string, init: RequestInit): Promise<Response> => {
      seen.push(url);
      return globalThis.fetch(url, { ...init, headers: { ...init.headers, Authorization: 'Bearer x' } });
    };
    for (const text of [`${server.url}/data`, `${server.url}/data/zarr.json`, `${server.url}/zips/image.ozx`]) {
      server.clear();
      seen.length = 0;
      assert.ok((await openSource(text, { fetch }).get('zarr.json')).found);
      assert.ok(seen.length > 0 && server.log.every(({ headers }) => headers.authorization === 'Bearer x'));
    }
  });
  test('a part of the viewer that cannot be fetched is said, and asked for again', async () => {
    let tries = 0;
    const late = new LateStore('x.zip', async () => {
      if (++tries === 1) throw new Error('Failed to fetch');
      return openSource(`${server.url}/data`);
    });
    expectError(await late.get('zarr.json'), 'retry', 'Who runs this page');
    assert.ok((await late.get('zarr.json')).found);
  });
});

describe('buckets', () => {
  test('which bucket and folder an address means', () => {
    const places = (url: string, declared = false): string => bucketPlaces(url, declared).map(({ bucket, prefix }) => `${bucket} ${prefix}`).join(' or ');
    assert.equal(places('https://my.bucket.s3.amazonaws.com/a/b.zarr/'), 'https://my.bucket.s3.amazonaws.com/ a/b.zarr');
    assert.equal(places('https://b.s3.dualstack.eu-west-1.amazonaws.com/a'), 'https://b.s3.dualstack.eu-west-1.amazonaws.com/ a');
    assert.equal(places('https://s3.eu-west-1.amazonaws.com/my.bucket/a/b'), 'https://s3.eu-west-1.amazonaws.com/my.bucket/ a/b');
    assert.equal(places('https://s3-us-west-2.amazonaws.com/bucket/a'), 'https://s3-us-west-2.amazonaws.com/bucket/ a');
    assert.equal(places('https://storage.googleapis.com/bucket/a'), 'https://storage.googleapis.com/bucket/ a');
    assert.equal(places('https://uk1s3.embassy.ebi.ac.uk/idr/zarr/v0.4'), 'https://uk1s3.embassy.ebi.ac.uk/idr/ zarr/v0.4 or https://uk1s3.embassy.ebi.ac.uk/ idr/zarr/v0.4');
    assert.equal(places('https://example.org/a/b'), '');
    assert.equal(places('https://example.org/a/b', true), 'https://example.org/a/ b or https://example.org/ a/b');
  });

  const kPage = `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix>a/</Prefix>
    <IsTruncated>true</IsTruncated><NextContinuationToken>to&amp;ken</NextContinuationToken>
    <Contents><Key>a/</Key><Size>0</Size></Contents><Contents><Key>a/x &amp; y&#x20;&lt;1&gt;</Key><Size>12</Size></Contents>
    <Contents><Key>elsewhere/x</Key><Size>1</Size></Contents>
    <CommonPrefixes><Prefix>a/img.zarr/</Prefix></CommonPrefixes><CommonPrefixes><Prefix>a/labels/</Prefix></CommonPrefixes></ListBucketResult>`;
  test('a page of a list', () => {
    assert.deepEqual(parseListing(kPage, 'a/'), {
      entries: [{ name: 'img.zarr', kind: 'directory' }, { name: 'labels', kind: 'directory' }, { name: 'x & y <1>', kind: 'file', size: 12 }],
      next: 'to&ken',
    });
    assert.equal(parseListing('<html>', 'a/'), null);
  });

  const answer = (body: string, status = 200): Response => new Response(body, { status, headers: { 'Content-Type': 'application/xml' } });
  test('all pages are asked for, with the query of the address', async () => {
    const seen: URL[] = [];
    const fetch = async (url: string): Promise<Response> => {
      seen.push(new URL(url));
      return answer(seen.length === 1 ? kPage : kPage.replace('true', 'false').replace('img.zarr', 'last.zarr'));
    };
    const store = openStore(source('https://b.s3.amazonaws.com/a?key=1'), { fetch });
    const listing = await store.list?.('');
    assert.ok(listing?.found);
    assert.deepEqual(listing.entries.map(({ name }) => name), ['img.zarr', 'labels', 'x & y <1>', 'last.zarr', 'labels', 'x & y <1>']);
    assert.deepEqual(seen.map(({ search }) => search), ['?key=1&list-type=2&prefix=a%2F&delimiter=%2F', '?key=1&list-type=2&prefix=a%2F&delimiter=%2F&continuation-token=to%26ken']);
  });
  test('where both ways to name a bucket are possible, the one that answers is kept', async () => {
    const seen: string[] = [];
    const fetch = async (url: string): Promise<Response> => {
      seen.push(new URL(url).pathname);
      return seen.length === 1 ? answer('<Error><Code>NoSuchBucket</Code></Error>', 400) : answer(kPage.replace('true', 'false').replaceAll('a/', 'x/a/'));
    };
    const store = new BucketStore('https://s3.example.org/x/a', bucketPlaces('https://s3.example.org/x/a'), { fetch });
    assert.ok((await store.list('')).found);
    assert.ok((await store.list('')).found);
    assert.deepEqual(seen, ['/x/', '/', '/']);
  });
  const refused: readonly (readonly [number, string, string, string])[] = [
    [403, '<Error><Code>AccessDenied</Code></Error>', 'forbidden', 's3:ListBucket'],
    [503, '', 'retry', '503'],
    [200, 'hello', 'fix-data', 'not a ListBucketResult'],
    [200, '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>', 'missing', 'nothing under that name'],
  ];
  for (const [status, body, code, words] of refused) {
    test(`${status} ${body.slice(0, 30)}: ${code}`, async () => {
      const store = new BucketStore('https://b.s3.amazonaws.com/a', bucketPlaces('https://b.s3.amazonaws.com/a'), { fetch: async () => answer(body, status) });
      const listing = await store.list('0');
      assert.ok(!listing.found);
      assert.equal(listing.error.code, code);
      assert.ok(listing.error.message.includes(words), listing.error.message);
    });
  }
  test('a list without end is ended', async () => {
    let page = 0;
    const fetch = async (): Promise<Response> => answer(`<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>${++page}</NextContinuationToken>${Array.from({ length: 1000 }, (_, i) => `<CommonPrefixes><Prefix>a/${page}-${i}/</Prefix></CommonPrefixes>`).join('')}</ListBucketResult>`);
    const listing = await new BucketStore('https://b.s3.amazonaws.com/a', bucketPlaces('https://b.s3.amazonaws.com/a'), { fetch }).list('');
    assert.ok(!listing.found && listing.error.code === 'limit');
    assert.ok(page < 30);
    const same = async (): Promise<Response> => answer(kPage);
    assert.ok((await new BucketStore('https://b.s3.amazonaws.com/a', bucketPlaces('https://b.s3.amazonaws.com/a'), { fetch: same }).list('')).found);
  });
  test('nothing is listed before somebody asks', async () => {
    const seen: string[] = [];
    const fetch = async (url: string): Promise<Response> => {
      seen.push(url);
      return new Response(contractFiles.get('0/c/0/0')?.slice() ?? '');
    };
    const store = openSource('https://b.s3.amazonaws.com/a', { fetch });
    expectBytes(await store.get('0'), contractFiles.get('0/c/0/0') ?? new Uint8Array(0));
    assert.deepEqual(seen, ['https://b.s3.amazonaws.com/a/0']);
    assert.ok(store.list);
  });

  test('the region is learnt from Amazon\'s answer', async () => {
    const seen: string[] = [];
    const away = '<Error><Code>PermanentRedirect</Code><Endpoint>s3.eu-west-1.amazonaws.com</Endpoint></Error>';
    const fetch = async (url: string): Promise<Response> => {
      seen.push(url);
      return url.includes('eu-west-1') ? new Response('{}') : answer(away, 301);
    };
    const store = openStore(source('s3://my.bucket/a.zarr'), { fetch });
    assert.ok((await store.get('zarr.json')).found);
    assert.ok((await store.get('0/zarr.json')).found);
    assert.deepEqual(seen, [
      'https://s3.amazonaws.com/my.bucket/a.zarr/zarr.json',
      'https://s3.eu-west-1.amazonaws.com/my.bucket/a.zarr/zarr.json',
      'https://s3.eu-west-1.amazonaws.com/my.bucket/a.zarr/0/zarr.json',
    ]);
  });
  test('a region that is none is not followed', async () => {
    const seen: string[] = [];
    const fetch = regionalFetch(async (url) => {
      seen.push(url);
      return answer('<Endpoint>s3.evil.amazonaws.com</Endpoint>', 301);
    });
    assert.equal((await fetch('https://s3.amazonaws.com/b.c/a', {})).status, 301);
    assert.equal(seen.length, 1);
  });
});

test('the root of a dataset', () => {
  assert.equal(datasetRoot([]), '');
  assert.equal(datasetRoot(['a.txt', 'b/c.txt']), '');
  assert.equal(datasetRoot(['a/b/.zattrs', 'a/zarr.json', 'a/b/c/.zarray']), 'a');
  assert.equal(datasetRoot(['d/a1/.zattrs', 'd/a1/.zgroup', 'd/a2/.zattrs']), 'd');
  assert.equal(datasetRoot(['x/a/.zattrs', 'y/a/.zattrs']), '');
});
