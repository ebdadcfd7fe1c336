// The packed command list of src/bind/viewer.cpp, read into objects. Its `Op` table and this one are
// two halves of one thing.

export type Command =
  | { readonly op: 'read-metadata'; readonly ticket: number; readonly key: string }
  | {
      readonly op: 'register-array';
      readonly array: number;
      readonly dataType: string;
      readonly name: string;
      readonly metadata: Uint8Array<ArrayBuffer>;
      /** null: not sharded. */
      readonly shards: ShardLayout | null;
      readonly order: readonly number[];
    }
  | {
      readonly op: 'read-chunk';
      readonly ticket: number;
      readonly array: number;
      readonly key: string;
      /** In the index of the shard under `key`; -1: the object is the chunk. */
      readonly place: number;
    }
  | { readonly op: 'cancel-chunk'; readonly ticket: number }
  | { readonly op: 'drop-chunk'; readonly ticket: number }
  | ({ readonly op: 'upload-tile' } & TileUpload)
  | {
      readonly op: 'take-samples';
      readonly request: number;
      readonly ticket: number;
      readonly plane: Plane;
      readonly most: number;
    }
  | { readonly op: 'list-folder'; readonly folder: string }
  | { readonly op: 'forget-chunks' }
  | { readonly op: 'request-shapes'; readonly layer: number; readonly block: number }
  | {
      readonly op: 'read-values';
      readonly request: number;
      readonly places: readonly { readonly ticket: number; readonly offset: number }[];
    };

export interface ShardLayout {
  /** Entries of a shard's index. */
  readonly count: number;
  /** Stored size of the index. */
  readonly indexBytes: number;
  readonly indexAtStart: boolean;
}

/** A rectangle of elements inside a decoded chunk. */
export interface Plane {
  readonly offset: number;
  readonly rowLength: number;
  readonly width: number;
  readonly height: number;
}

export interface TileUpload {
  readonly ticket: number;
  /** Emscripten's name of the texture array. */
  readonly texture: number;
  readonly layer: number;
  /** Index into view::TexelFormat. */
  readonly format: number;
  readonly fromDouble: boolean;
  readonly plane: Plane;
}

class Operands {
  private next = 0;

  constructor(
    private readonly list: Float64Array,
    private readonly heap: Uint8Array,
    private readonly decoder: TextDecoder,
  ) {}

  get left(): boolean {
    return this.next < this.list.length;
  }

  number(): number {
    const value = this.list[this.next++];
    if (value === undefined) throw new RangeError('expected another operand in the command list, received its end');
    return value;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const pointer = this.number();
    return this.heap.slice(pointer, pointer + this.number()) as Uint8Array<ArrayBuffer>;
  }

  text(): string {
    return this.decoder.decode(this.bytes());
  }

  shards(): ShardLayout | null {
    const layout = {
      count: this.number(),
      indexBytes: this.number(),
      indexAtStart: this.number() !== 0,
    };
    return layout.count > 0 ? layout : null;
  }

  plane(): Plane {
    return { offset: this.number(), rowLength: this.number(), width: this.number(), height: this.number() };
  }

  numbers(): number[] {
    const result: number[] = [];
    while (this.left) result.push(this.number());
    return result;
  }
}

function read(op: number, from: Operands): Command {
  switch (op) {
    case 1:
      return { op: 'read-metadata', ticket: from.number(), key: from.text() };
    case 2:
      return {
        op: 'register-array',
        array: from.number(),
        dataType: from.text(),
        name: from.text(),
        metadata: from.bytes(),
        shards: from.shards(),
        order: from.numbers(),
      };
    case 3:
      return {
        op: 'read-chunk',
        ticket: from.number(),
        array: from.number(),
        key: from.text(),
        place: from.number(),
      };
    case 4:
      return { op: 'cancel-chunk', ticket: from.number() };
    case 5:
      return { op: 'drop-chunk', ticket: from.number() };
    case 6:
      return {
        op: 'upload-tile',
        ticket: from.number(),
        texture: from.number(),
        layer: from.number(),
        format: from.number(),
        fromDouble: from.number() !== 0,
        plane: from.plane(),
      };
    case 7:
      return {
        op: 'take-samples',
        request: from.number(),
        ticket: from.number(),
        plane: from.plane(),
        most: from.number(),
      };
    case 8: {
      const request = from.number();
      const places: { ticket: number; offset: number }[] = [];
      while (from.left) places.push({ ticket: from.number(), offset: from.number() });
      return { op: 'read-values', request, places };
    }
    case 9:
      return { op: 'list-folder', folder: from.text() };
    case 10:
      return { op: 'forget-chunks' };
    case 11:
      return { op: 'request-shapes', layer: from.number(), block: from.number() };
    default:
      throw new RangeError(`expected a known command, received number ${op}: mifascope.wasm and script are of different builds`);
  }
}

/** Copies everything out of the heap, which may move in the next call into the program. */
export function readCommands(
  doubles: Float64Array,
  heap: Uint8Array,
  pointer: number,
  length: number,
): Command[] {
  const list = doubles.subarray(pointer / 8, pointer / 8 + length);
  const decoder = new TextDecoder();
  const commands: Command[] = [];
  for (let at = 0; at < list.length; ) {
    const op = list[at] ?? 0;
    const count = list[at + 1] ?? 0;
    commands.push(read(op, new Operands(list.subarray(at + 2, at + 2 + count), heap, decoder)));
    at += 2 + count;
  }
  return commands;
}
