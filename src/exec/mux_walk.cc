// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "av/decoder.h"
#include "av/demuxer.h"
#include "av/muxer.h"
#include "av/nal.h"
#include "av/packets_file.h"
#include "base/hash.h"
#include "exec/unit_folder.h"
#include "exec/walks.h"

namespace reelmill {

namespace {
constexpr int frames_across_seam = 3;  // decoded on the far side; they refer to that side's IDR only

Error damaged(std::string const& what) {
  return {.kind = ErrorKind::failed, .what = fmt::format("joining the chunks: {}", what)};
}

// A container may carry units behind start codes or lengths; what counts is the units.
void add_units(Hasher& hasher, AVPacket const& packet, int length_size) {
  av::for_each_nal({packet.data, static_cast<std::size_t>(packet.size)}, length_size, [&](av::Bytes unit) {
    hasher.add_bytes(unit.data(), unit.size());
    return true;
  });
}

// Gives the packets of many files as one sequence, proving each file by its hash and each seam by decoding over it.
class Joined {
 public:
  Joined(MuxStage const& stage) : stage_(stage) {}

  Result<void> open() {
    TRY(next_file());
    parameters_ = TRY(av::parameters_of(reader_->description()));
    auto const note = reader_->description().value("options_note", std::string());
    for (std::size_t i = 0; i + 1 < note.size(); i += 2)
      note_.push_back(static_cast<std::uint8_t>(std::stoi(note.substr(i, 2), nullptr, 16)));
    seam_ = TRY(av::Decoder::open(*parameters_, {0, 1}, "a seam between chunks", {.strict = true}));
    return {};
  }
  AVCodecParameters const& parameters() const { return *parameters_; }
  std::int64_t frames() const { return base_; }

  // pts and dts in frames of the film, before any delay.
  Result<bool> read(AVPacket& packet) {
    while (!TRY(reader_->read(packet))) {
      TRY(close_file());
      if (at_ == stage_.video.size()) return false;
      TRY(next_file());
    }
    TRY(look_at_seam(packet));
    packet.pts += base_;
    packet.dts += base_;
    if (has_last_ && packet.dts <= last_dts_) return damaged("decoding times run backwards");
    has_last_ = true;
    last_dts_ = packet.dts;
    packet.duration = 1;
    if (!note_.empty()) TRY(prepend_note(packet));
    return true;
  }

 private:
  Result<void> next_file() {
    reader_ = TRY(av::PacketsReader::open(stage_.video[at_].path));
    auto const extradata = reader_->description().at("extradata").get<std::string>();
    if (at_ == 0) extradata_ = extradata;
    if (extradata != extradata_) return damaged("their parameter sets differ");
    in_file_ = 0;
    return {};
  }

  Result<void> close_file() {
    auto const& input = stage_.video[at_];
    if (reader_->payload_hash() != input.payload_hash || reader_->packets() != input.frames)
      return damaged("a cached chunk is not what was verified; remove .reelmill/cache and run again");
    base_ += input.frames;
    ++at_;
    return {};
  }

  // The last key frame of a chunk and the first frames of the next go through one decoder.
  Result<void> look_at_seam(AVPacket const& packet) {
    bool const is_key = packet.flags & AV_PKT_FLAG_KEY;
    if (in_file_ == 0 && !is_key) return damaged("a chunk does not begin with a key frame");
    auto const count = [&](AVFrame&) -> Result<void> {
      ++seen_at_seam_;
      return {};
    };
    ++in_file_;
    if (at_ > 0 && in_file_ == 1) {
      seen_at_seam_ = 0;
      TRY(seam_->decode(last_key_.get(), count));
    }
    if (is_key) last_key_.reset(av_packet_clone(&packet));
    if (at_ == 0 || in_file_ > frames_across_seam) return {};
    TRY(seam_->decode(&packet, count));
    if (in_file_ < frames_across_seam) return {};
    TRY(seam_->decode(nullptr, count));
    seam_->flush();
    return seen_at_seam_ == frames_across_seam + 1 ? Result<void>() : damaged("frames are lost where two of them meet");
  }

  Result<void> prepend_note(AVPacket& packet) {
    auto const size = static_cast<int>(note_.size());
    auto joined = av::make_packet();
    if (av_new_packet(joined.get(), packet.size + size) < 0)
      return Error{.kind = ErrorKind::full, .what = "joining the chunks: out of memory"};
    std::copy(note_.begin(), note_.end(), joined->data);
    std::copy(packet.data, packet.data + packet.size, joined->data + size);
    av_packet_copy_props(joined.get(), &packet);
    av_packet_unref(&packet);
    av_packet_move_ref(&packet, joined.get());
    note_.clear();
    return {};
  }

  MuxStage const& stage_;
  std::size_t at_ = 0;
  std::optional<av::PacketsReader> reader_;
  av::Parameters parameters_;
  std::optional<av::Decoder> seam_;
  av::Packet last_key_;
  std::string extradata_;
  std::vector<std::uint8_t> note_;
  std::int64_t base_ = 0, last_dts_ = 0;
  int in_file_ = 0, seen_at_seam_ = 0;
  bool has_last_ = false;
};

class Mux {
 public:
  Mux(MuxStage const& stage, UnitFolder const& unit, Reporter& reporter)
      : stage_(stage), file_(unit.path(stage.file)), video_(stage), reporter_(reporter) {}

  Result<Json> run() {
    auto muxer = TRY(av::Muxer::create(file_, stage_.container, stage_.edit_lists, stage_.metadata));
    AVRational const frame_rate{static_cast<int>(stage_.rate.num), static_cast<int>(stage_.rate.den)};
    if (!stage_.video.empty()) {
      TRY(video_.open());
      video_stream_ = TRY(muxer.add_stream(video_.parameters(), av_inv_q(frame_rate), frame_rate));
      for (auto const& input : stage_.video) total_ += input.frames;
    }
    if (!stage_.audio.empty()) {
      audio_ = TRY(av::PacketsReader::open(stage_.audio.front().path));
      audio_parameters_ = TRY(av::parameters_of(audio_->description()));
      audio_stream_ = TRY(muxer.add_stream(*audio_parameters_, {1, audio_parameters_->sample_rate}, {0, 1}));
    }
    TRY(muxer.begin());
    TRY(interleave(muxer));
    TRY(muxer.finish());
    if (audio_ && audio_->payload_hash() != stage_.audio.front().payload_hash)
      return damaged("the cached sound is not what was made");
    return check();
  }

 private:
  // Without edit lists nothing may be before zero: the picture comes later by its reorder delay, and the sound's lead, made
  // by the audio stage, fills that time.
  std::int64_t video_shift() const { return stage_.edit_lists ? 0 : stage_.reorder; }
  std::int64_t audio_shift() const { return stage_.edit_lists ? 0 : audio_parameters_->initial_padding; }

  Result<void> interleave(av::Muxer& muxer) {
    auto picture = av::make_packet(), sound = av::make_packet();
    bool has_picture = video_stream_ >= 0 && TRY(video_.read(*picture));
    bool has_sound = audio_stream_ >= 0 && TRY(audio_->read(*sound));
    AVRational const frame{static_cast<int>(stage_.rate.den), static_cast<int>(stage_.rate.num)};
    std::int64_t done = 0;
    while (has_picture || has_sound) {
      bool const picture_first =
          has_picture && (!has_sound || av_compare_ts(picture->dts, frame, sound->dts, {1, audio_parameters_->sample_rate}) <= 0);
      if (picture_first) {
        add_units(video_hash_, *picture, av::nal_length_size(video_.parameters()));
        picture->pts += video_shift();
        picture->dts += video_shift();
        TRY(muxer.write(video_stream_, *picture));
        reporter_.progress(static_cast<double>(++done), static_cast<double>(total_), "frames");
        has_picture = TRY(video_.read(*picture));
      } else {
        audio_hash_.add_bytes(sound->data, static_cast<std::size_t>(sound->size));
        sound->pts += audio_shift();
        sound->dts += audio_shift();
        TRY(muxer.write(audio_stream_, *sound));
        has_sound = TRY(audio_->read(*sound));
      }
    }
    if (video_stream_ >= 0 && video_.frames() != total_) return damaged("frames are missing");
    return {};
  }

  // Reads the file back: the payload of every packet is what was verified, and the times are on the grid.
  Result<Json> check() {
    auto demuxer = TRY(av::Demuxer::open(file_.string()));
    Hasher video_hash, audio_hash;
    std::int64_t packets = 0;
    auto packet = av::make_packet();
    while (TRY(demuxer.read(*packet)) == av::Pull::item) {
      bool const is_video = packet->stream_index == video_stream_;
      if (!is_video) {
        audio_hash.add_bytes(packet->data, static_cast<std::size_t>(packet->size));
        continue;
      }
      add_units(video_hash, *packet, av::nal_length_size(*demuxer.stream(video_stream_).codecpar));
      auto const& base = demuxer.stream(video_stream_).time_base;
      auto const at = Rational(packet->dts) * Rational(base.num, base.den) * stage_.rate;
      if (at != Rational(packets - stage_.reorder + video_shift()))
        return damaged(
            fmt::format("packet {} of the finished file lies off the grid of {} fps", packets, to_string(stage_.rate)));
      ++packets;
    }
    if (packets != total_) return damaged(fmt::format("the finished file holds {} frames of {}", packets, total_));
    std::error_code problem;
    Json result{{"file", stage_.file},
                {"bytes", static_cast<std::int64_t>(std::filesystem::file_size(file_, problem))},
                {"sha256", TRY(sha256_of_file(file_))},
                {"frames", total_}};
    if (video_stream_ >= 0) {
      if (video_hash.hex() != video_hash_.hex()) return damaged("the finished file holds other packets than were verified");
      result["duration"] = (Rational(total_) / stage_.rate).value();
      result["width"] = video_.parameters().width;
      result["height"] = video_.parameters().height;
    } else {
      result["duration"] = static_cast<double>(demuxer.context().duration) / AV_TIME_BASE;
    }
    if (audio_stream_ >= 0 && audio_hash.hex() != audio_hash_.hex())
      return damaged("the finished file holds other sound than was made");
    return result;
  }

  MuxStage const& stage_;
  std::filesystem::path file_;
  Joined video_;
  Reporter& reporter_;
  std::optional<av::PacketsReader> audio_;
  av::Parameters audio_parameters_;
  int video_stream_ = -1, audio_stream_ = -1;
  std::int64_t total_ = 0;
  Hasher video_hash_, audio_hash_;
};
}  // namespace

Result<void> walk_mux(MuxStage const& stage, std::filesystem::path const& attempt, Reporter& reporter) {
  if (stage.video.empty() && stage.audio.empty()) return Error{.kind = ErrorKind::bug, .what = "nothing to join"};
  auto unit = TRY(UnitFolder::make(attempt, stage.key));
  auto const result = TRY(Mux(stage, unit, reporter).run());
  TRY(unit.finish(result));
  reporter.unit_done(stage.key);
  return {};
}

}  // namespace reelmill
