// The use cases over stores in memory, a clock that stands, and one project.
#pragma once

#include "auth/policy.hpp"
#include "auth/principal.hpp"
#include "base/blocking_pool.hpp"
#include "base/runtime.hpp"
#include "index/channel_index.hpp"
#include "registry/attach_provenance.hpp"
#include "registry/collect_garbage.hpp"
#include "registry/manage_channels.hpp"
#include "registry/mark_versions.hpp"
#include "registry/promote_charts.hpp"
#include "registry/pull_chart.hpp"
#include "registry/push_chart.hpp"
#include "registry/read_index.hpp"
#include "registry/remove_chart.hpp"
#include "registry/retain_charts.hpp"
#include "storage/open.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/faulty_stores.hpp"
#include "tests/support/put_record.hpp"
#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace pilothouse::tests {

// What every use case stands on.
struct ground_floor {
    fake_clock time;
    static constexpr std::size_t file_threads = 2;
    blocking_pool files{"files", {.threads = file_threads}};
    auth::access_cache access;
    index::channel_index indexes{index::index_format::json};
    std::unique_ptr<storage::stores> stores =
        storage::open(storage::memory_backend{}, files, time, &indexes, &access).value();

    ground_floor();
    ~ground_floor();

    // Returns when the threads of `files` have done all that they were given before this call, and
    // let go of it. Before a loop is destroyed on which something may still wait for them.
    void settle_files();
};

struct house : ground_floor {
    // Between the use cases and their stores; lets every call pass until its fuse is told
    // otherwise.
    faulty_stores faulty{*stores};
    auth::policy policy{{stores->projects(), stores->groups(), stores->members(),
                         stores->clusters(), stores->cluster_members()},
                        access,
                        time};
    auth::auditor auditor{faulty.audit(), time};
    registry::blob_pins pins;
    registry::read_index read_index{indexes, files};
    registry::pull_chart pull{read_index, faulty.catalogue(), faulty.blobs()};
    registry::chart_stores publishing{faulty.blobs(), faulty.catalogue(), faulty.channels(), pins};
    registry::push_chart push_use_case{publishing, auditor, files, time, {}};
    registry::attach_provenance attach{publishing, auditor};
    registry::remove_chart remove_use_case{faulty.catalogue(), faulty.curator(), auditor};
    registry::promote_charts promote{publishing, faulty.curator(), auditor, time};
    registry::mark_versions marks{faulty.catalogue(), faulty.curator(), auditor, time};
    registry::manage_channels channels{faulty.channels(), auditor};
    registry::retain_charts retain{
        {faulty.catalogue(), faulty.channels(), faulty.curator(), faulty.projects()},
        auditor,
        time};
    registry::collect_garbage collect{faulty.blobs(), faulty.catalogue(), pins, auditor, time};
    storage::project_record project;

    house();
    ~house();
    void set_rule(storage::duplicates_rule rule) {
        project.duplicates = rule;
        run_to_end(tests::put_record(stores->projects(), project)).value();
    }
    auth::grant grant(auth::permission what) {
        return run_to_end(policy.authorize(auth::local_operator(), what, project.id)).value();
    }
    auth::grant operator_grant() {
        return policy.authorize_on_server(auth::local_operator(), auth::permission::administer)
            .value();
    }

    task<storage::staged_file> stage(std::string bytes) {
        auto const writer = co_await faulty.staging().create();
        co_await writer->write(bytes);
        co_return co_await writer->finish();
    }
    task<result<registry::pushed>> push_task(auth::grant g, std::string archive,
                                             std::optional<std::string> provenance,
                                             std::string channel = "stable") {
        auto staged = co_await stage(std::move(archive));
        registry::push_request request{named(channel), std::move(staged), std::nullopt};
        if (provenance) request.provenance.emplace(co_await stage(std::move(*provenance)));
        co_return co_await push_use_case(g, std::move(request));
    }
    result<registry::pushed> push(std::string archive, std::optional<std::string> provenance = {}) {
        return run_to_end(push_task(grant(auth::permission::push_chart), std::move(archive),
                                    std::move(provenance)));
    }
    result<registry::pushed> push_to(std::string channel, std::string archive,
                                     std::optional<std::string> provenance = {}) {
        return run_to_end(push_task(grant(auth::permission::push_chart), std::move(archive),
                                    std::move(provenance), std::move(channel)));
    }
    result<storage::channel_record> edit(std::string const& channel,
                                         registry::channel_changes changes) {
        return run_to_end(channels.edit(grant(auth::permission::edit_project), named(channel),
                                        std::move(changes)));
    }
    std::string index_text(std::string const& channel) {
        auto const now =
            run_to_end(read_index(grant(auth::permission::read_chart), named(channel)));
        std::string text;
        for (auto const& piece : now->render("", index::coding::identity).pieces)
            text += piece.bytes;
        return text;
    }
    result<registry::pulled> pull_archive(std::string const& file) {
        return run_to_end(pull.archive(grant(auth::permission::read_chart), stable(), file));
    }
    registry::collected collect_garbage(std::chrono::seconds grace, bool dry_run = false) {
        return run_to_end(collect(operator_grant(), grace, dry_run));
    }
    std::size_t blob_count() { return run_to_end(stores->blobs().list()).size(); }
    std::size_t versions_in_index() {
        return run_to_end(read_index(grant(auth::permission::read_chart), stable()))->versions();
    }
    static chart::channel_name named(std::string const& channel) {
        return chart::channel_name::parse(channel).value();
    }
    static chart::channel_name stable() { return named("stable"); }
};

}  // namespace pilothouse::tests
