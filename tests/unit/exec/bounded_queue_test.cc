// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/bounded_queue.h"

#include <atomic>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "av/handles.h"

namespace reelmill {
namespace {

using namespace std::chrono_literals;

av::Frame numbered(std::int64_t number) {
  auto frame = av::make_frame();
  frame->pts = number;
  return frame;
}

// Waits until the value has stood still for a while.
int settled(std::atomic<int> const& value) {
  int last = -1;
  for (int i = 0; i < 200 && last != value; ++i) {
    last = value;
    std::this_thread::sleep_for(60ms);
  }
  return last;
}

TEST(BoundedQueue, GivesEverythingInOrderAndThenTheEnd) {
  BoundedQueue<av::Frame> queue(3);
  std::thread writer([&] {
    for (int i = 0; i < 500; ++i) EXPECT_TRUE(queue.push(numbered(i)));
    queue.end();
  });
  for (int i = 0; i < 500; ++i) {
    auto const frame = queue.pop();
    ASSERT_NE(frame, nullptr);
    EXPECT_EQ(frame->pts, i);
  }
  EXPECT_EQ(queue.pop(), nullptr);
  EXPECT_EQ(queue.pop(), nullptr);
  writer.join();
}

TEST(BoundedQueue, IsBounded) {
  BoundedQueue<av::Frame> queue(4);
  std::atomic<int> pushed = 0;
  std::thread writer([&] {
    for (int i = 0; i < 10; ++i) {
      EXPECT_TRUE(queue.push(numbered(i)));
      ++pushed;
    }
    queue.end();
  });
  EXPECT_EQ(settled(pushed), 4);
  EXPECT_NE(queue.pop(), nullptr);
  EXPECT_EQ(settled(pushed), 5);
  while (queue.pop()) {
  }
  writer.join();
  EXPECT_EQ(pushed, 10);
}

TEST(BoundedQueue, IsBoundedByWeightButHoldsOneThingOfAny) {
  BoundedQueue<int> queue(10);
  EXPECT_TRUE(queue.push(1, 25));
  std::atomic<int> pushed = 0;
  std::thread writer([&] {
    for (int i = 2; i < 6; ++i) {
      EXPECT_TRUE(queue.push(i, 4));
      ++pushed;
    }
    queue.end();
  });
  EXPECT_EQ(settled(pushed), 0);
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(settled(pushed), 2);
  for (int i = 2; i < 6; ++i) EXPECT_EQ(queue.pop(), i);
  EXPECT_EQ(queue.pop(), 0);
  writer.join();
}

TEST(BoundedQueue, AReaderThatGivesUpFreesTheWriter) {
  BoundedQueue<av::Frame> queue(1);
  std::atomic<bool> refused = false;
  std::thread writer([&] {
    while (queue.push(numbered(0))) {
    }
    refused = true;
  });
  std::this_thread::sleep_for(20ms);
  EXPECT_FALSE(refused);
  queue.give_up();
  writer.join();
  EXPECT_TRUE(refused);
  EXPECT_FALSE(queue.push(numbered(1)));
}

TEST(BoundedQueue, TheEndWakesAWaitingReader) {
  BoundedQueue<av::Frame> queue(1);
  std::thread ender([&] {
    std::this_thread::sleep_for(20ms);
    queue.end();
  });
  EXPECT_EQ(queue.pop(), nullptr);
  ender.join();
}

}  // namespace
}  // namespace reelmill
