#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "golden_run.hpp"
#include "verify/verify.hpp"

namespace placewright::verify {
namespace {

constexpr TileId kColumns = 2400;

GoldenRun uniform() { return {"fine-patch", "uniform", "tiles_center", kColumns}; }

std::set<std::string> codes(const Report& report) {
  std::set<std::string> codes;
  for (const auto& finding : report.findings) codes.insert(finding.code);
  return codes;
}
std::string first_text(const Report& report) {
  return report.findings.empty()
             ? std::string()
             : report.findings[0].code + " " + report.findings[0].where + ": " + report.findings[0].what;
}
using Codes = std::set<std::string>;

void flip_byte(const fs::path& file, std::streamoff at) {
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekg(at);
  const auto byte = static_cast<char>(stream.get() ^ 1);
  stream.seekp(at);
  stream.put(byte);
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::vector<std::string> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}
void write_lines(const fs::path& file, const std::vector<std::string>& lines) {
  std::ofstream out(file, std::ios::trunc);
  for (const auto& line : lines) out << line << "\n";
}

// Rewrites one part file after `change`.
template <class Change>
void edit(const fs::path& file, const table::Schema& schema, const Change& change) {
  auto batch = table::Dataset::open(file).value().read_all(schema).value();
  change(batch);
  fs::remove(file);
  auto writer = table::FileWriter::create(file, schema);
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->write(batch));
  ASSERT_TRUE(writer->close());
}

template <class T>
std::vector<T>& column(table::Batch& batch, std::size_t i) {
  return std::get<std::vector<T>>(batch.columns[i]);
}

TEST(Verify, EveryLawHoldsForWhatTheReferenceEngineDrew) {
  struct Case {
    const char *world, *name, *tiles;
    TileId columns;
  };
  for (const auto& c :
       {Case{"fine-patch", "uniform", "tiles_center", 2400}, Case{"fine-patch", "blend", "tiles_center", 2400},
        Case{"fine-patch", "overlap", "tiles_any_overlap", 2400},
        Case{"coarse-world", "shipped", "tiles_center", 720}}) {
    const GoldenRun run(c.world, c.name, c.tiles, c.columns);
    const auto report = run.verify();
    EXPECT_EQ(codes(report), Codes()) << c.name << ": " << first_text(report);
    EXPECT_EQ(report.proven.size(), 12U);
    EXPECT_GT(report.sites, 80U);
  }
}

TEST(Verify, AFlippedByteOfSiteLocationsBreaksItsCertificate) {
  const auto run = uniform();
  flip_byte(run.part("site_locations"), 100);
  EXPECT_EQ(codes(run.verify(true)), Codes{"E905_PARTITION_OR_IDENTITY"});
}

TEST(Verify, AnAddedOrMissingEgressFileIsFound) {
  const auto run = uniform();
  fs::copy(run.part("site_locations"), run.path("site_locations") / "part-00001.parquet");
  EXPECT_EQ(codes(run.verify(true)), Codes{"E905_PARTITION_OR_IDENTITY"});
  fs::remove(run.path("site_locations") / "part-00001.parquet");
  EXPECT_EQ(codes(run.verify(true)), Codes());
  fs::remove(run.part("site_locations"));
  EXPECT_TRUE(codes(run.verify(true)).contains("E905_PARTITION_OR_IDENTITY"));
}

TEST(Verify, AnEditedBundleFileBreaksTheFlag) {
  const auto run = uniform();
  flip_byte(run.path("validation_bundle_1B") / "rng_accounting.json", 20);
  EXPECT_EQ(codes(run.verify(true)), Codes{"E910_FLAG_BAD_OR_MISSING"});
}

TEST(Verify, TheGateRefusesWhatItsStepsForbid) {
  const auto run = uniform();
  const auto bundle = run.path("validation_bundle_1B");
  const auto flag = lines_of(bundle / "_passed.flag");
  write_lines(bundle / "extra.json", {"{}"});
  EXPECT_EQ(codes(run.verify(true)), Codes{"E909_INDEX_INVALID"});
  fs::remove(bundle / "extra.json");
  fs::remove(bundle / "_passed.flag");
  EXPECT_EQ(codes(run.verify(true)), Codes{"E910_FLAG_BAD_OR_MISSING"});
  write_lines(bundle / "_passed.flag", {"sha256_hex = " + std::string(64, 'A')});
  EXPECT_EQ(codes(run.verify(true)), Codes{"E910_FLAG_BAD_OR_MISSING"});
  write_lines(bundle / "_passed.flag", flag);
  fs::remove(bundle / "MANIFEST.json");
  EXPECT_EQ(codes(run.verify(true)), Codes{"E908_BUNDLE_CONTENTS_MISSING"});
}

TEST(Verify, AChangedInputIsNotTheSealedOne) {
  const auto run = uniform();
  flip_byte(run.external("licenses/license_map.yaml"), 3);
  EXPECT_EQ(codes(run.verify(true)), Codes{"VER_INPUT_CHANGED"});
}

TEST(Verify, AMovedPointIsNoLongerCentrePlusJitter) {
  const auto run = uniform();
  edit(run.part("site_locations"), datasets::kSiteLocations,
       [](table::Batch& rows) { column<double>(rows, 3)[5] += 1e-6; });
  const auto found = codes(run.verify());
  EXPECT_TRUE(found.contains("VER_COORDINATES"));
  EXPECT_TRUE(found.contains("E905_PARTITION_OR_IDENTITY"));
}

TEST(Verify, AMissingEventIsMissed) {
  for (const char* dataset : {"rng_event_site_tile_assign", "rng_event_in_cell_jitter"}) {
    const auto run = uniform();
    const auto file = run.path(dataset) / "part-00000.jsonl";
    auto lines = lines_of(file);
    lines.pop_back();
    write_lines(file, lines);
    EXPECT_EQ(codes(run.verify()), Codes{"VER_EVENT"}) << dataset;
  }
}

TEST(Verify, AnEditedUniformIsNotWhatTheStreamGives) {
  const auto run = uniform();
  const auto file = run.path("rng_event_site_tile_assign") / "part-00000.jsonl";
  auto lines = lines_of(file);
  auto event = Json::parse(lines[7]);
  event["u"] = 0.5;
  lines[7] = compact(event);
  write_lines(file, lines);
  EXPECT_EQ(codes(run.verify()), Codes{"VER_DRAW"});
}

TEST(Verify, SwappedTilesOfAPairAreNotDealtByItsDraws) {
  const auto run = uniform();
  edit(run.part("s5_site_tile_assignment"), datasets::kAssignment, [](table::Batch& rows) {
    auto& tile = column<std::uint64_t>(rows, 3);
    std::size_t i = 0;
    while (tile[i] == tile[i + 1] || rows.i64(2)[i + 1] != rows.i64(2)[i] + 1) ++i;
    std::swap(tile[i], tile[i + 1]);
  });
  const auto found = codes(run.verify());
  EXPECT_TRUE(found.contains("VER_DRAW"));
  EXPECT_TRUE(found.contains("VER_TILE"));
}

TEST(Verify, AnAllocationThatDoesNotSumIsFound) {
  const auto run = uniform();
  edit(run.part("s4_alloc_plan"), datasets::kAllocPlan, [](table::Batch& rows) { ++column<std::int64_t>(rows, 3)[0]; });
  EXPECT_EQ(codes(run.verify()), Codes{"VER_ALLOCATION"});
}

TEST(Verify, ADemandThatTheCatalogueDoesNotHoldIsFound) {
  const auto run = uniform();
  edit(run.part("s3_requirements"), datasets::kRequirements,
       [](table::Batch& rows) { --column<std::int64_t>(rows, 2)[0]; });
  EXPECT_TRUE(codes(run.verify()).contains("VER_DEMAND"));
}

}  // namespace
}  // namespace placewright::verify
