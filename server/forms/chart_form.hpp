// The form with which charts are pushed: field `chart`, and perhaps `prov`.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "server/http/exchange.hpp"
#include "storage/staging_area.hpp"

#include <cstdint>
#include <optional>

namespace pilothouse::forms {

struct chart_form {
    std::optional<storage::staged_file> chart;
    std::optional<storage::staged_file> provenance;
    bool chart_is_text = false;  // there was a field `chart`, but it was no file
};

// Streams the body into the staging area; fields of other names are dropped. `file_bytes_max`
// bounds the chart file (0: only the body's own limit). errc::invalid_request: no multipart form,
// malformed, cut off, or a field twice; errc::too_large. Whatever was staged is gone after a
// failure.
[[nodiscard]] task<result<chart_form>> receive_chart_form(http::exchange& x,
                                                          storage::staging_area& staging,
                                                          std::uint64_t file_bytes_max);

}  // namespace pilothouse::forms
