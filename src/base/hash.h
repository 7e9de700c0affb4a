// SPDX-License-Identifier: GPL-3.0-or-later
// Hashes: XXH3-128 for identities (fast, not for adversaries), XXH3-64 for payloads, SHA-256 for receipts.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace reelmill {

// Accumulates values into one XXH3-128. Every value is added with its type and length, so that ("ab", "c") and
// ("a", "bc") differ, and so do "1" and 1. `add_bytes` adds bytes as they are: equal however they are cut.
//
//   std::string const key = Hasher().add("index").add(version).add(identity).hex();
class Hasher {
 public:
  Hasher();
  Hasher(Hasher const& other);
  Hasher& operator=(Hasher const& other);
  Hasher(Hasher&&) noexcept = default;
  Hasher& operator=(Hasher&&) noexcept = default;
  ~Hasher() = default;

  Hasher& add(std::string_view text);
  Hasher& add(std::integral auto number) { return add_integer(static_cast<std::int64_t>(number)); }
  Hasher& add(std::floating_point auto number) { return add_double(static_cast<double>(number)); }
  Hasher& add_bytes(void const* bytes, std::size_t size);

  // 32 lower-case digits of what was added so far.
  std::string hex() const;

 private:
  Hasher& add_integer(std::int64_t number);
  Hasher& add_double(double number);

  struct State;
  struct Free {
    void operator()(State* state) const;
  };
  std::unique_ptr<State, Free> state_;
};

// XXH3-128 of bytes, and of a file's content, as 32 lower-case digits.
std::string bytes_hash(std::string_view bytes);
Result<std::string> file_hash(std::filesystem::path const& file);

std::uint64_t xxh3_64(void const* bytes, std::size_t size);
// Two lower-case digits for each byte, and back; nothing where it is something else.
std::string hex_of_bytes(std::span<std::uint8_t const> bytes);
std::optional<std::vector<std::uint8_t>> bytes_of_hex(std::string_view text);
// 16 lower-case digits, and back; throws nothing, gives false on anything but 16 digits.
std::string hex_of(std::uint64_t hash);
bool parse_hex(std::string_view text, std::uint64_t& hash);

class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept = default;
  Sha256& operator=(Sha256&&) noexcept = default;
  ~Sha256() = default;

  Sha256& add(void const* bytes, std::size_t size);
  Sha256& add(std::string_view text) { return add(text.data(), text.size()); }
  // 64 lower-case digits; the object is spent afterwards.
  std::string hex();

 private:
  struct Free {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Free> context_;
};

std::string sha256_of(std::string_view bytes);
Result<std::string> sha256_of_file(std::filesystem::path const& file);

}  // namespace reelmill
