/** MIFA's annotation types as people read them. */
export const kAnnotationTypeNames: Readonly<Record<string, string>> = {
  class_labels: 'Class labels',
  bounding_boxes: 'Bounding boxes',
  counts: 'Counts',
  derived_annotations: 'Derived annotations',
  geometrical_annotations: 'Geometrical annotations',
  graphs: 'Graphs',
  point_annotations: 'Points',
  segmentation_mask: 'Segmentation masks',
  tracks: 'Tracks',
  weak_annotations: 'Weak annotations',
  other: 'Other',
};
