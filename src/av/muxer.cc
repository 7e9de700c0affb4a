// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/muxer.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "av/failure.h"
#include "av/packets_file.h"
#include "base/disk.h"

namespace reelmill::av {

namespace {
// ProRes says its profile by the tag; parameter sets of H.265 stand in the sample entry only, which hvc1 promises.
std::uint32_t tag_for(AVCodecParameters const& parameters, Container const& container) {
  if (parameters.codec_id == AV_CODEC_ID_PRORES) return parameters.codec_tag;
  if (parameters.codec_id == AV_CODEC_ID_HEVC && container.edit_lists) return MKTAG('h', 'v', 'c', '1');
  return 0;
}

// The source's own, where this container has it for the same codec. H.265 with start codes has its parameter sets in the packets.
std::uint32_t tag_for_copy(AVCodecParameters const& parameters, Container const& container, AVOutputFormat const& format) {
  if (parameters.codec_tag != 0 && av_codec_get_id(format.codec_tag, parameters.codec_tag) == parameters.codec_id)
    return parameters.codec_tag;
  bool const has_start_codes = parameters.extradata_size > 0 && parameters.extradata[0] == 0;
  if (parameters.codec_id == AV_CODEC_ID_HEVC && container.edit_lists && has_start_codes) return MKTAG('h', 'e', 'v', '1');
  return tag_for(parameters, container);
}

// ISO 639-2 of the languages that speech models know best and that have codes of two letters; other codes stay out.
std::string_view three_letters(std::string_view language) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 32> codes{
      {{"ar", "ara"}, {"bg", "bul"}, {"ca", "cat"}, {"cs", "ces"}, {"da", "dan"}, {"de", "deu"}, {"el", "ell"}, {"en", "eng"},
       {"es", "spa"}, {"et", "est"}, {"fa", "fas"}, {"fi", "fin"}, {"fr", "fra"}, {"he", "heb"}, {"hi", "hin"}, {"hr", "hrv"},
       {"hu", "hun"}, {"id", "ind"}, {"it", "ita"}, {"ja", "jpn"}, {"ko", "kor"}, {"nl", "nld"}, {"no", "nor"}, {"pl", "pol"},
       {"pt", "por"}, {"ro", "ron"}, {"ru", "rus"}, {"sv", "swe"}, {"tr", "tur"}, {"uk", "ukr"}, {"vi", "vie"}, {"zh", "zho"}}};
  auto const primary = language.substr(0, language.find('-'));
  for (auto const& [two, three] : codes)
    if (primary == two || primary == three) return three;
  return {};
}
}  // namespace

Result<Muxer> Muxer::create(std::filesystem::path const& file, Container const& container, bool edit_lists,
                            std::map<std::string, std::string> const& metadata) {
  AVFormatContext* raw = nullptr;
  std::string const muxer(container.muxer);
  if (int const code = avformat_alloc_output_context2(&raw, nullptr, muxer.c_str(), file.c_str()); code < 0)
    return Error{.kind = ErrorKind::missing,
                 .what = fmt::format("writing a {} file: this build of FFmpeg has no muxer {}; install one that has, or choose "
                                     "another container",
                                     container.name, muxer)};
  OutputContext context(raw);
  context->flags |= AVFMT_FLAG_BITEXACT;
  context->avoid_negative_ts = 0;
  // FLAC in MP4, which libavformat 5.1 still calls an experiment.
  context->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
  for (auto const& [name, value] : metadata) av_dict_set(&context->metadata, name.c_str(), value.c_str(), 0);
  auto const url = "file:" + file.string();
  if (int const code = avio_open(&context->pb, url.c_str(), AVIO_FLAG_READ_WRITE); code < 0)
    return disk_error(fmt::format("creating {}", file.string()), AVUNERROR(code));
  return Muxer(std::move(context), container, file.string(), edit_lists);
}

Result<int> Muxer::add_stream(AVCodecParameters const& parameters, AVRational time_base, AVRational rate) {
  auto* stream = avformat_new_stream(context_.get(), nullptr);
  if (!stream) return Error{.kind = ErrorKind::full, .what = fmt::format("adding a stream to {}: out of memory", name_)};
  if (int const code = avcodec_parameters_copy(stream->codecpar, &parameters); code < 0)
    return failure(code, fmt::format("adding a stream to {}", name_));
  stream->codecpar->codec_tag = tag_for(parameters, *container_);
  // Matroska takes it from here, MP4 from the parameters.
  stream->sample_aspect_ratio = parameters.sample_aspect_ratio;
  stream->time_base = time_base;
  if (rate.num > 0) stream->avg_frame_rate = stream->r_frame_rate = rate;
  time_bases_.push_back(time_base);
  return stream->index;
}

Result<int> Muxer::add_copied(Json const& description, AVRational time_base, AVRational rate) {
  auto const parameters = TRY(parameters_of(description));
  auto const index = TRY(add_stream(*parameters, time_base, rate));
  auto& stream = *context_->streams[index];
  stream.codecpar->codec_tag = tag_for_copy(*parameters, *container_, *context_->oformat);
  TRY(add_side_data(description, stream));
  return index;
}

Result<int> Muxer::add_text(AVCodecParameters const& parameters, AVRational time_base, std::string const& language) {
  auto const index = TRY(add_stream(parameters, time_base, {0, 1}));
  if (auto const code = three_letters(language); !code.empty())
    av_dict_set(&context_->streams[index]->metadata, "language", std::string(code).c_str(), 0);
  return index;
}

Result<void> Muxer::begin() {
  Options options;
  if (container_->edit_lists) {
    options.set("movflags", "+faststart");
    options.set("use_editlist", edit_lists_ ? 1 : std::int64_t{0});
    // Edit lists are in this clock: in milliseconds, the end of the sound would be cut where it is a few samples long.
    for (unsigned i = 0; i < context_->nb_streams; ++i)
      if (int const rate = context_->streams[i]->codecpar->sample_rate; rate > 0) options.set("movie_timescale", rate);
  }
  if (container_->name == "wav") options.set("rf64", "auto");  // beyond 4 GB
  if (container_->milliseconds) options.set("cues_to_front", 1);
  if (int const code = avformat_write_header(context_.get(), options.get()); code < 0)
    return failure(code, fmt::format("beginning {}", name_));
  if (auto const* unused = options.first_unused())
    return Error{.kind = ErrorKind::bug, .what = fmt::format("the muxer of {} has no option '{}'", name_, unused)};
  return {};
}

Result<void> Muxer::write(int stream, AVPacket& packet) {
  packet.stream_index = stream;
  av_packet_rescale_ts(&packet, time_bases_.at(static_cast<std::size_t>(stream)), context_->streams[stream]->time_base);
  if (int const code = av_write_frame(context_.get(), &packet); code < 0) return failure(code, fmt::format("writing {}", name_));
  if (context_->pb->error < 0) return failure(context_->pb->error, fmt::format("writing {}", name_));
  return {};
}

Result<void> Muxer::finish() {
  int code = av_write_trailer(context_.get());
  if (code >= 0) code = context_->pb->error;
  if (int const closed = avio_closep(&context_->pb); code >= 0) code = closed;
  if (code < 0) return failure(code, fmt::format("finishing {}", name_));
  int const file = ::open(name_.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return disk_error(fmt::format("finishing {}", name_), errno);
  int const failed = fsync(file) != 0 ? errno : 0;
  ::close(file);
  if (failed != 0) return disk_error(fmt::format("finishing {}", name_), failed);
  return {};
}

}  // namespace reelmill::av
