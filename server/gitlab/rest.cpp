#include "server/gitlab/rest.hpp"

#include "base/ascii.hpp"
#include "base/percent_encoding.hpp"

#include <boost/json/serialize.hpp>

#include <charconv>
#include <optional>

namespace pilothouse::gitlab {

namespace {

constexpr std::size_t page_size_max = 100;
constexpr std::int64_t page_number_max = 1'000'000'000;

http::response message(unsigned status, std::string_view text) {
    return shown(status, json::object{{"message", text}});
}

// GitLab names what it did not find, where it looked for it by the path.
std::string_view not_found_text(std::string_view detail) {
    if (detail == "no such project") return "404 Project Not Found";
    if (detail == "no such group") return "404 Group Not Found";
    if (detail == "there is no such user") return "404 User Not Found";
    if (detail == no_project_token) return "404 project Access Token Not Found";
    if (detail == no_group_token) return "404 group Access Token Not Found";
    if (detail.starts_with("the project has no channel ")) return "404 Channel Not Found";
    if (detail == no_package_file) return "404 Not Found";
    return "404 Not found";
}

std::string forbidden_text(std::string_view detail) {
    return "403 Forbidden - " + std::string(detail);
}

}  // namespace

http::response rest_words::refuse(http::exchange const& x, failure const& f) const {
    switch (f.code) {
        case errc::invalid_argument:
            if (f.detail == unknown_body_type) return shown(415, json::object{{"error", f.detail}});
            return validation_error(f.detail);
        case errc::not_found:
            if (f.detail.starts_with("the channel holds no"))
                return shown(
                    404, json::object{{"message", "404 Version Not Found"}, {"error", f.detail}});
            return message(404, not_found_text(f.detail));
        case errc::conflict: return message(409, f.detail);
        case errc::denied: return message(403, forbidden_text(f.detail));
        default: return words().refuse(x, f);
    }
}

http::response rest_words::no_route(unsigned status) const { return words().no_route(status); }

std::string site_of(http::exchange const& x, std::string_view base_path) {
    bool const secure = x.tls || x.head.field("X-Forwarded-Proto") == "https";
    return (secure ? "https://" : "http://") + std::string(x.head.field("Host")) +
           std::string(base_path);
}

result<std::int64_t> number_in(std::string const& text) {
    std::int64_t number = 0;
    auto const* const last = text.data() + text.size();
    auto const [end, error] = std::from_chars(text.data(), last, number);
    if (error != std::errc() || end != last || number < 0)
        return failure(errc::not_found, "no such number");
    return number;
}

http::response shown(unsigned status, json::value const& body) {
    return json_answer(status, json::serialize(body));
}

http::response no_content() { return answer(204); }
http::response accepted() { return message(202, "202 Accepted"); }

http::response model_error(std::string_view field, std::string_view sentence) {
    return shown(400, json::object{{"message", json::object{{field, json::array{sentence}}}}});
}

http::response blank_name() { return model_error("name", "can't be blank"); }

std::string time_text(instant t) {
    constexpr std::size_t up_to_milliseconds = 23;
    return to_rfc3339(t).substr(0, up_to_milliseconds) + "Z";
}

json::value date_or_null(std::optional<instant> const& t) {
    if (!t) return nullptr;
    return json::value(to_rfc3339(*t).substr(0, 10));
}

json::value time_or_null(std::optional<instant> const& t) {
    if (!t) return nullptr;
    return json::value(time_text(*t));
}

page page_of(rest_request& r) {
    auto const read = [&r](std::string_view name, std::size_t otherwise) {
        auto const given = r.asked.integer(name);
        if (!given) return otherwise;
        if (*given < 1 || *given > page_number_max) {
            r.asked.complain(std::string(name) + " does not have a valid value");
            return otherwise;
        }
        return static_cast<std::size_t>(*given);
    };
    page p;
    p.number = read("page", p.number);
    p.size = std::min(read("per_page", p.size), page_size_max);
    return p;
}

namespace {

// The path as it came, but for what would end an address, or a link in a list of them.
std::string fit_for_a_link(std::string_view path) {
    constexpr std::string_view legal = "-._~/%!$&'()*+:@=";
    std::string fit;
    for (char const c : path) {
        if (ascii::is_letter_or_digit(c) || legal.find(c) != std::string_view::npos) {
            fit += c;
        } else {
            fit += percent_encode(std::string_view(&c, 1));
        }
    }
    return fit;
}

std::string link_to(rest_request const& r, page const& p, std::size_t number,
                    std::string_view relation) {
    std::string url = site_of(r.x, "") + fit_for_a_link(r.x.head.path) + "?";
    for (auto const& [name, text] : r.asked.query()) {
        if (name == "page" || name == "per_page") continue;
        url += percent_encode(name) + "=" + percent_encode(text) + "&";
    }
    url += "page=" + std::to_string(number) + "&per_page=" + std::to_string(p.size);
    return "<" + url + ">; rel=\"" + std::string(relation) + "\"";
}

}  // namespace

http::response paged(rest_request const& r, page const& p, std::size_t total, json::array rows) {
    std::size_t const last = std::max<std::size_t>(1, (total + p.size - 1) / p.size);
    bool const has_next = p.number < last;
    bool const has_previous = p.number > 1;
    std::string link;
    if (has_previous) link += link_to(r, p, p.number - 1, "prev") + ", ";
    if (has_next) link += link_to(r, p, p.number + 1, "next") + ", ";
    link += link_to(r, p, 1, "first") + ", " + link_to(r, p, last, "last");

    auto answer = shown(200, rows);
    answer.header("Link", link);
    answer.header("X-Page", std::to_string(p.number));
    answer.header("X-Per-Page", std::to_string(p.size));
    answer.header("X-Next-Page", has_next ? std::to_string(p.number + 1) : "");
    answer.header("X-Prev-Page", has_previous ? std::to_string(p.number - 1) : "");
    answer.header("X-Total", std::to_string(total));
    answer.header("X-Total-Pages", std::to_string(last));
    return answer;
}

}  // namespace pilothouse::gitlab
