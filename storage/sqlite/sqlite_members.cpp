#include "storage/sqlite/sql.hpp"
#include "storage/sqlite/sqlite_people.hpp"

#include <utility>

namespace pilothouse::storage::sqlite {

namespace {

// ?1: a project, ?2: a group; one of them is NULL. `above` is every group around it, itself
// included.
#define PLACE_AND_ABOVE                                                            \
    "WITH RECURSIVE above (id) AS ("                                               \
    "SELECT coalesce(?2, (SELECT group_id FROM project WHERE id = ?1)) UNION ALL " \
    "SELECT g.parent_id FROM project_group AS g JOIN above ON g.id = above.id "    \
    "WHERE g.parent_id IS NOT NULL) "
#define SELECT_MEMBER                                                                     \
    "SELECT user.id, username, name, email, admin, blocked, bot_project, bot_group, "     \
    "user.created, m.role, m.expires, m.created_by, m.created, m.project_id, m.group_id " \
    "FROM membership AS m JOIN user ON user.id = m.user_id "

constexpr sql role_there = PLACE_AND_ABOVE
    "SELECT coalesce(max(role), 0), min(expires) FROM membership "
    "WHERE user_id = ?3 AND (expires IS NULL OR expires > ?4) "
    "AND (project_id = ?1 OR group_id IN above)";
constexpr sql direct_member =
    SELECT_MEMBER "WHERE m.user_id = ?3 AND m.project_id IS ?1 AND m.group_id IS ?2";
constexpr sql direct_members =
    SELECT_MEMBER "WHERE m.project_id = ?1 OR m.group_id = ?2 ORDER BY username";
constexpr sql all_members = PLACE_AND_ABOVE SELECT_MEMBER
    "WHERE m.project_id = ?1 OR m.group_id IN above ORDER BY username, m.role DESC";
constexpr sql members_of_user = SELECT_MEMBER "WHERE m.user_id = ?1 ORDER BY m.id";

#undef PLACE_AND_ABOVE
#undef SELECT_MEMBER

constexpr sql place_and_user =
    "SELECT 1 FROM user WHERE id = ?3 AND (EXISTS (SELECT 1 FROM project WHERE id = ?1) "
    "OR EXISTS (SELECT 1 FROM project_group WHERE id = ?2))";
constexpr sql is_bot_of_another_place =
    "SELECT 1 FROM user WHERE id = ?3 AND coalesce(bot_project, bot_group) IS NOT NULL "
    "AND NOT (bot_project IS ?1 AND bot_group IS ?2)";
constexpr sql insert_member =
    "INSERT INTO membership (project_id, group_id, user_id, role, expires, created, created_by) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)";
constexpr sql update_member =
    "UPDATE membership SET role = ?4, expires = ?5 "
    "WHERE user_id = ?3 AND project_id IS ?1 AND group_id IS ?2";
constexpr sql delete_member =
    "DELETE FROM membership WHERE user_id = ?3 AND project_id IS ?1 AND group_id IS ?2";
// A bot looks after nothing, nor does who has ended. Of those without an end one has to stay, where
// there is one.
constexpr sql is_last_owner =
    "WITH owner (id, lasting) AS ("
    "SELECT user_id, expires IS NULL FROM membership JOIN user ON user.id = user_id "
    "WHERE group_id = ?1 AND role = 50 AND bot_project IS NULL AND bot_group IS NULL "
    "AND (expires IS NULL OR expires > ?3)) "
    "SELECT lasting FROM owner AS mine WHERE id = ?2 AND NOT EXISTS ("
    "SELECT 1 FROM owner AS other WHERE other.id <> ?2 AND other.lasting >= mine.lasting)";

struct columns {
    project_id project;
    group_id group;
};

columns columns_of(place_id const& where) {
    if (auto const* const group = std::get_if<group_id>(&where)) return {{}, *group};
    return {std::get<project_id>(where), {}};
}

member_record read_member(rows const& r) {
    member_record m;
    m.user = read_user(r);
    m.as.role = static_cast<role>(r.integer(9));
    if (!r.null(10)) m.as.expires = r.time(10);
    m.as.created_by = {r.integer(11)};  // NULL reads as 0
    m.as.created = r.time(12);
    if (r.null(13)) {
        m.where = group_id{r.integer(14)};
    } else {
        m.where = project_id{r.integer(13)};
    }
    return m;
}

result<member_record> find_in(connection& c, columns const& at, user_id user) {
    auto r = c.run(direct_member, at.project, at.group, user);
    if (!r.next()) return failure(errc::not_found, "there is no such member");
    return read_member(r);
}

enum class last_owner : std::uint8_t { no, with_an_end, without };

last_owner last_owner_of(connection& c, columns const& at, user_id user, instant now) {
    if (at.group.value == 0) return last_owner::no;
    auto r = c.run(is_last_owner, at.group, user, now);
    if (!r.next()) return last_owner::no;
    return r.flag(0) ? last_owner::without : last_owner::with_an_end;
}

failure needs_an_owner() {
    return {errc::conflict, "this is the last owner of the group: make another one first"};
}

failure bot_of_another_place() {
    return {errc::invalid_argument, "project bots cannot be added to other groups / projects"};
}

std::vector<member_record> read_all(rows r) {
    std::vector<member_record> all;
    while (r.next()) all.push_back(read_member(r));
    return all;
}

}  // namespace

task<effective_role> sqlite_members::role_of(place_id where, user_id user, instant now) {
    co_return co_await db_.read([&](connection& c) {
        auto const at = columns_of(where);
        auto r = c.run(role_there, at.project, at.group, user, now);
        effective_role found;
        if (!r.next()) return found;
        found.role = static_cast<role>(r.integer(0));
        if (!r.null(1)) found.until = r.time(1);
        return found;
    });
}

task<result<member_record>> sqlite_members::find(place_id where, user_id user) {
    co_return co_await db_.read([&](connection& c) { return find_in(c, columns_of(where), user); });
}

task<result<member_record>> sqlite_members::set(place_id where, user_id user, membership as) {
    co_return co_await db_.write([&](transaction& t) -> result<member_record> {
        auto const at = columns_of(where);
        if (!t.on().run(place_and_user, at.project, at.group, user).next())
            return failure(errc::not_found, "there is no such project or group, or no such user");
        if (t.on().run(is_bot_of_another_place, at.project, at.group, user).next())
            return bot_of_another_place();
        auto const last = last_owner_of(t.on(), at, user, time_.now());
        if (as.role != role::owner && last != last_owner::no) return needs_an_owner();
        if (as.expires && last == last_owner::without) return needs_an_owner();
        if (t.on().execute(update_member, at.project, at.group, user, as.role, as.expires) == 0)
            t.on().execute(insert_member, at.project, at.group, user, as.role, as.expires,
                           as.created, as.created_by);
        tell_directory(t, observer_);
        return find_in(t.on(), at, user);
    });
}

task<result<void>> sqlite_members::remove(place_id where, user_id user) {
    co_return co_await db_.write([&](transaction& t) -> result<void> {
        auto const at = columns_of(where);
        if (last_owner_of(t.on(), at, user, time_.now()) != last_owner::no) return needs_an_owner();
        if (t.on().execute(delete_member, at.project, at.group, user) == 0)
            return failure(errc::not_found, "there is no such member");
        tell_directory(t, observer_);
        return {};
    });
}

task<std::vector<member_record>> sqlite_members::list(place_id where, bool inherited) {
    co_return co_await db_.read([&](connection& c) {
        auto const at = columns_of(where);
        return read_all(c.run(inherited ? all_members : direct_members, at.project, at.group));
    });
}

task<std::vector<member_record>> sqlite_members::of_user(user_id user) {
    co_return co_await db_.read(
        [&](connection& c) { return read_all(c.run(members_of_user, user)); });
}

}  // namespace pilothouse::storage::sqlite
