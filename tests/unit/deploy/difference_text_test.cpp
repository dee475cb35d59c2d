// What a dry run found is kept as JSON, and never as more than fits.
#include "deploy/difference_text.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include <string>
#include <vector>

namespace pilothouse::tests::difference_text_test {

using release::object_change;
using release::object_difference;

namespace {

object_difference of(object_change what, std::string name, std::string text) {
    return {what, "v1", "ConfigMap", "web", std::move(name), std::move(text)};
}

}  // namespace

TEST_CASE("each object says what becomes of it") {
    CHECK(deploy::difference_text({}) == "[]");
    auto const text = deploy::difference_text({of(object_change::added, "a", "+x\n"),
                                               of(object_change::changed, "b", "-x\n+y\n"),
                                               of(object_change::removed, "c", "-y\n")});
    auto const all = boost::json::parse(text).as_array();
    REQUIRE(all.size() == 3);
    CHECK(all[0].at("change") == "added");
    CHECK(all[1].at("change") == "changed");
    CHECK(all[2].at("change") == "removed");
    CHECK(all[0].at("api_version") == "v1");
    CHECK(all[0].at("kind") == "ConfigMap");
    CHECK(all[0].at("namespace") == "web");
    CHECK(all[1].at("name") == "b");
    CHECK(all[1].at("text") == "-x\n+y\n");
}

TEST_CASE("of what is stopped the first thing is that it is started") {
    storage::release_record stopped;
    stopped.name_space = "web";
    stopped.name = "shop";
    auto const alone = boost::json::parse(deploy::difference_text({}, &stopped)).as_array();
    REQUIRE(alone.size() == 1);
    CHECK(alone[0].at("change") == "started");
    CHECK(alone[0].at("namespace") == "web");
    CHECK(alone[0].at("name") == "shop");
    auto const all = boost::json::parse(
                         deploy::difference_text({of(object_change::added, "a", "+x\n")}, &stopped))
                         .as_array();
    REQUIRE(all.size() == 2);
    CHECK(all[1].at("change") == "added");
}

TEST_CASE("what does not fit is left out, and said to be") {
    constexpr std::size_t bytes_max = 1024 * 1024;
    std::vector<object_difference> all{
        of(object_change::added, "small", "+x\n"),
        of(object_change::added, "large", std::string(bytes_max, 'x')),
        of(object_change::added, "last", "+y\n")};
    auto const text = deploy::difference_text(all);
    CHECK(text.size() < bytes_max);
    auto const shown = boost::json::parse(text).as_array();
    REQUIRE(shown.size() == 3);
    CHECK(shown[1].at("text") == "too long to be shown\n");
    CHECK(shown[2].at("text") == "+y\n");

    std::vector<object_difference> const many(20'000, of(object_change::added, "many", ""));
    auto const cut = deploy::difference_text(many);
    CHECK(cut.size() <= bytes_max);
    auto const most = boost::json::parse(cut).as_array();
    CHECK(most.size() + most.back().at("more").to_number<std::size_t>() == many.size() + 1);
}

}  // namespace pilothouse::tests::difference_text_test
