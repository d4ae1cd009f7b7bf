#include "table/batch_check.hpp"

#include <algorithm>

#include "table/gather.hpp"

namespace placewright::table {

Error misuse(const std::filesystem::path& file, const std::string& what) {
  return Error("PW_DEFECT", file.string() + " cannot be written: " + what);
}

namespace {

bool codes_inside(const Column& column) {
  const auto* text = std::get_if<TextColumn>(&column);
  return text == nullptr || text->codes.empty() || std::ranges::max(text->codes) < text->dictionary.size();
}

}  // namespace

std::vector<bool> null_marks(const Schema& schema, const WriteOptions& options) {
  std::vector<bool> null;
  for (const auto& field : schema)
    null.push_back(std::ranges::find(options.null_columns, field.name) != options.null_columns.end());
  return null;
}

Result<void> check_batch(const std::filesystem::path& file, const Schema& schema, const std::vector<bool>& null,
                         const Batch& batch) {
  if (batch.columns.size() != schema.size()) {
    return misuse(file, "a batch has " + std::to_string(batch.columns.size()) + " columns instead of " +
                            std::to_string(schema.size()));
  }
  for (std::size_t i = 0; i < schema.size(); ++i) {
    if (null[i]) continue;
    const auto& column = batch.columns[i];
    if (column.index() != empty_column(schema[i].kind).index())
      return misuse(file, "column " + schema[i].name + " is of another kind");
    if (length(column) != batch.rows) {
      return misuse(file, "column " + schema[i].name + " has " + std::to_string(length(column)) + " of " +
                              std::to_string(batch.rows) + " rows");
    }
    if (!codes_inside(column)) return misuse(file, "column " + schema[i].name + " points outside its dictionary");
  }
  return {};
}

}  // namespace placewright::table
