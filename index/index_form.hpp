// How the two forms of an index are spelled: everything around and between the versions' entries.
//
// What joins an entry to the one before it is written *in front* of the entry and depends on that
// one alone, so that a change in one place of the index leaves the rest of its bytes as they are.
#pragma once

#include "base/clock.hpp"
#include "base/sha256.hpp"
#include "index/index_snapshot.hpp"

#include <string>
#include <string_view>

namespace pilothouse::index {

struct index_form {
    index_format format;

    std::string_view head;          // up to the first chart
    std::string_view first_chart;   // in front of the first chart's name
    std::string_view next_chart;    // in front of any other chart's name
    std::string_view chart_opened;  // between a chart's name and its first version
    std::string_view next_version;  // between two versions of one chart
    std::string_view entries_end;   // after the last version
    std::string_view entries_none;  // instead, where there is no chart
    std::string_view generated;     // in front of the quoted time
    std::string_view context_path;  // in front of the quoted path
    std::string_view context_path_end;
    std::string_view end;

    // Within one entry: in front of its name (which begins it), version and digest.
    std::string_view entry_name, entry_version, entry_digest;
};

[[nodiscard]] index_form const& form_of(index_format format) noexcept;

// A fragment (see entry_fragment.hpp) as it stands in an index of this form.
[[nodiscard]] std::string entry_text(index_form const& form, std::string_view fragment);

// The digest that an entry of this form names. Throws std::runtime_error where there is none.
[[nodiscard]] sha256_digest digest_in(index_form const& form, std::string_view entry);

// What joins an entry of `chart` to one of `chart_before`; empty: there is none before.
[[nodiscard]] std::string joint(index_form const& form, std::string_view chart_before,
                                std::string_view chart);

// Everything after the last entry. No context path, no serverInfo (contracts: helm 4C.8).
[[nodiscard]] std::string tail(index_form const& form, bool has_entries, instant generated,
                               std::string_view context_path);

}  // namespace pilothouse::index
