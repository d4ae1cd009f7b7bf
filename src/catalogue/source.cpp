#include "catalogue/source.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <cerrno>
#include <string>
#include <vector>

#include "store/files.hpp"

namespace placewright::catalogue {
namespace {

constexpr std::size_t kInput = 256 * 1024;
// Zstandard frames that need a larger window than its own tools accept by default are refused: 128 MiB.
constexpr int kWindowLog = 27;

Error damaged(const std::filesystem::path& file, std::string_view reason) {
  return Error("IMP_COMPRESSION", file.string() + " cannot be unpacked: " + std::string(reason));
}

enum class Packing { none, gzip, zstd };

class PlainSource : public ByteSource {
 public:
  PlainSource(std::filesystem::path file, int fd) : file_(std::move(file)), fd_(fd) {}
  ~PlainSource() override { ::close(fd_); }
  PlainSource(const PlainSource&) = delete;
  PlainSource& operator=(const PlainSource&) = delete;

  Result<std::size_t> read(char* target, std::size_t size) override {
    std::size_t done = 0;
    while (done < size) {
      const auto n = ::read(fd_, target + done, size - done);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return store::file_error(file_, "cannot read", errno);
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  }

  Result<Packing> packing() {
    std::array<char, 4> head{};
    PW_TRY(const auto n, read(head.data(), head.size()));
    if (::lseek(fd_, 0, SEEK_SET) < 0) return store::file_error(file_, "cannot rewind", errno);
    const std::string_view text(head.data(), n);
    if (text.starts_with("\x1f\x8b")) return Packing::gzip;
    return text == "\x28\xb5\x2f\xfd" ? Packing::zstd : Packing::none;
  }

  const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path file_;
  int fd_;
};

class GzipSource : public ByteSource {
 public:
  explicit GzipSource(std::unique_ptr<PlainSource> packed) : packed_(std::move(packed)), input_(kInput) {}
  ~GzipSource() override {
    if (ready_) inflateEnd(&stream_);
  }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  Result<void> start() {
    // 15 bits of window; 16 asks for the gzip wrapper and its checksum.
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) return damaged(packed_->file(), "no memory");
    ready_ = true;
    return {};
  }

  Result<std::size_t> read(char* target, std::size_t size) override {
    stream_.next_out = reinterpret_cast<Bytef*>(target);
    stream_.avail_out = static_cast<uInt>(size);
    while (stream_.avail_out > 0) {
      if (stream_.avail_in == 0) {
        PW_TRY(const auto n, packed_->read(input_.data(), input_.size()));
        if (n == 0) {
          if (inside_) return damaged(packed_->file(), "it ends early");
          break;
        }
        stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
        stream_.avail_in = static_cast<uInt>(n);
      }
      inside_ = true;
      const int state = inflate(&stream_, Z_NO_FLUSH);
      if (state == Z_STREAM_END) {
        inside_ = false;
        inflateReset(&stream_);
      } else if (state != Z_OK && state != Z_BUF_ERROR) {
        return damaged(packed_->file(), stream_.msg ? stream_.msg : "not a gzip stream");
      }
    }
    return size - stream_.avail_out;
  }

 private:
  std::unique_ptr<PlainSource> packed_;
  std::vector<char> input_;
  z_stream stream_{};
  bool ready_ = false;
  bool inside_ = true;  // a member has begun and not ended
};

class ZstdSource : public ByteSource {
 public:
  explicit ZstdSource(std::unique_ptr<PlainSource> packed)
      : packed_(std::move(packed)), stream_(ZSTD_createDStream()), input_(kInput) {
    ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kWindowLog);
  }
  ~ZstdSource() override { ZSTD_freeDStream(stream_); }
  ZstdSource(const ZstdSource&) = delete;
  ZstdSource& operator=(const ZstdSource&) = delete;

  Result<std::size_t> read(char* target, std::size_t size) override {
    ZSTD_outBuffer out{target, size, 0};
    while (out.pos < out.size) {
      if (in_.pos == in_.size) {
        PW_TRY(const auto n, packed_->read(input_.data(), input_.size()));
        in_ = {input_.data(), n, 0};
        if (n == 0 && inside_) {
          // All input is consumed, but the decoder may still hold output.
          const auto before = out.pos;
          PW_CHECK(step(out));
          if (out.pos == before && inside_) return damaged(packed_->file(), "it ends early");
          continue;
        }
        if (n == 0) break;
      }
      PW_CHECK(step(out));
    }
    return out.pos;
  }

 private:
  Result<void> step(ZSTD_outBuffer& out) {
    const auto state = ZSTD_decompressStream(stream_, &out, &in_);
    if (ZSTD_isError(state)) return damaged(packed_->file(), ZSTD_getErrorName(state));
    inside_ = state != 0;
    return {};
  }

  std::unique_ptr<PlainSource> packed_;
  ZSTD_DStream* stream_;
  std::vector<char> input_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  bool inside_ = true;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> open_source(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return Error("PW_INPUT", "there is no file " + file.string());
  if (fd < 0) return store::file_error(file, "cannot open", errno);
  auto plain = std::make_unique<PlainSource>(file, fd);
  PW_TRY(const auto packing, plain->packing());
  if (packing == Packing::gzip) {
    auto packed = std::make_unique<GzipSource>(std::move(plain));
    PW_CHECK(packed->start());
    return std::unique_ptr<ByteSource>(std::move(packed));
  }
  if (packing == Packing::zstd) return std::unique_ptr<ByteSource>(std::make_unique<ZstdSource>(std::move(plain)));
  return std::unique_ptr<ByteSource>(std::move(plain));
}

}  // namespace placewright::catalogue
