// SPDX-License-Identifier: GPL-3.0-or-later
// Result<T>: a value or an Error. Errors are values with a kind; the kind decides retry and exit code.
#pragma once

#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace reelmill {

enum class ErrorKind {
  usage,      // the command line
  project,    // the file a person wrote
  media,      // a source is missing, damaged or not what was said
  missing,    // a codec, tool or library is not here
  full,       // disk, memory, quota
  lost,       // a node, the network, a signal from outside
  failed,     // the work itself failed
  crashed,    // a worker died of a signal of its own making
  rejected,   // quality control says no
  cancelled,  // someone asked
  bug,        // we are wrong
};

// The stable name used in events and JSON ("media", "full", ...).
std::string_view name_of(ErrorKind kind);
std::optional<ErrorKind> error_kind_named(std::string_view name);
// 0 is never returned; see README for the table.
int exit_code_of(ErrorKind kind);

// `what` says what was being done, to what, what went wrong and what to try: lower case, no full stop.
// Each layer may add a note ("while exporting 'film' for youtube").
struct Error {
  ErrorKind kind = ErrorKind::bug;
  std::string what;
  std::vector<std::string> notes{};
  std::source_location where = std::source_location::current();

  Error with_note(std::string note) &&;
  // "what; note; note", with the code location for bugs only.
  std::string text() const;
};

struct [[nodiscard]] Done {};

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  T& value() & { return std::get<0>(state_); }
  T const& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  T const& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  T const* operator->() const { return &value(); }
  Error& error() & { return std::get<1>(state_); }
  Error const& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;
  Result() = default;
  Result(Done) {}
  Result(Error error) : error_(std::move(error)) {}

  bool has_value() const { return !error_; }
  explicit operator bool() const { return has_value(); }
  void value() const {}
  Error& error() & { return *error_; }
  Error const& error() const& { return *error_; }
  Error&& error() && { return *std::move(error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace reelmill

// The value of a Result, or return its error from the enclosing function.
#define TRY(...)                                                                                                    \
  __extension__({                                                                                                   \
    _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wshadow\"") auto try_result_ = (__VA_ARGS__); \
    _Pragma("GCC diagnostic pop") if (!try_result_.has_value()) return std::move(try_result_).error();              \
    std::move(try_result_).value();                                                                                 \
  })
