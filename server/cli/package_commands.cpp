// `pilothouse package …`
#include "server/cli/command.hpp"
#include "server/cli/json_words.hpp"
#include "server/cli/table.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace pilothouse::cli {

namespace {

using auth::permission;
using storage::package_file;
using storage::package_id;
using storage::package_record;

std::string package_table(std::vector<package_record> const& packages) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& p : packages)
        rows.push_back({std::to_string(p.id.value), p.project_path, p.chart, p.version,
                        when(p.created), p.deprecated ? "deprecated" : ""});
    return table({"ID", "PROJECT", "CHART", "VERSION", "CREATED", "STATE"}, rows);
}

std::string file_table(std::vector<package_file> const& files) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& f : files)
        rows.push_back({std::to_string(f.id.value), f.channel, f.name,
                        f.size_bytes ? std::to_string(*f.size_bytes) : "", when(f.created)});
    return table({"FILE ID", "CHANNEL", "FILE", "BYTES", "CREATED"}, rows);
}

class list_packages final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        add_place(app, place_)->required()->check(not_empty);
        app.add_option("--name", filter_.name_part, "charts whose name holds this")
            ->check(not_empty);
        app.add_option("--version", version_, "this version alone")->check(not_empty);
        add_page(app, range_.count, range_.skip);
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_place(permission::read_chart,
                                                            permission::read_group, place_));
        if (!version_.empty()) filter_.version = version_;
        range_.descending = true;
        auto const found = co_await list(s, g);
        if (!found) co_return found.error();
        if (json) co_return output{to_json(found->packages) + "\n", ""};
        co_return output{package_table(found->packages),
                         older_ones(range_.skip, found->packages.size(), found->total)};
    }

private:
    task<result<storage::package_list>> list(services& s, auth::grant const& g) {
        if (g.what() == permission::read_chart)
            co_return co_await s.packages.list(g, filter_, range_);
        PILOTHOUSE_CO_TRY(auto const looking, s.on_server(permission::browse));
        co_return co_await s.packages.list_in_group(g, looking, true, filter_, range_);
    }

    std::string place_, version_;
    storage::package_filter filter_;
    storage::package_range range_{.count = 50};
};

// What commands about one package have in common.
class package_command : public command {
public:
    void declare(CLI::App& app) override {
        add_project(app, project_);
        add_number(app, id_.value, "the package's number");
    }

protected:
    [[nodiscard]] failure hinted(failure why) const {
        return with_hint(std::move(why), "`pilothouse package list " + project_ + "` shows all");
    }

    std::string project_;
    package_id id_;
};

class show_package final : public package_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_project(permission::read_chart, project_));
        auto const found = co_await s.packages.find(g, id_);
        if (!found) co_return hinted(found.error());
        auto const files = co_await s.packages.files(g, id_);
        if (!files) co_return hinted(files.error());
        if (json) co_return output{to_json(*found, *files) + "\n", ""};
        co_return output{package_table({*found}) + "\n" + file_table(*files), ""};
    }
};

class delete_package final : public package_command {
public:
    void declare(CLI::App& app) override {
        package_command::declare(app);
        add_yes(app, yes_);
    }
    std::optional<std::string> question() const override {
        if (yes_) return std::nullopt;
        return "This removes package " + std::to_string(id_.value) +
               " from every channel of the project " + project_ + ".";
    }
    std::vector<std::string> look_first() const override {
        return {"package", "show", project_, std::to_string(id_.value)};
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_project(permission::remove_chart, project_));
        auto const gone = co_await s.packages.remove(g, id_);
        if (!gone) co_return hinted(gone.error());
        auto const number = std::to_string(id_.value);
        co_return output{json ? "{\"id\":" + number + "}\n"
                              : "removed package " + number + " from every channel\n",
                         ""};
    }

private:
    bool yes_ = false;
};

class delete_package_file final : public package_command {
public:
    void declare(CLI::App& app) override {
        package_command::declare(app);
        app.add_option("FILE", file_.value, "the file's number, as `package show` has it")
            ->required()
            ->type_name("NUMBER")
            ->check(CLI::PositiveNumber);
        add_yes(app, yes_);
    }
    std::optional<std::string> question() const override {
        if (yes_) return std::nullopt;
        return "This removes file " + std::to_string(file_.value) + " of package " +
               std::to_string(id_.value) + " from its channel.";
    }
    std::vector<std::string> look_first() const override {
        return {"package", "show", project_, std::to_string(id_.value)};
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_project(permission::remove_chart, project_));
        auto const gone = co_await s.packages.remove_file(g, id_, file_);
        if (!gone) co_return hinted(gone.error());
        co_return output{json ? "{\"id\":" + std::to_string(file_.value) + "}\n"
                              : "removed file " + std::to_string(file_.value) + "\n",
                         ""};
    }

private:
    storage::package_file_id file_;
    bool yes_ = false;
};

}  // namespace

command_family package_commands() {
    return {
        "package", "Packages: the versions of a project, in whatever channels.",
        commands_of(
            describe<list_packages>({"list", "Lists those of a project, or below a group.",
                                     "pilothouse package list team/charts --name web"}),
            describe<show_package>({"show", "Shows one, and its files in each channel.",
                                    "pilothouse package show team/charts 12"}),
            describe<delete_package>({"delete", "Removes one from every channel of the project.",
                                      "pilothouse package delete team/charts 12"}),
            describe<delete_package_file>({"delete-file", "Removes one file from its channel.",
                                           "pilothouse package delete-file team/charts 12 "
                                           "31"}))};
}

}  // namespace pilothouse::cli
