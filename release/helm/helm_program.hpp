// Runs helm: at home in a folder of its own, with nothing secret on a disk or among its arguments.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "release/helm/child_process.hpp"
#include "release/helm/probe.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::release::helm {

// Where helm finds the kubeconfig of a run, and how it is told to read values from its input.
inline constexpr std::string_view kubeconfig_path = "/proc/self/fd/3";
inline constexpr std::string_view input_path = "-";

struct helm_run {
    std::vector<std::string> arguments;  // behind the program's own name
    secret const* kubeconfig = nullptr;  // nullptr: no cluster is asked
    secret const* input = nullptr;       // nullptr: none
    child_watch watch = {};
};

// Thread-safe. Blocks; call it on threads that live as long as the server (spawn.hpp).
class helm_program {
public:
    struct settings {
        std::filesystem::path program;  // empty: the `helm` on PATH
        std::filesystem::path folder;   // for the folders of runs; its own
        child_limits limits;
    };

    explicit helm_program(settings s);
    ~helm_program();
    helm_program(helm_program const&) = delete;
    helm_program& operator=(helm_program const&) = delete;

    // errc::unavailable, with what to do.
    [[nodiscard]] result<probe::found> look() { return probe_.look(); }
    // What has no cancel descriptor of its own is ended, and does not begin any more.
    void stop() noexcept;
    // errc::unavailable, errc::full, errc::cancelled: it did not begin.
    [[nodiscard]] result<child_end> run(std::filesystem::path const& program, helm_run const& what);

private:
    settings settings_;
    std::string const mark_;  // of this process's folders
    descriptor stop_;
    probe probe_;
};

}  // namespace pilothouse::release::helm
