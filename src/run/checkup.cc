// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/checkup.h"

#include <unistd.h>

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/disk.h"
#include "base/environment.h"
#include "base/text.h"
#include "graph/codecs.h"
#include "ops/operation.h"
#include "run/engine.h"
#include "run/worker_versions.h"
#include "run/workspace.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t little_memory = 2'000'000'000, little_space = 5'000'000'000, too_little_space = 500'000'000;
constexpr std::string_view full_sandbox = "landlock+seccomp";
// Without these nothing of the starter's kind can be made.
constexpr std::string_view usual_video = "h264", usual_audio = "aac";

// What footage and exports ask of libavfilter, operations with some of their parameters, and all with those they have by
// themselves.
std::map<std::string, std::string> needed_filters() {
  std::map<std::string, std::string> out{{"afade", "fade"},          {"bwdif", "interlaced footage"},
                                         {"crop", "crop"},           {"eq", "grade"},
                                         {"format", "HDR footage"},  {"hflip", "mirrored footage"},
                                         {"highshelf", "equalizer"}, {"lowshelf", "equalizer"},
                                         {"rubberband", "speed"},    {"scale", "every export"},
                                         {"tonemap", "HDR footage"}, {"transpose", "turned footage"},
                                         {"volume", "volume"},       {"zscale", "footage in other colours"}};
  for (auto const* const operation : operations()) {
    Lowering lowering;
    operation->lower(operation->defaults(), lowering);
    auto const add = [&](std::string const& filter) { out.try_emplace(filter, operation->name); };
    for (auto const& node : lowering.video)
      if (auto const* const filter = std::get_if<FilterNode>(&node)) add(filter->filter);
    for (auto const& filter : lowering.prefilters) add(filter.filter);
    for (auto const& filter : lowering.audio) add(filter.filter);
  }
  return out;
}

class Checkup {
 public:
  void worker(std::string_view version) {
    auto const worker = worker_versions();
    if (!worker) return add("worker", Health::bad, "worker", worker.error().what, "");
    bool const same = worker->version == version;
    add("worker", same ? Health::ok : Health::bad, "worker", fmt::format("{} {}", worker->program.string(), worker->version),
        same ? "" : fmt::format("this program is {}; install both of one version", version));
    for (auto const& [name, number] : worker->libraries) add("library." + name, Health::ok, name, number, "");
    for (auto const& codec : video_codecs())
      component("encoder", codec.encoder, codec.name, worker->encoders,
                codec.name == usual_video ? Health::bad : Health::warning);
    for (auto const& codec : audio_codecs())
      component("encoder", codec.encoder, codec.name, worker->encoders,
                codec.name == usual_audio ? Health::bad : Health::warning);
    for (auto const& [filter, operation] : needed_filters()) component("filter", filter, operation, worker->filters, Health::bad);
    if (!worker->sandbox)
      add("sandbox", Health::bad, "sandbox", worker->sandbox_error,
          "workers cannot be locked in; ask who set the limits of this system");
    else
      add("sandbox", *worker->sandbox == full_sandbox ? Health::ok : Health::warning, "sandbox", *worker->sandbox,
          *worker->sandbox == full_sandbox ? "" : "this kernel cannot lock workers in fully; open only footage you trust");
  }

  void machine() {
    auto const options = settled({});
    auto const memory = static_cast<std::int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE);
    auto const free = static_cast<std::int64_t>(sysconf(_SC_AVPHYS_PAGES)) * sysconf(_SC_PAGESIZE);
    add("cores", Health::ok, "cores", fmt::format("{}", options.jobs), "");
    bool const little = memory < little_memory;
    add("memory", little ? Health::warning : Health::ok, "memory",
        fmt::format("{}, {} free", human_bytes(memory), human_bytes(free)),
        little ? "a 1080p export at preset slow needs about 1.4 GB; use --jobs 1 and smaller exports" : "");
  }

  void place(std::string_view id, std::string_view name, fs::path const& folder) {
    auto const existing = existing_part(folder);
    std::error_code failed;
    auto const probe = existing / fmt::format(".reelmill-doctor-{}", getpid());
    auto const written = write_file_atomically(probe, "reelmill doctor\n");
    fs::remove(probe, failed);
    add(fmt::format("write.{}", id), written ? Health::ok : Health::bad, fmt::format("writing to {}", name), folder.string(),
        written ? "" : fmt::format("{}; choose another folder or change its rights", written.error().what));
    auto const space = free_space(existing);
    if (!space) return add(fmt::format("disk.{}", id), Health::warning, fmt::format("room in {}", name), space.error().what, "");
    add(fmt::format("disk.{}", id),
        *space < too_little_space ? Health::bad
        : *space < little_space   ? Health::warning
                                  : Health::ok,
        fmt::format("room in {}", name), human_bytes(*space),
        *space < little_space ? "an hour of film needs some 10 GB while it is worked on; make room" : "");
  }

  void cache() {
    auto const folder = user_cache_folder();
    if (folder) return place("cache", "the cache folder", *folder);
    add("write.cache", Health::warning, "the cache folder", folder.error().what, "clean and export need it");
  }

  void fonts() {
    std::vector<fs::path> folders{"/usr/share/fonts", "/usr/local/share/fonts"};
    if (fs::path const home = environment("HOME"); !home.empty()) {
      folders.push_back(home / ".local/share/fonts");
      folders.push_back(home / ".fonts");
    }
    std::size_t count = 0;
    for (auto const& folder : folders)
      if (auto const found = expand_glob(folder, "**/*.{ttf,otf,ttc}")) count += found->size();
    add("fonts", count > 0 ? Health::ok : Health::warning, "fonts", fmt::format("{} installed", count),
        count > 0 ? "" : "titles need one: install fonts-dejavu-core or fonts-liberation");
  }

  std::vector<Finding> take() { return std::move(findings_); }

 private:
  void component(std::string_view kind, std::string_view name, std::string_view what, std::set<std::string> const& there,
                 Health without) {
    bool const is_there = there.contains(std::string(name));
    add(fmt::format("{}.{}", kind, name), is_there ? Health::ok : without, fmt::format("{} {}", kind, name), std::string(what),
        is_there ? ""
                 : "FFmpeg's libraries were built without it; install those of Debian (libavcodec-extra, libavfilter-extra)");
  }

  void add(std::string id, Health health, std::string what, std::string detail, std::string advice) {
    findings_.push_back({std::move(id), health, std::move(what), std::move(detail), std::move(advice)});
  }

  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> check_up(fs::path const& folder, std::string_view version) {
  Checkup checkup;
  checkup.worker(version);
  checkup.machine();
  checkup.place("project", "this folder", folder);
  checkup.cache();
  checkup.fonts();
  return checkup.take();
}

std::string_view name_of(Health health) {
  switch (health) {
    case Health::ok:
      return "ok";
    case Health::warning:
      return "warn";
    case Health::bad:
      return "fail";
  }
  return "";
}

}  // namespace reelmill
