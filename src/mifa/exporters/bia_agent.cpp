// bia-agent YAML, with the sections and names of its templates.
#include "mifa/exporter.h"
#include "mifa/exporters/losses.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

// Characters that YAML takes for line breaks or does not allow (YAML 1.1, 5.1), though they are
// UTF-8, and their escapes.
struct Escape {
  std::string_view bytes;
  const char* escape;
};
constexpr Escape kEscapes[] = {{"\xE2\x80\xA8", "\\u2028"},
                               {"\xE2\x80\xA9", "\\u2029"},
                               {"\xEF\xBB\xBF", "\\uFEFF"},
                               {"\xEF\xBF\xBE", "\\uFFFE"},
                               {"\xEF\xBF\xBF", "\\uFFFF"}};

void append_hex(std::string& result, unsigned char byte) {
  static constexpr char kHex[] = "0123456789abcdef";
  result += "\\x";
  result += kHex[byte >> 4U];
  result += kHex[byte & 15U];
}

// Text between double quotes, with JSON's escapes, which YAML shares, and YAML's own.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  text = trimmed(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : '\0');
    const Escape* odd = nullptr;
    for (const Escape& one : kEscapes) {
      if (text.substr(i).starts_with(one.bytes)) odd = &one;
    }
    if (odd) {
      result += odd->escape;
      i += odd->bytes.size() - 1;
    } else if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      append_hex(result, byte);
    } else if (byte == 0xC2 && next >= 0x80 && next < 0xA0) {
      append_hex(result, next);
      ++i;
    } else {
      result += c;
    }
  }
  return result + "\"";
}

class Writer {
 public:
  explicit Writer(const Record& record) : record_(record) {}

  Export write() {
    if (record_.study.present()) study();
    sections();
    annotations();
    components();
    losses();
    Export result;
    result.files.push_back({"metadata.yaml", std::move(text_)});
    result.losses = losses_.take();
    return result;
  }

 private:
  void line(int depth, const std::string& text) {
    text_ += std::string(static_cast<std::size_t>(depth) * 2, ' ') + text + "\n";
  }
  void put(int depth, const std::string& key, const Text& value) {
    if (has_text(value)) line(depth, key + ": " + quoted(value.value));
  }
  // Required by the templates: written also when there is nothing.
  void need(int depth, const std::string& key, const Text& value) {
    line(depth, key + ": " + quoted(value.value));
  }
  void list(int depth, const std::string& key, const Texts& values) {
    if (!has_text(values)) return;
    line(depth, key + ":");
    for (const Text& value : values) {
      if (has_text(value)) line(depth, "- " + quoted(value.value));
    }
  }

  void study() {
    const Study& study = record_.study;
    line(0, "study:");
    need(1, "title", study.title);
    need(1, "description", study.description);
    put(1, "private_until_date", study.release_date);
    list(1, "keywords", study.keywords);
    put(1, "license", study.licence);
    if (!study.authors.empty()) line(1, "authors:");
    for (const Person& person : study.authors) author(person);
    if (has_text(study.funding_statement) || !study.grants.empty()) line(1, "funding:");
    put(2, "funding_statement", study.funding_statement);
    if (!study.grants.empty()) line(2, "grant_references:");
    for (const Grant& grant : study.grants) {
      line(2, "- funder: " + quoted(grant.funder.value));
      line(2, "  identifier: " + quoted(grant.id.value));
    }
    if (!study.publications.empty()) line(1, "publications:");
    for (const Publication& publication : study.publications) {
      line(1, "- title: " + quoted(publication.title.value));
      put(2, "authors", publication.authors);
      put(2, "doi", publication.doi);
      put(2, "year", publication.year);
      put(2, "pubmed_id", publication.pubmed_id);
    }
    links();
    put(1, "acknowledgements", study.acknowledgements);
    line(1, "rembi_version: \"1.5\"");
  }

  void author(const Person& person) {
    std::string first(trimmed(person.first_name.value));
    std::string last(trimmed(person.last_name.value));
    if (first.empty() && last.empty()) {
      // One name for all; the last word is taken for the family's.
      const std::string whole = person.name();
      const std::size_t space = whole.rfind(' ');
      last = space == std::string::npos ? whole : whole.substr(space + 1);
      if (space != std::string::npos) first = whole.substr(0, space);
    }
    line(1, "- first_name: " + quoted(first));
    line(2, "last_name: " + quoted(last));
    put(2, "email", person.email);
    if (has_text(person.roles)) line(2, "role: " + quoted(joined(person.roles)));
    put(2, "orcid", person.orcid);
    if (person.organisations.empty()) return;
    const Organisation& organisation = person.organisations.front();
    line(2, "affiliation:");
    need(3, "name", organisation.name);
    put(3, "address", organisation.address);
    losses_.when(person.organisations.size() > 1, "The further organisations of " + person.name());
    losses_.text(organisation.ror_id, "The ROR id of " + organisation.name.value);
  }

  void links() {
    const Study& study = record_.study;
    std::vector<const Text*> models;
    for (const Text& model : study.ai_models_trained) {
      bool linked = false;
      for (const Link& link : study.links) linked = linked || link.url.value == model.value;
      if (!linked && has_text(model)) models.push_back(&model);
    }
    if (!study.links.empty() || !models.empty()) line(1, "links:");
    for (const Link& link : study.links) {
      line(1, "- link_url: " + quoted(link.url.value));
      put(2, "link_description", link.description);
      losses_.text(link.type, "The type of the link " + link.url.value);
    }
    for (const Text* model : models) {
      line(1, "- link_url: " + quoted(model->value));
      line(2, "link_description: \"AI model trained with this dataset\"");
    }
  }

  template <typename Section, typename Body>
  void section(const std::string& key, const std::vector<Section>& parts, Body body) {
    if (parts.empty()) return;
    line(0, key + ":");
    std::vector<std::string> taken;
    for (const Section& part : parts) {
      const std::string name =
          unique_name(has_text(part.name) ? std::string(trimmed(part.name.value)) : part.id, taken);
      line(1, quoted(name) + ":");
      body(part);
    }
  }

  void sections() {
    section("biosamples", record_.biosamples, [this](const Biosample& sample) {
      if (!sample.organisms.empty()) {
        const Organism& organism = sample.organisms.front();
        line(2, "organism:");
        need(3, "scientific_name", organism.scientific_name);
        put(3, "common_name", organism.common_name);
        need(3, "ncbi_taxon", organism.ncbi_taxon);
      }
      losses_.when(sample.organisms.size() > 1,
                   "The further organisms of the biosample \"" + sample.name.value + "\"");
      need(2, "biological_entity", sample.biological_entity);
      put(2, "description", sample.description);
      list(2, "intrinsic_variables", sample.intrinsic_variables);
      list(2, "extrinsic_variables", sample.extrinsic_variables);
      list(2, "experimental_variables", sample.experimental_variables);
      losses_.text(sample.growth_protocol,
                   "The growth protocol of the biosample \"" + sample.name.value + "\"");
    });
    section("specimens", record_.specimens, [this](const Specimen& specimen) {
      need(2, "sample_preparation", specimen.sample_preparation);
      put(2, "growth_protocol", specimen.growth_protocol);
    });
    section("acquisitions", record_.acquisitions, [this](const Acquisition& acquisition) {
      if (!acquisition.methods.empty()) {
        const ImagingMethod& method = acquisition.methods.front();
        line(2, "imaging_method:");
        need(3, "value", method.value);
        need(3, "ontology_id", method.ontology_id);
        put(3, "ontology_name", method.ontology_name);
      }
      losses_.when(acquisition.methods.size() > 1,
                   "The further imaging methods of \"" + acquisition.name.value + "\"");
      need(2, "imaging_instrument", acquisition.instrument);
      need(2, "image_acquisition_parameters", acquisition.parameters);
    });
    section("correlations", record_.correlations, [this](const Correlation& correlation) {
      need(2, "spatial_and_temporal_alignment", correlation.alignment);
      need(2, "fiducials_used", correlation.fiducials);
      need(2, "transformation_matrix", correlation.transformation_matrix);
    });
    section("analysis", record_.analyses,
            [this](const Analysis& analysis) { need(2, "analysis_overview", analysis.overview); });
  }

  void annotations() {
    if (record_.annotations.empty()) return;
    line(0, "annotations:");
    for (const AnnotationSet& set : record_.annotations) {
      set_names_.push_back(unique_name(set.title(), taken_sets_));
      line(1, quoted(set_names_.back()) + ":");
      need(2, "annotation_overview", set.overview);
      list(2, "annotation_type", set.types);
      need(2, "annotation_method", set.method);
      put(2, "annotation_confidence_level", set.confidence);
      put(2, "annotation_criteria", set.criteria);
      put(2, "annotation_coverage", set.coverage);
      losses_.texts(set.file_lists, "The name of the file list of \"" + set.title() + "\"");
      losses_.when(!set.files.empty(), "The file metadata of \"" + set.title() + "\"");
    }
    versions();
  }

  void versions() {
    if (record_.versions.empty()) return;
    line(0, "version:");
    std::vector<std::string> taken;
    for (const Version& version : record_.versions) {
      std::string name = version.set;
      for (std::size_t i = 0; i < record_.annotations.size(); ++i) {
        const AnnotationSet& set = record_.annotations[i];
        const bool only = version.set.empty() && record_.annotations.size() == 1;
        if (only || refers_to(version.set, set.id, set.name)) name = set_names_[i];
      }
      line(1, quoted(unique_name(name, taken)) + ":");
      need(2, "version", version.version);
      need(2, "timestamp", version.timestamp);
      put(2, "changes", version.changes);
      put(2, "previous_version", version.previous_version);
    }
  }

  // The name of what a reference means, as it was written above.
  template <typename Section>
  std::string name_of(const Texts& references, const std::vector<Section>& parts) const {
    std::vector<std::string> taken;
    for (const Section& part : parts) {
      const std::string name =
          unique_name(has_text(part.name) ? std::string(trimmed(part.name.value)) : part.id, taken);
      for (const Text& reference : references) {
        if (refers_to(reference.value, part.id, part.name)) return name;
      }
    }
    return references.empty() ? "" : references.front().value;
  }

  void components() {
    if (record_.components.empty()) return;
    line(0, "study_component:");
    std::vector<std::string> keys;
    for (const StudyComponent& component : record_.components) {
      keys.push_back("component " + std::to_string(keys.size() + 1));
      line(1, quoted(keys.back()) + ":");
      need(2, "name", component.name);
      need(2, "description", component.description);
      line(2, "rembi_version: \"1.5\"");
      losses_.texts(component.file_lists,
                    "The name of the file list of \"" + component.name.value + "\"");
      losses_.when(component.associations.size() > 1,
                   "The further associations of \"" + component.name.value + "\"");
    }
    line(0, "associations:");
    for (std::size_t i = 0; i < record_.components.size(); ++i) {
      if (record_.components[i].associations.empty()) continue;
      const Association& one = record_.components[i].associations.front();
      line(1, quoted(keys[i]) + ":");
      const auto put_name = [&](const char* key, const std::string& name) {
        if (!name.empty()) line(2, std::string(key) + ": " + quoted(name));
      };
      put_name("biosample_id", name_of(one.biosamples, record_.biosamples));
      put_name("specimen_id", name_of(one.specimens, record_.specimens));
      put_name("acquisition_id", name_of(one.acquisitions, record_.acquisitions));
      put_name("correlation_id", name_of(one.correlations, record_.correlations));
      put_name("analysis_id", name_of(one.analyses, record_.analyses));
    }
  }

  void losses() {
    losses_.text(record_.study.accession, "The accession number");
    losses_.text(record_.study.doi, "The study's DOI");
    losses_.annotation_details(record_, false, false, true);
    losses_.when(!record_.file_lists.empty(), "File lists (they stay files of their own; they)");
  }

  const Record& record_;
  std::string text_;
  Losses losses_;
  std::vector<std::string> taken_sets_;
  std::vector<std::string> set_names_;
};

}  // namespace

Export export_bia_agent(const Record& record) { return Writer(record).write(); }

}  // namespace mifa::meta
