// The table of nasty archives (contracts: helm section 6), what concerns the container: paths,
// links, sizes, tar and gzip. The numbers are the table's.
#include "tests/support/chart_builder.hpp"
#include "tests/support/result_text.hpp"
#include "tests/unit/chart/inspected.hpp"

#include <doctest/doctest.h>

using namespace pilothouse;
using namespace pilothouse::tests;

namespace {

constexpr std::size_t mebibyte = 1024 * 1024;

// What must come of an archive: the code of its refusal with a word of the reason, or no code; then
// the word is of a warning, empty for none.
struct row {
    std::string_view number;
    std::string archive;
    std::optional<errc> refused;
    std::string_view word;
};

void judge(row const& r) {
    CAPTURE(r.number);
    auto const chart = inspected(r.archive);
    if (!chart) {
        CAPTURE(chart.error().detail);
        REQUIRE(r.refused);
        CHECK(chart.error().code == *r.refused);
        CHECK(chart.error().detail.find(r.word) != std::string::npos);
        return;
    }
    REQUIRE_FALSE(r.refused);
    CHECK(chart->name.text() == "mychart");
    CHECK(chart->version.text() == "1.2.3");
    CHECK(chart->warnings.empty() == r.word.empty());
    if (!chart->warnings.empty()) CHECK(chart->warnings.front().find(r.word) != std::string::npos);
}

// A good chart with one more member.
std::string with(tar_entry entry) { return chart_builder().member(std::move(entry)).tgz(); }

std::string with_file(std::string path, std::string data = "x") {
    return with({.path = std::move(path), .data = std::move(data)});
}

std::string without_chart_yaml_but(tar_entry entry) {
    return chart_builder().without("Chart.yaml").member(std::move(entry)).tgz();
}

// A good chart with one more member whose header is preceded by an extension of this type.
std::string with_extension(char type, std::string body, tar_entry entry) {
    return chart_builder()
        .member({.path = "././@Header", .data = std::move(body), .type = type, .gnu = type != 'x'})
        .member(std::move(entry))
        .tgz();
}

std::string const good = chart_builder().tgz();
std::string const chart_yaml = "apiVersion: v2\nname: mychart\nversion: 1.2.3\n";

// GNU's old sparse form: one run of data at the very end of a file of `real` bytes.
std::string gnu_sparse(std::string_view real_size_octal) {
    auto member = tar_member({.path = "mychart/sparse", .type = 'S', .gnu = true});
    auto const put = [&member](std::size_t at, std::string_view text) {
        member.replace(at, text.size(), text);
    };
    put(386, real_size_octal);
    put(398, std::string_view("00000000000\0", 12));
    put(483, real_size_octal);
    put(148, "        ");
    unsigned sum = 0;
    for (char const c : member) sum += static_cast<unsigned char>(c);
    char digits[8];
    std::snprintf(digits, sizeof digits, "%06o", sum);
    member.replace(148, 7, digits, 7);
    return chart_builder().raw(member).tgz();
}

}  // namespace

TEST_CASE("rows 1 to 16: paths, links and sizes") {
    for (auto const& r : {
             row{"1", with_file("mychart/../../../etc/passwd"), errc::unacceptable_chart, "'..'"},
             row{"2", with_file("mychart/templates/../../../evil"), errc::unacceptable_chart,
                 "'..'"},
             row{"3", with_file("mychart/templates/../foo.txt"), errc::unacceptable_chart, "'..'"},
             row{"4", with_file("mychart/..data/foo"), errc::unacceptable_chart,
                 "begins with '..'"},
             row{"4, deeper, where Helm takes it", with_file("mychart/a/..data"), {}, ""},
             row{"5", chart_builder().top("../").tgz(), errc::unacceptable_chart, "'..'"},
             row{"6", with_file("/etc/passwd"), errc::unacceptable_chart, "absolute"},
             row{"7", chart_builder().top("/mychart/").tgz(), errc::unacceptable_chart, "absolute"},
             row{"8", with_file("mychart//etc/passwd"), errc::unacceptable_chart, "absolute"},
             row{"8, deeper, where Helm takes it", with_file("mychart/a//b/./c"), {}, ""},
             row{"9", with({.path = "mychart/link", .type = '2', .link = "/etc/passwd"}),
                 errc::unacceptable_chart, "link"},
             row{"10, symbolic",
                 without_chart_yaml_but(
                     {.path = "mychart/Chart.yaml", .type = '2', .link = "real.yaml"}),
                 errc::unacceptable_chart, "link"},
             row{"10, hard",
                 without_chart_yaml_but(
                     {.path = "mychart/Chart.yaml", .type = '1', .link = "mychart/values.yaml"}),
                 errc::unacceptable_chart, "link"},
             row{"11",
                 chart_builder()
                     .member({.path = "mychart/d", .type = '2', .link = "/var"})
                     .member({.path = "mychart/d/pwn", .data = "x"})
                     .tgz(),
                 errc::unacceptable_chart, "link"},
             row{"12, hard link", with({.path = "mychart/h", .type = '1', .link = "/etc/shadow"}),
                 errc::unacceptable_chart, "link"},
             row{"12, pipe", with({.path = "mychart/p", .type = '6'}), errc::unacceptable_chart,
                 "device"},
             row{"12, device", with({.path = "mychart/c", .type = '3'}), errc::unacceptable_chart,
                 "device"},
             row{"12, block device", with({.path = "mychart/b", .type = '4'}),
                 errc::unacceptable_chart, "device"},
             row{"13, 5 MiB", with_file("mychart/big", std::string(5 * mebibyte, '\0')), {}, ""},
             row{"13, 5 MiB + 1", with_file("mychart/big", std::string(5 * mebibyte + 1, '\0')),
                 errc::unacceptable_chart, "5242880"},
         })
        judge(r);
}

TEST_CASE("row 14: the sum of all files must stay below the limit") {
    chart_builder chart;
    std::string const file(5 * mebibyte, '\0');
    for (int i = 0; i < 19; ++i)
        chart.member({.path = "mychart/f" + std::to_string(i), .data = file});
    judge({"14, 95 MiB", chart.tgz(), {}, ""});
    auto const rest = 5 * mebibyte - chart_yaml.size() - std::string("replicas: 1\n").size() -
                      std::string("kind: ConfigMap\n").size();
    auto exact = chart;
    judge({"14, one byte below",
           chart.member({.path = "mychart/r", .data = std::string(rest - 1, '\0')}).tgz(),
           {},
           ""});
    judge({"14, exactly 100 MiB",
           exact.member({.path = "mychart/r", .data = std::string(rest, '\0')}).tgz(),
           errc::unacceptable_chart, "104857600"});
}

TEST_CASE("row 15: entries are counted, folders too") {
    std::string members;
    for (int i = 0; i < 19'997; ++i)
        members += tar_member({.path = "mychart/e" + std::to_string(i), .type = i % 2 ? '0' : '5'});
    judge({"15, 20,000", chart_builder().raw(members).tgz(), {}, ""});
    members += tar_member({.path = "mychart/last"});
    judge({"15, 20,001", chart_builder().raw(members).tgz(), errc::unacceptable_chart,
           "20000 entries"});
}

TEST_CASE("rows 34 to 44: names from extensions, top folders") {
    std::string const long_name = "mychart/" + std::string(292, 'n');
    std::string const overlong_name = "mychart/" + std::string(4096, 'n');
    for (auto const& r : {
             row{"34",
                 with_extension('x', pax_records({{"path", "mychart/../../evil"}}),
                                {.path = "mychart/fine", .data = "x"}),
                 errc::unacceptable_chart, "'..'"},
             row{"34, GNU",
                 with_extension('L', std::string("mychart/../../evil\0", 19),
                                {.path = "mychart/fine", .data = "x", .gnu = true}),
                 errc::unacceptable_chart, "'..'"},
             row{"35",
                 with_extension('g', pax_records({{"path", "mychart/../evil"}}),
                                {.path = "mychart/fine", .data = "x"}),
                 {},
                 ""},
             row{"36",
                 with_extension('x', pax_records({{"size", "3"}}),
                                {.path = "mychart/fine", .data = "abc", .size = "00000001000"}),
                 {},
                 ""},
             row{"37, pax",
                 with_extension('x', pax_records({{"path", long_name}}),
                                {.path = "mychart/short", .data = "x"}),
                 {},
                 ""},
             row{"37, GNU",
                 with_extension('L', long_name + std::string(1, '\0'),
                                {.path = "mychart/short", .data = "x", .gnu = true}),
                 {},
                 ""},
             row{"37, above the cap",
                 with_extension('x', pax_records({{"path", overlong_name}}),
                                {.path = "mychart/short", .data = "x"}),
                 errc::unacceptable_chart, "4096 bytes"},
             row{"38", chart_builder().top("other/").tgz(), {}, "not named as the chart"},
             row{"39, a/b", chart_builder().top("a/b/").tgz(), errc::invalid_metadata,
                 "no Chart.yaml"},
             row{"39, ./a", chart_builder().top("./mychart/").tgz(), errc::invalid_metadata,
                 "no Chart.yaml"},
             row{"40", chart_builder().top("./").tgz(), {}, ""},
             row{"41", chart_builder().top("").tgz(), errc::unacceptable_chart,
                 "does not lie in the chart's folder"},
             row{"42",
                 chart_builder()
                     .raw(chart_builder("mychart", "9.9.9").top("other/").members())
                     .tgz(),
                 errc::unacceptable_chart, "one top folder"},
             row{"43", with_file("other/templates/y.yaml"), errc::unacceptable_chart,
                 "one top folder"},
             row{"44, a file beside", with_file("README.md"), errc::unacceptable_chart,
                 "does not lie in the chart's folder"},
             row{"44, a file called as the folder", with({.path = "mychart/"}),
                 errc::unacceptable_chart, "does not lie in the chart's folder"},
             row{"44, such a file behind a long extension",
                 with_extension('x', pax_records({{"comment", std::string(200'000, 'c')}}),
                                {.path = "mychart/"}),
                 errc::unacceptable_chart, "does not lie in the chart's folder"},
             row{"44, the folder itself",
                 with({.path = "mychart/", .type = '5', .mode = 0755}),
                 {},
                 ""},
             row{"44, the folder in the oldest form",
                 with({.path = "mychart/", .type = '\0', .mode = 0755}),
                 {},
                 ""},
         })
        judge(r);
}

TEST_CASE("rows 45 to 53: what is around the tar") {
    auto const tar = chart_builder().tar();
    auto const half = tar.size() / 2;
    auto bad_crc = good;
    bad_crc[bad_crc.size() - 8] = static_cast<char>(bad_crc[bad_crc.size() - 8] ^ 1);
    auto bad_length = good;
    bad_length.back() = static_cast<char>(bad_length.back() ^ 1);
    std::string noise;
    for (int i = 0; i < 700; ++i) noise += static_cast<char>(i * 37 + 1);
    using namespace std::string_literals;
    for (auto const& r : {
             row{"45, garbage", good + noise, {}, "after the end of the gzip"},
             row{"45, zeros", good + std::string(1024, '\0'), {}, "after the end of the gzip"},
             row{"45, half of a magic", good + "\x1f\x8b", {}, "after the end of the gzip"},
             row{"46", gzip(tar.substr(0, half)) + gzip(tar.substr(half)), {}, ""},
             row{"46, with an empty member",
                 gzip(tar.substr(0, half)) + gzip("") + gzip(tar.substr(half)),
                 {},
                 ""},
             row{"47",
                 gzip(tar + chart_builder("mychart", "9.9.9").tar()),
                 {},
                 "after the end of the tar"},
             row{"47, in two members",
                 good + chart_builder("mychart", "9.9.9").tgz(),
                 {},
                 "after the end of the tar"},
             row{"47, far behind",
                 gzip(tar + std::string(mebibyte, '\0') + "hidden"),
                 {},
                 "after the end of the tar"},
             row{"47, zeros alone", gzip(tar + std::string(mebibyte, '\0')), {}, ""},
             row{"48, 20 bytes", good.substr(0, good.size() - 20), errc::invalid_archive, "cut"},
             row{"48, within a file", gzip(tar.substr(0, 700)), errc::invalid_archive, "tar"},
             row{"49, CRC", bad_crc, errc::invalid_archive, "checksum"},
             row{"49, length", bad_length, errc::invalid_archive, "checksum"},
             row{"49, no trailer", good.substr(0, good.size() - 8), errc::invalid_archive, "cut"},
             row{"49, CRC of the second member", gzip(tar.substr(0, half)) + bad_crc,
                 errc::invalid_archive, "damaged"},
             row{"50", gzip(chart_builder().members()), {}, ""},
             row{"51", tar, errc::invalid_archive, "not gzip"},
             row{"52, zip", "PK\x03\x04" + noise, errc::invalid_archive, "not gzip"},
             row{"52, xz",
                 "\xfd"
                 "7zXZ\0"s +
                     noise,
                 errc::invalid_archive, "not gzip"},
             row{"52, bzip2", "BZh9" + noise, errc::invalid_archive, "not gzip"},
             row{"52, zstd", "\x28\xb5\x2f\xfd" + noise, errc::invalid_archive, "not gzip"},
             row{"52, a page", "<!doctype html><p>hello", errc::invalid_archive, "not gzip"},
             row{"52, nothing", "", errc::invalid_archive, "not gzip"},
             row{"52, one byte", "\x1f", errc::invalid_archive, "not gzip"},
             row{"52, gzip of nothing", gzip(""), errc::invalid_archive, ""},
             row{"52, gzip of text", gzip("hello"), errc::invalid_archive, "tar"},
             row{"52, gzip of zeros", gzip(std::string(10'240, '\0')), errc::invalid_archive,
                 "no files"},
             row{"52, folders alone",
                 gzip(tar_member({.path = "mychart/", .type = '5'}) + tar_end()),
                 errc::invalid_archive, "no files"},
             row{"52, garbage behind the magic", "\x1f\x8b\x08" + noise, errc::invalid_archive, ""},
             row{"53", gzip(good), errc::invalid_archive, "tar"},
         })
        judge(r);
}

TEST_CASE("rows 54 to 57: backslashes, and names that are nearly Chart.yaml") {
    for (auto const& r : {
             row{"54", chart_builder().top("mychart\\").tgz(), errc::unacceptable_chart,
                 "backslash"},
             row{"55, upwards", with_file("mychart\\..\\..\\evil"), errc::unacceptable_chart,
                 "backslash"},
             row{"55, mixed", with_file("mychart/a\\..\\..\\..\\evil"), errc::unacceptable_chart,
                 "backslash"},
             row{"55, a drive", with_file("mychart/c:/foo"), errc::unacceptable_chart, "drive"},
             row{"55, a colon deeper", with_file("mychart/a/c:/foo"), {}, ""},
             row{"56, a folder",
                 without_chart_yaml_but({.path = "mychart/Chart.yaml/", .type = '5'}),
                 errc::invalid_metadata, "no Chart.yaml"},
             row{"56, Chart.yml",
                 without_chart_yaml_but({.path = "mychart/Chart.yml", .data = chart_yaml}),
                 errc::invalid_metadata, "no Chart.yaml"},
             row{"56, chart.yaml",
                 without_chart_yaml_but({.path = "mychart/chart.yaml", .data = chart_yaml}),
                 errc::invalid_metadata, "no Chart.yaml"},
             row{"57", with_file("mychart/chart.yaml", "name: other\nversion: 2.0.0\n"), {}, ""},
         })
        judge(r);
}

TEST_CASE("rows 69 to 77: headers") {
    std::string const negative("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xf0", 12);
    std::string const immense("\x80\0\0\0\x40\0\0\0\0\0\0\0", 12);  // 2^62
    std::string const eight_gib("\x80\0\0\0\0\0\0\x02\0\0\0\0", 12);
    auto const damaged = [](std::string size) {
        return with({.path = "mychart/f", .data = "x", .size = std::move(size)});
    };
    auto const chart_of_type = [](char type) {
        return without_chart_yaml_but(
            {.path = "mychart/Chart.yaml", .data = chart_yaml, .type = type});
    };
    for (auto const& r : {
             row{"69", gnu_sparse("600000000000"), errc::unacceptable_chart, "5242880"},
             row{"69, within the limit, but a hole at its end", gnu_sparse("000014000000"),
                 errc::invalid_archive, "size"},
             row{"70",
                 with_extension('x',
                                pax_records({{"GNU.sparse.major", "1"},
                                             {"GNU.sparse.minor", "0"},
                                             {"GNU.sparse.name", "mychart/sparse"},
                                             {"GNU.sparse.realsize", "3145728"}}),
                                {.path = "mychart/x",
                                 .data = "1\n3145724\n4\n" + std::string(500, '\0') + "tail"}),
                 {},
                 ""},
             row{"71, checksum, first header",
                 gzip(tar_member(
                     {.path = "mychart/Chart.yaml", .data = chart_yaml, .good_checksum = false})),
                 errc::invalid_archive, "tar"},
             row{"71, checksum, later header", with({.path = "mychart/f", .good_checksum = false}),
                 errc::invalid_archive, "tar"},
             row{"71, negative", damaged(negative), errc::invalid_archive, "tar"},
             row{"71, immense", damaged(immense), errc::unacceptable_chart, "5242880"},
             row{"71, 8 GiB", damaged(eight_gib), errc::unacceptable_chart, "5242880"},
             row{"71, more than there is", damaged("00000100000"), errc::invalid_archive, "tar"},
             row{"72", with({.path = "mychart/foo/", .data = "hi"}), errc::invalid_archive, "size"},
             row{"72, without data, where Helm takes it", with({.path = "mychart/foo/"}), {}, ""},
             row{"73, 7", chart_of_type('7'), {}, ""},
             row{"73, NUL", chart_of_type('\0'), {}, ""},
             row{"74",
                 with({.path = "mychart/f", .data = "x", .modified = 8'589'934'591, .mode = 04777}),
                 {},
                 ""},
             row{"76",
                 chart_builder()
                     .file(".helmignore", "**\n")
                     .file("charts/x.tgz.prov", "signed")
                     .tgz(),
                 {},
                 ""},
             row{"77", with_file("mychart/._Chart.yaml", "\0\5\x16\7"), {}, ""},
         })
        judge(r);
}

TEST_CASE("row 75: what a gzip header says is not looked at") {
    std::string header = "\x1f\x8b\x08";
    header += '\x1c';  // extra field, name and comment
    header += std::string(6, '\0');
    header += std::string("\x04\0abcd", 6);
    header += std::string("../../evil\0Helm\0", 16);
    judge({"75", header + good.substr(10), {}, ""});
}

TEST_CASE("row 24: file names need not be UTF-8") {
    judge({"24, raw", with_file("mychart/\xff\xfe"), {}, ""});
    judge({"24, UTF-8", with_file("mychart/\u00e4"), {}, ""});
    judge({"24, pax",
           with_extension('x', pax_records({{"path", "mychart/\u00e4\u4e2d"}}),
                          {.path = "mychart/short", .data = "x"}),
           {},
           ""});
    judge({"24, pax, not UTF-8",
           with_extension('x', pax_records({{"path", "mychart/\xff\xfe"}}),
                          {.path = "mychart/short", .data = "x"}),
           {},
           ""});
}
