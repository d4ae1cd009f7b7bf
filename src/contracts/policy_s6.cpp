#include "contracts/policy_s6.hpp"

#include <algorithm>

#include "contracts/fields.hpp"

namespace placewright::contracts {
namespace {

void read_shape(Fields& components, const std::string& name, PolicyS6::Component& out) {
  auto f = components.nested(name);
  out.lat_shape_exp = f.number("lat_shape_exp", 0.2, 8.0);
  out.lon_shape_exp = f.number("lon_shape_exp", 0.2, 8.0);
  out.max_abs_offset_fraction = f.number("max_abs_offset_fraction", 0.0, 1.0);
  components.adopt(f);
}

Json shape_json(const PolicyS6::Component& c) {
  return {{"lat_shape_exp", c.lat_shape_exp},
          {"lon_shape_exp", c.lon_shape_exp},
          {"max_abs_offset_fraction", c.max_abs_offset_fraction}};
}

Result<PolicyS6> read_settled(Fields& f, PolicyS6 out) {
  out.mode = f.choice("mode", {"settled_v1"});
  out.max_attempts = f.integer("max_attempts", 1, kMaxAttempts);
  f.optional_text("notes");
  PW_CHECK(f.finish());
  return out;
}

}  // namespace

Result<PolicyS6> read_policy_s6(const Json& policy, const std::string& source) {
  PolicyS6 out;
  Fields f(policy, source);
  out.version = f.text("policy_version");
  if (is_own_version(out.version) && f.has("mode") && policy["mode"] == "settled_v1")
    return read_settled(f, std::move(out));
  out.mode = f.choice("mode", {"uniform_v1", "mixture_v2"});
  out.seed_namespace = f.text("deterministic_seed_namespace", false);
  // Policies of our own may go beyond the reference's limit; its own files keep it.
  out.max_attempts = f.integer("max_attempts", 1, is_own_version(out.version) ? kMaxAttempts : 256);
  out.selection_blend = f.number("selection_blend", 0.0, 1.0);
  auto weights = f.nested("component_weights");
  for (auto* c : {&out.core_cluster, &out.secondary_cluster, &out.sparse_tail}) {
    const char* name = c == &out.core_cluster        ? "core_cluster"
                       : c == &out.secondary_cluster ? "secondary_cluster"
                                                     : "sparse_tail";
    c->weight = weights.number(name, 0.0, 1.0);
  }
  f.adopt(weights);
  auto components = f.nested("components");
  read_shape(components, "core_cluster", out.core_cluster);
  read_shape(components, "secondary_cluster", out.secondary_cluster);
  read_shape(components, "sparse_tail", out.sparse_tail);
  f.adopt(components);
  f.optional_text("notes");
  PW_CHECK(f.finish());
  const double sum = (out.core_cluster.weight + out.secondary_cluster.weight) + out.sparse_tail.weight;
  if (!(sum > 0)) return Error("PW_POLICY", source + ": component_weights sum to 0; give one of them a weight");
  for (auto* c : {&out.core_cluster, &out.secondary_cluster, &out.sparse_tail}) c->weight /= sum;
  return out;
}

std::string lint(const PolicyS6& p) {
  constexpr double kEdgeExponent = 0.5, kMostSites = 0.8;
  constexpr std::int64_t kFewAttempts = 256;
  if (p.mode != "mixture_v2" || p.max_attempts > kFewAttempts) return {};
  double at_edges = 0;
  for (const auto* c : {&p.core_cluster, &p.secondary_cluster, &p.sparse_tail}) {
    if (std::min(c->lat_shape_exp, c->lon_shape_exp) < kEdgeExponent) at_edges += c->weight;
  }
  if (at_edges < kMostSites) return {};
  return "components with an exponent below 0.5 place most sites at the edges of their tiles; on coasts of which "
         "little is "
         "land, " +
         std::to_string(p.max_attempts) + " attempts may not do (E613_RESAMPLE_EXHAUSTED)";
}

Json echo(const PolicyS6& p) {
  if (p.settled()) return {{"policy_version", p.version}, {"mode", p.mode}, {"max_attempts", p.max_attempts}};
  return {{"policy_version", p.version},
          {"mode", p.mode},
          {"deterministic_seed_namespace", p.seed_namespace},
          {"max_attempts", p.max_attempts},
          {"selection_blend", p.selection_blend},
          {"component_weights",
           {{"core_cluster", p.core_cluster.weight},
            {"secondary_cluster", p.secondary_cluster.weight},
            {"sparse_tail", p.sparse_tail.weight}}},
          {"components",
           {{"core_cluster", shape_json(p.core_cluster)},
            {"secondary_cluster", shape_json(p.secondary_cluster)},
            {"sparse_tail", shape_json(p.sparse_tail)}}}};
}

}  // namespace placewright::contracts
