// PageTab in JSON, as BioStudies gives and takes it.
#include "mifa/containers/fields.h"
#include "mifa/containers/pagetab.h"
#include "mifa/containers/readers.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

class Reader {
 public:
  explicit Reader(Log& log) : log_(log) {}

  PageTabSubmission submission(const Node& root) {
    PageTabSubmission result;
    result.place = root.place();
    result.accno = root.folded_member("accno").text();
    result.attributes = attributes(root["attributes"]);
    result.section = section(root["section"]);
    return result;
  }

 private:
  std::vector<PageTabAttribute> attributes(const Node& list) {
    std::vector<PageTabAttribute> result;
    if (list.exists() && !list.is_null() && !list.is_sequence()) {
      log_.add(list.place(), {.rule = "mifa/value-type",
                              .severity = Severity::kError,
                              .message = "The attributes of a section are not a list; they are not "
                                         "read.",
                              .expected = "[{\"name\": …, \"value\": …}]",
                              .received = list.describe(),
                              .fix = "Write the attributes as a list of names and values."});
    }
    for (std::size_t i = 0; list.is_sequence() && i < list.size(); ++i) {
      const Node node = list.child(i);
      PageTabAttribute attribute;
      attribute.name = std::string(trimmed(node["name"].text()));
      const Node value = node["value"];
      attribute.value = value.exists() ? value.value() : text_at("", node.place());
      attribute.reference =
          node["reference"].text() == "true" || node["isReference"].text() == "true";
      if (attribute.name.empty()) {
        log_.add_once(node.place(), "attribute without name",
                      {.rule = "mifa/value-type",
                       .severity = Severity::kWarning,
                       .message = "An attribute has no name and is not read.",
                       .expected = "{\"name\": …, \"value\": …}",
                       .received = node.describe(),
                       .fix = "Give the attribute a name."});
        continue;
      }
      result.push_back(std::move(attribute));
    }
    return result;
  }

  PageTabSection section(const Node& node) {
    PageTabSection result;
    result.place = node.place();
    for (std::size_t i = 0; node.is_mapping() && i < node.size(); ++i) {
      const Node member = node.child(i);
      const std::string& key = member.key();
      if (key == "type") {
        result.type = std::string(trimmed(member.text()));
      } else if (key == "accno") {
        result.accno = member.text();
      } else if (key == "attributes") {
        result.attributes = attributes(member);
      } else if (key == "subsections") {
        add_sections(member, result.subsections);
      } else if (key == "links") {
        add_links(member, result.links);
      } else if (key != "files") {
        // Files of a page are not file lists; they may be nested, and nothing is checked about
        // them.
        result.others.push_back(key);
      }
    }
    return result;
  }

  // Sections may stand in lists within the list (a table of sections).
  void add_sections(const Node& list, std::vector<PageTabSection>& sections) {
    for (std::size_t i = 0; list.is_sequence() && i < list.size(); ++i) {
      const Node item = list.child(i);
      if (item.is_sequence()) {
        add_sections(item, sections);
      } else if (item.is_mapping()) {
        sections.push_back(section(item));
      }
    }
  }

  void add_links(const Node& list, std::vector<Link>& links) {
    for (std::size_t i = 0; list.is_sequence() && i < list.size(); ++i) {
      const Node item = list.child(i);
      if (item.is_sequence()) {
        add_links(item, links);
        continue;
      }
      Link link;
      link.place = item.place();
      link.url = item["url"].value();
      for (const PageTabAttribute& attribute : attributes(item["attributes"])) {
        if (folded(attribute.name) == "description") link.description = attribute.value;
        if (folded(attribute.name) == "type") link.type = attribute.value;
      }
      links.push_back(std::move(link));
    }
  }

  Log& log_;
};

}  // namespace

bool sniff_pagetab_json(std::string_view head, std::string_view) {
  const std::string_view start = trimmed(head.substr(0, 4096));
  return start.starts_with('{') && head.find("\"attributes\"") != std::string_view::npos &&
         (head.find("\"section\"") != std::string_view::npos ||
          head.find("\"accno\"") != std::string_view::npos);
}

void read_pagetab_json(const SourceFile& file, Record& record, Log& log) {
  const TreePtr tree = parse_document(file, log);
  if (!tree) return;
  const Node root = tree->root();
  if (!root["section"].is_mapping()) {
    log.add(root.place(), {.rule = "mifa/value-type",
                           .severity = Severity::kError,
                           .message = "The submission has no section and is not read.",
                           .expected = "a member \"section\" with the study",
                           .received = root["section"].describe(),
                           .fix = "Put the study's attributes and sections into \"section\"."});
    return;
  }
  read_pagetab(Reader(log).submission(root), record, log);
}

}  // namespace mifa::meta
