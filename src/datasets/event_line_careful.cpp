#include <cmath>

#include "base/json.hpp"
#include "base/text.hpp"
#include "datasets/event_fields.hpp"
#include "datasets/event_line.hpp"

namespace placewright::datasets {

using namespace field;
namespace {

constexpr double kTwoTo64 = 18446744073709551616.0;

// JSON Schema's integers: 6.0 counts as 6; true does not.
std::optional<std::uint64_t> as_u64(const Json& value) {
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  if (value.is_number_integer()) return std::nullopt;  // negative
  if (!value.is_number_float()) return std::nullopt;
  const auto number = value.get<double>();
  if (!(number >= 0 && number < kTwoTo64) || number != std::floor(number)) return std::nullopt;
  return static_cast<std::uint64_t>(number);
}

bool is_integer(const Json& value) {
  if (value.is_number_integer()) return true;
  return value.is_number_float() && value.get<double>() == std::floor(value.get<double>());
}

// 0 or digits without a leading zero, at most 39, below 2^128. The value saturates at 2^64-1.
std::optional<std::uint64_t> as_dec_u128(const std::string& text) {
  constexpr std::string_view kLargest = "340282366920938463463374607431768211455";
  if (text.empty() || text.size() > kLargest.size() || (text[0] == '0' && text.size() > 1)) return std::nullopt;
  if (text.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  if (text.size() == kLargest.size() && text > kLargest) return std::nullopt;
  return parse_u64(text).value_or(~std::uint64_t{0});
}

// Collects the faults of one object, field by field.
class Check {
 public:
  Check(const Json& line, RecordProblem& problem) : line_(line), problem_(problem) {}

  // nullptr, with the fault noted, when the field is missing.
  const Json* field(LogField name) {
    const auto it = line_.find(key(name));
    if (it != line_.end()) return &*it;
    fault(name, "is missing");
    return nullptr;
  }
  void fault(LogField name, const std::string& what) { problem_.faults.push_back(key(name) + " " + what); }

  std::string text(LogField name) {
    const auto* value = field(name);
    if (value == nullptr) return {};
    if (value->is_string()) return value->get<std::string>();
    fault(name, "is no text");
    return {};
  }
  // Text that must match; a text that does not is returned all the same.
  template <class Matches>
  std::string text(LogField name, const Matches& matches, const char* shape) {
    const auto count = problem_.faults.size();
    auto value = text(name);
    if (problem_.faults.size() == count && !matches(value)) fault(name, std::string("is not ") + shape);
    return value;
  }
  std::optional<std::uint64_t> u64(LogField name, std::uint64_t low = 0) {
    const auto* value = field(name);
    if (value == nullptr) return std::nullopt;
    const auto number = as_u64(*value);
    if (!number) {
      fault(name, "is no integer from " + std::to_string(low) + " to 2^64-1");
    } else if (*number < low) {
      fault(name, "is below " + std::to_string(low));
    }
    return number;
  }
  double real(LogField name) {
    const auto* value = field(name);
    if (value == nullptr) return 0;
    if (value->is_number()) return value->get<double>();
    fault(name, "is no number");
    return 0;
  }
  static std::string key(LogField name) { return std::string(kLogFields[static_cast<std::size_t>(name)]); }

 private:
  const Json& line_;
  RecordProblem& problem_;
};

auto hex_of(std::size_t digits) {
  return [digits](const std::string& text) { return is_hex(text, digits); };
}

void check_common(Check& check, LineKind kind, const RunIdentity& identity, RecordProblem& problem, LineValues& v) {
  check.text(ts_utc, is_micros, "a UTC time with six fractional digits");
  problem.run_id = check.text(run_id, hex_of(32), "32 hex digits");
  problem.other_run = !problem.run_id.empty() && problem.run_id != identity.run_id;
  const auto found_seed = check.u64(seed);
  problem.other_identity = found_seed && *found_seed != identity.seed;
  if (kind != LineKind::trace) {
    const auto parameters = check.text(parameter_hash, hex_of(64), "64 hex digits");
    const auto fingerprint = check.text(manifest_fingerprint, hex_of(64), "64 hex digits");
    problem.other_identity |= parameters != identity.parameter_hash || fingerprint != identity.manifest_fingerprint;
  }
  problem.module = check.text(module_name);
  problem.label = check.text(substream_label);
  const auto bh = check.u64(before_hi), bl = check.u64(before_lo), ah = check.u64(after_hi), al = check.u64(after_lo);
  problem.no_counters = !(bh && bl && ah && al);
  v.before = {bh.value_or(0), bl.value_or(0)};
  v.after = {ah.value_or(0), al.value_or(0)};
}

void check_key(Check& check, RecordProblem& problem, LineValues& v) {
  const auto merchant = check.u64(merchant_id, 1);
  const auto country = check.text(legal_country_iso);
  const auto iso = Iso::parse(country);
  if (!iso && !country.empty()) check.fault(legal_country_iso, "is not two letters A-Z");
  v.site.merchant = merchant.value_or(0);
  v.site.country = iso.value_or(Iso());
  bool order_fits = false;
  if (const auto* order = check.field(site_order); order != nullptr) {
    const auto number = as_u64(*order);
    order_fits = number && *number >> 63 == 0;
    if (order_fits) v.site.site_order = static_cast<std::int64_t>(*number);
    if (!order_fits || *number < 1)
      check.fault(site_order, is_integer(*order) ? "is below 1 or above 2^63-1" : "is no integer");
  }
  problem.no_key = !merchant || !iso || !order_fits;
}

void check_budget(Check& check, EventFamily family, RecordProblem& problem, LineValues& v) {
  const auto& names = names_of(family);
  if (!problem.module.empty() && problem.module != names.module)
    check.fault(module_name, "is not " + std::string(names.module));
  if (!problem.label.empty() && problem.label != names.label)
    check.fault(substream_label, "is not " + std::string(names.label));
  v.blocks = check.u64(blocks).value_or(0);
  if (v.blocks != 1) check.fault(blocks, "is not 1");
  problem.draws = check.text(draws);
  const auto wanted = std::to_string(names.draws);
  const auto number = as_dec_u128(problem.draws);
  v.draws = number.value_or(0);
  if (problem.draws != wanted) check.fault(draws, "is not \"" + wanted + "\"");
}

void check_payload(Check& check, LineKind kind, LineValues& v) {
  if (kind == LineKind::assignment) {
    v.tile = check.u64(tile_id).value_or(0);
    v.u = check.real(uniform);
    if (!(v.u > 0 && v.u < 1)) check.fault(uniform, "is not inside (0, 1)");
  } else if (kind == LineKind::jitter) {
    v.delta_lat = check.real(delta_lat);
    v.delta_lon = check.real(delta_lon);
    v.sigma_lat = check.real(sigma_lat);
    v.sigma_lon = check.real(sigma_lon);
  } else {
    v.draws_total = check.u64(draws_total).value_or(0);
    v.blocks_total = check.u64(blocks_total).value_or(0);
    v.events_total = check.u64(events_total).value_or(0);
  }
}

void check_unknown(const Json& line, LineKind kind, RecordProblem& problem) {
  const auto allowed = required_fields(kind);
  for (const auto& [name, value] : line.items()) {
    if (kind == LineKind::trace && name == "detail" && (value.is_string() || value.is_null())) continue;
    bool known = false;
    for (std::size_t i = 0; i < kLogFields.size(); ++i) known |= (allowed >> i & 1) != 0 && kLogFields[i] == name;
    if (!known) problem.faults.push_back(name + " is not allowed here");
  }
}

void set_family(const RecordProblem& problem, LineValues& v) {
  for (const auto family : {EventFamily::assignment, EventFamily::jitter}) {
    const auto& names = names_of(family);
    if (problem.module != names.module || problem.label != names.label) continue;
    v.family = family;
    return;
  }
  v.foreign = true;
}

}  // namespace

std::unique_ptr<RecordProblem> LineReader::careful(std::string_view line, LineValues& values) const {
  auto problem = std::make_unique<RecordProblem>();
  const auto parsed = parse_json(line, "line");
  if (!parsed || !parsed->is_object()) {
    problem->malformed = problem->no_key = problem->no_counters = true;
    problem->faults.push_back(parsed ? "the line is no JSON object" : parsed.error().message());
    values.foreign = true;
    return problem;
  }
  Check check(*parsed, *problem);
  check_common(check, kind_, identity_, *problem, values);
  if (kind_ == LineKind::trace) {
    set_family(*problem, values);
  } else {
    values.family = kind_ == LineKind::assignment ? EventFamily::assignment : EventFamily::jitter;
    check_key(check, *problem, values);
    check_budget(check, values.family, *problem, values);
  }
  check_payload(check, kind_, values);
  check_unknown(*parsed, kind_, *problem);
  const bool good = problem->faults.empty() && !problem->other_run && !problem->other_identity;
  return good ? nullptr : std::move(problem);
}

AuditRecord read_audit_line(std::string_view line, const RunIdentity& identity) {
  AuditRecord record;
  auto problem = std::make_unique<RecordProblem>();
  const auto parsed = parse_json(line, "line");
  if (!parsed || !parsed->is_object()) {
    problem->malformed = true;
    problem->faults.push_back(parsed ? "the line is no JSON object" : parsed.error().message());
    record.problem = std::move(problem);
    return record;
  }
  Check check(*parsed, *problem);
  check.text(ts_utc, is_micros, "a UTC time with six fractional digits");
  problem->run_id = check.text(run_id, hex_of(32), "32 hex digits");
  const auto found_seed = check.u64(seed);
  const auto parameters = check.text(parameter_hash, hex_of(64), "64 hex digits");
  const auto fingerprint = check.text(manifest_fingerprint, hex_of(64), "64 hex digits");
  if (parsed->value("algorithm", Json()) != "philox2x64-10")
    problem->faults.push_back("algorithm is not philox2x64-10");
  if (!parsed->contains("build_commit") || !(*parsed)["build_commit"].is_string())
    problem->faults.push_back("build_commit is no text");
  for (const auto& [name, value] : parsed->items()) {
    const bool optional = name == "hostname" || name == "platform" || name == "notes" || name == "code_digest";
    const bool known = name == "ts_utc" || name == "run_id" || name == "seed" || name == "parameter_hash" ||
                       name == "manifest_fingerprint" || name == "algorithm" || name == "build_commit";
    if (!known && !(optional && (value.is_string() || value.is_null())))
      problem->faults.push_back(name + " is not allowed here");
    if (name == "code_digest" && value.is_string() && !is_hex(value.get<std::string>(), 64))
      problem->faults.push_back("code_digest is not 64 hex digits");
  }
  problem->other_run = problem->run_id != identity.run_id;
  problem->other_identity = found_seed != identity.seed || parameters != identity.parameter_hash ||
                            fingerprint != identity.manifest_fingerprint;
  record.this_run = !problem->other_run && !problem->other_identity;
  if (!record.this_run || !problem->faults.empty()) record.problem = std::move(problem);
  return record;
}

}  // namespace placewright::datasets
