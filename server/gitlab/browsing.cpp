#include "server/gitlab/browsing.hpp"

#include "base/ascii.hpp"
#include "registry/directory_names.hpp"
#include "server/gitlab/shapes.hpp"

#include <algorithm>
#include <ranges>

namespace pilothouse::gitlab {

namespace {

bool before(std::string_view a, std::string_view b) noexcept {
    return std::ranges::lexicographical_compare(a, b, {}, ascii::lower, ascii::lower);
}

template <class Place>
bool fits(Place const& place, std::optional<std::string> const& search,
          std::optional<std::string> const& visibility) {
    if (visibility && registry::name_of(place.visibility) != *visibility) return false;
    if (!search) return true;
    auto const& where = search->find('/') == std::string::npos ? place.name : place.path;
    return contains(where, *search) || contains(place.description, *search) ||
           contains(place.path.substr(place.path.rfind('/') + 1), *search);
}

// By number unless another order is asked for; `created_at` is that of numbers.
template <class Seen>
void sort_by(std::vector<Seen>& all, std::string_view order, bool ascending) {
    std::ranges::sort(all, [order](auto const& a, auto const& b) {
        if (order == "name" && a.place.name != b.place.name)
            return before(a.place.name, b.place.name);
        if (order == "path") return before(a.place.path, b.place.path);
        return a.place.id < b.place.id;
    });
    if (!ascending) std::ranges::reverse(all);
}

}  // namespace

bool contains(std::string_view text, std::string_view part) noexcept {
    return part.empty() || !std::ranges::search(text, part, {}, ascii::lower, ascii::lower).empty();
}

std::string full_name(storage::group_record const& g, group_names const& names) {
    auto const above = names.find(g.parent);
    return above == names.end() ? g.name : full_name(above->second, names) + " / " + g.name;
}

storage::group_record const& group_of(storage::project_record const& p, group_names const& names) {
    static storage::group_record const gone;
    auto const found = names.find(p.groups.back());
    return found == names.end() ? gone : found->second;
}

json::object listed_project(rest_request const& r, storage::project_record const& p,
                            group_names const& names, registry::given_roles const& own) {
    auto shape = project_shape(p, group_of(p, names), r.site);
    if (r.x.who->what != auth::principal::kind::user) return shape;
    auto const role_in = [&own](storage::place_id const& where) {
        auto const found = own.find(where);
        return found == own.end() ? storage::role::none : found->second;
    };
    auto above = storage::role::none;
    for (auto const group : p.groups) above = std::max(above, role_in(group));
    shape["permissions"] = permissions_shape(role_in(p.id), above);
    return shape;
}

bool is_too_wide(failure const& f) noexcept { return f.detail.ends_with(" group."); }

project_filter::project_filter(parameters& asked)
    : search_(asked.text("search")),
      visibility_(asked.word("visibility", {"private", "internal", "public"})),
      order_(asked.word("order_by", {"id", "name", "path", "created_at", "updated_at",
                                     "last_activity_at", "similarity", "star_count"})),
      archived_(asked.flag("archived")),
      least_role_(asked.integer("min_access_level").value_or(0)),
      membership_(asked.flag("membership").value_or(false)),
      owned_(asked.flag("owned").value_or(false)),
      ascending_(asked.word("sort", {"asc", "desc"}) == "asc") {}

void project_filter::apply(std::vector<seen_project>& projects) const {
    std::erase_if(projects, [this](seen_project const& s) {
        auto const level = static_cast<std::int64_t>(s.member);
        return !fits(s.place, search_, visibility_) ||
               (archived_ && s.place.archived != *archived_) || (membership_ && level == 0) ||
               (owned_ && s.member < storage::role::owner) || level < least_role_;
    });
    if (order_ == "updated_at" || order_ == "last_activity_at") {
        std::ranges::sort(projects, {}, [](auto const& s) { return s.place.updated; });
        if (!ascending_) std::ranges::reverse(projects);
    } else {
        sort_by(projects, order_.value_or("id"), ascending_);
    }
}

// Who does not say whether he wants all that he may see gets what he is a member of, as in GitLab;
// nobody in particular is a member of nothing.
group_filter::group_filter(parameters& asked, auth::grant const& g)
    : search_(asked.text("search")),
      visibility_(asked.word("visibility", {"private", "internal", "public"})),
      order_(asked.word("order_by", {"name", "path", "id", "similarity"})),
      skipped_(asked.list("skip_groups")),
      least_role_(asked.integer("min_access_level").value_or(0)),
      owned_(asked.flag("owned").value_or(false)),
      top_level_(asked.flag("top_level_only").value_or(false)),
      members_alone_(!asked.flag("all_available").value_or(g.administrates()) &&
                     g.who().what != auth::principal::kind::anonymous),
      ascending_(asked.word("sort", {"asc", "desc"}) != "desc") {}

void group_filter::apply(std::vector<seen_group>& groups) const {
    std::erase_if(groups, [this](seen_group const& s) {
        auto const level = static_cast<std::int64_t>(s.member);
        bool const skipped =
            std::ranges::find(skipped_, std::to_string(s.place.id.value)) != skipped_.end();
        return skipped || !fits(s.place, search_, visibility_) ||
               (owned_ && s.member < storage::role::owner) || level < least_role_ ||
               (top_level_ && s.place.parent != storage::group_id()) ||
               (members_alone_ && level == 0);
    });
    sort_by(groups, order_.value_or("name"), ascending_);
}

}  // namespace pilothouse::gitlab
