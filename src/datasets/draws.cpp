#include "datasets/draws.hpp"

#include "contracts/policy_s5.hpp"
#include "datasets/policies.hpp"
#include "rng/streams.hpp"

namespace placewright::datasets {
namespace {

// Our dictionary marks the file as optional; a foreign one does not know it.
Result<contracts::PolicyS5> read_assignment_policy(const store::RunFolder& run) {
  PW_TRY(const auto file, read_optional_policy_file(run, "assignment_policy"));
  return file ? contracts::read_policy_s5(file->fields, file->path.string()) : contracts::PolicyS5{};
}

}  // namespace

Result<bool> own_draws(const store::RunFolder& run, EventFamily family) {
  if (family == EventFamily::assignment) {
    PW_TRY(const auto policy, read_assignment_policy(run));
    return policy.own();
  }
  PW_TRY(const auto jitter, read_jitter_policy(run));
  return jitter.policy.settled();
}

Result<hash::Digest> draw_master(const store::RunFolder& run, EventFamily family) {
  const auto& id = run.identity();
  PW_TRY(const bool own, own_draws(run, family));
  if (own) return rng::method_master(family == EventFamily::assignment ? "assign_v2" : "settled_v1", id.seed);
  return rng::master_material(id.manifest_fingerprint, id.seed);
}

}  // namespace placewright::datasets
