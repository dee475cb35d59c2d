// The headers of a tar, told from its bytes as they pass: who owns which of them.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace pilothouse::chart {

struct archive_member {
    // A file is what Helm reads as one: also an entry of the regular type whose name ends in a
    // slash. Other: links of both kinds, devices, pipes.
    enum class kind { file, folder, other };

    std::string path;  // raw bytes, as the header, pax or GNU extension has it
    kind type;
    std::uint64_t size_bytes;  // of a file
};

// Names, types and sizes as Helm's reader takes them. Whatever another reader could take otherwise,
// so that it finds other files in the same bytes, is refused: types that are no chart's business,
// sizes where there is no data, two extensions that name one member, numbers with something behind
// them, an end that is none (contracts: archives 34 to 37, 44, 47, 50, 69 to 73).
class tar_headers {
public:
    // The next bytes, in pieces of any size.
    void feed(std::string_view bytes);

    // There are no more bytes.
    void end();

    // The next member whose headers have been fed; nothing when there is none. From the first
    // header on that is refused: errc::invalid_archive.
    [[nodiscard]] result<std::optional<archive_member>> next();

    // Whether the mark of the end has been seen; without it, only the end of the bytes is the end.
    [[nodiscard]] bool ended() const noexcept { return zero_records_ == 2; }

    // Whether anything but zeros came behind the mark of the end; Helm does not read it.
    [[nodiscard]] bool data_behind_end() const noexcept { return data_behind_end_; }

private:
    static constexpr std::size_t record_bytes = 512;

    void take_whole();
    [[nodiscard]] result<void> take_header(std::string_view header);
    [[nodiscard]] result<void> take_extension(std::string_view body);
    [[nodiscard]] result<void> take_member(std::string_view header, char type, std::uint64_t size);

    std::deque<archive_member> members_;  // found but not asked for
    std::optional<failure> fault_;
    std::string piece_;                  // a header, or the body of an extension, as far as it came
    std::size_t wanted_ = record_bytes;  // its length
    std::uint64_t pass_over_ = 0;        // data and padding
    std::optional<char> body_of_;        // the type of the extension whose body is awaited
    std::size_t body_bytes_ = 0;         // of it, without padding
    bool extended_ = false;              // an extension awaits its member
    std::optional<std::string> path_;    // from it
    std::optional<std::uint64_t> size_;
    int zero_records_ = 0;
    bool data_behind_end_ = false;
};

}  // namespace pilothouse::chart
