// The index of a chart repository that somebody else runs: only what an import needs of it.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/sha256.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::transfer {

struct foreign_entry {
    std::string chart, version;           // as Helm reads them; not validated
    std::string url;                      // the first of them, as Helm takes it
    std::optional<sha256_digest> digest;  // where the index names one
    std::optional<instant> created;       // where it is a time that we can hold
    std::string fault;                    // why it cannot be imported; empty: nothing

    // `NAME-VERSION.tgz`
    [[nodiscard]] std::string file_name() const { return chart + "-" + version + ".tgz"; }
};

// YAML, or JSON. Memory is bounded by the text and `entries_max`, whatever is in it. In order.
// errc::invalid_argument: neither of the two, or not an index; beyond the limits.
[[nodiscard]] result<std::vector<foreign_entry>> read_foreign_index(
    std::string_view text, std::size_t entries_max = 1'000'000);

}  // namespace pilothouse::transfer
