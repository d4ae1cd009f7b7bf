#include "datasets/draws.hpp"

#include "contracts/policy_s5.hpp"
#include "contracts/yaml.hpp"
#include "rng/streams.hpp"

namespace placewright::datasets {
namespace {

// Our dictionary marks the file as optional; a foreign one does not know it.
Result<contracts::PolicyS5> read_assignment_policy(const store::RunFolder& run) {
  if (run.dictionary().find("assignment_policy") == nullptr) return contracts::PolicyS5{};
  const auto path = run.locate("assignment_policy");
  if (!path) return contracts::PolicyS5{};
  PW_TRY(const auto text, store::read_text(*path));
  PW_TRY(const auto yaml, contracts::parse_yaml(text, path->string()));
  return contracts::read_policy_s5(yaml, path->string());
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
