#include "registry/manage_protections.hpp"

#include "base/ascii.hpp"
#include "base/plain_text.hpp"
#include "registry/directory_names.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace pilothouse::registry {

namespace {

using auth::permission;
using storage::protection_rule;
using storage::role;

auth::audited thing(protection_rule const& r) {
    return {"Packages::Protection::Rule", r.id.value, r.pattern};
}

std::string told(protection_rule const& r) {
    return "push: " + std::string(name_of(r.push)) + ", remove: " + std::string(name_of(r.remove));
}

result<void> check(protection_rule const& r) {
    if (r.pattern.empty()) return failure(errc::invalid_argument, "package_name_pattern is empty");
    if (r.pattern.size() > 255)
        return failure(errc::invalid_argument,
                       "Package name pattern is too long (maximum is 255 characters)");
    if (!check_text("", r.pattern, 255, text_shape::one_line) ||
        r.pattern.find_first_not_of(' ') == r.pattern.npos)
        return failure(errc::invalid_argument, "package_name_pattern is invalid");
    if (r.push == role::none && r.remove == role::none)
        return failure(errc::invalid_argument,
                       "A rule must have at least a minimum access role for push or delete.");
    return {};
}

// As it was when the right was given: a name for the audit log.
protection_rule rule_as_granted(auth::grant const& g, storage::protection_id id) {
    auto const& rules = g.project().protections;
    auto const found = std::ranges::find(rules, id, &protection_rule::id);
    if (found != rules.end()) return *found;
    protection_rule unknown;
    unknown.id = id;
    return unknown;
}

failure taken() { return {errc::conflict, "Package name pattern has already been taken"}; }

role own_role(auth::grant const& g) noexcept {
    if (g.administrates()) return role::admin;
    if (g.who().what == auth::principal::kind::deploy_token) return role::none;
    return g.role();
}

failure is_protected(std::string_view chart, role needed, std::string_view what) {
    return {errc::denied, "Package protected: " + std::string(what) + " " + std::string(chart) +
                              " takes the role " + std::string(name_of(needed)) + " here"};
}

using check_of_chart = result<void> (*)(auth::grant const&, std::string_view);

result<void> check_each(auth::grant const& g, std::vector<storage::catalogue_entry> const& versions,
                        check_of_chart check) {
    if (g.project().protections.empty()) return {};
    std::string_view last;
    for (auto const& v : versions) {
        if (v.chart == last) continue;
        if (auto const good = check(g, v.chart); !good) return good.error();
        last = v.chart;
    }
    return {};
}

}  // namespace

task<result<protection_rule>> manage_protections::add(auth::grant const& g, protection_rule rule) {
    g.expect({permission::edit_project});
    if (auto const good = check(rule); !good) co_return good.error();
    auto made = co_await rules_.add(g.project().id, std::move(rule));
    if (!made) co_return made.error().code == errc::conflict ? taken() : made.error();
    co_await audit_.note(g, "package_protection_rule_created", thing(*made), told(*made));
    co_return made;
}

task<result<protection_rule>> manage_protections::edit(auth::grant const& g,
                                                       storage::protection_id id,
                                                       protection_changes changes) {
    g.expect({permission::edit_project});
    auto const change = [&](protection_rule& rule) {
        rule.pattern = changes.pattern.value_or(rule.pattern);
        rule.push = changes.push.value_or(rule.push);
        rule.remove = changes.remove.value_or(rule.remove);
        return check(rule);
    };
    auto edited = co_await rules_.edit(g.project().id, id, change);
    if (!edited) co_return edited.error().code == errc::conflict ? taken() : edited.error();
    co_await audit_.note(g, "package_protection_rule_updated", thing(*edited), told(*edited));
    co_return edited;
}

task<result<void>> manage_protections::remove(auth::grant const& g, storage::protection_id id) {
    g.expect({permission::edit_project});
    auto const gone = co_await rules_.remove(g.project().id, id);
    if (!gone) co_return gone.error();
    co_await audit_.note(g, "package_protection_rule_deleted", thing(rule_as_granted(g, id)));
    co_return result<void>();
}

// One star at a time: what follows the last one is tried further and further to the right, which
// is linear in the name for each star.
bool fits_pattern(std::string_view name, std::string_view pattern) noexcept {
    std::size_t n = 0, p = 0, star = std::string_view::npos, retry = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            retry = n;
        } else if (p < pattern.size() && ascii::lower(pattern[p]) == ascii::lower(name[n])) {
            ++p;
            ++n;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            n = ++retry;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

role role_to_push(storage::project_record const& project, std::string_view chart) noexcept {
    role highest = role::none;
    for (auto const& rule : project.protections)
        if (fits_pattern(chart, rule.pattern)) highest = std::max(highest, rule.push);
    return highest;
}

role role_to_remove(storage::project_record const& project, std::string_view chart) noexcept {
    role highest = role::none;
    for (auto const& rule : project.protections)
        if (fits_pattern(chart, rule.pattern)) highest = std::max(highest, rule.remove);
    return highest;
}

result<void> check_push(auth::grant const& g, std::string_view chart) {
    auto const needed = role_to_push(g.project(), chart);
    if (needed == role::none || own_role(g) >= needed) return {};
    return is_protected(chart, needed, "pushing");
}

result<void> check_removal(auth::grant const& g, std::string_view chart) {
    auto const needed = role_to_remove(g.project(), chart);
    if (needed == role::none || own_role(g) >= needed) return {};
    return is_protected(chart, needed, "removing");
}

result<void> check_push(auth::grant const& g,
                        std::vector<storage::catalogue_entry> const& versions) {
    return check_each(g, versions, check_push);
}

result<void> check_removal(auth::grant const& g,
                           std::vector<storage::catalogue_entry> const& versions) {
    return check_each(g, versions, check_removal);
}

}  // namespace pilothouse::registry
