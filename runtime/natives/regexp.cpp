// SPDX-License-Identifier: MIT
// Regular expressions: on PCRE2, or on the backtracking matcher where PCRE2 would give another
// result. A RegExp is an instance of Duktape's class (so that its class name
// is right) with two hidden properties: the pointer of a compiled_regexp and the holder that owns
// it. Holders are shared by equal expressions and free the code in their finalizer. A literal that
// Duktape compiled itself is adopted when it is first used.
#define PCRE2_CODE_UNIT_WIDTH 16
#include <array>
#include <cmath>
#include <cstring>
#include <memory>

#include "runtime/engine.hpp"
#include "runtime/engine_text.hpp"
#include "runtime/natives/backtracker.hpp"
#include "runtime/natives/native_state.hpp"
#include "runtime/natives/natives.hpp"
#include "runtime/natives/regexp_pattern.hpp"

#include <pcre2.h>

#define OFFSTAGE_REGEXP DUK_HIDDEN_SYMBOL("regexp")
#define OFFSTAGE_HOLDER DUK_HIDDEN_SYMBOL("holder")
#define OFFSTAGE_CODE DUK_HIDDEN_SYMBOL("code")

namespace offstage {

namespace {

struct compiled_regexp {
  pcre2_code* code; // null: `own` is used
  backtracker_code* own;
  pcre2_match_data* match;
  std::uint32_t group_count;
  bool has_indices;
  bool advances; // g or y: lastIndex counts
  bool sticky;
  bool unicode;
  bool has_names;
};

void* allocate(PCRE2_SIZE bytes, void* udata) {
  return static_cast<engine_heap*>(udata)->allocate(bytes);
}
void release(void* block, void* udata) {
  static_cast<engine_heap*>(udata)->release(block);
}

struct context_deleter {
  void operator()(pcre2_general_context* context) const { pcre2_general_context_free(context); }
  void operator()(pcre2_compile_context* context) const { pcre2_compile_context_free(context); }
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
  void operator()(pcre2_match_data* match) const { pcre2_match_data_free(match); }
};

template <class T>
using pcre_ptr = std::unique_ptr<T, context_deleter>;

std::uint32_t compile_options(const regexp_flags& flags) {
  std::uint32_t options = PCRE2_ALLOW_EMPTY_CLASS | PCRE2_MATCH_UNSET_BACKREF | PCRE2_DOLLAR_ENDONLY
                          | PCRE2_NEVER_BACKSLASH_C;
  if (flags.ignore_case)
    options |= PCRE2_CASELESS;
  if (flags.unicode)
    options |= PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
  return options;
}

js_error invalid(std::u16string_view source, const std::string& why) {
  return js_error::syntax("Invalid regular expression: /" + utf8_from_cesu(cesu_from_utf16(source))
                          + "/: " + why);
}

struct compiled_parts {
  pcre_ptr<pcre2_code> code;
  std::unique_ptr<backtracker_code> own;
  pcre_ptr<pcre2_match_data> match;
};

js_result<compiled_parts> compile_own(std::u16string_view source, const regexp_flags& flags,
                                      const regexp_tree& tree, pcre2_general_context* general) {
  compiled_parts made;
  made.own = generate_backtracker(tree, flags);
  if (!made.own)
    return invalid(source, "pattern is too large");
  made.match.reset(pcre2_match_data_create(tree.group_count + 1, general));
  if (!made.match)
    return js_error::range("out of memory");
  return made;
}

js_result<compiled_parts> compile(engine& js, std::u16string_view source, const regexp_flags& flags,
                                  const regexp_tree& tree) {
  const pcre_ptr<pcre2_general_context> general{
      pcre2_general_context_create(allocate, release, &js.heap())};
  const pcre_ptr<pcre2_compile_context> context{
      general ? pcre2_compile_context_create(general.get()) : nullptr};
  if (!context)
    return js_error::range("out of memory");
  if (tree.needs_backtracker)
    return compile_own(source, flags, tree, general.get());
  const auto pattern = translate_pattern(source, flags);
  if (!pattern.error.empty() || pattern.needs_unicode_case)
    return compile_own(source, flags, tree, general.get());
  pcre2_set_parens_nest_limit(context.get(), regexp_nesting_max);
  int error = 0;
  PCRE2_SIZE offset = 0;
  compiled_parts made;
  made.code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.text.data()),
                                pattern.text.size(), compile_options(flags), &error, &offset,
                                context.get()));
  if (made.code)
    made.match.reset(pcre2_match_data_create_from_pattern(made.code.get(), general.get()));
  if (made.match)
    return made;
  if (made.code || error == PCRE2_ERROR_HEAP_FAILED)
    return js_error::range("out of memory");
  return compile_own(source, flags, tree, general.get());
}

duk_ret_t finalize_holder(duk_context* ctx) {
  duk_get_prop_literal(ctx, 0, OFFSTAGE_CODE);
  auto* compiled = static_cast<compiled_regexp*>(duk_get_buffer(ctx, -1, nullptr));
  if (compiled == nullptr)
    return 0;
  context_deleter{}(compiled->match);
  if (compiled->code != nullptr)
    context_deleter{}(compiled->code);
  std::unique_ptr<backtracker_code>{compiled->own}.reset();
  compiled->own = nullptr;
  compiled->match = nullptr;
  compiled->code = nullptr;
  return 0;
}

// Pushes the holder; its buffer is still empty.
compiled_regexp* push_holder(duk_context* ctx, const regexp_tree& pattern) {
  duk_push_object(ctx);
  auto* compiled =
      static_cast<compiled_regexp*>(duk_push_fixed_buffer(ctx, sizeof(compiled_regexp)));
  duk_put_prop_literal(ctx, -2, OFFSTAGE_CODE);
  duk_push_c_function(ctx, finalize_holder, 2);
  duk_set_finalizer(ctx, -2);
  duk_push_bare_array(ctx);
  duk_uarridx_t at = 0;
  for (const auto& [name, number] : pattern.names) {
    auto* bytes = static_cast<char*>(duk_push_fixed_buffer(ctx, name.size() * 3));
    duk_push_lstring(ctx, bytes, cesu_from_utf16(name, bytes));
    duk_remove(ctx, -2);
    duk_put_prop_index(ctx, -2, at++);
    duk_push_uint(ctx, number);
    duk_put_prop_index(ctx, -2, at++);
  }
  duk_put_prop_literal(ctx, -2, "names");
  return compiled;
}

// regexpCompile(source, flags): a holder.
js_result<int> regexp_compile(duk_context* ctx) {
  duk_size_t source_size = 0;
  duk_size_t flags_size = 0;
  const auto* source_bytes = duk_get_lstring(ctx, 0, &source_size);
  const auto* flags_bytes = duk_get_lstring(ctx, 1, &flags_size);
  if (source_bytes == nullptr || flags_bytes == nullptr)
    return js_error::type("a pattern and its flags are strings");
  const auto source = utf16_from_cesu({source_bytes, source_size});
  const auto flags = parse_regexp_flags(utf16_from_cesu({flags_bytes, flags_size}));
  if (!flags)
    return js_error::syntax("Invalid flags supplied to RegExp constructor '"
                            + utf8_from_cesu({flags_bytes, flags_size}) + "'");
  const auto pattern = parse_regexp(source, *flags);
  if (!pattern.error.empty())
    return invalid(source, pattern.error);
  auto made = compile(engine::of(ctx), source, *flags, pattern);
  if (!made)
    return made.error();
  compiled_regexp* compiled = nullptr;
  if (auto pushed =
          protect(ctx, 1, [&](duk_context* inner) { compiled = push_holder(inner, pattern); });
      !pushed)
    return pushed.error();
  *compiled = {made->code.release(), made->own.release(), made->match.release(),
               pattern.group_count,  flags->has_indices,  flags->global || flags->sticky,
               flags->sticky,        flags->unicode,      !pattern.names.empty()};
  return 1;
}

// regexpInit(regexp, holder): from here on the regexp is ours.
duk_ret_t regexp_init(duk_context* ctx) {
  duk_get_prop_literal(ctx, 1, OFFSTAGE_CODE);
  duk_push_pointer(ctx, duk_require_buffer(ctx, -1, nullptr));
  duk_put_prop_literal(ctx, 0, OFFSTAGE_REGEXP);
  duk_dup(ctx, 1);
  duk_put_prop_literal(ctx, 0, OFFSTAGE_HOLDER);
  duk_dup(ctx, 0);
  return 1;
}

compiled_regexp& require_regexp(duk_context* ctx, duk_idx_t index) {
  if (!duk_is_object(ctx, index))
    static_cast<void>(duk_type_error(ctx, "receiver is not a RegExp"));
  duk_get_prop_literal(ctx, index, OFFSTAGE_REGEXP);
  auto* compiled = static_cast<compiled_regexp*>(duk_get_pointer(ctx, -1));
  duk_pop(ctx);
  if (compiled != nullptr)
    return *compiled;
  push_host(ctx);
  duk_get_prop_literal(ctx, -1, "regexpAdopt");
  duk_dup(ctx, index);
  duk_call(ctx, 1);
  duk_pop_2(ctx);
  duk_get_prop_literal(ctx, index, OFFSTAGE_REGEXP);
  compiled = static_cast<compiled_regexp*>(duk_require_pointer(ctx, -1));
  duk_pop(ctx);
  return *compiled;
}

constexpr duk_size_t small_subject_bytes = 256;

struct subject_text {
  const char16_t* units;
  std::size_t size;
};

// The last long subject stays converted: a loop of exec calls over one text would otherwise be
// quadratic.
subject_text cached_subject(duk_context* ctx, duk_idx_t subject, const char* bytes,
                            duk_size_t size) {
  duk_push_heapptr(ctx, state_of(ctx).regexp_subject);
  duk_get_prop_index(ctx, -1, 0);
  const auto known = duk_get_heapptr(ctx, -1) == duk_get_heapptr(ctx, subject);
  duk_pop(ctx);
  if (!known) {
    auto* units = static_cast<char16_t*>(duk_push_fixed_buffer(ctx, size * sizeof(char16_t)));
    const auto count = utf16_from_cesu({bytes, size}, units);
    duk_put_prop_index(ctx, -2, 1);
    duk_push_number(ctx, static_cast<double>(count));
    duk_put_prop_index(ctx, -2, 2);
    duk_dup(ctx, subject);
    duk_put_prop_index(ctx, -2, 0);
  }
  duk_get_prop_index(ctx, -1, 1);
  duk_get_prop_index(ctx, -2, 2);
  const subject_text text{static_cast<const char16_t*>(duk_get_buffer(ctx, -2, nullptr)),
                          static_cast<std::size_t>(duk_get_number(ctx, -1))};
  duk_pop_3(ctx);
  return text;
}

int run_own(compiled_regexp& regexp, subject_text text, std::size_t from) {
  switch (run_backtracker(*regexp.own, {text.units, text.size}, from, regexp.sticky,
                          pcre2_get_ovector_pointer(regexp.match))) {
  case backtracker_result::matched:
    return 1;
  case backtracker_result::none:
    return PCRE2_ERROR_NOMATCH;
  default:
    return PCRE2_ERROR_MATCHLIMIT;
  }
}

int match_text(duk_context* ctx, compiled_regexp& regexp, subject_text text, std::size_t from) {
  if (from > text.size)
    return PCRE2_ERROR_NOMATCH;
  if (regexp.own != nullptr)
    return run_own(regexp, text, from);
  const auto options = regexp.sticky ? PCRE2_ANCHORED : 0u;
  auto* limits = static_cast<pcre2_match_context*>(state_of(ctx).regexp_limits);
  return pcre2_match(regexp.code, reinterpret_cast<PCRE2_SPTR>(text.units), text.size, from,
                     options, regexp.match, limits);
}

// False: no match. The string is at `subject`.
bool match_at(duk_context* ctx, compiled_regexp& regexp, duk_idx_t subject, std::size_t from) {
  duk_size_t size = 0;
  const auto* bytes = duk_get_lstring(ctx, subject, &size);
  int result = 0;
  if (size <= small_subject_bytes) {
    std::array<char16_t, small_subject_bytes> units;
    result =
        match_text(ctx, regexp, {units.data(), utf16_from_cesu({bytes, size}, units.data())}, from);
  } else {
    result = match_text(ctx, regexp, cached_subject(ctx, subject, bytes, size), from);
  }
  if (result == PCRE2_ERROR_NOMATCH)
    return false;
  if (result == PCRE2_ERROR_NOMEMORY)
    static_cast<void>(duk_range_error(ctx, "out of memory"));
  if (result < 0)
    static_cast<void>(duk_range_error(ctx, "regular expression takes too long on this input"));
  return true;
}

void set_last_index(duk_context* ctx, duk_idx_t regexp, double value) {
  duk_push_number(ctx, value);
  duk_put_prop_literal(ctx, regexp, "lastIndex");
}

// ECMAScript: tolength, of lastIndex; the maximum when it is beyond every string.
double to_last_index(duk_context* ctx, duk_idx_t regexp) {
  duk_get_prop_literal(ctx, regexp, "lastIndex");
  const auto number = duk_to_number(ctx, -1);
  duk_pop(ctx);
  return number > 0 ? std::floor(number) : 0;
}

// Matches from where the flags say and moves lastIndex. Stack: the regexp at `object`, the string
// at `subject`.
bool run_match(duk_context* ctx, duk_idx_t object, duk_idx_t subject) {
  auto& regexp = require_regexp(ctx, object);
  const auto last = to_last_index(ctx, object);
  const auto from = regexp.advances ? last : 0;
  const auto inside = from <= static_cast<double>(duk_get_length(ctx, subject));
  if (!inside || !match_at(ctx, regexp, subject, static_cast<std::size_t>(from))) {
    if (regexp.advances)
      set_last_index(ctx, object, 0);
    return false;
  }
  if (regexp.advances)
    set_last_index(ctx, object, static_cast<double>(pcre2_get_ovector_pointer(regexp.match)[1]));
  return true;
}

void push_span(duk_context* ctx, duk_idx_t subject, const PCRE2_SIZE* span) {
  if (span[0] == PCRE2_UNSET)
    return duk_push_undefined(ctx);
  duk_dup(ctx, subject);
  duk_substring(ctx, -1, span[0], span[1]);
}

void push_indices(duk_context* ctx, const PCRE2_SIZE* span) {
  if (span[0] == PCRE2_UNSET)
    return duk_push_undefined(ctx);
  duk_push_array(ctx);
  duk_push_number(ctx, static_cast<double>(span[0]));
  duk_put_prop_index(ctx, -2, 0);
  duk_push_number(ctx, static_cast<double>(span[1]));
  duk_put_prop_index(ctx, -2, 1);
}

// Stack: [.. array of groups]; adds its `groups`.
void put_groups(duk_context* ctx, duk_idx_t regexp, bool has_names) {
  if (!has_names) {
    duk_push_undefined(ctx);
    duk_put_prop_literal(ctx, -2, "groups");
    return;
  }
  duk_push_bare_object(ctx);
  duk_get_prop_literal(ctx, regexp, OFFSTAGE_HOLDER);
  duk_get_prop_literal(ctx, -1, "names");
  duk_remove(ctx, -2);
  const auto count = static_cast<duk_uarridx_t>(duk_get_length(ctx, -1));
  for (duk_uarridx_t i = 0; i < count; i += 2) {
    duk_get_prop_index(ctx, -1, i);
    duk_get_prop_index(ctx, -2, i + 1);
    duk_get_prop_index(ctx, -5, duk_get_uint(ctx, -1));
    duk_remove(ctx, -2);
    duk_put_prop(ctx, -4);
  }
  duk_pop(ctx);
  duk_put_prop_literal(ctx, -2, "groups");
}

void push_match(duk_context* ctx, duk_idx_t object, duk_idx_t subject) {
  const auto& regexp = require_regexp(ctx, object);
  const auto* spans = pcre2_get_ovector_pointer(regexp.match);
  duk_push_array(ctx);
  for (duk_uarridx_t i = 0; i <= regexp.group_count; ++i) {
    push_span(ctx, subject, spans + 2 * i);
    duk_put_prop_index(ctx, -2, i);
  }
  duk_push_number(ctx, static_cast<double>(spans[0]));
  duk_put_prop_literal(ctx, -2, "index");
  duk_dup(ctx, subject);
  duk_put_prop_literal(ctx, -2, "input");
  put_groups(ctx, object, regexp.has_names);
  if (!regexp.has_indices)
    return;
  duk_push_array(ctx);
  for (duk_uarridx_t i = 0; i <= regexp.group_count; ++i) {
    push_indices(ctx, spans + 2 * i);
    duk_put_prop_index(ctx, -2, i);
  }
  put_groups(ctx, object, regexp.has_names);
  duk_put_prop_literal(ctx, -2, "indices");
}

// ECMAScript: regexpbuiltinexec
duk_ret_t regexp_exec(duk_context* ctx) {
  duk_push_this(ctx);
  require_regexp(ctx, 1);
  duk_to_string(ctx, 0);
  if (run_match(ctx, 1, 0))
    push_match(ctx, 1, 0);
  else
    duk_push_null(ctx);
  return 1;
}

// ECMAScript: regexp.prototype.test
duk_ret_t regexp_test(duk_context* ctx) {
  duk_push_this(ctx);
  if (!duk_is_object(ctx, 1))
    return duk_type_error(ctx, "receiver is not a RegExp");
  duk_to_string(ctx, 0);
  duk_get_prop_literal(ctx, 1, "exec");
  if (duk_get_c_function(ctx, 2) == regexp_exec) {
    duk_push_boolean(ctx, run_match(ctx, 1, 0));
    return 1;
  }
  duk_dup(ctx, 1);
  duk_dup(ctx, 0);
  duk_call_method(ctx, 1);
  if (!duk_is_object(ctx, -1) && !duk_is_null(ctx, -1))
    return duk_type_error(ctx, "exec must give an object or null");
  duk_push_boolean(ctx, !duk_is_null(ctx, -1));
  return 1;
}

constexpr native_entry methods[] = {
    {"exec", regexp_exec, 1, 1},
    {"test", regexp_test, 1, 1},
};

constexpr native_entry host_functions[] = {
    {"regexpCompile", native<regexp_compile>, 2, 2},
    {"regexpInit", regexp_init, 2, 2},
};

} // namespace

void install_regexp(duk_context* ctx) {
  auto& state = state_of(ctx);
  duk_push_bare_array(ctx);
  state.regexp_subject = keep_in_stash(ctx, "regexp subject");
  push_host(ctx);
  define_natives(ctx, -1, host_functions);
  duk_get_global_literal(ctx, "RegExp");
  duk_get_prop_literal(ctx, -1, "prototype");
  define_natives(ctx, -1, methods);
  duk_pop_3(ctx);
}

void* create_regexp_limits() {
  auto* limits = pcre2_match_context_create(nullptr);
  if (limits == nullptr)
    return nullptr;
  pcre2_set_match_limit(limits, regexp_match_steps_max);
  pcre2_set_heap_limit(limits, regexp_heap_kib_max);
  return limits;
}

void destroy_regexp_limits(void* limits) {
  pcre2_match_context_free(static_cast<pcre2_match_context*>(limits));
}

} // namespace offstage
