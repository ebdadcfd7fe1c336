// PageTab TSV, as BioStudies' tools and bia-agent's converter write it.
#include "mifa/exporter.h"
#include "mifa/exporters/losses.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

// A cell; one with tabs, line breaks or a quote at its start goes between quotes.
std::string cell(std::string_view text) {
  const std::string plain(trimmed(text));
  if (plain.find_first_of("\t\r\n") == std::string::npos && !plain.starts_with('"')) return plain;
  std::string result = "\"";
  for (const char c : plain) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + "\"";
}

class Writer {
 public:
  explicit Writer(const Record& record) : record_(record) {}

  Export write() {
    submission();
    people();
    for (const Publication& publication : record_.study.publications) {
      head("Publication");
      put("Title", publication.title);
      put("Year", publication.year);
      put("Authors", publication.authors);
      put("DOI", publication.doi);
      put("Pubmed ID", publication.pubmed_id);
    }
    for (const Grant& grant : record_.study.grants) {
      head("Funding");
      put("Agency", grant.funder);
      put("grant_id", grant.id);
    }
    rembi();
    for (std::size_t i = 0; i < record_.annotations.size(); ++i) annotations(i);
    loose_versions();
    components();
    losses_.annotation_details(record_, false, false, true);
    Export result;
    result.files.push_back({"submission.tsv", std::move(text_)});
    for (Export::File& list : lists_) result.files.push_back(std::move(list));
    result.losses = losses_.take();
    return result;
  }

 private:
  void head(const std::string& type, const std::string& accno = "",
            const std::string& parent = "") {
    if (!text_.empty()) text_ += "\n";
    text_ += type;
    if (!accno.empty() || !parent.empty()) text_ += "\t" + cell(accno);
    if (!parent.empty()) text_ += "\t" + cell(parent);
    text_ += "\n";
  }
  void put(const std::string& name, const Text& value) {
    if (has_text(value)) text_ += name + "\t" + cell(value.value) + "\n";
  }
  void put_all(const std::string& name, const Texts& values) {
    for (const Text& value : values) put(name, value);
  }

  void submission() {
    const Study& study = record_.study;
    head("Submission", has_text(study.accession) ? study.accession.value : "S-BIADXXX");
    put("Title", study.title);
    put("ReleaseDate", study.release_date);
    text_ += "AttachTo\tBioImages\n";
    const bool only_annotations = !record_.has_rembi() && !has_text(study.licence);
    text_ += std::string("Template\t") + (only_annotations ? "BioImages.MIFA.v1" : "BioImages.v5") +
             "\n";
    put("DOI", study.doi);
    head("Study");
    put("Description", study.description);
    put("License", study.licence);
    put_all("Keyword", study.keywords);
    put("Acknowledgements", study.acknowledgements);
    put("Funding statement", study.funding_statement);
    for (const Link& link : study.links) {
      head("Link", link.url.value);
      put("Description", link.description);
      put("Type", link.type);
    }
    for (const Text& model : study.ai_models_trained) {
      bool linked = !has_text(model);
      for (const Link& link : study.links) linked = linked || link.url.value == model.value;
      if (linked) continue;
      head("Link", model.value);
      text_ += "Description\tAI model trained with this dataset\n";
    }
  }

  void people() {
    std::vector<const Organisation*> organisations;
    const auto number = [&](const Organisation& organisation) {
      for (std::size_t i = 0; i < organisations.size(); ++i) {
        if (folded(organisations[i]->name.value) == folded(organisation.name.value)) return i + 1;
      }
      organisations.push_back(&organisation);
      return organisations.size();
    };
    for (const Person& person : record_.study.authors) {
      head("author");
      text_ += "Name\t" + cell(person.name()) + "\n";
      put("E-mail", person.email);
      if (has_text(person.roles)) text_ += "Role\t" + cell(joined(person.roles)) + "\n";
      put("ORCID", person.orcid);
      for (const Organisation& organisation : person.organisations) {
        if (!has_text(organisation.name)) continue;
        text_ += "<affiliation>\to" + std::to_string(number(organisation)) + "\n";
      }
    }
    for (std::size_t i = 0; i < organisations.size(); ++i) {
      head("organisation", "o" + std::to_string(i + 1));
      put("Name", organisations[i]->name);
      put("Address", organisations[i]->address);
      put("RORID", organisations[i]->ror_id);
    }
  }

  void rembi() {
    int count = 0;
    for (const Biosample& sample : record_.biosamples) {
      const std::string accno = "Biosample-" + std::to_string(++count);
      head("Biosample", accno);
      put("Title", sample.name);
      put("Biological entity", sample.biological_entity);
      put("Description", sample.description);
      put_all("Intrinsic variable", sample.intrinsic_variables);
      put_all("Extrinsic variable", sample.extrinsic_variables);
      put_all("Experimental variable", sample.experimental_variables);
      losses_.text(sample.growth_protocol,
                   "The growth protocol of the biosample \"" + sample.name.value + "\"");
      for (const Organism& organism : sample.organisms) {
        head("Organism", "Organism-" + std::to_string(++organisms_), accno);
        put("Scientific name", organism.scientific_name);
        put("Common name", organism.common_name);
        put("NCBI taxon ID", organism.ncbi_taxon);
      }
    }
    count = 0;
    for (const Specimen& specimen : record_.specimens) {
      head("Specimen", "Specimen-" + std::to_string(++count));
      put("Title", specimen.name);
      put("Sample Preparation Protocol", specimen.sample_preparation);
      put("Growth Protocol", specimen.growth_protocol);
    }
    count = 0;
    for (const Acquisition& acquisition : record_.acquisitions) {
      const std::string accno = "Image Acquisition-" + std::to_string(++count);
      head("Image Acquisition", accno);
      put("Title", acquisition.name);
      put("Imaging Instrument", acquisition.instrument);
      put("Image Acquisition Parameters", acquisition.parameters);
      for (const ImagingMethod& method : acquisition.methods) {
        head("Imaging Method", "Imaging Method-" + std::to_string(++methods_), accno);
        put("Ontology Value", method.value);
        put("Ontology Name", method.ontology_name);
        put("Ontology Term ID", method.ontology_id);
      }
    }
    count = 0;
    for (const Correlation& correlation : record_.correlations) {
      head("Image Correlation", "Image Correlation-" + std::to_string(++count));
      put("Title", correlation.name);
      put("Spatial and temporal alignment", correlation.alignment);
      put("Fiducials used", correlation.fiducials);
      put("Transformation matrix", correlation.transformation_matrix);
    }
    count = 0;
    for (const Analysis& analysis : record_.analyses) {
      head("Image Analysis", "Image Analysis-" + std::to_string(++count));
      put("Title", analysis.name);
      put("Image Analysis Overview", analysis.overview);
    }
  }

  void annotations(std::size_t index) {
    const AnnotationSet& set = record_.annotations[index];
    const std::string accno = "Annotations-" + std::to_string(index + 1);
    head("Annotations", accno);
    text_ += "Title\t" + cell(set.title()) + "\n";
    put("Annotation Overview", set.overview);
    if (has_text(set.types)) text_ += "Annotation Type\t" + cell(joined(set.types)) + "\n";
    put("Annotation Method", set.method);
    put("Annotation Confidence Level", set.confidence);
    put("Annotation Criteria", set.criteria);
    put("Annotation Coverage", set.coverage);
    put_all("File List", set.file_lists);
    if (!has_text(set.file_lists) && !set.files.empty()) {
      const std::string name = "annotations-" + std::to_string(index + 1) + ".tsv";
      text_ += "File List\t" + name + "\n";
      lists_.push_back({name, file_list_text(set.files)});
    }
    for (const Version& version : record_.versions) {
      const bool only = version.set.empty() && record_.annotations.size() == 1;
      if (only || refers_to(version.set, set.id, set.name)) put_version(version, accno);
    }
  }

  void put_version(const Version& version, const std::string& parent) {
    head("Version", "", parent);
    put("Annotation version", version.version);
    put("Version timestamp", version.timestamp);
    put("Version changes", version.changes);
    put("Previous version", version.previous_version);
  }

  void loose_versions() {
    for (const Version& version : record_.versions) {
      bool placed = version.set.empty() && record_.annotations.size() == 1;
      for (const AnnotationSet& set : record_.annotations) {
        placed = placed || refers_to(version.set, set.id, set.name);
      }
      if (!placed) put_version(version, "");
    }
  }

  template <typename Section>
  void put_names(const std::string& what, const Texts& references,
                 const std::vector<Section>& parts) {
    for (const Text& reference : references) {
      const Text* name = &reference;
      for (const Section& part : parts) {
        if (refers_to(reference.value, part.id, part.name) && has_text(part.name)) {
          name = &part.name;
        }
      }
      put(what, *name);
    }
  }

  void components() {
    for (std::size_t i = 0; i < record_.components.size(); ++i) {
      const StudyComponent& component = record_.components[i];
      const std::string accno = "Study Component-" + std::to_string(i + 1);
      head("Study Component", accno);
      put("Name", component.name);
      put("Description", component.description);
      put_all("File List", component.file_lists);
      for (const Association& one : component.associations) {
        head("Associations", "", accno);
        put_names("Biosample", one.biosamples, record_.biosamples);
        put_names("Specimen", one.specimens, record_.specimens);
        put_names("Image acquisition", one.acquisitions, record_.acquisitions);
        put_names("Image Correlation", one.correlations, record_.correlations);
        put_names("Image Analysis", one.analyses, record_.analyses);
      }
    }
  }

  const Record& record_;
  std::string text_;
  std::vector<Export::File> lists_;
  Losses losses_;
  int organisms_ = 0;
  int methods_ = 0;
};

}  // namespace

Export export_pagetab(const Record& record) { return Writer(record).write(); }

}  // namespace mifa::meta
