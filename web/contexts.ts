// A browser gives a page some sixteen WebGL contexts and takes the oldest away for the next one. A page
// may have more viewers than that: those that nobody looks at keep their last picture and lend their
// context to those that somebody does.

/** One viewer, or one that wants to be. */
export interface ContextUser {
  /**
   * What it needs its context for, the higher the more: 3 someone uses it, 2 it is in view and has not
   * drawn its picture yet, 1 it is in view and at rest, 0 it is out of view.
   */
  rank(): 0 | 1 | 2 | 3;
  /** It has a context from now on. */
  granted(): void;
  /** It gives its context up now, keeping its picture. */
  revoked(): void;
}

/** Contexts of one page. Half of what browsers allow: the page may have others of its own. */
export const kMostContexts = 8;

export class ContextBudget {
  readonly #most: number;
  /** Longest unused first. */
  readonly #holders: ContextUser[] = [];
  readonly #waiting: ContextUser[] = [];

  constructor(most = kMostContexts) {
    this.#most = most;
  }

  get held(): number {
    return this.#holders.length;
  }

  /** `granted()` is called now or as soon as there is a context for it. Asking again is no harm. */
  request(user: ContextUser): void {
    const at = this.#holders.indexOf(user);
    if (at >= 0) {
      // Used again: the last to lose it.
      this.#holders.splice(at, 1);
      this.#holders.push(user);
      return;
    }
    if (!this.#waiting.includes(user)) this.#waiting.push(user);
    this.review();
  }

  /** It has no use for one any more. */
  release(user: ContextUser): void {
    for (const list of [this.#holders, this.#waiting]) {
      const at = list.indexOf(user);
      if (at >= 0) list.splice(at, 1);
    }
    this.review();
  }

  /** Somebody's rank has changed. */
  review(): void {
    for (;;) {
      const next = this.#first(this.#waiting, (rank, best) => rank > best);
      if (!next) return;
      if (this.#holders.length >= this.#most) {
        const least = this.#first(this.#holders, (rank, best) => rank < best);
        if (!least || least.rank() >= next.rank()) return;
        this.#holders.splice(this.#holders.indexOf(least), 1);
        least.revoked();
      }
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#holders.push(next);
      next.granted();
    }
  }

  #first(users: readonly ContextUser[], better: (rank: number, best: number) => boolean): ContextUser | undefined {
    let found: ContextUser | undefined;
    for (const user of users) if (!found || better(user.rank(), found.rank())) found = user;
    return found;
  }
}
