// A finished run as the scorers open it. Nothing in the run is changed.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"
#include "contracts/dictionary.hpp"
#include "realism/frame.hpp"
#include "store/run_folder.hpp"

namespace placewright::realism {

// No receipt that can be read: RS01_RUN_NOT_FOUND. The dictionary must outlive the result.
Result<store::RunFolder> open_run(const std::filesystem::path& root, const contracts::Dictionary& dictionary);

Result<Frame> read_sites(const store::RunFolder& run, work::Pool& pool);  // RS02, RS08

// A state's report as it stands: RS03_REPORT_MISSING.
Result<Json> read_report(const store::RunFolder& run, std::string_view dataset, std::string_view state);

// One field of a report: "sizes/rows_s8". Absent or of another kind: the value given.
double number_at(const Json& report, std::string_view pointer, double otherwise = 0);
bool flag_at(const Json& report, std::string_view pointer);

}  // namespace placewright::realism
