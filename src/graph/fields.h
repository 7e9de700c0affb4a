// SPDX-License-Identifier: GPL-3.0-or-later
// JSON of plain structs from one list of fields each, which serves writing and reading:
//
//   template <> inline constexpr auto fields_of<FitNode> = std::tuple{field("id", &FitNode::id), …};
//
// Reading is strict: a field that is missing, of another type or out of range throws std::invalid_argument, whose text
// names the field; callers at the edge make an Error of it. A vector of a struct marked `columnar` becomes one column per field.
// Hashes (std::uint64_t) are hexadecimal texts, because not every reader of JSON keeps 64 bits.
#pragma once

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/hash.h"
#include "base/json.h"
#include "base/rational.h"
#include "graph/columns.h"

namespace reelmill {

template <class Class, class Member>
struct Field {
  char const* name;
  Member Class::*member;
  using Type = Member;
};
template <class Class, class Member>
constexpr Field<Class, Member> field(char const* name, Member Class::*member) {
  return {name, member};
}

template <class T>
inline constexpr auto fields_of = nullptr;
template <class T>
inline constexpr bool columnar = false;
// What an alternative of a variant is called in its field "is".
template <class T>
inline constexpr char const* kind_of = nullptr;
// The last enumerator of an enum, for range checks.
template <class T>
inline constexpr T last_of{};

template <class T>
concept Described = !std::is_null_pointer_v<std::remove_const_t<decltype(fields_of<T>)>>;
template <class T>
concept Columnar = columnar<T>;
template <class T>
concept Whole = std::is_integral_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, std::uint64_t>;

template <class T>
struct Codec {
  static void write(Json& json, T const& value) { json = value; }
  static void read(Json const& json, T& value) { json.get_to(value); }
};

template <class T>
void write(Json& json, T const& value) {
  Codec<T>::write(json, value);
}
template <class T>
void read(Json const& json, T& value) {
  Codec<T>::read(json, value);
}

inline std::string const& text_in(Json const& json) {
  if (!json.is_string()) throw std::invalid_argument("is not a text");
  return json.get_ref<std::string const&>();
}

inline Json const& member_in(Json const& json, char const* name) {
  if (!json.is_object()) throw std::invalid_argument("is not an object");
  auto const found = json.find(name);
  if (found == json.end()) throw std::invalid_argument(std::string("has no field '") + name + "'");
  return *found;
}

template <class T>
void read_member(Json const& json, char const* name, T& value) {
  auto const& inner = member_in(json, name);
  try {
    read(inner, value);
  } catch (std::exception const& failure) {
    throw std::invalid_argument(std::string("'") + name + "' " + failure.what());
  }
}

template <class T>
T narrowed(std::int64_t number) {
  if constexpr (std::is_enum_v<T>) {
    if (number < 0 || number > static_cast<std::int64_t>(last_of<T>)) throw std::invalid_argument("is out of range");
  } else if constexpr (std::is_same_v<T, bool>) {
    if (number < 0 || number > 1) throw std::invalid_argument("is out of range");
  } else {
    if (!std::in_range<T>(number)) throw std::invalid_argument("is out of range");
  }
  return static_cast<T>(number);
}

template <>
struct Codec<bool> {
  static void write(Json& json, bool value) { json = value; }
  static void read(Json const& json, bool& value) {
    if (!json.is_boolean()) throw std::invalid_argument("is not true or false");
    value = json.get<bool>();
  }
};

template <Whole T>
struct Codec<T> {
  static void write(Json& json, T value) { json = value; }
  static void read(Json const& json, T& value) {
    if (!json.is_number_integer()) throw std::invalid_argument("is not a whole number");
    if (json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX) throw std::invalid_argument("is out of range");
    value = narrowed<T>(json.get<std::int64_t>());
  }
};

template <>
struct Codec<double> {
  static void write(Json& json, double value) { json = value; }
  static void read(Json const& json, double& value) {
    if (!json.is_number()) throw std::invalid_argument("is not a number");
    value = json.get<double>();
  }
};

template <>
struct Codec<std::uint64_t> {
  static void write(Json& json, std::uint64_t value) { json = hex_of(value); }
  static void read(Json const& json, std::uint64_t& value) {
    if (!parse_hex(text_in(json), value)) throw std::invalid_argument("is not a hash of 16 hexadecimal digits");
  }
};

template <Described T>
struct Codec<T> {
  static void write(Json& json, T const& value) {
    json = Json::object();
    add_to(json, value);
  }
  static void add_to(Json& json, T const& value) {
    std::apply([&](auto const&... field) { (reelmill::write(json[field.name], value.*field.member), ...); }, fields_of<T>);
  }
  static void read(Json const& json, T& value) {
    std::apply([&](auto const&... field) { (read_member(json, field.name, value.*field.member), ...); }, fields_of<T>);
  }
};

template <class... Kinds>
struct Codec<std::variant<Kinds...>> {
  static void write(Json& json, std::variant<Kinds...> const& value) {
    std::visit(
        [&]<class T>(T const& kind) {
          json = {{"is", kind_of<T>}};
          Codec<T>::add_to(json, kind);
        },
        value);
  }
  static void read(Json const& json, std::variant<Kinds...>& value) {
    auto const& is = text_in(member_in(json, "is"));
    if (!(read_as<Kinds>(json, is, value) || ...)) throw std::invalid_argument("is of the unknown kind '" + is + "'");
  }

 private:
  template <class T>
  static bool read_as(Json const& json, std::string const& is, std::variant<Kinds...>& value) {
    if (is != kind_of<T>) return false;
    reelmill::read(json, value.template emplace<T>());
    return true;
  }
};

template <class T>
struct Codec<std::optional<T>> {
  static void write(Json& json, std::optional<T> const& value) {
    json = nullptr;
    if (value) reelmill::write(json, *value);
  }
  static void read(Json const& json, std::optional<T>& value) {
    value.reset();
    if (!json.is_null()) reelmill::read(json, value.emplace());
  }
};

template <class T>
struct Codec<std::map<std::string, T>> {
  static void write(Json& json, std::map<std::string, T> const& map) {
    json = Json::object();
    for (auto const& [name, value] : map) reelmill::write(json[name], value);
  }
  static void read(Json const& json, std::map<std::string, T>& map) {
    if (!json.is_object()) throw std::invalid_argument("is not an object");
    map.clear();
    for (auto const& [name, value] : json.items()) reelmill::read(value, map[name]);
  }
};

template <class T>
struct Codec<std::vector<T>> {
  static void write(Json& json, std::vector<T> const& list) {
    json = Json::array();
    for (auto const& value : list) reelmill::write(json.emplace_back(), value);
  }
  static void read(Json const& json, std::vector<T>& list) {
    if (!json.is_array()) throw std::invalid_argument("is not a list");
    list.clear();
    list.reserve(json.size());
    for (auto const& value : json) reelmill::read(value, list.emplace_back());
  }
};

template <Whole T>
struct Codec<std::vector<T>> {
  static void write(Json& json, std::vector<T> const& column) {
    json = write_column(std::vector<std::int64_t>(column.begin(), column.end()));
  }
  static void read(Json const& json, std::vector<T>& column) {
    column.clear();
    for (auto const number : read_column(text_in(json))) column.push_back(narrowed<T>(number));
  }
};

template <>
struct Codec<std::vector<std::uint64_t>> {
  static void write(Json& json, std::vector<std::uint64_t> const& column) { json = write_hashes(column); }
  static void read(Json const& json, std::vector<std::uint64_t>& column) { column = read_hashes(text_in(json)); }
};

template <Columnar T>
struct Codec<std::vector<T>> {
  static void write(Json& json, std::vector<T> const& rows) {
    json = {{"rows", rows.size()}};
    std::apply([&](auto const&... field) { (write_one(json, rows, field), ...); }, fields_of<T>);
  }
  static void read(Json const& json, std::vector<T>& rows) {
    std::int64_t count = 0;
    read_member(json, "rows", count);
    if (count < 0 || count > static_cast<std::int64_t>(longest_column)) throw std::invalid_argument("has an impossible length");
    rows.assign(static_cast<std::size_t>(count), T{});
    std::apply([&](auto const&... field) { (read_one(json, rows, field), ...); }, fields_of<T>);
  }

 private:
  template <class Field>
  using Column =
      std::vector<std::conditional_t<std::is_same_v<typename Field::Type, std::uint64_t>, std::uint64_t, std::int64_t>>;

  template <class Field>
  static void write_one(Json& json, std::vector<T> const& rows, Field const& field) {
    Column<Field> column;
    column.reserve(rows.size());
    for (auto const& row : rows) column.push_back(static_cast<typename Column<Field>::value_type>(row.*field.member));
    reelmill::write(json[field.name], column);
  }
  template <class Field>
  static void read_one(Json const& json, std::vector<T>& rows, Field const& field) {
    Column<Field> column;
    read_member(json, field.name, column);
    if (column.size() != rows.size()) throw std::invalid_argument(std::string("'") + field.name + "' has another length");
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if constexpr (std::is_same_v<typename Field::Type, std::uint64_t>)
        rows[i].*field.member = column[i];
      else
        rows[i].*field.member = narrowed<typename Field::Type>(column[i]);
    }
  }
};

}  // namespace reelmill
