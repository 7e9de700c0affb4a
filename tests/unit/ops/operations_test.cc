// SPDX-License-Identifier: GPL-3.0-or-later
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "ops/reference.h"
#include "project/project.h"

namespace reelmill {
namespace {

// Another value that the parameter may have.
Value other_value(Param const& param, Value const& value) {
  if (!param.choices.empty()) {
    for (auto const choice : param.choices)
      if (Value(std::string(choice)) != value) return std::string(choice);
  }
  if (param.form == Form::offset) return "1.5";
  return std::visit(
      [&]<class T>(T const& held) -> Value {
        if constexpr (std::is_same_v<T, bool>)
          return !held;
        else if constexpr (std::is_same_v<T, std::int64_t>)
          return static_cast<double>(held) < param.range.high ? held + 1 : held - 1;
        else if constexpr (std::is_same_v<T, double>)
          return (param.range.low + held) / 2 == held ? param.range.high : (param.range.low + held) / 2;
        else
          return held + "x";
      },
      value);
}

TEST(Operations, SayEverythingOfThemselves) {
  std::set<std::pair<Track, std::string_view>> names;
  for (auto const* const operation : operations()) {
    SCOPED_TRACE(operation->name);
    EXPECT_TRUE(names.insert({operation->track, operation->name}).second);
    EXPECT_EQ(operation_named(operation->name, operation->track), operation);
    EXPECT_FALSE(operation->summary.empty());
    EXPECT_GE(operation->version, 1);
    ASSERT_NE(operation->defaults, nullptr);
    ASSERT_NE(operation->lower, nullptr);
    std::set<std::string_view> params;
    for (auto const& param : operation->params) {
      SCOPED_TRACE(param.name);
      EXPECT_TRUE(params.insert(param.name).second);
      EXPECT_FALSE(param.help.empty());
      EXPECT_LE(param.range.low, param.range.high);
      auto const value = param.read(operation->defaults());
      if (auto const* const number = std::get_if<double>(&value)) {
        EXPECT_GE(*number, param.range.low);
        EXPECT_LE(*number, param.range.high);
      } else if (auto const* const whole = std::get_if<std::int64_t>(&value)) {
        EXPECT_GE(static_cast<double>(*whole), param.range.low);
        EXPECT_LE(static_cast<double>(*whole), param.range.high);
      } else if (auto const* const text = std::get_if<std::string>(&value); text != nullptr && !param.choices.empty()) {
        EXPECT_NE(std::find(param.choices.begin(), param.choices.end(), *text), param.choices.end());
      }
    }
  }
  EXPECT_EQ(operation_named("nonsense"), nullptr);
}

TEST(Operations, EveryParameterChangesTextAndNodes) {
  for (auto const* const operation : operations()) {
    Step const plain{operation, operation->defaults(), 1};
    for (auto const& param : operation->params) {
      SCOPED_TRACE(std::string(operation->name) + "." + std::string(param.name));
      Step changed{operation, operation->defaults(), 1};
      auto const value = other_value(param, param.read(changed.options));
      param.write(changed.options, value);
      EXPECT_EQ(param.read(changed.options), value);
      EXPECT_NE(changed.text(), plain.text());
      auto const lowered = [&](Step const& step) {
        Lowering lowering;
        operation->lower(step.options, lowering);
        std::ostringstream out;
        out << lowering.motion << lowering.shakiness << ' ' << lowering.accuracy << ' ' << lowering.smoothing << ' '
            << lowering.max_zoom << ' ' << lowering.speed;
        for (auto const& [place, timing] : lowering.timings)
          out << ' ' << place << ": " << timing.from << ' ' << timing.to << ' ' << timing.fade_in << ' ' << timing.fade_out << ' '
              << timing.strength;
        VideoStage stage;
        stage.nodes = lowering.video;
        stage.prefilters = lowering.prefilters;
        AudioStage sound;
        sound.beds = lowering.beds;
        sound.downmix.side = lowering.side;
        out << stage_text(stage) << stage_text(sound);
        if (auto const& mix = lowering.downmix)
          out << " downmix " << mix->center << mix->surround << mix->lfe << mix->normalize << lowering.channels;
        if (auto const& loudness = lowering.loudness)
          out << " loudness " << loudness->mode << loudness->integrated << ' ' << loudness->true_peak << ' ' << loudness->range
              << ' ' << loudness->gain;
        if (auto const& other = lowering.new_sound)
          out << " sound " << other->file << ' ' << other->offset.value_or(-1) << ' ' << static_cast<int>(other->ends);
        if (auto const& wish = lowering.transcribing)
          out << " transcribing " << wish->model << ' ' << wish->language << ' ' << wish->translate << ' ' << wish->prompt;
        for (auto const& filter : lowering.audio)
          for (auto const& [name, text] : filter.options) out << ' ' << filter.filter << ' ' << name << '=' << text;
        return out.str();
      };
      EXPECT_NE(lowered(changed), lowered(plain));
    }
  }
}

TEST(Operations, LowerToWhatTheyMean) {
  Lowering lowering;
  auto options = operation_named("grade")->defaults();
  operation_named("grade")->lower(options, lowering);
  EXPECT_TRUE(lowering.video.empty()) << "neutral values ask for nothing";
  operation_named("grade")->params[0].write(options, 0.05);
  operation_named("grade")->lower(options, lowering);
  ASSERT_EQ(lowering.video.size(), 1u);
  auto const& filter = std::get<FilterNode>(lowering.video[0]);
  EXPECT_EQ(filter.filter, "eq");
  EXPECT_EQ(filter.options.at("brightness"), "0.05");
  EXPECT_EQ(filter.options.at("gamma"), "1");

  operation_named("stabilize")->lower(operation_named("stabilize")->defaults(), lowering);
  EXPECT_TRUE(lowering.motion);
  EXPECT_EQ(lowering.smoothing, 30);
  EXPECT_DOUBLE_EQ(lowering.max_zoom, 0.15);
  EXPECT_EQ(std::get<WarpNode>(lowering.video.at(1)).border, "mirror");

  operation_named("denoise")->lower(operation_named("denoise")->defaults(), lowering);
  EXPECT_EQ(lowering.audio.at(0).filter, "afftdn");
  EXPECT_EQ(lowering.audio.at(0).options, (std::map<std::string, std::string>{{"nr", "12"}, {"nf", "-50"}}));
}

TEST(Reference, IsFresh) {
  auto const root = std::filesystem::path(__FILE__).parent_path().parent_path().parent_path().parent_path();
  std::ifstream file(root / "docs" / "operations.md");
  ASSERT_TRUE(file) << "docs/operations.md is missing, write it with 'reelmill ops --markdown'";
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), operations_markdown()) << "write docs/operations.md again with 'reelmill ops --markdown'";
}

TEST(Reference, JsonHasEveryParameter) {
  for (auto const* const operation : operations()) {
    auto const json = operation_json(*operation);
    EXPECT_EQ(json["parameters"].size(), operation->params.size());
    for (auto const& param : operation->params) EXPECT_NE(operation_text(*operation).find(param.help), std::string::npos);
  }
}

}  // namespace
}  // namespace reelmill
