#include "states/s2_weights/quantise.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "states/s2_weights/pairwise.hpp"

namespace placewright::states::s2_weights {
namespace {

__extension__ using Wide = __int128;

constexpr double kLargestQuota = 9.2e18;  // of a signed 64-bit weight

// Residues are sorted into equal slices of [0, 1) first; only the slice that holds the cut is looked at one by one.
constexpr std::size_t kSlices = 4096;

std::size_t slice_of(double residue) { return static_cast<std::size_t>(residue * static_cast<double>(kSlices)); }

// visit(mass, length) for every run.
template <class Visit>
void each_run(const Masses& masses, const Visit& visit) {
  for (const auto& piece : masses.runs())
    for (std::size_t run = 0; run < piece.count(); ++run) visit(piece.values()[run], piece.lengths()[run]);
}

bool inside_domain(const Masses& masses) {
  constexpr auto kLargest = std::numeric_limits<double>::max();
  return std::ranges::all_of(masses.runs(), [](const Runs& piece) {
    std::size_t inside = 0;
    for (const double mass : piece.values()) inside += static_cast<std::size_t>(mass >= 0 && mass <= kLargest);
    return inside == piece.count();
  });
}

Error normalization(Iso country, const char* detail, const std::string& what) {
  return Error("E105_NORMALIZATION", "country " + country.text() + ": " + what)
      .with("detail", detail)
      .with("country_iso", country);
}

struct Slices {
  Wide whole = 0;  // sum of the quotas' whole parts
  bool too_large = false;
  std::vector<std::uint64_t> tiles = std::vector<std::uint64_t>(kSlices);
};

Slices slice_residues(const Masses& masses, const Weighing& weighing) {
  Slices slices;
  const auto units = static_cast<double>(weighing.units);
  each_run(masses, [&](double mass, std::uint32_t length) {
    if (!(mass * units / weighing.total < kLargestQuota)) {
      slices.too_large = true;
      return;
    }
    const auto quota = Quota::of(mass, units, weighing.total);
    slices.whole += static_cast<Wide>(quota.whole) * length;
    slices.tiles[slice_of(quota.residue)] += length;
  });
  return slices;
}

// REQUIRES: weighing.bumps > 0.
void find_cut(const Masses& masses, const Slices& slices, Weighing& weighing) {
  auto open = static_cast<std::uint64_t>(weighing.bumps);
  std::size_t slice = kSlices - 1;
  for (; slice > 0 && slices.tiles[slice] < open; --slice) open -= slices.tiles[slice];
  std::vector<std::pair<double, std::uint64_t>> residues;
  each_run(masses, [&](double mass, std::uint32_t length) {
    const double residue = Quota::of(mass, static_cast<double>(weighing.units), weighing.total).residue;
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

Error wrong_weights(Iso country, std::int64_t sum, std::int64_t expected) {
  return Error("E105_NORMALIZATION", "country " + country.text() + ": the weights do not sum to 10^dp")
      .with("country_iso", country)
      .with("post_sum", sum)
      .with("expected", expected);
}

Result<Weighing> weigh(Iso country, Masses& masses, const contracts::PolicyS2& policy) {
  Weighing out;
  out.units = policy.units();
  if (!inside_domain(masses))
    return normalization(country, "invalid_mass_domain", "a tile has a negative or infinite mass");
  RunCursor cursor(masses.runs());
  out.total = out.mass_sum = pairwise_sum(cursor, masses.tiles());
  if (out.mass_sum == 0) {
    out.fallback = true;
    masses.make_equal();
    RunCursor equal(masses.runs());
    out.total = pairwise_sum(equal, masses.tiles());
  }
  if (out.total == 0) {
    return Error("E104_ZERO_MASS", "country " + country.text() + " has no mass")
        .with("country_iso", country)
        .with("basis", basis_text(policy.basis));
  }
  ShareCursor shares(masses.runs(), out.total);
  out.prequant_sum = pairwise_sum(shares, masses.tiles());
  const auto slices = slice_residues(masses, out);
  const Wide shortfall = static_cast<Wide>(out.units) - slices.whole;
  if (slices.too_large || shortfall < 0 || shortfall > static_cast<Wide>(masses.tiles())) {
    return normalization(country, "invalid_shortfall", "the quotas do not leave between 0 and one unit a tile")
        .with("shortfall", slices.too_large ? std::int64_t{-1} : static_cast<std::int64_t>(shortfall))
        .with("k_value", out.units);
  }
  out.bumps = static_cast<std::int64_t>(shortfall);
  if (out.bumps > 0) find_cut(masses, slices, out);
  return out;
}

}  // namespace placewright::states::s2_weights
