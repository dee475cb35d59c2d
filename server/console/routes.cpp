#include "server/console/routes.hpp"

#include "server/console/command_handler.hpp"
#include "server/http/problem.hpp"

#include <memory>
#include <utility>

namespace pilothouse::console {

http::door console_door(console_parts parts) {
    using http::body_rule;
    using http::method;
    constexpr auto oneself = auth::permission::be_oneself;
    static http::problem_words const plain_words;

    auto const h = std::make_shared<command_handler>(std::move(parts));
    auto const command = [h](http::exchange& x) { return h->run(x); };
    // clang-format off
    return {"/-/command", &plain_words, {
        // verb        pattern       permission  body             check    handler
        {method::post, "/-/command", oneself,    body_rule::own,  nullptr, command},
    }};
    // clang-format on
}

}  // namespace pilothouse::console
