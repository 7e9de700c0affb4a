// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a fuzz target without libFuzzer: every file of its corpus, then as many mutations of them as fit into some seconds.
//
//   fuzz_NAME CORPUS SECONDS
//
// The seed is fixed, so a crash is met again by running again; its input is left in the file crash-input.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

std::string const* current = nullptr;

void keep_input(int number) {
  int const file = open("crash-input", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file >= 0 && current && write(file, current->data(), current->size()) >= 0) close(file);
  signal(number, SIG_DFL);
  raise(number);
}

void run(std::string const& input) {
  current = &input;
  LLVMFuzzerTestOneInput(reinterpret_cast<std::uint8_t const*>(input.data()), input.size());
}

class Mutator {
 public:
  explicit Mutator(std::vector<std::string> const& seeds) : seeds_(seeds) {}

  std::string next() {
    auto input = seeds_[below(seeds_.size())];
    for (auto times = 1 + below(6); times > 0; --times) change(input);
    if (input.size() > longest) input.resize(longest);
    return input;
  }

 private:
  static constexpr std::size_t longest = 64 << 10;

  std::size_t below(std::size_t count) { return count == 0 ? 0 : static_cast<std::size_t>(random_() % count); }

  void change(std::string& input) {
    constexpr std::array<std::string_view, 20> words{"{",
                                                     "}",
                                                     "[",
                                                     "]",
                                                     ": ",
                                                     "\n",
                                                     "\n- ",
                                                     "\"",
                                                     "'",
                                                     "*",
                                                     "&a ",
                                                     "-1",
                                                     "9223372036854775807",
                                                     "1e308",
                                                     "nan",
                                                     "../",
                                                     "\xff",
                                                     std::string_view("\0", 1),
                                                     "\x1b[31m",
                                                     "null"};
    auto const at = below(input.size() + 1);
    auto const length = std::min(below(40) + 1, input.size() - at);
    switch (below(7)) {
      case 0:
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
        return;
      case 1:
        if (at < input.size()) input[at] = static_cast<char>(below(256));
        return;
      case 2:
        input.erase(at, length);
        return;
      case 3:
        input.insert(at, input.substr(at, length));
        return;
      case 4:
        input.insert(at, words[below(words.size())]);
        return;
      case 5: {
        auto const& other = seeds_[below(seeds_.size())];
        auto const from = below(other.size() + 1);
        input.insert(at, other.substr(from, below(200) + 1));
        return;
      }
      default:
        input.resize(at);
    }
  }

  std::vector<std::string> const& seeds_;
  std::mt19937_64 random_{20130213};
};

std::string bytes_of(fs::path const& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) {
    std::fprintf(stderr, "usage: %s CORPUS SECONDS\n", words[0]);
    return 64;
  }
  for (int number : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL}) signal(number, keep_input);
  std::vector<fs::path> files;
  for (auto const& entry : fs::directory_iterator(words[1])) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  if (files.empty()) {
    std::fprintf(stderr, "%s: no corpus in %s\n", words[0], words[1]);
    return 1;
  }
  std::vector<std::string> seeds;
  for (auto const& file : files) run(seeds.emplace_back(bytes_of(file)));

  using Clock = std::chrono::steady_clock;
  auto const end = Clock::now() + std::chrono::seconds(std::atoi(words[2]));
  Mutator mutator(seeds);
  std::int64_t made = 0;
  for (; Clock::now() < end; ++made) run(mutator.next());
  std::printf("%zu inputs of the corpus and %lld mutations\n", seeds.size(), static_cast<long long>(made));
  return 0;
}
