// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <future>
#include <optional>

#include <fmt/format.h>

#include "av/demuxer.h"
#include "av/muxer.h"
#include "av/nal.h"
#include "av/packets_file.h"
#include "base/disk.h"
#include "base/hash.h"
#include "exec/joined_chunks.h"
#include "exec/sound_packets.h"
#include "exec/text_packets.h"
#include "exec/unit_folder.h"
#include "exec/walks.h"
#include "graph/codecs.h"

namespace reelmill {

namespace {

// A container may carry units behind start codes or lengths; what counts is the units.
void add_units(Hasher& hasher, AVPacket const& packet, AVCodecParameters const& parameters) {
  av::Bytes const bytes{packet.data, static_cast<std::size_t>(packet.size)};
  if (parameters.codec_id != AV_CODEC_ID_H264 && parameters.codec_id != AV_CODEC_ID_HEVC) {
    hasher.add_bytes(bytes.data(), bytes.size());
    return;
  }
  av::for_each_nal(bytes, av::nal_length_size(parameters), [&](av::Bytes unit) {
    hasher.add_bytes(unit.data(), unit.size());
    return true;
  });
}

// Where nothing is shown libavformat puts empty texts of its own.
void add_text(Hasher& hasher, AVPacket const& packet) {
  constexpr std::string_view empty("\0\0", 2);
  std::string_view const bytes(reinterpret_cast<char const*>(packet.data), static_cast<std::size_t>(packet.size));
  if (bytes != empty) hasher.add(bytes);
}

class Mux {
 public:
  Mux(MuxStage const& stage, Container const& container, UnitFolder const& unit, Reporter& reporter)
      : stage_(stage),
        container_(container),
        is_copied_(stage.tick > Rational(0)),
        tick_(is_copied_ ? stage.tick : Rational(1) / stage.rate),
        file_(unit.path(stage.file)),
        video_(stage.video, is_copied_),
        reporter_(reporter) {}

  Result<Json> run() {
    auto muxer = TRY(av::Muxer::create(file_, container_, stage_.edit_lists, stage_.metadata));
    AVRational const frame_rate{static_cast<int>(stage_.rate.num), static_cast<int>(stage_.rate.den)};
    if (!stage_.audio.empty()) sound_ = TRY(SoundPackets::open(stage_.audio.front()));
    auto const sample_rate = sound_ ? sound_->sample_rate() : 0;
    placement_ = placement_of(container_, sound_ ? sound_->codec() : nullptr, stage_.edit_lists, Rational(stage_.reorder) * tick_,
                              sample_rate);
    if (!stage_.video.empty()) {
      TRY(video_.open());
      picture_tick_ = container_.milliseconds ? Rational(1, 1000) : tick_;
      video_stream_ = is_copied_ ? TRY(muxer.add_copied(video_.description(), as_av(picture_tick_), frame_rate))
                                 : TRY(muxer.add_stream(video_.parameters(), as_av(picture_tick_), frame_rate));
      for (auto const& input : stage_.video) total_ += input.frames;
    }
    if (sound_) {
      sound_tick_ = container_.milliseconds ? Rational(1, 1000) : Rational(1, sample_rate);
      audio_stream_ = TRY(muxer.add_stream(sound_->parameters(), as_av(sound_tick_), {0, 1}));
      if (container_.cuts_sound_by_picture && video_stream_ >= 0) sound_->cut_to_pictures(stage_.rate, total_);
    }
    if (stage_.captions) {
      text_.emplace(*stage_.captions, container_.captions);
      text_stream_ = TRY(muxer.add_text(*TRY(TextPackets::parameters(container_.captions)), TextPackets::tick,
                                        stage_.captions->language));
    }
    TRY(muxer.begin());
    TRY(interleave(muxer));
    TRY(muxer.finish());
    auto result = TRY(check());
    TRY(video_.finish());
    return result;
  }

 private:
  static AVRational as_av(Rational value) { return {static_cast<int>(value.num), static_cast<int>(value.den)}; }

  // From packets' own counts to the container's clock.
  std::int64_t picture_ticks(std::int64_t time) const {
    return round((Rational(time) * tick_ + placement_.picture_at) / picture_tick_);
  }
  std::int64_t sound_ticks(std::int64_t sample) const {
    return round((Rational(sample, sound_->sample_rate()) + placement_.sound_at) / sound_tick_);
  }

  Result<void> interleave(av::Muxer& muxer) {
    auto picture = av::make_packet(), sound = av::make_packet();
    bool has_picture = video_stream_ >= 0 && TRY(video_.read(*picture));
    bool has_sound = audio_stream_ >= 0 && TRY(sound_->read(*sound));
    auto text = av::make_packet();
    bool has_text = text_ && text_->read(*text);
    AVRational const tick = as_av(tick_);
    std::int64_t pictures = 0, sounds = 0;
    // Texts come before what they are shown with.
    auto const write_texts = [&](std::int64_t until, AVRational of) -> Result<void> {
      for (; has_text && av_compare_ts(text->dts, TextPackets::tick, until, of) <= 0; has_text = text_->read(*text))
        TRY(write_text(muxer, *text));
      return {};
    };
    while (has_picture || has_sound) {
      auto const picture_is_first = [&] {
        if (sound_->is_cut_to_pictures()) return pictures <= sounds;
        return av_compare_ts(picture->dts, tick, sound->dts, {1, sound_->sample_rate()}) <= 0;
      };
      if (has_picture && (!has_sound || picture_is_first())) {
        TRY(write_texts(picture->dts, tick));
        add_units(video_hash_, *picture, video_.parameters());
        auto const shown = picture_ticks(picture->pts);
        shown_.push_back(shown);
        end_ = std::max(end_, picture->pts + picture->duration);
        picture->duration = picture_ticks(picture->pts + picture->duration) - shown;
        picture->pts = shown;
        picture->dts = picture_ticks(picture->dts);
        TRY(muxer.write(video_stream_, *picture));
        reporter_.progress(static_cast<double>(++pictures), static_cast<double>(total_), "frames");
        has_picture = TRY(video_.read(*picture));
      } else {
        TRY(write_texts(sound->dts, {1, sound_->sample_rate()}));
        audio_hash_.add_bytes(sound->data, static_cast<std::size_t>(sound->size));
        auto const heard = sound_ticks(sound->pts);
        sound->duration = sound_ticks(sound->pts + sound->duration) - heard;
        sound->pts = sound->dts = heard;
        TRY(muxer.write(audio_stream_, *sound));
        ++sounds;
        has_sound = TRY(sound_->read(*sound));
      }
    }
    TRY(write_texts(INT64_MAX / 2, TextPackets::tick));
    if (video_stream_ >= 0 && video_.frames() != total_) return damaged("frames are missing");
    return {};
  }

  Result<void> write_text(av::Muxer& muxer, AVPacket& text) {
    add_text(text_hash_, text);
    text.pts = text.dts = text.pts + round(placement_.picture_at * Rational(1000));
    return muxer.write(text_stream_, text);
  }

  // Reads the file back: the payload of every packet is what was verified, and the times are on the grid.
  Result<Json> check() {
    auto whole = std::async(std::launch::async, sha256_of_file, file_);
    auto demuxer = TRY(av::Demuxer::open(file_.string()));
    Hasher video_hash, audio_hash, text_hash;
    std::size_t packets = 0;
    auto packet = av::make_packet();
    while (TRY(demuxer.read(*packet)) == av::Pull::item) {
      if (packet->stream_index == text_stream_) {
        add_text(text_hash, *packet);
        continue;
      }
      bool const is_video = packet->stream_index == video_stream_;
      if (!is_video) {
        audio_hash.add_bytes(packet->data, static_cast<std::size_t>(packet->size));
        continue;
      }
      auto const& stream = demuxer.stream(video_stream_);
      add_units(video_hash, *packet, *stream.codecpar);
      auto const at = Rational(packet->pts) * Rational(stream.time_base.num, stream.time_base.den);
      if (packets >= shown_.size() || at != Rational(shown_[packets]) * picture_tick_)
        return damaged(fmt::format("packet {} of the finished file is shown at another time than it was given", packets));
      ++packets;
    }
    if (packets != shown_.size()) return damaged(fmt::format("the finished file holds {} frames of {}", packets, total_));
    Json result{
        {"file", stage_.file}, {"bytes", TRY(stamp_of(file_)).size}, {"sha256", TRY(whole.get())}, {"frames", total_}};
    if (video_stream_ >= 0) {
      if (video_hash.hex() != video_hash_.hex()) return damaged("the finished file holds other packets than were verified");
      result["duration"] = (Rational(end_) * tick_).value();
      result["width"] = video_.parameters().width;
      result["height"] = video_.parameters().height;
    } else {
      result["duration"] = static_cast<double>(demuxer.context().duration) / AV_TIME_BASE;
    }
    if (audio_stream_ >= 0 && audio_hash.hex() != audio_hash_.hex())
      return damaged("the finished file holds other sound than was made");
    if (text_stream_ >= 0 && text_hash.hex() != text_hash_.hex())
      return damaged("the finished file holds other captions than it was given");
    return result;
  }

  MuxStage const& stage_;
  Container const& container_;
  bool is_copied_;
  Rational tick_;  // of the packets' times
  std::filesystem::path file_;
  JoinedChunks video_;
  Reporter& reporter_;
  std::optional<SoundPackets> sound_;
  Placement placement_;
  Rational picture_tick_, sound_tick_;
  std::optional<TextPackets> text_;
  int video_stream_ = -1, audio_stream_ = -1, text_stream_ = -2;
  std::int64_t total_ = 0, end_ = 0;
  std::vector<std::int64_t> shown_;  // in ticks, as written
  Hasher video_hash_, audio_hash_, text_hash_;
};
}  // namespace

Result<void> walk_mux(MuxStage const& stage, std::filesystem::path const& attempt, Reporter& reporter) {
  if (stage.video.empty() && stage.audio.empty()) return Error{.kind = ErrorKind::bug, .what = "nothing to join"};
  auto const* container = container_named(stage.container);
  if (!container)
    return Error{.kind = ErrorKind::bug, .what = fmt::format("joining the chunks: no container '{}'", stage.container)};
  auto unit = TRY(UnitFolder::make(attempt, stage.key));
  auto const result = TRY(Mux(stage, *container, unit, reporter).run());
  TRY(unit.finish(result));
  reporter.unit_done(stage.key);
  return {};
}

}  // namespace reelmill
