#include "storage/memory/memory_tokens.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::storage::memory {

namespace {

failure no_such_token() { return {errc::not_found, "there is no such token"}; }

template <class Map>
auto with_hash(Map& tokens, sha256_digest const& hash) {
    return std::find_if(tokens.begin(), tokens.end(),
                        [&](auto const& item) { return item.second.hash == hash; });
}

bool passes(token_filter const& filter, token_record const& t) {
    return (!filter.kind || t.kind == *filter.kind) &&
           (filter.user.value == 0 || t.user == filter.user) &&
           (filter.project.value == 0 || t.project == filter.project) &&
           (filter.group.value == 0 || t.group == filter.group);
}

result<token_record> insert(memory_state& state, token_record token) {
    bool const user_gone = token.user.value != 0 && !state.users.contains(token.user);
    bool const project_gone = token.project.value != 0 && !state.projects.contains(token.project);
    bool const group_gone = token.group.value != 0 && !state.groups.contains(token.group);
    if (user_gone || project_gone || group_gone)
        return failure(errc::not_found, "there is no such user, project or group");
    if (with_hash(state.tokens, token.hash) != state.tokens.end())
        return failure(errc::conflict, "this token exists already");
    token.id = {++state.last_id};
    state.tokens[token.id] = token;
    state.tell_directory();
    return token;
}

}  // namespace

task<result<token_record>> memory_tokens::add(token_record token) {
    std::lock_guard lock(state_.mutex);
    co_return insert(state_, std::move(token));
}

task<result<token_record>> memory_tokens::replace(token_id old, token_record fresh) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.tokens.find(old);
    if (found == state_.tokens.end()) co_return no_such_token();
    if (found->second.revoked) co_return failure(errc::conflict, "the token is revoked already");
    auto made = insert(state_, std::move(fresh));
    if (made) state_.tokens[old].revoked = true;
    co_return made;
}

task<result<token_record>> memory_tokens::find(sha256_digest hash) {
    std::lock_guard lock(state_.mutex);
    auto const found = with_hash(state_.tokens, hash);
    if (found == state_.tokens.end()) co_return no_such_token();
    co_return found->second;
}

task<result<token_record>> memory_tokens::find(token_id id) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.tokens.find(id);
    if (found == state_.tokens.end()) co_return no_such_token();
    co_return found->second;
}

task<std::vector<token_record>> memory_tokens::list(token_filter filter) {
    std::lock_guard lock(state_.mutex);
    std::vector<token_record> all;
    for (auto const& [id, token] : state_.tokens) {
        if (passes(filter, token)) all.push_back(token);
    }
    co_return all;
}

task<result<token_record>> memory_tokens::revoke(token_id id) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.tokens.find(id);
    if (found == state_.tokens.end()) co_return no_such_token();
    if (!std::exchange(found->second.revoked, true)) state_.tell_directory();
    co_return found->second;
}

task<void> memory_tokens::touch(token_id id, instant used) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.tokens.find(id);
    if (found == state_.tokens.end()) co_return;
    auto& last = found->second.last_used;
    last = std::max(last.value_or(used), used);
}

}  // namespace pilothouse::storage::memory
