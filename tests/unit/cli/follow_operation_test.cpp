// An operation followed to its end, through a house that answers as it is told.
#include "server/cli/release_words.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace pilothouse::tests::follow_operation_test {

using namespace pilothouse::cli;

namespace {

// Each look is how the operation stands, and the events behind those that were told.
struct look {
    std::string operation, events;
};

class told_link final : public command_link {
public:
    explicit told_link(std::deque<look> looks) : looks_(std::move(looks)) {}

    result<cli_result> ask(std::vector<std::string> const& arguments,
                           std::vector<attachment> const&, byte_sink const&) override {
        if (looks_.empty()) return failure(errc::unavailable, "nobody is there any more");
        if (arguments.at(1) == "show") return cli_result{0, looks_.front().operation, ""};
        asked_after.push_back(arguments.at(4));
        auto events = looks_.front().events;
        looks_.pop_front();
        return cli_result{0, std::move(events), ""};
    }

    std::vector<std::string> asked_after;

private:
    std::deque<look> looks_;
};

class caught_errors {
public:
    caught_errors() : former_(std::cerr.rdbuf(text_.rdbuf())) {}
    ~caught_errors() { std::cerr.rdbuf(former_); }
    caught_errors(caught_errors const&) = delete;
    caught_errors& operator=(caught_errors const&) = delete;
    [[nodiscard]] std::string text() const { return text_.str(); }

private:
    std::ostringstream text_;
    std::streambuf* former_;
};

std::string operation(std::string const& state, std::string const& error = "null") {
    return R"({"id":"o1","kind":"update","namespace":"shop","name":"hello","state":")" + state +
           R"(","error":)" + error + R"(,"warning":null})";
}
std::string event(int number, std::string const& what) {
    return R"({"number":)" + std::to_string(number) + R"(,"at":"now","what":")" + what +
           R"(","text":"it"})";
}

}  // namespace

TEST_CASE("each event is told once, and then the outcome") {
    told_link house(
        {{operation("queued"), "[" + event(1, "queued") + "]"},
         {operation("running"), "[]"},
         {operation("done"), "[" + event(2, "started") + "," + event(3, "finished") + "]"}});
    caught_errors const told;
    auto const end = follow_operation(house, "o1", false);
    CHECK(end.exit_status == 0);
    CHECK(end.out == "update of shop/hello is done\n");
    CHECK(told.text() == "now  queued  it\nnow  started  it\nnow  finished  it\n");
    CHECK(house.asked_after == std::vector<std::string>{"0", "1", "1"});
}

TEST_CASE("the exit status says how an operation ended") {
    struct row {
        std::string error;
        int status;
        std::string said;
    };
    for (auto const& [error, status, said] :
         {row{R"({"code":"timed_out","message":"m"})", 3, "failed: m"},
          row{R"({"code":"cancelled","message":"m"})", 4, "was cancelled"}}) {
        CAPTURE(error);
        told_link house({{operation("done", error), "[]"}});
        auto const end = follow_operation(house, "o1", false);
        CHECK(end.exit_status == status);
        CHECK(end.err == "pilothouse: update of shop/hello " + said + "\n");
    }
    told_link gone({});
    auto const lost = follow_operation(gone, "o1", false);
    CHECK(lost.exit_status == 1);
    CHECK(lost.err.find("pilothouse operation watch o1") != std::string::npos);
}

}  // namespace pilothouse::tests::follow_operation_test
