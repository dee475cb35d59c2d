// Runs of helm that change nothing.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "release/helm/commands.hpp"
#include "release/helm/helm_program.hpp"
#include "release/redaction.hpp"

#include <chrono>
#include <string_view>

namespace pilothouse::release::helm {

struct question {
    arguments what;
    secret const* kubeconfig = nullptr;  // nullptr: no cluster is asked
    secret const* input = nullptr;
    int cancel_descriptor = -1;  // as child_watch has it
    std::chrono::seconds time{60};
};

// What helm wrote, at most 16 MiB. Blocks, a little longer than its time at most. Of a run that
// went wrong its failure: class and words, redacted (contracts: helm-engine 4); errc::timed_out,
// errc::cancelled, errc::too_large besides.
[[nodiscard]] result<secret> ask(helm_program& program, question const& what,
                                 redaction const& redact);

// How a failed run is worded, at most 4 KiB: `said` is the error part.
[[nodiscard]] std::string worded(std::string_view said, redaction const& redact);
// What a child that ended badly by itself died of: class, and words for it, not redacted.
[[nodiscard]] failure death_of(child_end const& end);

// What nobody may read of a kubeconfig: tokens, keys, passwords. It is JSON
// (release/kubeconfig.hpp).
[[nodiscard]] std::vector<std::string> secrets_of(secret const& kubeconfig);

}  // namespace pilothouse::release::helm
