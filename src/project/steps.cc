// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/steps.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace reelmill {

namespace {

std::string_view list_name(Track track) { return track == Track::captions ? "subtitles" : name_of(track); }

std::string_view worked_on(Track track) {
  return track == Track::video ? "picture" : track == Track::audio ? "sound" : "captions";
}

Operation const* find_operation(std::string const& name, Mark mark, Track track, Mistakes& mistakes) {
  if (auto const* const operation = operation_named(name, track)) return operation;
  auto const* const of_other_track = operation_named(name);
  if (of_other_track == nullptr) {
    std::vector<std::string_view> names;
    for (auto const* const known : operations())
      if (known->track == track) names.push_back(known->name);
    auto hint = did_you_mean(name, names);
    if (hint.empty()) hint = fmt::format(", there are {}", fmt::join(names, ", "));
    mistakes.add(mark, fmt::format("unknown {} operation '{}'{}", list_name(track), name, hint));
    return nullptr;
  }
  mistakes.add(mark, fmt::format("'{}' works on the {}, put it below '{}:'", name,
                                 worked_on(of_other_track->track), list_name(of_other_track->track)));
  return nullptr;
}

void read_parameters(Node const& map, Step& step, std::filesystem::path const& folder, Mistakes& mistakes) {
  if (map.kind == Node::Kind::nothing) return;
  auto const& operation = *step.operation;
  if (map.kind != Node::Kind::map) {
    mistakes.add(map.mark, fmt::format("the parameters of '{}' must be a map such as {{ {}: {} }}, not {}", operation.name,
                                       operation.params.front().name, to_string(operation.params.front().read(step.options)),
                                       map.kind_name()));
    return;
  }
  for (auto const& entry : map.entries) {
    if (!first_of_name(map, entry, mistakes)) continue;
    Param const* found = nullptr;
    std::vector<std::string_view> names;
    for (auto const& param : operation.params) {
      names.push_back(param.name);
      if (param.name == entry.key) found = &param;
    }
    if (found == nullptr) {
      unknown_key(entry, fmt::format("'{}'", operation.name), names, mistakes);
      continue;
    }
    if (auto const value = read_value(entry.value, *found, found->read(step.options), folder, mistakes))
      found->write(step.options, *value);
  }
}

// A mistake in the value has been noted already where the parameter is named.
void check_required(Node const* map, Mark mark, Step const& step, Mistakes& mistakes) {
  for (auto const& param : step.operation->params) {
    if (!param.required) continue;
    bool const named =
        map && std::any_of(map->entries.begin(), map->entries.end(), [&](auto const& entry) { return entry.key == param.name; });
    if (!named) mistakes.add(mark, fmt::format("'{}' needs '{}': {}", step.operation->name, param.name, param.help));
  }
}

std::optional<Step> read_step(Node const& item, Track track, std::filesystem::path const& folder, Mistakes& mistakes) {
  auto const begin = [&](std::string const& name, Mark mark) -> std::optional<Step> {
    auto const* const operation = find_operation(name, mark, track, mistakes);
    if (operation == nullptr) return std::nullopt;
    return Step{operation, operation->defaults(), mark.line};
  };
  if (item.kind == Node::Kind::scalar) {
    auto step = begin(item.text, item.mark);
    if (step) check_required(nullptr, item.mark, *step, mistakes);
    return step;
  }
  if (item.kind != Node::Kind::map || item.entries.empty()) {
    mistakes.add(item.mark, fmt::format("an item of '{}' must be an operation, not {}", list_name(track), item.kind_name()));
    return std::nullopt;
  }
  auto const& first = item.entries.front();
  for (std::size_t i = 1; i < item.entries.size(); ++i)
    mistakes.add(item.entries[i].key_mark,
                 fmt::format("'{}' stands beside '{}', indent it further to make it a parameter or begin a new item with '-'",
                             item.entries[i].key, first.key));
  auto step = begin(first.key, first.key_mark);
  if (step) {
    read_parameters(first.value, *step, folder, mistakes);
    check_required(&first.value, first.key_mark, *step, mistakes);
    if (auto const wrong = step->operation->check ? step->operation->check(step->options) : ""; !wrong.empty())
      mistakes.add(first.key_mark, fmt::format("'{}': {}", step->operation->name, wrong));
  }
  return step;
}

}  // namespace

Step read_caption_step(Entry const& entry, std::filesystem::path const& folder, Mistakes& mistakes) {
  auto const& operation = *operation_named(entry.key, Track::captions);
  Step step{&operation, operation.defaults(), entry.key_mark.line};
  read_parameters(entry.value, step, folder, mistakes);
  if (auto const wrong = operation.check ? operation.check(step.options) : ""; !wrong.empty())
    mistakes.add(entry.key_mark, fmt::format("'{}': {}", operation.name, wrong));
  return step;
}

std::vector<Step> read_steps(Node const& list, Track track, std::filesystem::path const& folder, Mistakes& mistakes) {
  std::vector<Step> steps;
  if (list.kind == Node::Kind::nothing) return steps;
  if (list.kind != Node::Kind::list) {
    mistakes.add(list.mark,
                 fmt::format("'{}' must be a list of operations, each after a '-', not {}", list_name(track), list.kind_name()));
    return steps;
  }
  for (auto const& item : list.items) {
    auto step = read_step(item, track, folder, mistakes);
    if (!step) continue;
    // What looks at neighbours is done before all else, so a second one could not act on what the first has made.
    bool const windowed = track == Track::video && step->operation->reach.kind == Reach::Kind::window;
    auto const first =
        std::find_if(steps.begin(), steps.end(), [&](Step const& each) { return each.operation == step->operation; });
    if (windowed && first != steps.end())
      mistakes.add(item.mark,
                   fmt::format("'{}' can stand here once only, the first is on line {}", step->operation->name, first->line));
    steps.push_back(std::move(*step));
  }
  return steps;
}

std::vector<std::string> Step::files() const {
  std::vector<std::string> out;
  for (auto const& param : operation->params)
    if (auto const value = to_string(param.read(options)); param.form == Form::path && !value.empty()) out.push_back(value);
  return out;
}

std::string Step::text() const {
  std::string out(operation->name);
  for (auto const& param : operation->params) {
    auto value = to_string(param.read(options));
    if (param.form == Form::path || param.form == Form::font) value = std::filesystem::path(value).filename().string();
    out += fmt::format(" {}={}", param.name, printable(value));
  }
  return out;
}

}  // namespace reelmill
