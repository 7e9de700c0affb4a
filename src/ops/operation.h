// SPDX-License-Identifier: GPL-3.0-or-later
// What an operation says of itself. One file per operation in this folder, one line each in operations.cc; everything
// else (parsing, diagnosis, help, schema, reference, cache key) comes from the parameter table.
//
//   struct HighpassOptions { double frequency = 200; };
//   constexpr std::array params{param<&HighpassOptions::frequency>("frequency", "cut-off", unit::hertz, {1, 20000})};
//   constinit Operation const highpass{.name = "highpass", …, .defaults = make_defaults<HighpassOptions>, .lower = …};
//
// The struct carries the operation's name although it is local to its file: GCC 12 gives param<&Options::x> external
// linkage even for unnamed namespaces, so two files' Options would become one.
#pragma once

#include <any>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "graph/stage.h"

namespace reelmill {

enum class Track { video, audio, captions };
std::string_view name_of(Track track);  // "video", "audio", "captions"

// How far an operation looks around the frame (or sample) it makes; the planner fuses and chunks by this, never by name.
struct Reach {
  enum class Kind { frame, window, whole } kind = Kind::frame;
  int frames = 0;  // for window: to either side at most; what one use needs is in Lowering::smoothing
};

namespace unit {
inline constexpr std::string_view none = "", hertz = "Hz", decibel = "dB", frames = "frames", pixels = "px", percent = "%",
                                  seconds = "s", milliseconds = "ms", octaves = "octaves", kelvin = "K", lufs = "LUFS",
                                  true_peak = "dBTP", lu = "LU";
}

using Value = std::variant<bool, std::int64_t, double, std::string>;
std::string to_string(Value const& value);  // as written in a project file and in keys; doubles shortest round-trip

struct Range {
  double low = 0, high = 0;  // inclusive; equal: any
};

// How a project file spells a parameter, where its type does not say it.
enum class Form {
  plain,   // as the type has it
  time,    // seconds, held as double: 1.5, "1.5 s", "500 ms", "00:01:02.5"
  colour,  // held as "#rrggbb" in lower case
  path,    // of a file that exists, held absolute; a relative one stays inside the project's folder
  font,    // a font file's path, held absolute, or the name of a family that is installed
  lines,   // a text that may have several lines
  offset,  // a time that may be negative, or "auto"; held as the text of the seconds
};

// One parameter: a member of the operation's Options struct. The default is the member's initialiser.
struct Param {
  std::string_view name, help, unit;
  Range range;
  std::span<std::string_view const> choices;  // for text: what is allowed; empty: any
  Value (*read)(std::any const& options);
  void (*write)(std::any& options, Value const& value);  // the alternative must be that of read()
  Form form = Form::plain;
  bool required = false;  // a text without a default that makes sense
};

// When, and how strongly, a node is applied; in seconds of the film as it is shown. The strength rises from 0 during
// `fade_in` and falls to 0 during `fade_out`.
struct Envelope {
  double from = 0, to = 0;  // 0: to the film's end
  double fade_in = 0, fade_out = 0;
  double strength = 1;
  bool inverted = false;  // what is 1 becomes 0: outside the span the node is applied fully
};

// Another recording's sound in place of the source's own.
struct NewSound {
  enum class Ends { shorter, video, all };
  std::string file;              // absolute
  std::optional<double> offset;  // seconds by which it begins later than the picture; nothing: by what both have in common
  Ends ends = Ends::shorter;
  friend bool operator==(NewSound const&, NewSound const&) = default;
};

// How captions are made of what is said.
struct Transcribing {
  std::string model;     // a name or a file
  std::string language;  // "auto" or ISO 639
  bool translate = false;
  std::string prompt;
  friend bool operator==(Transcribing const&, Transcribing const&) = default;
};

// What lowering adds to: the nodes of the picture, or the filters of the sound. An operation appends; it may also ask for an
// analysis.
struct Lowering {
  std::vector<VideoNode> video;       // appended in order; `id` and `in` are filled by the planner
  std::vector<Prefilter> prefilters;  // of operations that look at neighbouring frames; they come before every node
  bool deinterlaces = false;          // takes the place of the deinterlacing that interlaced sources get by themselves
  std::vector<AudioFilter> audio;
  std::vector<SoundBed> beds;  // behind the filters; `after` is filled by the planner
  std::string side;            // Downmix::side
  std::optional<NewSound> new_sound;
  std::optional<Transcribing> transcribing;
  std::optional<Downmix> downmix;    // how the source's channels become `channels`; before all filters of the sound
  int channels = 2;                  // 0: as many as the source has
  std::optional<Loudness> loudness;  // after all other operations on the sound
  bool motion = false;               // wants SourceAnalysis::motion
  int shakiness = 5, accuracy = 15;
  int smoothing = 0;                        // frames to either side; the planner turns motion into corrections
  double max_zoom = 0;                      // a fraction: 0.15 enlarges by 15 % at most
  std::map<std::size_t, Envelope> timings;  // of nodes that are not applied to every frame alike, by their place in `video`
  bool drawn = false;                       // belongs on the finished picture: it and all that follows come after the fit
  bool reshapes = false;                    // changes the picture's size: not after what is drawn
  double width_left = 1, height_left = 1;   // the share of the sides that is left; then, whether it is turned by a quarter
  bool turns = false;
  double speed = 1;  // of picture and sound together
};

struct Operation {
  std::string_view name, summary;
  Track track = Track::video;
  Reach reach{};
  int version = 1;  // raise it when the same parameters give another picture or sound
  std::span<Param const> params;
  std::any (*defaults)() = nullptr;
  void (*lower)(std::any const& options, Lowering& lowering) = nullptr;
  // What is wrong with parameters that are in range each by itself; nothing: they go together. May be null.
  std::string (*check)(std::any const& options) = nullptr;
};

// The table, in the order shown to users. A name may stand once for each track: `fade` is one of the picture or of the sound.
std::span<Operation const* const> operations();
Operation const* operation_named(std::string_view name, Track track);
// The first of that name, whatever its track.
Operation const* operation_named(std::string_view name);

namespace detail {
template <class T>
Value to_value(T const& member) {
  if constexpr (std::is_same_v<T, bool>)
    return member;
  else if constexpr (std::is_integral_v<T>)
    return static_cast<std::int64_t>(member);
  else if constexpr (std::is_floating_point_v<T>)
    return static_cast<double>(member);
  else
    return std::string(member);
}
template <class Class, class Member>
Class class_of(Member Class::*);
template <class Class, class Member>
Member member_of(Member Class::*);
}  // namespace detail

template <auto Member>
constexpr Param param(std::string_view name, std::string_view help, std::string_view unit = unit::none, Range range = {},
                      std::span<std::string_view const> choices = {}) {
  using Options = decltype(detail::class_of(Member));
  using Type = decltype(detail::member_of(Member));
  return {name,
          help,
          unit,
          range,
          choices,
          [](std::any const& options) { return detail::to_value(std::any_cast<Options const&>(options).*Member); },
          [](std::any& options, Value const& value) {
            auto& member = std::any_cast<Options&>(options).*Member;
            if constexpr (std::is_same_v<Type, bool>)
              member = std::get<bool>(value);
            else if constexpr (std::is_integral_v<Type>)
              member = static_cast<Type>(std::get<std::int64_t>(value));
            else if constexpr (std::is_floating_point_v<Type>)
              member = static_cast<Type>(std::get<double>(value));
            else
              member = std::get<std::string>(value);
          }};
}

template <auto Member>
constexpr Param param(std::string_view name, std::string_view help, Form form, Range range = {}) {
  auto out = param<Member>(name, help, form == Form::time || form == Form::offset ? unit::seconds : unit::none, range);
  out.form = form;
  return out;
}
template <auto Member>
constexpr Param required(std::string_view name, std::string_view help, Form form) {
  auto out = param<Member>(name, help, form);
  out.required = true;
  return out;
}

template <class Options>
std::any make_defaults() {
  return Options{};
}

}  // namespace reelmill
