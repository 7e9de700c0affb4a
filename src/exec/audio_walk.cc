// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include <fmt/format.h>

#include "av/audio_chain.h"
#include "av/audio_encoder.h"
#include "av/audio_source.h"
#include "av/packets_file.h"
#include "av/tempo.h"
#include "exec/unit_folder.h"
#include "exec/walks.h"

namespace reelmill {

namespace {
constexpr char const* packets_name = "audio.pkts";

// One encode: its encoder, file and folder.
struct Output {
  AudioEncode const& encode;
  av::AudioEncoder encoder;
  UnitFolder unit;
  av::PacketsWriter writer;
};

std::vector<std::string> mended(av::AudioSource::Ledger const& ledger) {
  std::vector<std::string> out;
  if (ledger.filled > 0 || ledger.cut > 0)
    out.push_back(fmt::format("the sound has gaps or overlaps: {} samples of silence put in, {} cut", ledger.filled, ledger.cut));
  if (ledger.before_start > 0)
    out.push_back(fmt::format("{} samples of sound before the beginning are left out", ledger.before_start));
  if (ledger.jumps > 0)
    out.push_back(fmt::format("the sound's clock jumps by a minute or more {} times, which is not followed", ledger.jumps));
  if (ledger.changes > 0)
    out.push_back(fmt::format("the sound's rate, channels or format change {} times; all becomes one", ledger.changes));
  if (ledger.damaged > 0) out.push_back(fmt::format("{} packets or frames of the sound are damaged", ledger.damaged));
  return out;
}
}  // namespace

Result<void> walk_audio(AudioStage const& stage, std::filesystem::path const& attempt, Reporter& reporter) {
  av::AudioFormat const format{stage.sample_rate, stage.channels};
  auto source = TRY(av::AudioSource::open(stage.source, stage.stream, stage.start, format, stage.downmix));
  auto tempo = TRY(av::Tempo::open(stage.tempo, format));
  auto chain = TRY(av::AudioChain::open(stage.filters, format));
  std::vector<std::unique_ptr<Output>> outputs;
  for (auto const& encode : stage.encodes) {
    if (encode.sample_rate != format.sample_rate || encode.channels != format.channels)
      return Error{.kind = ErrorKind::bug, .what = "a sound encode of another format than its stage"};
    auto unit = TRY(UnitFolder::make(attempt, encode.key));
    auto writer = TRY(av::PacketsWriter::create(unit.path(packets_name)));
    outputs.push_back(std::make_unique<Output>(Output {
      encode, TRY(av::AudioEncoder::open(encode))
      , std::move(unit), std::move(writer)
    }));
  }

  double const seconds = stage.duration.value();
  double done = 0;
  auto const to_encoders = [&](AVFrame const& frame) -> Result<void> {
    for (auto& output : outputs) TRY(output->encoder.push(frame, [&](AVPacket& packet) { return output->writer.write(packet); }));
    done += static_cast<double>(frame.nb_samples) / format.sample_rate;
    reporter.progress(std::min(done, seconds), seconds, "seconds");
    return {};
  };
  auto const to_chain = [&](AVFrame const& frame) { return chain.push(frame, to_encoders); };
  auto const total_of_source = round(stage.duration * stage.tempo * Rational(format.sample_rate));
  TRY(source.read(total_of_source, [&](AVFrame const& frame) { return tempo.push(frame, to_chain); }));
  TRY(tempo.finish(to_chain));
  TRY(chain.finish(to_encoders));

  auto const& ledger = source.ledger();
  for (auto const& what : mended(ledger)) reporter.warning(fmt::format("{}: {}", source.name(), what));
  for (auto& output : outputs) {
    TRY(output->encoder.finish([&](AVPacket& packet) { return output->writer.write(packet); }));
    auto const description = av::describe(*TRY(output->encoder.parameters()));
    TRY(output->writer.finish(description));
    TRY(output->unit.finish({{"packets", packets_name},
                             {"samples", output->encoder.samples()},
                             {"priming", output->encoder.priming()},
                             {"latency", chain.latency()},
                             {"bytes", output->writer.bytes()},
                             {"payload_hash", output->writer.payload_hash()},
                             {"ledger",
                              {{"late_by", ledger.late_by},
                               {"before_start", ledger.before_start},
                               {"filled", ledger.filled},
                               {"cut", ledger.cut},
                               {"jumps", ledger.jumps},
                               {"changes", ledger.changes}}},
                             {"downmix", ledger.downmix}}));
    reporter.unit_done(output->encode.key);
  }
  return {};
}

}  // namespace reelmill
