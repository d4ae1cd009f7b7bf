// What a run published, in other people's formats.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "placewright/status.hpp"

namespace placewright {

struct ExportOptions {
  std::string run_folder;
  std::string what = "sites";   // sites, tiles, weights, events, mask
  std::string format;           // sites: csv (default), geoparquet, geojson; tiles, weights: parquet; events: jsonl
  std::string out;              // file (sites) or folder (the others)
  std::vector<std::string> external_roots;  // empty: those of the receipt
  unsigned threads = 0;
  bool quiet = false;
};

struct ExportResult {
  Status status;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::vector<std::string> files;
};

// A run without a passed flag is refused.
ExportResult export_run(const ExportOptions& options);

}  // namespace placewright
