#include "states/s9_validation/parity.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/text.hpp"

namespace placewright::states::s9_validation {
namespace {

bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

using datasets::within;

// Countries as codes; 0 for a text that is none.
std::vector<std::uint16_t> packed(const table::TextColumn& column) {
  std::vector<std::uint16_t> entries(column.dictionary.size());
  std::ranges::transform(column.dictionary, entries.begin(),
                         [](const auto& text) { return Iso::parse(text).value_or(Iso()).packed(); });
  std::vector<std::uint16_t> rows(column.codes.size());
  std::ranges::transform(column.codes, rows.begin(), [&](auto code) { return entries[code]; });
  return rows;
}

// Every row keeps the constraints of the egress schema and the keys rise strictly.
bool lawful(const SiteRows& rows, const std::vector<std::uint16_t>& country) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (country[i] == 0 || rows.merchant[i] < 1 || rows.order[i] < 1 || !within(rows.lon[i], 180) ||
        !within(rows.lat[i], 90))
      return false;
    if (i == 0 || rows.merchant[i - 1] < rows.merchant[i]) continue;
    if (rows.merchant[i - 1] > rows.merchant[i] || country[i - 1] > country[i]) return false;
    if (country[i - 1] == country[i] && rows.order[i - 1] >= rows.order[i]) return false;
  }
  return true;
}

struct Block {
  bool equal = false;
  std::size_t rows = 0;
  StoredKey first, last;
  std::map<std::string, std::uint64_t> by_country;
};

Result<Block> prove(const SiteTable& s7, const SiteTable& s8, std::size_t group) {
  const auto first = s7.group_start(group);
  PW_TRY(const auto a, s7.read(first, s7.group_start(group + 1) - first));
  PW_TRY(const auto b, s8.read(first, a.size()));
  Block block;
  block.rows = a.size();
  if (a.merchant != b.merchant || a.order != b.order || !same_bits(a.lon, b.lon) || !same_bits(a.lat, b.lat))
    return block;
  const auto country = packed(a.country);
  if (country != packed(b.country) || !lawful(a, country)) return block;
  block.equal = true;
  if (a.size() == 0) return block;
  block.first = a.key(0);
  block.last = a.key(a.size() - 1);
  for (std::size_t begin = 0, end = 0; begin < a.size(); begin = end) {
    for (end = begin + 1; end < a.size() && country[end] == country[begin]; ++end) {
    }
    block.by_country[std::string(a.country.at(begin))] += end - begin;
  }
  return block;
}

std::optional<datasets::SiteFault> broken(const SiteRows& rows, std::size_t i) {
  return datasets::site_fault(rows.merchant[i], rows.country.at(i), rows.order[i], rows.lon[i], rows.lat[i]);
}

// From some row on, one row at a time.
class Merge {
 public:
  Merge(const SiteTable& s7, const SiteTable& s8, std::uint64_t first, std::optional<StoredKey> previous,
        Parity& parity, Failures& failures)
      : s7_(s7, first),
        s8_(s8, first),
        previous_s7_(previous),
        previous_s8_(std::move(previous)),
        parity_(parity),
        failures_(failures) {}

  Result<void> run() {
    PW_TRY(bool more_s7, next_s7());
    PW_TRY(bool more_s8, next_s8());
    while (more_s7 || more_s8) {
      const bool missing = more_s7 && (!more_s8 || key_s7_ < key_s8_);
      const bool extra = more_s8 && (!more_s7 || key_s8_ < key_s7_);
      if (missing) fault("E901_ROW_MISSING", "s8_missing_key", key_s7_, "is in S7 but not in site_locations");
      if (extra) fault("E902_ROW_EXTRA", "s8_extra_key", key_s8_, "is in site_locations but not in S7");
      if (!missing && !extra) compare_coordinates();
      if (missing || extra) parity_.ok = false;
      if (!extra) {
        PW_TRY(more_s7, next_s7());
      }
      if (!missing) {
        PW_TRY(more_s8, next_s8());
      }
    }
    return {};
  }

 private:
  void fault(const char* code, const std::string& detail, const StoredKey& key, const std::string& what,
             const char* field = nullptr) {
    const auto site = std::to_string(key.merchant) + "/" + key.country + "/" + std::to_string(key.site_order);
    auto error = Error(code, "site " + site + " " + what).with("detail", detail);
    if (field) std::move(error).with("field", field);
    if (const auto iso = Iso::parse(key.country)) std::move(error).with("key", SiteKey{key.merchant, *iso, key.site_order});
    failures_.record(error);
  }

  Result<bool> next_s7() {
    PW_TRY(const bool more, s7_.advance());
    if (!more) return false;
    key_s7_ = s7_.rows().key(s7_.at());
    ++parity_.rows_s7;
    ++parity_.by_country[key_s7_.country].s7;
    if (previous_s7_ && key_s7_ <= *previous_s7_) {
      parity_.s7_rising = false;
      fault("E906_WRITER_SORT_VIOLATION", "s7_writer_sort_violation", key_s7_, "does not rise in S7");
    }
    previous_s7_ = key_s7_;
    return true;
  }

  Result<bool> next_s8() {
    PW_TRY(const bool more, s8_.advance());
    if (!more) return false;
    key_s8_ = s8_.rows().key(s8_.at());
    ++parity_.rows_s8;
    ++parity_.by_country[key_s8_.country].s8;
    if (const auto fault_of = broken(s8_.rows(), s8_.at())) {
      fault("E904_EGRESS_SCHEMA_VIOLATION", fault_of->sentence, key_s8_, "of site_locations: " + fault_of->sentence,
            fault_of->field);
    }
    if (previous_s8_ && key_s8_ == *previous_s8_) {
      fault("E903_DUP_KEY", "s8_duplicate_key", key_s8_, "appears twice in site_locations");
    } else if (previous_s8_ && key_s8_ < *previous_s8_) {
      ++parity_.writer_sort_violations;
      fault("E906_WRITER_SORT_VIOLATION", "s8_writer_sort_violation", key_s8_,
            "stands after a greater key in site_locations");
    }
    previous_s8_ = key_s8_;
    return true;
  }

  void compare_coordinates() {
    const auto& a = s7_.rows();
    const auto& b = s8_.rows();
    const auto i = s7_.at(), j = s8_.at();
    if (same_bits(a.lon[i], b.lon[j]) && same_bits(a.lat[i], b.lat[j])) return;
    fault("E914_COORDINATES_DIFFER", "coordinates_differ_from_s7", key_s8_,
          "lies at " + double_text(b.lon[j]) + "," + double_text(b.lat[j]) + " in site_locations, at " +
              double_text(a.lon[i]) + "," + double_text(a.lat[i]) + " in S7");
  }

  SiteCursor s7_, s8_;
  StoredKey key_s7_, key_s8_;
  std::optional<StoredKey> previous_s7_, previous_s8_;
  Parity& parity_;
  Failures& failures_;
};

}  // namespace

Result<Parity> compare(Context& context, const SiteTable& s7, const SiteTable& s8, Failures& failures) {
  report::Progress progress(context.log, "S9 parity S7 rows", 0);
  Parity parity;
  std::optional<StoredKey> previous;
  bool equal_so_far = true;
  const auto produce = [&](std::size_t group) { return prove(s7, s8, group); };
  const auto consume = [&](std::size_t, Block&& block) -> Result<void> {
    equal_so_far = equal_so_far && block.equal && (block.rows == 0 || !previous || *previous < block.first);
    if (!equal_so_far || block.rows == 0) return {};
    previous = block.last;
    parity.rows_s7 += block.rows;
    for (const auto& [iso, rows] : block.by_country) {
      parity.by_country[iso].s7 += rows;
      parity.by_country[iso].s8 += rows;
    }
    progress.advance(block.rows);
    return {};
  };
  PW_CHECK(work::ordered<Block>(context.pool, s7.groups(), produce, consume));
  parity.rows_s8 = parity.rows_s7;
  if (equal_so_far && s7.rows() == s8.rows()) return parity;
  PW_CHECK(Merge(s7, s8, parity.rows_s7, previous, parity, failures).run());
  return parity;
}

Result<void> check_columns(const SiteTable& sites, const table::Schema& schema, const std::string& dataset,
                           Failures& failures) {
  std::vector<std::string> expected;
  for (const auto& field : schema) expected.push_back(field.name);
  for (const auto& file : sites.dataset().files()) {
    PW_TRY(const auto part, table::Dataset::open(file));
    if (part.column_names() == expected) continue;
    failures.record(
        Error("E904_EGRESS_SCHEMA_VIOLATION", file.string() + " has other columns than " + dataset + " may have")
            .with("detail", "column_set")
            .with("dataset", dataset)
            .with("observed", part.column_names())
            .with("expected", expected));
  }
  return {};
}

}  // namespace placewright::states::s9_validation
