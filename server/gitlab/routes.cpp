// GitLab's Helm API on one screen (contracts: gitlab 1.1).
#include "server/gitlab/routes.hpp"

#include "server/gitlab/helm_handlers.hpp"
#include "server/gitlab/words.hpp"

#include <memory>
#include <utility>

namespace pilothouse::gitlab {

http::door helm_door(helm_use_cases uses) {
    using http::body_rule;
    using http::method;
    constexpr auto read = auth::permission::read_chart;
    constexpr auto push = auth::permission::push_chart;
    constexpr auto nobody = std::nullopt;
    static words const gitlab_words;

    auto const h = std::make_shared<helm_handlers>(std::move(uses));
    auto const index = [h](http::exchange& x) { return h->index(x); };
    auto const download = [h](http::exchange& x) { return h->download(x); };
    auto const upload = [h](http::exchange& x) { return h->upload(x); };
    auto const for_the_proxy = [h](http::exchange& x) { return h->for_the_proxy(x); };

#define HELM "/api/v4/projects/{project...}/packages/helm/"
    // clang-format off
    return {"/api/v4/", &gitlab_words, {
        // verb        pattern                                  permission  body               check                  handler
        {method::get,  HELM "{channel}/index.yaml",             read,   body_rule::none,   legal_channel_or_view, index},
        {method::get,  HELM "{channel}/charts/{file}",          read,   body_rule::none,   legal_channel_or_view, download},
        {method::post, HELM "api/{channel}/charts",             push,   body_rule::upload, legal_channel,         upload},
        {method::post, HELM "api/{channel}/charts/authorize",   nobody, body_rule::none,   nullptr,               for_the_proxy},
    }};
    // clang-format on
#undef HELM
}

}  // namespace pilothouse::gitlab
