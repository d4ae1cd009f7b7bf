#include <algorithm>
#include <optional>

#include "datasets/draws.hpp"
#include "datasets/event_line.hpp"
#include "datasets/events.hpp"
#include "datasets/log_file.hpp"
#include "datasets/schemas.hpp"
#include "rng/streams.hpp"
#include "store/files.hpp"

namespace placewright::datasets {
namespace {

template <class Record>
struct Piece {
  std::vector<Record> records;
  std::uint64_t lines = 0;
};

// Records of one file, `make(reader, line)` each, in order; problems learn their line.
template <class Record, class Make>
Result<void> read_lines(const fs::path& file, LineKind kind, const RunIdentity& identity, work::Pool& pool,
                        const Make& make, const std::function<Result<void>(std::span<Record>)>& take) {
  PW_TRY(const auto pieces, LogPieces::open(file));
  std::uint64_t before = 0;
  const auto produce = [&](std::size_t i) -> Result<Piece<Record>> {
    PW_TRY(const auto text, pieces.read(i));
    Piece<Record> piece;
    piece.records.reserve(text.size() / 350);
    LineReader reader(kind, identity);
    piece.lines = for_each_line(text, [&](std::string_view line, std::uint64_t number) {
      piece.records.push_back(make(reader, line));
      if (auto& problem = piece.records.back().problem) problem->line = number;
    });
    return piece;
  };
  const auto consume = [&](std::size_t, Piece<Record>&& piece) -> Result<void> {
    for (auto& record : piece.records) {
      if (!record.problem) continue;
      record.problem->line += before;
      record.problem->file = file.filename().string();
    }
    before += piece.lines;
    return take(piece.records);
  };
  return work::ordered<Piece<Record>>(pool, pieces.size(), produce, consume, 2 * pool.threads());
}

EventRecord event_from(LineReader& reader, std::string_view line) {
  LineValues v;
  auto problem = reader.read(line, v);
  return {v.site, v.before,    v.after,     v.blocks,    v.draws,     v.tile,
          v.u,    v.delta_lat, v.delta_lon, v.sigma_lat, v.sigma_lon, std::move(problem)};
}

TraceRecord trace_from(LineReader& reader, std::string_view line) {
  LineValues v;
  auto problem = reader.read(line, v);
  return {v.family, v.foreign, v.before, v.after, v.draws_total, v.blocks_total, v.events_total, std::move(problem)};
}

// ---- Parquet rows: what a row does not hold follows from its key.

RecordProblem& problem_of(EventRecord& record, const fs::path& file, std::uint64_t row) {
  if (!record.problem) {
    record.problem = std::make_unique<RecordProblem>();
    record.problem->file = file.filename().string();
    record.problem->line = row + 1;
  }
  return *record.problem;
}

// The counter as the stream gives it, or the low word as stored beside the stream's high one.
void set_counters(EventRecord& record, rng::Counter expected, std::uint64_t stored_lo, EventFamily family) {
  record.before = {expected.hi, stored_lo};
  record.after = record.before + 1;
  record.blocks = 1;
  record.draws = names_of(family).draws;
}

void check_row(EventRecord& record, bool counter_fits, bool attempt_fits, const fs::path& file, std::uint64_t row) {
  const auto fault = [&](const char* what) { problem_of(record, file, row).faults.emplace_back(what); };
  if (record.site.merchant < 1) fault("merchant_id is below 1");
  if (record.site.site_order < 1) fault("site_order is below 1");
  if (!attempt_fits) fault("attempt is below 1");
  if (!counter_fits) fault("counter_lo is not the one the stream of this site gives");
}

std::vector<EventRecord> assignment_rows(const table::Batch& batch, const std::vector<Iso>& countries,
                                         const hash::Digest& master, const fs::path& file, std::uint64_t first_row) {
  std::vector<EventRecord> records(batch.rows);
  std::optional<std::pair<MerchantId, Iso>> pair;
  rng::Stream stream;
  for (std::size_t i = 0; i < batch.rows; ++i) {
    auto& r = records[i];
    r.site = {batch.u64(0)[i], countries[i], batch.i64(2)[i]};
    if (!pair || *pair != std::pair{r.site.merchant, r.site.country}) {
      pair = {r.site.merchant, r.site.country};
      stream = rng::assignment_stream(master, r.site.merchant, r.site.country);
    }
    const auto expected = stream.base + (static_cast<std::uint64_t>(r.site.site_order) - 1);
    set_counters(r, expected, batch.u64(4)[i], EventFamily::assignment);
    r.tile = batch.u64(3)[i];
    r.u = rng::u01(rng::philox(r.before, stream.key).x0);
    check_row(r, r.before == expected, true, file, first_row + i);
  }
  return records;
}

std::vector<EventRecord> jitter_rows(const table::Batch& batch, const std::vector<Iso>& countries,
                                     const rng::JitterStreams& streams, const rng::JitterLaw& law, const fs::path& file,
                                     std::uint64_t first_row) {
  std::vector<EventRecord> records(batch.rows);
  std::optional<SiteKey> site;
  rng::Stream stream;
  for (std::size_t i = 0; i < batch.rows; ++i) {
    auto& r = records[i];
    r.site = {batch.u64(0)[i], countries[i], batch.i64(2)[i]};
    if (!site || *site != r.site) {
      site = r.site;
      stream = streams.stream(r.site.merchant, r.site.country, r.site.site_order);
    }
    const auto attempt = batch.i32(3)[i];
    const auto expected = stream.base + static_cast<std::uint64_t>(attempt - std::int64_t{1});
    set_counters(r, expected, batch.u64(6)[i], EventFamily::jitter);
    r.delta_lat = batch.f64(4)[i];
    r.delta_lon = batch.f64(5)[i];
    const auto words = rng::philox(r.before, stream.key);
    r.sigma_lat = r.sigma_lon = rng::sigma(law, rng::u01(words.x0), rng::u01(words.x1));
    check_row(r, r.before == expected, attempt >= 1, file, first_row + i);
  }
  return records;
}

}  // namespace

Result<EventLog> EventLog::open(const store::RunFolder& run, EventFamily family) {
  PW_TRY(const auto folder, run.target(names_of(family).dataset));
  return open_folder(run, family, folder);
}

Result<EventLog> EventLog::open_folder(const store::RunFolder& run, EventFamily family, const fs::path& folder) {
  EventLog log;
  log.identity_ = run.identity();
  log.family_ = family;
  std::error_code error;
  log.folder_exists_ = fs::is_directory(folder, error);
  if (!log.folder_exists_) return log;
  std::vector<fs::path> tables;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const auto extension = it->path().extension();
    if (extension == ".jsonl") log.files_.push_back(it->path());
    if (extension == ".parquet") tables.push_back(it->path());
  }
  if (error) return store::file_error(folder, "cannot list", error.value());
  log.form_ = log.files_.empty() && !tables.empty() ? LogForm::parquet : LogForm::jsonl;
  if (log.form_ == LogForm::parquet) log.files_ = std::move(tables);
  std::ranges::sort(log.files_);
  if (log.form_ == LogForm::jsonl) return log;
  PW_TRY(log.master_, draw_master(run, family));
  if (family == EventFamily::jitter) {
    PW_TRY(log.policy_, read_jitter_policy(run));
  }
  return log;
}

std::uint64_t EventLog::file_bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& file : files_) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    if (!error) bytes += size;
  }
  return bytes;
}

Result<void> EventLog::read(work::Pool& pool, const Take& take) const {
  if (form_ == LogForm::parquet) return read_rows(pool, take);
  const auto kind = family_ == EventFamily::assignment ? LineKind::assignment : LineKind::jitter;
  for (const auto& file : files_) PW_CHECK(read_lines<EventRecord>(file, kind, identity_, pool, event_from, take));
  return {};
}

Result<void> EventLog::read_rows(work::Pool& pool, const Take& take) const {
  struct Group {
    std::size_t file, group;
    std::uint64_t first_row;
  };
  std::vector<table::Dataset> tables;
  std::vector<Group> groups;
  for (const auto& file : files_) {
    PW_TRY(auto table, table::Dataset::open(file));
    std::uint64_t row = 0;
    for (std::size_t g = 0; g < table.groups(); row += table.group_rows(g++)) groups.push_back({tables.size(), g, row});
    tables.push_back(std::move(table));
  }
  const bool assignment = family_ == EventFamily::assignment;
  const rng::JitterStreams streams(master_, policy_.policy.seed_namespace);
  const auto law = policy_.law();
  using Records = std::vector<EventRecord>;
  const auto produce = [&](std::size_t i) -> Result<Records> {
    const auto& [file, group, first_row] = groups[i];
    PW_TRY(const auto batch, tables[file].read(group, assignment ? kAssignmentEvents : kJitterEvents));
    PW_TRY(const auto countries, table::isos(batch.text(1), "legal_country_iso"));
    if (assignment) return assignment_rows(batch, countries, master_, files_[file], first_row);
    return jitter_rows(batch, countries, streams, law, files_[file], first_row);
  };
  const auto consume = [&](std::size_t, Records&& records) -> Result<void> { return take(records); };
  return work::ordered<Records>(pool, groups.size(), produce, consume, 2 * pool.threads());
}

Result<void> read_trace_file(const fs::path& file, const RunIdentity& identity, work::Pool& pool,
                             const std::function<Result<void>(std::span<TraceRecord>)>& take) {
  return read_lines<TraceRecord>(file, LineKind::trace, identity, pool, trace_from, take);
}

Result<void> read_trace(const store::RunFolder& run, work::Pool& pool,
                        const std::function<Result<void>(std::span<TraceRecord>)>& take) {
  PW_TRY(const auto path, run.target("rng_trace_log"));
  std::error_code error;
  if (!fs::exists(path, error)) return {};
  return read_trace_file(path, run.identity(), pool, take);
}

Result<std::vector<AuditRecord>> read_audit(const store::RunFolder& run) {
  PW_TRY(const auto path, run.target("rng_audit_log"));
  std::vector<AuditRecord> records;
  std::error_code error;
  if (!fs::exists(path, error)) return records;
  PW_TRY(const auto text, store::read_text(path));
  for_each_line(text, [&](std::string_view line, std::uint64_t number) {
    records.push_back(read_audit_line(line, run.identity()));
    if (auto& problem = records.back().problem) {
      problem->line = number;
      problem->file = path.filename().string();
    }
  });
  return records;
}

}  // namespace placewright::datasets
