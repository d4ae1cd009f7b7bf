// One run: its identity, where its files lie, how they get there.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "contracts/dictionary.hpp"
#include "store/files.hpp"

namespace placewright::store {

// A run folder and the roots around it. Paths come from the dictionary; nothing else spells one.
class RunFolder {
 public:
  RunFolder(fs::path root, RunIdentity identity, std::vector<fs::path> external_roots, const contracts::Dictionary& dictionary);

  const fs::path& root() const { return root_; }
  const RunIdentity& identity() const { return identity_; }
  const contracts::Dictionary& dictionary() const { return *dictionary_; }
  const std::vector<fs::path>& external_roots() const { return external_roots_; }

  // Dictionary path of `dataset` with its tokens replaced, e.g. "data/layer1/1B/tile_index/parameter_hash=.../".
  // Unknown id or a token left over: PW_CONTRACT.
  Result<std::string> relative(std::string_view dataset) const;
  // Where it lies: below the run root for data/, logs/, reports/, artefacts/; otherwise the first that exists of
  // <root>/reference/<path> and <external root>/<path>. None: PW_INPUT naming every candidate.
  Result<fs::path> locate(std::string_view dataset) const;
  // The path a run-local dataset has or will have, existing or not. A trailing '/' of the template is dropped.
  Result<fs::path> target(std::string_view dataset) const;
  // Path text as receipts print it: as resolved, '/' separators, no trailing slash, relative if the root was given so.
  static std::string printed(const fs::path& path);
  // Path text as this run's own files record it: for a portable run relative to the run folder or to the external root
  // it lies under, so that the same inputs give the same bytes in any folder; else as printed() has it.
  std::string shown(const fs::path& path) const;
  // Does a recorded path name this file? (S1 and S6 hold the seal's path against the dictionary's.)
  bool recorded_as(const std::string& recorded, const fs::path& located) const;
  void make_portable() { portable_ = true; }
  // `version` of the entry with tokens replaced; "unknown" if empty, TBD or null.
  Result<std::string> version(std::string_view dataset) const;
  // Partition keys of the entry that are known tokens, with their text.
  Result<std::vector<std::pair<std::string, std::string>>> partition(std::string_view dataset) const;

 private:
  std::string substituted(std::string text) const;

  fs::path root_;
  RunIdentity identity_;
  std::vector<fs::path> external_roots_;
  const contracts::Dictionary* dictionary_;
  bool portable_ = false;
};

}  // namespace placewright::store
