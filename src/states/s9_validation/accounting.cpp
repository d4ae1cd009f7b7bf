#include "states/s9_validation/accounting.hpp"

#include <algorithm>

namespace placewright::states::s9_validation {
namespace {

using datasets::EventFamily;
using datasets::EventRecord;

constexpr auto kCode = "E907_RNG_BUDGET_OR_COUNTERS";

Wide wide(rng::Counter counter) { return (Wide{counter.hi} << 64) | counter.lo; }

bool same_pair(const SiteKey& a, const SiteKey& b) { return a.merchant == b.merchant && a.country == b.country; }

std::string place(const EventRecord& record) {
  if (!record.problem) return {};
  return record.problem->file + ", record " + std::to_string(record.problem->line);
}

}  // namespace

FamilyScan::FamilyScan(EventFamily family, SiteIndex& index) : family_(family), finder_(index), index_(&index) {
  seen_.resize(index.size());
  after_.resize(index.size());
}

void FamilyScan::fault(const EventRecord& record, const char* detail, const std::string& what) {
  const auto& names = datasets::names_of(family_);
  const auto& site = record.site;
  const auto key = std::to_string(site.merchant) + "/" + site.country.text() + "/" + std::to_string(site.site_order);
  auto error = Error(kCode, std::string(names.label) + " event of site " + key + ": " + what)
                   .with("detail", detail)
                   .with("substream_label", names.label)
                   .with("key", site);
  if (record.problem) std::move(error).with("record", place(record));
  failures_.record(error);
}

Result<void> FamilyScan::take(std::span<EventRecord> records) {
  for (const auto& record : records) {
    PW_CHECK(take(record));
    if (out_of_order_) return Error("PW_DEFECT", "events out of order");
  }
  return {};
}

// False when the record counts for nothing.
bool FamilyScan::check_record(const EventRecord& record) {
  const auto& problem = record.problem;
  if (!problem) return true;
  if (problem->other_run) {
    if (!run_mismatch_seen_) {
      const auto error = Error(kCode, place(record) + " belongs to run " + problem->run_id)
                             .with("detail", "rng_event_run_id_mismatch")
                             .with("substream_label", datasets::names_of(family_).label)
                             .with("observed", problem->run_id);
      failures_.record(error);
    }
    run_mismatch_seen_ = true;
    return false;
  }
  if (problem->malformed) {
    ++count_.envelope_failures;
    fault(record, "rng_event_malformed", problem->faults.empty() ? "not a JSON object" : problem->faults.front());
    return false;
  }
  if (problem->other_identity)
    fault(record, "rng_event_identity_mismatch", "seed, parameter_hash or manifest_fingerprint of another run");
  if (!problem->faults.empty()) {
    ++count_.envelope_failures;
    const auto error = Error(kCode, place(record) + ": " + problem->faults.front())
                           .with("detail", "rng_event_schema_invalid")
                           .with("substream_label", datasets::names_of(family_).label)
                           .with("error", problem->faults.front())
                           .with("record", place(record));
    failures_.record(error);
  }
  return true;
}

// Plain integers: a counter that wraps past 2^128 breaks the law.
void FamilyScan::check_envelope(const EventRecord& record) {
  if (record.problem && record.problem->no_counters) return;
  const auto before = wide(record.before), after = wide(record.after);
  if (after >= before && after - before == record.blocks) return;
  ++count_.envelope_failures;
  fault(record, "rng_envelope_violation", "its counters do not differ by blocks=" + std::to_string(record.blocks));
}

void FamilyScan::check_budget(const EventRecord& record) {
  if (family_ != EventFamily::jitter || !record.problem) return;
  if (record.blocks == 1 && record.problem->draws == "2") return;
  ++count_.budget_failures;
  const auto error = Error(kCode, place(record) + " used another budget than 1 block and 2 draws")
                         .with("detail", "rng_budget_violation")
                         .with("expected_blocks", 1)
                         .with("expected_draws", "2")
                         .with("observed_blocks", record.blocks)
                         .with("observed_draws", record.problem->draws)
                         .with("record", place(record));
  failures_.record(error);
}

// Ranges of one substream may touch but not overlap: a pair's for assignment, a site's for jitter.
void FamilyScan::check_counter(const EventRecord& record, std::uint64_t rank, bool first) {
  if (record.problem && record.problem->no_counters) return;
  const bool same_site = !first;
  const bool same_stream =
      family_ == EventFamily::assignment && !index_ ? last_rank_ && same_pair(last_site_, record.site) : same_site;
  const auto last = index_ ? after_[rank] : last_after_;
  if (same_stream && wide(record.before) < wide(last))
    fault(record, "rng_counter_reuse", "its counter was used before");
}

void FamilyScan::check_site(const EventRecord& record, const SiteHit& hit) {
  const bool first = first_of_site(hit.rank);
  ++(first ? count_.sites_seen : count_.repeated);
  check_counter(record, hit.rank, first);
  if (family_ == EventFamily::assignment && record.tile != hit.tile) {
    fault(record, "rng_event_tile_mismatch",
          "it assigned tile " + std::to_string(record.tile) + ", S7 has " + std::to_string(hit.tile));
  }
  if (index_) {
    seen_[hit.rank] = 1;
    after_[hit.rank] = record.after;
  } else {
    last_rank_ = hit.rank;
    last_site_ = record.site;
    last_after_ = record.after;
  }
}

Result<void> FamilyScan::take(const EventRecord& record) {
  if (!check_record(record)) return {};
  check_envelope(record);
  check_budget(record);
  ++count_.totals.events;
  count_.totals.blocks += record.blocks;
  count_.totals.draws += record.draws;
  if (record.problem && record.problem->no_key) {
    ++count_.unknown;
    return {};
  }
  PW_TRY(const auto hit, finder_.find(record.site));
  out_of_order_ = hit.kind == SiteHit::Kind::behind;
  if (hit.kind == SiteHit::Kind::unknown) ++count_.unknown;
  if (hit.kind == SiteHit::Kind::known) check_site(record, hit);
  return {};
}

// Events in any order: the counters of a pair can be compared once all are known. Each event uses one block, so ranges
// overlap when they end at the same counter.
void FamilyScan::finish() {
  if (!index_ || family_ == EventFamily::jitter) return;
  std::vector<Wide> ends;
  for (std::uint64_t begin = 0, end = 0; begin < index_->size(); begin = end) {
    ends.clear();
    const auto first = index_->key(begin);
    for (end = begin; end < index_->size() && same_pair(index_->key(end), first); ++end) {
      if (seen_[end]) ends.push_back(wide(after_[end]));
    }
    std::ranges::sort(ends);
    for (std::size_t i = 1; i < ends.size(); ++i) {
      if (ends[i] != ends[i - 1]) continue;
      EventRecord record;
      record.site = first;
      fault(record, "rng_counter_reuse", "a counter of its pair was used twice");
    }
  }
}

Coverage coverage(EventFamily family, const FamilyCount& count, std::uint64_t sites_total, Failures& failures) {
  Coverage out;
  const auto without = sites_total > count.sites_seen ? sites_total - count.sites_seen : 0;
  if (family == EventFamily::assignment) {
    out.events_missing = without;
    out.events_extra = count.unknown + count.repeated;
    out.ok = out.events_missing == 0 && out.events_extra == 0;
    if (out.ok && count.envelope_failures == 0) return out;
    failures.record(Error(kCode, "not every site has exactly one lawful assignment event")
                        .with("detail", "s5_site_tile_assign_coverage")
                        .with("events_missing", out.events_missing)
                        .with("events_extra", out.events_extra)
                        .with("envelope_failures", count.envelope_failures));
    return out;
  }
  out.sites_with_event = count.sites_seen;
  out.sites_without_event = without;
  out.ok = without == 0;
  if (out.ok && count.unknown == 0 && count.envelope_failures == 0 && count.budget_failures == 0) return out;
  failures.record(Error(kCode, "not every site has lawful jitter events, or some belong to no site")
                      .with("detail", "s6_in_cell_jitter_coverage")
                      .with("sites_with_0_event", without)
                      .with("unknown_events", count.unknown)
                      .with("envelope_failures", count.envelope_failures)
                      .with("budget_failures", count.budget_failures));
  return out;
}

Result<Family> account(const datasets::EventLog& log, EventFamily family, const SiteTable& s7, bool s7_rising,
                       std::uint64_t sites_total, work::Pool& pool, Failures& failures) {
  const auto conclude = [&](FamilyScan& scan) -> Family {
    scan.finish();
    failures.add(scan.failures());
    return {scan.count(), coverage(family, scan.count(), sites_total, failures)};
  };
  if (s7_rising) {
    SiteWalk walk(s7);
    FamilyScan scan(family, walk);
    const auto read = log.read(pool, [&](std::span<EventRecord> records) { return scan.take(records); });
    if (read) return conclude(scan);
    if (!scan.out_of_order()) return read.error();
  }
  PW_TRY(auto index, SiteIndex::build(s7));
  FamilyScan scan(family, index);
  PW_CHECK(log.read(pool, [&](std::span<EventRecord> records) { return scan.take(records); }));
  return conclude(scan);
}

}  // namespace placewright::states::s9_validation
