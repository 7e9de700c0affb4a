// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/document.h"

#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "base/text.h"

namespace reelmill {

namespace {

constexpr std::size_t largest_document = 1 << 20;

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

  Node root_;
  std::vector<Node*> open_;
  std::vector<char> key_expected_;
};

std::string advice(std::string_view problem) {
  if (problem.find("anchor") != std::string_view::npos || problem.find("alias") != std::string_view::npos)
    return ", put quotes around a text that begins with '*' or '&'";
  if (problem.find("flow") != std::string_view::npos) return ", put quotes around a text that has braces, brackets or commas in it";
  if (problem.find("tab") != std::string_view::npos) return ", indent with spaces";
  return "";
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
  if (text.size() > largest_document)
    return refused({}, fmt::format("the file is larger than {}, which no project file is", human_bytes(largest_document)));
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
    return refused(mark_of(failure.mark), "this is not YAML: " + failure.msg + advice(failure.msg));
  } catch (std::exception const& failure) {
    return refused({}, std::string("this is not YAML: ") + failure.what());
  }
}

}  // namespace reelmill
