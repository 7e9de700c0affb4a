// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/variants.h"

#include <gtest/gtest.h>

#include "project/exports.h"
#include "project/schema.h"

namespace reelmill {
namespace {

Project project_of(std::string_view exports) {
  return read_project("reelmill: 1\nexports: " + std::string(exports), "/films/reelmill.yaml").value();
}

TEST(Draft, IsHalfTheSizeQuicklyMadeAndNotDelivered) {
  auto const draft = draft_of(project_of("[youtube, {own: {resolution: 34x66, fps: 50, fit: crop, crf: 12}}]")).value();
  EXPECT_EQ(draft.exports.at(0).width, 960);
  EXPECT_EQ(draft.exports.at(0).height, 540);
  EXPECT_EQ(draft.exports.at(0).preset, "ultrafast");
  EXPECT_EQ(draft.exports.at(0).name, "youtube");
  EXPECT_EQ(draft.exports.at(1).width, 32) << "not below the least";
  EXPECT_EQ(draft.exports.at(1).height, 32);
  EXPECT_EQ(draft.exports.at(1).rate, Rational(50)) << "the times of its frames stay";
  EXPECT_EQ(draft.exports.at(1).fit, "crop");
  EXPECT_TRUE(draft.deliver.empty());
  EXPECT_EQ(output_of(draft, "a", draft.exports.at(0)).value(), "02_output/draft/a_youtube_draft.mp4");
}

TEST(Preview, LiesUnderANameOfItsOwn) {
  auto const project = project_of("[youtube]");
  auto const preview = preview_of(project, {Rational(65, 2), std::nullopt}, false);
  EXPECT_EQ(output_of(preview, "a", preview.exports.at(0)).value(), "02_output/preview/a_youtube_preview_32.5s-end.mp4");
  EXPECT_TRUE(preview.deliver.empty());
  auto const draft = preview_of(draft_of(project).value(), {Rational(0), Rational(3661)}, true);
  EXPECT_EQ(output_of(draft, "a", draft.exports.at(0)).value(), "02_output/preview/a_youtube_draft_preview_00s-1h01m01s.mp4");
}

TEST(Times, AreReadAsPeopleWriteThem) {
  auto const seconds = [](std::string_view text) { return parse_time(text, "--from").value(); };
  EXPECT_EQ(seconds("90"), Rational(90));
  EXPECT_EQ(seconds("90.25 s"), Rational(361, 4));
  EXPECT_EQ(seconds("1:30.5"), Rational(181, 2));
  EXPECT_EQ(seconds("1:02:03"), Rational(3723));
  for (auto const* const wrong : {"", "x", "-1", "1:", ":1", "1:60", "1.5:00", "1:2:3:4", "1e3", "1.", "999999999", "500000"})
    EXPECT_FALSE(parse_time(wrong, "--from")) << wrong;
}

TEST(Schema, KnowsTheKeysThatTheReaderKnows) {
  std::vector<std::string_view> described;
  for (auto const& key : export_keys()) described.push_back(key.name);
  EXPECT_EQ(described, export_key_names());
  auto const schema = project_schema();
  // The reader lists its keys where nothing is near.
  auto const unknown = read_project("reelmill: 1\nexports: [youtube]\nqqqqqqqqqqqq: 1", "/films/reelmill.yaml");
  ASSERT_FALSE(unknown);
  std::string keys;
  for (auto const& [name, value] : schema["properties"].items()) keys += (keys.empty() ? "" : ", ") + name;
  EXPECT_NE(unknown.error().what.find("there are " + keys), std::string::npos) << unknown.error().what << "\n" << keys;
}

}  // namespace
}  // namespace reelmill
