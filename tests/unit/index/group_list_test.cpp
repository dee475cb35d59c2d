#include "index/group_list.hpp"

#include "tests/unit/index/samples.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace pilothouse::index::group_list_test {

using tests::make_sample;
using tests::sample;

namespace {

void put(group_list& list, sample const& s) {
    std::string const text = entry_text(list.form(), s.fragment);
    list.put({s.chart, s.version, s.created, text});
}

std::vector<std::string> texts_of(group_list const& list) {
    std::vector<std::string> texts;
    for (group_pointer const& g : list.groups()) texts.emplace_back(g->text());
    return texts;
}

std::vector<std::string> names_of(group_list const& list) {
    std::vector<std::string> names;
    for (group_pointer const& g : list.groups())
        for (std::size_t i = 0; i < g->size(); ++i)
            names.push_back(std::string((*g)[i].chart) + ' ' + std::string((*g)[i].version));
    return names;
}

// A sample whose digest begins with the eight digits given: 00000000 begins a group, ffffffff
// does not.
sample with_digest(sample s, std::string_view digits) {
    std::size_t const at = s.fragment.rfind(R"("digest":")") + 10;
    s.fragment.replace(at, digits.size(), digits);
    return s;
}

}  // namespace

TEST_CASE("charts are ordered bytewise, versions from newest to oldest") {
    std::vector<sample> const in_order = {
        make_sample("A", "1.0.0", 1),       make_sample("Z", "1.0.0", 1),
        make_sample("a", "10.0.0", 1),      make_sample("a", "9.0.0", 1),
        make_sample("a", "1.0.0+b", 9),     make_sample("a", "1.0", 8),
        make_sample("a", "1.0.0", 8),       make_sample("a", "v1.0.0", 7),
        make_sample("a", "1.0.0-rc.10", 1), make_sample("a", "1.0.0-rc.9", 1),
        make_sample("a", "1.0.0-alpha", 1), make_sample("a", "0.1.0", 99),
        make_sample("a-1", "1.0.0", 1),     make_sample("a.1", "1.0.0", 1),
        make_sample("a1", "1.0.0", 1),      make_sample("a_1", "1.0.0", 1),
    };
    std::vector<std::string> expected;
    for (sample const& s : in_order) expected.push_back(s.chart + ' ' + s.version);

    auto shuffled = in_order;
    std::mt19937 random(1);
    for (int round = 0; round < 20; ++round) {
        std::shuffle(shuffled.begin(), shuffled.end(), random);
        group_list list(index_format::json);
        for (sample const& s : shuffled) put(list, s);
        CHECK(names_of(list) == expected);
    }
}

TEST_CASE("after any changes the groups are those of a list made at once") {
    // Long and short entries, so that there are several groups and some move between them.
    std::vector<std::string> const charts = {"a", "a-1", "b", "c", "d"};
    std::vector<std::string> const versions = {"1.0.0", "1.0",   "v1.0.0",     "1.0.0+x", "1.0.0+y",
                                               "2.0.0", "2.1.0", "2.0.0-rc.1", "0.1.0",   "10.0.0"};
    std::size_t most_groups = 0;
    for (unsigned seed = 0; seed < 12; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        auto const format = seed % 2 == 0 ? index_format::json : index_format::yaml;
        group_list list(format);
        std::vector<sample> model;
        for (int change = 0; change < 150; ++change) {
            std::string const& chart = charts[random() % charts.size()];
            std::string const& version = versions[random() % versions.size()];
            std::erase_if(
                model, [&](sample const& s) { return s.chart == chart && s.version == version; });
            if (random() % 3 != 0) {
                auto const bytes = random() % 8 == 0 ? 40'000 : random() % 6'000;
                auto const s = make_sample(chart, version, static_cast<int>(random() % 5), bytes);
                put(list, s);
                model.push_back(s);
                std::sort(model.begin(), model.end(), tests::comes_before);
            } else {
                list.remove(chart, version);
            }
            auto const fresh = tests::list_of(format, model);
            REQUIRE(texts_of(list) == texts_of(fresh));
            REQUIRE(list.entries() == model.size());
            REQUIRE(list.bytes() == fresh.bytes());
            for (sample const& s : model) {
                auto const found = list.find(s.chart, s.version);
                REQUIRE(found);
                REQUIRE(digest_in(list.form(), found->text) == s.digest());
            }
            REQUIRE(!list.find(chart, "3.0.0"));
            REQUIRE(!list.find("zz", version));
        }
        most_groups = std::max(most_groups, list.groups().size());
    }
    CHECK(most_groups > 5);
}

TEST_CASE("a change leaves all groups but its own as they are") {
    std::vector<sample> samples;
    for (int i = 0; i < 1000; ++i)
        samples.push_back(
            make_sample("c" + std::to_string(i % 50), std::to_string(i) + ".0.0", i, 600));
    std::sort(samples.begin(), samples.end(), tests::comes_before);
    auto const before = tests::list_of(index_format::json, samples);
    REQUIRE(before.groups().size() > 10);
    for (int i = 0; i < 100; ++i) {
        auto after = before;
        put(after, make_sample("c" + std::to_string(i % 60), "77.7.7", i, 600));
        std::size_t shared = 0;
        for (group_pointer const& g : after.groups())
            shared += std::count(before.groups().begin(), before.groups().end(), g) > 0 ? 1 : 0;
        CHECK(after.groups().size() - shared <= 3);
    }
}

TEST_CASE("groups have the wanted size on average") {
    group_list_builder builder(index_format::json);
    std::vector<sample> samples;
    for (int i = 9999; i >= 0; --i)
        samples.push_back(make_sample("a", std::to_string(i) + ".0.0", i, 400));
    auto const list = tests::list_of(index_format::json, samples);
    auto const average = list.bytes() / list.groups().size();
    CHECK(average > 24 * 1024);
    CHECK(average < 40 * 1024);
}

TEST_CASE("chosen digests make neither an endless group nor a wrong index") {
    for (std::string_view const digits : {"ffffffff", "00000000"}) {
        CAPTURE(digits);
        std::vector<sample> samples;
        for (int i = 1999; i >= 0; --i)
            samples.push_back(
                with_digest(make_sample("a", std::to_string(i) + ".0.0", i, 400), digits));
        group_list list(index_format::json);
        for (std::size_t i = 0; i < samples.size(); i += 2) put(list, samples[i]);
        for (std::size_t i = 1; i < samples.size(); i += 2) put(list, samples[i]);
        for (group_pointer const& g : list.groups()) CHECK(g->text().size() < 600 * 1024);
        auto text_of = [](group_list const& l) {
            std::string text;
            for (auto const& part : texts_of(l)) text += part;
            return text;
        };
        CHECK(text_of(list) == text_of(tests::list_of(index_format::json, samples)));
        for (sample const& s : samples) list.remove(s.chart, s.version);
        CHECK(list.groups().empty());
        CHECK(list.bytes() == 0);
    }
}

TEST_CASE("a thousand builds of one version are found, replaced and removed one by one") {
    group_list list(index_format::json);
    for (int i = 0; i < 1000; ++i)
        put(list, make_sample("a", "1.0.0+build" + std::to_string(i), i));
    put(list, make_sample("a", "1.0.0+build500", 5000));
    CHECK(list.entries() == 1000);
    CHECK(names_of(list).front() == "a 1.0.0+build500");
    CHECK(list.find("a", "1.0.0+build0"));
    CHECK(!list.find("a", "1.0.0"));
    CHECK(!list.find("a", "1.0.0+build1000"));
    list.remove("a", "1.0.0+build999");
    CHECK(!list.find("a", "1.0.0+build999"));
    list.remove("a", "1.0.0+build999");
    CHECK(list.entries() == 999);
}

TEST_CASE("an entry that is not that of its chart and version is refused") {
    auto const good = make_sample("a", "1.0.0", 1);
    group_list list(index_format::json);
    put(list, good);
    auto const bytes = list.bytes();
    struct row {
        std::string chart, version, text;
    };
    std::vector<row> const rows = {
        {"b", "1.0.0", good.fragment},
        {"a", "1.0.1", good.fragment},
        {"", "1.0.0", R"({"name":"","version":"1.0.0")" + good.fragment},
        {"a", "", good.fragment},
        {"a", "latest", good.fragment},
        {"a", "1.0.0", good.fragment.substr(0, good.fragment.size() - 80)},
        {"a", "1.0.0", ""},
        {std::string(300, 'a'), "1.0.0", make_sample(std::string(300, 'a'), "1.0.0", 1).fragment},
    };
    for (auto const& [chart, version, text] : rows) {
        CAPTURE(text);
        group_list changed = list;
        CHECK_THROWS_AS(changed.put({chart, version, good.created, text}), std::runtime_error);
    }
    CHECK(list.bytes() == bytes);
}

}  // namespace pilothouse::index::group_list_test
