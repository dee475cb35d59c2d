#include "tests/unit/index/samples.hpp"

#include "chart/chart_version.hpp"

#include <doctest/doctest.h>

#define ZLIB_CONST
#include <zlib.h>

#include <array>
#include <stdexcept>

namespace pilothouse::tests {

sample make_sample(std::string chart, std::string version, int seconds,
                   std::size_t description_bytes) {
    chart::chart_metadata metadata;
    metadata.name = chart;
    metadata.version = version;
    metadata.api_version = "v2";
    metadata.description.assign(description_bytes, 'd');
    instant const created = instant(std::chrono::seconds(1'700'000'000 + seconds));
    auto const digest = sha256(chart + '/' + version + '/' + std::to_string(seconds));
    std::string const file = chart + "-" + version + ".tgz";
    std::string fragment = index::render_fragment(metadata, file, digest, created);
    return {std::move(chart), std::move(version), created, std::move(fragment)};
}

bool comes_before(sample const& a, sample const& b) {
    if (a.chart != b.chart) return a.chart < b.chart;
    auto const left = chart::chart_version::parse(a.version).value();
    auto const right = chart::chart_version::parse(b.version).value();
    if (auto const order = left.compare_precedence(right); order != 0) return order > 0;
    if (a.created != b.created) return a.created > b.created;
    return a.version < b.version;
}

index::group_list list_of(index::index_format format, std::vector<sample> const& samples) {
    index::group_list_builder builder(format);
    for (sample const& s : samples) {
        std::string const text = index::entry_text(index::form_of(format), s.fragment);
        builder.add({s.chart, s.version, s.created, text});
    }
    return builder.finish();
}

std::string body(index::rendered_index const& rendered) {
    std::string bytes;
    for (shared_bytes const& piece : rendered.pieces) bytes += piece.bytes;
    CHECK(rendered.length == bytes.size());
    return bytes;
}

std::string gunzip(std::string_view bytes) {
    z_stream stream = {};
    if (inflateInit2(&stream, 31) != Z_OK) throw std::runtime_error("inflateInit2");
    stream.next_in = reinterpret_cast<unsigned char const*>(bytes.data());
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::string text;
    std::array<unsigned char, 64 * 1024> buffer;
    int state = Z_OK;
    while (state == Z_OK) {
        stream.next_out = buffer.data();
        stream.avail_out = static_cast<uInt>(buffer.size());
        state = inflate(&stream, Z_NO_FLUSH);
        text.append(reinterpret_cast<char const*>(buffer.data()), buffer.size() - stream.avail_out);
    }
    auto const left = stream.avail_in;
    inflateEnd(&stream);
    if (state != Z_STREAM_END) throw std::runtime_error("not a gzip member");
    if (left != 0) throw std::runtime_error("bytes after the gzip member");
    return text;
}

}  // namespace pilothouse::tests
