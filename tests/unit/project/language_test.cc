// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/language.h"

#include <gtest/gtest.h>

namespace reelmill {
namespace {

TEST(Language, OneLanguageManyTags) {
  EXPECT_TRUE(is_same_language("en", "eng"));
  EXPECT_TRUE(is_same_language("en-GB", "EN"));
  EXPECT_TRUE(is_same_language("ger", "deu"));
  EXPECT_TRUE(is_same_language("ger", "de"));
  EXPECT_TRUE(is_same_language("pt_BR", "por"));
  EXPECT_TRUE(is_same_language("tlh", "tlh"));
  EXPECT_FALSE(is_same_language("en", "es"));
  EXPECT_FALSE(is_same_language("und", "und"));
  EXPECT_FALSE(is_same_language("", ""));
}

TEST(Language, WhatMayBeOne) {
  for (auto const* text : {"en", "spa", "pt-BR", "zh_Hans"}) EXPECT_TRUE(looks_like_language(text)) << text;
  for (auto const* text : {"", "english", "e", "12", "e n"}) EXPECT_FALSE(looks_like_language(text)) << text;
}

}  // namespace
}  // namespace reelmill
