// What every store must do, whatever it reads from. Runs in Node and in a browser alike, so it knows
// no test runner: a case throws if the store breaks its word.
//
//   for (const { name, run } of storeContract(makeStore)) test(name, run);

import type { Store, StoreErrorCode, StoreReply } from '../../web/stores/store.ts';

function counted(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 7) % 251);
}

/** The files that the store under test is made of. */
export const contractFiles: ReadonlyMap<string, Uint8Array> = new Map([
  ['zarr.json', new TextEncoder().encode('{"zarr_format": 3, "node_type": "group"}')],
  ['0/c/0/0', counted(1000)],
  ['0/c/0/1', new Uint8Array(0)],
  ['labels/cell nuclei/.zattrs', counted(20)],
  ['labels/100% #1?a=b&c+d/0', counted(30)],
  ['labels/%20 zellkörper 细胞/0', counted(40)],
  ['labels/a:b;c@d,e=f$g!h~i(j)k*l\'m[n]o/0', counted(50)],
]);

export interface ContractCase {
  readonly name: string;
  readonly run: () => Promise<void>;
}

export function storeContract(makeStore: () => Promise<Store>): readonly ContractCase[] {
  const cases: ContractCase[] = [];
  const add = (name: string, run: (store: Store) => Promise<void>): void => {
    cases.push({ name, run: async () => run(await makeStore()) });
  };

  for (const [key, content] of contractFiles) {
    add(`gives ${JSON.stringify(key)} whole`, async (store) => {
      const reply = await store.get(key);
      expectBytes(reply, content);
      equal(reply.found && reply.total, content.length, 'total');
    });
  }

  const kFile = '0/c/0/0';
  const content = contractFiles.get(kFile) ?? new Uint8Array(0);
  const ranges = [
    { what: 'the middle', range: { offset: 100, length: 50 }, begin: 100, end: 150 },
    { what: 'the first byte', range: { offset: 0, length: 1 }, begin: 0, end: 1 },
    { what: 'all of it', range: { offset: 0, length: 1000 }, begin: 0, end: 1000 },
    { what: 'more than there is', range: { offset: 990, length: 50 }, begin: 990, end: 1000 },
    { what: 'the end', range: { suffix: 20 }, begin: 980, end: 1000 },
    { what: 'an end longer than the file', range: { suffix: 5000 }, begin: 0, end: 1000 },
  ];
  for (const { what, range, begin, end } of ranges) {
    add(`gives a part: ${what}`, async (store) => {
      const reply = await store.get(kFile, { range });
      expectBytes(reply, content.subarray(begin, end));
    });
  }

  add('gives parts of one file to many readers at once', async (store) => {
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, i) => store.get(kFile, { range: { offset: i * 80, length: 80 } })),
    );
    replies.forEach((reply, i) => expectBytes(reply, content.subarray(i * 80, i * 80 + 80)));
  });
  add('refuses a part past the end', async (store) => {
    expectError(await store.get(kFile, { range: { offset: 1000, length: 1 } }), 'fix-data', '1000');
  });
  add('refuses the end of an empty file', async (store) => {
    expectError(await store.get('0/c/0/1', { range: { suffix: 4 } }), 'fix-data');
  });
  for (const range of [
    { offset: -1, length: 5 },
    { offset: 0, length: 0 },
    { offset: 0.5, length: 1 },
    { offset: Number.NaN, length: 1 },
    { offset: 2 ** 53, length: 1 },
    { suffix: 0 },
  ]) {
    add(`refuses the range ${JSON.stringify(range)}`, async (store) => {
      expectError(await store.get(kFile, { range }), 'fix-data', 'Expected');
    });
  }

  for (const key of ['1/c/0/0', '0/c/0', '0/c/0/0/0', 'ZARR.JSON', 'zarr']) {
    add(`says that ${key} is missing, and where it looked`, async (store) => {
      const error = expectError(await store.get(key), 'missing', 'Expected');
      check(error.url.replace(/\?…$/, '').endsWith(key), `url ${error.url} should name ${key}`);
      expectError(await store.get(key, { range: { offset: 0, length: 8 } }), 'missing');
      expectError(await store.get(key, { range: { suffix: 8 } }), 'missing');
    });
  }
  for (const key of ['../secret', '0/../../secret', '..']) {
    add(`refuses ${key}, which leads out of the dataset`, async (store) => {
      expectError(await store.get(key), 'fix-data', 'leads out of it');
    });
  }
  add('takes superfluous slashes', async (store) => {
    expectBytes(await store.get('/0//c/./0/0/'), content);
  });

  add('answers a cancelled request with "aborted"', async (store) => {
    const before = AbortSignal.abort();
    expectError(await store.get(kFile, { signal: before }), 'aborted');
    const controller = new AbortController();
    const replies = [
      store.get(kFile, { signal: controller.signal }),
      store.get(kFile, { signal: controller.signal, range: { offset: 0, length: 9 } }),
      store.get(kFile, { signal: controller.signal, range: { suffix: 9 } }),
    ];
    controller.abort();
    for (const reply of replies) expectError(await reply, 'aborted');
    expectBytes(await store.get(kFile), content);
  });

  add('gives bytes that the caller may change and transfer', async (store) => {
    for (const range of [undefined, { offset: 10, length: 10 }, { offset: 10, length: 10 }]) {
      const reply = await store.get(kFile, { range });
      if (!reply.found) throw new Error(reply.error.message);
      equal(reply.bytes.buffer.byteLength, reply.bytes.length, 'size of the buffer');
      expectBytes(reply, range ? content.subarray(10, 20) : content);
      reply.bytes.fill(255);
      structuredClone(reply.bytes.buffer, { transfer: [reply.bytes.buffer] });
    }
  });

  add('lists a folder, if it lists at all', async (store) => {
    if (!store.list) return;
    const names = async (prefix: string): Promise<string> => {
      const listing = await store.list?.(prefix);
      if (!listing?.found) throw new Error(listing?.error.message);
      return listing.entries.map(({ name, kind }) => `${kind} ${name}`).sort().join(', ');
    };
    equal(await names(''), 'directory 0, directory labels, file zarr.json', 'the root');
    equal(await names('0/c/0'), 'file 0, file 1', 'a folder');
    const none = await store.list('nothing');
    check(!none.found && none.error.code === 'missing', 'no such folder');
  });

  return cases;
}

function check(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}

function equal(received: unknown, expected: unknown, what: string): void {
  check(received === expected, `${what}: expected ${String(expected)}, received ${String(received)}`);
}

export function expectBytes(reply: StoreReply, expected: Uint8Array): void {
  if (!reply.found) throw new Error(`expected bytes, received ${JSON.stringify(reply.error)}`);
  equal(reply.bytes.length, expected.length, 'length');
  const wrong = reply.bytes.findIndex((byte, index) => byte !== expected[index]);
  check(wrong === -1, `byte ${wrong} differs`);
}

/** Checks the code and that the message holds `text`; gives the error for more. */
export function expectError(
  reply: StoreReply,
  code: StoreErrorCode,
  text = '',
): { readonly url: string; readonly message: string; readonly status: number } {
  if (reply.found) throw new Error(`expected ${code}, received ${reply.bytes.length} bytes`);
  const { error } = reply;
  check(error.code === code, `expected ${code}, received ${JSON.stringify(error)}`);
  check(error.message.includes(text), `expected “${text}” in: ${error.message}`);
  return error;
}
