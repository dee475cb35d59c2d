#include "server/cli/release_change_commands.hpp"

#include "server/cli/command_link.hpp"
#include "server/cli/release_arguments.hpp"
#include "server/cli/release_words.hpp"
#include "server/cli/sent_text.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;

std::string id_of(std::string const& operation) {
    boost::system::error_code wrong;
    auto const value = json::parse(operation, wrong);
    if (wrong || !value.is_object()) return {};
    auto const* const id = value.get_object().if_contains("id");
    return id == nullptr || !id->is_string() ? std::string() : std::string(id->get_string());
}

class change_command : public caller_command {
public:
    [[nodiscard]] bool needs_server() const override { return true; }  // that runs what is queued
    cli_result run_at_caller(command_link& house, bool as_json) override {
        std::vector<std::string> wanted{"sent"};
        if (auto const ok = words(wanted); !ok) return unsent(ok.error());
        how_.append(wanted);
        auto queued = ask_house(house, std::move(wanted), true);
        if (queued.exit_status != 0) return queued;
        auto const id = id_of(queued.out);
        if (id.empty()) return {1, "", "pilothouse: the server's answer is not understood\n"};
        if (!how_.detached()) return follow_operation(house, id, as_json);
        if (as_json) return queued;
        return {0, id + "\n", "Next: pilothouse operation watch " + id + "\n"};
    }

protected:
    [[nodiscard]] virtual result<void> words(std::vector<std::string>& to) const = 0;

    operation_arguments how_;
};

class install_release final : public change_command {
public:
    void declare(CLI::App& app) override {
        app.add_option("CLUSTER", cluster_, "a cluster's name")->required()->check(not_empty);
        app.add_option("VERSION", version_,
                       "group/project/channel/chart@version, or a product version's id")
            ->required()
            ->check(not_empty);
        app.add_option("--name", name_, "of the release [the chart's]")->check(not_empty);
        app.add_option("-n,--namespace", name_space_, "made where it is missing [default]")
            ->check(not_empty);
        values_.declare(app);
        app.add_flag("--dry-run", dry_run_, "show all that it would make, and change nothing");
        how_.declare(app);
        how_.declare_change(app);
    }
    cli_result run_at_caller(command_link& house, bool as_json) override {
        if (!dry_run_) return change_command::run_at_caller(house, as_json);
        std::vector<std::string> wanted{"sent"};
        if (auto const ok = words(wanted); !ok) return unsent(ok.error());
        wanted.emplace_back("--dry-run");
        return ask_house(house, std::move(wanted), as_json);
    }

private:
    result<void> words(std::vector<std::string>& to) const override {
        to.insert(to.end(), {"install", cluster_, version_});
        if (!name_.empty()) to.insert(to.end(), {"--name", name_});
        if (!name_space_.empty()) to.insert(to.end(), {"--namespace", name_space_});
        return values_.append(to);
    }

    std::string cluster_, version_, name_, name_space_;
    bool dry_run_ = false;
    value_arguments values_;
};

class update_release final : public change_command {
public:
    void declare(CLI::App& app) override {
        what_.declare(app);
        how_.declare(app);
        how_.declare_change(app);
    }

private:
    result<void> words(std::vector<std::string>& to) const override {
        to.emplace_back("update");
        return what_.append(to);
    }

    update_arguments what_;
};

class uninstall_release final : public change_command {
public:
    void declare(CLI::App& app) override {
        add_release(app, release_);
        add_yes(app, yes_);
        how_.declare(app);
    }
    std::optional<std::string> question() const override {
        if (yes_) return std::nullopt;
        return "This removes the release " + release_ + " and its objects from the cluster.";
    }
    std::vector<std::string> look_first() const override { return {"release", "show", release_}; }

private:
    result<void> words(std::vector<std::string>& to) const override {
        to.insert(to.end(), {"uninstall", release_});
        return {};
    }

    std::string release_;
    bool yes_ = false;
};

class roll_back_release final : public change_command {
public:
    void declare(CLI::App& app) override {
        add_release(app, release_);
        app.add_option("REVISION", revision_, "its number [the last good one before this]")
            ->check(CLI::PositiveNumber);
        how_.declare(app);
    }

private:
    result<void> words(std::vector<std::string>& to) const override {
        to.insert(to.end(), {"rollback", release_, "--to", std::to_string(revision_)});
        return {};
    }

    std::string release_;
    int revision_ = 0;
};

class stop_release final : public change_command {
public:
    void declare(CLI::App& app) override {
        add_release(app, release_);
        how_.declare_waiting(app, "do not wait until the pods are gone");
    }

private:
    result<void> words(std::vector<std::string>& to) const override {
        to.insert(to.end(), {"stop", release_});
        return {};
    }

    std::string release_;
};

class restart_release final : public change_command {
public:
    void declare(CLI::App& app) override {
        add_release(app, release_);
        how_.declare_waiting(app, "do not wait until the new pods are ready");
    }

private:
    result<void> words(std::vector<std::string>& to) const override {
        to.insert(to.end(), {"restart", release_});
        return {};
    }

    std::string release_;
};

class diff_releases final : public caller_command {
public:
    void declare(CLI::App& app) override { what_.declare(app); }
    cli_result run_at_caller(command_link& house, bool as_json) override {
        std::vector<std::string> wanted{"sent", "diff"};
        if (auto const ok = what_.append(wanted); !ok) return unsent(ok.error());
        return ask_house(house, std::move(wanted), as_json);
    }

private:
    update_arguments what_;
};

}  // namespace

std::unique_ptr<command> install_command() { return std::make_unique<install_release>(); }
std::unique_ptr<command> update_command() { return std::make_unique<update_release>(); }
std::unique_ptr<command> uninstall_command() { return std::make_unique<uninstall_release>(); }
std::unique_ptr<command> rollback_command() { return std::make_unique<roll_back_release>(); }
std::unique_ptr<command> stop_command() { return std::make_unique<stop_release>(); }
std::unique_ptr<command> restart_command() { return std::make_unique<restart_release>(); }
std::unique_ptr<command> diff_command() { return std::make_unique<diff_releases>(); }

}  // namespace pilothouse::cli
