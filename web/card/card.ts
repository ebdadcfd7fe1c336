// The study card's data: what card_json() and make_badge() of src/mifa/card.h give, in TypeScript.
// studyCard() (study_card.ts) makes DOM of it; readStudies() (studies.ts) makes it of metadata files.

/** Where a value stands in its file. */
export interface CardPlace {
  readonly file: string;
  /** A JSON pointer (RFC 6901), of JSON and YAML. */
  readonly pointer?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based row of a table; its heading is row 1. */
  readonly row?: number;
  /** The heading of the column, or a spreadsheet's cell. */
  readonly column?: string;
}

export interface CardPerson {
  readonly name: string;
  /** Only where its check digit is right. */
  readonly orcid: string | null;
  readonly orcid_url: string | null;
  readonly roles: readonly string[];
  readonly organisations: readonly string[];
}

/** What a licence allows; null where the licence is not known, or where there are several. */
export interface LicenceTerms {
  readonly commercial: boolean;
  readonly derivatives: boolean;
  /** Credit has to be given. */
  readonly attribution: boolean;
  /** Changed versions have to have the same licence. */
  readonly share_alike: boolean;
}

export interface CardLicence {
  /** As it is written. */
  readonly stated: string;
  /** SPDX. */
  readonly id: string | null;
  readonly name: string | null;
  readonly url: string | null;
  /** A sentence. */
  readonly allows: string | null;
  readonly terms?: LicenceTerms | null;
  /** Whether MIFA recommends it. */
  readonly recommended: boolean;
}

export interface CardOrganism {
  readonly scientific_name: string | null;
  readonly common_name: string | null;
  readonly taxon: string | null;
  readonly taxon_url: string | null;
}

export interface CardMethod {
  readonly name: string | null;
  readonly term: string | null;
  readonly term_url: string | null;
}

export interface CardPublication {
  readonly title: string | null;
  readonly authors: string | null;
  readonly year: string | null;
  readonly doi: string | null;
  readonly doi_url: string | null;
}

export interface CardGrant {
  readonly id: string | null;
  readonly funder: string | null;
}

export interface CardVersion {
  readonly version: string | null;
  readonly timestamp: string | null;
  readonly changes: string | null;
  readonly previous_version: string | null;
}

export interface CardAnnotationSet {
  readonly name: string;
  readonly overview: string | null;
  /** MIFA's words, or as written where they are none of them. */
  readonly types: readonly string[];
  readonly method: string | null;
  readonly criteria: string | null;
  readonly coverage: string | null;
  readonly confidence: string | null;
  readonly annotators: readonly CardPerson[];
  readonly created: string | null;
  /** How many annotation files the lists name. */
  readonly files: number;
  readonly versions: readonly CardVersion[];
}

export type CardModule = 'study' | 'images' | 'annotations' | 'version';

export interface CardCompleteness {
  readonly module: CardModule;
  /** 0 to 100, rounded down. */
  readonly percent: number;
  readonly required_complete: boolean;
  readonly attributes: readonly { readonly name: string; readonly required: boolean; readonly stated: number; readonly sections: number }[];
}

export interface CardMissing {
  readonly module: CardModule;
  /** MIFA's or REMBI's word. */
  readonly attribute: string;
  readonly required: boolean;
}

export interface StudyCard {
  readonly title: string | null;
  readonly description: string | null;
  readonly accession: string | null;
  readonly released: string | null;
  readonly acknowledgements: string | null;
  readonly licence: CardLicence | null;
  readonly keywords: readonly string[];
  readonly organisms: readonly CardOrganism[];
  readonly imaging_methods: readonly CardMethod[];
  readonly publications: readonly CardPublication[];
  readonly funding: { readonly statement: string | null; readonly grants: readonly CardGrant[] };
  readonly models: readonly string[];
  readonly authors: readonly CardPerson[];
  readonly links: readonly { readonly url: string | null; readonly description: string | null }[];
  readonly annotation_sets: readonly CardAnnotationSet[];
  /** All versions, also those of no particular set. */
  readonly versions: readonly CardVersion[];
  readonly completeness: readonly CardCompleteness[];
  readonly missing: readonly CardMissing[];
  readonly verdict: { readonly errors: number; readonly warnings: number; readonly infos: number };
  /** Of the values that are stated, by their pointer within this card: "/title", "/authors/0". */
  readonly places?: Readonly<Record<string, CardPlace>>;
}

export interface CardBadge {
  readonly colour: 'green' | 'amber' | 'red' | 'grey';
  readonly text: string;
  /** A sentence, for those who do not see it. */
  readonly alternative: string;
  readonly svg: string;
}

/** What a record can be written as. */
export type ExportFormat = 'bia-agent' | 'pagetab' | 'ro-crate' | 'croissant';

export interface StudyExport {
  /** The document first, then the file lists that go with it. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** What the format cannot hold, a sentence each. */
  readonly losses: readonly string[];
}

export interface CardOptions {
  readonly badge?: CardBadge | undefined;
  /** Where the card can be seen: the badge's link. */
  readonly address?: string | undefined;
  /** The level of the card's heading; those below follow. Default 2. */
  readonly headingLevel?: 1 | 2 | 3 | undefined;
  /** Offers the metadata in other formats. */
  readonly exportTo?: ((format: ExportFormat) => Promise<StudyExport>) | undefined;
}

/** A sentence for a place: "study.yaml, line 12, /study/title". */
export function placeText({ file, pointer, line, row, column }: CardPlace): string {
  return [file, line && `line ${line}`, row && `row ${row}`, column && `column “${column}”`, pointer].filter(Boolean).join(', ');
}

/** The address, if following it can only lead to a page: of http, https, or none. */
export function safeLink(address: string | null | undefined): string | null {
  if (!address) return null;
  try {
    const { protocol, href } = new URL(address);
    return protocol === 'https:' || protocol === 'http:' ? href : null;
  } catch {
    return null;
  }
}
