#include "lanes/guard_read.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "store/files.hpp"
#include "table/table.hpp"

namespace placewright::lanes {
namespace {

namespace fs = std::filesystem;
using table::Kind;

// The folders of one run, by the keys that partition them.
class Places {
 public:
  Places(fs::path root, const RunIdentity& id)
      : root_(std::move(root)),
        parameters_("parameter_hash=" + id.parameter_hash),
        fingerprint_("manifest_fingerprint=" + id.manifest_fingerprint),
        seed_("seed=" + std::to_string(id.seed)),
        run_("run_id=" + id.run_id) {}

  std::string by_parameters(const std::string& name) const { return "data/layer1/1A/" + name + "/" + parameters_; }
  std::string by_seed(const std::string& name) const {
    return "data/layer1/1A/" + name + "/" + seed_ + "/" + parameters_;
  }
  std::string by_fingerprint(const std::string& name) const {
    return "data/layer1/1A/" + name + "/" + seed_ + "/" + fingerprint_;
  }
  std::string sealed() const { return "data/layer1/1A/sealed_inputs/" + fingerprint_ + "/sealed_inputs_1A.json"; }
  std::string log(const std::string& below) const {
    return "logs/layer1/1A/" + below + "/" + seed_ + "/" + parameters_ + "/" + run_;
  }
  fs::path at(const std::string& relative) const { return root_ / relative; }

 private:
  fs::path root_;
  std::string parameters_, fingerprint_, seed_, run_;
};

std::vector<fs::path> files_in(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

Error missing(const std::string& what) { return Error("LANE_GUARD_SURFACE", what).with("type", "FileNotFoundError"); }

Result<table::Batch> read_table(const Places& places, const std::string& label, const std::string& folder,
                                const table::Schema& columns) {
  if (files_in(places.at(folder), ".parquet").empty()) {
    return missing("missing required surface " + label + ": pattern=" + folder + "/part-*.parquet");
  }
  PW_TRY(const auto data, table::Dataset::open(places.at(folder)));
  return data.read_all(columns);
}

// The reference asks for the first file of a log and stops without a word when there is none.
Result<std::vector<Json>> read_log(const Places& places, const std::string& below) {
  const auto files = files_in(places.at(places.log(below)), ".jsonl");
  if (files.empty()) {
    return Error("LANE_GUARD_SURFACE", "there is no log in " + places.log(below)).with("type", "StopIteration");
  }
  std::vector<Json> events;
  for (const auto& file : files) {
    PW_TRY(const auto text, store::read_text(file));
    for (const auto& line : split(text, '\n')) {
      if (trim(line).empty()) continue;
      PW_TRY(auto event, parse_json(line, file.string()));
      events.push_back(std::move(event));
    }
  }
  return events;
}

Error bad_event(const std::string& log, const Json::exception& e) {
  return Error("LANE_GUARD_SURFACE", log + ": " + e.what()).with("type", "KeyError");
}

Result<std::vector<MerchantId>> merchants_of(const Places& places, const std::string& log) {
  PW_TRY(const auto events, read_log(places, log));
  try {
    std::vector<MerchantId> merchants;
    for (const auto& event : events) merchants.push_back(event.at("merchant_id"));
    return merchants;
  } catch (const Json::exception& e) {
    return bad_event(log, e);
  }
}

Result<void> read_counts(const Places& places, Upstream& run) {
  PW_TRY(const auto hurdles, read_log(places, "rng/events/hurdle_bernoulli"));
  PW_TRY(const auto counts, read_log(places, "rng/events/nb_final"));
  try {
    for (const auto& e : hurdles) run.hurdles.push_back({e.at("merchant_id"), e.at("is_multi")});
    for (const auto& e : counts) run.counts.push_back({e.at("merchant_id"), e.at("n_outlets"), e.at("dispersion_k")});
  } catch (const Json::exception& e) {
    return bad_event("hurdle_bernoulli or nb_final", e);
  }
  return {};
}

Result<void> read_outlets(const Places& places, Upstream& run) {
  PW_TRY(const auto rows, read_table(places, "outlet_catalogue", places.by_fingerprint("outlet_catalogue"),
                                     {{"merchant_id", Kind::u64},
                                      {"home_country_iso", Kind::text},
                                      {"legal_country_iso", Kind::text},
                                      {"site_id", Kind::text},
                                      {"site_order", Kind::i64}}));
  for (std::size_t i = 0; i < rows.rows; ++i) {
    run.outlets.push_back({rows.u64(0)[i], std::string(rows.text(1).at(i)), std::string(rows.text(2).at(i)),
                           std::string(rows.text(3).at(i)), rows.i64(4)[i]});
  }
  return {};
}

Result<void> read_candidates(const Places& places, Upstream& run) {
  PW_TRY(const auto stratum, read_table(places, "hurdle_design_matrix", places.by_parameters("hurdle_design_matrix"),
                                        {{"merchant_id", Kind::u64}}));
  run.stratum = stratum.u64(0);
  PW_TRY(const auto candidates, read_table(places, "s3_candidate_set", places.by_parameters("s3_candidate_set"),
                                           {{"merchant_id", Kind::u64}, {"is_home", Kind::boolean}}));
  for (std::size_t i = 0; i < candidates.rows; ++i) {
    run.candidates.emplace_back(candidates.u64(0)[i], candidates.flags(1)[i] != 0);
  }
  PW_TRY(const auto members,
         read_table(places, "s6_membership", places.by_seed("s6/membership"), {{"merchant_id", Kind::u64}}));
  run.members = members.u64(0);
  PW_TRY(run.rejections, merchants_of(places, "rng/events/ztp_rejection"));
  // A run in which no merchant ran out of attempts has no such log.
  if (auto exhausted = merchants_of(places, "rng/events/ztp_retry_exhausted")) run.exhausted = std::move(*exhausted);
  for (const char* log :
       {"rng/events/ztp_final", "rng/events/gumbel_key", "rng/events/sequence_finalize", "metrics/s4"}) {
    PW_CHECK([&]() -> Result<void> {
      PW_TRY(const auto events, read_log(places, log));
      static_cast<void>(events);
      return {};
    }());
  }
  return {};
}

Result<void> check_sealed(const Places& places) {
  PW_TRY(const auto sealed, store::read_json(places.at(places.sealed())));
  const bool named = sealed.is_array() && std::ranges::any_of(sealed, [](const Json& row) {
                       return row.is_object() && row.value("asset_id", Json()) == "policy.s3.integerisation.yaml";
                     });
  if (named) return {};
  return Error("LANE_GUARD_SURFACE", "sealed_inputs_1A.json does not name policy.s3.integerisation.yaml")
      .with("type", "StopIteration");
}

}  // namespace

Result<Upstream> read_upstream(const fs::path& runs_root, const std::string& run_id) {
  Upstream run;
  PW_TRY(run.receipt, store::read_receipt(runs_root / run_id));
  const Places places(runs_root / run_id, run.receipt.identity);
  PW_CHECK(read_outlets(places, run));
  PW_CHECK(read_candidates(places, run));
  PW_CHECK(read_counts(places, run));
  PW_CHECK(check_sealed(places));
  for (std::size_t i = 0; i < kRequiredOutputs.size(); ++i) {
    const std::string name(kRequiredOutputs[i]);
    const auto folder = places.by_parameters(name == "merchant_abort_log" ? "prep/" + name : name);
    run.parts[i] = files_in(places.at(folder), ".parquet").size();
  }
  return run;
}

}  // namespace placewright::lanes
