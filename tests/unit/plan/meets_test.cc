// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/meets.h"

#include <functional>

#include <gtest/gtest.h>

#include "plan/encoders.h"

namespace reelmill {
namespace {

constexpr int frames = 300;

// Ten seconds of what the export asks for, a closed group of pictures every two.
struct Film {
  Project project;
  SourceIndex index;
  SourceAnalysis analysis;
  Lowered lowered;

  Film() {
    Export target;
    target.name = "youtube";
    target.ceiling = 8'000'000;
    project.exports = {target};
    VideoStreamInfo info;
    info.stream = 0;
    info.codec = "h264", info.profile = "High", info.pixel_format = "yuv420p", info.level = 40;
    info.width = 1920, info.height = 1080;
    info.time_base = Rational(1, 15360);
    info.average_rate = Rational(30);
    info.primaries = info.transfer = info.matrix = "bt709", info.range = "tv";
    info.field_order = "progressive";
    index.video = {info};
    for (int i = 0; i < frames; ++i) {
      index.packets.push_back({i * 512, i * 512, 512, 10'000, i % 60 ? Access::none : Access::closed, false, 0});
      analysis.pts.push_back(i * 512);
      analysis.checksum.push_back(0);
    }
    analysis.end = frames * 512;
    analysis.sizes = {{0, 1920, 1080}};
  }
  VideoStreamInfo& source() { return index.video.front(); }
  Export& target() { return project.exports.front(); }

  std::optional<Shortfall> found() const {
    auto const encode = encode_of(project, project.exports.front(), index.video.front());
    return shortfall(project.exports.front(), encode.value(), index, analysis, lowered);
  }
};

TEST(Meets, ASourceThatIsWhatIsAskedFor) {
  Film film;
  auto const found = film.found();
  EXPECT_FALSE(found) << found->what;
  film.source().profile = "Constrained Baseline", film.source().level = 31;
  EXPECT_FALSE(film.found()) << "what plays High at 4.0 plays this";
}

TEST(Meets, TheFirstReasonIsNamed) {
  struct Case {
    std::string what;
    bool is_slight;
    std::function<void(Film&)> change;
  };
  auto const source = [](auto set) { return [set](Film& film) { set(film.index.video.front()); }; };
  std::vector<Case> const cases{
      {"it is hevc", false, source([](auto& s) { s.codec = "hevc"; })},
      {"it has 1280x720 pixels", false, source([](auto& s) { s.width = 1280, s.height = 720; })},
      {"it has 30 fps", false, [](Film& film) { film.target().rate = Rational(25); }},
      {"its pixels are not square", true, source([](auto& s) { s.sample_aspect = Rational(4, 3); })},
      {"it is to be turned", true, source([](auto& s) { s.rotation = 180; })},
      {"it is to be turned", true, source([](auto& s) { s.mirrored = true; })},
      {"its pixels are yuv422p, not yuv420p", true, source([](auto& s) { s.pixel_format = "yuv422p"; })},
      {"its profile is High 10, not high", true, source([](auto& s) { s.profile = "High 10"; })},
      {"its profile is High, not main", true, [](Film& film) { film.target().profile = "main"; }},
      {"its level is 5.1, above 4.0", true, source([](auto& s) { s.level = 51; })},
      {"its level is not told", true, source([](auto& s) { s.level = -99; })},
      {"its colours are not told", true, source([](auto& s) { s.transfer = "unknown"; })},
      {"its colours are smpte170m, bt709, smpte170m, not smpte170m, bt709, bt709", true,
       source([](auto& s) { s.primaries = "smpte170m", s.matrix = "smpte170m"; })},
      {"its range is not limited", true, source([](auto& s) { s.range = "pc"; })},
      {"it needs: deinterlace tff", true, [](Film& film) { film.analysis.top_first = 1; }},
      {"it needs: scale to 1920x1080 after 1 changes of size", true,
       [](Film& film) {
         film.analysis.sizes.push_back({7, 640, 360});
       }},
      {"its times are not those of 30 fps to the tick", true, [](Film& film) { film.index.packets[7].pts += 1; }},
      {"its times are not those of 30 fps to the tick", true, source([](auto& s) { s.time_base = Rational(1, 15361); })},
      {"not every picture of it decodes as it should", true, [](Film& film) { film.analysis.pts.pop_back(); }},
      {"its groups of pictures are not closed", true, [](Film& film) { film.index.packets[60].access = Access::leading; }},
      {"its groups of pictures are not closed", true, [](Film& film) { film.index.packets[120].access = Access::open; }},
      {"it does not begin with a key frame", true, [](Film& film) { film.index.packets[0].access = Access::none; }},
      {"it has 8.00 Mb/s, more than 8.00 Mb/s", true,
       [](Film& film) {
         for (auto& packet : film.index.packets) packet.size = 33'334;
       }},
      {"its bit rate goes beyond 8.00 Mb/s at times", true, [](Film& film) { film.index.packets[60].size = 1'100'000; }},
      {"its edit list hides pictures", true, [](Film& film) { film.index.packets[0].discard = true; }},
      {"its container does not say when each picture is shown; encode it", true, source([](auto& s) { s.is_timed = false; })},
      {"its coding changes on the way; encode it", true, source([](auto& s) { s.is_steady = false; })},
      {"its packet 3 is out of order; encode it", true, [](Film& film) { film.index.packets[3].dts = 2 * 512; }},
      {"a file of webm cannot hold h264, which mp4, mov, mkv can; set 'container'", true,
       [](Film& film) { film.target().container = "webm"; }},
  };
  for (auto const& [what, is_slight, change] : cases) {
    Film film;
    change(film);
    auto const found = film.found();
    ASSERT_TRUE(found) << what;
    EXPECT_EQ(found->what, what);
    EXPECT_EQ(found->is_slight, is_slight) << what;
  }
}

TEST(Meets, LongGroupsAreNoStreamingFile) {
  Film film;
  for (int i = 0; i < 2 * frames; ++i) {
    auto const at = (frames + i) * 512;
    film.index.packets.push_back({at, at, 512, 1000, Access::none, false, 0});
    film.analysis.pts.push_back(at);
  }
  EXPECT_EQ(film.found()->what, "more than 10 s lie between two of its key frames");
}

TEST(Meets, WithoutACeilingWhatAnEncodeTakesIsTheMeasure) {
  Film film;
  film.target().ceiling = 0;
  EXPECT_FALSE(film.found()) << "2.4 Mb/s are less than CRF 23 takes";
  for (auto& packet : film.index.packets) packet.size = 100'000;
  EXPECT_EQ(film.found()->what, "it has 24.00 Mb/s, more than the 6.84 Mb/s that crf 23 usually takes");
}

TEST(Meets, ExportsThatAreMetCopy) {
  Film film;
  auto other = film.target();
  other.name = "main", other.profile = "main";
  film.project.exports.push_back(other);
  other.name = "small", other.width = 1280, other.height = 720;
  film.project.exports.push_back(other);
  std::vector<std::string> notes;
  auto const met = copy_where_met(film.project, film.index, film.analysis, film.lowered, notes);
  ASSERT_TRUE(met);
  EXPECT_EQ(*met, std::vector<std::string>{"youtube"});
  EXPECT_TRUE(film.project.exports[0].copies());
  EXPECT_FALSE(film.project.exports[1].copies());
  EXPECT_EQ(notes,
            std::vector<std::string>{"nearly what is asked for, but encoded again for main: its profile is High, not main"});
}

TEST(Meets, StepsThatChangeThePictureAndPreviewsNeverCopy) {
  std::vector<std::string> notes;
  Film film;
  auto const* const grade = operation_named("grade", Track::video);
  film.project.video = {{grade, grade->defaults(), 3}};
  auto options = grade->defaults();
  for (auto const& param : grade->params)
    if (param.name == "contrast") param.write(options, Value(1.5));
  film.project.video.front().options = options;
  EXPECT_TRUE(copy_where_met(film.project, film.index, film.analysis, film.lowered, notes).value().empty());
  film.project.video.clear();
  film.project.range = TimeRange{};
  EXPECT_TRUE(copy_where_met(film.project, film.index, film.analysis, film.lowered, notes).value().empty());
  EXPECT_TRUE(notes.empty());
}

}  // namespace
}  // namespace reelmill
