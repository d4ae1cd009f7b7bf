#include "pipeline/plan.hpp"

#include "states/s0_gate/gate.hpp"
#include "states/s1_tiles/tiles.hpp"
#include "states/s2_weights/weights.hpp"
#include "states/s3_requirements/requirements.hpp"
#include "states/s4_allocation/allocation.hpp"
#include "states/s5_assignment/assignment.hpp"
#include "states/s6_jitter/jitter.hpp"
#include "states/s7_synthesis/synthesis.hpp"
#include "states/s8_egress/egress.hpp"
#include "states/s9_validation/validation.hpp"

namespace placewright::pipeline {

std::span<const Step> plan() {
  using namespace states;
  // S5 writes the trace too, but S6 replaces it by one that holds both, so it is counted there.
  // clang-format off
  static const std::vector<Step> kPlan = {
      {"S0", "gate", "s0_gate", {"sealed_inputs_1B", "s0_gate_receipt_1B", "placewright_seal"}, {}, s0_gate::run},
      {"S1", "tiles", "s1_tile_index", {"tile_index", "tile_bounds"}, {"tile_spans"}, s1_tiles::run},
      {"S2", "weights", "s2_tile_weights", {"tile_weights", "mass_blocks"}, {"weight_runs", "mass_blocks"}, s2_weights::run},
      {"S3", "requirements", "s3_requirements", {"s3_requirements", "s3_dropped"}, {}, s3_requirements::run},
      {"S4", "allocation", "s4_alloc_plan", {"s4_alloc_plan"}, {}, s4_allocation::run},
      {"S5", "assignment", "s5_site_tile_assignment",
       {"s5_site_tile_assignment", "rng_event_site_tile_assign", "rng_audit_log"}, {}, s5_assignment::run},
      {"S6", "jitter", "s6_site_jitter", {"s6_site_jitter", "rng_event_in_cell_jitter", "rng_trace_log"},
       {"s6_site_jitter", "rng_event_in_cell_jitter"}, s6_jitter::run},
      {"S7", "synthesis", "s7_site_synthesis", {"s7_site_synthesis"}, {}, s7_synthesis::run},
      {"S8", "egress", "s8_site_locations", {"site_locations"}, {}, s8_egress::run},
      {"S9", "validation", "s9_validation_bundle", {"validation_bundle_1B"}, {}, s9_validation::run},
  };
  // clang-format on
  return kPlan;
}

}  // namespace placewright::pipeline
