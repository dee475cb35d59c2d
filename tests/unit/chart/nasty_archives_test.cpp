// The table of nasty archives (contracts: archives), what concerns the container: paths,
// links, sizes, tar and gzip. The numbers are the table's.
#include "tests/support/chart_builder.hpp"
#include "tests/support/result_text.hpp"
#include "tests/unit/chart/inspected.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::nasty_archives_test {

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
             row{"69", gnu_sparse("600000000000"), errc::invalid_archive, "the type \"S\""},
             row{"69, within the limit", gnu_sparse("000014000000"), errc::invalid_archive,
                 "the type \"S\""},
             row{"70",
                 with_extension('x',
                                pax_records({{"GNU.sparse.major", "1"},
                                             {"GNU.sparse.minor", "0"},
                                             {"GNU.sparse.name", "mychart/sparse"},
                                             {"GNU.sparse.realsize", "3145728"}}),
                                {.path = "mychart/x",
                                 .data = "1\n3145724\n4\n" + std::string(500, '\0') + "tail"}),
                 errc::invalid_archive, "a sparse file"},
             row{"71, checksum, first header",
                 gzip(tar_member(
                     {.path = "mychart/Chart.yaml", .data = chart_yaml, .good_checksum = false})),
                 errc::invalid_archive, "tar"},
             row{"71, checksum, later header", with({.path = "mychart/f", .good_checksum = false}),
                 errc::invalid_archive, "tar"},
             row{"71, negative", damaged(negative), errc::invalid_archive, "tar"},
             row{"71, immense", damaged(immense), errc::invalid_archive, "number"},
             row{"71, 8 GiB", damaged(eight_gib), errc::invalid_archive, "number"},
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

namespace {

std::string const other_chart = "apiVersion: v2\nname: evil\nversion: 9.9.9\n";

// A pax record and, where a reader takes the body for a file, a Chart.yaml.
std::string const pax_and_yaml = "37 a: \"=x\"\nname: evil\nversion: 9.9.9\n";

std::string extension(char type, std::string body) {
    return tar_member({.path = "././@Header", .data = std::move(body), .type = type});
}

// A good chart, then this, then one more file, so that nothing is at the end by chance.
std::string before_more(std::string const& records) {
    return chart_builder().raw(records + tar_member({.path = "mychart/zz", .data = "z"})).tgz();
}

// A member with some bytes of its header replaced, and the checksum that fits.
std::string with_header_bytes(tar_entry const& entry, std::size_t at, std::string_view bytes) {
    auto member = tar_member(entry);
    member.replace(at, bytes.size(), bytes);
    member.replace(148, 8, "        ");
    unsigned sum = 0;
    for (char const c : member.substr(0, 512)) sum += static_cast<unsigned char>(c);
    char digits[8];
    std::snprintf(digits, sizeof digits, "%06o", sum);
    member.replace(148, 7, digits, 7);
    return member;
}

void judge_all(std::vector<row> const& rows) {
    for (auto const& r : rows) judge(r);
}

}  // namespace

TEST_CASE("a member that readers take for a file or for none is refused") {
    for (char const type : std::string("SDVXAKMNIEZsa~8\1\x7f\xff")) {
        auto const chart =
            tar_member({.path = "mychart/Chart.yaml", .data = other_chart, .type = type});
        judge({"any type but a chart's", before_more(chart), errc::invalid_archive, "of the type"});
    }
    for (char const type : std::string("XA"))
        judge({"an extension that is a Chart.yaml",
               before_more(
                   tar_member({.path = "mychart/Chart.yaml", .data = pax_and_yaml, .type = type})),
               errc::invalid_archive, "of the type"});
    judge({"a volume's label", before_more(tar_member({.path = "label", .type = 'V'})),
           errc::invalid_archive, "of the type"});
    judge_all({
        {"a folder by its mode",
         before_more(tar_member({.path = "mychart/f", .data = "x", .mode = 040644})),
         errc::invalid_archive, "by its mode"},
        {"a link by its mode",
         before_more(tar_member({.path = "mychart/f", .data = "x", .mode = 0120644})),
         errc::invalid_archive, "by its mode"},
        {"a file by its mode, too",
         before_more(tar_member({.path = "mychart/f", .data = "x", .mode = 0100644})),
         {},
         ""},
        {"a folder by its mode, too",
         before_more(tar_member({.path = "mychart/f/", .type = '5', .mode = 040755})),
         {},
         ""},
        {"type 7 and a slash is a file", before_more(tar_member({.path = "mychart/", .type = '7'})),
         errc::unacceptable_chart, "does not lie"},
    });
}

TEST_CASE("a size where no data can be hides members and is refused") {
    auto const hidden = tar_member({.path = "mychart/Chart.yaml", .data = other_chart});
    auto const sized = pax_records({{"size", std::to_string(hidden.size())}});
    for (char const type : std::string("1234567").substr(0, 6)) {
        judge({"in the header",
               before_more(tar_member({.path = "mychart/p", .data = hidden, .type = type})),
               errc::invalid_archive, "has a size"});
        judge({"in pax",
               before_more(extension('x', sized) + tar_member({.path = "mychart/p", .type = type}) +
                           hidden),
               errc::invalid_archive, "has a size"});
    }
    judge({"of the oldest form of a folder",
           before_more(tar_member({.path = "mychart/p/", .data = hidden, .type = '\0'})),
           errc::invalid_archive, "has a size"});
    judge({"of nothing, in pax",
           before_more(extension('x', pax_records({{"size", "0"}})) +
                       tar_member({.path = "mychart/p/", .type = '5'})),
           {},
           ""});
}

TEST_CASE("a member has one extension header at most, and it has a member") {
    auto const x = extension('x', pax_records({{"path", "mychart/p"}}));
    auto const l = extension('L', std::string("mychart/Chart.yaml\0", 19));
    auto const g = extension('g', pax_records({{"comment", "c"}}));
    auto const file = tar_member({.path = "mychart/short", .data = other_chart});
    judge_all({
        {"x, L", before_more(x + l + file), errc::invalid_archive, "more than one"},
        {"L, x", before_more(l + x + file), errc::invalid_archive, "more than one"},
        {"x, x", before_more(x + x + file), errc::invalid_archive, "more than one"},
        {"L, L", before_more(l + l + file), errc::invalid_archive, "more than one"},
        {"x, g", before_more(x + g + file), errc::invalid_archive, "more than one"},
        {"g, x", before_more(g + x + file), {}, ""},
        {"g, g", before_more(g + g + file), {}, ""},
        {"g, the end", chart_builder().raw(g).tgz(), {}, ""},
        {"x, the end", chart_builder().raw(x).tgz(), errc::invalid_archive, "no member"},
        {"x, no end", gzip(chart_builder().raw(x).members()), errc::invalid_archive, "tar"},
        {"x without a body", before_more(extension('x', "") + file), errc::invalid_archive,
         "empty"},
        {"L without a name", before_more(extension('L', std::string(5, '\0')) + file),
         errc::invalid_archive, "empty"},
        {"K", before_more(extension('K', "target") + file), errc::invalid_archive, "of the type"},
        {"x of more than 1 MiB",
         before_more(extension('x', pax_records({{"comment", std::string(mebibyte, 'c')}})) + file),
         errc::invalid_archive, "too large"},
    });
}

TEST_CASE("pax records are read to the letter") {
    using namespace std::string_literals;
    auto const file = tar_member({.path = "mychart/short", .data = "x"});
    for (auto const& body : {"999 path=evil\n"s,
                             "garbage"s,
                             " "s,
                             "5"s,
                             "5 a=b"s,
                             "6 a=bc"s,
                             "6 a=b\n\n"s,
                             "6 a=b\n8 c=d\n"s,
                             "-6 a=b\n"s,
                             "+6 a=b\n"s,
                             "0x6 a=b\n"s,
                             "1 a=b\n"s,
                             "2 a=b\n"s,
                             "5 a b\n"s,
                             "5 =ab\n"s,
                             "7 a\0=b\n"s,
                             "13 path=a\0bc\n"s,
                             "8 path=\n"s,
                             "6 a=b\n\0"s,
                             pax_records({{"size", "1x"}}),
                             pax_records({{"size", "-1"}}),
                             pax_records({{"size", ""}}),
                             pax_records({{"size", "1.0"}}),
                             pax_records({{"size", "9999999999999999999"}}),
                             pax_records({{"mtime", "now"}}),
                             pax_records({{"mtime", "1.2.3"}}),
                             pax_records({{"uid", "-"}}),
                             pax_records({{"SCHILY.realsize", "5"}}),
                             pax_records({{"GNU.sparse.map", "0,1"}})}) {
        CAPTURE(body);
        judge({"x", before_more(extension('x', body) + file), errc::invalid_archive,
               "in a pax header"});
        judge({"g", before_more(extension('g', body) + file), errc::invalid_archive,
               "in a pax header"});
    }
    for (auto const& body :
         {pax_records({{"mtime", "-1700000000.25"}, {"uid", "4000000000"}, {"uname", "x=y"}}),
          pax_records({{"SCHILY.xattr.user.a", "\0\1\n"s}, {"comment", ""}}),
          pax_records({{"path", "mychart/one"}, {"path", "mychart/two"}})}) {
        CAPTURE(body);
        judge({"sound", before_more(extension('x', body) + file), {}, ""});
    }
}

TEST_CASE("numbers and forms of headers are read to the letter") {
    tar_entry const file{.path = "mychart/f", .data = "x"};
    auto const changed = [&file](std::size_t at, std::string_view bytes) {
        return before_more(with_header_bytes(file, at, bytes));
    };
    auto gnu = file;
    gnu.gnu = true;
    using namespace std::string_view_literals;
    judge_all({
        {"size, junk behind it", changed(124, "0000000001zz"), errc::invalid_archive, "number"},
        {"size, digits behind a NUL", changed(124, "0000001\0007777"sv), errc::invalid_archive,
         "number"},
        {"size, behind a NUL", changed(124, "\00000000000001"sv), errc::invalid_archive, "number"},
        {"size, binary", changed(124, "\x80\0\0\0\0\0\0\0\0\0\0\1"sv), errc::invalid_archive,
         "number"},
        {"size, padded with blanks", changed(124, "          1 "), {}, ""},
        {"mode, junk", changed(100, "0000x44\0"sv), errc::invalid_archive, "number"},
        {"owner, junk", changed(108, "nobody\0\0"sv), errc::invalid_archive, "number"},
        {"owner, binary", changed(108, "\x80\0\0\0\x40\0\0\0"sv), {}, ""},
        {"time, junk", changed(136, "now\0"sv), errc::invalid_archive, "number"},
        {"no numbers at all", changed(100, std::string(24, '\0')), {}, ""},
        {"star's form", changed(508, "tar\0"sv), errc::invalid_archive, "star"},
        {"an unknown magic", changed(257, "ustarX"), errc::invalid_archive, "unknown form"},
        {"no magic", changed(257, std::string(8, '\0')), {}, ""},
        {"a prefix", changed(345, "mychart/a"), {}, ""},
        {"a prefix that ends in a slash", changed(345, "mychart/"), errc::invalid_archive,
         "different"},
        {"GNU's time where Go once put a prefix",
         before_more(with_header_bytes(gnu, 345, "mychart/x")), errc::invalid_archive, "number"},
    });
}

TEST_CASE("the end of a tar is an end") {
    auto const members = chart_builder().members();
    auto const hidden = tar_member({.path = "mychart/Chart.yaml", .data = other_chart});
    std::string const zeros(512, '\0');
    judge_all({
        {"one record of zeros, then a member", gzip(members + zeros + hidden + tar_end()),
         errc::invalid_archive, "half of the mark"},
        {"one record of zeros, then nothing", gzip(members + zeros), {}, ""},
        {"one record of zeros, then half of one", gzip(members + zeros + std::string(100, '\0')),
         errc::invalid_archive, "cut short"},
        {"no mark, then zeros behind the gzip", gzip(members) + std::string(1024, '\0'),
         errc::invalid_archive, "mark of the end"},
        {"no mark, then garbage behind the gzip", gzip(members) + "garbage", errc::invalid_archive,
         "mark of the end"},
        {"half of a mark, then zeros behind the gzip", gzip(members + zeros) + zeros,
         errc::invalid_archive, "mark of the end"},
        {"no mark, then a bad member of the gzip", gzip(members) + "\x1f\x8b\x08garbage",
         errc::invalid_archive, ""},
        {"padding cut", gzip(members.substr(0, members.size() - 1)), errc::invalid_archive, "tar"},
        {"half of a header", gzip(members + hidden.substr(0, 300)), errc::invalid_archive, "tar"},
    });
}

}  // namespace pilothouse::tests::nasty_archives_test
