// What is kept of all that a child writes: its beginning and its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pilothouse::release::helm {

struct output_bounds {
    std::size_t first_bytes = 0, last_bytes = 0;
};

// Never more than the bounds, whatever comes. Its own bytes are overwritten when it goes.
class kept_output {
public:
    explicit kept_output(output_bounds bounds) : bounds_(bounds) {}
    kept_output(kept_output&& other) noexcept;
    kept_output& operator=(kept_output&&) = delete;
    ~kept_output();

    void add(std::string_view bytes);

    // Whether all that came is still here.
    [[nodiscard]] bool whole() const noexcept { return left_out_ == 0; }
    // All of it; or its beginning and end, cut between lines, or else words, and between them how
    // much is missing.
    [[nodiscard]] std::string text() const;

private:
    void shorten_last();

    output_bounds bounds_;
    std::string first_, last_;
    std::uint64_t left_out_ = 0;
};

// Cuts a stream into lines. What of a line is beyond `line_bytes_max` is dropped.
class line_cutter {
public:
    // Calls take(line), without its end, for each line that is whole by now.
    template <class Take>
    void add(std::string_view bytes, Take const& take) {
        while (!bytes.empty()) {
            auto const end = bytes.find('\n');
            auto const piece = bytes.substr(0, end);
            line_ += piece.substr(0, line_bytes_max - line_.size());
            if (end == bytes.npos) return;
            bytes.remove_prefix(end + 1);
            finish(take);
        }
    }
    // The last line may have no end.
    template <class Take>
    void finish(Take const& take) {
        if (!line_.empty()) take(std::string_view(line_));
        line_.clear();
    }

private:
    static constexpr std::size_t line_bytes_max = 64 * 1024;
    std::string line_;
};

}  // namespace pilothouse::release::helm
