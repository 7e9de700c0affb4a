// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/export_checks.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "graph/codecs.h"

namespace reelmill {

namespace {

// Where the value of the first of these keys stands, or the map itself.
struct Place {
  std::string_view key;
  Mark mark;
};
Place place_of(Node const& map, std::initializer_list<std::string_view> keys) {
  for (auto const key : keys)
    for (auto const& entry : map.entries)
      if (entry.key == key) return {key, entry.value.mark};
  return {"", map.mark};
}

void check_picture(Node const& map, Container const& container, VideoCodec const& codec, Mistakes& mistakes) {
  // Whether the source has a picture, only the plan can tell.
  if (holds(container, codec) || container.video.empty()) return;
  auto const place = place_of(map, {"container", "codec", "preset"});
  auto const fitting = containers_for(codec);
  auto const advice = place.key == "container" ? fmt::format("choose {} for it, or one of {} as 'codec'",
                                                             fmt::join(fitting, ", "), fmt::join(container.video, ", "))
                                               : fmt::format("add 'container: {}'", fitting.front());
  mistakes.add(place.mark, fmt::format("a file of {} cannot hold {}, {}", container.name, codec.name, advice));
}

void check_sound(Node const& map, Container const& container, AudioCodec const& codec, Mistakes& mistakes) {
  if (holds(container, codec)) return;
  auto const place = place_of(map, {"audio_codec", "container", "preset"});
  auto const advice = place.key == "audio_codec" ? fmt::format("it holds {}", fmt::join(container.audio, ", "))
                                                 : fmt::format("add 'audio_codec: {}'", container.audio.front());
  mistakes.add(place.mark, fmt::format("a file of {} cannot hold {} sound, {}", container.name, codec.name, advice));
}

void check_size(Node const& map, Export const& made, VideoCodec const& codec, Mistakes& mistakes) {
  bool const is_source_size = made.width == 0;
  if (is_source_size || (made.width >= codec.smallest_width && made.height >= codec.smallest_height)) return;
  mistakes.add(place_of(map, {"resolution", "codec", "preset"}).mark,
               fmt::format("{} needs {}x{} at least, not {}x{}", codec.name, codec.smallest_width, codec.smallest_height,
                           made.width, made.height));
}

// Whether it holds this source's codec, only the plan can tell.
void check_copy(Node const& map, Container const& container, Mistakes& mistakes) {
  if (!container.copies.empty()) return;
  mistakes.add(
      place_of(map, {"container", "codec", "preset"}).mark,
      fmt::format("a file of {} cannot take a copied picture, add 'container: mov' or choose another codec", container.name));
}

}  // namespace

void check_export(Node const& map, Export const& made, Mistakes& mistakes) {
  auto const* const container = container_named(made.container);
  auto const* const picture = video_codec_named(made.video_codec);
  auto const* const sound = made.has_sound ? audio_codec_named(made.audio_codec) : nullptr;
  if (container == nullptr) return;
  if (made.copies()) {
    check_copy(map, *container, mistakes);
  } else {
    check_picture(map, *container, *picture, mistakes);
    check_size(map, made, *picture, mistakes);
  }
  if (sound == nullptr) return;
  check_sound(map, *container, *sound, mistakes);
  // Players trim what Opus puts before the sound by the edit list only.
  if (sound->name == "opus" && container->edit_lists && !made.edit_lists)
    mistakes.add(
        place_of(map, {"edit_lists", "audio_codec", "container", "preset"}).mark,
        fmt::format("Opus in {} needs edit lists, add 'edit_lists: auto' or choose aac as 'audio_codec'", container->name));
}

void check_rates(Export const& made, Normalize const& normalize, Mistakes& mistakes) {
  Mark const mark{made.line, made.column};
  auto const* const container = container_named(made.container);
  auto const rate = made.rate.value_or(normalize.rate);
  if (auto const rates = container ? container->rates : std::span<Rational const>();
      !rates.empty() && std::find(rates.begin(), rates.end(), rate) == rates.end()) {
    std::vector<std::string> known;
    for (auto const& each : rates) known.push_back(to_string(each));
    mistakes.add(mark, fmt::format("export '{}': {} knows {} frames a second, not {}; set 'fps'", made.name, container->name,
                                   fmt::join(known, ", "), to_string(rate)));
  }
  if (!made.has_sound) return;
  auto const& sound = *audio_codec_named(made.audio_codec);
  auto const sample_rate = normalize.sample_rate;
  auto const text = sample_rate > 0 ? std::to_string(sample_rate) : "any rate of a source";
  if (container && container->sample_rate > 0 && sample_rate != container->sample_rate)
    mistakes.add(mark, fmt::format("export '{}': sound in {} has {} Hz, not {}; set 'sample_rate' under 'normalize'", made.name,
                                   container->name, container->sample_rate, text));
  else if (auto const& rates = sound.sample_rates;
           !rates.empty() && std::find(rates.begin(), rates.end(), sample_rate) == rates.end())
    mistakes.add(mark, fmt::format("export '{}': {} knows {} Hz, not {}; set 'sample_rate' under 'normalize'", made.name,
                                   sound.name, fmt::join(rates, ", "), text));
}

}  // namespace reelmill
