// `pilothouse webhook …`
#include "tests/unit/cli/cli_fixture.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <utility>

namespace pilothouse::tests::webhook_commands_test {

using namespace std::chrono_literals;

namespace {

struct fixture : tests::cli_fixture {
    storage::project_id project;
    std::string id;

    fixture() {
        project.value = json({"project", "create", "shop/web"}).at("id").as_int64();
        auto const made = json({"webhook", "add", "shop/web", "https://a.example/"});
        id = std::to_string(made.at("id").as_int64());
    }
    void change(std::function<void(storage::webhook_record&)> const& how) {
        storage::record_change<storage::webhook_record> const change =
            [&](storage::webhook_record& h) -> result<void> {
            how(h);
            return {};
        };
        REQUIRE(run_to_end(parts->stores->webhooks().edit(project, {std::stoll(id)}, change)));
    }
    void told(storage::occasion what, std::string document, int attempts = 0) {
        storage::delivery_record d;
        d.hook = {std::stoll(id)};
        d.what = what;
        d.document = std::move(document);
        d.attempts = attempts;
        d.duration = 7ms;
        REQUIRE(run_to_end(parts->stores->deliveries().add(d)));
    }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "a list says of each webhook how it is") {
    CHECK(contains(text({"webhook", "list", "shop/web"}), "  on\n"));
    change([&](auto& h) {
        h.failures = 4;
        h.disabled_until = time.now() + 60s;
    });
    CHECK(contains(text({"webhook", "list", "shop/web"}), "failing, again 2026-01-02T03:05:05Z"));
    CHECK(json({"webhook", "show", "shop/web", id}).at("alert_status") == "temporarily_disabled");
    change([](auto& h) {
        h.enabled = false;
        h.failures = 20;
        h.disabled_until.reset();
    });
    CHECK(contains(text({"webhook", "list", "shop/web"}), "off: 20 attempts failed"));
    CHECK(json({"webhook", "show", "shop/web", id}).at("alert_status") == "disabled");
    auto const edited = json({"webhook", "edit", "shop/web", id, "--name", "ours"});
    CHECK(edited.at("alert_status") == "executable");
    CHECK(edited.at("disabled_until").is_null());
    text({"webhook", "edit", "shop/web", id, "--enabled", "no"});
    CHECK(contains(text({"webhook", "list", "shop/web"}), "  off\n"));
}

TEST_CASE_FIXTURE(fixture, "a delivery's row says what it tells of") {
    told(storage::occasion::push, R"({"data":{"chart":"hello","version":"1.2.3"}})", 1);
    told(storage::occasion::promotion, R"({"data":{"from":"a/b/c","channel":"d"}})");
    told(storage::occasion::deployment,
         R"({"data":{"kind":"stop","cluster":"c","namespace":"n","name":"r","outcome":"failed"}})");
    told(storage::occasion::deployment, "");
    auto const rows = text({"webhook", "deliveries", "shop/web", id});
    CHECK(contains(rows, "hello 1.2.3"));
    CHECK(contains(rows, "7 ms"));
    CHECK_FALSE(contains(rows, " 0 ms"));
    CHECK(contains(rows, "from a/b/c to d"));
    CHECK(contains(rows, "stop of c/n/r: failed"));
}

TEST_CASE_FIXTURE(fixture, "what is no webhook or delivery is refused, and a removal asks") {
    CHECK(contains(refusal(1, {"webhook", "show", "shop/web", "4711"}),
                   "pilothouse webhook list shop/web"));
    CHECK(contains(refusal(1, {"webhook", "resend", "shop/web", id, "4711"}), "no such delivery"));
    refusal(2, {"webhook", "resend", "shop/web", id, "x"});
    CHECK(contains(refusal(2, {"webhook", "remove", "shop/web", id}), "--yes"));
    text({"webhook", "remove", "shop/web", id, "--yes"});
}

}  // namespace pilothouse::tests::webhook_commands_test
