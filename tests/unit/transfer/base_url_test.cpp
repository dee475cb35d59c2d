#include "transfer/base_url.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::base_url_test {

using pilothouse::transfer::with_base_url;

TEST_CASE("every URL of either form gets the base, and nothing that only looks like one") {
    CHECK(with_base_url("{\"entries\":{\n\"a\":[\n{\"description\":\"\\\"urls\\\":[\\\"x\","
                        "\"urls\":[\"charts/a-1.tgz\"]},\n"
                        "{\"annotations\":{\"urls\":\"[\"},\"urls\":[\"charts/a-2.tgz\"]}]\n}}\n",
                        "https://x/y") ==
          "{\"entries\":{\n\"a\":[\n{\"description\":\"\\\"urls\\\":[\\\"x\",\"urls\":[\"https://x/"
          "y/charts/a-1.tgz\"]},\n"
          "{\"annotations\":{\"urls\":\"[\"},\"urls\":[\"https://x/y/charts/a-2.tgz\"]}]\n}}\n");
    CHECK(with_base_url(
              "---\nentries:\n  \"a\":\n  - name: \"a\"\n    urls:\n      - \"charts/a-1.tgz\"\n",
              "http://h") ==
          "---\nentries:\n  \"a\":\n  - name: \"a\"\n    urls:\n      - "
          "\"http://h/charts/a-1.tgz\"\n");
    CHECK(with_base_url("{\"entries\":{}}", "http://h") == "{\"entries\":{}}");
    CHECK(with_base_url("", "http://h").empty());
}

}  // namespace pilothouse::tests::base_url_test
