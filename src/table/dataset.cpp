#include <arrow/util/key_value_metadata.h>
#include <parquet/file_reader.h>
#include <parquet/schema.h>

#include <algorithm>

#include "table/border.hpp"
#include "table/gather.hpp"
#include "table/open_files.hpp"
#include "table/read_column.hpp"
#include "table/table.hpp"

namespace placewright::table {
namespace fs = std::filesystem;

struct Dataset::Impl {
  struct Group {
    std::size_t file;
    int number;  // inside the file
    std::uint64_t rows;
    std::uint64_t first_row;  // inside the file
  };

  explicit Impl(std::vector<fs::path> paths) : files(std::move(paths)) {}

  OpenFiles files;
  std::vector<Group> groups;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;

  Result<void> add_file(std::size_t file);
  const parquet::FileMetaData& first() const { return *files.footer(0); }
};

namespace {

// Equal values take next to no room in a file: a few kilobytes may claim billions of rows.
constexpr std::uint64_t kMostGroupRows = std::uint64_t{1} << 26;

Result<std::vector<fs::path>> parquet_files(const fs::path& path) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) return std::vector{path};
  if (!fs::is_directory(path, error))
    return Error("PW_INPUT", "there is no file or folder " + path.string()).with("path", path.string());
  std::vector<std::string> names;
  for (fs::recursive_directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == ".parquet" && entry->is_regular_file()) {
      names.push_back(entry->path().lexically_relative(path).generic_string());
    }
  }
  if (error) return Error("PW_IO", "cannot list " + path.string() + ": " + error.message());
  if (names.empty())
    return Error("PW_INPUT", "there is no Parquet file in " + path.string()).with("path", path.string());
  std::ranges::sort(names);
  std::vector<fs::path> files;
  for (const auto& name : names) files.push_back(path / name);
  return files;
}

Result<void> check_footer(const parquet::FileMetaData& footer, const Place& place) {
  std::uint64_t sum = 0;
  for (int i = 0; i < footer.num_row_groups(); ++i) {
    const auto group = footer.RowGroup(i);
    if (group->num_rows() < 0) return table_error(place, "a row group has a negative number of rows");
    if (group->num_columns() != footer.num_columns()) return table_error(place, "a row group lacks columns");
    sum += static_cast<std::uint64_t>(group->num_rows());
  }
  if (footer.num_rows() < 0 || sum != static_cast<std::uint64_t>(footer.num_rows())) {
    return table_error(place, "the row groups do not add up to the number of rows");
  }
  return {};
}

}  // namespace

Result<void> Dataset::Impl::add_file(std::size_t file) {
  const Place place{files.files()[file].string(), "", 0};
  return guarded(
      [&]() -> Result<void> {
        bytes += fs::file_size(files.files()[file]);
        const auto reader = files.reader(file);
        const auto& footer = *files.footer(file);
        PW_CHECK(check_footer(footer, place));
        std::uint64_t first_row = 0;
        for (int i = 0; i < footer.num_row_groups(); ++i) {
          const auto count = static_cast<std::uint64_t>(footer.RowGroup(i)->num_rows());
          groups.push_back({file, i, count, first_row});
          first_row += count;
        }
        rows += first_row;
        return {};
      },
      [&](const std::string& what) { return table_error(place, "this is not a readable Parquet file: " + what); });
}

Result<Dataset> Dataset::open(const fs::path& path) {
  PW_TRY(auto files, parquet_files(path));
  auto impl = std::make_unique<Impl>(std::move(files));
  for (std::size_t i = 0; i < impl->files.files().size(); ++i) PW_CHECK(impl->add_file(i));
  return Dataset(std::move(impl));
}

Dataset::Dataset(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Dataset::~Dataset() = default;
Dataset::Dataset(Dataset&&) noexcept = default;
Dataset& Dataset::operator=(Dataset&&) noexcept = default;

std::uint64_t Dataset::rows() const { return impl_->rows; }
std::size_t Dataset::groups() const { return impl_->groups.size(); }
std::uint64_t Dataset::group_rows(std::size_t group) const { return impl_->groups[group].rows; }
const std::vector<fs::path>& Dataset::files() const { return impl_->files.files(); }
std::uint64_t Dataset::file_bytes() const { return impl_->bytes; }

std::vector<std::string> Dataset::column_names() const {
  const auto* root = impl_->first().schema()->group_node();
  std::vector<std::string> names;
  for (int i = 0; i < root->field_count(); ++i) names.push_back(root->field(i)->name());
  return names;
}

bool Dataset::has(std::string_view column) const {
  const auto names = column_names();
  return std::ranges::find(names, column) != names.end();
}

std::string Dataset::metadata(std::string_view key) const {
  const auto& keys = impl_->first().key_value_metadata();
  if (keys == nullptr) return {};
  const auto at = keys->FindKey(std::string(key));
  return at < 0 ? std::string() : keys->value(at);
}

Result<Batch> Dataset::read(std::size_t group, const Schema& columns) const {
  const auto& wanted = impl_->groups[group];
  Place place{files()[wanted.file].string(), "", wanted.first_row};
  if (wanted.rows > kMostGroupRows) {
    return table_error(place, "a row group claims " + std::to_string(wanted.rows) +
                                  " rows; a group is read at once, so write at most 67,108,864 rows to one");
  }
  return guarded(
      [&]() -> Result<Batch> {
        const auto reader = impl_->files.reader(wanted.file);
        const auto row_group = reader->RowGroup(wanted.number);
        Batch batch{wanted.rows, {}};
        for (const auto& field : columns) {
          place.column = field.name;
          PW_TRY(const auto leaf, find_leaf(*reader->metadata()->schema(), place, field.kind));
          PW_TRY(auto column, read_column(*row_group, leaf, field, place));
          batch.columns.push_back(std::move(column));
        }
        return batch;
      },
      [&](const std::string& what) {
        return table_error(
            place, 0,
            "a page that starts here or in the " + std::to_string(wanted.rows) + " rows from here is damaged: " + what);
      });
}

Result<Batch> Dataset::read_all(const Schema& columns) const {
  Gather gather;
  for (std::size_t group = 0; group < groups(); ++group) {
    PW_TRY(auto batch, read(group, columns));
    if (groups() == 1) return batch;
    gather.add(batch, 0, batch.rows);
  }
  auto all = gather.take();
  if (!all.columns.empty()) return all;
  for (const auto& field : columns) all.columns.push_back(empty_column(field.kind));
  return all;
}

}  // namespace placewright::table
