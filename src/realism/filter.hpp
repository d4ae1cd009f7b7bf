// The countries that a run's S3 policy leaves out.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace placewright::realism {

struct Filter {
  std::string version = "unknown";
  bool enabled = false;
  std::vector<std::string> codes;    // ascending, upper case; also while disabled
  std::vector<Iso> dropped() const;  // none while disabled
};

// policy.s3.requirements.yaml, read as leniently as the reference's scorers do; RS04_POLICY_INVALID.
Result<Filter> read_filter(const std::filesystem::path& file);

}  // namespace placewright::realism
