// Every random-number event belongs to a site of S7, once or at least once, and keeps the envelope law (spec S7-S9 §3.4
// f, g).
#pragma once

#include <optional>
#include <vector>

#include "datasets/events.hpp"
#include "states/s9_validation/bundle.hpp"
#include "states/s9_validation/failures.hpp"
#include "states/s9_validation/sites.hpp"

namespace placewright::states::s9_validation {

struct FamilyCount {
  Totals totals;
  std::uint64_t sites_seen = 0;         // distinct sites with an event
  std::uint64_t repeated = 0;           // events of a site beyond its first
  std::uint64_t unknown = 0;            // events of no site
  std::uint64_t envelope_failures = 0;  // broken schemas and envelopes
  std::uint64_t budget_failures = 0;    // jitter only
};

// Takes the records of one family in file order and records what each breaks, as E907_RNG_BUDGET_OR_COUNTERS.
class FamilyScan {
 public:
  FamilyScan(datasets::EventFamily family, SiteWalk& walk) : family_(family), finder_(walk) {}
  FamilyScan(datasets::EventFamily family, SiteIndex& index);  // events may come in any order

  Result<void> take(std::span<datasets::EventRecord> records);
  void finish();  // after the last record
  // An event came after that of a later site: everything counted so far is void, scan again with a SiteIndex.
  bool out_of_order() const { return out_of_order_; }

  const FamilyCount& count() const { return count_; }
  const Failures& failures() const { return failures_; }

 private:
  Result<void> take(const datasets::EventRecord& record);
  bool check_record(const datasets::EventRecord& record);
  void check_envelope(const datasets::EventRecord& record);
  void check_budget(const datasets::EventRecord& record);
  void check_site(const datasets::EventRecord& record, const SiteHit& hit);
  void check_counter(const datasets::EventRecord& record, std::uint64_t rank, bool first);
  bool first_of_site(std::uint64_t rank) const { return index_ ? !seen_[rank] : last_rank_ != rank; }
  void fault(const datasets::EventRecord& record, const char* detail, const std::string& what);

  datasets::EventFamily family_;
  SiteFinder& finder_;
  FamilyCount count_;
  Failures failures_;
  bool out_of_order_ = false;
  bool run_mismatch_seen_ = false;
  // In order: the event before.
  std::optional<std::uint64_t> last_rank_;
  SiteKey last_site_;
  rng::Counter last_after_;
  // Any order, by rank: 17 bytes a site.
  const SiteIndex* index_ = nullptr;
  std::vector<std::uint8_t> seen_;
  std::vector<rng::Counter> after_;
};

struct Coverage {
  std::uint64_t events_missing = 0, events_extra = 0;           // assignment
  std::uint64_t sites_with_event = 0, sites_without_event = 0;  // jitter
  bool ok = false;
};
// The coverage figures of a family; records E907 when they or the checks above fail.
Coverage coverage(datasets::EventFamily family, const FamilyCount& count, std::uint64_t sites_total,
                  Failures& failures);

struct Family {
  FamilyCount count;
  Coverage coverage;
};
// Reads a family's events, in order if possible. `s7` holds keys and tiles.
Result<Family> account(const datasets::EventLog& log, datasets::EventFamily family, const SiteTable& s7, bool s7_rising,
                       std::uint64_t sites_total, work::Pool& pool, Failures& failures);

}  // namespace placewright::states::s9_validation
