// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/line_breaker.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace reelmill {

namespace {
constexpr double impossible = std::numeric_limits<double>::infinity();
constexpr double for_imbalance = 0.1, for_top_heaviness = 0.12;  // for each column
}  // namespace

LineBreaker::LineBreaker(std::vector<Piece> const& pieces, int line_length, int lines)
    : pieces_(pieces), line_length_(line_length), lines_(lines), columns_before_(pieces.size() + 1, 0) {
  for (std::size_t i = 0; i < pieces.size(); ++i)
    columns_before_[i + 1] = columns_before_[i] + pieces[i].columns + (pieces[i].is_spaced ? 1 : 0);
}

int LineBreaker::columns(std::size_t begin, std::size_t end) const {
  return columns_before_[end] - columns_before_[begin] - (pieces_[begin].is_spaced ? 1 : 0);
}

int LineBreaker::lines_needed(std::size_t begin, std::size_t end) const {
  int lines = 1;
  auto line = begin;
  for (auto at = begin + 1; at < end && lines <= lines_; ++at)
    if (columns(line, at + 1) > line_length_) line = at, ++lines;
  return lines;
}

double LineBreaker::cost_of_two(std::size_t begin, std::size_t end, std::size_t& middle) const {
  double least = impossible;
  for (auto at = begin + 1; at < end; ++at) {
    int const upper = columns(begin, at), lower = columns(at, end);
    if (upper > line_length_) break;
    if (lower > line_length_) continue;
    double const cost =
        pieces_[at].line_cost + for_imbalance * std::abs(upper - lower) + for_top_heaviness * std::max(0, upper - lower);
    if (cost < least) least = cost, middle = at;
  }
  return least;
}

LineBreaker::Broken LineBreaker::broken(std::size_t begin, std::size_t end, int lines) const {
  Broken out;
  if (lines <= 1) return out;
  if (lines == 2) {
    std::size_t middle = begin;
    out.cost = cost_of_two(begin, end, middle);
    out.begins = {middle};
    return out;
  }
  auto const count = end - begin, rows = static_cast<std::size_t>(lines);
  double const fair_share = static_cast<double>(columns(begin, end)) / lines;
  std::vector<std::vector<double>> least(rows + 1, std::vector<double>(count + 1, impossible));
  std::vector<std::vector<std::size_t>> from(rows + 1, std::vector<std::size_t>(count + 1, 0));
  least[0][0] = 0;
  for (std::size_t row = 1; row <= rows; ++row)
    for (std::size_t to = row; to <= count; ++to)
      for (std::size_t at = to; at-- > row - 1;) {
        int const wide = columns(begin + at, begin + to);
        if (wide > line_length_) break;
        double const cost =
            least[row - 1][at] + for_imbalance * std::abs(wide - fair_share) + (at > 0 ? pieces_[begin + at].line_cost : 0);
        if (cost < least[row][to]) least[row][to] = cost, from[row][to] = at;
      }
  out.cost = least[rows][count];
  auto at = count;
  for (auto row = rows; row > 1; --row) {
    at = from[row][at];
    out.begins.push_back(begin + at);
  }
  std::reverse(out.begins.begin(), out.begins.end());
  return out;
}

double LineBreaker::cost(std::size_t begin, std::size_t end) const {
  if (columns(begin, end) <= line_length_) return 0;
  int const needed = lines_needed(begin, end);
  if (needed > lines_) return impossible;
  std::size_t middle = 0;
  return needed == 2 ? cost_of_two(begin, end, middle) : broken(begin, end, needed).cost;
}

std::string LineBreaker::text(std::size_t begin, std::size_t end) const {
  auto const begins = broken(begin, end, lines_needed(begin, end)).begins;
  std::string out;
  for (auto at = begin; at < end; ++at) {
    bool const begins_line = std::find(begins.begin(), begins.end(), at) != begins.end();
    if (begins_line)
      out += '\n';
    else if (at > begin && pieces_[at].is_spaced)
      out += ' ';
    out += pieces_[at].text;
  }
  return out;
}

}  // namespace reelmill
