// SPDX-License-Identifier: GPL-3.0-or-later
// A YAML file as a tree that remembers where everything stands. Knows nothing of projects.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace reelmill {

// Both count from 1, as editors do.
struct Mark {
  int line = 1, column = 1;
};

struct Entry;

struct Node {
  enum class Kind { nothing, scalar, list, map } kind = Kind::nothing;
  Mark mark;
  std::string text;            // of a scalar, as written (quotes and escapes resolved)
  std::vector<Node> items;     // of a list
  std::vector<Entry> entries;  // of a map, in the order written; a key may appear twice

  // "nothing", "a text", "a list", "a map".
  std::string_view kind_name() const;
};

struct Entry {
  std::string key;
  Mark key_mark;
  Node value;
};

inline constexpr std::int64_t largest_document = 1 << 20;  // bytes; no project file is near that

// The one document in `text`. What is not UTF-8 or not YAML, more than 20 000 values, more than one document, anchors and keys
// that are not plain texts are errors of kind project: "name:line:column: …".
Result<Node> parse_document(std::string_view text, std::string_view name);

}  // namespace reelmill
