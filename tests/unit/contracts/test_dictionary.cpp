#include "contracts/dictionary.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include "contracts/embedded.hpp"
#include "contracts/yaml.hpp"

namespace placewright::contracts {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kIds = {
    "validation_bundle_1A", "validation_passed_flag_1A", "outlet_catalogue", "s3_candidate_set", "iso3166_canonical_2024",
    "world_countries", "population_raster_2025", "tz_world_2025a", "license_map", "s2_tile_weights_policy", "s3_requirements_policy",
    "s4_alloc_plan_policy", "jitter_policy", "s3_requirements", "tile_weights", "tile_index", "tile_bounds", "s0_gate_receipt_1B",
    "sealed_inputs_1B", "s1_run_report", "s2_run_report", "s3_run_report", "s4_run_report", "s5_run_report", "s6_run_report",
    "s7_run_summary", "s8_run_summary", "s4_alloc_plan", "s5_site_tile_assignment", "s6_site_jitter", "s7_site_synthesis",
    "site_locations", "rng_event_site_tile_assign", "rng_event_in_cell_jitter", "rng_trace_log", "rng_audit_log",
    "validation_bundle_1B", "validation_bundle_index_1B", "validation_passed_flag_1B", "tile_spans", "weight_runs", "s3_dropped",
    "placewright_seal"};

// A contracts root of the given layout: our own files, as another program would lay them out.
class ForeignRoot {
 public:
  explicit ForeignRoot(Layout layout) : root_(fs::temp_directory_path() / ("pw_contracts_" + std::to_string(::getpid()))) {
    fs::remove_all(root_);
    const bool spec = layout == Layout::model_spec;
    const std::string specs = "docs/model_spec/data-engine/layer-1/specs/contracts/";
    dictionary_ = spec ? specs + "1B/dataset_dictionary.layer1.1B.yaml" : "contracts/dataset_dictionary/l1/seg_1B/layer1.1B.yaml";
    write(dictionary_, std::string(*embedded("dictionary/layer1.1B.yaml")));
    for (const std::string kind : {"1B", "1A", "layer1", "ingress.layer1"}) {
      const auto folder = spec ? specs + (kind == "1B" ? "1B/" : "1A/") : std::string("contracts/schemas/layer1/");
      write(folder + "schemas." + kind + ".yaml", std::string(*embedded("schemas/schemas." + kind + ".yaml")));
    }
  }
  ~ForeignRoot() { fs::remove_all(root_); }

  void write(const std::string& relative, const std::string& text) {
    fs::create_directories((root_ / relative).parent_path());
    std::ofstream(root_ / relative, std::ios::binary) << text;
  }
  const fs::path& path() const { return root_; }
  const std::string& dictionary() const { return dictionary_; }

 private:
  fs::path root_;
  std::string dictionary_;
};

TEST(Dictionary, NamesEveryDataset) {
  const auto dictionary = Dictionary::built_in();
  ASSERT_TRUE(dictionary) << dictionary.error().message();
  for (const auto& id : kIds) EXPECT_NE(dictionary->find(id), nullptr) << id;
  EXPECT_EQ(dictionary->find("nothing"), nullptr);
}

TEST(Dictionary, GivesEveryEntryWhatTheGateAsksFor) {
  const auto dictionary = Dictionary::built_in();
  ASSERT_TRUE(dictionary);
  for (const auto& id : kIds) {
    const auto& entry = *dictionary->find(id);
    EXPECT_TRUE(entry["licence"].is_string() && entry["retention_days"].is_number_integer()) << id;
    EXPECT_TRUE(entry["version"].is_string() && entry["partitioning"].is_array() && entry["ordering"].is_array()) << id;
    EXPECT_EQ(dictionary->anchor_problem(entry["schema_ref"].get<std::string>()), "") << id;
  }
}

TEST(Dictionary, AgreesWithTheSchemasOnPartitionAndOrder) {
  const auto dictionary = Dictionary::built_in();
  ASSERT_TRUE(dictionary);
  for (const auto& id : kIds) {
    const auto& entry = *dictionary->find(id);
    const auto& schema = *dictionary->schema(entry["schema_ref"].get<std::string>());
    EXPECT_EQ(schema.value("partition_keys", entry["partitioning"]), entry["partitioning"]) << id;
    EXPECT_EQ(schema.value("sort_keys", entry["ordering"]), entry["ordering"]) << id;
  }
}

TEST(Dictionary, LetsOnlyTheTimeZonesBeAbsent) {
  const auto dictionary = Dictionary::built_in();
  for (const auto& id : kIds) EXPECT_EQ(dictionary->optional(id), id == "tz_world_2025a") << id;
}

TEST(Dictionary, MarksOnlySiteLocationsAsFinal) {
  const auto dictionary = Dictionary::built_in();
  for (const auto& id : kIds) EXPECT_EQ((*dictionary->find(id))["lineage"]["final_in_layer"], id == "site_locations") << id;
}

TEST(Dictionary, SaysWhyAnAnchorDoesNotHold) {
  const auto dictionary = Dictionary::built_in();
  EXPECT_EQ(dictionary->anchor_problem("schemas.1B.yaml#/plan/s4_alloc_plan"), "");
  EXPECT_NE(dictionary->anchor_problem("schemas.1B.yaml#/plan/nothing"), "");
  EXPECT_NE(dictionary->anchor_problem("schemas.2A.yaml#/plan/s4_alloc_plan"), "");
  EXPECT_NE(dictionary->anchor_problem("schemas.1B.yaml"), "");
  EXPECT_NE(dictionary->anchor_problem("schemas.1B.yaml#/version/x"), "");
}

TEST(Dictionary, ReadsBothLayoutsOfAForeignRoot) {
  for (const auto layout : {Layout::model_spec, Layout::contracts}) {
    ForeignRoot root(layout);
    const auto dictionary = Dictionary::load(root.path(), layout);
    ASSERT_TRUE(dictionary) << dictionary.error().message();
    EXPECT_TRUE(dictionary->foreign());
    EXPECT_EQ(*dictionary->field("tile_index", "path"), "data/layer1/1B/tile_index/parameter_hash={parameter_hash}/");
    EXPECT_FALSE(dictionary->optional("tz_world_2025a"));
  }
}

TEST(Dictionary, FillsOnlyItsOwnDatasetsIntoAForeignDictionary) {
  ForeignRoot root(Layout::contracts);
  root.write(root.dictionary(), "datasets:\n  - {id: tile_index, path: data/elsewhere/}\n");
  const auto dictionary = Dictionary::load(root.path(), Layout::contracts);
  ASSERT_TRUE(dictionary);
  EXPECT_EQ(*dictionary->field("tile_index", "path"), "data/elsewhere/");
  EXPECT_EQ(dictionary->find("tile_bounds"), nullptr);
  for (const auto id : kOwnDatasets) {
    ASSERT_NE(dictionary->find(id), nullptr) << id;
    EXPECT_EQ(dictionary->anchor_problem(*dictionary->field(id, "schema_ref")), "") << id;
  }
}

TEST(Dictionary, TakesTheFirstOfTwoEntriesInTheOrderOfTheFile) {
  ForeignRoot root(Layout::contracts);
  root.write(root.dictionary(), "zeta:\n  - {id: x, path: first}\nalpha:\n  - {id: x, path: second}\n");
  EXPECT_EQ(*Dictionary::load(root.path(), Layout::contracts)->field("x", "path"), "first");
}

TEST(Dictionary, RefusesAMissingFileAndARootThatIsNoMapping) {
  ForeignRoot root(Layout::contracts);
  EXPECT_EQ(Dictionary::load(root.path(), Layout::model_spec).error().code(), "PW_CONTRACT");
  root.write(root.dictionary(), "- 1\n");
  EXPECT_EQ(Dictionary::load(root.path(), Layout::contracts).error().code(), "PW_CONTRACT");
  root.write(root.dictionary(), "a: [");
  EXPECT_EQ(Dictionary::load(root.path(), Layout::contracts).error().code(), "PW_CONTRACT");
}

TEST(Embedded, HoldsTheProfilesTheRegionsAndTheLicences) {
  for (const auto* name : {"profiles/reference/policy.s2.tile_weights.yaml", "profiles/reference/policy.s3.requirements.yaml",
                           "profiles/reference/policy.s4.alloc_plan.yaml", "profiles/reference/policy.s6.jitter.yaml",
                           "profiles/demo/policy.s6.jitter.yaml", "regions/iso_canonical_regions.csv", "licenses/license_map.yaml"}) {
    EXPECT_TRUE(embedded(name)) << name;
  }
  EXPECT_FALSE(embedded("profiles"));
}

TEST(Embedded, HoldsTheEightStandInsOfTheParameterHash) {
  std::set<std::string> found;
  const std::string folder = "profiles/reference/stand_ins/";
  for (const auto& name : embedded_names()) {
    if (!name.starts_with(folder)) continue;
    const auto base = name.substr(folder.size());
    EXPECT_EQ(*embedded(name), "stand_in: " + base + "\n");
    found.insert(base);
  }
  EXPECT_EQ(found, (std::set<std::string>{"ccy_smoothing_params.yaml", "crossborder_hyperparams.yaml", "hurdle_coefficients.yaml",
                                          "nb_dispersion_coefficients.yaml", "policy.s3.integerisation.yaml", "policy.s3.rule_ladder.yaml",
                                          "s6_selection_policy.yaml", "s7_integerisation_policy.yaml"}));
}

TEST(Embedded, ExplainsEveryLicenceOfTheDictionary) {
  const auto map = parse_yaml(*embedded("licenses/license_map.yaml"), "map");
  ASSERT_TRUE(map);
  const auto dictionary = Dictionary::built_in();
  for (const auto& licence : dictionary->licences()) EXPECT_TRUE((*map)["licenses"].contains(licence)) << licence;
  for (const auto& [name, terms] : (*map)["licenses"].items()) EXPECT_TRUE(embedded(terms["text_path"].get<std::string>())) << name;
}

}  // namespace
}  // namespace placewright::contracts
