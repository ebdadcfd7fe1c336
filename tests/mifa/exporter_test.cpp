// Exports are read back: what the container can hold is the same, what it cannot is said.
#include "mifa/exporter.h"

#include <algorithm>
#include <set>

#include "documents.h"

namespace mifa::meta {
namespace {

Record read_back(const Export& written) {
  std::vector<SourceFile> files;
  for (const Export::File& file : written.files) files.push_back({file.name, file.text, {}});
  std::vector<Record> records;
  for (const SourceFile& file : files) {
    ReadResult read = read_metadata(file);
    EXPECT_NE(read.container, nullptr) << file.name << "\n" << file.text;
    for (const Issue& issue : read.issues) {
      // MIFA's model has no release date, which the archive's profile requires.
      EXPECT_EQ(issue.rule, "bia-submission/root-study") << issue.message << "\n" << file.text;
    }
    records.push_back(std::move(read.record));
  }
  return merge(std::move(records)).record;
}

using Facts = std::set<std::string>;

void add(Facts& facts, const std::string& name, const Text& text) {
  if (has_text(text)) facts.insert(name + "=" + text.value.substr(0, 60));
}

// What every container of the archive holds.
Facts facts_of(const Record& record) {
  Facts facts;
  const Study& study = record.study;
  add(facts, "title", study.title);
  add(facts, "description", study.description);
  for (const Text& keyword : study.keywords) add(facts, "keyword", keyword);
  for (const Person& person : study.authors) facts.insert("author=" + person.name());
  for (const Person& person : study.authors) add(facts, "email", person.email);
  for (const Publication& publication : study.publications)
    add(facts, "publication", publication.title);
  for (const Grant& grant : study.grants) {
    add(facts, "grant", grant.id);
    add(facts, "funder", grant.funder);
  }
  for (const Link& link : study.links) add(facts, "link", link.url);
  for (const Text& model : study.ai_models_trained) add(facts, "model", model);
  for (const AnnotationSet& set : record.annotations) {
    facts.insert("set=" + set.title());
    add(facts, "overview", set.overview);
    for (const Text& type : set.types) add(facts, "type", type);
    add(facts, "method", set.method);
    add(facts, "criteria", set.criteria);
    add(facts, "coverage", set.coverage);
  }
  for (const Biosample& sample : record.biosamples) {
    add(facts, "sample", sample.name);
    for (const Organism& organism : sample.organisms) {
      add(facts, "organism", organism.scientific_name);
      add(facts, "taxon", organism.ncbi_taxon);
    }
    for (const Text& variable : sample.experimental_variables) add(facts, "variable", variable);
  }
  for (const Specimen& specimen : record.specimens)
    add(facts, "preparation", specimen.sample_preparation);
  for (const Acquisition& acquisition : record.acquisitions) {
    add(facts, "instrument", acquisition.instrument);
    for (const ImagingMethod& method : acquisition.methods) {
      facts.insert("imaging=" + std::string(method.value.value));
      facts.insert("term=" + std::string(method.ontology_id.value));
    }
  }
  for (const StudyComponent& component : record.components) {
    add(facts, "component", component.name);
    facts.insert(component.name.value + " has " + std::to_string(component.associations.size()) +
                 " associations");
  }
  return facts;
}

std::string trimmed_fact(const std::string& fact) {
  std::string result = fact;
  while (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

void expect_same(const Facts& wanted, const Facts& got, const std::string& what) {
  Facts plain;
  for (const std::string& fact : got) plain.insert(trimmed_fact(fact));
  for (const std::string& fact : wanted) {
    EXPECT_TRUE(plain.contains(trimmed_fact(fact))) << what << " lost " << fact;
  }
}

const char* const kStudies[] = {
    "bia-agent/rembi-metadata-with-mifa.yaml",
    "bia-agent/rembi-metadata.yaml",
    "bia-agent/mifa-metadata.json",
    "pagetab/S-BIAD1492.json",
    "pagetab/S-BIAD1076_override.json",
    "bia-mifa-models/Study_S-BIAD634.yaml",
    "rocrate/bia_submission_profile_valid_derived/ro-crate-metadata.json"};

TEST(Exporters, RoundTripsOfRealStudies) {
  REQUIRE_FIXTURES();
  for (const char* path : kStudies) {
    const Record record =
        check_document(std::filesystem::path(path).filename().string(), text_of(fixtures() / path))
            .record;
    for (const char* id : {"bia-agent", "pagetab", "ro-crate"}) {
      SCOPED_TRACE(std::string(path) + " as " + id);
      const Export written = find_exporter(id)->write(record);
      expect_same(facts_of(record), facts_of(read_back(written)), id);
    }
  }
}

TEST(Exporters, WhatComesBackIsWrittenTheSame) {
  REQUIRE_FIXTURES();
  for (const char* path : kStudies) {
    const Record record =
        check_document(std::filesystem::path(path).filename().string(), text_of(fixtures() / path))
            .record;
    for (const Exporter& exporter : exporters()) {
      SCOPED_TRACE(std::string(path) + " as " + exporter.id);
      const Export once = exporter.write(record);
      const Export twice = exporter.write(record);
      ASSERT_EQ(once.files.size(), twice.files.size());
      EXPECT_EQ(once.files[0].text, twice.files[0].text);
      if (std::string(exporter.id) == "croissant") continue;
      const Export again = exporter.write(read_back(once));
      EXPECT_EQ(once.files[0].text, again.files[0].text);
    }
  }
}

TEST(Exporters, ACrateConformsToTheProfile) {
  REQUIRE_FIXTURES();
  const Record record =
      check_document("m.yaml", text_of(fixtures() / "bia-agent/rembi-metadata-with-mifa.yaml"))
          .record;
  Export written = export_ro_crate(record);
  std::vector<SourceFile> files;
  for (const Export::File& file : written.files) files.push_back({file.name, file.text, {}});
  const Checks checks = check_documents(files);
  // bia-agent's template has no licence; nothing else is amiss.
  std::vector<std::string> errors;
  for (const std::string& line : lines(checks.issues)) {
    if (line.starts_with("E ")) errors.push_back(line);
  }
  EXPECT_EQ(errors, std::vector<std::string>{"E mifa/licence-missing"});
}

TEST(Exporters, LossesAreNamed) {
  REQUIRE_FIXTURES();
  std::vector<SourceFile> files;
  for (const char* name : {"Study", "Annotations", "Version"}) {
    const std::string path = std::string("bia-mifa-models/") + name + "_S-BIAD634.yaml";
    files.push_back({path, text_of(fixtures() / path), {}});
  }
  const Record record = check_documents(files).record;
  const auto has = [](const Export& written, const std::string& words) {
    return std::any_of(written.losses.begin(), written.losses.end(), [&](const std::string& loss) {
      return loss.find(words) != std::string::npos;
    });
  };
  EXPECT_TRUE(
      has(export_bia_agent(record), "The file metadata of \"annotations\" cannot be held."));
  EXPECT_TRUE(has(export_bia_agent(record), "The authors of the annotations"));
  const Export pagetab = export_pagetab(record);
  EXPECT_TRUE(has(pagetab, "The authors of the annotations"));
  ASSERT_EQ(pagetab.files.size(), 2U);
  EXPECT_EQ(pagetab.files[1].name, "annotations-1.tsv");
  EXPECT_TRUE(pagetab.files[1].text.starts_with(
      "Files\tSource image\tAnnotation type\ndataset/groundtruth/Ganglioneuroblastoma_0.tif\t"));
  const Export crate = export_ro_crate(record);
  EXPECT_TRUE(has(crate, "The funding statement cannot be held."));
  EXPECT_TRUE(has(crate, "The version 1.1 and its changes"));
  EXPECT_FALSE(has(crate, "criteria"));
  EXPECT_TRUE(has(export_croissant(record), "AI models trained"));
  for (const Exporter& exporter : exporters()) {
    const auto losses = exporter.write(record).losses;
    EXPECT_EQ(std::set<std::string>(losses.begin(), losses.end()).size(), losses.size());
  }
}

TEST(Exporters, OddTextsSurvive) {
  const std::string odd =
      "a: b # \"c\" 'd' \\ \t e\n- f\n\nü 😀 |\xC2\x85\xC2\x9B\x01\xE2\x80\xA8\xEF\xBF\xBF.";
  Record record;
  Place place;
  place.file = std::make_shared<const std::string>("x");
  record.study.place = place;
  record.study.title = {odd, place};
  record.study.description = {"\"starts with a quote", place};
  AnnotationSet set;
  set.name = {"yes: *no", place};
  set.overview = {odd, place};
  set.method = {"m", place};
  set.place = place;
  record.annotations = {set, set};
  for (const char* id : {"bia-agent", "pagetab", "ro-crate"}) {
    const Record back = read_back(find_exporter(id)->write(record));
    EXPECT_EQ(back.study.title.value, odd) << id;
    EXPECT_EQ(back.study.description.value, "\"starts with a quote") << id;
    ASSERT_EQ(back.annotations.size(), 2U) << id;
    EXPECT_EQ(back.annotations[1].overview.value, odd) << id;
  }
}

TEST(Exporters, AnEmptyRecordIsWritten) {
  for (const Exporter& exporter : exporters()) {
    const Export written = exporter.write(Record());
    ASSERT_FALSE(written.files.empty());
    EXPECT_TRUE(written.losses.empty());
  }
}

}  // namespace
}  // namespace mifa::meta
