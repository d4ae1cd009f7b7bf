// What was found, the first few of each kind.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "verify/verify.hpp"

namespace placewright::verify {

class Findings {
 public:
  void add(std::string code, std::string where, std::string what);
  void add(std::string where, const Error& error) { add(error.code(), std::move(where), error.message()); }
  void add(const Findings& later);  // those of a part that comes after everything added here

  bool empty() const { return counts_.empty(); }
  std::uint64_t count(const std::string& code) const;
  std::uint64_t total() const;
  // In the order added; a last line for each code tells how many more there are.
  std::vector<Finding> list() const;

 private:
  static constexpr std::uint64_t kKept = 20;
  std::map<std::string, std::uint64_t> counts_;
  std::map<std::string, std::uint64_t> kept_;
  std::vector<Finding> list_;
};

std::string site_name(const SiteKey& site);               // "site 7/GB/1"
std::string pair_name(MerchantId merchant, Iso country);  // "pair 7/GB"

}  // namespace placewright::verify
