#include <gtest/gtest.h>

#include <random>

#include "datasets/event_line.hpp"
#include "datasets/event_text.hpp"

namespace placewright::datasets {
namespace {

const RunIdentity kRun = {std::string(32, 'a'), 18446744073709551615U, std::string(64, 'b'), std::string(64, 'c')};
const auto kTime = "2026-01-14T00:00:00.000001Z";

AssignmentEvent assignment(std::uint64_t salt) {
  return {{salt | 1, *Iso::parse("DE"), static_cast<std::int64_t>(salt % 1000 + 1)},
          salt % 933120000,
          {salt * 7, ~salt},
          rng::u01(salt * 2654435761U)};
}
JitterEvent jitter(std::uint64_t salt) {
  return {{salt | 1, *Iso::parse("FR"), static_cast<std::int64_t>(salt % 1000 + 1)},
          1,
          rng::u01(salt * 77) - 0.5,
          1e-7 * rng::u01(salt),
          0.8,
          {~salt, salt}};
}

std::string line_of(LineKind kind, std::uint64_t salt) {
  const EventText text(kRun, kTime);
  std::string out;
  if (kind == LineKind::assignment) text.event(out, assignment(salt));
  if (kind == LineKind::jitter) text.event(out, jitter(salt));
  if (kind == LineKind::trace && salt % 2 == 0) text.trace(out, assignment(salt), salt + 1);
  if (kind == LineKind::trace && salt % 2 == 1) text.trace(out, jitter(salt), salt + 1);
  out.pop_back();
  return out;
}

constexpr LineKind kKinds[] = {LineKind::assignment, LineKind::jitter, LineKind::trace};

void expect_equal(const LineValues& a, const LineValues& b, const std::string& line) {
  EXPECT_EQ(a.site, b.site) << line;
  EXPECT_EQ(a.before, b.before) << line;
  EXPECT_EQ(a.after, b.after) << line;
  EXPECT_EQ(a.tile, b.tile) << line;
  EXPECT_EQ(a.family == EventFamily::jitter, b.family == EventFamily::jitter) << line;
  EXPECT_EQ(a.foreign, b.foreign) << line;
  for (const auto member : {&LineValues::u, &LineValues::delta_lat, &LineValues::delta_lon, &LineValues::sigma_lat,
                            &LineValues::sigma_lon}) {
    EXPECT_EQ(a.*member, b.*member) << line;
  }
  for (const auto member : {&LineValues::blocks, &LineValues::draws, &LineValues::draws_total,
                            &LineValues::blocks_total, &LineValues::events_total}) {
    EXPECT_EQ(a.*member, b.*member) << line;
  }
}

TEST(EventLine, WrittenLinesReadBackQuickly) {
  std::mt19937_64 random(1);
  for (const auto kind : kKinds) {
    LineReader reader(kind, kRun);
    for (int i = 0; i < 500; ++i) {
      const auto salt = random();
      LineValues values;
      EXPECT_TRUE(reader.quick(line_of(kind, salt), values)) << line_of(kind, salt);
    }
  }
  LineReader reader(LineKind::jitter, kRun);
  LineValues values;
  const auto event = jitter(5);
  EXPECT_EQ(reader.read(line_of(LineKind::jitter, 5), values), nullptr);
  EXPECT_EQ(values.site, event.site);
  EXPECT_EQ(values.before, event.counter);
  EXPECT_EQ(values.after, event.counter + 1);
  EXPECT_EQ(values.delta_lat, event.delta_lat);
  EXPECT_EQ(values.delta_lon, event.delta_lon);
  EXPECT_EQ(values.sigma_lat, 0.8);
  EXPECT_EQ(values.draws, 2U);
}

// Whatever happens to a line, the quick way accepts it only if the careful way does, and with the same values.
TEST(EventLine, QuickAndCarefulAgreeOnDamagedLines) {
  std::mt19937_64 random(2);
  constexpr std::string_view kBytes = "0123456789.eE+-\"\\{}[],: abcXZ\t\r\n\x80";
  int accepted = 0;
  for (int i = 0; i < 60000; ++i) {
    const auto kind = kKinds[random() % 3];
    auto line = line_of(kind, random());
    for (auto n = random() % 3; n > 0; --n) {
      const auto at = random() % line.size();
      const char byte = kBytes[random() % kBytes.size()];
      if (random() % 3 == 0)
        line.erase(at, 1);
      else if (random() % 2 == 0)
        line.insert(at, 1, byte);
      else
        line[at] = byte;
    }
    LineReader reader(kind, kRun);
    LineValues quick, careful;
    if (!reader.quick(line, quick)) continue;
    ++accepted;
    const auto problem = reader.careful(line, careful);
    EXPECT_EQ(problem, nullptr) << line << "\n" << (problem && !problem->faults.empty() ? problem->faults[0] : "");
    expect_equal(quick, careful, line);
  }
  EXPECT_GT(accepted, 20000);
}

TEST(EventLine, KeysMayComeInAnyOrderAndSpacing) {
  std::mt19937_64 random(3);
  for (const auto kind : kKinds) {
    LineReader reader(kind, kRun);
    for (int i = 0; i < 200; ++i) {
      const auto json = Json::parse(line_of(kind, random()));
      std::vector<std::string> fields;
      for (const auto& [key, value] : json.items())
        fields.push_back(json_text(std::string_view(key)) + "  :\t" + compact(value));
      std::ranges::shuffle(fields, random);
      std::string line = " {";
      for (std::size_t k = 0; k < fields.size(); ++k) line += (k ? " , " : "") + fields[k];
      line += " }\r";
      LineValues values, expected;
      EXPECT_TRUE(reader.quick(line, values)) << line;
      reader.careful(compact(json), expected);
      expect_equal(values, expected, line);
    }
  }
}

struct Case {
  const char* field;
  const char* value;  // JSON text; nullptr takes the field away
  const char* fault;  // part of it; "" when the line stays good
};

std::string fault_of(LineKind kind, const Case& c) {
  auto json = Json::parse(line_of(kind, 4));
  c.value == nullptr ? (void)json.erase(c.field) : (void)(json[c.field] = Json::parse(c.value));
  LineReader reader(kind, kRun);
  LineValues values;
  const auto problem = reader.read(compact(json), values);
  return problem == nullptr ? "" : problem->faults.empty() ? "(identity)" : problem->faults[0];
}

TEST(EventLine, EveryFieldHasItsLaw) {
  const Case events[] = {{"ts_utc", "\"2026-01-14 00:00:00.000001Z\"", "six fractional"},
                         {"run_id", "\"A\"", "32 hex"},
                         {"run_id", nullptr, "missing"},
                         {"seed", "-1", "integer"},
                         {"seed", "1", "(identity)"},
                         {"parameter_hash", "3", "no text"},
                         {"manifest_fingerprint", "\"00\"", "64 hex"},
                         {"module", "\"1B.S5\"", "module is not"},
                         {"substream_label", "\"x\"", "substream_label is not"},
                         {"rng_counter_before_lo", "\"1\"", "integer"},
                         {"rng_counter_after_hi", "18446744073709551616", "integer"},
                         {"blocks", "1.0", ""},
                         {"blocks", "2", "blocks is not 1"},
                         {"blocks", "true", "integer"},
                         {"draws", "1", "no text"},
                         {"draws", "\"01\"", "draws is not"},
                         {"merchant_id", "0", "below 1"},
                         {"merchant_id", "null", "integer"},
                         {"legal_country_iso", "\"de\"", "two letters"},
                         {"site_order", "0", "below 1"},
                         {"site_order", "1.5", "no integer"},
                         {"colour", "1", "not allowed"}};
  for (const auto kind : {LineKind::assignment, LineKind::jitter}) {
    for (const auto& c : events) {
      const auto fault = fault_of(kind, c);
      EXPECT_EQ(fault.empty(), std::string_view(c.fault).empty()) << c.field << " " << fault;
      EXPECT_NE(fault.find(c.fault), std::string::npos) << c.field << " " << fault;
    }
  }
  for (const auto& c : {Case{"u", "1", "inside"}, Case{"u", "0.0", "inside"}, Case{"tile_id", "-1", "integer"},
                        Case{"u", "\"x\"", "no number"}}) {
    EXPECT_NE(fault_of(LineKind::assignment, c).find(c.fault), std::string::npos) << c.field;
  }
  for (const auto& c : {Case{"delta_lat_deg", "null", "no number"}, Case{"sigma_lon_deg", nullptr, "missing"},
                        Case{"u", "0.5", "not allowed"}}) {
    EXPECT_NE(fault_of(LineKind::jitter, c).find(c.fault), std::string::npos) << c.field;
  }
  for (const auto& c : {Case{"draws_total", "\"4\"", "integer"}, Case{"parameter_hash", "\"x\"", "not allowed"},
                        Case{"detail", "3", "not allowed"}}) {
    EXPECT_NE(fault_of(LineKind::trace, c).find(c.fault), std::string::npos) << c.field;
  }
  EXPECT_EQ(fault_of(LineKind::trace, {"detail", "\"note\"", ""}), "");
}

TEST(EventLine, AMalformedLineIsAFaultAndNoMore) {
  for (const auto* line : {"{", "[1]", "{\"a\":1}}", "null", "{\"a\":01}"}) {
    LineReader reader(LineKind::jitter, kRun);
    LineValues values;
    const auto problem = reader.read(line, values);
    ASSERT_NE(problem, nullptr) << line;
    EXPECT_TRUE(problem->malformed || std::string_view(line) == "{\"a\":1}") << line;
    EXPECT_TRUE(problem->no_key) << line;
  }
}

TEST(EventLine, AnotherRunIsToldApartFromABadOne) {
  auto json = Json::parse(line_of(LineKind::jitter, 9));
  json["run_id"] = std::string(32, 'd');
  LineReader reader(LineKind::jitter, kRun);
  LineValues values;
  const auto problem = reader.read(compact(json), values);
  ASSERT_NE(problem, nullptr);
  EXPECT_TRUE(problem->other_run);
  EXPECT_EQ(problem->run_id, std::string(32, 'd'));
  EXPECT_TRUE(problem->faults.empty());
}

}  // namespace
}  // namespace placewright::datasets
