#include "storage/sqlite/sqlite_tokens.hpp"

#include "storage/sqlite/word_list.hpp"

#include <utility>

namespace pilothouse::storage::sqlite {

namespace {

token_record read_token(rows const& r) {
    token_record t;
    t.id = {r.integer(0)};
    t.kind = static_cast<token_kind>(r.integer(1));
    t.hash = r.digest(2);
    t.name = r.text(3);
    t.username = r.text(4);
    t.user = {r.integer(5)};  // NULL reads as 0
    t.project = {r.integer(6)};
    t.scopes = split_words(r.bytes(7));
    t.created = r.time(8);
    if (!r.null(9)) t.expires = r.time(9);
    t.revoked = r.flag(10);
    if (!r.null(11)) t.last_used = r.time(11);
    t.description = r.text(12);
    t.group = {r.integer(13)};
    return t;
}

}  // namespace

template <class Key>
result<token_record> sqlite_tokens::find_by(connection& c, sql query, Key const& key) {
    auto r = c.run(query, key);
    if (!r.next()) return failure(errc::not_found, "there is no such token");
    return read_token(r);
}

result<token_record> sqlite_tokens::insert(connection& c, token_record const& token) {
    {
        auto owners = c.run(owners_exist, token.user, token.project, token.group);
        if (!owners.next() || !owners.flag(0))
            return failure(errc::not_found, "there is no such user, project or group");
    }
    if (c.execute(insert_token, token.kind, token.hash, token.name, token.username, token.user,
                  token.project, join_words(token.scopes), token.created, token.expires,
                  token.revoked, token.last_used, token.description, token.group) == 0)
        return failure(errc::conflict, "this token exists already");
    return find_by(c, token_by_id, c.last_inserted());
}

void sqlite_tokens::tell(transaction& t) const {
    if (observer_ != nullptr)
        t.after_commit([observer = observer_] { observer->directory_changed(); });
}

task<result<token_record>> sqlite_tokens::add(token_record token) {
    co_return co_await db_.write([&](transaction& t) -> result<token_record> {
        tell(t);
        return insert(t.on(), token);
    });
}

task<result<token_record>> sqlite_tokens::replace(token_id old, token_record fresh) {
    co_return co_await db_.write([&](transaction& t) -> result<token_record> {
        if (auto const found = find_by(t.on(), token_by_id, old); !found) return found.error();
        if (t.on().execute(revoke_token, old) == 0)
            return failure(errc::conflict, "the token is revoked already");
        tell(t);
        return insert(t.on(), fresh);
    });
}

task<result<token_record>> sqlite_tokens::find(sha256_digest hash) {
    co_return co_await db_.read([&](connection& c) { return find_by(c, token_by_hash, hash); });
}

task<result<token_record>> sqlite_tokens::find(token_id id) {
    co_return co_await db_.read([&](connection& c) { return find_by(c, token_by_id, id); });
}

task<std::vector<token_record>> sqlite_tokens::list(token_filter filter) {
    co_return co_await db_.read([&](connection& c) {
        std::vector<token_record> all;
        auto r = c.run(tokens_by_id, filter.kind, filter.user, filter.project, filter.group);
        while (r.next()) all.push_back(read_token(r));
        return all;
    });
}

task<result<token_record>> sqlite_tokens::revoke(token_id id) {
    co_return co_await db_.write([&](transaction& t) -> result<token_record> {
        if (t.on().execute(revoke_token, id) > 0) tell(t);
        return find_by(t.on(), token_by_id, id);
    });
}

task<void> sqlite_tokens::touch(token_id id, instant used) {
    auto const done = co_await db_.write([&](transaction& t) -> result<void> {
        t.on().execute(touch_token, id, used);
        return {};
    });
    (void)done;  // a token that is gone has no last use to record
}

}  // namespace pilothouse::storage::sqlite
