// What was asked of services before, and what dry runs found.
#pragma once

#include "server/qovery/request.hpp"

namespace pilothouse::qovery {

class history_handlers : public handlers {
public:
    using handlers::handlers;

    [[nodiscard]] answer of_service(request& r);
    [[nodiscard]] answer of_service_v2(request& r);
    [[nodiscard]] answer of_environment(request& r);
    [[nodiscard]] answer of_environment_v2(request& r);
    // Text; JSON to those who accept that.
    [[nodiscard]] answer difference(request& r);

private:
    struct one_of_many {
        storage::deployment_record asked;
        deploy::service_view const* of;
    };
    // Of all these services together.
    [[nodiscard]] task<std::vector<one_of_many>> newest_of(
        deploy::environment_access const& where, std::vector<deploy::service_view> const& views,
        std::size_t count);
};

}  // namespace pilothouse::qovery
