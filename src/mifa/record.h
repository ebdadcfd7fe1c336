// The MIFA and REMBI record that every metadata container is read into. Every value keeps its
// place.
//
// MIFA (Zulueta-Coarasa et al., Nature Methods 2025, doi:10.1038/s41592-025-02835-8) has four
// modules: study, images (REMBI 1.5), annotations, version. Names are those of MIFA's LinkML model
// and of REMBI; what a container calls otherwise is said at its reader.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mifa/place.h"

namespace mifa::meta {

struct Organisation {
  Text name;
  Text address;
  Text ror_id;
  Place place;
};

struct Person {
  Text display_name;  // Where the container has one name; else first and last.
  Text first_name;
  Text last_name;
  Text email;
  Text orcid;
  Texts roles;
  std::vector<Organisation> organisations;
  Place place;

  // The display name, or first and last; empty when there is none.
  std::string name() const;
};

struct Publication {
  Text title;
  Text authors;
  Text doi;
  Text year;
  Text pubmed_id;
  Place place;
};

struct Grant {
  Text id;
  Text funder;
  Place place;
};

struct Link {
  Text url;
  Text description;
  Text type;  // The database whose accession `url` is, in PageTab.
  Place place;
};

struct Study {
  Text accession;
  Text title;
  Text description;
  Text licence;
  Text release_date;
  Text acknowledgements;
  Text funding_statement;
  Text doi;
  Text template_name;  // PageTab's Template, e.g. "BioImages.MIFA.v1".
  Texts keywords;
  Texts ai_models_trained;
  std::vector<Person> authors;
  std::vector<Publication> publications;
  std::vector<Grant> grants;
  std::vector<Link> links;
  Place place;

  // Whether a container has a study module at all.
  bool present() const { return place.known(); }
};

// One annotation file ↔ image association: MIFA's file_metadata, or a row of a file list.
struct FileEntry {
  Text path;
  Text size;   // Bytes, as written.
  Text kind;   // "file" or "directory", or the RDF type of a crate's file list.
  Text label;  // A name by which other rows may refer to it.
  Texts source_images;
  Texts annotation_types;
  Text transformation;
  Text spatial_information;
  Text creation_time;
  Texts datasets;            // Ids of datasets (crate) or of annotation sets.
  Texts annotation_methods;  // Ids of annotation methods (crate).
  Texts uris;                // Where it can be opened, as the BIA's API has it.
  std::vector<std::pair<std::string, std::string>> other;  // Further columns with text.
  Place place;

  // Whether the row itself says that it is an annotation: by a source image, a type or a method.
  bool says_annotation() const;
};

struct FileList {
  enum class Style {
    kPageTab,  // "Files" is the first heading (TSV, XLSX), or BioStudies' JSON.
    kCrate,    // The columns are described by CSVW in an RO-Crate.
    kEmbedded  // file_metadata, or files named in another document.
  };
  Text name;
  Style style = Style::kPageTab;
  Texts columns;            // Headings as written.
  Texts column_properties;  // The IRI of each column, where a crate describes it.
  std::vector<FileEntry> entries;
  std::vector<Place> blank_lines;
  Place place;
};

struct AnnotationSet {
  std::string id;  // Its key in the container: name, accession number, @id or uuid.
  Text name;
  Text overview;
  Texts types;
  Text method;
  Text criteria;
  Text coverage;
  Text confidence;
  Text transformation;
  Text spatial_information;
  Text source_indicator;
  Text creation_time;
  Text licence;
  std::vector<Person> authors;
  Texts file_lists;
  std::vector<FileEntry> files;  // MIFA's file_metadata.
  Texts method_ids;              // Of the annotation methods in a crate or the API.
  bool declared_mifa = false;    // A crate's dataset of type bia:MifaDataset.
  Place place;

  std::string title() const;
};

struct Version {
  std::string set;  // Id or name of the annotation set; empty when it speaks of the whole document.
  Text version;
  Text timestamp;
  Text changes;
  Text previous_version;
  std::vector<Person> authors;
  Place place;
};

struct Organism {
  Text scientific_name;
  Text common_name;
  Text ncbi_taxon;
  Place place;
};

struct Biosample {
  std::string id;
  Text name;
  std::vector<Organism> organisms;
  Text biological_entity;
  Text description;
  Texts intrinsic_variables;
  Texts extrinsic_variables;
  Texts experimental_variables;
  Text growth_protocol;
  Place place;
};

struct Specimen {
  std::string id;
  Text name;
  Text sample_preparation;
  Text growth_protocol;
  Texts biosamples;  // Ids, where a specimen names its samples itself (crates).
  Place place;
};

struct ImagingMethod {
  Text value;
  Text ontology_name;
  Text ontology_id;
  Place place;
};

struct Acquisition {
  std::string id;
  Text name;
  std::vector<ImagingMethod> methods;
  Text instrument;
  Text parameters;
  Texts specimens;  // Ids, where an acquisition names its specimen itself (image crates).
  Place place;
};

struct Correlation {
  std::string id;
  Text name;
  Text alignment;
  Text fiducials;
  Text transformation_matrix;
  Place place;
};

struct Analysis {
  std::string id;
  Text name;
  Text overview;
  Place place;
};

// What a study component's images were made of and with; ids or names of the sections above.
struct Association {
  Texts biosamples;
  Texts specimens;
  Texts acquisitions;
  Texts correlations;
  Texts analyses;
  Place place;
};

struct StudyComponent {
  std::string id;
  Text name;
  Text description;
  Texts file_lists;
  std::vector<Association> associations;
  bool declared_rembi = false;  // A crate's dataset of type bia:RembiDataset.
  Place place;
};

// Sizes of one image as a repository states them.
struct ImageSize {
  Text image;  // Path or id.
  // Metres a pixel along x, y, z, as written; empty where not stated.
  Text pixel_size_x;
  Text pixel_size_y;
  Text pixel_size_z;
  Place place;
};

// What a reader did not know, kept so that it can be shown.
struct Other {
  std::string name;
  Text value;
};

// One object of the BIA's API, held until all files are there and its references can be followed.
struct ApiObject {
  std::string type;  // "FileReference", "AnnotationData", "Image", "CreationProcess", …
  std::string uuid;
  std::vector<std::pair<std::string, std::string>> references;  // Role and uuid.
  Text path;
  Text size;
  Text label;
  Texts uris;
  Place place;
};

// What the rules need to know about where a record came from.
struct ContainerUse {
  std::string id;  // Of the registry: "bia-agent", "pagetab-json", …
  std::string file;
  // The container was not made for MIFA (Croissant, another archive's crate): what MIFA requires is
  // then said once, as information.
  bool foreign = false;
  // A crate that describes one image, not a study.
  bool image_only = false;
  // An RO-Crate that uses the BioImage Archive's terms.
  bool bia_crate = false;
  // Reading ended early, and that was said: what is missing may follow from it.
  bool failed = false;
};

struct Record {
  Study study;
  std::vector<AnnotationSet> annotations;
  std::vector<Version> versions;
  std::vector<Biosample> biosamples;
  std::vector<Specimen> specimens;
  std::vector<Acquisition> acquisitions;
  std::vector<Correlation> correlations;
  std::vector<Analysis> analyses;
  std::vector<StudyComponent> components;
  std::vector<FileList> file_lists;
  std::vector<FileEntry> offered;  // Files that Croissant offers, not said to be images or not.
  std::vector<ImageSize> image_sizes;
  std::vector<ApiObject> api_objects;
  std::vector<Other> others;
  std::vector<ContainerUse> containers;

  bool has_rembi() const;
  // Whether it was read from a container with this id (or whose id starts with it).
  bool from(std::string_view container) const;
  // Whether nothing but file lists was read.
  bool only_file_lists() const;
};

// Whether an id or a name of a section is meant by a reference, which may be either: as written, or
// without leading "#" and percent signs decoded.
bool refers_to(const std::string& reference, const std::string& id, const Text& name);

}  // namespace mifa::meta
