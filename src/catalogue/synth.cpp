#include "catalogue/synth.hpp"

#include <algorithm>
#include <set>

#include "catalogue/pack_writer.hpp"
#include "catalogue/synth_profiles.hpp"
#include "store/files.hpp"

namespace placewright::catalogue {
namespace {

constexpr std::uint64_t kMost = 100'000'000;
constexpr std::size_t kMerchantsPerJob = 8192;

std::string_view profile_name(SynthProfile profile) {
  switch (profile) {
    case SynthProfile::reference: return "reference";
    case SynthProfile::balanced: return "balanced";
    case SynthProfile::lifelike: return "lifelike";
  }
  return {};
}

Result<Merchants> by_profile(const SynthOptions& options, work::Pool& pool) {
  switch (options.profile) {
    case SynthProfile::reference: return synth_reference(options, pool);
    case SynthProfile::balanced: return synth_balanced(options, pool);
    case SynthProfile::lifelike: return synth_lifelike(options, pool);
  }
  return Error("IMP_SYNTH", "unknown profile");
}

Merchant as_merchant(const SynthMerchant& from) {
  Merchant merchant;
  merchant.id = from.id;
  merchant.home = from.home;
  merchant.countries = from.countries;
  for (const auto& pair : from.countries) merchant.total += pair.outlets;
  return merchant;
}

SynthReport figures(const Merchants& merchants) {
  SynthReport report;
  std::set<Iso> countries;
  for (const auto& merchant : merchants) {
    ++report.merchants;
    report.pairs += merchant.countries.size();
    for (const auto& pair : merchant.countries) {
      report.outlets += static_cast<std::uint64_t>(pair.outlets);
      countries.insert(pair.country);
    }
  }
  report.countries = countries.size();
  return report;
}

Result<void> write_csv(const Merchants& merchants, const std::filesystem::path& out) {
  std::string text = "merchant_id,country_iso,home_country_iso,outlets\n";
  for (const auto& merchant : merchants) {
    const auto id = std::to_string(merchant.id);
    const auto home = merchant.home.text();
    for (const auto& pair : merchant.countries) {
      text.append(id).append(",").append(pair.country.text()).append(",").append(home).append(",");
      text.append(std::to_string(pair.outlets)).append("\n");
    }
  }
  return store::write_text(out, text);
}

}  // namespace

std::optional<SynthProfile> parse_synth_profile(std::string_view text) {
  for (const auto profile : {SynthProfile::reference, SynthProfile::balanced, SynthProfile::lifelike}) {
    if (text == profile_name(profile)) return profile;
  }
  return std::nullopt;
}

std::string synth_salt(SynthProfile profile) { return "placewright.synth." + std::string(profile_name(profile)) + ".v1"; }

MerchantId synth_id(std::string_view iso2, std::uint64_t index, std::string_view salt) {
  const auto digest = hash::sha256(std::string(iso2) + ":" + std::to_string(index) + ":" + std::string(salt));
  MerchantId id = 0;
  for (std::size_t i = 0; i < 8; ++i) id = id << 8 | digest[i];
  return id;
}

Result<Merchants> make_merchants(const Universe& universe, work::Pool& pool,
                                 const std::function<SynthMerchant(std::size_t home, std::uint64_t index)>& make) {
  struct Job {
    std::size_t home;
    std::uint64_t first, end;
  };
  std::vector<Job> jobs;
  for (std::size_t home = 0; home < universe.homes.size(); ++home) {
    const auto count = static_cast<std::uint64_t>(universe.merchants[home]);
    for (std::uint64_t at = 0; at < count; at += kMerchantsPerJob) jobs.push_back({home, at, std::min(count, at + kMerchantsPerJob)});
  }
  Merchants merchants;
  const auto produce = [&](std::size_t i) -> Result<Merchants> {
    Merchants part;
    for (auto index = jobs[i].first; index < jobs[i].end; ++index) {
      auto merchant = make(jobs[i].home, index);
      if (!merchant.countries.empty()) part.push_back(std::move(merchant));
    }
    return part;
  };
  const auto consume = [&](std::size_t, Merchants&& part) -> Result<void> {
    std::ranges::move(part, std::back_inserter(merchants));
    return {};
  };
  PW_CHECK(work::ordered<Merchants>(pool, jobs.size(), produce, consume));
  return merchants;
}

Result<std::vector<SynthMerchant>> synthesise(const SynthOptions& options, work::Pool& pool) {
  if (options.outlets > kMost || options.merchants > kMost) {
    return Error("IMP_SYNTH", "at most 100,000,000 outlets or merchants can be generated");
  }
  PW_TRY(auto merchants, by_profile(options, pool));
  // Of two merchants with one id, and of id 0, the universe keeps the earlier and none.
  std::ranges::stable_sort(merchants, {}, &SynthMerchant::id);
  const auto same_id = [](const SynthMerchant& a, const SynthMerchant& b) { return a.id == b.id; };
  merchants.erase(std::unique(merchants.begin(), merchants.end(), same_id), merchants.end());
  std::erase_if(merchants, [](const SynthMerchant& merchant) { return merchant.id == 0; });
  return merchants;
}

Result<SynthReport> synth(const SynthOptions& options, const std::filesystem::path& out, work::Pool& pool) {
  PW_TRY(const auto merchants, synthesise(options, pool));
  auto report = figures(merchants);
  if (report.outlets == 0) return Error("IMP_EMPTY", "so small a catalogue came out empty; ask for more outlets");
  if (out.extension() == ".csv") {
    PW_CHECK(write_csv(merchants, out));
    return report;
  }
  PW_TRY(auto writer, PackWriter::create(out, false, false));
  for (const auto& merchant : merchants) PW_CHECK(writer.add(as_merchant(merchant)));
  PW_TRY(const auto pack, writer.finish({{"profile", profile_name(options.profile)},
                                         {"seed", options.seed},
                                         {"outlets_wanted", options.outlets},
                                         {"merchants_wanted", options.merchants},
                                         {"include_singles", options.include_singles},
                                         {"shape", "generated"},
                                         {"id_rule", "first 8 bytes of SHA-256(\"<home>:<index>:" + synth_salt(options.profile) + "\"), big-endian"}}));
  report.pack_digest = pack.digest;
  return report;
}

}  // namespace placewright::catalogue
