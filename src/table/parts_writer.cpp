#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <exception>
#include <mutex>
#include <optional>

#include "table/batch_check.hpp"
#include "table/border.hpp"
#include "table/gather.hpp"
#include "table/table.hpp"

namespace placewright::table {
namespace {

std::string part_name(std::size_t number) {
  auto digits = std::to_string(number);
  if (digits.size() < 5) digits.insert(0, 5 - digits.size(), '0');
  return "part-" + digits + ".parquet";
}

Result<WrittenFile> write_part(const std::filesystem::path& file, const Schema& schema, const WriteOptions& options,
                               const Batch& rows) {
  return guarded(
      [&]() -> Result<WrittenFile> {
        PW_TRY(auto writer, FileWriter::create(file, schema, options));
        return writer.close(rows);
      },
      [&](const std::string& what) { return Error("PW_DEFECT", "writing " + file.string() + ": " + what); });
}

// What the jobs share; outlives each of them.
struct Parts {
  std::filesystem::path folder;
  Schema schema;
  WriteOptions options;

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::optional<Result<WrittenFile>>> done;  // by part
  std::size_t running = 0;
  bool failed = false;

  void finish(std::size_t part, Result<WrittenFile> result) {
    std::lock_guard lock(mutex);
    failed |= !result;
    done[part] = std::move(result);
    --running;
    changed.notify_all();
  }
  void wait_until_at_most(std::size_t jobs) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return running <= jobs; });
  }
  // Of the lowest part that failed. REQUIRES: nothing is running, and failed.
  Error first_error() const {
    const auto bad = std::ranges::find_if(done, [](const auto& result) { return result && !*result; });
    return (*bad)->error();
  }
};

}  // namespace

struct PartsWriter::Impl {
  std::shared_ptr<Parts> parts = std::make_shared<Parts>();
  std::size_t rows_per_part;
  work::Pool& pool;
  std::vector<bool> null;
  Gather pending;

  Impl(std::size_t rows, work::Pool& workers) : rows_per_part(std::max<std::size_t>(rows, 1)), pool(workers) {}
  ~Impl() { parts->wait_until_at_most(0); }

  Result<void> submit(Batch rows);
  Result<void> report();
};

// A failure is told once all parts before it are known, so that it is the same for any number of threads.
Result<void> PartsWriter::Impl::report() {
  {
    std::lock_guard lock(parts->mutex);
    if (!parts->failed) return {};
  }
  parts->wait_until_at_most(0);
  return parts->first_error();
}

Result<void> PartsWriter::Impl::submit(Batch rows) {
  parts->wait_until_at_most(2 * std::size_t{pool.threads()} - 1);
  PW_CHECK(report());
  std::size_t part = 0;
  {
    std::lock_guard lock(parts->mutex);
    part = parts->done.size();
    parts->done.emplace_back();
    ++parts->running;
  }
  pool.submit([parts = parts, part, rows = std::make_shared<const Batch>(std::move(rows))] {
    parts->finish(part, write_part(parts->folder / part_name(part), parts->schema, parts->options, *rows));
  });
  return {};
}

PartsWriter::PartsWriter(std::filesystem::path folder, Schema schema, std::size_t rows_per_part, work::Pool& pool,
                         WriteOptions options)
    : impl_(std::make_unique<Impl>(rows_per_part, pool)) {
  impl_->null = null_marks(schema, options);
  impl_->pending = Gather(impl_->null);
  impl_->parts->folder = std::move(folder);
  impl_->parts->schema = std::move(schema);
  impl_->parts->options = std::move(options);
}

PartsWriter::~PartsWriter() = default;
PartsWriter::PartsWriter(PartsWriter&&) noexcept = default;

Result<void> PartsWriter::write(Batch batch) {
  PW_CHECK(check_batch(impl_->parts->folder, impl_->parts->schema, impl_->null, batch));
  if (impl_->pending.rows() == 0 && batch.rows == impl_->rows_per_part) return impl_->submit(std::move(batch));
  for (std::size_t first = 0; first < batch.rows;) {
    const auto count = std::min(batch.rows - first, impl_->rows_per_part - impl_->pending.rows());
    impl_->pending.add(batch, first, count);
    first += count;
    if (impl_->pending.rows() == impl_->rows_per_part) PW_CHECK(impl_->submit(impl_->pending.take()));
  }
  return impl_->report();
}

Result<std::vector<WrittenFile>> PartsWriter::close() {
  PW_CHECK(impl_->report());
  if (impl_->pending.rows() > 0) PW_CHECK(impl_->submit(impl_->pending.take()));
  impl_->parts->wait_until_at_most(0);
  PW_CHECK(impl_->report());
  std::vector<WrittenFile> files;
  for (auto& result : impl_->parts->done) files.push_back(std::move(*result).value());
  return files;
}

}  // namespace placewright::table
