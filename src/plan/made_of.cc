// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/made_of.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <unordered_map>

#include "base/text.h"

namespace reelmill {

namespace {
constexpr std::array<std::string_view, 4> of_one_chunk{"frames", "frames shown", "camera path", "strength"};
constexpr std::size_t digits_kept = 16;

bool is_own(std::string const& name) { return std::find(of_one_chunk.begin(), of_one_chunk.end(), name) != of_one_chunk.end(); }

std::string const& frames_of(MadeChunk const& chunk) {
  static std::string const none;
  auto const found = std::find_if(chunk.own.begin(), chunk.own.end(), [](auto const& field) { return field.name == "frames"; });
  return found == chunk.own.end() ? none : found->value;
}

Json json_of(KeyFields const& fields) {
  auto out = Json::array();
  for (auto const& [name, value] : fields) out.push_back({name, value});
  return out;
}

KeyFields fields_of(Json const& json) {
  KeyFields fields;
  for (auto const& pair : json) fields.push_back({pair.at(0).get<std::string>(), pair.at(1).get<std::string>()});
  return fields;
}

// "filter eq contrast=1.1 gamma=1" against "… contrast=1.2 …" is "filter eq contrast": 1.1, 1.2.
Difference narrowed(Difference difference) {
  auto const before = split(difference.before, ' '), now = split(difference.now, ' ');
  if (before.size() != now.size() || before.size() < 2) return difference;
  std::optional<std::size_t> only;
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (before[i] == now[i]) continue;
    if (only) return difference;
    only = i;
  }
  auto const equals = only ? now[*only].find('=') : std::string_view::npos;
  if (equals == std::string_view::npos || before[*only].substr(0, equals + 1) != now[*only].substr(0, equals + 1))
    return difference;
  std::string name;
  for (std::size_t i = 0; i < *only && now[i].find('=') == std::string_view::npos; ++i) name += std::string(now[i]) + " ";
  name += now[*only].substr(0, equals);
  return {
      difference.stage,  name,         std::string(before[*only].substr(equals + 1)), std::string(now[*only].substr(equals + 1)),
      difference.chunks, difference.of};
}

// Fields of one name are compared in their order: steps are several.
std::vector<Difference> compare(std::string const& stage, KeyFields const& before, KeyFields const& now) {
  auto const in_place_of = [](KeyFields const& fields, std::size_t at, KeyFields const& others) -> KeyField const* {
    auto const is_namesake = [&](KeyField const& field) { return field.name == fields[at].name; };
    auto const end = fields.begin() + static_cast<std::ptrdiff_t>(at);
    auto skip = std::count_if(fields.begin(), end, is_namesake);
    for (auto const& other : others)
      if (is_namesake(other) && skip-- == 0) return &other;
    return nullptr;
  };
  std::vector<Difference> out;
  for (std::size_t i = 0; i < now.size(); ++i) {
    auto const* const old = in_place_of(now, i, before);
    if (!old || old->value != now[i].value) out.push_back(narrowed({stage, now[i].name, old ? old->value : "", now[i].value}));
  }
  for (std::size_t i = 0; i < before.size(); ++i)
    if (!in_place_of(before, i, now)) out.push_back({stage, before[i].name, before[i].value, ""});
  return out;
}

void compare_chunks(MadeOf const& before, MadeOf const& now, std::vector<Difference>& out) {
  std::unordered_map<std::string, MadeChunk const*> by_key, by_frames;
  for (auto const& chunk : before.chunks) {
    by_key.emplace(chunk.key, &chunk);
    by_frames.emplace(frames_of(chunk), &chunk);
  }
  std::map<std::pair<std::size_t, std::size_t>, std::vector<Difference>> forms;
  std::vector<Difference> found;
  auto const count = [&](Difference const& difference) {
    auto const same = std::find_if(found.begin(), found.end(), [&](Difference const& other) {
      return other.field == difference.field &&
             (is_own(other.field) || (other.before == difference.before && other.now == difference.now));
    });
    if (same != found.end())
      ++same->chunks;
    else
      found.push_back({difference.stage, difference.field, difference.before, difference.now, 1, now.chunks.size()});
  };
  for (auto const& chunk : now.chunks) {
    if (by_key.contains(chunk.key)) continue;
    auto const old = by_frames.find(frames_of(chunk));
    if (old == by_frames.end()) {
      count({"render", "frames", "", frames_of(chunk)});
      continue;
    }
    auto const [form, is_new] = forms.try_emplace({old->second->form, chunk.form});
    if (is_new) form->second = compare("render", before.forms.at(old->second->form), now.forms.at(chunk.form));
    for (auto const& difference : form->second) count(difference);
    for (auto const& difference : compare("render", old->second->own, chunk.own)) count(difference);
  }
  out.insert(out.end(), found.begin(), found.end());
}
}  // namespace

void MadeOf::add_chunk(Key const& key) {
  MadeChunk chunk{key.hex().substr(0, digits_kept), 0, {}};
  KeyFields form;
  for (auto const& [name, value] : key.fields())
    if (is_own(name))
      chunk.own.push_back({name, value.substr(0, digits_kept)});
    else
      form.push_back({name, value});
  auto const same = std::find(forms.begin(), forms.end(), form);
  chunk.form = static_cast<std::size_t>(same - forms.begin());
  if (same == forms.end()) forms.push_back(std::move(form));
  chunks.push_back(std::move(chunk));
}

Json json_of(MadeOf const& made) {
  auto stages = Json::object();
  for (auto const& stage : made.stages) stages[stage.id] = json_of(stage.fields);
  auto forms = Json::array(), chunks = Json::array();
  for (auto const& form : made.forms) forms.push_back(json_of(form));
  for (auto const& chunk : made.chunks) chunks.push_back({chunk.key, chunk.form, json_of(chunk.own)});
  return {{"stages", std::move(stages)}, {"forms", std::move(forms)}, {"chunks", std::move(chunks)}};
}

MadeOf made_of_json(Json const& json) {
  MadeOf out;
  try {
    for (auto const& [id, fields] : json.at("stages").items()) out.stages.push_back({id, fields_of(fields)});
    for (auto const& form : json.at("forms")) out.forms.push_back(fields_of(form));
    for (auto const& row : json.at("chunks")) {
      MadeChunk chunk{row.at(0).get<std::string>(), row.at(1).get<std::size_t>(), fields_of(row.at(2))};
      if (chunk.form < out.forms.size()) out.chunks.push_back(std::move(chunk));
    }
  } catch (std::exception const&) {
    return out;
  }
  return out;
}

std::vector<Difference> differences(MadeOf const& before, MadeOf const& now) {
  std::vector<Difference> out;
  auto const find = [](MadeOf const& made, std::string_view id) {
    auto const found = std::find_if(made.stages.begin(), made.stages.end(), [&](auto const& stage) { return stage.id == id; });
    return found == made.stages.end() ? nullptr : &*found;
  };
  bool chunks_compared = now.chunks.empty();
  bool const is_measured = now.stages.size() > 1;
  for (auto const& stage : now.stages) {
    if (stage.id == "source" && is_measured) continue;
    bool const comes_after_the_picture = stage.id == "sound" || stage.id == "join";
    if (comes_after_the_picture && !chunks_compared) {
      compare_chunks(before, now, out);
      chunks_compared = true;
    }
    auto const* const old = find(before, stage.id);
    for (auto& difference : compare(stage.id, old ? old->fields : KeyFields{}, stage.fields))
      out.push_back(std::move(difference));
  }
  if (!chunks_compared) compare_chunks(before, now, out);
  return out;
}

}  // namespace reelmill
