#include "release/helm/commands.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace pilothouse::tests::commands_test {

using namespace pilothouse::release;
using namespace pilothouse::release::helm;

namespace {

target const where{secret("{\"kubeconfig\":\"hidden\"}"), "shop", "cart"};
std::string const cluster = " --kubeconfig /proc/self/fd/3";
std::string const place = " cart --namespace shop";

commands third() { return commands({3, 21, "v3.21.4"}); }
commands fourth(bool server_side = true) { return commands({4, 2, "v4.2.4"}, server_side); }

std::string line(arguments const& all) {
    std::string text;
    for (auto const& one : all) text += (text.empty() ? "" : " ") + one;
    return text;
}

change with(operation_options const& o) { return {"/blobs/ab", o, "o1"}; }
std::string const changed =
    " /blobs/ab --values - --labels pilothouse.operation=o1 --hide-notes --timeout 300s --wait";

}  // namespace

TEST_CASE("an install marks its revision, and makes a namespace only when told to") {
    auto const refuse = commands::new_namespace::refuse;
    for (auto const& c : {third(), fourth()})
        CHECK(line(c.install(where, with({}), refuse)) == "install" + cluster + place + changed);
    CHECK(line(third().install(where, with({}), commands::new_namespace::create)) ==
          "install" + cluster + place + changed + " --create-namespace");
}

TEST_CASE("an upgrade forgets old values and old revisions") {
    for (auto const& c : {third(), fourth()})
        CHECK(line(c.upgrade(where, with({}))) ==
              "upgrade" + cluster + place + changed +
                  " --reset-values --cleanup-on-fail --history-max 10");
}

TEST_CASE("a rollback names its revision, an uninstall waits") {
    for (auto const& c : {third(), fourth()}) {
        CHECK(line(c.rollback(where, 7, {})) ==
              "rollback" + cluster +
                  " cart 7 --namespace shop --timeout 300s --wait "
                  "--cleanup-on-fail --history-max 10");
        CHECK(line(c.uninstall(where, {})) ==
              "uninstall" + cluster + place + " --timeout 300s --wait");
    }
}

TEST_CASE("options are spelled as each Helm knows them") {
    operation_options o;
    o.timeout = std::chrono::seconds(0);  // for ever, to Helm 4
    o.wait = false;
    CHECK(line(third().uninstall(where, o)) == "uninstall" + cluster + place + " --timeout 1s");
    o = {};
    o.wait = false;
    o.wait_for_jobs = true;  // has no effect without the other
    o.rollback_on_failure = true;
    o.skip_hooks = true;
    o.force_conflicts = true;
    auto const begin = "upgrade" + cluster + place + changed + " --no-hooks --wait-for-jobs";
    auto const end = " --reset-values --cleanup-on-fail --history-max 10";
    CHECK(line(third().upgrade(where, with(o))) == begin + " --atomic" + end);
    CHECK(line(fourth().upgrade(where, with(o))) ==
          begin + " --rollback-on-failure --server-side=true --force-conflicts" + end);
    CHECK(line(fourth(false).upgrade(where, with({}))) ==
          "upgrade" + cluster + place + changed + " --server-side=false" + end);
    CHECK(line(third().rollback(where, 1, o)).find("atomic") == std::string::npos);
    CHECK(line(fourth().rollback(where, 1, o)).find("--force-conflicts") != std::string::npos);
    // A flag that it does not know would end every install.
    CHECK(line(commands({3, 13, "v3.13.0"}).upgrade(where, with({}))).find("--hide-notes") ==
          std::string::npos);
}

TEST_CASE("questions name the states, sizes and forms that both Helms have") {
    for (auto const& c : {third(), fourth()}) {
        CHECK(line(c.history(where)) == "history" + cluster + place + " --max 256 --output json");
        auto const states =
            " --deployed --failed --pending --uninstalling --uninstalled --superseded --max 0"
            " --output json --time-format 2006-01-02T15:04:05.999999999Z07:00";
        CHECK(line(c.list("")) == "list" + cluster + " --all-namespaces" + states);
        CHECK(line(c.list("shop")) == "list" + cluster + " --namespace shop" + states);
        CHECK(line(c.values(where)) == "get values" + cluster + place + " --output json");
        CHECK(line(c.manifest(where, 0)) == "get manifest" + cluster + place);
        CHECK(line(c.hooks(where, 3)) == "get hooks" + cluster + place + " --revision 3");
        CHECK(line(c.operation_of(where, 3)) ==
              "get all" + cluster + place +
                  " --revision 3 --template {{index .Release.Labels \"pilothouse.operation\"}}");
        CHECK(line(c.dry_run(where, "/blobs/ab", true)) ==
              "upgrade" + cluster + place +
                  " /blobs/ab --values - --dry-run=server --output json --reset-values");
        CHECK(line(c.dry_run(where, "/blobs/ab", false)) ==
              "install" + cluster + place + " /blobs/ab --values - --dry-run=server --output json");
        CHECK(line(c.render(where, "/blobs/ab")) ==
              "template" + place + " /blobs/ab --values - --include-crds");
    }
}

TEST_CASE("no command has a word of the kubeconfig, or a flag that is a way out") {
    for (auto const& c : {third(), fourth()})
        for (auto const& all :
             {c.install(where, with({}), commands::new_namespace::create),
              c.upgrade(where, with({})), c.rollback(where, 1, {}), c.uninstall(where, {}),
              c.history(where), c.list(""), c.operation_of(where, 1), c.values(where),
              c.manifest(where, 1), c.hooks(where, 1), c.dry_run(where, "/x", true),
              c.render(where, "/x")}) {
            auto const text = line(all);
            CAPTURE(text);
            for (char const* const word : {"hidden", "--set", "--debug", "--post-renderer",
                                           "--skip-schema-validation", "--enable-dns", "--cascade"})
                CHECK(text.find(word) == std::string::npos);
        }
}

}  // namespace pilothouse::tests::commands_test
