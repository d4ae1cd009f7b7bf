// From a catalogue to sealed site locations: states S0 to S9 over one run folder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "placewright/status.hpp"

namespace placewright {

struct RunOptions {
  // An own run: a catalogue file (CSV or Parquet) or a catalogue pack. Its folder is <out>/<run_id>, where run_id
  // follows from the inputs and the seed; the same inputs give the same folder and the same bytes.
  std::string catalogue;
  std::string world;                  // reference data; empty: the embedded world, built once into `cache`
  std::string profile = "lifelike";  // named set of policies
  std::string policies;               // or a folder of policies of your own
  std::uint64_t seed = 42;
  std::string out = "runs";
  std::string cache;                  // empty: $XDG_CACHE_HOME/placewright or ~/.cache/placewright

  // An attached run: a run folder made elsewhere, with its receipt. Without run_id the latest receipt counts.
  std::string runs_root;
  std::string run_id;
  std::string contracts_root;         // empty: the contracts built into placewright
  std::string contracts_layout = "model_spec";
  std::vector<std::string> external_roots;

  std::string publish;                // "rows" or "spans"; empty: spans for own runs; for attached ones as they began, else rows
  std::string events;                 // "jsonl" or "parquet"; empty: parquet for own runs; for attached ones likewise, else jsonl
  std::string predicate = "center";   // "any_overlap"; "center_or_overlap": the latter for countries that hold no centre
  std::string from = "S0";
  std::string until = "S9";
  unsigned threads = 0;               // 0: as many as the machine offers; changes no byte
  std::uint64_t memory_bytes = 0;     // refuse at the start what needs more; 0: no limit
  bool dry_run = false;               // say what would be done and how large it would be
  bool quiet = false;
};

struct StateOutcome {
  std::string state;        // "S4"
  bool reused = false;      // published before and intact
  double seconds = 0;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;  // published by the state
  std::uint64_t peak_rss_bytes = 0;  // of the process when the state ended
};

struct RunResult {
  Status status;
  std::string run_folder;
  std::uint64_t outlets = 0;          // asked for
  std::uint64_t outlets_dropped = 0;  // by the denylist
  std::uint64_t sites = 0;            // placed
  std::string flag;                   // "PASS", "FAIL", or empty when S9 did not run
  std::vector<StateOutcome> states;
  std::vector<std::string> notes;     // dry run: what would be done
};

// Never throws. Published files of an interrupted run are kept; calling again with the same options goes on.
RunResult run(const RunOptions& options);

}  // namespace placewright
