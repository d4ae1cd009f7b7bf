#include "verify/verify.hpp"

#include <algorithm>

#include "datasets/events.hpp"
#include "store/receipt.hpp"
#include "verify/assignment.hpp"
#include "verify/demand.hpp"
#include "verify/gate.hpp"
#include "verify/integrity.hpp"
#include "verify/jitter.hpp"
#include "verify/sampling.hpp"
#include "verify/sites.hpp"

namespace placewright::verify {
namespace {

namespace fs = std::filesystem;

// Roots as given, else those of the receipt: as written, or beside the runs root when that is where they are.
std::vector<fs::path> external_roots(const Options& options, const store::Receipt& receipt) {
  if (!options.external_roots.empty()) return options.external_roots;
  std::vector<fs::path> roots;
  const auto it = receipt.fields.find("external_roots");
  if (it == receipt.fields.end() || !it->is_array()) return roots;
  for (const auto& item : *it) {
    if (!item.is_string()) continue;
    const fs::path root = item.get<std::string>();
    std::error_code error;
    const auto beside = receipt.run_root.parent_path().parent_path() / root;
    roots.push_back(!fs::exists(root, error) && fs::exists(beside, error) ? beside : root);
  }
  return roots;
}

// Row k of each family carries the totals of k events; S9 compared the last one alone.
Result<void> check_trace(Subject& subject) {
  std::array<std::uint64_t, 2> rows{};
  return datasets::read_trace(subject.run, subject.pool, [&](std::span<datasets::TraceRecord> records) -> Result<void> {
    for (const auto& record : records) {
      const auto where = "trace row " + std::to_string(rows[0] + rows[1] + 1);
      if (!record.good()) {
        const auto& faults = record.problem->faults;
        subject.findings.add("VER_TRACE", where, faults.empty() ? "does not belong to this run" : faults.front());
      }
      if (record.foreign) continue;
      const auto row = ++rows[static_cast<std::size_t>(record.family)];
      const auto draws = datasets::names_of(record.family).draws * row;
      if (record.events_total != row || record.blocks_total != row || record.draws_total != draws) {
        subject.findings.add("VER_TRACE", where, "its totals are not those of " + std::to_string(row) + " events");
      }
    }
    return {};
  });
}

void check_laws(Subject& subject, Report& report) {
  std::vector<Pair> pairs;
  std::optional<Ground> ground;
  SiteCount sites{0, false};
  subject.law("the demand of each pair is what the catalogue holds, less the denylist", [&]() -> Result<void> {
    PW_TRY(pairs, read_demand(subject));
    return check_catalogue(subject, pairs);
  });
  subject.law("the allocation of each pair sums to its demand", [&] { return check_allocation(subject, pairs); });
  if (has_masses(subject)) {
    subject.law("the masses of blocks are those of the population raster", [&] { return check_masses(subject); });
    subject.law("the allocation of each pair is the one its start gives", [&] { return replay_sampling(subject, pairs); });
  }
  subject.law("every site stands in its tile and country, and S5, S6, S7 and site_locations agree on it bit for bit",
              [&]() -> Result<void> {
                PW_TRY(ground, Ground::open(subject.run));
                PW_TRY(sites, check_sites(subject, pairs, *ground));
                return {};
              });
  report.sites = sites.sites;
  if (sites.aligned) {
    subject.law("each pair's tiles are its allocation, dealt in the order of its draws",
                [&] { return replay_assignment(subject, pairs); });
  }
  subject.law("every assignment event is the one its stream gives, none is missing or extra",
              [&] { return check_assignment_events(subject); });
  if (ground) {
    subject.law("every jitter attempt is the one its stream and the policy give, the last one is published",
                [&] { return check_jitter_events(subject, *ground); });
  }
  subject.law("the trace counts every event", [&] { return check_trace(subject); });
}

}  // namespace

Result<Report> verify_run(const fs::path& run_root, const contracts::Dictionary& dictionary, const Options& options,
                          work::Pool& pool, report::Log& log) {
  PW_TRY(const auto receipt, store::read_receipt(run_root));
  const store::RunFolder run(receipt.run_root, receipt.identity, external_roots(options, receipt), dictionary);
  Subject subject{run, pool, log, {}, {}, 0};
  Report report;
  subject.law("the sealed inputs are those S0 hashed", [&] { return check_sealed_inputs(subject); });
  subject.law("policies, contracts and other inputs are those of the seal", [&] { return check_seal(subject); });
  subject.law("published outputs have the digests of the state receipts", [&] { return check_state_outputs(subject); });
  PW_TRY(const auto bundle, run.target("validation_bundle_1B"));
  subject.law("the bundle is complete and its flag holds its digest", [&] { return check_bundle(subject, bundle); });
  subject.law("site_locations is what the bundle certifies", [&] { return check_egress_binding(subject, bundle); });
  if (!options.integrity_only) check_laws(subject, report);
  report.bytes_hashed = subject.bytes_hashed;
  report.findings = subject.findings.list();
  report.proven = std::move(subject.proven);
  return report;
}

}  // namespace placewright::verify
