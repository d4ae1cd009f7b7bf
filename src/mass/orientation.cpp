#include "mass/orientation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "datasets/schemas.hpp"
#include "mass/systematic.hpp"
#include "rng/streams.hpp"

namespace placewright::mass {

Result<Orientations> Orientations::open(const store::RunFolder& run, const contracts::SpatialPps& policy) {
  Orientations out;
  out.master_ = rng::method_master(kSpatialPps, run.identity().seed);
  out.policy_ = policy;
  if (run.dictionary().find("merchant_orientation") == nullptr) return out;
  PW_TRY(const auto folder, run.target("merchant_orientation"));
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) return out;
  PW_TRY(const auto rows, table::Dataset::open(folder));
  PW_TRY(const auto batch, rows.read_all(datasets::kOrientations));
  out.merchants_ = batch.u64(0);
  out.given_ = batch.f64(1);
  for (std::size_t i = 0; i < out.merchants_.size(); ++i) {
    if (out.given_[i] < 0 || out.given_[i] > 1 || (i > 0 && out.merchants_[i] <= out.merchants_[i - 1])) {
      return Error("PW_TABLE", folder.string() + ", row " + std::to_string(i + 1) +
                                   ": orientations are 0 to 1, one for each merchant, ascending");
    }
  }
  return out;
}

std::size_t Orientations::level_of(MerchantId merchant) const {
  const auto at = std::ranges::lower_bound(merchants_, merchant);
  const bool found = at != merchants_.end() && *at == merchant;
  const double value =
      found ? given_[static_cast<std::size_t>(at - merchants_.begin())] : std::numeric_limits<double>::quiet_NaN();
  if (std::isnan(value)) return drawn(merchant);
  return static_cast<std::size_t>(value * (contracts::kOrientationLevels - 1) + 0.5);
}

std::size_t Orientations::drawn(MerchantId merchant) const {
  const auto stream = rng::merchant_stream(master_, "orientation", merchant);
  const double u = rng::u01(rng::philox(stream.base, stream.key).x0);
  double sum = 0;
  for (std::size_t level = 0; level + 1 < policy_.orientation_shares.size(); ++level) {
    sum += policy_.orientation_shares[level];
    if (u < sum) return level;
  }
  return policy_.orientation_shares.size() - 1;
}

}  // namespace placewright::mass
