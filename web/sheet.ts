// Text that is laid over an element, beside its picture: the study's card, the test of a server. A bundle of its
// own, fetched when somebody asks for one.

import { readStudies, studyCard } from './card/studies.ts';
import { diagnose, diagnosisText, type Check, type CheckStatus } from './doctor/doctor.ts';
import { namedFiles } from './page/study_files.ts';

const kStyle = `
.sheet { position: absolute; inset: 0 0 0 auto; z-index: 4; width: min(460px, 100%); box-sizing: border-box; overflow: auto; overscroll-behavior: contain; padding: 14px 18px 18px; background: var(--ground); color: var(--text); border-left: 1px solid var(--line); overflow-wrap: anywhere; }
.sheet > .close { position: sticky; top: 0; float: right; z-index: 1; }
.sheet h2 { font-size: 18px; margin: 0 0 8px; }
.sheet ul { list-style: none; margin: 12px 0; padding: 0; }
.sheet li { padding: 8px 0; border-top: 1px solid var(--line); }
.sheet li p { margin: 2px 0 0; }
.sheet .fix { color: var(--quiet); }
.sheet [data-status="error"] > strong, .sheet [data-status="warning"] > strong { color: var(--warn); }
`;

function make<K extends keyof HTMLElementTagNameMap>(tag: K, text = '', className = ''): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

/** One at a time in an element. */
function openSheet(root: ShadowRoot, label: string, button: HTMLElement): { readonly sheet: HTMLElement; readonly closed: AbortSignal } {
  root.querySelector<HTMLElement>('.sheet > .close')?.click();
  const controller = new AbortController();
  const style = new CSSStyleSheet();
  style.replaceSync(kStyle);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, style];
  const sheet = make('section', '', 'sheet');
  sheet.setAttribute('aria-label', label);
  sheet.tabIndex = 0;  // It scrolls.
  const close = make('button', 'Close', 'close');
  close.type = 'button';
  const end = (): void => {
    controller.abort();
    sheet.remove();
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((each) => each !== style);
    button.setAttribute('aria-expanded', 'false');
    if (button.isConnected) button.focus();
  };
  close.addEventListener('click', end);
  sheet.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    end();
  });
  sheet.append(close);
  root.append(sheet);
  button.setAttribute('aria-expanded', 'true');
  close.focus();
  return { sheet, closed: controller.signal };
}

/** The cards of metadata files at `addresses`. */
export async function showStudy(root: ShadowRoot, addresses: readonly string[], button: HTMLElement, assets: string): Promise<void> {
  if (button.getAttribute('aria-expanded') === 'true') return root.querySelector<HTMLElement>('.sheet > .close')?.click();
  const { sheet, closed } = openSheet(root, 'Study', button);
  const status = make('p', 'Reading the study’s metadata …');
  status.setAttribute('role', 'status');
  sheet.append(status);
  try {
    const { files, problems } = await namedFiles(addresses, document.baseURI);
    const studies = await readStudies(files, { assets });
    if (closed.aborted) return studies.close();
    closed.addEventListener('abort', () => studies.close());
    const none = studies.studies.length === 0 && problems.length === 0 ? ['None of the files is a document of MIFA or REMBI metadata that Mifascope knows.'] : [];
    status.replaceWith(
      ...[...problems, ...none].map((problem) => make('p', problem)),
      ...studies.studies.map(({ card, badge }, index) => studyCard(card, { badge, headingLevel: 2, exportTo: (format) => studies.exportTo(index, format) })),
    );
  } catch (error) {
    status.textContent = error instanceof Error ? error.message : String(error);
  }
}

const kWords: Readonly<Record<CheckStatus, string>> = { ok: 'OK', warning: 'Could be better', error: 'To be mended', unknown: 'Not known' };

function item({ title, status, found, fix }: Check): HTMLElement {
  const row = make('li');
  row.dataset['status'] = status;
  row.append(make('strong', `${kWords[status]}: `), title, make('p', found));
  if (fix) row.append(make('p', fix, 'fix'));
  return row;
}

/** Tests the server of the address, from this browser and page. */
export async function testServer(root: ShadowRoot, address: string, button: HTMLElement): Promise<void> {
  const { sheet, closed } = openSheet(root, 'Test of the server', button);
  const status = make('p', 'A dozen small requests …');
  status.setAttribute('role', 'status');
  sheet.append(make('h2', 'Test of the server'), status);
  const diagnosis = await diagnose(address, { signal: closed });
  if (closed.aborted) return;
  const text = diagnosisText(diagnosis);
  status.textContent = text.trimEnd().split('\n').at(-1) ?? '';
  const list = make('ul');
  list.append(...diagnosis.checks.map(item));
  const copy = make('button', 'Copy as text');
  copy.type = 'button';
  copy.addEventListener('click', () => {
    navigator.clipboard.writeText(text).then(() => (copy.textContent = 'Copied'), () => (copy.textContent = 'Not allowed here'));
  });
  const more = make('p', `From the command line more can be told: npx mifascope doctor ${diagnosis.url}`, 'fix');
  sheet.append(make('p', diagnosis.file), list, copy, more);
}
