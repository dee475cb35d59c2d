// The events of an operation over a socket: the list, and the stream.
#include "storage/cluster_store.hpp"
#include "storage/operation_log.hpp"
#include "tests/integration/http/wire.hpp"
#include "tests/support/test_server.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests::events_test {

namespace {

settings quiet(settings s) {
    s.releases.running = 0;  // what is queued stays so until a test says otherwise
    return s;
}

std::string chunked_end() { return "0\r\n\r\n"; }

bool contains(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

struct quay {
    test_server server;
    storage::user_record skipper = server.add_user("skipper");
    storage::user_record stowaway = server.add_user("stowaway");
    std::string token = server.add_token(skipper, {"read_api"});
    std::string operation = begin();

    explicit quay(settings s = {}) : server(quiet(std::move(s))) {}

    std::string begin() {
        auto& stores = *server.core().stores;
        storage::cluster_record c;
        c.name = "quay";
        c.server = "https://127.0.0.1:6443";
        auto const cluster = run_to_end(stores.clusters().create(c)).value();
        run_to_end(stores.cluster_members().set(cluster.id, skipper.id, storage::role::reporter))
            .value();
        storage::new_operation wanted;
        wanted.operation.kind = storage::operation_kind::install;
        wanted.release.cluster = cluster.id;
        wanted.release.name = wanted.release.name_space = "hello";
        return run_to_end(stores.operations().begin(wanted)).value().operation.id;
    }
    void say(std::string what) {
        std::vector<storage::operation_event> events(1);
        events[0].what = std::move(what);
        run_to_end(server.core().stores->operation_events().append(operation, std::move(events)));
    }
    void finish() { run_to_end(server.core().stores->operations().cancel(operation)).value(); }
    [[nodiscard]] std::string path() const {
        return "/api/v4/clusters/quay/operations/" + operation + "/events";
    }
    http_reply ask(http_headers headers, std::string const& behind = {}) {
        headers.emplace_back("PRIVATE-TOKEN", token);
        return server.request("GET", path() + behind, headers);
    }
    // A stream that is open: its header has come.
    std::unique_ptr<wire> open(std::string const& fields = {}, std::string const& behind = {}) {
        auto client = std::make_unique<wire>(server.port());
        client->send("GET " + path() + behind + " HTTP/1.1\r\nHost: a\r\nPRIVATE-TOKEN: " + token +
                     "\r\nAccept: text/event-stream\r\n" + fields + "\r\n");
        head = client->answer_head();
        return client;
    }
    std::string head;
};

}  // namespace

TEST_CASE("events come over a stream as they happen, and its outcome at the end") {
    quay q;
    q.say("queued");
    auto const client = q.open();
    CHECK(status_of(q.head) == 200);
    CHECK(field_of(q.head, "Content-Type") == "text/event-stream");
    CHECK(field_of(q.head, "Cache-Control") == "no-store");
    CHECK(field_of(q.head, "Transfer-Encoding") == "chunked");
    CHECK(contains(client->until("\n\n"), "id: 1\nevent: queued\ndata: {\"number\":1,"));
    q.say("started");
    CHECK(contains(client->until("\n\n"), "id: 2\nevent: started\n"));
    q.say("finished");
    q.finish();
    auto const rest = client->rest();
    CHECK(contains(rest, "id: 3\nevent: finished\n"));
    CHECK(contains(rest, "id: done\nevent: done\ndata: {\"id\":\"" + q.operation + "\""));
    CHECK(rest.ends_with(chunked_end()));
}

TEST_CASE("a client that comes again is told what it has not seen") {
    quay q;
    for (auto const* what : {"queued", "started", "finished"}) q.say(what);
    q.finish();
    struct row {
        std::string fields, behind;
        int first;  // 4: the outcome alone
    };
    for (auto const& [fields, behind, first] :
         {row{"", "", 1}, row{"", "?after=1", 2}, row{"Last-Event-ID: 2\r\n", "", 3},
          row{"Last-Event-ID: 2\r\n", "?after=1", 3}, row{"Last-Event-ID: 3\r\n", "", 4}}) {
        CAPTURE(fields);
        CAPTURE(behind);
        auto const client = q.open(fields, behind);
        auto const rest = client->rest();
        for (int number = 1; number <= 3; ++number)
            CHECK(contains(rest, "id: " + std::to_string(number) + "\n") == (number >= first));
        CHECK(contains(rest, "event: done\n"));
    }
    // Who has seen it all is told so, lest it come again and again.
    CHECK(q.ask({{"Accept", "text/event-stream"}, {"Last-Event-ID", "done"}}).status == 204);
    auto const wrong = q.ask({{"Accept", "text/event-stream"}, {"Last-Event-ID", "latest"}});
    CHECK(wrong.status == 400);
    CHECK(contains(wrong.body, "Last-Event-ID"));
}

TEST_CASE("who does not name the stream's type gets the list") {
    quay q;
    q.say("queued");
    for (auto const* accept : {"*/*", "application/json", "text/event-stream;q=0"}) {
        CAPTURE(accept);
        auto const list = q.ask({{"Accept", accept}});
        CHECK(list.header("content-type") == "application/json");
        CHECK(list.header("vary") == "Accept");
        CHECK(list.body.starts_with("[{\"number\":1,"));
    }
    http_client client(q.server.port());
    client.send("HEAD " + q.path() + " HTTP/1.1\r\nHost: a\r\nPRIVATE-TOKEN: " + q.token +
                "\r\nAccept: text/event-stream\r\n\r\n");
    auto const head = client.receive(true);
    CHECK(head.status == 200);
    CHECK(head.header("content-type") == "text/event-stream");
    CHECK(client.request("GET", q.path(), {{"PRIVATE-TOKEN", q.token}}).status == 200);
}

TEST_CASE("the stream is for those who may read the list") {
    quay q;
    auto const stranger = q.server.add_token(q.stowaway, {"read_api"});
    http_headers const stream{{"Accept", "text/event-stream"}};
    CHECK(q.server.request("GET", q.path(), stream).status == 401);
    auto as_stranger = stream;
    as_stranger.emplace_back("PRIVATE-TOKEN", stranger);
    CHECK(q.server.request("GET", q.path(), as_stranger).status == 403);
    q.operation = "o000";
    CHECK(q.ask(stream).status == 404);
}

TEST_CASE("there are so many streams of one caller, and so many in all") {
    settings few;
    few.http.streams = 3;
    few.http.streams_of_caller = 2;
    quay q(few);
    auto const first = q.open();
    auto second = q.open();
    auto const too_many = q.ask({{"Accept", "text/event-stream"}});
    CHECK(too_many.status == 429);
    CHECK(too_many.header("retry-after") == "10");
    CHECK(contains(too_many.body, "as many streams"));
    CHECK(q.ask({}).status == 200);  // the list has no such limit

    auto const root = q.server.add_user("root", true);
    q.token = q.server.add_token(root, {"api"});
    auto const third = q.open();
    CHECK(status_of(q.head) == 200);
    auto const full = q.ask({{"Accept", "text/event-stream"}});
    CHECK(full.status == 503);
    CHECK(contains(full.body, "no stream left"));
    auto const metrics = q.server.request("GET", "/metrics", {{"PRIVATE-TOKEN", q.token}});
    CHECK(contains(metrics.body, "pilothouse_streams 3\n"));

    // Who goes makes room, as soon as that is heard.
    second->end_output();
    CHECK(second->rest().empty());
    auto fourth = q.open();
    for (int i = 0; i < 10'000 && status_of(q.head) == 503; ++i) fourth = q.open();
    CHECK(status_of(q.head) == 200);
}

TEST_CASE("a server that stops ends its streams at once") {
    quay q;
    q.say("queued");
    auto const client = q.open();
    CHECK(contains(client->until("\n\n"), "id: 1\n"));
    q.server.restart();
    CHECK(client->rest().ends_with(chunked_end()));
    auto const again = q.open("Last-Event-ID: 1\r\n");
    CHECK(status_of(q.head) == 200);
    q.say("found");
    CHECK(contains(again->until("\n\n"), "id: 2\nevent: found\n"));
}

}  // namespace pilothouse::tests::events_test
