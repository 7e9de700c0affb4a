// SPDX-License-Identifier: GPL-3.0-or-later
// What a file is by its first bytes alone: enough to choose files in a folder and to say why one was not opened. Nothing is
// parsed, so that hostile bytes are safe here.
#pragma once

#include <cstddef>
#include <string_view>

namespace reelmill {

enum class MediaKind {
  empty,
  media,        // a container that may be opened
  unsupported,  // a container that is not on the list of those
  playlist,     // names other files: HLS, DASH, M3U, …
  script,       // a list of files for a program (ffconcat)
  image,
  text,
  other,    // something else that is known: an archive, a document
  unknown,  // nothing that is known
};

// How many bytes recognise wants to see; of a shorter file, all of it.
inline constexpr std::size_t bytes_to_recognise = 4096;

struct Recognised {
  MediaKind kind = MediaKind::unknown;
  std::string_view what;        // "an HLS playlist", "a PNG image"; empty where unknown
  std::string_view extensions;  // of media: those it usually has, separated by blanks
};
Recognised recognise(std::string_view head);

// Whether a file of this extension (with its dot, any case) is taken for media by its name.
bool is_media_extension(std::string_view extension);

}  // namespace reelmill
