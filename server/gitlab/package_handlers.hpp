// /projects/:id/packages and /groups/:id/packages
#pragma once

#include "server/gitlab/administration.hpp"

#include <map>
#include <string>

namespace pilothouse::gitlab {

class package_handlers : public handlers {
public:
    using handlers::handlers;

    [[nodiscard]] rest_result list(rest_request& r);
    [[nodiscard]] rest_result list_in_group(rest_request& r);
    [[nodiscard]] rest_result show(rest_request& r);
    [[nodiscard]] rest_result remove(rest_request& r);
    [[nodiscard]] rest_result files(rest_request& r);
    [[nodiscard]] rest_result download(rest_request& r);
    [[nodiscard]] rest_result remove_file(rest_request& r);
    [[nodiscard]] rest_result pipelines(rest_request& r);

private:
    // In which projects the caller may remove, as far as he was asked about.
    using removable = std::map<storage::project_id, bool>;

    [[nodiscard]] task<json::object> shape(rest_request& r, storage::package_record const& package,
                                           removable& known);
    [[nodiscard]] task<http::response> page_shown(rest_request& r, page p,
                                                  storage::package_list found, bool of_group);
};

}  // namespace pilothouse::gitlab
