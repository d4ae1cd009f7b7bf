#include "datasets/event_text.hpp"

#include <charconv>
#include <concepts>

#include "base/text.hpp"

namespace placewright::datasets {
namespace {

template <std::integral I>
void number(std::string& out, I value) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void country(std::string& out, Iso iso) {
  out += static_cast<char>(iso.packed() >> 8);
  out += static_cast<char>(iso.packed() & 0xff);
}

void compact_counters(std::string& out, rng::Counter before) {
  const auto after = before + 1;
  number(out.append("\"rng_counter_before_lo\":"), before.lo);
  number(out.append(",\"rng_counter_before_hi\":"), before.hi);
  number(out.append(",\"rng_counter_after_lo\":"), after.lo);
  number(out.append(",\"rng_counter_after_hi\":"), after.hi);
}

// Writes a value with write(out), then `between`, then the same text again: twice the digits for once the work.
void twice(std::string& out, std::string_view between, const auto& write) {
  const auto first = out.size();
  write(out);
  const auto length = out.size() - first;
  out.append(between).append(out, first, length);
}

void spaced_counters(std::string& out, rng::Counter before) {
  const auto after = before + 1;
  number(out.append("\"rng_counter_after_hi\": "), after.hi);
  number(out.append(", \"rng_counter_after_lo\": "), after.lo);
  number(out.append(", \"rng_counter_before_hi\": "), before.hi);
  number(out.append(", \"rng_counter_before_lo\": "), before.lo);
}

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

}  // namespace

EventText::EventText(const RunIdentity& identity, std::string_view time) {
  const auto& s5 = names_of(EventFamily::assignment);
  const auto& s6 = names_of(EventFamily::jitter);
  const auto run = in_quotes(identity.run_id), seed = std::to_string(identity.seed), ts = in_quotes(time);
  const auto parameters = in_quotes(identity.parameter_hash), fingerprint = in_quotes(identity.manifest_fingerprint);
  assignment_head_ = "{\"run_id\":" + run + ",\"seed\":" + seed + ",\"parameter_hash\":" + parameters +
                     ",\"manifest_fingerprint\":" + fingerprint + ",\"module\":" + in_quotes(s5.module) +
                     ",\"substream_label\":" + in_quotes(s5.label) + ",\"draws\":\"1\",\"blocks\":1,\"merchant_id\":";
  assignment_middle_ = "\",\"ts_utc\":" + ts + ',';
  assignment_trace_head_ = "{\"ts_utc\":" + ts + ",\"run_id\":" + run + ",\"seed\":" + seed +
                           ",\"module\":" + in_quotes(s5.module) + ",\"substream_label\":" + in_quotes(s5.label) + ',';
  jitter_identity_ = "\", \"manifest_fingerprint\": " + fingerprint + ", \"merchant_id\": ";
  jitter_module_ = ", \"module\": " + in_quotes(s6.module) + ", \"parameter_hash\": " + parameters + ", ";
  jitter_run_ = ", \"run_id\": " + run + ", \"seed\": " + seed;
  jitter_tail_ = ", \"substream_label\": " + in_quotes(s6.label) + ", \"ts_utc\": " + ts + "}\n";
  trace_module_ = ", \"module\": " + in_quotes(s6.module) + ", ";
}

void EventText::event(std::string& out, const AssignmentEvent& e) const {
  number(out.append(assignment_head_), e.site.merchant);
  country(out.append(",\"legal_country_iso\":\""), e.site.country);
  compact_counters(out.append(assignment_middle_), e.counter);
  number(out.append(",\"site_order\":"), e.site.site_order);
  number(out.append(",\"tile_id\":"), e.tile);
  append_double(out.append(",\"u\":"), e.u);
  out += "}\n";
}

void EventText::trace(std::string& out, const AssignmentEvent& e, std::uint64_t count) const {
  compact_counters(out.append(assignment_trace_head_), e.counter);
  number(out.append(",\"draws_total\":"), count);
  number(out.append(",\"blocks_total\":"), count);
  number(out.append(",\"events_total\":"), count);
  out += "}\n";
}

void EventText::event(std::string& out, const JitterEvent& e) const {
  append_double(out.append("{\"blocks\": 1, \"delta_lat_deg\": "), e.delta_lat);
  append_double(out.append(", \"delta_lon_deg\": "), e.delta_lon);
  country(out.append(", \"draws\": \"2\", \"legal_country_iso\": \""), e.site.country);
  number(out.append(jitter_identity_), e.site.merchant);
  spaced_counters(out.append(jitter_module_), e.counter);
  out.append(jitter_run_).append(", \"sigma_lat_deg\": ");
  twice(out, ", \"sigma_lon_deg\": ", [&](std::string& to) { append_double(to, e.sigma); });
  number(out.append(", \"site_order\": "), e.site.site_order);
  out += jitter_tail_;
}

void EventText::trace(std::string& out, const JitterEvent& e, std::uint64_t count) const {
  number(out.append("{\"blocks_total\": "), count);
  number(out.append(", \"draws_total\": "), 2 * count);
  number(out.append(", \"events_total\": "), count);
  spaced_counters(out.append(trace_module_), e.counter);
  out.append(jitter_run_).append(jitter_tail_);
}

}  // namespace placewright::datasets
