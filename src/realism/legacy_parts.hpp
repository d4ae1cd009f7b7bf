// What the scorers of legacy.hpp share.
#pragma once

#include "realism/legacy.hpp"
#include "realism/metrics.hpp"
#include "realism/run_files.hpp"
#include "realism/sentinel.hpp"

namespace placewright::realism {

constexpr double kSlack = 1e-12;  // of "not worse", on the lenient side

// Metrics that P1, P3 and P4 compare.
inline const std::vector<std::string> kConcentration = {"country_gini", "top10_share", "top5_share", "top1_share"};
inline const std::vector<std::string> kSeven = {"country_gini",
                                                "top1_share",
                                                "top5_share",
                                                "top10_share",
                                                "eligible_country_nonzero_share",
                                                "southern_hemisphere_share",
                                                "nn_p99_p50_ratio"};

std::string now_utc();  // YYYY-MM-DDTHH:MM:SSZ
Json identity(const store::RunFolder& run);
Result<std::string> shown(const store::RunFolder& run, std::string_view dataset);
std::filesystem::path out_folder(const LegacyOptions& options);
Result<store::RunFolder> run_of(const LegacyOptions& options, const std::string& run_id,
                                const contracts::Dictionary& dictionary);

// RS05_BASELINE_INVALID with the key that is missing.
Result<Json> read_baseline(const std::filesystem::path& file);
Result<std::filesystem::path> baseline_run_root(const Json& baseline);

// Writes sorted keys, indent 2, and names the file.
Result<std::filesystem::path> write_sorted(const std::filesystem::path& folder, const std::string& name,
                                           const Json& value);

// top1_share, top5_share, top10_share, country_gini.
Json concentration_json(const Concentration& c);
// A JSON object's numbers, field by field: after - before.
Json deltas(const Json& after, const Json& before, const std::vector<std::string>& names);
bool all_true(const Json& checks);
bool not_worse(const Json& after, const Json& before, const std::vector<std::string>& names);
bool parity_ok(const Json& s8_report);
// The number, or null with `<name>_nonfinite` beside it.
void put(Json& target, const std::string& name, double value);
// `value` > `limit` for at most: limits of gates() under their keys.
Json thresholds(bool b_plus, bool with_neighbours);
Json checks_of(const Json& metrics, bool b_plus);

}  // namespace placewright::realism
