// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/bed_sound.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "av/demuxer.h"
#include "base/disk.h"
#include "base/hash.h"
#include "base/text.h"

namespace reelmill {

Result<BedSound> BedSound::open(SoundBed const& bed, std::int64_t most, std::filesystem::path const& folder,
                                av::AudioFormat format) {
  auto const& path = bed.file.path;
  auto const name = std::filesystem::path(path).filename().string();
  auto const error = [&](std::string_view what) {
    return Error{.kind = ErrorKind::media, .what = fmt::format("reading {}: {}", printable(name), what)};
  };
  auto const before = TRY(stamp_of(path));
  bool const is_the_same = TRY(file_hash(path)) == bed.file.hash;
  auto const changed = error("it changed while it was being used; run again");
  if (!is_the_same) return changed;
  int const stream = TRY(av::Demuxer::open(path)).best_audio();
  if (stream < 0) return error("it has no sound that can be decoded");
  auto source = TRY(av::AudioSource::open(path, stream, std::nullopt, format));
  auto sound = TRY(SpilledSound::create(folder, format));
  TRY(source.read(most, [&](AVFrame const& frame) -> Result<void> { return sound.write(*TRY(sound.mend(frame))); }));
  if (sound.samples() == 0) return error("it has no sound");
  if (TRY(stamp_of(path)) != before) return changed;
  return BedSound(std::move(sound), name, source.ledger(), bed.loop);
}

Result<void> BedSound::read(std::int64_t at, AVFrame& into) {
  auto const length = sound_.samples();
  int const wanted = into.nb_samples, channels = sound_.format().channels;
  for (int done = 0; done < wanted;) {
    auto const place = loop_ ? (at + done) % length : at + done;
    if (place >= length) return {};  // frames begin as silence
    auto part = TRY(av::make_samples(sound_.format(), static_cast<int>(std::min<std::int64_t>(wanted - done, length - place))));
    TRY(sound_.fetch(place, *part));
    for (int channel = 0; channel < channels; ++channel)
      std::copy_n(reinterpret_cast<float const*>(part->extended_data[channel]), part->nb_samples,
                  reinterpret_cast<float*>(into.extended_data[channel]) + done);
    done += part->nb_samples;
  }
  return {};
}

}  // namespace reelmill
