// POST …/api/:channel/charts
#include "registry/channel_reference.hpp"
#include "server/forms/chart_form.hpp"
#include "server/gitlab/helm_handlers.hpp"
#include "server/gitlab/words.hpp"

#include <string>
#include <utility>

namespace pilothouse::gitlab {

result<void> legal_channel(http::exchange const& x) {
    if (auto const channel = registry::whole_channel(x.parameters.at(1)); !channel)
        return channel.error();
    return {};
}

task<http::response> helm_handlers::upload(http::exchange& x) {
    words const w;
    auto const channel = chart::channel_name::parse(x.parameters[1]).value();
    auto const limit = co_await uses_.file_size_max();
    auto form = co_await forms::receive_chart_form(x, uses_.staging, limit);
    if (!form) co_return w.refuse(x, form.error());
    if (form->chart_is_text) co_return validation_error("chart is invalid");
    if (!form->chart && !form->provenance) co_return validation_error("chart is missing");
    if (form->chart && limit != 0 && form->chart->size_bytes() >= limit)
        co_return file_is_too_large();
    x.notes.emplace_back("channel", channel.text());

    if (!form->chart) {
        auto const attached =
            co_await uses_.attach_provenance(*x.grant, channel, std::move(*form->provenance));
        if (!attached) co_return w.refuse(x, attached.error());
        x.notes.emplace_back("file", attached->file_name);
        co_return created();
    }
    registry::push_request request{channel, std::move(*form->chart), std::move(form->provenance)};
    auto const pushed = co_await uses_.push_chart(*x.grant, std::move(request));
    if (!pushed) co_return w.refuse(x, pushed.error());
    x.notes.emplace_back("file", pushed->entry.file_name);
    for (auto const& warning : pushed->warnings) x.notes.emplace_back("warning", warning);
    co_return created();
}

task<http::response> helm_handlers::for_the_proxy(http::exchange& x) {
    co_return words().refuse(x, failure(errc::denied,
                                        "this address is for GitLab's own front proxy: post the "
                                        "chart to the address before /authorize"));
}

}  // namespace pilothouse::gitlab
