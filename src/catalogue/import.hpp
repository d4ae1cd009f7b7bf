// A user's outlets, from CSV or Parquet to a catalogue pack (spec upstream A.9).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "catalogue/iso_table.hpp"
#include "work/pool.hpp"

namespace placewright::catalogue {

struct ImportOptions {
  std::filesystem::path file;          // .parquet, else CSV; .gz and .zst are unpacked on the way
  std::filesystem::path out;           // pack folder to make; empty: nothing is written
  std::filesystem::path rejects_file;  // empty: <out>.rejects.csv; written only when there are bad lines and `out` is set
  IsoTable isos = IsoTable::built_in();
  std::vector<Iso> without_tiles;      // outlets there are bad lines (IMP_COUNTRY_NOT_PLACEABLE)
  std::uint64_t max_rejects = 0;       // bad lines that are dropped instead of refused
  std::uint64_t memory = std::uint64_t{3} << 29;  // bytes that rows may take: 1.5 GiB
};

constexpr std::size_t kRejectsShown = 1000;

struct Reject {
  std::uint64_t line = 0;  // CSV: 1 is the first line of the file; Parquet: 1 is the first row
  std::string column;
  std::string value;       // as it stands in the file, at most 64 bytes
  std::string code;
};

struct ImportReport {
  bool outlet_rows = false;                           // else count rows
  std::uint64_t rows = 0;                             // data rows read, bad ones included
  std::uint64_t merchants = 0, pairs = 0, outlets = 0;  // of the rows that are kept
  std::map<Iso, std::uint64_t> outlets_by_country;
  std::uint64_t homes_given = 0;                      // merchants with a home_country_iso; the others get one by rule
  std::uint64_t homes_without_outlets = 0;            // merchants without an outlet in their home
  std::uint64_t rejects_total = 0;
  std::map<std::string, std::uint64_t> rejects_by_code;
  std::vector<Reject> rejects;                        // the first kRejectsShown in line order
  std::filesystem::path rejects_file;                 // all of them; empty when not written
  std::vector<std::string> ignored_columns;
  std::filesystem::path pack;                         // empty when nothing was written
  std::string pack_digest;
  // Set when bad lines stop the import; the code is that of the first one.
  std::optional<Error> refused;
};

// Bad lines are part of the report. An Error means that the file as a whole cannot be used: PW_INPUT, PW_IO, PW_TABLE,
// IMP_COLUMN_*, IMP_ENCODING, IMP_COMPRESSION, IMP_LINE_TOO_LONG, IMP_TOO_LARGE; PW_OTHER_RUN when `out` holds
// something else. The same file gives the same pack on any number of threads; a pack that is there already and equal
// is left alone.
Result<ImportReport> import_file(const ImportOptions& options, work::Pool& pool);

}  // namespace placewright::catalogue
