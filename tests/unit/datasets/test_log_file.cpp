#include <gtest/gtest.h>
#include <unistd.h>

#include <random>

#include "datasets/log_file.hpp"

namespace placewright::datasets {
namespace {

TEST(LogPieces, HoldEveryLineOnceAndWhole) {
  const auto file = std::filesystem::temp_directory_path() / ("pw_pieces_" + std::to_string(::getpid()));
  std::mt19937_64 random(4);
  for (int round = 0; round < 4; ++round) {
    std::string text;
    // Round 2 has a line longer than two pieces; rounds 1 and 3 end without a line feed.
    while (text.size() < (9U << 20))
      text += std::string(random() % 3000, static_cast<char>('a' + random() % 26)) + "\n";
    if (round == 2) text.insert(text.find('\n', 3U << 20) + 1, std::string(9U << 20, 'z') + "\n");
    if (round % 2 == 1) text += "tail";
    auto writer = LogWriter::create(file).value();
    ASSERT_TRUE(writer.write(text));
    ASSERT_TRUE(writer.close());
    const auto pieces = LogPieces::open(file).value();
    std::string joined;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const auto piece = pieces.read(i).value();
      EXPECT_TRUE(piece.empty() || piece.back() == '\n' || joined.size() + piece.size() == text.size());
      joined += piece;
    }
    EXPECT_EQ(joined, text);
  }
  std::filesystem::remove(file);
}

TEST(Lines, AreNumberedFromOneAndBlankOnesPassedOver) {
  std::vector<std::pair<std::string, std::uint64_t>> seen;
  EXPECT_EQ(for_each_line("a\n\n \t\r\nb",
                          [&](std::string_view line, std::uint64_t number) { seen.emplace_back(line, number); }),
            4U);
  EXPECT_EQ(seen, (std::vector<std::pair<std::string, std::uint64_t>>{{"a", 1}, {"b", 4}}));
}

}  // namespace
}  // namespace placewright::datasets
