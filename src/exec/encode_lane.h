// SPDX-License-Identifier: GPL-3.0-or-later
// One encoder on its own thread for one chunk: pictures go in through a queue; packets are decoded again at once (so a
// chunk is proved when it is made), judged against the ceilings and written. One encode may serve several ceilings.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "av/video_encoder.h"
#include "base/json.h"
#include "base/result.h"
#include "exec/bounded_queue.h"
#include "graph/gop.h"
#include "graph/stage.h"

namespace reelmill {

struct CeilingOfUnit {
  std::int64_t ceiling = 0;  // 0: none
  std::string key;
};

class EncodeLane {
 public:
  // `frames` pictures will come. `file` is written meanwhile; it is whole where finish() gives a result.
  EncodeLane(EncodeNode node, av::RateControl control, std::int64_t frames, std::vector<CeilingOfUnit> units,
             std::filesystem::path file);
  ~EncodeLane();
  EncodeLane(EncodeLane const&) = delete;
  EncodeLane& operator=(EncodeLane const&) = delete;

  EncodeNode const& node() const { return node_; }
  std::vector<CeilingOfUnit> const& units() const { return units_; }
  std::filesystem::path const& file() const { return file_; }

  // False once the lane has ended by itself: it failed, or no ceiling can hold any more.
  bool push(av::Frame frame) { return queue_.push(std::move(frame)); }

  struct Outcome {
    std::vector<bool> held;  // parallel to units()
    Json result;             // of a unit, where any ceiling held
  };
  // Ends the input and waits. To be called once.
  Result<Outcome> finish();

  // Keep encoding although every ceiling is broken: the last try, whose result is taken as it is.
  void accept_anything() { accepts_anything_ = true; }
  void start();

 private:
  Result<Outcome> work();

  EncodeNode node_;
  av::RateControl control_;
  std::int64_t frames_;
  std::vector<CeilingOfUnit> units_;
  std::filesystem::path file_;
  bool accepts_anything_ = false;
  BoundedQueue<av::Frame> queue_;
  std::optional<Result<Outcome>> outcome_;
  std::thread thread_;
};

}  // namespace reelmill
