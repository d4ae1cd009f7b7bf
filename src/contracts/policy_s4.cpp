#include "contracts/policy_s4.hpp"

#include "contracts/fields.hpp"

namespace placewright::contracts {
namespace {

constexpr std::int64_t kMillion = 1'000'000;
constexpr auto kMode = "next_eligible";
constexpr auto kSpatialPps = "spatial_pps_v1";

PolicyS4::Reroute read_reroute(Fields& f) {
  PolicyS4::Reroute out;
  out.enabled = f.flag("enabled");
  f.choice("mode", {kMode});
  out.max_moves = f.integer("max_moves_per_pair", 0, kMillion);
  return out;
}

PolicyS4::Residual read_residual(Fields& f) {
  PolicyS4::Residual out;
  out.enabled = f.flag("enabled");
  out.min_active_fraction = f.number("min_active_tile_fraction", 0, 1);
  out.max_steps = f.integer("max_steps_per_pair", 0, kMillion);
  return out;
}

PolicyS4::Diversification read_diversification(Fields& f) {
  PolicyS4::Diversification out;
  out.enabled = f.flag("enabled");
  out.apply_n_sites_max = f.integer("apply_n_sites_max", 1, kMillion);
  out.window_fraction = f.number("candidate_window_fraction", 0, 1, true);
  out.window_min = f.integer("candidate_window_min", 1, kMillion);
  return out;
}

SpatialPps::Catchment read_catchment(Fields& f) {
  SpatialPps::Catchment out;
  out.km2 = f.number("km2", 0, 1e6, true);
  out.entry = read_ends(f, "entry_outlets", 1e-3, 1e3);
  out.entry_power = f.number("entry_power", 0, 8);
  out.saturation = read_ends(f, "saturation", 0, 4);
  out.chain_outlets = f.integer("chain_outlets", 1, kMillion);
  out.people_per_trade_outlet = f.number("people_per_trade_outlet", 1, 1e9);
  return out;
}

std::array<double, kOrientationLevels> read_shares(Fields& f) {
  std::array<double, kOrientationLevels> out{};
  auto nested = f.nested("orientation_shares");
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = nested.number(kOrientationNames[i], 0, 1);
  f.adopt(nested);
  return out;
}

Result<PolicyS4> read_spatial(Fields& f, PolicyS4 out, const std::string& source) {
  f.choice("method", {kSpatialPps});
  out.spatial = true;
  if (f.has("catchment")) {
    auto nested = f.nested("catchment");
    out.pps.catchment = read_catchment(nested);
    f.adopt(nested);
    out.pps.orientation_shares = read_shares(f);
  } else {
    out.pps.support_km2_per_outlet = f.number("support_km2_per_outlet", 0, 1e9);
  }
  f.optional_text("notes");
  PW_CHECK(f.finish());
  double sum = 0;
  for (const double share : out.pps.orientation_shares) sum += share;
  if (sum < 0.999999 || sum > 1.000001) return Error("PW_POLICY", source + ": orientation_shares must sum to 1");
  return out;
}

Json spatial_json(const PolicyS4& policy) {
  const auto ends = [](const Ends& e) { return Json{{"everyday", e.everyday}, {"metropolitan", e.metropolitan}}; };
  Json out = {{"policy_version", policy.version}, {"method", kSpatialPps}};
  const auto& c = policy.pps.catchment;
  if (c.km2 > 0) {
    out["catchment"] = {{"km2", c.km2},
                        {"entry_outlets", ends(c.entry)},
                        {"entry_power", c.entry_power},
                        {"saturation", ends(c.saturation)},
                        {"chain_outlets", c.chain_outlets},
                        {"people_per_trade_outlet", c.people_per_trade_outlet}};
    for (std::size_t i = 0; i < kOrientationLevels; ++i)
      out["orientation_shares"][kOrientationNames[i]] = policy.pps.orientation_shares[i];
  } else {
    out["support_km2_per_outlet"] = policy.pps.support_km2_per_outlet;
  }
  return out;
}

}  // namespace

Result<PolicyS4> read_policy_s4(const Json& policy, const std::string& source) {
  Fields f(policy, source);
  PolicyS4 out;
  out.version = f.text("policy_version");
  if (is_own_version(out.version) && f.has("method")) return read_spatial(f, std::move(out), source);
  out.enabled = f.flag("enabled");
  out.soft_guard = f.number("country_share_soft_guard", 0, 1, true);
  out.hard_guard = f.number("country_share_hard_guard", 0, 1, true);
  auto reroute = f.nested("reroute");
  out.reroute = read_reroute(reroute);
  f.adopt(reroute);
  auto residual = f.nested("residual_redistribution");
  out.residual = read_residual(residual);
  f.adopt(residual);
  if (f.has("support_diversification")) {
    auto diversification = f.nested("support_diversification");
    out.diversification = read_diversification(diversification);
    f.adopt(diversification);
  }
  out.seed_namespace = f.text("deterministic_seed_namespace", false);
  f.optional_text("notes");
  PW_CHECK(f.finish());
  return out;
}

Json echo(const PolicyS4& policy) {
  if (policy.spatial) return spatial_json(policy);
  return {{"policy_version", policy.version},
          {"enabled", policy.enabled},
          {"country_share_soft_guard", policy.soft_guard},
          {"country_share_hard_guard", policy.hard_guard},
          {"reroute",
           {{"enabled", policy.reroute.enabled}, {"mode", kMode}, {"max_moves_per_pair", policy.reroute.max_moves}}},
          {"residual_redistribution",
           {{"enabled", policy.residual.enabled},
            {"min_active_tile_fraction", policy.residual.min_active_fraction},
            {"max_steps_per_pair", policy.residual.max_steps}}},
          {"support_diversification",
           {{"enabled", policy.diversification.enabled},
            {"apply_n_sites_max", policy.diversification.apply_n_sites_max},
            {"candidate_window_fraction", policy.diversification.window_fraction},
            {"candidate_window_min", policy.diversification.window_min}}},
          {"deterministic_seed_namespace", policy.seed_namespace}};
}

}  // namespace placewright::contracts
