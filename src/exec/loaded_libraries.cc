// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/loaded_libraries.h"

#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "base/hash.h"

namespace reelmill {

namespace {
std::string build_in(char const* notes, std::size_t size) {
  auto const padded = [](std::size_t length) { return (length + 3) & ~std::size_t{3}; };
  for (std::size_t at = 0; at + sizeof(ElfW(Nhdr)) <= size;) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes + at, sizeof note);
    auto const name = at + sizeof note, content = name + padded(note.n_namesz);
    if (content + note.n_descsz > size) return {};
    if (note.n_type == NT_GNU_BUILD_ID && std::string_view(notes + name, note.n_namesz) == std::string_view("GNU", 4)) {
      return hex_of_bytes({reinterpret_cast<std::uint8_t const*>(notes + content), note.n_descsz});
    }
    at = content + padded(note.n_descsz);
  }
  return {};
}

int take(dl_phdr_info* object, std::size_t, void* data) {
  std::string const file = object->dlpi_name ? object->dlpi_name : "";
  auto const name = std::filesystem::path(file).filename().string();
  auto const end = name.find(".so");
  if (end == std::string::npos || !file.starts_with('/')) return 0;
  LoadedLibrary library{name.substr(0, end), file, {}};
  for (int i = 0; i < object->dlpi_phnum && library.build.empty(); ++i)
    if (auto const& part = object->dlpi_phdr[i]; part.p_type == PT_NOTE)
      library.build = build_in(reinterpret_cast<char const*>(object->dlpi_addr + part.p_vaddr), part.p_memsz);
  static_cast<std::vector<LoadedLibrary>*>(data)->push_back(std::move(library));
  return 0;
}
}  // namespace

std::vector<LoadedLibrary> loaded_libraries() {
  std::vector<LoadedLibrary> out;
  dl_iterate_phdr(take, &out);
  std::sort(out.begin(), out.end(), [](auto const& a, auto const& b) { return a.name < b.name; });
  return out;
}

}  // namespace reelmill
