// SPDX-License-Identifier: MIT
#include "runtime/lowering/emitter.hpp"

namespace offstage::lowering {

void emitter::loop_body(node* body) {
  sub_statement(body);
}

// `for (let i ...)` with closures over i: the cell is copied before each update, so that every
// iteration has its own.
void emitter::for_(const loop_statement& loop, const std::string& labels) {
  put(labels + "for(");
  in_for_head_ = true;
  if (is(loop.initializer, node_kind::variable_declaration))
    variables(as<variable_declaration>(*loop.initializer), true);
  else if (loop.initializer)
    expression(loop.initializer, binds::sequence);
  in_for_head_ = false;
  put(";");
  if (loop.test)
    expression(loop.test, binds::sequence);
  put(";");
  bool first = true;
  for (const binding* b : loop.inner->bindings) {
    if (!b->cell)
      continue;
    declare_variable(*b);
    put((first ? "" : ",") + b->emitted + "={v:" + b->emitted + ".v}");
    first = false;
  }
  if (loop.update) {
    put(first ? "" : ",");
    expression(loop.update, binds::assignment);
  }
  put(")");
  loop_body(loop.body);
}

void emitter::while_(const loop_statement& loop, const std::string& labels) {
  put(labels + "while(");
  expression(loop.test, binds::sequence);
  put(")");
  loop_body(loop.body);
}

void emitter::do_while(const loop_statement& loop, const std::string& labels) {
  put(labels + "do ");
  loop_body(loop.body);
  put("while(");
  out_.at(loop.test->begin);
  expression(loop.test, binds::sequence);
  put(");");
}

void emitter::new_cells(const scope& where) {
  for (const binding* b : where.bindings)
    if (b->cell) {
      declare_variable(*b);
      put(b->emitted + "={v:void 0};");
    }
}

void emitter::assign_iteration_value(const iteration_statement& loop, const std::string& value) {
  const bool declares = loop.target->kind == node_kind::variable_declaration;
  const node* target =
      declares ? as<variable_declaration>(*loop.target).declarators[0].target : loop.target;
  if (declares) {
    new_cells(*loop.inner);
    declare_targets(target);
  }
  store(target, value, nullptr, declares ? pattern_use::declare : pattern_use::assign);
  put(";");
}

void emitter::for_in(const iteration_statement& loop, const std::string& labels) {
  const std::string key = temporary();
  put(labels + "for(" + key + " in ");
  expression(loop.subject, binds::sequence);
  put("){");
  assign_iteration_value(loop, key);
  statement(loop.body);
  put("}");
}

void emitter::for_of(const iteration_statement& loop, const std::string& labels) {
  const std::string iterator = temporary();
  const std::string error = scopes_.made_up_name("error");
  const std::string await = frame_->is_generator ? "__os_await_in_generator(" : "__os_await(";
  put(iterator + (loop.is_await ? "=__os_of_async(" : "=__os_of("));
  expression(loop.subject, binds::assignment);
  put(");try{" + labels + "while(" + iterator);
  put(loop.is_await ? ".take(" + await + iterator + ".next()))" : ".next()");
  put("){");
  assign_iteration_value(loop, iterator + ".value");
  statement(loop.body);
  put("}}catch(" + error + "){");
  if (frame_->is_generator)
    put("if(" + error + "===__os_return_signal)throw " + error + ";");
  if (!loop.is_await) {
    put("throw " + iterator + ".fail(" + error + ")}finally{if(!" + iterator + ".done)" + iterator
        + ".close()}");
    return;
  }
  const std::string ignored = scopes_.made_up_name("error");
  put("if(!" + iterator + ".done)try{if(" + iterator + ".closing())" + await + iterator
      + ".close())}catch(" + ignored + "){");
  if (frame_->is_generator)
    put("if(" + ignored + "===__os_return_signal)throw " + ignored);
  put("}throw " + error + "}finally{if(!" + iterator + ".done&&" + iterator + ".closing())"
      + iterator + ".check(" + await + iterator + ".close()))}");
}

} // namespace offstage::lowering
