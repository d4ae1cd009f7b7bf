#include "states/s4_allocation/countries.hpp"

#include <filesystem>
#include <limits>

#include "report/log.hpp"

namespace placewright::states::s4_allocation {
namespace {

std::uint64_t folder_bytes(const std::filesystem::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() != ".parquet") continue;
    const auto size = it->file_size(error);
    if (!error) bytes += size;
  }
  return bytes;
}

}  // namespace

Result<CountryIndex> Countries::read(Iso country) const {
  CountryIndex out;
  auto tiles = universe_.load(country);
  if (!tiles && tiles.error().code() == "E407_PK_DUPLICATE") {
    return std::move(tiles).error().with("detail", "tile_index_duplicate_tile_id");
  }
  if (!tiles) return std::move(tiles).error();
  out.tiles = *std::move(tiles);
  if (out.tiles.size() > std::numeric_limits<std::uint32_t>::max()) {
    return Error("PW_MEMORY", "country " + country.text() + " has more than 4 294 967 295 tiles; use a coarser grid");
  }
  PW_TRY(const auto weights, weights_.load(country, out.tiles));
  if (dp_ && weights.dp != *dp_) {
    return Error("E414_WEIGHT_TAMPER", "tile weights of " + country.text() + " have dp " + std::to_string(weights.dp) +
                                           ", those of the first country " + std::to_string(*dp_))
        .with("detail", "dp_mismatch")
        .with("dp", weights.dp)
        .with("legal_country_iso", country);
  }
  out.dp = weights.dp;
  out.units = 1;
  for (std::int64_t i = 0; i < weights.dp; ++i) out.units *= 10;
  out.weights = WeightIndex(weights);
  return out;
}

Result<void> Countries::fix_dp(Iso first) {
  dp_.reset();
  auto country = read(first);
  ++loads_;
  if (!country) return std::move(country).error();
  dp_ = country->dp;
  known_bytes_[first] = country->bytes();
  held_[first] = std::make_unique<Result<CountryIndex>>(std::move(country));
  return {};
}

std::uint64_t Countries::estimate(Iso country) {
  if (const auto it = known_bytes_.find(country); it != known_bytes_.end()) return it->second;
  // Compressed runs take one to three bytes, the index eight, and twice that while it is being built.
  constexpr std::uint64_t kBytesPerFileByte = 24;
  return weights_.file_bytes(country) * kBytesPerFileByte;
}

void Countries::load(work::Pool& pool, const std::vector<Iso>& wanted) {
  const double began = report::wall_seconds();
  std::map<Iso, bool> keep;
  std::uint64_t total = 0;
  for (const auto country : wanted) {
    keep[country] = true;
    total += estimate(country);
  }
  for (auto it = held_.begin(); it != held_.end();) {
    const bool stays = keep.contains(it->first) || total + known_bytes_[it->first] <= budget_;
    if (!keep.contains(it->first) && stays) total += known_bytes_[it->first];
    it = stays ? std::next(it) : held_.erase(it);
  }
  std::vector<Iso> missing;
  for (const auto country : wanted) {
    if (!held_.contains(country)) missing.push_back(country);
  }
  std::vector<std::unique_ptr<Result<CountryIndex>>> loaded(missing.size());
  const auto outcome = work::for_each(pool, missing.size(), [&](std::size_t i) -> Result<void> {
    loaded[i] = std::make_unique<Result<CountryIndex>>(read(missing[i]));
    return {};
  });
  for (std::size_t i = 0; i < missing.size(); ++i) {
    if (!loaded[i]) loaded[i] = std::make_unique<Result<CountryIndex>>(outcome.error());
    known_bytes_[missing[i]] = *loaded[i] ? (*loaded[i])->bytes() : 0;
    held_[missing[i]] = std::move(loaded[i]);
    ++loads_;
    weight_bytes_ += weights_.file_bytes(missing[i]);
    if (universe_.rows_form()) tile_bytes_ += folder_bytes(universe_.root() / ("country=" + missing[i].text()));
  }
  load_seconds_ += report::wall_seconds() - began;
}

}  // namespace placewright::states::s4_allocation
