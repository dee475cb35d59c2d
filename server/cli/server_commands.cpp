// `pilothouse settings …`, `pilothouse gc`
#include "server/cli/command.hpp"
#include "server/cli/json_words.hpp"
#include "server/cli/table.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <utility>

namespace pilothouse::cli {

namespace {

task<output> shown(registry::manage_settings& settings, bool json) {
    auto const quota = co_await settings.project_quota();
    std::vector<std::pair<std::string_view, std::uint64_t>> const all = {
        {registry::helm_max_file_size_key, co_await settings.helm_max_file_size()},
        {storage::project_quota_bytes_key, quota.bytes},
        {storage::project_quota_versions_key, quota.versions},
    };
    if (json) co_return output{to_json(all) + "\n", ""};
    std::vector<std::vector<std::string>> rows;
    for (auto const& [key, value] : all) rows.push_back({std::string(key), std::to_string(value)});
    co_return output{table({"SETTING", "VALUE"}, rows), ""};
}

class show_settings final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        (void)g;
        co_return co_await shown(s.settings, json);
    }
};

class set_setting final : public command {
public:
    void declare(CLI::App& app) override {
        app.add_option("KEY", key_,
                       "helm_max_file_size: bytes of a chart file, 10MiB; project_quota_bytes, "
                       "project_quota_versions: of a project that sets no quota of its own; 0: no "
                       "limit")
            ->required();
        app.add_option("VALUE", value_, "what it is to be")->required();
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        auto const done = co_await s.settings.set(g, key_, value_);
        if (!done) co_return done.error();
        co_return co_await shown(s.settings, json);
    }

private:
    std::string key_, value_;
};

std::string files(std::uint64_t count) {
    return std::to_string(count) + (count == 1 ? " file" : " files");
}

std::string errors_of(registry::collected const& done) {
    if (done.errors == 0) return "";
    return "pilothouse: " + files(done.errors) +
           " could not be removed; the first: " + done.first_error + "\n";
}

class collect final : public command {
public:
    void declare(CLI::App& app) override {
        add_duration(app, "--grace", grace_,
                     "spare what was stored less than that ago: seconds, or 15m, 12h, 30d [1h]",
                     {std::chrono::seconds(0), std::chrono::days(365)});
        app.add_flag("--dry-run", dry_run_, "only count");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        auto const done = co_await s.collect_garbage(g, grace_, dry_run_);
        if (json) co_return output{to_json(done, dry_run_) + "\n", errors_of(done)};
        std::string text = dry_run_ ? "would remove " : "removed ";
        text += files(done.blobs_removed) + ", " + std::to_string(done.bytes_removed) +
                " bytes; kept " + files(done.blobs_kept) + ", " + std::to_string(done.bytes_kept) +
                " bytes\n";
        co_return output{std::move(text), errors_of(done)};
    }

private:
    std::chrono::seconds grace_ = std::chrono::hours(1);  // no push lasts as long
    bool dry_run_ = false;
};

class health final : public command {
public:
    [[nodiscard]] bool needs_server() const override { return true; }
    task<result<output>> run(services& s, bool json) override {
        auto const verdict = co_await s.ready();
        if (!verdict) co_return verdict.error();
        co_return output{json ? "{\"status\":\"ready\"}\n" : "ready\n", ""};
    }
};

}  // namespace

command_family setting_commands() {
    return {
        "settings", "Settings that count at once, without a restart.",
        commands_of(
            describe<show_settings>({"show", "Shows them all.", "pilothouse settings show --json"}),
            describe<set_setting>(
                {"set", "Changes one.", "pilothouse settings set helm_max_file_size 10485760"}))};
}

command_family server_commands() {
    return {"", "",
            commands_of(describe<collect>(
                            {"gc", "Removes stored files that no chart version names any more.",
                             "pilothouse gc --dry-run"}),
                        describe<health>({"health",
                                          "Succeeds when the server on the data folder "
                                          "can do its work.",
                                          "pilothouse health"}))};
}

}  // namespace pilothouse::cli
