#include "release/helm/answers.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::answers_test {

using namespace pilothouse::release;
using namespace pilothouse::release::helm;

namespace {

std::string const one_revision =
    R"({"revision":2,"updated":"2026-11-20T15:51:19.210401769+09:00","status":"failed",)"
    R"("chart":"knob-0.1.0","app_version":"1.0","description":"Upgrade \"X\" failed: y"})";
std::string const one_release =
    R"({"name":"cart","namespace":"shop","revision":"12","updated":"2026-11-20T16:05:46.3Z",)"
    R"("status":"pending-upgrade","chart":"knob-0.1.0","app_version":""})";

}  // namespace

TEST_CASE("a history is read with the zone of whoever wrote it") {
    auto const all = read_history("[" + one_revision + "]\n").value();
    REQUIRE(all.size() == 1);
    CHECK(all[0].number == 2);
    CHECK(all[0].status == release_status::failed);
    CHECK(to_rfc3339(all[0].updated) == "2026-11-20T06:51:19.210401769Z");
    CHECK(all[0].chart == "knob-0.1.0");
    CHECK(all[0].app_version == "1.0");
    CHECK(all[0].description == "Upgrade \"X\" failed: y");
    CHECK(read_history("[]").value().empty());
    CHECK(read_history("null").value().empty());
}

TEST_CASE("a list has its numbers as texts") {
    auto const all = read_list("[" + one_release + "," + one_release + "]").value();
    REQUIRE(all.size() == 2);
    CHECK(all[1].name_space == "shop");
    CHECK(all[1].name == "cart");
    CHECK(all[1].revision == 12);
    CHECK(all[1].status == release_status::pending_upgrade);
    CHECK(to_rfc3339(all[1].updated) == "2026-11-20T16:05:46.300000000Z");
}

TEST_CASE("every status that Helm has is known, others are not") {
    for (char const* const status :
         {"deployed", "uninstalled", "superseded", "failed", "uninstalling", "pending-install",
          "pending-upgrade", "pending-rollback"}) {
        CAPTURE(status);
        auto const all =
            read_history(R"([{"revision":1,"status":")" + std::string(status) + "\"}]").value();
        CHECK(name_of(all.at(0).status) == std::string_view(status));
    }
    CHECK(read_history(R"([{"revision":1,"status":"lost"}])").value().at(0).status ==
          release_status::unknown);
    CHECK(read_history(R"([{"revision":1}])").value().at(0).status == release_status::unknown);
}

TEST_CASE("what is no answer of Helm's is refused") {
    for (char const* const text :
         {"", "x", "{}", "[1]", "[{}]", R"([{"revision":0}])", R"([{"revision":-1}])",
          R"([{"revision":"x"}])", R"([{"revision":1.5}])", R"([{"revision":99999999999}])",
          R"([{"revision":true}])", "[] []", R"([{"revision":1)"}) {
        CAPTURE(text);
        auto const read = read_history(text);
        REQUIRE(!read);
        CHECK(read.error().code == errc::broken);
    }
    CHECK(!read_list(R"([{"revision":"1"}])"));
    CHECK(!read_list(std::string(1000, '[')));
    auto const whole = "[" + one_release + "]";
    for (std::size_t n = 0; n < whole.size(); ++n) CHECK(!read_list(whole.substr(0, n)));
}

TEST_CASE("values are an object, or none") {
    CHECK(read_values("{\"a\": 1e3}\n").value().reveal() == "{\"a\": 1e3}");
    CHECK(read_values("null\n").value().reveal() == "{}");
    for (char const* const text : {"", "[]", "1", "{", "nul"}) CHECK(!read_values(text));
}

TEST_CASE("of a dry run, what it would apply and the hooks are read") {
    auto const made = read_rendering(R"({"name":"x","config":{"a":"b"},"manifest":"---\na: 1\n",)"
                                     R"("hooks":[{"name":"h","manifest":"b: 2"},7]})")
                          .value();
    CHECK(made.manifest == "---\na: 1\n");
    CHECK(made.hooks == std::vector<std::string>{"b: 2"});
    CHECK(read_rendering("{}").value().manifest.empty());
    CHECK(!read_rendering("[]"));
}

}  // namespace pilothouse::tests::answers_test
