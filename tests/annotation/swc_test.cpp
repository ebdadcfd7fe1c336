#include <gtest/gtest.h>

#include "annotation/table_formats.h"
#include "reading.h"

namespace mifa::annotation {
namespace {

Reading read(const std::string& text, std::size_t window = 1 << 16) {
  return read_with(make_swc_reader, text, {}, window);
}

TEST(Swc, ReadsNodesAndEdges) {
  const std::string text =
      "# a neuron\n 1 1 0 0 0 3.0 -1\n2 3 1 2 0.5 1 1\n 4 3 5 5 0 1 3 # before its parent\n3 3 4 4 "
      "0 1 2\n";
  for (const std::size_t window : {std::size_t{1}, text.size()}) {
    const Reading graph = read(text, window);
    EXPECT_EQ(graph.issues(), "");
    EXPECT_EQ(graph->kind, LayerKind::kGraph);
    EXPECT_EQ(graph->space.unit_name, "micrometer");
    ASSERT_EQ(graph->size(), 4u);
    EXPECT_EQ(graph.category(0), "soma");
    EXPECT_EQ(graph.property("radius", 0), "3");
    EXPECT_EQ(graph->z_begin[1], 0.5);
    ASSERT_EQ(graph->links.size(), 3u);
    EXPECT_EQ(graph->links[1].from, 3u);
    EXPECT_EQ(graph->links[1].to, 2u);
  }
}

TEST(Swc, TakesTheUnitFromAComment) {
  const Reading graph =
      read("# Meta: {\"name\": \"n\", \"units\": \"8 nanometer\"}\n1 1 5 5 0 1 -1\n");
  EXPECT_EQ(graph->space.unit_name, "nanometer");
  EXPECT_EQ(graph->space.affine[0], 8);
}

TEST(Swc, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> kAll[] = {
      {"line-too-short.swc", "swc/not-a-node, 3: The line is no node; it is left out.\n"},
      {"parent-missing.swc",
       "tracks/parent-missing, 2: The parent of node 2, node 7, is not in the file.\n"},
      {"parents-in-a-circle.swc",
       "tracks/cycle, 2: Parents go round in a circle: 2 from 3 from 2; none of these is drawn as "
       "a "
       "descent.\n"},
      {"number-twice.swc",
       "swc/number-twice, 2: Node 1 is in line 1 already; the second is left out.\n"},
  };
  for (const auto& [file, issues] : kAll) {
    EXPECT_EQ(read(file_text(std::string("tests/vectors/annotation/swc/") + file)).issues(), issues)
        << file;
  }
}

// Counts and sums are those of a few lines of Python.
TEST(Swc, ReadsRealNeurons) {
  REQUIRE_FIXTURE("swc");
  struct Real {
    const char* file;
    std::size_t nodes, links;
    double sum;  // of x and y
  };
  const Real kAll[] = {
      {"swc/navis/722817260.swc", 4332, 4331, 209809891.57},
      {"swc/neurom/Neuron.swc", 847, 846, 4029.978505},
      {"swc/neurom/ordering/sample_disordered.swc", 53, 52, 460},
      {"swc/neurom/simple_reversed.swc", 9, 8, 5},
  };
  for (const Real& real : kAll) {
    const std::string text = file_text(fixture(real.file));
    EXPECT_GT(sniff_swc({"neuron", std::string_view(text).substr(0, kHeadBytes),
                         text.size() <= kHeadBytes}),
              50);
    const Reading graph = read(text);
    EXPECT_EQ(graph.issues(), "") << real.file;
    EXPECT_EQ(graph->size(), real.nodes) << real.file;
    EXPECT_EQ(graph->links.size(), real.links) << real.file;
    double sum = 0;
    for (std::size_t i = 0; i < graph->xy.size(); ++i) sum += static_cast<double>(graph->xy[i]);
    EXPECT_NEAR(sum, real.sum, 0.05) << real.file;
  }
  EXPECT_EQ(read(file_text(fixture("swc/neurom/Neuron_missing_parents.swc")))->issues[0].rule,
            "tracks/parent-missing");
  EXPECT_EQ(read(file_text(fixture("swc/neurom/repeated_id.swc"))).issues(),
            "swc/number-twice, 6: Node 4 is in line 5 already; the second is left out.\n");
}

}  // namespace
}  // namespace mifa::annotation
