// SPDX-License-Identifier: MIT
#include "app/terminal.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace offstage {

namespace {

std::string place(const lifecycle_note& note) {
  return note.pid == 0 ? std::string{} : " in process " + std::to_string(note.pid);
}

std::string position(std::string_view file, uint32_t line) {
  if (file.empty())
    return {};
  return " " + std::string{file} + (line == 0 ? "" : ":" + std::to_string(line));
}

log_level level_of(const lifecycle_note& note) {
  switch (note.kind) {
  case note_kind::died:
  case note_kind::uncaught:
  case note_kind::update_failed:
    return log_level::warn;
  case note_kind::console:
    return note.message.level == console_level::error   ? log_level::error
           : note.message.level == console_level::warn  ? log_level::warn
           : note.message.level == console_level::debug ? log_level::debug
                                                        : log_level::info;
  default:
    return log_level::info;
  }
}

} // namespace

std::string to_line(const lifecycle_note& note) {
  const auto& worker = note.worker.script_url;
  const auto detail = note.text.empty() ? std::string{} : ": " + note.text;
  switch (note.kind) {
  case note_kind::registered:
    return "registered " + note.registration.scope + detail;
  case note_kind::state_changed:
    return "worker " + worker + " is " + to_string(note.worker.state) + detail;
  case note_kind::started:
    return "worker " + worker + " runs" + place(note);
  case note_kind::stopped:
    return "worker " + worker + " stopped" + place(note) + detail;
  case note_kind::died:
    return "worker " + worker + " died" + place(note) + detail;
  case note_kind::unregistered:
    return "unregistered " + note.registration.scope + detail;
  case note_kind::console:
    return "console" + position(note.message.file, note.message.line) + " " + note.message.text;
  case note_kind::uncaught:
    return "uncaught " + to_string(note.error);
  case note_kind::update_failed:
    return "registration of " + note.registration.scope + " failed" + detail;
  }
  return detail;
}

observer_actor spawn_terminal(caf::actor_system& sys, line_writer to) {
  return sys.spawn([to = std::move(to)](observer_actor::pointer) -> observer_actor::behavior_type {
    return {[to](note_atom, const lifecycle_note& note) { to(level_of(note), to_line(note)); }};
  });
}

} // namespace offstage
