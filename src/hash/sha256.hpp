// SHA-256 of bytes, files and folders, and the spec's length-prefixed strings.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace placewright::hash {

using Digest = std::array<std::uint8_t, 32>;

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(std::span<const std::byte> bytes);
  void update(std::string_view bytes);
  Digest digest();  // ends the computation; the object may not be used again

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A message whose beginning never changes, e.g. the label of a family of streams: the beginning is hashed once.
// Safe to use from many threads.
class Sha256Prefix {
 public:
  explicit Sha256Prefix(std::string_view prefix);
  Digest digest_with(std::string_view tail) const;  // of prefix || tail

 private:
  std::array<std::uint32_t, 28> state_;
};

Digest sha256(std::string_view bytes);
std::string hex(const Digest& digest);  // 64 lower-case digits
std::string sha256_hex(std::string_view bytes);
Result<Digest> digest_from_hex(std::string_view hex64);

// uer(s) = LE32(byte length) || bytes; le64(v) = 8 bytes, little end first (spec S5-S6 §1.1).
std::string uer(std::string_view text);
std::string le64(std::uint64_t value);
std::string raw(const Digest& digest);

struct FileDigest {
  std::uint64_t bytes = 0;
  std::string sha256_hex;
};

// A file that changes size or modification time while it is read is an error (PW_IO).
Result<FileDigest> sha256_file(const std::filesystem::path& file);

// Digest of a partition (spec S0 §1.7): all regular files below `folder`, sorted by relative path with '/' in
// code-point order, bytes concatenated; names are not hashed. An empty folder gives the digest of nothing.
Result<FileDigest> sha256_folder(const std::filesystem::path& folder);

// Regular files below `folder` as relative paths with '/', in the order above.
Result<std::vector<std::string>> files_below(const std::filesystem::path& folder);

// Surface signature (spec S2-S4 §3.7): relative path LF size LF for each *.parquet below `folder`.
Result<std::string> surface_signature(const std::filesystem::path& folder);

// parameter_hash and manifest_fingerprint laws (spec S0 §1.2, §1.3).
struct NamedDigest {
  std::string name;  // ASCII
  Digest digest;     // of the content
};
// SHA-256 over part(name, content) in code-point order of the names, then `tail`. Duplicate or non-ASCII names are
// an error (PW_INPUT).
Result<Digest> digest_of_parts(std::vector<NamedDigest> parts, std::string_view tail = {});

}  // namespace placewright::hash
