// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/document.h"

#include <optional>
#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "base/text.h"

namespace reelmill {

namespace {

constexpr int most_values = 20'000;
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

Mark mark_of(YAML::Mark const& mark) { return mark.is_null() ? Mark{} : Mark{mark.line + 1, mark.column + 1}; }

struct Refused {
  Mark mark;
  std::string what;
};

// Builds the tree from the parser's events; events rather than YAML::Node, because those merge keys and follow aliases.
class Builder : public YAML::EventHandler {
 public:
  Node take() { return std::move(root_); }

  void OnDocumentStart(YAML::Mark const&) override {}
  void OnDocumentEnd() override {}
  void OnNull(YAML::Mark const& mark, YAML::anchor_t anchor) override {
    add({Node::Kind::nothing, mark_of(mark), {}, {}, {}}, anchor);
  }
  void OnAlias(YAML::Mark const& mark, YAML::anchor_t) override {
    throw Refused{mark_of(mark), "anchors and aliases are not understood here, write the value again"};
  }
  void OnScalar(YAML::Mark const& mark, std::string const&, YAML::anchor_t anchor, std::string const& text) override {
    add({Node::Kind::scalar, mark_of(mark), text, {}, {}}, anchor);
  }
  void OnSequenceStart(YAML::Mark const& mark, std::string const&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open_.push_back(add({Node::Kind::list, mark_of(mark), {}, {}, {}}, anchor));
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(YAML::Mark const& mark, std::string const&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open_.push_back(add({Node::Kind::map, mark_of(mark), {}, {}, {}}, anchor));
    key_expected_.push_back(true);
  }
  void OnMapEnd() override {
    open_.pop_back();
    key_expected_.pop_back();
  }

 private:
  // A node stays where it is while it is open: only its own children are added meanwhile.
  Node* add(Node node, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor)
      throw Refused{node.mark, "anchors and aliases are not understood here, write the value again"};
    if (++values_ > most_values)
      throw Refused{node.mark, fmt::format("the file has more than {} values, which no project file has", most_values)};
    if (open_.empty()) return &(root_ = std::move(node));
    Node& parent = *open_.back();
    if (parent.kind == Node::Kind::list) return &parent.items.emplace_back(std::move(node));
    if (!key_expected_.back()) {
      key_expected_.back() = true;
      return &(parent.entries.back().value = std::move(node));
    }
    if (node.kind != Node::Kind::scalar) throw Refused{node.mark, fmt::format("a key must be a text, not {}", node.kind_name())};
    parent.entries.push_back({std::move(node.text), node.mark, {}});
    key_expected_.back() = false;
    return nullptr;
  }

  int values_ = 0;
  Node root_;
  std::vector<Node*> open_;
  std::vector<char> key_expected_;
};

std::string_view line_of(std::string_view text, int number) {
  auto const lines = split(text, '\n');
  return number >= 1 && static_cast<std::size_t>(number) <= lines.size() ? lines[static_cast<std::size_t>(number) - 1] : "";
}

std::string advice(std::string_view problem, std::string_view line) {
  if (problem.find("anchor") != std::string_view::npos || problem.find("alias") != std::string_view::npos)
    return ", put quotes around a text that begins with '*' or '&'";
  if (problem.find("flow") != std::string_view::npos)
    return ", put quotes around a text that has braces, brackets or commas in it";
  if (line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos)
    return ", a tab cannot indent, indent with spaces";
  return "";
}

// Bytes that no text has. YAML readers disagree about them, so they do not get to see any.
std::optional<Refused> not_text(std::string_view text) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) return Refused{{}, "the file is UTF-16, save it as UTF-8"};
  Mark mark;
  while (!text.empty()) {
    auto const length = utf8_length(text);
    auto const first = static_cast<unsigned char>(text[0]);
    if (length == 0) return Refused{mark, fmt::format("the byte 0x{:02x} is not UTF-8, save the file as UTF-8", first)};
    if (first == '\n')
      ++mark.line, mark.column = 0;
    else if ((first < 0x20 && first != '\t' && first != '\r') || first == 0x7f)
      return Refused{mark, fmt::format("there is a control character (0x{:02x}), remove it", first)};
    ++mark.column;
    text.remove_prefix(length);
  }
  return std::nullopt;
}

}  // namespace

std::string_view Node::kind_name() const {
  switch (kind) {
    case Kind::nothing:
      return "nothing";
    case Kind::scalar:
      return "a text";
    case Kind::list:
      return "a list";
    case Kind::map:
      return "a map";
  }
  return "nothing";
}

Result<Node> parse_document(std::string_view text, std::string_view name) {
  auto const refused = [&](Mark mark, std::string_view what) {
    return Error{ErrorKind::project, fmt::format("{}:{}:{}: {}", printable(name), mark.line, mark.column, printable(what))};
  };
  if (static_cast<std::int64_t>(text.size()) > largest_document)
    return refused({}, fmt::format("the file is larger than {}, which no project file is", human_bytes(largest_document)));
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (auto const found = not_text(text)) return refused(found->mark, found->what);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    Builder builder;
    parser.HandleNextDocument(builder);
    Builder rest;
    if (parser.HandleNextDocument(rest))
      return refused(rest.take().mark, "there is a second document in the file, leave out the '---'");
    return builder.take();
  } catch (Refused const& refusal) {
    return refused(refusal.mark, refusal.what);
  } catch (YAML::Exception const& failure) {
    auto const mark = mark_of(failure.mark);
    return refused(mark, "this is not YAML: " + failure.msg + advice(failure.msg, line_of(text, mark.line)));
  } catch (std::exception const& failure) {
    return refused({}, std::string("this is not YAML: ") + failure.what());
  }
}

}  // namespace reelmill
