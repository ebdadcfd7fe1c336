// What MIFA's and REMBI's attributes are called for a reader, and what the lack of one costs.

import type { CardModule } from './card.ts';

export const kModuleNames: Readonly<Record<CardModule, string>> = {
  study: 'Study',
  images: 'Images',
  annotations: 'Annotations',
  version: 'Version',
};

interface Attribute {
  readonly name: string;
  readonly cost: string;
}

const kAttributes: Readonly<Record<string, Attribute>> = {
  'study/title': { name: 'Title', cost: 'Nobody can find or cite the study by its name.' },
  'study/description': { name: 'Description', cost: 'What the study is about has to be guessed from its files.' },
  'study/keywords': { name: 'Keywords', cost: 'Searches by subject do not find it.' },
  'study/license': { name: 'Licence', cost: 'Without one nobody is allowed to use the data; an archive may assume CC0.' },
  'study/authors': { name: 'Authors', cost: 'Nobody can be credited or asked.' },
  'study/funding_statement': { name: 'Funding', cost: 'Funders cannot find what they paid for.' },
  'study/publications': { name: 'Publications', cost: 'Where the experiment is described in full is not known.' },
  'study/links': { name: 'Links', cost: 'Related data and code cannot be followed.' },
  'study/ai_models_trained': { name: 'AI models trained', cost: 'Whether a model has seen these images is not known: testing one on them may mislead.' },
  'study/acknowledgements': { name: 'Acknowledgements', cost: 'Those who helped are not thanked.' },
  'images/study_component': { name: 'Study component', cost: 'Which images belong together is not known.' },
  'images/biological_entity': { name: 'Biological entity', cost: 'What is seen in the images is not said.' },
  'images/scientific_name': { name: 'Organism', cost: 'The species is not known: the images cannot be searched or compared by it.' },
  'images/ncbi_taxon': { name: 'Taxon id', cost: 'Programs cannot tell the species.' },
  'images/sample_preparation': { name: 'Sample preparation', cost: 'Stains and fixation are not known: intensities cannot be compared.' },
  'images/imaging_method': { name: 'Imaging method', cost: 'Whether a model for this kind of microscope applies is not known.' },
  'images/ontology_id': { name: 'Term of the imaging method', cost: 'Programs cannot tell the method.' },
  'images/imaging_instrument': { name: 'Instrument', cost: 'The images cannot be reproduced.' },
  'images/image_acquisition_parameters': { name: 'Acquisition parameters', cost: 'Exposure, filters and objective are not known.' },
  'annotations/annotation_overview': { name: 'Overview', cost: 'What was annotated, and what for, is not said.' },
  'annotations/annotation_type': { name: 'Type', cost: 'Whether these are masks, points or boxes shows only when they are opened.' },
  'annotations/annotation_method': { name: 'Method', cost: 'Whether people or software drew them, and who checked them, is not known.' },
  'annotations/annotation_criteria': { name: 'Criteria', cost: 'What counts as an object, and what was left out, is not known.' },
  'annotations/annotation_coverage': { name: 'Coverage', cost: 'An image without annotations may be empty, or not annotated: training on it may mislead.' },
  'annotations/annotation_confidence_level': { name: 'Confidence', cost: 'How far to trust the annotations is not known.' },
  'annotations/authors': { name: 'Annotators', cost: 'Those who annotated get no credit.' },
  'annotations/source_image_id': { name: 'Source images', cost: 'Which annotation belongs to which image has to be guessed from names.' },
  'version/version': { name: 'Version', cost: 'Results cannot say which version of the annotations they used.' },
  'version/timestamp': { name: 'Date of the version', cost: 'How old the annotations are is not known.' },
  'version/changes': { name: 'Changes', cost: 'Whether earlier results still hold is not known.' },
  'version/previous_version': { name: 'Previous version', cost: 'Earlier versions cannot be found.' },
};

/** The words for an attribute; its own name where it is a new one. */
export function attributeWords(module: CardModule, attribute: string): Attribute {
  return kAttributes[`${module}/${attribute}`] ?? { name: attribute.replaceAll('_', ' '), cost: '' };
}
