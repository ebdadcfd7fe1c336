// Cuts a stream of bytes into windows for the worker, unpacked where they are gzip.

import { AnnotationError } from './messages.ts';

/** Small enough that a window costs the worker some milliseconds, large enough that messages do not matter. */
export const kWindowBytes = 1024 * 1024;

type Bytes = Uint8Array<ArrayBuffer>;

/** Windows of kWindowBytes, the last one shorter; each has a buffer of its own. `spare`: windows that are done with, taken from here when there are any. */
export async function* windowsOf(body: ReadableStream<Bytes>, onBytes: (bytes: number) => void, spare: Bytes[] = []): AsyncGenerator<Bytes> {
  const reader = body.getReader();
  let piece: Bytes | null = null;
  const read = async (): Promise<Bytes | null> => {
    const { done, value } = await reader.read();
    if (done) return null;
    onBytes(value.length);
    return value;
  };
  try {
    // By content: names lie, and servers unpack some of what is called .gz.
    piece = await read();
    while (piece && piece.length < 2) {
      const more = await read();
      if (!more) break;
      piece = joined(piece, more);
    }
    const packed = piece !== null && piece[0] === 0x1f && piece[1] === 0x8b;
    let first: Bytes | null = piece;
    const next = async (): Promise<Bytes | null> => {
      const bytes = first ?? (await read());
      first = null;
      return bytes;
    };
    yield* gathered(packed ? unpacked(next) : next, spare);
  } finally {
    // Who stops asking no longer wants the rest.
    void reader.cancel().catch(() => undefined);
  }
}

async function* gathered(next: () => Promise<Bytes | null>, spare: Bytes[]): AsyncGenerator<Bytes> {
  const empty = (): Bytes => {
    const window = spare.pop();
    return window?.length === kWindowBytes ? window : new Uint8Array(kWindowBytes);
  };
  let window = empty();
  let filled = 0;
  for (let piece = await next(); piece; piece = await next()) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + kWindowBytes - filled);
      window.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < kWindowBytes) continue;
      yield window;
      window = empty();
      filled = 0;
    }
  }
  if (filled > 0) yield window.slice(0, filled);
}

/** The bytes inside of gzip. The browser unpacks off the page's thread. */
function unpacked(next: () => Promise<Bytes | null>): () => Promise<Bytes | null> {
  const packed = new ReadableStream<Bytes>({
    async pull(controller) {
      try {
        const piece = await next();
        if (piece) controller.enqueue(piece);
        else controller.close();
      } catch (error) {
        controller.error(error);
      }
    },
  }, { highWaterMark: 0 });
  const reader = packed.pipeThrough(new DecompressionStream('gzip')).getReader();
  return async () => {
    try {
      const { done, value } = await reader.read();
      return done ? null : (value as Bytes);
    } catch (error) {
      if (error instanceof AnnotationError) throw error;
      throw new AnnotationError('fix-data', `Expected gzip to its end, received what cannot be unpacked (${error instanceof Error ? error.message : String(error)}). The file is damaged or was cut off: get it again.`);
    }
  };
}

function joined(a: Bytes, b: Bytes): Bytes {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
