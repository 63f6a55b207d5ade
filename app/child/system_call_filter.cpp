// SPDX-License-Identifier: MIT
#include "app/child/system_call_filter.hpp"

#include <cerrno>
#include <memory>

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace offstage {

namespace {

using filter_ptr = std::unique_ptr<void, decltype(&::seccomp_release)>;

/// Memory, threads, time, randomness, and what is done with descriptors that are already there.
/// None takes a path, an address or a process.
constexpr int plain_calls[] = {
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(memfd_create),
    SCMP_SYS(ftruncate),
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(get_robust_list),
    SCMP_SYS(set_tid_address),
    SCMP_SYS(rseq),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(gettid),
    SCMP_SYS(getpid),
    SCMP_SYS(getppid),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getrusage),
    SCMP_SYS(getrandom),
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(readv),
    SCMP_SYS(writev),
    SCMP_SYS(close),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(pipe),
    SCMP_SYS(pipe2),
    SCMP_SYS(eventfd2),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(epoll_create),
    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait),
    SCMP_SYS(sendmsg),
    SCMP_SYS(recvmsg),
    SCMP_SYS(shutdown),
};

constexpr int descriptor_commands[] = {
    F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_ADD_SEALS, F_GET_SEALS, F_DUPFD_CLOEXEC,
};

bool allow(filter_ptr& filter, int call) {
  return ::seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0) == 0;
}

bool allow_if(filter_ptr& filter, int call, const scmp_arg_cmp& condition) {
  return ::seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, call, 1, &condition) == 0;
}

scmp_arg_cmp equals(unsigned argument, uint64_t value) {
  return {argument, SCMP_CMP_EQ, value, 0};
}

scmp_arg_cmp has_bits(unsigned argument, uint64_t mask, uint64_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}

bool allow_plain_calls(filter_ptr& filter) {
  for (auto call : plain_calls)
    if (!allow(filter, call))
      return false;
  for (auto command : descriptor_commands)
    if (!allow_if(filter, SCMP_SYS(fcntl), equals(1, static_cast<uint64_t>(command))))
      return false;
  return true;
}

// clone3() passes its flags in memory, where no filter sees them; with ENOSYS the C library falls
// back to clone().
bool allow_threads(filter_ptr& filter) {
  return allow_if(filter, SCMP_SYS(clone), has_bits(0, CLONE_THREAD, CLONE_THREAD))
         && ::seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0
         && allow_if(filter, SCMP_SYS(prctl), equals(0, PR_SET_NAME))
         && allow_if(filter, SCMP_SYS(tgkill), equals(0, static_cast<uint64_t>(::getpid())));
}

bool allow_memory_without_code(filter_ptr& filter) {
  return allow_if(filter, SCMP_SYS(mmap), has_bits(2, PROT_EXEC, 0))
         && allow_if(filter, SCMP_SYS(mprotect), has_bits(2, PROT_EXEC, 0));
}

} // namespace

bool filter_system_calls() {
  filter_ptr filter{::seccomp_init(SCMP_ACT_ERRNO(EPERM)), &::seccomp_release};
  if (!filter) {
    errno = ENOMEM;
    return false;
  }
  // A binary tree instead of one comparison per call: the filter runs on every system call.
  ::seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
  if (!allow_plain_calls(filter) || !allow_threads(filter) || !allow_memory_without_code(filter)) {
    errno = EINVAL;
    return false;
  }
  auto result = ::seccomp_load(filter.get());
  if (result < 0)
    errno = -result;
  return result == 0;
}

} // namespace offstage
