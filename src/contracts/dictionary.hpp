// The dataset dictionary and schema anchors of a contracts root, ours (built in) or a foreign one (spec S0-S1 §1.4).
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace placewright::contracts {

enum class Layout { model_spec, contracts };
std::optional<Layout> parse_layout(std::string_view text);

// Datasets that only placewright writes. A foreign dictionary need not name them: the built-in entry is used then.
inline constexpr std::array<std::string_view, 5> kOwnDatasets = {"tile_spans", "weight_runs", "mass_blocks",
                                                                 "s3_dropped", "placewright_seal"};

class Dictionary {
 public:
  // Ours, compiled in; parsed once in a process.
  static Result<Dictionary> built_in();
  // A missing file or a root that is not a mapping: PW_CONTRACT.
  static Result<Dictionary> load(const std::filesystem::path& contracts_root, Layout layout);

  // First mapping with that id in any top-level list; nullptr when absent.
  const Json* find(std::string_view id) const;
  Result<std::string> field(std::string_view id, std::string_view name) const;  // text field; PW_CONTRACT
  // Entries marked `optional: true` may have no file; only our own dictionary says so of any.
  bool optional(std::string_view id) const;
  std::vector<std::string> licences() const;  // of all entries, ascending, once each
  bool foreign() const { return foreign_; }
  // Does "schemas.1B.yaml#/plan/s4_alloc_plan" name a node of a known pack? Empty when yes, else the reason.
  std::string anchor_problem(std::string_view schema_ref) const;
  // The node itself; nullptr when it does not exist.
  const Json* schema(std::string_view schema_ref) const;
  // Digest of every contract file read, by name, for the seal.
  const std::vector<std::pair<std::string, std::string>>& file_digests() const { return digests_; }

 private:
  static Result<Dictionary> parse_built_in();
  Result<void> add_entries(std::string_view text, const std::string& name);
  Result<void> add_pack(const std::string& pack, std::string_view text, const std::string& name);
  Result<void> add_own();

  std::map<std::string, Json, std::less<>> entries_;  // by id
  std::map<std::string, Json, std::less<>> packs_;    // by file name
  std::vector<std::pair<std::string, std::string>> digests_;
  bool foreign_ = false;
};

}  // namespace placewright::contracts
