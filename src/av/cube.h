// SPDX-License-Identifier: GPL-3.0-or-later
// A look-up table for colours: the .cube file (Adobe, "Cube LUT Specification 1.0"), and its application to pictures.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "av/colour.h"
#include "av/handles.h"
#include "av/pictures.h"
#include "base/result.h"

namespace reelmill::av {

class Cube {
 public:
  // A .cube file with a table of one or of three dimensions: at most 65536 entries, or 129 points on an edge. Errors of kind
  // project name the line; `name` is what they call the file.
  static Result<Cube> parse(std::string_view text, std::string_view name);
  // size³ × (red, green, blue) in 1/65536, red changing fastest.
  static Result<Cube> of_table(int size, std::vector<std::int32_t> const& table);

  // Each channel becomes its own power by the inverse of its gamma; of three, in 1/65536, none below 1/1000.
  static Result<Cube> of_gamma(std::vector<std::int32_t> const& gamma);

  // `share` of 65536: how far colours go towards what is looked up.
  void soften(int share);

  // Looks up every sample of a picture of 8-bit 4:2:0: the luma at its own place, with the colour of its four; the colour
  // as the mean of the four. What lies outside of the table's domain is moved as its nearest point inside. The pool has the
  // picture's size and format.
  Result<Frame> apply(AVFrame const& in, LumaWeights const& weights, PicturePool& pool) const;

 private:
  // Red, green, blue and a lane that is not used: one vector register.
  typedef float Colour __attribute__((vector_size(16)));

  Colour look_up(Colour const& colour) const;
  Colour along_curves(Colour const& place) const;
  Colour inside_tetrahedron(Colour const& place) const;

  bool is_curve_ = false;
  int size_ = 0;
  Colour low_{0, 0, 0, 0}, high_{1, 1, 1, 1};  // the domain
  std::vector<std::array<float, 4>> points_;
};

}  // namespace reelmill::av
