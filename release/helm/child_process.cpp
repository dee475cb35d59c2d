#include "release/helm/child_process.hpp"

#include "base/process_stat.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pilothouse::release::helm {

namespace {

using time_point = std::chrono::steady_clock::time_point;

struct pipe_ends {
    descriptor read, write;
};

result<pipe_ends> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return failure(errc::unavailable, "The program helm could not be started.",
                       std::strerror(errno));
    pipe_ends made{descriptor(ends[0]), descriptor(ends[1])};
    ::fcntl(made.read.get(), F_SETFL, O_NONBLOCK);  // our end alone
    return made;
}

bool readable(int number) {
    pollfd one{number, POLLIN, 0};
    return number >= 0 && ::poll(&one, 1, 0) > 0 && (one.revents & POLLIN) != 0;
}

class supervisor {
public:
    supervisor(spawned child, descriptor output, descriptor errors, child_watch const& watch)
        : child_(std::move(child)),
          output_(std::move(output)),
          errors_(std::move(errors)),
          watch_(watch),
          cancel_(watch.cancel_descriptor),
          end_{.output = kept_output(watch.output), .errors = kept_output(watch.errors)} {}
    ~supervisor() {
        if (!finished_) finish();  // an exception of our caller's: no child outlives it
    }
    supervisor(supervisor const&) = delete;
    supervisor& operator=(supervisor const&) = delete;

    child_end wait() {
        if (watch_.started) tell_start();
        while (!ended_) step();
        drain_rest();
        finish();
        return std::move(end_);
    }

private:
    void tell_start() {
        auto const stat = read_process_stat(child_.number);
        watch_.started({child_.number, stat ? stat->start_time : 0});
    }

    void step() {
        std::array<pollfd, 4> watched{pollfd{child_.handle.get(), POLLIN, 0},
                                      pollfd{output_.get(), POLLIN, 0},
                                      pollfd{errors_.get(), POLLIN, 0}, pollfd{cancel_, POLLIN, 0}};
        int const ready = ::poll(watched.data(), watched.size(), milliseconds_left());
        if (ready > 0) {
            if (watched[1].revents != 0) drain(output_);
            if (watched[2].revents != 0) drain(errors_);
            if ((watched[3].revents & POLLIN) != 0) ask(child_end::demand::cancelled);
            if (watched[3].revents != 0) cancel_ = -1;
            ended_ = watched[0].revents != 0;
        }
        if (ended_ || std::chrono::steady_clock::now() < next_) return;
        if (end_.asked == child_end::demand::none)
            ask(child_end::demand::deadline);
        else
            kill();
    }

    [[nodiscard]] int milliseconds_left() const {
        if (end_.killed) return -1;  // nothing is left to be done but to wait
        auto const left =
            std::chrono::ceil<std::chrono::milliseconds>(next_ - std::chrono::steady_clock::now());
        return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, INT_MAX));
    }

    void ask(child_end::demand why) {
        if (end_.asked != child_end::demand::none) return;
        end_.asked = why;
        next_ = std::chrono::steady_clock::now() + watch_.grace;
        ::kill(-child_.number, SIGTERM);
    }

    void kill() {
        if (end_.killed) return;
        end_.killed = true;
        ::kill(-child_.number, SIGKILL);
    }

    // At most so much at a time that deadlines are kept, whoever floods us.
    void drain(descriptor& from) {
        constexpr int pieces_max = 16;
        std::array<char, 64 * 1024> piece;
        for (int i = 0; i < pieces_max; ++i) {
            auto const got = ::read(from.get(), piece.data(), piece.size());
            if (got < 0 && errno == EINTR) continue;
            if (got < 0 && errno == EAGAIN) break;
            if (got <= 0) {
                from.reset();
                break;
            }
            take(&from == &errors_, std::string_view(piece.data(), static_cast<std::size_t>(got)));
        }
        ::explicit_bzero(piece.data(), piece.size());
    }

    void take(bool error, std::string_view bytes) {
        (error ? end_.errors : end_.output).add(bytes);
        if (error && watch_.said) lines_.add(bytes, watch_.said);
    }

    // What is in the pipes; somebody who left the group may keep them open for ever.
    void drain_rest() {
        ::kill(-child_.number, SIGKILL);
        if (output_) drain(output_);
        if (errors_) drain(errors_);
        if (watch_.said) lines_.finish(watch_.said);
    }

    // Not reaped before this: its number, which is its group's too, was nobody else's so far.
    void finish() {
        finished_ = true;
        ::kill(-child_.number, SIGKILL);
        int status = 0;
        while (::waitpid(child_.number, &status, 0) < 0 && errno == EINTR) {
        }
        if (WIFEXITED(status)) end_.exit_status = WEXITSTATUS(status);
        if (WIFSIGNALED(status)) end_.signal = WTERMSIG(status);
    }

    spawned child_;
    descriptor output_, errors_;
    child_watch const& watch_;
    int cancel_;
    child_end end_;
    line_cutter lines_;
    time_point next_ = watch_.deadline;
    bool ended_ = false, finished_ = false;
};

}  // namespace

result<child_end> run_child(program what, child_watch const& watch) {
    if (readable(watch.cancel_descriptor))
        return failure(errc::cancelled, "It was cancelled before helm began.");
    PILOTHOUSE_TRY(auto output, make_pipe());
    PILOTHOUSE_TRY(auto errors, make_pipe());
    what.descriptors.at(1) = output.write.get();
    what.descriptors.at(2) = errors.write.get();
    PILOTHOUSE_TRY(auto child, spawn(what));
    output.write.reset();
    errors.write.reset();
    supervisor keeper(std::move(child), std::move(output.read), std::move(errors.read), watch);
    return keeper.wait();
}

}  // namespace pilothouse::release::helm
