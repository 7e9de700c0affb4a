// SPDX-License-Identifier: GPL-3.0-or-later
#include <pugixml.hpp>

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "captions/marked_text.h"
#include "captions/reading.h"
#include "captions/ttml_clock.h"

namespace reelmill {

namespace {

constexpr int deepest = 100, longest_chain = 20;
constexpr std::int64_t standard_length = 3000;  // of a text whose end nobody says

std::string_view local(std::string_view name) {
  auto const colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

// Whatever the prefix; files disagree about it.
std::string_view attribute(pugi::xml_node node, std::string_view name) {
  for (auto const each : node.attributes())
    if (local(each.name()) == name) return each.value();
  return {};
}

// What an element says of its text, or its styles do; nothing where none does.
struct TtmlStyle {
  Marks set = 0, on = 0;
  std::string_view align;
  std::optional<double> top, height;  // of the region, in percent of the picture

  void put(Emphasis kind, bool is_on) {
    set = static_cast<Marks>(set | marks_of(kind));
    on = static_cast<Marks>(is_on ? on | marks_of(kind) : on & ~marks_of(kind));
  }
  // `other` is nearer to the text.
  void override_by(TtmlStyle const& other) {
    on = static_cast<Marks>((on & ~other.set) | other.on);
    set = static_cast<Marks>(set | other.set);
    if (!other.align.empty()) align = other.align;
    if (other.top) top = other.top;
    if (other.height) height = other.height;
  }
  bool is_placed() const { return !align.empty() || top; }
  bool is_at_top() const {
    double const begin = top.value_or(0), share = height.value_or(100 - begin);
    double const anchor = align == "after" ? begin + share : align == "center" ? begin + share / 2 : begin;
    return anchor < 50;
  }
};

std::optional<double> second_percentage(std::string_view text) {
  for (auto const part : split(trim(text), ' '))
    if (auto const value = trim(part); value.ends_with('%') && value.data() != trim(text).data())
      return parse_number(value.substr(0, value.size() - 1));
  return std::nullopt;
}

struct Span {
  std::int64_t from = 0;
  std::optional<std::int64_t> to;
};

class TtmlReader {
 public:
  TtmlReader(std::string_view text, std::string const& name) : text_(text), name_(name) {}

  Result<Reading> read() {
    pugi::xml_document document;
    auto const parsed =
        document.load_buffer(text_.data(), text_.size(), pugi::parse_default | pugi::parse_ws_pcdata, pugi::encoding_utf8);
    if (!parsed)
      return damaged_captions(name_, line_at(parsed.offset), fmt::format("it is no whole XML: {}", lower(parsed.description())));
    auto const root = document.document_element();
    if (local(root.name()) != "tt") return damaged_captions(name_, line_at(root.offset_debug()), "its root is no 'tt'");
    out_.captions.language = plain_language(attribute(root, "lang"));
    read_clock(root);
    for (auto const child : root.children()) {
      if (local(child.name()) == "head") read_head(child, 0);
    }
    for (auto const child : root.children())
      if (local(child.name()) == "body") walk(child, {}, style_of(root), is_preserved(root, false), 0);
    if (is_too_deep_) return damaged_captions(name_, 1, fmt::format("its elements are nested more than {} deep", deepest));
    if (is_too_many_) return too_many_captions(name_);
    settle_open_ends();
    return std::move(out_);
  }

 private:
  static std::string lower(std::string text) {
    if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
    return text;
  }
  // From the place asked for last: from the beginning for each of many would take long.
  int line_at(std::ptrdiff_t offset) {
    auto const end = std::clamp<std::ptrdiff_t>(offset, 0, static_cast<std::ptrdiff_t>(text_.size()));
    auto const between = std::count(text_.begin() + std::min(end, counted_), text_.begin() + std::max(end, counted_), '\n');
    line_ += static_cast<int>(end < counted_ ? -between : between);
    counted_ = end;
    return line_;
  }
  int line_of(pugi::xml_node node) { return line_at(node.offset_debug()); }

  void read_clock(pugi::xml_node root) {
    auto const number = [&](std::string_view name) {
      auto const value = parse_number(trim(attribute(root, name)));
      return value && *value > 0 && *value < 1e9 ? value : std::nullopt;
    };
    auto const rate = number("frameRate");
    clock_.nominal_rate = rate.value_or(30);
    clock_.sub_frames = number("subFrameRate").value_or(1);
    auto multiplier = std::string(trim(attribute(root, "frameRateMultiplier")));
    std::replace(multiplier.begin(), multiplier.end(), ':', ' ');
    if (auto const parts = split(multiplier, ' '); parts.size() >= 2) {
      auto const above = parse_number(trim(parts.front())), below = parse_number(trim(parts.back()));
      if (above && below && *above > 0 && *below > 0) clock_.multiplier = *above / *below;
    }
    clock_.tick_rate = number("tickRate").value_or(rate ? clock_.nominal_rate * clock_.multiplier * clock_.sub_frames : 1);
    clock_.is_smpte = attribute(root, "timeBase") == "smpte";
    auto const drop = attribute(root, "dropMode");
    clock_.drop = drop == "dropNTSC" ? TtmlClock::Drop::ntsc : drop == "dropPAL" ? TtmlClock::Drop::pal : TtmlClock::Drop::none;
  }

  void read_head(pugi::xml_node node, int depth) {
    if (depth > deepest) {
      is_too_deep_ = true;
      return;
    }
    for (auto const child : node.children()) {
      auto const kind = local(child.name());
      auto const id = attribute(child, "id");
      if ((kind == "style" || kind == "region") && !id.empty())
        (kind == "style" ? styles_ : regions_)[std::string(id)].node = child;
      if (kind != "style") read_head(child, depth + 1);
    }
  }

  struct Named {
    pugi::xml_node node;
    TtmlStyle style{};
    enum class State { unread, being_read, read } state = State::unread;
  };

  // A style that refers to itself says nothing there.
  TtmlStyle named_style(std::map<std::string, Named>& known, std::string_view name, int chain) {
    auto const found = known.find(std::string(trim(name)));
    if (found == known.end()) return {};
    auto& named = found->second;
    if (named.state == Named::State::unread && chain < longest_chain) {
      named.state = Named::State::being_read;
      named.style = style_of(named.node, chain + 1);
      named.state = Named::State::read;
    }
    return named.style;
  }

  TtmlStyle style_of(pugi::xml_node node, int chain = 0) {
    TtmlStyle style;
    auto const references = split(attribute(node, "style"), ' ');
    for (std::size_t i = 0; i < std::min<std::size_t>(references.size(), longest_chain); ++i)
      if (!references[i].empty()) style.override_by(named_style(styles_, references[i], chain));
    if (local(node.name()) == "region")
      for (auto const child : node.children())
        if (local(child.name()) == "style" && chain < longest_chain) style.override_by(style_of(child, chain + 1));
    TtmlStyle own;
    if (auto const value = attribute(node, "fontStyle"); !value.empty()) own.put(Emphasis::italic, value != "normal");
    if (auto const value = attribute(node, "fontWeight"); !value.empty()) own.put(Emphasis::bold, value == "bold");
    if (auto const value = attribute(node, "textDecoration"); !value.empty())
      own.put(Emphasis::underline,
              value.find("nderline") != std::string_view::npos && value.find("noUnderline") == std::string_view::npos);
    own.align = attribute(node, "displayAlign");
    own.top = second_percentage(attribute(node, "origin"));
    own.height = second_percentage(attribute(node, "extent"));
    style.override_by(own);
    return style;
  }

  static bool is_preserved(pugi::xml_node node, bool before) {
    auto const space = attribute(node, "space");
    return space.empty() ? before : space == "preserve";
  }

  // Times inside of an element count from its beginning, and none is later than its end.
  std::optional<Span> span_of(pugi::xml_node node, Span const& parent) {
    Span span = parent;
    auto const read = [&](std::string_view name) -> std::optional<std::optional<std::int64_t>> {
      auto const text = attribute(node, name);
      if (text.empty()) return std::optional<std::int64_t>();
      auto const time = clock_.time(text);
      if (!time) return std::nullopt;
      return time;
    };
    auto const begin = read("begin"), end = read("end"), length = read("dur");
    if (!begin || !end || !length) {
      out_.notes.add("times that cannot be read; the caption was left out", line_of(node));
      return std::nullopt;
    }
    if (*begin) span.from = parent.from + **begin;
    if (*end) span.to = parent.from + **end;
    if (*length) span.to = std::min(span.to.value_or(span.from + **length), span.from + **length);
    if (parent.to && (!span.to || *span.to > *parent.to)) span.to = parent.to;
    return span;
  }

  static bool is_timed(pugi::xml_node node) {
    return !attribute(node, "begin").empty() || !attribute(node, "end").empty() || !attribute(node, "dur").empty();
  }

  void walk(pugi::xml_node node, Span const& parent, TtmlStyle const& inherited, bool preserved, int depth) {
    if (depth > deepest) is_too_deep_ = true;
    if (is_too_deep_ || is_too_many_) return;
    auto const span = span_of(node, parent);
    if (!span) return;
    auto const style = placed_style(node, inherited);
    preserved = is_preserved(node, preserved);
    if (local(node.name()) == "p") return read_paragraph(node, *span, style, preserved, depth);
    for (auto const child : node.children()) {
      auto const kind = local(child.name());
      if (kind == "div" || kind == "p") walk(child, *span, style, preserved, depth + 1);
      if (kind == "image") out_.notes.add("a picture was left out", line_of(child));
    }
  }

  TtmlStyle placed_style(pugi::xml_node node, TtmlStyle const& inherited) {
    auto style = inherited;
    if (auto const region = attribute(node, "region"); !region.empty()) style.override_by(named_style(regions_, region, 0));
    style.override_by(style_of(node));
    return style;
  }

  void read_paragraph(pugi::xml_node node, Span const& span, TtmlStyle const& style, bool preserved, int depth) {
    MarkedText text;
    auto const before = out_.captions.cues.size();
    add_text(node, span, style, preserved, text, depth);
    bool const has_own_cues = out_.captions.cues.size() > before;
    add_cue(node, span, style, text, has_own_cues || !is_timed(node));
  }

  void add_cue(pugi::xml_node node, Span const& span, TtmlStyle const& style, MarkedText const& text, bool unless_empty) {
    if (out_.is_full()) {
      is_too_many_ = true;
      return;
    }
    Cue cue{span.from, span.to.value_or(-1), {}};
    text.put_into(cue, MarkedText::Controls::keep);
    cue.at_top = style.is_placed() && style.is_at_top();
    if (cue.text.empty() && unless_empty) return;
    if (std::max(cue.from, cue.to) > latest_caption) {
      out_.notes.add("times later than 100 hours; the caption was left out", line_of(node));
      return;
    }
    if (!span.to) open_ends_.push_back({out_.captions.cues.size(), line_of(node)});
    out_.captions.cues.push_back(std::move(cue));
  }

  // A span with times of its own is a cue of its own.
  void add_text(pugi::xml_node node, Span const& span, TtmlStyle const& style, bool preserved, MarkedText& text, int depth) {
    if (depth > deepest) is_too_deep_ = true;
    if (is_too_deep_ || is_too_many_) return;
    for (auto const child : node.children()) {
      if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
        add_characters(child.value(), style.on, preserved, text);
        continue;
      }
      auto const kind = local(child.name());
      if (kind == "br") text.add("\n", style.on);
      if (kind != "span") continue;
      auto const own = placed_style(child, style);
      bool const child_preserved = is_preserved(child, preserved);
      if (!is_timed(child)) {
        add_text(child, span, own, child_preserved, text, depth + 1);
      } else if (auto const inner = span_of(child, span)) {
        MarkedText alone;
        add_text(child, *inner, own, child_preserved, alone, depth + 1);
        add_cue(child, *inner, own, alone, true);
      }
    }
  }

  static void add_characters(std::string_view characters, Marks marks, bool preserved, MarkedText& text) {
    if (preserved) return text.add(characters, marks);
    std::string out;
    for (char const c : characters) {
      bool const is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
      if (!is_space)
        out += c;
      else if (!out.ends_with(' ') && !(out.empty() && text.ends_with(' ')))
        out += ' ';
    }
    text.add(out, marks);
  }

  // Until the next one begins.
  void settle_open_ends() {
    auto& cues = out_.captions.cues;
    for (auto const& open : open_ends_) {
      auto& cue = cues[open.cue];
      bool const is_followed = open.cue + 1 < cues.size() && cues[open.cue + 1].from > cue.from;
      cue.to = is_followed ? std::min(cues[open.cue + 1].from, cue.from + standard_length) : std::min(latest_caption, cue.from + standard_length);
      out_.notes.add("nothing says when the caption ends", open.line);
    }
  }

  struct OpenEnd {
    std::size_t cue = 0;
    int line = 0;
  };

  std::string_view text_;
  std::string const& name_;
  Reading out_;
  TtmlClock clock_;
  std::map<std::string, Named> styles_, regions_;
  std::vector<OpenEnd> open_ends_;
  std::ptrdiff_t counted_ = 0;
  int line_ = 1;
  bool is_too_deep_ = false, is_too_many_ = false;
};

}  // namespace

Result<Reading> read_ttml(std::string_view text, std::string const& name) { return TtmlReader(text, name).read(); }

}  // namespace reelmill
