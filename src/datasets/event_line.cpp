#include "datasets/event_line.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "datasets/event_fields.hpp"

namespace placewright::datasets {

using namespace field;

// A flat JSON object of plain strings and numbers. Anything else (escapes, nesting, unusual numbers) reads as failure.
class LineScanner {
 public:
  explicit LineScanner(std::string_view line) : at_(line.data()), end_(line.data() + line.size()) {}

  bool open() { return skip() && *at_ == '{' && ++at_; }
  bool key(std::string_view& out) { return skip() && text(out) && skip() && *at_ == ':' && ++at_ && skip(); }
  // After a value: true when another field follows; `closed` when the object ended.
  bool more(bool& closed) {
    if (!skip()) return false;
    closed = *at_ == '}';
    return (closed || *at_ == ',') && ++at_;
  }
  bool finished() { return !skip(); }

  bool text(std::string_view& out) {
    if (*at_ != '"') return false;
    const char* const first = ++at_;
    const auto* const last = static_cast<const char*>(std::memchr(first, '"', static_cast<std::size_t>(end_ - first)));
    if (last == nullptr) return false;
    out = {first, static_cast<std::size_t>(last - first)};
    at_ = last + 1;
    return out.find('\\') == std::string_view::npos;
  }
  bool equals(std::string_view wanted) {
    const auto size = static_cast<std::size_t>(end_ - at_);
    if (size < wanted.size() + 2 || at_[0] != '"' || at_[wanted.size() + 1] != '"') return false;
    if (std::memcmp(at_ + 1, wanted.data(), wanted.size()) != 0) return false;
    at_ += wanted.size() + 2;
    return true;
  }
  bool integer(std::uint64_t& out) {
    const char* const first = at_;
    const auto [stop, error] = std::from_chars(first, end_, out);
    if (error != std::errc() || (*first == '0' && stop - first > 1)) return false;
    at_ = stop;
    return ends_a_number();
  }
  bool real(double& out) {
    const char* digit = at_ + (at_ != end_ && *at_ == '-');
    if (digit == end_ || *digit < '0' || *digit > '9') return false;  // from_chars would take "inf"
    if (*digit == '0' && digit + 1 != end_ && digit[1] >= '0' && digit[1] <= '9') return false;
    const auto [stop, error] = std::from_chars(at_, end_, out);
    if (error != std::errc() || stop[-1] == '.') return false;
    const auto* const point = static_cast<const char*>(std::memchr(at_, '.', static_cast<std::size_t>(stop - at_)));
    if (point != nullptr && (point[1] < '0' || point[1] > '9')) return false;
    at_ = stop;
    return ends_a_number();
  }

 private:
  // False at the end of the line.
  bool skip() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r')) ++at_;
    return at_ != end_;
  }
  bool ends_a_number() const {
    return at_ != end_ && (*at_ == ',' || *at_ == '}' || *at_ == ' ' || *at_ == '\t' || *at_ == '\r');
  }

  const char* at_;
  const char* end_;
};

// Module and label as found.
struct Emitter {
  std::string_view module, label;
};

namespace {

EventFamily family_of(const Emitter& emitter) {
  return emitter.module == names_of(EventFamily::jitter).module ? EventFamily::jitter : EventFamily::assignment;
}

}  // namespace

bool is_micros(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd.ddddddZ";
  return std::ranges::equal(text, kShape,
                            [](char c, char shape) { return shape == 'd' ? c >= '0' && c <= '9' : c == shape; });
}

LineReader::LineReader(LineKind kind, const RunIdentity& identity) : kind_(kind), identity_(identity) {
  order_.fill(0);
}

std::unique_ptr<RecordProblem> LineReader::read(std::string_view line, LineValues& values) {
  values = {};
  if (quick(line, values)) return nullptr;
  values = {};
  return careful(line, values);
}

int LineReader::field_at(std::string_view key, std::size_t position) {
  auto& guess = order_[position];
  if (kLogFields[static_cast<std::size_t>(guess)] == key) return guess;
  const auto found = std::ranges::find(kLogFields, key);
  if (found == kLogFields.end()) return -1;
  guess = static_cast<std::int8_t>(found - kLogFields.begin());
  return guess;
}

bool LineReader::quick(std::string_view line, LineValues& values) {
  const auto required = required_fields(kind_);
  std::uint32_t seen = 0;
  LineScanner in(line);
  Emitter emitter;
  bool closed = false;
  if (!in.open()) return false;
  for (std::size_t position = 0; !closed; ++position) {
    std::string_view key;
    if (position == order_.size() || !in.key(key)) return false;
    const int field = field_at(key, position);
    if (field < 0) return false;
    const auto bit = std::uint32_t{1} << field;
    if (!(required & bit) || (seen & bit)) return false;
    seen |= bit;
    if (!quick_field(in, field, values, emitter) || !in.more(closed)) return false;
  }
  const auto family = kind_ == LineKind::assignment ? EventFamily::assignment
                      : kind_ == LineKind::jitter   ? EventFamily::jitter
                                                    : family_of(emitter);
  const auto& names = names_of(family);
  if (seen != required || !in.finished() || emitter.module != names.module || emitter.label != names.label)
    return false;
  values.family = family;
  if (kind_ != LineKind::trace) {
    values.blocks = 1;
    values.draws = names.draws;
  }
  return true;
}

bool LineReader::quick_field(LineScanner& in, int field, LineValues& v, Emitter& emitter) const {
  std::string_view text;
  std::uint64_t number = 0;
  switch (field) {
    case ts_utc:
      return in.text(text) && is_micros(text);
    case run_id:
      return in.equals(identity_.run_id);
    case seed:
      return in.integer(number) && number == identity_.seed;
    case parameter_hash:
      return in.equals(identity_.parameter_hash);
    case manifest_fingerprint:
      return in.equals(identity_.manifest_fingerprint);
    case module_name:
      return in.text(emitter.module);
    case substream_label:
      return in.text(emitter.label);
    case before_hi:
      return in.integer(v.before.hi);
    case before_lo:
      return in.integer(v.before.lo);
    case after_hi:
      return in.integer(v.after.hi);
    case after_lo:
      return in.integer(v.after.lo);
    case draws:
      return in.equals(kind_ == LineKind::assignment ? "1" : "2");
    case blocks:
      return in.integer(number) && number == 1;
    case merchant_id:
      return in.integer(v.site.merchant) && v.site.merchant >= 1;
    case legal_country_iso: {
      if (!in.text(text)) return false;
      const auto iso = Iso::parse(text);
      if (iso) v.site.country = *iso;
      return iso.has_value();
    }
    case site_order:
      if (!in.integer(number) || number < 1 || number >> 63) return false;
      v.site.site_order = static_cast<std::int64_t>(number);
      return true;
    case tile_id:
      return in.integer(v.tile);
    case uniform:
      return in.real(v.u) && v.u > 0 && v.u < 1;
    case delta_lat:
      return in.real(v.delta_lat);
    case delta_lon:
      return in.real(v.delta_lon);
    case sigma_lat:
      return in.real(v.sigma_lat);
    case sigma_lon:
      return in.real(v.sigma_lon);
    case draws_total:
      return in.integer(v.draws_total);
    case blocks_total:
      return in.integer(v.blocks_total);
    case events_total:
      return in.integer(v.events_total);
    default:
      return false;
  }
}

}  // namespace placewright::datasets
