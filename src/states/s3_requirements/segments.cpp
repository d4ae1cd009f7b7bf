#include "states/s3_requirements/segments.hpp"

#include <algorithm>
#include <optional>

namespace placewright::states::s3_requirements {
namespace {

using table::Kind;

Error mismatch(const std::string& column, std::size_t group) {
  return Error("E306_TOKEN_MISMATCH",
               "outlet catalogue, row group " + std::to_string(group) + ": " + column + " does not belong to this run")
      .with("detail", column + " mismatch in outlet_catalogue");
}

bool all_equal(const table::TextColumn& column, std::string_view text) {
  const auto is = [&](const std::string& entry) { return entry == text; };
  if (std::ranges::all_of(column.dictionary, is)) return true;
  return std::ranges::all_of(column.codes, [&](std::uint32_t code) { return is(column.dictionary[code]); });
}

}  // namespace

Result<std::vector<Segment>> read_segments(const table::Dataset& outlets, std::size_t group, const RunIdentity& identity) {
  table::Schema columns = {{"merchant_id", Kind::u64}, {"legal_country_iso", Kind::text}, {"site_order", Kind::i64}, {"manifest_fingerprint", Kind::text}};
  const bool seeded = outlets.has("global_seed");
  if (seeded) columns.push_back({"global_seed", Kind::u64});
  PW_TRY(const auto batch, outlets.read(group, columns));
  if (!all_equal(batch.text(3), identity.manifest_fingerprint)) return mismatch("manifest_fingerprint", group);
  if (seeded && !std::ranges::all_of(batch.u64(4), [&](std::uint64_t seed) { return seed == identity.seed; })) {
    return mismatch("global_seed", group);
  }
  const auto& countries = batch.text(1);
  std::vector<std::optional<Iso>> isos;
  for (const auto& text : countries.dictionary) isos.push_back(Iso::parse(text));

  const auto* merchant = batch.u64(0).data();
  const auto* code = countries.codes.data();
  const auto* order = batch.i64(2).data();
  std::vector<Segment> segments;
  for (std::size_t first = 0, end = 0; first < batch.rows; first = end) {
    bool rising = true;
    for (end = first + 1; end < batch.rows && merchant[end] == merchant[first] && code[end] == code[first]; ++end) {
      rising = rising && order[end] == order[end - 1] + 1;
    }
    const auto iso = isos[code[first]];
    if (!iso) {
      const auto text = countries.at(first);
      return Error("E302_ISO_FK", "outlet catalogue: country \"" + std::string(text) + "\" is not in the ISO table").with("legal_country_iso", text);
    }
    segments.push_back({merchant[first], *iso, order[first], static_cast<std::int64_t>(end - first), !rising});
  }
  return segments;
}

}  // namespace placewright::states::s3_requirements
