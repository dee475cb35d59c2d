#include "release/helm/helm_program.hpp"

#include "base/random.hpp"
#include "release/helm/memory_file.hpp"
#include "release/helm/run_folder.hpp"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace pilothouse::release::helm {

namespace {

constexpr std::chrono::seconds probe_time{10};
constexpr std::size_t mark_length = 8;

result<descriptor> open_input(secret const* text) {
    if (text != nullptr) return memory_file(text->reveal());
    descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!nothing)
        return failure(errc::unavailable, "The program helm could not be started.",
                       std::strerror(errno));
    return nothing;
}

}  // namespace

helm_program::helm_program(settings s)
    : settings_(std::move(s)),
      mark_(random_base36(mark_length)),
      stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      probe_(settings_.program, [this](std::filesystem::path const& p) {
          helm_run what{.arguments = {"version", "--template", "{{.Version}}"}};
          what.watch.deadline = std::chrono::steady_clock::now() + probe_time;
          what.watch.grace = std::chrono::seconds(1);
          what.watch.output = {1024, 0};
          auto const end = run(p, what);
          if (!end) return result<std::string>(end.error());
          if (end->exit_status == 0) return result<std::string>(end->output.text());
          return result<std::string>(failure(errc::unavailable, "", end->errors.text()));
      }) {
    if (!stop_) throw std::system_error(errno, std::generic_category(), "eventfd");
    run_folder::clear(settings_.folder, mark_);
}

helm_program::~helm_program() { run_folder::clear(settings_.folder, mark_); }

void helm_program::stop() noexcept {
    std::uint64_t const one = 1;
    [[maybe_unused]] auto const written = ::write(stop_.get(), &one, sizeof one);
}

result<child_end> helm_program::run(std::filesystem::path const& program, helm_run const& what) {
    run_folder::clear(settings_.folder, mark_);
    PILOTHOUSE_TRY(auto const folder, run_folder::make(settings_.folder, mark_));
    PILOTHOUSE_TRY(auto const input, open_input(what.input));
    pilothouse::descriptor kubeconfig;
    helm::program child{.arguments = {program.string()},
                        .environment = folder.environment(settings_.limits.data_bytes_max),
                        .folder = folder.path(),
                        .descriptors = {input.get(), -1, -1},
                        .limits = settings_.limits};
    if (what.kubeconfig != nullptr) {
        PILOTHOUSE_TRY(kubeconfig, memory_file(what.kubeconfig->reveal()));
        child.descriptors.push_back(kubeconfig.get());
    }
    child.arguments.insert(child.arguments.end(), what.arguments.begin(), what.arguments.end());
    if (what.watch.cancel_descriptor >= 0) return run_child(std::move(child), what.watch);
    auto watch = what.watch;
    watch.cancel_descriptor = stop_.get();
    auto end = run_child(std::move(child), watch);
    bool const stopped =
        end ? end->asked == child_end::demand::cancelled : end.error().code == errc::cancelled;
    if (stopped) return failure(errc::unavailable, "the server is being stopped");
    return end;
}

}  // namespace pilothouse::release::helm
