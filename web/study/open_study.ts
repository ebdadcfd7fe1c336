// From an address or a store to a study: which documents there are, what they say, and what is there.

import { HttpStore, type HttpStoreOptions } from '../stores/http.ts';
import { openZip } from '../stores/late.ts';
import { openSource } from '../stores/open.ts';
import type { Store } from '../stores/store.ts';
import { baseName } from './kinds.ts';
import { each, listStore } from './listing.ts';
import type { DocumentFile } from './messages.ts';
import type { Gallery, Listing } from './model.ts';
import { OpenedStudies } from './opened_studies.ts';
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
const kZip = /\.(zip|ozx)$/i;
const kInside = 'This image is inside of a zip or a bucket: other programs need it unpacked, or an address of its own.';
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
export async function openStudies(source: string | Store, options: OpenStudyOptions): Promise<OpenedStudies> {
  const reader = new DocumentReader(options.assets);
  const end = (): void => reader.close();
  options.signal?.addEventListener('abort', end);
  try {
    return await openingOf(source, reader, options);
  } catch (error) {
    reader.close();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', end);
  }
}

function openingOf(source: string | Store, reader: DocumentReader, options: OpenStudyOptions): Promise<OpenedStudies> {
  if (typeof source !== 'string') return new Opening(reader, new StorePlaces(source), source.description, options).folder(source);
  const url = addressOf(source, options.base);
  if (url && namesDocument(url.href)) {
    const folder = new URL('.', url);
    folder.search = url.search;
    const name = decodeURIComponent(baseName(url.pathname));
    return new Opening(reader, new WebPlaces(folder, options), url.href, options).document(name);
  }
  const http = options.fetch ? { fetch: options.fetch } : {};
  // All of the zip, not the one image in it.
  const store = url && kZip.test(url.pathname) ? openZip(new HttpStore(url, http), '') : openSource(source, { ...http, base: options.base });
  const places = url && !kZip.test(url.pathname) ? new WebPlaces(url, options) : new StorePlaces(store, kInside);
  return new Opening(reader, places, store.description, options).folder(store);
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
  async document(name: string): Promise<OpenedStudies> {
    this.#say(`Reading ${name} …`);
    const first = await this.#read(name);
    if ('message' in first) throw new StudyError(first.code, first.message);
    const galleries = await this.#galleriesOf([first], []);
    if (galleries.length === 0) {
      throw new StudyError('unsupported', `Expected a document of a study in ${name} (MIFA, RO-Crate, PageTab, BIA API, Croissant or a file list), received something else. Give the address of the document, or of the folder with the images.`);
    }
    return this.#done(galleries, null);
  }

  /** The studies in a folder: by their documents, else by its files. */
  async folder(store: Store): Promise<OpenedStudies> {
    this.#say('Looking for documents …');
    const listing = await listStore(store, { signal: this.#options.signal });
    this.#check();
    const documents = listing ? await this.#documentsOf(listing) : await this.#usualDocuments();
    const galleries = documents.length > 0 ? await this.#galleriesOf(documents, listing?.paths ?? []) : [];
    const described = galleries.some(({ single }) => !single);
    if (!described && !listing) {
      throw new StudyError('missing', `Expected a study in ${this.#name}, received a place that gives no list of its files and has no ${kUsualNames.slice(0, 2).join(' or ')}. Give the address of the study's document.`);
    }
    if (!described) this.#notes.push('There is no metadata of a study here: the images and annotations are those of the folder.');
    return this.#done(galleries, listing);
  }

  #done(galleries: readonly Gallery[], listing: Listing | null): OpenedStudies {
    return new OpenedStudies({ name: this.#name, galleries, listing, notes: this.#notes, places: this.#places, reader: this.#reader });
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
    return { name: path, bytes: reply.bytes };
  }

  /** The studies in the documents; none where they are of none. */
  async #galleriesOf(documents: readonly DocumentFile[], paths: readonly string[]): Promise<readonly Gallery[]> {
    this.#say('Reading what the documents say …');
    const galleries = await this.#reader.read(documents, paths);
    const wanted = new Set(galleries.flatMap((gallery) => gallery.wanted));
    const missing = [...wanted].filter((name) => !documents.some((file) => baseName(file.name) === baseName(name)));
    const lists = await Promise.all(missing.slice(0, kMostWanted).map((name) => this.#wantedList(name)));
    const found = lists.filter((list) => list !== null);
    return found.length > 0 ? this.#reader.read([...documents, ...found], paths) : galleries;
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
