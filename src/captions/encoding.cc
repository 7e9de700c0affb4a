// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/encoding.h"

#include <iconv.h>
#include <uchardet/uchardet.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/text.h"

namespace reelmill {

namespace {

constexpr std::string_view unreadable = "\xef\xbf\xbd";
constexpr std::string_view fallback = "windows-1252";
constexpr std::size_t enough_to_guess = 1 << 20;

struct ByteOrderMark {
  std::string_view bytes, encoding;
};
constexpr std::string_view utf32_mark("\xff\xfe\0\0", 4);
constexpr std::array byte_order_marks{ByteOrderMark{"\xef\xbb\xbf", "UTF-8"}, ByteOrderMark{utf32_mark, "UTF-32LE"},
                                      ByteOrderMark{"\xff\xfe", "UTF-16LE"}, ByteOrderMark{"\xfe\xff", "UTF-16BE"}};

// UTF-16 without a mark: in texts of mostly ASCII nearly every other byte is 0.
std::optional<std::string_view> utf16_by_zeros(std::string_view bytes) {
  auto const sample = bytes.substr(0, std::min<std::size_t>(bytes.size(), 4096));
  std::size_t even = 0, odd = 0;
  for (std::size_t i = 0; i < sample.size(); ++i)
    if (sample[i] == '\0') ++(i % 2 == 0 ? even : odd);
  auto const half = sample.size() / 2;
  if (half < 2) return std::nullopt;
  if (odd * 10 >= half * 4 && even * 20 <= half) return "UTF-16LE";
  if (even * 10 >= half * 4 && odd * 20 <= half) return "UTF-16BE";
  return std::nullopt;
}

std::string declared_by_xml(std::string_view bytes) {
  if (!bytes.starts_with("<?xml")) return {};
  auto head = bytes.substr(0, std::min(bytes.find("?>"), std::min<std::size_t>(bytes.size(), 200)));
  auto const at = head.find("encoding=");
  if (at == std::string_view::npos) return {};
  head.remove_prefix(at + 9);
  if (head.empty() || (head[0] != '"' && head[0] != '\'')) return {};
  auto const end = head.find(head[0], 1);
  return end == std::string_view::npos ? std::string() : std::string(head.substr(1, end - 1));
}

std::string guessed(std::string_view bytes) {
  std::unique_ptr<uchardet, decltype(&uchardet_delete)> const detector(uchardet_new(), &uchardet_delete);
  if (!detector || uchardet_handle_data(detector.get(), bytes.data(), std::min(bytes.size(), enough_to_guess)) != 0) return {};
  uchardet_data_end(detector.get());
  return uchardet_get_charset(detector.get());
}

// ISO 2022 is all of 7 bits, and so passes for UTF-8.
bool has_escapes(std::string_view bytes) { return bytes.find("\x1b$") != std::string_view::npos; }

class Converter {
 public:
  explicit Converter(std::string const& encoding) : handle_(::iconv_open("UTF-8", encoding.c_str())) {}
  ~Converter() {
    if (is_known()) ::iconv_close(handle_);
  }
  Converter(Converter const&) = delete;
  Converter& operator=(Converter const&) = delete;

  bool is_known() const { return handle_ != none(); }

  std::string convert(std::string_view bytes) {
    std::string out, buffer(1 << 16, '\0');
    auto* in = const_cast<char*>(bytes.data());  // iconv's signature; it does not write there
    auto left = bytes.size();
    while (left > 0) {
      auto* to = buffer.data();
      auto room = buffer.size();
      auto const done = ::iconv(handle_, &in, &left, &to, &room);
      int const failure = done == static_cast<std::size_t>(-1) ? errno : 0;
      out.append(buffer.data(), buffer.size() - room);
      if (failure != EILSEQ && failure != EINVAL) continue;
      out += unreadable;
      ++lost;
      auto const skipped = std::min(left, unit_);
      in += skipped;
      left -= skipped;
    }
    return out;
  }
  void count_in(std::size_t unit) { unit_ = unit; }

  std::size_t lost = 0;

 private:
  static iconv_t none() { return reinterpret_cast<iconv_t>(-1); }
  iconv_t handle_;
  std::size_t unit_ = 1;
};

std::size_t unit_of(std::string_view encoding) {
  return encoding.starts_with("UTF-16") ? 2 : encoding.starts_with("UTF-32") ? 4 : 1;
}

bool is_name(std::string_view encoding) {
  return encoding.size() <= 40 && std::all_of(encoding.begin(), encoding.end(), [](char c) {
           return (c >= '0' && c <= '9') || (lower_case(c) >= 'a' && lower_case(c) <= 'z') || c == '-' || c == '_' || c == '.' ||
                  c == ':';
         });
}

std::string with_plain_lines(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\0') continue;
    if (text[i] == '\r') {
      if (i + 1 < text.size() && text[i + 1] == '\n') continue;
      out += '\n';
      continue;
    }
    out += text[i];
  }
  return out;
}

std::string mended_utf8(std::string_view bytes, std::size_t& lost) {
  std::string out;
  while (!bytes.empty()) {
    auto const length = utf8_length(bytes);
    out += length > 0 ? bytes.substr(0, length) : unreadable;
    if (length == 0) ++lost;
    bytes.remove_prefix(std::max<std::size_t>(1, length));
  }
  return out;
}

}  // namespace

Result<DecodedText> decode_text(std::string_view bytes, std::string const& name, std::string const& encoding) {
  DecodedText out;
  bool is_a_guess = false;
  auto wanted = upper_case(encoding) == "UTF8" ? std::string("UTF-8") : upper_case(encoding);
  auto const mark = std::find_if(byte_order_marks.begin(), byte_order_marks.end(),
                                 [&](auto const& candidate) { return bytes.starts_with(candidate.bytes); });
  if (mark != byte_order_marks.end() && (wanted.empty() || mark->encoding.starts_with(wanted))) {
    wanted = mark->encoding;
    bytes.remove_prefix(mark->bytes.size());
  }
  if (wanted.empty()) {
    if (auto const zeros = utf16_by_zeros(bytes))
      wanted = *zeros;
    else if (is_utf8(bytes) && !has_escapes(bytes))
      wanted = "UTF-8";
    else if (wanted = declared_by_xml(bytes); wanted.empty() || upper_case(wanted).starts_with("UTF")) {
      wanted = guessed(bytes);
      is_a_guess = true;
    }
  }
  if (!is_name(wanted) || (is_a_guess && wanted.empty())) wanted = is_a_guess ? fallback : "";
  std::string text;
  std::size_t lost = 0;
  if (wanted == "UTF-8" || wanted == "ASCII") {
    text = mended_utf8(bytes, lost);
    out.encoding = "UTF-8";
  } else {
    auto const convert = [&](std::string const& from) {
      Converter converter(from);
      if (from.empty() || !converter.is_known()) return false;
      converter.count_in(unit_of(from));
      text = converter.convert(bytes);
      lost = converter.lost;
      out.encoding = from;
      return true;
    };
    bool done = convert(wanted);
    // A guess that does not hold is none.
    if (is_a_guess && (!done || lost * 50 > text.size())) done = convert(std::string(fallback));
    if (!done)
      return Error{encoding.empty() ? ErrorKind::media : ErrorKind::usage,
                   fmt::format("reading {}: '{}' is no encoding that is known; 'iconv -l' lists those that are", printable(name),
                               printable(encoding.empty() ? wanted : encoding))};
    if (is_a_guess) out.notes.push_back(fmt::format("taken to be {}; say --encoding if that is wrong", out.encoding));
  }
  if (lost > 0) out.notes.push_back(fmt::format("{} places are not {} and cannot be read", lost, out.encoding));
  out.text = with_plain_lines(text);
  if (out.text.starts_with("\xef\xbb\xbf")) out.text.erase(0, 3);
  return out;
}

}  // namespace reelmill
