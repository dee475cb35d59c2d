#include "server/cli/remote_words.hpp"

#include "server/cli/control_message.hpp"
#include "server/version.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace pilothouse::cli {

namespace {

constexpr std::string_view look_first = "; look whether the command was done before trying again";
constexpr std::size_t detail_bytes_max = 500;

// As it was named, without the route.
std::string address_of(client::url const& where) {
    auto text = where.text();
    if (text.ends_with(command_path)) text.resize(text.size() - command_path.size());
    return text;
}

// A terminal must not take what another server says for commands.
std::string printable(std::string_view text) {
    std::string shown(text.substr(0, detail_bytes_max));
    std::replace_if(
        shown.begin(), shown.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; }, '?');
    return shown;
}

// The sentence of a problem (RFC 9457); empty where there is none.
std::string detail_of(client::answer const& a) {
    boost::system::error_code wrong;
    auto const body = boost::json::parse(a.refusal, wrong);
    auto const* const o = wrong ? nullptr : body.if_object();
    auto const* const detail = o == nullptr ? nullptr : o->if_contains("detail");
    auto const* const text = detail == nullptr ? nullptr : detail->if_string();
    return text == nullptr ? std::string() : printable(std::string_view(*text));
}

std::string field_of(client::answer const& a, std::string const& name) {
    auto const found = a.fields.find(name);
    return found == a.fields.end() ? std::string() : printable(found->second);
}

bool mentions(failure const& f, std::string_view word) {
    return f.detail.find(word) != std::string::npos;
}

failure unavailable(std::string text) { return {errc::unavailable, std::move(text)}; }

failure redirected(client::answer const& a, client::url const& where) {
    auto const to = field_of(a, "location");
    std::string text = address_of(where) + " sends commands elsewhere";
    if (!to.empty()) text += ", to " + to;
    return unavailable(text +
                       ", and a token goes nowhere but where it was meant for: if that is the "
                       "server, name it with --server");
}

failure too_many(client::answer const& a) {
    auto const after = field_of(a, "retry-after");
    return unavailable("the server takes no more requests from here for now: try again " +
                       (after.empty() ? "later" : "in " + after + " seconds"));
}

}  // namespace

failure not_answered(failure const& why, client::url const& where) {
    auto const address = address_of(where);
    if (mentions(why, "certificate is not trusted")) {
        if (mentions(why, "hostname mismatch") || mentions(why, "Hostname mismatch"))
            return {why.code, address + ": " + why.detail +
                                  ": it is another server's; use the name that is in it"};
        return {why.code, address + ": " + why.detail +
                              ": name the certificate of its authority with --ca-file"};
    }
    if (where.tls() && (mentions(why, "wrong version number") || mentions(why, "http request")))
        return {why.code, address + " does not speak TLS: is its address http://?"};
    if (!where.tls() && mentions(why, "not HTTP"))
        return {why.code, address + " does not speak HTTP: is its address https://?"};
    if (why.code == errc::invalid_argument) return why;
    if (!where.tls() && mentions(why, "cut off"))
        return {why.code, address + ": " + why.detail +
                              ". If it speaks TLS, its address begins with https://" +
                              std::string(look_first)};
    bool const never_sent = mentions(why, "connecting to") || mentions(why, "cannot be looked up");
    return {why.code, address + ": " + why.detail + std::string(never_sent ? "" : look_first)};
}

failure refusal_of(client::answer const& a, client::url const& where) {
    auto const detail = detail_of(a);
    auto const or_else = [&detail](std::string text) { return detail.empty() ? text : detail; };
    auto const status = std::to_string(a.status);
    if (a.status >= 300 && a.status < 400) return redirected(a, where);
    switch (a.status) {
        case 401:
            return {errc::unauthenticated, "the server does not take the token: " +
                                               or_else("it is unknown, has ended or was revoked")};
        case 403:
            return {errc::denied,
                    "the server refuses: " + or_else("the token does not allow commands")};
        case 404:
        case 405:
        case 501:
            return unavailable(address_of(where) +
                               " takes no commands: it is no Pilothouse server, or an older one, "
                               "or it lies below another path");
        case 409: return unavailable(or_else("the server takes no commands of this version"));
        case 408: return unavailable("the command came too slowly" + std::string(look_first));
        case 413: return {errc::too_large, or_else("this is more than the server takes")};
        case 429: return too_many(a);
        case 504: return unavailable("the server took too long for this" + std::string(look_first));
        default: break;
    }
    if (a.status >= 500)
        return unavailable(address_of(where) + " answers " + status + ": " +
                           or_else("it is not there, or a proxy before it fails") +
                           (a.status == 503 ? "" : std::string(look_first)));
    return unavailable(address_of(where) + " answers " + status + ": " +
                       or_else("no Pilothouse server says so"));
}

failure not_pilothouse(client::url const& where) {
    return unavailable(address_of(where) +
                       " answers something else than a Pilothouse server of "
                       "version " PILOTHOUSE_VERSION " would");
}

}  // namespace pilothouse::cli
