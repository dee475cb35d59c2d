#include "tests/support/chart_builder.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace pilothouse::tests {

namespace {

constexpr std::size_t record = 512;

void put_octal(std::string& header, std::size_t at, int width, unsigned long long value) {
    char digits[24];
    std::snprintf(digits, sizeof digits, "%0*llo", width - 1, value);
    header.replace(at, static_cast<std::size_t>(width - 1), digits);
}

}  // namespace

std::string tar_member(tar_entry const& entry) {
    std::string header(record, '\0');
    auto const put = [&header](std::size_t at, std::string_view text) {
        header.replace(at, text.size(), text);
    };
    put(0, std::string_view(entry.path).substr(0, 100));
    put_octal(header, 100, 8, entry.mode);
    put_octal(header, 108, 8, 0);
    put_octal(header, 116, 8, 0);
    put_octal(header, 124, 12, entry.data.size());
    if (entry.size) put(124, std::string_view(*entry.size).substr(0, 12));
    put_octal(header, 136, 12, entry.modified);
    header[156] = entry.type;
    put(157, std::string_view(entry.link).substr(0, 100));
    put(257, entry.gnu ? std::string_view("ustar  \0", 8) : std::string_view("ustar\00000", 8));
    put(265, "owner");
    put(297, "group");

    put(148, "        ");
    unsigned sum = entry.good_checksum ? 0 : 1;
    for (char const c : header) sum += static_cast<unsigned char>(c);
    put_octal(header, 148, 7, sum);
    header[154] = '\0';

    auto const padding = (record - entry.data.size() % record) % record;
    return header + entry.data + std::string(padding, '\0');
}

std::string tar_end() { return std::string(2 * record, '\0'); }

std::string pax_records(std::vector<std::pair<std::string, std::string>> const& records) {
    std::string body;
    for (auto const& [key, value] : records) {
        auto const text = " " + key + "=" + value + "\n";
        auto length = text.size();  // counts its own digits too
        while (length != text.size() + std::to_string(length).size())
            length = text.size() + std::to_string(length).size();
        body += std::to_string(length) + text;
    }
    return body;
}

std::string gzip(std::string_view bytes, int level) {
    z_stream z{};
    constexpr int with_gzip_header = 16 + MAX_WBITS;
    if (deflateInit2(&z, level, Z_DEFLATED, with_gzip_header, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("no deflate");
    std::string packed(deflateBound(&z, bytes.size()) + 32, '\0');
    std::string input(bytes);
    z.next_in = reinterpret_cast<Bytef*>(input.data());
    z.avail_in = static_cast<uInt>(input.size());
    z.next_out = reinterpret_cast<Bytef*>(packed.data());
    z.avail_out = static_cast<uInt>(packed.size());
    int const outcome = deflate(&z, Z_FINISH);
    packed.resize(z.total_out);
    deflateEnd(&z);
    if (outcome != Z_STREAM_END) throw std::runtime_error("deflate did not end");
    return packed;
}

chart_builder::chart_builder(std::string name, std::string version)
    : name_(std::move(name)), version_(std::move(version)), top_(name_ + "/") {
    chart_yaml_with("");
    file("values.yaml", "replicas: 1\n");
    file("templates/x.yaml", "kind: ConfigMap\n");
}

chart_builder& chart_builder::file(std::string path, std::string data) {
    auto const found = std::find_if(files_.begin(), files_.end(),
                                    [&](auto const& one) { return one.first == path; });
    if (found != files_.end())
        found->second = std::move(data);
    else
        files_.emplace_back(std::move(path), std::move(data));
    return *this;
}

chart_builder& chart_builder::without(std::string_view path) {
    std::erase_if(files_, [&](auto const& one) { return one.first == path; });
    return *this;
}

chart_builder& chart_builder::chart_yaml_with(std::string_view lines) {
    return chart_yaml("apiVersion: v2\nname: " + name_ + "\nversion: " + version_ + "\n" +
                      std::string(lines));
}

chart_builder& chart_builder::top(std::string folder) {
    top_ = std::move(folder);
    return *this;
}

chart_builder& chart_builder::member(tar_entry entry) { return raw(tar_member(entry)); }

chart_builder& chart_builder::raw(std::string_view bytes) {
    raw_ += bytes;
    return *this;
}

std::string chart_builder::members() const {
    std::string tar;
    for (auto const& [file, data] : files_) {
        auto const path = top_ + file;
        if (path.size() > 100)
            tar += tar_member(
                {.path = "PaxHeader", .data = pax_records({{"path", path}}), .type = 'x'});
        tar += tar_member({.path = path, .data = data});
    }
    return tar + raw_;
}

}  // namespace pilothouse::tests
