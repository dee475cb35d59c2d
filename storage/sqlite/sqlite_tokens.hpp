// Tokens in SQLite.
#pragma once

#include "storage/directory.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/sql.hpp"
#include "storage/token_store.hpp"

#include <vector>

namespace pilothouse::storage::sqlite {

class sqlite_tokens final : public token_store {
public:
    // `observer` may be null.
    sqlite_tokens(database& db, directory_observer* observer) : db_(db), observer_(observer) {}

    [[nodiscard]] task<result<token_record>> add(token_record token) override;
    [[nodiscard]] task<result<token_record>> find(sha256_digest hash) override;
    [[nodiscard]] task<result<token_record>> find(token_id id) override;
    [[nodiscard]] task<std::vector<token_record>> list(token_filter filter) override;
    [[nodiscard]] task<result<token_record>> revoke(token_id id) override;
    [[nodiscard]] task<result<token_record>> replace(token_id old, token_record fresh) override;
    [[nodiscard]] task<void> touch(token_id id, instant used) override;

private:
    static constexpr sql owners_exist =
        "SELECT (?1 IS NULL OR EXISTS (SELECT 1 FROM user WHERE id = ?1)) "
        "AND (?2 IS NULL OR EXISTS (SELECT 1 FROM project WHERE id = ?2)) "
        "AND (?3 IS NULL OR EXISTS (SELECT 1 FROM project_group WHERE id = ?3))";
    static constexpr sql insert_token =
        "INSERT INTO token (kind, hash, name, username, user_id, project_id, scopes, created, "
        "expires, revoked, last_used, description, group_id) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO NOTHING";
    static constexpr sql token_by_hash =
        "SELECT id, kind, hash, name, username, user_id, project_id, scopes, created, expires, "
        "revoked, last_used, description, group_id FROM token WHERE hash = ?";
    static constexpr sql token_by_id =
        "SELECT id, kind, hash, name, username, user_id, project_id, scopes, created, expires, "
        "revoked, last_used, description, group_id FROM token WHERE id = ?";
    static constexpr sql tokens_by_id =
        "SELECT id, kind, hash, name, username, user_id, project_id, scopes, created, expires, "
        "revoked, last_used, description, group_id FROM token WHERE (?1 IS NULL OR kind = ?1) "
        "AND (?2 IS NULL OR user_id = ?2) AND (?3 IS NULL OR project_id = ?3) "
        "AND (?4 IS NULL OR group_id = ?4) ORDER BY id";
    static constexpr sql revoke_token = "UPDATE token SET revoked = 1 WHERE id = ? AND NOT revoked";
    static constexpr sql touch_token =
        "UPDATE token SET last_used = ?2 WHERE id = ?1 AND (last_used IS NULL OR last_used < ?2)";

    template <class Key>
    [[nodiscard]] static result<token_record> find_by(connection& c, sql query, Key const& key);
    [[nodiscard]] static result<token_record> insert(connection& c, token_record const& token);
    void tell(transaction& t) const;

    database& db_;
    directory_observer* observer_;
};

}  // namespace pilothouse::storage::sqlite
