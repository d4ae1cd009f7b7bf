#include "states/s9_validation/failures.hpp"

#include "store/files.hpp"

namespace placewright::states::s9_validation {

void Failures::record(const Error& violation) {
  ++counts_[violation.code()];
  auto& samples = samples_[violation.code()];
  if (samples.size() >= kSamples) return;
  Json facts = Json::object();
  for (const auto& [name, text] : violation.facts()) {
    if (auto value = parse_json(text, name)) facts[name] = *std::move(value);
  }
  facts["message"] = violation.message();
  samples.push_back(std::move(facts));
}

void Failures::add(const Failures& later) {
  for (const auto& [code, count] : later.counts_) counts_[code] += count;
  for (const auto& [code, more] : later.samples_) {
    auto& samples = samples_[code];
    for (const auto& sample : more) {
      if (samples.size() < kSamples) samples.push_back(sample);
    }
  }
}

std::uint64_t Failures::count(const std::string& code) const {
  const auto it = counts_.find(code);
  return it == counts_.end() ? 0 : it->second;
}

const std::vector<Json>& Failures::samples(const std::string& code) const {
  static const std::vector<Json> kNone;
  const auto it = samples_.find(code);
  return it == samples_.end() ? kNone : it->second;
}

void Failures::log(report::Log& log, const RunIdentity& identity) const {
  for (const auto& [code, samples] : samples_) {
    for (const auto& sample : samples) {
      Json record = {{"event", "S9_ERROR"},
                     {"code", code},
                     {"at", store::wall_time()},
                     {"seed", identity.seed},
                     {"manifest_fingerprint", identity.manifest_fingerprint},
                     {"parameter_hash", identity.parameter_hash},
                     {"run_id", identity.run_id}};
      record.update(sample);
      log.record("ERROR", "S9_ERROR " + spaced(record));
    }
  }
}

Json Failures::json() const {
  Json list = Json::array();
  for (const auto& [code, count] : counts_) {
    list.push_back({{"code", code}, {"count", count}, {"samples", samples(code)}});
  }
  return {{"decision", empty() ? "PASS" : "FAIL"}, {"failures", list}};
}

}  // namespace placewright::states::s9_validation
