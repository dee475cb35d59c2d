#include "server/serve.hpp"

#include "server/application.hpp"
#include "server/cli/setting_flags.hpp"
#include "server/cli/usage.hpp"
#include "server/first_steps.hpp"
#include "server/look_around.hpp"
#include "server/settings.hpp"
#include "server/version.hpp"
#include "storage/fs/layout.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <stdexcept>

#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace pilothouse {

namespace {

// The flags, and the settings that they and the other sources make.
class settings_command {
public:
    settings_command(std::string const& name, std::string const& help)
        : app_(help, "pilothouse " + name) {
        flags_.declare(app_);
    }
    [[nodiscard]] CLI::App& app() { return app_; }

    // The exit status when there is nothing more to do: --help, or wrong arguments.
    [[nodiscard]] std::optional<int> parse(std::vector<std::string> arguments) {
        std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
        try {
            app_.parse(arguments);
        } catch (CLI::CallForHelp const& help) {
            return app_.exit(help);
        } catch (CLI::ParseError const& wrong) {
            std::cerr << cli::usage_fault(app_, wrong);
            return 2;
        }
        return std::nullopt;
    }

    [[nodiscard]] result<loaded_settings> load() const { return load_settings(flags_.sources()); }

private:
    CLI::App app_;
    cli::setting_flags flags_;
};

int report(failure const& f) {
    std::cerr << "pilothouse: " << f.detail << '\n';
    return 1;
}

sigset_t the_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (int const s : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, s);
    return set;
}

// A dump of this process would hold credentials of clusters, and values. The limit alone does not
// keep one from a program that takes dumps; a process that may not be traced gives none at all, but
// a leak detector has to trace it.
void leave_no_dump() {
    rlimit const none{0, 0};
    static_cast<void>(::setrlimit(RLIMIT_CORE, &none));
#if !__has_feature(address_sanitizer)
    static_cast<void>(::prctl(PR_SET_DUMPABLE, 0));
#endif
}

// Says where the server is, for scripts that let it choose its port; gone when the server is.
class address_file {
public:
    address_file(std::filesystem::path path, std::string const& address) : path_(std::move(path)) {
        auto const fresh = path_.string() + ".new";
        std::ofstream file(fresh);
        file << address << '\n';
        file.close();
        if (!file) throw std::runtime_error(fresh + " cannot be written");
        std::filesystem::rename(fresh, path_);
    }
    ~address_file() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    address_file(address_file const&) = delete;
    address_file& operator=(address_file const&) = delete;

private:
    std::filesystem::path path_;
};

}  // namespace

int serve(std::vector<std::string> arguments) try {
    settings_command command("serve", cli::serve_help);
    if (auto const status = command.parse(std::move(arguments))) return *status;
    auto const loaded = command.load();
    if (!loaded) return report(loaded.error());

    leave_no_dump();
    // Before any thread is made, so that all of them leave these signals to this one.
    auto const signals = the_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    // A limit on the size of files is a full disk like any other, and answered 507.
    std::signal(SIGXFSZ, SIG_IGN);

    auto started = application::start(loaded->values);
    if (!started) return report(started.error());
    auto& app = **started;
    storage::fs::layout const data{loaded->values.data};
    std::optional<address_file> grpc_announced;
    if (!app.grpc_address().empty())
        grpc_announced.emplace(data.grpc_address(), app.grpc_address());
    address_file const announced(data.address(), app.address());
    std::cout << first_steps(app.address(), loaded->values, app.empty()) << std::flush;
    app.log().write(log_level::info, "started",
                    {{"address", app.address()}, {"version", PILOTHOUSE_VERSION}});

    int signal = 0;
    while (sigwait(&signals, &signal) == 0 && signal == SIGHUP) {
        auto const again = command.load();
        if (again)
            app.reload(again->values);
        else
            app.log().write(log_level::error, "settings_not_reloaded",
                            {{"failure", std::string_view(again.error().detail)}});
    }
    app.log().write(log_level::info, "stopping", {});
    // Who asks a second time does not want to wait.
    for (int const s : {SIGTERM, SIGINT}) std::signal(s, SIG_DFL);
    std::signal(SIGHUP, SIG_IGN);
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
    app.stop();
    app.log().write(log_level::info, "stopped", {});
    return 0;
} catch (std::exception const& e) {
    std::cerr << "pilothouse: " << e.what() << '\n';
    return 1;
}

int check_config(std::vector<std::string> arguments) try {
    settings_command command("check-config", cli::check_config_help);
    cli::check_config_flags besides;
    besides.declare(command.app());
    if (auto const status = command.parse(std::move(arguments))) return *status;
    auto const [show, json] = besides;
    auto const loaded = command.load();
    if (!loaded) return report(loaded.error());

    boost::json::object all;
    for (auto const& s : all_settings()) {
        auto const value = s.get(loaded->values);
        auto const& source = loaded->source_of.at(s.key);
        if (json)
            all[s.key] = {{"value", value}, {"source", source}};
        else if (show)
            std::cout << s.key << ": " << value << "  # " << source << '\n';
    }
    if (json) std::cout << boost::json::serialize(all) << '\n';
    auto const faults = look_around(loaded->values);
    for (auto const& fault : faults) std::cerr << "pilothouse: " << fault << '\n';
    if (!faults.empty()) return 1;
    if (!json && !show) std::cout << "the settings are good\n";
    return 0;
} catch (std::exception const& e) {
    std::cerr << "pilothouse: " << e.what() << '\n';
    return 1;
}

}  // namespace pilothouse
