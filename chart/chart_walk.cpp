#include "chart/chart_walk.hpp"

#include "chart/archive_reader.hpp"
#include "chart/inspection.hpp"
#include "chart/quote.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <span>
#include <string_view>

namespace pilothouse::chart {

namespace {

constexpr int packed_nesting_max = 8;
constexpr std::uint64_t unpacked_bytes_max = inspection_limits().unpacked_bytes;
constexpr std::uint64_t file_bytes_max = inspection_limits().file_bytes;

failure unreadable(std::string const& inside, failure const& why) {
    return {errc::broken, "The chart's archive cannot be read.", inside + " " + why.detail};
}

// Helm takes a backslash anywhere for what separates.
std::string below_top(std::string_view member) {
    char const separator = member.find('\\') == member.npos ? '/' : '\\';
    auto const top = member.find(separator);
    std::string path(top == member.npos ? std::string_view() : member.substr(top + 1));
    std::ranges::replace(path, '\\', '/');
    return std::filesystem::path(path).lexically_normal().generic_string();
}

bool is_packed_chart(std::string_view path) {
    auto const folder = path.substr(0, path.rfind('/') + 1);  // empty: there is none
    return path.ends_with(".tgz") && (folder == "charts/" || folder.ends_with("/charts/"));
}

class walk {
public:
    explicit walk(chart_visitor& by) : by_(by) {}

    // `inside`: the archives around this one, with a slash behind each.
    result<void> archive(byte_source const& source, std::string const& inside, int nesting) {
        archive_reader reader(source, unpacked_bytes_max);
        for (;;) {
            auto const member = reader.next();
            if (!member) return unreadable(inside, member.error());
            if (!*member) return {};
            if ((*member)->type != archive_member::kind::file) continue;
            auto path = below_top((*member)->path);
            if (path.empty()) continue;
            auto told = inside + path;
            auto const seen = file(reader, {std::move(path), std::move(told)}, nesting);
            if (!seen) return seen.error();
        }
    }

private:
    result<void> file(archive_reader& reader, walked_file const& f, int nesting) {
        bool const packed = is_packed_chart(f.path);
        if (packed && nesting == packed_nesting_max)
            return failure(errc::wrong_state,
                           printable(f.told) + ": Charts are packed within each other too deep.");
        if (!packed) {
            PILOTHOUSE_TRY(bool const wanted, by_.wants(f));
            if (!wanted) return {};
        }
        auto const text = read(reader);
        if (!text) return unreadable(f.told, text.error());
        return packed ? packed_chart(*text, f.told, nesting) : by_.see(f, *text);
    }

    result<void> packed_chart(std::string_view bytes, std::string const& told, int nesting) {
        // Not in Helm's way to be taken for a chart; nothing of it is read.
        if (!bytes.starts_with("\x1f\x8b")) return {};
        byte_source const source = [rest = bytes](std::span<char> out) mutable {
            auto const count = std::min(out.size(), rest.size());
            std::copy_n(rest.begin(), count, out.begin());
            rest.remove_prefix(count);
            return count;
        };
        return archive(source, told + "/", nesting + 1);
    }

    result<std::string> read(archive_reader& reader) {
        std::string text;
        std::array<char, 64 * 1024> piece;
        for (;;) {
            PILOTHOUSE_TRY(auto const got, reader.read(piece));
            if (got == 0) return text;
            text.append(piece.data(), got);
            read_ += got;
            if (text.size() > file_bytes_max || read_ > unpacked_bytes_max)
                return failure(errc::broken, "A file in it is too large.");
        }
    }

    chart_visitor& by_;
    std::uint64_t read_ = 0;
};

}  // namespace

result<void> walk_chart(std::filesystem::path const& archive, chart_visitor& by) {
    std::ifstream file(archive, std::ios::binary);
    if (!file)
        return failure(errc::broken, "The chart's archive cannot be read.", archive.string());
    byte_source const source = [&file](std::span<char> out) {
        file.read(out.data(), static_cast<std::streamsize>(out.size()));
        return static_cast<std::size_t>(file.gcount());
    };
    return walk(by).archive(source, {}, 0);
}

}  // namespace pilothouse::chart
