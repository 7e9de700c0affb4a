// SPDX-License-Identifier: GPL-3.0-or-later
// Owning handles for libav's objects: one pointer each, distinct types for inputs and outputs.
#pragma once

#include <concepts>
#include <memory>
#include <new>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <libavutil/audio_fifo.h>
#include <libavutil/frame.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

namespace reelmill::av {

template <auto Free>
struct Frees {
  template <class T>
  void operator()(T* object) const {
    if constexpr (std::invocable<decltype(Free), T**>)
      Free(&object);
    else
      Free(object);
  }
};
template <class T, auto Free>
using Handle = std::unique_ptr<T, Frees<Free>>;

inline void close_output(AVFormatContext* context) {
  if (context->pb && !(context->oformat->flags & AVFMT_NOFILE)) avio_closep(&context->pb);
  avformat_free_context(context);
}

// av_free takes void*, so it would take the pointer's address as well: it needs a deleter of its own.
struct FreesMemory {
  void operator()(void* memory) const { av_free(memory); }
};
template <class T>
using Memory = std::unique_ptr<T, FreesMemory>;

using Frame = Handle<AVFrame, av_frame_free>;
using Packet = Handle<AVPacket, av_packet_free>;
using Codec = Handle<AVCodecContext, avcodec_free_context>;
using Parameters = Handle<AVCodecParameters, avcodec_parameters_free>;
using InputContext = Handle<AVFormatContext, avformat_close_input>;
using OutputContext = Handle<AVFormatContext, close_output>;
using Graph = Handle<AVFilterGraph, avfilter_graph_free>;
using Swscale = Handle<SwsContext, sws_freeContext>;
using Swresample = Handle<SwrContext, swr_free>;
using Fifo = Handle<AVAudioFifo, av_audio_fifo_free>;

// What libav allocates is null where memory runs out: std::bad_alloc then, which the walks report.
template <class T>
T* allocated(T* object) {
  if (!object) throw std::bad_alloc();
  return object;
}
inline Frame make_frame() { return Frame(allocated(av_frame_alloc())); }
inline Packet make_packet() { return Packet(allocated(av_packet_alloc())); }
// Another owner of the same picture or samples.
inline Frame share(AVFrame const& frame) { return Frame(allocated(av_frame_clone(&frame))); }

// Options for a libav object; freed with it. Entries a codec did not take stay behind and can be reported.
class Options {
 public:
  Options() = default;
  Options(Options const&) = delete;
  Options& operator=(Options const&) = delete;
  ~Options() { av_dict_free(&dictionary_); }
  void set(char const* name, char const* value) { av_dict_set(&dictionary_, name, value, 0); }
  void set(char const* name, std::int64_t value) { av_dict_set_int(&dictionary_, name, value, 0); }
  AVDictionary** get() { return &dictionary_; }
  char const* first_unused() const {
    auto const* entry = av_dict_get(dictionary_, "", nullptr, AV_DICT_IGNORE_SUFFIX);
    return entry ? entry->key : nullptr;
  }

 private:
  AVDictionary* dictionary_ = nullptr;
};

}  // namespace reelmill::av
