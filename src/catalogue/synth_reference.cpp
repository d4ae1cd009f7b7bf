// The law of the reference engine's large run, without its covariates (spec upstream A.7, A.8).
#include <algorithm>
#include <cmath>

#include "base/steady.hpp"
#include "catalogue/draws.hpp"
#include "catalogue/synth_profiles.hpp"

namespace placewright::catalogue {
namespace {

struct Home {
  std::string_view iso;
  int merchants;
};

constexpr Home kHomes[] = {
#define PW_HOME(iso, merchants) {iso, merchants},
#include "catalogue/homes.def"
#undef PW_HOME
};

constexpr double kUniverse = 10'000;
constexpr double kOutlets = 142'447;

// Countries a merchant may expand to, by the rules that hold for its size and home; a country's rank is that of its
// best rule.
constexpr std::string_view kHomeOnly = "BY CU IR KP RU SD SY VE";
constexpr std::string_view kLarge = "AE AT AU CA CH DE ES FR GB IE JP NL SG US LI PR GG";
constexpr std::string_view kMiddle = "AT BE DE ES FR GB IE IT NL LI PR GG";
constexpr std::string_view kEuro = "AT BE DE ES FI FR IE IT LU NL PT SE";
constexpr std::string_view kEuroNear = "AT BE DE ES FR GB IE IT NL";
constexpr std::string_view kAlways = "DE FR GB IE NL US LI PR";

bool listed(std::string_view list, Iso iso) {
  for (std::size_t at = 0; at + 2 <= list.size(); at += 3) {
    if (list.substr(at, 2) == iso.text()) return true;
  }
  return false;
}

void admit(std::vector<Iso>& candidates, std::string_view list, Iso home) {
  for (std::size_t at = 0; at + 2 <= list.size(); at += 3) {
    const auto iso = *Iso::parse(list.substr(at, 2));
    if (iso != home && std::ranges::find(candidates, iso) == candidates.end()) candidates.push_back(iso);
  }
}

std::vector<Iso> candidates_of(Iso home, std::int64_t total) {
  std::vector<Iso> candidates;
  if (listed(kHomeOnly, home)) return candidates;
  if (total >= 35) admit(candidates, kLarge, home);
  if (total >= 8 && total < 35) admit(candidates, kMiddle, home);
  if (total < 8 && listed(kEuro, home)) admit(candidates, kEuroNear, home);
  admit(candidates, kAlways, home);
  return candidates;
}

std::int64_t draw_total(Draws& draws) {
  constexpr int kShape = 12;
  const double mean = steady::exp(steady::log(20.5) + 0.57 * draws.normal());
  for (;;) {
    const auto total = draws.poisson(mean * draws.gamma(kShape) / kShape);
    if (total >= 2) return std::min(total, kMaxOutlets);
  }
}

double home_share(std::int64_t total) { return total <= 10 ? 0.92 : total <= 20 ? 0.85 : total <= 40 ? 0.75 : 0.609; }

// Home gets its share, the others the rest in equal parts; largest remainder, ties by code.
std::vector<CountryOutlets> share_out(Iso home, std::vector<Iso> others, std::int64_t total) {
  struct Part {
    CountryOutlets pair;
    std::int64_t residual;  // in units of 1e-8
  };
  others.push_back(home);
  std::ranges::sort(others);
  std::vector<Part> parts;
  std::int64_t left = total;
  const double share = others.size() == 1 ? 1.0 : home_share(total);
  for (const auto iso : others) {
    const double quota =
        static_cast<double>(total) * (iso == home ? share : (1 - share) / static_cast<double>(others.size() - 1));
    const auto whole = std::floor(quota);
    parts.push_back(
        {{iso, static_cast<std::int64_t>(whole)}, static_cast<std::int64_t>(std::floor((quota - whole) * 1e8 + 0.5))});
    left -= static_cast<std::int64_t>(whole);
  }
  std::ranges::stable_sort(parts, std::ranges::greater(), &Part::residual);
  for (auto& part : parts) {
    if (left-- > 0) ++part.pair.outlets;
  }
  std::vector<CountryOutlets> out;
  for (const auto& part : parts) {
    if (part.pair.outlets > 0) out.push_back(part.pair);
  }
  std::ranges::sort(out, {}, &CountryOutlets::country);
  return out;
}

std::vector<Iso> draw_foreign(Draws& draws, Iso home, std::int64_t total) {
  auto candidates = candidates_of(home, total);
  if (candidates.empty() || draws.uniform() >= 0.55) return {};
  const auto wanted = std::min<std::size_t>(candidates.size(), 1 + static_cast<std::size_t>(draws.poisson(2.6)));
  for (std::size_t i = 0; i < wanted; ++i) std::swap(candidates[i], candidates[i + draws.below(candidates.size() - i)]);
  candidates.resize(wanted);
  return candidates;
}

Universe universe_of(const SynthOptions& options) {
  Universe universe;
  std::vector<double> weights;
  for (const auto& home : kHomes) {
    universe.homes.push_back(*Iso::parse(home.iso));
    weights.push_back(home.merchants);
  }
  const double outlets = options.outlets > 0 ? static_cast<double>(options.outlets) : kOutlets;
  const auto merchants = options.merchants > 0 ? static_cast<std::int64_t>(options.merchants)
                                               : static_cast<std::int64_t>(std::ceil(outlets * (kUniverse / kOutlets)));
  universe.merchants = apportion(weights, merchants);
  return universe;
}

}  // namespace

Result<Merchants> synth_reference(const SynthOptions& options, work::Pool& pool) {
  const auto universe = universe_of(options);
  const auto salt = synth_salt(SynthProfile::reference);
  const auto master = synth_master(salt, options.seed);
  return make_merchants(universe, pool, [&](std::size_t position, std::uint64_t index) -> SynthMerchant {
    const auto home = universe.homes[position];
    SynthMerchant merchant{synth_id(home.text(), index, salt), home, {}};
    if (Draws(master, "standin.multi", merchant.id).uniform() >= 0.588) {
      if (options.include_singles) merchant.countries = {{home, 1}};
      return merchant;
    }
    Draws count(master, "standin.count", merchant.id);
    const auto total = draw_total(count);
    Draws foreign(master, "standin.foreign", merchant.id);
    merchant.countries = share_out(home, draw_foreign(foreign, home, total), total);
    return merchant;
  });
}

}  // namespace placewright::catalogue
