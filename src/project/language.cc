// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/language.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.h"

namespace reelmill {

namespace {

struct Language {
  std::string_view two, three, bibliographic;
};

// Those of the world's most spoken languages and of Europe's states; another one is compared as it is written.
constexpr std::array languages{
    Language{"af", "afr", ""},    Language{"am", "amh", ""},    Language{"ar", "ara", ""},    Language{"az", "aze", ""},
    Language{"be", "bel", ""},    Language{"bg", "bul", ""},    Language{"bn", "ben", ""},    Language{"bs", "bos", ""},
    Language{"ca", "cat", ""},    Language{"cs", "ces", "cze"}, Language{"cy", "cym", "wel"}, Language{"da", "dan", ""},
    Language{"de", "deu", "ger"}, Language{"el", "ell", "gre"}, Language{"en", "eng", ""},    Language{"es", "spa", ""},
    Language{"et", "est", ""},    Language{"eu", "eus", "baq"}, Language{"fa", "fas", "per"}, Language{"fi", "fin", ""},
    Language{"fr", "fra", "fre"}, Language{"ga", "gle", ""},    Language{"gl", "glg", ""},    Language{"gu", "guj", ""},
    Language{"ha", "hau", ""},    Language{"he", "heb", ""},    Language{"hi", "hin", ""},    Language{"hr", "hrv", ""},
    Language{"hu", "hun", ""},    Language{"hy", "hye", "arm"}, Language{"id", "ind", ""},    Language{"is", "isl", "ice"},
    Language{"it", "ita", ""},    Language{"ja", "jpn", ""},    Language{"jv", "jav", ""},    Language{"ka", "kat", "geo"},
    Language{"kk", "kaz", ""},    Language{"kn", "kan", ""},    Language{"ko", "kor", ""},    Language{"lt", "lit", ""},
    Language{"lv", "lav", ""},    Language{"mk", "mkd", "mac"}, Language{"ml", "mal", ""},    Language{"mr", "mar", ""},
    Language{"ms", "msa", "may"}, Language{"mt", "mlt", ""},    Language{"my", "mya", "bur"}, Language{"nb", "nob", ""},
    Language{"nl", "nld", "dut"}, Language{"nn", "nno", ""},    Language{"no", "nor", ""},    Language{"pa", "pan", ""},
    Language{"pl", "pol", ""},    Language{"ps", "pus", ""},    Language{"pt", "por", ""},    Language{"ro", "ron", "rum"},
    Language{"ru", "rus", ""},    Language{"sk", "slk", "slo"}, Language{"sl", "slv", ""},    Language{"sq", "sqi", "alb"},
    Language{"sr", "srp", ""},    Language{"sv", "swe", ""},    Language{"sw", "swa", ""},    Language{"ta", "tam", ""},
    Language{"te", "tel", ""},    Language{"th", "tha", ""},    Language{"tl", "tgl", ""},    Language{"tr", "tur", ""},
    Language{"uk", "ukr", ""},    Language{"ur", "urd", ""},    Language{"uz", "uzb", ""},    Language{"vi", "vie", ""},
    Language{"yo", "yor", ""},    Language{"zh", "zho", "chi"}, Language{"zu", "zul", ""}};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string plain(std::string_view text) {
  auto out = lower_case(text.substr(0, text.find_first_of("-_")));
  for (auto const& language : languages)
    if (out == language.three || (!language.bibliographic.empty() && out == language.bibliographic))
      return std::string(language.two);
  return out;
}

}  // namespace

bool is_same_language(std::string_view a, std::string_view b) {
  auto const first = plain(a);
  return !first.empty() && first != "und" && first == plain(b);
}

bool looks_like_language(std::string_view text) {
  auto const main = text.substr(0, text.find_first_of("-_"));
  return (main.size() == 2 || main.size() == 3) && std::all_of(main.begin(), main.end(), is_letter);
}

}  // namespace reelmill
