// Runs inside the browser of stores_directory_browser.test.ts.

import { DirectoryStore, openFolder } from '../../web/stores/directory.ts';
import { openDropped, openFileList } from '../../web/stores/dropped.ts';
import { EntryFolder, folderOfFiles, HandleFolder, type Folder } from '../../web/stores/folders.ts';
import type { GetOptions, Store, StoreError } from '../../web/stores/store.ts';
import { takeDropped } from '../../web/page/local.ts';
import { contractFiles, storeContract } from './store_contract.ts';

export interface DirectoryPage {
  /** Contract cases against what was last opened: null where one passes. */
  contract(): Promise<{ name: string; error: string | null }[]>;
  /** Opens what the page's file input was given. */
  openInput(asIs: boolean): Promise<string>;
  /** Opens what was last dropped on the page. */
  openDrop(asIs: boolean): Promise<string>;
  /** Makes a folder in the origin's private file system, the contract's files in it, and opens that. */
  openPrivate(): Promise<string>;
  removePrivate(key?: string): Promise<void>;
  writePrivate(key: string, text: string): Promise<void>;
  text(key: string, options?: Pick<GetOptions, 'range'>): Promise<string | StoreError>;
  names(prefix: string): Promise<string>;
  /** A folder of so many files: milliseconds to sort them, the longest time without a pause, and how many the last folder has. */
  many(count: number): Promise<{ took: number; longest: number; listed: number }>;
}

const kPrivate = 'contract.zarr';
let store: Store | null = null;
let dropped: ReturnType<typeof takeDropped> | null = null;

addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  if (event.dataTransfer) dropped = takeDropped(event.dataTransfer);
});

function opened(): Store {
  if (!store) throw new Error('nothing is open');
  return store;
}

function use(made: Store): string {
  store = made;
  return made.description;
}

const asIsStore = (folder: Folder): Store => new DirectoryStore(folder);

async function privateFile(key: string): Promise<FileSystemFileHandle> {
  let folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(kPrivate, { create: true });
  const names = key.split('/');
  for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
  return folder.getFileHandle(names.at(-1) ?? '', { create: true });
}

async function write(key: string, content: FileSystemWriteChunkType): Promise<void> {
  const stream = await (await privateFile(key)).createWritable();
  await stream.write(content);
  await stream.close();
}

const page: DirectoryPage = {
  async contract() {
    const results = [];
    for (const { name, run } of storeContract(async () => opened())) {
      results.push({ name, error: await run().then(() => null, (thrown: unknown) => String(thrown)) });
    }
    return results;
  },
  async openInput(asIs) {
    const files = [...(document.querySelector('input')?.files ?? [])];
    return use(asIs ? asIsStore(await folderOfFiles(files)) : await openFileList(files));
  },
  async openDrop(asIs) {
    for (let waited = 0; !dropped && waited < 5000; waited += 10) await new Promise((done) => setTimeout(done, 10));
    const what = dropped;
    dropped = null;
    if (!what) throw new Error('nothing was dropped');
    const [folder] = what.folders;
    return use(asIs && folder ? asIsStore(new EntryFolder(folder)) : await openDropped(what));
  },
  async openPrivate() {
    for (const [key, content] of contractFiles) await write(key, content.slice());
    const handle = await (await navigator.storage.getDirectory()).getDirectoryHandle(kPrivate);
    return use(await openFolder(new HandleFolder(handle)));
  },
  async removePrivate(key) {
    let folder = await navigator.storage.getDirectory();
    const names = key === undefined ? [kPrivate] : [kPrivate, ...key.split('/')];
    for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name);
    await folder.removeEntry(names.at(-1) ?? '', { recursive: true });
  },
  writePrivate: write,
  async text(key, options = {}) {
    const reply = await opened().get(key, options);
    return reply.found ? new TextDecoder().decode(reply.bytes) : reply.error;
  },
  async names(prefix) {
    const listing = await opened().list?.(prefix);
    if (!listing?.found) return listing?.error.message ?? 'no list';
    return listing.entries.map(({ name, kind }) => (kind === 'directory' ? `${name}/` : name)).sort().join(' ');
  },
  async many(count) {
    // Not real ones: making a hundred thousand of those takes half a minute.
    const files = Array.from({ length: count }, (_, i): File => {
      const path = i === 0 ? 'big.zarr/.zattrs' : `big.zarr/0/${i >> 10}/${i & 1023}`;
      const properties = { name: { value: path.slice(path.lastIndexOf('/') + 1) }, webkitRelativePath: { value: path } };
      return Object.create(File.prototype, properties) as File;
    });
    let longest = 0;
    let last = performance.now();
    const ticks = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    });
    const started = performance.now();
    use(await openFileList(files));
    const took = performance.now() - started;
    clearInterval(ticks);
    const last1024 = await opened().list?.(`0/${(count - 1) >> 10}`);
    return { took, longest, listed: last1024?.found ? last1024.entries.length : -1 };
  },
};

const input = document.createElement('input');
input.type = 'file';
input.webkitdirectory = true;
document.body.append(input);
Object.assign(globalThis, { page, ready: true });
