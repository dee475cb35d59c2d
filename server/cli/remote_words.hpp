// What to say of a server that did not run a command: why, and what to do.
#pragma once

#include "base/failure.hpp"
#include "client/http_client.hpp"
#include "client/url.hpp"

namespace pilothouse::cli {

// Of a request without an answer.
[[nodiscard]] failure not_answered(failure const& why, client::url const& where);
// Of an answer that is no success. What it says of itself is taken where it is a sentence of ours.
[[nodiscard]] failure refusal_of(client::answer const& a, client::url const& where);
// Of a success that no Pilothouse says.
[[nodiscard]] failure not_pilothouse(client::url const& where);

}  // namespace pilothouse::cli
