// A grid of any number of tiles of which only those on the screen are in the document. One of them is in
// the tab order; arrows, Home, End and the page keys go from there (a "roving tabindex").

export interface GridTile {
  readonly root: HTMLElement;
  /** What takes the focus. */
  readonly link: HTMLElement;
}

export interface GridHost {
  /** What scrolls. */
  readonly scroller: HTMLElement;
  /** The tile of item `index` of what is shown. */
  make(index: number): GridTile;
  /** Items on the screen, in reading order, when scrolling has come to rest for a moment. */
  seen(indices: readonly number[]): void;
  open(index: number): void;
}

/** A tile is at least so wide, and this is left between two of them. */
const kLeastWidth = 200;
const kNarrowWidth = 136;
const kGap = 12;
/** The caption below a picture. */
const kCaption = 74;
/** Rows that are made beyond the edges, so that scrolling finds them there. */
const kSpareRows = 1;
/** The screen has to rest so long before anything is asked for, and so many times as long as it took from one scroll to the next. */
const kRestMs = 100;
const kRestScrolls = 3;
/** A pause that long is the end of scrolling. */
const kScrollMs = 500;

export class Grid {
  readonly root = document.createElement('div');
  readonly #host: GridHost;
  readonly #rows = new Map<number, { readonly root: HTMLElement; readonly tiles: GridTile[] }>();
  #count = 0;
  #columns = 1;
  #rowHeight = 1;
  #focused = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #frame = 0;
  #scrolled = 0;
  /** From one scroll to the next, on this machine now. */
  #pace = 0;
  readonly #observer: ResizeObserver;

  constructor(host: GridHost, label: string) {
    this.#host = host;
    this.root.className = 'grid';
    this.root.setAttribute('role', 'grid');
    this.root.setAttribute('aria-label', label);
    this.root.addEventListener('keydown', (event) => this.#key(event));
    this.root.addEventListener('focusin', (event) => this.#focusedBy(event));
    host.scroller.addEventListener('scroll', this.#later, { passive: true });
    this.#observer = new ResizeObserver(() => this.#measure());
    this.#observer.observe(this.root);
    this.#observer.observe(host.scroller);
  }

  /** Shows items 0 to `count` - 1; those made before are forgotten. */
  show(count: number): void {
    this.#count = count;
    // A grid without rows is none.
    this.root.hidden = count === 0;
    this.#focused = Math.min(this.#focused, Math.max(0, count - 1));
    this.#clear();
    this.#measure();
  }

  /** The tile of an item, if it is in the document. */
  tile(index: number): GridTile | undefined {
    return this.#rows.get(Math.floor(index / this.#columns))?.tiles[index % this.#columns];
  }

  /** Brings an item onto the screen and gives it the focus. */
  focus(index: number): void {
    if (index < 0 || index >= this.#count) return;
    this.#focused = index;
    const { scroller } = this.#host;
    const top = this.#offset() + Math.floor(index / this.#columns) * this.#rowHeight;
    if (top < scroller.scrollTop) scroller.scrollTop = top - kGap;
    else if (top + this.#rowHeight > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top + this.#rowHeight - scroller.clientHeight;
    this.#layOut();
    this.tile(index)?.link.focus({ preventScroll: true });
  }

  end(): void {
    this.#observer.disconnect();
    this.#host.scroller.removeEventListener('scroll', this.#later);
    clearTimeout(this.#rest);
    cancelAnimationFrame(this.#frame);
  }

  readonly #later = (): void => {
    if (!this.#frame) {
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0;
        const now = performance.now();
        this.#pace = now - this.#scrolled < kScrollMs ? now - this.#scrolled : 0;
        this.#scrolled = now;
        this.#layOut();
      });
    }
  };

  #clear(): void {
    for (const { root } of this.#rows.values()) root.remove();
    this.#rows.clear();
  }

  #measure(): void {
    const width = this.root.clientWidth;
    if (width === 0) return;
    const least = width < 2 * kLeastWidth + kGap ? kNarrowWidth : kLeastWidth;
    const columns = Math.max(1, Math.floor((width + kGap) / (least + kGap)));
    const tile = (width - kGap * (columns - 1)) / columns;
    const rowHeight = Math.round(tile * 0.75) + kCaption + kGap;
    if (columns !== this.#columns || rowHeight !== this.#rowHeight) {
      const had = this.root.contains(this.#active());
      this.#columns = columns;
      this.#rowHeight = rowHeight;
      this.#clear();
      if (had) this.#layOut();
      if (had) this.tile(this.#focused)?.link.focus({ preventScroll: true });
    }
    const rows = Math.ceil(this.#count / columns);
    this.root.style.height = `${Math.max(0, rows * rowHeight - kGap)}px`;
    this.root.style.setProperty('--columns', String(columns));
    this.root.setAttribute('aria-rowcount', String(rows));
    this.root.setAttribute('aria-colcount', String(columns));
    this.#layOut();
  }

  #active(): Element | null {
    const root = this.root.getRootNode();
    return root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
  }

  /** Where the grid begins in what scrolls. */
  #offset(): number {
    const { scroller } = this.#host;
    return this.root.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
  }

  #layOut(): void {
    const { scroller } = this.#host;
    if (this.root.clientWidth === 0) return;
    const above = scroller.scrollTop - this.#offset();
    const rows = Math.ceil(this.#count / this.#columns);
    const first = Math.max(0, Math.floor(above / this.#rowHeight));
    const last = Math.min(rows - 1, Math.floor((above + scroller.clientHeight - 1) / this.#rowHeight));
    const focusedRow = Math.floor(this.#focused / this.#columns);
    for (const [row, { root }] of this.#rows) {
      // The row with the focus stays, wherever one scrolls to.
      if ((row >= first - kSpareRows && row <= last + kSpareRows) || (row === focusedRow && root.contains(this.#active()))) continue;
      root.remove();
      this.#rows.delete(row);
    }
    for (let row = Math.max(0, first - kSpareRows); row <= Math.min(rows - 1, last + kSpareRows); ++row) {
      if (!this.#rows.has(row)) this.#add(row);
    }
    this.#rove();
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      const seen = [];
      for (let index = first * this.#columns; index < Math.min(this.#count, (last + 1) * this.#columns); ++index) seen.push(index);
      this.#pace = 0;
      // Where scrolling has come to rest: tests follow it rather than the clock.
      this.root.dataset['seen'] = seen.length > 0 ? `${seen[0]}-${seen.at(-1)}` : '';
      this.#host.seen(seen);
    }, Math.max(kRestMs, kRestScrolls * this.#pace));
  }

  #add(row: number): void {
    const root = document.createElement('div');
    root.className = 'row';
    root.setAttribute('role', 'row');
    root.setAttribute('aria-rowindex', String(row + 1));
    root.style.transform = `translateY(${row * this.#rowHeight}px)`;
    root.style.height = `${this.#rowHeight - kGap}px`;
    const tiles: GridTile[] = [];
    for (let column = 0; column < this.#columns; ++column) {
      const index = row * this.#columns + column;
      if (index >= this.#count) break;
      const tile = this.#host.make(index);
      tile.root.setAttribute('role', 'gridcell');
      tile.root.setAttribute('aria-colindex', String(column + 1));
      tile.link.dataset['index'] = String(index);
      tile.link.tabIndex = -1;
      tiles.push(tile);
      root.append(tile.root);
    }
    this.#rows.set(row, { root, tiles });
    // In reading order, for those who read the document.
    const after = [...this.#rows.keys()].filter((other) => other > row).sort((a, b) => a - b)[0];
    this.root.insertBefore(root, after === undefined ? null : (this.#rows.get(after)?.root ?? null));
  }

  /** One tile is reached by the tab key: the focused one, or the first on the screen. */
  #rove(): void {
    const there = this.tile(this.#focused);
    const first = there ? this.#focused : Math.min(...this.#rows.keys()) * this.#columns;
    for (const { tiles } of this.#rows.values()) {
      for (const { link } of tiles) link.tabIndex = Number(link.dataset['index']) === first ? 0 : -1;
    }
  }

  #focusedBy(event: FocusEvent): void {
    const index = (event.target as HTMLElement).dataset['index'];
    if (index === undefined || Number(index) === this.#focused) return;
    this.#focused = Number(index);
    this.#rove();
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(this.#host.scroller.clientHeight / this.#rowHeight)) * this.#columns;
    const rowStart = this.#focused - (this.#focused % this.#columns);
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: this.#focused + 1,
      ArrowLeft: this.#focused - 1,
      ArrowDown: this.#focused + this.#columns,
      ArrowUp: this.#focused - this.#columns,
      PageDown: Math.min(this.#count - 1, this.#focused + page),
      PageUp: Math.max(0, this.#focused - page),
      Home: event.shiftKey ? rowStart : 0,
      End: this.#count - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      if (to >= 0 && to < this.#count) this.focus(to);
    } else if (event.key === ' ') {
      event.preventDefault();
      this.#host.open(this.#focused);
    }
  }
}
