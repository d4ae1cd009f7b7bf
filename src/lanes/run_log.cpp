#include "lanes/run_log.hpp"

#include <cmath>

#include "base/text.hpp"
#include "store/files.hpp"
#include "store/receipt.hpp"

namespace placewright::lanes {

Result<std::vector<LogLine>> read_run_log(const std::filesystem::path& file) {
  auto text = store::read_text(file);
  if (!text) return std::move(text).error().as("LANE_LOG");
  std::vector<LogLine> lines;
  for (auto& line : split(*text, '\n')) {
    if (line.size() < 23 || line[10] != ' ' || line[19] != ',') continue;
    const auto millis = parse_u64(std::string_view(line).substr(20, 3));
    const auto whole = store::parse_time(line.substr(0, 10) + "T" + line.substr(11, 8));
    if (!whole || !millis) continue;
    // Python leaves the fraction out when it is nothing.
    const auto fraction = *millis == 0 ? "" : "." + line.substr(20, 3) + "000";
    lines.push_back({*whole + static_cast<double>(*millis) / 1000,
                     line.substr(0, 10) + "T" + line.substr(11, 8) + fraction, std::move(line)});
  }
  return lines;
}

double exact_seconds(double difference) { return std::round(difference * 1000) / 1000; }

double StateSpan::seconds() const { return exact_seconds(end - start); }

std::optional<StateSpan> span_of(const std::vector<LogLine>& lines, int state) {
  const auto name = "S" + std::to_string(state);
  const auto logger = "seg_1B.s" + std::to_string(state) + "_";
  StateSpan span;
  span.state = state;
  bool begun = false, ended = false;
  for (const auto& line : lines) {
    if (!begun && line.text.find(logger) != std::string::npos) {
      begun = true;
      span.start = line.seconds;
      span.start_stamp = line.stamp;
    }
    const bool complete = line.text.find(name + " 1B complete:") != std::string::npos ||
                          (state == 9 && line.text.find("S9 complete:") != std::string::npos);
    if (!complete) continue;
    ended = true;
    span.end = line.seconds;
    span.end_stamp = line.stamp;
  }
  return begun && ended ? std::optional(span) : std::nullopt;
}

std::optional<double> number_after(const std::string& text, const std::string& key) {
  const auto at = text.rfind(key);
  if (at == std::string::npos) return std::nullopt;
  const auto first = at + key.size();
  const auto stop = text.find_first_not_of("0123456789.", first);
  return parse_double(std::string_view(text).substr(first, stop == std::string::npos ? stop : stop - first));
}

}  // namespace placewright::lanes
