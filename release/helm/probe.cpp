#include "release/helm/probe.hpp"

#include <charconv>
#include <cstdlib>

#include <sys/stat.h>
#include <unistd.h>

namespace pilothouse::release::helm {

namespace fs = std::filesystem;

namespace {

constexpr int least_minor_of_3 = 13;
constexpr std::chrono::seconds slow{3}, patience{10};

constexpr std::string_view advice =
    " Releases need Helm 4, or Helm 3.13 or newer: get it from https://helm.sh/docs/intro/install,"
    " put it on the PATH of the server, or name its path in the settings.";

failure unusable(std::string why, std::string cause = {}) {
    return failure(errc::unavailable, std::move(why) + std::string(advice), std::move(cause));
}

bool executable(fs::path const& file) {
    struct stat s{};
    return ::stat(file.c_str(), &s) == 0 && S_ISREG(s.st_mode) && ::access(file.c_str(), X_OK) == 0;
}

// Changes when the file does, or another one takes its place.
std::string identity_of(fs::path const& file) {
    struct stat s{};
    if (::stat(file.c_str(), &s) != 0) return {};
    std::string text = file.string();
    for (auto const number :
         {static_cast<long long>(s.st_dev), static_cast<long long>(s.st_ino),
          static_cast<long long>(s.st_size), static_cast<long long>(s.st_ctim.tv_sec),
          static_cast<long long>(s.st_ctim.tv_nsec)})
        text += ' ' + std::to_string(number);
    return text;
}

}  // namespace

std::optional<engine_version> parse_version(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
    constexpr std::size_t longest = 64;
    if (text.size() > longest || !text.starts_with('v')) return std::nullopt;
    engine_version v;
    auto const end = text.data() + text.size();
    auto const major = std::from_chars(text.data() + 1, end, v.major);
    if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return std::nullopt;
    auto const minor = std::from_chars(major.ptr + 1, end, v.minor);
    if (minor.ec != std::errc() || v.major < 0 || v.minor < 0) return std::nullopt;
    for (char const c : text)
        if (c <= ' ' || c > '~') return std::nullopt;
    v.text = std::string(text);
    return v;
}

result<void> check_version(engine_version const& version) {
    if (version.major == 4 || (version.major == 3 && version.minor >= least_minor_of_3)) return {};
    return unusable("The helm that was found is " + version.text + ", which cannot be used.");
}

result<fs::path> find_helm(fs::path const& configured, std::string_view path) {
    if (!configured.empty()) {
        if (configured.is_absolute() && executable(configured)) return configured;
        return unusable("There is no program " + configured.string() + ".");
    }
    while (!path.empty()) {
        auto const colon = path.find(':');
        fs::path const folder(path.substr(0, colon));
        path.remove_prefix(colon == path.npos ? path.size() : colon + 1);
        // A relative one would be whatever folder the server was started in.
        if (folder.is_absolute() && executable(folder / "helm")) return folder / "helm";
    }
    return unusable("There is no helm on the PATH of the server.");
}

result<probe::found> probe::look() {
    std::lock_guard const lock(mutex_);
    char const* const path = std::getenv("PATH");
    PILOTHOUSE_TRY(auto program, find_helm(configured_, path == nullptr ? "" : path));
    auto const now = identity_of(program);
    if (known_ && now == seen_) return *known_;
    auto const began = std::chrono::steady_clock::now();
    if (hung_ && now == seen_ && began < ask_again_) return *hung_;
    known_.reset();
    hung_.reset();
    auto const said = ask_(program);
    if (!said) {
        auto why = unusable(program.string() + " did not say which version it is.",
                            said.error().detail + " " + said.error().cause);
        auto const ended = std::chrono::steady_clock::now();
        if (ended - began < slow) return why;
        // Those who ask meanwhile have waited enough.
        hung_ = why;
        seen_ = now;
        ask_again_ = ended + patience;
        return why;
    }
    auto version = parse_version(*said);
    if (!version) return unusable(program.string() + " does not say which version of Helm it is.");
    auto const usable = check_version(*version);
    if (!usable) return usable.error();
    known_ = found{std::move(program), *std::move(version)};
    seen_ = now;
    return *known_;
}

}  // namespace pilothouse::release::helm
