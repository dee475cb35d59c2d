// Figures as Prometheus reads them.
#include "base/metrics.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

namespace pilothouse::tests::metrics_test {

namespace {

bool has_line(std::string const& text, std::string const& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("a counter is one thing by its name and labels, and adds up from many threads") {
    metrics::registry all;
    auto& one = all.make_counter("house_pushes_total", "Pushes.", {{"status", "201"}});
    auto& other = all.make_counter("house_pushes_total", "Pushes.", {{"status", "409"}});
    CHECK(&all.make_counter("house_pushes_total", "Pushes.", {{"status", "201"}}) == &one);
    CHECK(&one != &other);
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&one] {
                for (int i = 0; i < 1000; ++i) one.add();
            });
    }
    other.add(2.5);
    auto const text = all.text();
    CHECK(has_line(text, "# HELP house_pushes_total Pushes."));
    CHECK(has_line(text, "# TYPE house_pushes_total counter"));
    CHECK(has_line(text, "house_pushes_total{status=\"201\"} 4000"));
    CHECK(has_line(text, "house_pushes_total{status=\"409\"} 2.5"));
}

TEST_CASE("a histogram counts what is at most each bound") {
    metrics::registry all;
    auto& sizes = all.make_histogram("house_bytes", "Sizes.", {}, {10, 100});
    CHECK(&all.make_histogram("house_bytes", "Sizes.", {}, {10, 100}) == &sizes);
    for (double const value : {1.0, 10.0, 11.0, 1000.0}) sizes.observe(value);
    auto const text = all.text();
    CHECK(has_line(text, "house_bytes_bucket{le=\"10\"} 2"));
    CHECK(has_line(text, "house_bytes_bucket{le=\"100\"} 3"));
    CHECK(has_line(text, "house_bytes_bucket{le=\"+Inf\"} 4"));
    CHECK(has_line(text, "house_bytes_sum 1022"));
    CHECK(has_line(text, "house_bytes_count 4"));
}

TEST_CASE("gauges and others' counters are read at each scrape; a counter never goes back") {
    metrics::registry all;
    double level = 1;
    double total = 5;
    all.add_gauge("house_level", "Level.", {{"side", "port"}}, [&level] { return level; });
    all.add_counter("house_total", "Total.", {}, [&total] { return total; });
    auto text = all.text();
    CHECK(has_line(text, "house_level{side=\"port\"} 1"));
    CHECK(has_line(text, "house_total 5"));
    level = -3;
    total = 8;
    text = all.text();
    CHECK(has_line(text, "house_level{side=\"port\"} -3"));
    CHECK(has_line(text, "house_total 8"));
    total = 2;
    CHECK(has_line(all.text(), "house_total 8"));
}

TEST_CASE("a label's value is quoted") {
    metrics::registry all;
    all.make_counter("house_total", "Total.", {{"route", "a\"b\\c\nd"}}).add();
    CHECK(has_line(all.text(), R"(house_total{route="a\"b\\c\nd"} 1)"));
}

}  // namespace pilothouse::tests::metrics_test
