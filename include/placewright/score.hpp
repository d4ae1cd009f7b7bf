// Grades a placement: against the gates, against a real chain, over seeds, and as the reference's own scorers did.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "placewright/status.hpp"

namespace placewright {

struct ScoreResult {
  Status status;
  std::string text;                // for people
  std::string json;                // the same as one JSON object
  std::vector<std::string> files;  // written
};

struct LikenessOptions {
  std::string run_folder;        // a run, or
  std::string sites;             // a CSV (also .gz, .zst) or Parquet file of placed sites
  std::string real;              // where the chain stands: country_iso, lon_deg, lat_deg
  std::uint64_t merchant = 0;    // this merchant's sites only; 0: all
  std::string country;           // this country only; empty: all
  std::uint64_t min_sites = 30;  // real sites a country must have to count
  int round = -1;                // decimals both are rounded to first; -1: as they are
  std::string map;               // SVG of both, side by side; empty: none
  unsigned threads = 0;
};
ScoreResult score_likeness(const LikenessOptions& options);

}  // namespace placewright
