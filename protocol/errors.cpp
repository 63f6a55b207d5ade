// SPDX-License-Identifier: MIT
#include "protocol/errors.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/message.hpp>
#include <caf/to_string.hpp>

namespace offstage {

#define OFFSTAGE_CASE(name, text)                                                                  \
  case enum_type::name:                                                                            \
    return text;

std::string to_string(worker_error x) {
  using enum_type = worker_error;
  switch (x) {
  case worker_error::none:
    return "none";
    OFFSTAGE_WORKER_ERRORS(OFFSTAGE_CASE)
  }
  return "unknown worker error";
}

std::string to_string(storage_error x) {
  using enum_type = storage_error;
  switch (x) {
  case storage_error::none:
    return "none";
    OFFSTAGE_STORAGE_ERRORS(OFFSTAGE_CASE)
  }
  return "unknown storage error";
}

std::string to_string(node_error x) {
  using enum_type = node_error;
  switch (x) {
  case node_error::none:
    return "none";
    OFFSTAGE_NODE_ERRORS(OFFSTAGE_CASE)
  }
  return "unknown node error";
}

#undef OFFSTAGE_CASE

namespace {

template <class Enum>
std::string render(uint8_t code, const caf::message& context) {
  auto text = to_string(static_cast<Enum>(code));
  if (context.match_elements<std::string>())
    text += ": " + context.get_as<std::string>(0);
  return text;
}

template <class Enum>
void register_category(caf::actor_system_config& config, caf::atom_value category) {
  config.add_error_category(category,
                            [](uint8_t code, caf::atom_value, const caf::message& context) {
                              return render<Enum>(code, context);
                            });
}

} // namespace

std::string context_of(const caf::error& error) {
  if (error && error.context().match_elements<std::string>())
    return error.context().get_as<std::string>(0);
  return {};
}

std::string describe(const caf::error& error) {
  if (!error)
    return "none";
  if (error.category() == caf::atom("worker"))
    return render<worker_error>(error.code(), error.context());
  if (error.category() == caf::atom("storage"))
    return render<storage_error>(error.code(), error.context());
  if (error.category() == caf::atom("node"))
    return render<node_error>(error.code(), error.context());
  return caf::to_string(error);
}

void register_errors(caf::actor_system_config& config) {
  register_category<worker_error>(config, caf::atom("worker"));
  register_category<storage_error>(config, caf::atom("storage"));
  register_category<node_error>(config, caf::atom("node"));
}

} // namespace offstage
