// `pilothouse release …`: the family, and those of it that only look.
#include "release/user_values.hpp"
#include "server/cli/command.hpp"
#include "server/cli/release_change_commands.hpp"
#include "server/cli/release_words.hpp"
#include "server/cli/table.hpp"
#include "server/shapes/release_shapes.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>

#include <string>
#include <utility>
#include <vector>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;
using auth::permission;

class list_releases final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        app.add_option("CLUSTER", cluster_, "a cluster's name")->required()->check(not_empty);
        app.add_option("-n,--namespace", filter_.name_space, "only there")->check(not_empty);
        app.add_flag("--foreign", foreign_, "what Helm has there that did not come from here");
    }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_cluster(permission::see_cluster, cluster_));
        if (foreign_) co_return co_await foreign(s, g, as_json);
        std::vector<storage::release_record> all;
        storage::release_place after;
        for (;;) {
            auto some = co_await s.releases.list(g, filter_, after, page);
            bool const last = some.size() < page;
            if (!some.empty()) after = storage::release_place(some.back().created, some.back().id);
            for (auto& r : some) all.push_back(std::move(r));
            if (last) break;
        }
        if (as_json) co_return output{json::serialize(shapes::shape_of(all)) + "\n", ""};
        co_return output{table_of(all), ""};
    }

private:
    static constexpr std::size_t page = 500;

    task<result<output>> foreign(services& s, auth::grant const& g, bool as_json) const {
        PILOTHOUSE_CO_TRY(auto all, co_await s.releases.foreign(g));
        if (!filter_.name_space.empty())
            std::erase_if(all, [&](auto const& r) { return r.name_space != filter_.name_space; });
        if (as_json) co_return output{json::serialize(shapes::shape_of(all)) + "\n", ""};
        std::vector<std::vector<std::string>> rows;
        for (auto const& r : all)
            rows.push_back({r.name_space, r.name, r.chart, std::to_string(r.revision),
                            std::string(storage::name_of(r.status))});
        co_return output{table({"NAMESPACE", "NAME", "CHART", "REVISION", "STATUS"}, rows), ""};
    }

    std::string cluster_;
    storage::release_filter filter_;
    bool foreign_ = false;
};

class release_command : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override { add_release(app, release_); }

protected:
    std::string release_;
};

class show_release final : public release_command {
public:
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const found,
                          co_await s.of_release(permission::see_cluster, release_));
        if (as_json) co_return output{json::serialize(shapes::shape_of(found.record)) + "\n", ""};
        auto text = table_of(std::vector{found.record});
        if (!found.record.description.empty()) text += "\n" + found.record.description + "\n";
        co_return output{std::move(text), ""};
    }
};

class show_history final : public release_command {
public:
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const found,
                          co_await s.of_release(permission::see_cluster, release_));
        PILOTHOUSE_CO_TRY(auto const all,
                          co_await s.releases.history(found.grant, found.record.id));
        if (as_json) co_return output{json::serialize(shapes::shape_of(all)) + "\n", ""};
        std::vector<std::vector<std::string>> rows;
        for (auto const& r : all)
            rows.push_back({std::to_string(r.number), when(r.updated),
                            std::string(storage::name_of(r.status)), r.chart,
                            r.description.substr(0, r.description.find('\n'))});
        co_return output{table({"REVISION", "UPDATED", "STATUS", "CHART", "DESCRIPTION"}, rows),
                         ""};
    }
};

class show_drift final : public release_command {
public:
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const found,
                          co_await s.of_release(permission::see_cluster, release_));
        PILOTHOUSE_CO_TRY(auto const all, co_await s.releases.drift(found.grant, found.record.id));
        if (as_json) co_return output{json::serialize(shapes::shape_of(all)) + "\n", ""};
        if (all.empty()) co_return output{"", "All objects are as the chart wrote them.\n"};
        std::vector<std::vector<std::string>> rows;
        for (auto const& o : all) rows.push_back({o.kind, o.name_space, o.name, o.state});
        co_return output{table({"KIND", "NAMESPACE", "NAME", "STATE"}, rows), ""};
    }
};

class show_values final : public release_command {
public:
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const found,
                          co_await s.of_release(permission::use_cluster, release_));
        PILOTHOUSE_CO_TRY(auto const values,
                          co_await s.releases.values(found.grant, found.record.id));
        if (as_json) co_return output{std::string(values.reveal()) + "\n", ""};
        co_return output{std::string(release::values_as_yaml(values).reveal()), ""};
    }
};

}  // namespace

command_family release_commands() {
    return {"release", "Releases: chart versions of this server, installed in clusters.",
            commands_of(
                described_command{
                    {"install",
                     "Installs a version into a cluster; exit status 0: it went well, 3: it "
                     "failed, 4: it was cancelled.",
                     "pilothouse release install prod fleet/charts/stable/hello@0.1.0 -n shop"},
                    install_command()},
                described_command{
                    {"update", "Changes a release's version or values.",
                     "pilothouse release update prod/shop/hello fleet/charts/stable/hello@0.2.0"},
                    update_command()},
                described_command{{"uninstall", "Removes a release from its cluster.",
                                   "pilothouse release uninstall prod/shop/hello --yes"},
                                  uninstall_command()},
                described_command{{"rollback", "Goes back to an earlier revision.",
                                   "pilothouse release rollback prod/shop/hello 3"},
                                  rollback_command()},
                described_command{
                    {"stop", "Scales a release to no pods, until it is updated or rolled back.",
                     "pilothouse release stop prod/shop/hello"},
                    stop_command()},
                described_command{{"restart", "Gives a release new pods.",
                                   "pilothouse release restart prod/shop/hello"},
                                  restart_command()},
                describe<list_releases>(
                    {"list", "Lists the releases in a cluster.", "pilothouse release list prod"}),
                describe<show_release>(
                    {"show", "Shows one release.", "pilothouse release show prod/shop/hello"}),
                describe<show_history>({"history", "Lists a release's revisions.",
                                        "pilothouse release history prod/shop/hello"}),
                described_command{
                    {"diff", "Shows what an update would change in the cluster.",
                     "pilothouse release diff prod/shop/hello fleet/charts/stable/hello@0.2.0"},
                    diff_command()},
                describe<show_drift>({"drift",
                                      "Lists objects that are missing, or that somebody changed.",
                                      "pilothouse release drift prod/shop/hello"}),
                describe<show_values>({"values", "Prints the values that were given to a release.",
                                       "pilothouse release values prod/shop/hello"}))};
}

}  // namespace pilothouse::cli
