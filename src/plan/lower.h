// SPDX-License-Identifier: GPL-3.0-or-later
// What the steps of a project ask for, as nodes, filters and wishes to the planner.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "base/result.h"
#include "graph/stage.h"
#include "plan/camera_path.h"
#include "project/project.h"

namespace reelmill {

// What the steps make of the picture's size: shares of its sides, of which `turned` says that they have changed places.
struct Reshape {
  double width = 1, height = 1;
  bool turned = false;
};

struct Lowered {
  std::vector<VideoNode> video;
  std::vector<Prefilter> prefilters;
  bool deinterlaces = false;
  std::map<std::size_t, Envelope> timings;  // by place in `video`
  std::optional<std::size_t> drawn;         // from this place on, nodes stand after the fit
  Reshape reshape;
  Rational speed{1};
  std::optional<NewSound> new_sound;
  std::optional<Transcribing> transcribing;
  std::vector<AudioFilter> audio;
  std::vector<SoundBed> beds;
  std::string side;  // Downmix::side
  std::optional<Downmix> downmix;
  int channels = 2;  // 0: as many as the source has, until settle_sound (plan/sound.h)
  std::optional<Loudness> loudness;
  bool motion = false;
  int shakiness = 5, accuracy = 15;
  PathOptions path{.smoothing = 0, .max_zoom = 0};
};

// Whether the step does anything to the picture, or to its speed.
bool changes_picture(Step const& step);

// For people, one for each step.
std::vector<std::string> step_texts(std::vector<Step> const& steps);

// Each operation lowers by itself. At most one may want the camera's motion. What looks at neighbouring frames comes first, as it
// is done first: prefilters, then what follows the camera, then everything else; another order is an error. A new sound comes
// before every other operation on the sound, channel repair and downmix before the rest.
// Files that nodes need are found and hashed: what is missing is an error of kind project, or missing for a font.
Result<Lowered> lower(Project const& project);

}  // namespace reelmill
