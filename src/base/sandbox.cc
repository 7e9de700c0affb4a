// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/sandbox.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace reelmill {
namespace {

// The address sanitizer reserves terabytes of addresses.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool reserves_addresses = true;
#else
constexpr bool reserves_addresses = false;
#endif
constexpr rlim_t grace_after_signal = 5;  // seconds from SIGXCPU, which says why, to SIGKILL, which does not

// Rights that came after the headers of Debian 12, with the Landlock ABI they came with.
constexpr std::uint64_t right_truncate = 1ull << 14;   // 3
constexpr std::uint64_t right_ioctl_dev = 1ull << 15;  // 5

constexpr std::uint64_t rights_of_first_abi = (1ull << 13) - 1;
constexpr std::uint64_t rights_to_read = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t rights_on_files =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE | right_truncate | right_ioctl_dev;

constexpr std::array system_paths{"/usr",
                                  "/lib",
                                  "/lib64",
                                  "/etc/fonts",
                                  "/etc/ld.so.cache",
                                  "/etc/localtime",
                                  "/var/cache/fontconfig",
                                  "/proc/self",
                                  "/proc/meminfo",
                                  "/proc/cpuinfo",
                                  "/sys/devices/system/cpu",
                                  "/dev/null",
                                  "/dev/zero",
                                  "/dev/urandom"};

Error failure(std::string_view doing) {
  return Error{ErrorKind::failed, fmt::format("locking the worker in: {}: {}", doing, std::strerror(errno))};
}

Result<void> limit(__rlimit_resource resource, std::int64_t most, std::string_view name, rlim_t grace = 0) {
  rlimit now{};
  if (getrlimit(resource, &now) != 0) return failure(fmt::format("reading the limit of {}", name));
  auto wanted = std::min<rlim_t>(static_cast<rlim_t>(most), now.rlim_max);
  rlimit next{wanted, std::min<rlim_t>(wanted + grace, now.rlim_max)};
  if (setrlimit(resource, &next) != 0) return failure(fmt::format("limiting {} to {}", name, most));
  return Done{};
}

Result<void> set_limits(SandboxPlan const& plan) {
  TRY(limit(RLIMIT_NOFILE, 256, "open files"));
  TRY(limit(RLIMIT_CORE, 0, "core dumps"));
  if (plan.max_file_size > 0) TRY(limit(RLIMIT_FSIZE, plan.max_file_size, "file size"));
  if (plan.max_address_space > 0 && !reserves_addresses) TRY(limit(RLIMIT_AS, plan.max_address_space, "address space"));
  if (plan.cpu_seconds > 0) TRY(limit(RLIMIT_CPU, plan.cpu_seconds, "processor time", grace_after_signal));
  ::signal(SIGXFSZ, SIG_IGN);
  return Done{};
}

struct Ruleset {
  int number;
  ~Ruleset() { close(number); }
};

Result<void> allow(Ruleset const& ruleset, std::filesystem::path const& path, std::uint64_t rights, bool must_exist) {
  int place = open(path.c_str(), O_PATH | O_CLOEXEC);
  if (place < 0) {
    if (!must_exist) return Done{};
    return failure(fmt::format("giving access to '{}'", path.string()));
  }
  struct stat about {};
  fstat(place, &about);
  if (!S_ISDIR(about.st_mode)) rights &= rights_on_files;
  landlock_path_beneath_attr attribute{rights, place};
  auto status = syscall(SYS_landlock_add_rule, ruleset.number, LANDLOCK_RULE_PATH_BENEATH, &attribute, 0);
  int number = errno;
  close(place);
  errno = number;
  if (status != 0) return failure(fmt::format("giving access to '{}'", path.string()));
  return Done{};
}

// False where the kernel has no Landlock, or has it switched off.
Result<bool> restrict_files(SandboxPlan const& plan) {
  auto abi = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < 1) return false;
  auto handled = rights_of_first_abi;
  if (abi >= 2) handled |= LANDLOCK_ACCESS_FS_REFER;
  if (abi >= 3) handled |= right_truncate;
  if (abi >= 5) handled |= right_ioctl_dev;

  landlock_ruleset_attr attribute{};
  attribute.handled_access_fs = handled;
  Ruleset ruleset{static_cast<int>(syscall(SYS_landlock_create_ruleset, &attribute, sizeof attribute, 0))};
  if (ruleset.number < 0) return failure("making the file rules");
  for (auto const* path : system_paths) TRY(allow(ruleset, path, rights_to_read, false));
  TRY(allow(ruleset, "/dev/null", rights_to_read | LANDLOCK_ACCESS_FS_WRITE_FILE, false));
  for (auto const& path : plan.readable) TRY(allow(ruleset, path, rights_to_read, true));
  auto rights_to_write =
      handled & ~(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                  LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_SYM | right_ioctl_dev);
  for (auto const& path : plan.writable) TRY(allow(ruleset, path, rights_to_write, true));
  if (syscall(SYS_landlock_restrict_self, ruleset.number, 0) != 0) return failure("applying the file rules");
  return true;
}

// Everything a walk over media has no business with. clone3 hides its flags behind a pointer, so glibc is told to use clone.
constexpr std::array refused{SCMP_SYS(socket),
                             SCMP_SYS(connect),
                             SCMP_SYS(bind),
                             SCMP_SYS(listen),
                             SCMP_SYS(accept),
                             SCMP_SYS(accept4),
                             SCMP_SYS(sendto),
                             SCMP_SYS(sendmsg),
                             SCMP_SYS(sendmmsg),
                             SCMP_SYS(execve),
                             SCMP_SYS(execveat),
                             SCMP_SYS(fork),
                             SCMP_SYS(vfork),
                             SCMP_SYS(kill),
                             SCMP_SYS(tkill),
                             SCMP_SYS(rt_sigqueueinfo),
                             SCMP_SYS(rt_tgsigqueueinfo),
                             SCMP_SYS(pidfd_send_signal),
                             SCMP_SYS(ptrace),
                             SCMP_SYS(process_vm_readv),
                             SCMP_SYS(process_vm_writev),
                             SCMP_SYS(pidfd_open),
                             SCMP_SYS(pidfd_getfd),
                             SCMP_SYS(kcmp),
                             SCMP_SYS(mount),
                             SCMP_SYS(umount2),
                             SCMP_SYS(move_mount),
                             SCMP_SYS(open_tree),
                             SCMP_SYS(fsopen),
                             SCMP_SYS(fsconfig),
                             SCMP_SYS(fsmount),
                             SCMP_SYS(pivot_root),
                             SCMP_SYS(chroot),
                             SCMP_SYS(unshare),
                             SCMP_SYS(setns),
                             SCMP_SYS(bpf),
                             SCMP_SYS(perf_event_open),
                             SCMP_SYS(userfaultfd),
                             SCMP_SYS(io_uring_setup),
                             SCMP_SYS(io_uring_enter),
                             SCMP_SYS(io_uring_register),
                             SCMP_SYS(keyctl),
                             SCMP_SYS(add_key),
                             SCMP_SYS(request_key),
                             SCMP_SYS(kexec_load),
                             SCMP_SYS(kexec_file_load),
                             SCMP_SYS(init_module),
                             SCMP_SYS(finit_module),
                             SCMP_SYS(delete_module),
                             SCMP_SYS(reboot),
                             SCMP_SYS(swapon),
                             SCMP_SYS(swapoff),
                             SCMP_SYS(acct),
                             SCMP_SYS(syslog),
                             SCMP_SYS(quotactl),
                             SCMP_SYS(settimeofday),
                             SCMP_SYS(clock_settime),
                             SCMP_SYS(adjtimex),
                             SCMP_SYS(sethostname),
                             SCMP_SYS(setdomainname),
                             SCMP_SYS(iopl),
                             SCMP_SYS(ioperm),
                             SCMP_SYS(mknod),
                             SCMP_SYS(mknodat),
                             SCMP_SYS(setuid),
                             SCMP_SYS(setgid),
                             SCMP_SYS(setresuid),
                             SCMP_SYS(setresgid),
                             SCMP_SYS(setreuid),
                             SCMP_SYS(setregid),
                             SCMP_SYS(capset),
                             SCMP_SYS(name_to_handle_at),
                             SCMP_SYS(open_by_handle_at)};

// False where the kernel cannot filter system calls.
Result<bool> restrict_calls() {
  if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0) return false;
  std::unique_ptr<void, void (*)(scmp_filter_ctx)> filter(seccomp_init(SCMP_ACT_ALLOW), seccomp_release);
  if (!filter) return Error{ErrorKind::full, "filtering system calls: out of memory"};
  constexpr scmp_datum_t new_thread = 0x00010000;  // CLONE_THREAD: without it, clone makes a process
  auto const ourselves = static_cast<scmp_datum_t>(getpid());
  int code = 0;
  auto const refuse = [&](int error, int call, auto... condition) {
    if (code == 0) code = seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(error), call, sizeof...(condition), condition...);
  };
  for (int const call : refused) refuse(EPERM, call);
  refuse(ENOSYS, SCMP_SYS(clone3));
  refuse(EPERM, SCMP_SYS(clone), SCMP_A0(SCMP_CMP_MASKED_EQ, new_thread, 0));
  refuse(EPERM, SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_NE, ourselves));
  refuse(EPERM, SCMP_SYS(prlimit64), SCMP_A0(SCMP_CMP_NE, 0));  // 0: the calling process
  if (code == 0) code = seccomp_load(filter.get());
  if (code == 0) return true;
  errno = -code;
  return failure("filtering system calls");
}

}  // namespace

Result<std::string> enter_sandbox(SandboxPlan const& plan) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failure("giving up new privileges");
  TRY(set_limits(plan));
  bool files = TRY(restrict_files(plan));
  bool calls = TRY(restrict_calls());
  if (files) return std::string(calls ? "landlock+seccomp" : "landlock");
  return std::string(calls ? "seccomp" : "rlimits");
}

}  // namespace reelmill
