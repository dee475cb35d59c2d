#include "server/gitlab/instance_handlers.hpp"

#include "server/gitlab/shapes.hpp"

#include <utility>

namespace pilothouse::gitlab {

namespace {

using storage::protection_rule;
using storage::role;

// Words, or the numbers that some clients send for them; empty or null: none.
std::optional<role> level_asked(parameters& asked, std::string_view name) {
    auto const word = asked.word(name, {"maintainer", "owner", "admin", "40", "50", "60", "0"});
    if (word == "maintainer" || word == "40") return role::maintainer;
    if (word == "owner" || word == "50") return role::owner;
    if (word == "admin" || word == "60") return role::admin;
    if (word == "0" || asked.is_empty(name)) return role::none;
    return std::nullopt;
}

storage::audit_scope scope_named(std::string_view kind) {
    using enum storage::audit_scope;
    if (kind == "Project") return project;
    if (kind == "Group") return group;
    return kind == "User" ? user : server;
}

http::response unprocessable_rule(std::string_view sentence) {
    return shown(422, json::object{{"message", json::object{{"error", json::array{sentence}}}}});
}

bool is_about_the_rule(failure const& f) {
    return f.code == errc::conflict || f.code == errc::invalid_argument;
}

}  // namespace

rest_result protection_handlers::list(rest_request& r) {
    auto const page = page_of(r);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const& project = r.grant().project();
    co_return paged(r, page, project.protections,
                    [&](auto const& rule) { return rule_shape(rule, project.id); });
}

rest_result protection_handlers::create(rest_request& r) {
    r.asked.require({"package_name_pattern", "package_type"});
    (void)r.asked.word("package_type", {"helm"});
    protection_rule rule;
    rule.pattern = r.asked.text("package_name_pattern").value_or("");
    rule.push = level_asked(r.asked, "minimum_access_level_for_push").value_or(role::none);
    rule.remove = level_asked(r.asked, "minimum_access_level_for_delete").value_or(role::none);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const made = co_await uses_.protections.add(r.grant(), std::move(rule));
    if (!made && is_about_the_rule(made.error())) co_return unprocessable_rule(made.error().detail);
    if (!made) co_return made.error();
    co_return shown(201, rule_shape(*made, r.grant().project().id));
}

// A pattern that is null stays, for one client sends all that it knows of. A level that is null, an
// empty text or 0 is cleared; one that is not named stays.
rest_result protection_handlers::edit(rest_request& r) {
    auto const number = number_in(r.path(1));
    if (!number) co_return validation_error("package_protection_rule_id is invalid");
    (void)r.asked.word("package_type", {"helm"});
    registry::protection_changes changes;
    changes.pattern = r.asked.text("package_name_pattern");
    changes.push = level_asked(r.asked, "minimum_access_level_for_push");
    changes.remove = level_asked(r.asked, "minimum_access_level_for_delete");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const edited = co_await uses_.protections.edit(r.grant(), storage::protection_id{*number},
                                                        std::move(changes));
    if (!edited && is_about_the_rule(edited.error()))
        co_return unprocessable_rule(edited.error().detail);
    if (!edited) co_return edited.error();
    co_return shown(200, rule_shape(*edited, r.grant().project().id));
}

rest_result protection_handlers::remove(rest_request& r) {
    auto const number = number_in(r.path(1));
    if (!number) co_return validation_error("package_protection_rule_id is invalid");
    auto const gone = co_await uses_.protections.remove(r.grant(), storage::protection_id{*number});
    if (!gone) co_return gone.error();
    co_return no_content();
}

rest_result instance_handlers::plan_limits(rest_request& r) {
    (void)r.asked.word("plan_name", {"default"});
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    co_return shown(
        200, json::object{{"helm_max_file_size", co_await uses_.settings.helm_max_file_size()}});
}

rest_result instance_handlers::change_plan_limits(rest_request& r) {
    r.asked.require({"plan_name"});
    (void)r.asked.word("plan_name", {"default"});
    auto const bytes = r.asked.integer("helm_max_file_size");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    if (bytes && *bytes < 0)
        co_return model_error("helm_max_file_size", "must be greater than or equal to 0");
    if (bytes) {
        auto const set = co_await uses_.settings.set(r.grant(), registry::helm_max_file_size_key,
                                                     std::to_string(*bytes));
        if (!set && set.error().code == errc::invalid_argument)
            co_return model_error("helm_max_file_size",
                                  "must be less than or equal to 9007199254740992");
        if (!set) co_return set.error();
    }
    co_return co_await plan_limits(r);
}

rest_result instance_handlers::audit_events(rest_request& r) {
    auto const page = page_of(r);
    storage::audit_filter filter;
    filter.after = r.asked.time("created_after");
    filter.before = r.asked.time("created_before");
    auto const kind =
        r.asked.word("entity_type", {"User", "Group", "Project", "Gitlab::Audit::InstanceScope"});
    auto const id = r.asked.integer("entity_id");
    if (id && !kind) r.asked.complain("entity_type is missing");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    if (id && kind == "Project") filter.project = storage::project_id{*id};
    if (id && kind == "Group") filter.group = storage::group_id{*id};
    if (id && kind == "User") filter.user = {*id};
    if (kind) filter.scope = scope_named(*kind);
    auto const found = co_await uses_.audit.list(r.grant(), filter, page.skipped(), page.size);
    json::array rows;
    for (auto const& e : found.page) rows.push_back(event_shape(e));
    co_return paged(r, page, found.total, std::move(rows));
}

rest_result instance_handlers::audit_event(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const number, number_in(r.path(0)));
    PILOTHOUSE_CO_TRY(auto const e,
                      co_await uses_.audit.find(r.grant(), storage::audit_id{number}));
    co_return shown(200, event_shape(e));
}

rest_result instance_handlers::audit_event_of_place(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const number, number_in(r.path(1)));
    PILOTHOUSE_CO_TRY(auto const e,
                      co_await uses_.audit.find(r.grant(), storage::audit_id{number}));
    co_return shown(200, event_shape(e));
}

}  // namespace pilothouse::gitlab
