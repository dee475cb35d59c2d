// A run of consecutive entries of an index, rendered: the unit of change, of compression and of
// sharing between snapshots.
#pragma once

#include "base/clock.hpp"
#include "base/sha256.hpp"
#include "index/gzip_member.hpp"
#include "index/index_form.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::index {

// One version as it stands in an index. Views of somebody else's text.
struct index_entry {
    std::string_view chart, version;
    instant created;
    std::string_view text;  // see entry_text()
};

// Immutable and thread-safe. Its entries are views of its one text, valid as long as it lives: a
// channel of many versions must not cost a string for each.
class index_group {
public:
    // At least one entry, in the order of the index; each text begins with its chart and version,
    // of at most 255 bytes each. `chart_before`: see joint().
    index_group(index_form const& form, std::span<index_entry const> entries,
                std::string_view chart_before);

    [[nodiscard]] std::size_t size() const noexcept { return lines_.size(); }
    [[nodiscard]] index_entry operator[](std::size_t index) const noexcept;
    [[nodiscard]] index_entry back() const noexcept { return (*this)[size() - 1]; }

    // Quick to ask, without looking at the text: false means no.
    [[nodiscard]] bool may_be(std::size_t index, std::string_view version) const noexcept;

    // What the group adds to the index: its entries, each with its joint in front.
    [[nodiscard]] std::string_view text() const noexcept { return text_; }
    [[nodiscard]] sha256_digest const& digest() const noexcept { return digest_; }  // of text()

    // text() as a piece of a gzip member. Made by the first caller, others wait for it.
    struct compressed {
        std::string bytes;
        gzip_checksum checksum;
    };
    [[nodiscard]] compressed const& compress() const;

private:
    struct line {
        instant created;
        std::uint32_t begin, end;  // of the entry within text_
        std::uint32_t version_hash;
        std::uint8_t chart_bytes, version_bytes;
    };

    index_form const& form_;
    std::vector<line> lines_;
    std::string text_;
    sha256_digest digest_;
    mutable std::once_flag once_;
    mutable compressed compressed_;
};

}  // namespace pilothouse::index
