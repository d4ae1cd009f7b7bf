#include "verify/assignment.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "datasets/draws.hpp"
#include "datasets/events.hpp"
#include "rng/streams.hpp"
#include "verify/rows.hpp"

namespace placewright::verify {
namespace {

using table::Kind;

constexpr std::uint64_t kSitesPerJob = 100'000;
const table::Schema kSites = {
    {"merchant_id", Kind::u64}, {"legal_country_iso", Kind::text}, {"site_order", Kind::i64}, {"tile_id", Kind::u64}};
const table::Schema kAllocation = {{"tile_id", Kind::u64}, {"n_sites_tile", Kind::i64}};

struct PairRange {
  std::size_t first = 0, last = 0;
};

// Neighbouring pairs with about kSitesPerJob sites together.
std::vector<PairRange> jobs_of(const std::vector<Pair>& pairs) {
  std::vector<PairRange> jobs;
  std::uint64_t sites = kSitesPerJob;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (sites >= kSitesPerJob) {
      jobs.push_back({i, i});
      sites = 0;
    }
    jobs.back().last = i + 1;
    sites += pairs[i].sites;
  }
  return jobs;
}

// Sites 1 .. n in the order of their uniforms, equal ones by site.
std::vector<std::uint32_t> dealing_order(const rng::Stream& stream, std::size_t sites) {
  struct Drawn {
    double u;
    std::uint32_t site;
  };
  std::vector<Drawn> drawn(sites);
  for (std::size_t i = 0; i < sites; ++i)
    drawn[i] = {rng::u01(rng::philox(stream.base + i, stream.key).x0), static_cast<std::uint32_t>(i)};
  std::ranges::sort(drawn, [](const Drawn& a, const Drawn& b) { return a.u != b.u ? a.u < b.u : a.site < b.site; });
  std::vector<std::uint32_t> order(sites);
  std::ranges::transform(drawn, order.begin(), &Drawn::site);
  return order;
}

// `tiles`: of sites 1 .. n; `granted`: each tile as often as it was allocated, ascending.
void compare_pair(Findings& findings, const Pair& pair, std::span<const TileId> tiles,
                  const std::vector<TileId>& granted, const rng::Stream& stream) {
  if (granted.size() != tiles.size()) {
    findings.add("VER_ALLOCATION", pair_name(pair.merchant, pair.country),
                 "its allocation and its sites differ in number");
    return;
  }
  const auto order = dealing_order(stream, tiles.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (tiles[order[i]] == granted[i]) continue;
    std::vector<TileId> sorted(tiles.begin(), tiles.end());
    std::ranges::sort(sorted);
    if (sorted != granted) {
      findings.add("VER_ALLOCATION", pair_name(pair.merchant, pair.country),
                   "the tiles of its sites are not those allocated");
    } else {
      findings.add(
          "VER_DRAW", site_name({pair.merchant, pair.country, order[i] + 1}),
          "has tile " + std::to_string(tiles[order[i]]) + ", its draw gives tile " + std::to_string(granted[i]));
    }
    return;
  }
}

Result<Findings> replay(const Rows& sites, const Rows& allocation, const std::vector<Pair>& pairs, PairRange range,
                        const hash::Digest& master) {
  Findings findings;
  const auto& first = pairs[range.first];
  const auto& last = pairs[range.last - 1];
  PW_TRY(const auto site_rows, sites.read(first.first_site, last.first_site + last.sites - first.first_site));
  PW_TRY(const auto grant_rows,
         allocation.read(first.first_allocation, last.first_allocation + last.allocations - first.first_allocation));
  std::vector<TileId> granted;
  for (std::size_t p = range.first; p < range.last; ++p) {
    const auto& pair = pairs[p];
    granted.clear();
    for (std::uint64_t i = 0; i < pair.allocations; ++i) {
      const auto row = pair.first_allocation - first.first_allocation + i;
      granted.insert(granted.end(), static_cast<std::size_t>(std::max<std::int64_t>(grant_rows.i64(1)[row], 0)),
                     grant_rows.u64(0)[row]);
    }
    const std::span<const TileId> tiles(site_rows.u64(3).data() + (pair.first_site - first.first_site), pair.sites);
    compare_pair(findings, pair, tiles, granted, rng::assignment_stream(master, pair.merchant, pair.country));
  }
  return findings;
}

// Walks S5 beside its events.
class EventWalk {
 public:
  EventWalk(Subject& subject, const Rows& sites, const hash::Digest& master)
      : subject_(subject), sites_(sites), master_(master) {}

  Result<void> take(std::span<datasets::EventRecord> records) {
    for (const auto& record : records) {
      if (lost_) return {};
      if (!record.good()) {
        const auto& faults = record.problem->faults;
        subject_.findings.add("VER_EVENT", record.problem->file + ", record " + std::to_string(record.problem->line),
                              faults.empty() ? "does not belong to this run" : faults.front());
      }
      PW_CHECK(next_site());
      if (ended_ || record.site != site_) {
        subject_.findings.add(
            "VER_EVENT", site_name(record.site),
            ended_ ? "has an event but no row in S5" : "has an event where that of " + site_name(site_) + " is due");
        lost_ = true;
        return {};
      }
      compare(record);
    }
    return {};
  }
  Result<void> finish() {
    if (lost_) return {};
    PW_CHECK(next_site());
    if (!ended_)
      subject_.findings.add("VER_EVENT", site_name(site_), "and the sites after it have no assignment event");
    return {};
  }

 private:
  Result<void> next_site() {
    if (at_ == batch_.rows) {
      row_ += batch_.rows;
      ended_ = row_ >= sites_.size();
      if (ended_) return {};
      PW_TRY(batch_, sites_.read(row_, std::min(kSitesPerJob, sites_.size() - row_)));
      PW_TRY(countries_, table::isos(batch_.text(1), "legal_country_iso"));
      at_ = 0;
    }
    const SiteKey site{batch_.u64(0)[at_], countries_[at_], batch_.i64(2)[at_]};
    if (!any_ || site.merchant != site_.merchant || site.country != site_.country)
      stream_ = rng::assignment_stream(master_, site.merchant, site.country);
    any_ = true;
    site_ = site;
    tile_ = batch_.u64(3)[at_++];
    return {};
  }

  void compare(const datasets::EventRecord& record) {
    const auto counter = stream_.base + static_cast<std::uint64_t>(site_.site_order - 1);
    if (record.before != counter)
      subject_.findings.add("VER_COUNTER", site_name(site_),
                            "its assignment event used another counter than its stream gives");
    const double u = rng::u01(rng::philox(counter, stream_.key).x0);
    if (record.u != u)
      subject_.findings.add("VER_DRAW", site_name(site_),
                            "its event has u=" + double_text(record.u) + ", its stream gives " + double_text(u));
    if (record.tile != tile_)
      subject_.findings.add("VER_EVENT", site_name(site_), "its event assigned another tile than S5");
  }

  Subject& subject_;
  const Rows& sites_;
  const hash::Digest& master_;
  table::Batch batch_;
  std::vector<Iso> countries_;
  std::uint64_t row_ = 0;
  std::size_t at_ = 0;
  SiteKey site_;
  TileId tile_ = 0;
  rng::Stream stream_;
  bool any_ = false, ended_ = false, lost_ = false;
};

}  // namespace

Result<void> replay_assignment(Subject& subject, const std::vector<Pair>& pairs) {
  if (pairs.empty()) return {};
  PW_TRY(const auto master, datasets::draw_master(subject.run, datasets::EventFamily::assignment));
  PW_TRY(const auto sites, Rows::open(subject.run, "s5_site_tile_assignment", kSites));
  PW_TRY(const auto allocation, Rows::open(subject.run, "s4_alloc_plan", kAllocation));
  const auto jobs = jobs_of(pairs);
  const auto produce = [&](std::size_t i) { return replay(sites, allocation, pairs, jobs[i], master); };
  const auto consume = [&](std::size_t, Findings&& findings) -> Result<void> {
    subject.findings.add(findings);
    return {};
  };
  return work::ordered<Findings>(subject.pool, jobs.size(), produce, consume);
}

Result<void> check_assignment_events(Subject& subject) {
  PW_TRY(const auto master, datasets::draw_master(subject.run, datasets::EventFamily::assignment));
  PW_TRY(const auto sites, Rows::open(subject.run, "s5_site_tile_assignment", kSites));
  PW_TRY(const auto log, datasets::EventLog::open(subject.run, datasets::EventFamily::assignment));
  EventWalk walk(subject, sites, master);
  PW_CHECK(log.read(subject.pool, [&](std::span<datasets::EventRecord> records) { return walk.take(records); }));
  return walk.finish();
}

}  // namespace placewright::verify
