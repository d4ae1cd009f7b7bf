#include "catalogue/pack.hpp"

#include "catalogue/pack_writer.hpp"
#include "hash/sha256.hpp"
#include "scratch.hpp"

namespace placewright::catalogue {
namespace {

const std::string kCounts = "merchant_id,country_iso,outlets\n1,DE,2\n1,FR,1\n2,NA,5\n";

// Writes SHA256SUMS anew, as somebody would who edits a pack by hand.
void seal(const std::filesystem::path& folder) {
  std::filesystem::remove(folder / "SHA256SUMS");
  std::string sums;
  const auto names = hash::files_below(folder);
  for (const auto& name : *names) sums += hash::sha256_file(folder / name)->sha256_hex + "  " + name + "\n";
  std::ofstream(folder / "SHA256SUMS") << sums;
}

// A pairs or merchants table in the place of the pack's own.
void replace(const std::filesystem::path& folder, const char* file, const char* country, std::vector<std::uint64_t> merchants,
             std::vector<std::string> countries, std::vector<std::int64_t> numbers) {
  auto writer = table::FileWriter::create(folder / file, {{"merchant_id", table::Kind::u64}, {country, table::Kind::text}, {country[0] == 'h' ? "total" : "outlets", table::Kind::i64}});
  table::Batch batch;
  batch.rows = merchants.size();
  std::vector<Iso> isos;
  for (const auto& text : countries) isos.push_back(*Iso::parse(text));
  batch.columns.emplace_back(std::move(merchants));
  batch.columns.emplace_back(table::iso_column(isos));
  batch.columns.emplace_back(std::move(numbers));
  ASSERT_TRUE(writer->write(batch) && writer->close());
  seal(folder);
}

std::string read_code(const std::filesystem::path& folder) {
  const auto pack = open_pack(folder);
  if (!pack) return pack.error().code();
  const auto read = for_each_merchant(*pack, [](const Merchant&) { return Result<void>(); });
  return read ? "" : read.error().code();
}

}  // namespace

TEST(Pack, IsLeftAloneWhenEqualAndRefusedWhenItHoldsSomethingElse) {
  const Scratch scratch;
  const auto first = scratch.import(kCounts, "pack");
  const auto again = scratch.import(kCounts, "pack");
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(first->pack_digest, again->pack_digest);
  EXPECT_EQ(*pack_digest(scratch.path("pack")), first->pack_digest);
  EXPECT_EQ(scratch.import(kCounts + "3,DE,1\n", "pack").error().code(), "PW_OTHER_RUN");
  std::filesystem::create_directory(scratch.path("mine"));
  scratch.write("mine/letter.txt", "dear");
  EXPECT_EQ(scratch.import(kCounts, "mine").error().code(), "PW_OTHER_RUN");
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path(""))) {
    EXPECT_EQ(entry.path().filename().string().find(".part-"), std::string::npos) << "left behind: " << entry.path();
  }
}

TEST(Pack, SaysWhereItCameFromWithoutNameAndClock) {
  const Scratch scratch;
  ASSERT_TRUE(scratch.import(kCounts, "pack"));
  const auto pack = open_pack(scratch.path("pack"));
  ASSERT_TRUE(pack);
  EXPECT_EQ(pack->provenance["source"]["sha256"], hash::sha256_hex(kCounts));
  EXPECT_EQ(pack->provenance["rows"], 3);
  EXPECT_EQ(pack->provenance["outlets"], 8);
  std::filesystem::rename(scratch.path("catalogue.csv"), scratch.path("renamed.csv"));
  work::Pool pool(1);
  ImportOptions options;
  options.file = scratch.path("renamed.csv");
  options.out = scratch.path("pack");
  const auto again = import_file(options, pool);
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(again->pack_digest, pack->digest);
}

TEST(Pack, IsDamagedWhenAByteAFileOrAnOrderIsWrong) {
  const Scratch scratch;
  auto fresh = [&, n = 0]() mutable {
    const auto name = "pack" + std::to_string(n++);
    EXPECT_TRUE(scratch.import(kCounts, name));
    return scratch.path(name);
  };
  auto folder = fresh();
  EXPECT_EQ(read_code(folder), "");
  auto bytes = Scratch::read(folder / "pairs.parquet");
  bytes[bytes.size() / 2] ^= 1;
  std::ofstream(folder / "pairs.parquet", std::ios::binary) << bytes;
  EXPECT_EQ(read_code(folder), "IMP_PACK_DAMAGED");

  folder = fresh();
  std::ofstream(folder / "extra.txt") << "x";
  EXPECT_EQ(read_code(folder), "IMP_PACK_DAMAGED");
  folder = fresh();
  std::filesystem::remove(folder / "merchants.parquet");
  EXPECT_EQ(read_code(folder), "IMP_PACK_DAMAGED");
  folder = fresh();
  std::ofstream(folder / "SHA256SUMS") << "no digest\n";
  EXPECT_EQ(read_code(folder), "IMP_PACK_DAMAGED");
  EXPECT_EQ(open_pack(scratch.path("absent")).error().code(), "PW_INPUT");
}

TEST(Pack, IsHeldToItsLawsEvenWhenItsChecksumsAgree) {
  const Scratch scratch;
  ASSERT_TRUE(scratch.import(kCounts, "pack"));
  const auto folder = scratch.path("pack");
  const auto pairs = [&](std::vector<std::uint64_t> merchants, std::vector<std::string> countries, std::vector<std::int64_t> outlets) {
    replace(folder, "pairs.parquet", "legal_country_iso", std::move(merchants), std::move(countries), std::move(outlets));
    return read_code(folder);
  };
  EXPECT_EQ(pairs({1, 1, 2}, {"DE", "FR", "NA"}, {2, 1, 5}), "");
  EXPECT_EQ(pairs({1, 1, 2}, {"FR", "DE", "NA"}, {2, 1, 5}), "IMP_PACK_DAMAGED");
  EXPECT_EQ(pairs({1, 1, 2}, {"DE", "FR", "NA"}, {2, 1, 6}), "IMP_PACK_DAMAGED");
  EXPECT_EQ(pairs({1, 1, 2}, {"DE", "FR", "NA"}, {3, 0, 5}), "IMP_PACK_DAMAGED");
  EXPECT_EQ(pairs({2, 1, 1}, {"NA", "DE", "FR"}, {5, 2, 1}), "IMP_PACK_DAMAGED");
  EXPECT_EQ(pairs({1, 1, 2, 3}, {"DE", "FR", "NA", "NA"}, {2, 1, 5, 1}), "IMP_PACK_DAMAGED");
  EXPECT_EQ(pairs({1, 1}, {"DE", "FR"}, {2, 1}), "IMP_PACK_DAMAGED");
}

}  // namespace placewright::catalogue
