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

// One run against every gate. Exit code 3 when `require` names a level that the grade does not reach.
struct ScoreOptions {
  std::string run_folder;
  std::string policy;    // S3 policy whose denylist is left out; empty: the run's own
  std::string baseline;  // run folder that replaces the recorded neighbour baseline; empty: 11.7929786966
  std::string require;   // B or B_plus, of the grade; placement:B or placement:B_plus, legacy:B ...; empty: nothing
  bool people = true;    // read the population raster
  std::string csv;       // folder for tables; empty: none
  std::string plots;     // folder for plots and their data; empty: none
  unsigned threads = 0;
};
ScoreResult score_run(const ScoreOptions& options);

// Runs of the seeds 42, 7, 101 and 202 as one certificate. Exit code 3 when they do not earn `require`.
struct CertifyOptions {
  std::vector<std::string> runs;
  std::string baseline;       // run folder; empty: the recorded neighbour ratio alone
  std::string require = "B";  // or B_plus
  std::string out;            // folder of segment1b_p5_certification.json; empty: reports/ beside the first run
  unsigned threads = 0;
};
ScoreResult score_certify(const CertifyOptions& options);

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

// The reference's scorers: p0, p1, p2, p3, p4, p4r3. Files go to <runs_root>/reports unless `out` says otherwise.
struct LegacyScoreOptions {
  std::string scorer;
  std::string runs_root;
  std::string run_id;          // scored; the candidate
  std::string against_run_id;  // p2: baseline; p3, p4: no-regression run; p4r3: reference
  std::string baseline_json;   // p1, p3, p4
  std::string policy;          // p3, p4: policy.s3.requirements.yaml
  std::string regions;         // p0, p1: CSV of regions; empty: the embedded one
  std::string out;
  std::string upstream_root;  // p4r3
  std::string wave;           // p4r3: wave summary
  std::uint64_t max_shortlist = 2;
  unsigned threads = 0;
};
ScoreResult score_legacy(const LegacyScoreOptions& options);

}  // namespace placewright
