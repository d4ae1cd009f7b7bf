#include "states/s7_synthesis/inputs.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "datasets/gate.hpp"
#include "datasets/policies.hpp"
#include "states/anchors.hpp"

namespace placewright::states::s7_synthesis {
namespace {

constexpr auto kNotAllowed = "E705_PARTITION_OR_IDENTITY";
constexpr std::array<std::string_view, 9> kDatasets = {
    "s0_gate_receipt_1B", "sealed_inputs_1B",       "s5_site_tile_assignment", "s6_site_jitter", "tile_bounds",
    "outlet_catalogue",   "s3_requirements_policy", "s7_site_synthesis",       "s7_run_summary"};
constexpr std::array<std::string_view, 2> kPacks = {"schemas.1B.yaml#", "schemas.1A.yaml#"};

Result<std::string> read_gate(Context& context) {
  if (auto gate = datasets::check_gate_receipt(context.run, {"outlet_catalogue"}, {kNotAllowed, kNotAllowed}); !gate) {
    const bool absent = gate.error().code() == "E301_NO_PASS_FLAG";
    return std::move(gate).error().as(absent ? "PW_INPUT" : kNotAllowed);
  }
  PW_TRY(const auto path, context.run.target("s0_gate_receipt_1B"));
  PW_TRY(const auto receipt, store::read_json(path));
  context.log.step("S7: gate receipt verified (sealed_inputs=" + std::to_string(receipt["sealed_inputs"].size()) +
                   "; outlet_catalogue authorized)");
  return receipt["flag_sha256_hex"].get<std::string>();
}

bool named_text(const Json& item, const char* key) {
  return item.contains(key) && item[key].is_string() && !item[key].get<std::string>().empty();
}

// Empty when `sealed` is a list of sealed inputs, else what is wrong.
std::string sealed_problem(const Json& sealed) {
  if (!sealed.is_array()) return "is not a list";
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    const auto& item = sealed[i];
    const auto at = "item " + std::to_string(i) + " ";
    if (!item.is_object()) return at + "is not an object";
    for (const char* key : {"asset_id", "version_tag", "sha256_hex", "path"}) {
      if (!named_text(item, key)) return at + "has no " + key;
    }
    if (!item.contains("partition") || !item["partition"].is_object()) return at + "has no partition";
    for (const auto& [key, value] : item["partition"].items()) {
      if (!value.is_string()) return at + "has a partition key " + key + " that is not text";
    }
    for (const auto& [key, value] : item.items()) {
      const bool known = key == "asset_id" || key == "version_tag" || key == "sha256_hex" || key == "path" ||
                         key == "partition" || (key == "schema_ref" && value.is_string());
      if (!known) return at + "has the unknown key " + key;
    }
  }
  return {};
}

// The reference accepts a missing file in silence; here a run without a seal is not read.
Result<void> check_sealed(const store::RunFolder& run) {
  PW_TRY(const auto path, run.target("sealed_inputs_1B"));
  const auto refuse = [&](const std::string& what) {
    return Error(kNotAllowed, path.string() + ": " + what).with("detail", what);
  };
  auto sealed = store::read_json(path);
  if (!sealed) return refuse(sealed.error().code() == "PW_INPUT" ? "sealed inputs missing" : "not a JSON text");
  if (const auto problem = sealed_problem(*sealed); !problem.empty()) return refuse(problem);
  return {};
}

Result<contracts::PolicyS3> read_policy(Context& context, std::string& printed) {
  PW_TRY(const auto file, datasets::read_policy_file(context.run, "s3_requirements_policy"));
  printed = context.run.shown(file.path);
  PW_TRY(auto policy, contracts::read_policy_s3(file.fields, file.path.string()));
  context.log.step("S7: loaded requirements policy enabled=" + std::string(policy.enabled ? "True" : "False") +
                   " denylist_count=" + std::to_string(policy.denylist.size()) + " version=" + policy.version +
                   " path=" + printed);
  return policy;
}

Result<SiteTable> open_table(Context& context, std::string_view dataset, SiteTable::Kind kind) {
  PW_TRY(const auto path, context.run.target(dataset));
  return SiteTable::open(path, kind, context.run.identity());
}

Result<void> check_counts(std::uint64_t s5, std::uint64_t s6, std::uint64_t outlets) {
  if (s5 != s6) {
    return Error("E701_ROW_MISSING", "S5 has " + std::to_string(s5) + " sites, S6 has " + std::to_string(s6))
        .with("detail", "s5_s6_row_count_mismatch")
        .with("s5_rows", s5)
        .with("s6_rows", s6);
  }
  if (s5 != outlets) {
    return Error("E708_1A_COVERAGE_FAIL", "S5 has " + std::to_string(s5) +
                                              " sites, the catalogue without denylisted countries has " +
                                              std::to_string(outlets) + " outlets")
        .with("detail", "s5_outlet_row_count_mismatch")
        .with("s5_rows", s5)
        .with("outlet_rows", outlets);
  }
  return {};
}

}  // namespace

Result<Inputs> open_inputs(Context& context) {
  if (auto fault = anchor_fault(context.run.dictionary(), kDatasets, kPacks, "E711_DICT_SCHEMA_MISMATCH"))
    return *std::move(fault);
  PW_TRY(auto flag, read_gate(context));
  PW_CHECK(check_sealed(context.run));
  PW_TRY(auto tiles, TileFacts::open(context.run));
  PW_TRY(auto s5, open_table(context, "s5_site_tile_assignment", SiteTable::Kind::assignment));
  PW_TRY(auto s6, open_table(context, "s6_site_jitter", SiteTable::Kind::jitter));
  PW_TRY(auto catalogue, open_table(context, "outlet_catalogue", SiteTable::Kind::catalogue));
  std::string policy_path;
  PW_TRY(auto policy, read_policy(context, policy_path));
  context.log.step("S7: synthesis inputs resolved (S5 assignments + S6 jitter + 1A outlet_catalogue)");
  PW_TRY(const auto outlets, catalogue.leave_out(policy.enabled ? policy.denylist : std::vector<Iso>(), context.pool));
  context.log.step("S7: input row counts s5=" + std::to_string(s5.rows()) + " s6=" + std::to_string(s6.rows()) +
                   " outlet_catalogue_effective=" + std::to_string(catalogue.rows()) + " (site-level parity check)");
  PW_CHECK(check_counts(s5.rows(), s6.rows(), catalogue.rows()));
  std::vector<Iso> countries;
  std::ranges::transform(outlets, std::back_inserter(countries), [](const auto& entry) { return entry.first; });
  PW_CHECK(tiles.preload(countries, context.pool));
  return Inputs{std::move(flag), std::move(policy),    std::move(policy_path), std::move(s5),
                std::move(s6),   std::move(catalogue), std::move(tiles)};
}

}  // namespace placewright::states::s7_synthesis
