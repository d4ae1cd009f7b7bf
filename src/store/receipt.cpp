#include "store/receipt.hpp"

#include <chrono>
#include <optional>
#include <tuple>

#include "base/text.hpp"

namespace placewright::store {
namespace {

Error receipt_error(const fs::path& file, const std::string& what) {
  return Error("PW_RECEIPT", file.string() + ": " + what);
}

std::string text_field(const Json& fields, const char* name) {
  const auto it = fields.find(name);
  return it != fields.end() && it->is_string() ? it->get<std::string>() : std::string();
}

// The seed may be written as a number or as decimal text.
std::optional<std::uint64_t> seed_field(const Json& fields) {
  const auto it = fields.find("seed");
  if (it == fields.end()) return std::nullopt;
  if (it->is_number_unsigned()) return it->get<std::uint64_t>();
  if (it->is_string()) return parse_u64(trim(it->get<std::string>()));
  return std::nullopt;
}

double modified(const fs::path& file) {
  std::error_code error;
  const auto time = fs::last_write_time(file, error);
  if (error) return 0;
  return std::chrono::duration<double>(std::chrono::file_clock::to_sys(time).time_since_epoch()).count();
}

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  const auto value = parse_u64(text.substr(at, count));
  return value ? std::optional<int>(static_cast<int>(*value)) : std::nullopt;
}

}  // namespace

std::optional<double> parse_time(std::string_view text) {
  text = trim(text);
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  if (!year || !month || !day || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto date = std::chrono::year_month_day(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                                std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  double seconds = std::chrono::duration<double>(std::chrono::sys_days(date).time_since_epoch()).count();
  if (text.size() == 10) return seconds;
  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (!hour || !minute || !second || (text[10] != 'T' && text[10] != ' ')) return std::nullopt;
  seconds += *hour * 3600 + *minute * 60 + *second;
  auto rest = text.substr(19);
  if (!rest.empty() && rest.front() == '.') {
    const auto stop = rest.find_first_not_of("0123456789", 1);
    const auto fraction = parse_double("0" + std::string(rest.substr(0, stop)));
    if (!fraction) return std::nullopt;
    seconds += *fraction;
    rest = stop == std::string_view::npos ? std::string_view() : rest.substr(stop);
  }
  if (rest.empty() || rest == "Z") return seconds;
  const auto zone_hour = digits(rest, 1, 2), zone_minute = digits(rest, 4, 2);
  if (!zone_hour || !zone_minute || (rest[0] != '+' && rest[0] != '-')) return std::nullopt;
  return seconds - (rest[0] == '+' ? 1 : -1) * (*zone_hour * 3600 + *zone_minute * 60);
}

Result<Receipt> read_receipt(const fs::path& run_root) {
  const auto file = run_root / "run_receipt.json";
  auto fields = read_json(file);
  if (!fields) return std::move(fields).error().as("PW_RECEIPT");
  if (!fields->is_object()) return receipt_error(file, "is not a JSON object");
  Receipt receipt{{}, run_root, std::move(fields).value()};
  auto& identity = receipt.identity;
  identity.run_id = text_field(receipt.fields, "run_id");
  identity.parameter_hash = text_field(receipt.fields, "parameter_hash");
  identity.manifest_fingerprint = text_field(receipt.fields, "manifest_fingerprint");
  if (identity.run_id.empty()) return receipt_error(file, "run_id is missing");
  const auto folder = fs::absolute(run_root).lexically_normal();
  const auto name = folder.has_filename() ? folder.filename() : folder.parent_path().filename();
  if (identity.run_id != name) return receipt_error(file, "run_id " + identity.run_id + " is not the folder's name " + name.string());
  if (!is_hex(identity.parameter_hash, 64)) return receipt_error(file, "parameter_hash is not 64 lower-case hex digits");
  if (!is_hex(identity.manifest_fingerprint, 64)) return receipt_error(file, "manifest_fingerprint is not 64 lower-case hex digits");
  const auto seed = seed_field(receipt.fields);
  if (!seed) return receipt_error(file, "seed is not an integer from 0 to 2^64-1");
  identity.seed = *seed;
  return receipt;
}

Result<Receipt> latest_receipt(const fs::path& runs_root, std::vector<std::string>& skipped) {
  std::optional<Receipt> best;
  std::tuple<double, double, std::string> best_key;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(runs_root, error)) {
    const auto file = entry.path() / "run_receipt.json";
    std::error_code ignored;
    if (!fs::exists(file, ignored)) continue;
    auto receipt = read_receipt(entry.path());
    if (!receipt) {
      skipped.push_back(receipt.error().message());
      continue;
    }
    const double mtime = modified(file);
    const double created = parse_time(text_field(receipt->fields, "created_utc")).value_or(mtime);
    std::tuple key(created, mtime, receipt->identity.run_id);
    if (!best || key > best_key) {
      best = std::move(receipt).value();
      best_key = std::move(key);
    }
  }
  if (!best) return Error("PW_RECEIPT", "no readable run_receipt.json below " + runs_root.string());
  return std::move(*best);
}

}  // namespace placewright::store
