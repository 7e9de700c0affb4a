// SPDX-License-Identifier: GPL-3.0-or-later
// Pieces in lines: as few as hold them, broken where it costs least, the lower the longer.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "captions/pieces.h"

namespace reelmill {

class LineBreaker {
 public:
  // The pieces must outlive it; none is wider than a line.
  LineBreaker(std::vector<Piece> const& pieces, int line_length, int lines);

  // Of the pieces from `begin` to before `end`, on one line.
  int columns(std::size_t begin, std::size_t end) const;
  // Infinite where they do not fit into the lines.
  double cost(std::size_t begin, std::size_t end) const;
  std::string text(std::size_t begin, std::size_t end) const;

 private:
  struct Broken {
    double cost = 0;
    std::vector<std::size_t> begins;  // of the lines after the first
  };
  int lines_needed(std::size_t begin, std::size_t end) const;
  double cost_of_two(std::size_t begin, std::size_t end, std::size_t& middle) const;
  Broken broken(std::size_t begin, std::size_t end, int lines) const;

  std::vector<Piece> const& pieces_;
  int line_length_, lines_;
  std::vector<int> columns_before_;  // of all pieces before one, with the spaces before them
};

}  // namespace reelmill
