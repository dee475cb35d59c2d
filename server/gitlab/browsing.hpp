// Lists of groups and projects as GitLab filters, sorts and names them.
#pragma once

#include "registry/browse_places.hpp"
#include "server/gitlab/rest.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::gitlab {

using group_names = std::map<storage::group_id, storage::group_record>;
using seen_project = registry::seen<storage::project_record>;
using seen_group = registry::seen<storage::group_record>;

// ASCII letters without regard to case; the empty text is everywhere.
[[nodiscard]] bool contains(std::string_view text, std::string_view part) noexcept;

// "Team / Charts"
[[nodiscard]] std::string full_name(storage::group_record const& g, group_names const& names);

// Around a project. One that went between two looks shows without a name.
[[nodiscard]] storage::group_record const& group_of(storage::project_record const& p,
                                                    group_names const& names);

// As lists and single answers show it: with what a signed-in caller may do there.
[[nodiscard]] json::object listed_project(rest_request const& r, storage::project_record const& p,
                                          group_names const& names,
                                          registry::given_roles const& own);

// Whether that is registry::check_width()'s.
[[nodiscard]] bool is_too_wide(failure const& f) noexcept;

// Reads the filters and the order of a list of projects from what is asked, and applies them.
class project_filter {
public:
    explicit project_filter(parameters& asked);
    void apply(std::vector<seen_project>& projects) const;

private:
    std::optional<std::string> search_, visibility_, order_;
    std::optional<bool> archived_;
    std::int64_t least_role_ = 0;
    bool membership_ = false, owned_ = false, ascending_ = false;
};

class group_filter {
public:
    // Where the client does not say `all_available`, administrators get all.
    group_filter(parameters& asked, auth::grant const& g);
    void apply(std::vector<seen_group>& groups) const;

private:
    std::optional<std::string> search_, visibility_, order_;
    std::vector<std::string> skipped_;
    std::int64_t least_role_ = 0;
    bool owned_ = false, top_level_ = false, members_alone_ = false, ascending_ = true;
};

}  // namespace pilothouse::gitlab
