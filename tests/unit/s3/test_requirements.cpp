#include "states/s3_requirements/requirements.hpp"

#include "../s2/tiny_run.hpp"

namespace placewright::states {
namespace {

using table::Kind;

Result<Summary> run_s3(TinyRun& tiny) {
  auto context = tiny.context();
  return s3_requirements::run(context);
}

void give_weights(TinyRun& tiny) {
  tiny.weights("DE", {{1, 2, 500}});
  tiny.weights("FR", {{4, 1, 1000}});
}

const std::vector<TinyRun::Outlet> kExample = {{1, "DE", 1}, {1, "DE", 2}, {1, "MC", 1}, {2, "FR", 1}, {2, "FR", 2}, {2, "FR", 3}};

TEST(S3, ReproducesTheWorkedExample) {
  TinyRun tiny;
  give_weights(tiny);
  tiny.outlets(kExample);
  const auto summary = run_s3(tiny);
  ASSERT_TRUE(summary) << summary.error().message();
  const auto rows = tiny.read("s3_requirements", datasets::kRequirements);
  EXPECT_EQ(rows.u64(0), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(rows.text(1).at(1), "FR");
  EXPECT_EQ(rows.i64(2), (std::vector<std::int64_t>{2, 3}));
  const auto dropped = tiny.read("s3_dropped", {{"merchant_id", Kind::u64}, {"legal_country_iso", Kind::text}, {"n_sites", Kind::i64}, {"reason", Kind::text}});
  ASSERT_EQ(dropped.rows, 1U);
  EXPECT_EQ(dropped.text(1).at(0), "MC");
  EXPECT_EQ(dropped.text(3).at(0), "denylist_country_iso");
  const auto report = tiny.report("s3_run_report");
  EXPECT_EQ(report["rows_emitted"], 2);
  EXPECT_EQ(report["merchants_total"], 2);
  EXPECT_EQ(report["countries_total"], 2);
  EXPECT_EQ(report["rows_dropped_by_policy"], 1);
  EXPECT_EQ(report["sites_dropped_by_policy"], 1);
  EXPECT_EQ(report["countries_dropped_by_policy"], Json({"MC"}));
  EXPECT_EQ(report["source_rows_total"], 6);
}

TEST(S3, ChecksTheGateFirst) {
  TinyRun tiny;
  std::filesystem::remove(*tiny.run().target("s0_gate_receipt_1B"));
  EXPECT_EQ(fault_of(run_s3(tiny)), "E301_NO_PASS_FLAG s0_gate_receipt_missing");
  ASSERT_TRUE(store::write_text(*tiny.run().target("s0_gate_receipt_1B"), "{\"notes\": null}"));
  auto broken = run_s3(tiny);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code(), "E_RECEIPT_SCHEMA_INVALID");
  tiny.receipt({"outlet_catalogue"}, std::string(64, 'e'));
  EXPECT_EQ(fault_of(run_s3(tiny)), "E306_TOKEN_MISMATCH receipt_manifest_fingerprint_mismatch");
  tiny.receipt({"outlet_catalogue"});
  EXPECT_EQ(fault_of(run_s3(tiny)), "E311_DISALLOWED_READ sealed_inputs_missing");
}

TEST(S3, NamesWhatIsWrongWithPolicyCatalogueAndWeights) {
  TinyRun tiny;
  EXPECT_EQ(fault_of(run_s3(tiny)), "E311_DISALLOWED_READ outlet_catalogue_missing");
  tiny.outlets(kExample);
  tiny.policy("s3", "policy_version: t\nenabled: true\ndenylist_country_iso: [ZZ]\n");
  EXPECT_EQ(fault_of(run_s3(tiny)), "E315_POLICY_ISO_UNKNOWN denylist_iso_not_in_iso3166");
  tiny.policy("s3", "policy_version: t\nenabled: true\ndenylist_country_iso: [NO]\n");
  EXPECT_EQ(fault_of(run_s3(tiny)), "PW_POLICY") << "an unquoted NO is false";
  tiny.policy("s3", "policy_version: t\nenabled: true\ndenylist_country_iso: [MC]\n");
  EXPECT_EQ(fault_of(run_s3(tiny)), "PW_INPUT") << "no weights";
  std::filesystem::create_directories(*tiny.run().target("weight_runs"));
  EXPECT_EQ(fault_of(run_s3(tiny)), "E303_TILE_WEIGHT_COVERAGE tile_weights_empty");
}

TEST(S3, RefusesRowsOfAnotherRun) {
  TinyRun tiny;
  give_weights(tiny);
  tiny.outlets(kExample, std::string(64, 'f'), 42);
  EXPECT_EQ(fault_of(run_s3(tiny)), "E306_TOKEN_MISMATCH manifest_fingerprint mismatch in outlet_catalogue");
  tiny.outlets(kExample, tiny.identity().manifest_fingerprint, 43);
  EXPECT_EQ(fault_of(run_s3(tiny)), "E306_TOKEN_MISMATCH global_seed mismatch in outlet_catalogue");
}

TEST(S3, RefusesRowsThatBreakTheOrderAndCodesOfOtherShapes) {
  TinyRun tiny;
  give_weights(tiny);
  tiny.outlets({{1, "DE", 1}, {1, "DE", 2}, {1, "DE", 4}});
  EXPECT_EQ(fault_of(run_s3(tiny)), "E314_SITE_ORDER_INTEGRITY");
  tiny.outlets({{2, "DE", 1}, {1, "DE", 1}});
  EXPECT_EQ(fault_of(run_s3(tiny)), "E310_UNSORTED writer_sort_violation");
  tiny.outlets({{1, "de", 1}});
  EXPECT_EQ(fault_of(run_s3(tiny)), "E302_ISO_FK");
  tiny.outlets({{1, "LU", 1}});
  EXPECT_EQ(fault_of(run_s3(tiny)), "E303_TILE_WEIGHT_COVERAGE");
}

TEST(S3, PublishesNothingWhenItFails) {
  TinyRun tiny;
  give_weights(tiny);
  tiny.outlets({{1, "DE", 1}, {1, "LU", 1}});
  ASSERT_FALSE(run_s3(tiny));
  EXPECT_FALSE(std::filesystem::exists(*tiny.run().target("s3_requirements")));
  EXPECT_FALSE(std::filesystem::exists(*tiny.run().target("s3_dropped")));
}

}  // namespace
}  // namespace placewright::states
