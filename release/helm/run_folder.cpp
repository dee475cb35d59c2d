#include "release/helm/run_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include <sys/stat.h>

namespace pilothouse::release::helm {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view prefix = "run-";

std::string marked(std::string const& mark) { return std::string(prefix) + mark + "-"; }

failure no_folder(int reason) {
    if (reason == ENOSPC || reason == EDQUOT)
        return failure(errc::full, "The disk of the server is full.");
    return failure(errc::unavailable, "The server could not make a folder for helm.",
                   std::strerror(reason));
}

}  // namespace

result<run_folder> run_folder::make(fs::path const& root, std::string const& mark) {
    std::error_code error;
    fs::create_directories(root, error);
    if (error) return no_folder(error.value());
    auto pattern = (fs::absolute(root) / (marked(mark) + "XXXXXX")).string();
    if (::mkdtemp(pattern.data()) == nullptr) return no_folder(errno);
    run_folder made{fs::path(pattern)};
    // Empty ones are needed, not missing ones: without a folder of plugins Helm looks elsewhere.
    for (char const* const name : {"home", "cache", "config", "data", "plugins"})
        if (::mkdir((made.path_ / name).c_str(), 0700) != 0) return no_folder(errno);
    return made;
}

void run_folder::clear(fs::path const& root, std::string const& mark) noexcept {
    std::error_code ignored;
    for (fs::directory_iterator entry(root, ignored), end; entry != end; entry.increment(ignored)) {
        auto const name = entry->path().filename().string();
        if (name.starts_with(prefix) && !name.starts_with(marked(mark)))
            fs::remove_all(entry->path(), ignored);
    }
}

run_folder::run_folder(run_folder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

run_folder::~run_folder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
}

std::vector<std::string> run_folder::environment(std::uint64_t memory_bytes_max) const {
    auto const at = [this](char const* name) { return (path_ / name).string(); };
    return {
        "PATH=/usr/bin:/bin",
        "HOME=" + at("home"),
        "TMPDIR=" + path_.string(),
        "HELM_CACHE_HOME=" + at("cache"),
        "HELM_CONFIG_HOME=" + at("config"),
        "HELM_DATA_HOME=" + at("data"),
        "KUBECACHEDIR=" + at("cache"),
        "HELM_PLUGINS=" + at("plugins"),
        "HELM_NO_PLUGINS=1",
        "HELM_DRIVER=secret",
        "NO_COLOR=1",
        "TZ=UTC",
        "LC_ALL=C.UTF-8",
        "GOTRACEBACK=none",  // what a crash says is kept, and stacks hold values
        "GOMEMLIMIT=" + std::to_string(memory_bytes_max / 4 * 3),
    };
}

}  // namespace pilothouse::release::helm
