#include <arrow/util/key_value_metadata.h>
#include <parquet/exception.h>
#include <parquet/file_writer.h>

#include <algorithm>

#include "table/batch_check.hpp"
#include "table/border.hpp"
#include "table/gather.hpp"
#include "table/output_file.hpp"
#include "table/table.hpp"
#include "table/write_column.hpp"

namespace placewright::table {
namespace fs = std::filesystem;

struct FileWriter::Impl {
  fs::path file;
  Schema schema;
  WriteOptions options;
  std::vector<bool> null;
  Gather pending;
  std::shared_ptr<OutputFile> out;
  std::unique_ptr<parquet::ParquetFileWriter> parquet;
  std::uint64_t rows = 0;
  std::optional<Error> failure;  // nothing can be written after one
  bool closed = false;

  Impl(fs::path path, Schema columns, WriteOptions wishes)
      : file(std::move(path)),
        schema(std::move(columns)),
        options(std::move(wishes)),
        null(null_marks(schema, options)),
        pending(null) {
    options.rows_per_group = std::max<std::size_t>(options.rows_per_group, 1);
  }
  // A file without its end is of no use to anybody.
  ~Impl() {
    if (closed || !out) return;
    parquet.reset();
    std::error_code ignored;
    fs::remove(file, ignored);
  }

  Result<void> open();
  Result<void> write_group(const Batch& batch, std::size_t first, std::size_t count);
  Result<void> write(const Batch& batch, bool last);
  Result<WrittenFile> close();

  // The system's reason, when there is one, says more than Parquet's exception.
  template <class Work>
  auto at_border(const Work& work) -> decltype(work()) {
    return guarded(work, [&](const std::string& what) {
      if (out->reason() != 0) return out->error();
      return Error("PW_TABLE", "cannot write " + file.string() + ": " + what).with("file", file.string());
    });
  }
};

Result<void> FileWriter::Impl::open() {
  PW_TRY(out, OutputFile::create(file));
  return at_border([&]() -> Result<void> {
    parquet::schema::NodeVector nodes;
    for (const auto& field : schema) nodes.push_back(node_of(field));
    const auto root = std::static_pointer_cast<parquet::schema::GroupNode>(
        parquet::schema::GroupNode::Make("schema", parquet::Repetition::REQUIRED, nodes));
    std::shared_ptr<arrow::KeyValueMetadata> keys;
    if (!options.metadata.empty()) keys = std::make_shared<arrow::KeyValueMetadata>();
    for (const auto& [key, value] : options.metadata) keys->Append(key, value);
    parquet = parquet::ParquetFileWriter::Open(out, root, properties_of(schema, options), keys);
    return {};
  });
}

Result<void> FileWriter::Impl::write_group(const Batch& batch, std::size_t first, std::size_t count) {
  rows += count;
  return at_border([&]() -> Result<void> {
    auto* group = parquet->AppendRowGroup();
    for (std::size_t i = 0; i < schema.size(); ++i) {
      auto* column = group->NextColumn();
      if (null[i])
        write_nulls(*column, count);
      else
        write_column(*column, schema[i], batch.columns[i], first, count);
      column->Close();
    }
    group->Close();
    return {};
  });
}

// Row groups are encoded whole, so that their bytes do not depend on how the rows came.
Result<void> FileWriter::Impl::write(const Batch& batch, bool last) {
  PW_CHECK(check_batch(file, schema, null, batch));
  for (std::size_t first = 0; first < batch.rows;) {
    const auto count = std::min(batch.rows - first, options.rows_per_group - pending.rows());
    if (count == options.rows_per_group || (last && pending.rows() == 0)) {
      PW_CHECK(write_group(batch, first, count));
    } else {
      pending.add(batch, first, count);
      if (pending.rows() == options.rows_per_group) PW_CHECK(write_group(pending.take(), 0, options.rows_per_group));
    }
    first += count;
  }
  return {};
}

Result<WrittenFile> FileWriter::Impl::close() {
  if (const auto left = pending.rows(); left > 0) PW_CHECK(write_group(pending.take(), 0, left));
  return at_border([&]() -> Result<WrittenFile> {
    parquet->Close();
    PARQUET_THROW_NOT_OK(out->Close());
    closed = true;
    return WrittenFile{file.filename().string(), rows, out->bytes(), out->sha256_hex()};
  });
}

FileWriter::FileWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FileWriter::~FileWriter() = default;
FileWriter::FileWriter(FileWriter&&) noexcept = default;
FileWriter& FileWriter::operator=(FileWriter&&) noexcept = default;

Result<FileWriter> FileWriter::create(const fs::path& file, Schema schema, WriteOptions options) {
  auto impl = std::make_unique<Impl>(file, std::move(schema), std::move(options));
  PW_CHECK(impl->open());
  return FileWriter(std::move(impl));
}

Result<void> FileWriter::write(const Batch& batch) {
  if (impl_->failure) return *impl_->failure;
  auto written = impl_->write(batch, false);
  if (!written) impl_->failure = written.error();
  return written;
}

Result<WrittenFile> FileWriter::close(const Batch& last) {
  if (impl_->failure) return *impl_->failure;
  if (impl_->closed) return misuse(impl_->file, "it is closed already");
  if (auto written = impl_->write(last, true); !written) impl_->failure = written.error();
  return close();
}

Result<WrittenFile> FileWriter::close() {
  if (impl_->failure) return *impl_->failure;
  if (impl_->closed) return misuse(impl_->file, "it is closed already");
  return impl_->close();
}

}  // namespace placewright::table
