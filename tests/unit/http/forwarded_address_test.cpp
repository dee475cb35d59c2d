#include "server/http/forwarded_address.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pilothouse::tests::forwarded_address_test {

namespace {

std::string client(std::vector<std::string> const& forwarded, std::string_view peer = "10.0.0.1") {
    http::request_head head;
    head.fields.emplace_back("Host", "h");
    for (auto const& value : forwarded) head.fields.emplace_back("x-forwarded-for", value);
    return http::forwarded_address(head, peer,
                                   {*parse_ip_network("10.0.0.0/8"), *parse_ip_network("::1")});
}

}  // namespace

TEST_CASE("The last address that no proxy of ours has is the client's") {
    CHECK(client({"192.0.2.1"}) == "192.0.2.1");
    CHECK(client({"203.0.113.9, 192.0.2.1"}) == "192.0.2.1");  // the first is the client's own word
    CHECK(client({"203.0.113.9, 192.0.2.1, 10.1.2.3"}) == "192.0.2.1");
    CHECK(client({"203.0.113.9", "192.0.2.1", "10.1.2.3,10.0.0.7"}) == "192.0.2.1");
    CHECK(client({" 2001:db8::1 "}) == "2001:db8::1");
    CHECK(client({"[2001:db8::1]:4711"}) == "2001:db8::1");
    CHECK(client({"192.0.2.1:4711"}) == "192.0.2.1");
    CHECK(client({"::ffff:192.0.2.1"}) == "192.0.2.1");
    CHECK(client({"192.0.2.1"}, "::1") == "192.0.2.1");
}

TEST_CASE("Where all are ours, the first is the client") {
    CHECK(client({"10.9.9.9, 10.1.2.3"}) == "10.9.9.9");
}

TEST_CASE("Whoever is no proxy of ours is not believed") {
    CHECK(client({"192.0.2.1"}, "203.0.113.5").empty());
    CHECK(client({"192.0.2.1"}, "unix").empty());
    CHECK(client({"192.0.2.1"}, "").empty());
}

TEST_CASE("What is no address is not gone beyond") {
    CHECK(client({}).empty());
    CHECK(client({""}).empty());
    CHECK(client({"192.0.2.1, unknown"}).empty());
    CHECK(client({"192.0.2.1, unknown, 10.1.2.3"}) == "10.1.2.3");
    CHECK(client({"192.0.2.1,, 10.1.2.3"}) == "10.1.2.3");
}

}  // namespace pilothouse::tests::forwarded_address_test
