#include "server/grpc/peer.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::peer_test {

using pilothouse::rpc::address_of;

TEST_CASE("a peer's address is read from gRPC's spelling") {
    CHECK(address_of("ipv4:192.0.2.1:40812") == "192.0.2.1");
    CHECK(address_of("ipv6:%5B2001:db8::1%5D:40812") == "2001:db8::1");
    CHECK(address_of("ipv6:[2001:db8::1]:40812") == "2001:db8::1");
    CHECK(address_of("ipv6:%5B::ffff:192.0.2.1%5D:40812") == "192.0.2.1");
    CHECK(address_of("ipv6:%5B::1%5D:1") == "::1");
    for (std::string const odd : {"unix:/run/x", "", "ipv4:", "ipv6:", "inproc"}) {
        CAPTURE(odd);
        CHECK(address_of(odd) == odd);
    }
}

}  // namespace pilothouse::tests::peer_test
