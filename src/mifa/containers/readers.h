// The readers of the table in container.cpp, one file each.
#pragma once

#include <string_view>

#include "mifa/container.h"

namespace mifa::meta {

bool sniff_bia_agent(std::string_view head, std::string_view name);
void read_bia_agent(const SourceFile& file, Record& record, Log& log);

bool sniff_pagetab_json(std::string_view head, std::string_view name);
void read_pagetab_json(const SourceFile& file, Record& record, Log& log);

bool sniff_pagetab_tsv(std::string_view head, std::string_view name);
void read_pagetab_tsv(const SourceFile& file, Record& record, Log& log);

bool sniff_file_list_tsv(std::string_view head, std::string_view name);
void read_file_list_tsv(const SourceFile& file, Record& record, Log& log);

bool sniff_file_list_json(std::string_view head, std::string_view name);
void read_file_list_json(const SourceFile& file, Record& record, Log& log);

bool sniff_file_list_xlsx(std::string_view head, std::string_view name);
void read_file_list_xlsx(const SourceFile& file, Record& record, Log& log);

bool sniff_ro_crate(std::string_view head, std::string_view name);
void read_ro_crate(const SourceFile& file, Record& record, Log& log);

bool sniff_linkml(std::string_view head, std::string_view name);
void read_linkml(const SourceFile& file, Record& record, Log& log);

bool sniff_bia_api(std::string_view head, std::string_view name);
void read_bia_api(const SourceFile& file, Record& record, Log& log);

bool sniff_croissant(std::string_view head, std::string_view name);
void read_croissant(const SourceFile& file, Record& record, Log& log);

}  // namespace mifa::meta
