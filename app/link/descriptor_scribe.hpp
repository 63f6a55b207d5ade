// SPDX-License-Identifier: MIT
#pragma once

// A BASP connection over a connected socket of the local domain that carries descriptors beside its
// bytes. Lives in the multiplexer's thread; owned by the BASP broker. When the connection ends, for
// whatever reason, it closes the link's descriptor table and calls link_events::closed once.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/rw_state.hpp>
#include <caf/io/network/stream_impl.hpp>
#include <caf/io/scribe.hpp>

#include "app/link/descriptor_table.hpp"

namespace offstage {

/// Called in the multiplexer's thread; must not block.
struct link_events {
  /// The connection is gone.
  std::function<void()> closed;
  /// The peer does not read: more than link_queue_bytes_max wait for it. What waited is dropped;
  /// the receiver of this event has to end the peer.
  std::function<void()> overflowed;
};

/// How bytes and descriptors get through the socket. A message is read in two pieces, its header
/// and the rest, and several may wait: one call to the kernel fetches what is there.
class descriptor_policy {
public:
  explicit descriptor_policy(std::shared_ptr<descriptor_table> table);

  caf::io::network::rw_state read_some(size_t& result, int fd, void* buffer, size_t size);
  caf::io::network::rw_state write_some(size_t& result, int fd, const void* buffer, size_t size);
  bool try_accept(int&, int) { return false; }
  /// The multiplexer does not see what was read ahead.
  bool must_read_more(int, size_t) const { return taken_ < filled_; }

private:
  struct received {
    size_t count = 0;
    bool failed = false;
    bool with_descriptors = false;
  };

  received receive(int fd, void* buffer, size_t size);

  std::shared_ptr<descriptor_table> table_;
  std::vector<char> ahead_; ///< From taken_ to filled_: read, but not asked for yet.
  size_t taken_ = 0;
  size_t filled_ = 0;
  bool is_drained_ = false; ///< The socket had no more when it was read last.
};

class descriptor_scribe : public caf::io::scribe {
public:
  using multiplexer = caf::io::network::default_multiplexer;

  /// Takes the socket over.
  descriptor_scribe(multiplexer& backend, int fd, std::shared_ptr<descriptor_table> table,
                    link_events events);
  ~descriptor_scribe() override;

  void configure_read(caf::io::receive_policy::config config) override;
  void ack_writes(bool enable) override;
  std::vector<char>& wr_buf() override;
  std::vector<char>& rd_buf() override;
  void graceful_shutdown() override;
  void flush() override;
  std::string addr() const override;
  uint16_t port() const override;
  void add_to_loop() override;
  void remove_from_loop() override;

protected:
  caf::message detach_message() override;

  multiplexer& backend() { return stream_.backend(); }

private:
  void closed();

  std::shared_ptr<descriptor_table> table_;
  link_events events_;
  caf::io::network::stream_impl<descriptor_policy> stream_;
  bool started_ = false;
  bool closed_ = false;
  bool overflowed_ = false;
};

} // namespace offstage
