// The low-level SHA256_* calls work on a plain struct, which can be copied with the prefix it has absorbed; the EVP
// form allocates for every copy. They stay in OpenSSL 3, marked as deprecated.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "hash/sha256.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/text.hpp"

namespace placewright::hash {
namespace {

namespace fs = std::filesystem;

Error io_error(const fs::path& file, const std::string& doing, int reason) {
  return Error("PW_IO", doing + " " + file.string() + ": " + std::strerror(reason));
}

// Feeds the file to `into`; returns its size.
Result<std::uint64_t> feed(const fs::path& file, Sha256& into) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return io_error(file, "cannot open", errno);
  struct stat before {};
  ::fstat(fd, &before);
  std::vector<std::byte> buffer(1U << 20);
  std::uint64_t total = 0;
  ssize_t n = 0;
  while ((n = ::read(fd, buffer.data(), buffer.size())) != 0) {
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    into.update(std::span(buffer.data(), static_cast<std::size_t>(n)));
    total += static_cast<std::uint64_t>(n);
  }
  const int reason = errno;
  struct stat after {};
  ::fstat(fd, &after);
  ::close(fd);
  if (n < 0) return io_error(file, "cannot read", reason);
  const bool changed = before.st_size != after.st_size || before.st_mtim.tv_sec != after.st_mtim.tv_sec ||
                       before.st_mtim.tv_nsec != after.st_mtim.tv_nsec;
  if (changed) return Error("PW_IO", file.string() + " changed while it was read");
  return total;
}

}  // namespace

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() { EVP_DigestInit_ex(context, EVP_sha256(), nullptr); }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::span<const std::byte> bytes) { EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()); }
void Sha256::update(std::string_view bytes) { EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()); }

Digest Sha256::digest() {
  Digest out{};
  EVP_DigestFinal_ex(state_->context, out.data(), nullptr);
  return out;
}

Sha256Prefix::Sha256Prefix(std::string_view prefix) {
  static_assert(sizeof(SHA256_CTX) == sizeof(state_));
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, prefix.data(), prefix.size());
  std::memcpy(state_.data(), &context, sizeof context);
}

Digest Sha256Prefix::digest_with(std::string_view tail) const {
  SHA256_CTX context;
  std::memcpy(&context, state_.data(), sizeof context);
  SHA256_Update(&context, tail.data(), tail.size());
  Digest out{};
  SHA256_Final(out.data(), &context);
  return out;
}

Digest sha256(std::string_view bytes) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  Digest out{};
  SHA256_Final(out.data(), &context);
  return out;
}

std::string hex(const Digest& digest) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(64);
  for (const auto byte : digest) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string sha256_hex(std::string_view bytes) { return hex(sha256(bytes)); }

Result<Digest> digest_from_hex(std::string_view hex64) {
  if (!is_hex(hex64, 64)) return Error("PW_INPUT", "not 64 lower-case hex digits: \"" + std::string(hex64) + "\"");
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  Digest out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<std::uint8_t>(value(hex64[2 * i]) * 16 + value(hex64[2 * i + 1]));
  }
  return out;
}

std::string le64(std::uint64_t value) {
  std::string out(8, '\0');
  for (int i = 0; i < 8; ++i) out[static_cast<std::size_t>(i)] = static_cast<char>(value >> (8 * i));
  return out;
}

std::string uer(std::string_view text) {
  std::string out = le64(text.size()).substr(0, 4);
  out += text;
  return out;
}

std::string raw(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

Result<FileDigest> sha256_file(const fs::path& file) {
  Sha256 whole;
  PW_TRY(const auto bytes, feed(file, whole));
  return FileDigest{bytes, hex(whole.digest())};
}

Result<std::vector<std::string>> files_below(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->is_regular_file(error)) names.push_back(it->path().lexically_relative(folder).generic_string());
  }
  if (error) return io_error(folder, "cannot list", error.value());
  std::ranges::sort(names);
  return names;
}

Result<FileDigest> sha256_folder(const fs::path& folder) {
  PW_TRY(const auto names, files_below(folder));
  Sha256 whole;
  std::uint64_t bytes = 0;
  for (const auto& name : names) {
    PW_TRY(const auto size, feed(folder / name, whole));
    bytes += size;
  }
  return FileDigest{bytes, hex(whole.digest())};
}

Result<std::string> surface_signature(const fs::path& folder) {
  PW_TRY(const auto names, files_below(folder));
  std::string text;
  for (const auto& name : names) {
    if (!name.ends_with(".parquet")) continue;
    std::error_code error;
    const auto size = fs::file_size(folder / name, error);
    if (error) return io_error(folder / name, "cannot measure", error.value());
    text += name + "\n" + std::to_string(size) + "\n";
  }
  return sha256_hex(text);
}

Result<Digest> digest_of_parts(std::vector<NamedDigest> parts, std::string_view tail) {
  std::ranges::sort(parts, {}, &NamedDigest::name);
  std::string whole;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto& name = parts[i].name;
    if (std::ranges::any_of(name, [](unsigned char c) { return c >= 0x80; }))
      return Error("PW_INPUT", "the name " + name + " is not ASCII");
    if (i > 0 && parts[i - 1].name == name) return Error("PW_INPUT", "two files are named " + name);
    whole += raw(sha256(uer(name) + raw(parts[i].digest)));
  }
  whole += tail;
  return sha256(whole);
}

}  // namespace placewright::hash
