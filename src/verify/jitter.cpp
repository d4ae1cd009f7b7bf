#include "verify/jitter.hpp"

#include <algorithm>
#include <bit>
#include <functional>

#include "datasets/draws.hpp"
#include "datasets/events.hpp"
#include "geo/settle.hpp"
#include "rng/streams.hpp"
#include "verify/rows.hpp"

namespace placewright::verify {
namespace {

using datasets::EventRecord;
using table::Kind;

constexpr std::size_t kAttemptsPerRound = 200'000;
constexpr std::size_t kSitesPerJob = 4'000;
constexpr std::uint64_t kRowsPerRead = 200'000;

const table::Schema kSites = {{"merchant_id", Kind::u64},   {"legal_country_iso", Kind::text},
                              {"site_order", Kind::i64},    {"tile_id", Kind::u64},
                              {"delta_lat_deg", Kind::f64}, {"delta_lon_deg", Kind::f64}};

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

struct Attempt {
  rng::Counter before;
  double delta_lat, delta_lon, sigma_lat, sigma_lon;
};
struct Site {
  SiteKey key;
  TileId tile = 0;
  double delta_lat = 0, delta_lon = 0;
  std::size_t first_attempt = 0, attempts = 0;
};

double clipped(double fraction) { return std::min(1.0, std::max(0.0, fraction)); }

geo::Point point_in(const geo::TileBounds& tile, const rng::Drawn& drawn) {
  double span = tile.max_lon - tile.min_lon;
  if (span < 0) span += 360.0;
  return {geo::wrap_longitude(tile.min_lon + clipped(drawn.lon_fraction) * span),
          tile.min_lat + clipped(drawn.lat_fraction) * (tile.max_lat - tile.min_lat)};
}

// The law of one run, shared by all jobs.
struct Law {
  rng::JitterLaw jitter;
  rng::JitterStreams streams;
  std::uint64_t max_attempts;
  bool settled;
};

// What attempt `number` of a site gives; `inside` tells whether a point is in tile and country.
struct Expected {
  double delta_lat, delta_lon, sigma;
  geo::Point point;
};
Expected expected_of(const Law& law, const geo::TileBounds& tile, rng::Block block, std::uint64_t number,
                     const std::function<bool(geo::Point)>& inside) {
  const double u_lon = rng::u01(block.x0), u_lat = rng::u01(block.x1);
  if (law.settled) {
    const auto offset = number > law.max_attempts ? geo::way_out(tile, block.x0, block.x1, inside)
                                                  : geo::even_offset(tile, u_lon, u_lat);
    return {offset.lat, offset.lon, 1.0, offset.point};
  }
  const auto drawn = rng::draw(law.jitter, u_lon, u_lat);
  const auto point = point_in(tile, drawn);
  return {point.lat - tile.centroid_lat, point.lon - tile.centroid_lon, drawn.sigma, point};
}

class Replay {
 public:
  Replay(const Law& law, const Ground& ground) : law_(law), ground_(ground) {}

  Result<Findings> run(std::span<const Site> sites, const std::vector<Attempt>& attempts) {
    for (const auto& site : sites) {
      PW_TRY(const auto* const country, ground_.of(site.key.country));
      check(site, attempts, *country);
    }
    return std::move(findings_);
  }

 private:
  void check(const Site& site, const std::vector<Attempt>& attempts, const CountryGround& country) {
    const auto name = site_name(site.key);
    if (site.attempts > law_.max_attempts + (law_.settled ? 1 : 0))
      findings_.add(
          "VER_ATTEMPTS", name,
          std::to_string(site.attempts) + " attempts, the policy allows " + std::to_string(law_.max_attempts));
    if (!country.tiles.contains(site.tile))
      return findings_.add("VER_TILE", name, "stands on a tile that is not its country's");
    const auto stream = law_.streams.stream(site.key.merchant, site.key.country, site.key.site_order);
    const auto tile = ground_.bounds(site.tile);
    const auto inside = [&](geo::Point p) {
      return (!law_.settled || geo::holds(tile, p)) && country.border && country.border->covers(p);
    };
    for (std::size_t j = 0; j < site.attempts; ++j) {
      const auto& attempt = attempts[site.first_attempt + j];
      const auto counter = stream.base + j;
      if (attempt.before != counter)
        findings_.add("VER_COUNTER", name,
                      "attempt " + std::to_string(j + 1) + " used another counter than its stream gives");
      const auto expected = expected_of(law_, tile, rng::philox(counter, stream.key), j + 1, inside);
      const bool same = same_bits(attempt.delta_lat, expected.delta_lat) &&
                        same_bits(attempt.delta_lon, expected.delta_lon) && attempt.sigma_lat == expected.sigma &&
                        attempt.sigma_lon == expected.sigma;
      if (!same)
        findings_.add("VER_DRAW", name,
                      "attempt " + std::to_string(j + 1) + " is not what its stream and the policy give");
      const bool last = j + 1 == site.attempts;
      if (country.border && inside(expected.point) != last) {
        findings_.add("VER_POINT", name,
                      last ? "its accepted attempt lies outside the country"
                           : "attempt " + std::to_string(j + 1) + " was rejected inside the country");
      }
    }
    const auto& accepted = attempts[site.first_attempt + site.attempts - 1];
    if (!same_bits(accepted.delta_lat, site.delta_lat) || !same_bits(accepted.delta_lon, site.delta_lon)) {
      findings_.add("VER_EVENT", name, "its last event is not its row of S6");
    }
  }

  const Law& law_;
  const Ground& ground_;
  Findings findings_;
};

// Walks S6 beside its events, gathers whole sites, replays them in rounds.
class EventWalk {
 public:
  EventWalk(Subject& subject, const Rows& rows, const Law& law, const Ground& ground)
      : subject_(subject), rows_(rows), law_(law), ground_(ground) {}

  Result<void> take(std::span<EventRecord> records) {
    for (const auto& record : records) {
      if (lost_) return {};
      if (!record.good()) add_problem(*record.problem);
      if (sites_.empty() || record.site != sites_.back().key) {
        if (attempts_.size() >= kAttemptsPerRound) PW_CHECK(round());
        PW_CHECK(next_site());
        if (ended_ || record.site != next_.key) {
          subject_.findings.add(
              "VER_EVENT", site_name(record.site),
              ended_ ? "has events but no row in S6" : "has an event where one of " + site_name(next_.key) + " is due");
          lost_ = true;
          return {};
        }
        next_.first_attempt = attempts_.size();
        next_.attempts = 0;
        sites_.push_back(next_);
      }
      attempts_.push_back({record.before, record.delta_lat, record.delta_lon, record.sigma_lat, record.sigma_lon});
      ++sites_.back().attempts;
    }
    return {};
  }
  Result<void> finish() {
    PW_CHECK(round());
    if (lost_) return {};
    PW_CHECK(next_site());
    if (!ended_)
      subject_.findings.add("VER_EVENT", site_name(next_.key), "and the sites after it have no jitter event");
    return {};
  }

 private:
  void add_problem(const datasets::RecordProblem& problem) {
    subject_.findings.add("VER_EVENT", problem.file + ", record " + std::to_string(problem.line),
                          problem.faults.empty() ? "does not belong to this run" : problem.faults.front());
  }

  Result<void> next_site() {
    if (at_ == batch_.rows) {
      row_ += batch_.rows;
      ended_ = row_ >= rows_.size();
      if (ended_) return {};
      PW_TRY(batch_, rows_.read(row_, std::min(kRowsPerRead, rows_.size() - row_)));
      PW_TRY(countries_, table::isos(batch_.text(1), "legal_country_iso"));
      at_ = 0;
    }
    next_ = {{batch_.u64(0)[at_], countries_[at_], batch_.i64(2)[at_]},
             batch_.u64(3)[at_],
             batch_.f64(4)[at_],
             batch_.f64(5)[at_],
             0,
             0};
    ++at_;
    return {};
  }

  Result<void> round() {
    const auto jobs = (sites_.size() + kSitesPerJob - 1) / kSitesPerJob;
    std::vector<Findings> found(jobs);
    PW_CHECK(work::for_each(subject_.pool, jobs, [&](std::size_t i) -> Result<void> {
      const auto first = i * kSitesPerJob;
      const std::span<const Site> sites(sites_.data() + first, std::min(kSitesPerJob, sites_.size() - first));
      PW_TRY(found[i], Replay(law_, ground_).run(sites, attempts_));
      return {};
    }));
    for (const auto& findings : found) subject_.findings.add(findings);
    sites_.clear();
    attempts_.clear();
    return {};
  }

  Subject& subject_;
  const Rows& rows_;
  const Law& law_;
  const Ground& ground_;
  table::Batch batch_;
  std::vector<Iso> countries_;
  std::uint64_t row_ = 0;
  std::size_t at_ = 0;
  Site next_;
  std::vector<Site> sites_;
  std::vector<Attempt> attempts_;
  bool ended_ = false, lost_ = false;
};

}  // namespace

Result<void> check_jitter_events(Subject& subject, const Ground& ground) {
  PW_TRY(const auto master, datasets::draw_master(subject.run, datasets::EventFamily::jitter));
  PW_TRY(const auto policy, datasets::read_jitter_policy(subject.run));
  const Law law{policy.law(), rng::JitterStreams(master, policy.policy.seed_namespace),
                static_cast<std::uint64_t>(policy.policy.max_attempts), policy.policy.settled()};
  PW_TRY(const auto rows, Rows::open(subject.run, "s6_site_jitter", kSites));
  PW_TRY(const auto log, datasets::EventLog::open(subject.run, datasets::EventFamily::jitter));
  EventWalk walk(subject, rows, law, ground);
  PW_CHECK(log.read(subject.pool, [&](std::span<EventRecord> records) { return walk.take(records); }));
  return walk.finish();
}

}  // namespace placewright::verify
