#include <bit>

#include "base/json.hpp"
#include "datasets/event_line.hpp"
#include "datasets/events.hpp"
#include "datasets/log_file.hpp"
#include "store/files.hpp"

namespace placewright::datasets {
namespace {

// Digest over the numbers of many records, whatever form they were stored in.
class RecordDigest {
 public:
  void add(std::uint64_t value) {
    buffer_ += hash::le64(value);
    if (buffer_.size() > (1U << 16)) flush();
  }
  void add(double value) { add(std::bit_cast<std::uint64_t>(value)); }
  void add(rng::Counter counter) {
    add(counter.hi);
    add(counter.lo);
  }
  hash::Digest finish() {
    flush();
    return hash_.digest();
  }

 private:
  void flush() {
    hash_.update(buffer_);
    buffer_.clear();
  }
  std::string buffer_;
  hash::Sha256 hash_;
};

// nullopt for a log with a record that is not good: it equals no other.
Result<std::optional<hash::Digest>> digest_of(const EventLog& log, work::Pool& pool) {
  RecordDigest digest;
  bool good = true;
  PW_CHECK(log.read(pool, [&](std::span<EventRecord> records) -> Result<void> {
    for (const auto& r : records) {
      good = good && r.good();
      digest.add(r.site.merchant);
      digest.add(static_cast<std::uint64_t>(r.site.country.packed()));
      digest.add(static_cast<std::uint64_t>(r.site.site_order));
      digest.add(r.before);
      digest.add(r.after);
      digest.add(r.tile);
      for (const double value : {r.u, r.delta_lat, r.delta_lon, r.sigma_lat, r.sigma_lon}) digest.add(value);
    }
    return {};
  }));
  return good ? std::optional(digest.finish()) : std::nullopt;
}

store::SameRows same_events(const store::RunFolder& run, EventFamily family, work::Pool& pool) {
  return [&run, family, &pool](const fs::path& staged, const fs::path& published) -> Result<bool> {
    PW_TRY(const auto ours, EventLog::open_folder(run, family, staged));
    PW_TRY(const auto theirs, EventLog::open_folder(run, family, published));
    PW_TRY(const auto our_digest, digest_of(ours, pool));
    PW_TRY(const auto their_digest, digest_of(theirs, pool));
    return our_digest && our_digest == their_digest;
  };
}

// Rows of one family in a trace file, and a digest of their numbers.
struct FamilyRows {
  std::uint64_t rows = 0;
  hash::Digest digest{};
  friend bool operator==(const FamilyRows&, const FamilyRows&) = default;
};

Result<FamilyRows> family_rows(const fs::path& file, const RunIdentity& identity, EventFamily family,
                               work::Pool& pool) {
  FamilyRows found;
  RecordDigest digest;
  PW_CHECK(read_trace_file(file, identity, pool, [&](std::span<TraceRecord> records) -> Result<void> {
    for (const auto& r : records) {
      if (r.problem && r.problem->malformed) {
        return Error("E614_JSONL_PARSE", file.string() + " line " + std::to_string(r.problem->line) + " is not JSON")
            .with("detail", "jsonl_parse_failed")
            .with("label", "rng_trace_log")
            .with("path", file.string())
            .with("line", r.problem->line);
      }
      if (r.foreign || r.family != family) continue;
      ++found.rows;
      digest.add(r.before);
      digest.add(r.after);
      for (const auto total : {r.draws_total, r.blocks_total, r.events_total}) digest.add(total);
    }
    return {};
  }));
  found.digest = digest.finish();
  return found;
}

// Copies `from` without the rows of `family`, byte for byte.
Result<void> copy_others(const fs::path& from, const RunIdentity& identity, EventFamily family, work::Pool& pool,
                         LogWriter& to) {
  PW_TRY(const auto pieces, LogPieces::open(from));
  const auto produce = [&](std::size_t i) -> Result<std::string> {
    PW_TRY(const auto text, pieces.read(i));
    LineReader reader(LineKind::trace, identity);
    LineValues values;
    std::string kept;
    kept.reserve(text.size());
    for_each_line(text, [&](std::string_view line, std::uint64_t) {
      reader.read(line, values);
      if (values.foreign || values.family != family) kept.append(line).append("\n");
    });
    return kept;
  };
  return work::ordered<std::string>(pool, pieces.size(), produce,
                                    [&](std::size_t, std::string&& text) { return to.write(text); });
}

Result<void> publish_trace(const store::RunFolder& run, const fs::path& staging, EventFamily family, work::Pool& pool) {
  PW_TRY(const auto target, run.target("rng_trace_log"));
  const auto staged = staging / "trace.jsonl";
  std::error_code error;
  if (!fs::exists(target, error)) {
    PW_CHECK(store::sync_path(staged));
    PW_CHECK(store::make_folder(target.parent_path()));
    return store::rename_path(staged, target);
  }
  PW_TRY(const auto ours, family_rows(staged, run.identity(), family, pool));
  PW_TRY(const auto theirs, family_rows(target, run.identity(), family, pool));
  if (ours == theirs) return {};
  if (family == EventFamily::assignment && theirs.rows > 0) {
    return Error("E_IMMUTABLE_PARTITION_EXISTS_NONIDENTICAL",
                 "the trace log holds other rows of S5 already: " + target.string())
        .with("path", target.string())
        .with("label", "rng_trace_log");
  }
  const auto whole = staging / "rng_trace_log.jsonl";
  PW_TRY(auto writer, LogWriter::create(whole));
  PW_CHECK(copy_others(target, run.identity(), family, pool, writer));
  PW_CHECK(append_file(staged, writer));
  PW_CHECK(writer.close());
  PW_CHECK(store::sync_path(whole));
  return store::rename_path(whole, target);
}

}  // namespace

Result<void> publish_events(const store::RunFolder& run, const fs::path& staging, EventFamily family, LogForm form,
                            work::Pool& pool) {
  const auto dataset = names_of(family).dataset;
  PW_CHECK(store::publish_folder(run, staging / "events", dataset, "E_IMMUTABLE_PARTITION_EXISTS_NONIDENTICAL",
                                 same_events(run, family, pool)));
  return form == LogForm::jsonl ? publish_trace(run, staging, family, pool) : Result<void>();
}

Result<void> ensure_audit(const store::RunFolder& run, const std::string& build_commit) {
  PW_TRY(const auto path, run.target("rng_audit_log"));
  PW_TRY(const auto rows, read_audit(run));
  for (const auto& row : rows) {
    if (row.this_run) return {};
  }
  std::string text;
  std::error_code error;
  if (fs::exists(path, error)) {
    PW_TRY(text, store::read_text(path));
    if (!text.empty() && text.back() != '\n') text += '\n';
  }
  const auto& id = run.identity();
  const Json row = {{"algorithm", "philox2x64-10"},
                    {"build_commit", build_commit},
                    {"manifest_fingerprint", id.manifest_fingerprint},
                    {"parameter_hash", id.parameter_hash},
                    {"run_id", id.run_id},
                    {"seed", id.seed},
                    {"ts_utc", store::logical_time()}};
  return store::write_text(path, text + spaced(row) + "\n");
}

}  // namespace placewright::datasets
