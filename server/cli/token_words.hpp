// How the commands about tokens of every kind show them.
#pragma once

#include "server/cli/command.hpp"
#include "server/cli/json_words.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::cli {

// Where an optional time is said to people.
[[nodiscard]] std::string time_or(std::optional<instant> const& t, char const* otherwise);

// Only the token itself on standard output, so that `TOKEN=$(pilothouse token create …)` works.
// With a role: of an access token.
[[nodiscard]] output shown_token(auth::issued_token const& token, bool json,
                                 std::optional<storage::role> role = std::nullopt);

enum class token_columns : std::uint8_t { personal, deploy, job, access };
[[nodiscard]] output shown_tokens(std::vector<told_token> const& tokens, token_columns columns,
                                  bool json);
// One object in JSON, and a table of one row.
[[nodiscard]] output shown_token(told_token const& token, token_columns columns, bool json);

// Refused already, or ended.
[[nodiscard]] bool is_over(storage::token_record const& token, instant now);

// Whose tokens they are, in words. Users by number; who is gone is left out. The grant is
// permission::administer or be_somebody.
[[nodiscard]] task<std::vector<told_token>> with_owners(services& s, auth::grant g,
                                                        std::vector<storage::token_record> tokens);

}  // namespace pilothouse::cli
