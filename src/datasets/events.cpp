#include "datasets/events.hpp"

#include <algorithm>

#include "datasets/event_text.hpp"
#include "datasets/log_file.hpp"
#include "datasets/policies.hpp"
#include "datasets/schemas.hpp"
#include "store/files.hpp"

namespace placewright::datasets {
namespace {

constexpr std::size_t kEventsPerText = 8192;

table::Batch key_columns(std::size_t rows, const auto& events) {
  std::vector<std::uint64_t> merchants(rows);
  std::vector<Iso> countries(rows);
  std::vector<std::int64_t> orders(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    merchants[i] = events[i].site.merchant;
    countries[i] = events[i].site.country;
    orders[i] = events[i].site.site_order;
  }
  table::Batch batch{rows, {}};
  batch.columns.emplace_back(std::move(merchants));
  batch.columns.emplace_back(table::iso_column(countries));
  batch.columns.emplace_back(std::move(orders));
  return batch;
}

template <class T>
std::vector<T> column(const auto& events, const auto& value) {
  std::vector<T> out(events.size());
  std::ranges::transform(events, out.begin(), value);
  return out;
}

table::Batch as_batch(std::span<const AssignmentEvent> events) {
  auto batch = key_columns(events.size(), events);
  batch.columns.emplace_back(column<std::uint64_t>(events, [](const auto& e) { return e.tile; }));
  batch.columns.emplace_back(column<std::uint64_t>(events, [](const auto& e) { return e.counter.lo; }));
  return batch;
}

table::Batch as_batch(std::span<const JitterEvent> events) {
  auto batch = key_columns(events.size(), events);
  batch.columns.emplace_back(column<std::int32_t>(events, [](const auto& e) { return e.attempt; }));
  batch.columns.emplace_back(column<double>(events, [](const auto& e) { return e.delta_lat; }));
  batch.columns.emplace_back(column<double>(events, [](const auto& e) { return e.delta_lon; }));
  batch.columns.emplace_back(column<std::uint64_t>(events, [](const auto& e) { return e.counter.lo; }));
  return batch;
}

template <class Event>
const table::Schema& schema_of() {
  return std::is_same_v<Event, AssignmentEvent> ? kAssignmentEvents : kJitterEvents;
}

}  // namespace

const FamilyNames& names_of(EventFamily family) {
  static constexpr FamilyNames kOfAssignment = {"rng_event_site_tile_assign", "1B.S5.assigner", "site_tile_assign", 1};
  static constexpr FamilyNames kOfJitter = {"rng_event_in_cell_jitter", "1B.S6.jitter", "in_cell_jitter", 2};
  return family == EventFamily::assignment ? kOfAssignment : kOfJitter;
}

rng::JitterLaw JitterPolicy::law() const {
  const auto shape = [](const contracts::PolicyS6::Component& c) {
    return rng::JitterShape{c.lat_shape_exp, c.lon_shape_exp, c.max_abs_offset_fraction};
  };
  return {policy.mode == "mixture_v2",
          policy.selection_blend,
          policy.core_cluster.weight,
          policy.secondary_cluster.weight,
          {shape(policy.core_cluster), shape(policy.secondary_cluster), shape(policy.sparse_tail)}};
}

Result<JitterPolicy> read_jitter_policy(const store::RunFolder& run) {
  if (run.dictionary().find("jitter_policy") == nullptr) return JitterPolicy{};
  PW_TRY(const auto file, read_policy_file(run, "jitter_policy"));
  PW_TRY(auto policy, contracts::read_policy_s6(file.fields, file.path.string()));
  return JitterPolicy{std::move(policy), run.shown(file.path)};
}

template <class Event>
struct EventWriter<Event>::Impl {
  Impl(LogForm form, const RunIdentity& identity, work::Pool& on)
      : text(identity, store::logical_time()), pool(on), jsonl(form == LogForm::jsonl) {}

  std::size_t batch_size() const { return kEventsPerText * 2 * pool.threads(); }

  Result<void> flush() {
    Result<void> done = write_text();
    total += pending.size();
    pending.clear();
    return done;
  }

  Result<void> write_text() {
    const auto count = (pending.size() + kEventsPerText - 1) / kEventsPerText;
    std::vector<std::string> lines(count), traces(count);
    PW_CHECK(work::for_each(pool, count, [&](std::size_t i) -> Result<void> {
      const auto first = i * kEventsPerText, last = std::min(pending.size(), first + kEventsPerText);
      lines[i].reserve((last - first) * 800);
      traces[i].reserve((last - first) * 450);
      for (auto k = first; k < last; ++k) {
        text.event(lines[i], pending[k]);
        text.trace(traces[i], pending[k], total + k + 1);
      }
      return {};
    }));
    for (std::size_t i = 0; i < count; ++i) {
      PW_CHECK(events_file->write(lines[i]));
      PW_CHECK(trace_file->write(traces[i]));
    }
    return {};
  }

  EventText text;
  work::Pool& pool;
  bool jsonl;
  std::vector<Event> pending;
  std::uint64_t total = 0;
  std::unique_ptr<LogWriter> events_file, trace_file;
  std::unique_ptr<table::PartsWriter> parts;
};

template <class Event>
EventWriter<Event>::EventWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
template <class Event>
EventWriter<Event>::~EventWriter() = default;
template <class Event>
EventWriter<Event>::EventWriter(EventWriter&&) noexcept = default;

template <class Event>
Result<EventWriter<Event>> EventWriter<Event>::create(const fs::path& staging, LogForm form,
                                                      const RunIdentity& identity, work::Pool& pool) {
  auto impl = std::make_unique<Impl>(form, identity, pool);
  PW_CHECK(store::make_folder(staging / "events"));
  if (form == LogForm::jsonl) {
    PW_TRY(auto events, LogWriter::create(staging / "events" / "part-00000.jsonl"));
    PW_TRY(auto trace, LogWriter::create(staging / "trace.jsonl"));
    impl->events_file = std::make_unique<LogWriter>(std::move(events));
    impl->trace_file = std::make_unique<LogWriter>(std::move(trace));
  } else {
    impl->parts = std::make_unique<table::PartsWriter>(staging / "events", schema_of<Event>(), kSitesPerPart, pool);
  }
  return EventWriter(std::move(impl));
}

template <class Event>
Result<void> EventWriter<Event>::write(std::span<const Event> events) {
  auto& pending = impl_->pending;
  if (!impl_->jsonl) {
    impl_->total += events.size();
    return events.empty() ? Result<void>() : impl_->parts->write(as_batch(events));
  }
  while (!events.empty()) {
    const auto count = std::min(events.size(), impl_->batch_size() - pending.size());
    pending.insert(pending.end(), events.begin(), events.begin() + static_cast<std::ptrdiff_t>(count));
    events = events.subspan(count);
    if (pending.size() == impl_->batch_size()) PW_CHECK(impl_->flush());
  }
  return {};
}

template <class Event>
Result<std::uint64_t> EventWriter<Event>::close() {
  if (!impl_->pending.empty()) PW_CHECK(impl_->flush());
  if (impl_->jsonl) {
    PW_CHECK(impl_->events_file->close());
    PW_CHECK(impl_->trace_file->close());
  } else {
    PW_CHECK(impl_->parts->close());
  }
  return impl_->total;
}

template class EventWriter<AssignmentEvent>;
template class EventWriter<JitterEvent>;

}  // namespace placewright::datasets
