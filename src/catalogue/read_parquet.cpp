#include <initializer_list>

#include "base/text.hpp"
#include "catalogue/read_rows.hpp"
#include "table/table.hpp"

namespace placewright::catalogue {
namespace {

using table::Kind;

// A row group is decoded as a whole; a few kilobytes may claim billions of rows.
constexpr std::uint64_t kMaxGroupRows = 20'000'000;

// The first of `kinds` the column can be read as; the error of the first kind when it fits none.
Result<table::Column> read_column(const table::Dataset& data, std::size_t group, const std::string& name,
                                  std::initializer_list<Kind> kinds) {
  std::optional<Error> first;
  for (const auto kind : kinds) {
    auto batch = data.read(group, {{name, kind}});
    if (batch) return std::move(batch->columns.front());
    if (!first) first = std::move(batch).error();
  }
  return std::move(*first);
}

Result<table::Column> read_role(const table::Dataset& data, std::size_t group, Role role, const std::string& name) {
  switch (role) {
    case kId: return read_column(data, group, name, {Kind::u64, Kind::i64, Kind::text});
    case kCount: return read_column(data, group, name, {Kind::i64, Kind::f64, Kind::text});
    case kOrientation: return read_column(data, group, name, {Kind::f64, Kind::i64, Kind::text});
    case kOutletKey: return read_column(data, group, name, {Kind::bytes, Kind::text, Kind::i64});
    case kKey: return read_column(data, group, name, {Kind::text, Kind::i64});
    default: return read_column(data, group, name, {Kind::text});
  }
}

// Cell `i` as text; numbers in their decimal form.
std::string_view cell_text(const table::Column& column, std::size_t i, std::string& scratch) {
  if (const auto* text = std::get_if<table::TextColumn>(&column)) return text->at(i);
  if (const auto* bytes = std::get_if<std::vector<std::string>>(&column)) return (*bytes)[i];
  scratch.clear();
  if (const auto* u64 = std::get_if<std::vector<std::uint64_t>>(&column)) scratch = std::to_string((*u64)[i]);
  if (const auto* i64 = std::get_if<std::vector<std::int64_t>>(&column)) scratch = std::to_string((*i64)[i]);
  if (const auto* f64 = std::get_if<std::vector<double>>(&column)) append_double(scratch, (*f64)[i]);
  return scratch;
}

std::string_view set_number_count(Row& row, double value) {
  // A column of counts turned to floating point on its way, as happens when another row was null.
  if (!(value >= -9e15 && value <= 9e15) || static_cast<double>(static_cast<std::int64_t>(value)) != value) return "IMP_BAD_COUNT";
  return set_count(row, static_cast<std::int64_t>(value));
}

std::string_view set_cell(Row& row, Role role, const table::Column& column, std::size_t i, const IsoTable& isos, std::string& scratch) {
  if (role == kId) {
    if (const auto* u64 = std::get_if<std::vector<std::uint64_t>>(&column)) {
      row.merchant = (*u64)[i];
      return row.merchant == 0 ? "IMP_BAD_ID" : "";
    }
  }
  if (role == kCount) {
    if (const auto* i64 = std::get_if<std::vector<std::int64_t>>(&column)) return set_count(row, (*i64)[i]);
    if (const auto* f64 = std::get_if<std::vector<double>>(&column)) return set_number_count(row, (*f64)[i]);
  }
  if (role == kOrientation) {
    if (const auto* f64 = std::get_if<std::vector<double>>(&column)) return set_orientation(row, (*f64)[i]);
  }
  const auto cell = cell_text(column, i, scratch);
  switch (role) {
    case kId: return set_id(row, cell);
    case kKey: return is_utf8(cell) ? set_key(row, cell) : "IMP_BAD_ID";
    case kCountry: return set_country(row, cell, isos);
    case kCount: return set_count(row, cell);
    case kHome: return set_home(row, cell, isos);
    case kOutletKey: return cell.empty() || !is_utf8(cell) ? "IMP_BAD_OUTLET_KEY" : "";
    case kOrientation: return set_orientation(row, cell);
    case kRoles: break;
  }
  return {};
}

class GroupParser {
 public:
  GroupParser(const table::Dataset& data, const Columns& columns, const ImportOptions& options)
      : data_(data), columns_(columns), isos_(options.isos), unplaceable_(country_set(options.without_tiles)) {}

  Result<RowBlock> parse(std::size_t group) const {
    if (data_.group_rows(group) > kMaxGroupRows) {
      return Error("IMP_TOO_LARGE", "row group " + std::to_string(group) + " holds " + std::to_string(data_.group_rows(group)) +
                                        " rows; write row groups of at most 20,000,000");
    }
    std::vector<std::optional<table::Column>> cells(kRoles);
    for (std::size_t role = 0; role < kRoles; ++role) {
      if (!columns_.at[role]) continue;
      PW_TRY(cells[role], read_role(data_, group, static_cast<Role>(role), columns_.names[*columns_.at[role]]));
    }
    RowBlock block;
    block.records = block.lines = data_.group_rows(group);
    block.rows.reserve(block.records);
    for (std::size_t i = 0; i < block.records; ++i) take(cells, i, block);
    return block;
  }

 private:
  void take(const std::vector<std::optional<table::Column>>& cells, std::size_t i, RowBlock& block) const {
    Row row;
    row.line = i;
    row.outlets = 1;
    std::string scratch;
    for (std::size_t role = 0; role < kRoles; ++role) {
      if (!cells[role]) continue;
      auto fault = set_cell(row, static_cast<Role>(role), *cells[role], i, isos_, scratch);
      if (role == kCountry && fault.empty() && unplaceable_[row.country.packed()]) fault = "IMP_COUNTRY_NOT_PLACEABLE";
      if (fault.empty()) continue;
      block.rejects.push_back({row.line, columns_.names[*columns_.at[role]], shown(cell_text(*cells[role], i, scratch)), std::string(fault)});
      return;
    }
    if (cells[kOutletKey]) block.add_key(row, cell_text(*cells[kOutletKey], i, scratch));
    block.rows.push_back(row);
  }

  const table::Dataset& data_;
  const Columns& columns_;
  const IsoTable& isos_;
  std::bitset<65536> unplaceable_;
};

}  // namespace

Result<ReadRows> read_parquet(const ImportOptions& options, RejectLog& rejects, work::Pool& pool) {
  PW_TRY(const auto data, table::Dataset::open(options.file));
  PW_TRY(auto columns, find_columns(data.column_names()));
  ReadRows read{columns, RowStore(options.memory, columns.may_fold()), 0};
  const GroupParser parser(data, read.columns, options);
  std::uint64_t rows = 0;
  const auto produce = [&](std::size_t group) { return parser.parse(group); };
  const auto consume = [&](std::size_t, RowBlock&& block) -> Result<void> {
    const auto lines = block.lines;
    PW_CHECK(take_block(std::move(block), rows, read, rejects, pool));
    rows += lines;
    return {};
  };
  PW_CHECK(work::ordered<RowBlock>(pool, data.groups(), produce, consume, pool.threads() + std::size_t{1}));
  return read;
}

}  // namespace placewright::catalogue
