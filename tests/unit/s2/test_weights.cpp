#include "states/s2_weights/weights.hpp"

#include "datasets/weights.hpp"
#include "tiny_run.hpp"

namespace placewright::states {
namespace {

using table::Kind;
using Weights = std::vector<std::int64_t>;

Result<Summary> run_s2(TinyRun& tiny, PublishForm form = PublishForm::spans) {
  auto context = tiny.context(form);
  return s2_weights::run(context);
}

const std::string kPopulation = "policy_version: t\nbasis: population\ndp: 3\n";

TEST(S2, PublishesRunsThatStayInsideOneSpan) {
  TinyRun tiny;
  tiny.policy("s2", "policy_version: t\nbasis: uniform\ndp: 1\n");
  tiny.spans({{"DE", 1, 2}, {"DE", 8, 2}, {"FR", 4, 3}});
  const auto summary = run_s2(tiny);
  ASSERT_TRUE(summary) << summary.error().message();
  EXPECT_EQ(summary->rows, 7U);
  const auto rows = tiny.read("weight_runs", {{"country_iso", Kind::text}, {"first_tile_id", Kind::u64}, {"length", Kind::i64}, {"weight_fp", Kind::i64}});
  // DE: four quotas of 2.5, the two northern tiles are rounded up; FR: three of 3.33, the first one is.
  ASSERT_EQ(rows.rows, 4U);
  EXPECT_EQ(rows.u64(1), (std::vector<std::uint64_t>{1, 8, 4, 5}));
  EXPECT_EQ(rows.i64(2), (Weights{2, 2, 1, 2}));
  EXPECT_EQ(rows.i64(3), (Weights{3, 2, 4, 3}));
}

TEST(S2, GivesTheSameWeightsInBothForms) {
  TinyRun tiny;
  tiny.spans({{"DE", 1, 2}, {"DE", 8, 3}});
  ASSERT_TRUE(run_s2(tiny, PublishForm::rows));
  ASSERT_TRUE(run_s2(tiny, PublishForm::spans));
  const auto rows = tiny.read("tile_weights", {{"tile_id", Kind::u64}, {"weight_fp", Kind::i64}, {"dp", Kind::i64}});
  EXPECT_EQ(rows.u64(0), (std::vector<std::uint64_t>{1, 2, 8, 9, 10}));
  const auto source = datasets::WeightSource::open(tiny.run());
  ASSERT_TRUE(source);
  EXPECT_FALSE(source->rows_form());
  const auto loaded = source->load(*Iso::parse("DE"), geo::TileSet({{1, 2}, {8, 3}}));
  ASSERT_TRUE(loaded) << loaded.error().message();
  Weights expanded;
  for (const auto& run : loaded->runs) expanded.insert(expanded.end(), run.length, run.weight);
  EXPECT_EQ(expanded, rows.i64(1));
}

TEST(S2, ReadsPeopleOfEachTileFromTheRaster) {
  TinyRun tiny;
  tiny.policy("s2", kPopulation);
  std::vector<float> people(32, 0.0F);
  people[1] = 30;
  people[2] = -99999;  // nodata
  people[9] = 10;
  tiny.raster(people);
  tiny.spans({{"DE", 1, 2}, {"DE", 8, 3}, {"FR", 20, 2}});
  ASSERT_TRUE(run_s2(tiny, PublishForm::rows));
  const auto rows = tiny.read("tile_weights", {{"tile_id", Kind::u64}, {"weight_fp", Kind::i64}});
  EXPECT_EQ(rows.i64(1), (Weights{750, 0, 0, 250, 0, 500, 500}));
  const auto report = tiny.report("s2_run_report");
  EXPECT_EQ(report["country_summaries"][0]["component_mass_population"], 40.0);
  EXPECT_TRUE(report["country_summaries"][1]["zero_mass_fallback"].get<bool>()) << "FR has no people";
  EXPECT_EQ(report["ingress_versions"]["population_raster"], "2025");
}

TEST(S2, RefusesNegativePeople) {
  TinyRun tiny;
  tiny.policy("s2", kPopulation);
  std::vector<float> people(32, 1.0F);
  people[2] = -1;
  tiny.raster(people);
  tiny.spans({{"DE", 1, 2}});
  EXPECT_EQ(fault_of(run_s2(tiny)), "E105_NORMALIZATION invalid_mass_domain");
}

TEST(S2, TakesAreasOfTheRowFormFromItsRows) {
  TinyRun tiny;
  tiny.index("DE", {"DE", "DE", "DE"}, {1, 2, 8});
  ASSERT_TRUE(run_s2(tiny, PublishForm::rows));
  EXPECT_EQ(tiny.report("s2_run_report")["country_summaries"][0]["mass_sum"], 15.0);
}

TEST(S2, NamesWhatIsWrongWithTheTiles) {
  {
    TinyRun tiny;
    EXPECT_EQ(fault_of(run_s2(tiny)), "E101_TILE_INDEX_MISSING tile_index_path_missing");
    std::filesystem::create_directories(*tiny.run().target("tile_index"));
    EXPECT_EQ(fault_of(run_s2(tiny)), "E101_TILE_INDEX_MISSING tile_index_empty");
    std::filesystem::create_directories(*tiny.run().target("tile_index") / "country=DE");
    EXPECT_EQ(fault_of(run_s2(tiny)), "E101_TILE_INDEX_MISSING country_partition_empty");
    tiny.index("DE", {}, {});
    EXPECT_EQ(fault_of(run_s2(tiny)), "E108_WRITER_HYGIENE mixed_country_partition");
    tiny.index("DE", {"DE", "FR"}, {1, 2});
    EXPECT_EQ(fault_of(run_s2(tiny)), "E108_WRITER_HYGIENE mixed_country_partition");
    tiny.index("DE", {"DE", "DE"}, {2, 1});
    EXPECT_EQ(fault_of(run_s2(tiny)), "E108_WRITER_HYGIENE tile_id_not_sorted");
    tiny.index("DE", {"DE", "DE"}, {2, 2});
    EXPECT_EQ(fault_of(run_s2(tiny)), "E108_WRITER_HYGIENE tile_id_not_sorted");
  }
  TinyRun tiny;
  tiny.spans({{"ZZ", 1, 2}});
  EXPECT_EQ(fault_of(run_s2(tiny)), "E101_TILE_INDEX_MISSING country_iso_not_in_iso3166");
}

TEST(S2, RefusesToReplacePublishedWeightsByOthers) {
  TinyRun tiny;
  tiny.spans({{"DE", 1, 2}});
  ASSERT_TRUE(run_s2(tiny));
  EXPECT_TRUE(run_s2(tiny)) << "the same bytes again are fine";
  tiny.policy("s2", "policy_version: t\nbasis: area_m2\ndp: 4\n");
  EXPECT_EQ(fault_of(run_s2(tiny)), "E108_WRITER_HYGIENE partition_exists_nonidentical");
}

TEST(S2, WritesTheSameBytesOnOneAndOnManyThreads) {
  std::string digests[2];
  for (const unsigned threads : {1U, 8U}) {
    TinyRun tiny(threads);
    tiny.policy("s2", kPopulation);
    tiny.spans({{"DE", 1, 2}, {"DE", 8, 3}, {"FR", 20, 2}, {"NL", 27, 3}});
    ASSERT_TRUE(run_s2(tiny));
    digests[threads == 1] = tiny.report("s2_run_report")["determinism_receipt"]["sha256_hex"];
  }
  EXPECT_EQ(digests[0], digests[1]);
}

}  // namespace
}  // namespace placewright::states
