// PageTab in TSV: blocks of lines between blank lines. The first cell of a block's first line is
// the section's type, the second its accession number, the third that of the section it belongs to;
// the other lines are an attribute each. Texts with line breaks come either between quotes or, from
// older converters, as further lines without a tab.
#include <map>

#include "mifa/containers/fields.h"
#include "mifa/containers/pagetab.h"
#include "mifa/containers/readers.h"
#include "mifa/containers/table.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

struct Block {
  std::vector<TableRow> rows;
};

// Rows of one block each; rows with nothing in them end a block.
std::vector<Block> blocks_of(const Table& table) {
  std::vector<Block> blocks;
  bool open = false;
  for (const TableRow& row : table.rows) {
    bool blank = true;
    for (const std::string& cell : row.cells) blank = blank && trimmed(cell).empty();
    if (blank) {
      open = false;
      continue;
    }
    if (!open) blocks.emplace_back();
    open = true;
    blocks.back().rows.push_back(row);
  }
  return blocks;
}

std::string cell(const TableRow& row, std::size_t index) {
  return index < row.cells.size() ? std::string(trimmed(row.cells[index])) : "";
}

class Reader {
 public:
  Reader(const std::string& file, Log& log)
      : file_(std::make_shared<const std::string>(file)), log_(log) {}

  PageTabSubmission read(const std::vector<Block>& blocks) {
    PageTabSubmission submission;
    std::vector<PageTabSection> sections;
    for (const Block& block : blocks) {
      const std::string type = folded(cell(block.rows.front(), 0));
      if (type == "submission") {
        submission.accno = cell(block.rows.front(), 1);
        submission.place = place(block.rows.front());
        submission.attributes = attributes(block);
      } else if (type == "link") {
        link(block, submission.section);
      } else if (!submission.section.place.known() && (type == "study" || sections.empty())) {
        const std::vector<Link> links = std::move(submission.section.links);
        submission.section = section(block);
        submission.section.links = links;
      } else if (type != "files") {
        sections.push_back(section(block));
      }
    }
    nest(sections, submission.section);
    return submission;
  }

 private:
  Place place(const TableRow& row) const {
    Place place;
    place.file = file_;
    place.line = row.line;
    return place;
  }

  std::vector<PageTabAttribute> attributes(const Block& block) {
    std::vector<PageTabAttribute> result;
    for (std::size_t i = 1; i < block.rows.size(); ++i) {
      const TableRow& row = block.rows[i];
      if (row.cells.size() == 1 && !result.empty() && !result.back().value.value.empty()) {
        // A line without a tab goes on with the text above it.
        result.back().value.value += "\n" + cell(row, 0);
        continue;
      }
      PageTabAttribute attribute;
      attribute.name = cell(row, 0);
      if (attribute.name.size() > 2 && attribute.name.front() == '<' &&
          attribute.name.back() == '>') {
        attribute.reference = true;
        attribute.name = attribute.name.substr(1, attribute.name.size() - 2);
      }
      // Qualifiers of the attribute above, as "(TermId)" and "[Ontology]".
      if (attribute.name.starts_with('(') || attribute.name.starts_with('[')) continue;
      attribute.value = text_at(cell(row, 1), place(row));
      if (!attribute.name.empty()) result.push_back(std::move(attribute));
    }
    return result;
  }

  PageTabSection section(const Block& block) {
    PageTabSection result;
    const TableRow& head = block.rows.front();
    result.type = cell(head, 0);
    result.accno = cell(head, 1);
    result.parent = cell(head, 2);
    result.place = place(head);
    result.attributes = attributes(block);
    return result;
  }

  void link(const Block& block, PageTabSection& study) {
    Link link;
    link.place = place(block.rows.front());
    link.url = text_at(cell(block.rows.front(), 1), link.place);
    for (const PageTabAttribute& attribute : attributes(block)) {
      if (folded(attribute.name) == "description") link.description = attribute.value;
      if (folded(attribute.name) == "type") link.type = attribute.value;
    }
    study.links.push_back(std::move(link));
  }

  // Puts each section below the one it names as its parent; parents stand before their parts.
  void nest(std::vector<PageTabSection>& sections, PageTabSection& root) {
    std::map<std::string, std::size_t> by_accno;
    for (std::size_t i = 0; i < sections.size(); ++i) {
      if (!sections[i].accno.empty()) by_accno.emplace(sections[i].accno, i);
    }
    std::vector<std::vector<std::size_t>> parts(sections.size());
    std::vector<std::size_t> top;
    for (std::size_t i = 0; i < sections.size(); ++i) {
      const std::string& parent = sections[i].parent;
      const auto found = by_accno.find(parent);
      if (found != by_accno.end() && found->second < i) {
        parts[found->second].push_back(i);
        continue;
      }
      if (!parent.empty() && parent != root.accno) {
        log_.add(sections[i].place,
                 {.rule = "mifa/dangling-reference",
                  .severity = Severity::kWarning,
                  .message = "The section \"" + sections[i].type + "\" belongs to \"" + parent +
                             "\", which no section before it is called.",
                  .expected = "the accession number of a section above",
                  .received = parent,
                  .fix = "Correct the third cell of the section's first line."});
      }
      top.push_back(i);
    }
    // From the last: a section's parts are complete before it is moved into its own parent.
    for (std::size_t i = sections.size(); i-- > 0;) {
      for (const std::size_t part : parts[i]) {
        sections[i].subsections.push_back(std::move(sections[part]));
      }
    }
    for (const std::size_t i : top) root.subsections.push_back(std::move(sections[i]));
  }

  std::shared_ptr<const std::string> file_;
  Log& log_;
};

}  // namespace

bool sniff_pagetab_tsv(std::string_view head, std::string_view) {
  const std::string_view start = trimmed(head.substr(0, 4096));
  return start.starts_with("Submission\t") || start.starts_with("Submission\n") ||
         start.starts_with("Submission\r");
}

void read_pagetab_tsv(const SourceFile& file, Record& record, Log& log) {
  const Table table = parse_table(file.text, '\t', log, file.name);
  read_pagetab(Reader(file.name, log).read(blocks_of(table)), record, log);
}

}  // namespace mifa::meta
