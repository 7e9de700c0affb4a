// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/retry_keys.h"

#include <array>

#include <fmt/format.h>

#include "base/text.h"

namespace reelmill {

namespace {

enum class Measure { whole, factor, percent, duration };

struct RetryKey {
  std::string_view name, help;
  Measure measure;
  Range range;  // as the file has it; of durations in seconds
  void (*set)(RetryPolicy&, double);
};

constexpr double day = 86400;

constexpr std::array keys{RetryKey{"attempts",
                                   "at one piece of work, all together",
                                   Measure::whole,
                                   {1, 100},
                                   [](RetryPolicy& policy, double value) { policy.attempts = static_cast<int>(value); }},
                          RetryKey{"delay",
                                   "before the second attempt",
                                   Measure::duration,
                                   {0, day},
                                   [](RetryPolicy& policy, double value) { policy.delay = value; }},
                          RetryKey{"growth",
                                   "how many times the delay before each delay is",
                                   Measure::factor,
                                   {1, 100},
                                   [](RetryPolicy& policy, double value) { policy.growth = value; }},
                          RetryKey{"jitter",
                                   "how much shorter or longer than said a delay may be",
                                   Measure::percent,
                                   {0, 100},
                                   [](RetryPolicy& policy, double value) { policy.jitter = value / 100; }},
                          RetryKey{"deadline",
                                   "from the first failure; no attempt begins later",
                                   Measure::duration,
                                   {0, 30 * day},
                                   [](RetryPolicy& policy, double value) { policy.deadline = value; }},
                          RetryKey{"stall",
                                   "without progress until a worker is given up",
                                   Measure::duration,
                                   {1, day},
                                   [](RetryPolicy& policy, double value) { policy.stall = value; }}};

// Seconds: "5s", "500 ms", "10m", "10 min", "1h".
std::optional<double> read_duration(Node const& node, std::string_view what, Range range, Mistakes& mistakes) {
  constexpr std::array<std::pair<std::string_view, double>, 3> units{{{"min", 60}, {"m", 60}, {"h", 3600}}};
  auto plain = node;
  auto const text = trim(node.text);
  for (auto const& [unit, seconds] : units) {
    if (node.kind != Node::Kind::scalar || !text.ends_with(unit)) continue;
    if (auto const number = parse_number(trim(text.substr(0, text.size() - unit.size()))))
      plain.text = shortest(*number * seconds);
    break;
  }
  return read_time(plain, what, range, mistakes);
}

std::optional<double> read_key(RetryKey const& key, Node const& node, Mistakes& mistakes) {
  auto const what = fmt::format("'{}'", key.name);
  switch (key.measure) {
    case Measure::duration:
      return read_duration(node, what, key.range, mistakes);
    case Measure::percent:
      return read_number(node, what, unit::percent, key.range, mistakes);
    case Measure::factor:
      return read_number(node, what, unit::none, key.range, mistakes);
    case Measure::whole:
      break;
  }
  auto const whole = read_whole(node, what, unit::none, key.range, mistakes);
  return whole ? std::optional(static_cast<double>(*whole)) : std::nullopt;
}

}  // namespace

void read_retry(Node const& node, RetryPolicy& policy, Mistakes& mistakes) {
  if (node.kind == Node::Kind::nothing) return;
  if (node.kind != Node::Kind::map)
    return mistakes.add(node.mark,
                        fmt::format("'retry' must be a map such as {{ attempts: 3, delay: 5s }}, not {}", node.kind_name()));
  std::vector<std::string_view> names;
  for (auto const& key : keys) names.push_back(key.name);
  for (auto const& entry : node.entries) {
    if (!first_of_name(node, entry, mistakes)) continue;
    auto const key = std::find_if(keys.begin(), keys.end(), [&](RetryKey const& each) { return each.name == entry.key; });
    if (key == keys.end())
      unknown_key(entry, "'retry'", names, mistakes);
    else if (auto const value = read_key(*key, entry.value, mistakes))
      key->set(policy, *value);
  }
}

Json retry_schema() {
  auto properties = Json::object();
  for (auto const& key : keys) {
    Json number{
        {"type", key.measure == Measure::whole ? "integer" : "number"}, {"minimum", key.range.low}, {"maximum", key.range.high}};
    auto const* unit = key.measure == Measure::duration ? " *(ms|s|m|min|h)" : key.measure == Measure::percent ? " *%" : "";
    properties[std::string(key.name)] = {
        {"description", key.help},
        {"anyOf", {std::move(number), {{"type", "string"}, {"pattern", fmt::format("^[0-9.:]+({})?$", unit)}}}}};
  }
  return {{"description", "what is done about work that failed for a reason that may pass"},
          {"type", {"object", "null"}},
          {"properties", std::move(properties)},
          {"additionalProperties", false}};
}

}  // namespace reelmill
