// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/lower.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "project/fonts.h"

namespace reelmill {

namespace {
constexpr std::uintmax_t largest_asset = 256'000'000;
constexpr std::int64_t speed_steps = 10'000;  // to one: what is finer is rounded

Error at(Step const& step, ErrorKind kind, std::string const& what) {
  return Error{.kind = kind, .what = fmt::format("line {}: {}: {}", step.line, step.operation->name, what)};
}

Error must_move_up(Step const& step, Step const& before) {
  return {.kind = ErrorKind::project,
          .what = fmt::format("line {}: {} looks at neighbouring frames, so it must come before {} (line {}); move it up",
                              step.line, step.operation->name, before.operation->name, before.line)};
}

// A digital filter has nothing to turn above half of the sample rate.
Result<void> check_frequency(AudioFilter const& filter, Step const& step, int sample_rate) {
  auto const option = filter.options.find("frequency");
  if (sample_rate == 0) return {};  // the source's, which is not known yet
  if (option == filter.options.end() || parse_number(option->second).value_or(0) < sample_rate / 2.0) return {};
  return Error{.kind = ErrorKind::project,
               .what = fmt::format("line {}: {} at {} Hz is not below half of the sample rate, {} Hz; lower it or raise "
                                   "'normalize: sample_rate'",
                                   step.line, step.operation->name, option->second, sample_rate)};
}

Result<void> settle_asset(Asset& asset, Step const& step) {
  std::error_code problem;
  if (std::filesystem::file_size(asset.path, problem) > largest_asset && !problem)
    return at(step, ErrorKind::project,
              fmt::format("'{}' is larger than {}; give a smaller one, of a film its sound alone", asset.path,
                          human_bytes(static_cast<std::int64_t>(largest_asset))));
  auto hash = file_hash(asset.path);
  if (!hash) return at(step, ErrorKind::project, hash.error().what);
  asset.hash = *std::move(hash);
  return {};
}

// A family's name becomes the file of it that is installed.
Result<void> settle_font(Asset& font, int& face, bool bold, Step const& step) {
  if (font.path.find('/') != std::string::npos) return {};
  auto const found = find_font(font.path, bold);
  if (!found) return at(step, found.error().kind, found.error().what);
  font.path = found->file.string();
  face = found->face;
  return {};
}

Result<void> settle_asset(VideoNode& node, Step const& step) {
  if (auto* const captions = std::get_if<CaptionNode>(&node))
    for (auto& font : captions->fonts) {
      TRY(settle_font(font.file, font.face, captions->bold, step));
      TRY(settle_asset(font.file, step));
    }
  auto* const asset = asset_of(node);
  if (!asset || asset->path.empty()) return {};
  if (auto* const title = std::get_if<TitleNode>(&node)) TRY(settle_font(*asset, title->face, title->bold, step));
  return settle_asset(*asset, step);
}
}  // namespace

bool changes_picture(Step const& step) {
  Lowering lowering;
  step.operation->lower(step.options, lowering);
  return !lowering.video.empty() || !lowering.prefilters.empty() || lowering.motion || lowering.speed != 1;
}

std::vector<std::string> step_texts(std::vector<Step> const& steps) {
  std::vector<std::string> texts;
  for (auto const& step : steps) texts.push_back(step.text());
  return texts;
}

Result<Lowered> lower(Project const& project) {
  Lowered out;
  if (project.subtitles && project.subtitles->transcribe) {
    Lowering lowering;
    project.subtitles->transcribe->operation->lower(project.subtitles->transcribe->options, lowering);
    out.transcribing = std::move(lowering.transcribing);
  }
  Step const* first_with_nodes = nullptr;
  for (auto const* steps : {&project.video, &project.audio})
    for (auto const& step : *steps) {
      Lowering lowering;
      step.operation->lower(step.options, lowering);
      if (lowering.motion && out.motion)
        return Error{
            .kind = ErrorKind::project,
            .what = fmt::format("line {}: {} stands in the project twice; once is enough", step.line, step.operation->name)};
      if (lowering.motion) {
        out.motion = true;
        out.shakiness = lowering.shakiness;
        out.accuracy = lowering.accuracy;
        out.path = {lowering.smoothing, lowering.max_zoom};
      }
      bool const looks_around = lowering.motion || !lowering.prefilters.empty();
      if (looks_around && first_with_nodes) return must_move_up(step, *first_with_nodes);
      if (!lowering.video.empty() && !first_with_nodes) first_with_nodes = &step;
      out.deinterlaces |= lowering.deinterlaces;
      std::move(lowering.prefilters.begin(), lowering.prefilters.end(), std::back_inserter(out.prefilters));
      if (lowering.new_sound && &step != &project.audio.front())
        return at(step, ErrorKind::project, "it must be the first of the sound operations, and stand there once");
      if (lowering.new_sound) out.new_sound = lowering.new_sound;
      bool const has_begun = !out.audio.empty() || !out.beds.empty();
      if (!lowering.side.empty()) {
        if (has_begun || out.downmix || !out.side.empty())
          return at(step, ErrorKind::project, "it must come before the downmix and all that changes the sound, and stand there once");
        out.side = lowering.side;
      }
      if (lowering.downmix && (out.downmix || has_begun))
        return Error{.kind = ErrorKind::project,
                     .what = out.downmix
                                 ? fmt::format("line {}: downmix stands in the project twice; once is enough", step.line)
                                 : fmt::format("line {}: downmix must come before the other sound operations", step.line)};
      if (out.loudness && step.operation->track == Track::audio)
        return at(step, ErrorKind::project,
                  "it would change the loudness that was measured; loudness must be the last of the sound operations");
      if (lowering.loudness) out.loudness = lowering.loudness;
      if (lowering.downmix) {
        out.downmix = lowering.downmix;
        out.channels = lowering.channels;
      }
      for (auto const& filter : lowering.audio) TRY(check_frequency(filter, step, project.normalize.sample_rate));
      if (lowering.reshapes && out.drawn)
        return at(step, ErrorKind::project,
                  "it changes the picture's size, so it must come before what is drawn on the finished picture");
      out.reshape.width *= lowering.width_left;
      out.reshape.height *= lowering.height_left;
      if (lowering.turns) {
        std::swap(out.reshape.width, out.reshape.height);
        out.reshape.turned = !out.reshape.turned;
      }
      if (lowering.drawn && !out.drawn) out.drawn = out.video.size();
      for (auto const& [place, timing] : lowering.timings) out.timings[out.video.size() + place] = timing;
      for (auto& node : lowering.video) TRY(settle_asset(node, step));
      if (lowering.speed != 1) out.speed = out.speed * Rational(std::lround(lowering.speed * speed_steps), speed_steps);
      std::move(lowering.video.begin(), lowering.video.end(), std::back_inserter(out.video));
      std::move(lowering.audio.begin(), lowering.audio.end(), std::back_inserter(out.audio));
      for (auto& bed : lowering.beds) {
        TRY(settle_asset(bed.file, step));
        bed.after = static_cast<int>(out.audio.size());
        out.beds.push_back(std::move(bed));
      }
    }
  return out;
}

}  // namespace reelmill
