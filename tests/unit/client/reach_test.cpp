#include "client/reach.hpp"

#include <doctest/doctest.h>

#include <boost/asio/ip/address.hpp>

namespace pilothouse::tests::reach_test {

using boost::asio::ip::make_address;
using pilothouse::client::is_public;

TEST_CASE("addresses of the world are public, and their neighbours") {
    for (char const* const text :
         {"1.1.1.1",         "8.8.8.8",         "9.255.255.255",    "11.0.0.0",
          "100.63.255.255",  "100.128.0.0",     "126.255.255.255",  "128.0.0.0",
          "169.253.255.255", "169.255.0.0",     "172.15.255.255",   "172.32.0.0",
          "192.0.1.0",       "192.167.255.255", "192.169.0.0",      "198.17.255.255",
          "198.20.0.0",      "223.255.255.255", "2606:4700::1111",  "2001:4860:4860::8888",
          "2002:808:808::1", "::ffff:8.8.8.8",  "64:ff9b::8.8.8.8", "fbff::1"}) {
        CAPTURE(text);
        CHECK(is_public(make_address(text)));
    }
}

TEST_CASE("addresses of this machine, its networks and nobody are not") {
    for (char const* const text : {"0.0.0.0",
                                   "0.1.2.3",
                                   "10.0.0.1",
                                   "10.255.255.255",
                                   "100.64.0.1",
                                   "100.127.255.255",
                                   "127.0.0.1",
                                   "127.255.255.255",
                                   "169.254.169.254",
                                   "172.16.0.1",
                                   "172.31.255.255",
                                   "192.0.0.1",
                                   "192.0.2.1",
                                   "192.88.99.1",
                                   "192.168.1.1",
                                   "198.18.0.1",
                                   "198.19.255.255",
                                   "198.51.100.1",
                                   "203.0.113.1",
                                   "224.0.0.1",
                                   "239.255.255.255",
                                   "240.0.0.1",
                                   "255.255.255.255",
                                   "::",
                                   "::1",
                                   "::127.0.0.1",
                                   "::8.8.8.8",
                                   "::ffff:127.0.0.1",
                                   "::ffff:10.0.0.1",
                                   "64:ff9b::10.0.0.1",
                                   "64:ff9b:1::1",
                                   "100::1",
                                   "2001::1",
                                   "2001:db8::1",
                                   "2002:7f00:1::1",
                                   "2002:a00:1::1",
                                   "3fff::1",
                                   "fc00::1",
                                   "fd12::1",
                                   "fe80::1",
                                   "fec0::1",
                                   "ff02::1"}) {
        CAPTURE(text);
        CHECK(!is_public(make_address(text)));
    }
}

}  // namespace pilothouse::tests::reach_test
