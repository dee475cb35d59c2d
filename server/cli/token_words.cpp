#include "server/cli/token_words.hpp"

#include "registry/directory_names.hpp"
#include "server/cli/table.hpp"

#include <map>
#include <utility>

namespace pilothouse::cli {

namespace {

std::vector<std::string> heading(token_columns columns) {
    switch (columns) {
        case token_columns::personal: return {"ID", "USER", "NAME", "SCOPES", "ENDS", "LAST USED"};
        case token_columns::deploy:
            return {"ID", "PLACE", "USER NAME", "NAME", "SCOPES", "ENDS", "LAST USED"};
        case token_columns::job: return {"ID", "USER", "PLACE", "NAME", "ENDS", "LAST USED"};
        case token_columns::access: break;
    }
    return {"ID", "NAME", "ROLE", "SCOPES", "ENDS", "LAST USED"};
}

std::vector<std::string> row_of(told_token const& t, token_columns columns) {
    auto const& r = t.token;
    std::vector<std::string> row = {std::to_string(r.id.value)};
    auto const add = [&row](std::string cell) { row.push_back(std::move(cell)); };
    if (columns == token_columns::personal || columns == token_columns::job) add(t.user);
    if (columns == token_columns::deploy || columns == token_columns::job) add(t.place);
    if (columns == token_columns::deploy) add(r.username);
    add(r.name);
    if (columns == token_columns::access)
        add(std::string(registry::name_of(t.role.value_or(storage::role::none))));
    if (columns != token_columns::job) add(joined(r.scopes));
    add(r.revoked ? "revoked" : time_or(r.expires, "never"));
    add(time_or(r.last_used, "never"));
    return row;
}

}  // namespace

std::string time_or(std::optional<instant> const& t, char const* otherwise) {
    return t ? when(*t) : otherwise;
}

output shown_token(auth::issued_token const& t, bool json, std::optional<storage::role> role) {
    if (json) return {to_json(t, role) + "\n", ""};
    std::string about = "Token " + std::to_string(t.record.id.value) + ", good until " +
                        time_or(t.record.expires, "it is revoked");
    if (!t.record.scopes.empty()) about += ", scopes: " + joined(t.record.scopes);
    if (role) about += ", role: " + std::string(registry::name_of(*role));
    if (!t.record.username.empty()) about += ", user name: " + t.record.username;
    return {std::string(t.text.reveal()) + "\n",
            about + ".\nIt is shown this once: keep it in a safe place.\n"};
}

output shown_tokens(std::vector<told_token> const& tokens, token_columns columns, bool json) {
    if (json) return {to_json(tokens) + "\n", ""};
    std::vector<std::vector<std::string>> rows;
    for (auto const& t : tokens) rows.push_back(row_of(t, columns));
    return {table(heading(columns), rows), ""};
}

output shown_token(told_token const& token, token_columns columns, bool json) {
    if (json) return {to_json(token) + "\n", ""};
    return {table(heading(columns), {row_of(token, columns)}), ""};
}

bool is_over(storage::token_record const& token, instant now) {
    return token.revoked || (token.expires && *token.expires <= now);
}

task<std::vector<told_token>> with_owners(services& s, auth::grant g,
                                          std::vector<storage::token_record> tokens) {
    std::map<storage::user_id, std::string> users;
    std::map<storage::project_id, std::string> projects;
    auto const groups = co_await s.places.all_groups();
    for (auto const& [project, role, member] : co_await s.places.projects(g))
        projects.emplace(project.id, project.path);
    std::vector<told_token> told;
    for (auto& token : tokens) {
        std::string user, place;
        if (token.user != storage::user_id()) {
            auto const [known, is_new] = users.try_emplace(token.user);
            if (is_new) {
                auto const found = co_await s.users.find(g, token.user);
                if (found) known->second = found->username;
            }
            user = known->second;
        }
        if (auto const p = projects.find(token.project); p != projects.end()) place = p->second;
        if (auto const p = groups.find(token.group); p != groups.end()) place = p->second.path;
        told.push_back({std::move(token), std::move(user), std::move(place), std::nullopt});
    }
    co_return told;
}

}  // namespace pilothouse::cli
