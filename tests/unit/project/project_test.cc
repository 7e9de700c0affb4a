// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/project.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include <gtest/gtest.h>

#include "project/starter.h"
#include "unit/in_temporary_folder.h"

namespace reelmill {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

class ProjectFile : public InTemporaryFolder {
 protected:
  void SetUp() override { file_ = folder_ / "reelmill.yaml"; }
  Result<Project> load(std::string_view text) {
    std::ofstream(file_) << text;
    return load_project(file_);
  }
  // Every mistake without the path before it; nothing when there is none.
  std::string mistakes(std::string_view text) {
    auto const project = load(text);
    if (project) return "";
    EXPECT_EQ(project.error().kind, ErrorKind::project);
    std::string out = project.error().what;
    for (auto at = out.find(file_.string()); at != std::string::npos; at = out.find(file_.string()))
      out.erase(at, file_.string().size() + 1);
    return out;
  }
  std::string video(std::string_view list) { return mistakes("reelmill: 1\nexports: [youtube]\nvideo:\n" + std::string(list)); }
  std::string export_map(std::string_view map) { return mistakes("reelmill: 1\nexports:\n- youtube: " + std::string(map)); }
  std::string deliver(std::string_view path) {
    return mistakes("reelmill: 1\nexports: [youtube, tiktok]\ndeliver: " + std::string(path));
  }
  void touch(std::string_view name) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << "x";
  }

  fs::path file_;
};

TEST_F(ProjectFile, TheStarterIsTheUsersPipeline) {
  auto const file = make_project(folder_ / "my film");
  ASSERT_TRUE(file) << file.error().text();
  auto const project = load_project(*file);
  ASSERT_TRUE(project) << project.error().text();
  EXPECT_EQ(project->name, "my film");
  EXPECT_EQ(project->folder, folder_ / "my film");
  EXPECT_EQ(project->normalize.rate, Rational(30));
  EXPECT_EQ(project->normalize.sample_rate, 48000);
  std::vector<std::string> steps, exports;
  for (auto const& step : project->video) steps.push_back(step.text());
  for (auto const& step : project->audio) steps.push_back(step.text());
  for (auto const& made : project->exports) exports.push_back(made.name);
  EXPECT_EQ(steps,
            (std::vector<std::string>{"stabilize shakiness=5 accuracy=15 smoothing=30 zoom=15 border=mirror",
                                      "grade brightness=0.05 contrast=1.1 saturation=1.1 gamma=1", "highpass frequency=200",
                                      "lowpass frequency=3000", "denoise reduction=12 floor=-50"}));
  EXPECT_EQ(exports, (std::vector<std::string>{"youtube", "instagram", "tiktok", "twitter", "facebook"}));
  EXPECT_EQ(project->deliver, (std::vector<std::string>{"03_delivered/{platform}/{name}_{platform}.{ext}"}));
  for (auto const part : starter_folders()) EXPECT_TRUE(fs::is_directory(folder_ / "my film" / part)) << part;
}

TEST_F(ProjectFile, TimesColoursAndTextsAreRead) {
  touch("looks/film.cube");
  auto const project = load(
      "reelmill: 1\nexports: [youtube]\nvideo:\n"
      "- fade: { in: 500 ms, out: \"0:01:02.5\", colour: \"#FF8000\" }\n"
      "- lut: { file: looks/film.cube }\n"
      "- title: { text: \"one\\ntwo\", font: sans-serif, from: 1.5, to: 3 s, bold: true }\n");
  ASSERT_TRUE(project) << project.error().text();
  EXPECT_EQ(project->video.at(0).text(), "fade in=0.5 out=62.5 colour=#ff8000");
  auto const& lut = project->video.at(1);
  EXPECT_EQ(std::get<std::string>(lut.operation->params[0].read(lut.options)), (folder_ / "looks/film.cube").string());
  EXPECT_EQ(lut.text(), "lut file=film.cube strength=100");
  auto const& title = project->video.at(2);
  EXPECT_EQ(std::get<std::string>(title.operation->params[0].read(title.options)), "one\ntwo");
}

TEST_F(ProjectFile, MistakesInThemAreNamed) {
  touch("looks/film.cube");
  EXPECT_EQ(video("- lut\n"), "4:3: 'lut' needs 'file': the look-up table, a .cube file with a 1D or 3D table");
  EXPECT_EQ(video("- lut: { strength: 5 }\n"), "4:3: 'lut' needs 'file': the look-up table, a .cube file with a 1D or 3D table");
  EXPECT_EQ(video("- lut: { file: a.cube }\n"), "4:16: 'file': there is no file 'a.cube' in '" + folder_.string() + "'");
  EXPECT_EQ(video("- lut: { file: looks }\n"), "4:16: 'file': 'looks' is not a file");
  EXPECT_EQ(
      video("- lut: { file: looks/../../a.cube }\n"),
      "4:16: 'file' leads out of the project's folder: 'looks/../../a.cube', put the file inside or give its absolute path");
  EXPECT_EQ(video("- lut: { file: /no/such.cube }\n"), "4:16: 'file': there is no file '/no/such.cube'");
  EXPECT_EQ(video("- fade: { colour: red }\n"), "4:19: 'colour' must be a colour such as \"#ff8800\", in quotes, not 'red'");
  EXPECT_EQ(video("- fade: { colour: \"#ff88\" }\n"),
            "4:19: 'colour' must be a colour such as \"#ff8800\", in quotes, not '#ff88'");
  EXPECT_EQ(video("- fade: { in: \"1:75\" }\n"), "4:15: 'in' must be a time such as 2.5 s or 00:01:02.5, not '1:75'");
  EXPECT_EQ(video("- fade: { in: 2 Hz }\n"), "4:15: 'in' is in s, not in 'Hz'");
  EXPECT_EQ(video("- fade: { in: -1 }\n"), "4:15: 'in' must be between 0 and 3600 s, not -1");
  EXPECT_EQ(video("- title: { text: x, font: No Such Family }\n").substr(0, 60),
            "4:27: 'font': the font 'No Such Family' is not installed, the nearest"s.substr(0, 60));
  EXPECT_EQ(video("- rotate: { angle: 45 }\n"), "4:20: 'angle' must be one of 0, 90, 180, 270, not '45'");
}

TEST_F(ProjectFile, NewRefusesWhatIsThere) {
  touch("full/file");
  ASSERT_FALSE(make_project(folder_ / "full"));
  EXPECT_EQ(make_project(folder_ / "full").error().kind, ErrorKind::usage);
  ASSERT_FALSE(make_project(folder_ / "full" / "file"));
  fs::create_directory(folder_ / "empty");
  EXPECT_TRUE(make_project(folder_ / "empty"));
}

TEST_F(ProjectFile, DefaultsNeedOnlyVersionAndExports) {
  auto const project = load("reelmill: 1\nexports: [youtube]\n");
  ASSERT_TRUE(project) << project.error().text();
  EXPECT_EQ(project->name, folder_.filename().string());
  EXPECT_TRUE(project->video.empty());
  EXPECT_EQ(project->sources.size(), 1u);
  auto const& youtube = project->exports.at(0);
  EXPECT_EQ(youtube.width, 1920);
  EXPECT_EQ(youtube.preset, "slow");
  EXPECT_EQ(youtube.crf, 18);
  EXPECT_EQ(youtube.ceiling, 8'000'000);
  EXPECT_FALSE(youtube.edit_lists);
}

TEST_F(ProjectFile, ExportsCanBeChangedAndNamed) {
  auto const project = load(R"(reelmill: 1
exports:
  - youtube: { crf: 20.5, fit: blur, bitrate: none, edit_lists: auto }
  - square: { bitrate: 2.5 Mb/s, resolution: 1080x1080, preset: instagram, speed: veryfast, fps: 29.97, audio_bitrate: 128k }
  - own: { resolution: 640x360, preset: fast, profile: main }
)");
  ASSERT_TRUE(project) << project.error().text();
  auto const& youtube = project->exports.at(0);
  EXPECT_EQ(youtube.crf, 20.5);
  EXPECT_EQ(youtube.fit, "blur");
  EXPECT_EQ(youtube.ceiling, 0);
  EXPECT_TRUE(youtube.edit_lists);
  EXPECT_EQ(youtube.preset, "slow");
  auto const& square = project->exports.at(1);
  EXPECT_EQ(square.name, "square");
  EXPECT_EQ(square.width, 1080);
  EXPECT_EQ(square.ceiling, 2'500'000) << "keys before 'preset' count as well";
  EXPECT_EQ(square.preset, "veryfast");
  EXPECT_EQ(square.rate, Rational(30000, 1001));
  EXPECT_EQ(square.audio_bitrate, 128'000);
  EXPECT_FALSE(square.edit_lists) << "instagram's";
  EXPECT_EQ(project->exports.at(2).preset, "fast");
  EXPECT_EQ(project->exports.at(2).profile, "main");
  EXPECT_EQ(project->exports.at(2).rate, std::nullopt);
}

TEST_F(ProjectFile, NumbersCarryUnits) {
  auto const project = load(
      "reelmill: 1\nexports: [youtube]\naudio:\n- highpass: {frequency: 0.2 kHz}\n- lowpass: {frequency: \"3000Hz\"}\n"
      "- denoise: {reduction: 6 dB, floor: -40}\nvideo:\n- stabilize: {smoothing: 10 frames, zoom: 5%}\n");
  ASSERT_TRUE(project) << project.error().text();
  EXPECT_EQ(project->audio.at(0).text(), "highpass frequency=200");
  EXPECT_EQ(project->audio.at(1).text(), "lowpass frequency=3000");
  EXPECT_EQ(project->audio.at(2).text(), "denoise reduction=6 floor=-40");
  EXPECT_EQ(project->video.at(0).text(), "stabilize shakiness=5 accuracy=15 smoothing=10 zoom=5 border=mirror");
  EXPECT_EQ(project->video.at(0).line, 8);
}

TEST_F(ProjectFile, SaysWhereAndWhat) {
  EXPECT_EQ(video("- grade: { contrst: 1 }"), "4:12: unknown key 'contrst' in 'grade', did you mean 'contrast'?");
  EXPECT_EQ(video("- grad"), "4:3: unknown video operation 'grad', did you mean 'grade'?");
  EXPECT_EQ(video("- denoise"), "4:3: 'denoise' works on the sound, put it below 'audio:'");
  EXPECT_EQ(video("- grade: { contrast: 4 }"), "4:22: 'contrast' must be between 0 and 3, not 4");
  EXPECT_EQ(video("- grade: { contrast: \"1,1\" }"),
            "4:22: 'contrast' must be a number, not '1,1', write fractions with a point");
  EXPECT_EQ(video("- grade: { contrast: 1 Hz }"), "4:22: 'contrast' is a number without a unit, not '1 Hz'");
  EXPECT_EQ(video("- stabilize: { zoom: 5 dB }"), "4:22: 'zoom' is in %, not in 'dB'");
  EXPECT_EQ(video("- stabilize: { smoothing: 1.5 }"), "4:27: 'smoothing' must be a whole number, not 1.5");
  EXPECT_EQ(video("- stabilize: { smoothing: [1] }"), "4:27: 'smoothing' must be a number, not a list");
  EXPECT_EQ(video("- stabilize: { border: blak }"),
            "4:24: 'border' must be one of mirror, black, not 'blak', did you mean 'black'?");
  EXPECT_EQ(video("- stabilize\n- stabilize"), "5:3: 'stabilize' can stand here once only, the first is on line 4");
  EXPECT_EQ(video("- grade:\n  gamma: 1"),
            "5:3: 'gamma' stands beside 'grade', indent it further to make it a parameter or begin a new item with '-'");
  EXPECT_EQ(video("- grade: { gamma: 1, gamma: 2 }"), "4:22: 'gamma' stands here a second time, the first is on line 4");
  EXPECT_EQ(video("  grade: {}"), "4:3: 'video' must be a list of operations, each after a '-', not a map");
}

TEST_F(ProjectFile, SaysWhatIsWrongWithExports) {
  EXPECT_EQ(mistakes("reelmill: 1\nexports: [yuotube]"), "2:11: unknown export 'yuotube', did you mean 'youtube'?");
  EXPECT_EQ(mistakes("reelmill: 1\nexports: [tiktok, tiktok]"),
            "2:19: export 'tiktok' is listed twice, give one a name of its own: '- tiktok-2: { preset: tiktok }'");
  EXPECT_EQ(mistakes("reelmill: 1\nexports: []"),
            "2:10: 'exports' must be a list of presets such as [youtube], not an empty one");
  EXPECT_EQ(export_map("{ resolution: 1920x1081 }"),
            "3:26: the sides of 'resolution' must be even and between 32 and 8192, not 1081");
  EXPECT_EQ(export_map("{ resolution: big }"),
            "3:26: 'resolution' must be width x height such as 1920x1080, or 'source', not 'big'");
  EXPECT_EQ(export_map("{ bitrate: 8 MB }"), "3:23: 'bitrate' must be a bit rate such as 8M or 192k, not '8 MB'");
  EXPECT_EQ(export_map("{ bitrate: 8 }"), "3:23: 'bitrate' must be between 100000 and 240000000 bits a second, not 8");
  EXPECT_EQ(export_map("{ fps: 1/0 }"), "3:19: 'fps' must be a frame rate such as 30, 29.97 or 30000/1001, not '1/0'");
  EXPECT_EQ(export_map("{ fps: 1000 }"), "3:19: 'fps' must be between 1 and 240 frames a second, not 1000");
  EXPECT_EQ(export_map("{ preset: slwo }"), "3:22: unknown preset 'slwo', did you mean 'slow'?");
  EXPECT_EQ(export_map("{ codec: vp8 }"),
            "3:21: 'codec' must be one of h264, h265, av1, vp9, prores, dnxhr, ffv1, copy, not 'vp8', did you mean 'vp9'?");
  EXPECT_EQ(mistakes("reelmill: 1\nexports:\n- a/b: { preset: tiktok }"),
            "3:3: the name 'a/b' becomes part of file names, use letters, digits, '_', '-' and '.' only");
}

TEST_F(ProjectFile, CodecsBringWhatIsTheirs) {
  auto const project = load(R"(reelmill: 1
exports:
  - youtube: { codec: hevc }
  - master: { resolution: 1920x1080, container: mov, codec: prores, audio_codec: pcm }
  - web: { preset: youtube, crf: 40, container: webm, audio_codec: opus, codec: libsvtav1 }
  - silent: { resolution: 1280x720, container: mxf, codec: dnxhr, profile: lb, audio: none }
)");
  ASSERT_TRUE(project) << project.error().text();
  auto const& youtube = project->exports.at(0);
  EXPECT_EQ(youtube.video_codec, "h265");
  EXPECT_EQ(youtube.crf, 28) << "x264's 18 means something else";
  EXPECT_EQ(youtube.profile, "main");
  EXPECT_EQ(youtube.preset, "slow");
  EXPECT_EQ(youtube.ceiling, 8'000'000);
  auto const& master = project->exports.at(1);
  EXPECT_EQ(master.profile, "hq");
  EXPECT_EQ(master.preset, "");
  EXPECT_EQ(master.audio_codec, "pcm_s24le");
  EXPECT_EQ(master.audio_bitrate, 0);
  auto const& web = project->exports.at(2);
  EXPECT_EQ(web.crf, 40);
  EXPECT_EQ(web.audio_bitrate, 192'000);
  EXPECT_FALSE(project->exports.at(3).has_sound);
}

TEST_F(ProjectFile, ACopyKeepsSizeAndRateAndMayKeepTheContainer) {
  auto const project = load(R"(reelmill: 1
exports:
  - same: { codec: copy }
  - youtube: { codec: copy }
  - boxed: { codec: copy, container: mkv, audio_codec: flac, fps: source, bitrate: none }
)");
  ASSERT_TRUE(project) << project.error().text();
  auto const& same = project->exports.at(0);
  EXPECT_TRUE(same.copies());
  EXPECT_EQ(same.width, 0);
  EXPECT_TRUE(same.keeps_rate);
  EXPECT_FALSE(same.rate);
  EXPECT_EQ(output_of(*project, "/f/a.MOV", same).value(), "02_output/final/a_same.mov");
  EXPECT_EQ(container_of(same, "a.m4v"), "mp4");
  EXPECT_EQ(container_of(same, "a.avi"), "mkv");
  EXPECT_EQ(container_of(same, "a.mxf"), "mkv") << "no copy goes into MXF";
  EXPECT_EQ(container_of(same, "a.webm"), "mkv") << "WebM holds no AAC";
  EXPECT_EQ(container_of(same, "a"), "mkv");
  EXPECT_EQ(container_of(project->exports.at(1), "a.mov"), "mp4") << "the preset says so";
  EXPECT_EQ(project->exports.at(1).ceiling, 0);
  EXPECT_EQ(container_of(project->exports.at(2), "a.mov"), "mkv");
}

TEST_F(ProjectFile, ACopyTakesNoKeysOfEncodes) {
  for (std::string const key :
       {"resolution: 320x180", "fit: pad", "fps: 25", "speed: slow", "profile: main", "crf: 20", "bitrate: 2M", "preset: slow"}) {
    auto const name = key.substr(0, key.find(':'));
    EXPECT_EQ(export_map("{ codec: copy, " + key + " }"),
              "3:27: 'codec: copy' leaves the picture as it is, remove '" + name + "' or choose another codec");
  }
  EXPECT_EQ(export_map("{ codec: copy, container: mxf, audio_codec: pcm }"),
            "3:38: a file of mxf cannot take a copied picture, add 'container: mov' or choose another codec");
}

TEST_F(ProjectFile, SaysWhatDoesNotGoTogether) {
  EXPECT_EQ(export_map("{ codec: prores }"), "3:21: a file of mp4 cannot hold prores, add 'container: mov'");
  EXPECT_EQ(export_map("{ container: webm, audio_codec: opus }"),
            "3:25: a file of webm cannot hold h264, choose mp4, mov, mkv for it, or one of vp9, av1 as 'codec'");
  EXPECT_EQ(export_map("{ container: webm, codec: vp9 }"), "3:25: a file of webm cannot hold aac sound, add 'audio_codec: opus'");
  EXPECT_EQ(export_map("{ audio_codec: pcm }"), "3:27: a file of mp4 cannot hold pcm_s24le sound, it holds aac, opus, flac");
  EXPECT_EQ(export_map("{ audio_codec: opus }"),
            "3:27: Opus in mp4 needs edit lists, add 'edit_lists: auto' or choose aac as 'audio_codec'");
  EXPECT_EQ(export_map("{ audio_codec: flac, audio_bitrate: 192k }"), "3:48: flac is lossless, remove 'audio_bitrate'");
  EXPECT_EQ(export_map("{ codec: prores, container: mov, crf: 20 }"),
            "3:50: the quality of prores is decided by 'profile', remove 'crf'");
  EXPECT_EQ(export_map("{ codec: prores, container: mov, speed: slow }"), "3:52: prores has one speed only, remove 'speed'");
  EXPECT_EQ(export_map("{ codec: prores, container: mov, bitrate: 8M }"),
            "3:54: the rate of prores cannot be limited, choose another 'profile' and remove 'bitrate'");
  EXPECT_EQ(export_map("{ codec: dnxhr, container: mov, resolution: 160x90 }"), "3:56: dnxhr needs 256x120 at least, not 160x90");
  EXPECT_EQ(export_map("{ codec: h265, profile: high }"), "3:36: 'profile' must be one of main, not 'high'");
  EXPECT_EQ(export_map("{ codec: av1, crf: 64 }"), "3:31: 'crf' must be between 1 and 63, not 64");
  EXPECT_EQ(
      mistakes("reelmill: 1\nnormalize: { sample_rate: 44100 }\nexports:\n- youtube: { audio_codec: opus, edit_lists: auto }"),
      "4:3: export 'youtube': opus knows 8000, 12000, 16000, 24000, 48000 Hz, not 44100; set 'sample_rate' under 'normalize'");
  EXPECT_EQ(mistakes("reelmill: 1\nexports:\n- dnxhr_hq: { fps: 12 }"),
            "3:3: export 'dnxhr_hq': mxf knows 24000/1001, 24, 25, 30000/1001, 30, 50, 60000/1001, 60 frames a second, not 12; "
            "set 'fps'");
}

TEST_F(ProjectFile, CollectsEveryMistakeInOrder) {
  EXPECT_EQ(mistakes("sorces: a\nnormalize: { fps: x, sample_rate: 1 }\nreelmill: 3\ndubbing: {}\n"),
            "1:1: unknown key 'sorces', did you mean 'sources'?\n"
            "1:1: nothing is asked for, add a list such as 'exports: [youtube]'\n"
            "2:19: 'fps' must be a frame rate such as 30, 29.97 or 30000/1001, not 'x'\n"
            "2:35: 'sample_rate' must be one of 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, "
            "96000 Hz or source, not 1\n"
            "3:11: this project is of version 3, this program knows version 1, install a newer one\n"
            "4:1: unknown key 'dubbing', there are reelmill, name, sources, normalize, retry, video, audio, subtitles, exports, deliver");
}

TEST_F(ProjectFile, BrokenYamlIsAMistakeToo) {
  EXPECT_NE(mistakes("").find("1:1: a project file is a map"), std::string::npos);
  EXPECT_NE(mistakes("reelmill: 1\nsources: [a\nb: 1").find("not YAML"), std::string::npos);
  EXPECT_NE(mistakes("reelmill: 1\nsources: *.mp4\n").find("2:10: this is not YAML"), std::string::npos);
  EXPECT_NE(mistakes("reelmill: 1\nsources: *.mp4\n").find("put quotes around"), std::string::npos);
  EXPECT_NE(mistakes("a: &x [1]\nb: *x\n").find("1:4: anchors and aliases"), std::string::npos);
  EXPECT_NE(mistakes("reelmill: 1\n---\nb: 1\n").find("second document"), std::string::npos);
  EXPECT_NE(mistakes("? [a]\n: 1\n").find("a key must be a text"), std::string::npos);
  EXPECT_NE(mistakes(std::string(20'000, '[')), "");
  EXPECT_NE(mistakes(std::string(2'000'000, ' ')).find("larger than"), std::string::npos);
  EXPECT_EQ(mistakes("reelmill: 1\nname: \"\xff\"\n"), "2:8: the byte 0xff is not UTF-8, save the file as UTF-8");
  EXPECT_EQ(mistakes("reelmill: 1\n# \x04\n"), "2:3: there is a control character (0x04), remove it");
  EXPECT_EQ(mistakes(std::string("\xff\xfer\0", 4)), "1:1: the file is UTF-16, save it as UTF-8");
  EXPECT_NE(mistakes("reelmill: 1\nexports:\n\t- x\n").find("indent with spaces"), std::string::npos);
  EXPECT_EQ(mistakes("\xef\xbb\xbfreelmill: 1\r\nexports: [youtube]\r\n"), "");
  EXPECT_NE(mistakes(std::string("reelmill: 1\nname: \"a\\u001bb\"\nexports: [youtube]")).find("2:7: 'name' has control"),
            std::string::npos);
}

// Whatever single byte changes in a real file, the answer is a project or a list of mistakes.
TEST_F(ProjectFile, SurvivesAnyByte) {
  auto const text = starter_text("x");
  for (std::size_t at = 0; at < text.size(); at += 11)
    for (char const c : {'\0', '{', ':', '\t', '\xff', '-', '"', '*'}) {
      auto changed = text;
      changed[at] = c;
      EXPECT_NO_THROW((void)load(changed)) << at;
    }
}

TEST_F(ProjectFile, AMissingFileSaysHowToBegin) {
  auto const project = load_project(folder_ / "absent.yaml");
  ASSERT_FALSE(project);
  EXPECT_EQ(project.error().kind, ErrorKind::project);
  EXPECT_NE(project.error().what.find("reelmill new"), std::string::npos);
}

TEST_F(ProjectFile, DeliveryStaysInsideTheFolder) {
  EXPECT_EQ(deliver("\"out/{platform}/{name}.{ext}\""), "");
  EXPECT_NE(deliver("\"/out/{platform}/{name}.{ext}\""), "");
  EXPECT_NE(deliver("\"../{platform}/{name}.{ext}\""), "");
  EXPECT_NE(deliver("\".reelmill/{platform}/{name}.{ext}\""), "");
  EXPECT_NE(deliver("\"{name}.{ext}\"").find("gives two outputs one name"), std::string::npos);
  EXPECT_NE(deliver("\"{platfrom}/{name}.{ext}\"").find("did you mean 'platform'?"), std::string::npos);
}

TEST_F(ProjectFile, FindsSourcesAndOutputsThatClash) {
  auto const at = [&](std::string_view sources, std::string_view delivered) {
    auto project = load("reelmill: 1\nexports: [youtube]\nsources: " + std::string(sources) + "\ndeliver: \"" +
                        std::string(delivered) + "\"\n");
    EXPECT_TRUE(project) << project.error().text();
    auto const found = find_sources(*project);
    if (!found) return found.error().what.substr(found.error().what.find(": ") + 2);
    std::string names;
    for (auto const& path : *found) names += path.lexically_relative(folder_).string() + " ";
    return names;
  };
  touch("raw/b.mp4");
  touch("raw/a.MOV");
  EXPECT_EQ(at("raw/*.{mp4,mov}", "{name}.{ext}"), "raw/a.MOV raw/b.mp4 ");
  EXPECT_EQ(at("[raw/b.mp4, \"raw/*.mp4\"]", "{name}.{ext}"), "raw/b.mp4 ");
  EXPECT_EQ(at("raw/*.mkv", "{name}.{ext}"), "no file matches the sources 'raw/*.mkv', put footage there or change 'sources'");
  EXPECT_NE(at("row/*.mp4", "{name}.{ext}").find("there is no folder"), std::string::npos);
  EXPECT_EQ(at("raw/*.mp4", "raw/{name}.{ext}"), "the output 'raw/b.mp4' would overwrite a source, change 'deliver'");
  EXPECT_NE(at("raw/*.{mp4,mov}", "out.{ext}").find("'a.MOV' and 'b.mp4' would both be delivered as 'out.mp4'"),
            std::string::npos);
}

TEST(Template, FillsSafely) {
  std::map<std::string, std::string> const parts{
      {"name", "../../x"}, {"platform", "youtube"}, {"ext", "mp4"}, {"project", "-p\n"}};
  EXPECT_EQ(*fill_template("{project}/{name}_{platform}.{ext}", parts), "p_/_.._x_youtube.mp4");
  for (auto const* pattern :
       {"", "/a", "~/a", "a//b", "a/", "../a", "a/../b", "./a", "a\\b", "{name", "name}", "{nme}", "a\nb", "{}"})
    EXPECT_FALSE(fill_template(pattern, parts)) << pattern;
  EXPECT_FALSE(fill_template(std::string(256, 'a'), parts));
  EXPECT_EQ(fill_template("{name}", {{"name", "."}}).value(), "_");
}

TEST(Presets, BesidesTheUsersNineThereAreOtherCodecs) {
  for (auto const& [name, codec, container] :
       std::initializer_list<std::array<std::string_view, 3>>{{"h265_1080p", "h265", "mp4"},
                                                              {"av1_web", "av1", "mp4"},
                                                              {"webm_vp9", "vp9", "webm"},
                                                              {"prores_hq", "prores", "mov"},
                                                              {"dnxhr_hq", "dnxhr", "mxf"},
                                                              {"archive_ffv1", "ffv1", "mkv"}}) {
    auto const* const preset = shipped_export(name);
    ASSERT_NE(preset, nullptr) << name;
    EXPECT_EQ(preset->video_codec, codec);
    EXPECT_EQ(preset->container, container);
  }
}

TEST(Presets, HoldTheUsersNine) {
  struct Row {
    std::string_view name;
    int width, height, rate;
    std::string_view speed;
    double crf;
    std::int64_t ceiling, audio;
    bool edit_lists;
  };
  constexpr std::array rows{
      Row{"youtube", 1920, 1080, 30, "slow", 18, 8'000'000, 192'000, false},
      Row{"instagram", 1080, 1920, 30, "medium", 23, 5'000'000, 192'000, false},
      Row{"tiktok", 1080, 1920, 30, "fast", 23, 4'000'000, 192'000, true},
      Row{"twitter", 1280, 720, 30, "medium", 23, 5'000'000, 192'000, true},
      Row{"facebook", 1280, 720, 30, "medium", 23, 4'000'000, 192'000, true},
      Row{"web_optimized", 1920, 1080, 30, "medium", 23, 0, 192'000, true},
      Row{"high_quality", 1920, 1080, 30, "slow", 18, 0, 256'000, true},
      Row{"social_media", 1080, 1920, 30, "fast", 23, 5'000'000, 128'000, true},
      Row{"fast_draft", 1280, 720, 24, "ultrafast", 28, 0, 128'000, true},
  };
  for (auto const& row : rows) {
    SCOPED_TRACE(row.name);
    auto const* const preset = shipped_export(row.name);
    ASSERT_NE(preset, nullptr);
    EXPECT_EQ(preset->width, row.width);
    EXPECT_EQ(preset->height, row.height);
    EXPECT_EQ(preset->rate, Rational(row.rate));
    EXPECT_EQ(preset->preset, row.speed);
    EXPECT_EQ(preset->crf, row.crf);
    EXPECT_EQ(preset->ceiling, row.ceiling);
    EXPECT_EQ(preset->audio_bitrate, row.audio);
    EXPECT_EQ(preset->edit_lists, row.edit_lists);
    EXPECT_EQ(preset->video_codec, "h264");
    EXPECT_FALSE(preset->description.empty());
    EXPECT_NE(shipped_export_text(row.name).find("verified_on:"), std::string_view::npos);
  }
  EXPECT_EQ(shipped_export("nonsense"), nullptr);
}

}  // namespace
}  // namespace reelmill
