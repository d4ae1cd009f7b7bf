#include "hash/sha256.hpp"
#include "sample.hpp"

namespace placewright::table {
namespace {

WrittenFile write(const std::filesystem::path& file, std::size_t rows, std::size_t step, WriteOptions options = {}) {
  auto writer = FileWriter::create(file, kEveryKind, std::move(options));
  EXPECT_TRUE(writer) << writer.error().message();
  for (std::size_t first = 0; first < rows; first += step) {
    const auto written = writer->write(sample(first, std::min(step, rows - first)));
    EXPECT_TRUE(written);
  }
  auto closed = writer->close();
  EXPECT_TRUE(closed) << closed.error().message();
  return *closed;
}

TEST(FileWriter, EveryKindComesBackAsItWas) {
  const Scratch scratch;
  write(scratch / "a.parquet", 5000, 5000);
  const auto dataset = Dataset::open(scratch / "a.parquet");
  ASSERT_TRUE(dataset) << dataset.error().message();
  EXPECT_EQ(dataset->rows(), 5000U);
  const auto back = dataset->read_all(kEveryKind);
  ASSERT_TRUE(back) << back.error().message();
  expect_equal(*back, sample(0, 5000));
}

TEST(FileWriter, CountsAndHashesWhatItWrote) {
  const Scratch scratch;
  const auto written = write(scratch / "below/a.parquet", 100, 100);
  EXPECT_EQ(written.name, "a.parquet");
  EXPECT_EQ(written.rows, 100U);
  const auto bytes = content(scratch / "below/a.parquet");
  EXPECT_EQ(written.bytes, bytes.size());
  EXPECT_EQ(written.sha256_hex, hash::sha256_hex(bytes));
}

TEST(FileWriter, BytesDoNotDependOnHowTheRowsCame) {
  const Scratch scratch;
  WriteOptions options;
  options.rows_per_group = 1000;
  const auto whole = write(scratch / "a.parquet", 5500, 5500, options);
  for (const std::size_t step : {1U, 7U, 333U, 1000U, 1001U, 2500U}) {
    EXPECT_EQ(write(scratch / "b.parquet", 5500, step, options).sha256_hex, whole.sha256_hex) << "step " << step;
  }
  for (const std::size_t before : {0U, 300U, 1000U, 5500U}) {  // rows written before the last ones
    auto writer = FileWriter::create(scratch / "b.parquet", kEveryKind, options);
    ASSERT_TRUE(writer && writer->write(sample(0, before)));
    const auto closed = writer->close(sample(before, 5500 - before));
    ASSERT_TRUE(closed) << closed.error().message();
    EXPECT_EQ(closed->sha256_hex, whole.sha256_hex) << "before " << before;
    EXPECT_FALSE(writer->close(sample(0, 1)));
  }
}

TEST(FileWriter, CutsRowGroupsExactly) {
  const Scratch scratch;
  WriteOptions options;
  options.rows_per_group = 1000;
  write(scratch / "a.parquet", 2500, 600, options);
  const auto dataset = Dataset::open(scratch / "a.parquet");
  ASSERT_TRUE(dataset);
  ASSERT_EQ(dataset->groups(), 3U);
  EXPECT_EQ(dataset->group_rows(0), 1000U);
  EXPECT_EQ(dataset->group_rows(2), 500U);
  const auto middle = dataset->read(1, kEveryKind);
  ASSERT_TRUE(middle);
  expect_equal(*middle, sample(1000, 1000));
  const auto all = dataset->read_all(kEveryKind);
  ASSERT_TRUE(all);
  expect_equal(*all, sample(0, 2500));
}

TEST(FileWriter, NoRowsMakeAFileWithColumns) {
  const Scratch scratch;
  write(scratch / "a.parquet", 0, 1);
  const auto dataset = Dataset::open(scratch / "a.parquet");
  ASSERT_TRUE(dataset);
  EXPECT_EQ(dataset->groups(), 0U);
  EXPECT_TRUE(dataset->has("tags"));
  const auto all = dataset->read_all(kEveryKind);
  ASSERT_TRUE(all);
  expect_equal(*all, sample(0, 0));
}

TEST(FileWriter, KeepsFileLevelKeys) {
  const Scratch scratch;
  WriteOptions options;
  options.metadata = {{"geo", "{\"version\":\"1.0.0\"}"}, {"other", "x"}};
  write(scratch / "a.parquet", 3, 3, options);
  const auto dataset = Dataset::open(scratch / "a.parquet");
  ASSERT_TRUE(dataset);
  EXPECT_EQ(dataset->metadata("geo"), "{\"version\":\"1.0.0\"}");
  EXPECT_EQ(dataset->metadata("ARROW:schema"), "");
}

TEST(FileWriter, NullColumnsHoldNothingButNulls) {
  const Scratch scratch;
  const Schema schema = {{"id", Kind::u64},       {"text", Kind::text},      {"number", Kind::f64},
                         {"flag", Kind::boolean}, {"list", Kind::text_list}, {"day", Kind::date32}};
  WriteOptions options;
  options.null_columns = {"text", "number", "flag", "list", "day"};
  auto writer = FileWriter::create(scratch / "a.parquet", schema, options);
  ASSERT_TRUE(writer);
  Batch batch;
  batch.rows = 3;
  batch.columns = {std::vector<std::uint64_t>{1, 2, 3}, TextColumn{}, {}, {}, {}, {}};
  ASSERT_TRUE(writer->write(batch));
  ASSERT_TRUE(writer->close());
  const auto dataset = Dataset::open(scratch / "a.parquet");
  ASSERT_TRUE(dataset->read_all({{"id", Kind::u64}}));
  for (std::size_t i = 1; i < schema.size(); ++i) {
    const auto read = dataset->read_all({schema[i]});
    ASSERT_FALSE(read) << schema[i].name;
    EXPECT_NE(read.error().message().find("row 1"), std::string::npos) << read.error().message();
  }
}

TEST(FileWriter, RefusesABatchOfAnotherShape) {
  const Scratch scratch;
  const Schema schema = {{"id", Kind::u64}, {"iso", Kind::text}};
  const auto refused = [&](Batch batch) {
    auto writer = FileWriter::create(scratch / "a.parquet", schema);
    const auto written = writer->write(batch);
    return !written && written.error().code() == "PW_DEFECT" && !writer->close();
  };
  const std::vector<std::uint64_t> ids = {1, 2};
  EXPECT_TRUE(refused({2, {ids}}));
  EXPECT_TRUE(refused({2, {ids, ids}}));
  EXPECT_TRUE(refused({3, {ids, TextColumn{{"DE"}, {0, 0, 0}}}}));
  EXPECT_TRUE(refused({2, {ids, TextColumn{{"DE"}, {0, 1}}}}));
}

TEST(FileWriter, AFileNeverClosedLeavesNothing) {
  const Scratch scratch;
  {
    auto writer = FileWriter::create(scratch / "a.parquet", kEveryKind);
    ASSERT_TRUE(writer->write(sample(0, 10)));
  }
  EXPECT_FALSE(std::filesystem::exists(scratch / "a.parquet"));
}

TEST(FileWriter, AFullDiskIsNamed) {
  ASSERT_TRUE(std::filesystem::exists("/dev/full"));
  const Scratch scratch;
  std::filesystem::create_symlink("/dev/full", scratch / "a.parquet");
  auto writer = FileWriter::create(scratch / "a.parquet", kEveryKind);
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->write(sample(0, 10)));
  const auto closed = writer->close();
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code(), "PW_NO_SPACE") << closed.error().message();
}

TEST(FileWriter, AFolderThatCannotBeMadeIsNamed) {
  const Scratch scratch;
  put(scratch / "file", "x");
  const auto writer = FileWriter::create(scratch / "file/a.parquet", kEveryKind);
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().code(), "PW_IO");
}

}  // namespace
}  // namespace placewright::table
