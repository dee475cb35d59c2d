// The use cases of releases over stores in memory, and an engine that does as it is told.
#pragma once

#include "release/access.hpp"
#include "release/change_release.hpp"
#include "release/diff_release.hpp"
#include "release/product.hpp"
#include "release/purposes.hpp"
#include "release/read_releases.hpp"
#include "release/release_parts.hpp"
#include "release/runner.hpp"

#include "base/descriptor.hpp"
#include "base/doorbell.hpp"
#include "base/task_group.hpp"
#include "tests/support/demo_chart.hpp"
#include "tests/support/fake_engine.hpp"
#include "tests/support/fake_inspector.hpp"
#include "tests/support/fake_workloads.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/use_cases/house.hpp"

#include <boost/asio/co_spawn.hpp>

#include <fcntl.h>

#include <chrono>
#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests {

inline constexpr char const* cluster_token = "tok-5ecret-of-the-cluster";
inline constexpr char const* planted = "pl4nted-5ecret";

// Events that take their time to be written.
class slow_events final : public storage::operation_events {
public:
    explicit slow_events(storage::operation_events& inner) : inner_(inner) {}
    std::chrono::milliseconds takes{0};

    task<void> append(std::string operation,
                      std::vector<storage::operation_event> events) override {
        doorbell nobody;
        if (takes.count() != 0) co_await nobody.wait(takes);
        co_await inner_.append(std::move(operation), std::move(events));
    }
    task<std::vector<storage::operation_event>> read(std::string operation,
                                                     std::int64_t after) override {
        return inner_.read(std::move(operation), after);
    }

private:
    storage::operation_events& inner_;
};

struct yard : house {
    using status = release::release_status;
    using revisions = std::vector<std::pair<int, status>>;

    key_ring keys = key_ring::temporary();
    fake_engine helm;
    fake_inspector looks;  // asked as soon as parts.looks is set
    fake_workloads scales;
    temp_dir dir;
    int wakes = 0;
    slow_events noted{faulty.operation_events()};
    release::release_parts parts = make_parts();
    release::access access_to{parts};
    release::change_release change{parts};
    release::read_releases read{parts};
    release::diff_release diff{parts};
    storage::cluster_record cluster = add_cluster("dev");
    release::runner_times times = make_times();

    yard();
    ~yard();

    release::release_parts make_parts() {
        return {faulty.clusters(),
                faulty.releases(),
                faulty.operations(),
                noted,
                faulty.catalogue(),
                faulty.packages(),
                faulty.blobs(),
                policy,
                auditor,
                helm,
                keys,
                time,
                files,
                dir.path() / "runs",
                nullptr,
                {},
                [this] { ++wakes; },
                {},
                &scales};
    }
    static release::runner_times make_times() {
        using namespace std::chrono_literals;
        release::runner_times t;
        t.cancel_grace = 100ms;
        t.unknown_child = 1ms;
        t.patience = 20ms;
        t.stranded = 10s;
        t.retry_first = 1ms;
        t.retry_last = 2ms;
        t.between_looks = 1ms;
        return t;
    }
    storage::cluster_record add_cluster(std::string name) {
        storage::cluster_record c;
        c.name = std::move(name);
        c.server = "https://127.0.0.1:6443";
        release::cluster_access known;
        known.server = c.server;
        known.token = secret(std::string(cluster_token));
        c.sealed_kubeconfig =
            keys.seal(release::write_kubeconfig(known), release::kubeconfig_purpose(c.name));
        return run_to_end(stores->clusters().create(c)).value();
    }
    auth::grant use(std::string const& name = "dev") {
        return run_to_end(policy.authorize_on_cluster(auth::local_operator(),
                                                      auth::permission::use_cluster, name))
            .value();
    }
    void push_demo(std::string const& version = "1.0.0") {
        REQUIRE(push(demo_chart("demo", version)));
    }
    void yank_demo(std::string version = "1.0.0") {
        registry::version_choice which;
        which.chart = "demo";
        which.versions = {std::move(version)};
        auto const yanked = run_to_end(
            marks.yank(grant(auth::permission::remove_chart), house::stable(), which, "bad"));
        REQUIRE(yanked);
    }
    // A version 1.0.0 whose line in the index says more; returns its reference.
    std::string add_line(std::string const& chart, std::string const& more,
                         sha256_digest const& archive = {}) {
        storage::catalogue_entry e;
        e.chart = chart;
        e.version = "1.0.0";
        e.file_name = chart + "-1.0.0.tgz";
        e.digest = archive;
        e.fragment = R"({"name":")" + chart + R"(","version":"1.0.0",)" + more + "}";
        REQUIRE(run_to_end(
            stores->catalogue().add(project.id, "stable", e, storage::on_duplicate::refuse)));
        return "grp/p/stable/" + chart + "@1.0.0";
    }
    // The same with an archive.
    std::string add_chart(std::string const& chart, std::string const& more) {
        auto const pushed = push(demo_chart(chart, "0.9.0"));
        REQUIRE(pushed);
        auto const known = run_to_end(release::find_product(parts, auth::local_operator(),
                                                            "grp/p/stable/" + chart + "@0.9.0"));
        return add_line(chart, more, known->source.archive);
    }
    static release::install_request installation(std::string version = "1.0.0") {
        release::install_request wanted;
        wanted.version = "grp/p/stable/demo@" + version;
        wanted.name = "shop";
        wanted.name_space = "web";
        wanted.values.pairs.push_back({"db.password", secret(planted)});
        return wanted;
    }
    result<storage::begun> install(release::install_request wanted = installation()) {
        return run_to_end(change.install(use(), std::move(wanted)));
    }
    result<storage::begun> update(std::string const& id, std::string version = "") {
        release::update_request wanted;
        wanted.release = id;
        wanted.version = version.empty() ? "" : "grp/p/stable/demo@" + version;
        return run_to_end(change.update(use(), std::move(wanted)));
    }
    result<storage::begun> uninstall(std::string const& id) {
        release::release_request wanted;
        wanted.release = id;
        return run_to_end(change.uninstall(use(), std::move(wanted)));
    }
    result<storage::begun> roll_back(std::string const& id, int to = 0) {
        release::rollback_request wanted;
        wanted.release = id;
        wanted.revision = to;
        return run_to_end(change.rollback(use(), std::move(wanted)));
    }
    result<storage::begun> stop(std::string const& id, release::operation_options how = {}) {
        return run_to_end(change.stop(use(), {id, how, {}}));
    }
    result<storage::begun> restart(std::string const& id, release::operation_options how = {}) {
        return run_to_end(change.restart(use(), {id, how, {}}));
    }
    storage::operation_record operation(std::string const& id) {
        return run_to_end(stores->operations().find(id)).value();
    }
    result<storage::release_record> found(std::string const& id) {
        return run_to_end(stores->releases().find(id));
    }
    storage::release_record release_of(std::string const& id) { return found(id).value(); }

    // A server's life: from its start until `over`, which is looked at again and again.
    void run_until(std::function<bool()> over, bool killed = false) {
        descriptor const nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
        logger log(log_format::json, log_level::error, nowhere.get());
        metrics::registry figures;
        release::runner runner(parts, times, log, figures);
        parts.work_waits = [&] { runner.wake(); };
        std::exception_ptr thrown;
        auto const keep = [&](std::exception_ptr e) {
            if (e) thrown = std::move(e);
        };
        auto stopped = std::make_unique<asio::io_context>(1);
        asio::co_spawn(*stopped, runner.run(), keep);
        asio::co_spawn(*stopped, watch(over, runner, killed, *stopped), keep);
        stopped->run();
        settle_files();
        stopped.reset();  // what was in the midst of something is no more
        parts.work_waits = [this] { ++wakes; };
        if (thrown) std::rethrow_exception(thrown);
    }
    bool is_done(std::string const& id) { return peek(id).state == storage::operation_state::done; }
    storage::operation_record peek(std::string const& id) {
        return run_to_end(stores->operations().find(id)).value();
    }
    storage::operation_record finish(std::string const& id) {
        run_until([&] { return is_done(id); });
        return operation(id);
    }
    // The server dies as soon as it is so far.
    void kill_when(std::function<bool()> over) { run_until(std::move(over), true); }

    revisions history() {
        revisions all;
        for (auto const& r : helm.cluster[{"web", "shop"}]) all.emplace_back(r.number, r.status);
        return all;
    }
    std::vector<storage::operation_event> events(std::string const& id) {
        return run_to_end(stores->operation_events().read(id, 0));
    }

    // An installed release.
    storage::release_record installed() {
        push_demo();
        auto const begun = install().value();
        REQUIRE_FALSE(finish(begun.operation.id).error);
        helm.calls.clear();
        return release_of(begun.release.id);
    }

private:
    static task<void> watch(std::function<bool()> over, release::runner& runner, bool killed,
                            asio::io_context& loop) {
        doorbell nobody;
        auto const begun = std::chrono::steady_clock::now();
        while (!over()) {
            if (std::chrono::steady_clock::now() - begun > std::chrono::seconds(20))
                throw std::runtime_error("it comes to no end");
            co_await nobody.wait(std::chrono::milliseconds(1));
        }
        if (killed)
            loop.stop();
        else
            runner.stop();
    }
};

[[nodiscard]] inline std::string outcome(storage::operation_record const& o) {
    if (o.state != storage::operation_state::done) return std::string(name_of(o.state));
    return o.error ? std::string(name_of(o.error->code)) + ": " + o.error->message : "done";
}

}  // namespace pilothouse::tests
