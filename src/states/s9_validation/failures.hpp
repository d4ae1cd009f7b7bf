// What S9 found wrong: counted by code, the first few kept.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "states/context.hpp"

namespace placewright::states::s9_validation {

class Failures {
 public:
  // The code and facts of the error count, not its exit.
  void record(const Error& violation);
  // Those of a part that comes after everything recorded here.
  void add(const Failures& later);

  bool empty() const { return counts_.empty(); }
  const std::map<std::string, std::uint64_t>& counts() const { return counts_; }
  std::uint64_t count(const std::string& code) const;
  // Facts of the first kSamples violations of a code, in the order recorded.
  const std::vector<Json>& samples(const std::string& code) const;

  // S9_ERROR lines of the samples.
  void log(report::Log& log, const RunIdentity& identity) const;
  // Text of s9_failures.json.
  Json json() const;

  static constexpr std::size_t kSamples = 5;

 private:
  std::map<std::string, std::uint64_t> counts_;
  std::map<std::string, std::vector<Json>> samples_;
};

}  // namespace placewright::states::s9_validation
