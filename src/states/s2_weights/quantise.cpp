#include "states/s2_weights/quantise.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "states/s2_weights/pairwise.hpp"

namespace placewright::states::s2_weights {
namespace {

__extension__ using Wide = __int128;

constexpr double kLargestQuota = 9.2e18;  // of a signed 64-bit weight

// Residues are sorted into equal slices of [0, 1) first; only the slice that holds the cut is looked at one by one.
constexpr std::size_t kSlices = 65'536;

struct Quota {
  std::int64_t whole;
  double residue;
};

Quota quota_of(double mass, double units, double total) {
  const double q = mass * units / total;  // multiplied first: the order decides residues
  const double whole = std::floor(q);
  return {static_cast<std::int64_t>(whole), q - whole};
}

std::size_t slice_of(double residue) {
  return std::min(kSlices - 1, static_cast<std::size_t>(residue * static_cast<double>(kSlices)));
}

template <class Visit>
void each_run(const Components& components, const MassLaw& law, const Visit& visit) {
  for (MassCursor cursor(components, law); cursor.left() > 0; cursor.skip(cursor.left())) visit(cursor.value(), cursor.left());
}

Error normalization(Iso country, const char* detail, const std::string& what) {
  return Error("E105_NORMALIZATION", "country " + country.text() + ": " + what).with("detail", detail).with("country_iso", country);
}

struct Slices {
  Wide whole = 0;  // sum of the quotas' whole parts
  bool too_large = false;
  std::vector<std::uint64_t> tiles = std::vector<std::uint64_t>(kSlices);
};

Slices slice_residues(const Components& components, const MassLaw& law, const Weighing& weighing) {
  Slices slices;
  const auto units = static_cast<double>(weighing.units);
  each_run(components, law, [&](double mass, std::uint64_t length) {
    if (!(mass * units / weighing.total < kLargestQuota)) {
      slices.too_large = true;
      return;
    }
    const auto quota = quota_of(mass, units, weighing.total);
    slices.whole += static_cast<Wide>(quota.whole) * length;
    slices.tiles[slice_of(quota.residue)] += length;
  });
  return slices;
}

// REQUIRES: weighing.bumps > 0.
void find_cut(const Components& components, const MassLaw& law, const Slices& slices, Weighing& weighing) {
  auto open = static_cast<std::uint64_t>(weighing.bumps);
  std::size_t slice = kSlices - 1;
  for (; slice > 0 && slices.tiles[slice] < open; --slice) open -= slices.tiles[slice];
  std::vector<std::pair<double, std::uint64_t>> residues;
  each_run(components, law, [&](double mass, std::uint64_t length) {
    const double residue = quota_of(mass, static_cast<double>(weighing.units), weighing.total).residue;
    if (slice_of(residue) == slice) residues.emplace_back(residue, length);
  });
  std::ranges::sort(residues, std::ranges::greater{}, &std::pair<double, std::uint64_t>::first);
  for (std::size_t i = 0; i < residues.size();) {
    std::uint64_t equal = 0;
    weighing.cut = residues[i].first;
    for (; i < residues.size() && residues[i].first == weighing.cut; ++i) equal += residues[i].second;
    weighing.at_cut = std::min(open, equal);
    if (equal >= open) return;
    open -= equal;
  }
}

}  // namespace

Result<Weighing> weigh(Iso country, const Components& components, MassLaw& law, const contracts::PolicyS2& policy) {
  Weighing out;
  out.units = policy.units();
  MassCursor masses(components, law);
  out.mass_sum = pairwise_sum(masses, components.tiles);
  if (masses.outside_domain()) return normalization(country, "invalid_mass_domain", "a tile has a negative or infinite mass");
  out.total = out.mass_sum;
  if (out.mass_sum == 0) {
    out.fallback = true;
    law.fall_back();
    MassCursor equal(components, law);
    out.total = pairwise_sum(equal, components.tiles);
  }
  if (out.total == 0) {
    return Error("E104_ZERO_MASS", "country " + country.text() + " has no mass")
        .with("country_iso", country)
        .with("basis", basis_text(policy.basis));
  }
  MassCursor shares(components, law, out.total);
  out.prequant_sum = pairwise_sum(shares, components.tiles);
  const auto slices = slice_residues(components, law, out);
  const Wide shortfall = static_cast<Wide>(out.units) - slices.whole;
  if (slices.too_large || shortfall < 0 || shortfall > static_cast<Wide>(components.tiles)) {
    return normalization(country, "invalid_shortfall", "the quotas do not leave between 0 and one unit a tile")
        .with("shortfall", slices.too_large ? std::int64_t{-1} : static_cast<std::int64_t>(shortfall))
        .with("k_value", out.units);
  }
  out.bumps = static_cast<std::int64_t>(shortfall);
  if (out.bumps > 0) find_cut(components, law, slices, out);
  return out;
}

Result<void> for_each_weight(Iso country, const Components& components, const MassLaw& law, const Weighing& weighing,
                             const std::function<Result<void>(std::uint64_t, std::int64_t)>& take) {
  auto at_cut = weighing.at_cut;
  Wide sum = 0;
  for (MassCursor cursor(components, law); cursor.left() > 0;) {
    auto length = cursor.left();
    const auto quota = quota_of(cursor.value(), static_cast<double>(weighing.units), weighing.total);
    bool bumped = weighing.bumps > 0 && quota.residue > weighing.cut;
    if (at_cut > 0 && quota.residue == weighing.cut) {
      bumped = true;
      length = std::min(length, at_cut);
      at_cut -= length;
    }
    const auto weight = quota.whole + (bumped ? 1 : 0);
    sum += static_cast<Wide>(weight) * length;
    PW_CHECK(take(length, weight));
    cursor.skip(length);
  }
  if (sum != weighing.units) {
    return Error("E105_NORMALIZATION", "country " + country.text() + ": the weights do not sum to 10^dp")
        .with("country_iso", country)
        .with("post_sum", static_cast<std::int64_t>(sum))
        .with("expected", weighing.units);
  }
  return {};
}

}  // namespace placewright::states::s2_weights
