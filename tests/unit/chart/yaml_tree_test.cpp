#include "chart/yaml_tree.hpp"

#include "chart/yaml_events.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::yaml_tree_test {

using namespace pilothouse::chart;
using namespace std::string_literals;

namespace {

// One line for a tree, to compare with.
std::string written(yaml_node const& node) {
    std::string text;
    switch (node.form) {
        case yaml_node::shape::scalar: return node.null() ? "null" : "'" + node.text + "'";
        case yaml_node::shape::list:
            for (auto const* item : node.items) text += written(*item) + ",";
            return "[" + text + "]";
        case yaml_node::shape::map:
            for (auto const& [key, value] : node.fields) text += key + ":" + written(*value) + ",";
            return "{" + text + "}";
    }
    return text;
}

std::string tree_of(std::string_view yaml, yaml_limits const& limits = {}) {
    auto const tree = yaml_tree::parse(yaml, limits);
    return tree ? written(tree->root()) : "refused: " + tree.error().detail;
}

errc refusal_of(std::string_view yaml, yaml_limits const& limits = {}) {
    auto const tree = yaml_tree::parse(yaml, limits);
    REQUIRE_MESSAGE(!tree, yaml);
    return tree.error().code;
}

}  // namespace

TEST_CASE("a document becomes the tree that Helm's reader would see") {
    struct row {
        std::string_view yaml, tree;
    };
    for (auto const& [yaml, tree] : {
             row{"", "null"},
             row{"# nothing\n", "null"},
             row{"---\n", "null"},
             row{"a: 1\nb: [x, ~, 'y']\n", "{a:'1',b:['x',null,'y',],}"},
             row{"\xef\xbb\xbf"
                 "a: b\n",
                 "{a:'b',}"},
             row{"a: b\r\nc: |\r\n  d\r\n  e\r\n", "{a:'b',c:'d\ne\n',}"},
             row{"a: |\r  b\r  c\r", "{a:'b\nc\n',}"},
             row{"a: \"b\xc2\x85  c\"\n", "{a:'b c',}"},
             row{"a: >\n  b\n  c\n\n  d\n", "{a:'b c\nd\n',}"},
             row{"a: b\n---\nc: [\n", "{a:'b',}"},
             row{"a: b\n...\nc: [\n", "{a:'b',}"},
             row{"a: b\n--- @\n", "{a:'b',}"},
             row{"{a: b}\nc: d\n", "{a:'b',}"},
             row{"{a, b: [c]}", "{a:null,b:['c',],}"},
             row{"? a\nb:\nc:\n- d:\n", "{a:null,b:null,c:[{d:null,},],}"},
             row{"{\"a\": [1, 2]}", "{a:['1','2',],}"},
             row{"1.10: a\nyes: b\n.inf: c\n", "{.inf:'c',1.1:'a',true:'b',}"},
             row{"a: &x {b: c}\nd: *x\n", "{a:{b:'c',},d:{b:'c',},}"},
             row{"a: &x 1\nb: &x 2\nc: *x\n", "{a:'1',b:'2',c:'2',}"},
             row{"&k a: b\nc: *k\n", "{a:'b',c:'a',}"},
             row{"x: &x {a: 1, b: 2}\nz: {<<: *x, b: 3}\n", "{x:{a:'1',b:'2',},z:{a:'1',b:'3',},}"},
             row{"x: &x {b: 2}\nz: {b: 3, <<: *x}\n", "{x:{b:'2',},z:{b:'2',},}"},
             row{"z: {<<: [{a: 1}, {a: 2, b: 2}]}\n", "{z:{a:'1',b:'2',},}"},
             row{"z: {'<<': a}\n", "{z:{<<:'a',},}"},
             row{"a: \"\\N\\_\\L\\P\\x41\\u00e9\\U0001f600\"\n",
                 "{a:'\u0085\u00a0\u2028\u2029A\u00e9\U0001f600',}"},
             row{"a: !!str 1.10\nb: !own x\n", "{a:'1.10',b:'x',}"},
             row{"a: 'it''s /'\nb: \"\\\"/\"\n", "{a:'it's /',b:'\"/',}"},
         }) {
        CAPTURE(yaml);
        CHECK(tree_of(yaml) == tree);
    }
}

TEST_CASE("what Helm's reader cannot read is refused as unreadable") {
    for (auto const& yaml : {"a: [b"s,
                             "a: b: c\n"s,
                             "a:\n\tb: c\n"s,
                             "a: \"open\n"s,
                             "a: 'it''s open\n"s,
                             "a: \"b\\/c\"\n"s,
                             "a: !!str \"\\/\"\n"s,
                             "a: *nobody\n"s,
                             "a: b\xe4\n"s,
                             "a: b\x7f\n"s,
                             "a: b\0c\n"s,
                             "a: b\xc2\x80\n"s,
                             "\xff\xfe"
                             "a\0"s,
                             "\xfe\xff\0a"s,
                             "? [a]\n: b\n"s,
                             "~: a\n"s,
                             "18446744073709551615: a\n"s,
                             "a: !!int b\n"s,
                             "a: {<<: b}\n"s,
                             "a: \"\\ud83d\\ude00\"\n"s,
                             "a: b\nstray\n"s,
                             "a: b\nstray"s,
                             "a:\n  b: c\n  stray\n"s,

                             "a: @b\n"s,
                             "a: `b`\n"s}) {
        CAPTURE(yaml);
        CHECK(refusal_of(yaml) == errc::invalid_metadata);
    }
}

TEST_CASE("a key that stands twice in one map is refused, wherever the map is") {
    for (auto const& yaml : {"a: 1\na: 2\n"s, "x: {a: 1, a: 2}\n"s, "- {1: a, '1': b}\n"s,
                             "x: &x {a: 1}\ny: {a: 1, <<: *x, a: 2}\n"s}) {
        CAPTURE(yaml);
        CHECK(refusal_of(yaml) == errc::unacceptable_chart);
    }
}

TEST_CASE("a node that contains itself is refused") {
    for (auto const& yaml : {"&a [*a]"s, "&a {b: *a}"s, "a: &b\n  c: {<<: *b}\n"s}) {
        CAPTURE(yaml);
        CHECK(refusal_of(yaml) == errc::unacceptable_chart);
    }
}

TEST_CASE("a bomb of aliases is refused before it is large") {
    std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 30; ++i) {
        auto const below = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below;
        for (int k = 0; k < 9; ++k) bomb += ", " + below;
        bomb += "]\n";
    }
    CHECK(refusal_of(bomb) == errc::unacceptable_chart);
}

TEST_CASE("the limits of size, depth and number are kept to the unit") {
    yaml_limits const limits{.size_bytes = 40, .depth = 3, .nodes = 8};
    CHECK(tree_of("[[[]]]", limits) == "[[[],],]");
    CHECK(refusal_of("[[[[]]]]", limits) == errc::unacceptable_chart);
    CHECK(tree_of("[1,2,3,4,5,6,7]", limits) == "['1','2','3','4','5','6','7',]");
    CHECK(refusal_of("[1,2,3,4,5,6,7,8]", limits) == errc::unacceptable_chart);
    CHECK(tree_of("[&a [1,2], *a]", limits) == "[['1','2',],['1','2',],]");
    CHECK(refusal_of("[&a [1,2,3], *a]", limits) == errc::unacceptable_chart);
    CHECK(tree_of("a: " + std::string(36, 'x') + "\n", limits).starts_with("{a:"));
    CHECK(refusal_of("a: " + std::string(37, 'x') + "\n", limits) == errc::unacceptable_chart);
}

TEST_CASE("nesting of a hundred thousand levels is refused, in every form") {
    constexpr std::size_t deep = 100'000;
    std::string indented;
    for (std::size_t i = 0; i < 1000; ++i) indented += std::string(i, ' ') + "a:\n";
    for (auto const& yaml : {std::string(deep, '['), std::string(deep, '{'),
                             "a: " + std::string(deep, '['), indented}) {
        auto const tree = yaml_tree::parse(yaml, {});
        CHECK_FALSE(tree);
    }
    std::string dashes;
    for (std::size_t i = 0; i < deep; ++i) dashes += "- ";
    CHECK_FALSE(yaml_tree::parse(dashes, {}));
    std::string questions;
    for (std::size_t i = 0; i < 3000; ++i) questions += "? ";
    CHECK_FALSE(yaml_tree::parse(questions, {}));
}

}  // namespace pilothouse::tests::yaml_tree_test
