// Readers of tables, tracks, class labels and counts: their rows in formats.cpp.
#pragma once

#include "annotation/format.h"

namespace mifa::annotation {

int sniff_table(const Head& head);
std::unique_ptr<Reader> make_table_reader(const ReadOptions& options, LayerBuilder& builder);

int sniff_star(const Head& head);
std::unique_ptr<Reader> make_star_reader(const ReadOptions& options, LayerBuilder& builder);

int sniff_ctc(const Head& head);
std::unique_ptr<Reader> make_ctc_reader(const ReadOptions& options, LayerBuilder& builder);

int sniff_swc(const Head& head);
std::unique_ptr<Reader> make_swc_reader(const ReadOptions& options, LayerBuilder& builder);

int sniff_trackmate(const Head& head);
std::unique_ptr<Reader> make_trackmate_reader(const ReadOptions& options, LayerBuilder& builder);

int sniff_json_rows(const Head& head);
std::unique_ptr<Reader> make_json_rows_reader(const ReadOptions& options, LayerBuilder& builder);

}  // namespace mifa::annotation
