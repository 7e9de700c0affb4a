// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/probe_table.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/text.h"

namespace reelmill {

namespace {

constexpr std::string_view red = "\x1b[31m", green = "\x1b[32m", yellow = "\x1b[33m", faint = "\x1b[2m", plain = "\x1b[0m";

std::string painted(std::string_view text, std::string_view colour, Style const& style) {
  return style.colour && !text.empty() ? fmt::format("{}{}{}", colour, text, plain) : std::string(text);
}

std::string mark(bool is_good, Style const& style) {
  bool const is_plain = style.letters == Letters::ascii;
  return is_good ? painted(is_plain ? "ok" : "✓", green, style) : painted(is_plain ? "!!" : "✗", red, style);
}

// The name that people use; libav's lists several.
std::string container_text(SourceProbe const& probe) {
  auto const& name = probe.container;
  if (name.starts_with("mov,")) return "mp4/mov";
  if (name.starts_with("matroska")) return "mkv/webm";
  return name;
}

std::string scan(PictureProbe const& picture) {
  bool const is_tagged = picture.info.field_order != "progressive" && picture.info.field_order != "unknown";
  auto const& seen = picture.fields;
  auto const woven = std::max(seen.top_first, seen.bottom_first);
  auto const decided = seen.top_first + seen.bottom_first + seen.progressive;
  return is_tagged || (decided >= 4 && woven * 2 > decided) ? "i" : "p";
}

std::string turn(VideoStreamInfo const& info) {
  std::string text;
  if (info.rotation != 0) text += fmt::format(" turned {}°", info.rotation);
  if (info.mirrored) text += " mirrored";
  return text;
}

std::string picture_text(SourceProbe const& probe) {
  if (probe.video.empty()) return "no picture";
  auto const& picture = probe.video.front();
  auto const& info = picture.info;
  return fmt::format("{} {}x{}{} {}{}{} {}", info.codec, info.width, info.height, turn(info), picture.varies ? "~" : "",
                     rate_text(picture.rate), scan(picture), info.pixel_format);
}

std::string sound_text(SourceProbe const& probe) {
  if (probe.audio.empty()) return "no sound";
  auto const& info = probe.audio.front().info;
  auto const more = probe.audio.size() > 1 ? fmt::format(" +{}", probe.audio.size() - 1) : std::string();
  return fmt::format("{} {} {}{}", info.codec, info.layout, info.sample_rate, more);
}

using Row = std::array<std::string, 5>;

Row row_of(ProbedFile const& file) {
  auto const name = printable(file.path.string());
  if (file.probe.container.empty()) return {name, "", "", "", ""};
  auto const minutes = file.probe.duration < 60 ? fmt::format("{:.2f} s", file.probe.duration) : clock_text(file.probe.duration);
  return {name, container_text(file.probe), picture_text(file.probe), sound_text(file.probe), minutes};
}

std::string padded(std::string const& text, int columns) {
  return text + std::string(static_cast<std::size_t>(std::max(0, columns - columns_of(text))), ' ');
}

std::string fault_line(Fault const& fault, Style const& style) {
  auto const colour = fault.severity == Severity::error ? red : fault.severity == Severity::warning ? yellow : faint;
  return fmt::format("{}: {}", painted(name_of(fault.severity), colour, style), printable(fault.message));
}

class Page {
 public:
  explicit Page(Style const& style) : style_(style) {}
  void section(std::string_view title) {
    text_ += fmt::format("{}{}\n", text_.empty() ? "" : "\n", painted(title, "\x1b[1m", style_));
  }
  void line(std::string_view name, std::string_view value) {
    if (!value.empty() && value != "unknown") text_ += fmt::format("  {:<14}{}\n", name, printable(value));
  }
  void raw(std::string_view text) { text_ += fmt::format("  {}\n", text); }
  std::string text() && { return std::move(text_); }

 private:
  Style const& style_;
  std::string text_;
};

std::string span(StreamTiming const& timing) {
  auto text = fmt::format("{:.3f} s from {:.3f} s", timing.duration, timing.start);
  if (timing.claimed_duration >= 0) text += fmt::format("; the header says {:.3f} s", timing.claimed_duration);
  return text;
}

std::string packets(StreamTiming const& timing) {
  auto text = fmt::format("{}, {}", timing.packets, human_bytes(timing.bytes));
  if (timing.duration > 0) text += fmt::format(", {:.0f} kb/s", static_cast<double>(timing.bytes) * 8 / timing.duration / 1000);
  if (timing.hidden > 0) text += fmt::format("; {} hidden by the edit list", timing.hidden);
  if (timing.backwards > 0) text += fmt::format("; times run backwards {} times", timing.backwards);
  return text;
}

std::string decoded_text(Decoded const& decoded, std::string_view unit) {
  if (decoded.units < 0) return {};
  auto text = fmt::format("{} {}", decoded.units, unit);
  if (decoded.errors > 0) text += fmt::format(", {} errors", decoded.errors);
  if (decoded.missing > 0) text += fmt::format(", {} missing", decoded.missing);
  return decoded.errors + decoded.missing > 0 ? text : text + ", all whole";
}

void add(Page& page, PictureProbe const& picture) {
  auto const& info = picture.info;
  page.section(fmt::format("picture (stream {}{})", info.stream, picture.is_default ? ", default" : ""));
  auto codec = info.codec;
  if (info.profile != "unknown") codec += " " + info.profile;
  if (!picture.level.empty()) codec += ", level " + picture.level;
  page.line("codec", codec);
  page.line("format", picture.bits > 0 ? fmt::format("{}, {} bits", info.pixel_format, picture.bits) : info.pixel_format);
  auto const aspect = info.sample_aspect == Rational(1)
                          ? ", square pixels"
                          : fmt::format(", pixels {}:{}", info.sample_aspect.num, info.sample_aspect.den);
  page.line("size", fmt::format("{}x{}{}{}", info.width, info.height, aspect, turn(info)));
  auto rate = rate_text(picture.rate) + " a second";
  if (picture.rate.den > 1 && !picture.varies) rate += fmt::format(" ({})", to_string(picture.rate));
  if (picture.varies)
    rate +=
        fmt::format(" on average; frames last {:.1f} to {:.1f} ms", picture.shortest_frame * 1000, picture.longest_frame * 1000);
  page.line("frames", picture.rate.num > 0 ? rate : "");
  page.line("duration", span(picture.timing));
  page.line("packets", packets(picture.timing));
  if (info.primaries != "unknown" || info.transfer != "unknown" || info.matrix != "unknown" || info.range != "unknown")
    page.line("colours", fmt::format("primaries {}, transfer {}, matrix {}, range {}", info.primaries, info.transfer, info.matrix,
                                     info.range));
  else
    page.line("colours", "not tagged");
  page.line("hdr", picture.hdr);
  auto fields = info.field_order == "unknown" ? std::string("not tagged") : info.field_order;
  if (auto const& seen = picture.fields; seen.progressive + seen.top_first + seen.bottom_first > 0)
    fields += fmt::format("; looks progressive {}, top first {}, bottom first {} of {} times", seen.progressive, seen.top_first,
                          seen.bottom_first, seen.progressive + seen.top_first + seen.bottom_first + seen.undecided);
  page.line("fields", fields);
  if (picture.access.count > 0)
    page.line("key frames", fmt::format("{}{}; {} to {} frames apart, at most {:.2f} s", picture.access.count,
                                        picture.access.open > 0 ? fmt::format(" ({} open)", picture.access.open) : "",
                                        picture.access.shortest, picture.access.longest, picture.access.longest_seconds));
  page.line("timecode", picture.timecode);
  page.line("language", picture.language);
  page.line("title", picture.title);
  page.line("decoded", decoded_text(picture.decoded, "frames"));
}

void add(Page& page, SoundProbe const& sound) {
  auto const& info = sound.info;
  page.section(fmt::format("sound (stream {}{})", info.stream, sound.is_default ? ", default" : ""));
  page.line("codec", sound.profile.empty() ? info.codec : info.codec + " " + sound.profile);
  page.line("format", sound.bits > 0 ? fmt::format("{}, {} bits", sound.sample_format, sound.bits) : sound.sample_format);
  page.line("channels", fmt::format("{} ({}), {} Hz", info.channels, info.layout, info.sample_rate));
  page.line("duration", span(sound.timing));
  page.line("packets", packets(sound.timing));
  page.line("language", info.language);
  page.line("title", sound.title);
  page.line("decoded", decoded_text(sound.decoded, "samples"));
}

}  // namespace

Style table_style_for(std::FILE* out) {
  auto style = style_for(out);
  if (!is_live(out)) style.letters = Letters::unicode;
  return style;
}

std::string rate_text(Rational rate) {
  auto text = fmt::format("{:.3f}", rate.value());
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "29.97" || text == "59.94" || text.size() < 6 || rate.den == 1001 ? text : fmt::format("{:.2f}", rate.value());
}

std::string probe_table(std::vector<ProbedFile> const& files, Style const& style, Notes notes) {
  std::vector<Row> rows;
  std::array<int, 5> widths{};
  for (auto const& file : files) {
    rows.push_back(row_of(file));
    if (file.probe.container.empty()) continue;
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], columns_of(rows.back()[i]));
  }
  widths[0] = std::min(widths[0], 60);
  std::string text;
  for (std::size_t at = 0; at < files.size(); ++at) {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (!rows[at][i].empty()) line += (i > 0 ? "  " : "") + padded(rows[at][i], widths[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    text += fmt::format("{} {}\n", mark(files[at].is_valid(), style), line);
    for (auto const& fault : files[at].faults)
      if (notes == Notes::show || fault.severity != Severity::note) text += fmt::format("    {}\n", fault_line(fault, style));
  }
  auto const valid = std::count_if(files.begin(), files.end(), [](ProbedFile const& file) { return file.is_valid(); });
  return text + fmt::format("{}/{} valid\n", valid, files.size());
}

std::string probe_page(ProbedFile const& file, Style const& style) {
  auto const& probe = file.probe;
  Page page(style);
  page.section(fmt::format("{} {}", mark(file.is_valid(), style), printable(file.path.string())));
  for (auto const& fault : file.faults) page.raw(fault_line(fault, style));
  if (probe.container.empty()) return std::move(page).text();
  page.line("container", fmt::format("{} ({})", probe.long_name, probe.container));
  page.line("size", human_bytes(probe.layout.size));
  auto duration = fmt::format("{:.3f} s", probe.duration);
  if (probe.claimed_duration >= 0) duration += fmt::format("; the header says {:.3f} s", probe.claimed_duration);
  page.line("duration", duration);
  page.line("bit rate", fmt::format("{:.0f} kb/s", static_cast<double>(probe.bit_rate) / 1000));
  if (!probe.layout.index.empty())
    page.line("index", probe.layout.index == "first" ? "before the media (plays while it loads)" : "behind the media");
  if (probe.layout.fragments > 0) page.line("fragments", std::to_string(probe.layout.fragments));
  if (probe.layout.edit_lists > 0) page.line("edit lists", fmt::format("of {} tracks", probe.layout.edit_lists));
  page.line("timecode", probe.timecode);
  page.line("made", probe.created);
  for (auto const& picture : probe.video) add(page, picture);
  for (auto const& sound : probe.audio) add(page, sound);
  if (!probe.others.empty()) page.section("other streams");
  for (auto const& other : probe.others) {
    auto text = fmt::format("{}: {} {}", other.stream, other.kind, other.codec);
    if (other.width > 0) text += fmt::format(" {}x{}", other.width, other.height);
    if (!other.language.empty()) text += " " + other.language;
    if (!other.title.empty()) text += " '" + other.title + "'";
    page.raw(printable(text));
  }
  if (!probe.chapters.empty()) page.section("chapters");
  for (auto const& chapter : probe.chapters) page.raw(printable(fmt::format("{:>9.2f} s  {}", chapter.start, chapter.title)));
  return std::move(page).text();
}

}  // namespace reelmill
