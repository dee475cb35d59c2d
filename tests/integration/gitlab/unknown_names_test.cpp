// Names that a route does not know: ours refuse them where something is changed, GitLab's do not.
#include "storage/cluster_store.hpp"
#include "tests/support/test_server.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::unknown_names_test {

namespace {

struct quay {
    test_server server;
    std::string token = server.add_token(server.add_user("skipper", true), {"api"});
    storage::cluster_record cluster = add();

    storage::cluster_record add() {
        storage::cluster_record c;
        c.name = "quay";
        c.server = "https://127.0.0.1:6443";
        return run_to_end(server.core().stores->clusters().create(c)).value();
    }
    http_reply ask(std::string const& verb, std::string const& path, std::string const& body,
                   std::string const& type = "application/json") {
        return server.request(verb, "/api/v4" + path,
                              {{"PRIVATE-TOKEN", token}, {"Content-Type", type}}, body);
    }
};

bool contains(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a misspelt name is refused where something is changed, and those that are taken named") {
    quay q;
    struct row {
        std::string verb, path, body, unknown, taken;
    };
    row const rows[] = {
        {"POST", "/clusters/quay/releases",
         R"({"product_version_id": "a/b/c/d@1", "namspace": "shop"})", "namspace is unknown",
         "namespace"},
        {"POST", "/clusters/quay/diff", R"({"product_version_id": "a", "vaules": null})",
         "vaules is unknown", "values"},
        {"POST", "/clusters/quay/releases?namspace=shop", R"({"product_version_id": "a"})",
         "namspace is unknown", "namespace"},
        {"POST", "/clusters/quay/releases", R"({"product_version_id": "a", "value": {"b": 1}})",
         "value, value[b] are unknown", "values"},
        {"PUT", "/clusters/quay/releases/r1", R"({"reset_value": true})", "reset_value is unknown",
         "reset_values"},
        {"POST", "/clusters/quay/releases/r1/rollback", R"({"revison": 1})", "revison is unknown",
         "revision"},
        {"POST", "/clusters/quay/releases/r1/stop", R"({"skip_hooks": true})",
         "skip_hooks is unknown", "wait"},
        {"POST", "/clusters/quay/releases/r1/restart", R"({"a\u0007": 1, "b\u202e": 2})",
         "a name, a name are unknown", "timeout"},
        {"DELETE", "/clusters/quay/releases/r1?no_wait=1", "", "no_wait is unknown", "wait"},
        {"POST", "/clusters/quay/operations/o1/cancel", R"({"force": true})", "force is unknown",
         "nothing"},
        {"POST", "/clusters", R"({"name": "a", "kubeconfig": "b", "project": 1})",
         "project is unknown", "project_id"},
        {"PUT", "/clusters/quay", R"({"namespaces": [], "namespace": "a"})", "namespace is unknown",
         "namespaces"},
        {"POST", "/clusters/quay/check", R"({"ns": "shop"})", "ns is unknown", "namespace"},
        {"PUT", "/clusters/quay/members/1", R"({"role": "reporter", "level": 10})",
         "level is unknown", "role"},
        {"DELETE", "/clusters/quay?forget=1", "", "forget is unknown", "forget_releases"},
        {"POST", "/clusters/-/rotate_key", R"({"dry": true})", "dry is unknown", "nothing"},
    };
    for (auto const& [verb, path, body, unknown, taken] : rows) {
        CAPTURE(path);
        auto const refused = q.ask(verb, path, body);
        CAPTURE(refused.body);
        CHECK(refused.status == 400);
        CHECK(contains(refused.body, unknown));
        CHECK(contains(refused.body, taken));
    }
    auto const form = q.ask("POST", "/clusters/quay/check", "ns=shop&ns2=shop",
                            "application/x-www-form-urlencoded");
    CHECK(form.status == 400);
    CHECK(contains(form.body, "ns, ns2 are unknown"));
}

TEST_CASE(
    "what only looks takes no notice of names that it does not know, nor do GitLab's routes") {
    quay q;
    CHECK(q.ask("GET", "/clusters?nonsense=1", "").status == 200);
    CHECK(q.ask("GET", "/clusters/quay?nonsense=1", "").status == 200);
    CHECK(q.ask("GET", "/clusters/quay/releases?nonsense=1", "").status == 200);
    CHECK(q.ask("POST", "/groups", R"({"name": "fleet", "path": "fleet", "nonsense": 1})").status ==
          201);
    // Names that are known, with nothing in them, are not unknown.
    CHECK(
        q.ask("PUT", "/clusters/quay", R"({"namespaces": ["shop"], "kubeconfig": null})").status ==
        200);
}

}  // namespace pilothouse::tests::unknown_names_test
