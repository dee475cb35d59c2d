// Settings of channels, retention, and what is said of versions.
#include "index/entry_fragment.hpp"
#include "tests/unit/cli/cli_fixture.hpp"

namespace pilothouse::tests::channel_commands_test {

namespace {

struct fixture : tests::cli_fixture {
    storage::project_id project;

    fixture() { project.value = json({"project", "create", "grp/p"}).at("id").as_int64(); }
    // A row of the catalogue; its bytes are nobody's business here.
    void add(std::string chart, std::string version, std::string channel = "edge") {
        chart::chart_metadata m;
        m.name = chart;
        m.version = version;
        m.api_version = "v2";
        storage::catalogue_entry e;
        e.precedence_key = chart::chart_version::parse(version).value().precedence_key();
        e.file_name = chart + "-" + version + ".tgz";
        e.digest = sha256(e.file_name);
        e.content = e.digest;
        e.size_bytes = 100;
        e.created = time.now();
        e.fragment = index::render_fragment(m, e.file_name, e.digest, e.created);
        e.chart = std::move(chart);
        e.version = std::move(version);
        REQUIRE(run_to_end(parts->stores->catalogue().add(project, channel, std::move(e),
                                                          storage::on_duplicate::refuse)));
    }
    std::size_t held(std::string channel) {
        return json({"chart", "list", "grp/p", std::move(channel)}).as_array().size();
    }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "a channel's settings are set one by one, shown, and taken back") {
    refusal(1, {"channel", "show", "grp/p", "edge"});
    auto c = json({"channel", "edit", "grp/p", "edge", "--description", "for the brave",
                   "--duplicates", "allow", "--index-format", "yaml", "--read-only", "true"});
    CHECK(c.at("description") == "for the brave");
    CHECK(c.at("last_push_at").is_null());
    c = json({"channel", "edit", "grp/p", "edge", "--keep-newest", "3", "--keep-newest-of-major",
              "2", "--keep-newest-of-minor", "1", "--keep-prereleases", "0", "--keep-younger-than",
              "90d", "--keep-prereleases-younger-than", "36h", "--keep-matching", ">=1.0 || ^7"});
    CHECK(c == json({"channel", "show", "grp/p", "edge"}));
    CHECK(c.at("description") == "for the brave");
    CHECK(c.at("duplicates") == "allow");
    CHECK(c.at("index_format") == "yaml");
    CHECK(c.at("read_only") == true);
    auto const& keep = c.at("retention");
    CHECK(keep.at("newest") == 3);
    CHECK(keep.at("newest_of_major") == 2);
    CHECK(keep.at("newest_of_minor") == 1);
    CHECK(keep.at("prereleases") == 0);
    CHECK(keep.at("younger_than") == "90d");
    CHECK(keep.at("prereleases_younger_than") == "36h");
    CHECK(keep.at("matching") == ">=1.0 || ^7");
    auto const shown = text({"channel", "show", "grp/p", "edge"});
    for (auto const* const word : {"for the brave", "allow", "yaml", "90d", "never"})
        CHECK(contains(shown, word));
    CHECK(contains(text({"channel", "list", "grp/p"}), "read-only"));

    c = json({"channel",
              "edit",
              "grp/p",
              "edge",
              "--description",
              "",
              "--duplicates",
              "inherit",
              "--index-format",
              "inherit",
              "--read-only",
              "false",
              "--keep-newest",
              "none",
              "--keep-newest-of-major",
              "none",
              "--keep-newest-of-minor",
              "none",
              "--keep-prereleases",
              "none",
              "--keep-younger-than",
              "none",
              "--keep-prereleases-younger-than",
              "none",
              "--keep-matching",
              "none"});
    CHECK(c.at("retention").at("newest").is_null());
    CHECK(c.at("retention").at("matching").is_null());
    CHECK(c.at("duplicates") == "inherit");
    CHECK(json({"channel", "list", "grp/p"}).as_array().empty());
}

TEST_CASE_FIXTURE(fixture, "settings that make no sense are refused with what would") {
    auto const edit = [&](char const* option, char const* value) {
        return refusal(1, {"channel", "edit", "grp/p", "edge", option, value});
    };
    for (auto const* const value : {"x", "1.5", "3 ", "0", "-1", "99999999999999999999"})
        edit("--keep-newest", value);
    CHECK(contains(edit("--keep-newest", "x"), "`none`"));
    edit("--keep-prereleases", "-1");
    CHECK(contains(edit("--keep-younger-than", "90"), "`90d`"));
    edit("--keep-younger-than", "0d");
    edit("--keep-matching", "latest");
    edit("--description", "\x01");
    refusal(1, {"channel", "edit", "grp/p", "no--channel", "--read-only", "true"});
    refusal(1, {"channel", "edit", "grp/none", "edge", "--read-only", "true"});
}

TEST_CASE_FIXTURE(fixture, "settings that no option names stay") {
    text({"channel", "edit", "grp/p", "edge", "--keep-newest", "2", "--keep-matching", "^1"});
    text({"channel", "edit", "grp/p", "edge", "--read-only", "true"});
    auto const c = json({"channel", "edit", "grp/p", "edge", "--keep-matching", "none",
                         "--keep-younger-than", "2d"});
    CHECK(c.at("read_only") == true);
    CHECK(c.at("retention").at("newest") == 2);
    CHECK(c.at("retention").at("younger_than") == "2d");
    CHECK(c.at("retention").at("matching").is_null());
}

TEST_CASE_FIXTURE(fixture, "retention is listed, then done") {
    for (auto const* const v : {"1.0.0", "1.1.0", "2.0.0"}) add("nginx", v);
    CHECK(json({"channel", "retain", "grp/p", "edge"}) ==
          boost::json::parse(R"({"removed":[],"protected":[]})"));
    text({"channel", "edit", "grp/p", "edge", "--keep-newest", "2"});
    auto const dry = json({"channel", "retain", "grp/p", "edge", "--dry-run"});
    REQUIRE(dry.at("removed").as_array().size() == 1);
    CHECK(dry.at("removed").at(0).at("version") == "1.0.0");
    CHECK(dry.at("removed").at(0).at("reason") == "beyond the newest 2 releases");
    CHECK(dry.at("protected").as_array().empty());
    CHECK(contains(text({"channel", "retain", "grp/p", "edge", "--dry-run"}),
                   "would remove nginx 1.0.0: beyond"));
    CHECK(held("edge") == 3);
    CHECK(contains(text({"channel", "retain", "grp/p", "edge"}), "removed nginx 1.0.0"));
    CHECK(held("edge") == 2);
    storage::protection_rule rule;
    rule.pattern = "nginx";
    rule.remove = storage::role::owner;
    REQUIRE(run_to_end(parts->stores->protections().add(project, rule)));
    text({"channel", "edit", "grp/p", "edge", "--keep-newest", "1"});
    auto const spared = json({"channel", "retain", "grp/p", "edge"});
    CHECK(spared.at("removed").as_array().empty());
    REQUIRE(spared.at("protected").as_array().size() == 1);
    CHECK(spared.at("protected").at(0).at("name") == "nginx");
    CHECK(spared.at("protected").at(0).at("version") == "1.1.0");
    CHECK(spared.at("protected").at(0).at("reason") ==
          "protected: removing it takes the role owner");
    CHECK(held("edge") == 2);
    refusal(1, {"channel", "retain", "grp/p", "none"});
}

TEST_CASE_FIXTURE(fixture, "versions are promoted, to another project too, and moved") {
    for (auto const* const v : {"1.0.0", "1.1.0", "2.0.0"}) add("nginx", v);
    add("redis", "7.0.0");
    auto const done = json({"chart", "promote", "grp/p", "edge", "stable", "nginx", "1.0.0"});
    REQUIRE(done.as_array().size() == 1);
    CHECK(done.at(0).at("outcome") == "created");
    CHECK(done.at(0).at("promoted").at("from") == "grp/p/edge");
    CHECK(contains(text({"chart", "promote", "grp/p", "edge", "stable", "nginx", "--range", "^1"}),
                   "nginx 1.0.0: unchanged"));
    CHECK(held("stable") == 2);
    CHECK(contains(refusal(2, {"chart", "promote", "grp/p", "edge", "stable"}), "--yes"));
    text({"chart", "promote", "grp/p", "edge", "stable", "--yes"});
    CHECK(held("stable") == 4);

    text({"project", "create", "grp/other"});
    text({"chart", "promote", "grp/p", "edge", "stable", "redis", "--to-project", "grp/other",
          "--move"});
    CHECK(json({"chart", "list", "grp/other", "stable"}).as_array().size() == 1);
    CHECK(held("edge") == 3);
    CHECK(contains(refusal(1, {"chart", "promote", "grp/p", "edge", "stable", "redis"}),
                   "pilothouse chart list grp/p edge"));
    refusal(1, {"chart", "promote", "grp/p", "edge", "edge", "nginx"});
    refusal(1, {"chart", "promote", "grp/p", "edge", "stable", "nginx", "--range", "latest"});
}

TEST_CASE_FIXTURE(fixture, "versions are deprecated and yanked, and both is taken back") {
    add("nginx", "1.0.0");
    add("nginx", "2.0.0");
    auto const deprecated =
        json({"chart", "deprecate", "grp/p", "edge", "nginx", "1.0.0", "--reason", "too old"});
    CHECK(deprecated.at(0).at("deprecated").at("reason") == "too old");
    CHECK(deprecated.at(0).at("yanked").is_null());
    CHECK(contains(text({"chart", "list", "grp/p", "edge"}), "deprecated"));

    auto const yanked =
        json({"chart", "yank", "grp/p", "edge", "nginx", "2.0.0", "--reason", "leaks"});
    CHECK(yanked.at(0).at("yanked").at("reason") == "leaks");
    CHECK(json({"chart", "show", "grp/p", "edge", "nginx"}).at("version") == "1.0.0");
    CHECK(contains(text({"chart", "show", "grp/p", "edge", "nginx", "2.0.0"}), "yanked"));
    CHECK(contains(refusal(1, {"chart", "promote", "grp/p", "edge", "stable", "nginx", "2.0.0"}),
                   "leaks"));

    text({"chart", "unyank", "grp/p", "edge", "nginx", "2.0.0"});
    text({"chart", "undeprecate", "grp/p", "edge", "nginx"});
    auto const all = json({"chart", "list", "grp/p", "edge"});
    for (auto const& v : all.as_array()) {
        CHECK(v.at("deprecated").is_null());
        CHECK(v.at("yanked").is_null());
    }
    auto const of_two =
        json({"chart", "yank", "grp/p", "edge", "nginx", "--range", "^2", "--reason", "leaks"});
    REQUIRE(of_two.as_array().size() == 1);
    CHECK(of_two.at(0).at("version") == "2.0.0");
    text({"chart", "unyank", "grp/p", "edge", "nginx", "--range", ">=1"});
    refusal(2, {"chart", "yank", "grp/p", "edge", "nginx", "--reason", "x"});
    refusal(1, {"chart", "yank", "grp/p", "edge", "nginx", "--range", "new", "--reason", "x"});
    refusal(1, {"chart", "yank", "grp/p", "edge", "nginx", "9.9.9", "--reason", "x"});
    refusal(1, {"chart", "yank", "grp/p", "edge", "nginx", "1.0.0", "--reason", "a\nb"});
}

}  // namespace pilothouse::tests::channel_commands_test
