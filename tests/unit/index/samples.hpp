// Entries to test indexes with, and readers of what comes out.
#pragma once

#include "base/clock.hpp"
#include "index/entry_fragment.hpp"
#include "index/group_list.hpp"
#include "index/index_form.hpp"
#include "index/index_snapshot.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::tests {

// What the catalogue keeps of one version.
struct sample {
    std::string chart, version;
    instant created;
    std::string fragment;

    [[nodiscard]] std::string file_name() const { return chart + "-" + version + ".tgz"; }
    [[nodiscard]] sha256_digest digest() const { return index::digest_in_fragment(fragment); }
};

// `description_bytes` makes the entry as long as wanted; `seconds` tells `created`, and makes the
// digest another one.
[[nodiscard]] sample make_sample(std::string chart, std::string version, int seconds,
                                 std::size_t description_bytes = 20);

// The order of the index, written once more: by this the real one is judged.
[[nodiscard]] bool comes_before(sample const& a, sample const& b);

// A list made at once of samples in order.
[[nodiscard]] index::group_list list_of(index::index_format format,
                                        std::vector<sample> const& samples);

// The pieces of a response, joined; checks the length on the way.
[[nodiscard]] std::string body(index::rendered_index const& rendered);

// Inflates exactly one gzip member, checksum and length included; throws std::runtime_error when
// there is anything else.
[[nodiscard]] std::string gunzip(std::string_view bytes);

}  // namespace pilothouse::tests
