#include "contracts/policy_s2.hpp"

#include <cmath>

#include "contracts/fields.hpp"

namespace placewright::contracts {
namespace {

constexpr int kMaxDp = 18;  // the largest power of ten in a signed 64-bit weight
constexpr std::int64_t kMaxIterations = 512;

// Tolerance of the mix: 1e-9 absolute plus the relative 1e-5 that the reference leaves at its default.
constexpr double kMixTolerance = 1e-9 + 1e-5 * 1.0;

Error normalization(const std::string& source, const std::string& detail, const std::string& what) {
  return Error("E105_NORMALIZATION", source + ": " + what).with("detail", detail);
}

Blend read_blend(Fields& f) {
  Blend blend;
  blend.enabled = f.flag("enabled");
  auto mix = f.nested("basis_mix");
  blend.uniform = mix.number("uniform", 0, 1);
  blend.area_m2 = mix.number("area_m2", 0, 1);
  blend.population = mix.number("population", 0, 1);
  f.adopt(mix);
  auto floors = f.nested("region_floor_share");
  for (std::size_t i = 0; i < kMacroRegions.size(); ++i)
    blend.floors[i] = floors.number(std::string(kMacroRegions[i]), 0, 1);
  f.adopt(floors);
  blend.cap_soft = f.number("country_cap_share_soft", 0, 1, true);
  blend.cap_hard = f.number("country_cap_share_hard", 0, 1, true);
  auto targets = f.nested("topk_cap_targets");
  blend.top1 = targets.number("top1", 0, 1, true);
  blend.top5 = targets.number("top5", 0, 1, true);
  blend.top10 = targets.number("top10", 0, 1, true);
  f.adopt(targets);
  blend.penalty = f.number("concentration_penalty_strength", 0, 1);
  blend.seed_namespace = f.text("deterministic_seed_namespace", false);
  blend.max_iterations = f.integer("max_rebalance_iterations", 1, kMaxIterations);
  blend.tolerance = f.number("convergence_tolerance", 0, 1, true);
  return blend;
}

Masses read_masses(Fields& f) {
  Masses out;
  const auto method = f.choice("method", {"lifelike_v1", "balanced_v1"});
  out.rural_weight = f.number("rural_weight", 0, 1);
  if (method == "lifelike_v1") {
    out.method = MassMethod::lifelike_v1;
    out.half_density = read_ends(f, "half_density_per_km2", 1, 1e6);
  } else {
    out.method = MassMethod::balanced_v1;
    out.density_offset = f.number("density_offset_per_km2", 0, 1e6);
    out.density_exponent = f.number("density_exponent", 0, 4, true);
  }
  return out;
}

Result<void> check_blend(const Blend& blend, const std::string& source) {
  const auto fault = [&](const char* detail, const char* what) { return normalization(source, detail, what); };
  const double mix = (blend.uniform + blend.area_m2) + blend.population;
  if (mix <= 0) return fault("basis_mix_sum_non_positive", "basis_mix must have a positive sum");
  if (!(std::fabs(mix - 1.0) <= kMixTolerance)) return fault("basis_mix_sum_not_one", "basis_mix must sum to 1");
  if (blend.cap_soft > blend.cap_hard) {
    return fault("country_soft_cap_exceeds_hard_cap", "country_cap_share_soft is above country_cap_share_hard");
  }
  double floors = 0;
  for (const double floor : blend.floors) floors += floor;
  if (floors > 1.0) return fault("region_floor_sum_gt_one", "region_floor_share sums to more than 1");
  if (!(blend.top1 <= blend.top5 && blend.top5 <= blend.top10)) {
    return fault("topk_caps_not_monotonic", "topk_cap_targets must not fall from top1 to top5 to top10");
  }
  return {};
}

}  // namespace

std::string_view basis_text(Basis basis) {
  return basis == Basis::uniform ? "uniform" : basis == Basis::area_m2 ? "area_m2" : "population";
}

std::int64_t PolicyS2::units() const {
  std::int64_t units = 1;
  for (int i = 0; i < dp; ++i) units *= 10;
  return units;
}

bool PolicyS2::needs_area() const { return basis == Basis::area_m2 || (blend.enabled && blend.area_m2 > 0); }
bool PolicyS2::needs_population() const {
  return basis == Basis::population || (blend.enabled && blend.population > 0);
}

Result<PolicyS2> read_policy_s2(const Json& policy, const std::string& source) {
  Fields f(policy, source);
  PolicyS2 out;
  out.version = f.text("policy_version");
  if (is_own_version(out.version) && f.has("masses")) {
    auto nested = f.nested("masses");
    out.masses = read_masses(nested);
    out.basis = Basis::population;
    f.adopt(nested);
    f.optional_text("notes");
    PW_CHECK(f.finish());
    return out;
  }
  const auto basis = f.choice("basis", {"uniform", "area_m2", "population"});
  out.basis = basis == "area_m2" ? Basis::area_m2 : basis == "population" ? Basis::population : Basis::uniform;
  const auto dp = f.integer("dp", 0);
  if (f.has("fallback_mode")) out.fallback_mode = f.choice("fallback_mode", {"legacy_basis_only"});
  f.optional_text("notes");
  if (f.has("blend_v2")) {
    auto nested = f.nested("blend_v2");
    out.blend = read_blend(nested);
    f.adopt(nested);
  }
  PW_CHECK(f.finish());
  if (!policy["dp"].is_number_integer() || dp > kMaxDp) {
    return normalization(source, "invalid_dp", "dp must be an integer from 0 to 18, found " + compact(policy["dp"]))
        .with("dp", compact(policy["dp"]));
  }
  out.dp = static_cast<int>(dp);
  if (out.blend.enabled) PW_CHECK(check_blend(out.blend, source));
  return out;
}

}  // namespace placewright::contracts
