// Folders on this computer, in the three forms browsers give them: handles (File System Access), the
// entries of a drop, and flat lists of files (<input webkitdirectory>). All are looked into as needed:
// a dataset has more files than anybody wants to count first.

import type { StoreEntry } from './store.ts';

/** A folder that can be looked into. Every method may reject with a DOMException. */
export interface Folder {
  readonly name: string;
  /** null: there is no such file. */
  file(name: string): Promise<File | null>;
  /** null: there is no such folder. */
  folder(name: string): Promise<Folder | null>;
  entries(): AsyncIterable<StoreEntry>;
}

function isAbsence(error: unknown): boolean {
  // TypeMismatchError: a file of that name where a folder is asked for, or the other way round.
  // TypeError: a name that the browser never gives out ("con", "a:b" in some systems).
  return (
    (error instanceof DOMException && (error.name === 'NotFoundError' || error.name === 'TypeMismatchError')) ||
    error instanceof TypeError
  );
}

async function orNull<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
}

/** A FileSystemDirectoryHandle: showDirectoryPicker(), or the origin's private file system. */
export class HandleFolder implements Folder {
  readonly name: string;
  readonly #handle: FileSystemDirectoryHandle;

  constructor(handle: FileSystemDirectoryHandle) {
    this.#handle = handle;
    this.name = handle.name;
  }

  async file(name: string): Promise<File | null> {
    const handle = await orNull(this.#handle.getFileHandle(name));
    return handle && orNull(handle.getFile());
  }

  async folder(name: string): Promise<Folder | null> {
    const handle = await orNull(this.#handle.getDirectoryHandle(name));
    return handle && new HandleFolder(handle);
  }

  async *entries(): AsyncGenerator<StoreEntry> {
    for await (const { name, kind } of this.#handle.values()) yield { name, kind };
  }
}

/** A FileSystemDirectoryEntry: what DataTransferItem.webkitGetAsEntry() gives for a dropped folder. */
export class EntryFolder implements Folder {
  readonly name: string;
  readonly #entry: FileSystemDirectoryEntry;

  constructor(entry: FileSystemDirectoryEntry) {
    this.#entry = entry;
    this.name = entry.name;
  }

  async file(name: string): Promise<File | null> {
    const entry = await orNull(new Promise<FileSystemEntry>((resolve, reject) => this.#entry.getFile(name, {}, resolve, reject)));
    return entry && fileOfEntry(entry as FileSystemFileEntry);
  }

  async folder(name: string): Promise<Folder | null> {
    const entry = await orNull(new Promise<FileSystemEntry>((resolve, reject) => this.#entry.getDirectory(name, {}, resolve, reject)));
    return entry && new EntryFolder(entry as FileSystemDirectoryEntry);
  }

  async *entries(): AsyncGenerator<StoreEntry> {
    const reader = this.#entry.createReader();
    for (;;) {
      // A hundred at a time; none: that was all.
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) return;
      for (const { name, isDirectory } of some) yield { name, kind: isDirectory ? 'directory' : 'file' };
    }
  }
}

export function fileOfEntry(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A folder of which everything is known: made of a list of files, or of several dropped things. */
export class KnownFolder implements Folder {
  readonly name: string;
  readonly #children = new Map<string, File | Folder>();

  constructor(name: string) {
    this.name = name;
  }

  add(name: string, child: File | Folder): void {
    this.#children.set(name, child);
  }

  /** The folder of that name, made if it is not there. */
  within(name: string): KnownFolder {
    const known = this.#children.get(name);
    if (known instanceof KnownFolder) return known;
    const made = new KnownFolder(name);
    this.#children.set(name, made);
    return made;
  }

  async file(name: string): Promise<File | null> {
    const child = this.#children.get(name);
    return child instanceof File ? child : null;
  }

  async folder(name: string): Promise<Folder | null> {
    const child = this.#children.get(name);
    return child === undefined || child instanceof File ? null : child;
  }

  async *entries(): AsyncGenerator<StoreEntry> {
    for (const [name, child] of this.#children) {
      // Without its size: that is a trip to the browser's own process, for every file.
      yield { name, kind: child instanceof File ? 'file' : 'directory' };
    }
  }
}

/** Files sorted between two pauses, so that the page stays alive with a hundred thousand of them. */
const kFilesAtOnce = 10_000;

/** The folder that <input webkitdirectory> was given: every file has its path in webkitRelativePath. */
export async function folderOfFiles(files: Iterable<File>): Promise<Folder> {
  const top = new KnownFolder('');
  let count = 0;
  let folder: KnownFolder = top;
  let path = '';
  for (const file of files) {
    const whole = file.webkitRelativePath || file.name;
    const slash = whole.lastIndexOf('/');
    // Neighbours in the list are mostly neighbours in a folder.
    if (whole.slice(0, Math.max(slash, 0)) !== path || count === 0) {
      path = whole.slice(0, Math.max(slash, 0));
      folder = path === '' ? top : path.split('/').reduce((parent: KnownFolder, name) => parent.within(name), top);
    }
    folder.add(whole.slice(slash + 1), file);
    if (++count % kFilesAtOnce === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  const tops: StoreEntry[] = [];
  for await (const entry of top.entries()) tops.push(entry);
  const [only] = tops;
  return tops.length === 1 && only?.kind === 'directory' ? top.within(only.name) : top;
}
