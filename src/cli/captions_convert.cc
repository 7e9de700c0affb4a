// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/disk.h"
#include "base/text.h"
#include "captions/caption_file.h"
#include "captions/lay_out.h"
#include "captions/tidy.h"
#include "cli/captions_tasks.h"
#include "cli/command_line.h"
#include "project/caption_profiles.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_notes = 20;  // for people

struct Wishes {
  std::string input, output, encoding, profile, rate = "25";
  bool tidy = false, overwrite = false, json = false;
};

struct Converted {
  ReadCaptions read;
  std::vector<std::string> notes;
  bool was_there = false;  // with the same content
};

Transcript transcript_of(Captions const& captions) {
  Transcript out;
  out.language = captions.language;
  for (auto const& cue : captions.cues) out.segments.push_back({cue.from, cue.to, cue.text, 1, {}});
  return out;
}

Result<void> lay_out_anew(Wishes const& wishes, Converted& converted) {
  auto const profile = TRY(caption_profile(wishes.profile));
  auto const rate = parse_rate(wishes.rate);
  if (!rate || *rate < Rational(1) || *rate > Rational(240))
    return Error{ErrorKind::usage,
                 fmt::format("--rate {}: a frame rate such as 25, 29.97 or 30000/1001, 1 to 240", printable(wishes.rate))};
  auto& captions = converted.read.captions;
  captions.cues = lay_out(transcript_of(captions), profile, {*rate, {}}, &converted.notes);
  return {};
}

// What is there stays, but for what is the same.
Result<bool> is_there(Wishes const& wishes, std::string_view text) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(wishes.output, ignored))) return false;
  if (fs::is_regular_file(wishes.output, ignored) && fs::file_size(wishes.output, ignored) == text.size())
    if (TRY(read_file(wishes.output, static_cast<std::int64_t>(text.size()))) == text) return true;
  if (wishes.overwrite && !fs::is_directory(wishes.output, ignored)) return false;
  return Error{ErrorKind::usage,
               fmt::format("writing '{}': there is something else of that name; give another name, or --overwrite",
                           printable(wishes.output))};
}

Result<Converted> convert(Wishes const& wishes) {
  auto const format = caption_format_of(wishes.output);
  if (!format)
    return Error{ErrorKind::usage,
                 fmt::format("-o {}: its extension says what is written: .srt, .vtt, .ass or .ttml", printable(wishes.output))};
  Converted out {
    TRY(read_caption_file(wishes.input, wishes.encoding))
    , {}, false
  };
  out.notes = out.read.notes;
  if (wishes.tidy || !wishes.profile.empty()) {
    auto tidied = tidy(std::move(out.read.captions));
    out.read.captions = std::move(tidied.captions);
    out.notes.insert(out.notes.end(), tidied.notes.begin(), tidied.notes.end());
  }
  if (!wishes.profile.empty()) TRY(lay_out_anew(wishes, out));
  auto const text = captions_text(out.read.captions, *format);
  out.was_there = TRY(is_there(wishes, text));
  if (!out.was_there) TRY(write_file_atomically(wishes.output, text));
  return out;
}

int run(std::vector<std::string> const& arguments) {
  Wishes wishes;
  CLI::App app(
      "Write a caption file as one of another kind. Texts, times, italics, bold, underlining and whether they stand at the top "
      "are kept",
      "reelmill captions convert");
  app.add_option("IN", wishes.input, "a caption file")->required();
  app.add_option("-o,--output", wishes.output, "the file to write: .srt, .vtt, .ass or .ttml")->required()->type_name("OUT");
  app.add_option("--encoding", wishes.encoding, "what the bytes are, where that is guessed wrong")->type_name("NAME");
  app.add_flag("--tidy", wishes.tidy, "bring them in order, leave out what is empty, and untangle what overlaps");
  app.add_option("--profile", wishes.profile,
                 "tidy, and break the texts anew into lines and captions of this profile; emphasis is lost")
      ->type_name("PROFILE");
  app.add_option("--rate", wishes.rate, "the film's frames a second")->type_name("FPS")->capture_default_str();
  app.add_flag("--overwrite", wishes.overwrite, "replace a file that is there");
  app.add_flag("--json", wishes.json, "print one JSON document");
  if (auto const done = parse_arguments(app, arguments)) return *done;
  auto const converted = convert(wishes);
  if (!converted) return fail(converted.error(), wishes.json);
  auto const& read = converted->read;
  if (wishes.json)
    return print_json({{"input", wishes.input},
                       {"output", wishes.output},
                       {"format", name_of(read.format)},
                       {"encoding", read.encoding},
                       {"captions", read.captions.cues.size()},
                       {"written", !converted->was_there},
                       {"notes", converted->notes}});
  fmt::print("{}: {} captions{}, from {} in {}\n", printable(wishes.output), read.captions.cues.size(),
             converted->was_there ? ", as it was" : "", name_of(read.format), read.encoding);
  auto const& notes = converted->notes;
  auto const shown = std::min(notes.size(), most_notes);
  for (std::size_t i = 0; i < shown; ++i) fmt::print("  {}\n", printable(notes[i]));
  if (notes.size() > shown) fmt::print("  and {} more; --json prints all\n", notes.size() - shown);
  return 0;
}

}  // namespace

CaptionsTask const captions_convert{"convert", "write a file as one of another kind", run};

}  // namespace reelmill
