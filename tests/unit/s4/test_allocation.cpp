#include "../s2/tiny_run.hpp"
#include "states/s4_allocation/allocation.hpp"

namespace placewright::states {
namespace {

Result<Summary> run_s4(TinyRun& tiny) {
  auto context = tiny.context();
  return s4_allocation::run(context);
}

void give_world(TinyRun& tiny) {
  tiny.spans({{"DE", 1, 3}, {"FR", 8, 2}, {"FR", 17, 1}});
  tiny.weights("DE", {{1, 1, 600}, {2, 2, 200}});
  tiny.weights("FR", {{8, 2, 250}, {17, 1, 500}});
}

TEST(S4, WritesPairsInRequirementOrderAndTilesAscending) {
  TinyRun tiny;
  give_world(tiny);
  tiny.requirements({{1, "DE", 5}, {1, "FR", 3}, {2, "DE", 1}, {9, "FR", 4}});
  const auto summary = run_s4(tiny);
  ASSERT_TRUE(summary) << summary.error().message();
  const auto rows = tiny.read("s4_alloc_plan", datasets::kAllocPlan);
  EXPECT_EQ(rows.u64(0), (std::vector<std::uint64_t>{1, 1, 1, 1, 1, 1, 2, 9, 9, 9}));
  EXPECT_EQ(rows.u64(2), (std::vector<std::uint64_t>{1, 2, 3, 8, 9, 17, 1, 8, 9, 17}));
  // FR, three sites: quotas .75, .75 and 1.5, so both small tiles are rounded up.
  EXPECT_EQ(rows.i64(3), (std::vector<std::int64_t>{3, 1, 1, 1, 1, 1, 1, 1, 1, 2}));
  const auto report = tiny.report("s4_run_report");
  EXPECT_EQ(report["rows_emitted"], 10);
  EXPECT_EQ(report["merchants_total"], 3);
  EXPECT_EQ(report["anti_collapse_diagnostics"]["pairs_total"], 4);
}

TEST(S4, ReportsTheFaultOfTheEarliestRequirement) {
  TinyRun tiny;
  give_world(tiny);
  tiny.requirements({{1, "DE", 5}, {1, "LU", 3}, {2, "DE", 0}});
  EXPECT_EQ(fault_of(run_s4(tiny)), "E403_ZERO_TILE_UNIVERSE") << "LU comes before the empty requirement";
  tiny.requirements({{1, "DE", 5}, {2, "DE", 0}, {3, "LU", 3}});
  EXPECT_EQ(fault_of(run_s4(tiny)), "E405_SCHEMA_INVALID n_sites_non_positive");
  EXPECT_FALSE(std::filesystem::exists(*tiny.run().target("s4_alloc_plan")));
}

TEST(S4, ChecksTheRequirementRows) {
  TinyRun tiny;
  give_world(tiny);
  EXPECT_EQ(fault_of(run_s4(tiny)), "E401_NO_S3_REQUIREMENTS s3_requirements_missing");
  tiny.requirements({{2, "DE", 5}, {1, "DE", 3}});
  EXPECT_EQ(fault_of(run_s4(tiny)), "E408_UNSORTED s3_requirements_unsorted");
  tiny.requirements({{2, "DE", 5}, {2, "DE", 3}});
  EXPECT_EQ(fault_of(run_s4(tiny)), "E407_PK_DUPLICATE s3_requirements_duplicate_pair");
  tiny.requirements({{2, "DE", 5}, {2, "ZZ", 3}});
  EXPECT_EQ(fault_of(run_s4(tiny)), "E402_MISSING_TILE_WEIGHTS iso_fk_missing");
}

TEST(S4, ChecksTheGateFirst) {
  TinyRun tiny;
  tiny.receipt({"tile_weights", "tile_index", "iso3166_canonical_2024"});
  EXPECT_EQ(fault_of(run_s4(tiny)), "E409_DISALLOWED_READ sealed_inputs_missing");
  tiny.receipt({}, std::string(64, 'e'));
  EXPECT_EQ(fault_of(run_s4(tiny)), "E406_TOKEN_MISMATCH receipt_manifest_fingerprint_mismatch");
}

TEST(S4, ChecksTheWeightsOfEachCountry) {
  TinyRun tiny;
  give_world(tiny);
  tiny.requirements({{1, "DE", 5}, {1, "FR", 3}});
  tiny.weights("FR", {{8, 2, 250}, {17, 1, 499}});
  EXPECT_EQ(fault_of(run_s4(tiny)), "E414_WEIGHT_TAMPER weight_sum_mismatch");
  tiny.weights("FR", {{8, 2, 2500}, {17, 1, 5000}}, 4);
  EXPECT_EQ(fault_of(run_s4(tiny)), "E414_WEIGHT_TAMPER dp_mismatch");
  tiny.weights("FR", {{8, 2, 500}});
  EXPECT_EQ(fault_of(run_s4(tiny)), "E402_MISSING_TILE_WEIGHTS tile_weights_missing_tile_ids");
  tiny.weights("FR", {{8, 2, 250}, {17, 2, 250}});
  EXPECT_EQ(fault_of(run_s4(tiny)), "E413_TILE_NOT_IN_INDEX tile_weights_extra_tile_ids");
  tiny.weights("FR", {{8, 2, 250}, {9, 1, 250}, {17, 1, 250}});
  EXPECT_EQ(fault_of(run_s4(tiny)), "E407_PK_DUPLICATE tile_weights_duplicate_tile_id");
  tiny.weights("FR", {{17, 1, 500}, {8, 2, 250}});
  EXPECT_EQ(fault_of(run_s4(tiny)), "none") << "an order that falls is sorted";
}

TEST(S4, WritesTheSameBytesOnOneAndOnManyThreads) {
  std::string digests[2];
  for (const unsigned threads : {1U, 8U}) {
    TinyRun tiny(threads);
    give_world(tiny);
    std::vector<TinyRun::Wanted> pairs;
    for (MerchantId merchant = 1; merchant < 400; ++merchant) {
      pairs.push_back({merchant, "DE", static_cast<std::int64_t>(1 + merchant * 7 % 90)});
      if (merchant % 3 == 0) pairs.push_back({merchant, "FR", static_cast<std::int64_t>(merchant)});
    }
    tiny.requirements(pairs);
    ASSERT_TRUE(run_s4(tiny));
    digests[threads == 1] = tiny.report("s4_run_report")["determinism_receipt"]["sha256_hex"];
  }
  EXPECT_EQ(digests[0], digests[1]);
}

}  // namespace
}  // namespace placewright::states
