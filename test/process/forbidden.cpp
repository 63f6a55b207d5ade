// SPDX-License-Identifier: MIT
#include "test/process/forbidden.hpp"

#include <cerrno>
#include <cstring>
#include <functional>
#include <map>
#include <thread>

#include <fcntl.h>
#include <linux/prctl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace offstage::test {

namespace {

char* const no_words[] = {nullptr};

std::string result_of(long result) {
  return result < 0 ? ::strerrorname_np(errno) : "done";
}

// A copy that came into being must not go on as a second worker process.
std::string result_of_fork(long pid) {
  if (pid == 0)
    ::_exit(0);
  auto result = result_of(pid);
  if (pid > 0)
    ::waitpid(static_cast<pid_t>(pid), nullptr, 0);
  return result;
}

std::string map_executable() {
  auto* page = ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return result_of(page == MAP_FAILED ? -1 : 0);
}

std::string make_executable() {
  auto* page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return result_of(::mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

std::string allocate(size_t size) {
  auto* page = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED)
    return result_of(-1);
  ::munmap(page, size);
  return "done";
}

std::string start_thread() {
  auto ran = false;
  std::thread{[&ran] { ran = true; }}.join();
  return ran ? "done" : "did not run";
}

std::string count_descriptors() {
  auto count = 0;
  for (int fd = 0; fd < 1'024; ++fd)
    count += ::fcntl(fd, F_GETFD) >= 0;
  return std::to_string(count);
}

std::string grow_file() {
  auto fd = ::memfd_create("large", MFD_CLOEXEC);
  ::signal(SIGXFSZ, SIG_IGN);
  auto result = result_of(::ftruncate(fd, off_t{1} << 40));
  ::close(fd);
  return result;
}

std::string count_environment() {
  size_t count = 0;
  for (auto** word = ::environ; word && *word; ++word)
    ++count;
  return std::to_string(count);
}

using attempts = std::map<std::string, std::function<std::string()>>;

attempts of_files() {
  return {
      {"open", [] { return result_of(::open("/etc/passwd", O_RDONLY)); }},
      {"open_raw", [] { return result_of(::syscall(SYS_open, "/etc/passwd", O_RDONLY)); }},
      {"create", [] { return result_of(::open("/tmp/offstage", O_CREAT | O_WRONLY, 0600)); }},
      {"unlink", [] { return result_of(::unlink("/tmp/offstage")); }},
      {"mkdir", [] { return result_of(::mkdir("/tmp/offstage", 0700)); }},
      {"readlink",
       [] {
         char buffer[64];
         return result_of(::readlink("/proc/self/exe", buffer, sizeof buffer));
       }},
      {"stat",
       [] {
         struct stat status {};
         return result_of(::stat("/etc/passwd", &status));
       }},
      {"chdir", [] { return result_of(::chdir("/tmp")); }},
      {"grow_file", grow_file},
      {"descriptors", count_descriptors},
  };
}

attempts of_network() {
  return {
      {"socket", [] { return result_of(::socket(AF_INET, SOCK_STREAM, 0)); }},
      {"unix_socket", [] { return result_of(::socket(AF_UNIX, SOCK_STREAM, 0)); }},
      {"socketpair",
       [] {
         int fds[2];
         return result_of(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
       }},
      {"connect", [] { return result_of(::connect(3, nullptr, 0)); }},
      {"bind", [] { return result_of(::bind(3, nullptr, 0)); }},
  };
}

attempts of_processes() {
  return {
      {"execve", [] { return result_of(::execve("/bin/true", no_words, no_words)); }},
      {"fork", [] { return result_of_fork(::fork()); }},
      {"vfork", [] { return result_of_fork(::syscall(SYS_vfork)); }},
      {"clone", [] { return result_of_fork(::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)); }},
      {"ptrace", [] { return result_of(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); }},
      {"kill_parent", [] { return result_of(::kill(::getppid(), 0)); }},
      {"kill_all", [] { return result_of(::kill(-1, 0)); }},
      {"tgkill_parent",
       [] { return result_of(::syscall(SYS_tgkill, ::getppid(), ::getppid(), 0)); }},
      {"setrlimit", [] { return result_of(::syscall(SYS_setrlimit, 0, nullptr)); }},
      {"prctl", [] { return result_of(::syscall(SYS_prctl, PR_SET_DUMPABLE, 1)); }},
      {"setuid", [] { return result_of(::setuid(0)); }},
      {"unshare", [] { return result_of(::unshare(CLONE_NEWUSER)); }},
      {"map_executable", map_executable},
      {"make_executable", make_executable},
      {"environment", count_environment},
      {"allocate_8_gib", [] { return allocate(size_t{8} << 30); }},
      {"allocate_64_mib", [] { return allocate(size_t{64} << 20); }},
      {"thread", start_thread},
  };
}

} // namespace

std::string attempt(const std::string& what) {
  for (const auto& table : {of_files(), of_network(), of_processes()})
    if (auto i = table.find(what); i != table.end())
      return i->second();
  return "unknown";
}

} // namespace offstage::test
