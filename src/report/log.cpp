#include "report/log.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <mutex>

#include "base/text.hpp"

namespace placewright::report {
namespace {

std::string now_text() {
  const auto now = std::chrono::system_clock::now();
  const auto seconds = std::chrono::system_clock::to_time_t(now);
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm local{};
  localtime_r(&seconds, &local);
  std::array<char, 96> text;
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d %02d:%02d:%02d,%03d", local.tm_year + 1900, local.tm_mon + 1,
                local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec, static_cast<int>(millis));
  return text.data();
}

std::string fixed2(double value) {
  std::array<char, 96> text;
  std::snprintf(text.data(), text.size(), "%.2f", value);
  return text.data();
}

std::string hms(double seconds) {
  const auto whole = static_cast<long long>(seconds);
  std::array<char, 96> text;
  std::snprintf(text.data(), text.size(), "%02lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
  return text.data();
}

std::string utc_in(double seconds) {
  const auto at = std::time(nullptr) + static_cast<std::time_t>(seconds);
  std::tm utc{};
  gmtime_r(&at, &utc);
  std::array<char, 96> text;
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text.data();
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;  // a log that cannot be written must not stop a run
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace

struct Log::State {
  std::mutex mutex;
  Verbosity verbosity = Verbosity::normal;
  bool terminal = false;
  bool line_open = false;  // a progress line is being redrawn
  int file = -1;
  std::string logger = "engine.placewright";
  double began = wall_seconds();
  double last = began;

  ~State() {
    if (file >= 0) ::close(file);
  }

  void to_file(std::string_view level, std::string_view message) {
    if (file < 0) return;
    std::string line = now_text() + " [" + std::string(level) + "] " + logger + ": ";
    line.append(message).append("\n");
    write_all(file, line);
  }
  void show(std::string_view prefix, std::string_view message) {
    if (verbosity == Verbosity::quiet && prefix.empty()) return;
    std::string line = line_open ? "\r\x1b[K" : "";
    line_open = false;
    line.append(prefix).append(message).append("\n");
    write_all(STDERR_FILENO, line);
  }
};

Log::Log(Verbosity verbosity) : state_(std::make_unique<State>()) {
  state_->verbosity = verbosity;
  state_->terminal = ::isatty(STDERR_FILENO) == 1;
}

Log::~Log() = default;

Result<void> Log::open(const std::filesystem::path& file) {
  std::lock_guard lock(state_->mutex);
  if (state_->file >= 0) ::close(state_->file);
  state_->file = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (state_->file < 0) {
    const int reason = errno;
    return Error(reason == ENOSPC ? "PW_NO_SPACE" : "PW_IO",
                 "cannot open the run log " + file.string() + ": " + std::strerror(reason));
  }
  return {};
}

void Log::logger(std::string_view name) {
  std::lock_guard lock(state_->mutex);
  state_->logger = name;
}

void Log::info(std::string_view message) {
  std::lock_guard lock(state_->mutex);
  state_->to_file("INFO", message);
  state_->show("", message);
}

void Log::warn(std::string_view message) {
  std::lock_guard lock(state_->mutex);
  state_->to_file("WARNING", message);
  state_->show("warning: ", message);
}

void Log::error(std::string_view message) {
  std::lock_guard lock(state_->mutex);
  state_->to_file("ERROR", message);
  state_->show("error: ", message);
}

void Log::record(std::string_view level, std::string_view message) {
  std::lock_guard lock(state_->mutex);
  state_->to_file(level, message);
}

void Log::start_clock() {
  std::lock_guard lock(state_->mutex);
  state_->began = state_->last = wall_seconds();
}

void Log::step(std::string_view message) {
  std::lock_guard lock(state_->mutex);
  const double now = wall_seconds();
  state_->to_file("INFO", std::string(message) + " (elapsed=" + fixed2(now - state_->began) +
                              "s, delta=" + fixed2(now - state_->last) + "s)");
  state_->last = now;
}

struct Progress::State {
  Log::State& log;
  std::string label;
  std::uint64_t total;
  std::atomic<std::uint64_t> done{0};
  double began = wall_seconds();
  std::atomic<double> said{began};

  void say(std::uint64_t count, bool last) {
    const double elapsed = wall_seconds() - began;
    const double rate = elapsed > 0 ? static_cast<double>(count) / elapsed : 0;
    std::string text = label;
    if (total > 0) {
      const double eta = rate > 0 ? static_cast<double>(total - std::min(total, count)) / rate : -1;
      text += " " + std::to_string(count) + "/" + std::to_string(total) + " (elapsed=" + fixed2(elapsed) +
              "s, rate=" + fixed2(rate) + "/s, eta_seconds=" + (eta < 0 ? "inf" : fixed2(eta)) +
              ", eta_hms=" + (eta < 0 ? "unknown" : hms(eta)) + ", eta_complete_utc=" + (eta < 0 ? "unknown" : utc_in(eta)) + ")";
    } else {
      text += " processed=" + std::to_string(count) + " (elapsed=" + fixed2(elapsed) + "s, rate=" + fixed2(rate) + "/s)";
    }
    std::lock_guard lock(log.mutex);
    log.to_file("INFO", text);
    if (!log.terminal || log.verbosity == Verbosity::quiet) return;
    std::string line = "\r\x1b[K  " + label + " " + grouped(count);
    if (total > 0) line += " / " + grouped(total);
    write_all(STDERR_FILENO, line);
    log.line_open = true;
    if (last) {
      write_all(STDERR_FILENO, "\r\x1b[K");
      log.line_open = false;
    }
  }
};

Progress::Progress(Log& log, std::string_view label, std::uint64_t total)
    : state_(new State{*log.state_, std::string(label), total}) {}

Progress::~Progress() {
  const auto done = state_->done.load();
  if (done > 0 || state_->total > 0) state_->say(done, true);
}

void Progress::advance(std::uint64_t count) {
  const auto done = state_->done.fetch_add(count) + count;
  const double now = wall_seconds();
  double said = state_->said.load();
  if (now - said < 0.5 || !state_->said.compare_exchange_strong(said, now)) return;
  state_->say(done, false);
}

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::uint64_t peak_rss_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

std::uint64_t open_files() {
  std::error_code error;
  std::uint64_t count = 0;
  for (auto it = std::filesystem::directory_iterator("/proc/self/fd", error); !error && it != std::filesystem::directory_iterator();
       it.increment(error)) {
    ++count;
  }
  return count;
}

}  // namespace placewright::report
