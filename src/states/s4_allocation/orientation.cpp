#include "states/s4_allocation/orientation.hpp"

#include <algorithm>
#include <cmath>

#include "datasets/schemas.hpp"
#include "rng/streams.hpp"

namespace placewright::states::s4_allocation {
namespace {

constexpr auto kMethod = "spatial_pps_v1";

struct Given {
  std::vector<MerchantId> merchants;  // ascending
  std::vector<double> orientations;   // NaN: none
};

Result<Given> read_given(const store::RunFolder& run) {
  Given given;
  if (run.dictionary().find("merchant_orientation") == nullptr) return given;
  PW_TRY(const auto folder, run.target("merchant_orientation"));
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) return given;
  PW_TRY(const auto rows, table::Dataset::open(folder));
  PW_TRY(const auto batch, rows.read_all(datasets::kOrientations));
  given.merchants = batch.u64(0);
  given.orientations = batch.f64(1);
  for (std::size_t i = 0; i < given.merchants.size(); ++i) {
    const double value = given.orientations[i];
    if (value < 0 || value > 1 || (i > 0 && given.merchants[i] <= given.merchants[i - 1])) {
      return Error("PW_TABLE", folder.string() + ", row " + std::to_string(i + 1) +
                                   ": orientations are 0 to 1, one for each merchant, ascending");
    }
  }
  return given;
}

std::uint8_t drawn(const hash::Digest& master, MerchantId merchant, const contracts::SpatialPps& policy) {
  const auto stream = rng::merchant_stream(master, "orientation", merchant);
  const double u = rng::u01(rng::philox(stream.base, stream.key).x0);
  double sum = 0;
  for (std::size_t level = 0; level + 1 < policy.orientation_shares.size(); ++level) {
    sum += policy.orientation_shares[level];
    if (u < sum) return static_cast<std::uint8_t>(level);
  }
  return static_cast<std::uint8_t>(policy.orientation_shares.size() - 1);
}

}  // namespace

Result<std::vector<std::uint8_t>> orientation_levels(const store::RunFolder& run, const contracts::SpatialPps& policy,
                                                     std::span<const Requirement> pairs) {
  PW_TRY(const auto given, read_given(run));
  const auto master = rng::method_master(kMethod, run.identity().seed);
  std::vector<std::uint8_t> levels(pairs.size());
  auto at = given.merchants.begin();
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto merchant = pairs[i].merchant;
    if (i > 0 && merchant == pairs[i - 1].merchant) {
      levels[i] = levels[i - 1];
      continue;
    }
    at = std::lower_bound(at, given.merchants.end(), merchant);
    const bool found = at != given.merchants.end() && *at == merchant;
    const double value =
        found ? given.orientations[static_cast<std::size_t>(at - given.merchants.begin())] : std::nan("");
    levels[i] = std::isnan(value) ? drawn(master, merchant, policy)
                                  : static_cast<std::uint8_t>(value * (contracts::kOrientationLevels - 1) + 0.5);
  }
  return levels;
}

}  // namespace placewright::states::s4_allocation
