// A program that is taken for helm, and behaves as a test says.
#pragma once

#include "base/runtime.hpp"
#include "release/helm/helm_engine.hpp"
#include "tests/support/chart_builder.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <csignal>

namespace pilothouse::tests {

// Waits until it holds, for a minute at most: what comes is awaited, how long it took is not asked.
template <class Condition>
bool comes_true(Condition const& condition) {
    for (int i = 0; i < 6000; ++i) {
        if (condition()) return true;
        ::usleep(10'000);
    }
    return false;
}

inline std::string text_of(std::filesystem::path const& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// A script of `sh`. What it is told to be is the body of a function for each verb.
class stub_helm {
public:
    explicit stub_helm(std::string const& version = "v4.2.4") {
        ::mkdir((folder_.path() / "seen").c_str(), 0700);
        set("version) echo " + version + ";;");
    }

    // The cases of a `case "$1" in … esac`; $seen is a folder for what it wants to leave behind.
    void script(std::string const& cases) { set("version) echo v4.2.4;;\n" + cases); }
    void set(std::string const& cases) {
        auto const written = folder_.path() / "helm.new";
        std::ofstream(written) << "#!/bin/sh\nseen=" << seen("").string() << "\ncase \"$1\" in\n"
                               << cases << "\nesac\n";
        ::chmod(written.c_str(), 0755);
        std::filesystem::rename(written, program());
    }
    [[nodiscard]] std::filesystem::path program() const { return folder_.path() / "helm"; }
    [[nodiscard]] std::filesystem::path runs() const { return folder_.path() / "runs"; }
    [[nodiscard]] std::filesystem::path seen(std::string const& name) const {
        return folder_.path() / "seen" / name;
    }
    [[nodiscard]] std::string read(std::string const& name) const { return text_of(seen(name)); }
    [[nodiscard]] bool has(std::string const& name) const {
        return std::filesystem::exists(seen(name));
    }
    // How many files it has left behind.
    [[nodiscard]] std::ptrdiff_t count_seen() const {
        return std::distance(std::filesystem::directory_iterator(seen("")), {});
    }
    [[nodiscard]] std::filesystem::path chart() const {
        auto const file = folder_.path() / "chart.tgz";
        if (!std::filesystem::exists(file))
            std::ofstream(file, std::ios::binary) << chart_builder().tgz();
        return file;
    }

private:
    temp_dir folder_;
};

// Cancels when it is told to, and remembers what it hears.
class watcher final : public release::run_control {
public:
    watcher() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

    void started(release::operation_process process) override {
        std::lock_guard const lock(mutex_);
        processes_.push_back(process);
    }
    void said(std::string what, std::string text) override {
        std::lock_guard const lock(mutex_);
        heard_ += what + ": " + text + "\n";
    }
    [[nodiscard]] int cancel_descriptor() const noexcept override { return event_.get(); }

    void cancel() const { ::eventfd_write(event_.get(), 1); }
    [[nodiscard]] std::vector<release::operation_process> processes() const {
        std::lock_guard const lock(mutex_);
        return processes_;
    }
    [[nodiscard]] std::string heard() const {
        std::lock_guard const lock(mutex_);
        return heard_;
    }

private:
    descriptor event_;
    mutable std::mutex mutex_;
    std::vector<release::operation_process> processes_;
    std::string heard_;
};

inline bool is_alive(std::int64_t process) {
    return process > 0 && ::kill(static_cast<pid_t>(process), 0) == 0;
}

inline constexpr char const* planted = "planted-hunter2-value";

struct engine_fixture {
    stub_helm helm;
    std::shared_ptr<watcher> control = std::make_shared<watcher>();
    release::target where{
        secret(R"({"users":[{"name":"u","user":{"token":"planted-kube-token"}}]})"), "shop",
        "cart"};
    release::operation_options options;

    [[nodiscard]] release::payload what() const {
        return {helm.chart(), secret(R"({"password":"planted-hunter2-value"})"), {planted}};
    }
    [[nodiscard]] release::helm::helm_engine::settings settings() const {
        release::helm::helm_engine::settings s;
        s.program = helm.program();
        s.folder = helm.runs();
        s.grace = std::chrono::seconds(1);
        return s;
    }
    // Nothing of a run is left, neither folder nor child.
    void check_clean() const {
        CHECK(std::filesystem::is_empty(helm.runs()));
        for (auto const& process : control->processes()) CHECK(!is_alive(process.number));
    }
    static void check_secret(std::string const& text) {
        CHECK(text.find("planted") == std::string::npos);
    }
};

}  // namespace pilothouse::tests
