// The reference's own scorers P0 to P4 and the P4.R3 proxy: same inputs, numbers, file names and checks
// (spec scoring §3.1 to §3.6). Differences: files go to <runs_root>/reports unless told otherwise, all parts of a table
// are read, ties go by country code, a value that is not finite is null with its name in a field `<name>_nonfinite`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "contracts/dictionary.hpp"
#include "work/pool.hpp"

namespace placewright::realism {

struct LegacyOptions {
  std::filesystem::path runs_root;
  std::string run_id;                   // the run scored; the candidate
  std::string against_run_id;           // P2: baseline; P3, P4: no-regression run; P4.R3: reference
  std::filesystem::path baseline_json;  // P1, P3, P4: scorecard of P0
  std::filesystem::path policy;         // P3, P4: policy.s3.requirements.yaml
  std::filesystem::path regions;        // P0, P1: CSV; empty: the embedded table
  std::filesystem::path out;            // empty: <runs_root>/reports
  std::filesystem::path upstream_root;  // P4.R3: runs of the segment before
  std::filesystem::path wave;           // P4.R3: wave summary
  std::size_t max_shortlist = 2;
};

struct Artefacts {
  std::vector<std::filesystem::path> files;
  Json main;  // the scorecard; of P4.R3 the wave summary
};

using Scorer = Result<Artefacts> (*)(const LegacyOptions&, const contracts::Dictionary&, work::Pool&);
Result<Artefacts> score_p0(const LegacyOptions&, const contracts::Dictionary&, work::Pool&);
Result<Artefacts> score_p1(const LegacyOptions&, const contracts::Dictionary&, work::Pool&);
Result<Artefacts> score_p2(const LegacyOptions&, const contracts::Dictionary&, work::Pool&);
Result<Artefacts> score_p3(const LegacyOptions&, const contracts::Dictionary&, work::Pool&);
Result<Artefacts> score_p4(const LegacyOptions&, const contracts::Dictionary&, work::Pool&);
Result<Artefacts> score_p4r3(const LegacyOptions&, const contracts::Dictionary&, work::Pool&);

}  // namespace placewright::realism
