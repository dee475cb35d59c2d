#include "storage/sqlite/sql.hpp"
#include "storage/sqlite/sqlite_places.hpp"

namespace pilothouse::storage::sqlite {

namespace {

constexpr sql project_exists = "SELECT 1 FROM project WHERE id = ?";
constexpr sql insert_rule =
    "INSERT INTO protection (project_id, pattern, push, remove) VALUES (?, ?, ?, ?) "
    "ON CONFLICT DO NOTHING";
constexpr sql rule_by_id =
    "SELECT pattern, push, remove FROM protection WHERE id = ? AND project_id = ?";
constexpr sql update_rule =
    "UPDATE OR IGNORE protection SET pattern = ?, push = ?, remove = ? WHERE id = ?";
constexpr sql delete_rule = "DELETE FROM protection WHERE id = ? AND project_id = ?";

failure no_such_rule() { return {errc::not_found, "there is no such protection rule"}; }
failure pattern_taken() { return {errc::conflict, "there is a rule for this pattern already"}; }

result<protection_rule> find_rule(connection& c, project_id project, protection_id id) {
    auto row = c.run(rule_by_id, id, project);
    if (!row.next()) return no_such_rule();
    protection_rule rule;
    rule.id = id;
    rule.pattern = row.text(0);
    rule.push = static_cast<role>(row.integer(1));
    rule.remove = static_cast<role>(row.integer(2));
    return rule;
}

}  // namespace

task<result<protection_rule>> sqlite_protections::add(project_id project, protection_rule rule) {
    co_return co_await db_.write([&](transaction& t) -> result<protection_rule> {
        if (!t.on().run(project_exists, project).next())
            return failure(errc::not_found, "there is no such project");
        if (t.on().execute(insert_rule, project, rule.pattern, rule.push, rule.remove) == 0)
            return pattern_taken();
        rule.id = {t.on().last_inserted()};
        tell_directory(t, told_);
        return rule;
    });
}

task<result<protection_rule>> sqlite_protections::edit(project_id project, protection_id id,
                                                       record_change<protection_rule> change) {
    co_return co_await db_.write([&](transaction& t) -> result<protection_rule> {
        PILOTHOUSE_TRY(auto rule, find_rule(t.on(), project, id));
        if (auto const good = change(rule); !good) return good.error();
        rule.id = id;
        if (t.on().execute(update_rule, rule.pattern, rule.push, rule.remove, rule.id) == 0)
            return pattern_taken();
        tell_directory(t, told_);
        return rule;
    });
}

task<result<void>> sqlite_protections::remove(project_id project, protection_id id) {
    co_return co_await db_.write([&](transaction& t) -> result<void> {
        if (t.on().execute(delete_rule, id, project) == 0) return no_such_rule();
        tell_directory(t, told_);
        return {};
    });
}

}  // namespace pilothouse::storage::sqlite
