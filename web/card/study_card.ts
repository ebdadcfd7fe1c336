// The study card: what a study's metadata states, what it does not and what that costs, as text that can be
// read aloud, searched, copied and printed. All text of files goes through textContent, all addresses
// through safeLink().

import { element, foreign, type Attributes } from '../annotations/panel/dom.ts';
import { kAnnotationTypeNames } from './annotation_types.ts';
import { badgeFold } from './badge.ts';
import { kCardStyle } from './card_style.ts';
import { placeText, safeLink } from './card.ts';
import type { CardAnnotationSet, CardCompleteness, CardLicence, CardModule, CardOptions, CardPerson, CardVersion, StudyCard } from './card.ts';
import { exportFold } from './export.ts';
import { attributeWords, kModuleNames } from './missing.ts';

type Content = Node | string;

/** More annotation sets, people or versions than this are counted, not shown. */
const kMostSets = 60;
const kMostItems = 200;

function link(text: string, address: string | null | undefined): HTMLElement {
  const href = safeLink(address);
  return href ? element('a', { href, rel: 'noopener' }, foreign(text)) : foreign(text);
}

function list(items: readonly Content[], className = ''): HTMLElement {
  return element('ul', className ? { class: className } : {}, ...items.map((item) => element('li', {}, item)));
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

function rest(count: number, most: number): string[] {
  return count > most ? [`and ${(count - most).toLocaleString('en')} more`] : [];
}

/** Makes the parts of one card. */
class CardBuilder {
  readonly #card: StudyCard;
  readonly #level: number;
  /** The notes that say where values are written; hidden until they are asked for. */
  readonly origins: HTMLElement[] = [];

  constructor(card: StudyCard, level: number) {
    this.#card = card;
    this.#level = level;
  }

  heading(below: number, attributes: Attributes, ...content: readonly Content[]): HTMLElement {
    return element(`h${Math.min(6, this.#level + below)}` as 'h2', attributes, ...content);
  }

  /** The value, and where it is written. */
  stated(pointer: string, ...content: readonly Content[]): DocumentFragment {
    const result = document.createDocumentFragment();
    result.append(...content);
    const place = this.#card.places?.[pointer];
    if (place) {
      const origin = element('small', { class: 'origin', hidden: true }, ' ', foreign(placeText(place)));
      this.origins.push(origin);
      result.append(origin);
    }
    return result;
  }

  row(term: string, content: Content): HTMLElement {
    return element('div', {}, element('dt', {}, term), element('dd', {}, content));
  }

  /** A row of a value that may be missing. */
  field(module: CardModule, attribute: string, content: Content | null, term = attributeWords(module, attribute).name): HTMLElement {
    if (content !== null) return this.row(term, content);
    const { cost } = attributeWords(module, attribute);
    return element('div', { class: 'missing' }, element('dt', {}, term), element('dd', {}, element('strong', {}, 'Not stated.'), cost && ` ${cost}`));
  }

  text(value: string | null, pointer: string): Content | null {
    return value === null || value === '' ? null : this.stated(pointer, foreign(value));
  }

  items<T>(values: readonly T[], pointer: string, show: (value: T) => readonly Content[], className = ''): Content | null {
    if (values.length === 0) return null;
    return list([...values.slice(0, kMostItems).map((value, i) => this.stated(`${pointer}/${i}`, ...show(value))), ...rest(values.length, kMostItems)], className);
  }

  person({ name, orcid, orcid_url, roles, organisations }: CardPerson, pointer: string): HTMLElement {
    const known = [roles.join(', '), organisations.join('; ')].filter(Boolean).join(' · ');
    return element(
      'li',
      {},
      this.stated(
        pointer,
        foreign(name || 'Unnamed', 'name'),
        ...(orcid && safeLink(orcid_url) ? [' ', element('a', { class: 'orcid', href: safeLink(orcid_url), rel: 'noopener', 'aria-label': `ORCID of ${name}: ${orcid}` }, 'ORCID')] : []),
        ...(known ? [element('small', { class: 'quiet' }, ' ', foreign(known))] : []),
      ),
    );
  }

  people(persons: readonly CardPerson[], pointer: string): Content | null {
    if (persons.length === 0) return null;
    return element('ul', { class: 'people' }, ...persons.slice(0, kMostItems).map((person, i) => this.person(person, `${pointer}/${i}`)), ...rest(persons.length, kMostItems).map((text) => element('li', {}, text)));
  }

  licence(licence: CardLicence | null): Content | null {
    if (!licence) return null;
    const { stated, id, name, url, allows, terms, recommended } = licence;
    const parts: Content[] = [link(name ?? id ?? stated, url)];
    if (stated !== name && stated !== id && (name ?? id)) parts.push(element('small', { class: 'quiet' }, ' written as ', foreign(stated)));
    const result = element('div', {}, this.stated('/licence', ...parts));
    if (terms) result.append(element('ul', { class: 'terms' }, ...termItems(terms)));
    if (allows) result.append(element('p', { class: 'quiet' }, allows));
    else if (!id) result.append(element('p', { class: 'quiet' }, 'It is none that we know: read it before you use the data.'));
    if (id && !recommended) result.append(element('p', { class: 'quiet' }, 'MIFA recommends CC0 or CC BY.'));
    return result;
  }

  versions(versions: readonly CardVersion[], pointer: string): Content | null {
    if (versions.length === 0) return null;
    return element(
      'ol',
      { class: 'versions' },
      ...versions.slice(0, kMostItems).map(({ version, timestamp, changes, previous_version }, i) => {
        const at = `${pointer}/${i}`;
        const item = element('li', {}, this.stated(at, element('b', {}, version === null ? 'Version without a number' : foreign(version)), ', ', timestamp === null ? element('span', { class: 'none' }, 'date not stated') : foreign(timestamp)));
        item.append(element('div', {}, changes === null ? element('span', { class: 'none' }, 'Changes not stated.') : foreign(changes)));
        if (previous_version !== null) item.append(element('div', { class: 'quiet' }, 'Previous version: ', link(previous_version, previous_version)));
        return item;
      }),
      ...rest(versions.length, kMostItems).map((text) => element('li', {}, text)),
    );
  }

  study(): HTMLElement {
    const { licence, organisms, imaging_methods, publications, funding, models, keywords, links, acknowledgements } = this.#card;
    const rows = element('dl');
    const money: Content[] = [];
    if (funding.statement !== null) money.push(element('p', {}, this.stated('/funding/statement', foreign(funding.statement))));
    const grants = this.items(funding.grants, '/funding/grants', ({ id, funder }) => [foreign([funder, id].filter(Boolean).join(', '))]);
    if (grants) money.push(grants);
    rows.append(
      this.field('study', 'license', this.licence(licence)),
      this.field(
        'images',
        'scientific_name',
        this.items(organisms, '/organisms', ({ scientific_name, common_name, taxon, taxon_url }) => [
          element('i', {}, foreign(scientific_name ?? common_name ?? taxon ?? '')),
          scientific_name && common_name ? element('span', {}, ' (', foreign(common_name), ')') : '',
          ...(taxon ? [' ', element('small', {}, link(taxon, taxon_url))] : []),
        ]),
      ),
      this.field('images', 'imaging_method', this.items(imaging_methods, '/imaging_methods', ({ name, term, term_url }) => [foreign(name ?? term ?? ''), ...(name && term ? [' ', element('small', {}, link(term, term_url))] : [])])),
      this.field(
        'study',
        'publications',
        this.items(publications, '/publications', ({ title, authors, year, doi, doi_url }) => [
          link(title ?? doi ?? 'Untitled', doi_url),
          element('small', { class: 'quiet block' }, foreign([authors, year, doi && title ? `doi:${doi}` : ''].filter(Boolean).join(' · '))),
        ]),
      ),
      this.field('study', 'funding_statement', money.length > 0 ? element('div', {}, ...money) : null),
      this.field('study', 'ai_models_trained', this.items(models, '/models', (model) => [link(model, model)])),
      this.field('study', 'keywords', this.items(keywords, '/keywords', (word) => [foreign(word)], 'chips')),
    );
    if (links.length > 0) {
      rows.append(this.row('Links', this.items(links, '/links', ({ url, description }) => [link(description ?? url ?? '', url), ...(description && url && !safeLink(url) ? [' ', foreign(url)] : [])]) ?? ''));
    }
    if (acknowledgements !== null) rows.append(this.row('Acknowledgements', this.text(acknowledgements, '/acknowledgements') ?? ''));
    return rows;
  }

  annotationSet(set: CardAnnotationSet, index: number): HTMLElement {
    const at = `/annotation_sets/${index}`;
    const rows = element('dl');
    rows.append(
      this.field('annotations', 'annotation_type', set.types.length > 0 ? this.stated(`${at}/types`, list(set.types.map((type) => foreign(kAnnotationTypeNames[type] ?? type)), 'chips')) : null),
      this.field('annotations', 'annotation_overview', this.text(set.overview, `${at}/overview`)),
      this.field('annotations', 'annotation_method', this.text(set.method, `${at}/method`)),
      this.field('annotations', 'annotation_criteria', this.text(set.criteria, `${at}/criteria`)),
      this.field('annotations', 'annotation_confidence_level', this.text(set.confidence, `${at}/confidence`)),
      this.field('annotations', 'annotation_coverage', this.text(set.coverage, `${at}/coverage`)),
      this.field('annotations', 'authors', this.people(set.annotators, `${at}/annotators`)),
      set.created !== null ? this.row('Created', this.text(set.created, `${at}/created`) ?? '') : element('div', { class: 'missing' }, element('dt', {}, 'Created'), element('dd', {}, element('strong', {}, 'Not stated.'), ' How old the annotations are is not known.')),
      this.row('Files', set.files > 0 ? counted(set.files, 'file') : 'None are named.'),
      this.field('version', 'version', this.versions(set.versions, `${at}/versions`), 'Versions'),
    );
    return element('section', { class: 'set' }, this.heading(2, {}, foreign(set.name || `Annotations ${index + 1}`)), rows);
  }

  annotations(): HTMLElement {
    const { annotation_sets: sets, versions } = this.#card;
    const part = element('section', {}, this.heading(1, {}, sets.length > 1 ? `Annotations: ${counted(sets.length, 'set')}` : 'Annotations'));
    if (sets.length === 0) part.append(element('p', { class: 'missing' }, element('strong', {}, 'Not stated.'), ' What was annotated, how and by whom is not known.'));
    part.append(...sets.slice(0, kMostSets).map((set, i) => this.annotationSet(set, i)), ...rest(sets.length, kMostSets));
    // Those that no set shows: they speak of the whole study, or of a set that is not there.
    const shown = new Set(sets.flatMap((set) => set.versions.map((version) => JSON.stringify(version))));
    const others = versions.filter((version) => !shown.has(JSON.stringify(version)));
    if (others.length > 0) part.append(this.heading(2, {}, 'Versions of the study'), this.versions(others, '/versions') ?? '');
    return part;
  }
}

function termItems({ commercial, derivatives, attribution, share_alike }: NonNullable<CardLicence['terms']>): HTMLElement[] {
  const item = (kind: 'yes' | 'no' | 'duty', text: string): HTMLElement =>
    element('li', { class: kind }, element('span', { 'aria-hidden': 'true' }, { yes: '✓ ', no: '✕ ', duty: '! ' }[kind]), text);
  return [
    item('yes', 'Reuse'),
    item(commercial ? 'yes' : 'no', commercial ? 'Commercial use' : 'No commercial use'),
    item(derivatives ? 'yes' : 'no', derivatives ? 'Changed versions' : 'No changed versions'),
    ...(share_alike ? [item('duty', 'Same licence for changed versions')] : []),
    attribution ? item('duty', 'Credit required') : item('yes', 'Credit not required'),
  ];
}

function completeness(modules: readonly CardCompleteness[]): HTMLElement {
  const bars = modules.map(({ module, percent, required_complete, attributes }) => {
    const name = kModuleNames[module] ?? module;
    const lacking = attributes.filter(({ required, stated, sections }) => required && stated < sections).length;
    const bar = element('div', { class: 'bar', role: 'meter', 'aria-label': `${name}: share of MIFA’s attributes that are stated`, 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': percent, 'aria-valuetext': `${percent} %` });
    const fill = element('div');
    fill.style.width = `${percent}%`;
    bar.append(fill);
    const told = required_complete ? 'all required stated' : `${counted(lacking, 'required one', 'required ones')} missing`;
    return element('li', { class: required_complete ? 'complete' : 'lacking' }, element('span', { class: 'module' }, name), element('span', { class: 'percent' }, `${percent} %`), bar, element('small', {}, told));
  });
  return element('ul', { class: 'completeness', 'aria-label': 'Completeness' }, ...bars);
}

/** In a narrow place, a description longer than this (in characters) begins folded. */
const kLongDescription = 420;

function description(builder: CardBuilder, text: string): HTMLElement[] {
  const shown = element('p', { class: 'description' }, builder.stated('/description', foreign(text)));
  if (text.length <= kLongDescription) return [shown];
  shown.classList.add('folded');
  const more = element('button', { type: 'button', class: 'more', 'aria-expanded': 'false' }, 'All of the description');
  more.addEventListener('click', () => {
    const folded = shown.classList.toggle('folded');
    more.setAttribute('aria-expanded', String(!folded));
  });
  return [shown, more];
}

/** Everything that is not stated, the required first. */
function missingFold({ missing }: StudyCard): HTMLElement | null {
  if (missing.length === 0) return null;
  const ordered = [...missing].sort((a, b) => Number(b.required) - Number(a.required));
  const rows = ordered.map(({ module, attribute, required }) => {
    const { name, cost } = attributeWords(module, attribute);
    return element('li', {}, element('b', {}, `${kModuleNames[module] ?? module}: ${name}`), required ? element('span', { class: 'tag' }, 'required') : '', cost ? ` ${cost}` : '');
  });
  return element('details', { class: 'lacks' }, element('summary', {}, `What is missing: ${missing.length}`), element('ul', {}, ...rows));
}

function verdictText({ errors, warnings, infos }: StudyCard['verdict']): string {
  const parts = [errors > 0 ? counted(errors, 'error') : 'no errors', warnings > 0 ? counted(warnings, 'warning') : '', infos > 0 ? counted(infos, 'remark') : ''];
  return `The metadata has ${parts.filter(Boolean).join(', ')}.`;
}

let sheet: CSSStyleSheet | null = null;

/**
 * The card of a study, in a shadow root of its own: as wide as its place, from 320 px on, light or dark as
 * the place's `color-scheme` says. Its colours are CSS custom properties (card_style.ts).
 */
export function studyCard(card: StudyCard, options: CardOptions = {}): HTMLElement {
  const builder = new CardBuilder(card, options.headingLevel ?? 2);
  const head = element('header', {});
  const kicker = [card.accession ? foreign(card.accession) : '', card.released ? element('span', {}, card.accession ? ' · released ' : 'Released ', foreign(card.released)) : ''].filter((part) => part !== '');
  if (kicker.length > 0) head.append(element('p', { class: 'kicker' }, ...kicker));
  head.append(
    builder.heading(0, { class: card.title === null ? 'title none' : 'title' }, ...(card.title === null ? ['Title not stated'] : [builder.stated('/title', foreign(card.title))])),
    builder.people(card.authors, '/authors') ?? element('p', { class: 'missing' }, element('strong', {}, 'Authors not stated.'), ` ${attributeWords('study', 'authors').cost}`),
  );
  const { badge } = options;
  const article = element('article', {}, head);
  const standing = element('div', { class: 'standing' }, completeness(card.completeness), element('p', { class: 'quiet' }, verdictText(card.verdict)));
  if (badge) standing.append(badgeFold(badge, options.address));
  article.append(
    standing,
    ...(card.description === null
      ? [element('p', { class: 'missing' }, element('strong', {}, 'Description not stated.'), ` ${attributeWords('study', 'description').cost}`)]
      : description(builder, card.description)),
    builder.study(),
    builder.annotations(),
  );
  const lacks = missingFold(card);
  if (lacks) article.append(lacks);
  const foot = element('footer', {});
  if (builder.origins.length > 0) {
    const toggle = element('button', { type: 'button', 'aria-pressed': 'false' }, 'Show where each value is written');
    toggle.addEventListener('click', () => {
      const shown = toggle.getAttribute('aria-pressed') !== 'true';
      toggle.setAttribute('aria-pressed', String(shown));
      for (const origin of builder.origins) origin.hidden = !shown;
    });
    foot.append(toggle);
  }
  if (options.exportTo) foot.append(exportFold(options.exportTo));
  if (foot.childElementCount > 0) article.append(foot);
  const host = element('div', { class: 'mifa-study-card' });
  const root = host.attachShadow({ mode: 'open' });
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(kCardStyle);
  }
  root.adoptedStyleSheets = [sheet];
  root.append(article);
  return host;
}
