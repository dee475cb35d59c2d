#include "base/ip_address.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests::ip_address_test {

TEST_CASE("An address is read in whatever form a socket or a proxy writes it") {
    std::vector<std::pair<std::string, std::string>> const good = {
        {"192.0.2.1", "192.0.2.1"},
        {"::ffff:192.0.2.1", "192.0.2.1"},
        {"::1", "::1"},
        {"[2001:db8::1]", "2001:db8::1"},
        {"2001:DB8:0:0::1", "2001:db8::1"},
        {"fe80::1%eth0", "fe80::1"},
        {"0.0.0.0", "0.0.0.0"},
        {"::", "::"},
    };
    for (auto const& [text, wanted] : good) {
        CAPTURE(text);
        auto const a = parse_ip_address(text);
        REQUIRE(a);
        CHECK(a->text() == wanted);
    }
    std::vector<std::string> const bad = {
        "",
        "unknown",
        "192.0.2",
        "192.0.2.256",
        "192.0.2.1:80",
        "1.2.3.4.5",
        "::1::",
        "2001:db8::g",
        "[::1",
        " 192.0.2.1",
        "192.0.2.1 ",
        "_hidden",
        "01.2.3.4.5",
        std::string("1.2.3.4\0", 8),
        std::string(100, '1'),
    };
    for (auto const& text : bad) {
        CAPTURE(text);
        CHECK_FALSE(parse_ip_address(text));
    }
}

TEST_CASE("IPv4 clients are counted by address, IPv6 ones by their /64") {
    CHECK(client_network("192.0.2.1") == "192.0.2.1");
    CHECK(client_network("::ffff:192.0.2.1") == "192.0.2.1");
    CHECK(client_network("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
    CHECK(client_network("2001:db8:1:2:ffff::9") == client_network("2001:db8:1:2::1"));
    CHECK(client_network("2001:db8:1:3::1") != client_network("2001:db8:1:2::1"));
    CHECK(client_network("no address") == "no address");
}

TEST_CASE("A network holds what begins as it does") {
    auto const holds = [](std::string const& network, std::string const& address) {
        auto const n = parse_ip_network(network);
        auto const a = parse_ip_address(address);
        REQUIRE(n);
        REQUIRE(a);
        return n->holds(*a);
    };
    CHECK(holds("10.0.0.0/8", "10.255.0.1"));
    CHECK_FALSE(holds("10.0.0.0/8", "11.0.0.1"));
    CHECK(holds("192.0.2.128/25", "192.0.2.129"));
    CHECK_FALSE(holds("192.0.2.128/25", "192.0.2.127"));
    CHECK(holds("192.0.2.1", "::ffff:192.0.2.1"));
    CHECK(holds("0.0.0.0/0", "203.0.113.9"));
    CHECK_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
    CHECK(holds("::/0", "203.0.113.9"));
    CHECK(holds("2001:db8::/33", "2001:db8:7fff::1"));
    CHECK_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
    CHECK(holds("::1", "::1"));
    for (auto const* const bad : {"", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1",
                                  "::/129", "::1/64", "x/8", "10.0.0.0/8x"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_ip_network(bad));
    }
}

}  // namespace pilothouse::tests::ip_address_test
