// placewright_seal.json: the digest of everything, beyond the ten sealed inputs, that can change a result
// (docs/formats/seal.md). S0 writes it; every state and `verify` hold the inputs against it.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "datasets/input_files.hpp"
#include "geo/coverage.hpp"
#include "store/run_folder.hpp"

namespace placewright::datasets {

// The ten inputs of sealed_inputs_1B, in the order S0 looks at them.
inline constexpr std::array<std::string_view, 10> kSealedInputs = {"validation_bundle_1A",
                                                                   "validation_passed_flag_1A",
                                                                   "outlet_catalogue",
                                                                   "s3_candidate_set",
                                                                   "iso3166_canonical_2024",
                                                                   "world_countries",
                                                                   "population_raster_2025",
                                                                   "tz_world_2025a",
                                                                   "license_map",
                                                                   "s2_tile_weights_policy"};

// What a command line or environment decides.
struct SealChoices {
  geo::Predicate predicate = geo::Predicate::center;
  std::string build_commit;  // 64 hex digits
};

// Ids whose files are sealed, in the order of the seal: kSealedInputs, then the policies of S3, S4, S6, S5 and S9,
// the rural raster and the merchants' orientation, those that the dictionary names.
std::vector<std::string> sealed_ids(const store::RunFolder& run);

// `inputs` are hashed, in the order of sealed_ids, the region table last.
Json make_seal(const store::RunFolder& run, const SealChoices& choices, const std::vector<Input>& inputs);

// Remembers size and time of the files just hashed, so that a quick check need not read them again. Kept in cache/,
// which may be removed at any time.
Result<void> remember_inputs(const store::RunFolder& run, const std::vector<Input>& inputs);

enum class SealCheck {
  quick,  // files whose size and modification time are as remembered count as unchanged; others are hashed
  full,   // every file is hashed
};
// The inputs and contracts are those S0 sealed; otherwise PW_SEAL naming the first that differs. PW_SEAL too when S0
// has not sealed this run.
Result<void> check_seal(const store::RunFolder& run, SealCheck how = SealCheck::quick);
// The same with the hashing spread over a pool.
Result<void> check_seal(const store::RunFolder& run, SealCheck how, work::Pool& pool);
// What `run` would read otherwise than the run that `seal` was made for: ids of inputs, then "contracts", in the order
// of the seal. Empty: every sealed byte is the same. An input that is missing is an error.
Result<std::vector<std::string>> differing_inputs(const store::RunFolder& run, const Json& seal, work::Pool& pool);
// The seal of `run`, its shape checked; PW_SEAL when there is none.
Result<Json> sealed_by(const store::RunFolder& run);
// The predicate and build commit of this call are the sealed ones; otherwise PW_SEAL.
Result<void> check_choices(const store::RunFolder& run, const SealChoices& choices);

}  // namespace placewright::datasets
