#include <gtest/gtest.h>

#include "lanes/matrix.hpp"
#include "lanes/popt.hpp"
#include "lanes/pretty.hpp"
#include "pipeline/plan.hpp"

namespace placewright::lanes {
namespace {

// The rerun matrix of the run-lane spec, §4.3.
TEST(Matrix, EachChangeReachesItsState) {
  EXPECT_EQ(first_stale({"world_countries"}), 1);
  EXPECT_EQ(first_stale({"population_raster_2025"}), 1);
  EXPECT_EQ(first_stale({"s2_tile_weights_policy"}), 2);
  EXPECT_EQ(first_stale({"s3_requirements_policy"}), 3);
  EXPECT_EQ(first_stale({"outlet_catalogue"}), 3);
  EXPECT_EQ(first_stale({"s4_alloc_plan_policy"}), 4);
  EXPECT_EQ(first_stale({"identity"}), 5);
  EXPECT_EQ(first_stale({"jitter_policy"}), 6);
  EXPECT_EQ(first_stale({"assignment_policy"}), 5);
  EXPECT_EQ(first_stale({"validation_policy"}), 9);
  EXPECT_EQ(first_stale({"jitter_policy", "s4_alloc_plan_policy"}), 4);
  EXPECT_EQ(first_stale({}), kStates);
  EXPECT_EQ(first_stale({"something new"}), 1);
}

TEST(Matrix, HasAStateForEveryStepOfThePlan) { EXPECT_EQ(pipeline::plan().size(), static_cast<std::size_t>(kStates)); }

TEST(Matrix, LanesStartAtS1ToS9) {
  EXPECT_EQ(*state_number("S4"), 4);
  EXPECT_FALSE(state_number("S0"));
  EXPECT_FALSE(state_number("s4"));
}

TEST(Popt, SecondsAreRoundedHalfToEven) {
  EXPECT_EQ(hms(0.5), "00:00:00");
  EXPECT_EQ(hms(1.5), "00:00:02");
  EXPECT_EQ(hms(3723.4), "01:02:03");
}

TEST(Pretty, IsTheReferencesText) {
  EXPECT_EQ(pretty({{"b", {1, 2.0}}, {"a", Json::array()}}), "{\n  \"a\": [],\n  \"b\": [\n    1,\n    2.0\n  ]\n}");
}

}  // namespace
}  // namespace placewright::lanes
