#include "server/http/conditional.hpp"

#include "server/http/entity_tag.hpp"
#include "server/http/field_syntax.hpp"

#include <chrono>

namespace pilothouse::http {

namespace {

bool names_current(std::string_view list, std::string_view etag, tag_comparison how) {
    return trim(list) == "*" || any_tag_matches(list, etag, how);
}

// The date that a field names; nullopt where the field has to be ignored.
std::optional<instant> date_in(request_head const& head, std::string_view name) {
    auto const text = only_line(head, name);
    if (!text) return std::nullopt;
    return from_http_date(trim(*text));
}

bool changed_after(resource_state const& state, instant date) {
    // The client saw whole seconds.
    return std::chrono::floor<std::chrono::seconds>(*state.last_modified) > date;
}

}  // namespace

unsigned status_of(verdict v) noexcept {
    switch (v) {
        case verdict::proceed: return 200;
        case verdict::not_modified: return 304;
        case verdict::precondition_failed: return 412;
    }
    return 200;
}

verdict evaluate(request_head const& head, resource_state const& state) {
    bool const reads = head.method == method::get || head.method == method::head;

    if (auto const tags = joined_lines(head, "If-Match")) {
        if (!names_current(*tags, state.etag, tag_comparison::strong))
            return verdict::precondition_failed;
    } else if (state.last_modified) {
        auto const date = date_in(head, "If-Unmodified-Since");
        if (date && changed_after(state, *date)) return verdict::precondition_failed;
    }

    if (auto const tags = joined_lines(head, "If-None-Match")) {
        if (!names_current(*tags, state.etag, tag_comparison::weak)) return verdict::proceed;
        return reads ? verdict::not_modified : verdict::precondition_failed;
    }
    if (reads && state.last_modified) {
        auto const date = date_in(head, "If-Modified-Since");
        if (date && !changed_after(state, *date)) return verdict::not_modified;
    }
    return verdict::proceed;
}

}  // namespace pilothouse::http
