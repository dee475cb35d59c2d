// What helm says on standard error when it fails, and what that means.
#pragma once

#include "base/failure.hpp"

#include <string>
#include <string_view>

namespace pilothouse::release::helm {

// All from the first line that begins with `Error: `, without that word and what helm puts before
// the reason (`UPGRADE FAILED: `); what is before it is noise (contracts: helm-engine 1). Without
// such a line, all of it.
[[nodiscard]] std::string_view error_part(std::string_view standard_error);

// The class of an error part, by the table of contracts: helm-engine 4, in its order. The reason is
// looked for within what helm wraps around it. errc::timed_out where the release stays pending
// means that the cluster could not be reached: only the history tells.
[[nodiscard]] errc classify(std::string_view error_part);

// The namespace of an installation is missing: nothing was stored.
[[nodiscard]] bool misses_namespace(std::string_view error_part, std::string_view name_space);
// Helm 3's rollback after an upgrade that died before it removed what it dropped: the same again
// succeeds (contracts: helm-engine 3).
[[nodiscard]] bool misses_object(std::string_view error_part);
// The record of the release is gone, objects may be left.
[[nodiscard]] bool uninstalled_but(std::string_view error_part);

// At most so many bytes: the beginning and the end, cut between characters. Bytes that are no text
// become `?`, control characters blanks; lines stay.
[[nodiscard]] std::string abridged(std::string_view text, std::size_t bytes_max);

}  // namespace pilothouse::release::helm
