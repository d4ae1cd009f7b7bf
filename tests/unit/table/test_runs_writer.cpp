// Runs written as runs read back as the rows they stand for.
#include <gtest/gtest.h>

#include <random>

#include "support/scratch.hpp"
#include "table/runs.hpp"

namespace placewright::table {
namespace {

const Schema kSchema = {{"name", Kind::text},
                        {"tile", Kind::u64, Encoding::delta},
                        {"row", Kind::u64, Encoding::delta},
                        {"lat", Kind::f64, Encoding::dictionary},
                        {"lon", Kind::f64, Encoding::byte_stream_split},
                        {"weight", Kind::i64, Encoding::delta}};

SplitNumbers some_numbers() {
  std::vector<double> values;
  for (int i = 0; i < 50'000; ++i) values.push_back(-180 + i / 137.0);
  return SplitNumbers(std::move(values));
}

// Runs of 1 to `longest` rows; first values leap up and down over the whole range of u64.
Runs random_runs(const SplitNumbers& numbers, std::size_t count, std::uint32_t longest, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Runs group;
  Counting tile;
  RepeatedNumber row;
  RepeatedReal lat;
  Slices lon{&numbers, {}};
  RepeatedInteger weight;
  for (std::size_t i = 0; i < count; ++i) {
    const auto length = static_cast<std::uint32_t>(1 + random() % longest);
    group.lengths.push_back(length);
    group.rows += length;
    tile.first.push_back(random() >> random() % 64);
    if (tile.first.back() > ~std::uint64_t{0} - length) tile.first.back() = 7;
    row.value.push_back(random() >> random() % 64);
    lat.value.push_back(static_cast<double>(random() % 300) / 7);
    lon.first.push_back(static_cast<std::uint32_t>(random() % (numbers.values().size() - length)));
  }
  for (std::size_t i = 0; i < count; ++i) weight.value.push_back(static_cast<std::int64_t>(random()) >> random() % 64);
  group.columns = {SameText{"FR"}, tile, row, lat, lon, weight};
  return group;
}

Result<WrittenFile> write_groups(const std::filesystem::path& file, const std::vector<Runs>& groups) {
  PW_TRY(auto writer, RunsWriter::create(file, kSchema));
  for (const auto& group : groups) PW_CHECK(writer.write(group));
  return writer.close();
}

void expect_rows(const Batch& batch, const Runs& group) {
  ASSERT_EQ(batch.rows, group.rows);
  const auto& tile = std::get<Counting>(group.columns[1]);
  const auto& lon = std::get<Slices>(group.columns[4]);
  std::size_t at = 0;
  for (std::size_t run = 0; run < group.lengths.size(); ++run) {
    for (std::uint32_t i = 0; i < group.lengths[run]; ++i, ++at) {
      ASSERT_EQ(batch.text(0).at(at), "FR");
      ASSERT_EQ(batch.u64(1)[at], tile.first[run] + i) << at;
      ASSERT_EQ(batch.u64(2)[at], std::get<RepeatedNumber>(group.columns[2]).value[run]) << at;
      ASSERT_EQ(batch.f64(3)[at], std::get<RepeatedReal>(group.columns[3]).value[run]) << at;
      ASSERT_EQ(batch.i64(5)[at], std::get<RepeatedInteger>(group.columns[5]).value[run]) << at;
      ASSERT_EQ(batch.f64(4)[at], lon.numbers->values()[lon.first[run] + i]) << at;
    }
  }
}

TEST(RunsWriter, RowsReadBackAreThoseOfTheRuns) {
  const auto numbers = some_numbers();
  const Scratch scratch;
  // One row; blocks of deltas that end early, exactly, late; several pages; rows of their own.
  const std::vector<std::pair<std::size_t, std::uint32_t>> shapes = {
      {1, 1},      {1, 40'000}, {3, 2},   {128, 1},  {129, 1},   {130, 1},    {161, 1},
      {1000, 700}, {5, 200},    {40, 33}, {5000, 1}, {9000, 40}, {30, 40'000}};
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const std::vector<Runs> groups = {random_runs(numbers, shapes[i].first, shapes[i].second, i),
                                      random_runs(numbers, 17, 9, 100 + i)};
    const auto written = write_groups(scratch / "a.parquet", groups);
    ASSERT_TRUE(written) << written.error().message();
    EXPECT_EQ(written->rows, groups[0].rows + groups[1].rows);
    EXPECT_EQ(written->bytes, std::filesystem::file_size(scratch / "a.parquet"));
    const auto data = Dataset::open(scratch / "a.parquet");
    ASSERT_TRUE(data) << data.error().message();
    ASSERT_EQ(data->groups(), 2U);
    for (std::size_t group = 0; group < 2; ++group) {
      const auto batch = data->read(group, kSchema);
      ASSERT_TRUE(batch) << batch.error().message();
      expect_rows(*batch, groups[group]);
    }
  }
}

TEST(RunsWriter, RefusesRunsThatDoNotFit) {
  const auto numbers = some_numbers();
  const Scratch scratch;
  auto writer = RunsWriter::create(scratch / "a.parquet", kSchema);
  ASSERT_TRUE(writer);
  const auto good = random_runs(numbers, 5, 5, 1);
  auto bad = good;
  bad.rows += 1;
  EXPECT_EQ(writer->write(bad).error().code(), "PW_DEFECT");
  bad = good;
  bad.columns.pop_back();
  EXPECT_EQ(writer->write(bad).error().code(), "PW_DEFECT");
  bad = good;
  std::swap(bad.columns[0], bad.columns[1]);
  EXPECT_EQ(writer->write(bad).error().code(), "PW_DEFECT");
  EXPECT_EQ(writer->write({}).error().code(), "PW_DEFECT");
}

TEST(RunsWriter, WithoutCloseThereIsNoFile) {
  const Scratch scratch;
  {
    const auto writer = RunsWriter::create(scratch / "a.parquet", kSchema);
    ASSERT_TRUE(writer);
  }
  EXPECT_FALSE(std::filesystem::exists(scratch / "a.parquet"));
}

}  // namespace
}  // namespace placewright::table
