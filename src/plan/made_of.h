// SPDX-License-Identifier: GPL-3.0-or-later
// What an output is made of: the fields of every key on its way from the source. Kept when it was made, compared when
// somebody asks why it is made again.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "plan/keys.h"

namespace reelmill {

struct MadeStage {
  std::string id;  // "source", "analysis", "sound", "join"
  KeyFields fields;
};

// One chunk: what it shares with others, and what it alone has. Digests are cut to 16 digits.
struct MadeChunk {
  std::string key;
  std::size_t form = 0;  // in MadeOf::forms
  KeyFields own;
};

struct MadeOf {
  std::vector<MadeStage> stages;  // in the order of the work; without those that are not known yet
  std::vector<KeyFields> forms;   // of chunks, each once
  std::vector<MadeChunk> chunks;

  void add_chunk(Key const& key);
};

// {"stages": […], "forms": [[[name, value], …], …], "chunks": [[key, form, [[name, digest], …]], …]}
Json json_of(MadeOf const& made);
// What is not such a text gives what could be read of it, at least an empty one.
MadeOf made_of_json(Json const& json);

// One field that is not what it was. Of chunks: how many of those that are new are so because of it.
struct Difference {
  std::string stage, field, before, now;
  std::size_t chunks = 0, of = 0;
};
// In the order in which the fields decide; empty: it is made of the same. A stage that is not known yet is not compared, and
// neither is the source's stamp once its content is known.
std::vector<Difference> differences(MadeOf const& before, MadeOf const& now);

}  // namespace reelmill
