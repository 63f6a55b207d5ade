// SPDX-License-Identifier: MIT
#include "runtime/bindings/byte_source.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <string>

#include "config/limits.hpp"
#include "protocol/errors.hpp"
#include "protocol/limits_of_wire.hpp"

namespace offstage {

namespace {

class bytes_source : public byte_source {
public:
  explicit bytes_source(shared_bytes bytes) : bytes_(std::move(bytes)) {}

  void pull(uint32_t bytes_max, chunk_receiver receiver) override {
    const auto count = std::min<size_t>({bytes_max, wire::chunk_bytes_max, bytes_.size() - at_});
    body_chunk chunk{bytes_.slice(at_, count), at_ + count == bytes_.size()};
    at_ += count;
    receiver(std::move(chunk));
  }

  void cancel() override { bytes_ = {}; }

  int64_t length() const override { return static_cast<int64_t>(bytes_.size()); }

private:
  shared_bytes bytes_;
  size_t at_ = 0;
};

class failed_source : public byte_source {
public:
  explicit failed_source(caf::error reason) : reason_(std::move(reason)) {}
  void pull(uint32_t, chunk_receiver receiver) override { receiver(reason_); }
  void cancel() override {}

private:
  caf::error reason_;
};

/// What both branches of a tee share.
class tee_state : public std::enable_shared_from_this<tee_state> {
public:
  explicit tee_state(byte_source_ptr source) : source_(std::move(source)) {}

  void pull(size_t branch, uint32_t bytes_max, chunk_receiver receiver) {
    auto& mine = branches_[branch];
    mine.bytes_max = bytes_max;
    mine.receiver = std::move(receiver);
    if (!serve(mine))
      fetch(bytes_max);
  }

  void cancel(size_t branch) {
    branches_[branch] = {};
    branches_[branch].open = false;
    if (!branches_[1 - branch].open)
      source_->cancel();
  }

  int64_t length() const { return source_->length(); }

private:
  struct branch_state {
    std::deque<shared_bytes> waiting;
    size_t waiting_bytes = 0;
    uint32_t bytes_max = 0;
    chunk_receiver receiver;
    bool open = true;
  };

  bool serve(branch_state& branch) {
    if (!branch.receiver)
      return true;
    if (branch.waiting.empty() && !ended_)
      return false;
    chunk_result answer{body_chunk{}};
    if (branch.waiting.empty() && error_)
      answer = error_;
    else
      answer = take(branch);
    std::exchange(branch.receiver, nullptr)(std::move(answer));
    return true;
  }

  body_chunk take(branch_state& branch) {
    body_chunk chunk;
    if (!branch.waiting.empty()) {
      auto& front = branch.waiting.front();
      const auto count = std::min<size_t>(front.size(), branch.bytes_max);
      chunk.bytes = front.slice(0, count);
      front = front.slice(count, front.size());
      branch.waiting_bytes -= count;
      if (front.empty())
        branch.waiting.pop_front();
    }
    chunk.last = branch.waiting.empty() && ended_ && !error_;
    return chunk;
  }

  void fetch(uint32_t bytes_max) {
    if (std::exchange(fetching_, true))
      return;
    source_->pull(bytes_max, [self = shared_from_this()](chunk_result chunk) {
      self->fetching_ = false;
      self->arrived(std::move(chunk));
    });
  }

  void arrived(chunk_result chunk) {
    if (!chunk)
      fail(chunk.error());
    else
      share(*chunk);
    for (auto& branch : branches_)
      if (!serve(branch))
        fetch(branch.bytes_max);
  }

  void share(const body_chunk& chunk) {
    ended_ = chunk.last;
    for (auto& branch : branches_) {
      if (!branch.open || chunk.bytes.empty())
        continue;
      branch.waiting.push_back(chunk.bytes);
      branch.waiting_bytes += chunk.bytes.size();
      if (branch.waiting_bytes > limits::tee_bytes_max)
        return fail(fail_too_far());
    }
  }

  static caf::error fail_too_far() {
    return offstage::fail(node_error::limit_exceeded, "a clone of the body was not read in time");
  }

  void fail(caf::error reason) {
    ended_ = true;
    error_ = std::move(reason);
    for (auto& branch : branches_)
      branch.waiting.clear();
  }

  byte_source_ptr source_;
  std::array<branch_state, 2> branches_;
  caf::error error_;
  bool ended_ = false;
  bool fetching_ = false;
};

class tee_branch : public byte_source {
public:
  tee_branch(std::shared_ptr<tee_state> state, size_t index)
      : state_(std::move(state)), index_(index) {}
  ~tee_branch() override { tee_branch::cancel(); }

  void pull(uint32_t bytes_max, chunk_receiver receiver) override {
    state_->pull(index_, bytes_max, std::move(receiver));
  }
  void cancel() override {
    if (!std::exchange(cancelled_, true))
      state_->cancel(index_);
  }
  int64_t length() const override { return state_->length(); }

private:
  std::shared_ptr<tee_state> state_;
  size_t index_;
  bool cancelled_ = false;
};

class whole_reader : public std::enable_shared_from_this<whole_reader> {
public:
  whole_reader(byte_source_ptr source, bytes_receiver receiver)
      : source_(std::move(source)), receiver_(std::move(receiver)) {}

  // Answers may come at once: a loop, not a recursion, takes them.
  void run() {
    while (!over_) {
      waiting_ = true;
      in_pull_ = true;
      source_->pull(wire::chunk_bytes_max,
                    [self = shared_from_this()](chunk_result chunk) { self->take(chunk); });
      in_pull_ = false;
      if (waiting_)
        return;
    }
  }

private:
  void take(const chunk_result& chunk) {
    waiting_ = false;
    if (!chunk)
      return finish(chunk.error());
    bytes_ += chunk->bytes.view();
    if (bytes_.size() > wire::bytes_max)
      return finish(fail(node_error::limit_exceeded, "the body is too long to be read at once"));
    if (chunk->last)
      return finish(std::move(bytes_));
    if (!in_pull_)
      run();
  }

  void finish(caf::expected<std::string> result) {
    over_ = true;
    if (!result)
      source_->cancel();
    std::exchange(receiver_, nullptr)(std::move(result));
  }

  byte_source_ptr source_;
  bytes_receiver receiver_;
  std::string bytes_;
  bool waiting_ = false;
  bool in_pull_ = false;
  bool over_ = false;
};

} // namespace

byte_source_ptr make_bytes_source(shared_bytes bytes) {
  return std::make_shared<bytes_source>(std::move(bytes));
}

byte_source_ptr make_failed_source(caf::error reason) {
  return std::make_shared<failed_source>(std::move(reason));
}

std::pair<byte_source_ptr, byte_source_ptr> tee(byte_source_ptr source) {
  auto state = std::make_shared<tee_state>(std::move(source));
  return {std::make_shared<tee_branch>(state, 0), std::make_shared<tee_branch>(state, 1)};
}

void read_all(byte_source_ptr source, bytes_receiver receiver) {
  std::make_shared<whole_reader>(std::move(source), std::move(receiver))->run();
}

} // namespace offstage
