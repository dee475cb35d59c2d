// `pilothouse operation …`
#include "server/cli/command.hpp"
#include "server/cli/command_link.hpp"
#include "server/cli/release_words.hpp"
#include "server/cli/table.hpp"
#include "server/shapes/release_shapes.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;
using auth::permission;
using storage::operation_record;

output shown(operation_record const& o, bool as_json) {
    if (as_json) return {json::serialize(shapes::shape_of(o)) + "\n", ""};
    auto text = table_of(std::vector{o});
    if (o.error) text += "\n" + o.error->message + "\n";
    if (!o.warning.empty()) text += "\n" + o.warning + "\n";
    return {std::move(text), ""};
}

class list_operations final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        app.add_option("CLUSTER", cluster_, "a cluster's name")->required()->check(not_empty);
        app.add_option("--release", release_, "only of this one: its id, or cluster/namespace/name")
            ->check(not_empty);
        add_page(app, limit_, skip_);
    }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_cluster(permission::see_cluster, cluster_));
        // By its id one that is gone is named, too.
        if (release_.find('/') != release_.npos) {
            PILOTHOUSE_CO_TRY(auto const named,
                              co_await s.of_release(permission::see_cluster, release_));
            release_ = named.record.id;
        }
        auto const found = co_await s.releases.operations(g, release_, skip_, limit_);
        if (as_json) co_return output{json::serialize(shapes::shape_of(found)) + "\n", ""};
        co_return output{table_of(found), ""};
    }

private:
    std::string cluster_, release_;
    std::size_t limit_ = 20, skip_ = 0;
};

class operation_command : public command {
public:
    void declare(CLI::App& app) override { add_operation(app, id_); }

protected:
    std::string id_;
};

class show_operation final : public operation_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.of_operation(permission::see_cluster, id_));
        PILOTHOUSE_CO_TRY(auto const found, co_await s.releases.operation(g, id_));
        co_return shown(found, as_json);
    }
};

class list_operation_events final : public operation_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        operation_command::declare(app);
        app.add_option("--after", after_, "only those behind this number")
            ->check(CLI::NonNegativeNumber);
    }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.of_operation(permission::see_cluster, id_));
        PILOTHOUSE_CO_TRY(auto const events, co_await s.releases.events(g, id_, after_));
        if (as_json) co_return output{json::serialize(shapes::shape_of(events)) + "\n", ""};
        std::vector<std::vector<std::string>> rows;
        for (auto const& e : events)
            rows.push_back({std::to_string(e.number), when(e.at), e.what, e.text});
        co_return output{table({"NUMBER", "AT", "WHAT", "TEXT"}, rows), ""};
    }

private:
    std::int64_t after_ = 0;
};

class watch_operation final : public caller_command {
public:
    void declare(CLI::App& app) override { add_operation(app, id_); }
    cli_result run_at_caller(command_link& house, bool as_json) override {
        return follow_operation(house, id_, as_json);
    }

private:
    std::string id_;
};

class cancel_operation final : public operation_command {
public:
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.of_operation(permission::use_cluster, id_));
        PILOTHOUSE_CO_TRY(auto const cancelled, co_await s.releases.cancel(g, id_));
        co_return shown(cancelled, as_json);
    }
};

}  // namespace

command_family operation_commands() {
    return {
        "operation", "Operations: changes of releases, under way and done.",
        commands_of(
            describe<list_operations>({"list",
                                       "Lists the operations in a cluster, the newest first.",
                                       "pilothouse operation list prod"}),
            describe<show_operation>({"show", "Shows one operation, and why it failed.",
                                      "pilothouse operation show o1k3x…"}),
            describe<watch_operation>(
                {"watch",
                 "Tells what happens until an operation is done; exit status 0: it went "
                 "well, 3: it failed, 4: it was cancelled.",
                 "pilothouse operation watch o1k3x…"}),
            describe<list_operation_events>({"events",
                                             "Lists what happened in an operation so far.",
                                             "pilothouse operation events o1k3x…"}),
            describe<cancel_operation>(
                {"cancel", "Cancels an operation that waits, or an install or update that runs.",
                 "pilothouse operation cancel o1k3x…"}))};
}

}  // namespace pilothouse::cli
