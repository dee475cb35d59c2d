#include "registry/manage_groups.hpp"

#include "registry/path_rules.hpp"
#include "registry/width_rule.hpp"

#include <utility>

namespace pilothouse::registry {

namespace {

using auth::permission;
using storage::group_record;

auth::audited thing(group_record const& g) { return {"Group", g.id.value, g.path}; }

result<void> check(group_record const& g) {
    if (auto const good = check_group_path(g.path); !good) return good.error();
    return check_name_and_description(g.name, g.description);
}

}  // namespace

task<result<group_record>> manage_groups::create(auth::grant const& g, group_record wanted) {
    g.expect({permission::administer, permission::manage_group});
    auto whole = wanted;
    if (g.what() == permission::manage_group) {
        if (wanted.path.find('/') != std::string::npos) co_return not_one_word();
        if (auto const fits = check_width(wanted.visibility, g.group().visibility); !fits)
            co_return fits.error();
        wanted.parent = g.group().id;
        whole.path = g.group().path + '/' + wanted.path;
    }
    if (auto const good = check(whole); !good) co_return good.error();
    wanted.created = time_.now();
    PILOTHOUSE_CO_TRY(auto made, co_await groups_.create(std::move(wanted), g.who().user));
    co_await audit_.note(g, "group_created", thing(made));
    co_return made;
}

task<result<group_record>> manage_groups::edit(auth::grant const& g, group_changes changes) {
    g.expect({permission::own_group});
    if (changes.visibility) {
        auto const above = co_await groups_.find(g.group().parent);
        bool const wider = *changes.visibility > g.group().visibility;
        if (wider && above) {
            auto const fits = check_width(*changes.visibility, above->visibility);
            if (!fits) co_return fits.error();
        }
    }
    if (changes.path && changes.path->find('/') != std::string::npos) co_return not_one_word();
    std::string before;
    auto const change = [&](group_record& group) -> result<void> {
        before = group.path;
        if (changes.path)
            group.path.replace(group.path.rfind('/') + 1, std::string::npos, *changes.path);
        group.name = changes.name.value_or(group.name);
        group.description = changes.description.value_or(group.description);
        group.visibility = changes.visibility.value_or(group.visibility);
        return check(group);
    };
    PILOTHOUSE_CO_TRY(auto edited, co_await groups_.edit(g.group().id, change));
    co_await audit_.note(g, "group_updated", thing(edited),
                         before == edited.path ? "" : "moved from " + before);
    co_return edited;
}

task<result<void>> manage_groups::remove(auth::grant const& g) {
    g.expect({permission::own_group});
    auto const gone = co_await groups_.remove(g.group().id);
    if (!gone) co_return gone.error();
    co_await audit_.note(g, "group_destroyed", thing(g.group()));
    co_return result<void>();
}

}  // namespace pilothouse::registry
