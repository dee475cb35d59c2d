#include "client/url.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::url_test {

using client::url;

TEST_CASE("URLs are taken apart, and put together as they are to be sent") {
    struct row {
        char const *text, *whole;
    };
    for (auto const& r : {row{"http://Example.COM", "http://example.com/"},
                          row{"HTTPS://h:443/a?b#c", "https://h/a?b"},
                          row{"http://h:8080?q=1", "http://h:8080/?q=1"},
                          row{"http://[2001:DB8::1]:81/x", "http://[2001:db8::1]:81/x"},
                          row{"https://h/a b/\"c\"", "https://h/a%20b/%22c%22"},
                          row{"https://h/\xc3\xa4", "https://h/%C3%A4"},
                          row{"https://h/a/./b/../c//d", "https://h/a/c//d"},
                          row{"https://h/../../x", "https://h/x"},
                          row{"http://good\\@evil/x", "http://good/%5C@evil/x"},
                          row{"http://h:/x", "http://h/x"}}) {
        CAPTURE(r.text);
        auto const parsed = url::parse(r.text);
        REQUIRE(parsed);
        CHECK(parsed->text() == r.whole);
        CHECK(url::parse(parsed->text()).value().text() == r.whole);
    }
    CHECK(url::parse("https://[::1]:8443/x").value().host() == "::1");
    CHECK(url::parse("https://[::1]:8443/x").value().authority() == "[::1]:8443");
}

TEST_CASE("what cannot be asked for is refused") {
    for (char const* const text : {"",
                                   "h",
                                   "/x",
                                   "ftp://h/",
                                   "file:///etc/passwd",
                                   "http:/h",
                                   "http://",
                                   "http:///x",
                                   "http://:80/",
                                   "http://h:0/",
                                   "http://h:65536/",
                                   "http://h:8a/",
                                   "http://h:-1/",
                                   "http://u:p@h/",
                                   "http://u@h/",
                                   "http://[::1/",
                                   "http://[x]/",
                                   "http://[1]/",
                                   "http://h h/",
                                   "http://h/\r\nX: y",
                                   "http://h\n/",
                                   "http://h%41/",
                                   "javascript://h/"}) {
        CAPTURE(text);
        CHECK(!url::parse(text));
    }
    CHECK(!url::parse("http://h/" + std::string(9000, 'x')));
    CHECK(!url::parse(std::string("http://h/\0x", 11)));
}

TEST_CASE("references are resolved as RFC 3986 has them") {
    auto const base = url::parse("http://a/b/c/d?q").value();
    struct row {
        char const *reference, *whole;
    };
    for (auto const& r :
         {row{"g", "http://a/b/c/g"}, row{"./g", "http://a/b/c/g"}, row{"g/", "http://a/b/c/g/"},
          row{"/g", "http://a/g"}, row{"//g", "http://g/"}, row{"?y", "http://a/b/c/d?y"},
          row{"g?y", "http://a/b/c/g?y"}, row{"", "http://a/b/c/d?q"}, row{".", "http://a/b/c/"},
          row{"..", "http://a/b/"}, row{"../g", "http://a/b/g"}, row{"../../../g", "http://a/g"},
          row{"g#s", "http://a/b/c/g"}, row{"https://x/y", "https://x/y"}}) {
        CAPTURE(r.reference);
        auto const resolved = base.resolve(r.reference);
        REQUIRE(resolved);
        CHECK(resolved->text() == r.whole);
    }
    for (char const* const text : {"ftp://x/", "javascript:1", "//u@h/", "g\r\n", "//"}) {
        CAPTURE(text);
        CHECK(!base.resolve(text));
    }
}

TEST_CASE("an index's URLs are below its repository") {
    auto const repository = url::parse("https://h/team/charts?token=1").value();
    CHECK(repository.resolve_below("index.yaml").value().text() ==
          "https://h/team/charts/index.yaml?token=1");
    CHECK(repository.resolve_below("a.tgz?x").value().text() == "https://h/team/charts/a.tgz?x");
    CHECK(repository.resolve_below("https://h/a.tgz").value().text() == "https://h/a.tgz");
    CHECK(repository.resolve_below("//other/a.tgz").value().text() == "https://other/a.tgz");
    CHECK(url::parse("http://h/a.tgz?x").value().with_path_suffix(".prov").text() ==
          "http://h/a.tgz.prov?x");
}

}  // namespace pilothouse::tests::url_test
