// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"

#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <new>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/disk.h"

#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

namespace reelmill {

struct Hasher::State {
  XXH3_state_t xxh;
};

void Hasher::Free::operator()(State* state) const { delete state; }

Hasher::Hasher() : state_(new State) { XXH3_128bits_reset(&state_->xxh); }

Hasher::Hasher(Hasher const& other) : state_(new State) { XXH3_copyState(&state_->xxh, &other.state_->xxh); }

Hasher& Hasher::operator=(Hasher const& other) {
  if (this != &other) {
    Hasher copy(other);
    *this = std::move(copy);
  }
  return *this;
}

Hasher& Hasher::add_bytes(void const* bytes, std::size_t size) {
  if (size > 0) XXH3_128bits_update(&state_->xxh, bytes, size);
  return *this;
}

namespace {
std::array<unsigned char, 9> tagged(char tag, std::uint64_t value) {
  std::array<unsigned char, 9> out{};
  out[0] = static_cast<unsigned char>(tag);
  for (std::size_t i = 0; i < 8; ++i) out[i + 1] = static_cast<unsigned char>(value >> (8 * i));
  return out;
}

}  // namespace

std::string hex_of_bytes(std::span<std::uint8_t const> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (auto const byte : bytes) (out += digits[byte >> 4]) += digits[byte & 15];
  return out;
}

std::optional<std::vector<std::uint8_t>> bytes_of_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::vector<std::uint8_t> out(text.size() / 2);
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto const* const pair = text.data() + 2 * i;
    auto const [end, failed] = std::from_chars(pair, pair + 2, out[i], 16);
    if (failed != std::errc{} || end != pair + 2) return std::nullopt;
  }
  return out;
}

Hasher& Hasher::add(std::string_view text) {
  auto const head = tagged('s', text.size());
  return add_bytes(head.data(), head.size()).add_bytes(text.data(), text.size());
}

Hasher& Hasher::add_integer(std::int64_t number) {
  auto const head = tagged('i', static_cast<std::uint64_t>(number));
  return add_bytes(head.data(), head.size());
}

Hasher& Hasher::add_double(double number) {
  if (number == 0) number = 0;  // -0 means the same
  auto const head = tagged('d', std::bit_cast<std::uint64_t>(number));
  return add_bytes(head.data(), head.size());
}

std::string Hasher::hex() const {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(&state_->xxh));
  std::array<unsigned char, 16> bytes{};
  std::memcpy(bytes.data(), canonical.digest, bytes.size());
  return hex_of_bytes(bytes);
}

std::string bytes_hash(std::string_view bytes) { return Hasher().add_bytes(bytes.data(), bytes.size()).hex(); }

Result<std::string> file_hash(std::filesystem::path const& file) {
  Hasher hash;
  TRY(read_in_pieces(file, [&](std::string_view piece) { hash.add_bytes(piece.data(), piece.size()); }));
  return hash.hex();
}

std::uint64_t xxh3_64(void const* bytes, std::size_t size) { return XXH3_64bits(bytes, size); }

std::string hex_of(std::uint64_t hash) { return fmt::format("{:016x}", hash); }

bool parse_hex(std::string_view text, std::uint64_t& hash) {
  if (text.size() != 16) return false;
  auto const* const last = text.data() + text.size();
  auto const [end, failure] = std::from_chars(text.data(), last, hash, 16);
  return failure == std::errc{} && end == last;
}

void Sha256::Free::operator()(void* context) const { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context)); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_.get()), EVP_sha256(), nullptr) != 1)
    throw std::bad_alloc();
}

Sha256& Sha256::add(void const* bytes, std::size_t size) {
  EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_.get()), bytes, size);
  return *this;
}

std::string Sha256::hex() {
  std::array<unsigned char, 32> bytes{};
  EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_.get()), bytes.data(), nullptr);
  return hex_of_bytes(bytes);
}

std::string sha256_of(std::string_view bytes) { return Sha256().add(bytes).hex(); }

Result<std::string> sha256_of_file(std::filesystem::path const& file) {
  Sha256 hash;
  TRY(read_in_pieces(file, [&](std::string_view piece) { hash.add(piece); }));
  return hash.hex();
}

}  // namespace reelmill
