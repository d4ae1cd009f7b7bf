// Merchants where people and money are: most have one site, a few are chains that spread from home to the neighbours.
#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/steady.hpp"
#include "catalogue/draws.hpp"
#include "catalogue/synth_profiles.hpp"

namespace placewright::catalogue {
namespace {

constexpr std::int64_t kOutlets = 150'000;
constexpr double kSingles = 0.6;           // merchants of one site
constexpr double kTail = 1.15;             // a chain has n sites or more with probability (2 / n)^1.15
constexpr double kPeoplePerOutlet = 4000;  // a chain has at most one outlet per so many people of a country
constexpr double kLeap = 0.15;             // chance that a new country is not a neighbour

std::vector<double> market_weights() {
  std::vector<double> weights;
  for (const auto& country : inhabited_countries())
    weights.push_back(steady::pow(country.people, 0.7) * country.income);
  return weights;
}

class ChainLaw {
 public:
  explicit ChainLaw(std::int64_t largest) : largest_(largest), markets_(market_weights()) {}

  double mean() const {
    double chain = 2;
    for (std::int64_t n = 3; n <= largest_; ++n) chain += steady::pow(2 / static_cast<double>(n), kTail);
    return kSingles + (1 - kSingles) * chain;
  }

  std::int64_t size(Draws& draws) const {
    if (draws.uniform() < kSingles) return 1;
    const double size = 2 * steady::pow(draws.uniform(), -1 / kTail);
    return size >= static_cast<double>(largest_) ? largest_ : static_cast<std::int64_t>(size);
  }

  // Where a chain of `size` from `home` stands.
  std::vector<CountryOutlets> spread(std::size_t home, std::int64_t size, Draws& draws) const {
    const auto& countries = inhabited_countries();
    std::vector<std::size_t> chosen{home};
    const auto wanted = countries_of(size, draws);
    while (chosen.size() < wanted) {
      const auto next = next_country(chosen, draws);
      if (next == countries.size()) break;
      chosen.push_back(next);
    }
    std::vector<double> weights, ceilings;
    double abroad = 0;
    for (const auto i : chosen) {
      weights.push_back(markets_[i]);
      ceilings.push_back(std::max(1.0, std::floor(countries[i].people / kPeoplePerOutlet)));
      abroad += i == home ? 0 : markets_[i];
    }
    // Home holds half to nine tenths of a chain that has left it.
    if (abroad > 0) {
      const double share = 0.5 + 0.4 * draws.uniform();
      weights.front() = abroad * share / (1 - share);
    }
    return as_pairs(chosen, apportion(weights, size, ceilings));
  }

  const std::vector<double>& markets() const { return markets_; }

 private:
  static std::size_t countries_of(std::int64_t size, Draws& draws) {
    if (size < 8) return 1;
    const double reach = steady::log(static_cast<double>(size) / 4) / steady::kLn2;  // doublings beyond four
    return 1 + static_cast<std::size_t>(draws.uniform() * reach * (size > 2000 ? 2 : 1));
  }

  // A neighbour of a country that is held already, or now and then any country; by market. The number of countries when
  // nobody is left.
  std::size_t next_country(const std::vector<std::size_t>& chosen, Draws& draws) const {
    const auto& countries = inhabited_countries();
    std::vector<double> weights(countries.size(), 0);
    const bool leap = draws.uniform() < kLeap;
    for (const auto held : chosen) {
      for (const auto near : countries[held].neighbours) weights[near] = markets_[near];
    }
    for (const auto held : chosen) weights[held] = 0;
    if (leap || std::ranges::none_of(weights, [](double w) { return w > 0; })) {
      weights = markets_;
      for (const auto held : chosen) weights[held] = 0;
    }
    double total = 0;
    for (const auto weight : weights) total += weight;
    double at = draws.uniform() * total;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (weights[i] > 0 && (at -= weights[i]) < 0) return i;
    }
    return countries.size();
  }

  static std::vector<CountryOutlets> as_pairs(const std::vector<std::size_t>& chosen,
                                              const std::vector<std::int64_t>& counts) {
    std::vector<CountryOutlets> pairs;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      const auto outlets = std::min(counts[i], kMaxOutlets);
      if (outlets > 0) pairs.push_back({inhabited_countries()[chosen[i]].iso, outlets});
    }
    std::ranges::sort(pairs, {}, &CountryOutlets::country);
    return pairs;
  }

  std::int64_t largest_;
  std::vector<double> markets_;
};

Universe universe_of(const ChainLaw& law, std::int64_t merchants) {
  Universe universe;
  for (const auto& country : inhabited_countries()) universe.homes.push_back(country.iso);
  universe.merchants = apportion(law.markets(), merchants);
  return universe;
}

// In the order of the universe's places; every merchant has an outlet.
Result<Merchants> generate(const ChainLaw& law, const Universe& universe, std::uint64_t seed, work::Pool& pool) {
  const auto salt = synth_salt(SynthProfile::lifelike);
  const auto master = synth_master(salt, seed);
  return make_merchants(universe, pool, [&](std::size_t home, std::uint64_t index) -> SynthMerchant {
    SynthMerchant merchant{synth_id(universe.homes[home].text(), index, salt), universe.homes[home], {}};
    Draws count(master, "standin.count", merchant.id);
    const auto size = law.size(count);
    Draws place(master, "standin.foreign", merchant.id);
    merchant.countries = size == 1 ? std::vector<CountryOutlets>{{merchant.home, 1}} : law.spread(home, size, place);
    return merchant;
  });
}

double outlets_of(const Merchants& merchants) {
  std::int64_t total = 0;
  for (const auto& merchant : merchants) {
    for (const auto& pair : merchant.countries) total += pair.outlets;
  }
  return static_cast<double>(total);
}

std::int64_t at_least_twelve(double merchants) {
  return std::max<std::int64_t>(12, static_cast<std::int64_t>(merchants));
}

// The first merchants of every home only.
Merchants kept(Merchants merchants, const Universe& from, const Universe& to) {
  Merchants out;
  auto first = merchants.begin();
  for (std::size_t home = 0; home < from.homes.size(); ++home) {
    const auto keep = std::min(from.merchants[home], to.merchants[home]);
    std::move(first, first + keep, std::back_inserter(out));
    first += from.merchants[home];
  }
  return out;
}

}  // namespace

Result<Merchants> synth_lifelike(const SynthOptions& options, work::Pool& pool) {
  const auto wanted = static_cast<double>(options.outlets > 0 ? static_cast<std::int64_t>(options.outlets) : kOutlets);
  // No chain holds more than a hundredth of the catalogue.
  const ChainLaw law(std::max<std::int64_t>(20, static_cast<std::int64_t>(wanted / 100)));
  if (options.merchants > 0) {
    return generate(law, universe_of(law, static_cast<std::int64_t>(options.merchants)), options.seed, pool);
  }
  // The tail is heavy and the ceilings cut it, so no mean foretells the size. A pilot tells roughly how many merchants
  // are needed; a few more than that are made, and as many kept of every home as the size asked for takes.
  const auto first = at_least_twelve(wanted / law.mean());
  PW_TRY(const auto pilot, generate(law, universe_of(law, std::max(std::min<std::int64_t>(first, 20'000), first / 20)),
                                    options.seed, pool));
  const double mean = outlets_of(pilot) / static_cast<double>(pilot.size());
  const auto from = universe_of(law, at_least_twelve(wanted / mean * 1.15));
  PW_TRY(auto merchants, generate(law, from, options.seed, pool));
  const double share = wanted / outlets_of(merchants);
  if (share >= 1) return merchants;
  const auto to = universe_of(law, at_least_twelve(static_cast<double>(merchants.size()) * share));
  return kept(std::move(merchants), from, to);
}

}  // namespace placewright::catalogue
