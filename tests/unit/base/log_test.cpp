// Lines of the log: one an event, whatever the values hold and whoever reads them.
#include "base/log.hpp"
#include "base/descriptor.hpp"

#include <doctest/doctest.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

namespace pilothouse::tests::log_test {

namespace {

struct pipe_ends {
    descriptor out, in;
    explicit pipe_ends(int flags = 0) {
        std::array<int, 2> ends{};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC | flags) == 0);
        out = descriptor(ends[0]);
        in = descriptor(ends[1]);
    }
};

std::string read_to_end(descriptor const& from) {
    std::string text;
    std::array<char, 65536> buffer{};
    while (true) {
        auto const n = ::read(from.get(), buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return text;
        text.append(buffer.data(), static_cast<std::size_t>(n));
    }
}

// Reads the other end of a log, from when it is told to until the log is gone.
class slow_reader {
public:
    explicit slow_reader(int flags = 0) : ends_(flags) {
        if (flags != 0) ::fcntl(ends_.out.get(), F_SETFL, 0);
    }
    [[nodiscard]] int in() const { return ends_.in.get(); }
    void begin() {
        thread_ = std::jthread([this] { text_ = read_to_end(ends_.out); });
    }
    [[nodiscard]] std::string to_end() {
        ends_.in.reset();
        thread_.join();
        return text_;
    }

private:
    pipe_ends ends_;
    std::string text_;
    std::jthread thread_;
};

class signals_go_elsewhere {
public:
    signals_go_elsewhere() {
        sigset_t one;
        sigemptyset(&one);
        sigaddset(&one, SIGUSR1);
        ::pthread_sigmask(SIG_BLOCK, &one, &before_);
    }
    ~signals_go_elsewhere() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    signals_go_elsewhere(signals_go_elsewhere const&) = delete;
    signals_go_elsewhere& operator=(signals_go_elsewhere const&) = delete;

private:
    sigset_t before_{};
};

std::string const long_value(100'000, 'x');

// What one event becomes, without its time.
std::string line_of(log_format format, std::string_view value) {
    pipe_ends ends;
    {
        logger log(format, log_level::info, ends.in.get());
        log.write(log_level::warning, "event", {{"value", value}});
    }
    ends.in.reset();
    auto const text = read_to_end(ends.out);
    return text.substr(text.find("warning"));
}

}  // namespace

TEST_CASE("text is readable, JSON is JSON, and both have every field") {
    for (auto const format : {log_format::text, log_format::json}) {
        pipe_ends ends;
        {
            logger log(format, log_level::info, ends.in.get());
            log.write(log_level::error, "pushed",
                      {{"chart", "hello"},
                       {"bytes", std::int64_t{-7}},
                       {"duration_ms", 1.25},
                       {"again", true},
                       {"empty", ""}});
        }
        ends.in.reset();
        auto const line = read_to_end(ends.out);
        if (format == log_format::text) {
            CHECK(line.substr(line.find(' ')) ==
                  " error pushed chart=hello bytes=-7 duration_ms=1.250 again=true empty=\"\"\n");
        } else {
            auto const o = boost::json::parse(line).as_object();
            CHECK(o.at("level") == "error");
            CHECK(o.at("event") == "pushed");
            CHECK(o.at("chart") == "hello");
            CHECK(o.at("bytes") == -7);
            CHECK(o.at("duration_ms") == 1.25);
            CHECK(o.at("again") == true);
            CHECK(o.at("empty") == "");
        }
    }
}

TEST_CASE(
    "no value makes a second line, a second field, a terminal's command or other than UTF-8") {
    struct row {
        std::string value, text, json;
    };
    for (auto const& [value, text, json] : std::vector<row>{
             {"plain-1.0", "plain-1.0", R"("plain-1.0")"},
             {"a b", R"("a b")", R"("a b")"},
             {"a=b", R"("a=b")", R"("a=b")"},
             {"a\nlevel=error", R"("a\u000alevel=error")", R"("a\u000alevel=error")"},
             {"\"\\", R"("\"\\")", R"("\"\\")"},
             {std::string("\0\x1b\x7f", 3), R"("\u0000\u001b\u007f")", R"("\u0000\u001b\u007f")"},
             {"\xc2\x9b", R"("\u009b")", R"("\u009b")"},  // CSI in one code point
             {"sm\xc3\xb8rg\xc3\xa5s", "sm\xc3\xb8rg\xc3\xa5s", "\"sm\xc3\xb8rg\xc3\xa5s\""},
             {"\xf0\x9f\x9a\xa2", "\xf0\x9f\x9a\xa2", "\"\xf0\x9f\x9a\xa2\""},
             {"sm\xf8rg\xe5s", R"("sm\ufffdrg\ufffds")", R"("sm\ufffdrg\ufffds")"},
             {"cut \xe2\x82", R"("cut \ufffd\ufffd")", R"("cut \ufffd\ufffd")"},
             {"\xed\xa0\x80", R"("\ufffd\ufffd\ufffd")", R"("\ufffd\ufffd\ufffd")"},
         }) {
        CAPTURE(value);
        CHECK(line_of(log_format::text, value) == "warning event value=" + text + "\n");
        auto const line = line_of(log_format::json, value);
        CHECK(line == "warning\",\"event\":\"event\",\"value\":" + json + "}\n");
        boost::system::error_code wrong;
        (void)boost::json::parse(R"({"level":")" + line, wrong);
        CHECK_FALSE(wrong);
    }
}

TEST_CASE("what is less than the level is not written, and the level may change") {
    pipe_ends ends;
    {
        logger log(log_format::text, log_level::warning, ends.in.get());
        log.write(log_level::info, "hidden", {});
        CHECK_FALSE(log.enabled(log_level::info));
        CHECK(log.enabled(log_level::warning));
        log.set_level(log_level::debug);
        log.write(log_level::debug, "shown", {});
    }
    ends.in.reset();
    auto const text = read_to_end(ends.out);
    CHECK(text.find("hidden") == std::string::npos);
    CHECK(text.find(" debug shown\n") != std::string::npos);
}

TEST_CASE("levels are known by their names alone") {
    CHECK(parse_log_level("debug") == log_level::debug);
    CHECK(parse_log_level("error") == log_level::error);
    for (char const* const text : {"", "Debug", "warn", "errors", "2"})
        CHECK_FALSE(parse_log_level(text));
}

TEST_CASE("lines of many threads come whole, and are all there when the log goes") {
    slow_reader read;
    {
        logger log(log_format::text, log_level::info, read.in());
        read.begin();
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&log, t] {
                for (std::int64_t i = 0; i < 500; ++i)
                    log.write(log_level::info, "event", {{"thread", std::int64_t{t}}, {"i", i}});
            });
        threads.clear();
        CHECK(log.dropped() == 0);
    }
    auto const text = read.to_end();
    CHECK(std::ranges::count(text, '\n') == 2000);
    for (int t = 0; t < 4; ++t)
        CHECK(text.find(" info event thread=" + std::to_string(t) + " i=499\n") !=
              std::string::npos);
}

TEST_CASE("lines that nobody can read are counted as dropped") {
    std::signal(SIGPIPE, SIG_IGN);
    pipe_ends ends;
    ends.out.reset();
    logger log(log_format::text, log_level::info, ends.in.get());
    for (int i = 0; i < 3; ++i) log.write(log_level::info, "lost", {});
    while (log.dropped() < 3) std::this_thread::yield();
    CHECK(log.dropped() == 3);
}

TEST_CASE("lines that do not fit the queue are dropped and counted, the others are written") {
    slow_reader read;
    std::uint64_t dropped = 0;
    {
        logger log(log_format::text, log_level::info, read.in());
        for (int i = 0; i < 100; ++i)
            log.write(log_level::info, "e", {{"v", std::string_view(long_value)}});
        dropped = log.dropped();
        read.begin();
    }
    CHECK(dropped > 0);
    CHECK(std::ranges::count(read.to_end(), '\n') == static_cast<long>(100 - dropped));
}

TEST_CASE("neither signals nor a descriptor that does not block lose a line") {
    for (int const flags : {0, O_NONBLOCK}) {
        CAPTURE(flags);
        struct sigaction before{};
        struct sigaction quiet{};
        quiet.sa_handler = [](int) {};
        REQUIRE(::sigaction(SIGUSR1, &quiet, &before) == 0);  // without SA_RESTART
        slow_reader read(flags);
        {
            logger log(log_format::text, log_level::info, read.in());
            // More than a pipe holds, so the writer waits, and is the one that the signals find.
            for (int i = 0; i < 10; ++i)
                log.write(log_level::info, "e", {{"v", std::string_view(long_value)}});
            signals_go_elsewhere const here;
            for (int i = 0; i < 50; ++i) {
                ::kill(::getpid(), SIGUSR1);
                std::this_thread::yield();
            }
            read.begin();
        }
        CHECK(std::ranges::count(read.to_end(), '\n') == 10);
        REQUIRE(::sigaction(SIGUSR1, &before, nullptr) == 0);
    }
}

}  // namespace pilothouse::tests::log_test
