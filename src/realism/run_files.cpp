#include "realism/run_files.hpp"

#include "store/receipt.hpp"

namespace placewright::realism {

Result<store::RunFolder> open_run(const std::filesystem::path& root, const contracts::Dictionary& dictionary) {
  auto receipt = store::read_receipt(root);
  if (!receipt) return std::move(receipt).error().as("RS01_RUN_NOT_FOUND").with("path", root.string());
  std::vector<std::filesystem::path> roots;
  for (const auto& given : receipt->fields.value("external_roots", Json::array())) {
    if (given.is_string()) roots.emplace_back(given.get<std::string>());
  }
  return store::RunFolder(root, receipt->identity, std::move(roots), dictionary);
}

Result<Frame> read_sites(const store::RunFolder& run, work::Pool& pool) {
  PW_TRY(const auto folder, run.target("site_locations"));
  return read_frame(folder, pool);
}

Result<Json> read_report(const store::RunFolder& run, std::string_view dataset, std::string_view state) {
  PW_TRY(const auto file, run.target(dataset));
  auto report = store::read_json(file);
  if (report && !report->is_object()) report = Error("PW_JSON", file.string() + " is not a JSON object");
  if (!report)
    return std::move(report).error().as("RS03_REPORT_MISSING").with("state", state).with("path", file.string());
  return report;
}

namespace {
const Json* at(const Json& report, std::string_view pointer) {
  const Json::json_pointer place("/" + std::string(pointer));
  return report.contains(place) ? &report[place] : nullptr;
}
}  // namespace

double number_at(const Json& report, std::string_view pointer, double otherwise) {
  const auto* value = at(report, pointer);
  return value && value->is_number() ? value->get<double>() : otherwise;
}

bool flag_at(const Json& report, std::string_view pointer) {
  const auto* value = at(report, pointer);
  return value && value->is_boolean() && value->get<bool>();
}

}  // namespace placewright::realism
