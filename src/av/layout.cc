// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/layout.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "base/disk.h"
#include "base/text.h"
#include "graph/media_kind.h"

namespace reelmill::av {

namespace {

constexpr int most_visits = 1'000'000;

class File {
 public:
  static Result<File> open(std::filesystem::path const& path) {
    int const number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    auto name = printable(path.filename().string());
    if (number < 0) return disk_error(fmt::format("opening {}", name), errno);
    File file(number, std::move(name));
    struct stat about {};
    if (fstat(number, &about) != 0) return disk_error(fmt::format("reading {}", file.name_), errno);
    file.size_ = about.st_size;
    return file;
  }
  File(File&& other) noexcept
      : number_(std::exchange(other.number_, -1)), name_(std::move(other.name_)), size_(other.size_), failure_(other.failure_) {}
  File& operator=(File&&) = delete;
  ~File() {
    if (number_ >= 0) close(number_);
  }

  std::int64_t size() const { return size_; }
  // What is there of `count` bytes; nothing where reading fails, which failure() tells apart from the end.
  std::string at(std::int64_t place, std::size_t count) const {
    std::string bytes(count, '\0');
    ssize_t got = 0;
    if (place >= 0) {
      do got = pread(number_, bytes.data(), count, place);
      while (got < 0 && errno == EINTR);
    }
    if (got < 0) failure_ = errno;
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }
  Result<void> check() const {
    if (failure_ != 0) return disk_error(fmt::format("reading {}", name_), failure_);
    return {};
  }

 private:
  File(int number, std::string name) : number_(number), name_(std::move(name)) {}
  int number_;
  std::string name_;
  std::int64_t size_ = 0;
  mutable int failure_ = 0;
};

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (char const c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}
std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (auto c = bytes.rbegin(); c != bytes.rend(); ++c) number = number << 8 | static_cast<unsigned char>(*c);
  return number;
}
// Sizes come from the file: a sum beyond this is no size.
constexpr std::int64_t largest = std::int64_t{1} << 60;
std::int64_t sum(std::int64_t a, std::uint64_t b) {
  return b > static_cast<std::uint64_t>(largest) || a > largest ? largest : a + static_cast<std::int64_t>(b);
}

struct Box {
  std::string type;
  std::int64_t begin = 0, body = 0, end = 0;
};
std::optional<Box> box_at(File const& file, std::int64_t place, std::int64_t parent_end) {
  auto const head = file.at(place, 16);
  if (head.size() < 8) return std::nullopt;
  Box box{head.substr(4, 4), place, place + 8, 0};
  for (char const c : box.type)
    if (static_cast<unsigned char>(c) < 0x20) return std::nullopt;
  auto size = big_endian(std::string_view(head).substr(0, 4));
  if (size == 1) {
    if (head.size() < 16) return std::nullopt;
    size = big_endian(std::string_view(head).substr(8, 8));
    box.body = place + 16;
  }
  box.end = size == 0 ? parent_end : sum(place, size);
  if (box.end < box.body) return std::nullopt;
  return box;
}

void count_in_movie(File const& file, Box const& parent, Layout& layout, int& visits) {
  bool has_edits = false;
  for (auto place = parent.body; place < parent.end && ++visits < most_visits;) {
    auto const box = box_at(file, place, parent.end);
    if (!box) break;
    if (box->type == "trak") ++layout.tracks;
    // Only as deep as the standard has it: boxes in boxes could be as many as the file has bytes.
    if ((parent.type == "moov" && box->type == "trak") || (parent.type == "trak" && box->type == "edts"))
      count_in_movie(file, *box, layout, visits);
    if (box->type == "elst") has_edits = true;
    place = box->end;
  }
  if (has_edits) ++layout.edit_lists;
}

void read_boxes(File const& file, Layout& layout) {
  bool has_data = false;
  int visits = 0;
  layout.index = "missing";
  for (std::int64_t place = 0; place < file.size() && ++visits < most_visits;) {
    auto const box = box_at(file, place, file.size());
    if (!box) break;  // rubbish behind the last box hurts nobody
    if (box->type == "moov") {
      layout.index = has_data ? "last" : "first";
      if (box->end <= file.size()) count_in_movie(file, *box, layout, visits);
    }
    if (box->type == "mdat") has_data = true;
    if (box->type == "moof") ++layout.fragments;
    layout.needed = std::max(layout.needed, box->end);
    place = box->end;
  }
}

// RIFF of AVI (with the further parts of OpenDML) and WAV, and AIFF's FORM.
void read_chunks(File const& file, bool is_big_endian, Layout& layout) {
  auto const number = [&](std::string_view bytes) { return is_big_endian ? big_endian(bytes) : little_endian(bytes); };
  int visits = 0;
  for (std::int64_t place = 0; place < file.size() && ++visits < most_visits;) {
    auto const head = file.at(place, 12);
    if (head.size() < 12 || (head.substr(0, 4) != "RIFF" && head.substr(0, 4) != "FORM")) break;
    auto const size = number(std::string_view(head).substr(4, 4));
    if (size == 0 && place == 0 && head.substr(8, 4) == "AVI ")
      layout.cut = "the recording was not finished, its header says nothing of its size";
    if (size == 0 || size == 0xffffffff) break;  // written as a stream
    place = sum(place + 8, size + (size & 1));
    layout.needed = std::max(layout.needed, place);
  }
  // The byte that makes a size even is often left out at the end.
  if (layout.needed == layout.size + 1) layout.needed = layout.size;
}

std::optional<std::uint64_t> ebml_number(std::string_view bytes, std::size_t& length, bool keeps_marker) {
  if (bytes.empty() || bytes[0] == 0) return std::nullopt;
  auto const first = static_cast<unsigned char>(bytes[0]);
  length = 1;
  while (!(first & (0x80u >> (length - 1)))) ++length;
  if (bytes.size() < length) return std::nullopt;
  auto value = big_endian(bytes.substr(0, length));
  if (keeps_marker) return value;
  auto const mask = (std::uint64_t{1} << (7 * length)) - 1;
  value &= mask;
  if (value == mask) return std::nullopt;  // unknown: written as a stream
  return value;
}

void read_ebml(File const& file, Layout& layout) {
  std::int64_t place = 0;
  for (int element = 0; element < 8; ++element) {
    auto const head = file.at(place, 16);
    std::size_t id_length = 0, size_length = 0;
    auto const id = ebml_number(head, id_length, true);
    if (!id) return;
    auto const size = ebml_number(std::string_view(head).substr(id_length), size_length, false);
    if (!size) return;
    place = sum(place + static_cast<std::int64_t>(id_length + size_length), *size);
    layout.needed = std::max(layout.needed, place);
    if (*id == 0x18538067) return;  // the Segment; what follows it is not ours
  }
}

void read_transport(File const& file, std::string_view head, Layout& layout) {
  for (std::int64_t const packet : {188, 192, 204})
    for (std::int64_t const first : {std::int64_t{0}, packet - 188}) {
      bool fits = true;
      for (auto at = first; at < static_cast<std::int64_t>(head.size()); at += packet)
        fits = fits && head[static_cast<std::size_t>(at)] == 0x47;
      if (!fits) continue;
      layout.needed = (file.size() + packet - 1) / packet * packet;
      return;
    }
}

void read_pages(File const& file, Layout& layout) {
  int visits = 0;
  bool ended = true;
  for (std::int64_t place = 0; place < file.size();) {
    if (++visits >= most_visits) return;
    auto const head = file.at(place, 27 + 255);
    if (head.size() < 27 || !head.starts_with("OggS")) break;
    auto const segments = static_cast<unsigned char>(head[26]);
    std::int64_t size = 27 + segments;
    for (std::size_t i = 27; i < std::min<std::size_t>(head.size(), 27u + segments); ++i)
      size += static_cast<unsigned char>(head[i]);
    ended = (head[5] & 4) != 0;
    place += size;
    layout.needed = std::max(layout.needed, place);
  }
  if (layout.needed <= layout.size && !ended) layout.cut = "its last page is not marked as the last";
}

// Packs and packets of an MPEG program stream (ISO/IEC 13818-1 2.5.3).
void read_packs(File const& file, Layout& layout) {
  int visits = 0;
  for (std::int64_t place = 0; place < file.size() && ++visits < most_visits;) {
    auto const head = file.at(place, 14);
    if (head.size() < 4 || head.compare(0, 3, "\0\0\1", 3) != 0) break;
    auto const byte = [&](std::size_t at) { return at < head.size() ? static_cast<unsigned char>(head[at]) : 0; };
    if (byte(3) < 0xb9) break;
    std::int64_t const size = byte(3) == 0xb9     ? 4
                              : byte(3) != 0xba   ? 6 + (byte(4) << 8 | byte(5))
                              : byte(4) >> 6 == 1 ? 14 + (byte(13) & 7)
                                                  : 12;
    place += size;
    layout.needed = std::max(layout.needed, place);
  }
}

// The note (Xing, Info) that encoders of MP3 leave in the first frame says how many bytes follow.
void read_mp3(File const& file, Layout& layout) {
  std::int64_t start = 0;
  if (auto const tag = file.at(0, 10); tag.size() == 10 && tag.starts_with("ID3")) {
    for (std::size_t i = 6; i < 10; ++i) start = start << 7 | (tag[i] & 0x7f);
    start += 10;
  }
  auto const frame = file.at(start, 256);
  auto const at = std::min(frame.find("Xing"), frame.find("Info"));
  if (at == frame.npos || frame.size() < at + 16) return;
  auto const number = [&](std::size_t from) { return big_endian(std::string_view(frame).substr(from, 4)); };
  auto const flags = number(at + 4);
  if (flags & 2) layout.needed = sum(start, number(at + 8 + (flags & 1 ? 4 : 0)));
}

void read_klv(File const& file, Layout& layout) {
  int visits = 0;
  std::uint64_t footer = 0;
  for (std::int64_t place = 0; place < file.size() && ++visits < most_visits;) {
    auto const head = file.at(place, 16 + 9 + 32);
    if (head.size() < 17 || !head.starts_with("\x06\x0e\x2b\x34")) break;
    auto const first = static_cast<unsigned char>(head[16]);
    std::size_t const length = first & 0x80 ? 1u + (first & 0x7f) : 1;
    if (length > 9 || head.size() < 16 + length) break;
    auto const size = first & 0x80 ? big_endian(std::string_view(head).substr(17, length - 1)) : first;
    // A partition pack (header, body or footer): versions, KAG size, then the places of this partition, the one before and
    // the footer.
    bool const is_partition =
        head.substr(4, 9) == std::string_view("\x02\x05\x01\x01\x0d\x01\x02\x01\x01", 9) && head[13] >= 2 && head[13] <= 4;
    if (is_partition && head.size() >= 16 + length + 32)
      footer = std::max(footer, big_endian(std::string_view(head).substr(16 + length + 24, 8)));
    place = sum(place + 16 + static_cast<std::int64_t>(length), size);
    layout.needed = std::max(layout.needed, place);
  }
  if (footer >= static_cast<std::uint64_t>(layout.size) && layout.needed <= layout.size) layout.needed = sum(1, footer);
}
}  // namespace

Result<std::string> read_head(std::filesystem::path const& path) {
  auto const file = TRY(File::open(path));
  auto head = file.at(0, bytes_to_recognise);
  TRY(file.check());
  return head;
}

Result<Layout> read_layout(std::filesystem::path const& path) {
  auto const file = TRY(File::open(path));
  Layout layout;
  layout.size = file.size();
  auto const head = file.at(0, bytes_to_recognise);
  auto const what = recognise(head).what;
  if (what == "MP4 or QuickTime") read_boxes(file, layout);
  if (what == "AVI" || what == "WAV") read_chunks(file, false, layout);
  if (what == "AIFF") read_chunks(file, true, layout);
  if (what == "Matroska or WebM") read_ebml(file, layout);
  if (what == "MPEG transport stream") read_transport(file, head, layout);
  if (what == "Ogg") read_pages(file, layout);
  if (what == "MXF") read_klv(file, layout);
  if (what == "MPEG program stream") read_packs(file, layout);
  if (what == "MP3" || what == "MPEG audio") read_mp3(file, layout);
  TRY(file.check());
  return layout;
}

std::vector<Fault> judge_unopened(std::filesystem::path const& path, std::string_view libav_said) {
  auto const head = read_head(path);
  if (!head) return {{"unreadable", Severity::error, head.error().what}};
  if (auto faults = judge_head(*head); !faults.empty()) return faults;
  auto const seen = recognise(*head);
  if (libav_said.find("max_streams") != libav_said.npos)
    return {{"too_many_streams", Severity::error, "it has more than 64 streams, which are not taken"}};
  if (auto const layout = read_layout(path))
    if (auto faults = judge_layout(*layout); !faults.empty()) return faults;
  if (seen.kind == MediaKind::unknown)
    return {{"not_media", Severity::error,
             "it is not media, or of a kind that is not known; damage at its beginning looks the same"}};
  auto const said = libav_said.empty() ? std::string() : fmt::format(" ({})", printable(libav_said));
  return {{"damaged_header", Severity::error,
           fmt::format("it begins like {}, but its header cannot be read{}; copy it again", seen.what, said)}};
}

}  // namespace reelmill::av
