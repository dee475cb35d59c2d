#include "release/helm/spawn.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pilothouse::release::helm {

namespace {

// Our own descriptors are moved here and above, so that those of the child do not hit them.
constexpr int first_own = 64;

struct limit {
    int resource;
    rlim_t value;
};

// All that the child needs, made before the fork: behind it, nothing may be allocated or locked.
struct prepared {
    std::vector<char*> arguments, environment;
    char const* folder = nullptr;
    std::vector<int> descriptors;
    int complaint = -1;  // where it writes its errno
    pid_t parent = 0;
    std::array<limit, 4> limits{};
};

std::vector<char*> pointers(std::vector<std::string> const& texts) {
    std::vector<char*> all;
    all.reserve(texts.size() + 1);
    // execve takes pointers to what it does not change.
    for (auto const& text : texts) all.push_back(const_cast<char*>(text.c_str()));
    all.push_back(nullptr);
    return all;
}

[[noreturn]] void give_up(prepared const& p) noexcept {
    int const reason = errno;
    [[maybe_unused]] auto const written = ::write(p.complaint, &reason, sizeof reason);
    ::_exit(127);
}

void close_others(prepared const& p) noexcept {
    auto const given = static_cast<unsigned>(p.descriptors.size());
    auto const own = static_cast<unsigned>(p.complaint);
    bool const closed = ::syscall(SYS_close_range, given, own - 1, 0u) == 0 &&
                        ::syscall(SYS_close_range, own + 1, ~0u, 0u) == 0;
    if (closed) return;
    constexpr int old_kernels_try = 65'536;
    for (int i = static_cast<int>(given); i < old_kernels_try; ++i)
        if (i != p.complaint) ::close(i);
}

// The child's way to the program. Nothing but system calls.
[[noreturn]] void become(prepared const& p) noexcept {
    if (::setpgid(0, 0) != 0 || ::prctl(PR_SET_PDEATHSIG, SIGTERM) != 0) give_up(p);
    if (::getppid() != p.parent) ::_exit(127);  // it died before the signal was asked for
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) give_up(p);

    // A signal that we ignore stays ignored through exec: helm would not hear it (contracts:
    // helm-engine 3).
    // The kernel is asked itself: glibc refuses 32 and 33, which it keeps for its threads. All
    // zeros is SIG_DFL, no flag and an empty mask in the kernel's own structure.
    constexpr std::size_t kernel_set = 8;
    constexpr std::array<unsigned long, 4> as_usual{};
    for (int i = 1; i < NSIG; ++i) ::syscall(SYS_rt_sigaction, i, &as_usual, nullptr, kernel_set);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);

    for (std::size_t i = 0; i < p.descriptors.size(); ++i)
        if (::dup2(p.descriptors[i], static_cast<int>(i)) < 0) give_up(p);
    close_others(p);
    for (auto const& l : p.limits) {
        rlimit const both{l.value, l.value};
        if (::setrlimit(static_cast<__rlimit_resource_t>(l.resource), &both) != 0) give_up(p);
    }
    ::umask(077);
    if (::chdir(p.folder) != 0) give_up(p);
    ::execve(p.arguments[0], p.arguments.data(), p.environment.data());
    give_up(p);
}

failure not_started(program const& what, int reason) {
    return failure(errc::unavailable, "The program helm could not be started.",
                   what.arguments.front() + ": " + std::strerror(reason));
}

// No signal handler of ours may run in the child before its dispositions are reset.
class all_signals_blocked {
public:
    all_signals_blocked() {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~all_signals_blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    all_signals_blocked(all_signals_blocked const&) = delete;
    all_signals_blocked& operator=(all_signals_blocked const&) = delete;

private:
    sigset_t before_{};
};

std::uint64_t descriptors_allowed() noexcept {
    rlimit own{};
    ::getrlimit(RLIMIT_NOFILE, &own);
    return own.rlim_max;
}

}  // namespace

result<spawned> spawn(program const& what) {
    prepared p;
    p.arguments = pointers(what.arguments);
    p.environment = pointers(what.environment);
    p.folder = what.folder.c_str();
    p.parent = ::getpid();
    auto const& limits = what.limits;
    p.limits = {limit{RLIMIT_CORE, 0}, limit{RLIMIT_DATA, limits.data_bytes_max},
                limit{RLIMIT_FSIZE, limits.file_bytes_max},
                limit{RLIMIT_NOFILE, std::min(limits.descriptors_max, descriptors_allowed())}};

    std::vector<descriptor> owned;
    for (int const d : what.descriptors) {
        owned.emplace_back(::fcntl(d, F_DUPFD_CLOEXEC, first_own));
        if (!owned.back()) return not_started(what, errno);
        p.descriptors.push_back(owned.back().get());
    }
    // Closed by a successful exec: then there is nothing to be read.
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return not_started(what, errno);
    descriptor complaints(ends[0]), low(ends[1]);
    descriptor complain(::fcntl(low.get(), F_DUPFD_CLOEXEC, first_own));
    if (!complain) return not_started(what, errno);
    p.complaint = complain.get();

    spawned child;
    {
        all_signals_blocked const quiet;
        child.number = ::fork();
        if (child.number == 0) become(p);
    }
    if (child.number < 0) return not_started(what, errno);
    // By number: the C library of Debian 12 does not declare its function for C++.
    child.handle = descriptor(static_cast<int>(::syscall(SYS_pidfd_open, child.number, 0u)));
    int reason = child.handle ? 0 : errno;
    if (!child.handle) ::kill(child.number, SIGKILL);
    complain.reset();
    low.reset();
    int said = 0;
    ssize_t got = 0;
    do got = ::read(complaints.get(), &said, sizeof said);
    while (got < 0 && errno == EINTR);
    if (got == sizeof said) reason = said;
    if (reason == 0) return child;
    while (::waitpid(child.number, nullptr, 0) < 0 && errno == EINTR) {
    }
    return not_started(what, reason);
}

}  // namespace pilothouse::release::helm
