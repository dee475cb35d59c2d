// Packages where they meet channels, rules and other routes; tests/e2e tries the API itself.
#include "base/runtime.hpp"
#include "tests/support/demo_chart.hpp"
#include "tests/support/put_record.hpp"
#include "tests/support/test_server.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests::packages_test {

namespace json = boost::json;

namespace {

struct world {
    test_server server;
    storage::project_record project = server.add_project("grp/p", storage::visibility::private_);
    storage::user_record jane = server.add_user("jane");
    std::string token = server.add_token(jane, {"api"});
    std::string const packages = "/api/v4/projects/grp%2Fp/packages";
    std::string const helm = packages + "/helm/";

    world() { server.add_member(project, jane, storage::role::maintainer); }

    http_reply ask(std::string const& method, std::string const& path, http_headers headers = {}) {
        headers.emplace_back("PRIVATE-TOKEN", token);
        return server.request(method, path, headers);
    }
    json::value get(std::string const& path) {
        auto const reply = ask("GET", path);
        CAPTURE(reply.body);
        REQUIRE(reply.status == 200);
        return json::parse(reply.body);
    }
    void push(std::string const& channel, std::string const& archive,
              std::string const& provenance = {}) {
        std::vector<form_field> fields{{"chart", archive, "c.tgz"}};
        if (!provenance.empty()) fields.push_back({"prov", provenance, "c.tgz.prov"});
        REQUIRE(server.push("grp%2Fp", channel, basic("jane", token), fields).status == 201);
    }
    std::string number_of(std::string const& version) {
        auto const found = get(packages + "?package_version=" + version);
        REQUIRE(found.as_array().size() == 1);
        return std::to_string(found.at(0).at("id").as_int64());
    }
    bool index_has(std::string const& channel, std::string const& file) {
        return ask("GET", helm + channel + "/index.yaml").body.find(file) != std::string::npos;
    }
    void set_read_only(std::string const& channel, bool on) {
        storage::channel_settings settings;
        settings.read_only = on;
        auto& channels = server.core().stores->channels();
        run_to_end(tests::put_settings(channels, project.id, channel, settings)).value();
    }
};

}  // namespace

TEST_CASE("the index after a removal's answer is without the version, in every channel and view") {
    world w;
    for (char const* const channel : {"stable", "edge"})
        for (char const* const version : {"1.0.0", "1.1.0"})
            w.push(channel, demo_chart("demo", version));
    for (char const* const channel : {"stable", "edge", "stable~latest-5"})
        REQUIRE(w.index_has(channel, "demo-1.1.0.tgz"));
    auto const path = w.packages + "/" + w.number_of("1.1.0");
    auto const reply = w.ask("DELETE", path);
    CHECK(reply.status == 204);
    CHECK(reply.body.empty());
    for (char const* const channel : {"stable", "edge", "stable~latest-5"}) {
        CAPTURE(channel);
        CHECK_FALSE(w.index_has(channel, "demo-1.1.0.tgz"));
        CHECK(w.index_has(channel, "demo-1.0.0.tgz"));
        CHECK(w.ask("GET", w.helm + channel + "/charts/demo-1.1.0.tgz").status == 404);
    }
    CHECK(w.ask("DELETE", path).body == R"({"message":"404 Not found"})");
    CHECK(w.ask("GET", path).status == 404);
    CHECK(w.get(w.packages).as_array().size() == 1);
}

TEST_CASE("a read-only channel keeps a package whole, and lets none of its files go") {
    world w;
    auto const archive = demo_chart("demo", "1.0.0");
    w.push("edge", archive);
    w.push("stable", archive, demo_provenance("demo", "1.0.0", archive));
    w.set_read_only("stable", true);
    auto const path = w.packages + "/" + w.number_of("1.0.0");
    auto const files = w.get(path + "/package_files").as_array();
    REQUIRE(files.size() == 3);
    auto const refused = [&](std::string const& what) {
        auto const reply = w.ask("DELETE", what);
        CHECK(reply.status == 403);
        CHECK(reply.body.find("403 Forbidden - the channel stable takes no change") !=
              std::string::npos);
    };
    refused(path);
    for (auto const& file : files) {
        if (file.at("channel") == "edge") continue;
        refused(path + "/package_files/" + std::to_string(file.at("id").as_int64()));
    }
    CHECK(w.index_has("edge", "demo-1.0.0.tgz"));
    CHECK(w.index_has("stable", "demo-1.0.0.tgz"));
    w.set_read_only("stable", false);
    CHECK(w.ask("DELETE", path).status == 204);
}

TEST_CASE("a protected package is kept in GitLab's words") {
    world w;
    w.push("stable", demo_chart("demo", "1.0.0"));
    auto const path = w.packages + "/" + w.number_of("1.0.0");
    auto const file = std::to_string(w.get(path + "/package_files").at(0).at("id").as_int64());
    storage::protection_rule rule;
    rule.pattern = "demo";
    rule.remove = storage::role::owner;
    auto& rules = w.server.core().stores->protections();
    auto const id = run_to_end(rules.add(w.project.id, rule)).value().id;
    for (auto const& what : {path, path + "/package_files/" + file}) {
        auto const reply = w.ask("DELETE", what);
        CHECK(reply.status == 403);
        CHECK(json::parse(reply.body).at("message") ==
              "403 Forbidden - Package is deletion protected.");
    }
    CHECK(w.index_has("stable", "demo-1.0.0.tgz"));
    run_to_end(rules.remove(w.project.id, id)).value();
    CHECK(w.ask("DELETE", path).status == 204);
}

TEST_CASE("provenance is a file of its own: served, removed alone, gone with its archive") {
    world w;
    auto const archive = demo_chart("demo", "1.0.0");
    auto const provenance = demo_provenance("demo", "1.0.0", archive);
    w.push("stable", archive, provenance);
    auto const path = w.packages + "/" + w.number_of("1.0.0") + "/package_files";
    auto const files = w.get(path).as_array();
    REQUIRE(files.size() == 2);
    CHECK(files[0].at("size") == archive.size());
    CHECK(files[1].at("size") == provenance.size());
    CHECK(files[1].at("file_name") == "demo-1.0.0.tgz.prov");
    CHECK(files[1].at("file_sha256").as_string() == sha256(provenance).hex());
    auto const of = [&](std::size_t i) {
        return path + "/" + std::to_string(files[i].at("id").as_int64());
    };
    auto const served = w.ask("GET", of(1) + "/download");
    CHECK(served.body == provenance);
    CHECK(served.header("content-type") == "application/pgp-signature");
    auto const part = w.ask("GET", of(0) + "/download", {{"Range", "bytes=0-9"}});
    CHECK(part.status == 206);
    CHECK(part.body == archive.substr(0, 10));
    auto const etag = w.ask("GET", of(0) + "/download").header("etag");
    CHECK(w.ask("GET", of(0) + "/download", {{"If-None-Match", etag}}).status == 304);

    CHECK(w.ask("DELETE", of(1)).status == 204);
    CHECK(w.ask("DELETE", of(1)).body == R"({"message":"404 Not Found"})");
    CHECK(w.ask("GET", w.helm + "stable/charts/demo-1.0.0.tgz.prov").status == 404);
    CHECK(w.index_has("stable", "demo-1.0.0.tgz"));
    CHECK(w.ask("DELETE", of(0)).status == 204);
    CHECK_FALSE(w.index_has("stable", "demo-1.0.0.tgz"));
    CHECK(w.get(w.packages).as_array().empty());
}

TEST_CASE("deprecated packages say so, yanked ones are still listed") {
    world w;
    w.push("stable", demo_chart("demo", "1.0.0"));
    w.push("stable", demo_chart("demo", "1.1.0"));
    auto& stores = *w.server.core().stores;
    auto const mark = [&](std::string const& version, storage::mark_kind what) {
        auto const entry =
            run_to_end(stores.catalogue().find(w.project.id, "stable", "demo-" + version + ".tgz"))
                .value();
        storage::marking m{{entry.file_name, entry.digest}, what, storage::mark{}, entry.fragment};
        run_to_end(stores.curator().mark(w.project.id, "stable", {m})).value();
    };
    mark("1.0.0", storage::mark_kind::deprecated);
    mark("1.1.0", storage::mark_kind::yanked);
    auto const all = w.get(w.packages);
    REQUIRE(all.as_array().size() == 2);
    CHECK(all.at(0).at("status") == "deprecated");
    CHECK(all.at(1).at("status") == "default");
    CHECK(w.get(w.packages + "?status=deprecated").as_array().size() == 1);
    CHECK(w.get(w.packages + "?status=default").at(0).at("version") == "1.1.0");
    CHECK(w.ask("DELETE", w.packages + "/" + w.number_of("1.1.0")).status == 204);
    CHECK(w.ask("GET", w.helm + "stable/charts/demo-1.1.0.tgz").status == 404);
}

TEST_CASE("where anyone can pull, strangers see the packages and may change nothing") {
    world w;
    w.push("stable", demo_chart("demo", "1.0.0"));
    auto const path = w.packages + "/" + w.number_of("1.0.0");
    auto const status = [&](std::string const& method, std::string const& where) {
        return w.server.request(method, where).status;
    };
    CHECK(status("GET", w.packages) == 401);
    w.project.anyone_can_pull = true;
    run_to_end(tests::put_record(w.server.core().stores->projects(), w.project)).value();
    CHECK(status("GET", w.packages) == 200);
    CHECK(status("GET", path) == 200);
    CHECK(status("GET", path + "/package_files") == 200);
    CHECK(status("DELETE", path) == 401);
    // A job of the project is as its user; of another project, as anybody.
    auto const job = w.server.add_job_token(w.project, w.jane);
    auto const other = w.server.add_project("grp/other", storage::visibility::private_);
    auto const foreign = w.server.add_job_token(other, w.jane);
    auto const by = [&](std::string const& method, std::string const& text) {
        return w.server.request(method, path, {{"JOB-TOKEN", text}}).status;
    };
    CHECK(by("GET", foreign) == 200);
    CHECK(by("DELETE", foreign) == 403);
    CHECK(by("GET", job) == 200);
    CHECK(by("DELETE", job) == 204);
}

TEST_CASE("a push, its signature and its removal are in the audit log with the client's address") {
    world w;
    auto const archive = demo_chart("demo", "1.0.0");
    w.push("stable", archive);
    w.push("stable", archive);
    w.push("stable", archive, demo_provenance("demo", "1.0.0", archive));
    auto const number = w.number_of("1.0.0");
    REQUIRE(w.ask("DELETE", w.packages + "/" + number).status == 204);
    auto const events = w.get("/api/v4/projects/grp%2Fp/audit_events");
    REQUIRE(events.as_array().size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        auto const& e = events.at(i);
        CHECK(e.at("event_name").as_string() ==
              std::vector{"chart_removed", "provenance_attached", "chart_pushed"}[i]);
        CHECK(e.at("author_id") == w.jane.id.value);
        CHECK(e.at("details").at("ip_address") == "127.0.0.1");
        CHECK(e.at("details").at("target_details") == "demo 1.0.0");
        CHECK(e.at("details").at("target_type") == "Packages::Package");
    }
    CHECK(std::to_string(events.at(2).at("details").at("target_id").as_int64()) == number);
}

}  // namespace pilothouse::tests::packages_test
