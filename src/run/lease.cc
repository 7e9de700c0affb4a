// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/lease.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "base/disk.h"
#include "base/json.h"
#include "base/text.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t record_size = 1024;

struct Record {
  LeaseHolder holder;
  std::int64_t fence = 0, beats = 0;
  bool is_held = false;
};

std::string text_of(Record const& record) {
  return Json{{"host", record.holder.host},   {"machine", record.holder.machine},
              {"boot", record.holder.boot},   {"pid", record.holder.pid},
              {"start", record.holder.start}, {"fence", record.fence},
              {"beats", record.beats},        {"held", record.is_held}}
             .dump(-1, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

// Nothing where there is nothing to read, and where nobody ever finishes writing.
std::optional<Record> read_record(fs::path const& file) {
  Json json;
  for (int i = 0; i < 4; ++i) {
    auto const text = read_file(file, 1 << 16);
    if (!text || text->empty()) return std::nullopt;
    json = Json::parse(*text, nullptr, false);
    if (json.is_object()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  if (!json.is_object()) return std::nullopt;
  try {
    return Record{{json.at("host"), json.at("machine"), json.at("boot"), json.at("pid"), json.at("start")},
                  json.at("fence"),
                  json.at("beats"),
                  json.at("held")};
  } catch (Json::exception const&) {
    return std::nullopt;
  }
}

int write_record(int file, Record const& record) {
  auto text = text_of(record);
  // Always of one length, so that no kill can leave the end of an older record behind it.
  text.insert(text.size() - 1, record_size - std::min(record_size, text.size()), ' ');
  if (pwrite(file, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) return errno ? errno : EIO;
  return ftruncate(file, static_cast<off_t>(text.size())) == 0 ? 0 : errno;
}

std::string first_line(fs::path const& file) {
  auto const text = read_file(file);
  return text ? std::string(trim(text->substr(0, text->find('\n')))) : std::string();
}

std::int64_t start_of(std::int64_t pid) {
  auto const stat = read_file(fmt::format("/proc/{}/stat", pid));
  if (!stat) return 0;
  // The name in the second field may hold anything, brackets too.
  auto const fields = split(std::string_view(*stat).substr(stat->rfind(')') + 1), ' ');
  return fields.size() > 20 ? parse_integer(fields[20]).value_or(0) : 0;
}

std::string name_of(LeaseHolder const& holder, LeaseHolder const& us) {
  auto const process = fmt::format("process {}", holder.pid);
  return holder.host == us.host ? process : fmt::format("{} on {}", process, printable(holder.host));
}

}  // namespace

LeaseHolder LeaseHolder::here() {
  char host[256] = "";
  if (gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
  return {host, first_line("/etc/machine-id"), first_line("/proc/sys/kernel/random/boot_id"), getpid(), start_of(getpid())};
}

struct Lease::State {
  fs::path path;
  std::string what, taken_from;
  Times times;
  int file = -1;
  std::mutex mutex;
  std::condition_variable_any wake;
  Record record;
  std::jthread heart;

  // Nothing where the record cannot be read now, as on a share that is away.
  std::optional<bool> is_ours() const {
    auto const now = read_record(path);
    if (!now) return std::nullopt;
    return now->fence == record.fence && now->holder.boot == record.holder.boot && now->holder.pid == record.holder.pid;
  }

  void beat(std::stop_token const& stop) {
    std::unique_lock lock(mutex);
    while (!wake.wait_for(lock, stop, std::chrono::duration<double>(times.beat), [&] { return stop.stop_requested(); })) {
      if (stop.stop_requested()) return;
      auto const ours = is_ours();
      if (!ours) continue;
      if (!*ours) return;
      ++record.beats;
      write_record(file, record);
    }
  }

  // Signals are for the main thread.
  void start_heart() {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    heart = std::jthread([this](std::stop_token stop) { beat(stop); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  ~State() {
    heart.request_stop();
    if (heart.joinable()) heart.join();
    if (file < 0) return;
    if (record.is_held && is_ours().value_or(false)) {
      record.is_held = false;
      write_record(file, record);
    }
    close(file);
  }
};

Lease::Lease(std::unique_ptr<State> state) : state_(std::move(state)) {}
Lease::Lease(Lease&& other) noexcept = default;
Lease& Lease::operator=(Lease&& other) noexcept = default;
Lease::~Lease() = default;

std::int64_t Lease::fence() const { return state_->record.fence; }
std::string const& Lease::taken_from() const { return state_->taken_from; }

Result<Lease> Lease::take(fs::path const& file, std::string_view what, LeaseHolder const& holder, Times times) {
  auto state = std::make_unique<State>();
  state->path = file;
  state->what = what;
  state->times = times;
  state->file = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (state->file < 0) return disk_error(fmt::format("opening '{}'", file.string()), errno);
  auto const refusal = [&](std::string const& by, std::string_view advice) {
    return Error{ErrorKind::lost,
                 fmt::format("working in '{}': another run ({}) is at work there{}", printable(what), by, advice)};
  };

  bool const locked = flock(state->file, LOCK_EX | LOCK_NB) == 0;
  bool const is_locked_here = !locked && errno == EWOULDBLOCK;
  auto const before = read_record(file);
  if (is_locked_here) return refusal(before ? name_of(before->holder, holder) : "?", "; wait for its end or stop it");
  if (before && before->is_held) {
    auto const& other = before->holder;
    bool const this_boot = other.boot == holder.boot;
    bool const rebooted = !this_boot && other.host == holder.host && other.machine == holder.machine;
    if (this_boot && !locked && start_of(other.pid) == other.start && other.start != 0)
      return refusal(name_of(other, holder), "; wait for its end or stop it");
    if (!this_boot && !rebooted) {
      auto const silence = TRY(seconds_since_written(file));
      if (silence < times.dead)
        return refusal(name_of(other, holder),
                       fmt::format(", last heard of {:.0f} s ago; wait for its end or stop it, or, if that host is gone, try "
                                   "again in {:.0f} s",
                                   std::max(0.0, silence), times.dead - std::max(0.0, silence)));
    }
    state->taken_from = name_of(other, holder);
  }

  state->record = {holder, (before ? before->fence : 0) + 1, 0, true};
  if (int const number = write_record(state->file, state->record))
    return disk_error(fmt::format("writing '{}'", file.string()), number);
  if (!state->taken_from.empty()) {
    // Two hosts may have found the same holder dead; the one that wrote last has it.
    fsync(state->file);
    if (before->holder.boot != holder.boot) std::this_thread::sleep_for(std::chrono::milliseconds(500));
    if (!state->is_ours().value_or(false)) return refusal("just begun", "; wait for its end or stop it");
  }
  state->start_heart();
  return Lease(std::move(state));
}

Result<void> Lease::check() const {
  std::scoped_lock const lock(state_->mutex);
  auto ours = state_->is_ours();
  for (int more = 20; !ours && more > 0; --more) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    ours = state_->is_ours();
  }
  if (!ours)
    return Error{ErrorKind::lost, fmt::format("working in '{}': the lease '{}' cannot be read any more; run again when it can",
                                              printable(state_->what), printable(state_->path.string()))};
  if (*ours) return Done{};
  return Error{
      ErrorKind::lost,
      fmt::format("working in '{}': another run has taken over, because this one was not heard of for a minute; what was "
                  "finished is kept, and the other run goes on from there",
                  printable(state_->what))};
}

}  // namespace reelmill
