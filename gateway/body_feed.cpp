// SPDX-License-Identifier: MIT
#include "gateway/body_feed.hpp"

#include <algorithm>

#include <boost/asio/post.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>

#include "gateway/io_actor.hpp"
#include "protocol/errors.hpp"

namespace offstage {

namespace {

class feed_source : public io_actor {
public:
  feed_source(caf::actor_config& config, std::shared_ptr<io_loop> loop,
              std::shared_ptr<body_feed> feed)
      : io_actor(config, std::move(loop)), feed_(std::move(feed)) {}

  // Whoever drops the last reference ends the actor, on whatever thread that is.
  void on_exit() override {
    auto feed = std::exchange(feed_, nullptr);
    if (!feed)
      return;
    if (loop().is_current())
      feed->source_ended();
    else if (!loop().is_stopped())
      boost::asio::post(loop().context(), [feed] { feed->source_ended(); });
  }

protected:
  caf::behavior make_behavior() override {
    return {[this](pull_atom, uint32_t bytes_max) { return pull(bytes_max); },
            [this](cancel_atom) { quit(); }};
  }

private:
  body_feed::promise pull(uint32_t bytes_max) {
    auto answer = make_response_promise<body_chunk>();
    if (feed_->pull(bytes_max, answer))
      quit();
    return answer;
  }

  std::shared_ptr<body_feed> feed_;
};

} // namespace

void body_feed::append(std::string_view bytes) {
  buffer_.append(bytes);
  serve();
}

void body_feed::finish() {
  finished_ = true;
  serve();
}

void body_feed::fail(caf::error reason) {
  if (failure_ || (finished_ && buffer_.empty()))
    return;
  failure_ = std::move(reason);
  buffer_.clear();
  serve();
}

std::string body_feed::take_all() {
  return std::move(buffer_);
}

body_source_actor body_feed::source(caf::actor_system& system, std::shared_ptr<io_loop> loop) {
  const auto handle = system.spawn<feed_source, caf::hidden>(std::move(loop), shared_from_this());
  end_source_ = [weak = caf::actor_cast<caf::weak_actor_ptr>(handle)] {
    if (const auto alive = weak.lock())
      static_cast<feed_source*>(caf::actor_cast<caf::abstract_actor*>(alive))->stop({});
  };
  return caf::actor_cast<body_source_actor>(handle);
}

bool body_feed::pull(uint32_t bytes_max, promise answer) {
  last_pull_ = io_loop::clock::now();
  if (waiting_) {
    answer.deliver(offstage::fail(storage_error::refused, "one pull at a time"));
    return false;
  }
  in_pull_ = true;
  waiting_ = waiting{std::max<uint32_t>(bytes_max, 1), std::move(answer)};
  answer_if_possible();
  if (hooks_.pulled)
    hooks_.pulled();
  in_pull_ = false;
  return end_given_;
}

void body_feed::source_ended() {
  waiting_.reset();
  end_source_ = {};
  if (!end_given_ && hooks_.cancelled)
    hooks_.cancelled();
}

body_chunk body_feed::take(uint32_t bytes_max) {
  std::string bytes;
  if (buffer_.size() <= bytes_max) {
    bytes.swap(buffer_);
  } else {
    bytes.assign(buffer_, 0, bytes_max);
    buffer_.erase(0, bytes_max);
  }
  handed_out_ += bytes.size();
  return {shared_bytes{std::move(bytes)}, finished_ && buffer_.empty()};
}

void body_feed::answer_if_possible() {
  if (!waiting_ || (buffer_.empty() && !finished_ && !failure_))
    return;
  auto answer = std::move(waiting_->answer);
  const auto bytes_max = std::min<size_t>(waiting_->bytes_max, wire::chunk_bytes_max);
  waiting_.reset();
  if (failure_) {
    end_given_ = true;
    answer.deliver(failure_);
    return;
  }
  auto chunk = take(static_cast<uint32_t>(bytes_max));
  end_given_ = chunk.last;
  answer.deliver(std::move(chunk));
}

void body_feed::serve() {
  answer_if_possible();
  if (end_given_ && !in_pull_ && end_source_)
    std::exchange(end_source_, nullptr)();
}

} // namespace offstage
