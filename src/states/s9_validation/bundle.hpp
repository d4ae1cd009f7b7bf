// The files of the validation bundle and the flag's digest (spec S7-S9 §3.6, §3.7): pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/json.hpp"

namespace placewright::states::s9_validation {

__extension__ typedef unsigned __int128 Wide;  // draws and counters do not fit 64 bits

struct Totals {
  std::uint64_t events = 0;
  std::uint64_t blocks = 0;
  Wide draws = 0;
  friend bool operator==(const Totals&, const Totals&) = default;
};
std::string decimal(Wide value);

// One family of events as the bundle reports it.
struct FamilyFacts {
  Totals totals;
  Totals trace;  // of its last trace row
  bool trace_reconciled = false;
  bool coverage_ok = false;
  std::uint64_t envelope_failures = 0;  // records that break their schema or the envelope law
};

struct CountryRows {
  std::uint64_t s7 = 0, s8 = 0;
};

struct EgressFile {
  std::string name;  // below the partition
  std::string sha256_hex;
  std::uint64_t bytes = 0;
};

// Only where a policy asks for a level.
struct GradeFacts {
  std::string of, required, grade;
  bool reached = false;
};

struct BundleFacts {
  RunIdentity identity;
  std::string s7_template, egress_template, bundle_template;  // dictionary paths with their tokens
  std::string egress_path, bundle_path;                       // resolved, relative to the run, end in '/'
  std::vector<std::string> parameter_inputs;                  // of the run receipt
  std::uint64_t manifest_artifacts = 0;
  std::string git_commit_hex;
  std::uint64_t sites_total = 0;  // distinct keys of S7
  std::uint64_t rows_s7 = 0, rows_s8 = 0;
  bool parity_ok = false;
  std::uint64_t writer_sort_violations = 0;  // of site_locations
  std::map<std::string, CountryRows> by_country;
  FamilyFacts assignment;
  std::uint64_t events_missing = 0, events_extra = 0;
  FamilyFacts jitter;
  std::uint64_t sites_with_event = 0, sites_without_event = 0;
  std::vector<EgressFile> egress;  // in name order
  std::string composite_sha256_hex;
  std::optional<GradeFacts> grade;
};

struct BundleFile {
  std::string name;
  std::string bytes;
};

// The seven files in the order written; with `failures`, s9_failures.json before the index, which lists it.
std::vector<BundleFile> bundle_files(const BundleFacts& facts, const std::optional<Json>& failures);

// SHA-256 over the bytes of the files in byte order of their names; `files` are those the index lists.
std::string flag_digest(std::vector<BundleFile> files);
std::string flag_text(const std::string& digest);  // 78 bytes

}  // namespace placewright::states::s9_validation
