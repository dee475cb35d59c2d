// Channels, charts, and what belongs to the whole server.
#include "tests/unit/cli/cli_fixture.hpp"

namespace pilothouse::tests::chart_commands_test {

namespace {

struct fixture : tests::cli_fixture {
    storage::project_id project;

    fixture() { project.value = json({"project", "create", "grp/p"}).at("id").as_int64(); }
    // A row of the catalogue; its bytes are nobody's business here.
    void add(std::string chart, std::string version, std::string channel = "stable") {
        storage::catalogue_entry e;
        e.precedence_key = chart::chart_version::parse(version).value().precedence_key();
        e.file_name = chart + "-" + version + ".tgz";
        e.digest = sha256(e.file_name);
        e.content = e.digest;
        e.size_bytes = 100;
        e.created = time.now();
        e.chart = std::move(chart);
        e.version = std::move(version);
        e.fragment = "{}";
        REQUIRE(run_to_end(parts->stores->catalogue().add(project, channel, std::move(e),
                                                          storage::on_duplicate::refuse)));
    }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "channels and charts are listed, newest versions first") {
    CHECK(json({"channel", "list", "grp/p"}).as_array().empty());
    CHECK(contains(refusal(1, {"chart", "list", "grp/p", "stable"}), "channel list grp/p"));
    add("nginx", "1.0.0");
    add("nginx", "1.10.0");
    add("redis", "2.0.0");
    add("redis", "3.0.0", "edge");

    auto const channels = json({"channel", "list", "grp/p"});
    REQUIRE(channels.as_array().size() == 2);
    CHECK(channels.at(0).at("name") == "edge");
    CHECK(channels.at(1).at("versions") == 3);
    CHECK(channels.at(1).at("charts") == 2);
    CHECK(contains(text({"channel", "list", "grp/p"}), "stable"));

    auto const all = json({"chart", "list", "grp/p", "stable"});
    REQUIRE(all.as_array().size() == 3);
    CHECK(all.at(0).at("name") == "nginx");
    CHECK(all.at(0).at("version") == "1.10.0");
    CHECK(all.at(0).at("digest").as_string() == sha256("nginx-1.10.0.tgz").hex());
    CHECK(all.at(0).at("provenance_digest").is_null());
    CHECK(json({"chart", "list", "grp/p", "stable", "redis"}).as_array().size() == 1);
    CHECK(contains(text({"chart", "list", "grp/p", "stable"}), "1.10.0"));
}

TEST_CASE_FIXTURE(fixture, "one version is shown: the one named, or the newest") {
    add("nginx", "1.0.0");
    add("nginx", "1.10.0");
    CHECK(json({"chart", "show", "grp/p", "stable", "nginx", "1.0.0"}).at("version") == "1.0.0");
    CHECK(json({"chart", "show", "grp/p", "stable", "nginx"}).at("version") == "1.10.0");
    add("nginx", "1.0.0", "edge");
    auto const package = json({"chart", "show", "grp/p", "stable", "nginx", "1.0.0"});
    CHECK(package.at("package_id").as_int64() > 0);
    CHECK(json({"chart", "show", "grp/p", "edge", "nginx"}).at("package_id") ==
          package.at("package_id"));
    CHECK(contains(text({"chart", "show", "grp/p", "edge", "nginx"}),
                   "\npackage " + std::to_string(package.at("package_id").as_int64()) + "\n"));
    CHECK(contains(refusal(1, {"chart", "show", "grp/p", "stable", "nginx", "9.9.9"}),
                   "pilothouse chart list grp/p stable"));
    refusal(1, {"chart", "show", "grp/p", "stable", "apache"});
    refusal(1, {"chart", "show", "grp/p", "beta", "nginx"});
    refusal(1, {"chart", "show", "grp/p", "no--channel", "nginx"});
    CHECK(contains(refusal(1, {"chart", "show", "grp/none", "stable", "nginx"}), "project list"));
}

TEST_CASE_FIXTURE(fixture, "a version is removed, then a chart, then with a yes the channel") {
    for (char const* const version : {"1.0.0", "1.1.0", "1.2.0"}) add("nginx", version);
    add("redis", "2.0.0");
    add("kafka", "3.0.0");
    auto const left = [&] { return json({"chart", "list", "grp/p", "stable"}).as_array().size(); };

    auto const removed = json({"chart", "remove", "grp/p", "stable", "nginx", "1.1.0"});
    REQUIRE(removed.as_array().size() == 1);
    CHECK(removed.at(0).at("version") == "1.1.0");
    CHECK(left() == 4);
    CHECK(contains(refusal(2, {"chart", "remove", "grp/p", "stable", "nginx"}), "--yes"));
    CHECK(contains(text({"chart", "remove", "grp/p", "stable", "nginx", "--yes"}),
                   "removed nginx 1.2.0"));
    CHECK(left() == 2);
    refusal(1, {"chart", "remove", "grp/p", "stable", "nginx", "--yes"});
    CHECK(contains(refusal(2, {"chart", "remove", "grp/p", "stable"}), "--yes"));
    CHECK(left() == 2);
    text({"chart", "remove", "grp/p", "stable", "--yes"});
    CHECK(left() == 0);
}

TEST_CASE_FIXTURE(fixture, "the operator looks after projects that are archived or switched off") {
    add("nginx", "1.0.0");
    text({"project", "edit", "grp/p", "--archived=true", "--package-registry=disabled"});
    CHECK(json({"chart", "list", "grp/p", "stable"}).as_array().size() == 1);
    text({"chart", "remove", "grp/p", "stable", "nginx", "1.0.0"});
}

TEST_CASE_FIXTURE(fixture, "the garbage is counted, or collected") {
    for (char const* const row : {"--dry-run", "--grace=0"}) {
        auto const done = json({"gc", row});
        CHECK(done.at("blobs_kept") == 0);
        CHECK(done.at("blobs_removed") == 0);
        CHECK(done.at("bytes_removed") == 0);
        CHECK(done.at("bytes_kept") == 0);
        CHECK(done.at("errors") == 0);
    }
    CHECK(contains(text({"gc"}), "removed 0 files"));
    CHECK(contains(text({"gc", "--dry-run"}), "would remove"));
}

TEST_CASE_FIXTURE(fixture, "the greatest chart file is set, and counts at once") {
    CHECK(json({"settings", "show"}).at("helm_max_file_size") == 5'242'880);
    CHECK(json({"settings", "set", "helm_max_file_size", "1000"}).at("helm_max_file_size") == 1000);
    CHECK(run_to_end(services.settings.helm_max_file_size()) == 1000);
    text({"settings", "set", "helm_max_file_size", "0"});
    CHECK(run_to_end(services.settings.helm_max_file_size()) == 0);
    for (char const* const value :
         {"", "x", "10 MB", "1.5", "0x10", "99999999999999999999", "+5", "9007199254740993"})
        refusal(1, {"settings", "set", "helm_max_file_size", value});
    CHECK(contains(refusal(1, {"settings", "set", "no_such_key", "1"}), "helm_max_file_size"));
    CHECK(contains(text({"settings", "show"}), "helm_max_file_size"));
}

}  // namespace pilothouse::tests::chart_commands_test
