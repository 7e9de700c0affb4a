// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/drafts.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <string>

namespace reelmill {

namespace fs = std::filesystem;

void sweep_drafts(fs::path const& folder) {
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    auto const name = entry->path().filename().string();
    if (!name.starts_with(draft_prefix) || !name.ends_with(draft_suffix)) continue;
    int const draft = ::open(entry->path().c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (draft < 0) continue;
    if (::flock(draft, LOCK_EX | LOCK_NB) == 0) ::unlink(entry->path().c_str());
    ::close(draft);
  }
}

}  // namespace reelmill
