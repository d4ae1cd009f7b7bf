// A foreign dataset dictionary, and the paths a run takes from it.
#include "contracts/dictionary.hpp"

#include "store/run_folder.hpp"
#include "target.hpp"

namespace {

using namespace placewright;

// Schema packs that are there and say little; the dictionary is the input.
std::filesystem::path contracts_root() {
  static const auto root = [] {
    const auto schemas = std::filesystem::temp_directory_path() / "contracts/schemas/layer1";
    std::filesystem::create_directories(schemas);
    std::filesystem::create_directories(schemas.parent_path().parent_path() / "dataset_dictionary/l1/seg_1B");
    for (const auto* pack : {"1B", "1A", "layer1", "ingress.layer1"}) {
      std::filesystem::rename(fuzz::file_with("prep: {tile_index: {}}\n", "pack"),
                              schemas / ("schemas." + std::string(pack) + ".yaml"));
    }
    return std::filesystem::temp_directory_path();
  }();
  return root;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto root = contracts_root();
  std::filesystem::rename(fuzz::file_with(fuzz::text_of(data, size), "dictionary"),
                          root / "contracts/dataset_dictionary/l1/seg_1B/layer1.1B.yaml");
  const auto dictionary = contracts::Dictionary::load(root, contracts::Layout::contracts);
  if (!fuzz::good(dictionary)) return 0;
  const RunIdentity identity = {std::string(32, 'a'), 42, std::string(64, 'b'), std::string(64, 'c')};
  const store::RunFolder run(root / "run", identity, {root}, *dictionary);
  for (const auto* id : {"tile_index", "s2_tile_weights_policy", "tile_spans"}) {
    const auto path = run.relative(id);
    if (fuzz::good(path)) fuzz::require(path->find('{') == std::string::npos, "no token is left in a path");
    fuzz::good(run.target(id));
    fuzz::good(run.locate(id));
    fuzz::good(run.version(id));
    fuzz::good(run.partition(id));
    if (const auto ref = dictionary->field(id, "schema_ref")) {
      const bool names = dictionary->anchor_problem(*ref).empty();
      fuzz::require(names == (dictionary->schema(*ref) != nullptr), "an anchor without a problem names a node");
    }
  }
  return 0;
}
