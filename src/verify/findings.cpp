#include "verify/findings.hpp"

#include "base/text.hpp"

namespace placewright::verify {

void Findings::add(std::string code, std::string where, std::string what) {
  ++counts_[code];
  if (kept_[code] == kKept) return;
  ++kept_[code];
  list_.push_back({std::move(code), std::move(where), std::move(what)});
}

void Findings::add(const Findings& later) {
  for (const auto& finding : later.list_) {
    if (kept_[finding.code] == kKept) continue;
    ++kept_[finding.code];
    list_.push_back(finding);
  }
  for (const auto& [code, count] : later.counts_) counts_[code] += count;
}

std::uint64_t Findings::count(const std::string& code) const {
  const auto it = counts_.find(code);
  return it == counts_.end() ? 0 : it->second;
}

std::uint64_t Findings::total() const {
  std::uint64_t total = 0;
  for (const auto& [code, count] : counts_) total += count;
  return total;
}

std::vector<Finding> Findings::list() const {
  auto list = list_;
  for (const auto& [code, count] : counts_) {
    const auto kept = kept_.at(code);
    if (count > kept) list.push_back({code, "elsewhere", grouped(count - kept) + " more of this kind"});
  }
  return list;
}

std::string site_name(const SiteKey& site) {
  return "site " + std::to_string(site.merchant) + "/" + site.country.text() + "/" + std::to_string(site.site_order);
}

std::string pair_name(MerchantId merchant, Iso country) {
  return "pair " + std::to_string(merchant) + "/" + country.text();
}

}  // namespace placewright::verify
