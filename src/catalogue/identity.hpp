// Who a run of one's own is: hashes of content, never of a clock, a host or a commit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "catalogue/pack.hpp"

namespace placewright::catalogue {

struct NamedFile {
  std::string name;        // canonical name, ASCII, unique in its list
  std::string sha256_hex;  // of the content
  std::uint64_t bytes = 0;
};

struct IdentityInputs {
  std::uint64_t seed = 0;
  // The nine names of the parameter_hash law (kParameterNames): the S2 policy the run uses and eight stand-ins.
  std::vector<NamedFile> parameters;
  // Everything else that can change a result: pack, world, policies.
  std::vector<NamedFile> artefacts;
};

constexpr std::string_view kParameterNames[] = {
    "ccy_smoothing_params.yaml",    "crossborder_hyperparams.yaml", "hurdle_coefficients.yaml",
    "nb_dispersion_coefficients.yaml", "policy.s2.tile_weights.yaml", "policy.s3.integerisation.yaml",
    "policy.s3.rule_ladder.yaml",   "s6_selection_policy.yaml",     "s7_integerisation_policy.yaml"};

// Name of a file in the list of artefacts: role and path with '.' for '/', since the law hashes base names, which must
// differ. artefact_name("world", "reference/iso/iso3166.parquet") is "world.reference.iso.iso3166.parquet".
std::string artefact_name(std::string_view role, std::string_view relative_path);

// The pack's files under the role "pack".
std::vector<NamedFile> pack_artefacts(const Pack& pack);

// parameter_hash       SHA-256 of the parts of the nine parameters
// manifest_fingerprint SHA-256 of the parts of all artefacts, then 32 zero bytes where the law has a commit, then
//                      the parameter hash
// run_id               first 16 bytes of SHA-256(uer("run:placewright") || fingerprint || LE64(seed))
// A parameter that is missing or not among the nine, a name twice or not ASCII, a digest that is none: PW_INPUT.
Result<RunIdentity> mint_identity(const IdentityInputs& inputs);

}  // namespace placewright::catalogue
