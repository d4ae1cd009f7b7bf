#include "realism/metrics.hpp"

#include <algorithm>
#include <tuple>

#include "datasets/schemas.hpp"
#include "realism/nearest.hpp"
#include "realism/statistics.hpp"
#include "table/table.hpp"

namespace placewright::realism {
namespace {

constexpr double kSlack = 1e-12;

std::vector<std::uint64_t> numbers(const std::vector<CountryCount>& counts) {
  std::vector<std::uint64_t> out;
  for (const auto& c : counts) out.push_back(c.sites);
  return out;
}

Result<table::Dataset> open_surface(const store::RunFolder& run, std::string_view dataset) {
  PW_TRY(const auto path, run.target(dataset));
  auto data = table::Dataset::open(path);
  if (!data)
    return std::move(data).error().as("RS02_SURFACE_MISSING").with("dataset", dataset).with("path", path.string());
  return data;
}

struct Pair {
  std::uint64_t sites = 0, largest = 0, tiles = 0, squares = 0;
};
using Pairs = std::map<std::pair<Iso, MerchantId>, Pair>;

Result<Pairs> read_pairs(const table::Dataset& plan) {
  Pairs pairs;
  for (std::size_t group = 0; group < plan.groups(); ++group) {
    PW_TRY(const auto batch, plan.read(group, datasets::kAllocPlan));
    PW_TRY(const auto countries, table::isos(batch.text(1), "legal_country_iso"));
    for (std::size_t row = 0; row < batch.rows; ++row) {
      auto& pair = pairs[{countries[row], batch.u64(0)[row]}];
      const auto n = static_cast<std::uint64_t>(batch.i64(3)[row]);
      pair.sites += n;
      pair.largest = std::max(pair.largest, n);
      pair.tiles += 1;
      pair.squares += n * n;
    }
  }
  return pairs;
}

// Tiles a country owns, by the weights published in rows or in runs; none: 0.
Result<std::map<Iso, std::uint64_t>> capacities_of_runs(const store::RunFolder& run) {
  std::map<Iso, std::uint64_t> tiles;
  PW_TRY(const auto folder, run.target("weight_runs"));
  const auto data = table::Dataset::open(folder);
  if (!data) return tiles;
  for (std::size_t group = 0; group < data->groups(); ++group) {
    PW_TRY(const auto batch, data->read(group, {{"country_iso", table::Kind::text}, {"length", table::Kind::i64}}));
    PW_TRY(const auto countries, table::isos(batch.text(0), "country_iso"));
    for (std::size_t row = 0; row < batch.rows; ++row)
      tiles[countries[row]] += static_cast<std::uint64_t>(batch.i64(1)[row]);
  }
  return tiles;
}

Result<std::uint64_t> distinct_tiles(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return std::uint64_t{0};
  PW_TRY(const auto data, table::Dataset::open(file));
  PW_TRY(auto batch, data.read_all({{"tile_id", table::Kind::u64}}));
  auto& tiles = std::get<std::vector<std::uint64_t>>(batch.columns[0]);
  std::ranges::sort(tiles);
  return static_cast<std::uint64_t>(std::unique(tiles.begin(), tiles.end()) - tiles.begin());
}

Result<std::map<Iso, std::uint64_t>> capacities(const store::RunFolder& run, const Pairs& pairs) {
  PW_TRY(const auto folder, run.target("tile_weights"));
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) return capacities_of_runs(run);
  std::map<Iso, std::uint64_t> tiles;
  for (const auto& [key, pair] : pairs) {
    if (tiles.contains(key.first)) continue;
    PW_TRY(tiles[key.first], distinct_tiles(folder / ("part-" + key.first.text() + ".parquet")));
  }
  return tiles;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

PairFigures figures(std::vector<double> values) {
  const double middle = mean(values);
  std::ranges::sort(values);
  return {quantile(values, 0.5), quantile(values, 0.9), quantile(values, 0.99), middle};
}

}  // namespace

Concentration concentration(const std::vector<CountryCount>& counts) {
  const auto n = numbers(counts);
  Concentration out{
      gini(n), top_fraction_share(n, 0.01), top_fraction_share(n, 0.05), top_fraction_share(n, 0.1), n.size(), 0};
  for (const auto sites : n) out.sites += sites;
  return out;
}

SiteMetrics measure(const Frame& frame, double eligible, work::Pool& pool) {
  SiteMetrics out;
  out.counts = by_count(frame);
  out.spread = concentration(out.counts);
  out.eligible_share = eligible > 0 ? static_cast<double>(out.spread.active) / eligible : 0;
  std::uint64_t south = 0;
  for (std::size_t row = 0; row < frame.size(); ++row) {
    south += frame.lat[row] < 0.0;
    out.bounds_valid &=
        frame.lat[row] >= -90 && frame.lat[row] <= 90 && frame.lon[row] >= -180 && frame.lon[row] <= 180;
  }
  out.south_share = frame.size() ? static_cast<double>(south) / static_cast<double>(frame.size()) : 0;
  out.neighbour_of_site_m = neighbour_metres_by_row(on_sphere(frame, 1), pool);
  out.neighbours_m = out.neighbour_of_site_m;
  std::ranges::sort(out.neighbours_m);
  const double median = quantile(out.neighbours_m, 0.5);
  out.nn_ratio = median > 0 ? quantile(out.neighbours_m, 0.99) / median : 0;
  return out;
}

Result<std::vector<CountryCount>> plan_counts(const store::RunFolder& run) {
  PW_TRY(const auto plan, open_surface(run, "s4_alloc_plan"));
  std::map<Iso, std::uint64_t> sites;
  for (std::size_t group = 0; group < plan.groups(); ++group) {
    PW_TRY(const auto batch,
           plan.read(group, {{"legal_country_iso", table::Kind::text}, {"n_sites_tile", table::Kind::i64}}));
    PW_TRY(const auto countries, table::isos(batch.text(0), "legal_country_iso"));
    for (std::size_t row = 0; row < batch.rows; ++row)
      sites[countries[row]] += static_cast<std::uint64_t>(batch.i64(1)[row]);
  }
  std::vector<CountryCount> counts;
  for (const auto& [country, n] : sites) counts.push_back({country, n});
  std::ranges::stable_sort(counts, [](const auto& a, const auto& b) { return a.sites > b.sites; });
  return counts;
}

Floors floors(std::uint64_t n, std::uint64_t m) {
  const auto q = static_cast<double>(n / m), r = static_cast<double>(n % m), sites = static_cast<double>(n);
  return {(r > 0 ? q + 1 : q) / sites,
          (r * (q + 1) * (q + 1) + (static_cast<double>(m) - r) * q * q) / (sites * sites)};
}

Result<PairMetrics> pair_metrics(const store::RunFolder& run) {
  PW_TRY(const auto plan, open_surface(run, "s4_alloc_plan"));
  PW_TRY(const auto pairs, read_pairs(plan));
  PW_TRY(const auto tiles, capacities(run, pairs));
  PairMetrics out;
  out.pairs = pairs.size();
  out.rows = plan.rows();
  std::vector<double> top1, hhi, active, floor_top1, floor_hhi, head_top1, head_hhi;
  for (const auto& [key, pair] : pairs) {
    const auto n = static_cast<double>(pair.sites);
    const auto known = tiles.find(key.first);
    const auto floor = floors(pair.sites, std::max<std::uint64_t>(1, known == tiles.end() ? 0 : known->second));
    top1.push_back(static_cast<double>(pair.largest) / n);
    hhi.push_back(static_cast<double>(pair.squares) / (n * n));
    active.push_back(static_cast<double>(pair.tiles));
    floor_top1.push_back(floor.top1);
    floor_hhi.push_back(floor.hhi);
    head_top1.push_back(top1.back() - floor.top1);
    head_hhi.push_back(hhi.back() - floor.hhi);
    out.with_top1_headroom += head_top1.back() > kSlack;
    out.with_hhi_headroom += head_hhi.back() > kSlack;
  }
  out.top1 = figures(std::move(top1));
  out.hhi = figures(std::move(hhi));
  out.active = figures(std::move(active));
  out.floor_top1_mean = mean(floor_top1);
  out.floor_hhi_mean = mean(floor_hhi);
  out.headroom_top1_mean = mean(head_top1);
  out.headroom_hhi_mean = mean(head_hhi);
  return out;
}

}  // namespace placewright::realism
