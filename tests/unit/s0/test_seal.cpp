#include "datasets/seal.hpp"

#include <gtest/gtest.h>

#include "world.hpp"

namespace placewright::states::s0_gate {
namespace {

using datasets::check_choices;
using datasets::check_seal;
using datasets::SealCheck;

std::string code_of(const Result<void>& done) { return done ? "" : done.error().code(); }

TEST(Seal, HoldsWhileNothingChanges) {
  World world;
  ASSERT_EQ(world.gate(), "");
  EXPECT_EQ(code_of(check_seal(world.run())), "");
  EXPECT_EQ(code_of(check_seal(world.run(), SealCheck::full)), "");
}

TEST(Seal, IsAskedForBeforeAnythingIsRead) {
  World world;
  EXPECT_EQ(code_of(check_seal(world.run())), "PW_SEAL");
}

TEST(Seal, BreaksWhenAnyInputChanges) {
  World world;
  ASSERT_EQ(world.gate(), "");
  const std::vector<fs::path> files = {world.policy("policy.s3.requirements.yaml"), world.policy("policy.s4.alloc_plan.yaml"),
                                       world.policy("policy.s6.jitter.yaml"), world.external("reference/spatial/population/2025/population.tif"),
                                       world.external("reference/spatial/world_countries/2024/world_countries.parquet"),
                                       world.catalogue() / "part-00000.parquet", world.bundle() / "MANIFEST.json"};
  for (const auto& file : files) {
    const auto intact = *store::read_text(file);
    World::damage(file);
    EXPECT_EQ(code_of(check_seal(world.run())), "PW_SEAL") << file;
    EXPECT_EQ(code_of(check_seal(world.run(), SealCheck::full)), "PW_SEAL") << file;
    World::write(file, intact);
    EXPECT_EQ(code_of(check_seal(world.run())), "") << file;
  }
}

TEST(Seal, BreaksWhenAFileIsAddedToAFolderOrGone) {
  World world;
  ASSERT_EQ(world.gate(), "");
  World::write(world.catalogue() / "part-00001.parquet", "x");
  EXPECT_EQ(code_of(check_seal(world.run())), "PW_SEAL");
  fs::remove(world.catalogue() / "part-00001.parquet");
  EXPECT_EQ(code_of(check_seal(world.run())), "");
  fs::remove(world.policy("policy.s6.jitter.yaml"));
  EXPECT_EQ(code_of(check_seal(world.run())), "PW_SEAL");
}

TEST(Seal, BreaksWhenARegionTableAppears) {
  World world;
  ASSERT_EQ(world.gate(), "");
  World::write(world.external("reference/iso/iso_canonical/v2025-10-09/iso_canonical.csv"), "country_iso,region,subregion\n");
  EXPECT_EQ(code_of(check_seal(world.run())), "PW_SEAL");
}

TEST(Seal, InFullSeesAChangeThatKeepsSizeAndTime) {
  World world;
  ASSERT_EQ(world.gate(), "");
  const auto file = world.policy("policy.s4.alloc_plan.yaml");
  const auto time = fs::last_write_time(file);
  World::damage(file);
  fs::last_write_time(file, time);
  EXPECT_EQ(code_of(check_seal(world.run(), SealCheck::quick)), "");
  EXPECT_EQ(code_of(check_seal(world.run(), SealCheck::full)), "PW_SEAL");
}

TEST(Seal, NeedsNoMemoryOfTheFiles) {
  World world;
  ASSERT_EQ(world.gate(), "");
  fs::remove_all(world.run().root() / "cache");
  EXPECT_EQ(code_of(check_seal(world.run())), "");
  World::write(world.run().root() / "cache/sealed_files.json", "[");
  EXPECT_EQ(code_of(check_seal(world.run())), "");
}

TEST(Seal, HoldsPredicateAndBuildCommit) {
  World world;
  ASSERT_EQ(world.gate(2, geo::Predicate::any_overlap), "");
  EXPECT_EQ(code_of(check_choices(world.run(), {geo::Predicate::any_overlap, std::string(64, '0')})), "");
  EXPECT_EQ(code_of(check_choices(world.run(), {geo::Predicate::center, std::string(64, '0')})), "PW_SEAL");
  EXPECT_EQ(code_of(check_choices(world.run(), {geo::Predicate::any_overlap, std::string(64, '1')})), "PW_SEAL");
}

TEST(Seal, SurvivesAnyTextInItsPlace) {
  World world;
  ASSERT_EQ(world.gate(), "");
  const auto file = *world.run().target("placewright_seal");
  for (const auto* text : {"", "[]", "{}", "{\"version\":\"placewright.seal.v1\",\"inputs\":[1],\"choices\":{},\"contracts\":{}}",
                           "{\"version\":\"placewright.seal.v1\",\"inputs\":[{\"id\":1,\"files\":[2]}],\"choices\":{},\"contracts\":{}}"}) {
    World::write(file, text);
    EXPECT_EQ(code_of(check_seal(world.run())), "PW_SEAL") << text;
  }
}

TEST(Seal, NamesNoPlaceOfTheMachine) {
  World world;
  ASSERT_EQ(world.gate(), "");
  EXPECT_EQ(compact(world.output("placewright_seal")).find(world.base().string()), std::string::npos);
}

}  // namespace
}  // namespace placewright::states::s0_gate
