// Imports the input as a catalogue and holds the report against itself.
#pragma once

#include "catalogue/import.hpp"
#include "target.hpp"

namespace placewright::fuzz {

inline void check_report(const catalogue::ImportReport& report) {
  std::uint64_t outlets = 0, rejects = 0;
  for (const auto& [country, count] : report.outlets_by_country) outlets += count;
  for (const auto& [code, count] : report.rejects_by_code) {
    require(find_code(code) != nullptr, "the code of a bad line is published");
    rejects += count;
  }
  require(outlets == report.outlets, "countries add up to all outlets");
  require(rejects == report.rejects_total, "codes add up to all bad lines");
  require(report.rejects.size() == std::min<std::uint64_t>(rejects, catalogue::kRejectsShown), "bad lines are shown");
  for (std::size_t i = 0; i < report.rejects.size(); ++i) {
    require(report.rejects[i].value.size() <= 64, "a value shown has 64 bytes at most");
    require(i == 0 || report.rejects[i - 1].line <= report.rejects[i].line, "bad lines come in order");
  }
  require(report.merchants <= report.pairs && report.pairs <= report.outlets, "a pair has an outlet");
  if (report.refused) check_error(*report.refused);
}

// Nothing is written. Bad lines are dropped, or stop the import; either way the figures must agree.
inline void import_bytes(std::string_view bytes, const char* name) {
  static work::Pool pool(1);
  catalogue::ImportOptions options;
  options.file = file_with(bytes, name);
  options.max_rejects = 3;
  options.memory = std::uint64_t{256} << 20;
  options.without_tiles = {*Iso::parse("BV")};
  const auto report = catalogue::import_file(options, pool);
  if (good(report)) check_report(*report);
}

}  // namespace placewright::fuzz
