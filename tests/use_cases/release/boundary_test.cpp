// Charts that are to stay within their release's namespace.
#include "tests/use_cases/release/yard.hpp"

namespace pilothouse::tests::boundary_test {

using release::rendered_object;
using strings = std::vector<std::string>;
using enum storage::release_status;

namespace {

struct walled_yard : yard {
    walled_yard() {
        parts.looks = &looks;
        helm.rendered = {
            {"v1", "ConfigMap", "", "words", "", false},
            {"rbac.authorization.k8s.io/v1", "ClusterRole", "", "pilot", "", true},
            {"v1", "ConfigMap", "kube-system", "other", "", false},
        };
    }
    void refuse(std::size_t how_many = 2) {
        looks.outside_now = [how_many](auto const&) {
            fake_inspector::states all;
            all.push_back({"ClusterRole", "", "pilot", "of the whole cluster"});
            while (all.size() < how_many)
                all.push_back({"ConfigMap", "kube-system", "other", "in another namespace"});
            return all;
        };
    }
    static release::install_request walled() {
        auto wanted = installation();
        wanted.options.namespaced_only = true;
        return wanted;
    }
    storage::operation_record updated(std::string const& id) {
        release::update_request wanted;
        wanted.release = id;
        wanted.options.namespaced_only = true;
        wanted.values.pairs.push_back({"a", secret("1")});
        return finish(run_to_end(change.update(use(), wanted))->operation.id);
    }
};

constexpr char const* refusal =
    "wrong_state: the release is to stay within the namespace web, and its chart does not: "
    "ClusterRole pilot (of the whole cluster), "
    "ConfigMap kube-system/other (in another namespace)";

}  // namespace

TEST_CASE("a chart that reaches beyond its namespace is refused before anything is applied") {
    walled_yard y;
    y.push_demo();
    y.refuse();
    auto const o = y.finish(y.install(walled_yard::walled())->operation.id);
    CHECK(outcome(o) == refusal);
    CHECK(y.helm.calls.empty());
    CHECK(y.release_of(o.release).status == failed);
    // All that the chart makes, hooks too, with the namespace where it says none.
    REQUIRE(y.looks.asked.size() == 1);
    CHECK(y.looks.namespaces_asked == strings{"web"});
    REQUIRE(y.looks.asked[0].size() == 3);
    CHECK(y.looks.asked[0][0].name_space == "web");
    CHECK(y.looks.asked[0][2].name_space == "kube-system");

    y.refuse(9);
    CHECK(outcome(y.updated(o.release)).ends_with(" and 4 more"));
}

TEST_CASE("a chart that stays within its namespace is installed") {
    walled_yard y;
    y.push_demo();
    CHECK(outcome(y.finish(y.install(walled_yard::walled())->operation.id)) == "done");
    CHECK(y.helm.calls == strings{"install web/shop"});
}

TEST_CASE("who does not ask for walls has none") {
    walled_yard y;
    y.refuse();
    (void)y.installed();
    CHECK(y.looks.namespaces_asked.empty());
}

TEST_CASE(
    "an update or a rollback that would reach beyond the namespace leaves the release alone") {
    walled_yard y;
    auto const id = y.installed().id;
    y.refuse();
    std::string said;
    SUBCASE("an update") { said = outcome(y.updated(id)); }
    SUBCASE("a rollback, by what the revision made") {
        (void)y.finish(y.update(id)->operation.id);
        y.helm.calls.clear();
        y.helm.manifests_asked.clear();
        release::rollback_request wanted;
        wanted.release = id;
        wanted.revision = 1;
        wanted.options.namespaced_only = true;
        said = outcome(y.finish(run_to_end(y.change.rollback(y.use(), wanted))->operation.id));
        CHECK(y.helm.manifests_asked == std::vector{1});
    }
    CHECK(said == refusal);
    CHECK(y.helm.calls.empty());
    CHECK(y.release_of(id).status == deployed);
}

TEST_CASE("where nobody can tell what is in a namespace, nothing is installed") {
    walled_yard y;
    y.push_demo();
    y.looks.outside_now = [](auto const&) -> result<fake_inspector::states> {
        return failure(errc::denied, "may not ask");
    };
    CHECK(outcome(y.finish(y.install(walled_yard::walled())->operation.id)) ==
          "denied: may not ask");
    CHECK(y.helm.calls.empty());
}

}  // namespace pilothouse::tests::boundary_test
