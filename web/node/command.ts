// `npx mifascope`: the command of src/cli over node:fs and fetch, with the same arguments and the same
// bytes. The checks run in WebAssembly.

import * as fs from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import createValidator from 'wasm:validator';
import { diagnose, diagnosisText } from '../doctor/doctor.ts';
import { ValidationError, type ReportFormat, type ValidationAnswer, type ValidationProgress, type ValidationRequest } from '../validation/report.ts';
import { BlobStore } from '../stores/blob.ts';
import { ZipStore } from '../stores/zip.ts';
import { answerFrom, RequestLine } from '../validation/store_answers.ts';
import { putDocument } from '../validation/study_program.ts';
import { Look, ValidationRun, type Task } from '../validation/validator.ts';

const kHelp = `Checks and describes annotated microscopy images.

mifascope validate PLACE [--format text|json|html|csv|junit] [--all-chunks] [--checksums] [--config FILE] [--output FILE]
mifascope info PLACE [--json]
mifascope convert-metadata FILE… --to bia-agent|pagetab|ro-crate|croissant [--output FOLDER]
mifascope doctor URL

PLACE is a folder, a zip or a URL. Exit codes: 0 no errors, 1 errors, 2 nothing could be checked.
"doctor" tests whether pages of other sites can read a data server, and says what to mend.
`;
const kFormats: readonly string[] = ['text', 'json', 'html', 'csv', 'junit'];

type Answer = (request: ValidationRequest) => Promise<ValidationAnswer>;

function failed({ id, key }: ValidationRequest, error: unknown): ValidationAnswer {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return { id, key, kind: 'missing' };
  return { id, key, kind: 'failed', code: code === 'EACCES' || code === 'EPERM' ? 'forbidden' : 'retry', message };
}

/** Node 18 cannot read a Blob from a file part by part. */
async function blobOf(path: string): Promise<Blob> {
  return 'openAsBlob' in fs ? await fs.openAsBlob(path) : new Blob([await readFile(path)]);
}

async function readPart(path: string, { offset, length }: NonNullable<ValidationRequest['range']>): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}

function folderAnswers(root: string): Answer {
  return async (request) => {
    const { id, key, kind, range } = request;
    const path = join(root, key);
    try {
      if (kind !== 'list') return { id, key, kind: 'found', bytes: range ? await readPart(path, range) : await readFile(path) };
      const entries: [string, boolean, number][] = [];
      for (const entry of await readdir(path, { withFileTypes: true })) {
        const info = await stat(join(path, entry.name)).catch(() => null);
        entries.push([entry.name, info?.isDirectory() ?? false, info?.isFile() ? info.size : -1]);
      }
      return { id, key, kind: 'listed', entries };
    } catch (error) {
      return failed(request, error);
    }
  };
}

function serverAnswers(address: string): Answer {
  const url = new URL(address);
  const base = url.pathname.replace(/\/*$/, '');
  return async ({ id, key, kind, range }) => {
    if (kind === 'list') return { id, key, kind: 'listed', entries: null };
    const target = new URL(url);
    target.pathname = `${base}/${key.split('/').map(encodeURIComponent).join('/')}`;
    try {
      const headers = range ? { Range: `bytes=${range.offset}-${range.offset + range.length - 1}` } : {};
      const response = await fetch(target, { headers });
      if (range && response.status === 416) return { id, key, kind: 'found', bytes: new Uint8Array() };
      if (range && response.status === 200) {
        // Servers may send all of it.
        const bytes = new Uint8Array(await response.arrayBuffer());
        return { id, key, kind: 'found', bytes: bytes.subarray(range.offset, range.offset + range.length) };
      }
      if (response.ok) return { id, key, kind: 'found', bytes: new Uint8Array(await response.arrayBuffer()) };
      const { status } = response;
      if (status === 404 || status === 410) return { id, key, kind: 'missing' };
      const message = `expected the file ${address}/${key}, received HTTP ${status}`;
      return { id, key, kind: 'failed', code: status === 429 || status >= 500 ? 'retry' : 'forbidden', message };
    } catch (error) {
      return { id, key, kind: 'failed', code: 'retry', message: `expected an answer from ${address}/${key}, received: ${String(error)}` };
    }
  };
}

async function answersOf(place: string): Promise<Answer> {
  if (/^https?:\/\//.test(place)) return serverAnswers(place);
  const path = place.startsWith('file://') ? fileURLToPath(place) : place;
  const info = await stat(path).catch(() => null);
  if (!info) throw new ValidationError('missing', `expected a folder, a zip or a URL, received ${place}, which is not there`);
  if (info.isDirectory()) return folderAnswers(path);
  if (Buffer.from(await readPart(path, { offset: 0, length: 2 })).toString('latin1') !== 'PK') {
    throw new ValidationError('unsupported', `expected a folder, a zip (.zip, .ozx) or a URL, received the file ${path}`);
  }
  const zip = new ZipStore(new BlobStore(await blobOf(path), place), '', { root: '' });
  return (request) => answerFrom(zip, request);
}

/** Gives a task what it asks for, until it asks for nothing more. */
function drive(task: Task, answer: Answer, told: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let open = 0;
    const ask = (): void => {
      const requests = task.requests();
      open += requests.length;
      if (open === 0) return resolve();
      line.add(requests);
    };
    const line = new RequestLine(answer, (answered) => {
      try {
        task.answer(answered);
        --open;
        told();
        ask();
      } catch (error) {
        reject(error);
      }
    });
    ask();
  });
}

function program(): ReturnType<typeof createValidator> {
  return createValidator({ wasmBinary: fs.readFileSync(new URL('validator.wasm', import.meta.url)) });
}

function progressLine(): { tell(progress: () => ValidationProgress): void; clear(): void } {
  let last = 0;
  const shown = process.stderr.isTTY;
  return {
    tell(progress) {
      if (!shown || Date.now() - last < 100) return;
      last = Date.now();
      const { phase, files, nodes, nodesDone, chunks, chunksDone } = progress();
      process.stderr.write(`\r\x1b[K${phase}: ${files} files, ${nodesDone} of ${nodes} groups and arrays, ${chunksDone} of ${chunks} chunks`);
    },
    clear() {
      if (shown) process.stderr.write('\r\x1b[K');
    },
  };
}

async function runValidate(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { format: { type: 'string', default: 'text' }, 'all-chunks': { type: 'boolean' }, checksums: { type: 'boolean' }, config: { type: 'string' }, output: { type: 'string' } },
  });
  const [place] = positionals;
  if (place === undefined || positionals.length > 1) throw new ValidationError('fix-data', `expected one place, received ${positionals.length}`);
  if (!kFormats.includes(values.format)) throw new ValidationError('fix-data', `expected one of ${kFormats.join(', ')}, received the format ${values.format}`);
  const configuration = values.config === undefined ? undefined : await readFile(values.config, 'utf8');
  const answers = await answersOf(place);
  const run = new ValidationRun(await program(), place, { allChunks: values['all-chunks'], checksums: values.checksums, configuration, configurationName: values.config, now: Math.floor(Date.now() / 1000) });
  const line = progressLine();
  await drive(run, answers, () => line.tell(() => run.progress()));
  line.clear();
  const text = run.report(values.format as ReportFormat);
  const { counts } = JSON.parse(run.report('json')) as { readonly counts: { readonly errors: number } };
  if (values.output === undefined) await write(text);
  else fs.writeFileSync(values.output, text);
  return counts.errors > 0 ? 1 : 0;
}

/** An origin that no server knows by name. */
const kDoctorsOrigin = 'https://mifascope.example';

async function runDoctor(args: readonly string[]): Promise<number> {
  const [url] = args;
  if (url === undefined || args.length > 1) {
    process.stderr.write(`mifascope doctor: expected one URL, received ${args.length}.\n`);
    return 2;
  }
  const diagnosis = await diagnose(url, { origin: kDoctorsOrigin });
  process.stdout.write(diagnosisText(diagnosis));
  return diagnosis.verdict === 'error' ? 1 : 0;
}

async function runInfo(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { json: { type: 'boolean', default: false } } });
  const [place] = positionals;
  if (place === undefined || positionals.length > 1) throw new ValidationError('fix-data', `expected one place, received ${positionals.length}`);
  const answers = await answersOf(place);
  const look = new Look(await program(), place);
  // Names in OME-XML are left out, as the native command does.
  await drive(look, (request) => (request.key.endsWith('METADATA.ome.xml') ? Promise.resolve({ ...request, kind: 'missing' }) : answers(request)), () => undefined);
  await write(look.text(values.json));
  return 0;
}

interface Conversion {
  readonly outcome: 'clean' | 'errors' | 'not-run';
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly messages: string;
}

async function runConvert(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { to: { type: 'string' }, output: { type: 'string' } } });
  if (positionals.length === 0) throw new ValidationError('fix-data', 'expected metadata files, received none');
  if (values.to === undefined) throw new ValidationError('fix-data', 'expected --to with the container to write, received none');
  const target = await program();
  for (const path of positionals) {
    const bytes = await readFile(path).catch(() => null);
    if (!bytes) throw new ValidationError('missing', `expected a file that can be read, received ${path}`);
    putDocument(target, path, bytes);
  }
  const { outcome, files, messages } = JSON.parse(target._convertStudies(values.to, values.output !== undefined)) as Conversion;
  process.stderr.write(messages);
  for (const { name, text } of files) {
    if (values.output === undefined) await write(text);
    else fs.writeFileSync(join(values.output, name), text);
  }
  return { clean: 0, errors: 1, 'not-run': 2 }[outcome];
}

/** All of it, also into a pipe that is read slowly. */
function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));
}

async function main([command, ...rest]: string[]): Promise<number> {
  if (command === undefined || command === '--help' || command === '-h' || rest.includes('--help')) {
    await write(kHelp);
    return command === undefined ? 2 : 0;
  }
  try {
    if (command === 'validate') return await runValidate(rest);
    if (command === 'info') return await runInfo(rest);
    if (command === 'convert-metadata') return await runConvert(rest);
    if (command === 'doctor') return await runDoctor(rest);
    throw new ValidationError('fix-data', `expected validate, info, convert-metadata or doctor, received ${command}`);
  } catch (error) {
    process.stderr.write(`mifascope: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
