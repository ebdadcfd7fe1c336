// From an address or a store to a study: which documents there are, what they say, and what is there.

import type { HttpStoreOptions } from '../stores/http.ts';
import { openSource } from '../stores/open.ts';
import type { Store } from '../stores/store.ts';
import { baseName } from './kinds.ts';
import { each, listStore } from './listing.ts';
import type { DocumentFile } from './messages.ts';
import { assemble, type Gallery, type Listing, type Study } from './model.ts';
import { StorePlaces, WebPlaces, type Places } from './places.ts';
import { DocumentReader } from './reader.ts';

export interface OpenStudyOptions {
  /** The folder of our files, with a slash. */
  readonly assets: string;
  readonly fetch?: HttpStoreOptions['fetch'];
  readonly base?: string | URL;
  readonly signal?: AbortSignal;
  /** What is being done, for people. */
  readonly onProgress?: (text: string) => void;
}

export interface OpenedStudy {
  readonly study: Study;
  readonly places: Places;
}

/** Why there is no study; its message is fit to be shown. */
export class StudyError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'StudyError';
  }
}

/** By name; whether it is one is told by its first bytes. */
const kDocument = /\.(ya?ml|json|jsonld|tsv|csv|xlsx)$/i;
const kPartOfZarr = /^(zarr\.json|\.z\w+)$/i;
/** What is looked for in a folder that its server does not list, the first one there counting. */
const kUsualNames: readonly string[] = [
  'ro-crate-metadata.json', 'mifa.yaml', 'mifa-metadata.yaml', 'mifa-metadata.json', 'rembi-metadata-with-mifa.yaml',
  'croissant.json', 'metadata.json', 'file_list.tsv', 'filelist.tsv',
];
/** Bytes by which a document is recognised. */
const kHead = 64 * 1024;
/** No document is longer: kMaximumMetadataBytes of src/mifa/study.h. */
const kMostBytes = 64 * 1024 * 1024;
/** Documents of a folder that are looked into, those nearest to its root first. */
const kMostDocuments = 100;
/** File lists that documents refer to. */
const kMostWanted = 50;

/** Whether an address is one of a study's document, by its name. */
export function namesDocument(address: string): boolean {
  const name = baseName(address);
  return kDocument.test(name) && !kPartOfZarr.test(name);
}

function aborted(): DOMException {
  return new DOMException('The study is no longer wanted', 'AbortError');
}

/** Opens what is at an address, or in a store: a document, or a folder. Rejects with a StudyError. */
export async function openStudy(source: string | Store, options: OpenStudyOptions): Promise<OpenedStudy> {
  const reader = new DocumentReader(options.assets);
  const end = (): void => reader.close();
  options.signal?.addEventListener('abort', end);
  try {
    if (typeof source !== 'string') return await new Opening(reader, new StorePlaces(source), source.description, options).folder(source);
    const url = addressOf(source, options.base);
    if (url && namesDocument(url.href)) {
      const folder = new URL('.', url);
      folder.search = url.search;
      const name = decodeURIComponent(baseName(url.pathname));
      return await new Opening(reader, new WebPlaces(folder, options), url.href, options).document(name);
    }
    const store = openSource(source, { ...(options.fetch ? { fetch: options.fetch } : {}), base: options.base });
    const places = url ? new WebPlaces(url, options) : new StorePlaces(store);
    return await new Opening(reader, places, store.description, options).folder(store);
  } finally {
    options.signal?.removeEventListener('abort', end);
    reader.close();
  }
}

function addressOf(source: string, base: string | URL | undefined): URL | null {
  if (!/^(https?:\/\/|(?![a-z0-9.+-]+:))/i.test(source.trim()) || source.includes('|')) return null;
  try {
    return new URL(source.trim(), base);
  } catch {
    return null;
  }
}

class Opening {
  readonly #reader: DocumentReader;
  readonly #places: Places;
  readonly #name: string;
  readonly #options: OpenStudyOptions;
  readonly #notes: string[] = [];

  constructor(reader: DocumentReader, places: Places, name: string, options: OpenStudyOptions) {
    this.#reader = reader;
    this.#places = places;
    this.#name = name;
    this.#options = options;
  }

  /** The study of one document, and of the file lists that it refers to. */
  async document(name: string): Promise<OpenedStudy> {
    this.#say(`Reading ${name} …`);
    const first = await this.#read(name);
    if ('message' in first) throw new StudyError(first.code, first.message);
    const gallery = await this.#galleryOf([first], []);
    if (!gallery) {
      throw new StudyError('unsupported', `Expected a document of a study in ${name} (MIFA, RO-Crate, PageTab, BIA API, Croissant or a file list), received something else. Give the address of the document, or of the folder with the images.`);
    }
    return this.#done(gallery, null);
  }

  /** The study in a folder: by its documents, else by its files. */
  async folder(store: Store): Promise<OpenedStudy> {
    this.#say('Looking for documents …');
    const listing = await listStore(store, { signal: this.#options.signal });
    this.#check();
    const documents = listing ? await this.#documentsOf(listing) : await this.#usualDocuments();
    const gallery = documents.length > 0 ? await this.#galleryOf(documents, listing?.paths ?? []) : null;
    if (!gallery && !listing) {
      throw new StudyError('missing', `Expected a study in ${this.#name}, received a place that gives no list of its files and has no ${kUsualNames.slice(0, 2).join(' or ')}. Give the address of the study's document.`);
    }
    if (!gallery) this.#notes.push('There is no metadata here: the images and annotations are those of the folder.');
    return this.#done(gallery, listing);
  }

  #done(gallery: Gallery | null, listing: Listing | null): OpenedStudy {
    const study = assemble(this.#name, gallery, listing, this.#notes);
    return { study, places: this.#places.below(gallery?.root ?? '') };
  }

  #say(text: string): void {
    this.#options.onProgress?.(text);
  }

  #check(): void {
    if (this.#options.signal?.aborted) throw aborted();
  }

  // --- documents

  async #read(path: string): Promise<DocumentFile | { readonly code: string; readonly message: string }> {
    const { store, key } = this.#places.file(path);
    const { signal } = this.#options;
    const reply = await store.get(key, { signal });
    this.#check();
    if (!reply.found) return reply.error;
    if (reply.bytes.length > kMostBytes) {
      return { code: 'limit', message: `Expected a document of at most ${kMostBytes >> 20} MiB, received ${path} with ${Math.ceil(reply.bytes.length / (1 << 20))} MiB. Split it.` };
    }
    return /\.xlsx$/i.test(path) ? spreadsheet(path, reply.bytes) : { name: path, bytes: reply.bytes };
  }

  /** The study with the most images of those in the documents; null where they are none of a study. */
  async #galleryOf(documents: readonly DocumentFile[], paths: readonly string[]): Promise<Gallery | null> {
    this.#say('Reading what the documents say …');
    let files = documents;
    let best = mainOf(await this.#reader.read(files, paths));
    const missing = (best?.wanted ?? []).filter((name) => !files.some((file) => baseName(file.name) === baseName(name)));
    if (missing.length > 0) {
      const lists = await Promise.all(missing.slice(0, kMostWanted).map((name) => this.#wantedList(name)));
      const found = lists.filter((list) => list !== null);
      if (found.length > 0) {
        files = [...files, ...found];
        best = mainOf(await this.#reader.read(files, paths)) ?? best;
      }
    }
    return best;
  }

  /** A list that a document names: beside it, or where BioStudies keeps it. */
  async #wantedList(name: string): Promise<DocumentFile | null> {
    const clean = decoded(name);
    const places = [clean, `Files/${clean}`, ...(/\.\w+$/.test(clean) ? [clean.replace(/\.\w+$/, '.json'), clean.replace(/\.\w+$/, '.tsv')] : [`${clean}.tsv`, `${clean}.json`])];
    let reason = '';
    for (const place of new Set(places)) {
      const file = await this.#read(place);
      if (!('message' in file)) return file;
      if (reason === '') reason = file.message;
      if (file.code !== 'missing') break;
    }
    this.#notes.push(`The file list “${clean}” cannot be read, so its files are not shown. ${reason}`);
    return null;
  }

  /** Those of the listed files that are documents. */
  async #documentsOf({ paths }: Listing): Promise<DocumentFile[]> {
    const depth = (path: string): number => path.split('/').length;
    const named = paths.filter((path) => namesDocument(path) && (!/\.zarr\//i.test(path))).sort((a, b) => depth(a) - depth(b));
    const heads = await each(named.slice(0, kMostDocuments), async (path): Promise<DocumentFile | null> => {
      const { store, key } = this.#places.file(path);
      const reply = await store.get(key, { range: { offset: 0, length: kHead }, signal: this.#options.signal });
      return reply.found ? { name: path, bytes: reply.bytes } : null;
    });
    const there = heads.filter((head) => head !== null);
    const sniffed = await this.#reader.sniff(there);
    const names = there.filter(({ name }, i) => sniffed[i] === true || /\.xlsx$/i.test(name)).map(({ name }) => name);
    return this.#readAll(names);
  }

  async #usualDocuments(): Promise<DocumentFile[]> {
    const files = await Promise.all(kUsualNames.map((name) => this.#read(name)));
    const found = files.filter((file): file is DocumentFile => 'bytes' in file);
    // A server that answers everything with its start page has none of them.
    const sniffed = await this.#reader.sniff(found);
    const first = found.find((_, i) => sniffed[i]);
    const lists = found.filter((file, i) => sniffed[i] && file !== first && /file_?list/.test(file.name));
    return first ? [first, ...lists] : [];
  }

  async #readAll(names: readonly string[]): Promise<DocumentFile[]> {
    const files = await each(names, (name) => this.#read(name));
    return files.filter((file): file is DocumentFile => {
      if ('bytes' in file) return true;
      this.#notes.push(file.message);
      return false;
    });
  }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** The study among them that shows most; crates of single images are none. */
function mainOf(galleries: readonly Gallery[]): Gallery | null {
  let best: Gallery | null = null;
  for (const gallery of galleries) {
    const weight = ({ images, annotations, offered, containers }: Gallery): number => images.length + annotations.length + offered.length + containers.length / 100;
    if (!best || weight(gallery) > weight(best)) best = gallery;
  }
  return best;
}

/** A spreadsheet is a zip of XML files. */
async function spreadsheet(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<DocumentFile> {
  const { unzipped } = await import('./spreadsheet.ts');
  return { name, bytes: new Uint8Array(0), members: await unzipped(bytes) };
}
