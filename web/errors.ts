// What goes wrong, for the page around a viewer: a code to act on, what happened, and what can be done.

/** What the event `error` says, and what is answered to messages. */
export interface HostError {
  readonly code: string;
  /** What was expected and received. */
  readonly message: string;
  /** What whoever runs the page, or looks at it, can do. */
  readonly advice: string;
}

/** What promises of the element reject with. */
export class MifascopeError extends Error implements HostError {
  constructor(
    readonly code: string,
    message: string,
    readonly advice: string = adviceFor(code),
  ) {
    super(message);
    this.name = 'MifascopeError';
  }
}

const kAdvice: Readonly<Record<string, string>> = {
  missing: 'Check the address, and whether the data was moved.',
  forbidden: 'Allow this page’s origin to read it: “mifascope doctor” says which lines the server needs.',
  retry: 'Try again in a while; “mifascope doctor” tests the server.',
  'fix-data': 'Mend the data: “Check this dataset” lists what is wrong with it.',
  unsupported: 'Use a current Chrome, Firefox, Edge or Safari, or another file.',
  limit: 'Ask for less at a time.',
  aborted: '',
};

export function adviceFor(code: string): string {
  return kAdvice[code] ?? 'See docs/embed.md.';
}

/** Anything that was thrown or rejected, as {code, message, advice}. */
export function hostError(error: unknown): HostError {
  const { code, message, advice, name } = (typeof error === 'object' && error !== null ? error : {}) as Partial<HostError & Error>;
  const known = typeof code === 'string' ? code : name === 'AbortError' ? 'aborted' : 'failed';
  return { code: known, message: message ?? String(error), advice: advice ?? adviceFor(known) };
}
