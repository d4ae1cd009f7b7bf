// A flattened world: the catalogue that lets the inherited realism gates be passed (spec realism §6.4).
#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/steady.hpp"
#include "catalogue/draws.hpp"
#include "catalogue/synth_profiles.hpp"

namespace placewright::catalogue {
namespace {

constexpr std::int64_t kOutlets = 100'000;
constexpr double kSigma = 1.2;        // of the log-normal
constexpr double kCap = 0.02;         // of all outlets, in one country
constexpr double kSouth = 0.20;       // of all outlets, south of the equator
constexpr double kMicroArea = 3000;   // km²; smaller countries have a ceiling
constexpr double kMeanMerchant = 24;  // outlets

// Standard normal quantile by bisection of its distribution function, itself a series of positive terms.
double normal_below(double z) {
  const double square = z * z;
  double term = std::abs(z);
  double sum = term;
  for (int k = 1; k < 120; ++k) sum += term *= square / (2 * k + 1);
  const double half = sum * steady::exp(-square / 2) / 2.5066282746310002;
  return z < 0 ? 0.5 - half : 0.5 + half;
}

double normal_quantile(double p) {
  double low = -6;
  double high = 6;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (normal_below(middle) < p ? low : high) = middle;
  }
  return low;
}

// Log-normal weights in the order of the countries' people, so that the large ones stay the large ones.
std::vector<double> weights_of(const std::vector<Country>& countries) {
  const auto n = countries.size();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order,
                           [&](std::size_t a, std::size_t b) { return countries[a].people < countries[b].people; });
  std::vector<double> weights(n);
  for (std::size_t rank = 0; rank < n; ++rank) {
    weights[order[rank]] =
        steady::exp(kSigma * normal_quantile((static_cast<double>(rank) + 0.5) / static_cast<double>(n)));
  }
  return weights;
}

// At most 2 % in a country, and in a small one so few that its sites do not have to share rows and columns of tiles:
// six to seven outlets a row (spec realism §2.7: distinct coordinates over points below 0.15 is called a collapse).
std::vector<double> ceilings_of(const std::vector<Country>& countries, std::int64_t total) {
  std::vector<double> ceilings;
  for (const auto& country : countries) {
    const double cap = std::max(1.0, std::floor(kCap * static_cast<double>(total)));
    const double micro = std::max(1.0, std::floor(std::sqrt(country.area_km2) / 0.15));
    ceilings.push_back(country.area_km2 < kMicroArea ? std::min(cap, micro) : cap);
  }
  return ceilings;
}

std::vector<std::int64_t> outlets_by_country(const std::vector<Country>& countries, std::int64_t total) {
  const auto weights = weights_of(countries);
  const auto ceilings = ceilings_of(countries, total);
  const auto in_half = [&](bool south, std::int64_t part) {
    auto masked = weights;
    for (std::size_t i = 0; i < masked.size(); ++i) {
      if (countries[i].south != south) masked[i] = 0;
    }
    return apportion(masked, part, ceilings);
  };
  const auto south_total = static_cast<std::int64_t>(std::ceil(kSouth * static_cast<double>(total)));
  auto counts = in_half(true, south_total);
  const auto south_placed = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  const auto north = in_half(false, total - south_placed);
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += north[i];
  return counts;
}

// Hands out countries in proportion to what they still may take.
class Remaining {
 public:
  explicit Remaining(std::vector<std::int64_t> counts)
      : counts_(std::move(counts)), left_(std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0})) {}
  std::int64_t left() const { return left_; }
  // Country that holds the given share (0..1) of what is left, and how many of `wanted` it gives.
  std::pair<std::size_t, std::int64_t> take(double share, std::int64_t wanted) {
    auto at = std::min(left_ - 1, static_cast<std::int64_t>(share * static_cast<double>(left_)));
    std::size_t i = 0;
    while (at >= counts_[i]) at -= counts_[i++];
    const auto given = std::min(wanted, counts_[i]);
    counts_[i] -= given;
    left_ -= given;
    return {i, given};
  }

 private:
  std::vector<std::int64_t> counts_;
  std::int64_t left_;
};

// Most merchants have a few dozen outlets in pairs of 2 to 24.
SynthMerchant draw_merchant(MerchantId id, const hash::Digest& master, double mean,
                            const std::vector<Country>& countries, Remaining& remaining) {
  SynthMerchant merchant{id, {}, {}};
  Draws count(master, "standin.count", id);
  // ln mean - sigma² / 2 makes `mean` the expectation.
  const double size = steady::exp(steady::log(mean) - 0.57 * 0.57 / 2 + 0.57 * count.normal());
  auto wanted = std::min(remaining.left(), std::max<std::int64_t>(2, static_cast<std::int64_t>(size + 0.5)));
  Draws place(master, "standin.foreign", id);
  while (wanted > 0) {
    const auto piece = std::min<std::int64_t>(wanted, 2 + static_cast<std::int64_t>(place.below(23)));
    const auto [country, given] = remaining.take(place.uniform(), piece);
    const auto found = std::ranges::find(merchant.countries, countries[country].iso, &CountryOutlets::country);
    if (found == merchant.countries.end())
      merchant.countries.push_back({countries[country].iso, given});
    else
      found->outlets += given;
    wanted -= given;
  }
  std::ranges::sort(merchant.countries, {}, &CountryOutlets::country);
  merchant.home = std::ranges::max_element(merchant.countries, {}, &CountryOutlets::outlets)->country;
  return merchant;
}

}  // namespace

// What a merchant may take depends on what its forerunners took, so this goes one by one; it is fast all the same.
Result<Merchants> synth_balanced(const SynthOptions& options, work::Pool&) {
  const auto& countries = inhabited_countries();
  auto total = options.outlets > 0 ? static_cast<std::int64_t>(options.outlets) : kOutlets;
  if (options.outlets == 0 && options.merchants > 0) total = static_cast<std::int64_t>(options.merchants) * 24;
  const double mean = options.merchants > 0
                          ? std::max(2.0, static_cast<double>(total) / static_cast<double>(options.merchants))
                          : kMeanMerchant;
  const auto salt = synth_salt(SynthProfile::balanced);
  const auto master = synth_master(salt, options.seed);
  Remaining remaining(outlets_by_country(countries, total));
  Merchants merchants;
  for (std::uint64_t index = 0; remaining.left() > 0; ++index) {
    merchants.push_back(draw_merchant(synth_id("ZZ", index, salt), master, mean, countries, remaining));
  }
  return merchants;
}

}  // namespace placewright::catalogue
