// SPDX-License-Identifier: GPL-3.0-or-later
// A line of libavfilter filters, which are set up through their options by name, never as text. One thread.
//   auto graph = TRY(FilterGraph::for_pictures(example, "sharpening"));
//   TRY(graph.add("unsharp", {{"luma_amount", "1"}}));
//   TRY(graph.close());
//   TRY(graph.push(picture)); auto out = TRY(graph.pull());
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "av/audio_source.h"
#include "av/handles.h"
#include "base/result.h"

namespace reelmill::av {

// Whether a stage may ask for the filter. Those that can open files, run commands or be sources are not in the list, whatever a
// stage file says.
bool is_allowed_filter(std::string_view filter);

class FilterGraph {
 public:
  using FilterOptions = std::map<std::string, std::string>;

  // Pictures will look like `example` (size, format, aspect). `doing` begins the text of errors.
  static Result<FilterGraph> for_pictures(AVFrame const& example, std::string doing);
  static Result<FilterGraph> for_sound(AudioFormat format, std::string doing);

  // A filter behind the others, if it is allowed. An option that it does not know is a bug.
  Result<void> add(std::string const& filter, FilterOptions const& options);
  // The same for a filter of our choice.
  Result<void> add_own(std::string const& filter, FilterOptions const& options);
  // How libswscale converts between filters that do not agree on a format.
  void set_conversion(char const* swscale_options);
  // What comes out has this format.
  Result<void> end_in(AVPixelFormat format);
  Result<void> end_in(AudioFormat format);
  // No filter follows; pictures or samples may.
  Result<void> close();

  // Shares what the frame holds; null: no more will come.
  Result<void> push(AVFrame const* frame);
  // The next frame, or null where more have to be pushed first or all were given.
  Result<Frame> pull();

 private:
  static Result<FilterGraph> open(char const* source, char const* sink, std::string doing);
  Result<void> check(int code) const;

  Graph graph_;
  AVFilterContext* source_ = nullptr;  // all three owned by graph_
  AVFilterContext* sink_ = nullptr;
  AVFilterContext* last_ = nullptr;
  std::string doing_;
};

}  // namespace reelmill::av
