#include "registry/directory_names.hpp"
#include "server/gitlab/browsing.hpp"
#include "server/gitlab/place_handlers.hpp"
#include "server/gitlab/shapes.hpp"

#include <ranges>
#include <utility>

namespace pilothouse::gitlab {

namespace {

using auth::permission;

// What GitLab says when a group cannot be saved: a text when it is made, an object when it changes.
http::response cannot_save(failure const& f, bool made) {
    auto const sentence =
        f.code == errc::conflict ? std::string("has already been taken") : f.detail;
    std::string const field = is_too_wide(f) ? "visibility_level" : "path";
    if (!made) return model_error(field, sentence);
    return shown(400, json::object{{"message", "Failed to save group {:" + field + "=>[\"" +
                                                   sentence + "\"]}"}});
}

bool is_about_the_group(failure const& f) {
    return f.code == errc::conflict || f.code == errc::invalid_argument;
}

}  // namespace

task<http::response> group_handlers::one(rest_request& r, unsigned status,
                                         storage::group_record group) {
    auto const names = co_await uses_.places.all_groups();
    auto shape = group_shape(group, full_name(group, names), r.site);
    shape["shared_with_groups"] = json::array();
    co_return shown(status, shape);
}

rest_result group_handlers::list(rest_request& r) {
    auto const page = page_of(r);
    group_filter const filter(r.asked, r.grant());
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto groups = co_await uses_.places.groups(r.grant());
    filter.apply(groups);
    auto const names = co_await uses_.places.all_groups();
    co_return paged(r, page, groups, [&](auto const& s) {
        return group_shape(s.place, full_name(s.place, names), r.site);
    });
}

rest_result group_handlers::create(rest_request& r) {
    r.asked.require({"name", "path"});
    storage::group_record wanted;
    wanted.name = r.asked.text("name").value_or("");
    wanted.path = r.asked.text("path").value_or("");
    wanted.description = r.asked.text("description").value_or("");
    wanted.visibility =
        registry::parse_visibility(
            r.asked.word("visibility", {"private", "internal", "public"}).value_or("private"))
            .value();
    auto const parent = r.asked.integer("parent_id");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();

    auto allowed = parent ? co_await uses_.policy.authorize_in_group(
                                r.x.who, permission::manage_group, storage::group_id{*parent})
                          : uses_.policy.authorize_on_server(r.x.who, permission::administer);
    if (!allowed) co_return allowed.error();
    allowed->came_from(r.x.peer);
    if (wanted.path.find('/') != std::string::npos)
        co_return cannot_save({errc::invalid_argument, "can contain only one word"}, true);
    auto const made = co_await uses_.groups.create(*allowed, std::move(wanted));
    if (!made && is_about_the_group(made.error())) co_return cannot_save(made.error(), true);
    if (!made) co_return made.error();
    co_return co_await one(r, 201, *made);
}

rest_result group_handlers::show(rest_request& r) {
    co_return co_await one(r, 200, r.grant().group());
}

rest_result group_handlers::edit(rest_request& r) {
    registry::group_changes changes;
    changes.name = r.asked.text("name");
    changes.path = r.asked.text("path");
    changes.description = r.asked.text("description");
    if (auto const v = r.asked.word("visibility", {"private", "internal", "public"}))
        changes.visibility = registry::parse_visibility(*v);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    if (changes.name && changes.name->empty()) co_return blank_name();
    auto const edited = co_await uses_.groups.edit(r.grant(), std::move(changes));
    if (!edited && is_about_the_group(edited.error())) co_return cannot_save(edited.error(), false);
    if (!edited) co_return edited.error();
    co_return co_await one(r, 200, *edited);
}

rest_result group_handlers::remove(rest_request& r) {
    if (auto const gone = co_await uses_.groups.remove(r.grant()); !gone) co_return gone.error();
    co_return accepted();
}

rest_result group_handlers::projects(rest_request& r) {
    auto const page = page_of(r);
    project_filter const filter(r.asked);
    bool const below = r.asked.flag("include_subgroups").value_or(false);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const looking,
                      uses_.policy.authorize_on_server(r.x.who, permission::browse));
    auto projects = co_await uses_.places.projects(looking);
    auto const here = r.grant().group().id;
    std::erase_if(projects, [&](seen_project const& s) {
        auto const& around = s.place.groups;
        return below ? std::ranges::find(around, here) == around.end() : around.back() != here;
    });
    filter.apply(projects);
    auto const names = co_await uses_.places.all_groups();
    auto const own = co_await uses_.places.own_roles(looking);
    co_return paged(r, page, projects,
                    [&](auto const& s) { return listed_project(r, s.place, names, own); });
}

rest_result group_handlers::below(rest_request& r, bool children_alone) {
    auto const page = page_of(r);
    group_filter const filter(r.asked, r.grant());
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const looking,
                      uses_.policy.authorize_on_server(r.x.who, permission::browse));
    auto groups = co_await uses_.places.groups(looking);
    auto const& here = r.grant().group();
    std::erase_if(groups, [&](seen_group const& s) {
        return children_alone ? s.place.parent != here.id
                              : !s.place.path.starts_with(here.path + '/');
    });
    filter.apply(groups);
    auto const names = co_await uses_.places.all_groups();
    co_return paged(r, page, groups, [&](auto const& s) {
        return group_shape(s.place, full_name(s.place, names), r.site);
    });
}

rest_result group_handlers::subgroups(rest_request& r) { return below(r, true); }
rest_result group_handlers::descendants(rest_request& r) { return below(r, false); }

}  // namespace pilothouse::gitlab
