// Rows of a layer's table, as they come from its worker: asked for in blocks, kept as long as the query
// stays the same.

import type { AnnotationLayer, TableQuery, TableRow } from '../layer.ts';

const kBlock = 200;
/** Blocks kept: 20,000 rows. */
const kBlocksKept = 100;

export class TableRows {
  readonly #layer: AnnotationLayer;
  readonly #arrived: () => void;
  #query: TableQuery;
  /** Counts queries: answers to an earlier one are dropped. */
  #turn = 0;
  readonly #blocks = new Map<number, readonly TableRow[]>();
  readonly #asked = new Set<number>();
  #withdraw = new AbortController();
  #total = -1;
  #columns: readonly string[] = [];
  #error = '';

  constructor(layer: AnnotationLayer, query: TableQuery, arrived: () => void) {
    this.#layer = layer;
    this.#query = query;
    this.#arrived = arrived;
    this.want(0, 1);
  }

  get query(): TableQuery {
    return this.#query;
  }

  set query(query: TableQuery) {
    this.#query = query;
    this.again();
  }

  /** Rows of the query; -1 until the worker has said. */
  get total(): number {
    return this.#total;
  }

  get columns(): readonly string[] {
    return this.#columns;
  }

  /** Why there are no rows; empty when there are. */
  get error(): string {
    return this.#error;
  }

  /** The same query of a layer that has changed: another filter, another class. */
  again(): void {
    this.#turn += 1;
    this.#withdraw.abort();
    this.#withdraw = new AbortController();
    this.#blocks.clear();
    this.#asked.clear();
    this.want(0, 1);
  }

  row(index: number): TableRow | undefined {
    return this.#blocks.get(Math.floor(index / kBlock))?.[index % kBlock];
  }

  /** Asks for rows `from` to `to` (excluded) that are not there. */
  want(from: number, to: number): void {
    for (let block = Math.floor(from / kBlock); block * kBlock < to; ++block) {
      if (!this.#blocks.has(block) && !this.#asked.has(block)) void this.#ask(block);
    }
  }

  /** The row that an object is in; -1: not among those of the query. */
  async find(object: number): Promise<number> {
    const turn = this.#turn;
    const { found, total } = await this.#layer.table(this.#query, 0, 0, object, this.#withdraw.signal);
    if (turn === this.#turn) this.#total = total;
    return turn === this.#turn ? found : -1;
  }

  async #ask(block: number): Promise<void> {
    const turn = this.#turn;
    this.#asked.add(block);
    try {
      const { total, columns, rows } = await this.#layer.table(this.#query, block * kBlock, kBlock, undefined, this.#withdraw.signal);
      if (turn !== this.#turn) return;
      this.#error = '';
      this.#total = total;
      this.#columns = columns;
      this.#blocks.set(block, rows);
      for (const oldest of this.#blocks.keys()) {
        if (this.#blocks.size <= kBlocksKept) break;
        this.#blocks.delete(oldest);
      }
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#total = 0;
      this.#error = error instanceof Error ? error.message : String(error);
    }
    this.#asked.delete(block);
    this.#arrived();
  }
}
